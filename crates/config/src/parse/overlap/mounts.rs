//! A directory of the host is one tenant's, unless both say that it is shared; and none holds what wharf lives on.

use super::rivals::{Claim, Rivals};
use super::{Granted, Told, granted};
use crate::HostConfig;
use crate::parse::RawConfig;
use crate::parse::addresses::real_path;
use crate::parse::mounts::is_within;
use wharf_document::{Errors, quoted};
use wharf_model::{ListenAddress, MountGrant, MountGrantPath};

type Mount<'a> = Granted<'a, MountGrant>;

/// No directory is granted to two tenants, none is both written and only read, and none is wharf's or the engine's own.
/// Homes are whose they are: where one lies is not known here.
pub(super) fn check(raw: &RawConfig, errors: &mut Errors) {
    let mut mounts: Vec<Mount<'_>> = granted(raw, |tenant| tenant.mounts.as_ref()).collect();
    check_own_places(raw, &mounts, errors);
    check_secret_place(raw, errors);
    // By component, all that lies inside a directory follows it at once.
    mounts.sort_by(|a, b| key(a).cmp(key(b)).then(a.place.span.start.cmp(&b.place.span.start)));
    check_tenants(&mounts, errors);
    mounts.sort_by(|a, b| a.number.cmp(&b.number).then(key(a).cmp(key(b))).then(readonly_last(a, b)));
    check_readonly(&mounts, errors);
}

/// `~` and what is below it are apart from the paths that begin with `/`.
fn key<'a>(mount: &Mount<'a>) -> impl Iterator<Item = &'a str> {
    let (kind, path) = match mount.what.path() {
        MountGrantPath::Home(below) => ("~", below.as_str()),
        MountGrantPath::Directory(path) => ("/", path.as_str()),
    };
    std::iter::once(kind).chain(path.split('/').filter(|part| !part.is_empty()))
}

fn readonly_last(a: &Mount<'_>, b: &Mount<'_>) -> std::cmp::Ordering {
    a.what.is_readonly().cmp(&b.what.is_readonly())
}

/// Whether `inner` is `outer` or lies in it.
fn is_inside(inner: &Mount<'_>, outer: &Mount<'_>) -> bool {
    let mut inner = key(inner);
    key(outer).all(|part| inner.next() == Some(part))
}

fn check_tenants(mounts: &[Mount<'_>], errors: &mut Errors) {
    let mut told = Told::none_of(mounts.len());
    // The directories around the present one, each with the claims to it and to those around it.
    let mut around: Vec<(&Mount<'_>, Rivals)> = Vec::new();
    for (index, one) in mounts.iter().enumerate() {
        if matches!(one.what.path(), MountGrantPath::Home(_)) {
            continue;
        }
        while around.last().is_some_and(|(outer, _)| !is_inside(one, outer)) {
            around.pop();
        }
        let claim = Claim { tenant: one.number, reach: 0, is_shared: one.what.is_shared(), index };
        let mut rivals = around.last().map_or_else(Rivals::default, |(_, rivals)| *rivals);
        if let Some((rival, other)) = rivals.of(&claim).and_then(|r| Some((r.index, mounts.get(r.index)?))) {
            for (index, one, other) in [(rival, other, one), (index, one, other)] {
                if told.is_news(index) {
                    tell(one, other, errors);
                }
            }
        }
        rivals.add(claim);
        match around.last_mut() {
            Some((outer, known)) if outer.what.path() == one.what.path() => *known = rivals,
            _ => around.push((one, rivals)),
        }
    }
}

fn tell(one: &Mount<'_>, other: &Mount<'_>, errors: &mut Errors) {
    let (here, there) = (quoted(&one.what.path().to_string()), quoted(&other.what.path().to_string()));
    let tenant = other.tenant;
    let message = match (is_inside(one, other), is_inside(other, one)) {
        (true, true) => format!("{here} is granted to the tenant `{tenant}`, too"),
        (true, false) => format!("{here} lies inside {there} of the tenant `{tenant}`"),
        (false, _) => format!("{here} holds {there} of the tenant `{tenant}`"),
    };
    let help = format!(
        "the other is at line {}; give each a directory of its own, or write `{{path: \u{2026}, shared: true}}` at both",
        other.place.line()
    );
    errors.push_at(one.place, message, Some(help));
}

/// What one grant lets a tenant write, another cannot hold to reading.
fn check_readonly(mounts: &[Mount<'_>], errors: &mut Errors) {
    let mut writable: Option<&Mount<'_>> = None;
    for one in mounts {
        match writable {
            Some(outer) if outer.number == one.number && is_inside(one, outer) => {
                if one.what.is_readonly() {
                    let outer_path = quoted(&outer.what.path().to_string());
                    let message = format!("`:ro` holds nobody: {outer_path} around it may be written");
                    let help =
                        format!("that is at line {}; make it `:ro`, too, or remove this", outer.place.line());
                    errors.push_at(one.place, message, Some(help));
                }
            }
            _ if one.what.is_readonly() => {}
            _ => writable = Some(one),
        }
    }
}

/// Sockets of the engine that are found when none is named.
const USUAL_SOCKETS: [&str; 2] = ["/run/docker.sock", "/run/podman/podman.sock"];
/// Where the state lies when nothing else is said.
const USUAL_STATE: &str = "/var/lib/wharf";

/// A directory that holds the pods, the state or a socket would be a way around everything.
fn check_own_places(raw: &RawConfig, mounts: &[Mount<'_>], errors: &mut Errors) {
    let places = own_places(raw);
    for one in mounts {
        let MountGrantPath::Directory(path) = one.what.path() else { continue };
        let real = real_path(path);
        let clash = places.iter().find(|(own, _)| is_within(&real, own) || is_within(own, &real));
        if let Some((own, what)) = clash {
            let message = format!("{} would open {}, {what}", quoted(path), quoted(own));
            errors.push_at(
                one.place,
                message,
                Some("grant a directory that is neither around it nor in it".to_owned()),
            );
        }
    }
}

/// Pods' directories around the secrets would show them; secrets around pods' directories would be no memory of their own.
fn check_secret_place(raw: &RawConfig, errors: &mut Errors) {
    let Some(root) = raw.mount_root.as_ref() else { return };
    let (place, pods) = (secret_place(raw), real_path(&root.value));
    if is_within(&pods, &place) || is_within(&place, &pods) {
        let at = raw.secret_place.as_ref().map_or(&root.place, |said| &said.place);
        let message = format!("{} and {} lie one in the other", quoted(&pods), quoted(&place));
        let help = "`mount_root` is what pods may mount, and nobody's secrets may lie there: choose another directory";
        errors.push_at(at, message, Some(help.to_owned()));
    }
}

fn secret_place(raw: &RawConfig) -> String {
    real_path(raw.secret_place.as_ref().map_or(HostConfig::USUAL_SECRET_PLACE, |said| said.value.as_str()))
}

fn own_places(raw: &RawConfig) -> Vec<(String, &'static str)> {
    let usual = USUAL_SOCKETS.iter().map(|path| ((*path).to_owned(), "a socket of the engine"));
    let mut places: Vec<(String, &str)> = usual.collect();
    let engine = raw.engine.as_ref().and_then(|engine| engine.value.strip_prefix("unix://"));
    places.extend(engine.map(|path| (real_path(path), "the engine's socket")));
    for address in raw.listen.iter().flat_map(|list| &list.value) {
        if let ListenAddress::Unix(path) = &address.value {
            places.push((real_path(path), "the gateway's socket"));
        }
        // Of a network address, where it would be were there no socket.
        places.push((real_path(&address.value.admin_path()), "the administrator's socket"));
    }
    let certificate = raw.server_certificate.as_ref().and_then(|files| files.value.key.as_ref());
    places.extend(certificate.map(|key| (real_path(&key.value), "the key of the gateway's certificate")));
    let state = raw.state_dir.as_ref().map_or(USUAL_STATE, |state| state.value.as_str());
    places.push((real_path(state), "where the gateway keeps its state"));
    let pods =
        raw.mount_root.as_ref().map(|root| (real_path(&root.value), "where pods have their directories"));
    places.extend(pods);
    places.push((secret_place(raw), "where containers' secrets are kept"));
    places
}
