//! The command line, as people and programs use it.

use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};

use serde_json::Value;
use wharf_conformance::{Host, Run, eventually, on_each_engine};
use wharf_testkit::wharf_program;

const VERBS: [&str; 22] = [
    "up",
    "plan",
    "down",
    "ps",
    "logs",
    "exec",
    "check",
    "doctor",
    "audit",
    "resume",
    "serve",
    "pins",
    "whoami",
    "context",
    "ca",
    "invite",
    "join",
    "cert",
    "tenant",
    "schema",
    "completions",
    "help",
];

/// The program with no host around it.
fn alone(words: &[&str]) -> Run {
    let mut command = Command::new(wharf_program().unwrap());
    Run::of(command.args(words), b"")
}

#[test]
fn every_verb_explains_itself() {
    let all = alone(&["--help"]).succeeds();
    for verb in VERBS {
        let run = all.stdout();
        assert!(run.lines().any(|line| line.trim_start().starts_with(verb)), "{verb} is not listed: {run}");
        if verb != "help" {
            let help = alone(&[verb, "--help"]).succeeds();
            help.prints(&format!("Usage: wharf {verb}")).prints("--config <FILE>");
        }
    }
    all.prints("Exit codes:").prints("130  interrupted");
    alone(&[]).exits(2).says("Usage: wharf");
    alone(&["upp"]).exits(2).says("up");
    alone(&["--version"]).succeeds().prints("wharf ");
}

#[test]
fn schemas_are_json_schemas() {
    for (kind, key) in [("pod", "containers"), ("host", "mount_root")] {
        let schema = alone(&["schema", kind]).succeeds().json();
        assert!(schema["$schema"].as_str().unwrap().starts_with("https://json-schema.org/"), "{kind}");
        assert!(schema["properties"][key].is_object(), "{kind}");
        // A host configuration has one of several purposes.
        let alternatives = schema["anyOf"].as_array().cloned().unwrap_or_else(|| vec![schema.clone()]);
        let requires = |schema: &Value| {
            schema["required"].as_array().is_some_and(|keys| keys.contains(&Value::from(key)))
        };
        assert!(alternatives.iter().any(requires), "{kind}");
    }
    alone(&["schema", "cat"]).exits(2);
}

#[test]
fn completions_know_every_verb() {
    for shell in ["bash", "zsh", "fish"] {
        let script = alone(&["completions", shell]).succeeds().stdout();
        for verb in VERBS {
            assert!(script.contains(verb), "{shell}: {verb}");
        }
    }
}

#[test]
fn check_says_all_that_is_wrong_in_all_files_and_asks_no_engine() {
    let directory = wharf_testkit::TestDir::new().unwrap();
    let write = |name: &str, text: &str| directory.write(name, text).unwrap().display().to_string();
    let right = write("right.yml", "containers: {a: {image: x}}");
    let wrong = write("wrong.yml", "containers: {a: {imgae: x}}\npublish: [80]\n");
    let bad = write("no name.yml", "containers: {a: {image: x}}");
    let check = |words: &[&str]| {
        let mut command = Command::new(wharf_program().unwrap());
        let command = command.env("DOCKER_HOST", "unix:///nowhere").env("WHARF_HOST_CONFIG", "");
        Run::of(command.arg("check").args(words), b"")
    };
    check(&[&right]).succeeds().says(&format!("`{right}` is right: pod right, 1 container"));
    let run = check(&[&wrong, &right]).exits(2).says(&format!("{wrong}:1:18")).says("did you mean `image`");
    run.says(&format!("{wrong}:2:")).says("is right");
    check(&[&bad]).exits(2).says("letters, digits");
}

#[test]
fn exec_passes_input_outputs_and_status_on() {
    on_each_engine(|engine| {
        let host = Host::on(engine);
        let pod = host.pod("exec", "containers: {a: {$idle}}");
        pod.up().succeeds();
        let exec = |words: &[&str]| host.wharf(["exec", pod.name(), "a"].iter().chain(words));
        let run = exec(&["sh", "-c", "echo out; echo err >&2; exit 7"]).exits(7);
        assert_eq!((run.stdout().as_str(), run.stderr().as_str()), ("out\n", "err\n"));
        exec(&["ls", "-la", "/"]).succeeds().prints("etc");
        exec(&["sh", "-c", "kill -9 $$"]).exits(137);
        exec(&["cat"]).succeeds();
        let every_byte: Vec<u8> = (0..=255).cycle().take(300_000).collect();
        let words = ["exec", "-i", pod.name(), "a", "md5sum"];
        let sum = host.wharf_with_input(words, &every_byte).succeeds().stdout();
        let mut md5sum = Command::new("md5sum");
        assert_eq!(sum, Run::of(&mut md5sum, &every_byte).succeeds().stdout());
        host.wharf(["exec", "-it", pod.name(), "a", "sh"]).exits(2).says("standard input is no terminal");
        host.wharf(["exec", pod.name(), "b", "true"])
            .exits(1)
            .says(&format!("no container `{}`", pod.name_of("b")));
        host.wharf(["exec", "no-such-pod", "a", "true"]).exits(1).says("there is no pod `no-such-pod`");
        let mut held = host.wharf_command(["exec", "-i", pod.name(), "a", "true"]);
        let mut held = held.stdin(Stdio::piped()).spawn().unwrap();
        let ended = eventually("it ends with its command, not with its input", || held.try_wait().unwrap());
        assert!(ended.success());
        let missing = exec(&["/no/such/program"]);
        assert!([1, 126, 127].contains(&missing.status()), "{missing}");
    });
}

#[test]
fn exec_with_a_terminal_is_one() {
    on_each_engine(|engine| {
        let host = Host::on(engine);
        let pod = host.pod("tty", "containers: {a: {$idle}}");
        pod.up().succeeds();
        let wharf = wharf_program().unwrap();
        let inside = "sleep 1; stty size; tty; read -r line; echo \"read $line\"; exit 3";
        let line =
            format!("stty rows 33 cols 99; {} exec -it {} a sh -c '{inside}'", wharf.display(), pod.name());
        let mut script = host.command("timeout");
        script.args(["60", "script", "-qec", &line, "/dev/null"]);
        let run = Run::of(&mut script, b"hello\n").exits(3);
        run.prints("33 99\r\n").prints("/dev/pts/0\r\n").prints("read hello\r\n");
    });
}

#[test]
fn logs_are_shown_whole_in_part_and_as_they_come() {
    on_each_engine(|engine| {
        let host = Host::on(engine);
        let chatty = "command: [sh, -c, 'echo one; echo two >&2; until [ -e /tmp/go ]; do sleep 0.1; done; echo three']";
        let pod = host.pod(
            "logs",
            &format!("containers: {{chatty: {{$box, {chatty}}}, b: {{$box, command: echo hi}}}}"),
        );
        pod.up().succeeds();
        let lines = eventually("both have spoken", || {
            let run = host.wharf(["logs", pod.name()]).succeeds();
            (run.stdout().lines().count() == 2 && !run.stderr().is_empty()).then_some(run)
        });
        let mut out: Vec<String> = lines.stdout().lines().map(str::to_owned).collect();
        out.sort();
        assert_eq!(out, ["b      | hi", "chatty | one"]);
        assert_eq!(lines.stderr(), "chatty | two\n");

        let mut command = host.wharf_command(["logs", "-f", pod.name(), "chatty"]);
        let mut following = command.spawn().unwrap();
        let mut shown = BufReader::new(following.stdout.take().unwrap()).lines();
        assert_eq!(shown.next().unwrap().unwrap(), "one", "one container alone has no prefix");
        pod.sh("chatty", "touch /tmp/go");
        assert_eq!(shown.next().unwrap().unwrap(), "three");
        assert!(shown.next().is_none(), "it ends with the container");
        assert!(following.wait().unwrap().success());

        let tail = host.wharf(["logs", "-n", "1", "-t", pod.name(), "chatty"]).succeeds().stdout();
        let (time, rest) = tail.split_once(' ').unwrap();
        assert!(time.ends_with('Z') && time.contains('T') && rest == "three\n", "{tail}");
        host.wharf(["logs", pod.name(), "nobody"]).exits(1);
    });
}

#[test]
fn ps_lists_pods_for_people_and_for_programs() {
    on_each_engine(|engine| {
        let host = Host::on(engine);
        let pod = host
            .pod("ps", "containers: {a: {$idle}, b: {$box, command: 'true'}}\npublish: ['127.0.0.1::80']");
        pod.up().succeeds();
        eventually("b has ended", || (!pod.member("b").is_running()).then_some(()));
        let table = host.wharf(["ps"]).succeeds();
        let table = table.stdout();
        let row = table.lines().find(|line| line.starts_with(pod.name())).unwrap();
        let cells: Vec<&str> = row.split_whitespace().take(2).collect();
        assert_eq!(cells, [pod.name(), "(root)"]);
        assert!(
            table.starts_with("POD  ") && row.contains("  127.0.0.1:") && row.ends_with("->80/tcp"),
            "{table}"
        );

        let listed = host.wharf(["ps", "--json", pod.name()]).succeeds().json();
        assert_eq!(listed.as_array().unwrap().len(), 1);
        assert_eq!(listed[0]["pod"], pod.name());
        let containers = listed[0]["containers"].as_array().unwrap();
        let root = &containers[0];
        assert_eq!(root["container_id"], pod.root().id());
        assert!(root.get("container").is_none());
        assert_eq!(
            (&root["ports"][0]["address"], &root["ports"][0]["container"]),
            (&"127.0.0.1".into(), &80.into())
        );
        assert!(root["ports"][0]["host"].as_u64().unwrap() > 1024);
        for (shown, name, state) in [(&containers[1], "a", "running"), (&containers[2], "b", "exited")] {
            assert_eq!(shown["name"], pod.name_of(name));
            assert_eq!(shown["container"], name);
            assert_eq!(shown["state"], state);
            assert_eq!(shown["image"], "busybox:latest");
            assert!(shown["status"].is_string() && shown["ports"].as_array().unwrap().is_empty());
        }
        let everything = host.wharf(["ps", "--json"]).succeeds().json();
        assert!(everything.as_array().unwrap().iter().any(|listed| listed["pod"] == pod.name()));
        host.wharf(["ps", "no-such-pod"]).succeeds().says("no pod `no-such-pod`");
    });
}

#[test]
fn results_are_for_programs_with_json_and_silent_with_quiet() {
    on_each_engine(|engine| {
        let host = Host::on(engine);
        let pod = host.pod("json", "containers: {a: {$idle}}");
        let file = pod.file().to_str().unwrap();
        let up = |words: &[&str]| host.wharf(["up", file].iter().chain(words)).succeeds();
        let made = up(&["--json"]);
        assert_eq!(made.stderr(), "");
        let made = made.json();
        assert_eq!((&made[0]["pod"], &made[0]["changed"]), (&pod.name().into(), &true.into()));
        assert_eq!(
            made[0]["containers"][1],
            serde_json::json!({"name": pod.name_of("a"), "action": "created"})
        );
        assert_eq!(up(&["--json"]).json()[0]["changed"], false);
        pod.says("containers: {a: {$idle, labels: {x: y}}}");
        let quiet = up(&["-q"]);
        assert_eq!((quiet.stdout(), quiet.stderr()), (String::new(), String::new()));
        let down = host.wharf(["down", "--json", pod.name()]).succeeds();
        assert_eq!(down.stderr(), "");
        assert_eq!(down.json(), serde_json::json!([{"pod": pod.name(), "removed": 2}]));
    });
}

#[test]
fn up_takes_several_files() {
    on_each_engine(|engine| {
        let host = Host::on(engine);
        let pods = ["first", "second"].map(|name| host.pod(name, "containers: {a: {$idle}}"));
        let files = pods.each_ref().map(|pod| pod.file().display().to_string());
        host.wharf(["up", &files[0], &files[1]]).succeeds();
        assert!(pods.iter().all(|pod| pod.member("a").is_running()));
        host.wharf(["plan", "--detailed-exitcode", &files[0], &files[1]]).exits(0);
        host.wharf(["down", pods[0].name(), pods[1].name()]).succeeds();
        assert!(pods.iter().all(|pod| pod.members().is_empty()));
    });
}

#[test]
fn a_pod_is_followed_when_the_reader_of_its_logs_goes_away() {
    on_each_engine(|engine| {
        let host = Host::on(engine);
        let pod = host
            .pod("pipe", "containers: {a: {$box, command: sh -c 'while :; do echo line; sleep 0.1; done'}}");
        pod.up().succeeds();
        let mut command = host.wharf_command(["logs", "-f", pod.name()]);
        let mut following = command.stderr(Stdio::null()).spawn().unwrap();
        drop(following.stdout.take());
        let ended = eventually("it ends when nobody reads", || following.try_wait().unwrap());
        assert!(ended.code() != Some(101), "it must not panic: {ended}");
        assert!(pod.member("a").is_running());
    });
}
