//! How much a tenant may use, and what a container of its gets that does not ask.

use super::grammars::text;
use super::plain;
use serde_json::json;
use wharf_document::{Errors, Grammar, Integer, Misfit, Parsed, Place, Shape, Spanned, mapping};
use wharf_model::{ByteSize, PerContainer, TenantLimits, nano_cpus};

mapping! {
    /// How much all of a tenant's containers, networks and volumes may use together.
    pub(crate) struct RawLimits {
        /// CPUs' worth of time, such as 1.5. Default: 2. The kernel holds all containers together to it, and no single one
        /// may ask for more; what they ask for together may be more, and then they share.
        optional "cpus" cpus: Parsed<Cpus>,
        /// Memory and swap, such as 4G; at least 6M. Default: 4G. What all containers that run or would start by
        /// themselves may use together; the kernel holds it, too.
        optional "memory" memory: Parsed<Memory>,
        /// Processes and threads. Default: 2048. As with memory.
        optional "pids" pids: Integer<1, 4_194_304>,
        /// Containers, running or not. Default: 20.
        optional "containers" containers: Integer<0, 1_000_000>,
        /// Networks, the default one not counted. Default: 5.
        optional "networks" networks: Integer<0, 1_000_000>,
        /// Volumes, anonymous ones included. Default: 20.
        optional "volumes" volumes: Integer<0, 1_000_000>,
        /// Layers, volumes, images and logs, such as 20G. Default: 20G. Measured about every minute; above it nothing more
        /// is made, pulled or loaded, but what runs can still write.
        optional "disk" disk: Parsed<Disk>,
        /// What a container gets that does not say what it wants. Not above the tenant's own.
        optional "per_container" per_container: RawPerContainer,
    }
    refused {
        "cpu" => "did you mean `cpus`?",
        "ram" => "did you mean `memory`?",
        "memory_swap" => "swap counts as `memory`",
    }
}

mapping! {
    /// What a container gets that does not say what it wants.
    pub(crate) struct RawPerContainer {
        /// Memory and swap; at least 6M. Default: 512M, or all of the tenant's when that is less.
        optional "memory" memory: Parsed<Memory>,
        /// CPUs' worth of time. Default: 1, or all of the tenant's when that is less.
        optional "cpus" cpus: Parsed<Cpus>,
        /// Processes and threads. Default: 256, or all of the tenant's when that is less.
        optional "pids" pids: Integer<1, 4_194_304>,
    }
}

/// A number of CPUs, in billionths.
#[derive(Debug)]
pub(crate) enum Cpus {}

/// Memory that a container can begin with.
#[derive(Debug)]
pub(crate) enum Memory {}

/// Space on a disk.
#[derive(Debug)]
pub(crate) enum Disk {}

impl Grammar for Cpus {
    type Value = u64;
    const WHAT: &'static str = "a number of CPUs";

    fn shape() -> Shape {
        let number = Shape::of(json!({ "type": "number", "minimum": 0.01, "maximum": 65536 }));
        Shape::any_of([number, text("^[0-9]{1,5}(\\.[0-9]{1,9})?$")])
    }

    /// Below a hundredth the kernel refuses the quota: it is a millisecond of each tenth of a second.
    fn parse(text: &str) -> Result<u64, Misfit> {
        nano_cpus(text).filter(|nanos| *nanos >= 10_000_000).ok_or_else(|| {
            Misfit::new("this is not a number of CPUs").with_help("at least `0.01`, such as `0.5` or `2`")
        })
    }
}

/// What the engine asks of every memory limit (6 MiB, 20.10 and later).
const LEAST_MEMORY: u64 = 6 << 20;

fn size_shape() -> Shape {
    Shape::of(json!({
        "type": ["string", "number"],
        "pattern": "^([0-9]+|[0-9]+(\\.[0-9]{1,9})?[kKmMgGtT]([iI]?[bB])?|[0-9]+[bB])$",
    }))
}

fn size(text: &str) -> Result<ByteSize, Misfit> {
    let help = "a number with `k`, `M`, `G` or `T`, such as `512M` or `1.5G`";
    // A fraction of a byte is nothing; who writes `1.5` forgot the unit.
    let lacks_unit =
        text.contains('.') && text.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'b' | b'B'));
    match text.parse::<ByteSize>() {
        Ok(_) if lacks_unit => Err(Misfit::new("a size with a fraction needs a unit").with_help(help)),
        Ok(size) => Ok(size),
        Err(error) => Err(Misfit::new(error.to_string())),
    }
}

impl Grammar for Memory {
    type Value = ByteSize;
    const WHAT: &'static str = "an amount of memory";

    fn shape() -> Shape {
        size_shape().with("minimum", json!(LEAST_MEMORY))
    }

    fn parse(text: &str) -> Result<ByteSize, Misfit> {
        let size = size(text)?;
        if size.bytes() < LEAST_MEMORY {
            let help = "write the unit, too, such as `512M`";
            return Err(Misfit::new("the engine gives no container less than 6M of memory").with_help(help));
        }
        Ok(size)
    }
}

impl Grammar for Disk {
    type Value = ByteSize;
    const WHAT: &'static str = "an amount of disk";

    fn shape() -> Shape {
        size_shape()
    }

    fn parse(text: &str) -> Result<ByteSize, Misfit> {
        size(text)
    }
}

/// The limits; what is left out has its default, and no default for a container is above the tenant's own.
pub(super) fn check(raw: RawLimits, errors: &mut Errors) -> TenantLimits {
    let defaults = TenantLimits::default();
    let each = raw.per_container.map(|each| each.value);
    let (each_cpus, each_memory, each_pids) =
        each.map_or((None, None, None), |each| (each.cpus, each.memory, each.pids));
    let least = &defaults.per_container;
    let nano_cpus = Ceiling::of("cpus", raw.cpus, defaults.nano_cpus);
    let memory = Ceiling::of("memory", raw.memory, defaults.memory);
    let pids = Ceiling::of("pids", raw.pids.map(number), defaults.pids);
    let per_container = PerContainer {
        nano_cpus: nano_cpus.hold(each_cpus, least.nano_cpus, errors),
        memory: memory.hold(each_memory, least.memory, errors),
        pids: pids.hold(each_pids.map(number), least.pids, errors),
    };
    TenantLimits {
        nano_cpus: nano_cpus.value,
        memory: memory.value,
        pids: pids.value,
        containers: plain(raw.containers.map(number)).unwrap_or(defaults.containers),
        networks: plain(raw.networks.map(number)).unwrap_or(defaults.networks),
        volumes: plain(raw.volumes.map(number)).unwrap_or(defaults.volumes),
        disk: plain(raw.disk).unwrap_or(defaults.disk),
        per_container,
    }
}

/// The readers let nothing below 0 or above a million through.
fn number(read: Spanned<i64>) -> Spanned<u32> {
    read.map(|number| u32::try_from(number).unwrap_or(0))
}

/// What the whole tenant has of one thing.
struct Ceiling<T> {
    key: &'static str,
    value: T,
    written: Option<Place>,
}

impl<T: Copy + Ord> Ceiling<T> {
    fn of(key: &'static str, written: Option<Spanned<T>>, default: T) -> Self {
        match written {
            Some(Spanned { value, place }) => Self { key, value, written: Some(place) },
            None => Self { key, value: default, written: None },
        }
    }

    /// What one container gets: what is written, unless that is above the whole; or the default, at most the whole.
    fn hold(&self, each: Option<Spanned<T>>, default: T, errors: &mut Errors) -> T {
        let Some(each) = each else { return default.min(self.value) };
        if each.value > self.value {
            let key = self.key;
            let message = format!("one container would get more `{key}` than the whole tenant has");
            let help = match &self.written {
                Some(place) => format!("the tenant's is at line {}; raise that or lower this", place.line()),
                None => format!("the tenant's is the default; write `{key}` below `limits`, or lower this"),
            };
            errors.push_at(&each.place, message, Some(help));
        }
        each.value
    }
}
