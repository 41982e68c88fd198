//! One place on the screen.

use super::style::Style;

/// What stands in the second column of a wide character.
pub(super) const TAIL: char = '\0';

/// A character and how it looks. An erased place is a space.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Cell {
    pub(super) char: char,
    pub(super) style: Style,
}

impl Cell {
    pub(super) fn blank(style: Style) -> Self {
        Self { char: ' ', style }
    }

    pub(super) fn is_tail(self) -> bool {
        self.char == TAIL
    }
}

impl Default for Cell {
    fn default() -> Self {
        Self::blank(Style::default())
    }
}
