//! Requests about one container, and about all of them.

use crate::TerminalSize;
use crate::ask::reading::Reading;
use crate::ask::{
    Ask, ListContainers, NamedFilters, PruneFilters, Refusal, account, filters::Filters, ps, resources,
};
use crate::tenant::{AttachSpec, ContainerAct, ContainerFilters, TenantLogs, WaitCondition};
use wharf_model::{ObjectName, Signal};

pub(crate) fn list(reading: &Reading<'_>) -> Result<Ask, Refusal> {
    let query = reading.query;
    let mut said = query.filters()?;
    let filters = ContainerFilters {
        status: said.many("status"),
        label: said.many("label"),
        exited: said.many("exited"),
        health: said.many("health"),
        publish: said.many("publish"),
        expose: said.many("expose"),
    };
    let named = NamedFilters {
        id: said.many("id"),
        name: said.many("name"),
        ancestor: said.many("ancestor"),
        network: said.many("network"),
        volume: said.many("volume"),
        before: said.one("before")?,
        since: said.one("since")?,
    };
    said.check_empty()?;
    // docker-py says -1 for all.
    let limit = query.int::<i64>("limit")?.filter(|limit| *limit > 0);
    let limit = limit.map(|limit| u32::try_from(limit).unwrap_or(u32::MAX));
    Ok(Ask::ListContainers(ListContainers {
        all: query.flag("all")?,
        limit,
        size: query.flag("size")?,
        filters,
        named,
    }))
}

pub(crate) fn prune(reading: &Reading<'_>) -> Result<Ask, Refusal> {
    let mut filters = reading.query.filters()?;
    let read = prune_filters(&mut filters)?;
    filters.check_empty()?;
    Ok(Ask::PruneContainers(read))
}

pub(crate) fn prune_filters(said: &mut Filters) -> Result<PruneFilters, Refusal> {
    Ok(PruneFilters { until: said.one("until")?, label: said.many("label"), not_label: said.many("label!") })
}

fn act(reading: &Reading<'_>, act: ContainerAct) -> Result<Ask, Refusal> {
    Ok(Ask::Container { container: reading.container()?, act })
}

pub(crate) fn inspect(reading: &Reading<'_>) -> Result<Ask, Refusal> {
    act(reading, ContainerAct::Inspect { size: reading.query.flag("size")? })
}

pub(crate) fn top(reading: &Reading<'_>) -> Result<Ask, Refusal> {
    let ps_args = reading.query.text("ps_args").map(ps::arguments).transpose()?;
    act(reading, ContainerAct::Top { ps_args })
}

pub(crate) fn logs(reading: &Reading<'_>) -> Result<Ask, Refusal> {
    let query = reading.query;
    let tail = match query.text("tail") {
        None | Some("all" | "-1") => None,
        Some(_) => query.int::<u64>("tail")?,
    };
    let logs = TenantLogs {
        stdout: query.flag("stdout")?,
        stderr: query.flag("stderr")?,
        follow: query.flag("follow")?,
        timestamps: query.flag("timestamps")?,
        details: query.flag("details")?,
        since: query.time("since")?,
        until: query.time("until")?,
        tail,
    };
    if !logs.stdout && !logs.stderr {
        return Err(Refusal::malformed("Bad parameters: you must choose at least one stream"));
    }
    act(reading, ContainerAct::Logs(logs))
}

pub(crate) fn changes(reading: &Reading<'_>) -> Result<Ask, Refusal> {
    act(reading, ContainerAct::Changes)
}

pub(crate) fn export(reading: &Reading<'_>) -> Result<Ask, Refusal> {
    act(reading, ContainerAct::Export)
}

pub(crate) fn stats(reading: &Reading<'_>) -> Result<Ask, Refusal> {
    let query = reading.query;
    let stream = query.flag_unless_absent("stream")?;
    act(reading, ContainerAct::Stats { stream, one_shot: query.flag("one-shot")? })
}

pub(crate) fn stat_path(reading: &Reading<'_>) -> Result<Ask, Refusal> {
    act(reading, ContainerAct::StatPath { path: reading.required("path")?.to_owned() })
}

pub(crate) fn read_path(reading: &Reading<'_>) -> Result<Ask, Refusal> {
    act(reading, ContainerAct::ReadPath { path: reading.required("path")?.to_owned() })
}

pub(crate) fn write_path(reading: &Reading<'_>) -> Result<Ask, Refusal> {
    let query = reading.query;
    let written = ContainerAct::WritePath {
        path: reading.required("path")?.to_owned(),
        no_overwrite: query.flag("noOverwriteDirNonDir")?,
        copy_owners: query.flag("copyUIDGID")?,
    };
    act(reading, written)
}

pub(crate) fn attach(reading: &Reading<'_>) -> Result<Ask, Refusal> {
    let query = reading.query;
    let attach = AttachSpec {
        logs: query.flag("logs")?,
        stream: query.flag("stream")?,
        stdin: query.flag("stdin")?,
        stdout: query.flag("stdout")?,
        stderr: query.flag("stderr")?,
        detach_keys: reading.detach_keys()?,
    };
    act(reading, ContainerAct::Attach(attach))
}

pub(crate) fn start(reading: &Reading<'_>) -> Result<Ask, Refusal> {
    act(reading, ContainerAct::Start { detach_keys: reading.detach_keys()? })
}

pub(crate) fn stop(reading: &Reading<'_>) -> Result<Ask, Refusal> {
    let stop = ContainerAct::Stop { signal: signal(reading)?, timeout: reading.query.int("t")? };
    act(reading, stop)
}

pub(crate) fn restart(reading: &Reading<'_>) -> Result<Ask, Refusal> {
    let restart = ContainerAct::Restart { signal: signal(reading)?, timeout: reading.query.int("t")? };
    act(reading, restart)
}

pub(crate) fn kill(reading: &Reading<'_>) -> Result<Ask, Refusal> {
    act(reading, ContainerAct::Kill { signal: signal(reading)? })
}

fn signal(reading: &Reading<'_>) -> Result<Option<String>, Refusal> {
    let Some(text) = reading.query.text("signal") else { return Ok(None) };
    match text.parse::<Signal>() {
        Ok(_) => Ok(Some(text.to_owned())),
        Err(_) => Err(Refusal::malformed(format!("invalid signal: {text}"))),
    }
}

pub(crate) fn pause(reading: &Reading<'_>) -> Result<Ask, Refusal> {
    act(reading, ContainerAct::Pause)
}

pub(crate) fn unpause(reading: &Reading<'_>) -> Result<Ask, Refusal> {
    act(reading, ContainerAct::Unpause)
}

pub(crate) fn wait(reading: &Reading<'_>) -> Result<Ask, Refusal> {
    let condition = match reading.query.text("condition") {
        None | Some("not-running") => WaitCondition::NotRunning,
        Some("next-exit") => WaitCondition::NextExit,
        Some("removed") => WaitCondition::Removed,
        Some(other) => return Err(Refusal::malformed(format!("invalid condition: \"{other}\""))),
    };
    act(reading, ContainerAct::Wait { condition })
}

pub(crate) fn terminal_size(reading: &Reading<'_>) -> Result<TerminalSize, Refusal> {
    let side = |name: &str| {
        let missing = || Refusal::malformed(format!("the query parameter `{name}` is missing"));
        reading.query.int::<u16>(name)?.ok_or_else(missing)
    };
    Ok(TerminalSize { rows: side("h")?, columns: side("w")? })
}

pub(crate) fn resize(reading: &Reading<'_>) -> Result<Ask, Refusal> {
    act(reading, ContainerAct::Resize(terminal_size(reading)?))
}

pub(crate) fn rename(reading: &Reading<'_>) -> Result<Ask, Refusal> {
    let name = container_name(reading.required("name")?)?;
    Ok(Ask::RenameContainer { container: reading.container()?, name })
}

/// A new name; the engine takes one with a slash before it, too.
pub(crate) fn container_name(text: &str) -> Result<ObjectName, Refusal> {
    let name = text.strip_prefix('/').unwrap_or(text);
    name.parse().map_err(|_| {
        Refusal::malformed(format!(
            "Invalid container name ({text}), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed"
        ))
    })
}

pub(crate) fn update(reading: &Reading<'_>) -> Result<Ask, Refusal> {
    let mut body = reading.object()?;
    let restart = resources::restart_update(&mut body)?;
    let resources = resources::read(&mut body)?;
    act(reading, ContainerAct::Update { resources, restart })
}

pub(crate) fn remove(reading: &Reading<'_>) -> Result<Ask, Refusal> {
    let query = reading.query;
    act(reading, ContainerAct::Remove { volumes: query.flag("v")?, force: query.flag("force")? })
}

/// Accounts are read of some images' requests only; elsewhere the header says nothing that is looked at.
pub(crate) fn account(reading: &Reading<'_>) -> Result<Option<crate::RegistryCredentials>, Refusal> {
    account::header(reading.head.registry_auth)
}
