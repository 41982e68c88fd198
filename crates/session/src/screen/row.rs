//! One row of cells.

use super::cell::{Cell, TAIL};
use super::style::Style;

/// The longest run of marks (combining characters) on one character, in bytes.
const LONGEST_MARKS: usize = 32;

/// Cells, and whether the text goes on in the row below.
#[derive(Debug, Clone, Default)]
pub(super) struct Row {
    pub(super) cells: Vec<Cell>,
    pub(super) wrapped: bool,
    /// No cell from here on was ever touched since the row was last empty.
    used: u16,
    /// Marks on characters, by column; few rows have any.
    marks: Vec<(u16, String)>,
}

impl PartialEq for Row {
    fn eq(&self, other: &Self) -> bool {
        self.cells == other.cells && self.wrapped == other.wrapped && self.marks == other.marks
    }
}

impl Row {
    pub(super) fn new(columns: u16) -> Self {
        Self { cells: vec![Cell::default(); usize::from(columns)], ..Self::default() }
    }

    /// Makes it empty, for use again.
    pub(super) fn empty(&mut self, style: Style) {
        let blank = Cell::blank(style);
        if style == Style::default() {
            self.cells.iter_mut().take(usize::from(self.used)).for_each(|cell| *cell = blank);
            self.used = 0;
        } else {
            self.cells.fill(blank);
            self.used = self.width();
        }
        self.marks.clear();
        self.wrapped = false;
    }

    pub(super) fn width(&self) -> u16 {
        u16::try_from(self.cells.len()).unwrap_or(u16::MAX)
    }

    pub(super) fn resize(&mut self, columns: u16) {
        if columns == self.width() {
            return;
        }
        self.cells.resize(usize::from(columns), Cell::default());
        self.marks.retain(|(column, _)| *column < columns);
        self.used = self.used.min(columns);
        self.wrapped = false;
        if let Some(last) = self.cells.last_mut()
            && is_wide(last.char)
        {
            *last = Cell::blank(last.style);
        }
    }

    pub(super) fn get(&self, column: u16) -> Cell {
        self.cells.get(usize::from(column)).copied().unwrap_or_default()
    }

    /// Puts one character of one column; the way of nearly everything.
    #[inline]
    pub(super) fn put(&mut self, column: u16, cell: Cell) {
        if let Some(place) = self.cells.get_mut(usize::from(column)) {
            // What is overwritten may be half of a wide character, or wear marks.
            let simple = place.char < '\u{300}' && !place.is_tail() && self.marks.is_empty();
            if simple {
                *place = cell;
                self.used = self.used.max(column + 1);
            } else {
                self.put_over(column, cell);
            }
        }
    }

    /// Puts characters of one column each.
    pub(super) fn put_run(&mut self, column: u16, run: &[u8], style: Style) {
        let end = column.saturating_add(u16::try_from(run.len()).unwrap_or(u16::MAX));
        self.split(column);
        self.split(end);
        let places = self.cells.get_mut(usize::from(column)..).unwrap_or_default();
        for (place, byte) in places.iter_mut().zip(run) {
            *place = Cell { char: char::from(*byte), style };
        }
        self.used = self.used.max(end);
        if !self.marks.is_empty() {
            self.marks.retain(|(at, _)| !(column..end).contains(at));
        }
    }

    fn put_over(&mut self, column: u16, cell: Cell) {
        self.split(column);
        self.split(column + 1);
        self.set(column, cell);
    }

    /// Puts a character of two columns.
    pub(super) fn put_wide(&mut self, column: u16, cell: Cell) {
        self.split(column);
        self.split(column + 2);
        self.set(column, cell);
        self.set(column + 1, Cell { char: TAIL, ..cell });
    }

    fn set(&mut self, column: u16, cell: Cell) {
        if let Some(place) = self.cells.get_mut(usize::from(column)) {
            *place = cell;
            self.used = self.used.max(column + 1);
            self.marks.retain(|(at, _)| *at != column);
        }
    }

    /// Puts a mark on the character at `column`.
    pub(super) fn mark(&mut self, column: u16, mark: char) {
        let column = if self.get(column).is_tail() { column.saturating_sub(1) } else { column };
        match self.marks.iter_mut().find(|(at, _)| *at == column) {
            Some((_, marks)) if marks.len() + mark.len_utf8() <= LONGEST_MARKS => marks.push(mark),
            Some(_) => {}
            None => {
                self.marks.push((column, mark.to_string()));
                self.marks.sort_by_key(|(at, _)| *at);
                self.used = self.used.max(column + 1);
            }
        }
    }

    /// The marks on the character at `column`.
    pub(super) fn marks(&self, column: u16) -> &str {
        if self.marks.is_empty() {
            return "";
        }
        self.marks.iter().find(|(at, _)| *at == column).map_or("", |(_, marks)| marks)
    }

    /// No wide character reaches over the border before `column`: one that did is blank now.
    fn split(&mut self, column: u16) {
        if column == 0 || !self.get(column).is_tail() {
            return;
        }
        for at in [column - 1, column] {
            let style = self.get(at).style;
            self.set(at, Cell::blank(style.erased()));
        }
    }

    /// Erases columns from `from` to before `to`.
    pub(super) fn erase(&mut self, from: u16, to: u16, style: Style) {
        let to = to.min(self.width());
        self.split(from);
        self.split(to);
        for column in from..to {
            if let Some(place) = self.cells.get_mut(usize::from(column)) {
                *place = Cell::blank(style);
            }
        }
        self.marks.retain(|(at, _)| !(from..to).contains(at));
        if to == self.width() {
            self.wrapped = false;
            self.used = if style == Style::default() { self.used.min(from) } else { to };
        } else {
            self.used = self.used.max(to);
        }
    }

    /// Moves what stands from `column` on to the right.
    pub(super) fn insert(&mut self, column: u16, count: u16, style: Style) {
        self.split(column);
        let count = count.min(self.width().saturating_sub(column));
        self.split(self.width().saturating_sub(count));
        if let Some(rest) = self.cells.get_mut(usize::from(column)..) {
            rest.rotate_right(usize::from(count));
            rest.iter_mut().take(usize::from(count)).for_each(|place| *place = Cell::blank(style));
        }
        let width = self.width();
        for (at, _) in self.marks.iter_mut().filter(|(at, _)| *at >= column) {
            *at = at.saturating_add(count);
        }
        self.marks.retain(|(at, _)| *at < width);
        self.used = width;
        self.wrapped = false;
    }

    /// Moves what stands behind the `count` columns at `column` to the left.
    pub(super) fn remove(&mut self, column: u16, count: u16, style: Style) {
        let count = count.min(self.width().saturating_sub(column));
        self.split(column);
        self.split(column.saturating_add(count));
        if let Some(rest) = self.cells.get_mut(usize::from(column)..) {
            rest.iter_mut().take(usize::from(count)).for_each(|place| *place = Cell::blank(style));
            rest.rotate_left(usize::from(count));
        }
        self.marks.retain(|(at, _)| !(column..column.saturating_add(count)).contains(at));
        for (at, _) in self.marks.iter_mut().filter(|(at, _)| *at >= column) {
            *at = at.saturating_sub(count);
        }
        self.used = self.width();
        self.wrapped = false;
    }

    /// Where the blank end begins that need not be written.
    pub(super) fn end(&self) -> u16 {
        let used = usize::from(self.used);
        let blanks = self.cells.iter().take(used).rev().take_while(|cell| **cell == Cell::default()).count();
        let end = u16::try_from(used - blanks.min(used)).unwrap_or(u16::MAX);
        // A mark may sit on a blank.
        self.marks.last().map_or(end, |(at, _)| end.max(at + 1))
    }

    /// Writes columns up to `end`; returns the style that is then in use.
    pub(super) fn write(&self, end: u16, before: Style, out: &mut String) -> Style {
        let mut style = before;
        for (column, cell) in (0..end).zip(&self.cells) {
            if cell.is_tail() {
                continue;
            }
            if cell.style != style {
                cell.style.write(style, out);
                style = cell.style;
            }
            out.push(cell.char);
            if !self.marks.is_empty() {
                out.push_str(self.marks(column));
            }
        }
        style
    }

    /// Its text.
    pub(super) fn text(&self) -> String {
        let mut text = String::new();
        let plain = self.cells.iter().map(|cell| Cell { style: Style::default(), ..*cell }).collect();
        let plain = Self { cells: plain, ..self.clone() };
        plain.write(plain.end(), Style::default(), &mut text);
        text
    }
}

/// Whether a character takes two columns.
pub(super) fn is_wide(char: char) -> bool {
    char >= '\u{1100}' && unicode_width::UnicodeWidthChar::width(char) == Some(2)
}
