//! Archives of images on real engines: 20.10, 28.5, and 28.5 with the containerd image store. Each attack works on the
//! bare engine first, and is then refused by `Load`, or harmless behind it.

#[path = "archives/engines.rs"]
mod engines;
#[path = "../../crates/archive/tests/archives/forge.rs"]
mod forge;
#[path = "archives/layers.rs"]
mod layers;
#[path = "archives/names.rs"]
mod names;
#[path = "archives/saving.rs"]
mod saving;
#[path = "archives/uploads.rs"]
mod uploads;

use wharf_archive::{ArchiveError, Load, Loaded};
use wharf_model::{Generation, TenantId};

fn tenant(name: &str) -> TenantId {
    TenantId { name: name.parse().expect("a name"), generation: Generation(1) }
}

/// What the engine gets of an archive that Alice sends.
fn through_load(archive: &[u8]) -> Result<(Loaded, Vec<u8>), ArchiveError> {
    let (mut load, mut out) = (Load::new(tenant("alice")), Vec::new());
    for piece in archive.chunks(Load::PIECE) {
        load.push(piece, &mut out)?;
    }
    let loaded = load.finish(&mut out)?;
    Ok((loaded, out))
}
