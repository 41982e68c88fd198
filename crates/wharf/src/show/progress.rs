//! What happens, as it happens: bars on a terminal, plain lines elsewhere, all on standard error.

use crate::show::say;
use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::cell::RefCell;
use std::collections::BTreeMap;
use std::io::IsTerminal;
use wharf_docker::Progress;
use wharf_model::NamedImage;
use wharf_pod::Condition;
use wharf_reconcile::{Event, Report};

/// Tells people.
pub(crate) struct Teller {
    volume: Volume,
    bars: MultiProgress,
    pulls: RefCell<BTreeMap<NamedImage, Pull>>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Volume {
    Silent,
    Lines,
    Bars,
}

/// One pull: bytes by layer.
struct Pull {
    bar: ProgressBar,
    layers: BTreeMap<String, (u64, u64)>,
}

impl Teller {
    pub(crate) fn new(quiet: bool) -> Self {
        let volume = match (quiet, std::io::stderr().is_terminal()) {
            (true, _) => Volume::Silent,
            (false, true) => Volume::Bars,
            (false, false) => Volume::Lines,
        };
        let bars = MultiProgress::with_draw_target(ProgressDrawTarget::stderr());
        Self { volume, bars, pulls: RefCell::default() }
    }

    fn line(&self, text: &str) {
        match self.volume {
            Volume::Silent => {}
            Volume::Lines => say(text),
            // Between bars a line is printed above them.
            Volume::Bars => self.bars.suspend(|| say(text)),
        }
    }

    fn begin_pull(&self, image: &NamedImage) {
        if self.volume != Volume::Bars {
            self.line(&format!("pulling {image}"));
            return;
        }
        let style = ProgressStyle::with_template("pulling {msg}  {wide_bar} {bytes}/{total_bytes}");
        let bar = self.bars.add(ProgressBar::new(0).with_message(image.to_string()));
        if let Ok(style) = style {
            bar.set_style(style);
        }
        self.pulls.borrow_mut().insert(image.clone(), Pull { bar, layers: BTreeMap::new() });
    }

    fn advance_pull(&self, image: &NamedImage, progress: &Progress) {
        let mut pulls = self.pulls.borrow_mut();
        let (Some(pull), Some(layer)) = (pulls.get_mut(image), &progress.id) else { return };
        // `Downloading` and `Extracting` count the same bytes: the first moves the bar, the second is only named.
        match progress.status.as_deref() {
            Some("Downloading") => {}
            Some("Extracting") => return pull.bar.set_message(format!("{image} (unpacking)")),
            _ => return,
        }
        if let Some((current, total)) =
            progress.detail.and_then(|detail| Some((detail.current?, detail.total?)))
        {
            pull.layers.insert(layer.clone(), (current, total));
            pull.bar.set_length(pull.layers.values().map(|(_, total)| total).sum());
            pull.bar.set_position(pull.layers.values().map(|(current, _)| current).sum());
        }
    }

    fn end_pull(&self, image: &NamedImage) {
        if let Some(pull) = self.pulls.borrow_mut().remove(image) {
            pull.bar.finish_and_clear();
        }
        self.line(&format!("pulled {image}"));
    }
}

impl Report for Teller {
    fn event(&self, event: &Event<'_>) {
        match event {
            Event::Pulling(image) => self.begin_pull(image),
            Event::PullProgress(image, progress) => self.advance_pull(image, progress),
            Event::Pulled(image) => self.end_pull(image),
            Event::Stopping(name) => self.line(&format!("stopping {name}")),
            Event::Removed(name) => self.line(&format!("removed {name}")),
            Event::Created(name) => self.line(&format!("created {name}")),
            Event::Started(name) => self.line(&format!("started {name}")),
            Event::Waiting(name, on, until) => {
                self.line(&format!("{name} waits until {on} is {}", until_word(*until)));
            }
            Event::Checking(name, attempt, attempts) => {
                self.line(&format!("checking {name} (attempt {attempt} of {attempts})"));
            }
            Event::Checked(name) => self.line(&format!("{name} passed its startup health check")),
        }
    }
}

fn until_word(until: Condition) -> &'static str {
    match until {
        Condition::Started => "started",
        Condition::Healthy => "healthy",
        Condition::Completed => "completed",
    }
}
