//! Ceilings on what a container may use.

use super::grammars::{Size, text};
use crate::{Limits, Ulimit, UlimitName};
use serde_json::json;
use wharf_document::{Grammar, Integer, Misfit, Parsed, Shape, Spanned, mapping};
use wharf_model::nano_cpus;

mapping! {
    /// Ceilings on what the container may use; without one, the engine's default holds.
    pub(crate) struct RawLimits {
        /// CPUs' worth of time, such as 1.75; above 0, and at most what the engine has.
        optional "cpus" cpus: Parsed<Cpus>,
        /// Weight against other containers when CPUs are scarce: 2 to 1024, the default.
        optional "cpu-shares" cpu_shares: Integer<2, 1024>,
        /// Memory, in bytes or such as 512M or 1.5G.
        optional "memory" memory: Parsed<Size>,
        /// Memory and swap together.
        optional "memory-swap" memory_swap: Parsed<Size>,
        /// Memory that the container keeps when the host runs short: a soft limit.
        optional "memory-reservation" memory_reservation: Parsed<Size>,
        /// 0 to 1000: how readily the kernel ends this container first when memory is out.
        optional "oom-score-adj" oom_score_adj: Integer<0, 1000>,
        /// Processes and threads; -1 for no limit.
        optional "pids" pids: Integer<-1, 4_194_304>,
        /// Size of /dev/shm. Members share the pod's, which gets the largest of theirs.
        optional "shm-size" shm_size: Parsed<Size>,
        /// Size of core files, `soft[:hard]`.
        optional "ulimit-core" core: Parsed<SoftHard>,
        /// Seconds of CPU time, `soft[:hard]`.
        optional "ulimit-cpu" cpu: Parsed<SoftHard>,
        /// Bytes of a process's data, `soft[:hard]`.
        optional "ulimit-data" data: Parsed<SoftHard>,
        /// Bytes of a file, `soft[:hard]`.
        optional "ulimit-fsize" fsize: Parsed<SoftHard>,
        /// Bytes of locked memory, `soft[:hard]`.
        optional "ulimit-memlock" memlock: Parsed<SoftHard>,
        /// Bytes of POSIX message queues, `soft[:hard]`.
        optional "ulimit-msgqueue" msgqueue: Parsed<SoftHard>,
        /// Open files of a process, `soft[:hard]`.
        optional "ulimit-nofile" nofile: Parsed<SoftHard>,
        /// Microseconds of real-time work without a pause, `soft[:hard]`.
        optional "ulimit-rttime" rttime: Parsed<SoftHard>,
        /// Bytes of a process's stack, `soft[:hard]`.
        optional "ulimit-stack" stack: Parsed<SoftHard>,
    }
}

/// A number of CPUs, in billionths.
#[derive(Debug)]
pub(crate) enum Cpus {}

/// `soft[:hard]`.
#[derive(Debug)]
pub(crate) enum SoftHard {}

impl Grammar for Cpus {
    type Value = u64;
    const WHAT: &'static str = "a number of CPUs";

    fn shape() -> Shape {
        let number = Shape::of(json!({ "type": "number", "exclusiveMinimum": 0, "maximum": 65536 }));
        Shape::any_of([number, text("^[0-9]{1,5}(\\.[0-9]{1,9})?$")])
    }

    fn parse(text: &str) -> Result<u64, Misfit> {
        nano_cpus(text).filter(|nanos| *nanos > 0).ok_or_else(|| {
            Misfit::new("this is not a number of CPUs").with_help("a number above 0, such as `0.5` or `2`")
        })
    }
}

impl Grammar for SoftHard {
    type Value = Ulimit;
    const WHAT: &'static str = "a limit";

    fn shape() -> Shape {
        let one = "([0-9]{1,19}|unlimited|-1)";
        Shape::any_of([
            Shape::of(json!({ "type": "integer", "minimum": -1, "maximum": i64::MAX })),
            text(&format!("^{one}(:{one})?$")),
        ])
    }

    fn parse(text: &str) -> Result<Ulimit, Misfit> {
        let help = "`soft` or `soft:hard`, each a number or `unlimited`";
        let (soft, hard) = text.split_once(':').unwrap_or((text, text));
        let (Some(soft), Some(hard)) = (one_limit(soft), one_limit(hard)) else {
            return Err(Misfit::new("this is not a limit").with_help(help));
        };
        let is_above = soft != hard && (soft == -1 || (hard != -1 && soft > hard));
        if is_above {
            return Err(Misfit::new("the soft limit is above the hard one")
                .with_help("write the lower first: `soft:hard`"));
        }
        Ok(Ulimit { soft, hard })
    }
}

fn one_limit(text: &str) -> Option<i64> {
    match text {
        "unlimited" | "-1" => Some(-1),
        _ if !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit()) => text.parse().ok(),
        _ => None,
    }
}

/// The limits that were read.
pub(super) fn check(raw: RawLimits) -> Limits {
    let ulimits = [
        (UlimitName::Core, raw.core),
        (UlimitName::Cpu, raw.cpu),
        (UlimitName::Data, raw.data),
        (UlimitName::Fsize, raw.fsize),
        (UlimitName::Memlock, raw.memlock),
        (UlimitName::Msgqueue, raw.msgqueue),
        (UlimitName::Nofile, raw.nofile),
        (UlimitName::Rttime, raw.rttime),
        (UlimitName::Stack, raw.stack),
    ];
    Limits {
        nano_cpus: plain(raw.cpus),
        cpu_shares: plain(raw.cpu_shares).and_then(|shares| shares.try_into().ok()),
        memory: plain(raw.memory),
        memory_swap: plain(raw.memory_swap),
        memory_reservation: plain(raw.memory_reservation),
        oom_score_adj: plain(raw.oom_score_adj).and_then(|score| score.try_into().ok()),
        pids: plain(raw.pids),
        shm_size: plain(raw.shm_size),
        ulimits: ulimits.into_iter().filter_map(|(name, limit)| Some((name, limit?.value))).collect(),
    }
}

fn plain<T>(value: Option<Spanned<T>>) -> Option<T> {
    value.map(|value| value.value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cpus_may_be_fractions() {
        assert_eq!(Cpus::parse("1.75"), Ok(1_750_000_000));
        assert_eq!(Cpus::parse("2"), Ok(2_000_000_000));
        assert_eq!(Cpus::parse("0.000000001"), Ok(1));
        for wrong in ["0", "0.0", "-1", "1e3", ".5", "1.", "0.0000000001", "99999999", ".inf", ""] {
            assert!(Cpus::parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn unlimited_is_above_every_number() {
        let read = |text: &str| SoftHard::parse(text).ok().map(|limit| (limit.soft, limit.hard));
        assert_eq!(read("13:14"), Some((13, 14)));
        assert_eq!(read("7"), Some((7, 7)));
        assert_eq!(read("7:unlimited"), Some((7, -1)));
        assert_eq!(read("unlimited"), Some((-1, -1)));
        for wrong in ["unlimited:7", "8:7", "", ":", "7:", "-2", "1:2:3", "x", "99999999999999999999"] {
            assert_eq!(read(wrong), None, "{wrong}");
        }
    }
}
