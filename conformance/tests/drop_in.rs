//! A link named `moby-derp`: the program then behaves as the gem does.

use std::os::unix::fs::{PermissionsExt as _, fchown, symlink};
use std::path::PathBuf;

use wharf_conformance::{Host, Pod, Run, on_each_engine};
use wharf_testkit::wharf_program;

/// Makes the link.
fn link(host: &Host<'_>) -> PathBuf {
    let link = host.write("bin/README", "").with_file_name("moby-derp");
    symlink(wharf_program().unwrap(), &link).unwrap();
    link
}

/// Runs the link with the host's configuration where the gem looks for it.
fn moby_derp(host: &Host<'_>, words: &[&str]) -> Run {
    let mut command = host.command("timeout");
    command.args(["120".as_ref(), host.path("bin/moby-derp").as_os_str()]).args(words);
    command.env_remove("WHARF_HOST_CONFIG").env("MOBY_DERP_SYSTEM_CONFIG_FILE", host.path("moby-derp.conf"));
    Run::of(&mut command, b"")
}

fn file<'p>(pod: &'p Pod<'_>) -> &'p str {
    pod.file().to_str().unwrap()
}

/// A host that the gem's own configuration file describes.
fn derp_host(host: &Host<'_>, more: &str) {
    link(host);
    let mounts = host.path("mounts");
    host.write("moby-derp.conf", format!("mount_root: {}\n{more}\n", mounts.display()));
}

#[test]
fn one_argument_makes_a_pod_and_says_nothing() {
    on_each_engine(|engine| {
        let host = Host::on(engine);
        derp_host(&host, "host_hostname: quay");
        let pod = host.pod("derp", "containers: {flingle: {$idle, mounts: [{source: app, target: /app}]}}");
        let run = moby_derp(&host, &[file(&pod)]).succeeds();
        assert_eq!((run.stdout(), run.stderr()), (String::new(), String::new()));
        assert_eq!(pod.members(), ["", "flingle"]);
        assert_eq!(pod.sh("flingle", "hostname"), format!("{}-quay", pod.name()));
        assert!(host.path("mounts").join(pod.name()).join("app").is_dir());
        let root = pod.root().id();
        let member = pod.member("flingle");
        assert_eq!(member.label("org.hezmatt.moby-derp.pod-name"), pod.name());
        assert_eq!(member.label("org.hezmatt.moby-derp.root-container-id"), root);
        assert!(!member.label("org.hezmatt.moby-derp.config-hash").is_empty());
        assert_eq!(pod.root().label("org.hezmatt.moby-derp.pod-name"), pod.name());
        // Both names of the program mean the same pod.
        let again = moby_derp(&host, &[file(&pod)]).succeeds();
        assert_eq!(again.stderr(), "");
        assert_eq!([pod.root().id(), pod.member("flingle").id()], [root, member.id()]);
    });
}

#[test]
fn every_error_is_status_1() {
    on_each_engine(|engine| {
        let host = Host::on(engine);
        derp_host(&host, "");
        let pod = host.pod("derp-wrong", "containers: {a: {$idle, imgae: x}}");
        moby_derp(&host, &[]).exits(1).says("No config file specified");
        moby_derp(&host, &[file(&pod)]).exits(1).says("imgae").says("did you mean `image`");
        moby_derp(&host, &["/nowhere/at-all.yml"]).exits(1);
        moby_derp(&host, &[file(&pod), "more"]).exits(1).says("exactly one pod file");
        moby_derp(&host, &["--help"]).exits(1);
        moby_derp(&host, &["ps"]).exits(1);
        pod.says("containers: {a: {$idle}}\npublish: ['8080:80']");
        moby_derp(&host, &[file(&pod)]).exits(1).says("host port 8080 is not this pod's to publish");
        pod.says("containers: {a: {$box, command: /no/such/program}}");
        moby_derp(&host, &[file(&pod)]).exits(1).says("/no/such/program");
    });
}

#[test]
fn its_configuration_is_read_where_the_gem_reads_it_and_must_be_roots_alone() {
    on_each_engine(|engine| {
        let host = Host::on(engine);
        derp_host(&host, "port_whitelist: {19080: $pod-own}".replace("$pod", host.prefix()).as_str());
        let pod = host.pod("own", "containers: {a: {$idle}}\npublish: ['19080:80']");
        moby_derp(&host, &[file(&pod)]).succeeds();
        let path = host.path("moby-derp.conf");
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o664)).unwrap();
        moby_derp(&host, &[file(&pod)]).exits(1).says("moby-derp.conf");
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
        fchown(std::fs::File::open(&path).unwrap(), Some(4711), None).unwrap();
        moby_derp(&host, &[file(&pod)]).exits(1).says("moby-derp.conf");
        std::fs::remove_file(&path).unwrap();
        moby_derp(&host, &[file(&pod)]).exits(1).says("moby-derp.conf");
        assert!(pod.member("a").is_running());
    });
}

#[test]
fn its_log_level_decides_whether_it_tells_what_it_does() {
    on_each_engine(|engine| {
        for (level, tells) in [("error", false), ("info", true), ("DEBUG", true)] {
            let host = Host::on(engine).environment("MOBY_DERP_LOG_LEVEL", level);
            derp_host(&host, "");
            let pod = host.pod("loud", "containers: {a: {$idle}}");
            let run = moby_derp(&host, &[file(&pod)]).succeeds();
            assert_eq!(run.stderr().contains(&format!("created {}", pod.name())), tells, "{level}: {run}");
        }
    });
}
