//! What a workstation's sessions are at: what `session status --json` prints.

use std::fmt::Write as _;

use serde::{Deserialize, Serialize};

use crate::name::SessionName;

/// All sessions of one server.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Status {
    /// By name.
    pub sessions: Vec<SessionStatus>,
    /// When the server was started, in seconds since 1970.
    pub started: u64,
    /// The server's version.
    pub version: String,
}

/// One session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionStatus {
    /// Its name.
    pub name: SessionName,
    /// Whether anything runs in it; a session that was stopped keeps its name and directory.
    pub running: bool,
    /// The process in front, with its arguments; empty when nothing runs.
    pub command: String,
    /// The directory of the process in front, or where the session begins again.
    pub directory: String,
    /// Width.
    pub columns: u16,
    /// Height.
    pub rows: u16,
    /// Seconds since the last output or key.
    pub idle_seconds: u64,
    /// Who is attached.
    pub clients: Vec<ClientStatus>,
    /// How many lines above the screen are kept.
    pub scrollback_lines: u64,
    /// The window's title that the program set.
    pub title: String,
}

/// One who is attached.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClientStatus {
    /// The client's host.
    pub from: String,
    /// Whether it only watches.
    pub view: bool,
}

impl Status {
    /// As JSON, with the fields' names as keys. Written by hand: a library for it would be a tenth of the program's size.
    pub fn to_json(&self) -> String {
        let mut out = Json(String::new());
        out.object(|out| {
            out.key("sessions");
            out.list(&self.sessions, SessionStatus::write);
            out.key("started");
            out.number(self.started);
            out.key("version");
            out.text(&self.version);
        });
        out.0
    }
}

impl SessionStatus {
    fn write(&self, out: &mut Json) {
        out.object(|out| {
            out.key("name");
            out.text(self.name.as_str());
            out.key("running");
            out.is(self.running);
            out.key("command");
            out.text(&self.command);
            out.key("directory");
            out.text(&self.directory);
            for (key, number) in [
                ("columns", u64::from(self.columns)),
                ("rows", u64::from(self.rows)),
                ("idle_seconds", self.idle_seconds),
                ("scrollback_lines", self.scrollback_lines),
            ] {
                out.key(key);
                out.number(number);
            }
            out.key("clients");
            out.list(&self.clients, |client, out| {
                out.object(|out| {
                    out.key("from");
                    out.text(&client.from);
                    out.key("view");
                    out.is(client.view);
                });
            });
            out.key("title");
            out.text(&self.title);
        });
    }
}

/// JSON that grows.
struct Json(String);

impl Json {
    /// A comma where something stands before.
    fn separate(&mut self) {
        if !self.0.is_empty() && !self.0.ends_with(['{', '[', ':']) {
            self.0.push(',');
        }
    }

    fn object(&mut self, write: impl FnOnce(&mut Self)) {
        self.separate();
        self.0.push('{');
        write(self);
        self.0.push('}');
    }

    fn list<Item>(&mut self, items: &[Item], write: impl Fn(&Item, &mut Self)) {
        self.0.push('[');
        for item in items {
            write(item, self);
        }
        self.0.push(']');
    }

    fn key(&mut self, key: &str) {
        self.separate();
        self.text(key);
        self.0.push(':');
    }

    fn number(&mut self, number: u64) {
        let _infallible = write!(self.0, "{number}");
    }

    fn is(&mut self, value: bool) {
        self.0.push_str(if value { "true" } else { "false" });
    }

    fn text(&mut self, text: &str) {
        self.0.push('"');
        for char in text.chars() {
            match char {
                '"' | '\\' => self.0.extend(['\\', char]),
                '\0'..' ' => {
                    let _infallible = write!(self.0, "\\u{:04x}", u32::from(char));
                }
                _ => self.0.push(char),
            }
        }
        self.0.push('"');
    }
}

#[cfg(test)]
mod tests {
    use super::{ClientStatus, SessionStatus, Status};

    #[test]
    fn what_is_written_is_what_readers_of_json_expect() {
        let session = |name: &str, clients| SessionStatus {
            name: name.parse().unwrap(),
            running: true,
            command: "vim \"a\\b\"\n\u{1f}".to_owned(),
            directory: "/home/me/\u{e4}".to_owned(),
            columns: 80,
            rows: 24,
            idle_seconds: 3,
            clients,
            scrollback_lines: 10_000,
            title: "{,[".to_owned(),
        };
        let client = |view| ClientStatus { from: "laptop".to_owned(), view };
        for sessions in
            [Vec::new(), vec![session("1", vec![client(true), client(false)]), session("b", Vec::new())]]
        {
            let status = Status { sessions, started: 1_700_000_000, version: "1".to_owned() };
            assert_eq!(serde_json::from_str::<Status>(&status.to_json()).unwrap(), status);
        }
    }
}
