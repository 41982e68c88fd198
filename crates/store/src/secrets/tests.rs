//! What the directory keeps: a key that is made once, and generations that only grow.

use super::*;
use std::collections::BTreeMap;
use std::os::unix::fs::PermissionsExt;
use wharf_model::{PodName, SecretGeneration, SecretName, SecretOwner};

fn fresh() -> (tempfile::TempDir, SecretsDirectory) {
    let state = tempfile::tempdir().unwrap();
    let directory = SecretsDirectory::in_state(state.path());
    (state, directory)
}

fn generations(list: &[(&str, u64)]) -> BTreeMap<SecretName, SecretGeneration> {
    list.iter().map(|(name, at)| (name.parse().unwrap(), SecretGeneration(*at))).collect()
}

#[test]
fn a_host_key_is_made_once_and_is_for_nobody_else() {
    let (_state, directory) = fresh();
    assert_eq!(directory.host_key().unwrap(), None);
    directory.make_host_key(b"one").unwrap();
    assert!(matches!(directory.make_host_key(b"two"), Err(SecretsError::HostKeyIsThere { .. })));
    assert_eq!(directory.host_key().unwrap().as_deref().map(Vec::as_slice), Some(&b"one"[..]));
    let mode = std::fs::metadata(directory.host_key_path()).unwrap().permissions().mode() & 0o7777;
    assert_eq!(mode, 0o600);
}

#[test]
fn a_host_key_that_others_can_read_is_refused() {
    let (_state, directory) = fresh();
    directory.make_host_key(b"one").unwrap();
    std::fs::set_permissions(directory.host_key_path(), PermissionsExt::from_mode(0o640)).unwrap();
    assert!(matches!(directory.host_key(), Err(OwnFileError::Exposed { mode: 0o640, .. })));
}

#[test]
fn what_was_seen_only_grows_unless_somebody_accepts_an_older_one() {
    let (_state, directory) = fresh();
    let (machine, blog): (_, PodName) = (SecretOwner::Machine, "blog".parse().unwrap());
    assert_eq!(directory.seen(&machine, &blog).unwrap(), BTreeMap::new());
    directory.remember(&machine, &blog, &generations(&[("a", 5), ("b", 5)])).unwrap();
    directory.remember(&machine, &blog, &generations(&[("a", 3), ("b", 9)])).unwrap();
    assert_eq!(directory.seen(&machine, &blog).unwrap(), generations(&[("a", 5), ("b", 9)]));
    directory.accept(&machine, &blog, &"a".parse().unwrap(), SecretGeneration(3)).unwrap();
    assert_eq!(directory.seen(&machine, &blog).unwrap(), generations(&[("a", 3), ("b", 9)]));
    let alice = "tenant alice".parse().unwrap();
    assert_eq!(directory.seen(&alice, &blog).unwrap(), BTreeMap::new(), "a tenant's pod of the same name");
}

#[test]
fn a_damaged_memory_is_an_error_and_not_an_empty_one() {
    let (_state, directory) = fresh();
    let (machine, blog): (_, PodName) = (SecretOwner::Machine, "blog".parse().unwrap());
    directory.remember(&machine, &blog, &generations(&[("a", 5)])).unwrap();
    std::fs::write(directory.path().join("seen.json"), "{").unwrap();
    assert!(matches!(directory.seen(&machine, &blog), Err(SecretsError::Damaged { .. })));
    assert!(matches!(
        directory.remember(&machine, &blog, &generations(&[("a", 6)])),
        Err(SecretsError::Damaged { .. })
    ));
}

#[test]
fn many_who_remember_at_once_lose_nothing() {
    let (_state, directory) = fresh();
    let (machine, blog): (_, PodName) = (SecretOwner::Machine, "blog".parse().unwrap());
    std::thread::scope(|scope| {
        for at in 0..20_u64 {
            let (directory, machine, blog) = (&directory, &machine, &blog);
            scope.spawn(move || {
                directory.remember(machine, blog, &generations(&[(&format!("s{at}"), at)])).unwrap();
            });
        }
    });
    assert_eq!(directory.seen(&machine, &blog).unwrap().len(), 20);
}

#[test]
fn a_link_in_the_place_of_the_directory_leads_nowhere() {
    let (state, directory) = fresh();
    let elsewhere = tempfile::tempdir().unwrap();
    std::os::unix::fs::symlink(elsewhere.path(), state.path().join("secrets")).unwrap();
    assert!(directory.make_host_key(b"one").is_err());
    assert_eq!(std::fs::read_dir(elsewhere.path()).unwrap().count(), 0);
}

#[test]
fn no_pod_fills_the_memory_of_all() {
    let (_state, directory) = fresh();
    let (machine, blog): (_, PodName) = (SecretOwner::Machine, "blog".parse().unwrap());
    directory.remember(&machine, &blog, &generations(&[("stays", 1)])).unwrap();
    for round in 0..30_u64 {
        let names: Vec<String> = (0..100).map(|number| format!("n{round}-{number}")).collect();
        let mut used: Vec<(&str, u64)> = names.iter().map(|name| (name.as_str(), 10 + round)).collect();
        used.push(("stays", 1));
        directory.remember(&machine, &blog, &generations(&used)).unwrap();
    }
    let seen = directory.seen(&machine, &blog).unwrap();
    assert_eq!(seen.len(), 400);
    assert!(seen.contains_key(&"stays".parse::<SecretName>().unwrap()), "what is used is not forgotten");
    assert!(seen.contains_key(&"n29-99".parse::<SecretName>().unwrap()), "what was used last is not, either");
}
