//! A workstation's life, from nothing to nothing.

use crate::site::{Site, ada, blueprint, definition, fresh_name, on_each_engine};
use wharf_testkit::Recorder;
use wharf_wire::workstation::WorkstationExec;
use wharf_workstation::{How, WorkstationState, YardError};

#[test]
fn it_is_made_entered_stopped_and_destroyed() {
    on_each_engine(async |socket| {
        let (site, name, ada) = (Site::at(socket), fresh_name(), ada());
        let definition = definition(&name);
        let (yard, plan) = (site.yard(), blueprint(&definition, &ada));
        assert_eq!(yard.find(&name).await.unwrap(), None);
        let started = yard.start(&plan).await.unwrap();
        assert_eq!(started.how, How::Anew);

        let told = "id; whoami; pwd; touch file; ls -lan . /run/wharf; tail -n1 /etc/passwd /etc/group; grep -i -e capeff -e nonew /proc/self/status; hostname; cat /proc/1/comm";
        let ran = yard.run(&started.seen, &["sh", "-ec", told], b"").await.unwrap();
        println!("{} {}", String::from_utf8_lossy(&ran.output), String::from_utf8_lossy(&ran.errors));
        assert_eq!(ran.status, Some(0));

        assert_eq!(yard.start(&plan).await.unwrap().how, How::Ran);
        yard.stop(&started.seen).await.unwrap();
        assert_eq!(yard.find(&name).await.unwrap().unwrap().state, WorkstationState::Stopped);
        assert_eq!(yard.start(&plan).await.unwrap().how, How::Again);

        yard.destroy(&name).await.unwrap();
        assert_eq!(yard.find(&name).await.unwrap(), None);
    });
}

#[test]
fn entering_what_runs_is_three_requests() {
    on_each_engine(async |socket| {
        let (recorder, name, ada) = (Recorder::start(socket).unwrap(), fresh_name(), ada());
        let definition = definition(&name);
        let first = Site::at(recorder.socket());
        first.yard().start(&blueprint(&definition, &ada)).await.unwrap();
        println!("{:#?}", recorder.requests());
        recorder.clear();

        let site = Site::at(recorder.socket());
        let yard = site.yard();
        let seen = yard.find(&name).await.unwrap().unwrap();
        assert!(seen.is_running());
        assert_eq!(seen.outdated(&definition, Some("0123456789ab")), None);
        let exec = WorkstationExec { command: vec!["true".into()], ..WorkstationExec::default() };
        let (exec, mut attached) = yard.exec(&seen, exec).await.unwrap();
        while attached.output.next().await.unwrap().is_some() {}
        let requests = recorder.requests();
        println!("{requests:#?}");
        assert_eq!(requests.len(), 3);
        assert_eq!(yard.exec_status(&exec).await.unwrap(), Some(0));
        yard.destroy(&name).await.unwrap();
    });
}

#[test]
fn the_real_session_server_serves_and_ends_in_time() {
    on_each_engine(async |socket| {
        let (site, name, ada) = (Site::at(socket), fresh_name(), ada());
        let definition = definition(&name);
        let yard = site.yard().with_program(wharf_workstation::program::for_architecture);
        let started = yard.start(&blueprint(&definition, &ada)).await.unwrap();
        let ran = yard.run(&started.seen, &["/run/wharf/session", "status", "--json"], b"").await.unwrap();
        assert_eq!(ran.status, Some(0), "{}", String::from_utf8_lossy(&ran.errors));
        let before = std::time::Instant::now();
        yard.stop(&started.seen).await.unwrap();
        assert!(before.elapsed().as_secs() < 6, "{:?}", before.elapsed());
        assert_eq!(yard.start(&blueprint(&definition, &ada)).await.unwrap().how, How::Again);
        yard.destroy(&name).await.unwrap();
    });
}

#[test]
fn what_answers_without_end_or_not_at_all_is_given_up() {
    on_each_engine(async |socket| {
        let (site, name, ada) = (Site::at(socket), fresh_name(), ada());
        let definition = definition(&name);
        let yard = site.yard();
        let seen = yard.start(&blueprint(&definition, &ada)).await.unwrap().seen;
        let soon = std::time::Duration::from_secs(1);
        for words in ["yes", "yes >&2"] {
            let endless = yard.run(&seen, &["sh", "-c", words], b"").await;
            assert!(matches!(endless, Err(YardError::Endless(_))), "{words}: {endless:?}");
        }
        for words in ["sleep 600", "while :; do echo; sleep 0.1; done"] {
            let silent = yard.run_within(&seen, &["sh", "-c", words], soon).await;
            assert!(matches!(silent, Err(YardError::Silent(_))), "{words}: {silent:?}");
        }
        // What is large and ends is no harm, in either direction.
        let input = vec![b'x'; 3 << 20];
        let ran = yard.run(&seen, &["cat"], &input).await.unwrap();
        assert!(ran.output == input);
        yard.destroy(&name).await.unwrap();
    });
}
