//! Whose a home is, and what a label tells of its inhabitant.

use crate::site::{Site, ada, blueprint, definition, engine_at, fresh_name, on_each_engine};
use std::collections::BTreeMap;
use wharf_workstation::{Definition, Outdated, Person, YardError};

#[test]
fn an_upgrade_to_another_number_is_refused_before_anything_is_touched() {
    on_each_engine(async |socket| {
        let (site, name, ada) = (Site::at(socket), fresh_name(), ada());
        let yard = site.yard();
        let definition = definition(&name);
        let started = yard.start(&blueprint(&definition, &ada)).await.unwrap();
        let other = Person { uid: 4321, ..ada.clone() };
        let plan = blueprint(&definition, &other);
        let image = yard.make_image(&plan, false).await.unwrap();
        let error = yard.upgrade(&plan, &image).await.unwrap_err();
        assert!(matches!(error, YardError::OtherInhabitant { uid: 4321, .. }), "{error:?}");
        assert!(error.to_string().contains("1234:2345"), "{error}");
        let seen = yard.find(&name).await.unwrap().unwrap();
        assert_eq!(seen.container, started.seen.container);
        assert!(seen.is_running());
        let ran =
            yard.run(&started.seen, &["sh", "-c", "touch ~/mine && stat -c %u:%g ~"], b"").await.unwrap();
        assert_eq!(String::from_utf8_lossy(&ran.output), "1234:2345\n");

        // Nor is it given away where the container is gone, and nothing tells any more whose it was.
        engine_at(socket).docker(["rm", "-f", &format!("workstation-{name}")]).unwrap();
        let error = site.yard().start(&plan).await.unwrap_err();
        assert!(matches!(error, YardError::OtherInhabitant { .. }), "{error:?}");
        engine_at(socket).docker(["rm", "-f", &format!("workstation-{name}")]).unwrap();
        let yard = site.yard();
        let again = yard.start(&blueprint(&definition, &ada)).await.unwrap();
        let ran = yard.run(&again.seen, &["sh", "-c", "stat -c %u:%g ~ ~/mine"], b"").await.unwrap();
        assert_eq!(String::from_utf8_lossy(&ran.output), "1234:2345\n1234:2345\n");
        yard.destroy(&name).await.unwrap();
    });
}

#[test]
fn labels_tell_no_values_of_variables_and_the_file_is_found_again_with_them() {
    on_each_engine(async |socket| {
        let (site, name, ada) = (Site::at(socket), fresh_name(), ada());
        let yard = site.yard();
        let with = |token: &str| {
            let environment = BTreeMap::from([("TOKEN".parse().unwrap(), token.to_owned())]);
            Definition { environment, ..definition(&name) }
        };
        let made = with("s3cret: \"x\"");
        yard.start(&blueprint(&made, &ada)).await.unwrap();
        let labels = engine_at(socket)
            .docker(["inspect", "-f", "{{json .Config.Labels}}", &format!("workstation-{name}")])
            .unwrap();
        assert!(labels.contains("TOKEN") && !labels.contains("s3cret"), "{labels}");
        let seen = yard.find(&name).await.unwrap().unwrap();
        let found = Definition::parse(&name, &seen.definition_text.clone().unwrap()).unwrap();
        assert_eq!(found.environment, made.environment);
        assert_eq!(seen.outdated(&made, None), None);
        assert_eq!(seen.outdated(&with("another"), None), Some(Outdated::Definition));
        let listed = yard.all().await.unwrap().into_iter().find(|seen| seen.name == name).unwrap();
        assert_eq!(listed.outdated(&made, None), None, "a list does not tell values");
        yard.destroy(&name).await.unwrap();
    });
}
