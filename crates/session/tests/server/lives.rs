//! Sessions' lives: they begin, go on without anybody, end, and begin again.

use std::time::Duration;

use wharf_session::message::Request;

use crate::house::House;
use crate::visitor::{Visitor, way};

#[test]
fn a_session_goes_on_without_a_client_and_is_shown_as_it_is() {
    let house = House::new();
    let mut first = Visitor::to(&house, "work");
    first.run("seq 1 100; printf '\\033[1;31mred\\033[m\\n'");
    first.type_in("sleep 0.3; echo af''ter\n");
    drop(first);
    house.until("detached", |status| status.sessions[0].clients.is_empty());
    let mut second = Visitor::attach(&house, way("work"));
    let is_whole = |text: &str| text.ends_with("\nafter\n$");
    second.until("what came meanwhile", is_whole);
    let mut third = Visitor::attach(&house, way("work"));
    third.until("the same", is_whole);
    assert_eq!(second.text(), third.text());
    assert!(third.lines().contains("\r\n1\r\n2\r\n3\r\n"), "{}", third.lines());
    let session = &house.status().sessions[0];
    assert_eq!((session.running, session.clients.len(), session.columns, session.rows), (true, 2, 80, 24));
    assert!(session.scrollback_lines > 70, "{session:?}");
}

#[test]
fn an_exit_is_told_to_everybody_and_the_session_is_forgotten() {
    let house = House::new();
    let mut one = Visitor::to(&house, "1");
    let mut two = Visitor::attach(&house, way("1"));
    two.until("a prompt", |text| text.contains('$'));
    one.type_in("echo last wo''rds; exit 7\n");
    one.until_the_end();
    two.until_the_end();
    assert_eq!((one.ended, two.ended), (Some(7), Some(7)));
    assert!(two.text().contains("\nlast words"), "{}", two.text());
    assert_eq!(house.status().sessions, []);
}

#[test]
fn a_session_that_is_killed_tells_the_signal() {
    let house = House::new();
    let mut one = Visitor::to(&house, "1");
    one.type_in("kill -9 $$\n");
    one.until_the_end();
    assert_eq!(one.ended, Some(137));
}

#[test]
fn a_stopped_session_keeps_its_name_and_directory() {
    let house = House::new();
    let name = || "work".parse().unwrap();
    let mut one = Visitor::to(&house, "work");
    one.run("mkdir -p ~/project; cd ~/project");
    house.ask(Request::Stop(name())).unwrap();
    one.until_the_end();
    let status = house.until("stopped", |status| !status.sessions[0].running);
    assert!(status.sessions[0].directory.ends_with("/home/project"), "{status:?}");
    let mut again = Visitor::attach(&house, way("work"));
    again.until("a prompt", |text| text.ends_with('$'));
    again.run("pwd");
    assert!(again.text().contains("/home/project"), "{}", again.text());
    house.ask(Request::Kill(name())).unwrap();
    house.until("forgotten", |status| status.sessions.is_empty());
    assert!(house.ask(Request::Kill(name())).unwrap_err().contains("there is no session `work`"));
}

#[test]
fn a_session_is_started_and_started_again_without_a_client() {
    let house = House::new();
    house.ask(Request::Start("bg".parse().unwrap())).unwrap();
    let mut one = Visitor::to(&house, "bg");
    one.run("X=1");
    house.ask(Request::Restart("bg".parse().unwrap())).unwrap();
    one.until("another shell", |text| text.contains("[started again]\n$"));
    one.type_in("echo \"x=$X.\"\n");
    one.until("nothing left of the former", |text| text.contains("\nx=."));
    assert_eq!(one.ended, None);
}

#[test]
fn names_and_directories_outlive_the_server_and_what_is_gone_is_said() {
    let mut house = House::new();
    let mut one = Visitor::to(&house, "work");
    one.run("mkdir -p ~/project; cd ~/project");
    assert!(house.stop() < Duration::from_secs(5));
    one.until_the_end();
    assert!(one.refused.unwrap().contains("stopped"));
    house.again();
    let status = house.status();
    assert_eq!((status.sessions.len(), status.sessions[0].running), (1, false));
    let mut two = Visitor::to(&house, "work");
    two.run("pwd");
    assert!(
        two.text().starts_with("[this workstation was started again: what ran in this session is gone]"),
        "{}",
        two.text()
    );
    assert!(two.text().contains("/home/project"), "{}", two.text());
}

#[test]
fn a_server_that_was_killed_loses_no_names() {
    let mut house = House::new();
    let _one = Visitor::to(&house, "work");
    let kept = house.home().join(".local/state/wharf/sessions");
    let begun = std::time::Instant::now();
    while !kept.exists() {
        assert!(begun.elapsed() < crate::house::LONG, "names are kept when sessions begin");
        std::thread::sleep(Duration::from_millis(10));
    }
    house.signal(rustix::process::Signal::KILL);
    house.server.wait().unwrap();
    house.again();
    assert_eq!(house.status().sessions[0].name.as_str(), "work");
}

#[test]
fn stopping_takes_no_longer_than_five_seconds_whatever_runs() {
    let mut house = House::new();
    let mut one = Visitor::to(&house, "1");
    one.type_in("trap '' HUP TERM INT; echo de''af; while :; do sleep 100; done\n");
    one.until("deaf", |text| text.contains("\ndeaf"));
    assert!(house.stop() < Duration::from_secs(5));
}

#[test]
fn a_command_is_a_session_of_its_own_that_ends_with_its_client() {
    let house = House::new();
    let mut how = way("1");
    how.command = Some(vec![
        "sh".to_owned(),
        "-c".to_owned(),
        "echo $0 $WHARF_SESSION; exit 3".to_owned(),
        "a b".to_owned(),
    ]);
    let mut one = Visitor::attach(&house, how.clone());
    one.until_the_end();
    assert_eq!((one.ended, one.text().as_str()), (Some(3), "a b run-1"));
    how.command = Some(vec!["sleep".to_owned(), "1000".to_owned()]);
    let two = Visitor::attach(&house, how);
    house.until("begun", |status| status.sessions.len() == 1);
    drop(two);
    house.until("ended with its client", |status| status.sessions.is_empty());
}

#[test]
fn a_command_that_is_not_there_says_so() {
    let house = House::new();
    let mut how = way("1");
    how.command = Some(vec!["no-such-command".to_owned()]);
    let mut one = Visitor::attach(&house, how);
    one.until_the_end();
    assert_eq!(one.ended, Some(127));
    assert!(one.text().contains("`no-such-command` could not be started"), "{}", one.text());
}

#[test]
fn a_session_finds_what_it_should_in_its_environment() {
    let house = House::new();
    let mut how = way("1");
    how.environment = [("TERM", "nonsense-terminal"), ("LC_ALL", "C.UTF-8"), ("LD_PRELOAD", "/tmp/x.so")]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .to_vec();
    how.size.columns = 200;
    let mut one = Visitor::attach(&house, how);
    one.until("a prompt", |text| text.contains('$'));
    one.run(
        "echo \"<$TERM $LC_ALL $LD_PRELOAD. $WHARF_WORKSTATION $WHARF_SESSION $0 ${SSH_AUTH_SOCK##*/}>\"",
    );
    assert!(one.text().contains("<xterm-256color C.UTF-8 . foo 1 -sh agent>"), "{}", one.text());
}

#[test]
fn whoever_loses_its_parent_inside_is_reaped() {
    let house = House::new();
    let mut one = Visitor::to(&house, "1");
    one.run("for i in 1 2 3 4 5; do (sleep 0.1 & ) ; done");
    let server = house.server.id();
    let zombies = || {
        let children = std::fs::read_to_string(format!("/proc/{server}/task/{server}/children")).unwrap();
        let state = |pid: &str| std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
        children.split_whitespace().filter(|pid| state(pid).contains(") Z ")).count()
    };
    let children = || std::fs::read_to_string(format!("/proc/{server}/task/{server}/children")).unwrap();
    let begun = std::time::Instant::now();
    while children().split_whitespace().count() > 1 || zombies() > 0 {
        assert!(begun.elapsed() < crate::house::LONG, "{}", children());
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn a_command_is_run_every_so_often() {
    let directory = tempfile::tempdir().unwrap();
    let mark = directory.path().join("mark");
    let script = format!("echo once >> {}", mark.display());
    let _house = House::with(&["--every", "1", "--", "sh", "-c", &script]);
    let begun = std::time::Instant::now();
    while std::fs::read_to_string(&mark).unwrap_or_default().lines().count() < 2 {
        assert!(begun.elapsed() < crate::house::LONG);
        std::thread::sleep(Duration::from_millis(50));
    }
    assert!(begun.elapsed() > Duration::from_millis(500));
}

#[test]
fn questions_of_programs_are_answered_though_nobody_is_attached() {
    let house = House::new();
    let mut one = Visitor::to(&house, "1");
    one.type_in("sleep 0.3; stty -icanon -echo min 0 time 50; printf '\\033[6n'; head -c 6 | od -c | head -1 > ~/answer; stty icanon echo\n");
    drop(one);
    let answer = house.home().join("answer");
    let begun = std::time::Instant::now();
    while std::fs::read_to_string(&answer).unwrap_or_default().is_empty() {
        assert!(begun.elapsed() < crate::house::LONG);
        std::thread::sleep(Duration::from_millis(50));
    }
    let answer = std::fs::read_to_string(answer).unwrap();
    assert!(answer.contains("033   [") && answer.contains('R'), "{answer}");
}
