//! Capabilities that a container gives up. None can be added.

use serde_json::json;
use std::collections::BTreeSet;
use wharf_document::{Grammar, List, Misfit, Parsed, Shape, Spanned, did_you_mean, quoted};

/// A capability's name, with or without `CAP_`, or `ALL`.
#[derive(Debug)]
pub(crate) enum Capability {}

/// Capabilities to drop.
pub(crate) type Capabilities = List<Parsed<Capability>>;

/// capabilities(7), as of Linux 5.9, and the engine's `ALL`; sorted.
const KNOWN: [&str; 42] = [
    "ALL",
    "AUDIT_CONTROL",
    "AUDIT_READ",
    "AUDIT_WRITE",
    "BLOCK_SUSPEND",
    "BPF",
    "CHECKPOINT_RESTORE",
    "CHOWN",
    "DAC_OVERRIDE",
    "DAC_READ_SEARCH",
    "FOWNER",
    "FSETID",
    "IPC_LOCK",
    "IPC_OWNER",
    "KILL",
    "LEASE",
    "LINUX_IMMUTABLE",
    "MAC_ADMIN",
    "MAC_OVERRIDE",
    "MKNOD",
    "NET_ADMIN",
    "NET_BIND_SERVICE",
    "NET_BROADCAST",
    "NET_RAW",
    "PERFMON",
    "SETFCAP",
    "SETGID",
    "SETPCAP",
    "SETUID",
    "SYS_ADMIN",
    "SYS_BOOT",
    "SYS_CHROOT",
    "SYS_MODULE",
    "SYS_NICE",
    "SYS_PACCT",
    "SYS_PTRACE",
    "SYS_RAWIO",
    "SYS_RESOURCE",
    "SYS_TIME",
    "SYS_TTY_CONFIG",
    "SYSLOG",
    "WAKE_ALARM",
];

impl Grammar for Capability {
    type Value = &'static str;
    const WHAT: &'static str = "the name of a capability";

    fn shape() -> Shape {
        let prefixed = KNOWN.iter().skip(1).map(|name| format!("CAP_{name}"));
        let names: Vec<String> = KNOWN.iter().map(|name| (*name).to_owned()).chain(prefixed).collect();
        // Editors offer the upper-case names; any case is read.
        Shape::any_of([
            Shape::of(json!({ "enum": names })),
            Shape::of(json!({ "type": "string", "pattern": any_case(&names) })),
        ])
    }

    fn parse(text: &str) -> Result<&'static str, Misfit> {
        let upper = text.to_ascii_uppercase();
        let name = upper.strip_prefix("CAP_").filter(|name| *name != "ALL").unwrap_or(&upper);
        KNOWN.iter().find(|known| **known == name).copied().ok_or_else(|| {
            let help = did_you_mean(name, KNOWN)
                .unwrap_or_else(|| "such as `NET_RAW`, or `ALL`; see capabilities(7)".to_owned());
            Misfit::new(format!("{} is not a capability", quoted(text))).with_help(help)
        })
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

/// Sorted, each once.
pub(super) fn check(raw: Option<Spanned<Vec<Spanned<&'static str>>>>) -> Vec<String> {
    let names: BTreeSet<&str> = raw.into_iter().flat_map(|list| list.value).map(|name| name.value).collect();
    names.into_iter().map(str::to_owned).collect()
}
