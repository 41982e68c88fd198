//! Why an archive is refused. Nothing here decides.

use thiserror::Error;

/// Why an archive is refused. Names in the messages are cut and printable.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ArchiveError {
    /// No end-of-archive marker, or a gzip stream without its end.
    #[error("the archive ends before it is whole; make it again with `docker save`")]
    Truncated,
    /// The first bytes, or a header, are no tar header of today.
    #[error("this is not a tar archive as `docker save` writes it: {0}")]
    NotTar(&'static str),
    /// The whole archive is compressed, and not with gzip.
    #[error("the archive is compressed with {0}; decompress it first, or use gzip")]
    Compressed(&'static str),
    /// A layer is compressed, and not with gzip.
    #[error(
        "the layer `{layer}` is compressed with {method}; make the archive with gzip or uncompressed layers"
    )]
    LayerCompressed {
        /// The entry.
        layer: String,
        /// With what.
        method: &'static str,
    },
    /// Neither gzip nor whole.
    #[error("the gzip data of {0} is damaged; make the archive again")]
    Gzip(String),
    /// Unpacks to far more than it is.
    #[error("{0} unpacks to more than 200 times its size; send it uncompressed")]
    Bomb(String),
    /// A name that `docker save` does not write.
    #[error(
        "the archive has an entry named `{0}`, which `docker save` does not write; make it again with `docker save`"
    )]
    Name(String),
    /// Neither a file, a directory nor a symbolic link.
    #[error(
        "the entry `{name}` is {kind}, which `docker save` does not write; make the archive again with `docker save`"
    )]
    Kind {
        /// The entry.
        name: String,
        /// What it is.
        kind: &'static str,
    },
    /// An extended header with something that changes what an entry is.
    #[error(
        "an extended header says `{0}`, which `docker save` does not write; make the archive again with `docker save`"
    )]
    Extended(String),
    /// Which of the two the engine takes is nobody's guess.
    #[error("the archive has two entries named `{0}`; make it again with `docker save`")]
    Twice(String),
    /// More than 10,000 entries.
    #[error("the archive has more than {0} entries; load fewer images at once")]
    TooManyEntries(usize),
    /// In all configurations together.
    #[error("the archive's images have more than {0} layers together; load fewer images at once")]
    TooManyLayers(usize),
    /// Metadata beyond its bound.
    #[error("`{name}` has more than {most} bytes; load fewer images at once")]
    TooLarge {
        /// The entry.
        name: String,
        /// How many it may have.
        most: u64,
    },
    /// Something behind the end-of-archive marker.
    #[error("there is something behind the archive's end; send one archive at a time")]
    AfterEnd,
    /// No `manifest.json`: an OCI layout, a layer, something else.
    #[error("the archive has no `manifest.json`; make it with `docker save`, or with `--output type=docker`")]
    NoManifest,
    /// It cannot be read.
    #[error("the archive's `{name}` cannot be read: {why}; make the archive again with `docker save`")]
    Unreadable {
        /// `manifest.json`, or a configuration.
        name: String,
        /// What is wrong.
        why: String,
    },
    /// What the manifest names is not there.
    #[error(
        "the archive's manifest names `{0}`, which is not in the archive; make it again with `docker save`"
    )]
    Missing(String),
    /// A blob's name is the digest of something else.
    #[error("the content of `{0}` is not what its name says; make the archive again")]
    NotItsDigest(String),
    /// The configuration names other layers than the archive brings: perhaps those of an image that the engine has.
    #[error(
        "the layer `{layer}` is not the one that `{config}` names; an archive must bring its layers itself"
    )]
    OtherLayer {
        /// The entry.
        layer: String,
        /// The configuration's.
        config: String,
    },
    /// As many layers as the configuration names, neither more nor fewer.
    #[error(
        "`{config}` names {named} layers, the manifest {brought}; make the archive again with `docker save`"
    )]
    LayerCount {
        /// The configuration's entry.
        config: String,
        /// By the configuration.
        named: usize,
        /// By the manifest.
        brought: usize,
    },
    /// A tag that cannot be a tenant's.
    #[error("the archive gives the name `{reference}`: {why}; tag the image otherwise and save it again")]
    Reference {
        /// As the archive has it.
        reference: String,
        /// What is wrong.
        why: String,
    },
    /// One tag for two images.
    #[error("the archive gives the name `{0}` to two images; save them apart")]
    TagTwice(String),
}

/// What a person may see of a text from an archive.
pub(crate) fn printable(text: &[u8]) -> String {
    let shown: String = String::from_utf8_lossy(text).escape_debug().take(120).collect();
    shown
}
