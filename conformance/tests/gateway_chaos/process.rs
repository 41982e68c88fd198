//! What the kernel says of a gateway's process.

use std::fs;
use wharf_conformance::gateway::Gateway;

/// The gateway's process.
pub(crate) fn id(gateway: &Gateway<'_>) -> u32 {
    let config = gateway.path("host.yml").display().to_string();
    let runs = |entry: fs::DirEntry| {
        let id: u32 = entry.file_name().to_str()?.parse().ok()?;
        let line = fs::read_to_string(entry.path().join("cmdline")).ok()?;
        let words: Vec<&str> = line.split('\0').collect();
        (words.first()?.ends_with("wharf") && words.contains(&"serve") && words.contains(&config.as_str()))
            .then_some(id)
    };
    fs::read_dir("/proc").expect("/proc").flatten().find_map(runs).expect("a gateway that runs")
}

/// Its resident memory, in KiB.
pub(crate) fn resident(gateway: &Gateway<'_>) -> u64 {
    let status = fs::read_to_string(format!("/proc/{}/status", id(gateway))).expect("a process");
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("its memory");
    line.trim().trim_end_matches(" kB").parse().expect("a number")
}

/// How many files it has open.
pub(crate) fn open_files(gateway: &Gateway<'_>) -> usize {
    fs::read_dir(format!("/proc/{}/fd", id(gateway))).expect("a process").count()
}
