//! What is asked when a workstation is new, or on `--config`. Enter takes what is offered; with nobody to ask, all of it is
//! taken.

use super::edit;
use super::person;
use super::place::Place;
use crate::args::EnterArgs;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::setting::Setting;
use crate::show;
use rustix::termios::isatty;
use std::io::Write;
use wharf_document::Yaml;
use wharf_workstation::{Base, Definition, WorkstationName};

/// Whether there is somebody to ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Asking {
    Somebody,
    Nobody,
}

impl Asking {
    pub(super) fn of(args: &EnterArgs) -> Self {
        let terminal = isatty(rustix::stdio::stdin()) && isatty(rustix::stdio::stderr());
        if terminal && !args.manner.yes { Self::Somebody } else { Self::Nobody }
    }
}

/// The definition of a workstation that is new, with its text.
pub(super) fn first(
    setting: &Setting<'_>,
    name: &WorkstationName,
    args: &EnterArgs,
    place: &Place,
) -> Result<Definition, Failure> {
    let mut offered = Definition::plain(name.clone());
    offered.context = Some(place.name().to_owned());
    offered.user = person::usual(setting);
    offered.git = person::git();
    if let Some(image) = &args.manner.image {
        offered.base = base(name, image)?;
    }
    let mut taken = asked(offered, Asking::of(args), args.manner.image.is_some())?;
    taken.text = format!(
        "# The workstation `{name}`. What else may stand here: `wharf schema workstation`, and\n\
         # docs/reference/workstation-file.md. After a change: `wharf shell {name} --upgrade`.\n{}",
        taken.to_yaml()
    );
    Ok(taken)
}

/// The definition after the questions were asked again; what is not asked about stays as it is in the text.
pub(super) fn again(before: &Definition, args: &EnterArgs) -> Result<Definition, Failure> {
    let mut offered = before.clone();
    if let Some(image) = &args.manner.image {
        offered.base = base(&before.name, image)?;
    }
    let mut taken = asked(offered, Asking::of(args), args.manner.image.is_some())?;
    taken.text.clone_from(&before.text);
    // A folder is not asked about, so what was built stays so.
    let changes = [
        ("context", taken.context != before.context),
        ("image", taken.base != before.base),
        ("user", taken.user != before.user),
        ("git", taken.git != before.git),
    ];
    let printed = wharf_document_of(&taken);
    for (key, _) in changes.into_iter().filter(|(_, changed)| *changed) {
        let value = printed.iter().find(|(name, _)| name == key).map(|(_, value)| value.clone());
        taken.text = match value {
            Some(value) => edit::with_key(&taken.text, key, &value, &taken),
            None => taken.to_yaml(),
        };
    }
    Ok(taken)
}

/// The asked keys as they are printed.
fn wharf_document_of(definition: &Definition) -> Vec<(String, Yaml)> {
    let text = |text: &Option<String>| text.as_ref().map(Yaml::text);
    let mut keys = Vec::new();
    let map = |entries: Vec<(&str, Option<Yaml>)>| {
        Yaml::Map(entries.into_iter().filter_map(|(key, value)| Some((key.to_owned(), value?))).collect())
    };
    keys.extend(text(&definition.context).map(|value| ("context".to_owned(), value)));
    if let Base::Image(image) = &definition.base {
        keys.push(("image".to_owned(), Yaml::text(image)));
    }
    let user = &definition.user;
    keys.push((
        "user".to_owned(),
        map(vec![
            ("name", text(&user.name)),
            ("uid", user.uid.map(Yaml::bare)),
            ("gid", user.gid.map(Yaml::bare)),
        ]),
    ));
    keys.push((
        "git".to_owned(),
        map(vec![("name", text(&definition.git.name)), ("email", text(&definition.git.email))]),
    ));
    keys
}

fn asked(mut offered: Definition, asking: Asking, image_said: bool) -> Result<Definition, Failure> {
    if asking == Asking::Nobody {
        return Ok(offered);
    }
    show::say(&format!("The workstation `{}`: Enter takes what stands in brackets.", offered.name));
    offered.context = ask(&offered, "docker context", "context", offered.context.as_deref())?;
    if !image_said {
        offered.base = ask_base(&offered)?;
    }
    let user = ask(&offered, "user inside", "user.name", offered.user.name.as_deref())?;
    offered.user.name = user;
    offered.git.name = ask(&offered, "name for git commits", "git.name", offered.git.name.as_deref())?;
    offered.git.email = ask(&offered, "address for git commits", "git.email", offered.git.email.as_deref())?;
    Ok(offered)
}

fn ask_base(offered: &Definition) -> Result<Base, Failure> {
    let shown = match &offered.base {
        Base::BuiltIn => "a Debian with the usual tools".to_owned(),
        Base::Image(image) => image.to_string(),
        Base::Folder(folder) => format!("built from {folder}"),
    };
    loop {
        let Some(said) = line(&format!("image [{shown}]: "))? else { return Ok(offered.base.clone()) };
        match base(&offered.name, &said) {
            Ok(base) => return Ok(base),
            Err(failure) => show::failure(&failure),
        }
    }
}

/// An image as somebody said it.
pub(super) fn base(name: &WorkstationName, image: &str) -> Result<Base, Failure> {
    match Definition::parse(name, &single("image", image)) {
        Ok(definition) => Ok(definition.base),
        Err(errors) => Err(misfit(&errors)),
    }
}

/// One question; asked again until the answer is one.
fn ask(
    definition: &Definition,
    question: &str,
    key: &str,
    offered: Option<&str>,
) -> Result<Option<String>, Failure> {
    loop {
        let said = line(&format!("{question} [{}]: ", offered.unwrap_or("none")))?;
        let Some(said) = said else { return Ok(offered.map(str::to_owned)) };
        match Definition::parse(&definition.name, &single(key, &said)) {
            Ok(_) => return Ok(Some(said)),
            Err(errors) => show::failure(&misfit(&errors)),
        }
    }
}

/// A file with this key alone.
fn single(key: &str, value: &str) -> String {
    let one = |key: &str, value: Yaml| Yaml::Map(vec![(key.to_owned(), value)]);
    match key.split_once('.') {
        Some((outer, inner)) => one(outer, one(inner, Yaml::text(value))).to_string(),
        None => one(key, Yaml::text(value)).to_string(),
    }
}

fn misfit(errors: &[wharf_document::Diagnostic]) -> Failure {
    let Some(first) = errors.first() else { return Failure::usage("this does not fit") };
    let failure = Failure::usage(first.message.clone());
    match &first.help {
        Some(help) => failure.hint(help.clone()),
        None => failure,
    }
}

/// A line from the terminal; `None` when it is empty.
pub(super) fn line(question: &str) -> Result<Option<String>, Failure> {
    let mut stderr = std::io::stderr().lock();
    let _shown = write!(stderr, "{question}").and_then(|()| stderr.flush());
    let mut said = String::new();
    let read = std::io::stdin().read_line(&mut said).map_err(|error| Failure::of(Exit::Failed, &error))?;
    if read == 0 {
        return Err(Failure::new(Exit::Interrupted, "nothing more was said; nothing was changed"));
    }
    let said = said.trim();
    Ok((!said.is_empty()).then(|| said.to_owned()))
}
