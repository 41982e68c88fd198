//! A picture of the screen for a terminal of another size.

use std::fmt::Write as _;

use super::Screen;
use super::modes::Modes;
use super::style::Style;
use crate::message::Size;

impl Screen {
    /// Writes what must come before the first picture: its terminal is on its alternate screen.
    pub(crate) fn begin_picture(&self, was_alternate: bool, out: &mut String) {
        self.begin(was_alternate, super::restore::Ground::Below, out);
        out.push_str("\x1b[?1049h\x1b[H\x1b[2J");
    }

    /// Writes a picture over the former one: as much as fits, and always where the cursor is. `told` are the modes that the
    /// terminal knows, and those that it will.
    pub(crate) fn picture(&self, outer: Size, told: &mut Modes, out: &mut String) {
        let state = &self.state;
        let rows = outer.rows.min(state.size.rows);
        let columns = outer.columns.min(state.size.columns);
        let top = (state.cursor.row + 1).saturating_sub(rows);
        out.push_str("\x1b[?25l\x1b[m");
        for (at, row) in (1..=rows).zip(state.grid().rows.iter().skip(usize::from(top))) {
            let _infallible = write!(out, "\x1b[{at};1H");
            let end = row.end().min(columns);
            let end = if row.get(end).is_tail() { end.saturating_sub(1) } else { end };
            let style = row.write(end, Style::default(), out);
            Style::default().write(style, out);
            if end < outer.columns {
                out.push_str("\x1b[K");
            }
        }
        if rows < outer.rows {
            let _infallible = write!(out, "\x1b[{};1H\x1b[J", rows + 1);
        }
        let column = state.cursor.column.min(columns.saturating_sub(1));
        let _infallible = write!(out, "\x1b[{};{}H", state.cursor.row - top + 1, column + 1);
        state.modes.write_for_picture(told, out);
    }
}
