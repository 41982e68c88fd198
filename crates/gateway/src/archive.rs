//! Tar archives that clients send into containers.

use crate::answer::Body;
use crate::fault::Fault;
use bytes::{Bytes, BytesMut};
use futures_util::{StreamExt, stream};
use http_body_util::{BodyExt, StreamBody};
use hyper::body::Frame;
use std::time::Duration;
use wharf_wire::ask::{Forbidden, Refusal};

/// How compressed streams begin: the engine would unpack them with a program of the container's (CVE-2026-41567).
const COMPRESSED: [(&[u8], &str); 6] = [
    (&[0x1f, 0x8b], "gzip"),
    (&[0xfd, b'7', b'z', b'X', b'Z'], "xz"),
    (b"BZh", "bzip2"),
    (&[0x28, 0xb5, 0x2f, 0xfd], "zstd"),
    (&[0x1f, 0x9d], "compress"),
    (&[0x04, 0x22, 0x4d, 0x18], "lz4"),
];

/// What is read of an archive that is refused.
const MOST_DRAINED: usize = 16 << 20;
const DRAINED_FOR: Duration = Duration::from_secs(3);

/// As much as tells.
const ENOUGH: usize = 6;

/// The archive, once its first bytes show that it is not compressed.
pub(crate) async fn uncompressed(stream: Option<Body>) -> Result<Body, Fault> {
    let Some(mut body) = stream else { return Err(Refusal::malformed("the archive is missing").into()) };
    let mut begun = BytesMut::new();
    while begun.len() < ENOUGH {
        match body.frame().await {
            Some(Ok(frame)) => begun.extend_from_slice(&frame.into_data().unwrap_or_default()),
            Some(Err(_)) => return Err(Refusal::malformed("the archive broke off").into()),
            None => break,
        }
    }
    if let Some((_, name)) = COMPRESSED.iter().find(|(magic, _)| begun.starts_with(magic)) {
        let reason = format!(
            "the archive is compressed ({name}), and engines unpack it with the container's own program"
        );
        let hint = "send it uncompressed";
        return Err(Refusal::forbidden(Forbidden::CompressedArchive, reason, hint).into());
    }
    Ok(preceded(begun.freeze(), body))
}

/// Reads on for a while what is refused: a client that is cut off while it sends tells its user of a broken pipe, and not
/// what was answered (seen with the CLI 20.10).
pub(crate) async fn drained(mut refused: Body) {
    let read = async {
        let mut left = MOST_DRAINED;
        while let Some(Ok(frame)) = refused.frame().await {
            let Some(rest) = left.checked_sub(frame.data_ref().map_or(0, Bytes::len)) else { return };
            left = rest;
        }
    };
    let _enough = tokio::time::timeout(DRAINED_FOR, read).await;
}

/// A body with these bytes before it.
pub(crate) fn preceded(begun: Bytes, rest: Body) -> Body {
    let first = stream::iter([Ok(Frame::data(begun))]);
    let rest = rest.into_data_stream().map(|piece| piece.map(Frame::data));
    StreamBody::new(first.chain(rest)).boxed_unsync()
}
