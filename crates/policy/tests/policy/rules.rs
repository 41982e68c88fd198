//! Each rule refuses what it is for, with its reason and its hint, and lets the neighbouring case pass.

use std::collections::BTreeSet;

use crate::world::{
    BLOG, OTHER, STRANGER, WEB, bind, blog, credentials, exec_id, facts, grants, id, image, member,
    named_image, other, pod, published, root, root_place, settings, summary,
};
use wharf_policy::{
    Actor, Denial, Effect, Facts, Grants, OwnedContainer, Rule, check_pod_scope, decide, foresee_image,
};
use wharf_wire::{Bind, BindSource, Call, NetworkChoice, RegistryCredentials, RootPlace, Settings};

/// Judged for `blog`.
fn judge(call: Call, facts: &Facts, grants: &Grants) -> Result<Vec<Effect>, Denial> {
    decide(&blog(), call, facts, grants).map(|permit| permit.effects().to_vec())
}

fn judged(call: Call) -> Result<Vec<Effect>, Denial> {
    judge(call, &facts(), &grants())
}

fn denial<T>(rule: Rule, reason: &str, hint: &str) -> Result<T, Denial> {
    Err(Denial { rule, reason: reason.into(), hint: Some(hint.into()) })
}

const PERMITTED: Result<Vec<Effect>, Denial> = Ok(Vec::new());

#[test]
fn pod_scope_refuses_another_pod() {
    let refused = || {
        denial(
            Rule::PodScope,
            "pod `other` is not yours to manage",
            "the pod is the one that your sudoers line names",
        )
    };
    assert_eq!(judged(Call::StopContainer(id(OTHER))), refused());
    assert_eq!(judged(Call::StopContainer(id(WEB))), PERMITTED);
    assert_eq!(judged(root("other", root_place())), refused());
    assert_eq!(judged(root("blog", root_place())), PERMITTED);
    assert_eq!(judged(Call::StartExec { exec: exec_id(OTHER), tty: false }), refused());
    assert_eq!(judged(Call::StartExec { exec: exec_id(WEB), tty: false }), PERMITTED);
    let refused: Result<(), Denial> = denial(
        Rule::PodScope,
        "pod `blog` is not yours to manage",
        "the pod is the one that your sudoers line names",
    );
    assert_eq!(check_pod_scope(&other(), &pod("blog")), refused);
    assert_eq!(check_pod_scope(&other(), &pod("other")), Ok(()));
}

#[test]
fn ownership_refuses_what_is_no_pods_own() {
    let hint = "look at it with `docker inspect`; remove or rename it yourself if it is in the way";
    let reason = "container dddddddddddd is no pod's own, by label and name";
    assert_eq!(judged(Call::RemoveContainer(id(STRANGER))), denial(Rule::Ownership, reason, hint));
    assert_eq!(judged(Call::RemoveContainer(id(WEB))), PERMITTED);
    let reason = "that exec does not run in a container of a pod";
    assert_eq!(
        judged(Call::StartExec { exec: exec_id(STRANGER), tty: false }),
        denial(Rule::Ownership, reason, hint)
    );
}

#[test]
fn ownership_is_proved_by_label_and_name_together() {
    let owner = |container: &str, labels: &[(&str, &str)]| {
        OwnedContainer::observed(&summary('f', container, labels)).map(|owned| owned.name().to_string())
    };
    assert_eq!(owner("blog", &[("wharf.pod", "blog")]), Some("blog".into()));
    assert_eq!(owner("blog.web", &[("org.hezmatt.moby-derp.pod-name", "blog")]), Some("blog.web".into()));
    assert_eq!(owner("blog", &[]), None, "a name alone");
    assert_eq!(owner("other", &[("wharf.pod", "blog")]), None, "a label alone, as from an image");
    assert_eq!(owner("blogger", &[("wharf.pod", "blog")]), None);
    assert_eq!(owner("other.blog", &[("wharf.pod", "blog")]), None);
    let both = [("org.hezmatt.moby-derp.pod-name", "other"), ("wharf.pod", "blog")];
    assert_eq!(owner("blog", &both), None, "the labels disagree");
}

#[test]
fn ownership_refuses_to_join_anything_but_the_pods_own_root_container() {
    let refused = |container: &str| {
        let reason = format!(
            "container `{container}` would join the namespaces of something that is not the pod's root container"
        );
        denial(Rule::Ownership, &reason, "a member joins the root container of its own pod, and nothing else")
    };
    for joined in [OTHER, STRANGER, WEB, 'f'] {
        assert_eq!(judged(member("blog.db", joined, settings())), refused("blog.db"), "{joined}");
    }
    assert_eq!(judged(member("blog.db", BLOG, settings())), PERMITTED);
    assert_eq!(judged(member("blog", BLOG, settings())), refused("blog"), "a root container that joins");
    assert_eq!(judged(root("blog.db", root_place())), refused("blog.db"), "a member that does not");
}

fn with_binds(binds: Vec<Bind>) -> Call {
    member("blog.db", BLOG, Settings { binds, ..settings() })
}

#[test]
fn mounts_refuse_what_is_outside_the_pods_directory() {
    let outside = || {
        denial(
            Rule::Mounts,
            "source `data` is outside the pod's own directory",
            "a pod mounts what lies below /srv/pods/blog",
        )
    };
    assert_eq!(judged(with_binds(vec![bind("/srv/pods", "other", "data")])), outside());
    assert_eq!(judged(with_binds(vec![bind("/etc", "blog", "data")])), outside());
    let effect =
        Effect::MountSource { tenant: None, pod: pod("blog"), source: "data".parse().unwrap(), owner: None };
    assert_eq!(judged(with_binds(vec![bind("/srv/pods", "blog", "data")])), Ok(vec![effect]));
    let nowhere = Grants { mount_root: None, ..grants() };
    assert_eq!(
        judge(with_binds(vec![bind("/srv/pods", "blog", "data")]), &facts(), &nowhere),
        denial(
            Rule::Mounts,
            "source `data` cannot be mounted: this host has no mount root",
            "the administrator sets `mount_root` in /etc/wharf/host.yml"
        )
    );
}

#[test]
fn mounts_refuse_a_source_inside_another_wished_or_observed() {
    let refused = |inner: &str, outer: &str| {
        denial(
            Rule::Mounts,
            &format!("source `{inner}` lies inside source `{outer}` of the same pod"),
            &format!(
                "a container that has `{outer}` could make `{inner}` a link to anywhere; give each its own directory \
                 side by side (if `{outer}` is of a container that goes away, `wharf down blog` first)"
            ),
        )
    };
    let sources = |sources: &[&str]| {
        let binds = sources.iter().map(|source| bind("/srv/pods", "blog", source)).collect();
        judged(with_binds(binds)).map(|effects| effects.len())
    };
    assert_eq!(sources(&["app", "app/sub"]), refused("app/sub", "app"));
    assert_eq!(sources(&["app/sub", "app"]), refused("app/sub", "app"));
    assert_eq!(sources(&["data/sub"]), refused("data/sub", "data"), "`data` is only observed");
    assert_eq!(
        sources(&["app", "app2", "app-sub", "data"]),
        Ok(4),
        "the same source twice, and names that begin alike"
    );
    assert_eq!(sources(&["secrets/key"]), Ok(1), "another pod's directory of that name is no concern");
}

#[test]
fn mounts_refuse_the_hosts_resolv_conf_unless_it_is_lent_and_readonly() {
    let mount = |readonly| {
        with_binds(vec![Bind {
            source: BindSource::HostResolvConf,
            target: "/etc/resolv.conf".parse().unwrap(),
            readonly,
        }])
    };
    let refused = || {
        denial(
            Rule::Mounts,
            "the host's /etc/resolv.conf is not for containers on this host",
            "ask the administrator (`use_host_resolv_conf`)",
        )
    };
    let lent = Grants { host_resolv_conf: true, ..grants() };
    assert_eq!(judged(mount(true)), refused());
    assert_eq!(judge(mount(false), &facts(), &lent), refused());
    assert_eq!(judge(mount(true), &facts(), &lent), PERMITTED);
}

#[test]
fn ports_refuse_a_fixed_port_that_is_not_the_pods() {
    let publish = |pod: &str, ports: &[Option<&str>]| {
        let published = ports.iter().map(|port| published(*port)).collect();
        let call = root(pod, RootPlace { published, ..root_place() });
        decide(&wharf_policy::Actor::Administrator, call, &facts(), &grants())
            .map(|permit| permit.effects().len())
    };
    let refused = |port: &str, pod: &str| {
        denial(
            Rule::Ports,
            &format!("host port {port} is not this pod's to publish"),
            &format!(
                "publish to an ephemeral port (leave the host's port out), or ask the administrator \
                 (`port_whitelist: {{{port}: {pod}}}`)"
            ),
        )
    };
    assert_eq!(publish("blog", &[Some("8081")]), refused("8081", "blog"));
    assert_eq!(publish("blog", &[None, Some("8080"), Some("8081")]), refused("8081", "blog"));
    assert_eq!(publish("blog", &[None, Some("8080")]), Ok(0));
}

#[test]
fn ports_of_another_pod_are_refused() {
    let call = root("other", RootPlace { published: vec![published(Some("8080"))], ..root_place() });
    let call = match call {
        Call::CreateContainer { name, image, mut spec } => {
            spec.settings.labels.insert("wharf.pod".into(), "other".into());
            Call::CreateContainer { name, image, spec }
        }
        other => other,
    };
    let judged = decide(&other(), call, &facts(), &grants()).map_err(|denial| denial.reason);
    assert_eq!(judged, Err("host port 8080 is not this pod's to publish".into()));
}

#[test]
fn labels_refuse_what_other_programs_obey() {
    let label = |name: &str, value: &str| {
        let mut settings = settings();
        settings.labels.insert(name.into(), value.into());
        judged(member("blog.db", BLOG, settings))
    };
    let refused = |label: &str, prefix: &str| {
        denial(
            Rule::Labels,
            &format!("label `{label}` begins with `{prefix}`, which is reserved on this host"),
            "rename the label, or ask the administrator (`reserved_labels`)",
        )
    };
    assert_eq!(label("traefik.enable", "true"), refused("traefik.enable", "traefik."));
    assert_eq!(
        label("com.docker.compose.project", "x"),
        refused("com.docker.compose.project", "com.docker.")
    );
    assert_eq!(label("wharf.tenant", "x"), refused("wharf.tenant", "wharf."));
    assert_eq!(
        label("org.hezmatt.moby-derp.x", "x"),
        refused("org.hezmatt.moby-derp.x", "org.hezmatt.moby-derp.")
    );
    assert_eq!(label("traefik", "true"), PERMITTED);
    assert_eq!(label("com.dockerless", "x"), PERMITTED);
    assert_eq!(label("wharf.container", "db"), PERMITTED, "wharf's own");
    let another = || {
        denial(
            Rule::Labels,
            "the container would carry another pod's name in its labels",
            "the labels that say whose a container is are written by wharf alone",
        )
    };
    assert_eq!(label("wharf.pod", "other"), another());
    assert_eq!(label("org.hezmatt.moby-derp.pod-name", "other"), another());
    assert_eq!(label("org.hezmatt.moby-derp.pod-name", "blog"), PERMITTED);
}

#[test]
fn labels_of_an_image_are_refused_as_the_files_are() {
    let hint = "build the image without the label, or ask the administrator (`reserved_labels`)";
    let with = |labels: &[&str]| {
        let labels = labels.iter().map(ToString::to_string).collect();
        let facts = Facts { image_labels: [(image(), labels)].into(), ..facts() };
        let made = judge(member("blog.db", BLOG, settings()), &facts, &grants()).map(|effects| effects.len());
        assert_eq!(
            made.clone().map(|_| ()),
            foresee_image(&image(), &facts, &grants()),
            "foreseen as decided"
        );
        made
    };
    let reason = format!(
        "label `traefik.enable` of image `{}` begins with `traefik.`, which is reserved on this host",
        image()
    );
    assert_eq!(with(&["maintainer", "traefik.enable"]), denial(Rule::Labels, &reason, hint));
    assert_eq!(with(&["maintainer", "traefik"]), Ok(0));
    let unknown = Facts { image_labels: [].into(), ..facts() };
    let reason = format!("the labels of image `{}` are not known", image());
    assert_eq!(
        judge(member("blog.db", BLOG, settings()), &unknown, &grants()),
        denial(Rule::Labels, &reason, hint)
    );
}

#[test]
fn network_refuses_any_but_the_one_for_pods() {
    let on = |network: &NetworkChoice, facts: &Facts| {
        judge(root("blog", RootPlace { network: network.clone(), ..root_place() }), facts, &grants())
    };
    let refused = || {
        denial(
            Rule::Network,
            "the pod would join a network other than the one for pods",
            "ask the administrator (`network_name`)",
        )
    };
    let own = NetworkChoice::UserDefined { id: "1".repeat(64).parse().unwrap(), name: "bridge".into() };
    assert_eq!(on(&own, &facts()), refused());
    assert_eq!(on(&NetworkChoice::DefaultBridge, &facts()), PERMITTED);
    let unknown = Facts { networks: [].into(), ..facts() };
    assert_eq!(on(&NetworkChoice::DefaultBridge, &unknown), refused(), "nothing is known of it");
    let known = Facts { networks: [("bridge".into(), own.clone())].into(), ..facts() };
    assert_eq!(on(&own, &known), PERMITTED);
}

fn with_drops(drops: &[&str], grants: &Grants) -> Result<Vec<Effect>, Denial> {
    let cap_drop: BTreeSet<String> = drops.iter().map(ToString::to_string).collect();
    judge(member("blog.db", BLOG, Settings { cap_drop, ..settings() }), &facts(), grants)
}

#[test]
fn net_raw_refuses_raw_sockets_unless_they_are_granted() {
    let refused = denial(
        Rule::NetRaw,
        "container `blog.db` would keep NET_RAW",
        "ask the administrator (`allow_net_raw`)",
    );
    assert_eq!(with_drops(&["MKNOD"], &grants()), refused);
    assert_eq!(with_drops(&["MKNOD", "NET_RAW"], &grants()), PERMITTED);
    assert_eq!(with_drops(&["ALL"], &grants()), PERMITTED);
    assert_eq!(with_drops(&["MKNOD"], &Grants { net_raw: [pod("blog")].into(), ..grants() }), PERMITTED);
    let others = Grants { net_raw: [pod("other")].into(), ..grants() };
    assert_eq!(with_drops(&["MKNOD"], &others).map_err(|denial| denial.rule), Err(Rule::NetRaw));
}

#[test]
fn devices_refuse_a_container_that_could_make_device_files() {
    let hint = "no pod's container makes device files; wharf drops MKNOD from all of them";
    let refused = denial(Rule::Devices, "container `blog.db` would keep MKNOD", hint);
    assert_eq!(with_drops(&["NET_RAW"], &grants()), refused);
    assert_eq!(with_drops(&["NET_RAW", "MKNOD"], &grants()), PERMITTED);
    assert_eq!(with_drops(&["ALL"], &grants()), PERMITTED);
}

#[test]
fn registry_refuses_the_hosts_account_to_a_pod_that_it_is_not_lent_to() {
    let pull = |credentials| Call::PullImage { image: named_image(), credentials };
    let judged_for_other = |grants: &Grants, credentials| {
        decide(&other(), pull(credentials), &facts(), grants).map(|permit| permit.effects().len())
    };
    let reason = "the host's account at `registry.example` is not lent to this pod";
    let refused = denial(Rule::Registry, reason, "ask the administrator (`registries`)");
    assert_eq!(judged_for_other(&grants(), Some(credentials())), refused);
    assert_eq!(judged_for_other(&grants(), None), Ok(0));
    assert_eq!(judged(pull(Some(credentials()))), PERMITTED);
    let own = Grants { own_credentials: true, ..grants() };
    assert_eq!(judged_for_other(&own, Some(credentials())), Ok(0), "the caller's own account");
}

#[test]
fn registry_refuses_to_tell_an_account_to_another_registry() {
    let elsewhere = RegistryCredentials { registry: "docker.io".into(), ..credentials() };
    let reason = "the account at `docker.io` is not for `registry.example`";
    let refused = denial(Rule::Registry, reason, "an account is told to its own registry alone");
    let pull = Call::PullImage { image: named_image(), credentials: Some(elsewhere) };
    let own = Grants { own_credentials: true, ..grants() };
    for grants in [grants(), own] {
        let judged = decide(&Actor::Administrator, pull.clone(), &facts(), &grants);
        assert_eq!(judged.map(|permit| permit.effects().len()), refused);
    }
}

#[test]
fn every_rule_has_a_test_here_by_its_name() {
    let tests = concat!(
        include_str!("rules.rs"),
        include_str!("secrets.rs"),
        include_str!("tenant_rules/container.rs"),
        include_str!("tenant_rules/images.rs"),
        include_str!("tenant_rules/labels.rs"),
        include_str!("tenant_rules/limits.rs"),
        include_str!("tenant_rules/network.rs"),
        include_str!("tenant_rules/whose.rs"),
        include_str!("workstation_rules.rs"),
    );
    let dense: String = tests.split_whitespace().collect();
    for rule in Rule::ALL {
        let beginning = format!("\nfn {}_", rule.name().replace('-', "_"));
        assert!(tests.contains(&beginning), "no test's name begins with `{}`", rule.name());
        let compared = format!("denial(Rule::{rule:?},");
        assert!(dense.contains(&compared), "no whole denial of `{}` is compared", rule.name());
    }
}
