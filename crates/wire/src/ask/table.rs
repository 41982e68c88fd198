//! The table of routes: every route of the engine's router, answered or denied. What is not here does not exist.

use crate::ask::field::{Denied, Field, because};
use crate::ask::fields;
use crate::ask::query::{Param, many, once, refused, unused};
use crate::ask::reading::Reading;
use crate::ask::{Ask, Forbidden, Refusal};
use crate::ask::{container, create, exec, image, network, system, volume};

/// Makes what is asked of a request.
pub(crate) type Reader = fn(&Reading<'_>) -> Result<Ask, Refusal>;

/// A row.
#[derive(Debug)]
pub(crate) struct Entry {
    /// `*` is every method.
    pub(crate) method: &'static str,
    /// `{name}` is one segment, `{name...}` is one or more.
    pub(crate) template: &'static str,
    pub(crate) name: &'static str,
    pub(crate) class: Class,
}

/// What becomes of a route.
#[derive(Debug)]
pub(crate) enum Class {
    Answered { params: &'static [Param], body: Body, read: Reader },
    Denied(Denied),
}

/// What body a route has.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Body {
    /// Of methods that have none.
    None,
    /// Of a `POST` that says everything in its query; some clients send `{}` along.
    Empty,
    /// At most so many bytes, with these fields.
    Json(usize, &'static [Field]),
    Archive,
}

use Body::{Archive, Empty, Json};

const NO: Body = Body::None;
const SMALL: usize = 64 * 1024;
/// Environments and labels make a creation large; compose says its configuration's hash and files there.
const LARGE: usize = 1024 * 1024;

const fn get(template: &'static str, name: &'static str, params: &'static [Param], read: Reader) -> Entry {
    Entry { method: "GET", template, name, class: Class::Answered { params, body: NO, read } }
}

const fn head(template: &'static str, name: &'static str, params: &'static [Param], read: Reader) -> Entry {
    Entry { method: "HEAD", template, name, class: Class::Answered { params, body: NO, read } }
}

const fn delete(template: &'static str, name: &'static str, params: &'static [Param], read: Reader) -> Entry {
    Entry { method: "DELETE", template, name, class: Class::Answered { params, body: NO, read } }
}

const fn post(
    template: &'static str,
    name: &'static str,
    params: &'static [Param],
    body: Body,
    read: Reader,
) -> Entry {
    Entry { method: "POST", template, name, class: Class::Answered { params, body, read } }
}

const fn put(
    template: &'static str,
    name: &'static str,
    params: &'static [Param],
    body: Body,
    read: Reader,
) -> Entry {
    Entry { method: "PUT", template, name, class: Class::Answered { params, body, read } }
}

const fn denied(method: &'static str, template: &'static str, why: Denied) -> Entry {
    Entry { method, template, name: "denied", class: Class::Denied(why) }
}

/// All rows. Of two that fit a path, the first is meant; the engine's router does the same.
pub(crate) static TABLE: &[&[Entry]] = &[SYSTEM, CONTAINERS, EXECS, IMAGES, VOLUMES, NETWORKS, DENIED];

const FILTERS: &[Param] = &[once("filters")];
const SIGNAL_AND_TIMEOUT: &[Param] = &[once("t"), once("signal")];
const BUILD_PRUNE_PARAMS: &[Param] = &[
    once("all"),
    once("filters"),
    once("keep-storage"),
    once("reserved-space"),
    once("max-used-space"),
    once("min-free-space"),
];
const SIZE: &[Param] = &[once("h"), once("w")];
const NO_PARAMS: &[Param] = &[];

static SYSTEM: &[Entry] = &[
    get("/_ping", "ping", NO_PARAMS, system::ping),
    head("/_ping", "ping", NO_PARAMS, system::ping),
    get("/version", "version", NO_PARAMS, system::version),
    get("/info", "info", NO_PARAMS, system::info),
    get("/system/df", "disk-usage", &[many("type")], system::disk_usage),
    get("/events", "events", &[once("since"), once("until"), once("filters")], system::events),
    post("/auth", "auth", NO_PARAMS, Json(SMALL, fields::ACCOUNT), system::auth),
    // `docker system prune` asks for it, and `docker inspect` looks for plugins: a tenant has none of either.
    post("/build/prune", "build-prune", BUILD_PRUNE_PARAMS, Empty, system::prune_build_cache),
    get("/plugins/{name...}/json", "plugin-inspect", NO_PARAMS, system::inspect_plugin),
];

static CONTAINERS: &[Entry] = &[
    get("/containers/json", "container-list", LIST_PARAMS, container::list),
    post(
        "/containers/create",
        "container-create",
        &[once("name"), once("platform")],
        Json(LARGE, fields::CREATE),
        create::read,
    ),
    post("/containers/prune", "container-prune", FILTERS, Empty, container::prune),
    get("/containers/{id}/json", "container-inspect", &[once("size")], container::inspect),
    get("/containers/{id}/top", "container-top", &[once("ps_args")], container::top),
    get("/containers/{id}/logs", "container-logs", LOGS_PARAMS, container::logs),
    get("/containers/{id}/changes", "container-changes", NO_PARAMS, container::changes),
    get("/containers/{id}/export", "container-export", NO_PARAMS, container::export),
    get("/containers/{id}/stats", "container-stats", &[once("stream"), once("one-shot")], container::stats),
    head("/containers/{id}/archive", "container-stat-path", &[once("path")], container::stat_path),
    get("/containers/{id}/archive", "container-read-path", &[once("path")], container::read_path),
    put(
        "/containers/{id}/archive",
        "container-write-path",
        WRITE_PATH_PARAMS,
        Archive,
        container::write_path,
    ),
    post("/containers/{id}/attach", "container-attach", ATTACH_PARAMS, Empty, container::attach),
    post("/containers/{id}/start", "container-start", START_PARAMS, Empty, container::start),
    post("/containers/{id}/stop", "container-stop", SIGNAL_AND_TIMEOUT, Empty, container::stop),
    post("/containers/{id}/restart", "container-restart", SIGNAL_AND_TIMEOUT, Empty, container::restart),
    post("/containers/{id}/kill", "container-kill", &[once("signal")], Empty, container::kill),
    post("/containers/{id}/pause", "container-pause", NO_PARAMS, Empty, container::pause),
    post("/containers/{id}/unpause", "container-unpause", NO_PARAMS, Empty, container::unpause),
    post("/containers/{id}/wait", "container-wait", &[once("condition")], Empty, container::wait),
    post("/containers/{id}/resize", "container-resize", SIZE, Empty, container::resize),
    post("/containers/{id}/rename", "container-rename", &[once("name")], Empty, container::rename),
    post(
        "/containers/{id}/update",
        "container-update",
        NO_PARAMS,
        Json(SMALL, fields::UPDATE),
        container::update,
    ),
    post("/containers/{id}/exec", "exec-create", NO_PARAMS, Json(LARGE, fields::EXEC), exec::create),
    delete("/containers/{id}", "container-remove", REMOVE_PARAMS, container::remove),
    post("/commit", "commit", COMMIT_PARAMS, Json(SMALL, fields::COMMIT), image::commit),
];

const LIST_PARAMS: &[Param] = &[
    once("all"),
    once("limit"),
    once("size"),
    once("filters"),
    // docker-py says these; the engine does not know them.
    unused("trunc_cmd"),
];
const LOGS_PARAMS: &[Param] = &[
    once("stdout"),
    once("stderr"),
    once("follow"),
    once("timestamps"),
    once("details"),
    once("since"),
    once("until"),
    once("tail"),
];
const WRITE_PATH_PARAMS: &[Param] = &[once("path"), once("noOverwriteDirNonDir"), once("copyUIDGID")];
const ATTACH_PARAMS: &[Param] =
    &[once("detachKeys"), once("logs"), once("stream"), once("stdin"), once("stdout"), once("stderr")];
const CHECKPOINT: Denied = because(
    Forbidden::Checkpoint,
    "would name a directory of the host",
    "leave it out; there are no checkpoints here",
);
const START_PARAMS: &[Param] =
    &[once("detachKeys"), refused("checkpoint", CHECKPOINT), refused("checkpoint-dir", CHECKPOINT)];
const REMOVE_PARAMS: &[Param] = &[
    once("v"),
    once("force"),
    refused(
        "link",
        because(Forbidden::Links, "would remove a link", "leave it out; there are no links here"),
    ),
];
const COMMIT_PARAMS: &[Param] = &[
    once("container"),
    once("repo"),
    once("tag"),
    once("comment"),
    once("author"),
    once("pause"),
    many("changes"),
];

static EXECS: &[Entry] = &[
    post("/exec/{id}/start", "exec-start", NO_PARAMS, Json(SMALL, fields::EXEC_START), exec::start),
    post("/exec/{id}/resize", "exec-resize", SIZE, Empty, exec::resize),
    get("/exec/{id}/json", "exec-inspect", NO_PARAMS, exec::inspect),
];

const PLATFORM: Denied = because(
    Forbidden::UnknownField,
    "chooses among an image's platforms, which is not possible here yet",
    "leave out --platform",
);
const IMPORT: Denied = because(
    Forbidden::Import,
    "would import an image",
    "load one with `docker load`, or build one elsewhere and push it",
);

static IMAGES: &[Entry] = &[
    get("/images/json", "image-list", IMAGE_LIST_PARAMS, image::list),
    get("/images/get", "image-save", &[many("names"), refused("platform", PLATFORM)], image::save),
    denied(
        "GET",
        "/images/search",
        because(Forbidden::Route, "would have the engine call a registry", "search in a browser"),
    ),
    post("/images/create", "image-pull", PULL_PARAMS, Empty, image::pull),
    post("/images/load", "image-load", &[once("quiet"), refused("platform", PLATFORM)], Archive, image::load),
    post("/images/prune", "image-prune", FILTERS, Empty, image::prune),
    get("/images/{name...}/json", "image-inspect", IMAGE_INSPECT_PARAMS, image::inspect),
    get("/images/{name...}/history", "image-history", &[refused("platform", PLATFORM)], image::history),
    get("/images/{name...}/get", "image-save-one", &[refused("platform", PLATFORM)], image::save_one),
    post("/images/{name...}/tag", "image-tag", TAG_PARAMS, Empty, image::tag),
    post(
        "/images/{name...}/push",
        "image-push",
        &[once("tag"), refused("platform", PLATFORM)],
        Empty,
        image::push,
    ),
    delete("/images/{name...}", "image-remove", IMAGE_REMOVE_PARAMS, image::remove),
    get("/distribution/{name...}/json", "distribution", NO_PARAMS, image::distribution),
];

const IMAGE_LIST_PARAMS: &[Param] = &[
    once("all"),
    once("digests"),
    once("shared-size"),
    once("manifests"),
    once("filters"),
    // docker-py says it; the engine does not know it.
    unused("only_ids"),
];
const PULL_PARAMS: &[Param] = &[
    once("fromImage"),
    once("tag"),
    once("platform"),
    refused("fromSrc", IMPORT),
    refused("repo", IMPORT),
    refused("message", IMPORT),
    refused("changes", IMPORT),
];
// docker-py says `force`; the engine does not know it.
const TAG_PARAMS: &[Param] = &[once("repo"), once("tag"), unused("force")];
const IMAGE_INSPECT_PARAMS: &[Param] = &[refused("platform", PLATFORM), refused("manifests", PLATFORM)];
const IMAGE_REMOVE_PARAMS: &[Param] = &[
    once("force"),
    // Parents without a name stay, whatever is said: they may be another's.
    unused("noprune"),
    refused("platforms", PLATFORM),
];

static VOLUMES: &[Entry] = &[
    get("/volumes", "volume-list", FILTERS, volume::list),
    post("/volumes/create", "volume-create", NO_PARAMS, Json(SMALL, fields::VOLUME), volume::create),
    post("/volumes/prune", "volume-prune", FILTERS, Empty, volume::prune),
    get("/volumes/{name}", "volume-inspect", NO_PARAMS, volume::inspect),
    delete("/volumes/{name}", "volume-remove", &[once("force")], volume::remove),
    denied("PUT", "/volumes/{name}", SWARM),
];

static NETWORKS: &[Entry] = &[
    get("/networks", "network-list", FILTERS, network::list),
    post("/networks/create", "network-create", NO_PARAMS, Json(SMALL, fields::NETWORK), network::create),
    post("/networks/prune", "network-prune", FILTERS, Empty, network::prune),
    get("/networks/{id}", "network-inspect", &[unused("verbose"), once("scope")], network::inspect),
    delete("/networks/{id}", "network-remove", NO_PARAMS, network::remove),
    post(
        "/networks/{id}/connect",
        "network-connect",
        NO_PARAMS,
        Json(SMALL, fields::CONNECT),
        network::connect,
    ),
    post(
        "/networks/{id}/disconnect",
        "network-disconnect",
        NO_PARAMS,
        Json(SMALL, fields::DISCONNECT),
        network::disconnect,
    ),
];

const SWARM: Denied = because(
    Forbidden::Swarm,
    "is for a swarm, and hands out the host",
    "run containers; ask your administrator for anything beyond",
);
const PLUGINS: Denied =
    because(Forbidden::Swarm, "is for plugins, which are root on the host", "ask your administrator");
const BUILD: Denied = because(
    Forbidden::Build,
    "would build, which is not possible here yet",
    "build elsewhere, push, and pull it here",
);
const CHECKPOINTS: Denied = because(
    Forbidden::Checkpoint,
    "is about checkpoints, which are directories of the host",
    "commit an image instead",
);
const DEBUG: Denied = because(Forbidden::Route, "shows the engine's memory", "ask your administrator");

static DENIED: &[Entry] = &[
    denied("POST", "/build", BUILD),
    denied("POST", "/build/cancel", BUILD),
    denied("POST", "/session", BUILD),
    denied("POST", "/grpc", BUILD),
    denied("*", "/moby.buildkit.v1.Control/{method...}", BUILD),
    denied("*", "/moby.buildkit.v1.frontend.LLBBridge/{method...}", BUILD),
    denied("*", "/moby.filesync.v1.FileSync/{method...}", BUILD),
    denied("*", "/moby.filesync.v1.Auth/{method...}", BUILD),
    denied("GET", "/containers/{id}/checkpoints", CHECKPOINTS),
    denied("POST", "/containers/{id}/checkpoints", CHECKPOINTS),
    denied("DELETE", "/containers/{id}/checkpoints/{checkpoint}", CHECKPOINTS),
    denied(
        "GET",
        "/containers/{id}/attach/ws",
        because(Forbidden::Route, "is attaching by a web socket", "attach with POST, as the docker CLI does"),
    ),
    denied(
        "POST",
        "/containers/{id}/copy",
        because(Forbidden::Route, "is gone since API 1.24", "use `docker cp`"),
    ),
    denied(
        "GET",
        "/images/{name...}/attestations",
        because(Forbidden::Route, "is newer than what is known here", "ask the registry"),
    ),
    denied("GET", "/plugins", PLUGINS),
    denied("GET", "/plugins/privileges", PLUGINS),
    denied("POST", "/plugins/pull", PLUGINS),
    denied("POST", "/plugins/create", PLUGINS),
    denied("POST", "/plugins/{name...}/enable", PLUGINS),
    denied("POST", "/plugins/{name...}/disable", PLUGINS),
    denied("POST", "/plugins/{name...}/upgrade", PLUGINS),
    denied("POST", "/plugins/{name...}/set", PLUGINS),
    denied("POST", "/plugins/{name...}/push", PLUGINS),
    denied("DELETE", "/plugins/{name...}", PLUGINS),
    denied("GET", "/swarm", SWARM),
    denied("POST", "/swarm/init", SWARM),
    denied("POST", "/swarm/join", SWARM),
    denied("POST", "/swarm/leave", SWARM),
    denied("POST", "/swarm/update", SWARM),
    denied("GET", "/swarm/unlockkey", SWARM),
    denied("POST", "/swarm/unlock", SWARM),
    denied("GET", "/nodes", SWARM),
    denied("GET", "/nodes/{id}", SWARM),
    denied("DELETE", "/nodes/{id}", SWARM),
    denied("POST", "/nodes/{id}/update", SWARM),
    denied("GET", "/services", SWARM),
    denied("POST", "/services/create", SWARM),
    denied("GET", "/services/{id}", SWARM),
    denied("DELETE", "/services/{id}", SWARM),
    denied("POST", "/services/{id}/update", SWARM),
    denied("GET", "/services/{id}/logs", SWARM),
    denied("GET", "/tasks", SWARM),
    denied("GET", "/tasks/{id}", SWARM),
    denied("GET", "/tasks/{id}/logs", SWARM),
    denied("GET", "/secrets", SWARM),
    denied("POST", "/secrets/create", SWARM),
    denied("GET", "/secrets/{id}", SWARM),
    denied("DELETE", "/secrets/{id}", SWARM),
    denied("POST", "/secrets/{id}/update", SWARM),
    denied("GET", "/configs", SWARM),
    denied("POST", "/configs/create", SWARM),
    denied("GET", "/configs/{id}", SWARM),
    denied("DELETE", "/configs/{id}", SWARM),
    denied("POST", "/configs/{id}/update", SWARM),
    denied("*", "/debug/{page...}", DEBUG),
];
