//! How an image is made: from which base, by which script.

use crate::{Base, Blueprint};

/// What an image is made from, when one is made in a container.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Recipe {
    /// The base's reference.
    pub(crate) base: String,
    /// For `/bin/sh -ec`, as root.
    pub(crate) script: String,
}

/// What the built-in workstation begins with.
const BUILT_IN_BASE: &str = "docker.io/library/debian:stable-slim";

/// What it has beside what the definition says: what somebody misses within the first minutes.
const BUILT_IN: [&str; 17] = [
    "bash-completion",
    "bzip2",
    "ca-certificates",
    "curl",
    "file",
    "git",
    "less",
    "locales",
    "man-db",
    "nano",
    "ncurses-term",
    "openssh-client",
    "procps",
    "rsync",
    "unzip",
    "vim-tiny",
    "xz-utils",
];

/// The slim image leaves manuals and translations out of every package.
const WITH_MANUALS: &str = "rm -f /etc/dpkg/dpkg.cfg.d/docker /etc/dpkg/dpkg.cfg.d/excludes\n";

impl Recipe {
    /// `None` where the definition's image is taken as it is, or is built from a folder.
    pub(crate) fn of(blueprint: &Blueprint<'_>) -> Option<Self> {
        let packages = blueprint.definition.packages.iter().map(String::as_str);
        match &blueprint.definition.base {
            Base::BuiltIn => {
                let mut packages: Vec<&str> = BUILT_IN.into_iter().chain(packages).collect();
                packages.sort_unstable();
                packages.dedup();
                let locale = blueprint.person.locale.as_deref().map(generate_locale).unwrap_or_default();
                let script = format!("{WITH_MANUALS}{}{locale}", install(&packages));
                Some(Self { base: BUILT_IN_BASE.to_owned(), script })
            }
            Base::Image(image) => Self::on(image.to_string(), &packages.collect::<Vec<_>>()),
            Base::Folder(_) => None,
        }
    }

    /// Packages on top of a base; `None` when there are none.
    pub(crate) fn on(base: String, packages: &[&str]) -> Option<Self> {
        (!packages.is_empty()).then(|| Self { base, script: install(packages) })
    }

    /// As one text, by which the image is called and which its label shows.
    pub(crate) fn text(&self) -> String {
        format!("FROM {}\n{}", self.base, self.script)
    }
}

/// By the package manager that is in the image.
fn install(packages: &[&str]) -> String {
    let packages: Vec<String> = packages.iter().map(|package| quoted(package)).collect();
    let packages = packages.join(" ");
    format!(
        "set -- {packages}
if command -v apt-get >/dev/null 2>&1; then
  export DEBIAN_FRONTEND=noninteractive
  apt-get update
  apt-get install --yes --no-install-recommends -- \"$@\"
  apt-get clean
  rm -rf /var/lib/apt/lists/*
elif command -v apk >/dev/null 2>&1; then
  apk add --no-cache -- \"$@\"
elif command -v dnf >/dev/null 2>&1; then
  dnf install --assumeyes --setopt=install_weak_deps=False -- \"$@\"
  dnf clean all
elif command -v pacman >/dev/null 2>&1; then
  pacman -Syu --noconfirm --needed -- \"$@\"
  rm -rf /var/cache/pacman/pkg/*
elif command -v zypper >/dev/null 2>&1; then
  zypper --non-interactive install --no-recommends -- \"$@\"
  zypper clean --all
else
  echo \"no package manager that wharf knows (apt, apk, dnf, pacman, zypper) is in this image\" >&2
  exit 3
fi
"
    )
}

/// The caller's language, so that programs inside speak it.
fn generate_locale(locale: &str) -> String {
    let plain = |text: &str| {
        !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'@'))
    };
    match locale.split_once('.') {
        Some((language, charset)) if language.contains('_') && plain(language) && plain(charset) => format!(
            "if command -v localedef >/dev/null 2>&1; then\n  localedef -i '{language}' -f '{charset}' \
             '{locale}' || true\nfi\n"
        ),
        _ => String::new(),
    }
}

fn quoted(word: &str) -> String {
    format!("'{}'", word.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Definition, Person};

    fn recipe(definition: &Definition) -> Option<Recipe> {
        let person = Person {
            user: "ada".into(),
            uid: 1000,
            gid: 1000,
            group: "ada".into(),
            timezone: None,
            locale: Some("de_DE.UTF-8".into()),
        };
        Recipe::of(&Blueprint { definition, person: &person, folder: None })
    }

    #[test]
    fn an_image_without_packages_is_taken_as_it_is() {
        let base = Base::Image("debian:12".parse().unwrap());
        let plain = Definition { base, ..Definition::plain("foo".parse().unwrap()) };
        assert_eq!(recipe(&plain), None);
        let more = Definition { packages: vec!["git".into()], ..plain };
        assert_eq!(recipe(&more).unwrap().base, "debian:12");
    }

    #[test]
    fn the_built_in_one_has_its_packages_each_once_and_the_callers_language() {
        let definition = Definition {
            packages: vec!["zsh".into(), "git".into()],
            ..Definition::plain("foo".parse().unwrap())
        };
        let recipe = recipe(&definition).unwrap();
        assert_eq!(recipe.script.matches("'git'").count(), 1);
        assert!(recipe.script.contains("'zsh'"));
        assert!(recipe.script.contains("localedef -i 'de_DE' -f 'UTF-8' 'de_DE.UTF-8'"));
    }

    #[test]
    fn a_packages_name_is_no_command() {
        let recipe = Recipe::on("debian".into(), &["x'; rm -rf / #"]).unwrap();
        assert!(recipe.script.starts_with(r"set -- 'x'\''; rm -rf / #'"));
        assert_eq!(generate_locale("C.UTF-8"), "");
        assert_eq!(generate_locale("de_DE.UTF-8'; reboot '"), "");
    }
}
