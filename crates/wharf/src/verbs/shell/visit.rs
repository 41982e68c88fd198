//! One workstation of one run: its file, its engine, and what is there.

use super::place::Place;
use super::questions;
use super::shelf::Shelf;
use super::teller::Teller;
use super::{person, shelf};
use crate::args::EnterArgs;
use crate::credentials::Accounts;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::setting::Setting;
use crate::show;
use std::path::PathBuf;
use wharf_docker::Engine;
use wharf_policy::Actor;
use wharf_session::SessionName;
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
    /// The file was lost, and written in this run as the engine has it.
    is_recovered: bool,
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
            is_recovered: false,
        })
    }

    /// The engine's side. What one has learnt of containers another does not know.
    pub(super) fn yard(&self) -> Yard<'_> {
        Yard::new(&self.engine, &Actor::Administrator, &self.teller, &self.credentials)
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
        if let Some(text) = self.yard().find(&self.name).await?.and_then(|seen| seen.definition_text)
            && let Some(definition) = self.recover(&text)?
        {
            return Ok(definition);
        }
        let definition = questions::first(self.setting, &self.name, self.args, &self.place)?;
        if definition.context.as_deref() != Some(self.place.name()) {
            let place = Place::of(self.setting, &self.name, None, definition.context.as_deref())?;
            self.engine = Engine::new(place.endpoint(self.setting)?);
            self.place = place;
            if let Some(text) = self.yard().find(&self.name).await?.and_then(|seen| seen.definition_text)
                && let Some(definition) = self.recover(&text)?
            {
                return Ok(definition);
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

    /// A file that was lost is written again, as the workstation's label has it.
    fn recover(&mut self, text: &str) -> Result<Option<Definition>, Failure> {
        let Ok(mut definition) = Definition::parse(&self.name, text) else { return Ok(None) };
        if text.contains(|c: char| c.is_control() && c != '\n' && c != '\t') {
            // Nobody of good will writes what steers terminals into comments.
            definition.text = definition.to_yaml();
        }
        if definition.context.as_deref().is_none_or(|pinned| pinned != self.place.name()) {
            // It was found here, by whatever name this engine goes on this machine.
            definition.context = Some(self.place.name().to_owned());
            let value = wharf_document::Yaml::text(self.place.name());
            definition.text = super::edit::with_key(&definition.text, "context", &value, &definition);
        }
        let path = self.shelf.path(&self.name);
        self.say(&format!(
            "`{}` is missing; the workstation `{}` was found by its label, and the file is written again",
            path.display(),
            self.name
        ));
        self.is_recovered = true;
        self.keep(definition).map(Some)
    }

    /// Refuses to read folders of this machine that the engine named, and not the person: whoever has the engine could have
    /// written `sync: [{from: ~/.ssh, ...}]` into the label.
    pub(super) fn check_folders_are_meant(&self) -> Result<(), Failure> {
        if !self.is_recovered {
            return Ok(());
        }
        let path = self.shelf.path(&self.name);
        Err(Failure::usage(
            "which folders of this machine are read was just learnt from the engine, and nothing was read",
        )
        .hint(format!("look into `{}`, and say it again", path.display())))
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
        self.check_folders_are_meant()?;
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

/// A session named on the command line.
pub(super) fn session_named(text: &str) -> Result<SessionName, Failure> {
    text.parse().map_err(|error| Failure::of(Exit::Usage, &error))
}
