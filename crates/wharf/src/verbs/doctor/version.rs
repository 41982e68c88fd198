//! Versions of the engine's parts, as far as comparing them needs.

use std::cmp::Ordering;

/// `major.minor.patch`, perhaps with the number of a release candidate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Version {
    pub(crate) numbers: [u32; 3],
    /// `None` is the release itself, later than all of its candidates.
    pub(crate) candidate: Option<u32>,
}

impl Version {
    pub(crate) const fn new(major: u32, minor: u32, patch: u32) -> Self {
        Self { numbers: [major, minor, patch], candidate: None }
    }

    pub(crate) const fn candidate(major: u32, minor: u32, patch: u32, candidate: u32) -> Self {
        Self { numbers: [major, minor, patch], candidate: Some(candidate) }
    }

    /// Reads `1.1.5+ds1`, `v2.1.9`, `1.0.0-rc95`, `1.4.0-rc.2`, `1.6.20~ds1`; `None` where it does not begin like that.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let text = text.trim().trim_start_matches('v');
        let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
        let (numbers, rest) = text.split_at(end);
        let mut parts = numbers.split('.').map(str::parse::<u32>);
        let (major, minor) = (parts.next()?.ok()?, parts.next()?.ok()?);
        let patch = parts.next().transpose().ok()?.unwrap_or(0);
        Some(Self { numbers: [major, minor, patch], candidate: candidate(rest) })
    }

    /// The line of releases that it belongs to.
    pub(crate) fn series(self) -> [u32; 2] {
        let [major, minor, _] = self.numbers;
        [major, minor]
    }
}

fn candidate(rest: &str) -> Option<u32> {
    let number = rest.strip_prefix(['-', '~'])?.strip_prefix("rc")?.trim_start_matches('.');
    let end = number.find(|c: char| !c.is_ascii_digit()).unwrap_or(number.len());
    number.get(..end)?.parse().ok()
}

impl PartialOrd for Version {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Version {
    fn cmp(&self, other: &Self) -> Ordering {
        let rank = |version: &Self| version.candidate.unwrap_or(u32::MAX);
        (self.numbers, rank(self)).cmp(&(other.numbers, rank(other)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_as_engines_write_them() {
        assert_eq!(Version::read("1.1.5+ds1"), Some(Version::new(1, 1, 5)));
        assert_eq!(Version::read("1.6.20~ds1"), Some(Version::new(1, 6, 20)));
        assert_eq!(Version::read("20.10.24+dfsg1"), Some(Version::new(20, 10, 24)));
        assert_eq!(Version::read("v2.1.9"), Some(Version::new(2, 1, 9)));
        assert_eq!(Version::read("1.0.0-rc95"), Some(Version::candidate(1, 0, 0, 95)));
        assert_eq!(Version::read("1.4.0-rc.2"), Some(Version::candidate(1, 4, 0, 2)));
        assert_eq!(Version::read("29.0"), Some(Version::new(29, 0, 0)));
        assert_eq!(Version::read("library-import"), None);
        assert_eq!(Version::read(""), None);
        assert_eq!(Version::read("1.x"), None);
    }

    #[test]
    fn a_candidate_comes_before_its_release() {
        assert!(Version::candidate(1, 0, 0, 93) < Version::candidate(1, 0, 0, 95));
        assert!(Version::candidate(1, 0, 0, 95) < Version::new(1, 0, 0));
        assert!(Version::new(1, 0, 3) < Version::new(1, 1, 0));
    }
}
