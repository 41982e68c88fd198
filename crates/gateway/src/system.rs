//! What a tenant is told of the engine itself: put together from what is its own and what all may know.

use crate::answer::{self, Answer};
use crate::desk::Errand;
use crate::fault::Fault;
use crate::view;
use hyper::StatusCode;
use hyper::header::{CONTENT_TYPE, HeaderValue};
use serde_json::{Map, Value, json};
use wharf_wire::ask::DiskUsageAsk;
use wharf_wire::tenant::ContainerFilters;
use wharf_wire::{ApiVersion, DiskUsage, InfoDocument, VersionDocument};

/// Fields of `/info` that say nothing about the host's owner, its paths or its other users.
const OF_THE_ENGINE: [&str; 24] = [
    "Architecture",
    "BridgeNfIp6tables",
    "BridgeNfIptables",
    "CgroupDriver",
    "CgroupVersion",
    "CpuCfsPeriod",
    "CpuCfsQuota",
    "CPUSet",
    "CPUShares",
    "DefaultRuntime",
    "Driver",
    "ExperimentalBuild",
    "IPv4Forwarding",
    "Isolation",
    "KernelVersion",
    "LoggingDriver",
    "MemoryLimit",
    "OSType",
    "OomKillDisable",
    "OperatingSystem",
    "PidsLimit",
    "SecurityOptions",
    "ServerVersion",
    "SwapLimit",
];

impl Errand {
    /// `/_ping`: from the head of the answer clients learn what to speak.
    pub(crate) async fn ping(&self) -> Result<Answer, Fault> {
        // The head carries the version; asking for it proves that the engine was there.
        self.desk.gateway.engine.api().await?;
        let mut answer = answer::empty(StatusCode::OK);
        *answer.body_mut() = answer::whole("OK");
        let headers = answer.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
        headers.insert("docker-experimental", HeaderValue::from_static("false"));
        headers.insert("ostype", HeaderValue::from_static("linux"));
        // Without builds the classic builder's request is the one whose refusal clients show in full.
        headers.insert("builder-version", HeaderValue::from_static("1"));
        headers.insert("swarm", HeaderValue::from_static("inactive"));
        headers.insert("cache-control", HeaderValue::from_static("no-cache, no-store, must-revalidate"));
        Ok(answer)
    }

    /// `/version`.
    pub(crate) async fn version(&self) -> Result<Answer, Fault> {
        let engine = &self.desk.gateway.engine;
        let mut said = engine.observe(&VersionDocument).await?;
        let api = engine.api().await?.to_string();
        if let Some(fields) = said.as_object_mut() {
            fields.insert("ApiVersion".to_owned(), api.clone().into());
            fields.insert("MinAPIVersion".to_owned(), ApiVersion::OLDEST.to_string().into());
            for component in fields.get_mut("Components").and_then(Value::as_array_mut).into_iter().flatten()
            {
                if let Some(details) = component.get_mut("Details").and_then(Value::as_object_mut) {
                    if let Some(place) = details.get_mut("ApiVersion") {
                        *place = api.clone().into();
                    }
                    if let Some(place) = details.get_mut("MinAPIVersion") {
                        *place = ApiVersion::OLDEST.to_string().into();
                    }
                }
            }
        }
        Ok(answer::document(StatusCode::OK, &said))
    }

    /// `/info`: the tenant's own counts and limits.
    pub(crate) async fn info(&self) -> Result<Answer, Fault> {
        let engine = self.desk.gateway.engine.observe(&InfoDocument).await?;
        let limits = &self.rights()?.grant.limits;
        let rows = self.container_rows(true, false, ContainerFilters::default()).await?;
        let count = |state: &str| {
            rows.iter().filter(|row| row.get("State").and_then(Value::as_str) == Some(state)).count()
        };
        let images = self.image_rows().await?.len();
        let mut info: Map<String, Value> = OF_THE_ENGINE
            .iter()
            .filter_map(|field| Some(((*field).to_owned(), engine.get(*field)?.clone())))
            .collect();
        let cpus = engine.get("NCPU").and_then(Value::as_u64).unwrap_or(1);
        let memory = engine.get("MemTotal").and_then(Value::as_u64).unwrap_or(0);
        let own = json!({
            "ID": format!("wharf-{}", self.tenant().name),
            "Name": format!("wharf/{}", self.tenant().name),
            "Containers": rows.len(),
            "ContainersRunning": count("running"),
            "ContainersPaused": count("paused"),
            "ContainersStopped": rows.len() - count("running") - count("paused"),
            "Images": images,
            "NCPU": cpus.min(limits.nano_cpus.div_ceil(1_000_000_000).max(1)),
            "MemTotal": memory.min(limits.memory.bytes()),
            "DockerRootDir": "/var/lib/docker",
            "IndexServerAddress": "https://index.docker.io/v1/",
            "Plugins": {"Volume": ["local"], "Network": ["bridge", "host", "null"], "Authorization": null, "Log": ["json-file", "local", "none"]},
            "Swarm": {"NodeID": "", "NodeAddr": "", "LocalNodeState": "inactive", "ControlAvailable": false, "Error": "", "RemoteManagers": null},
            "Runtimes": {"runc": {"path": "runc"}},
            "Labels": [],
            "Warnings": null,
            "LiveRestoreEnabled": false,
            // For `wharf up`: no engine has it, and no other client looks at it.
            "Wharf": {"MountRoot": self.mount_root()},
            "RegistryConfig": {"IndexConfigs": {}, "InsecureRegistryCIDRs": [], "Mirrors": null},
        });
        if let Value::Object(own) = own {
            info.extend(own);
        }
        Ok(answer::document(StatusCode::OK, &Value::Object(info)))
    }

    /// `/system/df`: of the tenant's own things alone. Layers that several images share count for each of them.
    pub(crate) async fn disk_usage(&self, ask: &DiskUsageAsk) -> Result<Answer, Fault> {
        let wants = |kind: &str| ask.kinds.is_empty() || ask.kinds.iter().any(|asked| asked == kind);
        let mut usage = Map::new();
        let mut layers = 0_i64;
        if wants("image") {
            let images = self.image_rows().await?;
            layers = images.iter().filter_map(|row| row.get("Size")?.as_i64()).sum();
            usage.insert("Images".to_owned(), images.into());
        }
        usage.insert("LayersSize".to_owned(), layers.into());
        if wants("container") {
            let mut rows = self.container_rows(true, true, ContainerFilters::default()).await?;
            for row in &mut rows {
                view::container_row(self.tenant(), row);
            }
            usage.insert("Containers".to_owned(), rows.into());
        }
        if wants("volume") {
            let own: Vec<String> = self
                .volume_rows()
                .await?
                .iter()
                .filter_map(|row| Some(row.get("Name")?.as_str()?.to_owned()))
                .collect();
            // Sizes of volumes are told by this call alone.
            let mut all = self.desk.gateway.engine.observe(&DiskUsage).await?;
            let all = all.get_mut("Volumes").map(Value::take).unwrap_or_default();
            let mine = |row: &Value| {
                row.get("Name").and_then(Value::as_str).is_some_and(|n| own.iter().any(|o| o == n))
            };
            let mut rows: Vec<Value> = match all {
                Value::Array(rows) => rows.into_iter().filter(mine).collect(),
                _ => Vec::new(),
            };
            for row in &mut rows {
                view::volume(self.tenant(), row);
            }
            usage.insert("Volumes".to_owned(), rows.into());
        }
        usage.insert("BuildCache".to_owned(), json!([]));
        usage.insert("BuilderSize".to_owned(), json!(0));
        Ok(answer::document(StatusCode::OK, &Value::Object(usage)))
    }
}
