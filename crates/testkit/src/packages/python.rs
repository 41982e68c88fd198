//! What only PyPI has, in environments of their own: Python's `docker`, the SDK that most programs speak to an engine with,
//! `pkilint`, which knows what RFC 5280 wants of certificates, `ansible-vault`, and the first `sops`.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::parent_of_trees;
use crate::{Error, Result, run};

/// Packages, each in one version, so that a test that passed passes tomorrow, and the folder that they are in, which is
/// called by what is in it, so that an older one is not taken for it.
struct Environment {
    folder: &'static str,
    packages: &'static [&'static str],
}

const DOCKER: Environment =
    Environment { folder: "python-docker-pkilint", packages: &["docker==7.1.0", "pkilint==0.13.3"] };

/// SOPS's successor, in Go, is not there.
const SECRETS: Environment = Environment {
    folder: "python-ansible-sops",
    packages: &["ansible-core==2.19.14", "sops==1.18", "ruamel.yaml==0.19.1", "cryptography==50.0.2"],
};

/// What people find secrets in clear with.
const SCANNERS: Environment =
    Environment { folder: "python-scanners", packages: &["truffleHog==2.2.1", "detect-secrets==1.5.0"] };

/// The machine's own Python: one below somebody's home would be out of other accounts' reach.
const PYTHON: &str = "/usr/bin/python3";

/// A Python that has the `docker` package, made when it is not there. Gives [`Error::Missing`] where it cannot be had.
pub fn python_with_docker() -> Result<PathBuf> {
    Ok(DOCKER.place()?.join("bin/python"))
}

/// A program that finds what is wrong with a certificate. Gives [`Error::Missing`] where it cannot be had.
pub fn certificate_linter() -> Result<PathBuf> {
    Ok(DOCKER.place()?.join("bin/lint_pkix_cert"))
}

/// `ansible-vault`. Gives [`Error::Missing`] where it cannot be had.
pub fn ansible_vault() -> Result<PathBuf> {
    Ok(SECRETS.place()?.join("bin/ansible-vault"))
}

/// A Python that has `sops` and `cryptography`. Gives [`Error::Missing`] where it cannot be had.
pub fn python_with_sops() -> Result<PathBuf> {
    Ok(SECRETS.place()?.join("bin/python"))
}

/// A folder with `trufflehog` and `detect-secrets`. Gives [`Error::Missing`] where they cannot be had.
pub fn secret_scanners() -> Result<PathBuf> {
    Ok(SCANNERS.place()?.join("bin"))
}

impl Environment {
    /// Where it is, made when it is not there.
    fn place(&self) -> Result<PathBuf> {
        let place = parent_of_trees().join(self.folder);
        if !place.join("complete").exists() {
            std::fs::create_dir_all(parent_of_trees())
                .map_err(Error::io("cannot make a directory for Python"))?;
            let lock = File::create(place.with_extension("lock")).map_err(Error::io("cannot make a lock"))?;
            lock.lock().map_err(Error::io("cannot take a lock"))?;
            if !place.join("complete").exists() {
                self.make(&place)?;
            }
        }
        Ok(place)
    }

    fn make(&self, place: &Path) -> Result<()> {
        let _ = std::fs::remove_dir_all(place);
        let unavailable = |error: Error| {
            Error::Missing(format!(
                "{} cannot be had from PyPI (install python3-venv, look at the network): {error}",
                self.packages.join(", ")
            ))
        };
        run(Command::new(PYTHON).args(["-m", "venv"]).arg(place)).map_err(unavailable)?;
        let mut pip = Command::new(place.join("bin/python"));
        pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]).args(self.packages);
        run(&mut pip).map_err(unavailable)?;
        std::fs::write(place.join("complete"), "").map_err(Error::io("cannot finish the Python environment"))
    }
}
