//! Settings of `HostConfig` that name no other object.

use crate::ask::object::Object;
use crate::ask::reading::one_line;
use crate::ask::{Forbidden, Refusal, endpoint, resources};
use crate::tenant::{HostSettings, LogDriver, LogSettings};
use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

/// Of the container's own namespaces, and harmless there.
const SYSCTLS: &[&str] = &[
    "kernel.msgmax",
    "kernel.msgmnb",
    "kernel.msgmni",
    "kernel.sem",
    "kernel.shmall",
    "kernel.shmmax",
    "kernel.shmmni",
    "kernel.shm_rmid_forced",
    "net.core.somaxconn",
    "net.ipv4.ip_local_port_range",
    "net.ipv4.ip_unprivileged_port_start",
    "net.ipv4.ping_group_range",
    "net.ipv4.tcp_fin_timeout",
    "net.ipv4.tcp_keepalive_intvl",
    "net.ipv4.tcp_keepalive_probes",
    "net.ipv4.tcp_keepalive_time",
    "net.ipv4.tcp_syncookies",
    "net.ipv4.tcp_tw_reuse",
    "net.ipv6.conf.all.disable_ipv6",
    "net.ipv6.conf.default.disable_ipv6",
];

/// Reads what remains of `HostConfig` when namespaces, mounts, ports and resources are taken.
pub(crate) fn read(said: &mut Object) -> Result<HostSettings, Refusal> {
    check_security(said)?;
    Ok(HostSettings {
        published: Vec::new(),
        publish_all: said.is_on("PublishAllPorts")?,
        restart: resources::restart(said)?,
        auto_remove: said.is_on("AutoRemove")?,
        log: log(said)?,
        cap_add: capabilities(said, "CapAdd")?,
        cap_drop: capabilities(said, "CapDrop")?,
        dns: name_servers(said)?,
        dns_options: lines(said, "DnsOptions")?,
        dns_search: lines(said, "DnsSearch")?,
        extra_hosts: extra_hosts(said)?,
        group_add: lines(said, "GroupAdd")?,
        readonly: said.is_on("ReadonlyRootfs")?,
        shm_size: shm_size(said)?,
        sysctls: sysctls(said)?,
        init: said.flag("Init")?,
        mac_address: None,
    })
}

/// Nothing but `no-new-privileges`, which every container has.
fn check_security(said: &mut Object) -> Result<(), Refusal> {
    for option in said.texts("SecurityOpt")?.unwrap_or_default() {
        if !matches!(
            option.as_str(),
            "no-new-privileges" | "no-new-privileges:true" | "no-new-privileges=true"
        ) {
            // A profile is given by its whole content, which nobody wants to read.
            let name: String = option.split(['=', ':']).next().unwrap_or_default().chars().take(40).collect();
            return Err(said.forbidden(
                Forbidden::Confinement,
                "SecurityOpt",
                &format!("cannot set `{name}`: every container keeps the engine's own confinement"),
                "leave out --security-opt",
            ));
        }
    }
    Ok(())
}

fn log(said: &mut Object) -> Result<LogSettings, Refusal> {
    let Some(mut said) = said.object("LogConfig")? else { return Ok(LogSettings::default()) };
    let driver = match said.text("Type")?.as_deref() {
        None | Some("json-file") => LogDriver::JsonFile,
        Some("local") => LogDriver::Local,
        Some("none") => LogDriver::None,
        Some(other) => {
            let reason = format!(
                "the log driver `{other}` is not for tenants: it leaves the machine, or floods its log"
            );
            return Err(Refusal::forbidden(
                Forbidden::LogDriver,
                reason,
                "use `json-file`, `local` or `none`",
            ));
        }
    };
    let mut log = LogSettings { driver, ..LogSettings::default() };
    for (name, value) in said.text_map("Config")?.unwrap_or_default() {
        match name.as_str() {
            "max-size" => log.max_size = Some(log_size(&value)?),
            "max-file" => log.max_file = Some(log_files(&value)?),
            // What is old may be compressed, or not.
            "compress" if matches!(value.as_str(), "true" | "false") => {}
            "mode" if value == "blocking" => {}
            _ => {
                let reason = format!("the log option `{name}` is not for tenants");
                return Err(Refusal::forbidden(
                    Forbidden::LogDriver,
                    reason,
                    "use `max-size` and `max-file`",
                ));
            }
        }
    }
    Ok(log)
}

/// The engine reads `10m` here with powers of 1000.
fn log_size(text: &str) -> Result<u64, Refusal> {
    let wrong =
        || Refusal::malformed(format!("the log option `max-size` cannot be `{text}`; write such as `10m`"));
    let lower = text.to_ascii_lowercase();
    let lower = lower.strip_suffix('b').unwrap_or(&lower);
    let (digits, unit) = match lower.strip_suffix(['k', 'm', 'g']) {
        Some(digits) if lower.ends_with('k') => (digits, 1_000),
        Some(digits) if lower.ends_with('m') => (digits, 1_000_000),
        Some(digits) => (digits, 1_000_000_000),
        None => (lower, 1),
    };
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Err(wrong());
    }
    let size = digits.parse::<u64>().ok().and_then(|number| number.checked_mul(unit));
    size.filter(|size| *size > 0 && *size <= i64::MAX.unsigned_abs()).ok_or_else(wrong)
}

fn log_files(text: &str) -> Result<u32, Refusal> {
    let plain = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let number = if plain { text.parse().ok().filter(|number| *number > 0) } else { None };
    number.ok_or_else(|| Refusal::malformed(format!("the log option `max-file` cannot be `{text}`")))
}

fn capabilities(said: &mut Object, name: &'static str) -> Result<BTreeSet<String>, Refusal> {
    let read = |text: String| {
        let upper = text.to_ascii_uppercase();
        let short = upper.strip_prefix("CAP_").unwrap_or(&upper);
        let fits = !short.is_empty()
            && short.len() <= 40
            && short.bytes().all(|b| b.is_ascii_uppercase() || b == b'_');
        if fits { Ok(short.to_owned()) } else { Err(said_unknown(name, &text)) }
    };
    said.words(name)?.unwrap_or_default().into_iter().map(read).collect()
}

fn said_unknown(name: &str, text: &str) -> Refusal {
    Refusal::malformed(format!("invalid {name}: unknown capability: \"{text}\""))
}

fn name_servers(said: &mut Object) -> Result<Vec<IpAddr>, Refusal> {
    let texts = said.texts("Dns")?.unwrap_or_default();
    texts.iter().map(|text| endpoint::address(said, "Dns", text)).collect()
}

/// Words that end up in a line of a file.
fn lines(said: &mut Object, name: &'static str) -> Result<Vec<String>, Refusal> {
    let word = |text: String| match one_line(name, text)? {
        text if text.contains(' ') => Err(Refusal::malformed(format!("`{name}` cannot be `{text}`"))),
        text => Ok(text),
    };
    said.texts(name)?.unwrap_or_default().into_iter().map(word).collect()
}

/// `name:address`, or `name=address`.
fn extra_hosts(said: &mut Object) -> Result<Vec<(String, IpAddr)>, Refusal> {
    let texts = said.texts("ExtraHosts")?.unwrap_or_default();
    texts.iter().map(|text| extra_host(said, text)).collect()
}

fn extra_host(said: &Object, text: &str) -> Result<(String, IpAddr), Refusal> {
    let wrong = || said.malformed("ExtraHosts", &format!("cannot be `{text}`; write `name:address`"));
    let (name, address) = text.split_once([':', '=']).ok_or_else(wrong)?;
    if address == "host-gateway" {
        return Err(said.forbidden(
            Forbidden::ExtraHosts,
            "ExtraHosts",
            "cannot be `host-gateway`: the host's services are not for containers",
            "publish a port of the other container, or put both on one network",
        ));
    }
    let bare = address.strip_prefix('[').and_then(|a| a.strip_suffix(']')).unwrap_or(address);
    let fits =
        !name.is_empty() && name.len() <= 253 && name.bytes().all(|b| b.is_ascii_graphic() && b != b'#');
    let address = bare.parse().map_err(|_| wrong())?;
    if fits { Ok((name.to_owned(), address)) } else { Err(wrong()) }
}

fn shm_size(said: &mut Object) -> Result<Option<u64>, Refusal> {
    let Some(size) = said.int("ShmSize")?.filter(|size| *size != 0) else { return Ok(None) };
    u64::try_from(size).map(Some).map_err(|_| said.malformed("ShmSize", "cannot be negative"))
}

fn sysctls(said: &mut Object) -> Result<BTreeMap<String, String>, Refusal> {
    let sysctls = said.text_map("Sysctls")?.unwrap_or_default();
    for (name, value) in &sysctls {
        if !SYSCTLS.contains(&name.as_str()) {
            let reason = format!("the kernel setting `{name}` is not for tenants");
            let hint = format!("leave it out; these are: {}", SYSCTLS.join(", "));
            return Err(Refusal::forbidden(Forbidden::Sysctls, reason, hint));
        }
        if !value.bytes().all(|b| b.is_ascii_digit() || matches!(b, b' ' | b'\t' | b'-')) {
            return Err(said.malformed("Sysctls", &format!("cannot set `{name}` to `{value}`")));
        }
    }
    Ok(sysctls)
}
