//! Archives made by hand, byte for byte; and read again, naively.
#![allow(dead_code, reason = "two test programs use it, neither all of it")]

use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// An archive in the making.
#[derive(Clone, Default)]
pub(crate) struct Tar(pub(crate) Vec<u8>);

impl Tar {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    pub(crate) fn raw(mut self, bytes: &[u8]) -> Self {
        self.0.extend_from_slice(bytes);
        self
    }

    /// Content, filled up to a whole block.
    pub(crate) fn content(self, bytes: &[u8]) -> Self {
        let mut padded = self.raw(bytes);
        padded.0.resize(padded.0.len().next_multiple_of(512), 0);
        padded
    }

    pub(crate) fn file(self, name: &str, bytes: &[u8]) -> Self {
        self.raw(&header(name, b'0', bytes.len() as u64, "")).content(bytes)
    }

    pub(crate) fn entry(self, name: &str, flag: u8, link: &str) -> Self {
        self.raw(&header(name, flag, 0, link))
    }

    pub(crate) fn extended(self, flag: u8, records: &[u8]) -> Self {
        self.raw(&header("PaxHeaders.0/x", flag, records.len() as u64, "")).content(records)
    }

    pub(crate) fn end(self) -> Vec<u8> {
        self.raw(&[0; 1024]).0
    }
}

/// `length key=value\n`.
pub(crate) fn record(key: &str, value: &str) -> Vec<u8> {
    let rest = format!(" {key}={value}\n");
    let mut length = rest.len() + 1;
    while length != rest.len() + length.to_string().len() {
        length += 1;
    }
    format!("{length}{rest}").into_bytes()
}

pub(crate) fn header(name: &str, flag: u8, size: u64, link: &str) -> [u8; 512] {
    let mut header = [0; 512];
    header[..name.len()].copy_from_slice(name.as_bytes());
    for id in [100, 108, 116] {
        header[id..id + 7].copy_from_slice(if id == 100 { b"0000644" } else { b"0000000" });
    }
    header[124..135].copy_from_slice(format!("{size:011o}").as_bytes());
    header[136..147].copy_from_slice(b"00000000000");
    header[156] = flag;
    header[157..157 + link.len()].copy_from_slice(link.as_bytes());
    header[257..265].copy_from_slice(b"ustar\x0000");
    sealed(header)
}

/// With the right checksum.
pub(crate) fn sealed(mut header: [u8; 512]) -> [u8; 512] {
    header[148..156].copy_from_slice(b"        ");
    let sum: u32 = header.iter().map(|byte| u32::from(*byte)).sum();
    header[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
    header
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"))
}

/// A layer with one file.
pub(crate) fn layer(name: &str, text: &str) -> Vec<u8> {
    Tar::new().file(name, text.as_bytes()).end()
}

/// A configuration that names `layers`.
pub(crate) fn config(layers: &[&[u8]]) -> Vec<u8> {
    let named: Vec<String> = layers.iter().map(|layer| format!("\"sha256:{}\"", hex(layer))).collect();
    format!(
        r#"{{"architecture":"amd64","os":"linux","config":{{"Cmd":["/x"]}},"rootfs":{{"type":"layers","diff_ids":[{}]}}}}"#,
        named.join(",")
    )
    .into_bytes()
}

/// `manifest.json` of one image.
pub(crate) fn manifest(config: &str, tags: &[&str], layers: &[&str]) -> Vec<u8> {
    format!(r#"[{{"Config":{config:?},"RepoTags":{tags:?},"Layers":{layers:?}}}]"#).into_bytes()
}

/// An honest archive of one image with one layer.
pub(crate) fn honest(tag: &str) -> Vec<u8> {
    let layer = layer("hello", "hello");
    let config = config(&[&layer]);
    archive(&config, &[("a/layer.tar", &layer)], &[tag])
}

/// One image, its manifest last.
pub(crate) fn archive(config: &[u8], layers: &[(&str, &[u8])], tags: &[&str]) -> Vec<u8> {
    let names: Vec<&str> = layers.iter().map(|(name, _)| *name).collect();
    let tar = Tar::new().file("c.json", config);
    let tar = layers.iter().fold(tar, |tar, (name, layer)| tar.file(name, layer));
    tar.file("manifest.json", &manifest("c.json", tags, &names)).end()
}

/// The files of an archive, by name; understands what `Load` and `Save` write, and panics at anything else.
pub(crate) fn files(archive: &[u8]) -> BTreeMap<String, Vec<u8>> {
    let (mut found, mut at) = (BTreeMap::new(), 0);
    while archive[at] != 0 {
        let block = &archive[at..at + 512];
        let text = |range: std::ops::Range<usize>| {
            String::from_utf8(block[range].iter().copied().take_while(|byte| *byte != 0).collect())
                .expect("text")
        };
        let size = usize::from_str_radix(&text(124..135), 8).expect("a size");
        let (name, flag) = (text(0..100), block[156]);
        assert_eq!(block, sealed(block.try_into().expect("a block")), "the checksum of {name}");
        at += 512;
        if flag == b'0' {
            let twice = found.insert(name.clone(), archive[at..at + size].to_vec());
            assert_eq!(twice, None, "{name} is there twice");
        }
        at += size.next_multiple_of(512);
    }
    assert_eq!(&archive[at..], [0; 1024], "the end");
    found
}
