//! A first start and a destruction, broken off at every request. Upgrades have their own.

use crate::site::{
    Site, WITH_APK, ada, blueprint, definition, fresh_name, import_apk, is_mine, kill_at, on_each_engine,
    on_each_kind, tags,
};
use wharf_testkit::{Moment, Recorder};
use wharf_workstation::{Base, Definition};

#[test]
fn a_first_start_may_be_broken_off_at_any_request() {
    on_each_kind(async |kind, socket| {
        import_apk(socket);
        let (recorder, ada) = (Recorder::start(socket).unwrap(), ada());
        for moment in [Moment::Before, Moment::After] {
            for n in 1.. {
                if !is_mine(kind, moment, n) {
                    continue;
                }
                let (site, name) = (Site::at(socket), fresh_name());
                let base = Base::Image(WITH_APK.parse().unwrap());
                let definition = Definition { base, packages: vec!["hello".into()], ..definition(&name) };
                let plan = blueprint(&definition, &ada);
                recorder.clear();
                kill_at(&recorder, n, moment);
                let victim = Site::at(recorder.socket());
                let struck = victim.yard().start(&plan).await.is_err();
                recorder.clear_hook();
                let yard = site.yard();
                let started = yard.start(&plan).await.unwrap();
                let looked = "hello; stat -c '%a %u:%g' ~; whoami";
                let ran = yard.run(&started.seen, &["sh", "-ec", looked], b"").await.unwrap();
                let said = String::from_utf8_lossy(&ran.output).into_owned();
                assert_eq!(said, "I am hello\n700 1234:2345\nada\n", "{moment:?} {n}");
                assert_eq!(site.labelled(&name).await, [format!("/workstation-{name}")], "{moment:?} {n}");
                assert_eq!(tags(socket, &name).await, [started.seen.image.unwrap()], "{moment:?} {n}");
                yard.destroy(&name).await.unwrap();
                if !struck {
                    assert!(n > 20, "a first start has more requests than {n}");
                    break;
                }
            }
        }
    });
}

#[test]
fn a_destruction_may_be_broken_off_at_any_request() {
    on_each_engine(async |socket| {
        import_apk(socket);
        let (recorder, ada) = (Recorder::start(socket).unwrap(), ada());
        for moment in [Moment::Before, Moment::After] {
            for n in 1.. {
                let (site, name) = (Site::at(socket), fresh_name());
                let base = Base::Image(WITH_APK.parse().unwrap());
                let definition = Definition { base, packages: vec!["hello".into()], ..definition(&name) };
                let yard = site.yard();
                yard.start(&blueprint(&definition, &ada)).await.unwrap();
                recorder.clear();
                kill_at(&recorder, n, moment);
                let victim = Site::at(recorder.socket());
                let struck = victim.yard().destroy(&name).await.is_err();
                recorder.clear_hook();
                // What is left is found again, as long as anything is.
                let left = site.labelled(&name).await.len() + tags(socket, &name).await.len();
                assert!(left == 0 || yard.find(&name).await.unwrap().is_some(), "{moment:?} {n}");
                yard.destroy(&name).await.unwrap();
                assert_eq!(yard.find(&name).await.unwrap(), None);
                assert_eq!(site.labelled(&name).await.len() + tags(socket, &name).await.len(), 0);
                if !struck {
                    assert!(n > 4, "a destruction has more requests than {n}");
                    break;
                }
            }
        }
    });
}

#[test]
fn two_first_starts_at_once_make_one_workstation() {
    on_each_engine(async |socket| {
        let (one, two, name, ada) = (Site::at(socket), Site::at(socket), fresh_name(), ada());
        let definition = definition(&name);
        let plan = blueprint(&definition, &ada);
        let (first, second) = (one.yard(), two.yard());
        let (first_start, second_start) = (Box::pin(first.start(&plan)), Box::pin(second.start(&plan)));
        let (started, also) = futures_util::future::join(first_start, second_start).await;
        assert_eq!(started.unwrap().seen.container, also.unwrap().seen.container);
        assert_eq!(one.labelled(&name).await, [format!("/workstation-{name}")]);
        first.destroy(&name).await.unwrap();
    });
}
