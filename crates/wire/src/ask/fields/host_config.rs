//! The fields of `HostConfig`, the part of a container that reaches for the host, and those of an update.

use crate::ask::Forbidden;
use crate::ask::field::{
    Denied, Field, because, denied, ignored, list, map_of_lists, object, only_null, said,
};

const DEVICES: Denied =
    because(Forbidden::Devices, "would give the container the host's devices", "leave it out");
const UNMASKED: Denied = because(
    Forbidden::Confinement,
    "would change what of /proc and /sys is hidden or read-only",
    "leave it out; null is the engine's own list",
);
const BLOCK_DEVICE: Denied =
    because(Forbidden::Limits, "names a device of the host", "use `--blkio-weight`, which names none");
const REAL_TIME: Denied =
    because(Forbidden::Limits, "would take processor time before the host's own processes", "use `--cpus`");
const KERNEL_MEMORY: Denied = because(
    Forbidden::Limits,
    "is a limit that engines no longer have",
    "use `--memory`, which counts it, too",
);
const RECURSION: Denied = because(
    Forbidden::MountKind,
    "is about mounts inside the directory, and there are none in what is mounted here",
    "leave it out",
);

/// `HostConfig` of `POST /containers/create`.
pub(crate) const HOST_CONFIG: &[Field] = &[
    said("Binds"),
    // Written by the client.
    ignored("ContainerIDFile"),
    object("LogConfig", LOG_CONFIG),
    said("NetworkMode"),
    map_of_lists("PortBindings", PORT_BINDING),
    object("RestartPolicy", RESTART_POLICY),
    said("AutoRemove"),
    said("VolumeDriver"),
    said("VolumesFrom"),
    // Of the terminal that made it; for Windows.
    ignored("ConsoleSize"),
    denied(
        "Annotations",
        because(
            Forbidden::Annotations,
            "would give orders to the runtime",
            "use labels, which nothing obeys",
        ),
    ),
    said("CapAdd"),
    said("CapDrop"),
    said("CgroupnsMode"),
    said("Dns"),
    said("DnsOptions"),
    said("DnsSearch"),
    said("ExtraHosts"),
    said("GroupAdd"),
    said("IpcMode"),
    denied("Cgroup", because(Forbidden::HostNamespace, "would join another control group", "leave it out")),
    denied("Links", super::LINKS),
    said("OomScoreAdj"),
    said("PidMode"),
    denied(
        "Privileged",
        because(
            Forbidden::Privileged,
            "would give the container the host",
            "leave out --privileged; ask your administrator for the one capability that is missing",
        ),
    ),
    said("PublishAllPorts"),
    said("ReadonlyRootfs"),
    said("SecurityOpt"),
    denied(
        "StorageOpt",
        because(Forbidden::Limits, "would set options of the storage driver", "leave out --storage-opt"),
    ),
    said("Tmpfs"),
    said("UTSMode"),
    said("UsernsMode"),
    said("ShmSize"),
    said("Sysctls"),
    said("Runtime"),
    said("Isolation"),
    list("Mounts", MOUNT),
    only_null("MaskedPaths", UNMASKED),
    only_null("ReadonlyPaths", UNMASKED),
    // Of API 1.40: the exact set, which `CapAdd` and `CapDrop` say now.
    only_null(
        "Capabilities",
        because(Forbidden::Confinement, "would set capabilities directly", "use --cap-add and --cap-drop"),
    ),
    said("Init"),
    // Resources, as of an update.
    said("CpuShares"),
    said("Memory"),
    said("NanoCpus"),
    denied("CgroupParent", CGROUP_PARENT),
    said("BlkioWeight"),
    denied("BlkioWeightDevice", BLOCK_DEVICE),
    denied("BlkioDeviceReadBps", BLOCK_DEVICE),
    denied("BlkioDeviceWriteBps", BLOCK_DEVICE),
    denied("BlkioDeviceReadIOps", BLOCK_DEVICE),
    denied("BlkioDeviceWriteIOps", BLOCK_DEVICE),
    said("CpuPeriod"),
    said("CpuQuota"),
    denied("CpuRealtimePeriod", REAL_TIME),
    denied("CpuRealtimeRuntime", REAL_TIME),
    said("CpusetCpus"),
    said("CpusetMems"),
    denied("Devices", DEVICES),
    denied("DeviceCgroupRules", DEVICES),
    denied("DeviceRequests", DEVICES),
    denied("KernelMemory", KERNEL_MEMORY),
    denied("KernelMemoryTCP", KERNEL_MEMORY),
    said("MemoryReservation"),
    said("MemorySwap"),
    said("MemorySwappiness"),
    denied("OomKillDisable", OOM_KILL),
    said("PidsLimit"),
    list("Ulimits", ULIMIT),
    ignored("CpuCount"),
    ignored("CpuPercent"),
    ignored("IOMaximumIOps"),
    ignored("IOMaximumBandwidth"),
];

const CGROUP_PARENT: Denied = because(
    Forbidden::Limits,
    "would leave the control group that carries your limits",
    "leave out --cgroup-parent",
);
const OOM_KILL: Denied = because(
    Forbidden::Limits,
    "would have the host's other processes killed when memory is short",
    "leave out --oom-kill-disable",
);

/// `POST /containers/{id}/update`: resources and the restart policy.
pub(crate) const UPDATE: &[Field] = &[
    said("CpuShares"),
    said("Memory"),
    said("NanoCpus"),
    denied("CgroupParent", CGROUP_PARENT),
    said("BlkioWeight"),
    denied("BlkioWeightDevice", BLOCK_DEVICE),
    denied("BlkioDeviceReadBps", BLOCK_DEVICE),
    denied("BlkioDeviceWriteBps", BLOCK_DEVICE),
    denied("BlkioDeviceReadIOps", BLOCK_DEVICE),
    denied("BlkioDeviceWriteIOps", BLOCK_DEVICE),
    said("CpuPeriod"),
    said("CpuQuota"),
    denied("CpuRealtimePeriod", REAL_TIME),
    denied("CpuRealtimeRuntime", REAL_TIME),
    said("CpusetCpus"),
    said("CpusetMems"),
    denied("Devices", DEVICES),
    denied("DeviceCgroupRules", DEVICES),
    denied("DeviceRequests", DEVICES),
    denied("KernelMemory", KERNEL_MEMORY),
    denied("KernelMemoryTCP", KERNEL_MEMORY),
    said("MemoryReservation"),
    said("MemorySwap"),
    said("PidsLimit"),
    denied("OomKillDisable", OOM_KILL),
    // The engine reads these, and changes nothing.
    denied("MemorySwappiness", FIXED),
    denied("Ulimits", FIXED),
    denied("Init", FIXED),
    ignored("CpuCount"),
    ignored("CpuPercent"),
    ignored("IOMaximumIOps"),
    ignored("IOMaximumBandwidth"),
    object("RestartPolicy", RESTART_POLICY),
];

const FIXED: Denied =
    because(Forbidden::UnknownField, "cannot be changed once a container is made", "make a new container");

const LOG_CONFIG: &[Field] = &[said("Type"), said("Config")];

const PORT_BINDING: &[Field] = &[said("HostIp"), said("HostPort")];

const RESTART_POLICY: &[Field] = &[said("Name"), said("MaximumRetryCount")];

const ULIMIT: &[Field] = &[said("Name"), said("Soft"), said("Hard")];

const MOUNT: &[Field] = &[
    said("Type"),
    said("Source"),
    said("Target"),
    said("ReadOnly"),
    // For engines on a Mac.
    ignored("Consistency"),
    object("BindOptions", BIND_OPTIONS),
    object("VolumeOptions", VOLUME_OPTIONS),
    object("TmpfsOptions", TMPFS_OPTIONS),
    denied(
        "ImageOptions",
        because(Forbidden::MountKind, "is of a mount of an image", "run a container of that image instead"),
    ),
    denied("ClusterOptions", because(Forbidden::MountKind, "is for a swarm", "use a volume")),
];

const BIND_OPTIONS: &[Field] = &[
    said("Propagation"),
    denied("NonRecursive", RECURSION),
    said("CreateMountpoint"),
    denied("ReadOnlyNonRecursive", RECURSION),
    denied("ReadOnlyForceRecursive", RECURSION),
];

const VOLUME_OPTIONS: &[Field] = &[
    said("NoCopy"),
    denied(
        "Labels",
        because(
            Forbidden::UnknownField,
            "is not taken from a container",
            "create the volume with its labels first: `docker volume create --label`",
        ),
    ),
    object("DriverConfig", DRIVER_CONFIG),
    said("Subpath"),
];

const DRIVER_CONFIG: &[Field] = &[
    said("Name"),
    denied("Options", because(Forbidden::Driver, "would be a mount of whatever they name", "leave them out")),
];

const TMPFS_OPTIONS: &[Field] = &[said("SizeBytes"), said("Mode"), said("Options")];
