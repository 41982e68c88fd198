//! What a session's processes find in their environment.

use std::path::{Path, PathBuf};

/// What a client may say: how its terminal is, and how its person reads. Nothing that loads code.
fn is_taken(name: &str) -> bool {
    matches!(name, "TERM" | "COLORTERM" | "LANG" | "LANGUAGE" | "TZ")
        || name
            .strip_prefix("LC_")
            .is_some_and(|rest| !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_uppercase()))
}

/// The terminal that everybody describes.
const COMMON: &str = "xterm-256color";

/// The client's wishes as far as they are taken, with a `TERM` that is known inside.
pub(super) fn of_client(wishes: &[(String, String)], home: &Path) -> Vec<(String, String)> {
    let plain = |value: &str| value.len() <= 256 && !value.chars().any(char::is_control);
    let taken = wishes.iter().filter(|(name, value)| is_taken(name) && plain(value));
    let mut taken: Vec<_> = taken.filter(|(name, _)| name != "TERM").cloned().collect();
    let term = wishes.iter().find(|(name, _)| name == "TERM").map_or(COMMON, |(_, value)| value);
    let term = if is_described(term, home) { term } else { COMMON };
    taken.push(("TERM".to_owned(), term.to_owned()));
    taken
}

/// Whether a description of the terminal is there.
fn is_described(term: &str, home: &Path) -> bool {
    let known = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'+' | b'.' | b'_');
    let Some(first) = term.bytes().next().filter(|_| term.bytes().all(known) && !term.starts_with('.'))
    else {
        return false;
    };
    let places = ["/usr/share/terminfo", "/lib/terminfo", "/etc/terminfo", "/usr/lib/terminfo"];
    let places = places.map(PathBuf::from).into_iter().chain([home.join(".terminfo")]);
    // By the first letter, or by its code where file systems know no case.
    let letters = [char::from(first).to_string(), format!("{first:x}")];
    places.into_iter().any(|place| letters.iter().any(|letter| place.join(letter).join(term).is_file()))
}

#[cfg(test)]
mod tests {
    use super::of_client;

    #[test]
    fn only_what_says_how_a_terminal_is_is_taken() {
        let home = tempfile::tempdir().unwrap();
        let wish = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let wishes = [
            wish("LC_ALL", "C.UTF-8"),
            wish("LD_PRELOAD", "/x.so"),
            wish("LC_", "x"),
            wish("PATH", "/x"),
            wish("TZ", "a\nb"),
            wish("TERM", "../../etc/passwd"),
        ];
        assert_eq!(
            of_client(&wishes, home.path()),
            [wish("LC_ALL", "C.UTF-8"), wish("TERM", "xterm-256color")]
        );
    }

    #[test]
    fn a_terminal_that_is_described_inside_is_believed() {
        let home = tempfile::tempdir().unwrap();
        let wish = [("TERM".to_owned(), "mine-direct".to_owned())];
        assert_eq!(of_client(&wish, home.path())[0].1, "xterm-256color");
        std::fs::create_dir_all(home.path().join(".terminfo/m")).unwrap();
        std::fs::write(home.path().join(".terminfo/m/mine-direct"), "").unwrap();
        assert_eq!(of_client(&wish, home.path())[0].1, "mine-direct");
    }
}
