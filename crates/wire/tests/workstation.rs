//! What is said to engines about workstations: whole requests, and that a gateway of ours reads every one of them for a
//! tenant, but for the builds that it does not do.

use serde_json::{Value, json};
use wharf_model::{ContainerId, WorkstationName, WorkstationRole};
use wharf_wire::ask::{BodyKind, Forbidden, Head, Refusal, route};
use wharf_wire::workstation::{
    HostBind, MakerSpec, WorkstationAct, WorkstationCall, WorkstationExec, WorkstationImage, WorkstationSpec,
    WorkstationUser,
};
use wharf_wire::{ApiVersion, Body, Call, LogsSpec, Request, TerminalSize};

const ID: &str = "1111111111111111111111111111111111111111111111111111111111111111";
const IMAGE: &str = "sha256:eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee";

fn foo() -> WorkstationName {
    "foo".parse().unwrap()
}

fn id() -> ContainerId {
    ID.parse().unwrap()
}

fn made() -> WorkstationImage {
    WorkstationImage::of_recipe(&foo(), b"FROM debian")
}

fn request(call: WorkstationCall) -> Request {
    Call::Workstation(call).request(ApiVersion::NEWEST)
}

fn body(request: &Request) -> Value {
    match &request.body {
        Body::Json(bytes) => serde_json::from_slice(bytes).unwrap(),
        _ => Value::Null,
    }
}

fn create() -> WorkstationCall {
    let spec = WorkstationSpec {
        command: vec!["/run/wharf/session".into(), "serve".into()],
        environment: [("EDITOR".parse().unwrap(), "vim".into())].into(),
        user: WorkstationUser { uid: 1000, gid: 100 },
        home: "/home/ada".parse().unwrap(),
        mounts: vec![HostBind {
            source: "/srv/media".into(),
            target: "/media".parse().unwrap(),
            readonly: true,
        }],
        memory: Some("64M".parse().unwrap()),
        nano_cpus: Some(500_000_000),
        pids: Some(100),
        definition: "image: debian\n".into(),
        image: "debian".into(),
        session: "0123456789ab".into(),
    };
    let container = foo().container(WorkstationRole::Itself);
    WorkstationCall::Create { container, image: IMAGE.parse().unwrap(), spec: Box::new(spec) }
}

fn maker() -> WorkstationCall {
    let maker = MakerSpec { script: "apk add git".into(), recipe: "FROM alpine\napk add git".into() };
    WorkstationCall::CreateMaker { workstation: foo(), image: IMAGE.parse().unwrap(), maker }
}

fn act(act: WorkstationAct) -> WorkstationCall {
    WorkstationCall::Container { container: id(), act }
}

#[test]
fn a_workstation_is_asked_for_without_any_rights() {
    let request = request(create());
    assert_eq!(request.target, "/containers/create?name=workstation-foo");
    let wanted = json!({
        "Image": IMAGE,
        "Hostname": "foo",
        "User": "1000:100",
        "WorkingDir": "/home/ada",
        "Entrypoint": ["/run/wharf/session", "serve"],
        "Cmd": [],
        "Env": ["EDITOR=vim"],
        "Labels": {
            "wharfinger.workstation": "foo",
            "wharfinger.workstation.definition": "image: debian\n",
            "wharfinger.workstation.image": "debian",
            "wharfinger.workstation.session": "0123456789ab",
        },
        "StopSignal": "SIGTERM",
        "StopTimeout": 10,
        "Healthcheck": {"Test": ["NONE"]},
        "HostConfig": {
            "Privileged": false,
            "CapDrop": ["ALL"],
            "SecurityOpt": ["no-new-privileges"],
            "RestartPolicy": {"Name": "unless-stopped", "MaximumRetryCount": 0},
            "Mounts": [
                {"Type": "volume", "Source": "workstation-foo-home", "Target": "/home/ada", "ReadOnly": false,
                 "VolumeOptions": {"NoCopy": true}},
                {"Type": "bind", "Source": "/srv/media", "Target": "/media", "ReadOnly": true,
                 "BindOptions": {"Propagation": "rprivate"}},
            ],
            "Memory": 64 << 20,
            "NanoCpus": 500_000_000,
            "PidsLimit": 100,
        },
    });
    assert_eq!(body(&request), wanted);
}

#[test]
fn an_image_is_made_by_root_with_no_more_than_everybody_has() {
    let request = request(maker());
    assert_eq!(request.target, "/containers/create?name=workstation-foo.making");
    let wanted = json!({
        "Image": IMAGE,
        "User": "0:0",
        "WorkingDir": "/",
        "Entrypoint": ["/bin/sh", "-ec"],
        "Cmd": ["apk add git"],
        "Labels": {"wharfinger.workstation": "foo", "wharfinger.workstation.recipe": "FROM alpine\napk add git"},
        "Healthcheck": {"Test": ["NONE"]},
        "HostConfig": {
            "Privileged": false,
            "SecurityOpt": ["no-new-privileges"],
            "RestartPolicy": {"Name": "no", "MaximumRetryCount": 0},
        },
    });
    assert_eq!(body(&request), wanted);
}

/// Every call, and the line that it begins with.
fn calls() -> Vec<(WorkstationCall, String)> {
    let exec = WorkstationExec {
        command: vec!["/run/wharf/session".into(), "attach".into()],
        environment: vec![("TERM".into(), "xterm".into())],
        directory: Some("/home/ada".parse().unwrap()),
        tty: false,
        stdin: true,
    };
    let size = TerminalSize { columns: 80, rows: 24 };
    let logs = LogsSpec { follow: false, tail: Some(5), timestamps: false };
    let former = foo().container(WorkstationRole::Former);
    let home = || "/home/ada".parse().unwrap();
    let exec_id = || ID.parse().unwrap();
    let container = |method: &str, rest: &str| format!("{method} /containers/{ID}{rest}");
    vec![
        (WorkstationCall::CreateHome(foo()), "POST /volumes/create".into()),
        (WorkstationCall::RemoveHome(foo()), "DELETE /volumes/workstation-foo-home".into()),
        (create(), "POST /containers/create?name=workstation-foo".into()),
        (maker(), "POST /containers/create?name=workstation-foo.making".into()),
        (act(WorkstationAct::Start), container("POST", "/start")),
        (act(WorkstationAct::Stop { seconds: 10 }), container("POST", "/stop?t=10")),
        (act(WorkstationAct::Restart { seconds: 10 }), container("POST", "/restart?t=10")),
        (act(WorkstationAct::Rename(former)), container("POST", "/rename?name=workstation-foo.former")),
        (act(WorkstationAct::Restarts(false)), container("POST", "/update")),
        (act(WorkstationAct::Remove), container("DELETE", "?v=1&force=1")),
        (
            act(WorkstationAct::WriteArchive { into: None }),
            container("PUT", "/archive?path=%2F&noOverwriteDirNonDir=1"),
        ),
        (
            act(WorkstationAct::WriteArchive { into: Some(home()) }),
            container("PUT", "/archive?path=%2Fhome%2Fada&noOverwriteDirNonDir=1"),
        ),
        (
            act(WorkstationAct::ReadArchive { path: home(), within: true }),
            container("GET", "/archive?path=%2Fhome%2Fada%2F."),
        ),
        (
            act(WorkstationAct::ReadArchive { path: "/etc/passwd".parse().unwrap(), within: false }),
            container("GET", "/archive?path=%2Fetc%2Fpasswd"),
        ),
        (act(WorkstationAct::Watch), container("POST", "/attach?stream=1&stdout=1&stderr=1")),
        (act(WorkstationAct::Wait), container("POST", "/wait?condition=not-running")),
        (
            act(WorkstationAct::Logs(logs)),
            container("GET", "/logs?stdout=1&stderr=1&follow=0&tail=5&timestamps=0"),
        ),
        (WorkstationCall::CreateExec { container: id(), exec }, container("POST", "/exec")),
        (WorkstationCall::StartExec { exec: exec_id(), tty: false }, format!("POST /exec/{ID}/start")),
        (WorkstationCall::ResizeExec { exec: exec_id(), size }, format!("POST /exec/{ID}/resize?h=24&w=80")),
        (
            WorkstationCall::Commit { container: id(), image: made() },
            format!("POST /commit?container={ID}&repo=workstation%2Ffoo&tag=91b76e1aa0d7"),
        ),
        (WorkstationCall::RemoveImage(made()), "DELETE /images/workstation/foo%3A91b76e1aa0d7".into()),
        (
            WorkstationCall::RemoveUntagged(format!("sha256:{ID}").parse().unwrap()),
            format!("DELETE /images/sha256%3A{ID}"),
        ),
    ]
}

fn line(request: &Request) -> String {
    format!("{} {}", request.method.as_str(), request.target)
}

#[test]
fn every_call_is_one_request_that_names_what_was_judged() {
    for (call, wanted) in calls() {
        assert_eq!(line(&request(call)), wanted);
    }
}

fn read_by_a_gateway(request: &Request) -> Result<(), Refusal> {
    let (content_type, bytes) = match &request.body {
        Body::Json(bytes) => (Some("application/json"), bytes.clone()),
        Body::TarStream => (Some("application/x-tar"), Vec::new()),
        _ => (None, Vec::new()),
    };
    let head = Head { content_type, ..Head::default() };
    let target = format!("/v{}{}", ApiVersion::NEWEST, request.target);
    let route = route(request.method.as_str(), &target)?;
    assert_eq!(route.body() == BodyKind::Archive, request.body == Body::TarStream, "{target}");
    route.read(&head, &bytes).map(drop)
}

#[test]
fn a_gateway_reads_every_call_but_a_build() {
    for (call, _) in calls() {
        let request = request(call);
        assert_eq!(read_by_a_gateway(&request), Ok(()), "{}", line(&request));
    }
    let build = request(WorkstationCall::Build { image: made(), anew: true });
    assert_eq!(
        line(&build),
        "POST /build?t=workstation%2Ffoo%3A91b76e1aa0d7&labels=%7B%22wharfinger.workstation%22%3A%22foo%22%2C\
         %22wharfinger.workstation.recipe%22%3A%2291b76e1aa0d7%22%7D&rm=1&\
         forcerm=1&pull=1&nocache=1"
    );
    let refused = route("POST", &build.target).map(|route| route.name());
    assert!(matches!(refused, Err(Refusal::Forbidden { rule: Forbidden::Build, .. })), "{refused:?}");
}
