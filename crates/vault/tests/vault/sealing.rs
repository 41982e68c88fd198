//! Sealing, opening, and changing who can.

use super::{name, opened, pod, reader, reread, sealed, value};
use wharf_model::{SecretGeneration, SecretOwner};
use wharf_vault::{
    Expected, Identity, MAX_READERS, MAX_SECRETS, OpenError, Reader, ReadersError, SealError, SealedFile,
    Value,
};

#[test]
fn every_reader_opens_and_nobody_else_does() {
    let (host, ada, mallory) = (Identity::generate(), Identity::generate(), Identity::generate());
    let file = sealed(vec![reader("host", &host), reader("ada", &ada)], &[("db", "hunter2")]);
    assert_eq!(opened(&file, "db", &host).unwrap(), "hunter2");
    assert_eq!(opened(&file, "db", &ada).unwrap(), "hunter2");
    assert_eq!(
        opened(&file, "db", &mallory).unwrap_err(),
        "secret `db` cannot be opened with the keys at hand; its readers are `host`, `ada`"
    );
    assert_eq!(
        opened(&file, "bd", &host).unwrap_err(),
        "there is no secret `bd` in this file; did you mean `db`?"
    );
}

#[test]
fn a_file_opens_for_its_own_owner_and_pod_alone() {
    let host = Identity::generate();
    let file = sealed(vec![reader("host", &host)], &[("db", "x")]);
    let alice: SecretOwner = "tenant alice".parse().unwrap();
    let (blog, shop) = (pod("blog"), pod("shop"));
    let as_tenant = Expected { owner: &alice, pod: &blog };
    let keys = [host];
    assert!(matches!(file.open(&as_tenant, &name("db"), &keys), Err(OpenError::OtherOwner { .. })));
    let other_pod = Expected { owner: &SecretOwner::Machine, pod: &shop };
    assert!(matches!(file.open_all(&other_pod, &keys), Err(OpenError::OtherPod { .. })));
}

#[test]
fn a_new_value_is_newer_and_the_one_before_can_be_kept_for_a_while() {
    let host = Identity::generate();
    let mut file = sealed(vec![reader("host", &host)], &[("db", "old")]);
    assert_eq!(file.seal(&name("db"), &value("new"), 900, Some(2_000)).unwrap(), SecretGeneration(1_001));
    let (blog, keys) = (pod("blog"), [host]);
    let expected = Expected { owner: &SecretOwner::Machine, pod: &blog };
    let file = &mut reread(&file.print());
    assert_eq!(file.open(&expected, &name("db"), &keys).unwrap().value, value("new"));
    let before = file.open_previous(&expected, &name("db"), &keys).unwrap();
    assert_eq!((before.value, before.generation), (value("old"), SecretGeneration(1_000)));
    assert!(!file.forget_previous(1_999));
    assert!(file.forget_previous(2_000));
    assert!(matches!(file.open_previous(&expected, &name("db"), &keys), Err(OpenError::NoPrevious { .. })));
}

#[test]
fn readers_change_and_values_and_generations_stay() {
    let (host, ada) = (Identity::generate(), Identity::generate());
    let mut file = sealed(vec![reader("host", &host)], &[("a", "1"), ("b", "2")]);
    file.seal(&name("a"), &value("3"), 1_500, Some(9_000)).unwrap();
    let (blog, readers) = (pod("blog"), vec![reader("ada", &ada)]);
    let expected = Expected { owner: &SecretOwner::Machine, pod: &blog };
    let before: Vec<_> = file.names().map(|(name, generation)| (name.clone(), generation)).collect();
    file.rekey(&expected, readers, std::slice::from_ref(&host)).unwrap();
    let after: Vec<_> = file.names().map(|(name, generation)| (name.clone(), generation)).collect();
    assert_eq!(before, after);
    assert_eq!(
        (opened(&file, "a", &ada).unwrap(), opened(&file, "b", &ada).unwrap()),
        ("3".into(), "2".into())
    );
    assert_eq!(file.open_previous(&expected, &name("a"), &[ada]).unwrap().value, value("1"));
    assert!(opened(&file, "a", &host).is_err());
}

#[test]
fn a_rekey_that_cannot_open_everything_changes_nothing() {
    let (host, ada) = (Identity::generate(), Identity::generate());
    let mut file = sealed(vec![reader("host", &host)], &[("a", "1")]);
    let before = file.clone();
    let blog = pod("blog");
    let expected = Expected { owner: &SecretOwner::Machine, pod: &blog };
    assert!(file.rekey(&expected, vec![reader("ada", &ada)], std::slice::from_ref(&ada)).is_err());
    assert!(file.rekey(&expected, Vec::new(), &[host]).is_err());
    assert_eq!(file, before);
}

#[test]
fn lists_of_readers_have_bounds_and_no_twins() {
    let new = |readers| SealedFile::new(SecretOwner::Machine, pod("blog"), readers).map(drop);
    let one = Identity::generate();
    assert_eq!(new(Vec::new()), Err(ReadersError::None));
    let twins = vec![reader("a", &one), reader("b", &one)];
    assert!(matches!(new(twins), Err(ReadersError::SameKey(..))));
    let same = vec![reader("a", &one), reader("a", &Identity::generate())];
    assert!(matches!(new(same), Err(ReadersError::SameName(..))));
    let many = (0..=MAX_READERS).map(|at| reader(&format!("r{at}"), &Identity::generate()));
    assert_eq!(new(many.collect::<Vec<Reader>>()), Err(ReadersError::TooMany(MAX_READERS + 1)));
}

#[test]
fn files_have_bounds() {
    let host = Identity::generate();
    let mut file = sealed(vec![reader("host", &host)], &[]);
    for at in 0..MAX_SECRETS {
        file.seal(&name(&format!("s{at}")), &value("x"), 1, None).unwrap();
    }
    assert_eq!(file.seal(&name("more"), &value("x"), 1, None), Err(SealError::TooManySecrets));
    assert!(file.seal(&name("s0"), &value("y"), 1, None).is_ok(), "one in the place of another");
    let mut file = sealed(vec![reader("host", &host)], &[]);
    let large = Value::new(vec![7; wharf_vault::MAX_VALUE_BYTES]).unwrap();
    let fitted =
        (0..40).take_while(|at| file.seal(&name(&format!("s{at}")), &large, 1, None).is_ok()).count();
    assert!((18..24).contains(&fitted), "{fitted}");
    assert!(SealedFile::parse_bytes(file.print().as_bytes()).is_ok(), "what was sealed is read back");
}

#[test]
fn a_generation_past_all_time_is_not_followed_by_another() {
    let host = Identity::generate();
    let file = sealed(vec![reader("host", &host)], &[("db", "x")]);
    let text = file.print().replace("generation: 1000", "generation: 253402300799");
    let mut file = reread(&text);
    assert!(matches!(file.seal(&name("db"), &value("y"), 1, None), Err(SealError::LastGeneration(_))));
}

#[test]
fn the_length_of_a_short_value_does_not_show() {
    let host = Identity::generate();
    let file = sealed(vec![reader("host", &host)], &[("a", "x"), ("b", "twelve bytes")]);
    let length = |called: &str| {
        let text = file.print();
        let from = text.find(&format!("\n  {called}:")).unwrap();
        let rest = &text[from..];
        rest[..rest.find("-----END").unwrap()].len()
    };
    // What age itself adds by chance (grease) is some lines at most; the payload is the same.
    assert!(length("a").abs_diff(length("b")) < 600);
}
