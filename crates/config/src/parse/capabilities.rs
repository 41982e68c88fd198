//! Capabilities that a tenant's containers may be given, and why the others may not.

use serde_json::json;
use wharf_document::{Grammar, Meaning, Misfit, Shape, did_you_mean, quoted};

/// A capability's name, with or without `CAP_`, whatever its case.
#[derive(Debug)]
pub(crate) enum Capability {}

/// Those that end at the container's own namespaces and limits; sorted.
const GRANTABLE: [&str; 18] = [
    "AUDIT_WRITE",
    "CHOWN",
    "DAC_OVERRIDE",
    "FOWNER",
    "FSETID",
    "IPC_LOCK",
    "IPC_OWNER",
    "KILL",
    "LEASE",
    "NET_BIND_SERVICE",
    "NET_BROADCAST",
    "NET_RAW",
    "SETFCAP",
    "SETGID",
    "SETPCAP",
    "SETUID",
    "SYS_CHROOT",
    "SYS_NICE",
];

/// Those that reach the host or its other tenants, in a container as well as outside; with what they do there.
const REFUSED: [(&str, &str); 24] = [
    ("AUDIT_CONTROL", "switches the host's audit off"),
    ("AUDIT_READ", "reads the host's audit"),
    ("BLOCK_SUSPEND", "keeps the host awake"),
    ("BPF", "loads programs into the host's kernel"),
    ("CHECKPOINT_RESTORE", "reads what other processes have mapped"),
    ("DAC_READ_SEARCH", "opens any file of the host by its number (CVE-2014-9357 and its kin)"),
    ("LINUX_IMMUTABLE", "makes files that nobody else can remove"),
    ("MAC_ADMIN", "changes the host's mandatory access control"),
    ("MAC_OVERRIDE", "passes the host's mandatory access control"),
    ("MKNOD", "makes files for the host's disks, and in a home they can be opened from outside"),
    ("NET_ADMIN", "takes other addresses on the network and so passes the rules that hold tenants apart"),
    ("PERFMON", "watches the host's kernel and other tenants' processes"),
    ("SYSLOG", "reads the kernel's log and its addresses"),
    ("SYS_ADMIN", "mounts, and is root on the host in a dozen other ways"),
    ("SYS_BOOT", "boots another kernel"),
    ("SYS_MODULE", "loads code into the host's kernel"),
    ("SYS_PACCT", "writes the host's accounting"),
    ("SYS_PTRACE", "takes over other processes and takes away what seccomp holds them to"),
    ("SYS_RAWIO", "reaches the host's memory and devices"),
    ("SYS_RESOURCE", "lifts the limits that the tenant has"),
    ("SYS_TIME", "sets the host's clock"),
    ("SYS_TTY_CONFIG", "takes over the host's consoles"),
    ("WAKE_ALARM", "wakes the host"),
    ("ALL", "is root on the host"),
];

impl Grammar for Capability {
    type Value = &'static str;
    const WHAT: &'static str = "the name of a capability";

    fn shape() -> Shape {
        let prefixed = GRANTABLE.iter().map(|name| format!("CAP_{name}"));
        let names: Vec<String> = GRANTABLE.iter().map(|name| (*name).to_owned()).chain(prefixed).collect();
        // Editors offer the upper-case names; any case is read.
        Shape::any_of([
            Shape::of(json!({ "enum": names })),
            Shape::of(json!({ "type": "string", "pattern": any_case(&names) })),
        ])
    }

    fn accepts(meaning: Meaning) -> bool {
        meaning == Meaning::Text
    }

    fn parse(text: &str) -> Result<&'static str, Misfit> {
        let upper = text.to_ascii_uppercase();
        let name = upper.strip_prefix("CAP_").unwrap_or(&upper);
        if let Some(known) = GRANTABLE.iter().find(|known| **known == name) {
            return Ok(known);
        }
        if let Some((_, why)) = REFUSED.iter().find(|(known, _)| *known == name) {
            let message = format!("no tenant can have {}: it {why}", quoted(name));
            return Err(
                Misfit::new(message).with_help(format!("what may be granted: {}", GRANTABLE.join(", ")))
            );
        }
        let help = did_you_mean(name, GRANTABLE)
            .unwrap_or_else(|| format!("what may be granted: {}", GRANTABLE.join(", ")));
        Err(Misfit::new(format!("{} is not a capability", quoted(text))).with_help(help))
    }
}

/// A pattern for these names whatever their case; JSON Schema's patterns have no flag for that.
fn any_case(names: &[String]) -> String {
    let either = |c: char| match c {
        'A'..='Z' => format!("[{c}{}]", c.to_ascii_lowercase()),
        other => other.to_string(),
    };
    let patterns: Vec<String> = names.iter().map(|name| name.chars().map(either).collect()).collect();
    format!("^({})$", patterns.join("|"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    /// capabilities(7), as of Linux 5.9; later kernels added none.
    const OF_THE_KERNEL: usize = 41;

    #[test]
    fn every_capability_of_the_kernel_is_granted_or_refused() {
        let granted: BTreeSet<&str> = GRANTABLE.into();
        let refused: BTreeSet<&str> =
            REFUSED.iter().map(|(name, _)| *name).filter(|name| *name != "ALL").collect();
        assert!(granted.is_disjoint(&refused));
        assert_eq!(granted.len() + refused.len(), OF_THE_KERNEL);
    }

    #[test]
    fn a_name_is_read_whatever_its_case_and_with_or_without_its_prefix() {
        for text in ["NET_RAW", "net_raw", "CAP_NET_RAW", "cap_Net_Raw"] {
            assert_eq!(Capability::parse(text), Ok("NET_RAW"));
        }
    }

    #[test]
    fn what_is_root_on_the_host_is_refused_however_it_is_written() {
        for text in ["SYS_ADMIN", "cap_sys_admin", "ALL", "CAP_ALL", "all", "MKNOD", "Sys_Ptrace"] {
            let refusal = Capability::parse(text).unwrap_err();
            assert!(refusal.message.starts_with("no tenant can have"), "{text}: {}", refusal.message);
        }
        assert!(Capability::parse("CAP_CAP_NET_RAW").is_err());
    }
}
