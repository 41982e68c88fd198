//! Who reaches what: the reviewed table.

/// `who` asks `URL` and is answered by `by`; `y` where the answer comes, `.` where it does not.
///
/// Columns: a bare 20.10 and 28.5 engine; alice's default grant; the same with no port told as published; with `lan`; with
/// `host`; without `internet`; and from a bridge that is on no list.
///
/// Rows that end in `proxy` are so where the engine's userland proxy runs, as it does unless it is told not to. Without,
/// the engine translates what comes from its own bridges and then drops it between them; and 20.10 has nothing for IPv6.
///
/// 192.168.7.2 and 2001:db8:7::2 are the host's; 10.89.1.0/24 is alice's network, 10.89.2.0/24 bob's, 10.89.3.0/24
/// alice's second; docker0 is the administrator's. alice has published 8001, and 8003 on loopback; bob 8002; the
/// administrator 8009.
pub(crate) const TABLE: &str = "
who    URL                              by       20 28  default unpublished lan host closed stranger needs
alice  http://10.89.1.3                 sister   y  y   y       y           y   y    y      .
alice  http://[fd00:89:0:1::3]          sister   y  y   y       y           y   y    y      .
alice  http://sister                    sister   y  y   y       y           y   y    y      .

alice  http://198.51.100.1              around   y  y   y       y           y   y    .      .
alice  http://[2001:db8:ffff::1]        around   y  y   y       y           y   y    .      .
alice  http://www.example               around   y  y   y       y           y   y    .      .

alice  http://192.168.7.1               around   y  y   .       .           y   .    .      .
alice  http://100.64.0.1                around   y  y   .       .           y   .    .      .
alice  http://203.0.113.1               around   y  y   .       .           y   .    .      .
alice  http://[2001:db8:7::1]           around   y  y   .       .           y   .    .      .
alice  http://[fd00:7::1]               around   y  y   .       .           y   .    .      .

alice  http://169.254.169.254           around   y  y   .       .           .   .    .      .
alice  http://100.100.100.200           around   y  y   .       .           .   .    .      .
alice  http://[fd00:ec2::254]           around   y  y   .       .           .   .    .      .

alice  http://10.89.1.1                 host     y  y   .       .           .   y    .      .
alice  http://[fd00:89:0:1::1]          host     y  y   .       .           .   y    .      .
alice  http://[GATEWAY%eth0]            host     y  y   .       .           .   .    .      .
alice  http://10.89.2.1                 host     y  y   .       .           .   y    .      .
alice  http://192.168.7.2               host     y  y   .       .           .   y    .      .
alice  http://203.0.113.2               host     y  y   .       .           .   y    .      .
alice  http://[2001:db8:7::2]           host     y  y   .       .           .   y    .      .
alice  http://172.17.0.1                host     y  y   .       .           .   y    .      .
alice  http://192.168.7.2:8009          admin    y  y   .       .           .   y    .      .        proxy
alice  http://172.17.0.2                admin    .  .   .       .           .   .    .      .

alice  http://10.89.2.2                 bob      .  .   .       .           .   .    .      .
alice  http://[fd00:89:0:2::2]          bob      y  .   .       .           .   .    .      .
alice  http://192.168.7.2:8002          bob      y  y   y       .           y   y    y      .        proxy
alice  http://[2001:db8:7::2]:8002      bob      y  y   y       .           y   y    y      .        proxy
alice  http://10.89.1.1:8002            bob      y  y   y       .           y   y    y      .        proxy
alice  http://192.168.7.2:8001          alice    y  y   y       .           y   y    y      .
alice  http://[2001:db8:7::2]:8001      alice    y  y   y       .           y   y    y      .        proxy
alice  http://10.89.3.2                 second   .  .   .       .           .   .    .      .
alice  http://[fd00:89:0:3::2]          second   y  .   .       .           .   .    .      .

around http://192.168.7.2:8001          alice    y  y   y       y           y   y    y      y
around http://[2001:db8:7::2]:8001      alice    y  y   y       y           y   y    y      y        proxy
around http://192.168.7.2               host     y  y   y       y           y   y    y      y
around http://10.89.1.3                 sister   y  .   .       .           .   .    .      .
around http://[fd00:89:0:1::3]          sister   y  .   .       .           .   .    .      .
around http://[fd00:89:0:1::2]          alice    y  .   .       .           .   .    .      .
around http://127.0.0.1:8003            second   y  .   .       .           .   .    .      .

host   http://10.89.1.2                 alice    y  y   y       y           y   y    y      y
host   http://[fd00:89:0:1::2]          alice    y  y   y       y           y   y    y      y
host   http://127.0.0.1:8001            alice    y  y   y       y           y   y    y      y
host   http://[::1]:8001                alice    y  y   y       y           y   y    y      y        proxy
host   http://127.0.0.1:8003            second   y  y   y       y           y   y    y      y
host   http://198.51.100.1              around   y  y   y       y           y   y    y      y
";

/// Under which rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Column {
    /// None, 20.10.
    Bare20,
    /// None, 28.5.
    Bare28,
    /// What alice has without grants.
    Default,
    /// The same, and no published ports are told.
    Unpublished,
    /// The grant `lan`.
    Lan,
    /// The grant `host`.
    Host,
    /// Without the grant `internet`.
    Closed,
    /// Rules that do not know alice's networks.
    Stranger,
}

/// Whether the engine's userland proxy listens at published ports.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Proxy {
    /// The engine's default.
    Runs,
    /// `--userland-proxy=false`.
    Off,
}

/// A line of the table.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    /// From where.
    pub(crate) who: &'static str,
    /// What is fetched.
    pub(crate) url: &'static str,
    /// Who answers.
    pub(crate) by: &'static str,
    answers: Vec<bool>,
}

impl Row {
    /// All that the engine itself allows.
    pub(crate) fn all_with(proxy: Proxy) -> Vec<Self> {
        let lines = TABLE.lines().filter(|line| !line.is_empty()).skip(1);
        lines.filter(|line| proxy == Proxy::Runs || !line.ends_with("proxy")).map(Self::of_line).collect()
    }

    fn of_line(line: &'static str) -> Self {
        let words: Vec<&str> = line.split_whitespace().collect();
        let &[who, url, by, ref answers @ ..] = words.as_slice() else { panic!("too short: {line}") };
        let answers = answers.iter().filter(|word| **word != "proxy").map(|answer| match *answer {
            "y" => true,
            "." => false,
            other => panic!("`{other}` in {line}"),
        });
        Self { who, url, by, answers: answers.collect() }
    }

    /// Whether the answer should come.
    pub(crate) fn is_reached(&self, column: Column) -> bool {
        self.answers[column as usize]
    }
}
