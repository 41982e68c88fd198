//! Known ways out of a container, or into one from outside, and the versions without them.
//!
//! Only what the vendors' own advisories say. What wharf refuses anyway (host namespaces, building, plugins) is left out,
//! and so is what engines older than the oldest that wharf speaks with have (CVE-2019-5736).

use crate::verbs::doctor::version::Version;

/// A known way out.
#[derive(Debug)]
pub(crate) struct Escape {
    /// By which it is known.
    pub(crate) id: &'static str,
    /// As `GET /version` names the part.
    pub(crate) part: &'static str,
    /// The first release without it in each line of releases that got one, oldest first. Later lines never had it.
    fixed: &'static [Version],
    /// Who can do what.
    pub(crate) meaning: &'static str,
}

pub(crate) const ESCAPES: [Escape; 7] = [
    Escape {
        id: "CVE-2025-31133, CVE-2025-52565, CVE-2025-52881",
        part: "runc",
        // https://github.com/opencontainers/runc/security/advisories/GHSA-9493-h29p-rfm2, GHSA-qw9x-cqr3-wc7r,
        // GHSA-cgrx-mc8f-2prm: fixed in 1.2.8, 1.3.3 and 1.4.0-rc.3.
        fixed: &[Version::new(1, 2, 8), Version::new(1, 3, 3), Version::candidate(1, 4, 0, 3)],
        meaning: "a pod of somebody's own making can become root on this host while its containers start",
    },
    Escape {
        id: "CVE-2024-21626",
        part: "runc",
        // https://github.com/opencontainers/runc/security/advisories/GHSA-xr7r-f8xq-vfvv: 1.0.0-rc93 to 1.1.11. Engines
        // 24.0.9 and 25.0.2 came with 1.1.12.
        fixed: &[Version::new(1, 1, 12)],
        meaning: "an image of somebody's own making, or `working_dir`, can reach this host's files",
    },
    Escape {
        id: "CVE-2021-30465",
        part: "runc",
        // https://github.com/opencontainers/runc/security/advisories/GHSA-c3xm-pvg7-gh7r: before 1.0.0-rc95.
        fixed: &[Version::candidate(1, 0, 0, 95)],
        meaning: "containers that share a mount can race the start of another and mount this host's files",
    },
    Escape {
        id: "CVE-2021-41091",
        part: "Engine",
        // https://github.com/moby/moby/security/advisories/GHSA-3fwx-pjgw-3558: before 20.10.9.
        fixed: &[Version::new(20, 10, 9)],
        meaning: "local users can enter the engine's directories and run set-uid programs of containers",
    },
    Escape {
        id: "CVE-2026-42306",
        part: "Engine",
        // Before 29.5.1. CVE-2026-41567, of the same release, needs a compressed archive, which wharf refuses.
        fixed: &[Version::new(29, 5, 1)],
        meaning: "whoever copies files into a container can race its mounts and reach this host's files",
    },
    Escape {
        id: "CVE-2021-41103",
        part: "containerd",
        // https://github.com/containerd/containerd/security/advisories/GHSA-c2h3-6mxw-7mvq: before 1.4.11 and 1.5.7.
        fixed: &[Version::new(1, 4, 11), Version::new(1, 5, 7)],
        meaning: "local users can enter containerd's directories and run set-uid programs of containers",
    },
    Escape {
        id: "CVE-2024-25621",
        part: "containerd",
        // https://github.com/containerd/containerd/security/advisories/GHSA-pwhc-rpq9-4c8w: before 1.7.29, 2.0.7, 2.1.5
        // and 2.2.0. Its candidates 2.2.0-beta.0 to -rc.1 had it.
        fixed: &[Version::new(1, 7, 29), Version::new(2, 0, 7), Version::new(2, 1, 5), Version::new(2, 2, 0)],
        meaning: "local users can enter containerd's directories (`chmod 0700` closes them without an update)",
    },
];

impl Escape {
    /// Whether this version has it, by its number alone.
    pub(crate) fn is_in(&self, version: Version) -> bool {
        match self.fixed.iter().find(|fixed| fixed.series() == version.series()) {
            Some(fixed) => version < *fixed,
            // A line without a fix of its own: older than the last that got one, or newer than all.
            None => self.fixed.last().is_some_and(|last| version < *last),
        }
    }

    /// The versions without it, for people.
    pub(crate) fn fixed_in(&self) -> String {
        let shown = |version: &Version| {
            let [major, minor, patch] = version.numbers;
            let candidate = version.candidate.map(|number| format!("-rc{number}")).unwrap_or_default();
            format!("{major}.{minor}.{patch}{candidate}")
        };
        self.fixed.iter().map(shown).collect::<Vec<_>>().join(", ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(part: &str, version: &str) -> Vec<&'static str> {
        let version = Version::read(version).unwrap();
        ESCAPES
            .iter()
            .filter(|escape| escape.part == part && escape.is_in(version))
            .map(|escape| escape.id)
            .collect()
    }

    #[test]
    fn each_line_of_releases_has_its_own_first_version_without_an_escape() {
        const OF_2025: &str = "CVE-2025-31133, CVE-2025-52565, CVE-2025-52881";
        assert_eq!(of("runc", "1.0.0-rc94"), [OF_2025, "CVE-2024-21626", "CVE-2021-30465"]);
        assert_eq!(of("runc", "1.0.0-rc95"), [OF_2025, "CVE-2024-21626"]);
        assert_eq!(of("runc", "1.1.5+ds1"), [OF_2025, "CVE-2024-21626"]);
        assert_eq!(of("runc", "1.1.12"), [OF_2025]);
        assert_eq!(of("runc", "1.2.7"), [OF_2025]);
        assert_eq!(of("runc", "1.3.2"), [OF_2025]);
        assert_eq!(of("runc", "1.4.0-rc.2"), [OF_2025]);
        for without in ["1.2.8", "1.2.9", "1.3.3", "1.4.0-rc.3", "1.4.0", "1.5.3", "2.0.0"] {
            assert_eq!(of("runc", without), [] as [&str; 0], "{without}");
        }
    }

    #[test]
    fn engines_and_containerds_are_known_by_their_own_versions() {
        assert_eq!(of("Engine", "20.10.8"), ["CVE-2021-41091", "CVE-2026-42306"]);
        assert_eq!(of("Engine", "20.10.24+dfsg1"), ["CVE-2026-42306"]);
        assert_eq!(of("Engine", "28.5.2"), ["CVE-2026-42306"]);
        assert_eq!(of("Engine", "29.5.0"), ["CVE-2026-42306"]);
        assert_eq!(of("Engine", "29.5.1"), [] as [&str; 0]);
        assert_eq!(of("containerd", "1.4.3"), ["CVE-2021-41103", "CVE-2024-25621"]);
        assert_eq!(of("containerd", "1.6.20~ds1"), ["CVE-2024-25621"]);
        assert_eq!(of("containerd", "2.1.4"), ["CVE-2024-25621"]);
        assert_eq!(of("containerd", "2.1.9"), [] as [&str; 0]);
        assert_eq!(of("containerd", "2.3.0"), [] as [&str; 0]);
    }
}
