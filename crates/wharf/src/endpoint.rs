//! Which engine: said on the command line, by DOCKER_HOST, by the current docker context, or found at the usual places.

mod certificates;

use crate::docker_folder::{DockerContext, DockerFolder};
use crate::failure::Failure;
use crate::setting::Setting;
use crate::show;
use std::ffi::OsString;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use wharf_docker::Endpoint;

pub(crate) use certificates::Certificates;

/// The engine to talk to.
pub(crate) fn find(setting: &Setting<'_>) -> Result<Endpoint, Failure> {
    if let Some(url) = said(setting) {
        return of_url(setting, url);
    }
    if let Some(endpoint) = of_current_context(setting)? {
        return Ok(endpoint);
    }
    Ok(Endpoint::Unix(usual_socket(setting)))
}

/// The first of the usual places that lets us in: an account with a rootless engine may not use root's.
pub(crate) fn usual_socket(setting: &Setting<'_>) -> PathBuf {
    let places = usual_places(setting);
    let open = places.iter().find(|path| UnixStream::connect(path).is_ok());
    // The first is the most usual: with nothing there, the error names it.
    let there = open.or_else(|| places.iter().find(|path| path.exists()));
    there.cloned().unwrap_or_else(|| "/var/run/docker.sock".into())
}

/// Where engines listen when nobody says otherwise: root's, and an account's own rootless ones.
pub(crate) fn usual_places(setting: &Setting<'_>) -> Vec<PathBuf> {
    let uid = setting.invocation.uid;
    let by_number = (uid != 0).then(|| PathBuf::from(format!("/run/user/{uid}")));
    let runtime = setting.heeded("XDG_RUNTIME_DIR").map(PathBuf::from).or(by_number);
    let own = |name: &str| runtime.as_ref().map(|directory| directory.join(name));
    // Where Docker's own script puts it without a session of systemd's.
    let at_home = setting.heeded("HOME").map(|home| Path::new(home).join(".docker/run/docker.sock"));
    [
        Some(PathBuf::from("/var/run/docker.sock")),
        own("docker.sock"),
        at_home,
        Some(PathBuf::from("/run/podman/podman.sock")),
        own("podman/podman.sock"),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// The gateway to ask who one is: as said, as the current docker context says, or as [`gateway_here`].
pub(crate) fn gateway(setting: &Setting<'_>) -> Result<Endpoint, Failure> {
    match of_current_context(setting)? {
        Some(endpoint) if said(setting).is_none() => Ok(endpoint),
        _ => gateway_here(setting),
    }
}

/// Where the gateway listens: as said, as the host configuration says, or at its usual place.
pub(crate) fn gateway_here(setting: &Setting<'_>) -> Result<Endpoint, Failure> {
    said(setting).map_or_else(|| Ok(Endpoint::Unix(gateway_socket(setting))), |url| of_url(setting, url))
}

/// The gateway's socket on this machine.
pub(crate) fn gateway_socket(setting: &Setting<'_>) -> PathBuf {
    let said = setting.config.listen.iter().find_map(|address| address.path().map(Path::to_owned));
    said.unwrap_or_else(|| "/run/wharf/docker.sock".into())
}

pub(crate) fn said<'a>(setting: &'a Setting<'_>) -> Option<&'a str> {
    setting.common.host.as_deref().or_else(|| setting.heeded("DOCKER_HOST"))
}

/// The endpoint of the docker CLI's current context; `None` for its default one.
fn of_current_context(setting: &Setting<'_>) -> Result<Option<Endpoint>, Failure> {
    let Some(folder) = DockerFolder::of(setting) else { return Ok(None) };
    let Some(name) = folder.current(setting) else { return Ok(None) };
    of_context(setting, &folder.context(&name)?).map(Some)
}

/// The endpoint of a docker context.
pub(crate) fn of_context(setting: &Setting<'_>, context: &DockerContext) -> Result<Endpoint, Failure> {
    let here = |message: &str| Failure::usage(format!("docker context `{}`: {message}", context.name));
    let endpoint = parsed(setting, &context.host)
        .map_err(|error| here(&error.to_string()).hint("`--host` names another engine"))?;
    if !matches!(endpoint, Endpoint::Tcp(_)) {
        return Ok(endpoint);
    }
    if context.skips_verification {
        return Err(here("it does not verify who answers (`skip-tls-verify`), and wharf always does").hint(
            "whoever is on the way could be that engine: make the context anew, with the authority's certificate (`ca=`)",
        ));
    }
    match &context.certificates {
        None => Ok(endpoint),
        Some(folder) => Ok(endpoint.over_tls(Certificates::within(folder).tls(setting)?)),
    }
}

/// An address as `DOCKER_HOST` has it, with certificates where the environment wants them.
pub(crate) fn of_url(setting: &Setting<'_>, url: &str) -> Result<Endpoint, Failure> {
    let endpoint = parsed(setting, url).map_err(|error| Failure::usage(error.to_string()))?;
    if !matches!(endpoint, Endpoint::Tcp(_)) {
        return Ok(endpoint);
    }
    if setting.heeded("DOCKER_TLS_VERIFY").is_some() {
        let said = setting.heeded("DOCKER_CERT_PATH").map(PathBuf::from);
        let folder = said.or_else(|| DockerFolder::of(setting).map(|folder| folder.path().to_owned()));
        let folder = folder.ok_or_else(|| {
            Failure::usage("DOCKER_TLS_VERIFY is set, and there is no folder with certificates")
                .hint("set DOCKER_CERT_PATH to the folder with ca.pem, cert.pem and key.pem")
        })?;
        return Ok(endpoint.over_tls(Certificates::within(&folder).tls(setting)?));
    }
    if setting.heeded("DOCKER_TLS").is_some() {
        return Err(Failure::usage(
            "DOCKER_TLS without DOCKER_TLS_VERIFY believes whoever answers, and wharf does not",
        )
        .hint("set DOCKER_TLS_VERIFY=1, with the authority's certificate as `ca.pem` in DOCKER_CERT_PATH"));
    }
    Ok(endpoint)
}

/// An address. On somebody else's behalf, `ssh` is given neither an agent nor a `PATH` of his.
fn parsed(setting: &Setting<'_>, url: &str) -> Result<Endpoint, wharf_docker::EndpointError> {
    let endpoint = url.parse()?;
    Ok(match endpoint {
        Endpoint::Ssh(ssh) if setting.heeds_nothing() => {
            let path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
            let environment = vec![(OsString::from("PATH"), OsString::from(path))];
            // Nor is he asked, on his terminal, whom root is to trust.
            Endpoint::Ssh(ssh.with_environment(environment).without_questions())
        }
        other => other,
    })
}

/// What is weak about files that are used all the same is said once.
fn warn(setting: &Setting<'_>, message: &str) {
    if !setting.common.quiet {
        show::say(&format!("warning: {message}"));
    }
}
