//! The committed file of finds that are no secrets.

use crate::exit::Exit;
use crate::failure::Failure;
use crate::setting::Setting;
use crate::show;
use std::fs::{File, OpenOptions};
use std::io::{IsTerminal, Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use wharf_repository::WorkTree;
use wharf_scan::{Baseline, Finding, SALT_BYTES};

/// What is allowed.
pub(super) struct Allowed(Baseline);

impl Allowed {
    /// The file, at the repository's top.
    pub(super) const NAME: &'static str = ".wharf-secrets-allowed";

    /// Reads it without following a link; where there is none, nothing is allowed.
    pub(super) fn read(top: &Path) -> Result<Self, Failure> {
        let name = Self::NAME;
        let tree = WorkTree::open(top).map_err(|error| super::failure(&error))?;
        let unreadable = |error: &dyn std::error::Error| Failure::of(Exit::Usage, error);
        if top.join(name).symlink_metadata().is_err() {
            return Ok(Self(Baseline::empty(salt().map_err(|error| unreadable(&error))?)));
        }
        let bytes = tree.read(name).map_err(|error| unreadable(&error))?;
        let Some(bytes) = bytes else {
            return Err(Failure::usage(format!("`{name}` is a link or no regular file"))
                .hint("make it a file, or remove it"));
        };
        Baseline::parse_bytes(&bytes).map(Self).map_err(|error| {
            Failure::of(Exit::Usage, &error)
                .hint(format!("`{name}` is written by `wharf secret scan --baseline-add`"))
        })
    }

    pub(super) fn has(&self, path: &str, finding: &Finding) -> bool {
        self.0.allows(path, finding)
    }

    pub(super) fn add(&mut self, path: &str, finding: &Finding) {
        self.0.add(self.0.entry(path, finding));
    }

    /// Begins anew, with the same salt.
    pub(super) fn forget(&mut self) {
        self.0 = self.0.emptied();
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// In its predecessor's place, whole or not at all.
    pub(super) fn write(&self, top: &Path) -> Result<(), Failure> {
        let draft = top.join(format!("{}.{}", Self::NAME, std::process::id()));
        let written = (|| {
            let mut file = OpenOptions::new().write(true).create_new(true).mode(0o644).open(&draft)?;
            file.write_all(self.0.print().as_bytes())?;
            file.sync_all()?;
            std::fs::rename(&draft, top.join(Self::NAME))
        })();
        written.map_err(|error| {
            let _removed = std::fs::remove_file(&draft);
            Failure::of(Exit::Failed, &error).hint(format!(
                "`{}` is written to `{}`",
                Self::NAME,
                top.display()
            ))
        })
    }
}

/// Whether somebody at a terminal says yes.
pub(super) fn agreed(setting: &Setting<'_>, question: &str) -> Result<bool, Failure> {
    if setting.common.json || setting.common.quiet || !std::io::stdin().is_terminal() {
        return Err(
            Failure::usage("nobody is here to be asked").hint("`--yes` allows what is found without asking")
        );
    }
    show::say(question);
    let mut answer = String::new();
    std::io::stdin().read_line(&mut answer).map_err(|error| Failure::of(Exit::Failed, &error))?;
    Ok(matches!(answer.trim(), "y" | "Y" | "yes"))
}

fn salt() -> std::io::Result<[u8; SALT_BYTES]> {
    let mut salt = [0; SALT_BYTES];
    File::open("/dev/urandom")?.read_exact(&mut salt)?;
    Ok(salt)
}
