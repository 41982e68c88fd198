//! Upgrades, broken off at every request.

use crate::site::{
    Site, ada, blueprint, definition, fresh_name, is_mine, kill_at, on_each_engine, on_each_kind,
};
use std::collections::BTreeMap;
use wharf_testkit::{Moment, Recorder, Verdict};
use wharf_workstation::{Definition, Seen, WorkstationName, Yard, YardError};

/// Another edition of the same workstation.
fn edition(name: &WorkstationName, edition: &str) -> Definition {
    let environment = BTreeMap::from([("EDITION".parse().unwrap(), edition.to_owned())]);
    Definition { environment, ..definition(name) }
}

async fn says(yard: &Yard<'_>, seen: &Seen, script: &str) -> String {
    let ran = yard.run(seen, &["sh", "-c", script], b"").await.unwrap();
    assert_eq!(ran.status, Some(0), "{}", String::from_utf8_lossy(&ran.errors));
    String::from_utf8(ran.output).unwrap().trim().to_owned()
}

/// It runs, in this edition, on its home, and there is nothing else of it.
async fn is_right(site: &Site, name: &WorkstationName, edition: &str) {
    let yard = site.yard();
    let seen = yard.find(name).await.unwrap().unwrap();
    assert_eq!(says(&yard, &seen, "echo $EDITION $(cat ~/marker)").await, format!("{edition} kept"));
    assert!(seen.restarts, "the engine would not start it again");
    let all = site.labelled(name).await;
    assert_eq!(all, [format!("/workstation-{name}")], "something is left over");
}

#[test]
fn an_upgrade_keeps_the_home_and_leaves_nothing_over() {
    on_each_engine(async |socket| {
        let (site, name, ada) = (Site::at(socket), fresh_name(), ada());
        let yard = site.yard();
        let (one, two) = (edition(&name, "one"), edition(&name, "two"));
        let started = yard.start(&blueprint(&one, &ada)).await.unwrap();
        says(&yard, &started.seen, "echo kept > ~/marker; chmod 755 ~").await;
        let image = yard.make_image(&blueprint(&two, &ada), false).await.unwrap();
        let upgraded = yard.upgrade(&blueprint(&two, &ada), &image).await.unwrap();
        assert_eq!(upgraded.seen.outdated(&two, None), None);
        assert_eq!(says(&yard, &upgraded.seen, "stat -c %a ~").await, "755");
        is_right(&site, &name, "two").await;
        yard.destroy(&name).await.unwrap();
    });
}

#[test]
fn an_upgrade_that_cannot_run_leaves_the_former_one_running() {
    on_each_engine(async |socket| {
        let (site, name, ada) = (Site::at(socket), fresh_name(), ada());
        let yard = site.yard();
        let one = edition(&name, "one");
        let started = yard.start(&blueprint(&one, &ada)).await.unwrap();
        says(&yard, &started.seen, "echo kept > ~/marker").await;

        let broken = site.yard().with_program(|_| {
            let bytes = b"#!/bin/sh\necho no such luck\nexit 7\n".as_slice().into();
            Ok(wharf_workstation::Program { bytes, version: "broken".into() })
        });
        let image = broken.make_image(&blueprint(&one, &ada), false).await.unwrap();
        let error = broken.upgrade(&blueprint(&one, &ada), &image).await.unwrap_err();
        assert!(matches!(error, YardError::RolledBack { .. }), "{error:?}");
        is_right(&site, &name, "one").await;
        yard.destroy(&name).await.unwrap();
    });
}

#[test]
fn an_upgrade_may_be_broken_off_at_any_request() {
    for moment in [Moment::Before, Moment::After] {
        on_each_kind(async |kind, socket| {
            let (recorder, name, ada) = (Recorder::start(socket).unwrap(), fresh_name(), ada());
            let site = Site::at(socket);
            let yard = site.yard();
            let started = yard.start(&blueprint(&edition(&name, "zero"), &ada)).await.unwrap();
            says(&yard, &started.seen, "echo kept > ~/marker").await;
            for n in 1.. {
                let text = format!("{moment:?}{n}");
                if !is_mine(kind, moment, n) {
                    continue;
                }
                let definition = edition(&name, &text);
                let plan = blueprint(&definition, &ada);
                recorder.clear();
                kill_at(&recorder, n, moment);
                let victim = Site::at(recorder.socket());
                let struck = upgrade(&victim.yard(), &plan).await.is_err();
                recorder.clear_hook();
                // Whoever just wants in gets in, whatever came of it.
                let yard = site.yard();
                let entered = yard.start(&plan).await.unwrap();
                assert_eq!(says(&yard, &entered.seen, "cat ~/marker").await, "kept", "{text}");
                upgrade(&yard, &plan).await.unwrap();
                is_right(&site, &name, &text).await;
                if !struck {
                    assert!(n > 12, "an upgrade has more requests than {n}");
                    break;
                }
            }
            yard.destroy(&name).await.unwrap();
        });
    }
}

/// Whether the next one is to be made.
fn is_next(target: &str) -> bool {
    target.rsplit_once('.').is_some_and(|(_, last)| last == "next")
}

/// As a gateway that has no room for the former one and the next: what follows is killed at its `n`-th request.
fn without_room_killed_at(recorder: &Recorder, n: usize) {
    let after = std::sync::Mutex::new(None);
    recorder.set_hook(move |now, number, request| {
        let mut after = after.lock().unwrap();
        match *after {
            None if is_next(&request.target) && now == Moment::Before => {
                *after = Some(number);
                Verdict::Answer(403, "wharf: denied by rule limits: pids".into())
            }
            Some(refused) if number > refused + n => Verdict::Cut,
            Some(refused) if number == refused + n && now == Moment::After => Verdict::Cut,
            _ => Verdict::Forward,
        }
    });
}

#[test]
fn an_upgrade_without_room_for_both_may_be_broken_off_at_any_request() {
    on_each_kind(async |kind, socket| {
        let (recorder, name, ada) = (Recorder::start(socket).unwrap(), fresh_name(), ada());
        let site = Site::at(socket);
        let yard = site.yard();
        let started = yard.start(&blueprint(&edition(&name, "zero"), &ada)).await.unwrap();
        says(&yard, &started.seen, "echo kept > ~/marker").await;
        for n in 1.. {
            if !is_mine(kind, Moment::After, n) {
                continue;
            }
            let text = format!("crowded{n}");
            let definition = edition(&name, &text);
            let plan = blueprint(&definition, &ada);
            without_room_killed_at(&recorder, n);
            let struck = upgrade(&Site::at(recorder.socket()).yard(), &plan).await.is_err();
            recorder.clear_hook();
            let yard = site.yard();
            let entered = yard.start(&plan).await.unwrap();
            assert_eq!(says(&yard, &entered.seen, "cat ~/marker").await, "kept", "{text}");
            assert!(yard.find(&name).await.unwrap().unwrap().restarts, "{text}");
            upgrade(&yard, &plan).await.unwrap();
            is_right(&site, &name, &text).await;
            if !struck {
                assert!(n > 12, "such an upgrade has more requests than {n}");
                break;
            }
        }
        yard.destroy(&name).await.unwrap();
    });
}

async fn upgrade(yard: &Yard<'_>, plan: &wharf_workstation::Blueprint<'_>) -> Result<(), YardError> {
    let image = yard.make_image(plan, false).await?;
    yard.upgrade(plan, &image).await.map(drop)
}

#[test]
fn an_upgrade_that_the_engine_refuses_at_any_request_leaves_it_running() {
    on_each_kind(async |kind, socket| {
        let (recorder, name, ada) = (Recorder::start(socket).unwrap(), fresh_name(), ada());
        let site = Site::at(socket);
        let yard = site.yard();
        let started = yard.start(&blueprint(&edition(&name, "zero"), &ada)).await.unwrap();
        says(&yard, &started.seen, "echo kept > ~/marker").await;
        for n in 1.. {
            let text = format!("refused{n}");
            if !is_mine(kind, Moment::Before, n) {
                continue;
            }
            let definition = edition(&name, &text);
            let plan = blueprint(&definition, &ada);
            recorder.clear();
            recorder.fail_at(n, 500);
            let victim = Site::at(recorder.socket());
            let struck = upgrade(&victim.yard(), &plan).await.is_err();
            recorder.clear_hook();
            let seen = yard.find(&name).await.unwrap().unwrap();
            assert!(seen.is_running(), "{text}: {seen:?}");
            assert_eq!(says(&yard, &seen, "cat ~/marker").await, "kept", "{text}");
            if !struck {
                assert!(n > 12, "an upgrade has more requests than {n}");
                break;
            }
        }
        yard.destroy(&name).await.unwrap();
    });
}
