//! What sequences do to the screen.

use super::State;
use super::cell::Cell;
use super::cursor::{Cursor, drawing};
use super::modes::Modes;
use super::style::Style;

impl State {
    /// One character.
    pub(super) fn print_char(&mut self, char: char) {
        let char = if self.cursor.charsets.is_drawing() { drawing(char) } else { char };
        let width = if char < '\u{300}' {
            1
        } else {
            unicode_width::UnicodeWidthChar::width(char).unwrap_or(0).min(2)
        };
        match width {
            0 => self.mark(char),
            1 => self.print_narrow(char),
            _ => self.print_wide(char),
        }
        if width > 0 {
            self.last_char = Some(char);
        }
    }

    /// Puts the plain characters that came.
    pub(super) fn put_run(&mut self) {
        if self.run.is_empty() {
            return;
        }
        let run = std::mem::take(&mut self.run);
        if self.modes.insert || self.cursor.charsets.is_drawing() {
            for byte in &run {
                self.print_char(char::from(*byte));
            }
        } else {
            let mut rest = run.as_slice();
            while let Some(last) = rest.last() {
                self.last_char = Some(char::from(*last));
                rest = self.put_some(rest);
            }
        }
        self.run = run;
        self.run.clear();
    }

    /// Puts what fits into the row; returns the rest.
    fn put_some<'a>(&mut self, run: &'a [u8]) -> &'a [u8] {
        if self.cursor.wraps {
            self.wrap();
        }
        let Cursor { row, column, style, .. } = self.cursor;
        let room = usize::from(self.size.columns.saturating_sub(column)).max(1);
        let (now, rest) = run.split_at(run.len().min(room));
        if let Some(row) = self.grid_mut().row_mut(row) {
            row.put_run(column, now, style);
        }
        self.advance(u16::try_from(now.len()).unwrap_or(u16::MAX));
        rest
    }

    #[inline]
    fn print_narrow(&mut self, char: char) {
        if self.cursor.wraps {
            self.wrap();
        }
        let Cursor { row, column, style, .. } = self.cursor;
        let insert = self.modes.insert;
        if let Some(row) = self.grid_mut().row_mut(row) {
            if insert {
                row.insert(column, 1, style.erased());
            }
            row.put(column, Cell { char, style });
        }
        self.advance(1);
    }

    fn print_wide(&mut self, char: char) {
        if self.size.columns < 2 {
            return;
        }
        if self.cursor.wraps {
            self.wrap();
        } else if self.cursor.column >= self.last_column() {
            if self.modes.is_set(7) {
                self.wrap();
            } else {
                self.cursor.column = self.last_column().saturating_sub(1);
            }
        }
        let Cursor { row, column, style, .. } = self.cursor;
        let insert = self.modes.insert;
        if let Some(row) = self.grid_mut().row_mut(row) {
            if insert {
                row.insert(column, 2, style.erased());
            }
            row.put_wide(column, Cell { char, style });
        }
        self.advance(2);
    }

    #[inline]
    fn advance(&mut self, width: u16) {
        self.cursor.column = self.cursor.column.saturating_add(width);
        if self.cursor.column > self.last_column() {
            self.cursor.column = self.last_column();
            self.cursor.wraps = self.modes.is_set(7);
        }
    }

    fn mark(&mut self, char: char) {
        let Cursor { row, column, wraps, .. } = self.cursor;
        let column = if wraps { Some(column) } else { column.checked_sub(1) };
        if let (Some(column), Some(row)) = (column, self.grid_mut().row_mut(row)) {
            row.mark(column, char);
        }
    }

    /// Goes to the next row, where the text goes on.
    fn wrap(&mut self) {
        let at = self.cursor.row;
        let moves = at == self.region.1 || at < self.last_row();
        if let Some(row) = self.grid_mut().row_mut(at) {
            row.wrapped = moves;
        }
        self.line_feed();
        self.cursor.column = 0;
    }

    /// One row down; at the bottom of the region everything scrolls.
    pub(super) fn line_feed(&mut self) {
        self.cursor.wraps = false;
        if self.cursor.row == self.region.1 {
            self.scroll_up(1);
        } else if self.cursor.row < self.last_row() {
            self.cursor.row += 1;
        }
    }

    /// One row up; at the top of the region everything scrolls.
    pub(super) fn reverse_line_feed(&mut self) {
        self.cursor.wraps = false;
        if self.cursor.row == self.region.0 {
            self.scroll_down(1);
        } else {
            self.cursor.row = self.cursor.row.saturating_sub(1);
        }
    }

    pub(super) fn scroll_up(&mut self, count: u16) {
        let (top, bottom) = self.region;
        let count = count.min(bottom - top + 1);
        let style = self.cursor.style.erased();
        if !self.on_alternate && top == 0 {
            self.keep(count);
        }
        self.grid_mut().up(top, bottom, count, style);
    }

    /// The topmost rows go to the scrollback.
    pub(super) fn keep(&mut self, count: u16) {
        for row in self.primary.rows.iter().take(usize::from(count)) {
            self.scrollback.push(row.wrapped, |out| {
                let end = if row.wrapped { row.width() } else { row.end() };
                let style = row.write(end, Style::default(), out);
                Style::default().write(style, out);
            });
        }
    }

    pub(super) fn scroll_down(&mut self, count: u16) {
        let (top, bottom) = self.region;
        let style = self.cursor.style.erased();
        self.grid_mut().down(top, bottom, count, style);
    }

    /// Goes to a place; rows are counted from the region's top in origin mode.
    pub(super) fn go(&mut self, row: u16, column: u16) {
        let (top, bottom) = if self.cursor.origin { self.region } else { (0, self.last_row()) };
        self.cursor.row = row.saturating_add(top).min(bottom);
        self.cursor.column = column.min(self.last_column());
        self.cursor.wraps = false;
    }

    /// Goes up or down, not out of the region if it began within.
    pub(super) fn go_rows(&mut self, up: u16, down: u16) {
        let (top, bottom) = self.region;
        let row = self.cursor.row;
        let highest = if row >= top { top } else { 0 };
        let lowest = if row <= bottom { bottom } else { self.last_row() };
        self.cursor.row = row.saturating_sub(up).max(highest.min(row)).saturating_add(down).min(lowest);
        self.cursor.wraps = false;
    }

    pub(super) fn go_column(&mut self, column: u16) {
        self.cursor.column = column.min(self.last_column());
        self.cursor.wraps = false;
    }

    pub(super) fn tab(&mut self, count: u16) {
        for _ in 0..count.min(self.size.columns) {
            let column = self.cursor.column;
            let next = match &self.tabs {
                None => Some((column / 8 + 1) * 8),
                Some(stops) => stops.iter().copied().find(|stop| *stop > column),
            };
            self.cursor.column = next.unwrap_or(u16::MAX).min(self.last_column());
        }
        // Tabs do not wrap, and neither do they undo that the next character does.
        self.cursor.wraps &= self.cursor.column == self.last_column();
    }

    pub(super) fn back_tab(&mut self, count: u16) {
        for _ in 0..count.min(self.size.columns) {
            let column = self.cursor.column;
            let next = match &self.tabs {
                None => Some(column.saturating_sub(1) / 8 * 8),
                Some(stops) => stops.iter().copied().rev().find(|stop| *stop < column),
            };
            self.cursor.column = next.unwrap_or(0);
        }
        self.cursor.wraps = false;
    }

    pub(super) fn set_tab(&mut self) {
        let column = self.cursor.column;
        let columns = self.size.columns;
        let stops = self.tabs.get_or_insert_with(|| (8..columns).step_by(8).collect());
        if let Err(at) = stops.binary_search(&column) {
            stops.insert(at, column);
        }
    }

    pub(super) fn clear_tabs(&mut self, all: bool) {
        let column = self.cursor.column;
        let columns = self.size.columns;
        let stops = self.tabs.get_or_insert_with(|| (8..columns).step_by(8).collect());
        stops.retain(|stop| !all && *stop != column);
    }

    /// Erases on the screen: 0 from the cursor on, 1 up to it, 2 all, 3 what scrolled off.
    pub(super) fn erase_screen(&mut self, what: u16) {
        let Cursor { row: at, style, .. } = self.cursor;
        let style = style.erased();
        let rows = self.size.rows;
        match what {
            0 => {
                self.erase_line(0);
                (at + 1..rows).for_each(|row| self.empty_row(row, style));
            }
            1 => {
                (0..at).for_each(|row| self.empty_row(row, style));
                self.erase_line(1);
            }
            2 => self.grid_mut().clear(style),
            3 => self.scrollback.clear(),
            _ => {}
        }
        self.cursor.wraps &= what == 3;
    }

    fn empty_row(&mut self, row: u16, style: Style) {
        if let Some(row) = self.grid_mut().row_mut(row) {
            row.empty(style);
        }
    }

    /// Erases in the line: 0 from the cursor on, 1 up to it, 2 all.
    pub(super) fn erase_line(&mut self, what: u16) {
        let Cursor { row, column, style, .. } = self.cursor;
        let (from, to) = match what {
            0 => (column, self.size.columns),
            1 => (0, column + 1),
            2 => (0, self.size.columns),
            _ => return,
        };
        self.erase_columns(row, from, to, style.erased());
    }

    pub(super) fn erase_chars(&mut self, count: u16) {
        let Cursor { row, column, style, .. } = self.cursor;
        self.erase_columns(row, column, column.saturating_add(count), style.erased());
    }

    fn erase_columns(&mut self, row: u16, from: u16, to: u16, style: Style) {
        self.cursor.wraps = false;
        if let Some(row) = self.grid_mut().row_mut(row) {
            row.erase(from, to, style);
        }
    }

    pub(super) fn insert_chars(&mut self, count: u16) {
        let Cursor { row, column, style, .. } = self.cursor;
        self.cursor.wraps = false;
        if let Some(row) = self.grid_mut().row_mut(row) {
            row.insert(column, count, style.erased());
        }
    }

    pub(super) fn remove_chars(&mut self, count: u16) {
        let Cursor { row, column, style, .. } = self.cursor;
        self.cursor.wraps = false;
        if let Some(row) = self.grid_mut().row_mut(row) {
            row.remove(column, count, style.erased());
        }
    }

    /// Inserts or removes lines at the cursor, within the region.
    pub(super) fn move_lines(&mut self, count: u16, insert: bool) {
        let (top, bottom) = self.region;
        let Cursor { row, style, .. } = self.cursor;
        if !(top..=bottom).contains(&row) {
            return;
        }
        if insert {
            self.grid_mut().down(row, bottom, count, style.erased());
        } else {
            self.grid_mut().up(row, bottom, count, style.erased());
        }
        self.go_column(0);
    }

    pub(super) fn save_cursor(&mut self) {
        self.grid_mut().saved = self.cursor;
    }

    pub(super) fn restore_cursor(&mut self) {
        self.cursor = self.grid().saved;
        self.clamp();
    }

    /// The cursor and what was saved lie on the screen.
    pub(super) fn clamp(&mut self) {
        let (row, column) = (self.last_row(), self.last_column());
        for cursor in [&mut self.cursor, &mut self.primary.saved, &mut self.alternate.saved] {
            cursor.wraps &= cursor.column >= column;
            cursor.row = cursor.row.min(row);
            cursor.column = cursor.column.min(column);
        }
    }

    pub(super) fn set_region(&mut self, top: u16, bottom: u16) {
        let bottom = bottom.min(self.last_row());
        if top < bottom {
            self.region = (top, bottom);
            self.go(0, 0);
        }
    }

    /// Shows the alternate screen or the primary one.
    pub(super) fn switch(&mut self, alternate: bool) {
        self.on_alternate = alternate;
    }

    /// 1049: saves the cursor and shows an empty alternate screen; or goes back and restores it.
    pub(super) fn switch_and_save(&mut self, alternate: bool) {
        if alternate && !self.on_alternate {
            self.save_cursor();
            self.switch(true);
            let style = self.cursor.style.erased();
            self.alternate.clear(style);
        } else if !alternate && self.on_alternate {
            self.switch(false);
            self.restore_cursor();
        }
    }

    /// Everything as it was at first, but for what scrolled off.
    pub(super) fn reset(&mut self) {
        self.primary.clear(Style::default());
        self.alternate.clear(Style::default());
        self.primary.saved = Cursor::default();
        self.alternate.saved = Cursor::default();
        self.on_alternate = false;
        self.cursor = Cursor::default();
        self.region = (0, self.last_row());
        self.tabs = None;
        self.modes = Modes::default();
        self.last_char = None;
    }

    /// DECSTR.
    pub(super) fn soft_reset(&mut self) {
        self.region = (0, self.last_row());
        self.cursor.origin = false;
        self.cursor.style = Style::default();
        self.cursor.charsets = super::cursor::Charsets::default();
        self.grid_mut().saved = Cursor::default();
    }

    /// Fills the screen with `E`, as test patterns do.
    pub(super) fn align(&mut self) {
        self.region = (0, self.last_row());
        let cell = Cell { char: 'E', style: Style::default() };
        let columns = self.size.columns;
        for row in &mut self.grid_mut().rows {
            row.empty(Style::default());
            (0..columns).for_each(|column| row.put(column, cell));
        }
        self.go(0, 0);
    }
}
