//! Sealing and opening a thousand secrets, beside the `age` program, which is what a script would run for each.

use crate::results::Results;
use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use wharf_model::{PodName, SecretName, SecretOwner};
use wharf_testkit::{Error, Result, TestDir};
use wharf_vault::{Expected, Identity, Reader, SealedFile, Value};

const SECRETS: usize = 1_000;
/// That many fit into a file.
const IN_A_FILE: usize = 200;
const VALUE: &[u8] = b"correct horse battery staple";

/// Both, for a host's key and a recovery key.
pub(super) fn measure(results: &mut Results) -> Result<()> {
    let (host, recovery) = (Identity::generate(), Identity::generate());
    let readers = [("host", &host), ("recovery", &recovery)];
    let readers: Vec<Reader> = readers
        .into_iter()
        .filter_map(|(name, identity)| {
            Some(Reader { name: name.parse().ok()?, key: identity.reader_key().clone() })
        })
        .collect();
    let began = Instant::now();
    let files = sealed(&readers)?;
    let sealing = began.elapsed();
    let began = Instant::now();
    opened(&files, &host)?;
    let opening = began.elapsed();
    let (their_sealing, their_opening) = age(&readers, &host)?;
    results.ratio(format!("sealing {SECRETS} secrets, beside `age`"), sealing, their_sealing, Some(1.0));
    results.ratio(format!("opening {SECRETS} secrets, beside `age`"), opening, their_opening, Some(1.0));
    Ok(())
}

fn sealed(readers: &[Reader]) -> Result<Vec<String>> {
    let mut files = Vec::new();
    for _ in 0..SECRETS / IN_A_FILE {
        let mut file = SealedFile::new(SecretOwner::Machine, pod()?, readers.to_vec()).map_err(wrong)?;
        for at in 0..IN_A_FILE {
            let value = Value::new(VALUE.to_vec()).map_err(wrong)?;
            let name: SecretName = format!("secret-{at}").parse().map_err(wrong)?;
            file.seal(&name, &value, 1, None).map_err(wrong)?;
        }
        files.push(file.print());
    }
    Ok(files)
}

fn opened(files: &[String], host: &Identity) -> Result<()> {
    let pod = pod()?;
    let expected = Expected { owner: &SecretOwner::Machine, pod: &pod };
    for text in files {
        let file = SealedFile::parse_bytes(text.as_bytes());
        let file = file.map_err(|_| Error::Missing("the sealed file does not read back".to_owned()))?;
        let opened = file.open_all(&expected, std::slice::from_ref(host)).map_err(wrong)?;
        if opened.len() != IN_A_FILE || opened.values().any(|opened| opened.value.bytes() != VALUE) {
            return Err(Error::Missing("other values were opened than were sealed".to_owned()));
        }
    }
    Ok(())
}

/// The same with the program: one run for each secret and direction.
fn age(readers: &[Reader], host: &Identity) -> Result<(Duration, Duration)> {
    let folder = TestDir::new()?;
    let key = folder.write("host.key", host.secret_text().unwrap_or_default().as_bytes())?;
    let mut seal: Vec<String> = vec!["-a".to_owned()];
    seal.extend(readers.iter().flat_map(|reader| ["-r".to_owned(), reader.key.to_string()]));
    let began = Instant::now();
    for at in 0..SECRETS {
        fed(Command::new("age").args(&seal).arg("-o").arg(folder.join(at.to_string())), VALUE)?;
    }
    let sealing = began.elapsed();
    let began = Instant::now();
    for at in 0..SECRETS {
        fed(Command::new("age").arg("-d").arg("-i").arg(&key).arg(folder.join(at.to_string())), b"")?;
    }
    Ok((sealing, began.elapsed()))
}

fn fed(command: &mut Command, input: &[u8]) -> Result<()> {
    let failed = || Error::io("cannot run `age`");
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::null()).spawn().map_err(failed())?;
    if let Some(mut stdin) = child.stdin.take() {
        stdin.write_all(input).map_err(failed())?;
    }
    let status = child.wait().map_err(failed())?;
    if status.success() { Ok(()) } else { Err(Error::Missing(format!("`age` failed: {status}"))) }
}

fn pod() -> Result<PodName> {
    PodName::from_path(Path::new("bench.yml")).map_err(wrong)
}

fn wrong(error: impl std::fmt::Display) -> Error {
    Error::Missing(error.to_string())
}
