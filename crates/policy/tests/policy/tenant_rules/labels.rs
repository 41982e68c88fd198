//! What an object says of itself: labels, pods, and where processes begin.

use super::{changed, denial, judge, judged};
use crate::tenant_world::{ALICES, facts, grants, network, object, owner, volume};
use std::collections::BTreeMap;
use wharf_policy::{Denial, Facts, Rule};
use wharf_wire::tenant::{CommitSpec, TenantCall, TenantExec};

#[test]
fn labels_refuse_to_say_whose_an_object_is_and_what_others_obey() {
    let label =
        |name: &str| judged(changed(|c| c.process.labels = Some([(name.to_owned(), "x".to_owned())].into())));
    let refused = |label: &str, prefix: &str| {
        denial(
            Rule::Labels,
            &format!("label `{label}` begins with `{prefix}`, which is reserved on this host"),
            "rename the label, or ask the administrator (`reserved_labels`)",
        )
    };
    for (name, prefix) in [
        ("wharf.tenant", "wharf."),
        ("wharf.asked", "wharf."),
        ("Wharf.Tenant", "wharf."),
        ("wharf.config-hash", "wharf."),
        ("org.hezmatt.moby-derp.config-hash", "org.hezmatt.moby-derp."),
        ("traefik.enable", "traefik."),
        ("Traefik.Enable", "traefik."),
        ("traefi\u{212a}.enable", "traefik."),
        ("com.docker.swarm.service.name", "com.docker."),
    ] {
        assert_eq!(label(name), refused(name, prefix));
        let mut made = volume();
        made.labels.insert(name.into(), "x".into());
        assert_eq!(judged(TenantCall::CreateVolume(made)), refused(name, prefix));
        let mut made = network();
        made.labels.insert(name.into(), "x".into());
        assert_eq!(judged(TenantCall::CreateNetwork(made)), refused(name, prefix));
    }
    for name in ["com.docker.compose.project", "org.testcontainers.sessionId", "traefik", "wharf"] {
        assert_eq!(label(name), Ok(()));
    }
    let mut made = volume();
    made.labels.insert("wharf.pod".into(), "blog".into());
    assert!(judged(TenantCall::CreateVolume(made)).is_err(), "only containers are a pod's");
}

fn with_labels(name: &str, labels: &[(&str, &str)]) -> Result<(), Denial> {
    judged(changed(|c| {
        c.name = object("alice", name);
        let labels = labels.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        c.process.labels = Some(labels.collect());
    }))
}

#[test]
fn labels_of_a_tenants_pod_say_what_its_containers_names_say() {
    let of_pod =
        [("wharf.pod", "blog"), ("wharf.config-hash", "x"), ("org.hezmatt.moby-derp.pod-name", "blog")];
    assert_eq!(with_labels("blog", &of_pod), Ok(()));
    assert_eq!(with_labels("blog.web", &of_pod), Ok(()));
    let reason = "container `web` would carry pod `blog` in its labels, and not in its name";
    let hint = "the labels that say whose a container is are written by wharf alone";
    assert_eq!(with_labels("web", &of_pod), denial(Rule::Labels, reason, hint));
    let disagree = [("wharf.pod", "blog"), ("org.hezmatt.moby-derp.pod-name", "shop-1")];
    assert_eq!(with_labels("blog", &disagree).map_err(|denial| denial.rule), Err(Rule::Labels));
    let more = [("wharf.pod", "blog"), ("wharf.tenant", "bob")];
    assert_eq!(with_labels("blog", &more).map_err(|denial| denial.rule), Err(Rule::Labels));
}

#[test]
fn pods_of_a_tenant_are_those_it_is_granted() {
    assert_eq!(with_labels("shop-1", &[("wharf.pod", "shop-1")]), Ok(()));
    let refused = denial(
        Rule::PodScope,
        "pod `secret` is not yours to manage",
        "ask the administrator (`tenants.alice.pods`)",
    );
    assert_eq!(with_labels("secret", &[("wharf.pod", "secret")]), refused);
    assert_eq!(with_labels("secret", &[("org.hezmatt.moby-derp.pod-name", "secret")]), refused);
}

#[test]
fn labels_of_an_image_that_others_obey_are_refused_unless_written_over() {
    let with = |labels: &[&str], own: &[(&str, &str)]| {
        let labels = labels.iter().map(ToString::to_string).collect();
        let facts = Facts { image_labels: [(ALICES.image(), labels)].into(), ..facts() };
        let own = own.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let call = changed(|c| {
            c.name = object("alice", "blog");
            c.process.labels = Some(own);
        });
        judge(call, &facts, &grants())
    };
    let hint = "build the image without the label, or ask the administrator (`reserved_labels`)";
    for (label, prefix) in
        [("traefik.enable", "traefik."), ("wharf.pod", "wharf."), ("WHARF.tenant", "wharf.")]
    {
        let reason = format!(
            "label `{label}` of image `{}` begins with `{prefix}`, which is reserved on this host",
            ALICES.image()
        );
        assert_eq!(with(&["maintainer", label], &[]), denial(Rule::Labels, &reason, hint));
    }
    let owners = ["wharf.tenant", "wharf.generation", "wharf.user", "wharf.asked"];
    assert_eq!(with(&owners, &[]), Ok(()), "as a commit leaves them: always written over");
    assert_eq!(with(&["wharf.pod"], &[("wharf.pod", "blog")]), Ok(()), "its own stands over the image's");
    assert_eq!(with(&["com.docker.swarm.service.name"], &[]), Ok(()), "honest images carry Docker's");
    let unknown = Facts { image_labels: BTreeMap::new(), ..facts() };
    let reason = format!("the labels of image `{}` are not known", ALICES.image());
    assert_eq!(judge(changed(|_| {}), &unknown, &grants()), denial(Rule::Labels, &reason, hint));
}

fn committed(changes: &[&str]) -> Result<(), Denial> {
    let changes = changes.iter().map(ToString::to_string).collect();
    let commit = CommitSpec { changes, ..CommitSpec::default() };
    judged(TenantCall::Commit { container: ALICES.container(), commit, owner: owner() })
}

#[test]
fn labels_of_a_commit_are_refused_as_a_containers_are() {
    assert_eq!(committed(&["LABEL a=b \"c\"=d", "ENV X=wharf.tenant"]), Ok(()));
    for change in [
        "LABEL wharf.tenant=bob",
        " label\twharf.tenant bob",
        "LABEL a=b \"wharf.tenant\"=bob",
        "LABEL traefik.enable=1",
    ] {
        assert_eq!(committed(&[change]).map_err(|denial| denial.rule), Err(Rule::Labels), "{change}");
    }
}

#[test]
fn process_refuses_changes_that_are_more_than_one_instruction_each() {
    let hint = "one instruction each, of CMD, ENTRYPOINT, ENV, EXPOSE, LABEL, STOPSIGNAL, USER, WORKDIR";
    let refused = |shown: &str| denial(Rule::Process, &format!("`{shown}` is no change for a commit"), hint);
    assert_eq!(committed(&["CMD [\"sh\"]", "  user nobody"]), Ok(()));
    assert_eq!(committed(&["ENV A=b\nRUN rm -rf /"]), refused("ENV A=b\\nRUN rm -rf /"));
    assert_eq!(committed(&["ONBUILD RUN x"]), refused("ONBUILD RUN x"));
    assert_eq!(committed(&["# escape=`"]), refused("# escape=`"));
    assert_eq!(committed(&[""]), refused(""));
}

#[test]
fn process_refuses_to_begin_in_the_kernels_directories() {
    let begun = |path: &str| {
        let exec = TenantExec { working_dir: Some(path.into()), ..TenantExec::default() };
        let exec = judged(TenantCall::CreateExec { container: ALICES.container(), exec });
        assert_eq!(judged(changed(|c| c.process.working_dir = Some(path.into()))), exec);
        exec
    };
    let hint =
        "choose a plain path that is not in /proc; change directory in the command if it must be there";
    for path in ["/proc/self/fd/7", "//proc/self/fd/7", "/./proc", "/srv/../proc/self/fd/7", "proc/1"] {
        // CVE-2024-21626
        assert_eq!(begun(path), denial(Rule::Process, &format!("no process begins in `{path}`"), hint));
    }
    assert_eq!(begun("/srv/proc"), Ok(()));
    assert_eq!(begun("/process"), Ok(()));
}
