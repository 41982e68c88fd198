//! What a container may use, as `HostConfig` and an update say it. 0 says nothing. -1 asks for no limit, which no tenant
//! has.

use crate::ask::object::Object;
use crate::ask::{Forbidden, Refusal};
use crate::tenant::{Resources, RestartChoice, Ulimit};

/// The names that the engine knows.
const ULIMITS: &[&str] = &[
    "core",
    "cpu",
    "data",
    "fsize",
    "locks",
    "memlock",
    "msgqueue",
    "nice",
    "nofile",
    "nproc",
    "rss",
    "rtprio",
    "rttime",
    "sigpending",
    "stack",
];

/// Reads them; fields that an update does not have are not said there.
pub(crate) fn read(said: &mut Object) -> Result<Resources, Refusal> {
    let swappiness = said.int("MemorySwappiness")?.filter(|value| *value != -1);
    Ok(Resources {
        memory: limit(said, "Memory")?,
        memory_swap: limit(said, "MemorySwap")?,
        memory_reservation: limit(said, "MemoryReservation")?,
        // -1 is the docker CLI's way of saying nothing.
        memory_swappiness: swappiness
            .map(|value| within(said, "MemorySwappiness", value, 0, 100))
            .transpose()?,
        nano_cpus: nano_cpus(said)?,
        cpu_shares: number(said, "CpuShares", 2, 262_144)?,
        cpuset_cpus: cpuset(said, "CpusetCpus")?,
        cpuset_mems: cpuset(said, "CpusetMems")?,
        blkio_weight: number(said, "BlkioWeight", 10, 1000)?,
        pids: limit(said, "PidsLimit")?,
        ulimits: ulimits(said)?,
        oom_score_adj: oom_score(said)?,
    })
}

/// A limit: 0 says nothing, and -1 is refused by a rule, since it would lift what the grant limits.
fn limit<N: TryFrom<i64>>(said: &mut Object, name: &'static str) -> Result<Option<N>, Refusal> {
    match said.int(name)? {
        None | Some(0) => Ok(None),
        Some(-1) => {
            let hint = "give a limit, or leave it out for the usual one";
            Err(said.forbidden(Forbidden::Limits, name, "cannot be unlimited", hint))
        }
        Some(value) if value < 0 => Err(said.malformed(name, "cannot be negative")),
        Some(value) => N::try_from(value).map(Some).map_err(|_| said.malformed(name, "does not fit")),
    }
}

/// A number in a range; 0 says nothing.
fn number<N: TryFrom<i64>>(
    said: &mut Object,
    name: &'static str,
    least: i64,
    most: i64,
) -> Result<Option<N>, Refusal> {
    let Some(value) = said.int(name)?.filter(|value| *value != 0) else { return Ok(None) };
    within(said, name, value, least, most).map(Some)
}

fn within<N: TryFrom<i64>>(
    said: &Object,
    name: &str,
    value: i64,
    least: i64,
    most: i64,
) -> Result<N, Refusal> {
    let fits = (least..=most).contains(&value);
    let number = if fits { N::try_from(value).ok() } else { None };
    number.ok_or_else(|| said.malformed(name, &format!("must be from {least} to {most}")))
}

/// Billionths of a CPU, said so or as a quota in a period.
fn nano_cpus(said: &mut Object) -> Result<Option<u64>, Refusal> {
    let nano: Option<u64> = limit(said, "NanoCpus")?;
    let (quota, period): (Option<u64>, Option<u64>) = (limit(said, "CpuQuota")?, limit(said, "CpuPeriod")?);
    if nano.is_some() && (quota.is_some() || period.is_some()) {
        return Err(said.malformed("NanoCpus", "and a quota or a period cannot both be set"));
    }
    let Some(quota) = quota else { return Ok(nano) };
    // The kernel's period when none is said, in microseconds as both are.
    let nano = u128::from(quota) * 1_000_000_000 / u128::from(period.unwrap_or(100_000));
    match u64::try_from(nano) {
        Ok(nano) if nano > 0 => Ok(Some(nano)),
        _ => Err(said.malformed("CpuQuota", "does not fit its period")),
    }
}

fn cpuset(said: &mut Object, name: &'static str) -> Result<Option<String>, Refusal> {
    let Some(text) = said.text(name)? else { return Ok(None) };
    if text.len() <= 1024 && text.bytes().all(|b| b.is_ascii_digit() || matches!(b, b',' | b'-')) {
        return Ok(Some(text));
    }
    Err(said.malformed(name, &format!("cannot be `{text}`; write such as `0-1,3`")))
}

fn ulimits(said: &mut Object) -> Result<Vec<Ulimit>, Refusal> {
    let mut ulimits: Vec<Ulimit> = Vec::new();
    for mut ulimit in said.objects("Ulimits")? {
        let name = ulimit.text("Name")?.unwrap_or_default();
        if !ULIMITS.contains(&name.as_str()) {
            return Err(ulimit.malformed("Name", &format!("`{name}` is not a limit's name")));
        }
        if ulimits.iter().any(|had| had.name == name) {
            return Err(ulimit.malformed("Name", &format!("`{name}` is said twice")));
        }
        let (soft, hard) = (ulimit.int("Soft")?.unwrap_or(0), ulimit.int("Hard")?.unwrap_or(0));
        if soft < -1 || hard < -1 {
            return Err(ulimit.malformed("Hard", "cannot be below -1"));
        }
        ulimits.push(Ulimit { name, soft, hard });
    }
    ulimits.sort();
    Ok(ulimits)
}

fn oom_score(said: &mut Object) -> Result<Option<u16>, Refusal> {
    let Some(score) = said.int("OomScoreAdj")?.filter(|score| *score != 0) else { return Ok(None) };
    if score < 0 {
        let reason = "below 0 would have the host's own processes killed before it";
        return Err(said.forbidden(
            Forbidden::Limits,
            "OomScoreAdj",
            reason,
            "leave it out, or give 1 to 1000",
        ));
    }
    within(said, "OomScoreAdj", score, 1, 1000).map(Some)
}

/// The restart policy of a creation.
pub(crate) fn restart(said: &mut Object) -> Result<RestartChoice, Refusal> {
    restart_update(said).map(Option::unwrap_or_default)
}

/// The restart policy of an update, where none leaves it as it is.
pub(crate) fn restart_update(said: &mut Object) -> Result<Option<RestartChoice>, Refusal> {
    let Some(mut policy) = said.object("RestartPolicy")? else { return Ok(None) };
    let count = policy.int("MaximumRetryCount")?.unwrap_or(0);
    let name = policy.text("Name")?;
    let choice = match name.as_deref() {
        None => None,
        Some("no") => Some(RestartChoice::No),
        Some("always") => Some(RestartChoice::Always),
        Some("unless-stopped") => Some(RestartChoice::UnlessStopped),
        Some("on-failure") => {
            return within(&policy, "MaximumRetryCount", count, 0, i64::from(i32::MAX))
                .map(|count| Some(RestartChoice::OnFailure(count)));
        }
        Some(other) => return Err(Refusal::malformed(format!("invalid restart policy '{other}'"))),
    };
    if count != 0 {
        return Err(policy.malformed("MaximumRetryCount", "can only be used with `on-failure`"));
    }
    Ok(choice)
}
