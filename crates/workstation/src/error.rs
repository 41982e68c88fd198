//! Why something about a workstation was not done.

use thiserror::Error;
use wharf_docker::EngineError;
use wharf_model::{ImageRef, WorkstationName};
use wharf_policy::Denial;

/// Why something about a workstation was not done.
#[derive(Debug, Error)]
pub enum YardError {
    /// The policy refused.
    #[error(transparent)]
    Denied(#[from] Denial),
    /// The engine refused or is away.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// Somebody else's container has its name.
    #[error("container `{0}` exists and is no workstation of wharf's; rename it, or choose another name")]
    ForeignContainer(String),
    /// Somebody else's volume has its home's name.
    #[error("volume `{0}` exists and is no home that wharf made; remove it, or choose another name")]
    ForeignVolume(String),
    /// There is nothing of it.
    #[error("there is no workstation `{0}`; begin one with `wharf shell {0}`")]
    NoSuchWorkstation(WorkstationName),
    /// A copy of another one's home was broken off in it.
    #[error(
        "workstation `{0}` is an unfinished copy; the same `--clone {0}` begins it again, `wharf shell {0} --destroy \
             --no-backup` removes it"
    )]
    UnfinishedCopy(WorkstationName),
    /// It does not run.
    #[error("workstation `{0}` does not run; start it with `wharf shell {0} --start`")]
    NotRunning(WorkstationName),
    /// The engine has frozen it.
    #[error("workstation `{0}` is paused; `docker unpause workstation-{0}` lets it go on")]
    Paused(WorkstationName),
    /// A command in it neither ended nor said anything.
    #[error(
        "what was asked of workstation `{0}` was not answered in time; look what runs in it, or `wharf shell {0} --restart`"
    )]
    Silent(WorkstationName),
    /// A command in it says more than anybody asked for.
    #[error(
        "what answers in workstation `{0}` says more than an answer may be; is `/run/wharf/session` wharf's own?"
    )]
    Endless(WorkstationName),
    /// It ended as soon as it was started.
    #[error("workstation `{name}` ended as soon as it was started: {output}")]
    Ended {
        /// Which.
        name: WorkstationName,
        /// What it said last.
        output: String,
    },
    /// It runs, and its session server does not answer.
    #[error(
        "workstation `{0}` runs, and its session server does not answer; look at `docker logs workstation-{0}`"
    )]
    Deaf(WorkstationName),
    /// An image is named by its id and is not there.
    #[error("image `{0}` is not on the engine, and an id cannot be pulled")]
    NoSuchImage(ImageRef),
    /// The script that makes the image failed.
    #[error(
        "the image of workstation `{name}` could not be made: its packages failed with exit status {status}; what \
             is on the engine is as it was"
    )]
    Making {
        /// Of which workstation.
        name: WorkstationName,
        /// How.
        status: i64,
    },
    /// A gateway does not build.
    #[error("this gateway builds no images; name one with `image:`, or build it elsewhere and push it")]
    NoBuilder(#[source] EngineError),
    /// The folder with the Dockerfile cannot be read.
    #[error("folder `{folder}` cannot be read")]
    Folder {
        /// Which.
        folder: String,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// The definition's base is a folder, and nobody said where it lies.
    #[error("the workstation is built from folder `{0}`, which is not on this machine; say `image:` instead")]
    NoFolder(String),
    /// A user's name that can be no directory.
    #[error("`{0}` cannot be a user's name in a workstation; choose another with `user: {{name: …}}`")]
    NotAUser(String),
    /// A mount's target that is none.
    #[error("`{0}` cannot be a mount's target; write an absolute path in the workstation")]
    NotATarget(String),
    /// There is no session program for the engine's machine.
    #[error(transparent)]
    Program(#[from] crate::ProgramError),
    /// The home is another user's than the definition's.
    #[error(
        "the home of workstation `{name}` belongs to {was}, and `{uid}:{gid}` is to live there now; say `user:` in its \
             file as it was, or move it: `wharf shell {name} --destroy` keeps the home in a file, and `wharf shell {name} \
             --restore FILE` gives it to whom the file then names"
    )]
    OtherInhabitant {
        /// Which.
        name: WorkstationName,
        /// Whose it is, where that is known.
        was: String,
        /// Whose it is to be.
        uid: u32,
        /// The group's number.
        gid: u32,
    },
    /// An upgrade's new container did not come to run; the former one is back.
    #[error("the upgraded workstation `{name}` did not come to run, so the former one is back")]
    RolledBack {
        /// Which.
        name: WorkstationName,
        /// Why not.
        #[source]
        source: Box<YardError>,
    },
    /// An upgrade broke off, and could not be undone.
    #[error(
        "the upgrade of workstation `{name}` broke off; `wharf shell {name} --start` brings it to an end, its home \
             is as it was"
    )]
    HalfWay {
        /// Which.
        name: WorkstationName,
        /// Why.
        #[source]
        source: Box<YardError>,
    },
    /// An archive broke off or is none.
    #[error("the archive could not be read or written")]
    Archive(#[source] std::io::Error),
    /// Others work on it, too.
    #[error("somebody else works on workstation `{0}` at this moment; try again when they are done")]
    Overtaken(WorkstationName),
    /// An answer of another kind than the call's.
    #[error("the engine's answer does not fit the call")]
    Confused,
}

impl YardError {
    /// The HTTP status of the engine's refusal, when it is one.
    pub fn status(&self) -> Option<u16> {
        match self {
            Self::Engine(error) => error.status(),
            _ => None,
        }
    }
}
