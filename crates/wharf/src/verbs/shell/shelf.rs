//! Where workstations' files lie: `~/.config/wharf/workstations/NAME.yml`, for nobody else's eyes.

use crate::exit::Exit;
use crate::failure::Failure;
use crate::setting::Setting;
use crate::show;
use std::fs;
use std::io::{ErrorKind, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use wharf_workstation::{Definition, WorkstationName};

/// The folder of workstations' files.
pub(super) struct Shelf(PathBuf);

/// A file of the user's is a page or two.
const MOST_BYTES: u64 = 1 << 20;

impl Shelf {
    pub(super) fn of(setting: &Setting<'_>) -> Result<Self, Failure> {
        Ok(Self(below_home(setting, "XDG_CONFIG_HOME", ".config")?.join("wharf/workstations")))
    }

    pub(super) fn path(&self, name: &WorkstationName) -> PathBuf {
        self.0.join(format!("{name}.yml"))
    }

    /// What the file says; `None` when there is none.
    pub(super) fn read(&self, name: &WorkstationName) -> Result<Option<Definition>, Failure> {
        let path = self.path(name);
        match fs::metadata(&path) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Ok(meta) if meta.len() > MOST_BYTES => {
                return Err(Failure::usage(format!(
                    "`{}` is no workstation's file: it is too large",
                    path.display()
                )));
            }
            _ => {}
        }
        let text = fs::read_to_string(&path).map_err(failed("cannot read", &path))?;
        Definition::parse(name, &text)
            .map(Some)
            .map_err(|errors| show::file_errors(&path, Some(&text), &errors))
    }

    /// Puts the file in its place, whole or not at all.
    pub(super) fn write(&self, name: &WorkstationName, text: &str) -> Result<PathBuf, Failure> {
        let path = self.path(name);
        make_private(&self.0).map_err(failed("cannot make", &self.0))?;
        let draft = self.0.join(format!(".{name}.{}", std::process::id()));
        let written = write_private(&draft, text).and_then(|()| fs::rename(&draft, &path));
        if written.is_err() {
            let _removed = fs::remove_file(&draft);
        }
        written.map_err(failed("cannot write", &path))?;
        Ok(path)
    }

    /// The folder itself, which is there then.
    pub(super) fn made(&self) -> Result<&Path, Failure> {
        make_private(&self.0).map_err(failed("cannot make", &self.0))?;
        Ok(&self.0)
    }

    /// Where it is noted on which engine it was made.
    pub(super) fn engine_path(&self, name: &WorkstationName) -> PathBuf {
        self.0.join(format!(".{name}.engine"))
    }

    /// On which engine it was made, by that engine's id.
    pub(super) fn engine(&self, name: &WorkstationName) -> Option<String> {
        let noted = fs::read_to_string(self.engine_path(name)).ok()?;
        let noted = noted.trim();
        (!noted.is_empty()).then(|| noted.to_owned())
    }

    /// Notes on which engine it was made.
    pub(super) fn write_engine(&self, name: &WorkstationName, id: &str) -> std::io::Result<()> {
        let draft = self.0.join(format!(".{name}.engine.{}", std::process::id()));
        write_private(&draft, &format!("{id}\n"))?;
        fs::rename(&draft, self.engine_path(name))
    }

    /// Takes the file away, and what is noted beside it; `false` when there was none.
    pub(super) fn remove(&self, name: &WorkstationName) -> Result<bool, Failure> {
        let _none = fs::remove_file(self.engine_path(name));
        let path = self.path(name);
        match fs::remove_file(&path) {
            Ok(()) => Ok(true),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(false),
            Err(error) => Err(failed("cannot remove", &path)(error)),
        }
    }

    /// Names of the workstations that have a file.
    pub(super) fn names(&self) -> Vec<WorkstationName> {
        let entries = fs::read_dir(&self.0).into_iter().flatten().flatten();
        let mut names: Vec<WorkstationName> = entries
            .filter_map(|entry| entry.file_name().to_str()?.strip_suffix(".yml")?.parse().ok())
            .collect();
        names.sort();
        names
    }
}

/// A directory of the user's own, as the XDG rules have it.
pub(super) fn below_home(setting: &Setting<'_>, variable: &str, usual: &str) -> Result<PathBuf, Failure> {
    let said = setting.heeded(variable).map(PathBuf::from).filter(|path| path.is_absolute());
    Ok(match said {
        Some(path) => path,
        None => home(setting)?.join(usual),
    })
}

/// The user's home.
pub(super) fn home(setting: &Setting<'_>) -> Result<PathBuf, Failure> {
    let home = setting.heeded("HOME").map(PathBuf::from).filter(|path| path.is_absolute());
    home.ok_or_else(|| Failure::usage("there is no home directory").hint("set HOME"))
}

/// A path that may begin with `~/`.
pub(super) fn expanded(setting: &Setting<'_>, path: &str) -> Result<PathBuf, Failure> {
    match path.strip_prefix("~/") {
        Some(rest) => Ok(home(setting)?.join(rest)),
        None if path == "~" => home(setting),
        None => Ok(PathBuf::from(path)),
    }
}

/// Makes a directory, and those above it, for nobody else.
pub(super) fn make_private(directory: &Path) -> std::io::Result<()> {
    fs::DirBuilder::new().recursive(true).mode(0o700).create(directory)
}

fn write_private(path: &Path, text: &str) -> std::io::Result<()> {
    let mut file = fs::OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

fn failed(what: &'static str, path: &Path) -> impl Fn(std::io::Error) -> Failure {
    let path = path.display().to_string();
    move |error| Failure::new(Exit::Failed, format!("{what} `{path}`: {error}"))
}
