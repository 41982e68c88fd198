//! `wharf secret doctor`: what is wrong with this host's keys, and with the sealed files here. Changes nothing.

use super::in_hand::read;
use super::place::Place;
use super::readers::{HOST_PUBLIC, HostReaders, Known, public_path};
use super::{ago, keys, now};
use crate::args::IdentityArgs;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::setting::Setting;
use crate::verbs::doctor::{Finding, Severity, print_findings};
use std::os::unix::fs::MetadataExt;
use wharf_store::SecretsDirectory;
use wharf_vault::{SealedFile, SignerKey};

/// After this, a value is old.
const A_YEAR: u64 = 365 * 86_400;

pub(super) fn run(setting: &Setting<'_>) -> Result<Exit, Failure> {
    let identity = IdentityArgs { files: Vec::new() };
    let mut findings = of_host(setting)?;
    let known = Known::of(setting, &identity)?;
    let ours = HostReaders::of(setting)?;
    let signers: Vec<SignerKey> =
        setting.config.secret_signers.iter().filter_map(|line| line.parse().ok()).collect();
    for place in Place::all_here()? {
        match read(setting, &place) {
            Ok(file) => findings.extend(of_file(&place, &file, &known, &ours, &signers)),
            Err(failure) => findings.push(Finding::danger(
                "secrets-unreadable",
                format!("`{}` cannot be read: {}", place.path.display(), failure.message),
                "its pod does not start before it is mended",
            )),
        }
    }
    findings.sort_by_key(|finding| finding.severity);
    print_findings(setting, &findings);
    Ok(if findings.iter().any(|finding| finding.severity == Severity::Danger) {
        Exit::Failed
    } else {
        Exit::Done
    })
}

fn of_host(setting: &Setting<'_>) -> Result<Vec<Finding>, Failure> {
    let mut findings = Vec::new();
    let public = HostReaders::of(setting)?;
    let path = public_path(setting, HOST_PUBLIC);
    if setting.invocation.uid == 0 {
        let directory = SecretsDirectory::in_state(&setting.state_dir()?);
        match directory.host_key() {
            Err(error) => findings.push(Finding::danger(
                "host-key-exposed",
                error.to_string(),
                "whoever has this key opens every secret that is sealed to this host",
            )),
            Ok(None) if public.host.is_some() => findings.push(
                Finding::danger(
                    "host-key-missing",
                    format!("`{}` is there, and the key that belongs to it is not", path.display()),
                    "what is sealed to it cannot be opened here",
                )
                .fix(["# put the key back from a backup; or, with the recovery key, `wharf host init --replace` and `wharf secret rekey --all --identity recovery.key`"]),
            ),
            Ok(_) => findings.extend(of_pair(setting, &public)?),
        }
    }
    if public.host.is_none() {
        findings.push(
            Finding::note(
                "host-key-none",
                "this host has no key for secrets",
                "nothing can be sealed to it, or delivered here",
            )
            .fix(["wharf host init"]),
        );
    } else if public.recovery.is_none() {
        findings.push(
            Finding::warning(
                "recovery-none",
                "there is no recovery key",
                "if this machine is lost, so are its secrets",
            )
            .fix(["wharf secret recovery"]),
        );
    }
    Ok(findings)
}

/// The public half that others seal to must be that of the key that opens.
fn of_pair(setting: &Setting<'_>, public: &HostReaders) -> Result<Option<Finding>, Failure> {
    let (Some(secret), Some(host)) = (keys::of_host(setting)?, &public.host) else { return Ok(None) };
    let differs = *secret.reader_key() != host.key;
    Ok(differs.then(|| {
        Finding::danger(
            "host-key-other",
            format!(
                "`{}` is not the public half of this host's key",
                public_path(setting, HOST_PUBLIC).display()
            ),
            "what is sealed to it goes to another key, which may be somebody's",
        )
        .fix(["wharf host init --help   # says what belongs there"])
    }))
}

fn of_file(
    place: &Place,
    file: &SealedFile,
    known: &Known,
    ours: &HostReaders,
    signers: &[SignerKey],
) -> Vec<Finding> {
    let path = place.path.display();
    let mut findings = Vec::new();
    for reader in file.readers() {
        if !known.has_all(std::slice::from_ref(reader)) {
            findings.push(
                Finding::warning(
                    "reader-unknown",
                    format!(
                        "`{path}`: reader `{}` was never confirmed here: {}",
                        reader.name,
                        reader.key.fingerprint()
                    ),
                    "if nobody knows whose key it is, somebody put it there to read along",
                )
                .fix([format!("wharf secret rekey {} --remove {}", place.pod, reader.name)]),
            );
        }
        if reader.key.rsa_bits().is_some_and(|bits| bits < 3072) {
            findings.push(Finding::note(
                "reader-weak",
                format!("`{path}`: reader `{}` has an RSA key of less than 3072 bits", reader.name),
                "what stands in git is there for anybody to break in years to come; an ed25519 key is better",
            ));
        }
    }
    let lacks = |reader: &Option<wharf_vault::Reader>| {
        reader.as_ref().is_some_and(|reader| !file.is_read_by(&reader.key))
    };
    let mut missing = |reader: &Option<wharf_vault::Reader>, id, what: &str, meaning: &str| {
        if lacks(reader) {
            let finding = Finding::warning(id, format!("`{path}` is not sealed to {what}"), meaning);
            findings.push(finding.fix([format!("wharf secret rekey {}", place.pod)]));
        }
    };
    missing(
        &ours.recovery,
        "file-no-recovery",
        "the recovery key",
        "if this machine is lost, so are these secrets",
    );
    missing(&ours.host, "file-no-host", "this host", "`wharf up` cannot deliver it here");
    if !signers.is_empty()
        && let Err(error) = file.check_signature(signers)
    {
        findings.push(Finding::danger(
            "file-unsigned",
            format!("`{path}`: {error}"),
            "`wharf up` refuses it",
        ));
    }
    let now = now();
    for (name, generation) in file.names().filter(|(_, generation)| now.saturating_sub(generation.0) > A_YEAR)
    {
        findings.push(
            Finding::note(
                "secret-old",
                format!("`{path}`: `{name}` was sealed {} ago", ago(now.saturating_sub(generation.0))),
                "the longer a value is in use, the more have seen it",
            )
            .fix([format!("wharf secret rotate {} {name}", place.pod)]),
        );
    }
    let writable = place.path.symlink_metadata().is_ok_and(|facts| facts.mode() & 0o002 != 0);
    if writable {
        findings.push(
            Finding::warning(
                "file-writable",
                format!("`{path}` can be written by everybody on this machine"),
                "anybody can put values of their own there; what is sealed stays sealed",
            )
            .fix([format!("chmod o-w {path}")]),
        );
    }
    findings
}
