//! A tenant's view of an image: a tag of its own, `wharf.invalid/<tenant>/<generation>/<domain>/<path>:<tag>`.

use crate::pause::PAUSE_IMAGE_NAME;
use std::fmt;
use thiserror::Error;
use wharf_model::{Generation, ImageId, ImageRef, NamedImage, TenantId};

/// A tag by which a tenant has an image. The domain `.invalid` exists nowhere (RFC 6761), so that no engine ever pulls
/// one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TenantTag {
    tenant: TenantId,
    shown: SavedName,
}

/// What the tenant calls it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SavedName {
    /// A reference with a tag and without a digest.
    Named(NamedImage),
    /// A reference with a digest, by which the image was pulled.
    Digested(NamedImage),
    /// An image whose tag was given to another, or that never had one.
    Untagged(ImageId),
}

/// Why a reference cannot be a tenant's tag.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum TenantTagError {
    /// A digest cannot be a tag.
    #[error("a digest cannot be given as a tag")]
    Digest,
    /// Upper-case registries and numeric IPv6 addresses do not fit into a repository's path.
    #[error("images of the registry `{0}` cannot be kept for a tenant; write its name in lower case")]
    Registry(String),
    /// The domain of tenants' tags themselves.
    #[error("images called `wharf.invalid/…` are the gateway's own; choose another name")]
    Own,
    /// More than 255 bytes with the tenant's prefix.
    #[error("the image's name is too long")]
    TooLong,
}

/// The domain of all tenants' tags.
const DOMAIN: &str = "wharf.invalid";
const UNTAGGED: &str = "untagged";
/// Before the domain, of which none is called so: a domain has a `.` or a `:`, or is `localhost`.
const DIGESTED: &str = "digest";

/// The one image of that domain that a tenant has by its name: `wharf up` loads it for the roots of her pods.
fn is_pause_image(shown: &SavedName) -> bool {
    let SavedName::Named(image) = shown else { return false };
    PAUSE_IMAGE_NAME.split_once('/') == Some((image.domain(), image.path()))
}

/// What a container's changes become.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct CommitSpec {
    /// For people.
    pub comment: Option<String>,
    /// For people.
    pub author: Option<String>,
    /// Stop its processes meanwhile.
    pub pause: bool,
    /// Lines of a Dockerfile: `CMD`, `ENTRYPOINT`, `ENV`, `EXPOSE`, `LABEL`, `USER`, `WORKDIR`, `STOPSIGNAL`.
    pub changes: Vec<String>,
}

impl TenantTag {
    /// The tag by which `tenant` has `image`.
    ///
    /// # Errors
    /// When the reference has a digest, or does not fit.
    pub fn named(tenant: &TenantId, image: &NamedImage) -> Result<Self, TenantTagError> {
        if image.digest().is_some() {
            return Err(TenantTagError::Digest);
        }
        Self::fitting(tenant, SavedName::Named(image.clone()), image.domain())
    }

    /// The tag by which `tenant` has what it pulled by digest.
    ///
    /// # Errors
    /// When the reference has no digest of 64 digits, or does not fit.
    pub fn digested(tenant: &TenantId, image: &NamedImage) -> Result<Self, TenantTagError> {
        if image.digest().is_none_or(|digest| !digest.starts_with("sha256:")) {
            return Err(TenantTagError::Digest);
        }
        Self::fitting(tenant, SavedName::Digested(image.clone()), image.domain())
    }

    fn fitting(tenant: &TenantId, shown: SavedName, domain: &str) -> Result<Self, TenantTagError> {
        if domain == DOMAIN && !is_pause_image(&shown) {
            return Err(TenantTagError::Own);
        }
        if domain.starts_with('[') || domain.bytes().any(|b| b.is_ascii_uppercase()) {
            return Err(TenantTagError::Registry(domain.to_owned()));
        }
        let tag = Self { tenant: tenant.clone(), shown };
        if tag.repository().len() > 255 { Err(TenantTagError::TooLong) } else { Ok(tag) }
    }

    /// The tag by which `tenant` has an image without a name.
    pub fn untagged(tenant: &TenantId, image: &ImageId) -> Self {
        Self { tenant: tenant.clone(), shown: SavedName::Untagged(image.clone()) }
    }

    /// Takes an engine's tag apart; `None` when it is no tenant's.
    pub fn from_engine(reference: &str) -> Option<Self> {
        let rest = reference.strip_prefix(DOMAIN)?.strip_prefix('/')?;
        let (tenant, rest) = rest.split_once('/')?;
        let (generation, rest) = rest.split_once('/')?;
        let tenant =
            TenantId { name: tenant.parse().ok()?, generation: Generation(generation.parse().ok()?) };
        if let Some(hex) = rest.strip_prefix(UNTAGGED).and_then(|rest| rest.strip_prefix(':')) {
            return Some(Self::untagged(&tenant, &format!("sha256:{hex}").parse().ok()?));
        }
        if let Some(rest) = rest.strip_prefix(DIGESTED).and_then(|rest| rest.strip_prefix('/')) {
            let (repository, hex) = rest.rsplit_once(':')?;
            let (domain, path) = repository.split_once('/')?;
            let reference = format!("{}/{path}@sha256:{hex}", domain.replacen("__", ":", 1));
            return match reference.parse().ok()? {
                ImageRef::Named(image) => Self::digested(&tenant, &image).ok(),
                ImageRef::Id(_) => None,
            };
        }
        let (domain, path) = rest.split_once('/')?;
        let reference = format!("{}/{path}", domain.replacen("__", ":", 1));
        match reference.parse().ok()? {
            ImageRef::Named(image) if image.digest().is_none() => Self::named(&tenant, &image).ok(),
            _ => None,
        }
    }

    /// Whose.
    pub fn tenant(&self) -> &TenantId {
        &self.tenant
    }

    /// What the tenant calls it.
    pub fn shown(&self) -> &SavedName {
        &self.shown
    }

    /// The repository on the engine.
    pub fn repository(&self) -> String {
        let TenantId { name, generation } = &self.tenant;
        match &self.shown {
            SavedName::Named(image) => {
                let domain = image.domain().replacen(':', "__", 1);
                format!("{DOMAIN}/{name}/{generation}/{domain}/{}", image.path())
            }
            SavedName::Digested(image) => {
                let domain = image.domain().replacen(':', "__", 1);
                format!("{DOMAIN}/{name}/{generation}/{DIGESTED}/{domain}/{}", image.path())
            }
            SavedName::Untagged(_) => format!("{DOMAIN}/{name}/{generation}/{UNTAGGED}"),
        }
    }

    /// The tag on the engine.
    pub fn tag(&self) -> &str {
        match &self.shown {
            SavedName::Named(image) => image.tag().unwrap_or("latest"),
            SavedName::Digested(image) => image.digest().unwrap_or_default().trim_start_matches("sha256:"),
            SavedName::Untagged(id) => id.as_str().trim_start_matches("sha256:"),
        }
    }

    /// Patterns for the engine's filter `reference` that fit every tag of a tenant: the engine's `*` stops at `/`.
    pub fn patterns(tenant: &TenantId) -> Vec<String> {
        let TenantId { name, generation } = tenant;
        let prefix = format!("{DOMAIN}/{name}/{generation}");
        (1..=12).map(|depth| format!("{prefix}{}", "/*".repeat(depth))).collect()
    }
}

impl fmt::Display for TenantTag {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.repository(), self.tag())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn alice() -> TenantId {
        TenantId { name: "alice".parse().unwrap(), generation: Generation(2) }
    }

    fn named(text: &str) -> NamedImage {
        match text.parse().unwrap() {
            ImageRef::Named(image) => image,
            ImageRef::Id(_) => unreachable!(),
        }
    }

    #[test]
    fn each_kind_of_tag_is_read_back_as_it_was_written() {
        let hex = "ab".repeat(32);
        let digested =
            |text: &str| TenantTag::digested(&alice(), &named(&format!("{text}@sha256:{hex}"))).unwrap();
        for (tag, written) in [
            (
                TenantTag::named(&alice(), &named("busybox:1")).unwrap(),
                "docker.io/library/busybox:1".to_owned(),
            ),
            (
                TenantTag::named(&alice(), &named("localhost:5000/a/b")).unwrap(),
                "localhost__5000/a/b:latest".to_owned(),
            ),
            (digested("busybox"), format!("digest/docker.io/library/busybox:{hex}")),
            (digested("localhost:5000/a/b"), format!("digest/localhost__5000/a/b:{hex}")),
            (digested("reg.example/a__b/c__d"), format!("digest/reg.example/a__b/c__d:{hex}")),
            (
                TenantTag::untagged(&alice(), &format!("sha256:{hex}").parse().unwrap()),
                format!("untagged:{hex}"),
            ),
        ] {
            assert_eq!(tag.to_string(), format!("wharf.invalid/alice/2/{written}"));
            assert_eq!(TenantTag::from_engine(&tag.to_string()), Some(tag));
        }
        // A tag that looks like a digest is a tag.
        let looks = TenantTag::named(&alice(), &named(&format!("digest/app:{hex}"))).unwrap();
        assert_eq!(looks.to_string(), format!("wharf.invalid/alice/2/docker.io/digest/app:{hex}"));
        assert_eq!(TenantTag::from_engine(&looks.to_string()), Some(looks));
        for bad in
            ["digest/busybox:1", "digest/docker.io/library/busybox", "digest/docker.io/library/busybox:1"]
        {
            assert_eq!(TenantTag::from_engine(&format!("wharf.invalid/alice/2/{bad}")), None, "{bad}");
        }
    }
}
