//! Patterns for images, and which of them a tenant may pull and push.

use super::{grammars, plain, plain_items};
use wharf_document::{Flag, Grammar, List, Meaning, Misfit, Parsed, Shape, mapping};
use wharf_model::{ImageGrant, ImagePattern, ImagePatternError};

mapping! {
    /// Which images a tenant may pull, push and build.
    pub(crate) struct RawImages {
        /// What it may pull, with its own credentials: `docker.io/library/*`, `registry.example/alice/*`. Default:
        /// docker.io/library/*.
        optional "pull" pull: List<Parsed<Images>>,
        /// What it may push. Default: nothing.
        optional "push" push: List<Parsed<Images>>,
        /// Whether it may build images. Default: false.
        optional "build" build: Flag,
    }
}

/// A pattern for full references.
#[derive(Debug)]
pub(crate) enum Images {}

impl Grammar for Images {
    type Value = ImagePattern;
    const WHAT: &'static str = "a pattern for images";

    fn shape() -> Shape {
        let component = "[a-z0-9*]([a-z0-9*._-]*[a-z0-9*])?";
        let below = format!("[A-Za-z0-9\\[][A-Za-z0-9.:_\\[\\]-]*(/{component})+");
        let tag = "(:[A-Za-z0-9_*][A-Za-z0-9_.*-]{0,127})?";
        let refused = "(?![Ww][Hh][Aa][Rr][Ff]\\.[Ii][Nn][Vv][Aa][Ll][Ii][Dd]/)(?!.*\\*\\*)";
        grammars::text(&format!("^{refused}({below}|(?![*]){component}){tag}$"))
    }

    fn accepts(meaning: Meaning) -> bool {
        meaning == Meaning::Text
    }

    fn parse(text: &str) -> Result<ImagePattern, Misfit> {
        text.parse().map_err(|error: ImagePatternError| {
            let help = match &error {
                ImagePatternError::StarInRegistry(_) | ImagePatternError::NoRegistry(_) => {
                    "name the registry, then a slash: `docker.io/*` is all of Docker Hub, `docker.io/library/*` \
                     Docker's own images"
                }
                ImagePatternError::Digest => "remove the digest; who may have a repository may have its digests",
                ImagePatternError::DoubledStar => "a `*` at the end of the path matches any depth",
                ImagePatternError::Reserved => "name a registry that exists",
                ImagePatternError::Reference(_) => {
                    "such as `docker.io/library/*`, `registry.example/alice/*` or `base:*`"
                }
            };
            Misfit::new(error.to_string()).with_help(help)
        })
    }
}

impl RawImages {
    /// The grant; what is left out has its default.
    pub(super) fn check(self) -> ImageGrant {
        let defaults = ImageGrant::default();
        ImageGrant {
            pull: plain_items(self.pull).unwrap_or(defaults.pull),
            push: plain_items(self.push).unwrap_or(defaults.push),
            build: plain(self.build).unwrap_or(defaults.build),
        }
    }
}
