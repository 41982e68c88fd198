//! Everything that a workstation is made from.

use crate::{Definition, Person, YardError};
use std::path::PathBuf;
use wharf_model::TargetPath;
use wharf_wire::workstation::{HostBind, WorkstationSpec, WorkstationUser};

/// A definition, who is going to live there, and where on this machine its folder lies.
#[derive(Debug, Clone)]
pub struct Blueprint<'a> {
    /// What the file says.
    pub definition: &'a Definition,
    /// Who lives in it: the definition's own word where it has one.
    pub person: &'a Person,
    /// The folder with the Dockerfile, absolute, when the definition's base is one.
    pub folder: Option<PathBuf>,
}

impl Blueprint<'_> {
    /// Where the home is seen.
    pub(crate) fn home(&self) -> Result<TargetPath, YardError> {
        let home = self.person.home();
        home.parse().map_err(|_| YardError::NotAUser(self.person.user.clone()))
    }

    /// The container that is asked for.
    pub(crate) fn spec(&self, image: &str, session: &str) -> Result<WorkstationSpec, YardError> {
        let definition = self.definition;
        Ok(WorkstationSpec {
            command: self.command(),
            environment: self.environment(),
            user: WorkstationUser { uid: self.person.uid, gid: self.person.gid },
            home: self.home()?,
            mounts: self.mounts()?,
            memory: definition.limits.memory,
            nano_cpus: definition.limits.nano_cpus,
            pids: definition.limits.pids,
            definition: definition.label(),
            image: image.to_owned(),
            session: session.to_owned(),
        })
    }

    /// The session server is the first process: it fills the home before anybody is there, reaps, and hands signals on.
    fn command(&self) -> Vec<String> {
        let mut words = [crate::PROGRAM, "serve", "--seed"].map(str::to_owned).to_vec();
        if let Some(shell) = &self.definition.shell {
            words.extend(["--shell".to_owned(), shell.clone()]);
        }
        if let Some(scrollback) = self.definition.scrollback {
            words.extend(["--scrollback".to_owned(), scrollback.bytes().to_string()]);
        }
        words.extend(["--every".to_owned(), crate::renewal::EVERY.to_string(), "--".to_owned()]);
        words.extend(crate::renewal::COMMAND.map(str::to_owned));
        words
    }

    /// What every process inside is told: first who and where, then what the file says.
    fn environment(&self) -> std::collections::BTreeMap<wharf_model::EnvName, String> {
        let Person { user, timezone, locale, .. } = self.person;
        let said = [
            ("HOME", Some(self.person.home())),
            ("USER", Some(user.clone())),
            ("LOGNAME", Some(user.clone())),
            ("SHELL", self.definition.shell.clone()),
            ("TZ", timezone.clone()),
            ("LANG", locale.clone()),
        ];
        let said = said.into_iter().filter_map(|(name, value)| Some((name.parse().ok()?, value?)));
        said.chain(self.definition.environment.clone()).collect()
    }

    fn mounts(&self) -> Result<Vec<HostBind>, YardError> {
        let target = |text: &str| text.parse().map_err(|_| YardError::NotATarget(text.to_owned()));
        let mounts = self.definition.mounts.iter();
        mounts
            .map(|mount| {
                let source = mount.source.clone();
                Ok(HostBind { source, target: target(&mount.target)?, readonly: mount.readonly })
            })
            .collect()
    }
}
