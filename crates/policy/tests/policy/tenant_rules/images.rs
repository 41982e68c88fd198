//! Images, and the accounts at registries.

use super::{denial, judged};
use crate::tenant_world::{ALICES, LENDER, account, image, named};
use wharf_policy::{Denial, Rule};
use wharf_wire::tenant::TenantCall;

#[test]
fn images_get_a_borrowed_name_back_and_no_other_does() {
    let restored = |lender: char, name: &str| {
        judged(TenantCall::RestoreAfterPush { image: image(lender), to: named(name) })
    };
    let refused = |name: &str| {
        denial(Rule::Images, &format!("`{name}` was not borrowed from this image"), "push it again")
    };
    let app = "registry.example/alice/app:1";
    assert_eq!(restored(LENDER, app), Ok(()));
    assert_eq!(restored('7', app), refused(app));
    assert_eq!(restored(ALICES.digit, app), refused(app), "though it is alice's");
    assert_eq!(restored(LENDER, "registry.example/alice/app:2"), refused("registry.example/alice/app:2"));
    assert_eq!(
        restored(LENDER, "docker.io/library/alpine:1").map_err(|denial| denial.rule),
        Err(Rule::Images)
    );
}

fn pull(reference: &str, digest: &str) -> Result<(), Denial> {
    let image = named(reference);
    judged(TenantCall::Pull { image, digest: digest.into(), platform: None, credentials: None })
}

#[test]
fn images_refuse_what_is_not_granted() {
    let digest = format!("sha256:{}", "1".repeat(64));
    let refused = |name: &str, what: &str, key: &str| {
        denial(
            Rule::Images,
            &format!("`{name}` is not among what may be {what}"),
            &format!("ask the administrator (`tenants.alice.images.{key}`)"),
        )
    };
    for (reference, name) in [
        ("127.0.0.1:5000/x", "127.0.0.1:5000/x"),
        ("169.254.169.254/x", "169.254.169.254/x"),
        ("bob/app", "docker.io/bob/app"),
        ("registry.example/alice2/app", "registry.example/alice2/app"),
        ("wharf.invalid/bob/1/docker.io/library/app", "wharf.invalid/bob/1/docker.io/library/app"),
    ] {
        assert_eq!(pull(reference, &digest), refused(name, "pulled", "pull"));
        let image = || named(reference);
        let asked = TenantCall::InspectDistribution { image: image(), credentials: None };
        assert_eq!(judged(asked), refused(name, "pulled", "pull"));
        let gone = TenantCall::RemoveDigest { image: image(), digest: digest.clone() };
        assert_eq!(judged(gone), refused(name, "pulled", "pull"));
        let pushed = refused(name, "pushed", "push");
        assert_eq!(judged(TenantCall::Push { image: image(), credentials: None }), pushed);
        assert_eq!(judged(TenantCall::TagForPush { image: ALICES.image(), to: image() }), pushed);
        assert_eq!(judged(TenantCall::UntagAfterPush { image: image() }), pushed);
    }
    assert_eq!(pull("alpine:3", &digest), Ok(()));
    let alpine = || named("alpine:3");
    let pushed = refused("docker.io/library/alpine", "pushed", "push");
    assert_eq!(judged(TenantCall::Push { image: alpine(), credentials: None }), pushed, "pulled, not pushed");
    let only_pushed = named("registry.example/shared/x");
    let asked = TenantCall::InspectDistribution { image: only_pushed, credentials: None };
    assert_eq!(judged(asked), Ok(()), "what may be pushed may be looked at");
}

#[test]
fn images_are_pulled_by_the_digest_that_was_judged() {
    let digest = |digit: char| format!("sha256:{}", digit.to_string().repeat(64));
    let refused = |digest: &str, image: &str| {
        denial(
            Rule::Images,
            &format!("`{digest}` is not the digest of `{image}`"),
            "pull it by its tag, or by its full digest",
        )
    };
    for bad in ["latest", "sha256:12", "", &"1".repeat(64), &format!("{}&fromSrc=x", digest('1'))] {
        assert_eq!(pull("alpine:3", bad), refused(bad, "alpine:3"));
    }
    let by_digest = format!("alpine@{}", digest('1'));
    assert_eq!(pull(&by_digest, &digest('1')), Ok(()));
    assert_eq!(pull(&by_digest, &digest('2')), refused(&digest('2'), &by_digest));
}

#[test]
fn images_that_are_shared_are_changed_by_no_tenant() {
    let image = || named("registry.example/shared/base:1");
    let refused = || {
        denial(
            Rule::Images,
            "`registry.example/shared/base:1` is shared with every tenant, and changed by none",
            "push it by another name, or ask the administrator (`shared_images`)",
        )
    };
    assert_eq!(judged(TenantCall::TagForPush { image: ALICES.image(), to: image() }), refused());
    assert_eq!(judged(TenantCall::Push { image: image(), credentials: None }), refused());
    assert_eq!(judged(TenantCall::UntagAfterPush { image: image() }), refused());
    let by_digest = format!("registry.example/alice/app@sha256:{}", "1".repeat(64));
    let answer = judged(TenantCall::Push { image: named(&by_digest), credentials: None });
    let reason = format!("`{by_digest}` has a digest");
    assert_eq!(answer, denial(Rule::Images, &reason, "push it by a tag"));
}

#[test]
fn registry_refuses_to_tell_a_tenants_account_to_another() {
    let push = |registry: &str| {
        let image = named("registry.example/alice/app:1");
        judged(TenantCall::Push { image, credentials: Some(account(registry)) })
    };
    for registry in
        ["docker.io", "evil.example", "https://registry.example@evil.example", "http://registry.example"]
    {
        let reason = format!("the account at `{registry}` is not for `registry.example`");
        let hint = "log in to the registry that the image is at";
        assert_eq!(push(registry), denial(Rule::Registry, &reason, hint));
    }
    let elsewhere = || Some(account("evil.example"));
    let image = || named("registry.example/alice/app:1");
    let digest = format!("sha256:{}", "1".repeat(64));
    for call in [
        TenantCall::InspectDistribution { image: image(), credentials: elsewhere() },
        TenantCall::Pull { image: image(), digest, platform: None, credentials: elsewhere() },
    ] {
        assert_eq!(judged(call).map_err(|denial| denial.rule), Err(Rule::Registry));
    }
    for registry in ["registry.example", "https://registry.example", "https://registry.example/v2/", ""] {
        assert_eq!(push(registry), Ok(()), "{registry}");
    }
}

#[test]
fn registry_is_tried_only_where_the_tenant_may_go() {
    let tried = |registry: &str| judged(TenantCall::CheckCredentials(account(registry)));
    for registry in [
        "169.254.169.254",
        "registry.example:5000",
        "https://registry.example/../x",
        "unix:///x",
        "docker.io#x",
    ] {
        let reason = format!("registry `{registry}` is not among those granted");
        let hint = "ask the administrator (`tenants.alice.images.pull`)";
        assert_eq!(tried(registry), denial(Rule::Registry, &reason, hint));
    }
    for registry in
        ["registry.example", "https://index.docker.io/v1/", "docker.io", "registry-1.docker.io", ""]
    {
        assert_eq!(tried(registry), Ok(()), "{registry}");
    }
}
