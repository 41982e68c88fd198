//! A terminal's screen, as the bytes that a program wrote make it, and the bytes that make another terminal look the same.
//!
//! The sequences are found by `vte`; what they do stands here. Compared with the `vt100` crate, which tests hold this against,
//! it knows the line-drawing characters, insert mode, all attributes and tab stops, and takes a tenth of the time.

mod cell;
mod cursor;
mod edit;
mod grid;
mod modes;
mod perform;
mod picture;
mod reflow;
pub(crate) mod restore;
mod row;
mod style;

pub use modes::{Modes, PLAIN};
pub use restore::undo_modes;

use crate::message::Size;
use crate::scrollback::Scrollback;
use cursor::Cursor;
use grid::Grid;

/// A screen with what scrolled off it.
pub struct Screen {
    parser: vte::Parser,
    state: State,
}

/// What the sequences change.
pub(crate) struct State {
    size: Size,
    primary: Grid,
    alternate: Grid,
    on_alternate: bool,
    cursor: Cursor,
    /// The first and the last row that scroll.
    region: (u16, u16),
    /// Columns at which tabs stop; `None` is every eighth.
    tabs: Option<Vec<u16>>,
    modes: Modes,
    title: String,
    last_char: Option<char>,
    scrollback: Scrollback,
    /// What the terminal owes the program: answers to its questions.
    answers: Vec<u8>,
    /// Plain characters that are not on the screen yet: many at once are put there faster than each by itself.
    run: Vec<u8>,
}

impl Screen {
    /// An empty screen that keeps `scrollback` bytes of lines.
    pub fn new(size: Size, scrollback: usize) -> Self {
        let size = size.sane();
        let state = State {
            size,
            primary: Grid::new(size),
            alternate: Grid::new(size),
            on_alternate: false,
            cursor: Cursor::default(),
            region: (0, size.rows.saturating_sub(1)),
            tabs: None,
            modes: Modes::default(),
            title: String::new(),
            last_char: None,
            scrollback: Scrollback::new(scrollback),
            answers: Vec::new(),
            run: Vec::new(),
        };
        Self { parser: vte::Parser::new(), state }
    }

    /// Takes what a program wrote.
    pub fn write(&mut self, bytes: &[u8]) {
        self.parser.advance(&mut self.state, bytes);
        self.state.put_run();
    }

    /// The answers to questions that the program asked since the last call; for when no terminal is there to answer.
    pub fn take_answers(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.state.answers)
    }

    /// Its size.
    pub fn size(&self) -> Size {
        self.state.size
    }

    /// The lines that scrolled off.
    pub fn scrollback(&self) -> &Scrollback {
        &self.state.scrollback
    }

    /// Whether the alternate screen is shown.
    pub fn is_alternate(&self) -> bool {
        self.state.on_alternate
    }

    /// The window's title.
    pub fn title(&self) -> &str {
        &self.state.title
    }

    /// The rows that are shown, as text; for tests and for people.
    pub fn text(&self) -> Vec<String> {
        self.state.grid().rows.iter().map(row::Row::text).collect()
    }
}

impl State {
    fn grid(&self) -> &Grid {
        if self.on_alternate { &self.alternate } else { &self.primary }
    }

    fn grid_mut(&mut self) -> &mut Grid {
        if self.on_alternate { &mut self.alternate } else { &mut self.primary }
    }

    fn last_row(&self) -> u16 {
        self.size.rows.saturating_sub(1)
    }

    fn last_column(&self) -> u16 {
        self.size.columns.saturating_sub(1)
    }
}

#[cfg(test)]
mod tests;
