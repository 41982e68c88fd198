//! The image of a pod's root container: a program of a few machine instructions that waits, in an archive that every
//! engine loads, with no registry. The bytes depend on the architecture alone, so its name can tell its content.

use serde_json::json;
use sha2::{Digest, Sha256};
use std::fmt::Write as _;
use wharf_model::{ImageRef, ImageRefError};

/// The repository that root containers' images are loaded into. `.invalid` never resolves (RFC 2606), so nobody can
/// publish another one.
pub const PAUSE_IMAGE_NAME: &str = "wharf.invalid/pause";

/// A processor that the engine's containers run on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Architecture {
    /// `x86_64`.
    Amd64,
    /// `aarch64`.
    Arm64,
}

impl Architecture {
    /// From the engine's word, which is uname(2)'s.
    pub fn from_engine(word: &str) -> Option<Self> {
        match word {
            "x86_64" | "amd64" => Some(Self::Amd64),
            "aarch64" | "arm64" => Some(Self::Arm64),
            _ => None,
        }
    }

    fn image_name(self) -> &'static str {
        match self {
            Self::Amd64 => "amd64",
            Self::Arm64 => "arm64",
        }
    }

    /// ELF's `e_machine`.
    fn elf_machine(self) -> u16 {
        match self {
            Self::Amd64 => 62,
            Self::Arm64 => 183,
        }
    }

    /// Waits for a signal, for ever. The engine's init is process 1, so a signal's default action ends this one.
    fn program(self) -> Vec<u8> {
        match self {
            // mov eax, 34 (pause); syscall; jmp to the beginning
            Self::Amd64 => vec![0xb8, 0x22, 0, 0, 0, 0x0f, 0x05, 0xeb, 0xf7],
            // arm64 has no pause: ppoll(0, 0, 0, 0, 0) waits as well. x0..x4 = 0; x8 = 73; svc; branch to the beginning
            Self::Arm64 => [
                0xd280_0000_u32,
                0xd280_0001,
                0xd280_0002,
                0xd280_0003,
                0xd280_0004,
                0xd280_0928,
                0xd400_0001,
                0x17ff_fff9,
            ]
            .iter()
            .flat_map(|word| word.to_le_bytes())
            .collect(),
        }
    }
}

/// The reference under which the archive for `architecture` is loaded; its tag is made of the content's digest.
///
/// # Errors
/// Never for the names above; the type says so because parsing may.
pub fn pause_image_reference(architecture: Architecture) -> Result<ImageRef, ImageRefError> {
    pause_tag(&config(architecture)).parse()
}

/// A `docker load` archive with the one image.
pub fn pause_archive(architecture: Architecture) -> Vec<u8> {
    let layer = layer(architecture);
    let config = config(architecture);
    let config_name = format!("{}.json", hex_digest(&config));
    let manifest =
        json!([{"Config": config_name, "RepoTags": [pause_tag(&config)], "Layers": ["layer.tar"]}]);
    tar(&[
        ("manifest.json", 0o644, manifest.to_string().as_bytes()),
        (&config_name, 0o644, &config),
        ("layer.tar", 0o644, &layer),
    ])
}

fn pause_tag(config: &[u8]) -> String {
    let digest = hex_digest(config);
    format!("{PAUSE_IMAGE_NAME}:{}", digest.get(..12).unwrap_or(&digest))
}

fn config(architecture: Architecture) -> Vec<u8> {
    json!({
        "architecture": architecture.image_name(),
        "os": "linux",
        "created": "1970-01-01T00:00:00Z",
        "config": {"Entrypoint": ["/pause"]},
        "rootfs": {"type": "layers", "diff_ids": [format!("sha256:{}", hex_digest(&layer(architecture)))]},
        "history": [{"created": "1970-01-01T00:00:00Z", "created_by": "wharf"}],
    })
    .to_string()
    .into_bytes()
}

fn layer(architecture: Architecture) -> Vec<u8> {
    tar(&[("pause", 0o755, &elf(architecture))])
}

/// A static program of one loadable segment: ELF header, one program header, code.
fn elf(architecture: Architecture) -> Vec<u8> {
    const BASE: u64 = 0x40_0000;
    const HEADERS: u64 = 64 + 56;
    let code = architecture.program();
    let length = HEADERS + u64::try_from(code.len()).unwrap_or(0);
    let mut out = vec![0x7f, b'E', b'L', b'F', 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    out.extend(2u16.to_le_bytes()); // an executable
    out.extend(architecture.elf_machine().to_le_bytes());
    out.extend(1u32.to_le_bytes()); // ELF version
    for word in [BASE + HEADERS, 64, 0] {
        out.extend(word.to_le_bytes()); // entry point, program headers, no sections
    }
    out.extend(0u32.to_le_bytes()); // flags
    for half in [64u16, 56, 1, 64, 0, 0] {
        out.extend(half.to_le_bytes()); // sizes and counts of headers
    }
    out.extend(1u32.to_le_bytes()); // PT_LOAD
    out.extend(5u32.to_le_bytes()); // readable and executable
    for word in [0, BASE, BASE, length, length, 0x1_0000] {
        out.extend(word.to_le_bytes()); // offset, addresses, sizes, alignment (arm64 pages may have 64 KiB)
    }
    out.extend(code);
    out
}

/// A ustar archive of regular files owned by root, dated to the epoch.
fn tar(files: &[(&str, u32, &[u8])]) -> Vec<u8> {
    let mut out = Vec::new();
    for (name, mode, content) in files {
        out.extend(tar_header(name, *mode, content.len()));
        out.extend_from_slice(content);
        out.resize(out.len().next_multiple_of(512), 0);
    }
    out.resize(out.len() + 1024, 0);
    out
}

fn tar_header(name: &str, mode: u32, size: usize) -> Vec<u8> {
    let fields = |checksum: &str| {
        let mut header = Vec::with_capacity(512);
        let mut field = |text: &str, width: usize| {
            let end = header.len() + width;
            header.extend_from_slice(text.as_bytes());
            header.resize(end, 0);
        };
        field(name, 100);
        field(&format!("{mode:07o}"), 8);
        field("0000000", 8); // uid
        field("0000000", 8); // gid
        field(&format!("{size:011o}"), 12);
        field("00000000000", 12); // time
        field(checksum, 8);
        field("0", 1); // a regular file
        field("", 100);
        field("ustar", 6);
        field("00", 2);
        field("", 247);
        header
    };
    let sum: u32 = fields("        ").iter().map(|byte| u32::from(*byte)).sum();
    fields(&format!("{sum:06o}\0 "))
}

fn hex_digest(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold(String::new(), |mut out, byte| {
        let _ = write!(out, "{byte:02x}"); // writing to a String cannot fail
        out
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_program_is_a_few_hundred_bytes_at_most() {
        assert_eq!(elf(Architecture::Amd64).len(), 129);
        assert_eq!(elf(Architecture::Arm64).len(), 152);
    }

    #[test]
    fn the_archive_is_the_same_every_time_and_differs_by_architecture() {
        assert_eq!(pause_archive(Architecture::Amd64), pause_archive(Architecture::Amd64));
        assert_ne!(pause_archive(Architecture::Amd64), pause_archive(Architecture::Arm64));
        assert_ne!(
            pause_image_reference(Architecture::Amd64).unwrap(),
            pause_image_reference(Architecture::Arm64).unwrap()
        );
    }

    #[test]
    fn headers_are_whole_blocks_with_a_right_checksum() {
        let header = tar_header("pause", 0o755, 129);
        assert_eq!(header.len(), 512);
        let stored = std::str::from_utf8(&header[148..154]).unwrap();
        let sum: u32 =
            header[..148].iter().chain(&header[156..]).map(|b| u32::from(*b)).sum::<u32>() + 8 * 32;
        assert_eq!(u32::from_str_radix(stored, 8).unwrap(), sum);
    }
}
