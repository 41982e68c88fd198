//! Calls about workstations as requests.

use super::{
    DEFINITION_LABEL, HostBind, IMAGE_LABEL, MakerSpec, RECIPE_LABEL, SESSION_LABEL, WORKSTATION_LABEL,
    WorkstationAct, WorkstationCall, WorkstationExec, WorkstationImage, WorkstationSpec,
};
use crate::call::logs_target;
use crate::request::encoded;
use crate::{Body, Method, Request};
use serde_json::{Value, json};
use wharf_model::{ContainerId, ImageId, TargetPath, WorkstationContainer, WorkstationName, WorkstationRole};

impl WorkstationCall {
    /// The request that says this; the same to every engine.
    pub(crate) fn request(&self) -> Request {
        match self {
            Self::CreateHome(name) => {
                let labels = json!({ WORKSTATION_LABEL: name.as_str() });
                posted("/volumes/create", &json!({"Name": name.home(), "Driver": "local", "Labels": labels}))
            }
            Self::RemoveHome(name) => {
                Request::new(Method::Delete, format!("/volumes/{}", encoded(&name.home())))
            }
            Self::Create { container, image, spec } => {
                posted(creation(container), &container_body(container, image, spec))
            }
            Self::CreateMaker { workstation, image, maker } => {
                let container = workstation.container(WorkstationRole::Maker);
                posted(creation(&container), &maker_body(workstation, image, maker))
            }
            Self::Container { container, act } => act.request(container),
            Self::CreateExec { container, exec } => {
                posted(format!("/containers/{container}/exec"), &exec_body(exec))
            }
            Self::StartExec { exec, tty } => {
                posted(format!("/exec/{exec}/start"), &json!({"Detach": false, "Tty": tty})).upgrading()
            }
            Self::ResizeExec { exec, size } => {
                Request::post(format!("/exec/{exec}/resize?h={}&w={}", size.rows, size.columns))
            }
            Self::Commit { container, image } => commit(container, image),
            Self::Build { image, anew } => build(image, *anew),
            Self::RemoveImage(image) => {
                Request::new(Method::Delete, format!("/images/{}", image.to_string().replace(':', "%3A")))
            }
            Self::RemoveUntagged(image) => {
                Request::new(Method::Delete, format!("/images/{}", encoded(image.as_str())))
            }
        }
    }
}

impl WorkstationAct {
    fn request(&self, container: &ContainerId) -> Request {
        let path = format!("/containers/{container}");
        match self {
            Self::Start => Request::post(format!("{path}/start")),
            Self::Stop { seconds } => Request::post(format!("{path}/stop?t={seconds}")),
            Self::Restart { seconds } => Request::post(format!("{path}/restart?t={seconds}")),
            Self::Rename(to) => Request::post(format!("{path}/rename?name={}", encoded(&to.to_string()))),
            Self::Restarts(restarts) => {
                posted(format!("{path}/update"), &json!({"RestartPolicy": restart_policy(*restarts)}))
            }
            Self::Remove => Request::new(Method::Delete, format!("{path}?v=1&force=1")),
            Self::WriteArchive { into } => {
                let into = encoded(into.as_ref().map_or("/", TargetPath::as_str));
                Request::new(Method::Put, format!("{path}/archive?path={into}&noOverwriteDirNonDir=1"))
                    .with_body(Body::TarStream)
            }
            Self::ReadArchive { path: wanted, within } => {
                let wanted = format!("{wanted}{}", if *within { "/." } else { "" });
                Request::get(format!("{path}/archive?path={}", encoded(&wanted)))
            }
            Self::Watch => Request::post(format!("{path}/attach?stream=1&stdout=1&stderr=1")).upgrading(),
            Self::Wait => Request::post(format!("{path}/wait?condition=not-running")),
            Self::Logs(logs) => Request::get(logs_target(container, logs)),
        }
    }
}

fn posted(target: impl Into<String>, body: &Value) -> Request {
    Request::post(target).with_body(Body::Json(body.to_string().into_bytes()))
}

fn creation(container: &WorkstationContainer) -> String {
    format!("/containers/create?name={}", encoded(&container.to_string()))
}

fn container_body(container: &WorkstationContainer, image: &ImageId, spec: &WorkstationSpec) -> Value {
    let environment: Vec<String> =
        spec.environment.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let workstation = container.workstation.as_str();
    json!({
        "Image": image.as_str(),
        "Hostname": workstation,
        "User": format!("{}:{}", spec.user.uid, spec.user.gid),
        "WorkingDir": spec.home.as_str(),
        "Entrypoint": spec.command,
        "Cmd": [],
        "Env": environment,
        "Labels": {
            WORKSTATION_LABEL: workstation,
            DEFINITION_LABEL: spec.definition,
            IMAGE_LABEL: spec.image,
            SESSION_LABEL: spec.session,
        },
        "StopSignal": "SIGTERM",
        "StopTimeout": 10,
        // An image's own would be run by the engine for ever.
        "Healthcheck": {"Test": ["NONE"]},
        "HostConfig": {
            "Privileged": false,
            "CapDrop": ["ALL"],
            "SecurityOpt": ["no-new-privileges"],
            "RestartPolicy": restart_policy(true),
            "Mounts": mounts(&container.workstation, spec),
            "Memory": spec.memory.map_or(0, wharf_model::ByteSize::bytes),
            "NanoCpus": spec.nano_cpus.unwrap_or(0),
            "PidsLimit": spec.pids.unwrap_or(0),
        },
    })
}

fn restart_policy(restarts: bool) -> Value {
    json!({"Name": if restarts { "unless-stopped" } else { "no" }, "MaximumRetryCount": 0})
}

/// The home comes as it is: what an image has in its place would be copied on the first start alone, and be stale after
/// every other.
fn mounts(workstation: &WorkstationName, spec: &WorkstationSpec) -> Vec<Value> {
    let home = json!({
        "Type": "volume",
        "Source": workstation.home(),
        "Target": spec.home.as_str(),
        "ReadOnly": false,
        "VolumeOptions": {"NoCopy": true},
    });
    std::iter::once(home).chain(spec.mounts.iter().map(bind)).collect()
}

fn bind(bind: &HostBind) -> Value {
    json!({
        "Type": "bind",
        "Source": bind.source,
        "Target": bind.target.as_str(),
        "ReadOnly": bind.readonly,
        "BindOptions": {"Propagation": "rprivate"},
    })
}

fn maker_body(workstation: &WorkstationName, image: &ImageId, maker: &MakerSpec) -> Value {
    json!({
        "Image": image.as_str(),
        "User": "0:0",
        "WorkingDir": "/",
        "Entrypoint": ["/bin/sh", "-ec"],
        "Cmd": [maker.script],
        "Labels": {WORKSTATION_LABEL: workstation.as_str(), RECIPE_LABEL: maker.recipe},
        "Healthcheck": {"Test": ["NONE"]},
        "HostConfig": {
            "Privileged": false,
            "SecurityOpt": ["no-new-privileges"],
            "RestartPolicy": restart_policy(false),
        },
    })
}

fn exec_body(exec: &WorkstationExec) -> Value {
    let environment: Vec<String> =
        exec.environment.iter().map(|(name, value)| format!("{name}={value}")).collect();
    json!({
        "Cmd": exec.command,
        "Env": environment,
        "WorkingDir": exec.directory.as_ref().map_or("", TargetPath::as_str),
        "Tty": exec.tty,
        "AttachStdin": exec.stdin,
        "AttachStdout": true,
        "AttachStderr": true,
        "Privileged": false,
    })
}

/// The maker's labels come with what it made.
fn commit(container: &ContainerId, image: &WorkstationImage) -> Request {
    let (repository, tag) = (encoded(&image.workstation().repository()), image.recipe());
    posted(format!("/commit?container={container}&repo={repository}&tag={tag}"), &json!({}))
}

fn build(image: &WorkstationImage, anew: bool) -> Request {
    let labels = json!({ WORKSTATION_LABEL: image.workstation().as_str(), RECIPE_LABEL: image.recipe() });
    let labels = labels.to_string();
    let fresh = if anew { "&pull=1&nocache=1" } else { "" };
    let (tag, labels) = (encoded(&image.to_string()), encoded(&labels));
    Request::post(format!("/build?t={tag}&labels={labels}&rm=1&forcerm=1{fresh}")).with_body(Body::TarStream)
}
