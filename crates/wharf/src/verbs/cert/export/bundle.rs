//! What `docker context import` takes: a tar archive (POSIX ustar) with `meta.json` and the three files.

use super::Files;
use serde_json::json;
use std::time::{SystemTime, UNIX_EPOCH};
use zeroize::Zeroizing;

const BLOCK: usize = 512;

/// The archive. It has the private key.
pub(super) fn archive(
    address: &str,
    description: &str,
    files: &Files,
    now: SystemTime,
) -> Zeroizing<Vec<u8>> {
    let meta = json!({
        // `docker context import` gives it the name that it is told.
        "Name": "wharf",
        "Metadata": {"Description": description},
        "Endpoints": {"docker": {"Host": address, "SkipTLSVerify": false}},
    });
    let seconds = now.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    // Whole from the beginning: a copy of the key in memory that is outgrown would not be wiped.
    let mut out = Zeroizing::new(Vec::with_capacity(256 << 10));
    add(&mut out, "meta.json", meta.to_string().as_bytes(), seconds);
    for folder in ["tls/", "tls/docker/"] {
        header(&mut out, folder, 0, (b'5', 0o700), seconds);
    }
    add(&mut out, "tls/docker/ca.pem", files.authorities.as_bytes(), seconds);
    add(&mut out, "tls/docker/cert.pem", files.certificate.as_bytes(), seconds);
    add(&mut out, "tls/docker/key.pem", files.key.as_bytes(), seconds);
    let end = out.len() + 2 * BLOCK;
    out.resize(end, 0);
    out
}

fn add(out: &mut Vec<u8>, name: &str, content: &[u8], seconds: u64) {
    header(out, name, content.len(), (b'0', 0o600), seconds);
    out.extend_from_slice(content);
    out.resize(out.len().next_multiple_of(BLOCK), 0);
}

fn header(out: &mut Vec<u8>, name: &str, size: usize, (kind, mode): (u8, u32), seconds: u64) {
    let mut block = [0; BLOCK];
    let fields: [(usize, String); 8] = [
        (0, name.to_owned()),
        (100, format!("{mode:07o}")),
        (108, format!("{:07o}", 0)),
        (116, format!("{:07o}", 0)),
        (124, format!("{size:011o}")),
        (136, format!("{seconds:011o}")),
        (148, " ".repeat(8)), // the sum is of blanks in its own place
        (257, "ustar\u{0}00".to_owned()),
    ];
    for (at, text) in &fields {
        put(&mut block, *at, text.as_bytes());
    }
    put(&mut block, 156, &[kind]);
    let sum: u32 = block.iter().map(|byte| u32::from(*byte)).sum();
    put(&mut block, 148, format!("{sum:06o}\u{0} ").as_bytes());
    out.extend_from_slice(&block);
}

fn put(block: &mut [u8; BLOCK], at: usize, bytes: &[u8]) {
    for (to, from) in block.iter_mut().skip(at).zip(bytes) {
        *to = *from;
    }
}
