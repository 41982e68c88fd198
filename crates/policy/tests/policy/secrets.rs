//! The rule `secrets`: every way to reach, to show or to keep what is not a container's own.

use crate::world::{BLOG, bind, blog, facts, grants, member, name, settings};
use wharf_policy::{Denial, Effect, Grants, Rule, decide, decide_delivery};
use wharf_wire::{Bind, BindSource, SecretBind, SecretFile, Settings, TmpfsMount, UlimitSpec};

const PLACE: &str = "/run/wharf/secrets";

fn file(text: &str) -> SecretFile {
    let name: wharf_model::SecretName = text.parse().unwrap();
    let generation = wharf_model::SecretGeneration(7);
    SecretFile { file: name.clone(), name, generation, mode: 0o444, user: 0, group: 0 }
}

fn own() -> SecretBind {
    SecretBind {
        place: PLACE.into(),
        owner: wharf_model::SecretOwner::Machine,
        pod: "blog".parse().unwrap(),
        container: "new".parse().unwrap(),
        files: vec![file("db-password")],
    }
}

fn bound(secrets: SecretBind) -> Bind {
    let target = "/run/secrets".parse().unwrap();
    Bind { source: BindSource::Secrets(Box::new(secrets)), target, readonly: true }
}

fn with(binds: Vec<Bind>) -> Settings {
    let core = UlimitSpec { name: "core", soft: 0, hard: 0 };
    Settings { binds, ulimits: vec![core], ..settings() }
}

fn judge(settings: Settings) -> Result<Vec<Effect>, Denial> {
    let grants = Grants { secret_place: Some(PLACE.into()), ..grants() };
    decide(&blog(), member("blog.new", BLOG, settings), &facts(), &grants)
        .map(|permit| permit.effects().to_vec())
}

fn denial<T>(rule: Rule, reason: &str, hint: &str) -> Result<T, Denial> {
    Err(Denial { rule, reason: reason.into(), hint: Some(hint.into()) })
}

fn refusal(settings: Settings) -> Rule {
    judge(settings).unwrap_err().rule
}

#[test]
fn a_container_is_given_its_own_and_the_permit_says_so() {
    let effects = judge(with(vec![bound(own())])).unwrap();
    let [Effect::DeliverSecrets(delivery)] = &effects[..] else { panic!("{effects:?}") };
    assert_eq!(*delivery.bind(), own());
    let grants = Grants { secret_place: Some(PLACE.into()), ..grants() };
    let settings = with(vec![bound(own())]);
    let again = decide_delivery(&blog(), &name("blog.new"), &settings, &facts(), &grants).unwrap();
    assert_eq!(again.as_ref(), Some(delivery));
}

#[test]
fn secrets_refuse_what_is_another_containers() {
    let others: [fn(&mut SecretBind); 4] = [
        |bind| bind.pod = "other".parse().unwrap(),
        |bind| bind.container = "web".parse().unwrap(),
        |bind| bind.owner = "tenant alice".parse().unwrap(),
        |bind| bind.place = "/etc".into(),
    ];
    for change in others {
        let mut bind = own();
        change(&mut bind);
        assert_eq!(refusal(with(vec![bound(bind.clone())])), Rule::Secrets, "{bind:?}");
    }
    let stolen = SecretBind { container: "web".parse().unwrap(), ..own() };
    assert_eq!(
        judge(with(vec![bound(stolen)])),
        denial(
            Rule::Secrets,
            "`/run/wharf/secrets/machine/blog/web` holds the secrets of another container than `blog.new`",
            "a container has the secrets that its own entry of the pod file lists"
        )
    );
    assert_eq!(refusal(with(vec![bound(own()), bound(own())])), Rule::Secrets);
    let nowhere = decide(&blog(), member("blog.new", BLOG, with(vec![bound(own())])), &facts(), &grants());
    assert_eq!(nowhere.unwrap_err().rule, Rule::Secrets);
}

#[test]
fn secrets_refuse_another_target_and_a_writable_one() {
    let elsewhere = Bind { target: "/run/secrets/db".parse().unwrap(), ..bound(own()) };
    let writable = Bind { readonly: false, ..bound(own()) };
    for bind in [elsewhere, writable] {
        assert_eq!(refusal(with(vec![bind])), Rule::Secrets);
    }
}

#[test]
fn secrets_refuse_anything_else_where_they_are() {
    for target in ["/run/secrets", "/run/secrets/x/y"] {
        let target: wharf_model::TargetPath = target.parse().unwrap();
        let mount = Bind { target: target.clone(), ..bind("/srv/pods", "blog", "fresh") };
        assert_eq!(refusal(with(vec![bound(own()), mount])), Rule::Secrets, "{target}");
        let tmpfs = vec![TmpfsMount { target, size: None }];
        assert_eq!(refusal(Settings { tmpfs, ..with(vec![bound(own())]) }), Rule::Secrets);
    }
    let beside = Bind { target: "/run/secretsauce".parse().unwrap(), ..bind("/srv/pods", "blog", "fresh") };
    assert!(judge(with(vec![bound(own()), beside])).is_ok());
}

#[test]
fn secrets_refuse_a_pods_directory_that_reaches_them() {
    for place in ["/srv/pods/blog/fresh", "/srv/pods/blog/fresh/deep", "/srv/pods/blog", "/srv"] {
        let grants = Grants { secret_place: Some(place.into()), ..grants() };
        let call = member("blog.new", BLOG, with(vec![bind("/srv/pods", "blog", "fresh")]));
        let refused = decide(&blog(), call, &facts(), &grants).unwrap_err();
        assert_eq!(refused.rule, Rule::Secrets, "{place}");
    }
}

#[test]
fn secrets_refuse_core_dumps_and_strange_files() {
    let core = |soft, hard| vec![UlimitSpec { name: "core", soft, hard }];
    for ulimits in [Vec::new(), core(0, -1), core(1, 1)] {
        assert_eq!(refusal(Settings { ulimits, ..with(vec![bound(own())]) }), Rule::Secrets);
    }
    let twice = SecretBind { files: vec![file("a"), file("a")], ..own() };
    let strange = SecretBind { files: vec![SecretFile { mode: 0o4755, ..file("a") }], ..own() };
    for bind in [twice, strange] {
        assert_eq!(refusal(with(vec![bound(bind)])), Rule::Secrets);
    }
}

#[test]
fn secrets_refuse_more_than_a_sealed_file_has() {
    let many = |count: usize| {
        let files =
            (0..count).map(|number| SecretFile { file: format!("f{number}").parse().unwrap(), ..file("db") });
        with(vec![bound(SecretBind { files: files.collect(), ..own() })])
    };
    assert!(judge(many(200)).is_ok());
    assert_eq!(refusal(many(201)), Rule::Secrets);
}
