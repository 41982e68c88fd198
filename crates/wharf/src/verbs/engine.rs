//! `wharf engine`: an engine without a gateway before it, reached safely over the network.
//!
//! Engines know no tenants: whoever has a certificate of the authority that an engine trusts is root on its machine. So this
//! is an authority of its own, in `engine` in the state directory, and never the one by which tenants come in.

mod cert;
mod daemon_json;
mod secure;
mod unit;

use crate::args::{EngineVerb, PassphraseArgs};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::identity::{Change, opened, record};
use crate::setting::Setting;
use std::time::SystemTime;
use wharf_pki::Authority;
use wharf_store::OwnDirectory;
use zeroize::Zeroizing;

pub(crate) fn run(setting: &Setting<'_>, what: &EngineVerb) -> Result<Exit, Failure> {
    match what {
        EngineVerb::Secure(wanted) => secure::run(setting, wanted),
        EngineVerb::Cert(wanted) => cert::run(setting, wanted),
    }
}

/// The authority's certificate and its key.
const AUTHORITY: &str = "authority.pem";
/// What the engine reads.
const CA: &str = "ca.pem";
/// Certificate and key in one file, which the engine is told of twice: so they always fit.
const PAIR: &str = "server.pem";

/// Said wherever such a certificate is made.
const ROOT: &str = "whoever has a certificate of this authority is root on this machine: the engine asks no further, and \
                    takes none back before it expires";

/// The directory of engines' certificates, for an administrator.
struct Office<'a> {
    setting: &'a Setting<'a>,
    files: OwnDirectory,
    now: SystemTime,
}

impl<'a> Office<'a> {
    fn of(setting: &'a Setting<'a>, verb: &str) -> Result<Self, Failure> {
        setting.administrator(verb)?;
        let files = OwnDirectory::at(setting.state_dir()?.join("engine"));
        Ok(Self { setting, files, now: SystemTime::now() })
    }

    /// The authority of engines, if there is one.
    fn authority(&self) -> Result<Option<Authority>, Failure> {
        let Some(text) = self.read(AUTHORITY)? else { return Ok(None) };
        Ok(Some(opened(self.setting, &text, &PassphraseArgs::default())?.0))
    }

    fn read(&self, name: &str) -> Result<Option<Zeroizing<Vec<u8>>>, Failure> {
        let read = self.files.read(name).map_err(|error| Failure::of(Exit::Failed, &error))?;
        Ok(read.map(Zeroizing::new))
    }

    fn write(&self, name: &str, content: &[u8]) -> Result<(), Failure> {
        self.files.write(name, content).map_err(|error| Failure::of(Exit::Failed, &error))
    }

    fn path(&self, name: &str) -> String {
        self.files.path(name).display().to_string()
    }

    /// Records a change that is about to be made.
    fn record(&self, action: &'static str, object: &str, detail: &str) -> Result<(), Failure> {
        record(self.setting, self.now, &Change { action, object, detail })
    }
}
