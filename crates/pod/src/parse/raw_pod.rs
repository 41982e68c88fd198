//! The whole file: the pod's own keys, and what is checked across its containers.

use super::container::RawContainer;
use super::environment::{self, Environment};
use super::grammars::Member;
use super::hosts::{self, Address, ExtraHosts, Hostname};
use super::labels::{self, Labels};
use super::mounts::{self, Mounts};
use super::order;
use super::ports::{self, Exposes, Publishes};
use crate::{Container, Pod};
use serde_json::json;
use wharf_document::{Errors, Flag, List, Map, Node, Parsed, Read, Shape, Spanned, mapping, refuse};

mapping! {
    /// Containers that share a network, IPC and PID namespaces. The pod is named after this file, without its extension.
    pub(crate) struct RawPod {
        /// The containers by name. Names are letters, digits, `_` and `-`.
        required "containers" containers: Members,
        /// The pod's host name. Default: `<pod>-<host's name>`, with `-` for every `_`.
        optional "hostname" hostname: Parsed<Hostname>,
        /// Environment of every container, the root container included. A container's own wins.
        optional "common_environment" common_environment: Environment,
        /// Labels of every container, the root container included. A container's own win.
        optional "common_labels" common_labels: Labels,
        /// Labels of the root container alone, which holds the network.
        optional "root_labels" root_labels: Labels,
        /// Mounts of every container. A container's own of the same target win.
        optional "common_mounts" common_mounts: Mounts,
        /// Ports that the pod offers to its network: 80, 80/tcp, 53/udp.
        optional "expose" expose: Exposes,
        /// Ports that the host answers on: `[[address:]host[-range]]:container[-range][/tcp|/udp]`. A fixed host port
        /// needs the administrator's word.
        optional "publish" publish: Publishes,
        /// Publish every exposed port on a host port that the engine chooses. Default: false.
        optional "publish_all" publish_all: Flag,
        /// Name servers of the pod.
        optional "dns" dns: List<Parsed<Address>>,
        /// Lines of the pod's /etc/hosts: `name:address`, or a mapping.
        optional "extra_hosts" extra_hosts: ExtraHosts,
        /// The containers see one another's processes. Default: true, unless one of them uses secrets: whoever sees another's
        /// processes can read its files.
        optional "share_pid" share_pid: Flag,
    }
    refused {
        "services" => "did you mean `containers`?",
        "ports" => "did you mean `publish`?",
        "init" => "remove the key: the pod's root container already reaps",
        "version" => "pod files have no version; remove the key",
        "name" => "the pod is named after its file; remove the key",
        "image" => "`image` belongs to a container, under `containers`",
        "environment" => "did you mean `common_environment`? Or move it into a container",
        "labels" => "did you mean `common_labels` or `root_labels`? Or move it into a container",
        "mounts" => "did you mean `common_mounts`? Or move it into a container",
        "volumes" => "did you mean `common_mounts`?",
        "networks" => "a pod joins the network that the administrator chose; remove the key",
    }
}

/// The members, at least one.
#[derive(Debug)]
pub(crate) struct Members;

impl Read for Members {
    type Value = <Map<Member, RawContainer> as Read>::Value;

    fn shape() -> Shape {
        Map::<Member, RawContainer>::shape().with("minProperties", json!(1))
    }

    fn read(node: &Node, errors: &mut Errors) -> Option<Self::Value> {
        if let wharf_document::Value::Map(entries) = &node.value
            && entries.is_empty()
        {
            return refuse(
                node,
                errors,
                "at least one container",
                Some("write it as `name:` with an `image:` below"),
            );
        }
        Map::<Member, RawContainer>::read(node, errors)
    }
}

impl RawPod {
    /// The pod, when nothing is wrong with it.
    pub(super) fn check(self, errors: &mut Errors) -> Option<Pod> {
        let common = mounts::check(self.common_mounts, errors);
        let members: Vec<_> = self
            .containers?
            .value
            .into_iter()
            .map(|(name, raw)| raw.value.check(name, &common, errors))
            .collect();
        order::check(&members, errors);
        let member_sources = members.iter().flat_map(|member| member.sources.iter().cloned());
        mounts::check_nesting(common.sources.into_iter().chain(member_sources).collect(), errors);
        let containers: Vec<Container> =
            members.into_iter().map(|member| member.container).collect::<Option<_>>()?;
        let uses_secrets = containers.iter().any(|container| !container.secrets.is_empty());
        Some(Pod {
            containers,
            hostname: plain(self.hostname),
            common_environment: plain(self.common_environment).map(environment::plain).unwrap_or_default(),
            common_labels: labels::plain(self.common_labels),
            root_labels: labels::plain(self.root_labels),
            common_mounts: common.mounts,
            expose: ports::exposed(self.expose),
            publish: ports::published(self.publish, errors),
            publish_all: plain(self.publish_all).unwrap_or(false),
            dns: hosts::plain(self.dns),
            extra_hosts: plain(self.extra_hosts).unwrap_or_default(),
            share_pid: plain(self.share_pid).unwrap_or(!uses_secrets),
        })
    }
}

fn plain<T>(value: Option<Spanned<T>>) -> Option<T> {
    value.map(|value| value.value)
}
