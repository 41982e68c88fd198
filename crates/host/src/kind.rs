//! What sort of thing a directory entry is, and how its path is shown to people.

use rustix::fs::FileType;
use std::fmt;
use std::path::Path;

/// The sort of a file, as inode(7) tells them apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum FileKind {
    /// An ordinary file.
    Regular,
    /// A directory.
    Directory,
    /// A symbolic link.
    Link,
    /// A named pipe.
    Fifo,
    /// A Unix socket.
    Socket,
    /// A block or character device.
    Device,
    /// A sort that this program does not know.
    Other,
}

impl FileKind {
    pub(crate) fn of_mode(raw: u32) -> Self {
        match FileType::from_raw_mode(raw) {
            FileType::RegularFile => Self::Regular,
            FileType::Directory => Self::Directory,
            FileType::Symlink => Self::Link,
            FileType::Fifo => Self::Fifo,
            FileType::Socket => Self::Socket,
            FileType::BlockDevice | FileType::CharacterDevice => Self::Device,
            FileType::Unknown => Self::Other,
        }
    }
}

impl fmt::Display for FileKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Regular => "a regular file",
            Self::Directory => "a directory",
            Self::Link => "a symbolic link",
            Self::Fifo => "a named pipe",
            Self::Socket => "a socket",
            Self::Device => "a device",
            Self::Other => "neither a file nor a directory",
        })
    }
}

/// A path for a message: containers choose names below a pod's directory, so what would steer a terminal is escaped.
pub(crate) fn shown(path: &Path) -> String {
    let text = path.to_string_lossy();
    text.chars().flat_map(|c| if steers(c) { escaped(c) } else { vec![c] }).collect()
}

/// The path as one word of a shell command.
pub(crate) fn quoted(path: &Path) -> String {
    let text = shown(path);
    let plain = |c: char| c.is_ascii_alphanumeric() || "/._-+:,@".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        text
    } else {
        format!("'{}'", text.replace('\'', r"'\''"))
    }
}

fn steers(c: char) -> bool {
    c.is_control() || matches!(c, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

fn escaped(c: char) -> Vec<char> {
    c.escape_unicode().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_cannot_steer_the_terminal_that_shows_it() {
        assert_eq!(shown(Path::new("/srv/caf\u{e9}")), "/srv/caf\u{e9}");
        assert_eq!(shown(Path::new("/srv/\u{1b}[2J\u{202e}")), "/srv/\\u{1b}[2J\\u{202e}");
    }

    #[test]
    fn a_path_in_a_command_is_one_word() {
        assert_eq!(quoted(Path::new("/srv/docker")), "/srv/docker");
        assert_eq!(quoted(Path::new("/srv/it's; rm")), r"'/srv/it'\''s; rm'");
    }
}
