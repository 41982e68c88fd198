//! One workstation of one run: its file, its engine, and what is there.

use super::place::Place;
use super::shelf::Shelf;
use super::teller::Teller;
use super::{lock, questions};
use super::{person, shelf};
use crate::args::EnterArgs;
use crate::credentials::Accounts;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::setting::Setting;
use crate::show;
use std::cell::RefCell;
use std::path::PathBuf;
use wharf_docker::Engine;
use wharf_policy::Actor;
use wharf_session::SessionName;
use wharf_store::WorkstationLock;
use wharf_workstation::{Base, Blueprint, Definition, Person, Seen, WorkstationName, Yard};

/// What a run about one workstation stands on.
pub(super) struct Visit<'a> {
    pub(super) setting: &'a Setting<'a>,
    pub(super) args: &'a EnterArgs,
    pub(super) name: WorkstationName,
    /// The session that was named.
    pub(super) session: Option<SessionName>,
    pub(super) shelf: Shelf,
    pub(super) place: Place,
    pub(super) engine: Engine,
    pub(super) teller: Teller,
    credentials: Accounts,
    /// What the file says, where there is one.
    pub(super) definition: Option<Definition>,
    /// What the file said before this run changed it.
    pub(super) before: Option<Definition>,
    /// Keys that the engine's label has, and the file that was written in this run has as comments.
    pub(super) withheld: Vec<&'static str>,
    /// This run changes the workstation.
    held: RefCell<Option<WorkstationLock>>,
}

impl<'a> Visit<'a> {
    /// Reads the file, and asks nobody yet.
    pub(super) fn begin(setting: &'a Setting<'a>, args: &'a EnterArgs) -> Result<Self, Failure> {
        let name = super::named(args.name.as_deref().unwrap_or_default())?;
        let session = args.session.as_deref().map(session_named).transpose()?;
        let shelf = Shelf::of(setting)?;
        let definition = shelf.read(&name)?;
        let pinned = definition.as_ref().and_then(|definition| definition.context.as_deref());
        let place = Place::of(setting, &name, pinned, args.manner.context.as_deref())?;
        let engine = Engine::new(place.endpoint(setting)?);
        let teller = Teller::new(setting);
        let credentials = Accounts::of(setting, &Actor::Administrator)?;
        Ok(Self {
            setting,
            args,
            name,
            session,
            shelf,
            place,
            engine,
            teller,
            credentials,
            definition,
            before: None,
            withheld: Vec::new(),
            held: RefCell::default(),
        })
    }

    /// The engine's side. What one has learnt of containers another does not know.
    pub(super) fn yard(&self) -> Yard<'_> {
        let yard = Yard::new(&self.engine, &Actor::Administrator, &self.teller, &self.credentials);
        match std::env::current_exe() {
            Ok(program) => yard.with_renewer(program),
            Err(_) => yard,
        }
    }

    /// What is there, when anything is.
    pub(super) async fn found(&self, yard: &Yard<'_>) -> Result<Seen, Failure> {
        yard.find(&self.name).await?.ok_or_else(|| self.nothing_there())
    }

    /// What is there, when it runs.
    pub(super) async fn running(&self, yard: &Yard<'_>) -> Result<Seen, Failure> {
        let seen = self.found(yard).await?;
        if seen.is_running() {
            return Ok(seen);
        }
        Err(Failure::new(Exit::Failed, format!("the workstation `{}` does not run", self.name))
            .hint(format!("`wharf shell {} --start` starts it", self.name)))
    }

    pub(super) fn nothing_there(&self) -> Failure {
        let message =
            format!("there is no workstation `{}` in the docker context `{}`", self.name, self.place.name());
        Failure::new(Exit::Failed, message)
            .hint(format!("`wharf shell {}` makes it; `wharf shell ls` lists those there are", self.name))
    }

    /// The definition: of the file; else of the label, and then the file is written again; else asked for.
    pub(super) async fn settle(&mut self) -> Result<Definition, Failure> {
        if let Some(definition) = &self.definition {
            self.check_image(definition)?;
            return Ok(definition.clone());
        }
        if let Some(definition) = self.adopted().await? {
            return Ok(definition);
        }
        let mut definition = questions::first(self.setting, &self.name, self.args, &self.place)?;
        if definition.context.as_deref() != Some(self.place.name()) {
            let place = Place::of(self.setting, &self.name, None, definition.context.as_deref())?;
            self.engine = Engine::new(place.endpoint(self.setting)?);
            self.place = place;
            if let Some(definition) = self.adopted().await? {
                return Ok(definition);
            }
            if definition.context.as_deref() != Some(self.place.name()) {
                // `default` is one engine from now on.
                definition.context = Some(self.place.name().to_owned());
                let value = wharf_document::Yaml::text(self.place.name());
                definition.text = super::edit::with_key(&definition.text, "context", &value, &definition);
            }
        }
        self.keep(definition)
    }

    /// `--image` is about a workstation that is new; of another one it would be forgotten in silence.
    fn check_image(&self, definition: &Definition) -> Result<(), Failure> {
        let Some(image) = &self.args.manner.image else { return Ok(()) };
        if questions::base(&self.name, image)? == definition.base {
            return Ok(());
        }
        let path = self.shelf.path(&self.name);
        Err(Failure::usage(format!(
            "the workstation `{}` is there, and its file names what it is made of",
            self.name
        ))
        .hint(format!(
            "`wharf shell {} --config --image {image} --upgrade` changes `{}`, and applies it",
            self.name,
            path.display()
        )))
    }

    /// Keeps the lock until what is given is dropped.
    pub(super) fn hold(&self, lock: WorkstationLock) -> Held<'_> {
        self.held.replace(Some(lock));
        Held(&self.held)
    }

    /// The lock to start it with, where this run does not have it already; waits for whoever has it.
    pub(super) async fn lock_to_start(&self) -> Result<Option<WorkstationLock>, Failure> {
        if self.held.borrow().is_some() {
            return Ok(None);
        }
        lock::wait(self, self.name.as_str()).await.map(Some)
    }

    /// What the file says, when it is settled.
    pub(super) fn defined(&self) -> Result<&Definition, Failure> {
        self.definition.as_ref().ok_or_else(|| self.nothing_there())
    }

    /// Writes the file.
    pub(super) fn keep(&mut self, definition: Definition) -> Result<Definition, Failure> {
        self.shelf.write(&self.name, &definition.text)?;
        self.definition = Some(definition.clone());
        Ok(definition)
    }

    /// Who lives there.
    pub(super) fn person(&self, definition: &Definition) -> Person {
        person::of(self.setting, definition)
    }

    /// Everything that a workstation is made from.
    pub(super) fn blueprint<'b>(
        &self,
        definition: &'b Definition,
        person: &'b Person,
    ) -> Result<Blueprint<'b>, Failure> {
        Ok(Blueprint { definition, person, folder: self.folder(definition)? })
    }

    /// Where the folder with the Dockerfile is; without a beginning of its own, beside the file.
    fn folder(&self, definition: &Definition) -> Result<Option<PathBuf>, Failure> {
        let Base::Folder(folder) = &definition.base else { return Ok(None) };
        let path = shelf::expanded(self.setting, folder)?;
        let beside = self.shelf.path(&self.name);
        Ok(Some(beside.parent().map_or(path.clone(), |beside| beside.join(path))))
    }

    /// The session that is meant.
    pub(super) fn session(&self) -> SessionName {
        self.session.clone().unwrap_or_default()
    }

    pub(super) fn say(&self, line: &str) {
        if !self.setting.common.quiet {
            show::say(line);
        }
    }
}

/// The workstation is this run's to change; let go when it is dropped.
#[must_use = "the lock is let go when this value is dropped"]
pub(super) struct Held<'a>(&'a RefCell<Option<WorkstationLock>>);

impl Drop for Held<'_> {
    fn drop(&mut self) {
        self.0.take();
    }
}

/// A session named on the command line.
pub(super) fn session_named(text: &str) -> Result<SessionName, Failure> {
    text.parse().map_err(|error| Failure::of(Exit::Usage, &error))
}
