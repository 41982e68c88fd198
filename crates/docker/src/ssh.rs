//! An engine behind `ssh`: the system's own program runs `docker system dial-stdio` over there, as the docker CLI has it,
//! and its standard streams are the connection.

mod fault;
mod stream;
mod target;

use std::ffi::OsString;
use std::process::Stdio;
use std::sync::Arc;
use tokio::process::Command;
use tokio::sync::OwnedSemaphorePermit;

pub use fault::SshFault;
pub(crate) use stream::SshStream;
pub use target::{SshTarget, SshTargetError};

/// An engine behind `ssh`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SshEndpoint(Arc<Inner>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct Inner {
    target: SshTarget,
    /// All that `ssh` sees of an environment; `None`: what this process has.
    environment: Option<Vec<(OsString, OsString)>>,
    questions: Questions,
}

/// Whether `ssh` may ask somebody for a passphrase, or whether to trust a host.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Questions {
    /// On the terminal, when there is one.
    Asked,
    /// Never: it fails instead.
    Never,
}

impl SshEndpoint {
    /// By the program `ssh` that is found in `PATH`, which sees this process's environment.
    pub fn new(target: SshTarget) -> Self {
        Self(Arc::new(Inner { target, environment: None, questions: Questions::Asked }))
    }

    /// With this environment alone: whoever runs this process for somebody else lends neither agent nor `PATH`.
    #[must_use]
    pub fn with_environment(self, environment: Vec<(OsString, OsString)>) -> Self {
        self.changed(|inner| inner.environment = Some(environment))
    }

    /// Where nobody waits for questions.
    #[must_use]
    pub fn without_questions(self) -> Self {
        self.changed(|inner| inner.questions = Questions::Never)
    }

    fn changed(self, change: impl FnOnce(&mut Inner)) -> Self {
        let mut inner = Arc::unwrap_or_clone(self.0);
        change(&mut inner);
        Self(Arc::new(inner))
    }

    /// Where `ssh` goes.
    pub fn target(&self) -> &SshTarget {
        &self.0.target
    }

    /// What follows `ssh`. Before `--` stands nothing that was not written here or checked by [`SshTarget`].
    fn arguments(&self) -> Vec<String> {
        // No terminal, agent, X11 or forwarded port: of the caller's configuration, those would be opened once more for
        // each connection.
        let mut arguments: Vec<String> =
            ["-T", "-a", "-x", "-o", "ClearAllForwardings=yes", "-o", "ConnectTimeout=30"]
                .map(String::from)
                .into();
        if self.0.questions == Questions::Never {
            arguments.extend(["-o", "BatchMode=yes"].map(String::from));
        }
        let target = &self.0.target;
        if let Some(user) = target.user() {
            arguments.extend(["-l".to_owned(), user.to_owned()]);
        }
        if let Some(port) = target.port() {
            arguments.extend(["-p".to_owned(), port.to_string()]);
        }
        arguments.extend(["--".to_owned(), target.host().to_owned(), "docker".to_owned()]);
        if let Some(socket) = target.socket() {
            arguments.extend(["--host".to_owned(), format!("unix://{socket}")]);
        }
        arguments.extend(["system", "dial-stdio"].map(String::from));
        arguments
    }

    /// Starts `ssh`. `permit` is kept until the other side has said something, or a while has passed.
    pub(crate) fn connect(&self, permit: Option<OwnedSemaphorePermit>) -> std::io::Result<SshStream> {
        let mut command = Command::new("ssh");
        command.args(self.arguments());
        if let Some(environment) = &self.0.environment {
            command.env_clear().envs(environment.iter().map(|(name, value)| (name, value)));
        }
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
        let child = command.spawn().map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => std::io::Error::other(SshFault::NoProgram),
            _ => error,
        })?;
        SshStream::new(child, permit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ssh_is_told_what_the_docker_cli_tells_it_and_options_end_before_the_host() {
        let endpoint = |said: &str| SshEndpoint::new(said.parse().unwrap());
        let fixed = "-T -a -x -o ClearAllForwardings=yes -o ConnectTimeout=30";
        assert_eq!(
            endpoint("quay").arguments().join(" "),
            format!("{fixed} -- quay docker system dial-stdio")
        );
        assert_eq!(
            endpoint("ana@[::1]:2222/run/d.sock").without_questions().arguments().join(" "),
            format!(
                "{fixed} -o BatchMode=yes -l ana -p 2222 -- ::1 docker --host unix:///run/d.sock system dial-stdio"
            )
        );
    }
}
