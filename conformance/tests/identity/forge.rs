//! Certificates that openssl makes with the authority's own key, right but for what a test wants wrong, and entered in the
//! book as if the gateway had issued them: so that nothing else refuses them.

use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};
use wharf_conformance::Run;
use wharf_conformance::gateway::Gateway;

/// What a certificate is to be like.
#[derive(Debug, Clone)]
pub(crate) struct Wish {
    /// Lines of an extension section.
    pub(crate) extensions: String,
    /// Seconds from now.
    pub(crate) from: i64,
    pub(crate) until: i64,
    /// Whom the book has it for: tenant and generation.
    pub(crate) entered: Option<(String, u32)>,
    /// Another authority's certificate and key, in one file.
    pub(crate) signer: PathBuf,
    pub(crate) subject: String,
}

impl Wish {
    /// What is let in: a certificate of this role's for a user `forged`.
    pub(crate) fn good(gateway: &Gateway<'_>, role: &str) -> Self {
        let tenant = gateway.tenant_name(role);
        Self {
            extensions: extensions(&format!("URI:{}", uri(tenant, 1)), "clientAuth"),
            from: -3600,
            until: 3600,
            entered: Some((tenant.to_owned(), 1)),
            signer: authority(gateway),
            subject: "/CN=forged".to_owned(),
        }
    }

    /// With these names and this usage.
    pub(crate) fn saying(mut self, names: &str, usage: &str) -> Self {
        self.extensions = extensions(names, usage);
        self
    }

    /// Made: a folder with `ca.pem`, `cert.pem` and `key.pem`.
    pub(crate) fn forge(&self, gateway: &Gateway<'_>) -> PathBuf {
        static NEXT: AtomicU32 = AtomicU32::new(1);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let folder = gateway.path(format!("forged-{number}"));
        std::fs::create_dir(&folder).expect("a folder");
        let serial = format!("4ead{number:028x}");
        std::fs::write(folder.join("serial"), &serial).expect("a serial number");
        std::fs::write(folder.join("index.txt"), "").expect("a list");
        std::fs::write(folder.join("ca.cnf"), format!("{CONFIGURATION}{}", self.extensions)).expect("a file");
        let mut script = Command::new("sh");
        script.args(["-euc", SCRIPT, "forge"]).arg(authority(gateway)).arg(&self.signer);
        script.args([self.from.to_string(), self.until.to_string(), self.subject.clone()]);
        Run::of(script.current_dir(&folder), b"").succeeds();
        if let Some((tenant, generation)) = &self.entered {
            enter(gateway, &serial, tenant, *generation, &key_of(&folder));
        }
        folder
    }
}

/// How a certificate names this user.
pub(crate) fn uri(tenant: &str, generation: u32) -> String {
    format!("wharf:tenant/{tenant}/{generation}/forged")
}

/// The authority's certificate and its key.
pub(crate) fn authority(gateway: &Gateway<'_>) -> PathBuf {
    gateway.path("state/identity/authority.pem")
}

fn extensions(names: &str, usage: &str) -> String {
    let usage = if usage.is_empty() { String::new() } else { format!("extendedKeyUsage = {usage}\n") };
    format!(
        "basicConstraints = critical,CA:false\nkeyUsage = critical,digitalSignature\n{usage}\
         subjectAltName = {names}\nauthorityKeyIdentifier = keyid\n"
    )
}

const CONFIGURATION: &str = "[ca]
default_ca = one
[one]
database = index.txt
new_certs_dir = .
serial = serial
default_md = sha256
policy = any
unique_subject = no
[any]
commonName = optional
[req]
distinguished_name = name
prompt = no
[name]
commonName = x
[ext]
";

/// `$1` is the authority that clients verify the server with, `$2` signs; `$3` and `$4` are seconds from now.
const SCRIPT: &str = r#"
openssl x509 -in "$1" -out ca.pem
openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out key.pem
openssl req -new -config ca.cnf -key key.pem -subj "$5" -out request.pem
now=$(date +%s)
openssl ca -batch -notext -config ca.cnf -cert "$2" -keyfile "$2" -extensions ext -in request.pem -out cert.pem \
    -startdate "$(date -u -d "@$((now + $3))" +%Y%m%d%H%M%SZ)" -enddate "$(date -u -d "@$((now + $4))" +%Y%m%d%H%M%SZ)"
"#;

/// The fingerprint of the key in this folder, as the documentation has it made.
pub(crate) fn key_of(folder: &Path) -> String {
    let script = "openssl x509 -in cert.pem -noout -pubkey | openssl pkey -pubin -outform der | sha256sum";
    let run = Run::of(Command::new("sh").args(["-euc", script]).current_dir(folder), b"").succeeds();
    format!("sha256:{}", run.stdout().split(' ').next().expect("a digest"))
}

/// Has the book say that this was issued.
pub(crate) fn enter(gateway: &Gateway<'_>, serial: &str, tenant: &str, generation: u32, key: &str) {
    change_book(gateway, |book| {
        let issued = book["issued"].as_object_mut().expect("what was issued");
        let like = issued.values().next().expect("a certificate that was issued before").clone();
        let mut entry = like;
        entry["tenant"] = tenant_in_book(tenant, generation);
        entry["user"] = json!("forged");
        entry["key"] = json!(key);
        entry.as_object_mut().expect("an entry").remove("revoked");
        issued.insert(serial.to_owned(), entry);
    });
}

/// As the book writes a tenant.
fn tenant_in_book(tenant: &str, generation: u32) -> Value {
    json!(if generation == 1 { tenant.to_owned() } else { format!("{tenant}_{generation}") })
}

/// Changes the book as the gateway's own programs do: whole.
pub(crate) fn change_book(gateway: &Gateway<'_>, change: impl FnOnce(&mut Value)) {
    let path = gateway.path("state/identity/identity.json");
    let mut book: Value =
        serde_json::from_slice(&std::fs::read(&path).expect("the book")).expect("a document");
    change(&mut book);
    let draft = path.with_extension("forged");
    std::fs::write(&draft, book.to_string()).expect("a draft");
    let mode = std::os::unix::fs::PermissionsExt::from_mode(0o600);
    std::fs::set_permissions(&draft, mode).expect("permissions");
    std::fs::rename(draft, path).expect("another book");
}
