//! What is recorded, and what `wharf audit` shows of it: records of real runs under a real sudo, on real engines.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Stdio};
use std::sync::mpsc;

use serde_json::Value;
use wharf_conformance::{Boundary, Host, Run, WHARF, eventually};
use wharf_testkit::{Engine, Engines, or_skip};

const TRAIL: &str = "/var/lib/wharf/audit.jsonl";
const PLAIN: &str = "containers: {web: {$idle}}\n";
const DENIED: &str = "publish: ['18972:80']\ncontainers: {web: {$idle}}\n";

fn old_engine() -> Option<&'static Engine> {
    or_skip(Engines::shared()).map(Engines::docker20)
}

/// Bob, who may bring his pod up and down.
fn bobs_host() -> Option<Boundary<'static>> {
    let host = Boundary::on(old_engine()?)?;
    host.sudoers("bob ALL=(root) NOPASSWD: $wharf down $pod");
    Some(host)
}

/// Records as `user action object outcome rule`, the pod's name put back.
fn told(host: &Boundary<'_>, run: &Run) -> Vec<String> {
    let stdout = run.stdout();
    let records = stdout.lines().map(|line| serde_json::from_str::<Value>(line).expect("a record"));
    let text = |value: &Value| value.as_str().unwrap_or("-").replace(host.pod(), "$pod");
    let fields = ["user", "action", "object", "outcome", "rule"];
    records.map(|record| fields.map(|field| text(&record[field])).join(" ")).collect()
}

#[test]
fn who_did_what_is_shown_and_filtered() {
    let Some(host) = bobs_host() else { return };
    host.says(PLAIN).up().succeeds();
    host.says(DENIED).up().exits(3);
    host.says(PLAIN);
    host.sudo(["down", host.pod()]).succeeds();
    host.root_wharf(["up".as_ref(), host.pod_file().as_os_str()]).succeeds();
    let asked = |words: &[&str]| {
        let run = host.root_wharf(["audit", "--json"].iter().chain(words)).succeeds();
        told(&host, &run)
    };
    let all = asked(&[]);
    let bob_made = "bob create container $pod.web permitted ";
    assert!(all.iter().any(|record| record.starts_with(bob_made)), "{all:#?}");
    assert!(
        all.iter().any(|record| record.starts_with("- ") && record.contains("$pod.web permitted")),
        "{all:#?}"
    );
    let denied = asked(&["--denied"]);
    assert_eq!(denied.len(), 1, "{denied:#?}");
    assert!(denied[0].starts_with("bob ") && denied[0].ends_with(" $pod denied ports"), "{denied:#?}");
    let bobs = asked(&["--user", "bob"]);
    let not_bobs: Vec<String> = all.iter().filter(|record| !record.starts_with("bob ")).cloned().collect();
    assert!(!not_bobs.is_empty());
    assert_eq!(bobs.len() + not_bobs.len(), all.len());
    let name = host.name_of("web");
    let of_web = asked(&["--object", &name]);
    assert!(!of_web.is_empty() && of_web.iter().all(|record| record.contains(" $pod.web ")), "{of_web:#?}");
    assert!(asked(&["--object", host.pod()]).len() > of_web.len());
    assert_eq!(asked(&["-n", "2"]), all[all.len() - 2..]);
    assert_eq!(asked(&["--denied", "-n", "2"]), denied);
    assert_eq!(asked(&["--since", "1h"]), all);
    assert_eq!(asked(&["--since", "2001-01-01"]), all);
    assert_eq!(asked(&["--since", "2999-01-01"]), Vec::<String>::new());
    assert_eq!(asked(&["--tenant", "alice"]), Vec::<String>::new());
    let table = host.root_wharf(["audit", "--denied"]).succeeds().prints("TIME").prints("RULE");
    let row = table.stdout().lines().nth(1).unwrap().to_owned();
    assert!(
        row.contains(&format!("pod {} (user bob)", host.pod())) && row.contains("denied     ports: "),
        "{row}"
    );
    host.root_wharf(["audit", "--since", "soon"]).exits(2).says("`soon` is neither a time nor a span");
    host.root_wharf(["audit", "--tenant", "No"]).exits(2).says("`No` is no tenant's name");
}

#[test]
fn only_root_reads_and_an_attempt_through_sudo_is_recorded() {
    let Some(host) = bobs_host() else { return };
    host.says(PLAIN).up().succeeds();
    let run = host.bob_sh("$wharf --state-dir /var/lib/wharf audit");
    assert_eq!(run.status(), 1, "{run}");
    run.says("wharf audit").says("sudo").never_says("create");
    let run = host.bob_sh("$wharf audit");
    run.says("sudo wharf audit").never_says(host.pod());
    host.sudoers("bob ALL=(root) NOPASSWD: $wharf audit");
    host.sudo(["audit"]).exits(3).says("for administrators").never_says(host.pod());
    let run = host.root_wharf(["audit", "--json", "-n", "1"]).succeeds();
    assert_eq!(told(&host, &run), ["bob audit host denied administrators"]);
    host.host_config("admins: [bob]");
    host.sudo(["audit"]).succeeds().prints(host.pod());
}

/// `wharf audit --follow`, while the test runs.
struct Follower(Child);

impl Follower {
    fn of(host: &Boundary<'_>) -> (Self, mpsc::Receiver<String>) {
        let mut command = host.users().command(WHARF);
        command.args(["audit", "--follow", "--json", "-n", "0"]);
        command.env_remove("SUDO_UID").env_remove("SUDO_GID").env_remove("WHARF_STATE_DIR");
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().expect("a run");
        let lines = BufReader::new(child.stdout.take().expect("its output")).lines();
        let (tell, told) = mpsc::channel();
        std::thread::spawn(move || lines.map_while(Result::ok).try_for_each(|line| tell.send(line)));
        (Self(child), told)
    }

    fn end(&mut self) {
        // It may have ended by itself.
        let _ended = (self.0.kill(), self.0.wait());
    }
}

impl Drop for Follower {
    fn drop(&mut self) {
        self.end();
    }
}

#[test]
fn following_shows_what_comes_also_after_the_trail_was_put_aside() {
    let Some(host) = bobs_host() else { return };
    host.says(PLAIN).up().succeeds();
    let (mut follower, told) = Follower::of(&host);
    let hears = |what: &str| {
        eventually(what, || told.try_iter().find(|line| line.contains(what)));
    };
    // Until it has looked for the first time, it does not know what is new.
    let attempts = (0..200).find(|_| {
        host.says(DENIED).up().exits(3);
        std::thread::sleep(std::time::Duration::from_millis(300));
        told.try_iter().any(|line| line.contains("\"denied\""))
    });
    assert!(attempts.is_some(), "it followed nothing");
    host.root_sh(&format!("mv {TRAIL} {TRAIL}.1"));
    host.says("containers: {second: {$idle}}\n").up().succeeds();
    hears(&host.name_of("second"));
    host.root_sh(&format!("mv {TRAIL}.1 {TRAIL}.2; mv {TRAIL} {TRAIL}.1"));
    host.says("containers: {third: {$idle}}\n").up().succeeds();
    hears(&host.name_of("third"));
    follower.end();
    // All of it is there, in order.
    let all = host.root_wharf(["audit", "--json"]).succeeds().stdout();
    let at = |what: &str| all.find(&host.name_of(what)).unwrap_or_else(|| panic!("{what}: {all}"));
    assert!(at("web") < at("second") && at("second") < at("third"));
}

/// A line as wharf of old, or somebody else, might have left it: with what steers a terminal as it is.
#[test]
fn hostile_names_in_old_lines_steer_no_terminal_and_broken_lines_are_told() {
    let Some(engine) = old_engine() else { return };
    let host = Host::on(engine);
    let evil = "a\u{9b}31m\u{202e}\u{2028}b";
    let record = format!(
        "{{\"time\":\"2023-11-14T22:13:20.000Z\",\"actor\":\"{evil}\",\"action\":\"\\u001b[2J\",\"object\":\"x\\ny\",\
         \"outcome\":\"denied\",\"rule\":\"{evil}\",\"detail\":\"{evil}\"}}\n"
    );
    let path = host.write("state/audit.jsonl", format!("{record}\u{1b}]0;x\u{7}\n{record}{{\"time\":"));
    secure(&path);
    for words in [&["audit"][..], &["audit", "--json"]] {
        let run =
            host.wharf(words).succeeds().says("warning: not whole records: ").says("line 2").says("line 4");
        let steers = |c: &char| (c.is_control() && *c != '\n') || ('\u{2028}'..='\u{202e}').contains(c);
        assert_eq!(run.stdout().chars().chain(run.stderr().chars()).filter(steers).count(), 0, "{run}");
        assert_eq!(run.stdout().lines().count(), if words.len() == 1 { 3 } else { 2 }, "{run}");
    }
}

#[test]
fn a_large_trail_is_read_in_little_memory() {
    let Some(engine) = old_engine() else { return };
    let host = Host::on(engine);
    let line = "{\"time\":\"2023-11-14T22:13:20.000Z\",\"actor\":\"administrator\",\"action\":\"x\",\"object\":\"web\",\
                \"outcome\":\"denied\",\"rule\":\"ports\",\"detail\":\"port 80 is not granted\"}\n";
    let path = host.write("state/audit.jsonl", line.repeat(500_000));
    secure(&path);
    for words in ["audit --json", "audit -n 3", "audit --object none"] {
        // KiB of address space; the program alone takes some 20 MiB of it.
        let limited =
            format!("ulimit -v 60000; exec {} {words}", wharf_testkit::wharf_program().unwrap().display());
        let run = Run::of(host.command("sh").args(["-c", &limited]), b"").succeeds();
        let lines = run.stdout().lines().count();
        assert_eq!(
            lines,
            if words.ends_with("json") {
                500_000
            } else if words.ends_with('3') {
                4
            } else {
                0
            }
        );
    }
}

#[test]
fn on_a_full_disk_nothing_is_done_for_somebody_else_and_there_is_an_error_for_it() {
    let Some(host) = bobs_host() else { return };
    host.says(PLAIN).up().succeeds();
    // A file system of one page, full, below the trail alone.
    host.root_sh(&format!(
        "mkdir /var/lib/full && mount -t tmpfs -o size=4k,mode=700 none /var/lib/full && \
         yes '' | head -c 4096 > /var/lib/full/f && chmod 600 /var/lib/full/f && mount --bind /var/lib/full/f {TRAIL}"
    ));
    host.says("containers: {web: {$idle}, db: {$idle}}\n");
    let run = host.up();
    assert!(matches!(run.status(), 1 | 5), "{run}");
    run.says("cannot record in").says("is its disk full?");
    assert_eq!(host.members(), ["web"]);
    // Denied stays denied.
    host.says(DENIED).up().exits(3);
    host.root_sh(&format!("umount {TRAIL} && umount /var/lib/full"));
    host.says("containers: {web: {$idle}, db: {$idle}}\n").up().succeeds();
    assert_eq!(host.members(), ["db", "web"]);
}

/// Where values could slip in: what the file says, what the engine quotes of it, accounts at registries, and the words
/// of commands.
#[test]
fn no_value_of_a_variable_and_no_account_is_in_the_trail_or_in_what_is_shown_of_it() {
    let Some(engine) = old_engine() else { return };
    let host = Host::on(engine);
    // base64 of `ana:swordfish`.
    let account = "YW5hOnN3b3JkZmlzaA==";
    host.write(
        "home/.docker/config.json",
        format!("{{\"auths\": {{\"127.0.0.1:9\": {{\"auth\": \"{account}\"}}}}}}"),
    );
    let pods = [
        (
            "env",
            "common_environment: {A: swordfish}\ncontainers: {web: {$idle, environment: {B: swordfish}}}",
        ),
        (
            "absent",
            "containers: {web: {$box, command: /absent --password=swordfish, environment: {B: swordfish}}}",
        ),
        ("nowhere", "containers: {web: {image: '127.0.0.1:9/ana/swim:1', environment: {B: swordfish}}}"),
        (
            "unhealthy",
            "containers: {web: {$idle, startup_health_check: {command: 'echo PASSWORD=swordfish; false', interval: 1, attempts: 1}}}",
        ),
        (
            "denied",
            "publish: ['80:80']\ncontainers: {web: {$idle, environment: {B: swordfish}, labels: {a: swordfish}}}",
        ),
    ];
    for (name, text) in pods {
        let pod = host.pod(name, text);
        let _whatever = pod.up();
        let _gone = host.wharf(["down", &format!("{}-{name}", host.prefix())]);
    }
    let trail = std::fs::read_to_string(host.path("state/audit.jsonl")).expect("a trail");
    let shown =
        host.wharf(["audit"]).succeeds().stdout() + &host.wharf(["audit", "--json"]).succeeds().stdout();
    for text in [trail, shown] {
        assert!(text.contains("failed") && text.contains("permitted"), "{text}");
        assert!(!text.contains("swordfish") && !text.contains(account), "{text}");
    }
}

fn secure(path: &Path) {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600)).expect("a mode");
    let state = path.parent().expect("a directory");
    std::fs::set_permissions(state, std::fs::Permissions::from_mode(0o700)).expect("a mode");
}
