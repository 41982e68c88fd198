//! What only PyPI has, in an environment of its own: Python's `docker`, the SDK that most programs speak to an engine with,
//! and `pkilint`, which knows what RFC 5280 wants of certificates.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::parent_of_trees;
use crate::{Error, Result, run};

/// What is installed. One version, so that a test that passed passes tomorrow.
const PACKAGES: &[&str] = &["docker==7.1.0", "pkilint==0.13.3"];

/// The machine's own Python: one below somebody's home would be out of other accounts' reach.
const PYTHON: &str = "/usr/bin/python3";

/// A Python that has the `docker` package, made when it is not there. Gives [`Error::Missing`] where it cannot be had.
pub fn python_with_docker() -> Result<PathBuf> {
    Ok(environment()?.join("bin/python"))
}

/// A program that finds what is wrong with a certificate. Gives [`Error::Missing`] where it cannot be had.
pub fn certificate_linter() -> Result<PathBuf> {
    Ok(environment()?.join("bin/lint_pkix_cert"))
}

fn environment() -> Result<PathBuf> {
    // Called by what is in it, so that an older one is not taken for it.
    let place = parent_of_trees().join("python-docker-pkilint");
    if !place.join("complete").exists() {
        std::fs::create_dir_all(parent_of_trees())
            .map_err(Error::io("cannot make a directory for Python"))?;
        let lock = File::create(place.with_extension("lock")).map_err(Error::io("cannot make a lock"))?;
        lock.lock().map_err(Error::io("cannot take a lock"))?;
        if !place.join("complete").exists() {
            make(&place)?;
        }
    }
    Ok(place)
}

fn make(place: &Path) -> Result<()> {
    let _ = std::fs::remove_dir_all(place);
    let unavailable = |error: Error| {
        Error::Missing(format!(
            "{} cannot be had from PyPI (install python3-venv, look at the network): {error}",
            PACKAGES.join(", ")
        ))
    };
    run(Command::new(PYTHON).args(["-m", "venv"]).arg(place)).map_err(unavailable)?;
    let mut pip = Command::new(place.join("bin/python"));
    pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]).args(PACKAGES);
    run(&mut pip).map_err(unavailable)?;
    std::fs::write(place.join("complete"), "").map_err(Error::io("cannot finish the Python environment"))
}
