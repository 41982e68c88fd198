//! Which sequence does what.

use super::State;
use super::style::{BLINK, BOLD, Color, DIM, HIDDEN, INVERSE, ITALIC, OVERLINE, STRUCK, Style};

/// The most bytes of answers that wait; a program that asks on and on gets no more.
const MOST_ANSWERS: usize = 1024;

/// The longest title, in characters.
const LONGEST_TITLE: usize = 256;

impl vte::Perform for State {
    #[inline]
    fn print(&mut self, char: char) {
        if let ' '..='~' = char {
            // The cast keeps all that such a character has.
            self.run.push(char as u8);
            return;
        }
        self.put_run();
        // Control characters of eight bits are not sent as such in UTF-8.
        if !('\u{7f}'..'\u{a0}').contains(&char) {
            self.print_char(char);
        }
    }

    fn execute(&mut self, byte: u8) {
        self.put_run();
        match byte {
            0x08 => {
                let column = self.cursor.column.saturating_sub(u16::from(!self.cursor.wraps));
                self.go_column(column);
            }
            b'\t' => self.tab(1),
            b'\n' | 0x0b | 0x0c => {
                if self.modes.newline {
                    self.cursor.column = 0;
                }
                self.line_feed();
            }
            b'\r' => self.go_column(0),
            0x0e => self.cursor.charsets.shifted = true,
            0x0f => self.cursor.charsets.shifted = false,
            _ => {}
        }
    }

    fn esc_dispatch(&mut self, intermediates: &[u8], ignore: bool, byte: u8) {
        self.put_run();
        match (intermediates, byte) {
            _ if ignore => {}
            ([], b'7') => self.save_cursor(),
            ([], b'8') => self.restore_cursor(),
            ([], b'=' | b'>') => self.modes.escape(intermediates, byte),
            ([], b'D') => self.line_feed(),
            ([], b'E') => {
                self.cursor.column = 0;
                self.line_feed();
            }
            ([], b'H') => self.set_tab(),
            ([], b'M') => self.reverse_line_feed(),
            ([], b'c') => self.reset(),
            ([b'('], set) => self.cursor.charsets.drawing[0] = set == b'0',
            ([b')'], set) => self.cursor.charsets.drawing[1] = set == b'0',
            ([b'#'], b'8') => self.align(),
            _ => {}
        }
    }

    fn csi_dispatch(&mut self, params: &vte::Params, intermediates: &[u8], ignore: bool, action: char) {
        self.put_run();
        if ignore {
            return;
        }
        self.modes.csi(params, intermediates, action);
        match intermediates {
            [] => self.csi(params, action),
            [b'?'] => self.csi_private(params, action),
            [b'!'] if action == 'p' => self.soft_reset(),
            [b'>'] if action == 'c' => self.answer("\x1b[>1;10;0c"),
            _ => {}
        }
    }

    fn osc_dispatch(&mut self, params: &[&[u8]], _bell: bool) {
        if let [b"0" | b"2", rest @ ..] = params {
            let text = rest.join(&b';');
            let text = String::from_utf8_lossy(&text);
            self.title = text.chars().filter(|char| !char.is_control()).take(LONGEST_TITLE).collect();
        }
    }
}

impl State {
    fn csi(&mut self, params: &vte::Params, action: char) {
        let count = first(params, 1);
        match action {
            '@' => self.insert_chars(count),
            'A' => self.go_rows(count, 0),
            'B' | 'e' => self.go_rows(0, count),
            'C' | 'a' => self.go_column(self.cursor.column.saturating_add(count)),
            'D' => self.go_column(self.cursor.column.saturating_sub(count)),
            'E' => {
                self.go_rows(0, count);
                self.go_column(0);
            }
            'F' => {
                self.go_rows(count, 0);
                self.go_column(0);
            }
            'G' | '`' => self.go_column(count - 1),
            'H' | 'f' => self.go(count - 1, nth(params, 1, 1) - 1),
            'I' => self.tab(count),
            'J' => self.erase_screen(first(params, 0)),
            'K' => self.erase_line(first(params, 0)),
            'L' => self.move_lines(count, true),
            'M' => self.move_lines(count, false),
            'P' => self.remove_chars(count),
            'S' => self.scroll_up(count),
            'T' => self.scroll_down(count),
            'X' => self.erase_chars(count),
            'Z' => self.back_tab(count),
            'b' => self.repeat(count),
            'd' => {
                let column = self.cursor.column;
                self.go(count - 1, column);
            }
            'r' => self.set_region(count - 1, nth(params, 1, self.size.rows) - 1),
            's' => self.save_cursor(),
            'u' => self.restore_cursor(),
            _ => self.csi_other(params, action),
        }
    }

    fn csi_other(&mut self, params: &vte::Params, action: char) {
        match action {
            'c' if first(params, 0) == 0 => self.answer("\x1b[?62;22c"),
            'g' => match first(params, 0) {
                0 => self.clear_tabs(false),
                3 => self.clear_tabs(true),
                _ => {}
            },
            'm' => sgr(params, &mut self.cursor.style),
            'n' => match first(params, 0) {
                5 => self.answer("\x1b[0n"),
                6 => {
                    let top = if self.cursor.origin { self.region.0 } else { 0 };
                    let row = self.cursor.row.saturating_sub(top) + 1;
                    self.answer(&format!("\x1b[{row};{}R", self.cursor.column + 1));
                }
                _ => {}
            },
            _ => {}
        }
    }

    fn csi_private(&mut self, params: &vte::Params, action: char) {
        match action {
            'h' | 'l' => params.iter().for_each(|param| self.private_mode(param, action == 'h')),
            'J' => self.erase_screen(first(params, 0).min(2)),
            'K' => self.erase_line(first(params, 0)),
            _ => {}
        }
    }

    fn private_mode(&mut self, param: &[u16], on: bool) {
        match param {
            [6] => {
                self.cursor.origin = on;
                self.go(0, 0);
            }
            [47] => self.switch(on),
            [1047] => {
                if !on && self.on_alternate {
                    self.alternate.clear(Style::default());
                }
                self.switch(on);
            }
            [1048] if on => self.save_cursor(),
            [1048] => self.restore_cursor(),
            [1049] => self.switch_and_save(on),
            // Text that no longer wraps stays at the edge.
            [7] if !on => self.cursor.wraps = false,
            _ => {}
        }
    }

    fn repeat(&mut self, count: u16) {
        if let Some(char) = self.last_char {
            let most = self.size.columns.saturating_mul(2).max(1);
            (0..count.min(most)).for_each(|_| self.print_plain(char));
        }
    }

    /// What was translated once is not translated again.
    fn print_plain(&mut self, char: char) {
        let charsets = std::mem::take(&mut self.cursor.charsets);
        self.print_char(char);
        self.cursor.charsets = charsets;
    }

    fn answer(&mut self, text: &str) {
        if self.answers.len() + text.len() <= MOST_ANSWERS {
            self.answers.extend_from_slice(text.as_bytes());
        }
    }
}

/// The first parameter; `default` where it is absent or 0.
fn first(params: &vte::Params, default: u16) -> u16 {
    nth(params, 0, default)
}

fn nth(params: &vte::Params, at: usize, default: u16) -> u16 {
    let value = params.iter().nth(at).and_then(|param| param.first()).copied().unwrap_or(0);
    if value == 0 { default } else { value }
}

/// SGR.
fn sgr(params: &vte::Params, style: &mut Style) {
    let mut params = params.iter();
    while let Some(param) = params.next() {
        match param {
            [] | [0] => *style = Style::default(),
            [1] => style.set(BOLD),
            [2] => style.set(DIM),
            [3] => style.set(ITALIC),
            [4] => style.underline(1),
            [4, kind, ..] => style.underline(*kind),
            [5 | 6] => style.set(BLINK),
            [7] => style.set(INVERSE),
            [8] => style.set(HIDDEN),
            [9] => style.set(STRUCK),
            [21] => style.underline(2),
            [22] => style.clear(BOLD | DIM),
            [23] => style.clear(ITALIC),
            [24] => style.underline(0),
            [25] => style.clear(BLINK),
            [27] => style.clear(INVERSE),
            [28] => style.clear(HIDDEN),
            [29] => style.clear(STRUCK),
            [53] => style.set(OVERLINE),
            [55] => style.clear(OVERLINE),
            [39] => style.foreground = Color::default(),
            [49] => style.background = Color::default(),
            [59] => style.line = Color::default(),
            [38, rest @ ..] => set_color(&mut style.foreground, rest, &mut params),
            [48, rest @ ..] => set_color(&mut style.background, rest, &mut params),
            [58, rest @ ..] => set_color(&mut style.line, rest, &mut params),
            [number, ..] => basic_color(*number, style),
        }
    }
}

/// The sixteen colours that have parameters of their own.
fn basic_color(number: u16, style: &mut Style) {
    let Ok(number) = u8::try_from(number) else { return };
    match number {
        30..=37 => style.foreground = Color::indexed(number - 30),
        40..=47 => style.background = Color::indexed(number - 40),
        90..=97 => style.foreground = Color::indexed(number - 90 + 8),
        100..=107 => style.background = Color::indexed(number - 100 + 8),
        _ => {}
    }
}

/// A colour behind 38, 48 or 58: within the same parameter with colons, or in those that follow.
fn set_color<'a>(color: &mut Color, within: &[u16], following: &mut impl Iterator<Item = &'a [u16]>) {
    let mut next = || following.next().and_then(|param| param.first()).copied();
    let parsed = match within {
        [] => match next() {
            Some(5) => next().map(|index| vec![5, index]),
            Some(2) => match (next(), next(), next()) {
                (Some(red), Some(green), Some(blue)) => Some(vec![2, red, green, blue]),
                _ => None,
            },
            _ => None,
        },
        // With colons there may be a colour space before the three.
        [2, _, red, green, blue, ..] => Some(vec![2, *red, *green, *blue]),
        other => Some(other.to_vec()),
    };
    let byte = |value: u16| u8::try_from(value).ok();
    let known = match parsed.as_deref() {
        Some([5, index]) => byte(*index).map(Color::indexed),
        Some([2, red, green, blue]) => match (byte(*red), byte(*green), byte(*blue)) {
            (Some(red), Some(green), Some(blue)) => Some(Color::rgb(red, green, blue)),
            _ => None,
        },
        _ => None,
    };
    if let Some(known) = known {
        *color = known;
    }
}
