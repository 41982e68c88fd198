//! What is judged before any file is touched. What a file system holds is tried on one that has project quotas
//! (`conformance/tests/hard_quotas.rs`).

use super::*;
use std::os::unix::fs::symlink;
use wharf_model::Generation;

fn alice() -> TenantId {
    TenantId { name: "alice".parse().unwrap(), generation: Generation(1) }
}

/// Of an engine whose data root is this.
fn confining(root: &Path) -> Confining {
    let root = root.to_owned();
    let numbers = |tenant: &TenantId| {
        if *tenant == alice() { Ok(1) } else { Err(format!("`{tenant}` is no tenant now")) }
    };
    Confining::new(Box::new(move || Ok(root.clone())), Box::new(numbers))
}

fn refused(confining: &Confining, path: PathBuf) -> ConfiningError {
    confining.confine(&alice(), &[path]).unwrap_err()
}

#[test]
fn only_layers_and_volumes_are_counted() {
    let root = Path::new("/var/lib/docker/100000.100000");
    for path in ["overlay2/abc/diff", "overlay2/abc/work", "volumes/alice--data/_data"] {
        assert_eq!(below(root, &root.join(path)), Some(Path::new(path)));
    }
    for path in [
        "",
        "overlay2",
        "overlay2/abc",
        "overlay2/l/diff",
        "overlay2/abc/merged",
        "overlay2/abc/diff/etc",
        "volumes/alice--data",
        "volumes/alice--data/_data/x",
        "containers/abc",
        "overlay2/../volumes/x/_data",
        "volumes/../../../../etc",
        "image/overlay2/diff",
    ] {
        assert_eq!(below(root, &root.join(path)), None, "{path}");
    }
    for path in [
        "/etc",
        "/var/lib/docker/volumes/x/_data",
        "volumes/x/_data",
        "/var/lib/docker/100000.100000x/volumes/x/_data",
    ] {
        assert_eq!(below(root, Path::new(path)), None, "{path}");
    }
    assert_eq!(below(Path::new(""), Path::new("volumes/x/_data")), None, "no root, nothing below it");
}

#[test]
fn no_link_leads_out_of_the_data_root() {
    let machine = tempfile::tempdir().unwrap();
    let root = machine.path().join("docker");
    std::fs::create_dir_all(root.join("volumes/own")).unwrap();
    std::fs::create_dir_all(machine.path().join("secret/_data")).unwrap();
    symlink(machine.path().join("secret/_data"), root.join("volumes/own/_data")).unwrap();
    symlink(machine.path().join("secret"), root.join("volumes/foreign")).unwrap();
    let confining = confining(&root);
    for path in ["volumes/own/_data", "volumes/foreign/_data"] {
        let error = refused(&confining, root.join(path));
        assert!(matches!(error, ConfiningError::Io { source: Errno::LOOP | Errno::NOTDIR, .. }), "{error:?}");
    }
    let error = refused(&confining, machine.path().join("secret/_data"));
    assert!(matches!(error, ConfiningError::Elsewhere { .. }), "{error:?}");
    assert!(matches!(
        refused(&confining, root.join("volumes/none/_data")),
        ConfiningError::Io { source: Errno::NOENT, .. }
    ));
}

#[test]
fn who_is_no_tenant_has_no_project() {
    let machine = tempfile::tempdir().unwrap();
    let former = TenantId { generation: Generation(2), ..alice() };
    let error = confining(machine.path()).confine(&former, &[]).unwrap_err();
    assert!(matches!(error, ConfiningError::Unknown(_)), "{error:?}");
    let nameless = Confining::new(Box::new(|| Err("the engine is away".to_owned())), Box::new(|_| Ok(0)));
    assert!(matches!(nameless.confine(&alice(), &[]), Err(ConfiningError::Unknown(_))));
    assert!(matches!(nameless.limit(&[]), Err(ConfiningError::Unknown(why)) if why == "the engine is away"));
}

#[test]
fn nothing_is_a_limit_too() {
    assert_eq!(format!("{:?}", Quota::of(0)), "Quota { blocks: 1, files: 1 }");
    assert_eq!(format!("{:?}", Quota::of(64 << 20)), "Quota { blocks: 65536, files: 8192 }");
}
