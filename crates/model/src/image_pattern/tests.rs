//! What patterns match, by example and against a definition that is slow and plain.

use super::*;
use proptest::collection::vec;
use proptest::option::of;
use proptest::prelude::*;
use proptest::sample::select;

fn pattern(text: &str) -> ImagePattern {
    text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
}

fn image(text: &str) -> NamedImage {
    match text.parse() {
        Ok(ImageRef::Named(named)) => named,
        other => panic!("{text}: {other:?}"),
    }
}

fn matches(wanted: &str, found: &str) -> bool {
    pattern(wanted).matches(&image(found))
}

#[test]
fn patterns_are_completed_as_references_are() {
    let shown = |text: &str| pattern(text).to_string();
    assert_eq!(shown("base"), "docker.io/library/base");
    assert_eq!(shown("base:*"), "docker.io/library/base");
    assert_eq!(shown("base:1.*"), "docker.io/library/base:1.*");
    assert_eq!(shown("base-*"), "docker.io/library/base-*");
    assert_eq!(shown("alice/*"), "docker.io/alice/*");
    assert_eq!(shown("index.docker.io/alice/*"), "docker.io/alice/*");
    assert_eq!(shown("docker.io/nginx"), "docker.io/library/nginx");
    assert_eq!(shown("docker.io/*"), "docker.io/*");
    assert_eq!(shown("registry.example:5000/*"), "registry.example:5000/*");
    assert_eq!(shown("localhost/a*/b:*-x"), "localhost/a*/b:*-x");
    assert_eq!(shown("[::1]:5000/a"), "[::1]:5000/a");
    assert_eq!(ImagePattern::official(), pattern("docker.io/library/*"));
}

#[test]
fn a_star_stays_within_its_component_but_at_the_end_of_the_path() {
    assert!(matches("docker.io/library/*", "nginx"));
    assert!(matches("docker.io/library/*", "nginx:1.27"));
    assert!(!matches("docker.io/library/*", "alice/nginx"));
    assert!(matches("docker.io/*", "alice/nginx"));
    assert!(matches("docker.io/*", "nginx"));
    assert!(matches("registry.example/alice/*", "registry.example/alice/a/b/c"));
    assert!(!matches("registry.example/alice/*", "registry.example/alice"));
    assert!(!matches("registry.example/alice/*", "registry.example/alice2/a"));
    assert!(matches("registry.example/team-*/app", "registry.example/team-a/app"));
    assert!(!matches("registry.example/team-*/app", "registry.example/team-a/b/app"));
    assert!(matches("registry.example/*/app", "registry.example/x/app"));
    assert!(!matches("registry.example/*/app", "registry.example/x/y/app"));
    assert!(!matches("registry.example/*/app", "registry.example/app"));
    assert!(!matches("registry.example/a*", "registry.example/a/b"));
}

#[test]
fn a_pattern_with_a_tag_means_no_reference_by_digest() {
    let digest = format!("sha256:{}", "a".repeat(64));
    assert!(matches("base:1.*", "base:1.2"));
    assert!(!matches("base:1.*", "base:2"));
    assert!(!matches("base:1.*", "base"));
    assert!(matches("base:latest", "base"));
    assert!(!matches("base:1.*", &format!("base:1.2@{digest}")));
    assert!(!matches("base:1.*", &format!("base@{digest}")));
    assert!(matches("base:*", &format!("base@{digest}")));
    assert!(matches("base", &format!("base:1.2@{digest}")));
}

#[test]
fn no_pattern_reaches_another_registry() {
    for other in ["docker.io.evil/x", "evil.docker.io/x", "docker.io:443/library/x", "localhost/library/x"] {
        for granted in ["docker.io/*", "docker.io/library/*", "x", "x*"] {
            assert!(!matches(granted, other), "{granted} {other}");
        }
    }
    assert!(!matches("registry.example/*", "registry.example:5000/x"));
    assert!(!matches("registry.example:5000/*", "registry.example/x"));
}

#[test]
fn what_is_no_pattern_says_why() {
    use ImagePatternError as E;
    let error = |text: &str| text.parse::<ImagePattern>().unwrap_err();
    for (text, registry) in [
        ("docker.io*", "docker.io*"),
        ("docker.io*/x", "docker.io*"),
        ("*.example/x", "*.example"),
        ("registry.example:*/x", "registry.example:*"),
        ("[*]/x", "[*]"),
        ("REG*/x", "REG*"),
    ] {
        assert_eq!(error(text), E::StarInRegistry(registry.into()), "{text}");
    }
    for text in ["*", "*:*", "*/*", "*/x", "al*/x", "localhos*/x"] {
        assert_eq!(error(text), E::NoRegistry(text.into()), "{text}");
    }
    assert_eq!(error("a**b"), E::DoubledStar);
    assert_eq!(error("docker.io/**"), E::DoubledStar);
    assert_eq!(error(&format!("a@sha256:{}", "a".repeat(64))), E::Digest);
    assert_eq!(error(&format!("sha256:{}", "a".repeat(64))), E::Digest);
    assert_eq!(error("wharf.invalid/bob/*"), E::Reserved);
    assert_eq!(error(""), E::Reference(ImageRefError::Empty));
    assert_eq!(error("Base"), E::Reference(ImageRefError::UpperCase));
    assert_eq!(error("registry.example/"), E::Reference(ImageRefError::BadPath(String::new())));
    assert_eq!(error("https://registry.example/*"), E::Reference(ImageRefError::BadDomain("https:".into())));
    assert_eq!(error("x/a..*"), E::Reference(ImageRefError::BadPath("x/a..*".into())));
    assert_eq!(error("a:-*"), E::Reference(ImageRefError::BadTag("-*".into())));
}

/// Whether the text is what the pattern's own text says, character by character.
fn by_definition(pattern: &str, text: &str) -> bool {
    if let Some(below) = pattern.strip_suffix("/*") {
        let cuts = text.match_indices('/').map(|(at, _)| (&text[..at], &text[at + 1..]));
        return cuts.into_iter().any(|(head, tail)| !tail.is_empty() && globs(below, head));
    }
    globs(pattern, text)
}

fn globs(pattern: &str, text: &str) -> bool {
    match (pattern.chars().next(), text.chars().next()) {
        (None, None) => true,
        (Some('*'), found) => {
            globs(&pattern[1..], text) || found.is_some_and(|c| c != '/' && globs(pattern, &text[1..]))
        }
        (Some(wanted), Some(found)) => wanted == found && globs(&pattern[1..], &text[1..]),
        _ => false,
    }
}

const DOMAINS: &[&str] = &[
    "",
    "docker.io/",
    "index.docker.io/",
    "docker.io.evil/",
    "evil.docker.io/",
    "localhost/",
    "a.b/",
    "a.b:5/",
];

fn component(star: &'static str) -> impl Strategy<Value = String> {
    vec(select(vec!["a", "b", "library", ".", "-", star]), 1..4).prop_map(|parts| parts.concat())
}

fn text(star: &'static str) -> impl Strategy<Value = String> {
    let last = prop_oneof![component(star), Just(if star.is_empty() { "a" } else { star }.to_owned())];
    let tag = of(vec(select(vec!["1", ".", "x", star]), 1..3).prop_map(|parts| parts.concat()));
    (select(DOMAINS), vec(component(star), 0..3), last, tag).prop_map(|(domain, mut path, last, tag)| {
        path.push(last);
        let tag = tag.map_or(String::new(), |tag| format!(":{tag}"));
        format!("{domain}{}{tag}", path.join("/"))
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 20_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn patterns_match_what_their_text_says(pattern in text("*"), found in text("")) {
        let (Ok(pattern), Ok(ImageRef::Named(image))) = (pattern.parse::<ImagePattern>(), found.parse()) else {
            return Ok(());
        };
        let shown = pattern.to_string();
        let (name, tag) = split_tag(&shown);
        let full = format!("{}/{}", image.domain(), image.path());
        let tags_agree = tag.is_none_or(|tag| globs(tag, image.tag().unwrap()));
        prop_assert_eq!(pattern.matches(&image), by_definition(name, &full) && tags_agree, "{} {}", shown, full);
        prop_assert_eq!(shown.parse::<ImagePattern>(), Ok(pattern));
    }

    #[test]
    fn whatever_matches_comes_from_the_registry_that_the_pattern_names(
        pattern in "[a-z.:*/]{1,12}", found in "[a-z.:/]{1,12}"
    ) {
        let (Ok(pattern), Ok(ImageRef::Named(image))) = (pattern.parse::<ImagePattern>(), found.parse()) else {
            return Ok(());
        };
        prop_assert!(!pattern.domain().contains('*'));
        if pattern.matches(&image) {
            prop_assert_eq!(pattern.domain(), image.domain());
        }
    }

    #[test]
    fn a_pattern_without_a_star_matches_the_very_reference_it_is(found in text("")) {
        if let (Ok(pattern), Ok(ImageRef::Named(image))) = (found.parse::<ImagePattern>(), found.parse()) {
            prop_assert!(pattern.matches(&image));
        }
    }
}
