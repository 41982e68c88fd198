//! A screen of another size.

use std::collections::VecDeque;

use super::Screen;
use super::State;
use super::cell::Cell;
use super::row::{Row, is_wide};
use crate::message::Size;

impl Screen {
    /// Makes the screen as large as `size`. On the primary screen lines that were wrapped are wrapped anew, and what has no room
    /// above goes to the scrollback; the alternate screen is cut, since its program draws it again.
    pub fn resize(&mut self, size: Size) {
        let size = size.sane();
        if size != self.state.size {
            self.state.resize(size);
        }
    }
}

impl State {
    fn resize(&mut self, size: Size) {
        // The cursor of the primary screen is the one that was saved while the alternate is shown.
        let mut cursor = if self.on_alternate { self.primary.saved } else { self.cursor };
        if size.columns != self.size.columns {
            let (rows, row, column) = rewrap(&self.primary.rows, cursor.row, cursor.column, size.columns);
            self.primary.rows = rows;
            (cursor.row, cursor.column) = (row, column);
        }
        // Blank rows below the cursor go first, then rows at the top, to the scrollback.
        while self.primary.rows.len() > usize::from(size.rows) {
            let last = self.primary.rows.len() - 1;
            let below_cursor = usize::from(cursor.row) < last;
            if below_cursor && self.primary.rows.back().is_some_and(|row| row.end() == 0) {
                self.primary.rows.pop_back();
            } else if cursor.row > 0 {
                self.keep(1);
                self.primary.rows.pop_front();
                cursor.row -= 1;
            } else {
                self.primary.rows.pop_back();
            }
        }
        self.primary.crop(size);
        self.alternate.crop(size);
        self.size = size;
        self.region = (0, size.rows.saturating_sub(1));
        cursor.wraps = false;
        if self.on_alternate {
            self.primary.saved = cursor;
        } else {
            self.cursor = cursor;
        }
        if let Some(tabs) = &mut self.tabs {
            tabs.retain(|stop| *stop < size.columns);
        }
        self.cursor.wraps = false;
        self.clamp();
    }
}

/// The same text in rows of `columns`, and where the cursor then is.
fn rewrap(rows: &VecDeque<Row>, at_row: u16, at_column: u16, columns: u16) -> (VecDeque<Row>, u16, u16) {
    let mut wrapped = Wrapped { rows: VecDeque::new(), columns, cursor: (0, 0) };
    // Blank rows at the end are no text, unless the cursor is there.
    let text = rows.iter().rposition(|row| row.end() > 0).map_or(0, |last| last + 1);
    let count = text.max(usize::from(at_row) + 1).min(rows.len());
    let mut begins = true;
    for (number, row) in (0u16..).zip(rows.iter().take(count)) {
        if begins {
            wrapped.rows.push_back(Row::new(0));
        }
        let here = (number == at_row).then_some(at_column);
        // Up to the cursor even blanks are text.
        let end = if row.wrapped { row.width() } else { row.end().max(here.unwrap_or(0)) };
        wrapped.append(row, end, here);
        begins = !row.wrapped;
    }
    for row in &mut wrapped.rows {
        let is_wrapped = row.wrapped;
        row.resize(columns);
        row.wrapped = is_wrapped;
    }
    let (row, column) = wrapped.cursor;
    (wrapped.rows, row, column)
}

/// Rows that grow.
struct Wrapped {
    rows: VecDeque<Row>,
    columns: u16,
    cursor: (u16, u16),
}

impl Wrapped {
    /// Puts a row's cells behind what is there.
    fn append(&mut self, row: &Row, end: u16, cursor: Option<u16>) {
        for column in 0..end {
            let cell = row.get(column);
            if cursor == Some(column) {
                self.cursor_here();
            }
            if !cell.is_tail() {
                self.push(cell, row.marks(column));
            }
        }
        if cursor.is_some_and(|cursor| cursor >= end) {
            self.cursor_here();
        }
    }

    fn push(&mut self, cell: Cell, marks: &str) {
        let wide = is_wide(cell.char);
        let (cell, wide) =
            if wide && self.columns < 2 { (Cell::blank(cell.style), false) } else { (cell, wide) };
        let width = if wide { 2 } else { 1 };
        let full = self.rows.back().is_none_or(|row| row.width() + width > self.columns);
        if full {
            if let Some(row) = self.rows.back_mut() {
                row.resize(self.columns);
                row.wrapped = true;
            }
            self.rows.push_back(Row::new(0));
        }
        let Some(row) = self.rows.back_mut() else { return };
        let column = row.width();
        row.resize(column + width);
        if wide {
            row.put_wide(column, cell);
        } else {
            row.put(column, cell);
        }
        marks.chars().for_each(|mark| row.mark(column, mark));
    }

    /// The next cell is where the cursor is.
    fn cursor_here(&mut self) {
        let column = self.rows.back().map_or(0, Row::width);
        let row = self.rows.len().saturating_sub(1);
        let (row, column) = if column >= self.columns { (row + 1, 0) } else { (row, column) };
        if row == self.rows.len() {
            if let Some(last) = self.rows.back_mut() {
                last.wrapped = true;
            }
            self.rows.push_back(Row::new(0));
        }
        self.cursor = (u16::try_from(row).unwrap_or(u16::MAX), column);
    }
}
