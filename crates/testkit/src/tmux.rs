//! A terminal that a program can look at: what a person would see, with colours, scrollback and all.

use std::ffi::OsStr;
use std::process::Command;
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::{Error, Result, TestDir, run};

/// How long a screen may take to show what is awaited.
const PATIENCE: Duration = Duration::from_secs(60);

/// One terminal of a tmux that is the test's own, and ends with this value.
#[derive(Debug)]
pub struct Tmux {
    directory: TestDir,
}

impl Tmux {
    /// Starts a shell without settings in a terminal of this size, with just these variables beside `PATH`.
    pub fn start<N: AsRef<OsStr>, V: AsRef<OsStr>>(
        rows: u16,
        columns: u16,
        environment: impl IntoIterator<Item = (N, V)>,
    ) -> Result<Self> {
        Self::start_with(&[], rows, columns, environment)
    }

    /// The same, where `before` are words before the shell's own: `setpriv` or `nsenter` with their arguments.
    pub fn start_with<N: AsRef<OsStr>, V: AsRef<OsStr>>(
        before: &[&str],
        rows: u16,
        columns: u16,
        environment: impl IntoIterator<Item = (N, V)>,
    ) -> Result<Self> {
        let directory = TestDir::new()?;
        let settings = "set -g default-terminal tmux-256color\nset -g history-limit 50000\nset -g status off\n\
                        set -g escape-time 0\nset -g mouse off\nset -g remain-on-exit on\nset -as terminal-overrides ',*:Tc'\n";
        let settings = directory.write("tmux.conf", settings)?;
        let tmux = Self { directory };
        let mut command = tmux.command();
        command.env_clear();
        let path = std::env::var_os("PATH").unwrap_or_default();
        command.env("PATH", path).env("LANG", "C.UTF-8").env("TERM", "xterm-256color").env("PS1", "$ ");
        command.envs(environment);
        command.arg("-f").arg(settings).args(["new-session", "-d", "-s", "it"]);
        command.args(["-x", &columns.to_string(), "-y", &rows.to_string(), "--"]);
        command.args(before).args(["bash", "--norc", "--noprofile"]);
        run(&mut command)?;
        tmux.shows("$")?;
        Ok(tmux)
    }

    fn command(&self) -> Command {
        let mut command = Command::new("tmux");
        command.arg("-S").arg(self.directory.join("socket"));
        command
    }

    fn tmux(&self, words: &[&str]) -> Result<String> {
        run(self.command().args(words))
    }

    /// Types this text as it is.
    pub fn types(&self, text: &str) -> Result<()> {
        self.tmux(&["send-keys", "-t", "it", "-l", "--", text]).map(drop)
    }

    /// Presses a key by its name: `Enter`, `C-\`, `Escape`, `Up`.
    pub fn presses(&self, key: &str) -> Result<()> {
        self.tmux(&["send-keys", "-t", "it", "--", key]).map(drop)
    }

    /// Types a line.
    pub fn says(&self, line: &str) -> Result<()> {
        self.types(line)?;
        self.presses("Enter")
    }

    /// What is on the screen, a line to a row, without colours.
    pub fn screen(&self) -> Result<String> {
        self.tmux(&["capture-pane", "-p", "-t", "it"])
    }

    /// What is on the screen with its colours as escape sequences, and where the cursor is.
    pub fn painted(&self) -> Result<String> {
        let painted = self.tmux(&["capture-pane", "-p", "-e", "-N", "-t", "it"])?;
        Ok(format!("{painted}\n{}", self.asked("#{cursor_x},#{cursor_y}")?))
    }

    /// Everything that scrolled off the top, and the screen, with colours.
    pub fn history(&self) -> Result<String> {
        self.tmux(&["capture-pane", "-p", "-e", "-S", "-", "-t", "it"])
    }

    /// One of tmux's own variables, such as `#{cursor_x}`, `#{alternate_on}`, `#{mouse_any_flag}`.
    pub fn asked(&self, variable: &str) -> Result<String> {
        self.tmux(&["display-message", "-p", "-t", "it", variable]).map(|said| said.trim_end().to_owned())
    }

    /// Makes the terminal another size.
    pub fn resizes(&self, rows: u16, columns: u16) -> Result<()> {
        self.tmux(&["resize-window", "-t", "it", "-x", &columns.to_string(), "-y", &rows.to_string()])
            .map(drop)
    }

    /// Closes the terminal as one closes a window: whatever runs in it is hung up on.
    pub fn closes(self) -> Result<()> {
        self.tmux(&["kill-pane", "-t", "it"]).map(drop)
    }

    /// Waits until the screen shows this text.
    pub fn shows(&self, text: &str) -> Result<String> {
        self.until(&format!("`{text}`"), |screen| screen.contains(text))
    }

    /// Waits until the screen is as wished.
    pub fn until(&self, what: &str, is_so: impl Fn(&str) -> bool) -> Result<String> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let screen = self.screen()?;
            if is_so(&screen) {
                return Ok(screen);
            }
            if Instant::now() > deadline {
                return Err(Error::Missing(format!("the screen never showed {what}:\n{screen}")));
            }
            sleep(Duration::from_millis(30));
        }
    }

    /// Waits until the screen stays the same for a while, and gives it painted.
    pub fn settled(&self) -> Result<String> {
        let deadline = Instant::now() + PATIENCE;
        let mut last = self.painted()?;
        let mut since = Instant::now();
        while since.elapsed() < Duration::from_millis(600) && Instant::now() < deadline {
            sleep(Duration::from_millis(60));
            let now = self.painted()?;
            if now != last {
                (last, since) = (now, Instant::now());
            }
        }
        Ok(last)
    }
}

impl Drop for Tmux {
    fn drop(&mut self) {
        // It has gone already when its last terminal was closed.
        let _ended = self.tmux(&["kill-server"]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_screen_is_seen_with_its_colours_and_what_scrolled_away() {
        let tmux = Tmux::start(10, 60, [("WORD", "seen")]).unwrap();
        tmux.says("seq 100; printf '\\033[31m%s\\033[m\\n' $WORD").unwrap();
        tmux.shows("\nseen").unwrap();
        assert!(tmux.settled().unwrap().contains("\u{1b}[31mseen"));
        assert!(tmux.history().unwrap().contains("\n5\n6\n"));
        tmux.resizes(20, 90).unwrap();
        tmux.says("stty size").unwrap();
        tmux.shows("20 90").unwrap();
    }
}
