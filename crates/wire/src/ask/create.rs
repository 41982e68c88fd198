//! A container's creation: the one body that says a lot.

use crate::ask::object::Object;
use crate::ask::reading::{Reading, container, is_name, one_line, working_dir};
use crate::ask::{Ask, Forbidden, Refusal, endpoint, fields, host, image, mounts, ports, resources};
use crate::tenant::{ContainerWish, Endpoint, Healthcheck, IpcMode, NetworkMode, Process, SharedWith};
use wharf_model::{ContainerPort, Signal};

pub(crate) fn read(reading: &Reading<'_>) -> Result<Ask, Refusal> {
    let name = reading.query.text("name").map(super::container::container_name).transpose()?;
    let platform = image::platform(reading)?;
    let mut config = reading.object()?;
    let wish = Box::new(wish(&mut config)?);
    Ok(Ask::CreateContainer { name, platform, wish })
}

fn wish(config: &mut Object) -> Result<ContainerWish, Refusal> {
    let image = config.text("Image")?.ok_or_else(|| Refusal::malformed("no image is named; give `Image`"))?;
    let image = image::image(&image)?;
    let mut process = process(config)?;
    let mut said = match config.object("HostConfig")? {
        Some(said) => said,
        None => Object::open(crate::ask::json::Json::Null, "HostConfig", fields::HOST_CONFIG)?,
    };
    let mac_address = config.text("MacAddress")?.map(|text| endpoint::mac(config, &text)).transpose()?;
    check_namespaces(&mut said)?;
    check_volume_driver(&mut said)?;
    let (published, exposed) = ports::bindings(&mut said)?;
    expose(&mut process, exposed);
    let anonymous = config.keys("Volumes")?;
    Ok(ContainerWish {
        image,
        process,
        resources: resources::read(&mut said)?,
        network: network_mode(&mut said)?,
        endpoints: endpoints(config)?,
        mounts: mounts::read(&mut said, anonymous)?,
        volumes_from: mounts::volumes_from(&mut said)?,
        ipc: ipc_mode(&mut said)?,
        pid: pid_mode(&mut said)?,
        runtime: runtime(&mut said)?,
        host: crate::tenant::HostSettings { published, mac_address, ..host::read(&mut said)? },
    })
}

fn process(config: &mut Object) -> Result<Process, Refusal> {
    let mut line = |name: &'static str| config.text(name)?.map(|text| one_line(name, text)).transpose();
    let (hostname, domainname, user) = (line("Hostname")?, line("Domainname")?, line("User")?);
    let stop_signal = config.text("StopSignal")?;
    if let Some(signal) = stop_signal.as_deref().filter(|signal| signal.parse::<Signal>().is_err()) {
        return Err(Refusal::malformed(format!("invalid signal: {signal}")));
    }
    Ok(Process {
        hostname,
        domainname,
        user,
        attach_stdin: config.flag("AttachStdin")?,
        attach_stdout: config.flag("AttachStdout")?,
        attach_stderr: config.flag("AttachStderr")?,
        tty: config.flag("Tty")?,
        open_stdin: config.flag("OpenStdin")?,
        stdin_once: config.flag("StdinOnce")?,
        env: config.texts("Env")?,
        cmd: config.words("Cmd")?,
        entrypoint: config.words("Entrypoint")?,
        healthcheck: config.object("Healthcheck")?.map(healthcheck).transpose()?,
        working_dir: config.text("WorkingDir")?.map(|path| working_dir("WorkingDir", path)).transpose()?,
        network_disabled: config.flag("NetworkDisabled")?,
        labels: config.text_map("Labels")?,
        stop_signal,
        stop_timeout: config.int("StopTimeout")?,
        shell: config.words("Shell")?,
        exposed_ports: config
            .keys("ExposedPorts")?
            .iter()
            .map(|text| ports::port(text))
            .collect::<Result<_, _>>()?,
    })
}

fn healthcheck(mut said: Object) -> Result<Healthcheck, Refusal> {
    Ok(Healthcheck {
        test: said.texts("Test")?,
        interval: said.int("Interval")?,
        timeout: said.int("Timeout")?,
        retries: said.int("Retries")?,
        start_period: said.int("StartPeriod")?,
        start_interval: said.int("StartInterval")?.filter(|time| *time != 0),
    })
}

fn expose(process: &mut Process, more: Vec<ContainerPort>) {
    process.exposed_ports.extend(more);
    process.exposed_ports.sort_unstable();
    process.exposed_ports.dedup();
}

/// Namespaces of which only the container's own exist.
fn check_namespaces(said: &mut Object) -> Result<(), Refusal> {
    for (name, own) in [("UTSMode", ""), ("UsernsMode", ""), ("CgroupnsMode", "private")] {
        match said.text(name)? {
            None => {}
            Some(mode) if mode == "host" => return Err(host_namespace(said, name)),
            Some(mode) if mode == own => {}
            Some(mode) => return Err(said.malformed(name, &format!("cannot be `{mode}`"))),
        }
    }
    match said.text("Isolation")? {
        Some(isolation) if isolation != "default" => {
            Err(said.forbidden(Forbidden::Runtime, "Isolation", "is for Windows", "leave it out"))
        }
        _ => Ok(()),
    }
}

/// Volumes are `local` ones, whether or not that is said.
fn check_volume_driver(said: &mut Object) -> Result<(), Refusal> {
    match said.text("VolumeDriver")? {
        Some(driver) if driver != "local" => Err(said.forbidden(
            Forbidden::Driver,
            "VolumeDriver",
            "would send volumes to another driver",
            "leave out --volume-driver",
        )),
        _ => Ok(()),
    }
}

/// A name that the engine's configuration may give a meaning. One with a dot or a slash chooses a program (ENGINE-API V26).
fn runtime(said: &mut Object) -> Result<Option<String>, Refusal> {
    let Some(name) = said.text("Runtime")? else { return Ok(None) };
    if name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')) {
        return Ok(Some(name));
    }
    Err(other_runtime())
}

/// Whoever knows the engine refuses in this way what is not its default.
pub fn other_runtime() -> Refusal {
    Refusal::forbidden(
        Forbidden::Runtime,
        "`HostConfig.Runtime` would choose another runtime",
        "leave it out; every container has the engine's own",
    )
}

fn host_namespace(said: &Object, name: &str) -> Refusal {
    said.forbidden(
        Forbidden::HostNamespace,
        name,
        "cannot be `host`: the host's namespaces are not shared",
        "leave it out; the container has its own",
    )
}

fn network_mode(said: &mut Object) -> Result<NetworkMode<String, String>, Refusal> {
    let Some(mode) = said.text("NetworkMode")? else { return Ok(NetworkMode::Default) };
    Ok(match mode.as_str() {
        "default" | "bridge" => NetworkMode::Default,
        "none" => NetworkMode::None,
        "host" => {
            return Err(said.forbidden(
                Forbidden::HostNamespace,
                "NetworkMode",
                "cannot be `host`: the host's network is not shared",
                "publish ports with -p, or make a network",
            ));
        }
        other => match other.strip_prefix("container:") {
            Some(id) => NetworkMode::Container(container(id)?),
            None => NetworkMode::Network(super::network::network(other)?),
        },
    })
}

fn ipc_mode(said: &mut Object) -> Result<IpcMode<String>, Refusal> {
    let mode = said.text("IpcMode")?.unwrap_or_default();
    Ok(match mode.as_str() {
        "" | "private" => IpcMode::Private,
        "shareable" => IpcMode::Shareable,
        "none" => IpcMode::None,
        "host" => return Err(host_namespace(said, "IpcMode")),
        other => match other.strip_prefix("container:") {
            Some(id) => IpcMode::Container(container(id)?),
            None => return Err(Refusal::malformed(format!("invalid IPC mode: {other}"))),
        },
    })
}

fn pid_mode(said: &mut Object) -> Result<SharedWith<String>, Refusal> {
    let mode = said.text("PidMode")?.unwrap_or_default();
    Ok(match mode.as_str() {
        "" => SharedWith::Own,
        "host" => return Err(host_namespace(said, "PidMode")),
        other => match other.strip_prefix("container:") {
            Some(id) => SharedWith::Container(container(id)?),
            None => return Err(Refusal::malformed(format!("invalid PID mode: {other}"))),
        },
    })
}

fn endpoints(config: &mut Object) -> Result<Vec<(String, Endpoint)>, Refusal> {
    let Some(mut networking) = config.object("NetworkingConfig")? else { return Ok(Vec::new()) };
    let mut endpoints = Vec::new();
    for (network, said) in networking.object_map("EndpointsConfig")? {
        if network == "host" {
            return Err(host_namespace(&said, "network"));
        }
        if !is_name(&network) {
            return Err(Refusal::NotFound(format!("network {network} not found")));
        }
        let endpoint = endpoint::read(said, &network)?;
        endpoints.push((network, endpoint));
    }
    Ok(endpoints)
}
