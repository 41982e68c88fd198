//! What joining leaves on a machine: a docker context, and beside it the folder with `ca.pem`, `cert.pem` and `key.pem`.
//!
//! The three files are only ever replaced together: a folder with the new ones is exchanged for the one that is there, in one
//! step of the kernel's. So no reader finds a key and a certificate at rest that do not belong together, and whoever is killed
//! leaves the old folder or the new one. Only somebody who opens one file before that step and the next one after it has half
//! of each, for once; the docker CLI opens them within a millisecond. Where a file system cannot exchange, there is a moment
//! without a folder; [`Joined::open`] puts the old one back when that is how it was left.

mod folder;
mod timer;

use crate::docker_folder::{DockerFolder, read_json};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::setting::Setting;
use folder::{Draft, Place};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use wharf_pki::PrivateKey;

pub(crate) use folder::write_document;
pub(crate) use timer::{Installed, Timer};

/// A docker context that was made, or is to be made, by joining.
pub(crate) struct Joined {
    docker: DockerFolder,
    name: String,
    place: Place,
}

/// What is there under a context's name.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Found {
    Nothing,
    /// A context that was made by joining, for this address.
    Ours(String),
    /// Somebody else's.
    Strange,
}

/// What the gateway gave, as PEM.
pub(crate) struct Given {
    /// By whom the server is known.
    pub(crate) authorities: String,
    pub(crate) certificate: String,
}

impl Joined {
    /// The context of this name in the docker CLI's folder. Nobody else works on it until this value is dropped.
    pub(crate) fn open(setting: &Setting<'_>, name: &str) -> Result<Self, Failure> {
        check_name(name)?;
        if setting.heeds_nothing() {
            return Err(Failure::usage("this is done as oneself, not through sudo")
                .hint("for root's own docker: `sudo wharf --trust-environment ...`"));
        }
        let docker = DockerFolder::of(setting).ok_or_else(|| {
            Failure::usage("there is no home directory to write to").hint("set HOME or DOCKER_CONFIG")
        })?;
        let place = Place::open(docker.certificates_of(name))?;
        Ok(Self { docker, name: name.to_owned(), place })
    }

    /// What is there.
    pub(crate) fn found(&self) -> Found {
        let path = self.docker.meta_of(&self.name);
        let Some(meta) = read_json::<Value>(&path) else {
            return if path.exists() { Found::Strange } else { Found::Nothing };
        };
        let is_ours = meta.pointer("/Metadata/wharf").is_some_and(|mark| mark == MARK);
        let host = meta.pointer("/Endpoints/docker/Host").and_then(Value::as_str);
        host.filter(|_| is_ours).map_or(Found::Strange, |host| Found::Ours(host.to_owned()))
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// The folder with the three files, which is what DOCKER_CERT_PATH wants.
    pub(crate) fn folder(&self) -> &Path {
        self.place.folder()
    }

    /// The file that says that the context is there.
    pub(crate) fn meta(&self) -> PathBuf {
        self.docker.meta_of(&self.name)
    }

    pub(crate) fn docker(&self) -> &DockerFolder {
        &self.docker
    }

    /// One of the three files as it is now.
    pub(crate) fn read(&self, name: &str) -> Result<Vec<u8>, Failure> {
        wharf_host::read_own(&self.folder().join(name), folder::MOST_BYTES)
            .map_err(|error| Failure::of(Exit::Usage, &error))
    }

    /// A folder for the next three, with the key: what cannot be written is known before anything is asked for.
    pub(crate) fn draft(&self, key: &PrivateKey) -> Result<Draft<'_>, Failure> {
        self.place.draft(key.to_pem().as_bytes())
    }

    /// Makes the docker context.
    pub(crate) fn describe(&self, address: &str, description: &str) -> Result<(), Failure> {
        let meta = json!({
            "Name": self.name,
            "Metadata": {"Description": description, "wharf": MARK},
            "Endpoints": {"docker": {"Host": address, "SkipTLSVerify": false}},
        });
        folder::write_document(&self.docker.meta_of(&self.name), &meta)
    }

    /// Takes the context away; the three files stay until others take their place.
    pub(crate) fn forget(&self) -> Result<(), Failure> {
        let path = self.docker.meta_of(&self.name);
        std::fs::remove_file(&path).map_err(|error| {
            Failure::new(Exit::Failed, format!("cannot remove `{}`: {error}", path.display()))
        })
    }

    /// Has docker use it when nobody says otherwise.
    pub(crate) fn make_current(&self) -> Result<(), Failure> {
        let path = self.docker.configuration();
        let read = read_json::<Value>(&path).filter(Value::is_object);
        let mut config = match read {
            Some(config) => config,
            None if !path.exists() => json!({}),
            None => {
                let message = format!("`{}` is not understood, and stays as it is", path.display());
                return Err(Failure::new(Exit::Failed, message)
                    .hint(format!("run `docker context use {}` yourself", self.name)));
            }
        };
        if let Some(fields) = config.as_object_mut() {
            fields.insert("currentContext".to_owned(), self.name.as_str().into());
        }
        folder::write_document(&path, &config)
    }
}

/// In the context's metadata: by this it is known again.
const MARK: &str = "joined";

fn check_name(name: &str) -> Result<(), Failure> {
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '+' | '-');
    let begins = name.chars().next().is_some_and(|c| c.is_ascii_alphanumeric());
    if begins && name.chars().all(fits) && name.len() <= 100 && name != "default" {
        return Ok(());
    }
    Err(Failure::usage(format!("`{name}` cannot be a context's name"))
        .hint("letters, digits, `_`, `.`, `+` and `-`, beginning with a letter or digit; not `default`"))
}
