//! Subordinate ids, as subuid(5) and subgid(5) have them. Reads the two files; a directory service is not asked.

use std::io;

/// System accounts' numbers end here (`SYS_UID_MAX` of login.defs): no honest range begins below.
const FIRST: u32 = 1000;

/// Ids that follow one another. Never empty, never one of the system's, never past 4294967294.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct IdRange {
    start: u32,
    count: u32,
}

/// The users and groups that are an account's besides its own.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Subordinate {
    uids: Vec<IdRange>,
    gids: Vec<IdRange>,
}

impl IdRange {
    /// A range of `count` ids from `start`; `None` when it holds an id that is no account's to give.
    pub fn new(start: u32, count: u32) -> Option<Self> {
        let last = start.checked_add(count.checked_sub(1)?)?;
        (start >= FIRST && last < u32::MAX).then_some(Self { start, count })
    }

    /// Its first id.
    pub fn start(self) -> u32 {
        self.start
    }

    /// How many ids it has.
    pub fn count(self) -> u32 {
        self.count
    }

    /// Whether `id` is one of them.
    pub fn contains(self, id: u32) -> bool {
        id.checked_sub(self.start).is_some_and(|offset| offset < self.count)
    }

    /// Any ids, for comparing only.
    pub(crate) fn unchecked(start: u32, count: u32) -> Self {
        Self { start, count }
    }

    /// Whether the two share an id.
    pub(crate) fn meets(self, other: Self) -> bool {
        self.contains(other.start) || other.contains(self.start)
    }
}

impl Subordinate {
    /// The ranges of an account in the two files' texts. Lines that are malformed, and ranges that reach into the
    /// system's ids, give nothing.
    pub fn parse(subuid: &str, subgid: &str, name: &str, uid: u32) -> Self {
        Self { uids: ranges(subuid, name, uid), gids: ranges(subgid, name, uid) }
    }

    /// The ranges of an account on this machine. A file that is not there gives none.
    pub(crate) fn of_system(name: &str, uid: u32) -> io::Result<Self> {
        Ok(Self::parse(&text("/etc/subuid")?, &text("/etc/subgid")?, name, uid))
    }

    /// Users.
    pub fn uids(&self) -> &[IdRange] {
        &self.uids
    }

    /// Groups.
    pub fn gids(&self) -> &[IdRange] {
        &self.gids
    }
}

fn text(path: &str) -> io::Result<String> {
    match std::fs::read_to_string(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(String::new()),
        other => other,
    }
}

fn ranges(text: &str, name: &str, uid: u32) -> Vec<IdRange> {
    text.lines().filter_map(|line| range(line, name, uid)).collect()
}

fn range(line: &str, name: &str, uid: u32) -> Option<IdRange> {
    let mut fields = line.split(':');
    let who = fields.next()?;
    let (start, count) = (fields.next()?.parse().ok()?, fields.next()?.trim_end().parse().ok()?);
    let theirs = who == name || who == uid.to_string();
    (theirs && fields.next().is_none()).then(|| IdRange::new(start, count)).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_an_accounts_by_name_or_number_and_nobody_elses() {
        let text = "ana:100000:65536\n1001:300000:5\nbob:500000:7\nana2:1:1\nana:x:1\nana:400000:5:6\n\nana:600000:3";
        let found = Subordinate::parse(text, "bob:1000:2\n", "ana", 1001);
        let starts: Vec<(u32, u32)> =
            found.uids().iter().map(|range| (range.start(), range.count())).collect();
        assert_eq!(starts, [(100_000, 65_536), (300_000, 5), (600_000, 3)]);
        assert_eq!(found.gids(), []);
    }

    #[test]
    fn the_systems_ids_are_nobodys_to_give() {
        for (start, count) in [(0, 65_536), (1, 1), (999, 2), (1000, 0), (u32::MAX, 1), (4_294_967_000, 1000)]
        {
            assert_eq!(IdRange::new(start, count), None, "{start}:{count}");
        }
        assert!(IdRange::new(1000, 1).is_some());
        assert!(IdRange::new(u32::MAX - 1, 1).is_some());
    }
}
