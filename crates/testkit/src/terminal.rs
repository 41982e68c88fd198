//! A real pseudo-terminal, for programs that behave otherwise when a person sits before them.

use std::fs::File;
use std::process::{Command, Stdio};

use rustix::pty::{OpenptFlags, grantpt, ioctl_tiocgptpeer, openpt, unlockpt};
use rustix::termios::{Winsize, tcsetwinsize};

use crate::{Error, Result};

/// The person's side of a terminal.
#[derive(Debug)]
pub struct Terminal(File);

impl Terminal {
    /// Opens one of this size.
    pub fn open(rows: u16, columns: u16) -> Result<Self> {
        let open = || {
            let person = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC)?;
            grantpt(&person)?;
            unlockpt(&person)?;
            Ok(Self(person.into()))
        };
        let terminal = open().map_err(Error::io("cannot open a terminal"))?;
        terminal.resize(rows, columns)?;
        Ok(terminal)
    }

    /// Changes its size; what runs in its foreground gets SIGWINCH.
    pub fn resize(&self, rows: u16, columns: u16) -> Result<()> {
        let size = Winsize { ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0 };
        tcsetwinsize(&self.0, size)
            .map_err(std::io::Error::from)
            .map_err(Error::io("cannot resize a terminal"))
    }

    /// A command that will run with this as its controlling terminal. The first argument to add is the program.
    pub fn command(&self) -> Result<Command> {
        let program = || {
            let flags = OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC;
            let side = File::from(ioctl_tiocgptpeer(&self.0, flags)?);
            let mut command = Command::new("setsid");
            command
                .arg("--ctty")
                .stdin(side.try_clone()?)
                .stdout(side.try_clone()?)
                .stderr(Stdio::from(side));
            Ok(command)
        };
        program().map_err(Error::io("cannot open the program's side of a terminal"))
    }

    /// What is written here is typed; what is read here is shown.
    pub fn file(&self) -> Result<File> {
        self.0.try_clone().map_err(Error::io("cannot share a terminal"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Read as _, Write as _};

    #[test]
    fn a_program_sees_a_terminal_its_size_and_what_is_typed() {
        let terminal = Terminal::open(31, 97).unwrap();
        let mut command = terminal.command().unwrap();
        command.args(["sh", "-c", "stty size </dev/tty; read -r line; echo got $line; stty size"]);
        let mut child = command.spawn().unwrap();
        // Or its copy of the program's side keeps the terminal open.
        drop(command);
        let mut file = terminal.file().unwrap();
        let mut shown = Vec::new();
        let mut read_until = |end: &str, shown: &mut Vec<u8>| {
            while !String::from_utf8_lossy(shown).contains(end) {
                let mut bytes = [0; 256];
                let count = file.read(&mut bytes).unwrap();
                shown.extend_from_slice(&bytes[..count]);
            }
        };
        read_until("31 97", &mut shown);
        terminal.resize(20, 40).unwrap();
        terminal.file().unwrap().write_all(b"hello\n").unwrap();
        read_until("got hello", &mut shown);
        read_until("20 40", &mut shown);
        assert!(child.wait().unwrap().success());
    }
}
