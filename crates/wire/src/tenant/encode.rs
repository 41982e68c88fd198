//! A tenant's call as a request: our own serialisation, and the only one.

use crate::call::registry_auth;
use crate::request::encoded;
use crate::tenant::{
    AttachSpec, CommitSpec, ContainerAct, ContainerFilters, Endpoint, ExecAct, HostSettings, ImageAct,
    IpcMode, LogDriver, LogSettings, MountKind, MountSpec, NetworkAct, NetworkMode, OWNER_LABELS, Owner,
    Resources, RestartChoice, SharedWith, TenantCall, TenantContainer, TenantExec, TenantLogs, TenantNetwork,
    TenantTag, TenantVolume, VolumeAct, WaitCondition, owner,
};
use crate::{ApiVersion, Body, Method, RegistryCredentials, Request};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use wharf_model::{NamedImage, TenantId};

impl TenantCall {
    /// The request that says this to an engine that speaks `api`.
    pub(crate) fn request(&self, api: ApiVersion) -> Request {
        match self {
            Self::ListContainers { tenant, all, size, filters } => {
                let filters = container_filters(tenant, filters);
                let target = Target::new("/containers/json").flag("all", *all).flag("size", *size);
                target.text("filters", &filters.to_string()).get()
            }
            Self::CreateContainer { container, platform } => {
                let target = Target::new("/containers/create").text("name", &container.name.to_string());
                target.optional("platform", platform.as_deref()).post_json(&container_body(container, api))
            }
            Self::Container { container, act } => container_request(&format!("/containers/{container}"), act),
            Self::RenameContainer { container, name } => {
                Target::new(format!("/containers/{container}/rename")).text("name", &name.to_string()).post()
            }
            Self::CreateExec { container, exec } => {
                Target::new(format!("/containers/{container}/exec")).post_json(&exec_body(exec, api))
            }
            Self::Exec { exec, act } => exec_request(&format!("/exec/{exec}"), act, api),
            Self::Commit { container, commit, .. } => commit_request(container.as_str(), commit),
            Self::ListImages { tenant } => {
                let filters = json!({"reference": TenantTag::patterns(tenant)}).to_string();
                Target::new("/images/json").text("filters", &filters).get()
            }
            Self::InspectDistribution { image, credentials } => {
                let request =
                    Target::new(format!("/distribution/{}/json", image_path(&image.to_string()))).get();
                with_account(request, credentials.as_ref())
            }
            Self::Pull { image, digest, platform, credentials } => {
                let target = Target::new("/images/create").text("fromImage", &image.familiar_name());
                let target = target.text("tag", digest).optional("platform", platform.as_deref());
                with_account(target.post(), credentials.as_ref())
            }
            Self::LoadImages { quiet, .. } => {
                Target::new("/images/load").flag("quiet", *quiet).post().with_body(Body::TarStream)
            }
            Self::SaveImages { images } => images
                .iter()
                .fold(Target::new("/images/get"), |t, image| t.text("names", image.as_str()))
                .get(),
            Self::Image { image, act } => match act {
                ImageAct::Inspect => Target::new(format!("/images/{image}/json")).get(),
                ImageAct::History => Target::new(format!("/images/{image}/history")).get(),
            },
            Self::TagImage { image, tag } => {
                let target = Target::new(format!("/images/{image}/tag")).text("repo", &tag.repository());
                target.text("tag", tag.tag()).post()
            }
            Self::RemoveTag { tag } => {
                Target::new(format!("/images/{}", image_path(&tag.to_string()))).delete()
            }
            Self::RemoveDigest { image, digest } => {
                Target::new(format!("/images/{}", image_path(&format!("{}@{digest}", image.familiar_name()))))
                    .delete()
            }
            Self::TagForPush { image, to } | Self::RestoreAfterPush { image, to } => {
                let target = Target::new(format!("/images/{image}/tag")).text("repo", &to.familiar_name());
                target.text("tag", to.tag().unwrap_or("latest")).post()
            }
            Self::Push { image, credentials } => push_request(image, credentials.as_ref()),
            Self::UntagAfterPush { image } => {
                let tag = format!("{}:{}", image.familiar_name(), image.tag().unwrap_or("latest"));
                Target::new(format!("/images/{}", image_path(&tag)))
                    .flag("noprune", true)
                    .flag("force", true)
                    .delete()
            }
            Self::CheckCredentials(account) => Target::new("/auth").post_json(&account_body(account)),
            Self::ListVolumes { tenant } => Target::new("/volumes")
                .text("filters", &json!({"label": labels_of(tenant)}).to_string())
                .get(),
            Self::CreateVolume(volume) => Target::new("/volumes/create").post_json(&volume_body(volume)),
            Self::Volume { volume, act } => {
                let target = Target::new(format!("/volumes/{}", encoded(&volume.to_string())));
                match act {
                    VolumeAct::Inspect => target.get(),
                    VolumeAct::Remove { force } => target.flag("force", *force).delete(),
                }
            }
            Self::ListNetworks { tenant } => Target::new("/networks")
                .text("filters", &json!({"label": labels_of(tenant)}).to_string())
                .get(),
            Self::CreateNetwork(network) => {
                Target::new("/networks/create").post_json(&network_body(network, api))
            }
            Self::Network { network, act } => {
                let target = Target::new(format!("/networks/{network}"));
                match act {
                    NetworkAct::Inspect => target.get(),
                    NetworkAct::Remove => target.delete(),
                }
            }
            Self::Connect { network, container, endpoint } => {
                let body = json!({"Container": container, "EndpointConfig": endpoint_body(endpoint, api)});
                Target::new(format!("/networks/{network}/connect")).post_json(&body)
            }
            Self::Disconnect { network, container, force } => {
                let body = json!({"Container": container, "Force": force});
                Target::new(format!("/networks/{network}/disconnect")).post_json(&body)
            }
        }
    }

    /// A verb for people and for the audit trail.
    pub fn verb(&self) -> &'static str {
        match self {
            Self::ListContainers { .. } => "list containers",
            Self::CreateContainer { .. } => "create container",
            Self::Container { act, .. } => act.verb(),
            Self::RenameContainer { .. } => "rename container",
            Self::CreateExec { .. } => "create exec",
            Self::Exec { act, .. } => match act {
                ExecAct::Start { .. } => "start exec",
                ExecAct::Resize(_) => "resize exec",
                ExecAct::Inspect => "inspect exec",
            },
            Self::Commit { .. } => "commit container",
            Self::ListImages { .. } => "list images",
            Self::InspectDistribution { .. } => "inspect distribution",
            Self::Pull { .. } => "pull image",
            Self::LoadImages { .. } => "load images",
            Self::SaveImages { .. } => "save images",
            Self::Image { act: ImageAct::Inspect, .. } => "inspect image",
            Self::Image { act: ImageAct::History, .. } => "read image history",
            Self::TagImage { .. } => "tag image",
            Self::RemoveTag { .. } => "remove image",
            Self::RemoveDigest { .. } => "remove image digest",
            Self::TagForPush { .. } => "tag image for push",
            Self::Push { .. } => "push image",
            Self::UntagAfterPush { .. } => "untag image after push",
            Self::RestoreAfterPush { .. } => "restore tag after push",
            Self::CheckCredentials(_) => "check credentials",
            Self::ListVolumes { .. } => "list volumes",
            Self::CreateVolume(_) => "create volume",
            Self::Volume { act: VolumeAct::Inspect, .. } => "inspect volume",
            Self::Volume { act: VolumeAct::Remove { .. }, .. } => "remove volume",
            Self::ListNetworks { .. } => "list networks",
            Self::CreateNetwork(_) => "create network",
            Self::Network { act: NetworkAct::Inspect, .. } => "inspect network",
            Self::Network { act: NetworkAct::Remove, .. } => "remove network",
            Self::Connect { .. } => "connect network",
            Self::Disconnect { .. } => "disconnect network",
        }
    }

    /// Whether it leaves everything as it is.
    pub fn only_reads(&self) -> bool {
        match self {
            Self::Container { act, .. } => act.only_reads(),
            Self::Exec { act, .. } => *act == ExecAct::Inspect,
            Self::Volume { act, .. } => *act == VolumeAct::Inspect,
            Self::Network { act, .. } => *act == NetworkAct::Inspect,
            Self::ListContainers { .. }
            | Self::ListImages { .. }
            | Self::ListVolumes { .. }
            | Self::ListNetworks { .. }
            | Self::Image { .. }
            | Self::SaveImages { .. }
            | Self::InspectDistribution { .. } => true,
            _ => false,
        }
    }
}

impl ContainerAct {
    /// A verb for people and for the audit trail.
    pub fn verb(&self) -> &'static str {
        match self {
            Self::Inspect { .. } => "inspect container",
            Self::Top { .. } => "list processes",
            Self::Logs(_) => "read logs",
            Self::Changes => "list changes",
            Self::Export => "export container",
            Self::Stats { .. } => "read statistics",
            Self::StatPath { .. } => "stat path",
            Self::ReadPath { .. } => "copy from container",
            Self::WritePath { .. } => "copy to container",
            Self::Attach(_) => "attach container",
            Self::Start { .. } => "start container",
            Self::Stop { .. } => "stop container",
            Self::Restart { .. } => "restart container",
            Self::Kill { .. } => "kill container",
            Self::Pause => "pause container",
            Self::Unpause => "unpause container",
            Self::Wait { .. } => "wait for container",
            Self::Resize(_) => "resize container",
            Self::Update { .. } => "update container",
            Self::Remove { .. } => "remove container",
        }
    }

    /// Whether it leaves everything as it is.
    pub fn only_reads(&self) -> bool {
        matches!(
            self,
            Self::Inspect { .. }
                | Self::Top { .. }
                | Self::Logs(_)
                | Self::Changes
                | Self::Export
                | Self::Stats { .. }
                | Self::StatPath { .. }
                | Self::ReadPath { .. }
                | Self::Wait { .. }
                | Self::Resize(_)
        )
    }
}

/// A path and its query, encoded as it grows.
struct Target(String);

impl Target {
    fn new(path: impl Into<String>) -> Self {
        Self(path.into())
    }

    fn text(mut self, name: &str, value: &str) -> Self {
        self.0.push(if self.0.contains('?') { '&' } else { '?' });
        self.0.push_str(name);
        self.0.push('=');
        self.0.push_str(&encoded(value));
        self
    }

    fn optional(self, name: &str, value: Option<&str>) -> Self {
        match value {
            Some(value) => self.text(name, value),
            None => self,
        }
    }

    /// The engine takes an absent switch for 0.
    fn flag(self, name: &str, value: bool) -> Self {
        if value { self.text(name, "1") } else { self }
    }

    fn get(self) -> Request {
        Request::get(self.0)
    }

    fn post(self) -> Request {
        Request::post(self.0)
    }

    fn delete(self) -> Request {
        Request::new(Method::Delete, self.0)
    }

    fn post_json(self, body: &Value) -> Request {
        Request::post(self.0).with_body(Body::Json(body.to_string().into_bytes()))
    }
}

/// An image's name is the one thing that the engine routes over several segments.
fn image_path(reference: &str) -> String {
    let segments: Vec<String> = reference.split('/').map(encoded).collect();
    segments.join("/")
}

fn with_account(request: Request, credentials: Option<&RegistryCredentials>) -> Request {
    Request { registry_auth: credentials.map(registry_auth), ..request }
}

/// The labels that a tenant's objects carry, as a filter says them.
fn labels_of(tenant: &TenantId) -> [String; 2] {
    [
        format!("{}={}", owner::TENANT_LABEL, tenant.name),
        format!("{}={}", owner::GENERATION_LABEL, tenant.generation),
    ]
}

fn container_filters(tenant: &TenantId, filters: &ContainerFilters) -> Value {
    let labels: Vec<String> = labels_of(tenant).into_iter().chain(filters.label.iter().cloned()).collect();
    let kinds = [
        ("status", &filters.status),
        ("exited", &filters.exited),
        ("health", &filters.health),
        ("publish", &filters.publish),
        ("expose", &filters.expose),
    ];
    let said = kinds.into_iter().filter(|(_, values)| !values.is_empty());
    let mut all: Map<String, Value> = said.map(|(kind, values)| (kind.to_owned(), json!(values))).collect();
    all.insert("label".to_owned(), json!(labels));
    Value::Object(all)
}

fn container_request(path: &str, act: &ContainerAct) -> Request {
    let at = |below: &str| Target::new(format!("{path}{below}"));
    match act {
        ContainerAct::Inspect { size } => at("/json").flag("size", *size).get(),
        ContainerAct::Top { ps_args } => at("/top").optional("ps_args", ps_args.as_deref()).get(),
        ContainerAct::Logs(logs) => logs_request(at("/logs"), logs),
        ContainerAct::Changes => at("/changes").get(),
        ContainerAct::Export => at("/export").get(),
        ContainerAct::Stats { stream, one_shot } => {
            // An absent `stream` means true.
            at("/stats").text("stream", if *stream { "1" } else { "0" }).flag("one-shot", *one_shot).get()
        }
        ContainerAct::StatPath { path } => Request::new(Method::Head, at("/archive").text("path", path).0),
        ContainerAct::ReadPath { path } => at("/archive").text("path", path).get(),
        ContainerAct::WritePath { path, no_overwrite, copy_owners } => {
            let target = at("/archive").text("path", path).flag("noOverwriteDirNonDir", *no_overwrite);
            Request::new(Method::Put, target.flag("copyUIDGID", *copy_owners).0).with_body(Body::TarStream)
        }
        ContainerAct::Attach(attach) => attach_request(at("/attach"), attach),
        ContainerAct::Start { detach_keys } => {
            at("/start").optional("detachKeys", detach_keys.as_deref()).post()
        }
        ContainerAct::Stop { signal, timeout } => ending(at("/stop"), signal.as_deref(), *timeout),
        ContainerAct::Restart { signal, timeout } => ending(at("/restart"), signal.as_deref(), *timeout),
        ContainerAct::Kill { signal } => at("/kill").optional("signal", signal.as_deref()).post(),
        ContainerAct::Pause => at("/pause").post(),
        ContainerAct::Unpause => at("/unpause").post(),
        ContainerAct::Wait { condition } => {
            let word = match condition {
                WaitCondition::NotRunning => "not-running",
                WaitCondition::NextExit => "next-exit",
                WaitCondition::Removed => "removed",
            };
            at("/wait").text("condition", word).post()
        }
        ContainerAct::Resize(size) => {
            at("/resize").text("h", &size.rows.to_string()).text("w", &size.columns.to_string()).post()
        }
        ContainerAct::Update { resources, restart } => {
            at("/update").post_json(&update_body(resources, *restart))
        }
        ContainerAct::Remove { volumes, force } => at("").flag("v", *volumes).flag("force", *force).delete(),
    }
}

fn ending(target: Target, signal: Option<&str>, timeout: Option<i32>) -> Request {
    target.optional("signal", signal).optional("t", timeout.map(|t| t.to_string()).as_deref()).post()
}

fn logs_request(target: Target, logs: &TenantLogs) -> Request {
    let tail = logs.tail.map_or_else(|| "all".to_owned(), |lines| lines.to_string());
    let target = target.flag("stdout", logs.stdout).flag("stderr", logs.stderr).flag("follow", logs.follow);
    let target = target.flag("timestamps", logs.timestamps).flag("details", logs.details).text("tail", &tail);
    target.optional("since", logs.since.as_deref()).optional("until", logs.until.as_deref()).get()
}

fn attach_request(target: Target, attach: &AttachSpec) -> Request {
    let target = target.flag("logs", attach.logs).flag("stream", attach.stream).flag("stdin", attach.stdin);
    let target = target.flag("stdout", attach.stdout).flag("stderr", attach.stderr);
    target.optional("detachKeys", attach.detach_keys.as_deref()).post().upgrading()
}

fn exec_request(path: &str, act: &ExecAct, api: ApiVersion) -> Request {
    let at = |below: &str| Target::new(format!("{path}{below}"));
    match act {
        ExecAct::Start { detach, tty, console_size } => {
            let mut body = json!({"Detach": detach, "Tty": tty});
            put_console_size(&mut body, *console_size, api);
            let request = at("/start").post_json(&body);
            if *detach { request } else { request.upgrading() }
        }
        ExecAct::Resize(size) => {
            at("/resize").text("h", &size.rows.to_string()).text("w", &size.columns.to_string()).post()
        }
        ExecAct::Inspect => at("/json").get(),
    }
}

fn exec_body(exec: &TenantExec, api: ApiVersion) -> Value {
    let mut body = json!({
        "Cmd": exec.command,
        "Env": exec.env,
        "User": exec.user.as_deref().unwrap_or_default(),
        "WorkingDir": exec.working_dir.as_deref().unwrap_or_default(),
        "Tty": exec.tty,
        "AttachStdin": exec.stdin,
        "AttachStdout": exec.stdout,
        "AttachStderr": exec.stderr,
        "DetachKeys": exec.detach_keys.as_deref().unwrap_or_default(),
        "Privileged": false,
    });
    put_console_size(&mut body, exec.console_size, api);
    body
}

/// From API 1.42.
fn put_console_size(body: &mut Value, size: Option<(u16, u16)>, api: ApiVersion) {
    if let (Some((rows, columns)), Some(fields), true) =
        (size, body.as_object_mut(), api >= ApiVersion::CONSOLE_SIZE)
    {
        fields.insert("ConsoleSize".to_owned(), json!([rows, columns]));
    }
}

fn commit_request(container: &str, commit: &CommitSpec) -> Request {
    let target = Target::new("/commit").text("container", container);
    let target =
        target.optional("comment", commit.comment.as_deref()).optional("author", commit.author.as_deref());
    // An absent `pause` means true.
    let target = target.text("pause", if commit.pause { "1" } else { "0" });
    let target = commit.changes.iter().fold(target, |target, change| target.text("changes", change));
    // What the container's labels say of its owner is said of the image with nothing in it: containers inherit labels.
    let blank: BTreeMap<&str, &str> = OWNER_LABELS.iter().map(|name| (*name, "")).collect();
    target.post_json(&json!({ "Labels": blank }))
}

fn push_request(image: &NamedImage, credentials: Option<&RegistryCredentials>) -> Request {
    let target = Target::new(format!("/images/{}/push", image_path(&image.familiar_name())));
    let request = target.text("tag", image.tag().unwrap_or("latest")).post();
    let request = with_account(request, credentials);
    // The engine insists on the header, even with nothing in it (seen on 20.10: "Bad parameters and missing
    // X-Registry-Auth").
    let auth = request.registry_auth.clone().or_else(|| Some("e30=".to_owned()));
    Request { registry_auth: auth, ..request }
}

fn account_body(account: &RegistryCredentials) -> Value {
    json!({
        "username": account.username,
        "password": account.password,
        "identitytoken": account.identity_token.as_deref().unwrap_or_default(),
        "serveraddress": account.registry,
    })
}

fn volume_body(volume: &TenantVolume) -> Value {
    json!({
        "Name": volume.name.to_string(),
        "Driver": "local",
        "DriverOpts": {},
        "Labels": owned_labels(&volume.labels, &volume.owner),
    })
}

/// The client's labels, and the owner's over them.
fn owned_labels(labels: &BTreeMap<String, String>, owner: &Owner) -> BTreeMap<String, String> {
    let mut all = labels.clone();
    all.retain(|name, _| !OWNER_LABELS.contains(&name.as_str()));
    all.extend(owner.labels());
    all
}

fn network_body(network: &TenantNetwork, api: ApiVersion) -> Value {
    let mut options = BTreeMap::from([
        ("com.docker.network.bridge.name".to_owned(), network.bridge.clone()),
        ("com.docker.network.bridge.enable_ip_masquerade".to_owned(), (!network.internal).to_string()),
    ]);
    if let Some(mtu) = network.mtu {
        options.insert("com.docker.network.driver.mtu".to_owned(), mtu.to_string());
    }
    if let Some(icc) = network.icc {
        options.insert("com.docker.network.bridge.enable_icc".to_owned(), icc.to_string());
    }
    let pools: Vec<Value> = network
        .pools
        .iter()
        .map(|pool| match pool.gateway {
            Some(gateway) => json!({"Subnet": pool.subnet, "Gateway": gateway}),
            None => json!({"Subnet": pool.subnet}),
        })
        .collect();
    let mut body = json!({
        "Name": network.name.to_string(),
        "Driver": "bridge",
        "Internal": network.internal,
        "EnableIPv6": network.ipv6,
        "Attachable": false,
        "Ingress": false,
        "Options": options,
        "IPAM": {"Driver": "default", "Config": pools, "Options": {}},
        "Labels": owned_labels(&network.labels, &network.owner),
    });
    // Below API 1.44 the engine would make a second network of the same name.
    if let (Some(fields), true) = (body.as_object_mut(), api < ApiVersion::ENDPOINT_MAC) {
        fields.insert("CheckDuplicate".to_owned(), true.into());
    }
    body
}

fn endpoint_body(endpoint: &Endpoint, api: ApiVersion) -> Value {
    let mut ipam = Map::new();
    if let Some(address) = endpoint.ipv4 {
        ipam.insert("IPv4Address".to_owned(), address.to_string().into());
    }
    if let Some(address) = endpoint.ipv6 {
        ipam.insert("IPv6Address".to_owned(), address.to_string().into());
    }
    let mut body = Map::from_iter([("Aliases".to_owned(), json!(endpoint.aliases))]);
    if !ipam.is_empty() {
        body.insert("IPAMConfig".to_owned(), Value::Object(ipam));
    }
    if let (Some(mac), true) = (&endpoint.mac_address, api >= ApiVersion::ENDPOINT_MAC) {
        body.insert("MacAddress".to_owned(), mac.as_str().into());
    }
    if let (Some(priority), true) = (endpoint.gateway_priority, api >= ApiVersion::GATEWAY_PRIORITY) {
        body.insert("GwPriority".to_owned(), priority.into());
    }
    Value::Object(body)
}

fn container_body(container: &TenantContainer, api: ApiVersion) -> Value {
    let mut body = json!(container.process);
    let endpoints: Map<String, Value> =
        container.endpoints.iter().map(|(id, e)| (id.to_string(), endpoint_body(e, api))).collect();
    if let Some(fields) = body.as_object_mut() {
        let exposed: Map<String, Value> =
            container.process.exposed_ports.iter().map(|port| (port.to_string(), json!({}))).collect();
        let labels = container.process.labels.clone().unwrap_or_default();
        fields.insert("ExposedPorts".to_owned(), Value::Object(exposed));
        fields.insert("Labels".to_owned(), json!(owned_labels(&labels, &container.owner)));
        fields.insert("Image".to_owned(), json!(container.image));
        if let (Some(mac), true) = (&container.host.mac_address, api < ApiVersion::ENDPOINT_MAC) {
            fields.insert("MacAddress".to_owned(), mac.as_str().into());
        }
        fields.insert("HostConfig".to_owned(), host_config(container, api));
        fields.insert("NetworkingConfig".to_owned(), json!({"EndpointsConfig": endpoints}));
    }
    body
}

fn host_config(container: &TenantContainer, api: ApiVersion) -> Value {
    let mut fields = settings_fields(&container.host);
    fields.append(&mut resource_fields(&container.resources));
    let mounts: Vec<Value> =
        container.mounts.iter().filter_map(|m| mount(m, &container.owner, api)).collect();
    let from = container.volumes_from.iter();
    let from: Vec<String> =
        from.map(|f| format!("{}:{}", f.container, if f.readonly { "ro" } else { "rw" })).collect();
    let own = [
        ("Privileged", json!(false)),
        ("SecurityOpt", json!(["no-new-privileges"])),
        ("CgroupnsMode", json!("private")),
        ("CgroupParent", json!(container.cgroup_parent.as_deref().unwrap_or_default())),
        ("Mounts", json!(mounts)),
        ("Tmpfs", tmpfs(&container.mounts)),
        ("VolumesFrom", json!(from)),
        ("NetworkMode", network_mode(&container.network)),
        ("IpcMode", ipc_mode(&container.ipc)),
        ("PidMode", pid_mode(&container.pid)),
    ];
    fields.extend(own.map(|(name, value)| (name.to_owned(), value)));
    Value::Object(fields)
}

fn settings_fields(host: &HostSettings) -> Map<String, Value> {
    let extra_hosts: Vec<String> =
        host.extra_hosts.iter().map(|(name, address)| format!("{name}:{address}")).collect();
    let fields = [
        ("PortBindings", port_bindings(host)),
        ("PublishAllPorts", json!(host.publish_all)),
        ("RestartPolicy", restart_policy(host.restart)),
        ("AutoRemove", json!(host.auto_remove)),
        ("LogConfig", log_config(&host.log)),
        ("CapAdd", json!(host.cap_add)),
        ("CapDrop", json!(host.cap_drop)),
        ("Dns", json!(host.dns)),
        ("DnsOptions", json!(host.dns_options)),
        ("DnsSearch", json!(host.dns_search)),
        ("ExtraHosts", json!(extra_hosts)),
        ("GroupAdd", json!(host.group_add)),
        ("ReadonlyRootfs", json!(host.readonly)),
        ("ShmSize", json!(host.shm_size.unwrap_or(0))),
        ("Sysctls", json!(host.sysctls)),
        ("Init", json!(host.init)),
    ];
    fields.map(|(name, value)| (name.to_owned(), value)).into_iter().collect()
}

/// The same for a creation and for an update: what is not said is 0, which an update leaves as it is.
fn resource_fields(resources: &Resources) -> Map<String, Value> {
    let ulimits = resources.ulimits.iter();
    let ulimits: Vec<Value> =
        ulimits.map(|u| json!({"Name": u.name, "Soft": u.soft, "Hard": u.hard})).collect();
    let swap = resources.memory_swap.map(Value::from);
    let fields = [
        ("Memory", json!(resources.memory.unwrap_or(0))),
        ("MemorySwap", swap.unwrap_or_else(|| json!(0))),
        ("MemoryReservation", json!(resources.memory_reservation.unwrap_or(0))),
        ("MemorySwappiness", resources.memory_swappiness.map_or(Value::Null, Value::from)),
        ("NanoCpus", json!(resources.nano_cpus.unwrap_or(0))),
        ("CpuShares", json!(resources.cpu_shares.unwrap_or(0))),
        ("CpusetCpus", json!(resources.cpuset_cpus.as_deref().unwrap_or_default())),
        ("CpusetMems", json!(resources.cpuset_mems.as_deref().unwrap_or_default())),
        ("BlkioWeight", json!(resources.blkio_weight.unwrap_or(0))),
        ("PidsLimit", resources.pids.map_or(Value::Null, Value::from)),
        ("Ulimits", json!(ulimits)),
        ("OomScoreAdj", json!(resources.oom_score_adj.unwrap_or(0))),
    ];
    fields.map(|(name, value)| (name.to_owned(), value)).into_iter().collect()
}

fn update_body(resources: &Resources, restart: Option<RestartChoice>) -> Value {
    let mut fields = resource_fields(resources);
    // The engine does not update these, and must not be asked to.
    for name in ["MemorySwappiness", "Ulimits", "OomScoreAdj"] {
        fields.remove(name);
    }
    if let Some(restart) = restart {
        fields.insert("RestartPolicy".to_owned(), restart_policy(restart));
    }
    Value::Object(fields)
}

fn restart_policy(restart: RestartChoice) -> Value {
    let (name, retries) = match restart {
        RestartChoice::No => ("no", 0),
        RestartChoice::Always => ("always", 0),
        RestartChoice::UnlessStopped => ("unless-stopped", 0),
        RestartChoice::OnFailure(retries) => ("on-failure", retries),
    };
    json!({"Name": name, "MaximumRetryCount": retries})
}

fn log_config(log: &LogSettings) -> Value {
    let driver = match log.driver {
        LogDriver::JsonFile => "json-file",
        LogDriver::Local => "local",
        LogDriver::None => return json!({"Type": "none", "Config": {}}),
    };
    let mut config = BTreeMap::new();
    if let Some(size) = log.max_size {
        config.insert("max-size", size.to_string());
    }
    if let Some(files) = log.max_file {
        config.insert("max-file", files.to_string());
    }
    json!({"Type": driver, "Config": config})
}

fn port_bindings(host: &HostSettings) -> Value {
    let mut bindings: BTreeMap<String, Vec<Value>> = BTreeMap::new();
    for binding in &host.published {
        let address = binding.address.map_or_else(String::new, |address| address.to_string());
        let port = binding.port.map_or_else(String::new, |port| port.to_string());
        let entry = json!({"HostIp": address, "HostPort": port});
        bindings.entry(binding.container.to_string()).or_default().push(entry);
    }
    json!(bindings)
}

/// Everything but memory, which 20.10 has in a map of its own for `exec`.
fn mount<V: std::fmt::Display>(mount: &MountSpec<V>, owner: &Owner, api: ApiVersion) -> Option<Value> {
    let (kind, source, more) = match &mount.kind {
        MountKind::Volume { volume, no_copy, subpath } => {
            // The labels are for one that was removed since it was looked up: the engine would make it again, and nobody's.
            let mut options = json!({"NoCopy": no_copy, "Labels": owner.labels()});
            if let (Some(fields), Some(subpath), true) =
                (options.as_object_mut(), subpath, api >= ApiVersion::VOLUME_SUBPATH)
            {
                fields.insert("Subpath".to_owned(), subpath.as_str().into());
            }
            ("volume", volume.to_string(), ("VolumeOptions", options))
        }
        MountKind::AnonymousVolume { no_copy } => {
            ("volume", String::new(), ("VolumeOptions", json!({"NoCopy": no_copy, "Labels": owner.labels()})))
        }
        MountKind::Pinned { place } | MountKind::GatewaySocket { path: place } => {
            ("bind", place.clone(), ("BindOptions", json!({"Propagation": "rprivate"})))
        }
        MountKind::PodDirectory(directory) => {
            ("bind", directory.path(), ("BindOptions", json!({"Propagation": "rprivate"})))
        }
        // A wish that the policy has not turned into a pin is never permitted, and says nothing here.
        MountKind::Host { .. } | MountKind::Tmpfs { .. } => return None,
    };
    let (name, options) = more;
    let mut body = json!({
        "Type": kind, "Source": source, "Target": mount.target.as_str(), "ReadOnly": mount.readonly,
    });
    if let Some(fields) = body.as_object_mut() {
        fields.insert(name.to_owned(), options);
    }
    Some(body)
}

fn tmpfs<V>(mounts: &[MountSpec<V>]) -> Value {
    let memory = mounts.iter().filter_map(|mount| match &mount.kind {
        MountKind::Tmpfs { size, mode, exec } => {
            let mut options = format!("nosuid,nodev,{}", if *exec { "exec" } else { "noexec" });
            if let Some(size) = size {
                let _ = write!(options, ",size={size}"); // writing to a String cannot fail
            }
            if let Some(mode) = mode {
                let _ = write!(options, ",mode={mode:o}");
            }
            if mount.readonly {
                options.push_str(",ro");
            }
            Some((mount.target.to_string(), Value::from(options)))
        }
        _ => None,
    });
    Value::Object(memory.collect())
}

fn network_mode<C: std::fmt::Display, N: std::fmt::Display>(network: &NetworkMode<C, N>) -> Value {
    match network {
        // Resolved to a network before it is sent; said as `none` if it were not, which gives away nothing.
        NetworkMode::Default | NetworkMode::None => "none".into(),
        NetworkMode::Network(id) => id.to_string().into(),
        NetworkMode::Container(id) => format!("container:{id}").into(),
    }
}

fn ipc_mode<C: std::fmt::Display>(ipc: &IpcMode<C>) -> Value {
    match ipc {
        IpcMode::Private => "private".into(),
        IpcMode::Shareable => "shareable".into(),
        IpcMode::None => "none".into(),
        IpcMode::Container(id) => format!("container:{id}").into(),
    }
}

fn pid_mode<C: std::fmt::Display>(pid: &SharedWith<C>) -> Value {
    match pid {
        SharedWith::Own => "".into(),
        SharedWith::Container(id) => format!("container:{id}").into(),
    }
}
