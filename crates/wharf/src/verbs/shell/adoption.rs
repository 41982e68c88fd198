//! A workstation that is there and has no file on this machine: who made it is asked for, and what its label says about this
//! machine counts only when a person has said so. Whoever has the engine can write any label.

use super::visit::Visit;
use super::{edit, questions};
use crate::failure::Failure;
use crate::show;
use wharf_document::Yaml;
use wharf_workstation::{Base, Definition, Seen};

impl Visit<'_> {
    /// What is there by the name, when it may be entered: its definition, with a file of it.
    pub(super) async fn adopted(&mut self) -> Result<Option<Definition>, Failure> {
        let seen = self.yard().find(&self.name).await?;
        let Some(seen) = seen.filter(|seen| seen.container.is_some() || seen.definition_text.is_some())
        else {
            return Ok(None);
        };
        self.ask(&seen)?;
        match &seen.definition_text {
            Some(text) => self.recover(text),
            None => Ok(None),
        }
    }

    fn ask(&self, seen: &Seen) -> Result<(), Failure> {
        let (name, place) = (&self.name, show::one_line(self.place.name()));
        let image = show::one_line(seen.image.as_deref().unwrap_or("an unknown image"));
        let found = format!(
            "there is a workstation `{name}` in the docker context `{place}` already, made of {image}, and this machine \
             has no file of it"
        );
        if self.args.manner.yes {
            return Ok(());
        }
        let elsewhere =
            "take it only if it is yours: whoever made it sees what is done there; else choose another name";
        if questions::Asking::of(self.args) == questions::Asking::Nobody {
            return Err(Failure::usage(found).hint(format!("`--yes` takes it as it is; {elsewhere}")));
        }
        let said = questions::line(&format!("{found}. Take it as yours? [y/N]: "))?;
        if said.is_some_and(|said| matches!(said.to_lowercase().as_str(), "y" | "yes")) {
            return Ok(());
        }
        Err(Failure::usage("nothing was done").hint(elsewhere))
    }

    /// A file that was lost is written again, as the workstation's label has it, but for what counts on this machine.
    fn recover(&mut self, text: &str) -> Result<Option<Definition>, Failure> {
        let Ok(mut labelled) = Definition::parse(&self.name, text) else { return Ok(None) };
        if text.contains(|c: char| c.is_control() && c != '\n' && c != '\t') {
            // Nobody of good will writes what steers terminals into comments.
            labelled.text = labelled.to_yaml();
        }
        let (mut definition, withheld) = disarmed(&labelled);
        if definition.context.as_deref().is_none_or(|pinned| pinned != self.place.name()) {
            // It was found here, by whatever name this engine goes on this machine.
            definition.context = Some(self.place.name().to_owned());
            let value = Yaml::text(self.place.name());
            definition.text = edit::with_key(&definition.text, "context", &value, &definition);
        }
        let path = self.shelf.path(&self.name).display().to_string();
        self.say(&format!(
            "`{path}` is missing; the workstation `{}` was found by its label, and the file is written again",
            self.name
        ));
        if !withheld.is_empty() {
            let keys = withheld.join("`, `");
            self.say(&format!(
                "what it says about this machine is commented out there until you say otherwise: `{keys}`"
            ));
        }
        self.withheld = withheld;
        self.keep(definition).map(Some)
    }

    /// Refuses to do what needs folders of this machine that the engine named, and not the person: whoever has the engine
    /// could have written `sync: [{from: ~/.ssh, ...}]` into the label.
    pub(super) fn check_folders_are_meant(&self) -> Result<(), Failure> {
        if self.withheld.is_empty() {
            return Ok(());
        }
        let path = self.shelf.path(&self.name);
        Err(Failure::usage(
            "which folders of this machine are read was just learnt from the engine, and nothing was read",
        )
        .hint(format!("look into `{}`, remove the `#` from what you mean, and say it again", path.display())))
    }
}

/// The definition without what this machine would obey, whose lines its text has as comments; and which keys that are.
fn disarmed(labelled: &Definition) -> (Definition, Vec<&'static str>) {
    let withheld: Vec<&'static str> = [
        ("build", matches!(labelled.base, Base::Folder(_))),
        ("mounts", !labelled.mounts.is_empty()),
        ("sync", !labelled.sync.is_empty()),
    ]
    .into_iter()
    .filter_map(|(key, is_said)| is_said.then_some(key))
    .collect();
    let mut plain = labelled.clone();
    if matches!(plain.base, Base::Folder(_)) {
        plain.base = Base::BuiltIn;
    }
    plain.mounts.clear();
    plain.sync.clear();
    if withheld.is_empty() {
        return (plain, withheld);
    }
    let kept = edit::without_keys(&labelled.text, &withheld, REMARK).filter(|text| edit::says(text, &plain));
    plain.text = kept.unwrap_or_else(|| {
        let printed = edit::without_keys(&labelled.to_yaml(), &withheld, REMARK);
        printed.filter(|text| edit::says(text, &plain)).unwrap_or_else(|| plain.to_yaml())
    });
    (plain, withheld)
}

const REMARK: &str = "# from the engine's label; remove the # if you mean it:\n";

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> (String, Vec<&'static str>) {
        let name = "foo".parse().unwrap();
        let (plain, withheld) = disarmed(&Definition::parse(&name, text).unwrap());
        let read = Definition::parse(&name, &plain.text).unwrap();
        assert!(read.sync.is_empty() && read.mounts.is_empty() && !matches!(read.base, Base::Folder(_)));
        (plain.text, withheld)
    }

    #[test]
    fn what_this_machine_would_obey_is_commented_out() {
        let (text, withheld) = of(
            "# mine\nbuild: ~/\npackages: [git]\nsync:\n  - from: ~/.ssh\n    to: x\n\n# last\nmounts: ['/:/host']\n",
        );
        assert_eq!(withheld, ["build", "mounts", "sync"]);
        assert_eq!(
            text,
            "# mine\n# from the engine's label; remove the # if you mean it:\n# build: ~/\npackages: [git]\n\
             # from the engine's label; remove the # if you mean it:\n# sync:\n#   - from: ~/.ssh\n#     to: x\n\n# last\n\
             # from the engine's label; remove the # if you mean it:\n# mounts: ['/:/host']\n"
        );
    }

    #[test]
    fn no_way_of_writing_it_comes_through() {
        let texts = [
            "{sync: [{from: ~/.ssh, to: x}], packages: [git]}",
            "sync: [{from: ~/.ssh, to: x}]",
            "\"sync\": [{from: ~/.ssh,\n  to: x}]\nshell: /bin/sh",
            "  sync: [{from: ~/.ssh, to: x}]\n  shell: /bin/sh\n",
            "sync: [{from: \"~/.ssh\\\n  y\", to: x}] # sync: [{from: /etc, to: y}]\n",
            "build: ~/\n",
        ];
        for text in texts {
            let (kept, _) = of(text);
            assert!(!kept.lines().any(|line| line.contains(".ssh") && !line.starts_with('#')), "{kept}");
        }
        assert_eq!(of("packages: [git] # so\n"), ("packages: [git] # so\n".to_owned(), vec![]));
    }
}
