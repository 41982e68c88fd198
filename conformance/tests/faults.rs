//! Killed, or failed by the engine, at any request: the next run makes the pod as its file says, and nothing is left
//! over.
//!
//! Every request of a run is tried in turn. So that the suite stays short, each engine gets its half of the faults;
//! with `WHARF_TEST_THOROUGH=1` each gets all.

use std::process::Child;
use std::sync::{Arc, Mutex};

use wharf_conformance::{Host, Pod, Run, on_each_engine};
use wharf_testkit::{Engine, EngineKind, Moment, Recorder, Request, Verdict};

/// What happens to a run at its n-th request, the first being 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fault {
    /// Killed (SIGKILL) before the engine has seen the request.
    KilledBefore(usize),
    /// Killed after the engine has done as it was asked, before the answer comes.
    KilledAfter(usize),
    /// The engine answers 500.
    Refused(usize),
}

/// Whether it happened: a run may end before its n-th request.
#[derive(Debug, PartialEq, Eq)]
enum Struck {
    Yes,
    No,
}

const MEMBERS: &str = "containers: {a: {$idle}, b: {$idle, mounts: [{source: b, target: /b}]},
             c: {$idle, depends_on: [a], environment: {EDITION: EDITION}}}";

/// The pod file's text; another edition means that every container is to be replaced.
fn text(edition: &str) -> String {
    format!("hostname: {edition}\n{}", MEMBERS.replace("EDITION}", &format!("{edition}}}")))
}

#[test]
fn a_run_that_makes_a_pod_may_be_killed_at_any_request() {
    strike_each(&[Fault::KilledBefore, Fault::KilledAfter], |pod, strike| {
        pod.down().succeeds();
        strike(pod)
    });
}

#[test]
fn a_run_that_makes_a_pod_may_be_refused_at_any_request() {
    strike_each(&[Fault::Refused], |pod, strike| {
        pod.down().succeeds();
        strike(pod)
    });
}

#[test]
fn a_run_that_replaces_a_pod_may_be_killed_at_any_request() {
    strike_each(&[Fault::KilledBefore, Fault::KilledAfter], |pod, strike| strike(pod));
}

#[test]
fn a_run_that_replaces_a_pod_may_be_refused_at_any_request() {
    strike_each(&[Fault::Refused], |pod, strike| strike(pod));
}

type Strike<'a> = &'a dyn Fn(&Pod<'_>) -> Struck;

/// Strikes at the first request, the second, and so on, until a run ends before its fault; after each, the next run
/// must put the pod right.
fn strike_each(kinds: &[fn(usize) -> Fault], story: impl Fn(&Pod<'_>, Strike<'_>) -> Struck + Sync) {
    on_each_engine(|engine| {
        let recorder = Recorder::start(&engine.socket()).unwrap();
        let host = Host::on(engine).through(&recorder);
        let pod = host.pod("fault", &text("edition0"));
        pod.up().succeeds();
        for kind in kinds {
            for n in 1.. {
                let fault = kind(n);
                let edition = format!("edition{n}{}", fault.letter());
                pod.says(&text(&edition));
                if !is_mine(engine, fault) {
                    continue;
                }
                let struck = story(&pod, &|pod| strike(pod, &recorder, fault));
                recorder.clear_hook();
                pod.up().succeeds();
                is_right(&pod, &edition, fault);
                if struck == Struck::No {
                    assert!(n > 10, "a run has more requests than {n}");
                    break;
                }
            }
        }
    });
}

impl Fault {
    fn letter(self) -> char {
        match self {
            Self::KilledBefore(_) => 'b',
            Self::KilledAfter(_) => 'a',
            Self::Refused(_) => 'r',
        }
    }
}

/// Half of the faults are each engine's.
fn is_mine(engine: &Engine, fault: Fault) -> bool {
    let is_even = match fault {
        Fault::KilledBefore(n) | Fault::Refused(n) => n % 2 == 0,
        Fault::KilledAfter(n) => n % 2 == 1,
    };
    let thorough = std::env::var("WHARF_TEST_THOROUGH").as_deref() == Ok("1");
    thorough || is_even == (engine.kind() == EngineKind::Docker20)
}

/// Runs `wharf up` with a fault in its way.
fn strike(pod: &Pod<'_>, recorder: &Recorder, fault: Fault) -> Struck {
    recorder.clear();
    let (n, moment) = match fault {
        Fault::Refused(n) => {
            recorder.fail_at(n, 500);
            let run = pod.up();
            let struck = recorder.requests().len() >= n;
            assert_eq!(struck, run.status() != 0, "{fault:?}: {run}");
            return if struck { Struck::Yes } else { Struck::No };
        }
        Fault::KilledBefore(n) => (n, Moment::Before),
        Fault::KilledAfter(n) => (n, Moment::After),
    };
    let victim: Arc<Mutex<Option<Child>>> = Arc::default();
    let held = Arc::clone(&victim);
    recorder.at(n, moment, move |_: &Request| {
        // The lock is held while it is being started: the first request may come before it is known.
        held.lock().unwrap().as_mut().unwrap().kill().unwrap();
        Verdict::Cut
    });
    let mut command = pod.host().wharf_command(["up".as_ref(), pod.file().as_os_str()]);
    {
        let mut place = victim.lock().unwrap();
        *place = Some(command.spawn().unwrap());
    }
    // Not waited for under the lock, which its killer needs.
    let ended = loop {
        if let Some(status) = victim.lock().unwrap().as_mut().unwrap().try_wait().unwrap() {
            break status;
        }
        std::thread::sleep(std::time::Duration::from_millis(5));
    };
    let run = Run::new(&command, victim.lock().unwrap().take().unwrap().wait_with_output().unwrap());
    let struck = ended.code().is_none();
    assert!(struck || ended.success(), "{fault:?}: {run}");
    if struck { Struck::Yes } else { Struck::No }
}

/// Every container is there, as the file says, once; nothing else is.
fn is_right(pod: &Pod<'_>, edition: &str, fault: Fault) {
    assert_eq!(pod.members(), ["", "a", "b", "c"], "{fault:?}");
    let labelled = |label: &str| {
        let filter = format!("label={label}={}", pod.name());
        pod.host().engine().docker(["ps", "-aq", "--filter", &filter]).unwrap().lines().count()
    };
    assert_eq!(labelled("wharf.pod"), 4, "{fault:?}: nothing is orphaned");
    let root = pod.root();
    assert_eq!(root.text("/Config/Hostname"), edition, "{fault:?}");
    assert!(root.is_running(), "{fault:?}");
    let joined = format!("container:{}", root.id());
    for name in ["a", "b", "c"] {
        let member = pod.member(name);
        assert!(member.is_running(), "{fault:?}: {name}");
        assert_eq!(member.text("/HostConfig/NetworkMode"), joined, "{fault:?}: {name}");
    }
    assert_eq!(pod.sh("c", "echo $EDITION; hostname"), format!("{edition}\n{edition}"), "{fault:?}");
    pod.is_as_its_file_says();
}
