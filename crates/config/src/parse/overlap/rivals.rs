//! Who else claims what is claimed: enough of the claims so far to find one that clashes, whoever asks.

/// A claim.
#[derive(Debug, Clone, Copy)]
pub(super) struct Claim {
    /// Whose.
    pub(super) tenant: usize,
    /// How far it reaches; among several, the farthest is kept.
    pub(super) reach: u16,
    /// Whether others may claim the same.
    pub(super) is_shared: bool,
    /// Which of the claims.
    pub(super) index: usize,
}

/// The farthest claims of two tenants, of all and of those that are not shared. Two suffice: whoever asks is not the
/// tenant of one of them.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Rivals {
    all: [Option<Claim>; 2],
    unshared: [Option<Claim>; 2],
}

impl Rivals {
    /// Remembers a claim.
    pub(super) fn add(&mut self, claim: Claim) {
        insert(&mut self.all, claim);
        if !claim.is_shared {
            insert(&mut self.unshared, claim);
        }
    }

    /// The farthest claim that this one clashes with: another tenant's, and not both shared.
    pub(super) fn of(&self, claim: &Claim) -> Option<Claim> {
        let claims = if claim.is_shared { &self.unshared } else { &self.all };
        claims.iter().flatten().find(|other| other.tenant != claim.tenant).copied()
    }
}

fn insert([first, second]: &mut [Option<Claim>; 2], claim: Claim) {
    let is_farther = |than: &Option<Claim>| than.is_none_or(|than| claim.reach > than.reach);
    let is_own = first.is_some_and(|known| known.tenant == claim.tenant);
    if is_farther(first) {
        if !is_own {
            *second = *first;
        }
        *first = Some(claim);
    } else if !is_own && is_farther(second) {
        *second = Some(claim);
    }
}
