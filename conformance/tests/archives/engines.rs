//! The three kinds of engines, and what archives are sent to them with.

use std::io::{Read as _, Write as _};
use std::net::Shutdown;
use std::os::unix::net::UnixStream;
use std::process::Stdio;
use std::sync::OnceLock;
use std::thread;
use std::time::Duration;
use wharf_testkit::{Engine, EngineKind, EngineOptions, Engines, Error, ImageRecipe, or_skip, run};

/// An engine and what it is called.
#[derive(Clone, Copy)]
pub(crate) struct Store {
    pub(crate) name: &'static str,
    pub(crate) engine: &'static Engine,
}

pub(crate) const CONTAINERD: &str = "28.5 containerd";

/// All three; none where there are no engines.
pub(crate) fn stores() -> Vec<Store> {
    static CONTAINERD_STORE: OnceLock<Result<Engine, Error>> = OnceLock::new();
    let Some(engines) = or_skip(Engines::shared()) else { return Vec::new() };
    let start = || {
        let arguments = vec!["--feature=containerd-snapshotter=true".to_owned()];
        Engine::start(EngineKind::Docker28, &EngineOptions { arguments, ..EngineOptions::default() })
    };
    let Some(containerd) = or_skip(CONTAINERD_STORE.get_or_init(start).as_ref()) else { return Vec::new() };
    vec![
        Store { name: "20.10", engine: engines.docker20() },
        Store { name: "28.5", engine: engines.docker28() },
        Store { name: CONTAINERD, engine: containerd },
    ]
}

impl Store {
    /// An image with a secret in a layer of its own, above busybox.
    pub(crate) fn image_with(&self, reference: &str, secret: &str) {
        self.engine.import(&ImageRecipe::busybox(reference).file("etc/secret", secret)).expect("an image");
    }

    pub(crate) fn docker<const N: usize>(&self, arguments: [&str; N]) -> String {
        self.engine.docker(arguments).unwrap_or_else(|error| panic!("{}: {error}", self.name))
    }

    pub(crate) fn has(&self, reference: &str) -> bool {
        self.engine.docker(["image", "inspect", reference]).is_ok()
    }

    /// `docker save`, as bytes.
    pub(crate) fn save<const N: usize>(&self, references: [&str; N]) -> Vec<u8> {
        let output = self.engine.docker_command().arg("save").args(references).output().expect("docker save");
        assert!(output.status.success(), "{}: {}", self.name, String::from_utf8_lossy(&output.stderr));
        output.stdout
    }

    /// `docker load`: whether it succeeded, and what it said.
    pub(crate) fn load(&self, archive: &[u8]) -> (bool, String) {
        let mut load = self.engine.docker_command();
        load.arg("load").stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = load.spawn().expect("docker load");
        let mut input = child.stdin.take().expect("its input");
        thread::scope(|scope| {
            // The engine may close early.
            scope.spawn(move || drop(input.write_all(archive)));
            let output = child.wait_with_output().expect("docker load");
            let said = [output.stdout, output.stderr].concat();
            (output.status.success(), String::from_utf8_lossy(&said).into_owned())
        })
    }

    /// What a container of the image reads in `/etc/secret`.
    pub(crate) fn secret_in(&self, reference: &str) -> Option<String> {
        let mut docker = self.engine.docker_command();
        run(docker.args(["run", "--rm", "--network=none", reference, "cat", "/etc/secret"])).ok()
    }

    /// Every tag there is, and every image without one.
    pub(crate) fn images(&self) -> Vec<String> {
        let listed =
            self.docker(["images", "--all", "--no-trunc", "--format", "{{.Repository}}:{{.Tag}} {{.ID}}"]);
        let mut images: Vec<String> = listed.lines().map(ToOwned::to_owned).collect();
        images.sort();
        images
    }

    /// A request to load images, to be written in chunks.
    pub(crate) fn upload(&self) -> Upload {
        let mut stream = UnixStream::connect(self.engine.socket()).expect("the engine's socket");
        stream.set_read_timeout(Some(Duration::from_secs(30))).expect("a timeout");
        let head = "POST /images/load?quiet=1 HTTP/1.1\r\nHost: docker\r\nContent-Type: application/x-tar\r\n\
                    Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n";
        stream.write_all(head.as_bytes()).expect("a request");
        Upload(stream)
    }
}

/// An upload that is under way.
pub(crate) struct Upload(UnixStream);

impl Upload {
    pub(crate) fn send(&mut self, bytes: &[u8]) {
        // The engine may have closed already.
        let _ = write!(self.0, "{:x}\r\n", bytes.len());
        let _ = self.0.write_all(bytes);
        let _ = self.0.write_all(b"\r\n");
    }

    /// As one does who says that all has come; gives the answer.
    pub(crate) fn end(mut self) -> String {
        let _ = self.0.write_all(b"0\r\n\r\n");
        self.answer()
    }

    /// As one does who breaks off; gives the answer, if there still is one.
    pub(crate) fn break_off(self) -> String {
        let _ = self.0.shutdown(Shutdown::Write);
        self.answer()
    }

    fn answer(mut self) -> String {
        let mut answer = Vec::new();
        let _ = self.0.read_to_end(&mut answer);
        String::from_utf8_lossy(&answer).into_owned()
    }
}
