//! How a client is told what a session shows.
//!
//! Bytes of the program go to a client as they come while it takes them and its terminal has the session's size. One that does not
//! take them is not waited for: when it has taken what it was sent, it gets the lines that it missed and the screen. One whose terminal
//! has another size is shown a picture, drawn on its alternate screen.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use super::queue::{MOST, PIECE, Queue};
use crate::frame::Kind;
use crate::message::Size;
use crate::screen::restore::Ground;
use crate::screen::{Modes, Screen};

/// The shortest time between two pictures.
const PICTURES: Duration = Duration::from_millis(20);

/// How many lines a client that is behind gets of a session that has ended.
const LAST_LINES: u64 = 2000;

/// How it is told.
pub(super) enum Feed {
    /// As it comes.
    Live,
    /// What it missed first.
    Behind(Behind),
    /// Pictures.
    Mirror(Mirror),
}

/// Where a client is that missed something.
pub(super) struct Behind {
    /// The first line that it has not.
    pub(super) next: u64,
    pub(super) ground: Ground,
    /// Whether its terminal shows the alternate screen.
    pub(super) was_alternate: bool,
    begun: bool,
}

/// A client that sees pictures.
pub(super) struct Mirror {
    /// The first line that it has not.
    next: u64,
    /// What its terminal was told.
    told: Modes,
    /// When there may be a new picture, if one is wanted.
    due: Option<Instant>,
    last: Option<Instant>,
}

impl Feed {
    /// From the beginning, for one who has just come.
    pub(super) fn fresh(screen: &Screen) -> Self {
        Self::behind(screen.scrollback().first(), Ground::Below, false)
    }

    fn behind(next: u64, ground: Ground, was_alternate: bool) -> Self {
        Self::Behind(Behind { next, ground, was_alternate, begun: false })
    }

    /// Everything is drawn anew: something has another size.
    pub(super) fn redraw(&mut self, screen: &Screen) {
        *self = match self {
            Self::Live => Self::behind(screen.scrollback().next(), Ground::Over, screen.is_alternate()),
            // What was begun is begun again; what was not, is as it is.
            Self::Behind(behind) if behind.begun => {
                Self::behind(behind.next, Ground::Over, behind.was_alternate)
            }
            Self::Behind(behind) => Self::behind(behind.next, behind.ground, behind.was_alternate),
            Self::Mirror(mirror) => Self::Behind(Behind {
                next: mirror.next,
                ground: Ground::Over,
                was_alternate: true,
                begun: false,
            }),
        };
    }

    /// Before the screen takes bytes of the program: one that has no room for them falls behind.
    pub(super) fn before(&mut self, queue: &Queue, screen: &Screen, bytes: &[u8]) {
        if matches!(self, Self::Live) && queue.len() + bytes.len() > MOST {
            *self = Self::behind(screen.scrollback().next(), Ground::Over, screen.is_alternate());
        }
    }

    /// After it has.
    pub(super) fn after(&mut self, queue: &mut Queue, bytes: &[u8], now: Instant) {
        match self {
            Self::Live => queue.push(Kind::Output, bytes),
            Self::Behind(_) => {}
            Self::Mirror(mirror) => {
                let soonest = mirror.last.map_or(now, |last| last + PICTURES);
                mirror.due.get_or_insert(soonest.max(now));
            }
        }
    }

    /// When something is due.
    pub(super) fn due(&self) -> Option<Instant> {
        match self {
            Self::Mirror(mirror) => mirror.due,
            _ => None,
        }
    }

    pub(super) fn is_live(&self) -> bool {
        matches!(self, Self::Live)
    }

    /// Puts the last picture of a session that has ended into the queue, with some of what came before.
    pub(super) fn finish(&mut self, queue: &mut Queue, screen: &Screen, outer: Size, now: Instant) {
        match self {
            Self::Live => return,
            Self::Behind(behind) => {
                behind.next = behind.next.max(screen.scrollback().next().saturating_sub(LAST_LINES));
            }
            Self::Mirror(mirror) => mirror.due = Some(now),
        }
        // No more than the lines above take, and than leaves room for the status behind it.
        let mut last = Queue::default();
        for _ in 0..16 {
            let mut piece = Queue::default();
            self.catch_up(&mut piece, screen, outer, now);
            last.append(&piece);
            if queue.len() + last.len() >= super::queue::FULL {
                break;
            }
        }
        queue.append(&last);
    }

    /// Puts what is missing into the queue, as far as there is room.
    pub(super) fn catch_up(&mut self, queue: &mut Queue, screen: &Screen, outer: Size, now: Instant) {
        while queue.len() < PIECE {
            let mut out = String::new();
            match self {
                Self::Live => return,
                Self::Mirror(mirror) => {
                    if queue.is_empty() && mirror.due.is_some_and(|due| now >= due) {
                        mirror.due = None;
                        mirror.last = Some(now);
                        screen.picture(outer, &mut mirror.told, &mut out);
                        queue.push(Kind::Output, out.as_bytes());
                    }
                    return;
                }
                Self::Behind(behind) if outer != screen.size() => {
                    let mut told = Modes::default();
                    screen.begin_picture(behind.was_alternate, &mut out);
                    screen.picture(outer, &mut told, &mut out);
                    *self = Self::Mirror(Mirror { next: behind.next, told, due: None, last: Some(now) });
                }
                Self::Behind(behind) => {
                    if behind.write(screen, &mut out) {
                        screen.draw(outer, &mut out);
                        *self = Self::Live;
                    }
                }
            }
            queue.push(Kind::Output, out.as_bytes());
        }
    }
}

impl Behind {
    /// Writes some of what is missing; whether only the screen itself still is.
    fn write(&mut self, screen: &Screen, out: &mut String) -> bool {
        let lines = screen.scrollback();
        if !self.begun {
            self.begun = true;
            screen.begin(self.was_alternate, self.ground, out);
            self.was_alternate = false;
        }
        if let Some(lost @ 1..) = lines.first().checked_sub(self.next) {
            let why = "they came faster than they could be sent";
            let _infallible = write!(out, "\x1b[2m[{lost} lines are not shown: {why}]\x1b[m\r\n");
            self.next = lines.first();
        }
        self.next = lines.write(self.next, PIECE, out);
        self.next == lines.next()
    }
}
