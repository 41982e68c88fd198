//! The options of mounts, in each of the three ways that clients say them.

use super::{Mount, host, no_such_kind, target};
use crate::ask::object::Object;
use crate::ask::reading::is_name;
use crate::ask::{Forbidden, Refusal, volume};
use crate::tenant::{MountKind, MountSpec};
use wharf_model::TargetPath;

/// The third part of a bind.
#[derive(Debug, Default)]
pub(super) struct BindOptions {
    pub(super) readonly: bool,
    pub(super) no_copy: bool,
    relabels: bool,
}

impl BindOptions {
    pub(super) fn parse(words: &str) -> Result<Self, Refusal> {
        let mut options = Self::default();
        for word in words.split(',') {
            match word {
                "ro" => options.readonly = true,
                "nocopy" => options.no_copy = true,
                "z" | "Z" => options.relabels = true,
                // The last three are for engines on a Mac; the docker CLI sends them along.
                "rw" | "private" | "rprivate" | "cached" | "delegated" | "consistent" => {}
                "shared" | "rshared" | "slave" | "rslave" => return Err(propagation(word)),
                _ => return Err(Refusal::malformed(format!("invalid mode: {words}"))),
            }
        }
        Ok(options)
    }

    pub(super) fn check_for_host(&self) -> Result<(), Refusal> {
        if self.relabels {
            let reason = "`z` and `Z` would relabel files of the host";
            return Err(Refusal::forbidden(Forbidden::Confinement, reason, "leave them out"));
        }
        if self.no_copy { Err(Refusal::malformed("`nocopy` is for volumes")) } else { Ok(()) }
    }
}

fn propagation(mode: &str) -> Refusal {
    let reason = format!("the propagation `{mode}` would show mounts of one side on the other");
    Refusal::forbidden(Forbidden::MountKind, reason, "leave it out; it is `rprivate`")
}

/// One of `Mounts`.
pub(super) fn mount(mut said: Object) -> Result<Mount, Refusal> {
    let kind = said.text("Type")?.unwrap_or_default();
    let path = said.text("Target")?.ok_or_else(|| said.malformed("Target", "is missing"))?;
    let (target, readonly) = (target(&path)?, said.is_on("ReadOnly")?);
    let source = said.text("Source")?;
    let (bind, of_volume, memory) =
        (said.object("BindOptions")?, said.object("VolumeOptions")?, said.object("TmpfsOptions")?);
    let (bind, of_volume, memory) = (
        bind.map(OfBind::read).transpose()?.filter(|bind| *bind != OfBind::default()),
        of_volume.map(VolumeOptions::read).transpose()?,
        memory.map(TmpfsOptions::read).transpose()?,
    );
    let strange = match kind.as_str() {
        "bind" => of_volume.is_some() || memory.is_some(),
        "volume" => bind.is_some() || memory.is_some(),
        "tmpfs" => bind.is_some() || of_volume.is_some() || source.is_some(),
        _ => false,
    };
    if strange {
        return Err(said.malformed("Type", &format!("`{kind}` does not go with the options of another kind")));
    }
    let kind = match kind.as_str() {
        "bind" => {
            let source = source.ok_or_else(|| said.malformed("Source", "is missing"))?;
            host(&source, bind.is_some_and(|bind| bind.make))?
        }
        "volume" => of_volume.unwrap_or_default().kind(source)?,
        "tmpfs" => return Ok(memory.unwrap_or_default().mount(target, readonly)),
        "image" => return Err(no_such_kind("mounts of images", "run a container of that image instead")),
        "npipe" | "cluster" => {
            return Err(no_such_kind(&format!("mounts of the type `{kind}`"), "use a volume"));
        }
        other => return Err(said.malformed("Type", &format!("cannot be `{other}`"))),
    };
    Ok(MountSpec { target, readonly, kind })
}

/// `BindOptions`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct OfBind {
    /// `rprivate`, which it is anyhow.
    propagates: bool,
    /// From API 1.45; in `Binds` it is always so.
    make: bool,
}

impl OfBind {
    fn read(mut said: Object) -> Result<Self, Refusal> {
        let make = said.is_on("CreateMountpoint")?;
        match said.text("Propagation")?.as_deref() {
            None => Ok(Self { propagates: false, make }),
            Some("private" | "rprivate") => Ok(Self { propagates: true, make }),
            Some(mode @ ("shared" | "rshared" | "slave" | "rslave")) => Err(propagation(mode)),
            Some(other) => Err(said.malformed("Propagation", &format!("cannot be `{other}`"))),
        }
    }
}

#[derive(Debug, Default)]
struct VolumeOptions {
    no_copy: bool,
    subpath: Option<String>,
}

impl VolumeOptions {
    fn read(mut said: Object) -> Result<Self, Refusal> {
        let driver =
            said.object("DriverConfig")?.map(|mut driver| driver.text("Name")).transpose()?.flatten();
        if let Some(name) = driver.filter(|name| name != "local") {
            return Err(volume::no_driver(&name));
        }
        let subpath = said.text("Subpath")?;
        let plain = |text: &str| {
            text.len() <= 4096
                && !text.starts_with('/')
                && !text.chars().any(char::is_control)
                && text.split('/').all(|part| part != "..")
        };
        if let Some(subpath) = subpath.as_deref().filter(|text| !plain(text)) {
            return Err(
                said.malformed("Subpath", &format!("cannot be `{subpath}`; write a path below the volume"))
            );
        }
        Ok(Self { no_copy: said.is_on("NoCopy")?, subpath })
    }

    fn kind(self, source: Option<String>) -> Result<MountKind<String>, Refusal> {
        let Self { no_copy, subpath } = self;
        match source {
            Some(volume) if is_name(&volume) => Ok(MountKind::Volume { volume, no_copy, subpath }),
            Some(volume) => Err(volume::bad_name(&volume)),
            None if subpath.is_some() => Err(Refusal::malformed("a volume without a name has no `Subpath`")),
            None => Ok(MountKind::AnonymousVolume { no_copy }),
        }
    }
}

#[derive(Debug, Default)]
struct TmpfsOptions {
    size: Option<u64>,
    mode: Option<u32>,
    exec: bool,
    readonly: bool,
}

impl TmpfsOptions {
    fn read(mut said: Object) -> Result<Self, Refusal> {
        let size = said.int("SizeBytes")?.filter(|size| *size != 0);
        let mode = said.int("Mode")?.filter(|mode| *mode != 0);
        let mut options = Self {
            size: size
                .map(u64::try_from)
                .transpose()
                .map_err(|_| said.malformed("SizeBytes", "cannot be negative"))?,
            mode: mode.map(|mode| permissions(u32::try_from(mode).ok())).transpose()?,
            ..Self::default()
        };
        for words in said.text_lists("Options")? {
            options.admit(&words.join("="))?;
        }
        Ok(options)
    }

    /// One option, as mount(8) has it.
    fn admit(&mut self, word: &str) -> Result<(), Refusal> {
        match word.split_once('=').unwrap_or((word, "")) {
            // What every such mount is.
            ("rw" | "nosuid" | "nodev" | "", "") => {}
            ("ro", "") => self.readonly = true,
            ("exec", "") => self.exec = true,
            ("noexec", "") => self.exec = false,
            ("size", value) => self.size = Some(bytes(value)?),
            ("mode", value) => self.mode = Some(permissions(u32::from_str_radix(value, 8).ok())?),
            (name, _) => {
                let reason = format!("the option `{name}` of a tmpfs is not for tenants");
                return Err(Refusal::forbidden(
                    Forbidden::MountKind,
                    reason,
                    "use `size`, `mode`, `exec`, `noexec`, `ro`",
                ));
            }
        }
        Ok(())
    }

    fn mount(self, target: TargetPath, readonly: bool) -> Mount {
        let kind = MountKind::Tmpfs { size: self.size, mode: self.mode, exec: self.exec };
        MountSpec { target, readonly: readonly || self.readonly, kind }
    }
}

/// One of `Tmpfs`: a target and mount(8)'s options.
pub(super) fn tmpfs(target: TargetPath, words: &str) -> Result<Mount, Refusal> {
    let mut options = TmpfsOptions::default();
    words.split(',').try_for_each(|word| options.admit(word))?;
    Ok(options.mount(target, false))
}

fn permissions(mode: Option<u32>) -> Result<u32, Refusal> {
    let wrong = || Refusal::malformed("the mode of a tmpfs must be permission bits, such as 1777");
    mode.filter(|mode| *mode <= 0o7777).ok_or_else(wrong)
}

/// `64m`, with powers of 1024 as the kernel has it. No share of the host's memory.
fn bytes(text: &str) -> Result<u64, Refusal> {
    let wrong = || Refusal::malformed(format!("the size of a tmpfs cannot be `{text}`; write such as `64m`"));
    let lower = text.to_ascii_lowercase();
    let (digits, shift) = match lower.strip_suffix(['k', 'm', 'g']) {
        Some(digits) if lower.ends_with('k') => (digits, 10),
        Some(digits) if lower.ends_with('m') => (digits, 20),
        Some(digits) => (digits, 30),
        None => (lower.as_str(), 0),
    };
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Err(wrong());
    }
    let size = digits.parse::<u64>().ok().and_then(|number| number.checked_mul(1 << shift));
    size.filter(|size| *size > 0 && *size <= i64::MAX.unsigned_abs()).ok_or_else(wrong)
}
