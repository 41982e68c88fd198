//! images: a tenant pulls and pushes what it is granted, tags its own, and changes nothing that is shared.

use super::case::Case;
use crate::{Denial, Rule};
use wharf_model::{ImageId, ImagePattern, NamedImage};
use wharf_wire::tenant::{SavedName, TenantTag};

/// A registry is asked about what may be pulled or pushed, and about nothing else: the engine would reach any address.
pub(crate) fn check_known(case: &Case<'_>, image: &NamedImage) -> Result<(), Denial> {
    let images = &case.grant().images;
    if fits(&images.pull, image) || fits(&images.push, image) {
        return Ok(());
    }
    Err(not_granted(case, image, "pull"))
}

/// The digest is what the engine heeds; the reference is judged, and what it stands for was asked of its registry.
pub(crate) fn check_pull(case: &Case<'_>, image: &NamedImage, digest: &str) -> Result<(), Denial> {
    if !fits(&case.grant().images.pull, image) {
        return Err(not_granted(case, image, "pull"));
    }
    let is_digest = digest.parse::<ImageId>().is_ok(); // the same grammar
    if is_digest && image.digest().is_none_or(|said| said == digest) {
        return Ok(());
    }
    Err(Denial::new(
        Rule::Images,
        format!("`{digest}` is not the digest of `{image}`"),
        "pull it by its tag, or by its full digest",
    ))
}

/// For the while of a push the engine has the image under the registry's own name, which everybody could see.
pub(crate) fn check_push(case: &Case<'_>, image: &NamedImage) -> Result<(), Denial> {
    if !fits(&case.grant().images.push, image) {
        return Err(not_granted(case, image, "push"));
    }
    if image.digest().is_some() {
        return Err(Denial::new(Rule::Images, format!("`{image}` has a digest"), "push it by a tag"));
    }
    if fits(&case.grants.shared_images, image) {
        return Err(Denial::new(
            Rule::Images,
            format!("`{image}` is shared with every tenant, and changed by none"),
            "push it by another name, or ask the administrator (`shared_images`)",
        ));
    }
    Ok(())
}

/// A push gives a borrowed name back to the image that had it, and to no other.
pub(crate) fn check_restored(case: &Case<'_>, image: &ImageId, to: &NamedImage) -> Result<(), Denial> {
    check_push(case, to)?;
    if case.facts.borrowed.as_ref() == Some(&(image.clone(), to.clone())) {
        return Ok(());
    }
    Err(Denial::new(Rule::Images, format!("`{to}` was not borrowed from this image"), "push it again"))
}

/// A tag of the present tenant's; one for an image without a name says that image's own id.
pub(crate) fn check_tag(case: &Case<'_>, image: &ImageId, tag: &TenantTag) -> Result<(), Denial> {
    let fits = match tag.shown() {
        SavedName::Named(_) | SavedName::Digested(_) => true,
        SavedName::Untagged(id) => id == image,
    };
    if fits && tag.tenant() == case.tenant {
        return Ok(());
    }
    Err(Denial::new(
        Rule::Names,
        format!("`{tag}` is not the tenant's own tag"),
        "names are the tenant's own",
    ))
}

fn fits(patterns: &[ImagePattern], image: &NamedImage) -> bool {
    patterns.iter().any(|pattern| pattern.matches(image))
}

fn not_granted(case: &Case<'_>, image: &NamedImage, what: &str) -> Denial {
    let reason = format!("`{}/{}` is not among what may be {what}ed", image.domain(), image.path());
    let key = if what == "pull" { "images.pull" } else { "images.push" };
    Denial::new(Rule::Images, reason, case.ask_for(key))
}
