//! A tenant gives tags of its own only, whatever the manifest says.

use crate::forge::{Tar, config, manifest};
use crate::{load, refused};
use wharf_archive::ArchiveError;

fn with_manifest(manifest: &[u8]) -> Vec<u8> {
    Tar::new().file("c", &config(&[])).file("manifest.json", manifest).end()
}

#[test]
fn names_that_are_no_tags_are_refused() {
    let digest = format!("web@sha256:{}", "0".repeat(64));
    let id = format!("sha256:{}", "0".repeat(64));
    let long = "a/".repeat(130) + "b";
    for name in [
        digest.as_str(),
        &id,
        &long,
        "",
        "../bob/web",
        "web:",
        "Web",
        "a//b",
        "web\n",
        "ORG:x/y",
        "/web",
        "web:a:b",
        // What the gateway calls tenants' images, at the engine.
        "wharf.invalid/bob/1/docker.io/library/web:latest",
    ] {
        let refused = refused(&with_manifest(&manifest("c", &[name], &[])));
        assert!(matches!(refused, ArchiveError::Reference { .. }), "{name}: {refused}");
    }
}

#[test]
fn a_manifest_that_go_reads_otherwise_is_refused() {
    let forged: [&[u8]; 18] = [
        br#"[{"Config":"c","repotags":["bob:1"],"Layers":[]}]"#,
        br#"[{"Config":"c","RepoTags":["a:1"],"RepoTags":["bob:1"],"Layers":[]}]"#,
        br#"[{"Config":"c","RepoTags":["a:1"],"Repotags":["bob:1"],"Layers":[]}]"#,
        br#"[{"Config":"c","RepoTags":["a:1"],"RepoTag\u017f":["bob:1"],"Layers":[]}]"#,
        br#"[{"Config":"c","RepoTags":["a:1"],"Layers":[],"More":null}]"#,
        br#"[{"config":"c","RepoTags":["a:1"],"Layers":[]}]"#,
        br#"[{"RepoTags":["a:1"],"Layers":[]}]"#,
        br#"[{"Config":null,"RepoTags":["a:1"],"Layers":[]}]"#,
        br#"[{"Config":"c","RepoTags":"a:1","Layers":[]}]"#,
        br#"[{"Config":"c","RepoTags":[["a:1"]],"Layers":[]}]"#,
        br#"[{"Config":"c","RepoTags":["a:1"],"Layers":[]}][]"#,
        br#"[{"Config":"c","RepoTags":["a:1"],"Layers":[]}] x"#,
        br#"{"Config":"c","RepoTags":["a:1"],"Layers":[]}"#,
        b"null",
        b"",
        b"[",
        b"\xff",
        b"[null]",
    ];
    for manifest in forged {
        let refused = refused(&with_manifest(manifest));
        let text = String::from_utf8_lossy(manifest);
        assert!(
            matches!(&refused, ArchiveError::Unreadable { name, .. } if name == "manifest.json"),
            "{text}: {refused}"
        );
    }
    let deep = "[".repeat(100_000);
    assert!(matches!(refused(&with_manifest(deep.as_bytes())), ArchiveError::Unreadable { .. }));
}

#[test]
fn one_tag_for_two_images_is_refused() {
    let other = br#"{"rootfs":{}}"#;
    let manifest = br#"[{"Config":"c","RepoTags":["web"],"Layers":[]},{"Config":"d","RepoTags":["docker.io/library/web:latest"],"Layers":[]}]"#;
    let archive = Tar::new().file("c", &config(&[])).file("d", other).file("manifest.json", manifest).end();
    let tag = "wharf.invalid/alice/1/docker.io/library/web:latest";
    assert_eq!(refused(&archive), ArchiveError::TagTwice(tag.into()));
}

#[test]
fn a_parent_of_another_is_not_claimed() {
    let parent = format!(
        r#"[{{"Config":"c","RepoTags":["web"],"Layers":null,"Parent":"sha256:{}","LayerSources":null}}]"#,
        "0".repeat(64)
    );
    let (_, sent) = load(&with_manifest(parent.as_bytes())).expect("a manifest");
    assert!(!String::from_utf8_lossy(&sent).contains("Parent"));
}

#[test]
fn an_empty_manifest_loads_nothing() {
    let (loaded, _) = load(&with_manifest(b"[]")).expect("a manifest");
    assert_eq!(loaded.images, []);
}
