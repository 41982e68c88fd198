//! Modes that a program sets and that another terminal must be told of.

use std::fmt::Write as _;

/// Private modes that are on or off, and what each is at first. Autowrap and the cursor's visibility are on.
pub const PLAIN: [(u16, bool); 12] = [
    (1, false),    // cursor keys send application sequences
    (5, false),    // the whole screen is inverse
    (7, true),     // text wraps
    (12, false),   // the cursor blinks
    (25, true),    // the cursor is visible
    (45, false),   // backspace wraps backwards
    (1004, false), // focus is reported
    (1007, false), // the wheel sends cursor keys on the alternate screen
    (1034, false), // alt sends 8 bits
    (1036, false), // alt sends escape
    (2004, false), // pasted text is bracketed
    (2031, false), // changes of colour scheme are reported
];

/// Which events of the mouse are reported: one at a time.
const MOUSE: [u16; 4] = [9, 1000, 1002, 1003];

/// How they are written: one at a time.
const ENCODINGS: [u16; 4] = [1005, 1006, 1015, 1016];

/// The deepest stack of keyboard flags that is kept.
const DEEPEST: usize = 8;

/// All of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Modes {
    plain: [bool; PLAIN.len()],
    mouse: Option<u16>,
    encoding: Option<u16>,
    /// Characters move what is to their right.
    pub(super) insert: bool,
    /// A line feed returns, too.
    pub(super) newline: bool,
    /// The keypad sends application sequences.
    keypad: bool,
    /// DECSCUSR.
    cursor_style: u16,
    /// xterm's modifyOtherKeys.
    other_keys: u16,
    /// Flags of the kitty keyboard protocol, as pushed.
    keyboard: Vec<u16>,
}

impl Default for Modes {
    fn default() -> Self {
        Self {
            plain: PLAIN.map(|(_, at_first)| at_first),
            mouse: None,
            encoding: None,
            insert: false,
            newline: false,
            keypad: false,
            cursor_style: 0,
            other_keys: 0,
            keyboard: Vec::new(),
        }
    }
}

impl Modes {
    /// Sets or resets a private mode, if it is one of these.
    fn set(&mut self, number: u16, on: bool) {
        let plain = PLAIN.iter().zip(&mut self.plain).find(|((known, _), _)| *known == number);
        if let Some((_, value)) = plain {
            *value = on;
        } else if MOUSE.contains(&number) {
            self.mouse = on.then_some(number);
        } else if ENCODINGS.contains(&number) {
            self.encoding = on.then_some(number);
        }
    }

    /// Takes a control sequence, if it is about modes.
    pub(crate) fn csi(&mut self, params: &vte::Params, intermediates: &[u8], action: char) {
        let nth = |at: usize| params.iter().nth(at).and_then(|param| param.first()).copied().unwrap_or(0);
        let on = action == 'h';
        let all = || params.iter().filter_map(|param| param.first().copied());
        match (intermediates, action) {
            ([b'?'], 'h' | 'l') => all().for_each(|number| self.set(number, on)),
            ([], 'h' | 'l') => all().for_each(|number| match number {
                4 => self.insert = on,
                20 => self.newline = on,
                _ => {}
            }),
            ([b' '], 'q') => self.cursor_style = nth(0).min(6),
            ([b'!'], 'p') => self.soft_reset(),
            ([b'>'], 'm') if nth(0) == 4 => self.other_keys = nth(1).min(3),
            ([b'>'], 'u') => self.push_keyboard(nth(0)),
            ([b'<'], 'u') => self.pop_keyboard(nth(0)),
            ([b'='], 'u') => self.set_keyboard(nth(0)),
            _ => {}
        }
    }

    /// Takes an escape sequence, if it is about modes.
    pub(crate) fn escape(&mut self, intermediates: &[u8], byte: u8) {
        if let ([], b'=' | b'>') = (intermediates, byte) {
            self.keypad = byte == b'=';
        }
    }

    pub(super) fn is_set(&self, number: u16) -> bool {
        PLAIN.iter().zip(&self.plain).any(|((known, _), value)| *known == number && *value)
    }

    fn push_keyboard(&mut self, flags: u16) {
        if self.keyboard.len() == DEEPEST {
            self.keyboard.remove(0);
        }
        self.keyboard.push(flags);
    }

    fn pop_keyboard(&mut self, count: u16) {
        let left = self.keyboard.len().saturating_sub(usize::from(count.max(1)));
        self.keyboard.truncate(left);
    }

    fn set_keyboard(&mut self, flags: u16) {
        // Setting without having pushed changes the bottom, which nobody ever pops: kept as one that was pushed.
        match self.keyboard.last_mut() {
            Some(last) => *last = flags,
            None => self.keyboard.push(flags),
        }
    }

    /// What a soft reset (DECSTR) does to them.
    fn soft_reset(&mut self) {
        self.set(1, false);
        self.set(7, true);
        self.set(25, true);
        self.insert = false;
        self.keypad = false;
    }

    /// Writes what turns a terminal in its first state into this.
    pub(super) fn write(&self, out: &mut String) {
        self.write_change(&Self::default(), out);
    }

    /// Writes what turns this into the first state.
    pub(super) fn write_undo(&self, out: &mut String) {
        Self::default().write_change(self, out);
    }

    /// Writes what turns `told` into this, as far as it concerns keys, the mouse and the cursor; pictures are not drawn with
    /// the program's sequences, and the terminal's own must wrap and insert as they do at first.
    pub(super) fn write_for_picture(&self, told: &mut Self, out: &mut String) {
        let mut wanted = self.clone();
        wanted.insert = false;
        wanted.newline = false;
        wanted.set(7, true);
        // Each picture hides the cursor first.
        told.set(25, false);
        wanted.write_change(told, out);
        *told = wanted;
    }

    fn write_change(&self, before: &Self, out: &mut String) {
        for (((number, _), value), was) in PLAIN.iter().zip(self.plain).zip(before.plain) {
            if value != was {
                private(*number, value, out);
            }
        }
        for (now, was) in [(self.mouse, before.mouse), (self.encoding, before.encoding)] {
            if now != was {
                if let Some(was) = was {
                    private(was, false, out);
                }
                if let Some(now) = now {
                    private(now, true, out);
                }
            }
        }
        let switches = [
            (self.insert != before.insert, if self.insert { "\x1b[4h" } else { "\x1b[4l" }),
            (self.newline != before.newline, if self.newline { "\x1b[20h" } else { "\x1b[20l" }),
            (self.keypad != before.keypad, if self.keypad { "\x1b=" } else { "\x1b>" }),
        ];
        switches.iter().filter(|(changed, _)| *changed).for_each(|(_, text)| out.push_str(text));
        let _infallible = self.write_rest(before, out);
    }

    fn write_rest(&self, before: &Self, out: &mut String) -> std::fmt::Result {
        if self.cursor_style != before.cursor_style {
            write!(out, "\x1b[{} q", self.cursor_style)?;
        }
        if self.other_keys != before.other_keys {
            write!(out, "\x1b[>4;{}m", self.other_keys)?;
        }
        if self.keyboard != before.keyboard {
            if !before.keyboard.is_empty() {
                write!(out, "\x1b[<{}u", before.keyboard.len())?;
            }
            for flags in &self.keyboard {
                write!(out, "\x1b[>{flags}u")?;
            }
        }
        Ok(())
    }
}

fn private(number: u16, on: bool, out: &mut String) {
    let _infallible = write!(out, "\x1b[?{number}{}", if on { 'h' } else { 'l' });
}
