//! `-A`: a real ssh-agent with a real key, inside while somebody is attached who offers it.

use crate::on_each_way;
use crate::seat::Seat;
use wharf_conformance::eventually;
use wharf_testkit::Tmux;

/// Starts an agent with one key at a fixed place.
fn agent(seat: &Seat<'_>) {
    let started = "test -e key || ssh-keygen -q -t ed25519 -N '' -C desk-key -f key; rm -f agent.sock; \
                   ssh-agent -a ~/agent.sock > agent.env; SSH_AUTH_SOCK=~/agent.sock ssh-add -q key";
    seat.sh(started).succeeds();
}

fn end_agent(seat: &Seat<'_>) {
    seat.sh(". ./agent.env >/dev/null; kill $SSH_AGENT_PID").succeeds();
}

/// Waits until this terminal's session finds so many keys of the agent's.
fn finds(terminal: &Tmux, keys: u32) {
    eventually(&format!("{keys} keys"), || {
        // The line itself does not have what it prints.
        terminal.says("clear; echo ke''ys=$(ssh-add -l 2>/dev/null | grep -c desk-key)=").unwrap();
        let screen = terminal.until("an answer", |screen| screen.contains("keys=")).unwrap();
        screen.contains(&format!("keys={keys}=")).then_some(())
    });
}

fn enters(seat: &Seat<'_>, terminal: &Tmux, words: &str) {
    terminal.says(&format!("clear; foo {words}")).unwrap();
    // The prompt inside, of a session that begins and of one that went on.
    terminal.shows(&format!("@{}:", seat.name())).unwrap();
    terminal.says("clear; echo rea''dy").unwrap();
    terminal.shows("ready").unwrap();
}

fn leaves(terminal: &Tmux) {
    terminal.presses("C-\\").unwrap();
    terminal.shows("it goes on").unwrap();
}

#[test]
fn the_agent_is_inside_while_somebody_is_attached_who_offers_it() {
    on_each_way(|seat| {
        seat.define_debian();
        seat.shell(&["--start"]).succeeds();
        agent(seat);
        let (one, two) = (seat.terminal(24, 100), seat.terminal(24, 100));
        one.says("unset SSH_AUTH_SOCK; clear; foo -A").unwrap();
        one.shows("there is no ssh-agent to offer").unwrap();
        for terminal in [&one, &two] {
            terminal.says("export SSH_AUTH_SOCK=~/agent.sock").unwrap();
        }
        // It is in the caller's environment, and not inside unless it is offered.
        enters(seat, &one, "");
        finds(&one, 0);
        leaves(&one);
        enters(seat, &one, "-A");
        finds(&one, 1);
        // It signs.
        one.says("clear; ssh-add -L > ~/key.pub; ssh-add -T ~/key.pub && echo sig''ned").unwrap();
        one.shows("signed").unwrap();
        // Another terminal's session has the same path, and what is offered there, until nobody offers it.
        enters(seat, &two, "2");
        finds(&two, 1);
        leaves(&one);
        finds(&two, 0);
        // Of two who offer it, one may leave.
        leaves(&two);
        enters(seat, &one, "-A");
        enters(seat, &two, "2 -A");
        leaves(&one);
        finds(&two, 1);
        // The agent ends, and the session does not; another at its place is found.
        end_agent(seat);
        finds(&two, 0);
        agent(seat);
        finds(&two, 1);
        leaves(&two);
        enters(seat, &two, "2");
        finds(&two, 0);
        end_agent(seat);
        let nothing = seat.shell(&["--", "sh", "-c", "ssh-add -l"]);
        assert_ne!(nothing.status(), 0, "{nothing}");
        let key = seat.shell(&["--", "sh", "-c", "grep -rls 'OPENSSH PRIVATE' ~ /tmp; true"]).succeeds();
        assert_eq!(key.stdout(), "", "the key itself came inside");
    });
}
