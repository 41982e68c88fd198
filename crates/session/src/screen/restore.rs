//! The bytes that make another terminal look as this screen does.

use std::fmt::Write as _;

use super::cursor::Cursor;
use super::grid::Grid;
use super::modes::Modes;
use super::style::Style;
use super::{Screen, State};
use crate::message::Size;

/// Ends whatever sequence was begun, and makes everything that this writes mean what it should.
///
/// Not the end of origin mode, which moves the cursor.
const CLEAN: &str = "\x18\x1b]8;;\x1b\\\x1b[m\x1b(B\x1b)B\x0f\x1b[?7h\x1b[4l\x1b[20l\x1b[?25l";

/// Where the picture is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ground {
    /// Behind what the terminal shows; that and the scrollback lines that were written land in the terminal's own scrollback.
    Below,
    /// Over what the terminal shows.
    Over,
}

impl Screen {
    /// Writes what must come before lines and [`Screen::draw`]: the terminal, which may be in whatever state a program left it
    /// in, is on its primary screen. With [`Ground::Over`] the cursor is in the first corner, and nothing is shown.
    pub fn begin(&self, was_alternate: bool, ground: Ground, out: &mut String) {
        out.push_str(CLEAN);
        if was_alternate {
            out.push_str("\x1b[?1049l\x1b[m\x1b(B\x1b)B\x0f");
        }
        match ground {
            Ground::Over => out.push_str("\x1b[?6l\x1b[r\x1b[H\x1b[J"),
            // Setting the region moves the cursor.
            Ground::Below => out.push_str("\x1b7\x1b[r\x1b8\r\x1b[J"),
        }
    }

    /// Writes the screen, the cursor and all modes, for a terminal of `outer` size. The rows come one below the other, so that
    /// they push what was there upwards, and fill the terminal.
    pub fn draw(&self, outer: Size, out: &mut String) {
        self.state.draw(outer, out);
    }
}

/// Writes what ends everything that a program may have set, and leaves the cursor where it is; on the primary screen, if it
/// `is_alternate`.
pub fn undo_modes(modes: &Modes, is_alternate: bool, has_origin: bool, out: &mut String) {
    // A link that is open, margins, and a picture that is held back.
    out.push_str("\x18\x1b\\\x1b]8;;\x1b\\\x1b[?69l\x1b[?2026l\x1b[?1001l");
    if is_alternate {
        out.push_str("\x1b[?1049l");
    }
    modes.write_undo(out);
    // Origin mode and the region each move the cursor when they end.
    let origin = if has_origin { "\x1b[?6l\x1b[999;1H" } else { "" };
    out.push_str("\x1b[m\x1b(B\x1b)B\x0f\x1b7\x1b[r\x1b8");
    out.push_str(origin);
    out.push_str("\x1b[?7h\x1b[?25h");
}

impl State {
    fn draw(&self, outer: Size, out: &mut String) {
        let exact = outer == self.size;
        write_rows(&self.primary, exact, out);
        for _ in self.size.rows..outer.rows {
            out.push_str("\r\n");
        }
        out.push_str("\x1b[?6l");
        let whole = (0, self.last_row());
        place(self.primary.saved, &self.primary, whole, out);
        if self.on_alternate {
            out.push_str("\x1b[?1049h\x1b[m\x1b(B\x1b)B\x0f\x1b[?6l\x1b[H\x1b[2J");
            write_rows(&self.alternate, exact, out);
            place(self.alternate.saved, &self.alternate, whole, out);
        }
        // DECSC, on the screen that is shown. For the primary one 1049 has done it.
        out.push_str("\x1b7\x1b[m\x1b[?6l\x1b(B\x1b)B\x0f");
        self.write_tabs(out);
        if self.region != (0, self.last_row()) {
            let _infallible = write!(out, "\x1b[{};{}r", self.region.0 + 1, self.region.1 + 1);
        }
        place(self.cursor, self.grid(), self.region, out);
        self.modes_and_title(out);
    }

    fn modes_and_title(&self, out: &mut String) {
        // The cursor was hidden while drawing.
        out.push_str("\x1b[?25h");
        self.modes.write(out);
        if !self.title.is_empty() {
            let _infallible = write!(out, "\x1b]2;{}\x1b\\", self.title);
        }
    }

    fn write_tabs(&self, out: &mut String) {
        if let Some(stops) = &self.tabs {
            out.push_str("\x1b[3g");
            for stop in stops {
                let _infallible = write!(out, "\x1b[1;{}H\x1bH", stop + 1);
            }
        }
    }
}

/// Writes what brings the cursor to its place with all that it has. What was there before: no attributes, the first
/// character sets, no origin mode.
fn place(cursor: Cursor, grid: &Grid, (top, bottom): (u16, u16), out: &mut String) {
    let mut row = cursor.row;
    if cursor.origin {
        out.push_str("\x1b[?6h");
        row = row.clamp(top, bottom) - top;
    }
    let mut column = cursor.column;
    let mut style = Style::default();
    let last = grid.rows.get(usize::from(cursor.row)).filter(|_| cursor.wraps);
    if let Some(last) = last {
        column = if last.get(column).is_tail() { column.saturating_sub(1) } else { column };
    }
    let _infallible = write!(out, "\x1b[{};{}H", row + 1, column + 1);
    if let Some(last) = last {
        // Only writing the last character leaves a cursor that wraps.
        let cell = last.get(column);
        cell.style.write(style, out);
        style = cell.style;
        out.push(cell.char);
        out.push_str(last.marks(column));
    }
    cursor.style.write(style, out);
    for (drawing, set) in cursor.charsets.drawing.into_iter().zip(["\x1b(0", "\x1b)0"]) {
        if drawing {
            out.push_str(set);
        }
    }
    if cursor.charsets.shifted {
        out.push('\x0e');
    }
}

/// Writes all rows from the cursor's on. In a terminal of the same width lines wrap by themselves, so that it knows them as one.
fn write_rows(grid: &Grid, exact: bool, out: &mut String) {
    let mut style = Style::default();
    let mut continues = false;
    let last = grid.rows.len().saturating_sub(1);
    for (at, row) in grid.rows.iter().enumerate() {
        let wraps = row.wrapped && exact && at < last;
        // What is continued must begin with something, or it would not wrap.
        let end = if wraps { row.width() } else { row.end().max(u16::from(continues)) };
        style = row.write(end, style, out);
        if continues && end < row.width() {
            // Where wrapping scrolled, the new row has the background of the character that wrapped.
            Style::default().write(style, out);
            style = Style::default();
            out.push_str("\x1b[K");
        }
        continues = wraps;
        if !wraps && at < last {
            // A new row must not take the background along.
            Style::default().write(style, out);
            style = Style::default();
            out.push_str("\r\n");
        }
    }
    Style::default().write(style, out);
}

#[cfg(test)]
impl Screen {
    /// All that a terminal shows and knows; for comparing.
    pub(super) fn all(&self) -> String {
        let state = &self.state;
        let mut rows = Vec::new();
        let grids =
            if state.on_alternate { vec![&state.primary, &state.alternate] } else { vec![&state.primary] };
        for grid in &grids {
            for (at, row) in grid.rows.iter().enumerate() {
                let mut line = String::new();
                let style = row.write(row.end(), Style::default(), &mut line);
                Style::default().write(style, &mut line);
                let wraps = row.wrapped && at + 1 < grid.rows.len();
                rows.push(format!("{line:?}{}", if wraps { "\\" } else { "" }));
            }
        }
        let saved: Vec<_> = grids.iter().map(|grid| grid.saved).collect();
        format!(
            "{}\nregion {:?} tabs {:?} title {:?} alternate {}\n{:?}\ncursor {:?}\nsaved {saved:?}",
            rows.join("\n"),
            state.region,
            state.tabs,
            state.title,
            state.on_alternate,
            state.modes,
            state.cursor,
        )
    }
}
