//! Connections over the network: TLS with a certificate on both sides, or nothing.
//!
//! Nothing that a peer says is looked at before the handshake is over, and there is no configuration of TLS here: how to
//! speak is had from the [`Identity`], which has only ways that ask for a certificate, and, while somebody is invited,
//! the one in which a certificate can be asked for and nothing else.

use crate::desk::Desk;
use crate::fault::printable;
use crate::gateway::Gateway;
use crate::identity::{Doors, GLANCE, Identity, Joined};
use crate::peers::Guest;
use crate::serve::{By, NoPlace, full, serve_desk};
use crate::turned_away;
use rustls::server::Acceptor;
use rustls::{CertificateError, OtherError, ServerConfig};
use socket2::{SockRef, TcpKeepalive};
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, SystemTime};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::Instant;
use tokio_rustls::server::TlsStream;
use tokio_rustls::{LazyConfigAcceptor, StartHandshake};
use wharf_pki::tls::JOIN;
use wharf_store::{AuditRecord, Outcome};

/// How long a handshake may take.
const HANDSHAKE: Duration = Duration::from_secs(10);
/// When a silent peer is asked whether it is still there, and how often: laptops that were shut say nothing.
const SILENT: Duration = Duration::from_secs(60);
const ASKED_EVERY: Duration = Duration::from_secs(15);
const ASKED_TIMES: u32 = 4;
/// How long a peer that was refused may take to hear so, and how many times 4 KiB it may go on saying.
const LINGER: Duration = Duration::from_secs(1);
const MOST_UNREAD: usize = 16;
/// What the first byte of TLS is: the type of a record with a handshake (RFC 8446, 5.1).
const HANDSHAKE_RECORD: u8 = 22;
/// For people whose client speaks plain HTTP.
const NO_TLS: &[u8] = b"HTTP/1.0 400 Bad Request\r\nContent-Type: text/plain\r\nConnection: close\r\n\r\n\
    wharf: this port speaks TLS, and asks for a certificate: use `docker --tlsverify`, or a context that `wharf join` made\n";

/// What a handshake has led to.
enum Met {
    /// Somebody who has shown a certificate that an authority vouches for.
    Client(Box<TlsStream<TcpStream>>),
    /// Somebody who wants one.
    Newcomer(Box<TlsStream<TcpStream>>),
}

impl Gateway {
    /// Answers peers at the network, for ever.
    pub(crate) async fn accept_peers(self: Arc<Self>, listener: TcpListener, identity: Arc<Identity>) {
        loop {
            match listener.accept().await {
                Ok((stream, from)) => {
                    tokio::spawn(Arc::clone(&self).peer(stream, from, Arc::clone(&identity)));
                }
                // Out of descriptors, most likely: those that are open go on, and some will end.
                Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
            }
        }
    }

    /// Cuts what is open by certificates whose time has come, or that were revoked, for ever.
    pub(crate) async fn watch_certificates(self: Arc<Self>, identity: Arc<Identity>) {
        let mut again = tokio::time::interval(GLANCE);
        let mut seen = None;
        loop {
            again.tick().await;
            let looking = Arc::clone(&identity);
            let _joined = tokio::task::spawn_blocking(move || looking.refresh()).await;
            let (changes, now, standing) = (identity.changes(), SystemTime::now(), self.standing());
            let is_news = seen.replace(changes) != Some(changes);
            self.connections.cut_certificates(|admitted| {
                now < admitted.until && (!is_news || identity.still(admitted, &standing))
            });
        }
    }

    async fn peer(self: Arc<Self>, stream: TcpStream, from: SocketAddr, identity: Arc<Identity>) {
        let at = stream.local_addr();
        let Some(guest) = self.connections.peers.enter(from.ip()).await else { return };
        let cut = guest.cut();
        let met = tokio::select! {
            met = tokio::time::timeout(HANDSHAKE, meet(stream, &identity)) => met,
            () = cut.cancelled() => return,
        };
        let refused = |words: &str| self.note_refusal(from, at.as_ref().ok(), words);
        match met.unwrap_or_else(|_| Err(io::Error::other("the handshake took too long"))) {
            Ok(Met::Client(stream)) => self.client(*stream, from, guest, &identity, &refused).await,
            Ok(Met::Newcomer(stream)) => {
                let gateway = Arc::clone(&self);
                let note = move |who: &str, serial: &str| gateway.note_joining(from, who, serial);
                let joined = tokio::select! {
                    joined = identity.join(*stream, note) => joined,
                    () = cut.cancelled() => return,
                };
                match joined {
                    Joined::As { .. } => guest.became_known(),
                    Joined::Refused(why) => refused(&why),
                    Joined::Nothing => refused("it came to join, and asked for nothing"),
                }
            }
            Err(error) => refused(&told(&error)),
        }
    }

    /// Somebody with a certificate.
    async fn client(
        self: &Arc<Self>,
        stream: TlsStream<TcpStream>,
        from: SocketAddr,
        guest: Guest,
        identity: &Arc<Identity>,
        refused: &(dyn Fn(&str) + Sync),
    ) {
        let chain = stream.get_ref().1.peer_certificates().map(<[_]>::to_vec).unwrap_or_default();
        let place = loop {
            // Before what is in force is taken: who is let in by a former configuration is asked again.
            let reloads = self.connections.reloads();
            let standing = self.standing();
            let admitted = match identity.admitted(&chain, &standing, from) {
                Ok(admitted) => Arc::new(admitted),
                Err(why) => return refused(&why),
            };
            let desk = self.desk(admitted.tenant.clone(), admitted.user.clone());
            let desk = Desk { admitted: Some(Arc::clone(&admitted)), ..desk };
            match self.take_place(By::Certificate(Arc::clone(&admitted)), &desk, reloads) {
                Ok(place) if identity.still(&admitted, &self.standing()) => break Ok((desk, place)),
                // Revoked in between, when nobody looked for it yet.
                Ok(_) => return refused("the certificate was revoked"),
                Err(NoPlace::Full) => break Err(desk),
                Err(NoPlace::Outdated) => {}
            }
        };
        guest.became_known();
        match place {
            Ok((desk, place)) => serve_desk(stream, Desk { place: Some(Arc::new(place)), ..desk }).await,
            Err(desk) => full(stream, &desk.share).await,
        }
    }

    /// Who has a certificate now that had none: it has it already, and who wrote the invitation is in the trail, too.
    fn note_joining(&self, from: SocketAddr, who: &str, serial: &str) {
        let actor = format!("address {}", from.ip().to_canonical());
        let record = turned_away::record(actor, who, &format!("certificate {serial}"));
        let record =
            AuditRecord { action: "join".to_owned(), outcome: Outcome::Done, rule: String::new(), ..record };
        let _recorded = self.audit.record(&record);
    }

    /// It is turned away, whether or not that is written down.
    fn note_refusal(&self, from: SocketAddr, at: Option<&SocketAddr>, words: &str) {
        let address = from.ip().to_canonical();
        let Some(untold) = self.connections.turned_away.is_told(address, Instant::now()) else { return };
        let object = at.map_or_else(|| "the network".to_owned(), |at| format!("tcp://{at}"));
        let mut words = printable(words);
        if untold > 0 {
            words = format!("{words} ({untold} before it, from anywhere, are not recorded)");
        }
        let _recorded =
            self.audit.record(&turned_away::record(format!("address {address}"), &object, &words));
    }
}

/// Shakes hands.
async fn meet(stream: TcpStream, identity: &Identity) -> io::Result<Met> {
    prepare(&stream)?;
    let mut first = [0];
    if stream.peek(&mut first).await? == 0 {
        return Err(io::Error::other("it said nothing"));
    }
    if first != [HANDSHAKE_RECORD] {
        return Err(no_tls(stream).await);
    }
    let begun = LazyConfigAcceptor::new(Acceptor::default(), stream).await?;
    let wants_to_join =
        begun.client_hello().alpn().is_some_and(|mut spoken| spoken.any(|protocol| protocol == JOIN));
    let Doors { mutual, joining } = identity.doors();
    match joining.filter(|_| wants_to_join) {
        Some(joining) => Ok(Met::Newcomer(finish(begun, joining).await?)),
        None => Ok(Met::Client(finish(begun, mutual).await?)),
    }
}

async fn finish(
    begun: StartHandshake<TcpStream>,
    config: Arc<ServerConfig>,
) -> io::Result<Box<TlsStream<TcpStream>>> {
    match begun.into_stream(config).into_fallible().await {
        Ok(stream) => Ok(Box::new(stream)),
        Err((error, stream)) => {
            linger(stream).await;
            Err(error)
        }
    }
}

/// Why hands were not shaken: who judged the certificate has said it best.
fn told(error: &io::Error) -> String {
    let rustls = error.get_ref().and_then(|error| error.downcast_ref::<rustls::Error>());
    match rustls {
        Some(rustls::Error::InvalidCertificate(CertificateError::Other(OtherError(judged)))) => {
            judged.to_string()
        }
        Some(other) => other.to_string(),
        None => error.to_string(),
    }
}

fn prepare(stream: &TcpStream) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let keepalive =
        TcpKeepalive::new().with_time(SILENT).with_interval(ASKED_EVERY).with_retries(ASKED_TIMES);
    SockRef::from(stream).set_tcp_keepalive(&keepalive)
}

/// Says so to who speaks something else, in the one language that everybody's client shows.
async fn no_tls(mut stream: TcpStream) -> io::Error {
    // Whether it hears that is its own affair.
    let _heard = stream.write_all(NO_TLS).await;
    linger(stream).await;
    io::Error::other("it did not speak TLS")
}

/// Ends a connection so that the last word is heard: what the peer still sends, and nobody reads, would have the kernel
/// throw that away.
async fn linger(mut stream: TcpStream) {
    let _told = stream.shutdown().await;
    let mut unread = [0; 4096];
    let drained = async {
        for _ in 0..MOST_UNREAD {
            if !matches!(stream.read(&mut unread).await, Ok(1..)) {
                return;
            }
        }
    };
    let _late = tokio::time::timeout(LINGER, drained).await;
}
