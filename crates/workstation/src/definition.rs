//! The file of a workstation, as values: what is in it, who lives in it, where it is.
//!
//! The text itself travels with the values: it is kept in a label, comments and all, so that a lost file is found again.

mod grammars;
mod label;
mod parse;
mod print;

use crate::WorkstationName;
use std::collections::BTreeMap;
use wharf_document::{Diagnostic, Read};
use wharf_model::{ByteSize, EnvName, ImageRef};

/// What a workstation is to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Definition {
    /// As the file is called, without its extension.
    pub name: WorkstationName,
    /// The docker context whose engine it is on, or that engine's address; `None` when the file pins neither.
    pub context: Option<String>,
    /// What it is made of.
    pub base: Base,
    /// What the base's package manager installs on top.
    pub packages: Vec<String>,
    /// Who lives in it.
    pub user: Inhabitant,
    /// By what name the inhabitant commits.
    pub git: Git,
    /// The login shell, as a path inside; `None`: bash where the image has it, else sh.
    pub shell: Option<String>,
    /// Variables of every session.
    pub environment: BTreeMap<EnvName, String>,
    /// Directories of the engine's host that are seen inside.
    pub mounts: Vec<HostMount>,
    /// Folders of the caller's machine that `--sync` copies into the home.
    pub sync: Vec<SyncedFolder>,
    /// How much it may use.
    pub limits: Limits,
    /// The key that leaves a session, as `wharf_session::DetachKey` reads it; `None`: its default.
    pub detach_key: Option<String>,
    /// Bytes of scrollback of each session; `None`: the server's default.
    pub scrollback: Option<ByteSize>,
    /// Docker contexts that are joined from inside.
    pub contexts: Vec<String>,
    /// The text that all this was read from.
    pub text: String,
}

/// What a workstation is made of.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Base {
    /// The Debian that wharf makes.
    #[default]
    BuiltIn,
    /// An image.
    Image(ImageRef),
    /// A folder with a Dockerfile, on the caller's machine: absolute, below `~/`, or relative to the file's own folder.
    Folder(String),
}

/// Who lives in a workstation; what is not said is as on the caller's machine.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Inhabitant {
    /// The account's name inside.
    pub name: Option<String>,
    /// Its number.
    pub uid: Option<u32>,
    /// Its group's number.
    pub gid: Option<u32>,
}

/// Who commits.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Git {
    /// `user.name`.
    pub name: Option<String>,
    /// `user.email`.
    pub email: Option<String>,
}

/// A directory of the engine's host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostMount {
    /// Absolute path on the host.
    pub source: String,
    /// Absolute path inside.
    pub target: String,
    /// Nothing inside can write to it.
    pub readonly: bool,
}

/// A folder that is copied one way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyncedFolder {
    /// On the caller's machine: absolute, or below `~/`.
    pub from: String,
    /// Below the home; never climbs.
    pub to: String,
    /// Names that are neither copied nor deleted.
    pub exclude: Vec<String>,
}

/// How much a workstation may use; what is not said is not limited.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Limits {
    /// Bytes of memory.
    pub memory: Option<ByteSize>,
    /// Billionths of a CPU.
    pub nano_cpus: Option<u64>,
    /// Processes and threads.
    pub pids: Option<u32>,
}

impl Definition {
    /// The definition of which nothing is said but the name.
    pub fn plain(name: WorkstationName) -> Self {
        Self {
            name,
            context: None,
            base: Base::default(),
            packages: Vec::new(),
            user: Inhabitant::default(),
            git: Git::default(),
            shell: None,
            environment: BTreeMap::new(),
            mounts: Vec::new(),
            sync: Vec::new(),
            limits: Limits::default(),
            detach_key: None,
            scrollback: None,
            contexts: Vec::new(),
            text: String::new(),
        }
    }

    /// Reads a workstation's file. The errors are all there are, in the order of the text.
    pub fn parse(name: &WorkstationName, text: &str) -> Result<Self, Vec<Diagnostic>> {
        parse::parse(name, text)
    }

    /// The values as a file, whatever text they were read from. What is printed reads as the same values.
    pub fn to_yaml(&self) -> String {
        print::print(self)
    }

    /// Whether what was made from `text` is what this makes: comments aside, and what counts without an upgrade.
    pub fn is_made_like(&self, text: &str) -> bool {
        let made = |definition: Self| Self {
            context: None,
            sync: Vec::new(),
            detach_key: None,
            contexts: Vec::new(),
            text: String::new(),
            ..definition
        };
        Self::parse(&self.name, text).is_ok_and(|other| made(other) == made(self.clone()))
    }

    /// The JSON Schema (2020-12) of such files. It allows everything that [`Definition::parse`] allows.
    pub fn schema() -> serde_json::Value {
        parse::RawDefinition::shape().into_document("Wharfinger workstation")
    }
}
