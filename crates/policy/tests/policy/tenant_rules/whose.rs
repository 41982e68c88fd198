//! Who asks, and whose an object is.

use super::{changed, denial, judged};
use crate::tenant_world::{
    ADOPTED, ALICES, BOBS, FORMER, SHARED, actor, alice, as_alice, bare, facts, grants, image, named,
    network, object, owner, standing, tag, tenant, volume,
};
use crate::world::{blog, root, root_place};
use std::collections::BTreeMap;
use wharf_model::{ContainerId, NetworkId, TenantId, TenantObject, VolumeName};
use wharf_policy::{
    Actor, Grants, Owned, Rule, TenantActor, VisibleImage, bridge_name, check_pod_scope, decide,
};
use wharf_wire::tenant::{CommitSpec, ContainerAct, Owner, TenantCall, TenantTag};
use wharf_wire::{Call, Verbatim};

#[test]
fn administrator_refuses_whoever_else_speaks_in_their_own_words() {
    let asked = || Call::Verbatim(Verbatim::new("GET", "/info", [].into_iter(), None).unwrap());
    let judged = |actor: &Actor| decide(actor, asked(), &facts(), &grants()).map(drop);
    let refused = denial(
        Rule::Administrator,
        "only the administrator speaks to the engine in its own words",
        "use `wharf`, or the gateway's socket for tenants",
    );
    assert_eq!(judged(&blog()), refused);
    assert_eq!(judged(&Actor::Administrator), Ok(()));
    assert_eq!(judged(&as_alice()).map_err(|denial| denial.rule), Err(Rule::Tenant));
}

#[test]
fn tenant_refuses_one_that_is_not_there_any_more() {
    let list = || TenantCall::ListVolumes { tenant: alice() };
    let judged = |actor: &Actor| decide(actor, Call::Tenant(list()), &facts(), &grants()).map(drop);
    let gone = |name: &str| {
        denial(
            Rule::Tenant,
            &format!("there is no tenant `{name}` on this machine any more"),
            "connect anew, or ask the administrator (`tenants`)",
        )
    };
    assert_eq!(judged(&actor("alice", 1)), gone("alice"), "adopted, and still not the tenant of today");
    assert_eq!(judged(&actor("alice", 3)), gone("alice"));
    assert_eq!(judged(&actor("carol", 1)), gone("carol"));
    assert_eq!(judged(&as_alice()), Ok(()));
}

#[test]
fn tenant_refuses_to_make_things_in_anothers_name() {
    let refused = || {
        denial(
            Rule::Tenant,
            "it would be made in another's name",
            "what a tenant makes is its own, and says which account asked",
        )
    };
    let others = [
        Owner { tenant: tenant("bob", 1), ..owner() },
        Owner { tenant: tenant("alice", 1), ..owner() },
        Owner { user: "mallory".into(), ..owner() },
    ];
    for owner in others {
        assert_eq!(judged(changed(|c| c.owner = owner.clone())), refused());
        let mut made = volume();
        made.owner = owner.clone();
        assert_eq!(judged(TenantCall::CreateVolume(made)), refused());
        let mut made = network();
        made.owner = owner.clone();
        assert_eq!(judged(TenantCall::CreateNetwork(made)), refused());
        let commit = CommitSpec::default();
        assert_eq!(judged(TenantCall::Commit { container: ALICES.container(), commit, owner }), refused());
    }
    assert_eq!(judged(TenantCall::LoadImages { quiet: true, tenant: tenant("alice", 1) }), refused());
}

#[test]
fn tenant_refuses_calls_that_are_not_the_gateways() {
    let calls = [
        Call::StopContainer(ALICES.container()),
        Call::PullImage { image: named("docker.io/library/alpine:1"), credentials: None },
        Call::LoadPauseImage(wharf_wire::Architecture::Amd64),
        root("blog", root_place()),
    ];
    for call in calls {
        let refused = denial(
            Rule::Tenant,
            "a tenant reaches the engine through the gateway alone",
            "use the gateway's socket",
        );
        assert_eq!(decide(&as_alice(), call, &facts(), &grants()).map(drop), refused);
    }
    assert!(check_pod_scope(&as_alice(), &"blog".parse().unwrap()).is_err());
}

#[test]
fn ownership_of_tenants_is_proved_by_label_and_name_together() {
    let labels = |tenant: &str, generation: &str| {
        BTreeMap::from([
            ("wharf.tenant".to_owned(), tenant.to_owned()),
            ("wharf.generation".to_owned(), generation.to_owned()),
        ])
    };
    let whose = |name: &str, labels: &BTreeMap<String, String>| {
        let container = Owned::<ContainerId>::observed(ALICES.container(), name, labels);
        let network = Owned::<NetworkId>::observed(ALICES.network(), name, labels);
        let volume = Owned::<VolumeName>::observed(name, labels);
        let all = [network.map(|owned| owned.tenant().clone()), volume.map(|owned| owned.tenant().clone())];
        let container = container.map(|owned| owned.tenant().clone());
        assert!(all.iter().all(|tenant| *tenant == container), "one proof for all kinds");
        container
    };
    assert_eq!(whose("alice_2--web", &labels("alice", "2")), Some(alice()));
    assert_eq!(whose("alice--web", &labels("alice", "1")), Some(tenant("alice", 1)));
    assert_eq!(whose("alice--web", &labels("alice", "2")), None, "a name of another generation's");
    assert_eq!(whose("alice_2--web", &labels("alice", "1")), None, "a name of another generation's");
    assert_eq!(whose("alice--web", &BTreeMap::new()), None, "a name alone");
    assert_eq!(whose("bob--web", &labels("alice", "2")), None, "a label alone, as from an image");
    assert_eq!(whose("web", &labels("alice", "2")), None);
    assert_eq!(whose("alice-web", &labels("alice", "2")), None);
    assert_eq!(whose("alice--web", &labels("alice", "two")), None);
    assert_eq!(whose("alice_2--web/db", &labels("alice", "2")), None, "a name by a link (ENGINE-API V10)");
    let listed = Owned::<ContainerId>::observed(ALICES.container(), "/alice_2--web", &labels("alice", "2"));
    assert_eq!(listed.map(|owned| owned.id().clone()), Some(ALICES.container()), "as lists say names");
}

#[test]
fn ownership_of_what_was_made_is_the_permits() {
    let permit = |call: TenantCall| decide(&as_alice(), Call::Tenant(call), &facts(), &grants()).unwrap();
    let made = permit(changed(|_| {}));
    let owned = Owned::<ContainerId>::created(&made, BOBS.container()).unwrap();
    assert_eq!((owned.tenant(), owned.id()), (&alice(), &BOBS.container()));
    assert_eq!(Owned::<NetworkId>::created(&made, BOBS.network()), None);
    let made = permit(TenantCall::CreateNetwork(network()));
    assert_eq!(Owned::<NetworkId>::created(&made, BOBS.network()).unwrap().tenant(), &alice());
    assert_eq!(Owned::<ContainerId>::created(&made, BOBS.container()), None);
}

#[test]
fn ownership_of_an_image_is_a_tag_of_ones_own_or_a_shared_one() {
    let (shared, alices) = (grants().shared_images, standing("alice"));
    let sees = |tags: &[&str]| {
        let tags: Vec<String> = tags.iter().map(ToString::to_string).collect();
        VisibleImage::observed(image('1'), &tags, &alice(), &alices, &shared).is_some()
    };
    assert!(sees(&["other:1", &tag(ALICES).to_string()]));
    assert!(sees(&["registry.example/shared/base:1"]));
    assert!(!sees(&[]));
    assert!(!sees(&["<none>:<none>"]));
    assert!(!sees(&["registry.example/alice/app:1"]), "the engine's own tags are nobody's");
    assert!(!sees(&[&tag(BOBS).to_string()]));
    assert!(!sees(&[&tag(FORMER).to_string()]));
    assert!(!sees(&["wharf.invalid/alice/2x/docker.io/library/a:1"]));
}

#[test]
fn ownership_refusals_say_what_the_engine_says_of_nothing() {
    let act = ContainerAct::Pause;
    let answer = judged(TenantCall::Container { container: BOBS.container(), act });
    let reason = format!("no such container: {}", "b".repeat(64));
    assert_eq!(answer, denial(Rule::Ownership, &reason, "look for it in the tenant's own lists"));
    assert!(answer.unwrap_err().is_hidden());
}

#[test]
fn names_refuse_those_of_another() {
    let refused = denial(Rule::Names, "`web` would bear another tenant's name", "names are the tenant's own");
    assert_eq!(judged(changed(|c| c.name = object("bob", "web"))), refused);
    let rename =
        |name| TenantCall::RenameContainer { container: ALICES.container(), name: object(name, "web") };
    assert_eq!(judged(rename("bob")), refused);
    assert_eq!(judged(rename("alice")), Ok(()));
    let adopted = |tenant: &str| TenantCall::RenameContainer {
        container: ADOPTED.container(),
        name: TenantObject { tenant: TenantId::from_engine(tenant).unwrap(), name: "web".parse().unwrap() },
    };
    assert_eq!(judged(adopted("alice")), Ok(()), "as its labels have it");
    assert_eq!(judged(adopted("alice_2")), refused);
    let mut made = volume();
    made.name = VolumeName::Named(object("bob", "web"));
    assert_eq!(judged(TenantCall::CreateVolume(made)), refused);
    let mut made = crate::tenant_world::network();
    made.name = object("bob", "web");
    made.bridge = bridge_name(&alice(), &"web".parse().unwrap());
    assert_eq!(judged(TenantCall::CreateNetwork(made)), refused);
    let of_bob = TenantTag::named(&tenant("bob", 1), &named("a:1")).unwrap();
    let own_of_another_image = TenantTag::untagged(&alice(), &BOBS.image());
    let formers = TenantTag::named(&tenant("alice", 1), &named("a:1")).unwrap();
    for tag in [of_bob, own_of_another_image, formers] {
        let reason = format!("`{tag}` is not the tenant's own tag");
        let judged = judged(TenantCall::TagImage { image: ALICES.image(), tag });
        assert_eq!(judged, denial(Rule::Names, &reason, "names are the tenant's own"));
    }
}

#[test]
fn names_and_labels_agree_even_for_the_administrator() {
    let made = |name: &str| {
        let mut made = volume();
        made.name = VolumeName::Named(object(name, "data"));
        decide(&Actor::Administrator, Call::Tenant(TenantCall::CreateVolume(made)), &facts(), &grants())
            .map(drop)
    };
    let refused = denial(
        Rule::Names,
        "`bob--data` would bear another name than that of its tenant `alice_2`",
        "name and labels say the same",
    );
    assert_eq!(made("bob"), refused);
    assert_eq!(made("alice"), Ok(()));
}

#[test]
fn names_of_pods_refuse_those_of_tenants_objects() {
    let made = |pod: &str, grants: &Grants| {
        let mut call = root(pod, root_place());
        if let Call::CreateContainer { spec, .. } = &mut call {
            spec.settings.labels.insert("wharf.pod".into(), pod.into());
        }
        decide(&Actor::Administrator, call, &crate::world::facts(), grants).map(drop)
    };
    let grants = Grants { tenants: grants().tenants, ..crate::world::grants() };
    let refused = denial(
        Rule::Names,
        "pod `alice--web` is called as what tenant `alice` has",
        "choose a name that does not begin with `alice--`",
    );
    assert_eq!(made("alice--web", &grants), refused);
    assert_eq!(made("alice-web", &grants), Ok(()));
    assert_eq!(
        made("alice_7--web", &grants),
        denial(
            Rule::Names,
            "pod `alice_7--web` is called as what tenant `alice_7` has",
            "choose a name that does not begin with `alice_7--`",
        )
    );
    for pod in ["alice", "alice_2"] {
        let reason = format!("`/srv/pods/{pod}` has the directories of tenant `alice`");
        assert_eq!(
            made(pod, &grants),
            denial(Rule::Names, &reason, "call the pod otherwise than the tenant")
        );
    }
    assert_eq!(made("alice", &Grants { mount_root: None, ..grants.clone() }), Ok(()));
    assert_eq!(made("carol--web", &grants), Ok(()), "no tenant of today");
    assert_eq!(made("alice--web", &crate::world::grants()), Ok(()), "a machine without tenants");
}

#[test]
fn an_actor_is_shown_as_the_audit_trail_has_it() {
    let bob_for_alice = Actor::Tenant(TenantActor { tenant: alice(), user: "bob".into() });
    assert_eq!(bob_for_alice.to_string(), "tenant alice (user bob)");
}

#[test]
fn a_wish_that_was_not_completed_is_refused() {
    let call = TenantCall::CreateContainer { container: Box::new(bare()), platform: None };
    assert!(judged(call).is_err());
    let shared = TenantCall::RemoveTag { tag: tag(BOBS) };
    assert!(judged(shared).unwrap_err().is_hidden());
    assert!(judged(changed(|c| c.image = image(SHARED))).is_ok());
}
