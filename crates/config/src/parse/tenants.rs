//! One tenant: what is written below its name, as a grant.

use super::capabilities::Capability;
use super::certificates::{Client, Key};
use super::images::RawImages;
use super::limits::{self, RawLimits};
use super::mounts::OneMount;
use super::ports::OnePort;
use super::{entries, grammars, items, plain, plain_items};
use serde_json::json;
use wharf_document::{Errors, Flag, Grammar, List, Map, Misfit, Parsed, ReadKey, Shape, mapping, quoted};
use wharf_model::{
    NetworkGrant, PodPattern, PodPatternError, TenantGrant, TenantName, TenantNameError, User, UserError,
};

mapping! {
    /// What one tenant is allowed.
    pub(crate) struct RawTenant {
        /// Who acts as this tenant: accounts of this machine, and groups after an `@`. Nobody is in two tenants.
        required "users" users: List<Parsed<TenantUser>>,
        /// Who acts as this tenant by a certificate of an imported authority: a name of your choice, and the fingerprint of
        /// the certificate's public key, `sha256:` and 64 digits. Certificates of the host's own authority need no entry.
        /// Default: nobody.
        optional "certificates" certificates: Map<Client, Parsed<Key>>,
        /// Pods that the tenant may manage in its own namespace; `*` stands for any characters. Default: all.
        optional "pods" pods: List<Parsed<Pods>>,
        /// Ports of the host that it may publish: `8443`, `127.0.0.1:20000-20099`, `[::1]:8080`. Without an address all
        /// of the host's are meant. Default: none.
        optional "ports" ports: List<OnePort>,
        /// How much it may use.
        optional "limits" limits: RawLimits,
        /// Which images it may pull, push and build.
        optional "images" images: RawImages,
        /// Host directories, and what is below them, that its containers may see: `"~"` is the home of whoever asks,
        /// `:ro` means that containers only read. Default: none.
        optional "mounts" mounts: List<OneMount>,
        /// What its containers may reach.
        optional "network" network: RawNetwork,
        /// Capabilities that its containers may add to those that every tenant has. Default: none.
        optional "capabilities" capabilities: List<Parsed<Capability>>,
    }
    refused {
        "user" => "did you mean `users`?",
        "certificate" => "did you mean `certificates`?",
        "groups" => "a group is written among `users`, after an `@`: `users: [\"@devs\"]`",
        "volumes" => "did you mean `mounts`? how many volumes there may be is written below `limits`",
        "cap_add" => "did you mean `capabilities`?",
        "privileged" => "no tenant's container is privileged; single `capabilities` may be granted",
        "devices" => "no tenant's container gets a device of the host",
        "cpus" => "write it below `limits`",
        "memory" => "write it below `limits`",
        "pids" => "write it below `limits`",
        "pull" => "write it below `images`",
        "push" => "write it below `images`",
        "build" => "write it below `images`",
    }
}

mapping! {
    /// What a tenant's containers may reach beyond their own networks.
    pub(crate) struct RawNetwork {
        /// Public addresses. Default: true.
        optional "internet" internet: Flag,
        /// Private addresses around the host. Default: false.
        optional "lan" lan: Flag,
        /// The host's own services, at any of its addresses. Default: false.
        optional "host" host: Flag,
    }
}

/// A tenant's name.
#[derive(Debug)]
pub(crate) enum Tenant {}

/// An account, or a group after an `@`.
#[derive(Debug)]
pub(crate) enum TenantUser {}

/// A pattern for names of pods.
#[derive(Debug)]
pub(crate) enum Pods {}

impl ReadKey for Tenant {
    type Key = TenantName;

    fn key_shape() -> Shape {
        Shape::of(json!({ "pattern": "^[a-z][a-z0-9]*(-[a-z0-9]+)*$", "maxLength": 32 }))
    }

    fn read_key(text: &str) -> Result<TenantName, Misfit> {
        text.parse().map_err(|error: TenantNameError| {
            Misfit::new(error.to_string()).with_help("such as `alice` or `dev-team`")
        })
    }
}

impl Grammar for TenantUser {
    type Value = User;
    const WHAT: &'static str = "the name of an account, or of a group after an `@`";

    fn shape() -> Shape {
        grammars::text("^(?!root$)@?[A-Za-z_][A-Za-z0-9_.@-]*\\$?$")
    }

    fn parse(text: &str) -> Result<User, Misfit> {
        match text.parse() {
            Ok(User::Account(name) | User::Group(name)) if name == "root" => {
                let help = "root is the administrator, who has a socket of its own beside the tenants'";
                Err(Misfit::new("root is no tenant's user").with_help(help))
            }
            Ok(user) => Ok(user),
            Err(UserError::NotAnAccount) => Err(grammars::not_an_account(text)),
            Err(UserError::NotAGroup) => {
                Err(Misfit::new(format!("{} is not a group after an `@`", quoted(text)))
                    .with_help("groups are named, not numbered; see `getent group`"))
            }
        }
    }
}

impl Grammar for Pods {
    type Value = PodPattern;
    const WHAT: &'static str = "the name of a pod, or a pattern such as `blog-*`";

    fn shape() -> Shape {
        grammars::name("^[A-Za-z0-9*][A-Za-z0-9_*-]{0,127}$")
    }

    fn parse(text: &str) -> Result<PodPattern, Misfit> {
        text.parse().map_err(|error: PodPatternError| {
            Misfit::new(error.to_string()).with_help("such as `blog`, `blog-*` or `*`")
        })
    }
}

/// The grant; what is left out has its default.
pub(super) fn check(raw: RawTenant, errors: &mut Errors) -> TenantGrant {
    let defaults = TenantGrant::default();
    TenantGrant {
        users: items(raw.users),
        certificates: entries(raw.certificates, |key| key),
        pods: plain_items(raw.pods).unwrap_or(defaults.pods),
        ports: items(raw.ports),
        limits: raw.limits.map_or(defaults.limits, |raw| limits::check(raw.value, errors)),
        images: raw.images.map_or(defaults.images, |raw| raw.value.check()),
        mounts: items(raw.mounts),
        network: raw.network.map_or(defaults.network, |raw| raw.value.check()),
        capabilities: items::<&str, Vec<_>>(raw.capabilities).into_iter().map(str::to_owned).collect(),
    }
}

impl RawNetwork {
    fn check(self) -> NetworkGrant {
        let defaults = NetworkGrant::default();
        NetworkGrant {
            internet: plain(self.internet).unwrap_or(defaults.internet),
            lan: plain(self.lan).unwrap_or(defaults.lan),
            host: plain(self.host).unwrap_or(defaults.host),
        }
    }
}
