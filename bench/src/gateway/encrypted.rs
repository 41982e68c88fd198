//! Over the network: what mutual TLS costs at the gateway, beside nginx doing the same before the engine's socket.

mod nginx;

use super::{Contest, Question, latency, served};
use crate::http::Connection;
use crate::results::Results;
use nginx::Nginx;
use nix::sched::{CloneFlags, setns};
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, ClientConnection, StreamOwned};
use std::fs::File;
use std::net::TcpStream;
use std::sync::{Arc, Barrier};
use std::time::{Duration, Instant};
use wharf_testkit::{Error, Result};

/// Rounds of the contests, in which everybody has a turn.
const ROUNDS: usize = 15;
/// New connections of each in a round.
const HANDSHAKES: usize = 20;
/// Requests of each in a round, on one connection.
const TURN: usize = 40;
/// Clients at once.
const CLIENTS: usize = 8;
/// Requests of each of them in a round.
const CROWDED_TURN: usize = 40;

/// A port with mutual TLS, and what a client shows there.
#[derive(Clone)]
struct Port {
    number: u16,
    config: Arc<ClientConfig>,
}

impl Port {
    fn open(&self) -> Result<Connection> {
        let stream = TcpStream::connect(("127.0.0.1", self.number)).map_err(Error::io("cannot connect"))?;
        stream.set_nodelay(true).map_err(Error::io("cannot have packets sent at once"))?;
        let name = ServerName::from(std::net::IpAddr::from([127, 0, 0, 1]));
        let tls = ClientConnection::new(Arc::clone(&self.config), name)
            .map_err(|error| Error::NotReady { what: "TLS".into(), log: error.to_string() })?;
        Ok(Connection::over(StreamOwned::new(tls, stream)))
    }
}

/// All of it. The gateway listens in the engine's network namespace, and so everything happens there.
pub(super) fn all(contest: &Contest<'_>, results: &mut Results) -> Result<()> {
    let path = format!("/run/netns/{}", contest.engine.netns().name());
    let namespace = File::open(&path).map_err(Error::io(format!("cannot open `{path}`")))?;
    let _proxy = Nginx::start(contest.engine, contest.served)?;
    let config = contest.served.client_config()?;
    let port = |number| Port { number, config: Arc::clone(&config) };
    let (ours, theirs) = (port(served::PORT), port(nginx::PORT));
    std::thread::scope(|scope| {
        let run = scope.spawn(|| {
            setns(&namespace, CloneFlags::CLONE_NEWNET)
                .map_err(|errno| Error::io("cannot enter the network namespace")(errno.into()))?;
            handshakes(contest, [&ours, &theirs], results)?;
            kept_alive(contest, [&ours, &theirs], results)?;
            crowded(contest, [&ours, &theirs], results)
        });
        run.join().expect("the contest did not panic")
    })
}

/// A connection, both certificates, and the first answer: TLS 1.3 has a client believe that it is in before it was judged.
fn handshakes(contest: &Contest<'_>, ports: [&Port; 2], results: &mut Results) -> Result<()> {
    let ping = Question::get("/_ping");
    let mut times: [Vec<Duration>; 2] = Default::default();
    for _ in 0..ROUNDS {
        for (port, times) in ports.into_iter().zip(&mut times) {
            for _ in 0..HANDSHAKES {
                let start = Instant::now();
                ping.put(&mut port.open()?)?;
                times.push(start.elapsed());
            }
        }
    }
    let [ours, theirs] = times.map(latency::median);
    let title = |what: &str| contest.title(what);
    results.ratio(title("mutual TLS handshake and a _ping / by nginx"), ours, theirs, Some(1.5));
    for (who, time) in [("", ours), (" by nginx", theirs)] {
        results.amount(
            &title(&format!("mutual TLS handshakes a second{who}")),
            1.0 / time.as_secs_f64(),
            "/s",
            None,
        );
    }
    Ok(())
}

/// What TLS adds on a connection that stays.
fn kept_alive(contest: &Contest<'_>, ports: [&Port; 2], results: &mut Results) -> Result<()> {
    let inspect = inspection(contest);
    let (gateway, direct) = (contest.gateway(), contest.direct());
    let mut open = [ports[0].open()?, ports[1].open()?, gateway.open()?, direct.open()?];
    let mut times: [Vec<Duration>; 4] = Default::default();
    for _ in 0..ROUNDS {
        for (connection, times) in open.iter_mut().zip(&mut times) {
            inspect.put(connection)?;
            for _ in 0..TURN {
                times.push(inspect.put(connection)?);
            }
        }
    }
    let [tls, nginx, socket, direct] = times.map(latency::median);
    let title = |what: &str| contest.title(what);
    results.added(title("µs added by TLS to an inspection by id"), tls, socket, None);
    results.added(title("µs added by nginx with TLS to an inspection by id"), nginx, direct, None);
    results.ratio(title("inspection by id over TLS / by nginx"), tls, nginx, Some(1.5));
    Ok(())
}

/// Requests a second, when several ask at once.
fn crowded(contest: &Contest<'_>, ports: [&Port; 2], results: &mut Results) -> Result<()> {
    let inspect = inspection(contest);
    let mut times: [Vec<Duration>; 2] = Default::default();
    for _ in 0..ROUNDS {
        for (port, times) in ports.into_iter().zip(&mut times) {
            let connections = (0..CLIENTS).map(|_| port.open()).collect::<Result<Vec<_>>>()?;
            times.push(together(connections, &inspect)?);
        }
    }
    let [ours, theirs] = times.map(latency::median);
    let title = |what: &str| contest.title(what);
    results.ratio(
        title(&format!("{CLIENTS} clients' inspections over TLS / by nginx")),
        ours,
        theirs,
        Some(1.5),
    );
    let requests = f64::from(u32::try_from(CLIENTS * CROWDED_TURN).unwrap_or(u32::MAX));
    for (who, time) in [("", ours), (" by nginx", theirs)] {
        let rate = requests / time.as_secs_f64();
        results.amount(&title(&format!("inspections a second over TLS{who}")), rate, "/s", None);
    }
    Ok(())
}

fn together(connections: Vec<Connection>, question: &Question) -> Result<Duration> {
    let start = Barrier::new(CLIENTS + 1);
    std::thread::scope(|scope| {
        let clients: Vec<_> = connections
            .into_iter()
            .map(|mut connection| {
                let start = &start;
                scope.spawn(move || -> Result<()> {
                    let warm = question.put(&mut connection);
                    start.wait();
                    warm?;
                    (0..CROWDED_TURN).try_for_each(|_| question.put(&mut connection).map(drop))
                })
            })
            .collect();
        start.wait();
        let began = Instant::now();
        for client in clients {
            client.join().expect("no client panicked")?;
        }
        Ok(began.elapsed())
    })
}

fn inspection(contest: &Contest<'_>) -> Question {
    Question::get(format!("/v1.41/containers/{}/json", contest.guests.running))
}
