//! Directories of pods below the mount root, which containers of their tenant's get by saying their paths.

use crate::town::{Town, stories};
use serde_json::json;
use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;

stories![
    directories_of_bobs_pods_and_of_the_machines_are_not_mallorys,
    no_link_below_the_mount_root_leads_anywhere,
    a_tenant_called_like_a_pod_of_the_machines_gets_nothing_of_it,
];

/// Everything below a directory, links as links.
fn all_below(path: &Path, all: &mut BTreeSet<String>) {
    for entry in fs::read_dir(path).unwrap() {
        let path = entry.unwrap().path();
        all.insert(path.display().to_string());
        if path.symlink_metadata().unwrap().is_dir() {
            all_below(&path, all);
        }
    }
}

/// Mallory asks for this path in both spellings, and gets nothing.
fn refused(town: &Town<'_>, path: &str) {
    let root = town.gateway.path("mounts");
    let [mut before, mut after] = [BTreeSet::new(), BTreeSet::new()];
    all_below(&root, &mut before);
    for host in [
        json!({"NetworkMode": "none", "Binds": [format!("{path}:/d")]}),
        json!({"NetworkMode": "none", "Binds": [format!("{path}:/d:ro")]}),
        json!({"NetworkMode": "none", "Mounts": [{"Type": "bind", "Source": path, "Target": "/d",
            "BindOptions": {"CreateMountpoint": true}}]}),
    ] {
        let body = json!({"Image": "busybox", "HostConfig": host}).to_string();
        let said = town.mallory("POST", "/containers/create", &body);
        town.refused(&body, &[400, 403], &said);
    }
    all_below(&root, &mut after);
    assert_eq!(before, after, "{path}");
}

fn directories_of_bobs_pods_and_of_the_machines_are_not_mallorys(town: &Town<'_>) {
    let (root, mallory, bob) =
        (town.gateway.path("mounts"), town.mallorys_name().to_owned(), town.bobs.name.clone());
    for made in [format!("{bob}/blog/data"), "mail/data".to_owned(), format!("{mallory}_2/blog/data")] {
        fs::create_dir_all(root.join(made)).unwrap();
    }
    let root = root.display().to_string();
    for path in [
        root.clone(),
        format!("{root}/{bob}"),
        format!("{root}/{bob}/blog"),
        format!("{root}/{bob}/blog/data"),
        format!("{root}/{bob}/new/data"),
        format!("{root}/{bob}_2/blog/data"),
        format!("{root}/mail/data"),
        format!("{root}/{mallory}"),
        format!("{root}/{mallory}/blog"),
        format!("{root}/{mallory}/blog/."),
        format!("{root}/{mallory}/.blog/data"),
        format!("{root}/{mallory}/blog.web/data"),
        format!("{root}/{mallory}_0/blog/data"),
        format!("{root}/{mallory}_1/blog/data"),
        format!("{root}/{mallory}_2/blog/data"),
        format!("{root}/{mallory}_02/blog/data"),
        format!("{root}/{mallory}/blog/../../{bob}/blog/data"),
        format!("{root}/{mallory}/blog/data/../../../{bob}"),
        format!("{root}/../mounts/{bob}/blog/data"),
        format!("{root}//{bob}/blog/data"),
        format!("{root}/./{bob}/blog/data"),
    ] {
        refused(town, &path);
    }
}

fn no_link_below_the_mount_root_leads_anywhere(town: &Town<'_>) {
    let own = town.gateway.path("mounts").join(town.mallorys_name());
    fs::create_dir_all(own.join("blog/real")).unwrap();
    // As the gateway leaves it: else nothing in it would be looked at.
    fs::write(own.join(".tenant"), "").unwrap();
    symlink("/etc", own.join("blog/link")).unwrap();
    symlink("/etc", own.join("shop")).unwrap();
    for path in ["blog/link", "blog/link/ssl", "shop/ssl", "shop/new"] {
        let path = own.join(path).display().to_string();
        let body = json!({"Image": "busybox", "HostConfig": {"NetworkMode": "none", "Binds": [format!("{path}:/d")]}});
        let said = town.mallory("POST", "/containers/create", &body.to_string());
        assert!(said.status == 403 && said.body.contains("denied by rule mounts"), "{path}: {said:?}");
        assert!(said.body.contains("symbolic link"), "{path}: {said:?}");
        assert_eq!(town.changes(), [""; 0], "{path}");
        town.new_records();
    }
    assert!(!Path::new("/etc/new").exists());
    fs::remove_dir_all(own).unwrap();
}

fn a_tenant_called_like_a_pod_of_the_machines_gets_nothing_of_it(town: &Town<'_>) {
    let own = town.gateway.path("mounts").join(town.mallorys_name());
    fs::create_dir_all(own.join("data/pg")).unwrap();
    fs::write(own.join("data/pg/secret"), "").unwrap();
    for path in ["data/pg", "data/new", "new/data"] {
        refused(town, &own.join(path).display().to_string());
    }
    // Nor does a directory of that pod's stand for the mark.
    fs::create_dir(own.join(".tenant")).unwrap();
    refused(town, &own.join("data/pg").display().to_string());
    fs::remove_dir_all(own).unwrap();
}
