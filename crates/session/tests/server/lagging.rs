//! Clients that take nothing, or little: nobody waits for them.

use std::time::{Duration, Instant};

use crate::house::{House, LONG};
use crate::visitor::{Visitor, way};

#[test]
fn a_client_that_takes_nothing_holds_up_neither_its_program_nor_other_sessions() {
    let house = House::new();
    let mut slow = Visitor::to(&house, "flood");
    let mut other = Visitor::to(&house, "other");
    slow.type_in("head -c 60000000 /dev/zero | tr '\\0' 'x' | fold -w 79; echo fin''ished > ~/finished\n");
    // Other sessions answer meanwhile, every time.
    for number in 0..50 {
        other.type_in(&format!("echo an''swer-{number}\n"));
        other.until("an answer", |text| text.contains(&format!("answer-{number}")));
    }
    let begun = Instant::now();
    while !house.home().join("finished").exists() {
        assert!(begun.elapsed() < 3 * LONG, "the program waits for its client");
        std::thread::sleep(Duration::from_millis(20));
    }
    // And when it takes what there is, it has the screen, the lines that are still kept, and knows of the others.
    slow.type_in("echo the e''nd\n");
    let is_whole = |text: &str| text.ends_with("the end\n$");
    slow.until("the end", is_whole);
    let mut fresh = Visitor::attach(&house, way("flood"));
    fresh.until("the end", is_whole);
    assert_eq!(slow.text(), fresh.text());
    assert!(slow.lines().contains("lines are not shown"), "it is told that something is missing");
    let rows = house.status().sessions.iter().map(|session| session.scrollback_lines).max().unwrap();
    assert!(rows > 2000, "{rows}");
    // Nobody's memory grew with what was not taken.
    let server = house.server.id();
    let status = std::fs::read_to_string(format!("/proc/{server}/status")).unwrap();
    let peak =
        status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap().trim().trim_end_matches(" kB");
    assert!(peak.parse::<u64>().unwrap() < 16 * 1024, "{peak} kB at most");
}

#[test]
fn a_client_that_falls_behind_a_little_misses_nothing() {
    let house = House::new();
    let mut slow = Visitor::to(&house, "1");
    // More than waits for it, less than is kept.
    slow.type_in("yes \"$(printf '\\033[1m%0200d\\033[m' 0)\" | head -n 800; seq 1 1500; touch ~/finished\n");
    let begun = Instant::now();
    while !house.home().join("finished").exists() {
        assert!(begun.elapsed() < LONG);
        std::thread::sleep(Duration::from_millis(20));
    }
    slow.type_in("echo the e''nd\n");
    slow.until("the end", |text| text.ends_with("the end\n$"));
    let lines = slow.lines();
    let all: String = (1..=1400).fold(String::new(), |all, number| all + "\r\n" + &number.to_string());
    assert!(lines.contains(&all), "lines are missing or doubled");
}

#[test]
fn a_command_s_output_is_whole_however_slow_its_client() {
    let house = House::new();
    let mut how = way("1");
    how.command = Some(vec!["sh".to_owned(), "-c".to_owned(), "seq 1 1000000; exit 5".to_owned()]);
    let mut slow = Visitor::attach(&house, how);
    std::thread::sleep(Duration::from_millis(500));
    let mut taken = String::new();
    slow.stream.set_read_timeout(Some(LONG)).unwrap();
    while let Some(frame) = wharf_session::frame::read(&mut slow.stream).unwrap() {
        match frame.kind {
            wharf_session::frame::Kind::Output => taken.push_str(&String::from_utf8_lossy(&frame.payload)),
            wharf_session::frame::Kind::Ended => slow.ended = Some(frame.payload[0]),
            _ => {}
        }
    }
    assert_eq!(slow.ended, Some(5));
    let numbers: Vec<&str> = taken.split("\r\n").collect();
    let at = numbers.iter().position(|line| *line == "2").unwrap();
    assert_eq!(numbers.len() - at, 1_000_000, "2 to 1000000, and what is behind the last line");
    assert!(numbers[at..at + 999_999].iter().zip(2u32..).all(|(line, number)| *line == number.to_string()));
}

#[test]
fn a_server_sleeps_while_the_client_of_a_command_that_has_ended_takes_nothing() {
    let house = House::new();
    let mut how = way("1");
    // Somebody opens the terminal again when its first process is gone, and writes on: for ten seconds, since the terminal's
    // number is soon another's.
    let script = "T=$(tty); setsid timeout -s KILL 10 sh -c \"while :; do yes > $T; done\" 2>/dev/null & sleep 1; touch ~/over; exit 3";
    how.command = Some(vec!["sh".to_owned(), "-c".to_owned(), script.to_owned()]);
    let slow = Visitor::attach(&house, how);
    let turns = || {
        let status = std::fs::read_to_string(format!("/proc/{}/status", house.server.id())).unwrap();
        let counts = status.lines().filter_map(|line| line.split_once("ctxt_switches:"));
        counts.map(|(_, count)| count.trim().parse::<u64>().unwrap()).sum::<u64>()
    };
    // Until the command has ended it may have much to do.
    let begun = Instant::now();
    while !house.home().join("over").exists() {
        assert!(begun.elapsed() < LONG);
        std::thread::sleep(Duration::from_millis(20));
    }
    loop {
        let before = turns();
        std::thread::sleep(Duration::from_secs(1));
        let turned = turns() - before;
        if turned < 100 {
            break;
        }
        assert!(begun.elapsed() < LONG, "{turned} turns in a second in which nothing happened");
    }
    // And when the client goes, so does its command, whoever still writes.
    drop(slow);
    house.until("forgotten", |status| status.sessions.is_empty());
}

#[test]
fn what_is_typed_while_a_program_does_not_read_waits_and_is_not_lost() {
    let house = House::new();
    let mut one = Visitor::to(&house, "1");
    one.type_in("stty raw -echo; echo re''ady; sleep 2; head -c 5000000 | md5sum; stty sane; echo do''ne\n");
    one.until("ready", |text| text.contains("ready"));
    let mut typing = one.stream.try_clone().unwrap();
    let typist = std::thread::spawn(move || {
        use std::io::Write as _;
        for _ in 0..100 {
            let keys = wharf_session::frame::encoded(wharf_session::frame::Kind::Input, &vec![b'x'; 50_000]);
            typing.write_all(&keys).unwrap();
        }
    });
    one.until("everything that was typed", |text| text.contains("done"));
    assert!(one.text().contains("9dff3479548c346bbeeeab2c23af22fd"), "{}", one.text());
    typist.join().unwrap();
}
