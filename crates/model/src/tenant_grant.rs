//! What an administrator allows a tenant.

use crate::{ClientName, Fingerprint, ImagePattern, MountGrant, PodPattern, PortGrant, TenantLimits, User};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// All that one tenant is allowed. The default is what a tenant gets who is given nothing but users.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TenantGrant {
    /// Who acts as this tenant.
    pub users: BTreeSet<User>,
    /// Who acts as this tenant by a certificate that an authority other than the host's own has signed: by the digest of
    /// the certificate's public key (DER `SubjectPublicKeyInfo`). Default: nobody.
    pub certificates: BTreeMap<ClientName, Fingerprint>,
    /// Pods that the tenant may manage, in its own namespace. Default: all.
    pub pods: Vec<PodPattern>,
    /// Ports of the host that it may publish. Default: none.
    pub ports: Vec<PortGrant>,
    /// How much it may use.
    pub limits: TenantLimits,
    /// Which images it may pull, push and build.
    pub images: ImageGrant,
    /// Host directories that its containers may see. Default: none.
    pub mounts: Vec<MountGrant>,
    /// What its containers may reach.
    pub network: NetworkGrant,
    /// Capabilities beyond those that every tenant has, upper-case and without `CAP_`. Default: none.
    pub capabilities: BTreeSet<String>,
}

/// Which images a tenant may pull, push and build.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ImageGrant {
    /// What it may pull. Default: Docker's own images, `docker.io/library/*`.
    pub pull: Vec<ImagePattern>,
    /// What it may push. Default: nothing.
    pub push: Vec<ImagePattern>,
    /// Whether it may build. Default: no.
    pub build: bool,
}

/// What a tenant's containers may reach beyond their own networks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct NetworkGrant {
    /// Public addresses. Default: yes.
    pub internet: bool,
    /// Private addresses around the host. Default: no.
    pub lan: bool,
    /// The host's own services. Default: no.
    pub host: bool,
}

impl Default for TenantGrant {
    fn default() -> Self {
        Self {
            users: BTreeSet::new(),
            certificates: BTreeMap::new(),
            pods: vec![PodPattern::any()],
            ports: Vec::new(),
            limits: TenantLimits::default(),
            images: ImageGrant::default(),
            mounts: Vec::new(),
            network: NetworkGrant::default(),
            capabilities: BTreeSet::new(),
        }
    }
}

impl Default for ImageGrant {
    fn default() -> Self {
        Self { pull: vec![ImagePattern::official()], push: Vec::new(), build: false }
    }
}

impl Default for NetworkGrant {
    fn default() -> Self {
        Self { internet: true, lan: false, host: false }
    }
}
