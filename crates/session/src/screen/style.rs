//! How a character looks.

use std::fmt::Write as _;

/// A colour: 0 is the terminal's own, `1 << 24 | n` one of 256, `2 << 24 | rgb` any.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Color(u32);

impl Color {
    pub(super) fn indexed(index: u8) -> Self {
        Self(1 << 24 | u32::from(index))
    }

    pub(super) fn rgb(red: u8, green: u8, blue: u8) -> Self {
        Self(u32::from_be_bytes([2, red, green, blue]))
    }

    /// Writes it for the ground that begins with `basic` (30 or 40) and `long` (38, 48 or 58).
    fn write(self, basic: Option<u8>, long: u8, out: &mut String) {
        let [tag, red, green, blue] = self.0.to_be_bytes();
        let _infallible = match (tag, basic) {
            (0, _) => Ok(()),
            (1, Some(basic)) if blue < 8 => write!(out, ";{}", basic + blue),
            (1, Some(basic)) if blue < 16 => write!(out, ";{}", basic + 60 + blue - 8),
            (1, Some(_)) => write!(out, ";{long};5;{blue}"),
            (_, Some(_)) => write!(out, ";{long};2;{red};{green};{blue}"),
            // The colour of underlines is understood with colons only, by some.
            (1, None) => write!(out, ";{long}:5:{blue}"),
            (_, None) => write!(out, ";{long}:2::{red}:{green}:{blue}"),
        };
    }
}

/// Everything that SGR sets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Style {
    pub(super) foreground: Color,
    pub(super) background: Color,
    pub(super) line: Color,
    flags: u16,
}

/// Attributes that are on or off, with the parameter that sets each and the one that ends it.
pub(super) const BOLD: u16 = 1;
pub(super) const DIM: u16 = 1 << 1;
pub(super) const ITALIC: u16 = 1 << 2;
pub(super) const BLINK: u16 = 1 << 3;
pub(super) const INVERSE: u16 = 1 << 4;
pub(super) const HIDDEN: u16 = 1 << 5;
pub(super) const STRUCK: u16 = 1 << 6;
pub(super) const OVERLINE: u16 = 1 << 7;
const UNDERLINE_SHIFT: u16 = 8;
const UNDERLINE: u16 = 7 << UNDERLINE_SHIFT;

/// The parameters that set them.
const SET: [(u16, u8); 8] =
    [(BOLD, 1), (DIM, 2), (ITALIC, 3), (BLINK, 5), (INVERSE, 7), (HIDDEN, 8), (STRUCK, 9), (OVERLINE, 53)];

impl Style {
    pub(super) fn set(&mut self, flag: u16) {
        self.flags |= flag;
    }

    pub(super) fn clear(&mut self, flags: u16) {
        self.flags &= !flags;
    }

    /// 0 none, 1 plain, 2 double, 3 curly, 4 dotted, 5 dashed.
    pub(super) fn underline(&mut self, kind: u16) {
        self.flags = self.flags & !UNDERLINE | kind.min(5) << UNDERLINE_SHIFT;
    }

    /// What remains of it where something is erased.
    pub(super) fn erased(self) -> Self {
        Self { background: self.background, ..Self::default() }
    }

    /// Writes what turns `before` into this.
    pub(super) fn write(self, before: Self, out: &mut String) {
        if self == before {
            return;
        }
        if self == Self::default() {
            out.push_str("\x1b[m");
            return;
        }
        // From anywhere but the default everything is said anew: short enough, and never wrong.
        let from = out.len();
        out.push_str(if before == Self::default() { "\x1b[" } else { "\x1b[0" });
        for (flag, parameter) in SET {
            if self.flags & flag != 0 {
                let _infallible = write!(out, ";{parameter}");
            }
        }
        let _infallible = match (self.flags & UNDERLINE) >> UNDERLINE_SHIFT {
            0 => Ok(()),
            1 => write!(out, ";4"),
            kind => write!(out, ";4:{kind}"),
        };
        self.foreground.write(Some(30), 38, out);
        self.background.write(Some(40), 48, out);
        self.line.write(None, 58, out);
        out.push('m');
        if before == Self::default() {
            // The first `;` would mean a parameter of nothing, which resets: harmless, but longer.
            if out.get(from + 2..=from + 2) == Some(";") {
                out.remove(from + 2);
            }
        }
    }
}
