//! A host with a key of its own, and a place for secrets that goes away with the test.

use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use wharf_conformance::{Host, Pod, Run};
use wharf_testkit::Engine;

/// A host on which secrets can be delivered.
pub(crate) struct Ground<'e> {
    mounted: Mounted,
    pub(crate) host: Host<'e>,
}

/// Whatever is mounted there is unmounted in the end: the directory could not be removed.
struct Mounted(PathBuf);

impl Drop for Mounted {
    fn drop(&mut self) {
        unmount(&self.0);
    }
}

fn unmount(place: &Path) {
    for _ in 0..8 {
        let done = Command::new("umount").arg("-l").arg(place).output();
        if !done.is_ok_and(|done| done.status.success()) {
            return;
        }
    }
}

impl<'e> Ground<'e> {
    pub(crate) fn on(engine: &'e Engine) -> Self {
        Self::of(Host::on(engine))
    }

    pub(crate) fn of(host: Host<'e>) -> Self {
        let place = host.path("run/secrets");
        Self::at(host, place)
    }

    /// With this place, which may be mounted already.
    pub(crate) fn at(host: Host<'e>, place: PathBuf) -> Self {
        let host = host.config(&format!("secret_place: {}", place.display()));
        host.wharf(["host", "init"]).succeeds();
        Self { mounted: Mounted(place), host }
    }

    pub(crate) fn pod(&self, name: &str, text: &str) -> Pod<'_> {
        self.host.pod(name, text)
    }

    /// Seals a value beside the pod's file.
    pub(crate) fn seals(&self, pod: &Pod<'_>, name: &str, value: &str) {
        self.set(pod, name, value).succeeds();
    }

    #[must_use]
    pub(crate) fn set(&self, pod: &Pod<'_>, name: &str, value: &str) -> Run {
        let words =
            ["secret".as_ref(), "set".as_ref(), "--yes".as_ref(), pod.file().as_os_str(), name.as_ref()];
        self.host.wharf_with_input(words, value.as_bytes())
    }

    /// Where secrets are.
    pub(crate) fn place(&self) -> PathBuf {
        self.mounted.0.clone()
    }

    /// A container's directory there.
    pub(crate) fn given(&self, pod: &Pod<'_>, container: &str) -> PathBuf {
        self.place().join("machine").join(pod.name()).join(container)
    }

    /// The pod's sealed file.
    pub(crate) fn sealed(&self, pod: &Pod<'_>) -> PathBuf {
        self.host.path(format!("secrets/{}.yml", pod.name()))
    }

    /// As a reboot does.
    pub(crate) fn loses_its_memory(&self) {
        unmount(&self.place());
    }

    pub(crate) fn trail(&self) -> String {
        std::fs::read_to_string(self.host.path("state/audit.jsonl")).expect("the audit trail")
    }
}

/// A value that is nowhere else.
pub(crate) fn random() -> String {
    let mut bytes = [0; 24];
    std::fs::File::open("/dev/urandom")
        .and_then(|mut file| file.read_exact(&mut bytes))
        .expect("random numbers");
    bytes.iter().fold("needle".to_owned(), |text, byte| format!("{text}{byte:02x}"))
}
