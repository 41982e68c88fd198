//! Uploads that are broken off, and uploads side by side.

use crate::engines::{CONTAINERD, stores};
use crate::forge::{archive, config, header, honest, layer};
use crate::{tenant, through_load};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;
use wharf_archive::Load;
use wharf_testkit::unique_name;

/// An archive of an image that no engine has, and the name in it.
fn new_image() -> (Vec<u8>, String) {
    let name = unique_name();
    let layer = layer("etc/own", &name.repeat(1000));
    (archive(&config(&[&layer]), &[("l", &layer)], &[&format!("{name}:latest")]), name)
}

#[test]
fn an_upload_that_is_broken_off_before_the_manifest_loads_nothing() {
    for store in stores() {
        let (archive, name) = new_image();
        let (mut load, mut sent) = (Load::new(tenant("alice")), Vec::new());
        load.push(&archive, &mut sent).expect("an archive");
        let (_, whole) = through_load(&archive).expect("an archive");
        assert!(whole.len() > sent.len() && whole.starts_with(&sent), "the manifest comes in `finish`");
        let tag = format!("wharf.invalid/alice/1/docker.io/library/{name}:latest");
        for length in [100, sent.len() / 2, sent.len()] {
            let mut upload = store.upload();
            upload.send(&sent[..length]);
            upload.break_off();
            assert!(!store.has(&tag), "{}: {length} bytes", store.name);

            // Even one who says that all has come.
            let mut upload = store.upload();
            upload.send(&sent[..length]);
            upload.end();
            assert!(!store.has(&tag), "{}: {length} bytes, ended", store.name);
        }
        let config = through_load(&archive).expect("an archive").0.images[0].config.to_string();
        assert!(!store.has(&config), "{}: without a name", store.name);

        let mut upload = store.upload();
        upload.send(&whole);
        let answer = upload.end();
        assert!(store.has(&tag), "{}: {answer}", store.name);
        store.docker(["rmi", &tag]);
    }
}

/// Whether a second upload ends while a first is under way in the middle of its first file.
fn ends_beside(store: crate::engines::Store, first: &[u8], second: Vec<u8>) -> bool {
    let mut held = store.upload();
    held.send(&first[..700]);
    thread::sleep(Duration::from_millis(500));
    let (tell, told) = mpsc::channel();
    thread::spawn(move || {
        let mut upload = store.upload();
        upload.send(&second);
        let _ = tell.send(upload.end());
    });
    let ended = told.recv_timeout(Duration::from_secs(5)).is_ok();
    held.break_off();
    ended
}

#[test]
fn a_tenants_slow_upload_does_not_hold_up_anothers() {
    for store in stores() {
        // One name in two archives: the containerd store lets one wait for the other.
        let mut slow = header("c.json", b'0', 5000, "").to_vec();
        slow.resize(5000, b' ');
        let ends = ends_beside(store, &slow, honest(&format!("{}:latest", unique_name())));
        assert_eq!(ends, store.name != CONTAINERD, "{}: the bare engine", store.name);

        let mut load = Load::new(tenant("bob"));
        let mut bobs = Vec::new();
        load.push(&slow, &mut bobs).expect("the beginning of an archive");
        let (_, alices) = through_load(&honest(&format!("{}:latest", unique_name()))).expect("an archive");
        assert!(ends_beside(store, &bobs, alices), "{}", store.name);
    }
}
