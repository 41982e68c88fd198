//! What one sees on coming back is what one saw on leaving: shells, editors, pagers, programs that paint, at the same size
//! and at another. What was seen is kept in `screens/`, a file a screen, for people to look at; `WHARF_REGENERATE=1`
//! writes them anew.

use crate::seat::Seat;
use wharf_conformance::on_each_engine;
use wharf_testkit::{EngineKind, Tmux};

/// Leaves by the seed's key, and waits for the outer shell.
pub(crate) fn leave(terminal: &Tmux) {
    terminal.presses("C-\\").unwrap();
    terminal.until("the shell outside", |screen| screen.trim_end().ends_with('$')).unwrap();
}

/// Enters what was left, and waits for something that is on the screen there.
pub(crate) fn come_back(terminal: &Tmux, words: &str, awaited: &str) {
    terminal.says("clear").unwrap();
    terminal.until("an empty screen", |screen| screen.trim() == "$").unwrap();
    terminal.says(&format!("foo {words}")).unwrap();
    terminal.shows(awaited).unwrap();
}

/// Enters, and has a prompt that is the same everywhere.
pub(crate) fn enter_fresh(terminal: &Tmux, words: &str) {
    terminal.says(&format!("clear; foo {words}")).unwrap();
    terminal.until("a prompt inside", |screen| screen.trim_end().ends_with(['$', '#', '>'])).unwrap();
    terminal.says("PS1='inside> '; clear; echo pre''pared").unwrap();
    terminal.shows("prepared").unwrap();
}

/// All of what is seen: text, colours, cursor, and the modes that the terminal is in.
pub(crate) fn seen(terminal: &Tmux) -> String {
    let painted = terminal.settled().unwrap();
    let modes = "alternate #{alternate_on} cursor #{cursor_flag} insert #{insert_flag} keypad #{keypad_flag} \
                 application cursor #{keypad_cursor_flag} mouse #{mouse_any_flag}#{mouse_standard_flag}#{mouse_button_flag}#{mouse_sgr_flag} \
                 wrap #{wrap_flag}";
    let modes = terminal.asked(modes).unwrap();
    let readable = painted.replace('\u{1b}', "\\e").replace('\u{e}', "\\so").replace('\u{f}', "\\si");
    let lines: Vec<&str> = readable.lines().map(str::trim_end).collect();
    format!("{}\n{modes}\n", lines.join("\n"))
}

/// Compares with the file of this name, on one engine: the others must show the same.
fn is_as_kept(seat: &Seat<'_>, name: &str, seen: &str) {
    let seen = seen.replace(seat.name(), "NAME");
    let file = format!("{}/tests/workstations/screens/{name}.txt", env!("CARGO_MANIFEST_DIR"));
    if std::env::var_os("WHARF_REGENERATE").is_some() {
        if seat.engine().kind() == EngineKind::Docker28 {
            std::fs::create_dir_all(std::path::Path::new(&file).parent().unwrap()).unwrap();
            std::fs::write(&file, &seen).unwrap();
        }
        return;
    }
    let kept = std::fs::read_to_string(&file).unwrap_or_default();
    assert_eq!(seen, kept, "another screen than {file}");
}

/// Colours in all three ways, on another screen than the shell's, with mouse, pasting and a hidden cursor.
const PAINTER: &str = r#"
printf '\033[?1049h\033[?25l\033[?1002h\033[?1006h\033[?2004h\033[2J\033[H'
for c in $(seq 16 231); do printf '\033[48;5;%sm%3s ' "$c" "$c"; done; printf '\033[m\r\n'
for c in 0 32 64 96 128 160 192 224; do printf '\033[38;2;%s;90;%sm%3s ' "$c" "$((255 - c))" "$c"; done
printf '\033[m\r\n\033[1mbold \033[3mitalic \033[4munderlined \033[7mreversed\033[m \033[2mdim\033[m\r\n'
printf '\xe4\xb8\xad\xe6\x96\x87 \xc3\xa9 e\xcc\x81 \xe2\x94\x80\xe2\x94\x80\xe2\x94\x90\033[20;5H\033[33mhere\033[m'
sleep 1000
"#;

#[test]
fn a_screen_is_found_again_as_it_was_left() {
    on_each_engine(|engine| {
        let seat = Seat::at(engine);
        seat.define_debian();
        seat.shell(&["--start"]).succeeds();
        let program = wharf_testkit::wharf_program().unwrap().display().to_string();
        let lines: Vec<String> =
            (1..=300).map(|n| format!("line {n} of a story that nobody has read yet\n")).collect();
        let story = lines.concat();
        for (file, text) in [("paint", PAINTER), ("story", story.as_str())] {
            let put = format!("cat >{file}");
            let put = [program.as_str(), "shell", seat.name(), "--", "sh", "-c", &put];
            seat.run(&put, text.as_bytes()).succeeds();
        }
        let terminal = seat.terminal(30, 100);
        let programs = [
            ("shell", "seq 60; printf '\\033[1;35mpurple\\033[m plain\\n'; printf 'typed and not'"),
            ("vi", "vi +120 story"),
            ("less", "less -M +50 story"),
            ("painter", "bash paint"),
        ];
        for (number, (name, line)) in programs.iter().enumerate() {
            let number = (number + 1).to_string();
            enter_fresh(&terminal, &number);
            terminal.says(line).unwrap();
            std::thread::sleep(std::time::Duration::from_millis(700));
            let before = seen(&terminal);
            is_as_kept(&seat, name, &before);
            leave(&terminal);
            assert_eq!(
                terminal.asked("#{alternate_on}#{mouse_any_flag}#{cursor_flag}").unwrap(),
                "001",
                "left clean"
            );
            terminal.says(&format!("clear; foo {number}")).unwrap();
            assert_eq!(seen(&terminal), before, "{name}, when one comes back");
            leave(&terminal);

            // At another size it is as the program shows it at that size.
            terminal.resizes(24, 80).unwrap();
            terminal.says(&format!("clear; foo {number}")).unwrap();
            let smaller = seen(&terminal);
            is_as_kept(&seat, &format!("{name}-24x80"), &smaller);
            if *name == "vi" || *name == "less" {
                terminal.presses("C-l").unwrap();
                assert_eq!(seen(&terminal), smaller, "{name}, when it paints itself anew");
            }
            leave(&terminal);
            terminal.resizes(30, 100).unwrap();
        }
        let destroy = [program.as_str(), "shell", seat.name(), "--destroy", "--no-backup"];
        seat.run(&destroy, format!("{}\n", seat.name()).as_bytes()).succeeds();
    });
}

#[test]
fn what_scrolled_away_is_there_to_scroll_back_to_with_its_colours() {
    on_each_engine(|engine| {
        let seat = Seat::at(engine);
        seat.define_debian();
        let terminal = seat.terminal(20, 70);
        enter_fresh(&terminal, "");
        terminal
            .says("for n in $(seq 1 3000); do printf '\\033[3%dmline %d\\033[m\\n' $((n % 8)) $n; done")
            .unwrap();
        terminal.shows("line 3000").unwrap();
        leave(&terminal);
        // Another terminal, which has never seen any of it.
        let other = seat.terminal(20, 70);
        other.says("foo").unwrap();
        other.shows("line 3000").unwrap();
        other.settled().unwrap();
        let history = other.history().unwrap();
        let lines: Vec<&str> = history.lines().filter(|line| line.contains("line ")).collect();
        let numbers: Vec<usize> = lines
            .iter()
            .filter_map(|line| {
                line.split("line ").nth(1)?.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()
            })
            .collect();
        assert_eq!(numbers, (1..=3000).collect::<Vec<_>>(), "each line once, in order");
        assert!(history.contains("\u{1b}[31mline 2993"), "with its colour");
        leave(&other);
    });
}

#[test]
fn two_before_one_session_see_the_same_and_the_smaller_wins() {
    on_each_engine(|engine| {
        let seat = Seat::at(engine);
        seat.define_debian();
        let (large, small) = (seat.terminal(40, 120), seat.terminal(15, 60));
        enter_fresh(&large, "");
        large.says("stty size").unwrap();
        large.shows("40 120").unwrap();
        small.says("clear; foo").unwrap();
        small.shows("40 120").unwrap();
        small.says("clear; stty size").unwrap();
        for terminal in [&small, &large] {
            terminal.shows("15 60").unwrap();
        }
        leave(&small);
        large.says("clear; stty size").unwrap();
        large.shows("40 120").unwrap();
        // Who only watches neither types nor shrinks.
        small.says("clear; foo --view").unwrap();
        small.until("a watcher's screen", |screen| screen.contains("40 120")).unwrap();
        small.types("echo typed-by-a-watcher").unwrap();
        large.says("clear; stty size; echo do''ne").unwrap();
        small.shows("done").unwrap();
        let shown = large.settled().unwrap();
        assert!(shown.contains("40 120") && !shown.contains("watcher"), "{shown}");
        leave(&small);
        leave(&large);
    });
}

#[test]
fn the_key_pressed_twice_is_the_programs_and_its_status_is_the_callers() {
    on_each_engine(|engine| {
        let seat = Seat::at(engine);
        seat.define_debian();
        let terminal = seat.terminal(24, 80);
        enter_fresh(&terminal, "");
        terminal
            .says("bash -c 'trap \"echo quit was heard\" QUIT; echo list''ening; read -r x; read -r x'")
            .unwrap();
        terminal.shows("listening").unwrap();
        terminal.types("\u{1c}\u{1c}").unwrap();
        terminal.shows("quit was heard").unwrap();
        terminal.presses("Enter").unwrap();
        terminal.presses("Enter").unwrap();
        terminal.says("exit 7").unwrap();
        terminal.until("the shell outside", |screen| screen.trim_end().ends_with('$')).unwrap();
        terminal.says("echo status $?").unwrap();
        terminal.shows("status 7").unwrap();
        let listed = seat.shell(&["--status", "--json"]).succeeds().json();
        assert_eq!(listed["sessions"].as_array().map(Vec::len), Some(0), "it is over: {listed}");
    });
}
