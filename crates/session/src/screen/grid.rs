//! The rows of one of the two screens.

use std::collections::VecDeque;

use super::cursor::Cursor;
use super::row::Row;
use super::style::Style;
use crate::message::Size;

/// Rows, and the cursor that was saved on them.
#[derive(Debug, Clone)]
pub(super) struct Grid {
    pub(super) rows: VecDeque<Row>,
    pub(super) saved: Cursor,
}

impl Grid {
    pub(super) fn new(size: Size) -> Self {
        Self { rows: (0..size.rows).map(|_| Row::new(size.columns)).collect(), saved: Cursor::default() }
    }

    pub(super) fn row_mut(&mut self, row: u16) -> Option<&mut Row> {
        self.rows.get_mut(usize::from(row))
    }

    pub(super) fn clear(&mut self, style: Style) {
        self.rows.iter_mut().for_each(|row| row.empty(style));
    }

    /// Moves the rows from `top` to `bottom` up by `count`.
    pub(super) fn up(&mut self, top: u16, bottom: u16, count: u16, style: Style) {
        for _ in 0..count.min(bottom.saturating_sub(top) + 1) {
            if let Some(mut row) = self.rows.remove(usize::from(top)) {
                row.empty(style);
                self.rows.insert(usize::from(bottom).min(self.rows.len()), row);
            }
        }
        self.unwrap_above(top);
        self.unwrap_above(bottom.saturating_add(1));
    }

    /// Moves them down.
    pub(super) fn down(&mut self, top: u16, bottom: u16, count: u16, style: Style) {
        for _ in 0..count.min(bottom.saturating_sub(top) + 1) {
            if let Some(mut row) = self.rows.remove(usize::from(bottom)) {
                row.empty(style);
                self.rows.insert(usize::from(top), row);
            }
        }
        self.unwrap_above(top);
        self.unwrap_above(bottom.saturating_add(1));
    }

    /// Text does not go on where rows were torn apart.
    fn unwrap_above(&mut self, row: u16) {
        if let Some(above) = row.checked_sub(1)
            && let Some(row) = self.row_mut(above)
        {
            row.wrapped = false;
        }
    }

    /// Other bounds, with what is beyond them cut off.
    pub(super) fn crop(&mut self, size: Size) {
        self.rows.iter_mut().for_each(|row| row.resize(size.columns));
        self.rows.resize_with(usize::from(size.rows), || Row::new(size.columns));
    }
}
