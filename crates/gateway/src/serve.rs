//! Connections: who is at the other end, and how much it may have open.

use crate::administrator::AdministratorDesk;
use crate::answer::{self, Answer};
use crate::desk::Desk;
use crate::gateway::Gateway;
use crate::standing::{Membership, Standing};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use serde_json::json;
use std::collections::HashMap;
use std::convert::Infallible;
use std::future::Future;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::net::{UnixListener, UnixStream};
use tokio_util::sync::CancellationToken;
use wharf_model::TenantId;

/// Where the gateway listens.
#[derive(Debug, Default)]
pub struct Listeners {
    /// For everybody: an account's tenant is found by its peer credentials.
    pub tenants: Vec<UnixListener>,
    /// For the administrator, below a directory that only root enters.
    pub administrator: Option<UnixListener>,
    /// For one tenant each, whoever is at the other end: these are mounted into the tenant's containers.
    pub own: Vec<(TenantId, UnixListener)>,
}

/// How long a connection may say nothing before, or between, requests.
const IDLE: Duration = Duration::from_secs(60);
/// Connections of one tenant at a time.
const MOST_OF_A_TENANT: usize = 2000;
/// Connections of accounts without a tenant at a time.
const MOST_OF_NOBODY: usize = 64;
/// The longest head of a request.
const MOST_HEAD: usize = 64 << 10;
/// How long it is remembered who an account is.
const KNOWN: Duration = Duration::from_secs(10);

/// Connections that are open, by whom.
#[derive(Default)]
pub(crate) struct Connections {
    next: AtomicU64,
    open: Mutex<HashMap<u64, Open>>,
    known: Mutex<HashMap<u32, (Instant, String, Membership)>>,
}

struct Open {
    /// `None` at a tenant's own socket.
    uid: Option<u32>,
    tenant: Option<TenantId>,
    cut: CancellationToken,
}

/// A connection's place among the open ones, until it is dropped.
struct Place {
    gateway: Arc<Gateway>,
    number: u64,
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut open = self.gateway.connections.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.remove(&self.number);
    }
}

impl Gateway {
    /// Answers at these sockets for ever.
    pub async fn serve(self: Arc<Self>, listeners: Listeners) {
        let mut tasks = tokio::task::JoinSet::new();
        for listener in listeners.tenants {
            tasks.spawn(Arc::clone(&self).accept(listener, |gateway, stream| gateway.somebody(stream)));
        }
        if let Some(listener) = listeners.administrator {
            tasks.spawn(Arc::clone(&self).accept(listener, |gateway, stream| gateway.administrator(stream)));
        }
        for (tenant, listener) in listeners.own {
            let serve = move |gateway: Arc<Self>, stream| {
                let desk = gateway.desk(tenant.clone(), "container".to_owned());
                gateway.tenant_connection(stream, None, desk)
            };
            tasks.spawn(Arc::clone(&self).accept(listener, serve));
        }
        while tasks.join_next().await.is_some() {}
    }

    async fn accept<F, C>(self: Arc<Self>, listener: UnixListener, serve: F)
    where
        F: Fn(Arc<Self>, UnixStream) -> C + Send + 'static,
        C: Future<Output = ()> + Send + 'static,
    {
        loop {
            match listener.accept().await {
                Ok((stream, _)) => {
                    tokio::spawn(serve(Arc::clone(&self), stream));
                }
                // Out of descriptors, most likely: those that are open go on, and some will end.
                Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
            }
        }
    }

    /// Puts another configuration in force, and cuts what is open of those who lost their place.
    pub fn reload(&self, standing: Standing) {
        self.replace_standing(standing);
        // What was taken away may be granted again.
        self.pinning.look_at_all();
        self.rules.stir();
        self.connections.known.lock().unwrap_or_else(PoisonError::into_inner).clear();
        let standing = self.standing();
        let open = self.connections.open.lock().unwrap_or_else(PoisonError::into_inner);
        for connection in open.values() {
            let stays = match (&connection.tenant, connection.uid) {
                (Some(tenant), Some(uid)) => {
                    matches!(membership(&standing, uid), (_, Membership::Tenant(now)) if now == *tenant)
                }
                (Some(tenant), None) => standing.of(tenant).is_some(),
                (None, _) => true,
            };
            if !stays {
                connection.cut.cancel();
            }
        }
    }

    fn desk(self: &Arc<Self>, tenant: TenantId, user: String) -> Desk {
        Desk { gateway: Arc::clone(self), tenant, user, account: None, cut: CancellationToken::new() }
    }

    /// Whoever is at the other end of the tenants' socket. Root is an account like any other here: root in a container
    /// is user number 0, too.
    async fn somebody(self: Arc<Self>, stream: UnixStream) {
        let Ok(peer) = stream.peer_cred() else { return };
        let uid = peer.uid();
        let (account, membership) = self.who(uid).await;
        match membership {
            Membership::Tenant(tenant) => {
                let desk = Desk { account: Some(account.clone()), ..self.desk(tenant, account) };
                self.tenant_connection(stream, Some(uid), desk).await;
            }
            Membership::Nobody => {
                let words = format!(
                    "wharf: denied by rule tenant: the account `{account}` is in no tenant; ask the administrator to \
                     add it (`tenants` in the host configuration)"
                );
                self.refuse(stream, uid, words).await;
            }
            Membership::Several(tenants) => {
                let names: Vec<String> = tenants.iter().map(|name| format!("`{name}`")).collect();
                let words = format!(
                    "wharf: denied by rule tenant: the account `{account}` is in several tenants ({}); ask the \
                     administrator to leave it in one",
                    names.join(", ")
                );
                self.refuse(stream, uid, words).await;
            }
        }
    }

    async fn who(self: &Arc<Self>, uid: u32) -> (String, Membership) {
        {
            let known = self.connections.known.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some((since, account, membership)) = known.get(&uid)
                && since.elapsed() < KNOWN
            {
                return (account.clone(), membership.clone());
            }
        }
        let standing = self.standing();
        // Account databases may be slow, and ask the network.
        let asked = tokio::task::spawn_blocking(move || membership(&standing, uid)).await;
        let (account, membership) = asked.unwrap_or_else(|_| (uid.to_string(), Membership::Nobody));
        let mut known = self.connections.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.insert(uid, (Instant::now(), account.clone(), membership.clone()));
        (account, membership)
    }

    /// Takes a place among the open connections; `None` when there is none left for such.
    fn take_place(self: &Arc<Self>, open: Open, most: usize) -> Option<Place> {
        let mut all = self.connections.open.lock().unwrap_or_else(PoisonError::into_inner);
        let same = all.values().filter(|other| other.tenant == open.tenant).count();
        if same >= most {
            return None;
        }
        let number = self.connections.next.fetch_add(1, Ordering::Relaxed);
        all.insert(number, open);
        Some(Place { gateway: Arc::clone(self), number })
    }

    async fn tenant_connection(self: Arc<Self>, stream: UnixStream, uid: Option<u32>, desk: Desk) {
        let open = Open { uid, tenant: Some(desk.tenant.clone()), cut: desk.cut.clone() };
        let Some(_place) = self.take_place(open, MOST_OF_A_TENANT) else {
            let words = format!("wharf: this tenant has {MOST_OF_A_TENANT} connections open, the most there may be");
            return say_once(stream, StatusCode::TOO_MANY_REQUESTS, words).await;
        };
        let cut = desk.cut.clone();
        let service = service_fn(move |request: Request<Incoming>| {
            let desk = desk.clone();
            async move { Ok::<Answer, Infallible>(desk.answer(request).await) }
        });
        let connection = builder().serve_connection(TokioIo::new(stream), service).with_upgrades();
        tokio::select! {
            _ended = connection => {}
            () = cut.cancelled() => {}
        }
    }

    async fn refuse(self: Arc<Self>, stream: UnixStream, uid: u32, words: String) {
        let open = Open { uid: Some(uid), tenant: None, cut: CancellationToken::new() };
        let Some(_place) = self.take_place(open, MOST_OF_NOBODY) else { return };
        say_once(stream, StatusCode::FORBIDDEN, words).await;
    }

    async fn administrator(self: Arc<Self>, stream: UnixStream) {
        let Ok(peer) = stream.peer_cred() else { return };
        // The directory lets nobody else in; this is the second lock.
        if peer.uid() != 0 {
            return;
        }
        let desk = AdministratorDesk { gateway: self, user: "root".to_owned() };
        let service = service_fn(move |request: Request<Incoming>| {
            let desk = desk.clone();
            async move { Ok::<Answer, Infallible>(desk.answer(request).await) }
        });
        let _ended = builder().serve_connection(TokioIo::new(stream), service).with_upgrades().await;
    }
}

fn builder() -> http1::Builder {
    let mut builder = http1::Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(IDLE).max_buf_size(MOST_HEAD.max(8192));
    builder
}

/// Answers whatever is asked with these words, for a short while.
async fn say_once(stream: UnixStream, status: StatusCode, words: String) {
    let service = service_fn(move |_request: Request<Incoming>| {
        let document = json!({ "message": words });
        async move { Ok::<Answer, Infallible>(answer::document(status, &document)) }
    });
    let mut builder = builder();
    let connection = builder.header_read_timeout(Duration::from_secs(5)).serve_connection(TokioIo::new(stream), service);
    let _late = tokio::time::timeout(Duration::from_secs(10), connection).await;
}

/// Who an account is: its name, and what it is here.
fn membership(standing: &Standing, uid: u32) -> (String, Membership) {
    let Ok(Some(name)) = wharf_host::user_name(uid) else { return (uid.to_string(), Membership::Nobody) };
    let membership = membership_of(standing, &name);
    (name, membership)
}

/// What an account of this name is here.
pub(crate) fn membership_of(standing: &Standing, account: &str) -> Membership {
    let is_in = |group: &str| {
        let members = wharf_host::group_members(group).ok().flatten();
        members.is_some_and(|members| members.iter().any(|member| member == account))
    };
    standing.membership(account, &is_in)
}
