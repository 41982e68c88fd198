//! The pod that everybody makes: as a pod file, as a compose file, as the very requests that wharf sends.

use std::collections::BTreeMap;
use std::path::PathBuf;
use wharf_model::{ContainerId, ImageId, ImageRef, PodName};
use wharf_pod::{Desired, EngineFacts, HostFacts};
use wharf_testkit::{Result, TestDir};
use wharf_wire::{ApiVersion, NetworkChoice, container_body};

/// A pod of so many members.
pub(crate) struct Sample {
    pub(crate) name: PodName,
    pub(crate) pod_file: PathBuf,
    pub(crate) compose_file: PathBuf,
    desired: Desired,
}

impl Sample {
    pub(crate) fn new(directory: &TestDir, members: usize) -> Result<Self> {
        let name = format!("bench{members}");
        let mut pod = "containers:\n".to_owned();
        let mut compose =
            format!("name: {name}\nservices:\n  root: {{image: busybox, command: sleep 1000, init: true}}\n");
        for member in 0..members {
            let same = "image: busybox, command: sleep 1000, stop_signal: KILL";
            pod += &["  m", &member.to_string(), ": {", same, ", update_image: false}\n"].concat();
            compose +=
                &["  m", &member.to_string(), ": {", same, ", network_mode: 'service:root'}\n"].concat();
        }
        let parsed = wharf_pod::parse(&pod).expect("the sample is a pod file");
        let pod_name: PodName = name.parse().expect("the sample's name is a pod's");
        let desired =
            wharf_pod::desired(&parsed, &pod_name, &host_facts(), &engine_facts()).expect("the sample fits");
        Ok(Self {
            pod_file: directory.write(format!("{name}.yml"), &pod)?,
            compose_file: directory.write(format!("{name}.compose.yml"), compose)?,
            name: pod_name,
            desired,
        })
    }

    /// The body that creates the root container.
    pub(crate) fn root_body(&self, pause: &ImageId) -> Vec<u8> {
        container_body(&self.desired.root.spec(&self.name), pause, ApiVersion::OLDEST)
            .to_string()
            .into_bytes()
    }

    /// Names and bodies that create the members.
    pub(crate) fn member_bodies(&self, busybox: &ImageId, root: &ContainerId) -> Vec<(String, Vec<u8>)> {
        let members = self.desired.members.iter().map(|member| {
            let body = container_body(&member.spec(&self.name, root), busybox, ApiVersion::OLDEST);
            (member.engine_name(&self.name).to_string(), body.to_string().into_bytes())
        });
        members.collect()
    }
}

fn host_facts() -> HostFacts {
    HostFacts {
        hostname: Some("bench".to_owned()),
        mount_root: None,
        use_host_resolv_conf: false,
        keep_net_raw: false,
        environment_files: BTreeMap::new(),
        ..HostFacts::default()
    }
}

fn engine_facts() -> EngineFacts {
    let pause_image: ImageRef = "wharf.invalid/pause".parse().expect("a reference");
    let network = NetworkChoice::DefaultBridge;
    EngineFacts { cpus: 2, hostname: "bench".to_owned(), network, ipv6_subnet: None, pause_image }
}
