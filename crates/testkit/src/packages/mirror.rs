//! Which Debian mirror this machine's apt uses, read from apt's own files in either of their two forms.

use std::path::Path;

use crate::{Error, Result};

/// The first mirror that serves this machine's own release of Debian.
pub(super) fn of_this_machine() -> Result<String> {
    let release = std::fs::read_to_string("/etc/os-release").unwrap_or_default();
    let field = |key: &str| {
        let line = release.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix('='));
        line.map(|value| value.trim_matches('"').to_owned()).unwrap_or_default()
    };
    if field("ID") != "debian" {
        return Err(Error::Missing(
            "the test engines are unpacked from Debian packages, and this is not Debian".into(),
        ));
    }
    let codename = field("VERSION_CODENAME");
    let mirror = source_files().iter().find_map(|(is_deb822, text)| {
        let found = if *is_deb822 { from_deb822(text, &codename) } else { from_list(text, &codename) };
        found.map(str::to_owned)
    });
    mirror.ok_or_else(|| Error::Missing(format!("apt's sources name no mirror for `{codename}`")))
}

/// The text of each of apt's source files, and whether it is in the deb822 form.
fn source_files() -> Vec<(bool, String)> {
    let mut paths = vec![Path::new("/etc/apt/sources.list").to_owned()];
    if let Ok(entries) = std::fs::read_dir("/etc/apt/sources.list.d") {
        paths.extend(entries.flatten().map(|entry| entry.path()));
    }
    let ends = |path: &Path, extension: &str| path.extension().is_some_and(|found| found == extension);
    let used = paths.iter().filter(|path| ends(path, "list") || ends(path, "sources"));
    used.filter_map(|path| Some((ends(path, "sources"), std::fs::read_to_string(path).ok()?))).collect()
}

/// `deb [options] URI suite components...`, one to a line.
fn from_list<'a>(text: &'a str, suite: &str) -> Option<&'a str> {
    text.lines().find_map(|line| {
        let rest = line.trim().strip_prefix("deb")?.strip_prefix([' ', '\t'])?.trim_start();
        let rest = if rest.starts_with('[') { rest.split_once(']')?.1 } else { rest };
        let mut words = rest.split_whitespace();
        let uri = words.next()?;
        (words.next()? == suite).then_some(uri)
    })
}

/// Stanzas of `Key: values`, parted by empty lines.
fn from_deb822<'a>(text: &'a str, suite: &str) -> Option<&'a str> {
    text.split("\n\n").find_map(|stanza| {
        let values = |key: &str| {
            let line = stanza.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(':'));
            line.unwrap_or_default().split_whitespace()
        };
        let serves = values("Types").any(|kind| kind == "deb")
            && values("Suites").any(|found| found == suite)
            && !values("Enabled").any(|enabled| enabled == "no");
        serves.then(|| values("URIs").next()).flatten()
    })
}

#[cfg(test)]
mod tests {
    use super::{from_deb822, from_list};

    #[test]
    fn reads_the_mirror_from_one_line_sources() {
        let text = "# deb http://old.example/debian bookworm main\n\
                    deb-src http://src.example/debian bookworm main\n\
                    deb http://security.example/debian-security bookworm-security main\n\
                    deb [arch=amd64 signed-by=/k.gpg] http://one.example/debian bookworm main contrib\n";
        assert_eq!(from_list(text, "bookworm"), Some("http://one.example/debian"));
        assert_eq!(from_list(text, "trixie"), None);
    }

    #[test]
    fn reads_the_mirror_from_deb822_sources() {
        let text = "Types: deb\nEnabled: no\nURIs: http://off.example/debian\nSuites: bookworm\n\n\
                    Types: deb deb-src\n# a comment\nURIs: http://two.example/debian\nSuites: bookworm bookworm-updates\n\
                    Components: main\n\nTypes: deb\nURIs: http://sec.example/\nSuites: bookworm-security\n";
        assert_eq!(from_deb822(text, "bookworm"), Some("http://two.example/debian"));
        assert_eq!(from_deb822(text, "trixie"), None);
    }
}
