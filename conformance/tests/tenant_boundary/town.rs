//! Bob and mallory before one gateway, with a recorder between it and the engine. Bob has one of everything, and what
//! is his is looked at after each attack.

use crate::http::{Said, parse, request, send};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::os::unix::net::UnixStream;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use wharf_conformance::gateway::{Client, Gateway, ORDINARY};
use wharf_conformance::on_each_engine;
use wharf_testkit::{Engine, Recorder, unique_name};

/// The two tenants, and everything between them and the engine.
pub(crate) struct Town<'e> {
    pub(crate) engine: &'e Engine,
    pub(crate) recorder: Recorder,
    pub(crate) gateway: Gateway<'e>,
    pub(crate) bobs: Bobs,
    /// How much of the trail was read.
    read: AtomicUsize,
}

/// What bob has. His container is `web`, his volume `data`, his network `inner`, his image `private:1`.
#[derive(Debug, Default)]
pub(crate) struct Bobs {
    /// Bob's tenant.
    pub(crate) name: String,
    /// A word that stands in his environment, his files, his logs and his image.
    pub(crate) secret: String,
    pub(crate) container: String,
    pub(crate) exec: String,
    pub(crate) network: String,
    pub(crate) volume: String,
    /// The volume that bob did not name.
    pub(crate) anonymous: String,
    pub(crate) image: String,
    /// What his things look like on the engine.
    picture: BTreeSet<String>,
}

/// A story of mallory's attacks.
pub(crate) type Story = fn(&Town<'_>);

/// Tells stories one after the other in a town on each engine. Bob's things are as they were after each.
pub(crate) fn in_town(stories: &[(&'static str, Story)]) {
    on_each_engine(|engine| {
        let town = Town::on(engine);
        let tell = |(name, story): &(&'static str, Story)| {
            town.changes();
            town.new_records();
            let told = catch_unwind(AssertUnwindSafe(|| {
                story(&town);
                town.intact();
            }));
            told.err().map(|_| *name)
        };
        let failed: Vec<_> = stories.iter().filter_map(tell).collect();
        assert_eq!(failed, [""; 0], "on {}", engine.kind().name());
    });
}

/// These functions are stories, and one test tells them all in one town.
macro_rules! stories {
    ($($name:ident),* $(,)?) => {
        #[test]
        fn stories() {
            crate::town::in_town(&[$((stringify!($name), $name)),*]);
        }
    };
}
pub(crate) use stories;

/// Tells a story that needs a town of its own, on each engine.
pub(crate) fn in_a_town_of_its_own(story: impl Fn(&Town<'_>) + Sync) {
    on_each_engine(|engine| story(&Town::on(engine)));
}

impl<'e> Town<'e> {
    pub(crate) fn on(engine: &'e Engine) -> Self {
        Self::with(engine, ORDINARY)
    }

    /// With these grants for both.
    pub(crate) fn with(engine: &'e Engine, grants: &str) -> Self {
        Self::with_config(engine, grants, "")
    }

    /// And more lines of the host configuration.
    pub(crate) fn with_config(engine: &'e Engine, grants: &str, lines: &str) -> Self {
        let recorder = Recorder::start(&engine.socket()).expect("a recorder");
        // The packet filter has tests of its own, and must be where the engine is: the recorder is elsewhere.
        let grants = &format!("{grants}network: {{internet: true, lan: true, host: true}}\n");
        let plans = Gateway::on(engine).recorded_by(&recorder).config(lines);
        let gateway = plans.tenant("bob", grants).tenant("mallory", grants).start();
        let mut town = Self { engine, recorder, gateway, bobs: Bobs::default(), read: AtomicUsize::new(0) };
        town.settle();
        town
    }

    /// Bob moves in, and mallory has something of her own, too.
    fn settle(&mut self) {
        let secret = unique_name();
        let bob = self.client("bob");
        let web = format!(
            "docker volume create data && docker network create inner && \
             docker run -d --name web --network inner -e SECRET={secret} -v data:/data -v /anonymous busybox \
             sh -c 'echo {secret} | tee /data/file /anonymous/file /etc/secret; echo ready; sleep 1000' && \
             until docker logs web | grep -q ready; do sleep 0.1; done && docker commit web private:1"
        );
        bob.sh(&web).succeeds();
        drop(bob);
        let said = |method: &str, path: &str, body: &str| {
            let said = self.bob(method, path, body);
            assert!((200..300).contains(&said.status), "{method} {path}: {said:?}");
            said.json()
        };
        let text = |value: &Value| value.as_str().expect("a text").to_owned();
        let web = said("GET", "/containers/web/json", "");
        let mounts = web["Mounts"].as_array().expect("mounts").iter();
        let anonymous =
            mounts.filter(|mount| mount["Destination"] == "/anonymous").map(|mount| text(&mount["Name"]));
        let exec = said("POST", "/containers/web/exec", r#"{"Cmd":["sleep","1000"]}"#);
        self.bobs = Bobs {
            name: self.gateway.tenant_name("bob").to_owned(),
            container: text(&web["Id"]),
            exec: text(&exec["Id"]),
            network: text(&said("GET", "/networks/inner", "")["Id"]),
            volume: format!("{}--data", self.gateway.tenant_name("bob")),
            anonymous: anonymous.collect(),
            image: text(&said("GET", "/images/private:1/json", "")["Id"]),
            secret,
            picture: BTreeSet::new(),
        };
        // Her default network is made by the first container on it, and not by an attack.
        let own = "docker volume create own; docker network create own; \
                   docker run --rm busybox true; docker run -d --name own --network own -v own:/data busybox sleep 1000";
        self.client("mallory").sh(own).succeeds();
        self.bobs.picture = self.picture();
        self.new_records();
        self.recorder.clear();
    }

    /// Somebody with a docker CLI.
    pub(crate) fn client(&self, role: &str) -> Client<'_> {
        self.gateway.as_tenant(role, self.engine.kind())
    }

    /// A connection of somebody's.
    pub(crate) fn connect(&self, role: &str) -> UnixStream {
        self.gateway.account(role).connect(&self.gateway.socket()).expect("a connection")
    }

    /// Mallory's tenant.
    pub(crate) fn mallorys_name(&self) -> &str {
        self.gateway.tenant_name("mallory")
    }

    /// Mallory sends these bytes.
    pub(crate) fn raw(&self, bytes: &[u8]) -> Said {
        parse(&send(self.connect("mallory"), bytes))
    }

    /// Mallory asks; a body is JSON.
    pub(crate) fn mallory(&self, method: &str, target: &str, body: &str) -> Said {
        self.raw(&plain(method, target, body))
    }

    /// Bob asks.
    pub(crate) fn bob(&self, method: &str, target: &str, body: &str) -> Said {
        parse(&send(self.connect("bob"), &plain(method, target, body)))
    }

    /// Root asks the engine itself.
    pub(crate) fn bare(&self, method: &str, target: &str, body: &str) -> Said {
        self.bare_raw(&plain(method, target, body))
    }

    /// Root sends these bytes to the engine itself.
    pub(crate) fn bare_raw(&self, bytes: &[u8]) -> Said {
        parse(&send(UnixStream::connect(self.engine.socket()).expect("a connection"), bytes))
    }

    /// What the engine was asked that changes something, since it was last looked at.
    pub(crate) fn changes(&self) -> Vec<String> {
        let requests = self.recorder.requests();
        self.recorder.clear();
        requests.into_iter().filter(|line| !line.starts_with("GET ") && !line.starts_with("HEAD ")).collect()
    }

    /// Records since they were last looked at.
    pub(crate) fn new_records(&self) -> Vec<Value> {
        let trail = std::fs::read_to_string(self.gateway.path("state/audit.jsonl")).unwrap_or_default();
        let fresh = trail.get(self.read.load(Ordering::SeqCst)..).unwrap_or_default();
        let end = fresh.rfind('\n').map_or(0, |end| end + 1);
        self.read.fetch_add(end, Ordering::SeqCst);
        fresh[..end].lines().map(|line| serde_json::from_str(line).expect("a record")).collect()
    }

    /// Mallory has tried something: the engine was asked for nothing but reads, and she was shown nothing of bob's.
    /// Gives what was recorded.
    pub(crate) fn unharmed(&self, what: &str, said: &Said) -> Vec<Value> {
        assert_eq!(self.changes(), [""; 0], "{what}: the engine was asked: {said:?}");
        self.unseen(what, said);
        self.new_records()
    }

    /// Bob's things are as they were when he moved in.
    pub(crate) fn intact(&self) {
        let picture = self.picture();
        let changed: Vec<_> = picture.symmetric_difference(&self.bobs.picture).collect();
        assert_eq!(changed, [""; 0], "bob's things have changed");
    }

    /// Nothing of bob's is in what mallory was told.
    pub(crate) fn unseen(&self, what: &str, said: &Said) {
        let engine = self.engine.directory().join("data").display().to_string();
        for hidden in [&self.bobs.secret, &engine] {
            assert!(
                !said.body.contains(hidden) && !said.head.contains(hidden),
                "{what}: `{hidden}` is shown: {said:?}"
            );
        }
    }

    /// A rule refuses it: 403, in one line that says what to do, and one record.
    pub(crate) fn denied(&self, what: &str, rule: &str, said: &Said) {
        assert_eq!((said.status, said.rule().as_deref()), (403, Some(rule)), "{what}: {said:?}");
        assert!(said.message().contains("; ") && !said.message().contains('\n'), "{what}: {said:?}");
        let denials = self.unharmed(what, said);
        let rules: Vec<_> =
            denials.iter().map(|record| (record["outcome"].clone(), record["rule"].clone())).collect();
        assert_eq!(rules, [(json!("denied"), json!(rule))], "{what}: {denials:?}");
        assert_eq!(denials[0]["tenant"], self.mallorys_name(), "{what}");
        let trail = Value::from(denials).to_string();
        assert!(!trail.contains("hunter2"), "{what}: a value is recorded: {trail}");
    }

    /// It cannot be read, or there is no such thing: one of these statuses, and nothing happened.
    pub(crate) fn refused(&self, what: &str, statuses: &[u16], said: &Said) {
        assert!(statuses.contains(&said.status), "{what}: {said:?}");
        self.unharmed(what, said);
    }

    /// Bob's things, as the engine has them: a line for each value.
    fn picture(&self) -> BTreeSet<String> {
        let Bobs { container, network, volume, anonymous, image, .. } = &self.bobs;
        let mut lines = BTreeSet::new();
        for (what, path) in [
            ("container", format!("/containers/{container}/json")),
            ("files", format!("/containers/{container}/changes")),
            ("network", format!("/networks/{network}")),
            ("volume", format!("/volumes/{volume}")),
            ("nameless", format!("/volumes/{anonymous}")),
            ("image", format!("/images/{image}/json")),
        ] {
            let said = self.bare("GET", &path, "");
            assert_eq!(said.status, 200, "{path}: {said:?}");
            note(what, &said.json(), &mut lines);
        }
        // What nobody did: an exec that ended is forgotten after a while, and tests tag shared images.
        lines.retain(|line| !line.starts_with("container/ExecIDs") && !line.starts_with("image/Metadata"));
        lines
    }
}

fn note(place: &str, value: &Value, lines: &mut BTreeSet<String>) {
    match value {
        Value::Object(fields) => {
            fields.iter().for_each(|(name, value)| note(&format!("{place}/{name}"), value, lines));
        }
        // In no order that lasts.
        Value::Array(items) => items.iter().for_each(|item| note(&format!("{place}[]"), item, lines)),
        value => drop(lines.insert(format!("{place} = {value}"))),
    }
}

impl Drop for Town<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("the engine was asked last: {:#?}", self.recorder.requests());
        }
    }
}

fn plain(method: &str, target: &str, body: &str) -> Vec<u8> {
    let kind = if body.is_empty() { "" } else { "application/json" };
    request(method, target, kind, body.as_bytes())
}
