//! Connections: who is at the other end, and how much it may have open.

use crate::administrator::AdministratorDesk;
use crate::answer::{self, Answer};
use crate::desk::Desk;
use crate::framing::Strict;
use crate::gateway::Gateway;
use crate::identity::Admitted;
use crate::peers::Peers;
use crate::share::{MOST_CONNECTIONS, Part, Share};
use crate::standing::{Membership, Standing};
use crate::turned_away::{self, TurnedAway};
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
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, UnixListener, UnixStream};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use wharf_model::{TenantId, TenantName};
use wharf_policy::TenantStanding;
use wharf_store::AuditRecord;

/// Where the gateway listens.
#[derive(Debug, Default)]
pub struct Listeners {
    /// For everybody: an account's tenant is found by its peer credentials.
    pub tenants: Vec<UnixListener>,
    /// For the administrator, below a directory that only root enters.
    pub administrator: Option<UnixListener>,
    /// For one tenant each, or whoever has adopted what was its, whoever is at the other end: these are mounted into the
    /// tenant's containers.
    pub own: Vec<(TenantId, UnixListener)>,
    /// For those who have a certificate, wherever they are. Without an identity of the gateway's nobody is answered here.
    pub tls: Vec<TcpListener>,
}

/// How long a connection may say nothing before, or between, requests.
const IDLE: Duration = Duration::from_secs(60);
/// Connections of accounts without a tenant that are told so at a time. Others are closed without a word.
const MOST_OF_NOBODY: usize = 64;
/// Accounts that are remembered: with user namespaces, somebody may have many.
const MOST_KNOWN: usize = 4096;
/// The longest head of a request.
const MOST_HEAD: usize = 64 << 10;
/// How long it is remembered who an account is.
const KNOWN: Duration = Duration::from_secs(10);

/// Connections that are open, by whom.
pub(crate) struct Connections {
    next: AtomicU64,
    open: Mutex<HashMap<u64, Open>>,
    known: Mutex<HashMap<u32, Known>>,
    shares: Mutex<HashMap<TenantName, Arc<Share>>>,
    nobodys: Arc<Semaphore>,
    /// Those at the network who are nobody yet.
    pub(crate) peers: Arc<Peers>,
    pub(crate) turned_away: TurnedAway,
    /// How often the configuration was replaced.
    reloads: AtomicU64,
}

impl Default for Connections {
    fn default() -> Self {
        Self {
            next: AtomicU64::new(0),
            open: Mutex::default(),
            known: Mutex::default(),
            shares: Mutex::default(),
            nobodys: Arc::new(Semaphore::new(MOST_OF_NOBODY)),
            peers: Arc::default(),
            turned_away: TurnedAway::default(),
            reloads: AtomicU64::new(0),
        }
    }
}

impl Connections {
    /// What is this tenant's.
    pub(crate) fn share(&self, tenant: &TenantName) -> Arc<Share> {
        let mut shares = self.shares.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(shares.entry(tenant.clone()).or_default())
    }

    /// How often the configuration was replaced so far.
    pub(crate) fn reloads(&self) -> u64 {
        self.reloads.load(Ordering::SeqCst)
    }

    /// Cuts what is open by certificates that do not fit.
    pub(crate) fn cut_certificates(&self, fits: impl Fn(&Admitted) -> bool) {
        let open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        for connection in open.values() {
            if let By::Certificate(admitted) = &connection.by
                && !fits(admitted)
            {
                connection.cut.cancel();
            }
        }
    }
}

/// What an account was found to be.
#[derive(Clone)]
struct Known {
    since: Instant,
    /// By which configuration.
    reloads: u64,
    account: String,
    membership: Membership,
}

/// What somebody is known by.
pub(crate) enum By {
    /// An account of this machine.
    Account(u32),
    /// The tenant's own socket.
    Socket,
    /// A certificate.
    Certificate(Arc<Admitted>),
}

struct Open {
    by: By,
    tenant: TenantId,
    cut: CancellationToken,
}

/// A connection's place among the open ones, until it is dropped.
pub(crate) struct Place {
    gateway: Arc<Gateway>,
    number: u64,
    _part: Part,
}

/// Why there is no place.
pub(crate) enum NoPlace {
    /// The tenant has as many as it may.
    Full,
    /// The configuration was replaced meanwhile: who it is must be asked again.
    Outdated,
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
            tasks.spawn(Arc::clone(&self).accept(listener, Self::somebody));
        }
        if let Some(listener) = listeners.administrator {
            tasks.spawn(Arc::clone(&self).accept(listener, Self::administrator));
        }
        for (tenant, listener) in listeners.own {
            let serve =
                move |gateway: Arc<Self>, stream| gateway.containers_connection(stream, tenant.clone());
            tasks.spawn(Arc::clone(&self).accept(listener, serve));
        }
        if let Some(identity) = self.identity.clone().filter(|_| !listeners.tls.is_empty()) {
            tasks.spawn(Arc::clone(&self).watch_certificates(Arc::clone(&identity)));
            for listener in listeners.tls {
                tasks.spawn(Arc::clone(&self).accept_peers(listener, Arc::clone(&identity)));
            }
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
        let before = self.standing();
        self.replace_standing(standing);
        self.connections.reloads.fetch_add(1, Ordering::SeqCst);
        // What was taken away may be granted again.
        self.pinning.look_at_all();
        self.rules.stir();
        self.disk.holding.stir();
        self.departed.notify_one();
        self.connections.known.lock().unwrap_or_else(PoisonError::into_inner).clear();
        let standing = self.standing();
        for (name, was) in &before.grants.tenants {
            let is_same = |now: &Arc<TenantStanding>| now.generation == was.generation;
            if !standing.grants.tenants.get(name).is_some_and(is_same) {
                // What happened to the former tenant's things is not the next one's to read.
                self.feed.forget(name);
            }
        }
        let open = self.connections.open.lock().unwrap_or_else(PoisonError::into_inner);
        // Each account is looked up once, however much it has open.
        let mut now: HashMap<u32, Membership> = HashMap::new();
        for connection in open.values() {
            let stays = match &connection.by {
                By::Account(uid) => {
                    let now = now.entry(*uid).or_insert_with(|| membership(&standing, *uid).1);
                    matches!(now, Membership::Tenant(now) if *now == connection.tenant)
                }
                By::Socket => standing.of(&connection.tenant).is_some(),
                By::Certificate(admitted) => {
                    self.identity.as_ref().is_some_and(|identity| identity.still(admitted, &standing))
                }
            };
            if !stays {
                connection.cut.cancel();
            }
        }
    }

    pub(crate) fn desk(self: &Arc<Self>, tenant: TenantId, user: String) -> Desk {
        let (gateway, share) = (Arc::clone(self), self.connections.share(&tenant.name));
        let cut = CancellationToken::new();
        Desk { gateway, tenant, user, account: None, admitted: None, cut, share, place: None }
    }

    /// Whoever is at the other end of the tenants' socket. Root is an account like any other here: root in a container
    /// is user number 0, too.
    async fn somebody(self: Arc<Self>, stream: UnixStream) {
        let Ok(peer) = stream.peer_cred() else { return };
        let uid = peer.uid();
        loop {
            let Known { reloads, account, membership, .. } = self.who(uid).await;
            let tenant = match membership {
                Membership::Tenant(tenant) => tenant,
                other => return self.refuse(stream, &account, stranger(&account, &other)).await,
            };
            let desk = Desk { account: Some(account.clone()), ..self.desk(tenant, account) };
            match self.take_place(By::Account(uid), &desk, reloads) {
                Ok(place) => return serve_desk(stream, Desk { place: Some(Arc::new(place)), ..desk }).await,
                Err(NoPlace::Full) => return full(stream, &desk.share).await,
                Err(NoPlace::Outdated) => {}
            }
        }
    }

    /// Whoever is at the other end of a tenant's own socket.
    async fn containers_connection(self: Arc<Self>, stream: UnixStream, owner: TenantId) {
        loop {
            let reloads = self.connections.reloads();
            let Some(tenant) = self.standing().successor_of(&owner) else { return };
            let desk = self.desk(tenant, "container".to_owned());
            match self.take_place(By::Socket, &desk, reloads) {
                Ok(place) => return serve_desk(stream, Desk { place: Some(Arc::new(place)), ..desk }).await,
                Err(NoPlace::Full) => return full(stream, &desk.share).await,
                Err(NoPlace::Outdated) => {}
            }
        }
    }

    async fn who(self: &Arc<Self>, uid: u32) -> Known {
        // Before the configuration is taken: what is found by a former one is known to be.
        let reloads = self.connections.reloads();
        {
            let known = self.connections.known.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(known) = known.get(&uid)
                && known.since.elapsed() < KNOWN
                && known.reloads == reloads
            {
                return known.clone();
            }
        }
        let standing = self.standing();
        // Account databases may be slow, and ask the network.
        let asked = tokio::task::spawn_blocking(move || membership(&standing, uid)).await;
        let (account, membership) = asked.unwrap_or_else(|_| (uid.to_string(), Membership::Nobody));
        let found = Known { since: Instant::now(), reloads, account, membership };
        let mut known = self.connections.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MOST_KNOWN {
            known.clear();
        }
        known.insert(uid, found.clone());
        found
    }

    /// Takes a place among the open connections, for one who was judged by the configuration of this number: what is
    /// open when another comes into force is looked at then, and what opens later must have been judged by it.
    pub(crate) fn take_place(self: &Arc<Self>, by: By, desk: &Desk, reloads: u64) -> Result<Place, NoPlace> {
        let part = desk.share.connection().ok_or(NoPlace::Full)?;
        let mut all = self.connections.open.lock().unwrap_or_else(PoisonError::into_inner);
        if self.connections.reloads() != reloads {
            return Err(NoPlace::Outdated);
        }
        let number = self.connections.next.fetch_add(1, Ordering::Relaxed);
        all.insert(number, Open { by, tenant: desk.tenant.clone(), cut: desk.cut.clone() });
        Ok(Place { gateway: Arc::clone(self), number, _part: part })
    }

    async fn refuse(self: Arc<Self>, stream: UnixStream, account: &str, words: String) {
        let Ok(_place) = Arc::clone(&self.connections.nobodys).try_acquire_owned() else { return };
        // It is denied, whether or not that can be written down.
        let record = turned_away::record(format!("account {account}"), "the tenants' socket", &words);
        let _recorded = self.audit.record(&AuditRecord { user: Some(account.to_owned()), ..record });
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

/// A client's end of a connection, however it came.
pub(crate) trait Stream: AsyncRead + AsyncWrite + Unpin + Send + 'static {}

impl<T: AsyncRead + AsyncWrite + Unpin + Send + 'static> Stream for T {}

pub(crate) async fn serve_desk(stream: impl Stream, desk: Desk) {
    let cut = desk.cut.clone();
    let service = service_fn(move |request: Request<Incoming>| {
        let desk = desk.clone();
        // Apart, so that a connection without a request has no room for one: it is the most of what it would cost.
        async move { Ok::<Answer, Infallible>(Box::pin(desk.answer(request)).await) }
    });
    let connection = builder().serve_connection(TokioIo::new(Strict::new(stream)), service).with_upgrades();
    tokio::select! {
        _ended = connection => {}
        () = cut.cancelled() => {}
    }
}

/// For who has as many connections as it may.
pub(crate) async fn full(stream: impl Stream, share: &Share) {
    let Some(_place) = share.refusal() else { return };
    let words = format!("wharf: this tenant has {MOST_CONNECTIONS} connections open, the most there may be");
    say_once(stream, StatusCode::TOO_MANY_REQUESTS, words).await;
}

/// What an account is told that is no tenant's.
fn stranger(account: &str, membership: &Membership) -> String {
    let Membership::Several(tenants) = membership else {
        return format!(
            "wharf: denied by rule tenant: the account `{account}` is in no tenant; ask the administrator to add it \
             (`tenants` in the host configuration)"
        );
    };
    let names: Vec<String> = tenants.iter().map(|name| format!("`{name}`")).collect();
    format!(
        "wharf: denied by rule tenant: the account `{account}` is in several tenants ({}); ask the administrator to \
         leave it in one",
        names.join(", ")
    )
}

fn builder() -> http1::Builder {
    let mut builder = http1::Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(IDLE).max_buf_size(MOST_HEAD.max(8192));
    builder
}

/// Answers whatever is asked with these words, for a short while.
async fn say_once(stream: impl Stream, status: StatusCode, words: String) {
    let service = service_fn(move |_request: Request<Incoming>| {
        let document = json!({ "message": words });
        async move { Ok::<Answer, Infallible>(answer::document(status, &document)) }
    });
    let mut builder = builder();
    let connection = builder
        .header_read_timeout(Duration::from_secs(5))
        .serve_connection(TokioIo::new(Strict::new(stream)), service);
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
