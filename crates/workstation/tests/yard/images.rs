//! Images of workstations: made in a container, built from a folder, and gone with it.

use crate::site::{
    APK, Site, WITH_APK, ada, blueprint, definition, engine_at, fresh_name, import_apk, on_each_engine, tags,
};
use wharf_workstation::{Base, Blueprint, Definition, Person, WorkstationName, YardError};

struct Built {
    folder: tempfile::TempDir,
    definition: Definition,
    person: Person,
}

impl Built {
    fn new(name: &WorkstationName, dockerfile: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("Dockerfile"), dockerfile).unwrap();
        let base = Base::Folder(folder.path().display().to_string());
        Self { definition: Definition { base, ..definition(name) }, folder, person: ada() }
    }

    fn plan(&self) -> Blueprint<'_> {
        let folder = Some(self.folder.path().to_owned());
        Blueprint { folder, ..blueprint(&self.definition, &self.person) }
    }
}

#[test]
fn packages_are_installed_into_an_image_that_goes_with_its_workstation() {
    on_each_engine(async |socket| {
        let (site, name) = (Site::at(socket), fresh_name());
        let yard = site.yard();
        let mut built = Built::new(&name, APK);
        let plain = yard.start(&built.plan()).await.unwrap();
        assert_eq!(tags(socket, &name).await, [plain.seen.image.clone().unwrap()]);

        built.definition.packages = vec!["hello".into(), "bye".into()];
        let image = yard.make_image(&built.plan(), false).await.unwrap();
        assert_eq!(site.labelled(&name).await, [format!("/workstation-{name}")], "the maker is left over");
        let again = yard.make_image(&built.plan(), false).await.unwrap();
        assert_eq!(again, image, "what is there is not made anew");
        let upgraded = yard.upgrade(&built.plan(), &image).await.unwrap();
        let ran = yard.run(&upgraded.seen, &["sh", "-c", "hello; bye"], b"").await.unwrap();
        assert_eq!(String::from_utf8_lossy(&ran.output), "I am hello\nI am bye\n");
        assert_eq!(
            tags(socket, &name).await,
            std::slice::from_ref(&image.name),
            "the former image is left over"
        );

        let other: WorkstationName = format!("{name}-bar").parse().unwrap();
        let neighbour = Built::new(&other, APK);
        yard.start(&neighbour.plan()).await.unwrap();
        yard.destroy(&name).await.unwrap();
        assert_eq!(tags(socket, &name).await, [""; 0]);
        assert_eq!(yard.find(&name).await.unwrap(), None);
        assert!(yard.find(&other).await.unwrap().unwrap().is_running());
        assert_eq!(tags(socket, &other).await.len(), 1);
        yard.destroy(&other).await.unwrap();
    });
}

#[test]
fn packages_are_installed_on_top_of_an_image() {
    on_each_engine(async |socket| {
        let (site, name, ada) = (Site::at(socket), fresh_name(), ada());
        let yard = site.yard();
        import_apk(socket);
        let base = Base::Image(WITH_APK.parse().unwrap());
        let definition = Definition { base, packages: vec!["hello".into()], ..definition(&name) };
        let started = yard.start(&blueprint(&definition, &ada)).await.unwrap();
        let ran = yard.run(&started.seen, &["sh", "-c", "hello; id -u"], b"").await.unwrap();
        assert_eq!(String::from_utf8_lossy(&ran.output), "I am hello\n1234\n");
        assert_eq!(site.labelled(&name).await, [format!("/workstation-{name}")]);
        yard.destroy(&name).await.unwrap();
        assert_eq!(tags(socket, &name).await, [""; 0]);
    });
}

#[test]
fn an_image_whose_packages_fail_changes_nothing() {
    on_each_engine(async |socket| {
        let (site, name, ada) = (Site::at(socket), fresh_name(), ada());
        let yard = site.yard();
        let packages = Definition { packages: vec!["hello".into()], ..definition(&name) };
        // busybox has no package manager.
        let error = yard.start(&blueprint(&packages, &ada)).await.unwrap_err();
        assert!(matches!(error, YardError::Making { status: 3, .. }), "{error:?}");
        assert_eq!(yard.find(&name).await.unwrap(), None);
        assert_eq!(site.labelled(&name).await, [""; 0]);
        assert_eq!(tags(socket, &name).await, [""; 0]);
    });
}

#[test]
fn a_dockerfile_that_fails_says_what_failed() {
    on_each_engine(async |socket| {
        let (site, name) = (Site::at(socket), fresh_name());
        let built = Built::new(&name, "FROM busybox:latest\nRUN exit 9\n");
        let error = site.yard().start(&built.plan()).await.unwrap_err().to_string();
        assert!(error.contains("returned a non-zero code: 9"), "{error}");
    });
}

#[test]
fn a_tag_that_somebody_else_took_is_not_taken_for_ours() {
    on_each_engine(async |socket| {
        let (site, name) = (Site::at(socket), fresh_name());
        let yard = site.yard();
        let built = Built::new(&name, APK);
        let image = yard.make_image(&built.plan(), false).await.unwrap();
        let engine = engine_at(socket);
        engine.docker(["tag", "busybox:latest", &image.name]).unwrap();
        let anew = yard.make_image(&built.plan(), false).await.unwrap();
        assert_eq!(anew.name, image.name);
        let busybox = engine.docker(["image", "inspect", "-f", "{{.Id}}", "busybox:latest"]).unwrap();
        assert_ne!(anew.id.to_string(), busybox.trim());
        yard.destroy(&name).await.unwrap();
    });
}

#[test]
fn what_is_made_anew_leaves_no_image_without_a_name_behind() {
    on_each_engine(async |socket| {
        let (site, name) = (Site::at(socket), fresh_name());
        let yard = site.yard();
        let engine = engine_at(socket);
        import_apk(socket);
        // By its id, so that no registry is asked for a newer one.
        let base = engine.docker(["image", "inspect", "-f", "{{.Id}}", WITH_APK]).unwrap();
        let base = Base::Image(base.trim().parse().unwrap());
        let (definition, ada) =
            (Definition { base, packages: vec!["hello".into()], ..definition(&name) }, ada());
        let plan = blueprint(&definition, &ada);
        yard.start(&plan).await.unwrap();
        // As many as a person would make in a year, and one that no upgrade uses.
        for _ in 0..2 {
            let image = yard.make_image(&plan, true).await.unwrap();
            yard.upgrade(&plan, &image).await.unwrap();
        }
        yard.make_image(&plan, true).await.unwrap();
        let label = format!("label=wharfinger.workstation={name}");
        let unnamed = || engine.docker(["images", "-q", "-f", "dangling=true", "-f", &label]).unwrap();
        assert_eq!(unnamed().lines().count(), 1, "the one in use: {}", unnamed());
        // Somebody's own, made of it, has its first label by inheritance.
        let own = tempfile::tempdir().unwrap();
        let image = yard.make_image(&plan, false).await.unwrap().name;
        let dockerfile = format!("FROM {image}\nLABEL mine=1\n");
        std::fs::write(own.path().join("Dockerfile"), dockerfile).unwrap();
        let mut build = engine.docker_command();
        build
            .env("DOCKER_BUILDKIT", "0")
            .args(["build", "-q", "-t", &format!("mine-{name}")])
            .arg(own.path());
        assert!(build.output().unwrap().status.success());
        yard.destroy(&name).await.unwrap();
        assert_eq!(unnamed(), "");
        assert_eq!(engine.docker(["images", "-q", &format!("mine-{name}")]).unwrap().lines().count(), 1);
        engine.docker(["rmi", &format!("mine-{name}")]).unwrap();
    });
}
