//! What sealed files promise: who opens what, and that whatever was done to one by hand is noticed.

#[path = "vault/damage.rs"]
mod damage;
#[path = "vault/keys.rs"]
mod keys;
#[path = "vault/print.rs"]
mod print;
#[path = "vault/sealing.rs"]
mod sealing;
#[path = "vault/signing.rs"]
mod signing;

use wharf_model::{PodName, SecretName, SecretOwner};
use wharf_vault::{Expected, Identity, Reader, SealedFile, Value};

fn name(text: &str) -> SecretName {
    text.parse().unwrap()
}

fn pod(text: &str) -> PodName {
    text.parse().unwrap()
}

fn value(text: &str) -> Value {
    Value::new(text.as_bytes().to_vec()).unwrap()
}

fn reader(called: &str, identity: &Identity) -> Reader {
    Reader { name: called.parse().unwrap(), key: identity.reader_key().clone() }
}

/// The machine's pod `blog`, with one secret for each pair, sealed in the second 1,000 to these.
fn sealed(readers: Vec<Reader>, secrets: &[(&str, &str)]) -> SealedFile {
    let mut file = SealedFile::new(SecretOwner::Machine, pod("blog"), readers).unwrap();
    for (called, clear) in secrets {
        file.seal(&name(called), &value(clear), 1_000, None).unwrap();
    }
    file
}

fn reread(text: &str) -> SealedFile {
    SealedFile::parse_bytes(text.as_bytes()).unwrap_or_else(|errors| panic!("{errors:?}\n{text}"))
}

/// Opens as the machine's pod `blog`.
fn opened(file: &SealedFile, called: &str, identity: &Identity) -> Result<String, String> {
    let blog = pod("blog");
    let expected = Expected { owner: &SecretOwner::Machine, pod: &blog };
    let opened = file.open(&expected, &name(called), std::slice::from_ref(identity));
    opened
        .map(|opened| String::from_utf8(opened.value.bytes().to_vec()).unwrap())
        .map_err(|error| error.to_string())
}
