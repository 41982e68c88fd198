//! Archives, honest and forged, through `Load` and `Save`; no engine here (conformance/tests/archives.rs has those).

mod bounds;
mod forge;
mod honest;
mod known_layers;
mod naming;
mod pieces;
mod saving;
mod tricks;

use wharf_archive::{ArchiveError, Load, Loaded};
use wharf_model::{Generation, TenantId};

fn alice() -> TenantId {
    TenantId { name: "alice".parse().expect("a name"), generation: Generation(1) }
}

/// What the engine would get, in pieces of `size`.
fn load_in(archive: &[u8], size: usize) -> Result<(Loaded, Vec<u8>), ArchiveError> {
    let (mut load, mut out) = (Load::new(alice()), Vec::new());
    for piece in archive.chunks(size) {
        load.push(piece, &mut out)?;
    }
    let loaded = load.finish(&mut out)?;
    Ok((loaded, out))
}

fn load(archive: &[u8]) -> Result<(Loaded, Vec<u8>), ArchiveError> {
    load_in(archive, 4096)
}

/// The refusal.
fn refused(archive: &[u8]) -> ArchiveError {
    load(archive).expect_err("this archive was to be refused")
}
