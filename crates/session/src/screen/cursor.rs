//! Where the next character goes, and how it looks: all that DECSC saves.

use super::style::Style;

/// The four character sets, and which is in use. A terminal of today has two: its own, and the one for drawing lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Charsets {
    /// Whether each is the one for drawing lines.
    pub(super) drawing: [bool; 2],
    /// Shift out: the second is in use.
    pub(super) shifted: bool,
}

impl Charsets {
    pub(super) fn is_drawing(self) -> bool {
        let [first, second] = self.drawing;
        if self.shifted { second } else { first }
    }
}

/// A cursor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Cursor {
    pub(super) row: u16,
    pub(super) column: u16,
    /// The last column was written: the next character goes to the next row.
    pub(super) wraps: bool,
    pub(super) style: Style,
    /// Rows are counted from the top of the scrolling region.
    pub(super) origin: bool,
    pub(super) charsets: Charsets,
}

/// The characters for drawing lines that stand for `_` to `~` (DEC special graphics).
const DRAWING: [char; 32] = [
    '\u{a0}', '◆', '▒', '␉', '␌', '␍', '␊', '°', '±', '␤', '␋', '┘', '┐', '┌', '└', '┼', '⎺', '⎻', '─', '⎼',
    '⎽', '├', '┤', '┴', '┬', '│', '≤', '≥', 'π', '≠', '£', '·',
];

/// What `char` is in the set for drawing lines.
pub(super) fn drawing(char: char) -> char {
    let at = u32::from(char).checked_sub(u32::from('_')).and_then(|at| usize::try_from(at).ok());
    at.and_then(|at| DRAWING.get(at)).copied().unwrap_or(char)
}

#[cfg(test)]
mod tests {
    use super::drawing;

    #[test]
    fn lines_are_drawn_with_letters() {
        let drawn: String = "lqkxmj_~ a".chars().map(drawing).collect();
        assert_eq!(drawn, "┌─┐│└┘\u{a0}· ▒");
    }
}
