//! Every field of every body that the engine's own descriptions (1.41, 1.45, 1.51) and its source name, and how it stands.

mod host_config;

pub(crate) use host_config::{HOST_CONFIG, UPDATE};

use crate::ask::Forbidden;
use crate::ask::field::{Denied, Field, because, denied, ignored, list, map, object, only_null, said};

/// Fields that the engine fills in its answers, and that clients sometimes send back.
const ANSWERED: Denied = because(Forbidden::UnknownField, "is the engine's to say", "leave it out");
const LINKS: Denied = because(
    Forbidden::Links,
    "would give another's container a name in this one's",
    "put both containers on one network; each finds the other there by its name",
);
const ENDPOINT_OPTIONS: Denied =
    because(Forbidden::Driver, "would set options of the network's driver", "leave them out");
const RUNTIME: Denied = because(
    Forbidden::Runtime,
    "would choose another runtime",
    "leave it out; every container has the engine's own",
);

/// `POST /containers/create`.
pub(crate) const CREATE: &[Field] = &[
    said("Hostname"),
    said("Domainname"),
    said("User"),
    said("AttachStdin"),
    said("AttachStdout"),
    said("AttachStderr"),
    said("ExposedPorts"),
    said("Tty"),
    said("OpenStdin"),
    said("StdinOnce"),
    said("Env"),
    said("Cmd"),
    object("Healthcheck", HEALTHCHECK),
    ignored("ArgsEscaped"),
    said("Image"),
    said("Volumes"),
    said("WorkingDir"),
    said("Entrypoint"),
    said("NetworkDisabled"),
    said("MacAddress"),
    // Triggers of builds: inert in a container.
    ignored("OnBuild"),
    said("Labels"),
    said("StopSignal"),
    said("StopTimeout"),
    said("Shell"),
    object("HostConfig", HOST_CONFIG),
    object("NetworkingConfig", NETWORKING_CONFIG),
    // Not the engine's: docker-py's word for `HostConfig.Runtime`.
    denied("Runtime", RUNTIME),
];

const HEALTHCHECK: &[Field] = &[
    said("Test"),
    said("Interval"),
    said("Timeout"),
    said("Retries"),
    said("StartPeriod"),
    said("StartInterval"),
];

const NETWORKING_CONFIG: &[Field] = &[map("EndpointsConfig", ENDPOINT)];

/// A container's place on a network.
pub(crate) const ENDPOINT: &[Field] = &[
    object("IPAMConfig", ENDPOINT_IPAM),
    denied("Links", LINKS),
    said("Aliases"),
    said("NetworkID"),
    said("MacAddress"),
    denied("DriverOpts", ENDPOINT_OPTIONS),
    said("GwPriority"),
    denied("EndpointID", ANSWERED),
    denied("Gateway", ANSWERED),
    denied("IPAddress", ANSWERED),
    denied("IPPrefixLen", ANSWERED),
    denied("IPv6Gateway", ANSWERED),
    denied("GlobalIPv6Address", ANSWERED),
    denied("GlobalIPv6PrefixLen", ANSWERED),
    denied("DNSNames", ANSWERED),
];

const ENDPOINT_IPAM: &[Field] = &[
    said("IPv4Address"),
    said("IPv6Address"),
    denied(
        "LinkLocalIPs",
        because(Forbidden::Driver, "would give the container link-local addresses", "leave them out"),
    ),
];

/// `POST /containers/{id}/exec`.
pub(crate) const EXEC: &[Field] = &[
    said("Cmd"),
    said("Env"),
    said("User"),
    said("WorkingDir"),
    said("Tty"),
    said("AttachStdin"),
    said("AttachStdout"),
    said("AttachStderr"),
    said("DetachKeys"),
    // docker-py's spelling, which Go takes for the same.
    said("detachKeys"),
    said("ConsoleSize"),
    denied(
        "Privileged",
        because(Forbidden::Privileged, "would give the command every capability", "leave out --privileged"),
    ),
    // docker-py repeats the path's; the engine does not look at it.
    ignored("Container"),
    // Of old clients; the engine sets it at the exec's start.
    ignored("Detach"),
];

/// `POST /exec/{id}/start`.
pub(crate) const EXEC_START: &[Field] = &[said("Detach"), said("Tty"), said("ConsoleSize")];

/// `POST /commit`: the engine takes a container's configuration there; `changes` says the same.
pub(crate) const COMMIT: &[Field] = &[
    denied("Hostname", COMMIT_CONFIG),
    denied("Domainname", COMMIT_CONFIG),
    denied("User", COMMIT_CONFIG),
    denied("AttachStdin", COMMIT_CONFIG),
    denied("AttachStdout", COMMIT_CONFIG),
    denied("AttachStderr", COMMIT_CONFIG),
    denied("ExposedPorts", COMMIT_CONFIG),
    denied("Tty", COMMIT_CONFIG),
    denied("OpenStdin", COMMIT_CONFIG),
    denied("StdinOnce", COMMIT_CONFIG),
    denied("Env", COMMIT_CONFIG),
    denied("Cmd", COMMIT_CONFIG),
    denied("Healthcheck", COMMIT_CONFIG),
    denied("ArgsEscaped", COMMIT_CONFIG),
    denied("Image", COMMIT_CONFIG),
    denied("Volumes", COMMIT_CONFIG),
    denied("WorkingDir", COMMIT_CONFIG),
    denied("Entrypoint", COMMIT_CONFIG),
    denied("NetworkDisabled", COMMIT_CONFIG),
    denied("MacAddress", COMMIT_CONFIG),
    denied("OnBuild", COMMIT_CONFIG),
    denied("Labels", COMMIT_CONFIG),
    denied("StopSignal", COMMIT_CONFIG),
    denied("StopTimeout", COMMIT_CONFIG),
    denied("Shell", COMMIT_CONFIG),
];

const COMMIT_CONFIG: Denied = because(
    Forbidden::UnknownField,
    "is not taken from a commit's body",
    "say it with `docker commit --change`, such as `--change 'CMD [\"sh\"]'`",
);

/// `POST /networks/create`.
pub(crate) const NETWORK: &[Field] = &[
    said("Name"),
    ignored("CheckDuplicate"),
    said("Driver"),
    said("Scope"),
    said("Internal"),
    said("Attachable"),
    denied("Ingress", because(Forbidden::Swarm, "is for a swarm", "leave it out")),
    denied("ConfigOnly", CONFIG_FROM),
    denied("ConfigFrom", CONFIG_FROM),
    object("IPAM", IPAM),
    said("EnableIPv4"),
    said("EnableIPv6"),
    said("Options"),
    said("Labels"),
];

const CONFIG_FROM: Denied =
    because(Forbidden::Driver, "would take options from another network", "create the network by itself");

const IPAM: &[Field] = &[
    said("Driver"),
    denied(
        "Options",
        because(Forbidden::Driver, "would set options of the address driver", "leave them out"),
    ),
    list("Config", IPAM_POOL),
];

const IPAM_POOL: &[Field] = &[
    said("Subnet"),
    said("Gateway"),
    denied(
        "IPRange",
        because(Forbidden::Driver, "would divide the subnet", "leave it out, or choose a smaller subnet"),
    ),
    denied("AuxiliaryAddresses", AUXILIARY),
    // The engine's own key for it.
    denied("AuxAddress", AUXILIARY),
];

const AUXILIARY: Denied = because(
    Forbidden::Driver,
    "would give addresses to the driver",
    "leave them out, or choose a smaller subnet",
);

/// `POST /networks/{id}/connect`.
pub(crate) const CONNECT: &[Field] = &[said("Container"), object("EndpointConfig", ENDPOINT)];

/// `POST /networks/{id}/disconnect`.
pub(crate) const DISCONNECT: &[Field] = &[said("Container"), said("Force")];

/// `POST /volumes/create`.
pub(crate) const VOLUME: &[Field] = &[
    said("Name"),
    said("Driver"),
    denied(
        "DriverOpts",
        because(
            Forbidden::Driver,
            "would be a mount of whatever they name",
            "leave them out; a directory of yours is mounted with `-v /path:/target`",
        ),
    ),
    said("Labels"),
    only_null("ClusterVolumeSpec", because(Forbidden::Swarm, "is for a swarm", "leave it out")),
];

/// `POST /auth`, and the document in `X-Registry-Auth`.
pub(crate) const ACCOUNT: &[Field] = &[
    said("username"),
    said("password"),
    said("serveraddress"),
    said("identitytoken"),
    // Repeats account and password; the engine does not look at them.
    ignored("auth"),
    ignored("email"),
    denied(
        "registrytoken",
        because(
            Forbidden::UnknownField,
            "is sent to whatever registry answers",
            "log in with an account or an identity token",
        ),
    ),
];

/// A body that says nothing.
pub(crate) const NOTHING: &[Field] = &[];
