//! Screens: what sequences do, held against another terminal; and that what is restored is the same.

use super::Screen;
use super::restore::Ground;
use crate::message::Size;
use proptest::prelude::{Just, ProptestConfig, Strategy, any, prop, prop_oneof, proptest};

fn screen(columns: u16, rows: u16, text: &str) -> Screen {
    let mut screen = Screen::new(Size { columns, rows }, 1 << 20);
    screen.write(text.as_bytes());
    screen
}

fn restored(screen: &Screen) -> Screen {
    let mut other = Screen::new(screen.size(), 1 << 20);
    // A terminal that was used before, left in some state, and in the middle of a sequence.
    other.write(b"old\r\nold\x1b[?7l\x1b[4h\x1b[3;5r\x1b(0\x1b[31;44m\x1b[?6h\x1b]52;unfinished");
    let mut bytes = String::new();
    screen.begin(false, Ground::Below, &mut bytes);
    screen.scrollback().write(0, usize::MAX, &mut bytes);
    screen.draw(screen.size(), &mut bytes);
    other.write(bytes.as_bytes());
    other
}

fn assert_restores(screen: &Screen) {
    assert_eq!(restored(screen).all(), screen.all());
}

#[test]
fn lines_that_scroll_off_are_kept() {
    let screen = screen(10, 3, "one\r\ntwo\r\nthree\r\nfour\r\nfive");
    let mut out = String::new();
    screen.scrollback().write(0, usize::MAX, &mut out);
    assert_eq!((out.as_str(), screen.text().join("|").as_str()), ("one\r\ntwo\r\n", "three|four|five"));
}

#[test]
fn a_restored_terminal_has_the_same_scrollback() {
    let line = |line: usize| format!("\x1b[3{}m{line}\x1b[m {}\r\n", line % 8, "x".repeat(line));
    let text: Vec<String> = (0..50).map(line).collect();
    let text = text.concat();
    let screen = screen(20, 5, &text);
    assert_restores(&screen);
    let (mut ours, mut theirs) = (String::new(), String::new());
    screen.scrollback().write(0, usize::MAX, &mut ours);
    restored(&screen).scrollback().write(0, usize::MAX, &mut theirs);
    assert!(theirs.ends_with(&ours), "{theirs:?}");
}

#[test]
fn boxes_are_drawn_with_the_other_character_set() {
    let screen = screen(10, 3, "\x1b(0lqk\x1b(B\r\n\x1b)0\x0ex x\x0f");
    assert_eq!(screen.text()[..2], ["┌─┐", "│ │"]);
}

#[test]
fn insert_mode_moves_what_is_right() {
    assert_eq!(screen(5, 1, "abc\r\x1b[4hXY").text(), ["XYabc"]);
}

#[test]
fn without_wrapping_the_last_column_is_overwritten() {
    assert_eq!(screen(5, 2, "\x1b[?7labcdefg").text(), ["abcdg", ""]);
}

#[test]
fn a_wide_character_that_loses_a_half_is_gone() {
    assert_eq!(screen(6, 1, "中文\x1b[1;2HX").text(), [" X文"]);
    assert_eq!(screen(6, 1, "中文\x1b[1;1H\x1b[P").text(), [" 文"]);
    assert_eq!(screen(6, 1, "中文\x1b[1;2H\x1b[@").text(), ["   文"]);
}

#[test]
fn marks_stay_with_their_character() {
    let screen = screen(6, 1, "e\u{301}x\x1b[1;1H\x1b[@");
    assert_eq!(screen.text(), [" e\u{301}x"]);
    assert_restores(&screen);
}

#[test]
fn the_alternate_screen_goes_and_the_primary_is_as_it_was() {
    let mut screen =
        screen(10, 3, "shell$ \x1b[32mvi\x1b[?1049h\x1b[2J\x1b[H~\r\n~\x1b[?25l\x1b[?1000h\x1b[?2004h");
    assert_restores(&screen);
    let mut other = restored(&screen);
    for one in [&mut screen, &mut other] {
        one.write(b"\x1b[?1049l!");
        assert_eq!(one.text()[0], "shell$ vi!");
    }
    assert_eq!(other.all(), screen.all());
}

#[test]
fn modes_cursor_and_title_are_restored() {
    for text in [
        "\x1b[?1h\x1b=\x1b[?2004h\x1b[?1002h\x1b[?1006h\x1b[?1004h\x1b[4 q\x1b[?25l",
        "\x1b]2;a title\x07\x1b[2;3r\x1b[?6h\x1b[2;2Hx",
        "\x1b[>1u\x1b[>5u\x1b[>4;2m",
        "0123456789",
        "01234567中",
        "\x1b[1;5H\x1b7\x1b[H",
        "\x1b[3g\x1b[1;4H\x1bH\x1b[1;7H\x1bH",
        "\x1b[1;3;4:3;5;9;38;5;200;48;2;1;2;3;58:5:9mstyled\x1b[K",
        "\x1b(0\x0e\x1b)0lq",
        "0123456789\x1b[2;4r\x1b[?6h\x1b[31mx\x1b7",
    ] {
        assert_restores(&screen(10, 4, text));
    }
}

#[test]
fn programs_are_answered() {
    let mut screen = screen(10, 4, "ab\x1b[6n\x1b[5n\x1b[c");
    assert_eq!(screen.take_answers(), b"\x1b[1;3R\x1b[0n\x1b[?62;22c");
    (0..10_000).for_each(|_| screen.write(b"\x1b[6n"));
    assert!(screen.take_answers().len() <= 1024);
}

#[test]
fn a_sequence_without_an_end_keeps_no_memory() {
    let mut screen = screen(10, 4, "\x1b]2;");
    (0..1000).for_each(|_| screen.write(&[b'x'; 10_000]));
    screen.write(b"\x07ok");
    assert_eq!(screen.text()[0], "ok");
    assert!(screen.title().len() <= 1024);
}

#[test]
fn lines_are_wrapped_anew_at_another_width() {
    let mut screen = screen(10, 4, "0123456789abcdef\r\n$ x");
    screen.resize(Size { columns: 6, rows: 4 });
    assert_eq!(screen.text(), ["012345", "6789ab", "cdef", "$ x"]);
    screen.resize(Size { columns: 20, rows: 4 });
    assert_eq!(screen.text(), ["0123456789abcdef", "$ x", "", ""]);
    screen.write(b"!");
    assert_eq!(screen.text()[1], "$ x!");
    assert_restores(&screen);
}

#[test]
fn a_lower_screen_keeps_the_cursor_and_sends_the_top_up() {
    let mut screen = screen(10, 4, "a\r\nb\r\nc\r\nd");
    screen.resize(Size { columns: 10, rows: 2 });
    assert_eq!(screen.text(), ["c", "d"]);
    assert_eq!(screen.scrollback().len(), 2);
    let mut empty = self::screen(10, 4, "a");
    empty.resize(Size { columns: 10, rows: 2 });
    assert_eq!((empty.text(), empty.scrollback().len()), (vec!["a".to_owned(), String::new()], 0));
}

/// Sequences as programs write them, with bounds that make them meet.
fn sequence() -> impl Strategy<Value = String> {
    let number = 0u16..14;
    prop_oneof![
        4 => "[ -~]{1,12}",
        1 => "[中文éxyz\u{301}─]{1,6}",
        2 => prop::sample::select(vec!["\r\n", "\r", "\n", "\t", "\u{8}", "\x0e", "\x0f", "\x1b7", "\x1b8", "\x1bM",
            "\x1bD", "\x1bE", "\x1bH", "\x1b(0", "\x1b(B", "\x1b)0", "\x1b=", "\x1b>", "\x1b#8", "\x1bc", "\x1b[!p"]).prop_map(str::to_owned),
        3 => (prop::sample::select("@ABCDEFGHIJKLMPSTXZ`abdefgrsu".chars().collect::<Vec<_>>()), number.clone(), number.clone())
            .prop_map(|(action, one, two)| format!("\x1b[{one};{two}{action}")),
        2 => (prop::sample::select(vec![1u16, 5, 6, 7, 9, 12, 25, 47, 1000, 1002, 1003, 1004, 1005, 1006, 1047, 1048, 1049, 2004]), any::<bool>())
            .prop_map(|(mode, on)| format!("\x1b[?{mode}{}", if on { 'h' } else { 'l' })),
        1 => (prop::sample::select(vec![4u16, 20]), any::<bool>()).prop_map(|(mode, on)| format!("\x1b[{mode}{}", if on { 'h' } else { 'l' })),
        3 => prop::collection::vec(prop::sample::select(vec!["0", "1", "2", "3", "4", "4:3", "5", "7", "8", "9", "22", "24", "31", "42", "97", "103",
            "38;5;123", "48;2;9;8;7", "58:5:3", "39", "49", "53"]), 0..4).prop_map(|all| format!("\x1b[{}m", all.join(";"))),
        1 => (0u16..9).prop_map(|style| format!("\x1b[{style} q")),
        1 => Just("\x1b]2;title\x07".to_owned()),
        1 => (0u16..4, prop::sample::select(vec!["\x1b[>{}u", "\x1b[<{}u", "\x1b[={}u", "\x1b[>4;{}m"]))
            .prop_map(|(number, text)| text.replace("{}", &number.to_string())),
    ]
}

/// Sequences that the vt100 crate knows as well; without backgrounds and inversion, which it
/// treats otherwise where a screen scrolls and where wide characters are cut.
fn common_sequence() -> impl Strategy<Value = String> {
    let number = 0u16..14;
    prop_oneof![
        4 => ("[ -~中文é]{1,12}", 1u16..9, 1u16..14).prop_map(|(text, row, column)| format!("{text}\x1b[{row};{column}H")),
        2 => prop::sample::select(vec!["\r\n", "\r", "\x1bM"]).prop_map(str::to_owned),
        3 => (prop::sample::select("ABCDEFGHJKdH".chars().collect::<Vec<_>>()), number.clone(), number)
            .prop_map(|(action, one, two)| format!("\x1b[{};{}{action}", if "JK".contains(action) { one % 3 } else { one }, two)),
        2 => prop::collection::vec(prop::sample::select(vec!["0", "1", "3", "4", "22", "24", "31", "97",
            "38;5;123", "38;2;9;8;7", "39"]), 0..4).prop_map(|all| format!("\x1b[{}m", all.join(";"))),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_restored_is_the_same(pieces in prop::collection::vec(sequence(), 0..60), columns in 1u16..14, rows in 1u16..7) {
        let screen = screen(columns, rows, &pieces.concat());
        assert_restores(&screen);
    }

    #[test]
    fn what_is_restored_after_other_sizes_is_the_same(
        pieces in prop::collection::vec((sequence(), 1u16..14, 1u16..7), 0..30)
    ) {
        let mut screen = screen(8, 4, "");
        for (text, columns, rows) in pieces {
            screen.write(text.as_bytes());
            screen.resize(Size { columns, rows });
        }
        assert_restores(&screen);
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..500), columns in 1u16..9, rows in 1u16..5) {
        let mut screen = Screen::new(Size { columns, rows }, 1000);
        screen.write(&bytes);
        assert_restores(&screen);
    }

    #[test]
    fn another_terminal_shows_the_same(pieces in prop::collection::vec(common_sequence(), 0..40), columns in 2u16..14, rows in 2u16..7) {
        let text = pieces.concat();
        let ours = screen(columns, rows, &text);
        let size = |number| std::num::NonZeroU16::new(number).unwrap();
        let mut theirs = vt100::Parser::new(size(rows), size(columns), 0);
        theirs.process(text.as_bytes());
        let lines: Vec<String> = theirs.screen().rows(0, columns).map(|row| row.trim_end().to_owned()).collect();
        let mine: Vec<String> = ours.text().iter().map(|row| row.trim_end().to_owned()).collect();
        assert_eq!(mine, lines);
    }

    #[test]
    fn another_terminal_is_restored_the_same(pieces in prop::collection::vec(common_sequence(), 0..40), columns in 2u16..14, rows in 2u16..7) {
        let text = pieces.concat();
        let ours = screen(columns, rows, &text);
        let size = |number| std::num::NonZeroU16::new(number).unwrap();
        let terminal = || vt100::Parser::new(size(rows), size(columns), 0);
        let (mut original, mut copy) = (terminal(), terminal());
        original.process(text.as_bytes());
        let mut bytes = String::new();
        ours.begin(false, Ground::Below, &mut bytes);
        ours.draw(ours.size(), &mut bytes);
        copy.process(bytes.as_bytes());
        // An erased place and a space look alike, and have no colour of text.
        let look = |parser: &vt100::Parser| -> Vec<String> {
            (0..rows).flat_map(|row| (0..columns).map(move |column| (row, column))).map(|(row, column)| {
                let cell = parser.screen().cell(row, column).unwrap();
                let text = if cell.has_contents() || cell.is_wide_continuation() { cell.contents() } else { " " };
                if text == " " {
                    return format!(" {:?}", cell.bgcolor());
                }
                format!("{text}{:?}{:?}{}{}{}{}", cell.fgcolor(), cell.bgcolor(), cell.bold(), cell.italic(), cell.underline(), cell.inverse())
            }).collect()
        };
        assert_eq!(look(&copy).concat(), look(&original).concat());
        assert_eq!(copy.screen().cursor_position(), original.screen().cursor_position());
    }
}
