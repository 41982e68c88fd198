//! What one tenant's clients cost another: its answers' tail before and while a neighbour is hostile.

use super::latency::{crowd, median, tail};
use super::{Contest, Door, Question};
use crate::http::Connection;
use crate::results::Results;
use std::time::Duration;
use wharf_testkit::Result;

/// The neighbour's connections that say nothing. The gateway closes those that are too many.
const IDLE: usize = 10_000;
/// The neighbour's answers that it never reads.
const UNREAD: usize = 100;
/// Rounds before, during and after; the median of their tails counts.
const ROUNDS: usize = 7;

/// The tails of three questions: two at the gateway, and the engine's own, which shows the machine's mood.
type Tails = [Vec<Duration>; 3];

/// Each kind of hostility by itself, beside the time before and after it.
pub(super) fn of_neighbours(contest: &Contest<'_>, results: &mut Results) -> Result<()> {
    let idle = || (0..IDLE).map(|_| contest.served.neighbours_door().open()).collect::<Result<Vec<_>>>();
    hold(contest, results, &format!("{IDLE} idle connections"), idle)?;
    let unread = || (0..UNREAD).map(|number| begun(contest, number)).collect::<Result<Vec<_>>>();
    hold(contest, results, &format!("{UNREAD} answers never read"), unread)
}

/// A large answer of which the head alone is read.
fn begun(contest: &Contest<'_>, number: usize) -> Result<Connection> {
    let mut connection = contest.served.neighbours_door().open()?;
    let target = if number.is_multiple_of(2) { "/v1.41/images/busybox/get" } else { "/v1.41/events" };
    // Refused or not: what matters is that nobody reads what comes.
    let _any = connection.begin(target);
    Ok(connection)
}

fn hold(
    contest: &Contest<'_>,
    results: &mut Results,
    what: &str,
    hostile: impl FnOnce() -> Result<Vec<Connection>>,
) -> Result<()> {
    let mut quiet = Tails::default();
    look(contest, &mut quiet)?;
    let held = hostile()?;
    let mut beside = Tails::default();
    look(contest, &mut beside)?;
    drop(held);
    look(contest, &mut quiet)?;
    let [ping, inspect, direct] = beside.map(median);
    let [quiet_ping, quiet_inspect, quiet_direct] = quiet.map(median);
    let title = |question: &str| contest.title(&format!("p99 of {question} beside {what} / alone"));
    results.ratio(title("_ping"), ping, quiet_ping, Some(2.0));
    results.ratio(title("inspection"), inspect, quiet_inspect, Some(2.0));
    results.ratio(title("the engine's own inspection"), direct, quiet_direct, None);
    Ok(())
}

fn look(contest: &Contest<'_>, tails: &mut Tails) -> Result<()> {
    let [direct, gateway] = [contest.direct(), contest.gateway()];
    let inspect = Question::get(format!("/v1.41/containers/{}/json", contest.guests.running));
    let questions: [(&Door<'_>, Question); 3] =
        [(&gateway, Question::get("/_ping")), (&gateway, inspect.clone()), (&direct, inspect)];
    for _ in 0..ROUNDS {
        for ((door, question), tails) in questions.iter().zip(tails.iter_mut()) {
            tails.push(tail(crowd(door, question)?));
        }
    }
    Ok(())
}
