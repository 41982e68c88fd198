//! `wharf context make`: a docker context for the gateway, so that `docker` finds it without variables.

use crate::docker_folder::{DockerFolder, read_json};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::joined::write_document;
use crate::setting::Setting;
use crate::{endpoint, show};
use serde_json::{Value, json};

pub(crate) fn run(setting: &Setting<'_>, name: &str, make_current: bool) -> Result<Exit, Failure> {
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '+' | '-');
    let begins = name.chars().next().is_some_and(|c| c.is_ascii_alphanumeric());
    if !begins || !name.chars().all(fits) || name == "default" {
        return Err(Failure::usage(format!("`{name}` cannot be a context's name")).hint(
            "letters, digits, `_`, `.`, `+` and `-`, beginning with a letter or digit; not `default`",
        ));
    }
    let host = endpoint::gateway_here(setting)?;
    let folder = DockerFolder::of(setting).ok_or_else(|| {
        Failure::usage("there is no home directory to write the context to").hint("set HOME or DOCKER_CONFIG")
    })?;
    let meta = json!({
        "Name": name,
        "Metadata": {"Description": "Docker of one's own, through wharf"},
        "Endpoints": {"docker": {"Host": host.to_string(), "SkipTLSVerify": false}},
    });
    check_place(&folder, name, &meta)?;
    write_document(&folder.meta_of(name), &meta)?;
    if make_current {
        let path = folder.configuration();
        let mut config: Value = read_json(&path).unwrap_or_else(|| json!({}));
        if path.exists() && read_json::<Value>(&path).is_none() {
            let message = format!("`{}` is not understood, and stays as it is", path.display());
            return Err(
                Failure::new(Exit::Failed, message).hint(format!("run `docker context use {name}` yourself"))
            );
        }
        if let Some(fields) = config.as_object_mut() {
            fields.insert("currentContext".to_owned(), name.into());
        }
        write_document(&path, &config)?;
    }
    if !setting.common.quiet {
        show::say(&format!("made the docker context `{name}` for {host}"));
        if make_current {
            show::say("docker uses it from now on; `docker context use default` goes back");
        } else {
            show::say(&format!(
                "`docker --context {name} ps` uses it once, `docker context use {name}` from now on"
            ));
        }
    }
    Ok(Exit::Done)
}

/// Whoever uses a context sends what he builds and what he logs in with: one that leads elsewhere stays as it is, unless it was
/// made here, too.
fn check_place(folder: &DockerFolder, name: &str, meta: &Value) -> Result<(), Failure> {
    let path = folder.meta_of(name);
    let there = read_json::<Value>(&path);
    let same =
        |pointer: &str| there.as_ref().is_some_and(|there| there.pointer(pointer) == meta.pointer(pointer));
    let is_joined = there.as_ref().is_some_and(|there| there.pointer("/Metadata/wharf").is_some());
    if !path.exists() || same("/Metadata/Description") && !is_joined || same("/Endpoints/docker/Host") {
        return Ok(());
    }
    Err(Failure::usage(format!("there is a docker context `{name}` already, which leads elsewhere"))
        .hint(format!("`wharf context OTHER-NAME` makes another; `docker context rm {name}` removes it")))
}
