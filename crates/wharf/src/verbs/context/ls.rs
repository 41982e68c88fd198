//! `wharf context ls`: for each docker context where it leads, how that way is secured, until when, and to what rights.

use super::rights::{Rights, ask_each};
use crate::docker_folder::{DockerContext, DockerFolder};
use crate::endpoint::{self, Certificates};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::identity::date;
use crate::setting::Setting;
use crate::show::{self, one_line, table};
use serde_json::{Value, json};
use std::time::SystemTime;
use wharf_docker::Endpoint;
use wharf_pki::ClientCertificate;
use wharf_store::Moment;

/// Whether engines and gateways are asked what rights we have there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Asking {
    Everyone,
    Nobody,
}

/// A context as it is shown.
struct Listed {
    name: String,
    address: String,
    secured: Secured,
    expires: Option<SystemTime>,
    /// What is weak about its files.
    open_key: Option<String>,
    rights: Rights,
}

/// How a way to an engine is secured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Secured {
    Socket,
    Tls,
    TlsUnverified,
    Plain,
    Ssh,
    Unknown,
}

pub(super) fn run(setting: &Setting<'_>, asking: Asking) -> Result<Exit, Failure> {
    let folder = DockerFolder::of(setting).ok_or_else(|| {
        Failure::usage("there is no home directory to look for contexts in").hint("set HOME or DOCKER_CONFIG")
    })?;
    let contexts: Vec<DockerContext> =
        std::iter::once(default_context(setting)).chain(folder.contexts()).collect();
    let endpoints: Vec<Result<Endpoint, Failure>> =
        contexts.iter().map(|context| resolved(setting, context)).collect();
    let mut listed: Vec<Listed> =
        contexts.iter().zip(&endpoints).map(|(context, endpoint)| listed(context, endpoint)).collect();
    match asking {
        Asking::Nobody => {}
        Asking::Everyone => {
            let reachable = endpoints.into_iter().map(Result::ok).collect();
            for (listed, rights) in listed.iter_mut().zip(ask_each(reachable)?) {
                listed.rights =
                    rights.unwrap_or_else(|| std::mem::replace(&mut listed.rights, Rights::NotAsked));
            }
        }
    }
    let current = folder.current(setting).unwrap_or_else(|| "default".to_owned());
    if setting.common.json {
        show::print_json(&listed.iter().map(|one| one.document(&current)).collect::<Vec<_>>());
        return Ok(Exit::Done);
    }
    let rows: Vec<Vec<String>> = listed.iter().map(|one| one.row(&current)).collect();
    show::print(&table(&["CONTEXT", "ENDPOINT", "SECURED BY", "EXPIRES", "RIGHTS"], &rows));
    if setting.heeded("DOCKER_HOST").is_some() && !setting.common.quiet {
        show::say("DOCKER_HOST is set: docker goes there, whatever context is current");
    }
    Ok(Exit::Done)
}

/// What docker does without a context: its usual socket.
fn default_context(setting: &Setting<'_>) -> DockerContext {
    let socket = endpoint::usual_socket(setting);
    DockerContext {
        name: "default".to_owned(),
        host: format!("unix://{}", socket.display()),
        skips_verification: false,
        certificates: None,
    }
}

/// Where nobody waits for questions.
fn resolved(setting: &Setting<'_>, context: &DockerContext) -> Result<Endpoint, Failure> {
    Ok(match endpoint::of_context(setting, context)? {
        Endpoint::Ssh(ssh) => Endpoint::Ssh(ssh.without_questions()),
        other => other,
    })
}

fn listed(context: &DockerContext, endpoint: &Result<Endpoint, Failure>) -> Listed {
    let secured = match endpoint {
        _ if context.skips_verification && context.host.starts_with("tcp://") => Secured::TlsUnverified,
        Ok(Endpoint::Unix(_)) => Secured::Socket,
        Ok(Endpoint::Tls(..)) => Secured::Tls,
        Ok(Endpoint::Tcp(_)) => Secured::Plain,
        Ok(Endpoint::Ssh(_)) => Secured::Ssh,
        Err(_) if context.certificates.is_some() => Secured::Tls,
        Err(_) => Secured::Unknown,
    };
    let certificates = context.certificates.as_deref().map(Certificates::within);
    let own = certificates.as_ref().and_then(Certificates::own);
    let own = own.and_then(|text| ClientCertificate::from_pem(&text).ok());
    let why_not = |failure: &Failure| Rights::Unknown(failure.message.clone());
    Listed {
        name: context.name.clone(),
        address: context.host.clone(),
        secured,
        expires: own.map(|certificate| certificate.not_after()),
        open_key: certificates.as_ref().and_then(Certificates::open_key),
        rights: endpoint.as_ref().err().map_or(Rights::NotAsked, why_not),
    }
}

impl Listed {
    fn row(&self, current: &str) -> Vec<String> {
        let mark = if self.name == current { "*" } else { "" };
        let expires = self.expires.map(Moment::from);
        let expires = match expires {
            None => "-".to_owned(),
            Some(expires) if self.is_over() => format!("EXPIRED {}", date(expires)),
            Some(expires) => date(expires),
        };
        vec![
            format!("{}{mark}", one_line(&self.name)),
            one_line(&self.address),
            self.secured.text().to_owned(),
            expires,
            one_line(&self.rights.to_string()),
        ]
    }

    fn document(&self, current: &str) -> Value {
        json!({
            "name": self.name, "current": self.name == current, "endpoint": self.address, "secured": self.secured.word(),
            "expires": self.expires.map(|at| Moment::from(at).to_string()), "expired": self.is_over(),
            "open_key": self.open_key.is_some(), "rights": self.rights.document(),
        })
    }

    fn is_over(&self) -> bool {
        self.expires.is_some_and(|expires| expires <= SystemTime::now())
    }
}

impl Secured {
    fn text(self) -> &'static str {
        match self {
            Self::Socket => "socket",
            Self::Tls => "TLS, verified",
            Self::TlsUnverified => "TLS, NOT verified",
            Self::Plain => "NOTHING (plain TCP)",
            Self::Ssh => "ssh",
            Self::Unknown => "unknown",
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::Socket => "unix",
            Self::Tls => "tls",
            Self::TlsUnverified => "tls-unverified",
            Self::Plain => "plain",
            Self::Ssh => "ssh",
            Self::Unknown => "unknown",
        }
    }
}
