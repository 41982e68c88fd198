//! Which id on disk a container sees as which. Pure: makes the two maps, and opens nothing.

use crate::account::Account;
use crate::subordinate::IdRange;
use std::fmt::Write as _;
use wharf_model::ContainerRoot;

/// A container has ids 0 to 65535; 0 is the account itself.
const SUBORDINATES: u32 = 65_535;
/// The kernel takes 340 lines. Nobody has as many.
const MOST_EXTENTS: usize = 300;

/// Ids that follow one another, on disk and as they are seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Extent {
    /// The first one on disk. Never 0.
    pub disk: u32,
    /// What it is seen as, in numbers of the host.
    pub seen: u32,
    /// How many.
    pub count: u32,
}

/// The users and the groups of one account as its containers see them.
///
/// | on disk | in a container |
/// |---|---|
/// | the account | 0 |
/// | its subordinate ids, in the order of their files | 1, 2, ... 65535 |
/// | its other groups | from 65536: none that a container has by itself, but what is the account's stays writable |
/// | any other | nobody: read as others may, never written |
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IdMap {
    uids: Vec<Extent>,
    gids: Vec<Extent>,
}

impl IdMap {
    /// The map for containers whose root the host takes for `root`; for itself where there is none.
    pub fn new(account: &Account, root: Option<ContainerRoot>) -> Self {
        let root = root.unwrap_or(ContainerRoot { uid: 0, gid: 0 });
        let uids = extents(account.uid(), root.uid, account.subordinate().uids());
        let mut gids = extents(account.gid(), root.gid, account.subordinate().gids());
        // The kernel lets nobody write to a file whose group has no place in the map: without this, what the account
        // shares with a second group of its own could not be written by its containers.
        for (group, offset) in account.groups().iter().zip(SUBORDINATES + 1..) {
            let Some(seen) = root.gid.checked_add(offset).filter(|seen| *seen < u32::MAX) else { break };
            push(&mut gids, Extent { disk: *group, seen, count: 1 });
        }
        Self { uids, gids }
    }

    /// The users.
    pub fn uids(&self) -> &[Extent] {
        &self.uids
    }

    /// The groups.
    pub fn gids(&self) -> &[Extent] {
        &self.gids
    }

    pub(crate) fn uid_lines(&self) -> String {
        lines(&self.uids)
    }

    pub(crate) fn gid_lines(&self) -> String {
        lines(&self.gids)
    }
}

fn extents(own: u32, root: u32, subordinate: &[IdRange]) -> Vec<Extent> {
    let mut found = Vec::new();
    push(&mut found, Extent { disk: own, seen: root, count: 1 });
    let mut used = 0;
    for range in subordinate {
        let count = range.count().min(SUBORDINATES - used);
        let Some(seen) = root.checked_add(1 + used) else { break };
        if count == 0 || seen.checked_add(count).is_none() {
            break;
        }
        if push(&mut found, Extent { disk: range.start(), seen, count }) {
            used += count;
        }
    }
    found
}

/// Adds what the kernel would take: no id twice. And never root's, whatever the files say.
fn push(extents: &mut Vec<Extent>, new: Extent) -> bool {
    let of = |extent: &Extent| IdRange::unchecked(extent.disk, extent.count);
    let fits =
        new.disk != 0 && extents.len() < MOST_EXTENTS && !extents.iter().any(|old| of(old).meets(of(&new)));
    if fits {
        extents.push(new);
    }
    fits
}

/// As `/proc/<pid>/uid_map` wants them: inside, outside, how many. For a mount, inside is the disk.
fn lines(extents: &[Extent]) -> String {
    extents.iter().fold(String::new(), |mut text, extent| {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{} {} {}", extent.disk, extent.seen, extent.count);
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::subordinate::Subordinate;

    fn account(subuid: &str, groups: &[u32]) -> Account {
        let ids = Subordinate::parse(subuid, subuid, "ana", 1001);
        Account::new("ana", (1001, 1002), groups.to_vec(), "/home/ana", ids).unwrap()
    }

    #[test]
    fn root_is_the_account_and_the_others_are_its_subordinates() {
        let map = IdMap::new(&account("ana:100000:65536\n", &[]), None);
        assert_eq!(map.uid_lines(), "1001 0 1\n100000 1 65535\n");
        assert_eq!(map.gid_lines(), "1002 0 1\n100000 1 65535\n");
    }

    #[test]
    fn under_userns_remap_all_moves_to_the_engines_range() {
        let root = Some(ContainerRoot { uid: 200_000, gid: 300_000 });
        let map = IdMap::new(&account("ana:100000:10\nana:500000:5\n", &[]), root);
        assert_eq!(map.uid_lines(), "1001 200000 1\n100000 200001 10\n500000 200011 5\n");
        assert_eq!(map.gid_lines(), "1002 300000 1\n100000 300001 10\n500000 300011 5\n");
    }

    #[test]
    fn an_account_without_subordinate_ids_has_its_own() {
        let map = IdMap::new(&account("", &[]), None);
        assert_eq!((map.uid_lines().as_str(), map.gid_lines().as_str()), ("1001 0 1\n", "1002 0 1\n"));
    }

    #[test]
    fn second_groups_have_places_that_no_container_has_and_root_has_none() {
        let map = IdMap::new(&account("", &[0, 27, 1002, 2000]), None);
        assert_eq!(map.gid_lines(), "1002 0 1\n27 65537 1\n2000 65539 1\n");
        assert_eq!(map.uid_lines(), "1001 0 1\n");
    }

    #[test]
    fn no_id_stands_twice() {
        let map = IdMap::new(&account("ana:1000:10\nana:100000:10\nana:100005:10\n", &[100_001]), None);
        assert_eq!(map.uid_lines(), "1001 0 1\n100000 1 10\n");
        assert_eq!(map.gid_lines(), "1002 0 1\n100000 1 10\n");
    }

    #[test]
    fn numbers_at_the_end_do_not_wrap() {
        let root = Some(ContainerRoot { uid: u32::MAX - 5, gid: u32::MAX - 5 });
        let map = IdMap::new(&account("ana:100000:10\n", &[7]), root);
        assert_eq!(map.uids().len(), 1);
        assert_eq!(map.gids().len(), 1);
    }
}
