//! What the gateway adds to a request.

use super::footprint::processor_time;
use super::{Contest, Door, Question, guests};
use crate::results::Results;
use std::sync::Barrier;
use std::time::Duration;
use wharf_testkit::Result;

/// Rounds of each contest.
const ROUNDS: usize = 20;
/// Requests of each contestant in a round.
const TURN: usize = 40;
/// Clients at once, where there are many.
const CLIENTS: usize = 16;
/// Rounds with many clients: in each, every contestant's tail is taken, and the median of those counts.
const CROWDED_ROUNDS: usize = 7;
/// Requests of each of them in a round.
const CROWDED_TURN: usize = 60;
/// Containers of other tenants, where there are many.
const MANY: usize = 1000;

/// One connection, one request at a time.
pub(super) fn calls(contest: &Contest<'_>, results: &mut Results) -> Result<()> {
    let [direct, gateway, proxy] = [contest.direct(), contest.gateway(), contest.beside()];
    let pump = Door::of(contest.pump.socket(), None);
    let id = &contest.guests.running;
    let everywhere =
        |question: &Question| [&direct, &gateway, &proxy, &pump].map(|door| (door, question.clone()));
    let inspect = Question::get(format!("/v1.41/containers/{id}/json"));
    let list = Question::get("/v1.41/containers/json?all=1");
    let own = Question::get(labelled(contest));
    let rows = [
        ("µs added to _ping", everywhere(&Question::get("/_ping")), Some(60.0)),
        ("µs added to a container's inspection by id", everywhere(&inspect), Some(60.0)),
        (
            "µs added to a list of 10 own containers",
            [(&direct, own.clone()), (&gateway, list), (&proxy, own.clone()), (&pump, own)],
            None,
        ),
    ];
    for (what, questions, most) in rows {
        let [direct, gateway, proxy, pump] = turns(&questions)?.map(median);
        results.added(contest.title(what), gateway, direct, most);
        results.added(contest.title(&format!("{what} by copying bytes")), pump, direct, None);
        results.added(contest.title(&format!("{what} by haproxy")), proxy, direct, None);
        if what.contains("inspection") {
            results.ratio(contest.title("inspection by id / by haproxy"), gateway, proxy, Some(1.15));
        }
    }
    effort(contest, &inspect, results)
}

/// What one request costs the processors, whatever else the machine does meanwhile.
fn effort(contest: &Contest<'_>, question: &Question, results: &mut Results) -> Result<()> {
    for (who, door, process) in [
        ("", contest.gateway(), contest.served.process()),
        (" by haproxy", contest.beside(), contest.proxy.process()),
    ] {
        let mut connection = door.open()?;
        let before = processor_time(process);
        for _ in 0..ROUNDS * TURN {
            question.put(&mut connection)?;
        }
        let spent =
            processor_time(process).saturating_sub(before) / u32::try_from(ROUNDS * TURN).unwrap_or(1);
        let title = contest.title(&format!("processor time of an inspection by id{who}"));
        results.amount(&title, spent.as_secs_f64() * 1e6, "µs", None);
    }
    Ok(())
}

/// What is refused, beside what the engine would have answered.
pub(super) fn denials(contest: &Contest<'_>, results: &mut Results) -> Result<()> {
    let [direct, gateway] = [contest.direct(), contest.gateway()];
    let privileged = Question {
        method: "POST",
        target: "/v1.41/containers/create?name=p".to_owned(),
        body: Some(br#"{"Image":"busybox","HostConfig":{"Privileged":true}}"#.to_vec()),
        status: 403,
    };
    let foreign = Question::get(format!("/v1.41/containers/{}/json", contest.guests.foreign));
    let own = Question::get(format!("/v1.41/containers/{}/json", contest.guests.running));
    let rows = [
        ("a privileged container, refused / an inspection direct", privileged, own),
        ("another's container, hidden / its inspection direct", foreign.clone().refused(404), foreign),
    ];
    for (what, refused, beside) in rows {
        let [theirs, ours] = turns(&[(&direct, beside), (&gateway, refused)])?.map(median);
        results.ratio(contest.title(what), ours, theirs, Some(1.0));
    }
    Ok(())
}

/// The tail, while many ask at once.
pub(super) fn crowded(contest: &Contest<'_>, results: &mut Results) -> Result<()> {
    let [direct, gateway, proxy] = [contest.direct(), contest.gateway(), contest.beside()];
    let inspect = Question::get(format!("/v1.41/containers/{}/json", contest.guests.running));
    for (what, question) in [("_ping", Question::get("/_ping")), ("inspection by id", inspect)] {
        let mut tails: [Vec<Duration>; 3] = Default::default();
        for _ in 0..CROWDED_ROUNDS {
            for (door, tails) in [&direct, &gateway, &proxy].into_iter().zip(&mut tails) {
                tails.push(tail(crowd(door, &question)?));
            }
        }
        let [direct, gateway, proxy] = tails.map(median);
        let title = |who: &str| contest.title(&format!("p99 at {CLIENTS} of {what}{who} / direct"));
        results.ratio(title(""), gateway, direct, Some(2.0));
        results.ratio(title(" by haproxy"), proxy, direct, None);
    }
    Ok(())
}

/// A tenant's list on an engine that is full of others' containers.
pub(super) fn among_many(contest: &Contest<'_>, results: &mut Results) -> Result<()> {
    guests::crowd(contest.engine, MANY)?;
    // The gateway takes in what it heard of them.
    std::thread::sleep(Duration::from_secs(2));
    let (direct, gateway) = (contest.direct(), contest.gateway());
    let questions = [
        (&direct, Question::get(labelled(contest))),
        (&gateway, Question::get("/v1.41/containers/json?all=1")),
        (&direct, Question::get("/v1.41/containers/json?all=1")),
    ];
    let [direct, gateway, all] = turns_of(&questions, 5, 8)?.map(median);
    let title = |beside: &str| contest.title(&format!("list of 10 own among {MANY} of others / {beside}"));
    results.ratio(title("direct, by label"), gateway, direct, Some(1.2));
    results.ratio(title("direct, all"), gateway, all, None);
    Ok(())
}

/// The list that the engine is asked for: by the owner's label.
fn labelled(contest: &Contest<'_>) -> String {
    let filters = format!(r#"{{"label":["wharf.tenant={}"]}}"#, contest.served.tenant());
    let target = "/v1.41/containers/json?all=1&filters=".to_owned();
    filters.bytes().fold(target, |target, byte| target + &format!("%{byte:02X}"))
}

fn turns<const N: usize>(questions: &[(&Door<'_>, Question); N]) -> Result<[Vec<Duration>; N]> {
    turns_of(questions, ROUNDS, TURN)
}

/// In each round every contestant has its turn, on a connection that stays.
fn turns_of<const N: usize>(
    questions: &[(&Door<'_>, Question); N],
    rounds: usize,
    turn: usize,
) -> Result<[Vec<Duration>; N]> {
    let mut times = std::array::from_fn(|_| Vec::new());
    let mut connections = questions.iter().map(|(door, _)| door.open()).collect::<Result<Vec<_>>>()?;
    for _ in 0..rounds {
        for (((_, question), connection), times) in questions.iter().zip(&mut connections).zip(&mut times) {
            // The first finds cold caches, whoever it is.
            question.put(connection)?;
            for _ in 0..turn {
                times.push(question.put(connection)?);
            }
        }
    }
    Ok(times)
}

/// All answers' times when many clients ask at once.
pub(super) fn crowd(door: &Door<'_>, question: &Question) -> Result<Vec<Duration>> {
    let connections = (0..CLIENTS).map(|_| door.open()).collect::<Result<Vec<_>>>()?;
    let together = Barrier::new(CLIENTS);
    std::thread::scope(|scope| {
        let clients: Vec<_> = connections
            .into_iter()
            .map(|mut connection| {
                let together = &together;
                scope.spawn(move || -> Result<Vec<Duration>> {
                    question.put(&mut connection)?;
                    together.wait();
                    (0..CROWDED_TURN).map(|_| question.put(&mut connection)).collect()
                })
            })
            .collect();
        let times = clients.into_iter().map(|client| client.join().expect("no client panicked"));
        Ok(times.collect::<Result<Vec<_>>>()?.concat())
    })
}

/// The time that one answer in a hundred exceeds.
pub(super) fn tail(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times.get(times.len() * 99 / 100).copied().unwrap_or_default()
}

/// The time that half of the answers exceed.
pub(super) fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times.get(times.len() / 2).copied().unwrap_or_default()
}
