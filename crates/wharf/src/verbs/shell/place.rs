//! On which engine a workstation is. Its file pins the docker context; with another one current, nothing is done: that
//! would be another workstation.

use crate::docker_folder::DockerFolder;
use crate::endpoint;
use crate::failure::Failure;
use crate::setting::Setting;
use std::path::Path;
use wharf_docker::Endpoint;
use wharf_workstation::WorkstationName;

/// A docker context by its name, `default` being the one without; or an address, where one is said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place(String);

impl Place {
    /// Where docker would go now, judged as the docker CLI does.
    pub(super) fn current(setting: &Setting<'_>) -> Self {
        Self::meant(setting).resolved(setting)
    }

    /// As `current`; `default` is whatever it is.
    fn meant(setting: &Setting<'_>) -> Self {
        if let Some(address) = endpoint::said(setting) {
            return Self(address.to_owned());
        }
        let context = DockerFolder::of(setting).and_then(|folder| folder.current(setting));
        Self(context.unwrap_or_else(|| DEFAULT.to_owned()))
    }

    /// Where a workstation is: as its file says, provided that this is meant.
    pub(super) fn of(
        setting: &Setting<'_>,
        name: &WorkstationName,
        pinned: Option<&str>,
        said: Option<&str>,
    ) -> Result<Self, Failure> {
        let (meant, how) = match said {
            Some(said) => (Self(said.to_owned()), "is what `--context` says"),
            None => (Self::meant(setting), "is the current one"),
        };
        let Some(pinned) = pinned else { return Ok(meant.resolved(setting)) };
        if meant.0 == pinned || meant.0 == DEFAULT && is_usual(setting, pinned) {
            return Ok(Self(pinned.to_owned()));
        }
        Err(Failure::usage(format!(
            "the workstation `{name}` is in the docker context `{pinned}`, and `{}` {how}",
            meant.0
        ))
        .hint(format!(
            "`wharf shell {name} --context {pinned}` says that you mean it; a workstation elsewhere needs another name"
        )))
    }

    /// One engine, and each time the same: where Docker's own does not answer and another of the usual ones does,
    /// `default` is that one's address.
    fn resolved(self, setting: &Setting<'_>) -> Self {
        if self.0 != DEFAULT {
            return self;
        }
        let socket = endpoint::usual_socket(setting);
        if socket == Path::new(DOCKERS) { self } else { Self(format!("unix://{}", socket.display())) }
    }

    pub(super) fn name(&self) -> &str {
        &self.0
    }

    pub(super) fn endpoint(&self, setting: &Setting<'_>) -> Result<Endpoint, Failure> {
        if self.0.contains("://") {
            return endpoint::of_url(setting, &self.0);
        }
        if self.0 == DEFAULT {
            return Ok(Endpoint::Unix(DOCKERS.into()));
        }
        let folder = DockerFolder::of(setting).ok_or_else(|| {
            Failure::usage("there is no folder with docker contexts").hint("set HOME or DOCKER_CONFIG")
        })?;
        endpoint::of_context(setting, &folder.context(&self.0)?)
    }
}

/// Whether it is what `default` may have come to when it was pinned.
fn is_usual(setting: &Setting<'_>, pinned: &str) -> bool {
    let path = pinned.strip_prefix("unix://").map(Path::new);
    path.is_some_and(|path| endpoint::usual_places(setting).iter().any(|usual| usual == path))
}

/// What the docker CLI takes `default` for.
const DOCKERS: &str = "/var/run/docker.sock";
/// As docker calls the context that has no entry.
const DEFAULT: &str = "default";
