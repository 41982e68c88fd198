//! What there is to check: the workspace's members as cargo sees them, and every Rust file.

use std::path::Path;

use serde_json::Value;

use super::scan::Source;
use crate::chore::{Failure, doing, failed};
use crate::shell;

/// Everything, read once.
pub(super) struct Tree {
    pub(super) members: Vec<Member>,
    pub(super) sources: Vec<Source>,
    pub(super) deny: String,
    pub(super) lock: String,
    pub(super) specification: String,
}

/// A package of the workspace.
#[derive(Debug, Clone)]
pub(super) struct Member {
    /// `model` for `wharf-model`; `wharf` and `xtask` as they are.
    pub(super) name: String,
    /// Its manifest's path from the root, and text.
    pub(super) manifest: String,
    pub(super) text: String,
    /// The text of `src/lib.rs`, if any.
    pub(super) library: Option<String>,
    pub(super) dependencies: Vec<Dependency>,
}

/// A dependency as a manifest declares it.
#[derive(Debug, Clone)]
pub(super) struct Dependency {
    /// The package's whole name.
    pub(super) package: String,
    pub(super) is_dev: bool,
}

impl Member {
    /// The line of the manifest that names a package, from 1.
    pub(super) fn line_of(&self, package: &str) -> usize {
        let names = |line: &str| {
            let rest = line.trim_start().strip_prefix(package);
            rest.is_some_and(|rest| rest.starts_with(['.', ' ', '=']))
        };
        self.text.lines().position(names).map_or(1, |at| at + 1)
    }
}

/// `wharf-model` is `model`.
pub(super) fn short(package: &str) -> &str {
    package.strip_prefix("wharf-").unwrap_or(package)
}

impl Tree {
    pub(super) fn read() -> Result<Self, Failure> {
        let mut sources = Vec::new();
        for folder in ["crates", "conformance", "xtask", "bench", "fuzz", "samples"] {
            walk(&shell::root().join(folder), &mut sources)?;
        }
        super::scan::mark_test_files(&mut sources);
        Ok(Self {
            members: members()?,
            sources,
            deny: text_of("deny.toml")?,
            lock: text_of("Cargo.lock")?,
            specification: text_of("SPECIFICATION.md")?,
        })
    }
}

fn members() -> Result<Vec<Member>, Failure> {
    let mut command = shell::cargo(&["metadata", "--no-deps", "--format-version=1"]);
    let json = wharf_testkit::run(&mut command)?;
    let json: Value = serde_json::from_str(&json).map_err(|error| {
        Failure::Said(format!("cannot understand what `cargo metadata` printed: {error}"))
    })?;
    let Some(packages) = json["packages"].as_array() else {
        return failed("`cargo metadata` named no packages");
    };
    packages.iter().map(member).collect()
}

fn member(package: &Value) -> Result<Member, Failure> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let path = text(&package["manifest_path"]);
    let manifest = relative(Path::new(&path));
    let library = Path::new(&path).with_file_name("src").join("lib.rs");
    let dependencies = package["dependencies"].as_array().into_iter().flatten().map(|dependency| {
        Dependency { package: text(&dependency["name"]), is_dev: dependency["kind"].as_str() == Some("dev") }
    });
    Ok(Member {
        name: short(&text(&package["name"])).to_owned(),
        text: text_of(&manifest)?,
        library: std::fs::read_to_string(library).ok(),
        dependencies: dependencies.collect(),
        manifest,
    })
}

fn walk(folder: &Path, sources: &mut Vec<Source>) -> Result<(), Failure> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Ok(()) };
    let mut paths: Vec<_> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() && !path.ends_with("target") {
            walk(&path, sources)?;
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let name = relative(&path);
            sources.push(Source::new(&name, &text_of(&name)?));
        }
    }
    Ok(())
}

fn relative(path: &Path) -> String {
    path.strip_prefix(shell::root()).unwrap_or(path).display().to_string()
}

fn text_of(path: &str) -> Result<String, Failure> {
    std::fs::read_to_string(shell::root().join(path)).map_err(doing(format!("cannot read `{path}`")))
}
