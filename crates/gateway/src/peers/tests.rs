//! Crowds, and how they are kept from holding up others. No time passes but what is said.

use super::*;
use std::net::{Ipv4Addr, Ipv6Addr};

fn peers() -> Arc<Peers> {
    Arc::default()
}

fn v4(last: u32) -> IpAddr {
    Ipv4Addr::from(u32::from(Ipv4Addr::new(192, 0, 2, 0)) + last).into()
}

async fn fail(peers: &Arc<Peers>, from: IpAddr, times: u32) {
    for _ in 0..times {
        drop(peers.enter(from).await);
    }
}

/// How long an address waits now.
async fn waits(peers: &Arc<Peers>, from: IpAddr) -> Option<Duration> {
    let begun = Instant::now();
    peers.enter(from).await.map(Guest::became_known)?;
    Some(begun.elapsed())
}

#[tokio::test(start_paused = true)]
async fn an_address_that_keeps_failing_waits_twice_as_long_each_time_and_others_do_not() {
    let peers = peers();
    fail(&peers, v4(1), FREE_FAILURES).await;
    let mut waited = Vec::new();
    for _ in 0..9 {
        let begun = Instant::now();
        drop(peers.enter(v4(1)).await.unwrap());
        waited.push(begun.elapsed().as_millis());
    }
    assert_eq!(waited, [0, 500, 1000, 2000, 4000, 8000, 16_000, 32_000, 60_000]);
    assert_eq!(waits(&peers, v4(2)).await, Some(Duration::ZERO));
}

#[tokio::test(start_paused = true)]
async fn an_address_that_fails_all_at_once_goes_one_by_one_then() {
    let peers = peers();
    fail(&peers, v4(1), FREE_FAILURES + 3).await;
    let begun = Instant::now();
    let crowd: Vec<_> = (0..4).map(|_| tokio::spawn(enter_and_stay(Arc::clone(&peers), v4(1)))).collect();
    let mut entered = Vec::new();
    for one in crowd {
        let (guest, at) = one.await.unwrap();
        entered.push((at - begun).as_secs());
        // Nobody fails any more: the delay stays.
        std::mem::forget(guest);
    }
    entered.sort_unstable();
    assert_eq!(entered, [2, 4, 6, 8]);
}

async fn enter_and_stay(peers: Arc<Peers>, from: IpAddr) -> (Option<Guest>, Instant) {
    let guest = peers.enter(from).await;
    (guest, Instant::now())
}

#[tokio::test(start_paused = true)]
async fn success_and_time_forgive() {
    let peers = peers();
    fail(&peers, v4(1), FREE_FAILURES + 4).await;
    assert_ne!(waits(&peers, v4(1)).await, Some(Duration::ZERO));
    assert_eq!(waits(&peers, v4(1)).await, Some(Duration::ZERO));
    fail(&peers, v4(1), FREE_FAILURES + 8).await;
    tokio::time::sleep(REMEMBERED).await;
    assert_eq!(waits(&peers, v4(1)).await, Some(Duration::ZERO));
}

#[tokio::test(start_paused = true)]
async fn one_address_has_eight_places_and_its_others_wait_for_them() {
    let peers = peers();
    let mut inside = Vec::new();
    for _ in 0..MOST_OF_ORIGIN {
        inside.push(peers.enter(v4(1)).await.unwrap());
    }
    assert!(peers.enter(v4(1)).await.is_none(), "a ninth waits in vain");
    let waiting = tokio::spawn(enter_and_stay(Arc::clone(&peers), v4(1)));
    tokio::task::yield_now().await;
    inside.pop().unwrap().became_known();
    assert!(waiting.await.unwrap().0.is_some());
    assert_eq!(waits(&peers, v4(2)).await, Some(Duration::ZERO));
}

#[tokio::test(start_paused = true)]
async fn a_crowd_at_one_address_is_turned_away_at_its_limit() {
    let peers = peers();
    let crowd: Vec<_> =
        (0..MOST_OPEN_OF_ORIGIN).map(|_| tokio::spawn(enter_and_stay(Arc::clone(&peers), v4(1)))).collect();
    tokio::time::sleep(Duration::from_millis(1)).await;
    let begun = Instant::now();
    assert!(peers.enter(v4(1)).await.is_none());
    assert_eq!(begun.elapsed(), Duration::ZERO);
    crowd.iter().for_each(tokio::task::JoinHandle::abort);
}

#[tokio::test(start_paused = true)]
async fn when_all_places_are_taken_who_has_most_gives_way() {
    let peers = peers();
    let mut crowd = Vec::new();
    for number in 0..MOST_GUESTS {
        let address = v4(u32::try_from(number / MOST_OF_ORIGIN).unwrap());
        crowd.push(peers.enter(address).await.unwrap());
    }
    assert!(crowd.iter().all(|guest| !guest.cut().is_cancelled()));
    let honest = peers.enter(v4(200)).await.unwrap();
    let cut: Vec<usize> = (0..MOST_GUESTS).filter(|number| crowd[*number].cut().is_cancelled()).collect();
    assert_eq!(cut, [0], "the oldest of one of those with most");
    assert!(!honest.cut().is_cancelled());
    // Whoever had to go has not failed.
    let first = crowd.remove(0).arrival.origin;
    assert_eq!(peers.table().origins[&first].failures, 0);
}

#[tokio::test(start_paused = true)]
async fn crowds_that_wait_give_way_as_well() {
    let peers = peers();
    let crowd: Vec<_> = (0..MOST_OPEN)
        .map(|number| {
            let address = v4(u32::try_from(number / MOST_OPEN_OF_ORIGIN).unwrap());
            tokio::spawn(enter_and_stay(Arc::clone(&peers), address))
        })
        .collect();
    tokio::time::sleep(Duration::from_millis(1)).await;
    assert_eq!(peers.table().open.len(), MOST_OPEN);
    assert_eq!(waits(&peers, v4(200)).await, Some(Duration::ZERO));
    assert!(peers.table().open.len() < MOST_OPEN);
    crowd.iter().for_each(tokio::task::JoinHandle::abort);
}

#[tokio::test(start_paused = true)]
async fn neighbours_in_ipv6_are_one_address_and_ipv4_in_disguise_is_itself() {
    let peers = peers();
    let near = |last: u16| IpAddr::V6(Ipv6Addr::new(0x2001, 0xdb8, 0, 7, last, 0, 0, last));
    for last in 0..u16::try_from(FREE_FAILURES).unwrap() + 2 {
        fail(&peers, near(last), 1).await;
    }
    assert_ne!(waits(&peers, near(99)).await, Some(Duration::ZERO));
    let far = IpAddr::V6(Ipv6Addr::new(0x2001, 0xdb8, 0, 8, 0, 0, 0, 1));
    assert_eq!(waits(&peers, far).await, Some(Duration::ZERO));
    fail(&peers, v4(1), FREE_FAILURES + 2).await;
    let IpAddr::V4(plain) = v4(1) else { unreachable!() };
    assert_ne!(waits(&peers, plain.to_ipv6_mapped().into()).await, Some(Duration::ZERO));
}

#[tokio::test(start_paused = true)]
async fn what_is_remembered_is_bounded_and_the_oldest_is_forgotten_first() {
    let peers = peers();
    for number in 0..u32::try_from(MOST_REMEMBERED).unwrap() + 10 {
        fail(&peers, v4(number), 1).await;
        tokio::time::advance(Duration::from_millis(1)).await;
    }
    let table = peers.table();
    assert_eq!(table.origins.len(), MOST_REMEMBERED);
    assert!(!table.origins.contains_key(&Origin::of(v4(0))));
    assert!(table.origins.contains_key(&Origin::of(v4(11))));
    assert!(table.open.is_empty());
}

#[tokio::test(start_paused = true)]
async fn where_good_certificates_come_from_neighbours_that_fail_hold_up_nobody() {
    let peers = peers();
    let laptop: IpAddr = Ipv6Addr::new(0x2001, 0xdb8, 0, 7, 0, 0, 0, 1).into();
    let thing: IpAddr = Ipv6Addr::new(0x2001, 0xdb8, 0, 7, 0, 0, 0, 2).into();
    assert_eq!(waits(&peers, laptop).await, Some(Duration::ZERO));
    fail(&peers, thing, FREE_FAILURES + 8).await;
    assert_eq!(waits(&peers, laptop).await, Some(Duration::ZERO));
    // Several behind one address: what fails there costs the others a second.
    fail(&peers, laptop, FREE_FAILURES + 8).await;
    assert_eq!(waits(&peers, laptop).await, Some(Duration::from_secs(1)));
    // A day later it is an address like others.
    tokio::time::advance(KNOWN).await;
    fail(&peers, laptop, FREE_FAILURES + 8).await;
    assert!(waits(&peers, thing).await > Some(Duration::from_secs(30)));
}
