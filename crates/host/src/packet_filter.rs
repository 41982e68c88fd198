//! The packet filter around tenants' networks: the table `inet wharf`, put in, compared, mended and taken away.
//!
//! Touches no other table, whoever made it, and asks no engine. It works in the network namespace of the calling
//! thread, which must be the engine's.
//!
//! Why a table of our own and not rules in Docker's chains: with several base chains at one hook a packet must pass
//! each of them, and a drop is final. So ours may come before or after those of the engine, and it does not matter
//! whether its iptables writes to nf_tables or to the older xtables. An engine that starts flushes and fills its own
//! chains only (seen on 20.10 and 28.5, killed and stopped). What does take our table away is `nft flush ruleset`, the
//! first line of Debian's /etc/nftables.conf: hence [`PacketFilter::repair`].

mod bridge;
mod network;
mod nft;
mod ruleset;
mod surroundings;

pub use bridge::{BRIDGE_PREFIX, BridgeName, BridgeNameError};
pub use network::{PublishedPort, TenantNetwork};
pub use nft::PacketFilterError;
pub use ruleset::Ruleset;
pub use surroundings::{Surroundings, SurroundingsError};

use nft::Nft;
use ruleset::{SCRATCH, TABLE};

/// The kernel's packet filter, changed with the program `nft`.
#[derive(Debug, Clone)]
pub struct PacketFilter {
    nft: Nft,
}

/// What was found of our rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Installed {
    /// They are as they should be.
    AsWanted,
    /// There are none.
    Missing,
    /// There are others: older ones, or somebody changed them.
    Altered,
}

impl PacketFilter {
    /// Finds the program.
    ///
    /// # Errors
    /// When there is no `nft`, or somebody but root could replace it.
    pub fn find() -> Result<Self, PacketFilterError> {
        Ok(Self { nft: Nft::find()? })
    }

    /// Puts the rules in place of those that were there, in one step: no packet is judged by half of them, and after
    /// an error all is as before. Connections that the new rules forbid end with their next packet.
    ///
    /// # Errors
    /// When `nft` cannot be run, or the kernel refuses.
    pub fn apply(&self, wanted: &Ruleset) -> Result<(), PacketFilterError> {
        self.nft.run(&["-f", "-"], &wanted.to_string()).map(drop)
    }

    /// Whether what the kernel has is what is wanted; a rule that was deleted, added or changed by hand shows.
    ///
    /// Each version of `nft` writes rules its own way, so both sides are written by the same one: the wanted rules are
    /// loaded as a dormant table, which sees no packets, and the two are listed.
    ///
    /// # Errors
    /// When `nft` cannot be run, or the kernel refuses.
    pub fn check(&self, wanted: &Ruleset) -> Result<Installed, PacketFilterError> {
        if !self.is_installed()? {
            return Ok(Installed::Missing);
        }
        let installed = self.listing(TABLE)?;
        self.nft.run(&["-f", "-"], &wanted.to_scratch())?;
        let fresh = self.listing(SCRATCH);
        self.nft.run(&["delete", "table", "inet", SCRATCH], "")?;
        // Ours must not be asleep.
        let fresh = fresh?.replacen("\tflags dormant\n", "", 1);
        Ok(if installed == fresh { Installed::AsWanted } else { Installed::Altered })
    }

    /// Checks, and applies where something is missing or altered. Says what was found.
    ///
    /// # Errors
    /// As [`PacketFilter::check`] and [`PacketFilter::apply`].
    pub fn repair(&self, wanted: &Ruleset) -> Result<Installed, PacketFilterError> {
        let found = self.check(wanted)?;
        if found != Installed::AsWanted {
            self.apply(wanted)?;
        }
        Ok(found)
    }

    /// Takes all our rules away; no matter if there are none.
    ///
    /// # Errors
    /// When `nft` cannot be run, or the kernel refuses.
    pub fn remove(&self) -> Result<(), PacketFilterError> {
        // Adding first makes deleting succeed where there is nothing; `destroy` needs a newer kernel.
        let both = [TABLE, SCRATCH].map(|name| format!("add table inet {name}\ndelete table inet {name}\n"));
        self.nft.run(&["-f", "-"], &both.concat()).map(drop)
    }

    fn is_installed(&self) -> Result<bool, PacketFilterError> {
        let tables = self.nft.run(&["list", "tables", "inet"], "")?;
        Ok(tables.lines().any(|line| line.trim() == format!("table inet {TABLE}")))
    }

    /// What a table holds, without its name, empty lines (`nft` writes one behind a table's flags), and what its
    /// counters have counted.
    fn listing(&self, table: &str) -> Result<String, PacketFilterError> {
        let text = self.nft.run(&["-s", "list", "table", "inet", table], "")?;
        let lines = text.lines().skip(1).filter(|line| !line.is_empty());
        Ok(lines.collect::<Vec<_>>().join("\n"))
    }
}
