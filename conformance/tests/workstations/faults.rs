//! Terminals closed, clients killed, connections cut, engines restarted, floods: nothing of a session is lost.

use crate::screens::{come_back, enter_fresh, leave};
use crate::seat::Seat;
use std::process::Command;
use wharf_conformance::{eventually, on_each_engine};
use wharf_testkit::{Engine, EngineKind, run};

/// Who is attached to the first session.
fn clients(seat: &Seat<'_>) -> usize {
    let status = seat.shell(&["--status", "--json"]).succeeds().json();
    status["sessions"][0]["clients"].as_array().map_or(0, Vec::len)
}

/// The process of the client in the seat's terminals.
fn client_process(seat: &Seat<'_>) -> Option<String> {
    let pattern = format!("wharf shell {}", seat.name());
    let found = run(Command::new("pgrep").args(["-f", &format!("{pattern}$")])).ok()?;
    found.lines().next().map(str::to_owned)
}

#[test]
fn a_closed_terminal_and_a_killed_client_leave_the_session_as_it_was() {
    on_each_engine(|engine| {
        let seat = Seat::at(engine);
        seat.define_debian();
        let terminal = seat.terminal(24, 80);
        enter_fresh(&terminal, "");
        terminal.says("kept=treasure; echo no''ted").unwrap();
        terminal.shows("noted").unwrap();
        terminal.closes().unwrap();
        eventually("nobody is attached", || (clients(&seat) == 0).then_some(()));

        let terminal = seat.terminal(24, 80);
        terminal.says("foo").unwrap();
        terminal.shows("noted").unwrap();
        let client = eventually("a client", || client_process(&seat));
        run(Command::new("kill").args(["-9", &client])).unwrap();
        eventually("nobody is attached", || (clients(&seat) == 0).then_some(()));
        let terminal = seat.terminal(24, 80);
        terminal.says("foo").unwrap();
        terminal.shows("noted").unwrap();
        terminal.says("clear; echo $kept-is-here").unwrap();
        terminal.shows("treasure-is-here").unwrap();
        leave(&terminal);
        // Nothing of the clients is left in it.
        let left = seat.shell(&["--", "sh", "-c", "ps ax | grep -c '[s]ession attach'"]);
        assert_eq!(left.stdout().trim(), "0", "{left}");
    });
}

#[test]
fn a_connection_that_is_cut_is_noticed_and_costs_nothing() {
    on_each_engine(|engine| {
        let seat = Seat::over_ssh(engine);
        seat.define_debian();
        let terminal = seat.terminal(24, 80);
        enter_fresh(&terminal, "");
        terminal.says("kept=treasure; echo no''ted").unwrap();
        terminal.shows("noted").unwrap();
        let port = seat.server().unwrap().port().to_string();
        run(Command::new("pkill").args(["-9", "-f", &format!("^ssh .*-p {port} .*dial-stdio")])).unwrap();
        terminal.shows("is lost").unwrap();
        terminal.until("the shell outside", |screen| screen.trim_end().ends_with('$')).unwrap();
        come_back(&terminal, "", "noted");
        leave(&terminal);
    });
}

#[test]
fn a_flood_before_somebody_who_does_not_read_holds_nobody_up() {
    on_each_engine(|engine| {
        let seat = Seat::at(engine);
        seat.define_debian();
        let flooded = seat.terminal(24, 80);
        enter_fresh(&flooded, "");
        flooded.says("yes 0123456789012345678901234567890123456789 | head -c 1G; echo the''end").unwrap();
        flooded.shows("\n0123456789").unwrap();
        // Its window does not read any more: the client cannot write.
        let window = flooded.asked("#{pid}").unwrap();
        run(Command::new("kill").args(["-STOP", &window])).unwrap();
        let other = seat.terminal(24, 80);
        enter_fresh(&other, "2");
        for number in 0..20 {
            other.says(&format!("clear; echo an''swer-{number}")).unwrap();
            other.shows(&format!("answer-{number}")).unwrap();
        }
        leave(&other);
        // It ends although nobody reads: whoever is slow misses output, and the program never waits.
        eventually("the end of the flood", || {
            let status = seat.shell(&["--status", "--json"]).succeeds().json();
            let session = &status["sessions"][0];
            assert!(session["scrollback_lines"].as_u64() > Some(1000), "{status}");
            session["command"].as_str().is_some_and(|command| command.contains("bash")).then_some(())
        });
        run(Command::new("kill").args(["-CONT", &window])).unwrap();
        flooded.shows("theend").unwrap();
        flooded.says("clear; echo and''now").unwrap();
        flooded.shows("andnow").unwrap();
        leave(&flooded);
        // What the server holds is its rings, whatever went through.
        let resident = seat.shell(&["--", "sh", "-c", "grep VmRSS /proc/1/status"]).succeeds().stdout();
        let kib: u64 = resident.split_whitespace().nth(1).unwrap().parse().unwrap();
        assert!(kib < 40 << 10, "{resident}");
    });
}

#[test]
fn sessions_come_back_by_name_and_directory_after_the_engine_was_restarted() {
    for kind in EngineKind::ALL {
        let Some(engine) = wharf_testkit::or_skip(Engine::private(kind)) else { return };
        let seat = Seat::at(&engine);
        seat.define_debian();
        let terminal = seat.terminal(24, 80);
        enter_fresh(&terminal, "plans");
        terminal.says("mkdir -p work; cd work; echo kept >file; echo no''ted").unwrap();
        terminal.shows("noted").unwrap();
        leave(&terminal);
        engine.restart().unwrap();
        // Nobody starts it: the engine does.
        let listed = eventually("it runs again", || {
            let status = seat.shell(&["--status", "--json"]);
            (status.status() == 0).then(|| status.json()).filter(|seen| seen["state"] == "running")
        });
        assert_eq!(listed["sessions"][0]["name"], "plans", "{listed}");
        // It says that what ran is gone.
        come_back(&terminal, "plans", "gone");
        terminal.says("cat file; pwd").unwrap();
        terminal.shows("kept").unwrap();
        terminal.shows("/work").unwrap();
        leave(&terminal);

        // Stopped is stopped, also for an engine that starts.
        seat.shell(&["--stop"]).succeeds();
        engine.restart().unwrap();
        std::thread::sleep(std::time::Duration::from_secs(1));
        let status = seat.shell(&["--status", "--json"]).succeeds().json();
        assert_eq!(status["state"], "stopped", "{status}");
        terminal.says("clear; foo plans").unwrap();
        terminal.until("a prompt inside", |screen| screen.contains("/work$")).unwrap();
        leave(&terminal);
    }
}
