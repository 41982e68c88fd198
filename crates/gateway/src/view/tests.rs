//! What a tenant is shown, and what not.

use super::*;
use serde_json::json;
use std::collections::BTreeSet;
use std::sync::Arc;
use wharf_model::{Generation, TenantGrant};
use wharf_policy::TenantStanding;

fn alice() -> TenantId {
    TenantId { name: "alice".parse().unwrap(), generation: Generation(2) }
}

fn standing() -> Arc<TenantStanding> {
    let adopted = BTreeSet::from([Generation(1)]);
    Arc::new(TenantStanding { generation: Generation(2), adopted, grant: TenantGrant::default() })
}

fn owner() -> Value {
    json!({
        "wharf.tenant": "alice", "wharf.generation": "2", "wharf.user": "al",
        "wharf.asked": r#"{"image":"busybox","network":"front"}"#, "mine": "yes",
    })
}

#[test]
fn an_inspection_has_the_tenants_names_and_nothing_of_the_host() {
    let network = "a".repeat(64);
    let details = json!({
        "Id": "b".repeat(64), "Name": "/alice--web", "Image": format!("sha256:{}", "c".repeat(64)),
        "ResolvConfPath": "/var/lib/docker/x", "HostnamePath": "/x", "HostsPath": "/x", "LogPath": "/x",
        "GraphDriver": {"Name": "overlay2", "Data": {"MergedDir": "/var/lib/docker/overlay2/x"}},
        "Config": {"Image": format!("sha256:{}", "c".repeat(64)), "Labels": owner()},
        "HostConfig": {
            "NetworkMode": network, "CgroupParent": "/wharf/alice", "ContainerIDFile": "",
            "Mounts": [
                {"Type": "volume", "Source": "alice--data", "Target": "/d"},
                {"Type": "volume", "Source": "", "Target": "/e", "VolumeOptions": {"Labels": owner()}},
            ],
        },
        "Mounts": [{"Type": "volume", "Name": "alice--data", "Source": "/var/lib/docker/volumes/alice--data/_data"}],
        "NetworkSettings": {
            "SandboxKey": "/var/run/docker/netns/x",
            "Networks": {"alice--front": {"Aliases": ["web"], "DNSNames": ["alice--web", "web"], "NetworkID": network}},
        },
    });
    let text = details.to_string();
    let mut document = Document::read(text.as_bytes()).unwrap();
    container_details(&alice(), &mut document);
    let details: Value = serde_json::from_slice(&document.bytes().unwrap()).unwrap();
    let expected = json!({
        "Id": "b".repeat(64), "Name": "/web", "Image": format!("sha256:{}", "c".repeat(64)),
        "ResolvConfPath": "", "HostnamePath": "", "HostsPath": "", "LogPath": "",
        "GraphDriver": {"Name": "overlay2", "Data": null},
        "Config": {"Image": "busybox", "Labels": {"mine": "yes"}},
        "HostConfig": {
            "NetworkMode": "front", "CgroupParent": "", "ContainerIDFile": "",
            "Mounts": [
                {"Type": "volume", "Source": "data", "Target": "/d"},
                {"Type": "volume", "Source": "", "Target": "/e", "VolumeOptions": {"Labels": {"mine": "yes"}}},
            ],
        },
        "Mounts": [{"Type": "volume", "Name": "data", "Source": "/var/lib/docker/volumes/data/_data"}],
        "NetworkSettings": {
            "SandboxKey": "",
            "Networks": {"front": {"Aliases": ["web"], "DNSNames": ["web", "web"], "NetworkID": network}},
        },
    });
    assert_eq!(details, expected);
}

#[test]
fn an_image_is_shown_under_the_tenants_own_tags_and_the_shared_ones() {
    let shared = ["base:*".parse().unwrap()];
    let row = |tags: &[&str]| {
        let row = json!({
            "Id": "x", "RepoTags": tags, "Containers": 3, "Labels": {"wharf.tenant": "", "a": "b"},
            "RepoDigests": ["busybox@sha256:1", "registry.example/bob/private@sha256:1"],
        });
        image_row(&alice(), &standing(), &shared, row)
    };
    let own = row(&[
        "wharf.invalid/alice/2/docker.io/library/busybox:1",
        "wharf.invalid/bob/1/docker.io/library/secret:1",
    ]);
    let expected = json!({
        "Id": "x", "RepoTags": ["busybox:1"], "Containers": -1, "Labels": {"a": "b"},
        "RepoDigests": ["busybox@sha256:1"],
    });
    assert_eq!(own, Some(expected));
    let adopted = row(&["wharf.invalid/alice/1/docker.io/library/busybox:1"]).unwrap();
    assert_eq!(adopted["RepoTags"], json!(["busybox:1"]));
    let shown = row(&["base:3"]).unwrap();
    assert_eq!((&shown["RepoTags"], &shown["RepoDigests"]), (&json!(["base:3"]), &json!([])));
    let nameless = row(&[&format!("wharf.invalid/alice/2/untagged:{}", "a".repeat(64))]).unwrap();
    assert_eq!(nameless["RepoTags"], json!([]));
    for hidden in [
        vec!["wharf.invalid/bob/1/docker.io/library/busybox:1"],
        vec!["wharf.invalid/alice/3/docker.io/library/busybox:1"],
        vec!["busybox:1"],
        vec![],
    ] {
        assert_eq!(row(&hidden), None, "{hidden:?}");
    }
}

#[test]
fn a_network_is_shown_without_the_bridge_that_we_chose() {
    let mut details = json!({
        "Name": "alice--front", "Labels": owner(), "Options": {"com.docker.network.bridge.name": "wharf-123"},
        "Containers": {"x": {"Name": "alice--web"}},
    });
    network(&alice(), &mut details);
    let expected = json!({
        "Name": "front", "Labels": {"mine": "yes"}, "Options": {}, "Containers": {"x": {"Name": "web"}},
    });
    assert_eq!(details, expected);
}

#[test]
fn names_that_are_not_the_tenants_stay_as_they_are() {
    assert_eq!(shown(&alice(), "alice--web"), "web");
    assert_eq!(shown(&alice(), "alice--a--b"), "a--b");
    assert_eq!(shown(&alice(), "bob--web"), "bob--web");
    assert_eq!(shown(&alice(), "web"), "web");
}
