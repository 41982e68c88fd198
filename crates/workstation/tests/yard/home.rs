//! Homes: backed up, restored, cloned, measured, and left alone when they are somebody else's.

use crate::site::{Site, ada, blueprint, definition, engine_at, fresh_name, on_each_engine};
use tokio::io::AsyncReadExt;
use wharf_workstation::{Person, WorkstationName, WorkstationState, YardError};

#[test]
fn a_home_is_read_and_written_into_another_with_its_owners_and_modes() {
    on_each_engine(async |socket| {
        let (site, name, ada) = (Site::at(socket), fresh_name(), ada());
        let clone: WorkstationName = format!("{name}-clone").parse().unwrap();
        let yard = site.yard();
        let definition_of = |name| definition(name);
        let (first, second) = (definition_of(&name), definition_of(&clone));
        let started = yard.start(&blueprint(&first, &ada)).await.unwrap();
        let fill = "mkdir -p a/b; echo deep > a/b/file; chmod 640 a/b/file; ln -s /etc/passwd a/link; chmod 700 a; chmod 750 .";
        assert_eq!(yard.run(&started.seen, &["sh", "-ec", fill], b"").await.unwrap().status, Some(0));

        let mut archive = Vec::new();
        yard.read_home(&started.seen).await.unwrap().read_to_end(&mut archive).await.unwrap();
        let names: Vec<String> = tar::Archive::new(&archive[..])
            .entries()
            .unwrap()
            .map(|entry| entry.unwrap().path().unwrap().display().to_string())
            .collect();
        assert_eq!(names, ["./", "./a/", "./a/b/", "./a/b/file", "./a/link"]);

        yard.create(&blueprint(&second, &ada)).await.unwrap();
        let made = yard.find(&clone).await.unwrap().unwrap();
        assert_eq!(made.state, WorkstationState::Created);
        yard.write_home(&made, std::io::Cursor::new(archive)).await.unwrap();
        let cloned = yard.start(&blueprint(&second, &ada)).await.unwrap();
        let show = "cat a/b/file; readlink a/link; stat -c '%a %u:%g' . a a/b/file";
        let ran = yard.run(&cloned.seen, &["sh", "-ec", show], b"").await.unwrap();
        assert_eq!(
            String::from_utf8_lossy(&ran.output),
            // The home's own mode is not the archive's: engines pass its first entry over.
            "deep\n/etc/passwd\n700 1234:2345\n700 1234:2345\n640 1234:2345\n"
        );
        assert!(yard.home_size(&name).await.unwrap().unwrap() > 0);
        yard.destroy(&clone).await.unwrap();
        assert!(yard.find(&name).await.unwrap().unwrap().is_running());
        yard.destroy(&name).await.unwrap();
    });
}

#[test]
fn a_copy_that_was_broken_off_is_not_entered_and_one_that_was_finished_is() {
    on_each_engine(async |socket| {
        let (site, name, ada) = (Site::at(socket), fresh_name(), ada());
        let yard = site.yard();
        let definition = definition(&name);
        let blueprint = blueprint(&definition, &ada);
        let begun = yard.begin_copy(&blueprint).await.unwrap();
        assert_eq!(begun.state, WorkstationState::Created);
        assert!(begun.is_unfinished_copy());
        for _ in 0..2 {
            let refused = yard.start(&blueprint).await.unwrap_err();
            assert!(matches!(refused, YardError::UnfinishedCopy(_)), "{refused}");
        }
        let image = yard.make_image(&blueprint, false).await.unwrap();
        let refused = yard.upgrade(&blueprint, &image).await.unwrap_err();
        assert!(matches!(refused, YardError::UnfinishedCopy(_)), "{refused}");
        // What is there of another run is not taken away by a copy that fails.
        assert!(yard.begin_copy(&blueprint).await.is_err());
        assert_eq!(yard.find(&name).await.unwrap().as_ref(), Some(&begun));
        yard.discard(&begun).await.unwrap();
        assert!(yard.has_home(&name).await.unwrap());
        let started = yard.start(&blueprint).await.unwrap();
        assert!(started.seen.is_running() && !started.seen.is_unfinished_copy());
        yard.destroy(&name).await.unwrap();
        assert!(!yard.has_home(&name).await.unwrap());
    });
}

#[test]
fn a_home_without_a_container_is_reached_and_left_as_it_was() {
    on_each_engine(async |socket| {
        let (site, name, ada) = (Site::at(socket), fresh_name(), ada());
        let yard = site.yard();
        let definition = definition(&name);
        let blueprint = blueprint(&definition, &ada);
        assert!(matches!(yard.reach_home(&blueprint).await, Err(YardError::NoSuchWorkstation(_))));
        let started = yard.start(&blueprint).await.unwrap();
        yard.run(&started.seen, &["touch", "kept"], b"").await.unwrap();
        engine_at(socket).docker(["rm", "-f", &format!("workstation-{name}")]).unwrap();
        let (reached, is_made) = yard.reach_home(&blueprint).await.unwrap();
        assert!(is_made && reached.state == WorkstationState::Created);
        let mut archive = Vec::new();
        yard.read_home(&reached).await.unwrap().read_to_end(&mut archive).await.unwrap();
        let mut archive = tar::Archive::new(&archive[..]);
        let paths = archive.entries().unwrap().map(|entry| entry.unwrap().path().unwrap().into_owned());
        assert!(paths.into_iter().any(|path| path.ends_with("kept")));
        yard.discard(&reached).await.unwrap();
        assert_eq!(yard.find(&name).await.unwrap().unwrap().state, WorkstationState::Absent);
        yard.destroy(&name).await.unwrap();
    });
}

#[test]
fn a_home_outlives_its_container_and_is_found_by_itself() {
    on_each_engine(async |socket| {
        let (site, name, ada) = (Site::at(socket), fresh_name(), ada());
        let yard = site.yard();
        let definition = definition(&name);
        let started = yard.start(&blueprint(&definition, &ada)).await.unwrap();
        yard.run(&started.seen, &["touch", "kept"], b"").await.unwrap();
        let engine = engine_at(socket);
        engine.docker(["rm", "-f", &format!("workstation-{name}")]).unwrap();
        let seen = yard.find(&name).await.unwrap().unwrap();
        assert_eq!((seen.state, seen.volume), (WorkstationState::Absent, true));
        assert!(yard.all().await.unwrap().contains(&seen));
        let again = yard.start(&blueprint(&definition, &ada)).await.unwrap();
        assert_eq!(yard.run(&again.seen, &["ls"], b"").await.unwrap().output, b"kept\n");
        yard.destroy(&name).await.unwrap();
    });
}

#[test]
fn what_wharf_did_not_make_is_neither_used_nor_removed() {
    on_each_engine(async |socket| {
        let (site, name, ada) = (Site::at(socket), fresh_name(), ada());
        let (yard, engine) = (site.yard(), engine_at(socket));
        let definition = definition(&name);
        let (container, volume) = (format!("workstation-{name}"), format!("workstation-{name}-home"));

        // A volume of that name without our label, or with another's.
        for label in ["a=b", "wharfinger.workstation=other"] {
            engine.docker(["volume", "create", "--label", label, &volume]).unwrap();
            let error = yard.start(&blueprint(&definition, &ada)).await.unwrap_err();
            assert!(matches!(&error, YardError::ForeignVolume(which) if *which == volume), "{error:?}");
            yard.destroy(&name).await.unwrap();
            engine.docker(["volume", "rm", &volume]).unwrap();
        }

        // A container of that name without our label; and our label under another name.
        let run = ["run", "-d", "--name", &container, "busybox", "sleep", "600"];
        engine.docker(run).unwrap();
        let label = format!("wharfinger.workstation={name}");
        let stranger = format!("stranger-{name}");
        engine
            .docker(["run", "-d", "--label", &label, "--name", &stranger, "busybox", "sleep", "600"])
            .unwrap();
        let error = yard.start(&blueprint(&definition, &ada)).await.unwrap_err();
        assert!(matches!(&error, YardError::ForeignContainer(which) if *which == container), "{error:?}");
        yard.destroy(&name).await.unwrap();
        for name in [&container, &stranger] {
            assert_eq!(engine.docker(["inspect", "-f", "{{.State.Running}}", name]).unwrap().trim(), "true");
        }
        engine.docker(["rm", "-f", &container]).unwrap();

        // With the name free, the stranger with our label is no hindrance, and is left alone.
        yard.start(&blueprint(&definition, &ada)).await.unwrap();
        yard.destroy(&name).await.unwrap();
        assert_eq!(engine.docker(["inspect", "-f", "{{.State.Running}}", &stranger]).unwrap().trim(), "true");
        engine.docker(["rm", "-f", &stranger]).unwrap();
    });
}

#[test]
fn a_home_that_was_roots_for_a_killed_run_becomes_its_users_and_a_users_own_stays_as_it_is() {
    on_each_engine(async |socket| {
        let (site, name, ada) = (Site::at(socket), fresh_name(), ada());
        let (yard, engine) = (site.yard(), engine_at(socket));
        let definition = definition(&name);
        let volume = format!("workstation-{name}-home");
        let label = format!("wharfinger.workstation={name}");
        engine.docker(["volume", "create", "--label", &label, &volume]).unwrap();
        let started = yard.start(&blueprint(&definition, &ada)).await.unwrap();
        let owner = async |yard: &wharf_workstation::Yard<'_>, seen: &_| {
            let ran = yard.run(seen, &["stat", "-c", "%a %u:%g", "/home/ada"], b"").await.unwrap();
            String::from_utf8(ran.output).unwrap()
        };
        assert_eq!(owner(&yard, &started.seen).await, "700 1234:2345\n");
        yard.run(&started.seen, &["chmod", "711", "/home/ada"], b"").await.unwrap();
        engine.docker(["rm", "-f", &format!("workstation-{name}")]).unwrap();
        let again = yard.start(&blueprint(&definition, &ada)).await.unwrap();
        assert_eq!(owner(&yard, &again.seen).await, "711 1234:2345\n");
        yard.destroy(&name).await.unwrap();
    });
}

#[test]
fn large_numbers_of_users_hold() {
    on_each_engine(async |socket| {
        let (site, name) = (Site::at(socket), fresh_name());
        let yard = site.yard();
        let person = Person { uid: 1_234_567_890, gid: 1_987_654_321, ..ada() };
        let definition = definition(&name);
        let started = yard.start(&blueprint(&definition, &person)).await.unwrap();
        let ran = yard
            .run(&started.seen, &["sh", "-c", "whoami; touch ok && stat -c %u:%g ok"], b"")
            .await
            .unwrap();
        assert_eq!(String::from_utf8_lossy(&ran.output), "ada\n1234567890:1987654321\n");
        yard.destroy(&name).await.unwrap();
    });
}
