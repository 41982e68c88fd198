//! What a file is for: it decides how much must speak for a secret before one is said to be there.

/// What a file is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Made by programs, full of digests: lock files, sums, maps, minified code.
    Made,
    /// Says what runs and with what: `.env`, compose, pod files, Kubernetes, inventories. A literal there is in use.
    Deployment,
    /// Says how something is set: values need no quotes.
    Config,
    /// For people: values in it are mostly examples.
    Prose,
    /// Programs, and all that is unknown: values stand in quotes.
    Code,
}

const MADE: &[&str] = &[
    "cargo.lock",
    "package-lock.json",
    "npm-shrinkwrap.json",
    "yarn.lock",
    "pnpm-lock.yaml",
    "pnpm-lock.yml",
    "go.sum",
    "go.mod",
    "poetry.lock",
    "pdm.lock",
    "uv.lock",
    "pipfile.lock",
    "composer.lock",
    "gemfile.lock",
    "flake.lock",
    "gradle.lockfile",
    "packages.lock.json",
    "deno.lock",
    "bun.lock",
    "mix.lock",
    "pubspec.lock",
    "podfile.lock",
    "sha256sums",
    "sha512sums",
    "md5sums",
    "checksums.txt",
    ".cargo-checksum.json",
    "record",
];
const MADE_ENDS: &[&str] =
    &[".lock", ".sum", ".sha256", ".sha512", ".md5", ".map", ".min.js", ".min.css", ".md5sums", ".svg"];
const CONFIG_ENDS: &[&str] = &[
    ".yml",
    ".yaml",
    ".json",
    ".toml",
    ".ini",
    ".cfg",
    ".conf",
    ".cnf",
    ".properties",
    ".tfvars",
    ".env",
    ".service",
    ".config",
    ".json5",
    ".plist",
    ".netrc",
    ".npmrc",
    ".pypirc",
    ".my.cnf",
    ".credentials",
];
const CONFIG_NAMES: &[&str] = &[
    ".netrc",
    "_netrc",
    ".npmrc",
    ".pypirc",
    ".my.cnf",
    ".pgpass",
    "credentials",
    ".boto",
    ".s3cfg",
    "config",
    "hosts",
    "inventory",
    ".git-credentials",
    ".dockercfg",
    ".authinfo",
];
const PROSE_ENDS: &[&str] = &[
    ".md",
    ".rst",
    ".txt",
    ".html",
    ".htm",
    ".adoc",
    ".asciidoc",
    ".po",
    ".pot",
    ".tex",
    ".texi",
    ".1",
    ".5",
    ".8",
    ".xhtml",
    ".pod",
    ".markdown",
    ".ftl",
    ".xlf",
    ".mo",
    ".ts.po",
    ".ipynb",
    ".csv",
];

impl Kind {
    /// By name, and for YAML by what stands at the beginning of its lines.
    pub(crate) fn of(path: &str, text: &[u8]) -> Self {
        let path = path.to_ascii_lowercase();
        let name = path.rsplit('/').next().unwrap_or_default();
        let ends = |ends: &[&str]| ends.iter().any(|end| name.ends_with(end));
        if MADE.contains(&name) || ends(MADE_ENDS) || path.contains(".dist-info/record") {
            return Self::Made;
        }
        if is_env(name) || name.contains("compose.y") || CONFIG_NAMES.contains(&name) {
            return Self::Deployment;
        }
        let is_yaml = matches!(name.rsplit('.').next(), Some("yml" | "yaml"));
        if is_yaml && says_what_runs(text) {
            return Self::Deployment;
        }
        let is_recipe = name.contains("dockerfile") || name.contains("containerfile");
        if is_yaml || is_recipe || ends(CONFIG_ENDS) {
            return Self::Config;
        }
        if ends(PROSE_ENDS) { Self::Prose } else { Self::Code }
    }

    /// Whether values may stand without quotes.
    pub(crate) fn has_bare_values(self) -> bool {
        matches!(self, Self::Deployment | Self::Config)
    }
}

/// `.env`, `.env.production`, `web.env`, and not what is committed on purpose as a pattern of one.
fn is_env(name: &str) -> bool {
    name == ".env" || name.starts_with(".env.") || name.rsplit('.').next() == Some("env") || name == ".envrc"
}

/// A pod file, a compose file of any name, Kubernetes, Ansible's variables.
fn says_what_runs(text: &[u8]) -> bool {
    const HEADS: &[&[u8]] = &[b"containers:", b"services:", b"kind:", b"apiversion:", b"- hosts:"];
    text.split(|byte| *byte == b'\n').take(2000).any(|line| {
        HEADS.iter().any(|head| line.get(..head.len()).is_some_and(|start| start.eq_ignore_ascii_case(head)))
    })
}

/// Where people keep values that are meant to be seen: tests, fixtures, examples, documentation.
pub(crate) fn is_for_trying(path: &str) -> bool {
    let path = path.to_ascii_lowercase();
    let in_folder = path.split('/').any(|part| {
        matches!(
            part,
            "test"
                | "tests"
                | "testing"
                | "testdata"
                | "test-data"
                | "fixtures"
                | "spec"
                | "specs"
                | "example"
                | "examples"
                | "doc"
                | "docs"
                | "mock"
                | "mocks"
                | "__tests__"
                | "demo"
                | "demos"
                | "sample"
                | "samples"
                | "bench"
                | "benches"
                | "e2e"
                | "unit"
                | "unittests"
                | "integration"
        )
    });
    let name = path.rsplit('/').next().unwrap_or_default();
    let by_name = name.starts_with("test_")
        || ["_test.", "_tests.", ".test.", ".spec.", "tests.", "test.", "example", "sample"]
            .iter()
            .any(|part| name.contains(part));
    in_folder || by_name
}
