//! What the program was asked for.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::time::Duration;

use wharf_session::message::Request;
use wharf_session::{DetachKey, SessionName};

/// What the program says of itself.
pub(crate) const USAGE: &str = "\
Usage:
  session serve [--scrollback BYTES] [--shell PATH] [--seed] [--every SECONDS -- COMMAND…]
  session attach [NAME] [--view] [--framed] [--detach KEY] [-- COMMAND…]
  session status [--json]
  session start|stop|restart|kill NAME
  session detach NAME         everybody who is attached to it is sent away
  session receive DIRECTORY
  session unpack
  session seed
  session --version

The program is also called `attach`; then the words behind it are those of `session attach`.";

/// How many bytes of lines a session keeps unless told otherwise.
const SCROLLBACK: usize = 4 * 1024 * 1024;

/// What is asked for.
pub(crate) enum Role {
    Help,
    Version,
    Serve(Serving),
    Attach(Attaching),
    Status {
        json: bool,
    },
    Ask(Request),
    Receive(String),
    Unpack,
    Seed,
    /// A session's first process.
    Login {
        shell: Option<PathBuf>,
        command: Vec<OsString>,
    },
}

pub(crate) struct Serving {
    pub(crate) scrollback: usize,
    pub(crate) shell: Option<PathBuf>,
    pub(crate) seed: bool,
    pub(crate) every: Option<(Duration, Vec<String>)>,
}

pub(crate) struct Attaching {
    pub(crate) name: SessionName,
    pub(crate) view: bool,
    pub(crate) framed: bool,
    pub(crate) detach: DetachKey,
    pub(crate) command: Option<Vec<String>>,
}

/// Reads the words of the command line, the program's own name first.
pub(crate) fn read(words: Vec<OsString>) -> Result<Role, String> {
    let mut words = Words { words: words.into_iter() };
    let called = words.words.next().unwrap_or_default();
    if Path::new(&called).file_name().is_some_and(|name| name == "attach") {
        return attach(words);
    }
    let Some(role) = words.text()? else { return Err("say what to do".to_owned()) };
    match role.as_str() {
        "-h" | "--help" | "help" => Ok(Role::Help),
        "--version" | "-V" => Ok(Role::Version),
        "serve" => serve(words),
        "attach" => attach(words),
        "status" => {
            let json = match words.text()?.as_deref() {
                None => false,
                Some("--json") => true,
                Some(other) => return Err(unknown(other)),
            };
            words.end(Role::Status { json })
        }
        "start" => words.name().and_then(|name| words.end(Role::Ask(Request::Start(name)))),
        "stop" => words.name().and_then(|name| words.end(Role::Ask(Request::Stop(name)))),
        "restart" => words.name().and_then(|name| words.end(Role::Ask(Request::Restart(name)))),
        "kill" => words.name().and_then(|name| words.end(Role::Ask(Request::Kill(name)))),
        "detach" => words.name().and_then(|name| words.end(Role::Ask(Request::Detach(name)))),
        "receive" => {
            let directory = words.text()?.ok_or("name the directory")?;
            words.end(Role::Receive(directory))
        }
        "unpack" => words.end(Role::Unpack),
        "seed" => words.end(Role::Seed),
        "login" => login(words),
        other => Err(unknown(other)),
    }
}

fn serve(mut words: Words) -> Result<Role, String> {
    let mut serving = Serving { scrollback: SCROLLBACK, shell: None, seed: false, every: None };
    let mut every = None;
    while let Some(word) = words.text()? {
        match word.as_str() {
            "--scrollback" => serving.scrollback = words.number("--scrollback")?,
            "--shell" => serving.shell = Some(PathBuf::from(words.value("--shell")?)),
            "--seed" => serving.seed = true,
            "--every" => every = Some(Duration::from_secs(words.number("--every")?)),
            "--" => {
                let command = words.rest()?;
                let every = every
                    .take()
                    .filter(|_| !command.is_empty())
                    .ok_or("a command needs `--every` before it")?;
                serving.every = Some((every, command));
            }
            other => return Err(unknown(other)),
        }
    }
    if every.is_some() {
        return Err("`--every` needs a command behind `--`".to_owned());
    }
    Ok(Role::Serve(serving))
}

fn attach(mut words: Words) -> Result<Role, String> {
    let mut name = None;
    let mut attaching = Attaching {
        name: SessionName::default(),
        view: false,
        framed: false,
        detach: DetachKey::default(),
        command: None,
    };
    while let Some(word) = words.text()? {
        match word.as_str() {
            "--view" => attaching.view = true,
            "--framed" => attaching.framed = true,
            "--detach" => {
                let key = words.value("--detach")?;
                attaching.detach = key.to_string_lossy().parse().map_err(|error| format!("{error}"))?;
            }
            "--" => attaching.command = Some(words.rest()?).filter(|command| !command.is_empty()),
            "-h" | "--help" => return Ok(Role::Help),
            other if other.starts_with('-') || name.is_some() => return Err(unknown(other)),
            other => name = Some(other.parse().map_err(|error| format!("{error}"))?),
        }
    }
    attaching.name = name.unwrap_or_default();
    Ok(Role::Attach(attaching))
}

fn login(mut words: Words) -> Result<Role, String> {
    match words.text()?.as_deref() {
        Some("--shell") => {
            let shell = PathBuf::from(words.value("--shell")?);
            words.end(Role::Login { shell: Some(shell), command: Vec::new() })
        }
        Some("--") => Ok(Role::Login { shell: None, command: words.words.collect() }),
        _ => Err("this is for the server".to_owned()),
    }
}

fn unknown(word: &str) -> String {
    format!("`{word}` is not known here")
}

/// The words that are left.
struct Words {
    words: std::vec::IntoIter<OsString>,
}

impl Words {
    fn text(&mut self) -> Result<Option<String>, String> {
        let word = self.words.next().map(OsString::into_string).transpose();
        word.map_err(|word| format!("`{}` is not text", word.to_string_lossy()))
    }

    fn value(&mut self, of: &str) -> Result<OsString, String> {
        self.words.next().ok_or_else(|| format!("`{of}` needs a value"))
    }

    fn number<Number: std::str::FromStr>(&mut self, of: &str) -> Result<Number, String> {
        let value = self.value(of)?;
        let number = value.to_str().and_then(|value| value.parse().ok());
        number.ok_or_else(|| format!("`{}` is no number for `{of}`", value.to_string_lossy()))
    }

    fn name(&mut self) -> Result<SessionName, String> {
        let name = self.text()?.ok_or("name the session")?;
        name.parse().map_err(|error| format!("{error}"))
    }

    fn rest(&mut self) -> Result<Vec<String>, String> {
        let mut rest = Vec::new();
        while let Some(word) = self.text()? {
            rest.push(word);
        }
        Ok(rest)
    }

    fn end(&mut self, role: Role) -> Result<Role, String> {
        match self.text()? {
            None => Ok(role),
            Some(word) => Err(unknown(&word)),
        }
    }
}
