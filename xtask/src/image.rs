//! `cargo xtask session` and `image`: the session server by itself, and an image whose entrypoint it is, for whoever has only
//! Docker on the other side.

use std::path::Path;
use std::process::Command;

use crate::chore::{Failure, doing};
use crate::shell;

/// The image's name unless another is said.
const TAG: &str = "wharf-workstation";

/// Builds the session server as a static program, and the image around it, with the docker CLI and the engine that are there.
pub(crate) fn image(words: &[&str]) -> Result<(), Failure> {
    let (base, tag) = match words {
        [] => (None, TAG),
        ["--tag", tag] => (None, *tag),
        ["--base", base] => (Some(base), TAG),
        ["--base", base, "--tag", tag] | ["--tag", tag, "--base", base] => (Some(base), *tag),
        _ => return Err(Failure::Usage(format!("`image` does not take `{}`", words.join(" ")))),
    };
    let mut docker = Command::new("docker");
    docker.args(["build", "--tag", tag]);
    if let Some(base) = base {
        docker.arg("--build-arg").arg(format!("BASE={base}"));
    }
    let folder = shell::target_directory().join("image");
    std::fs::create_dir_all(&folder).map_err(doing("cannot make a folder for the image"))?;
    let recipe = shell::root().join("packaging/workstation/Dockerfile");
    std::fs::copy(recipe, folder.join("Dockerfile")).map_err(doing("cannot copy the Dockerfile"))?;
    let program = session_program()?;
    std::fs::copy(&program, folder.join("session")).map_err(doing("cannot copy the session server"))?;
    docker.arg(&folder);
    shell::show(&mut docker)
}

/// Builds the session server alone, and prints where it is: for engines of this machine's architecture that are looked after
/// from another.
pub(crate) fn session() -> Result<(), Failure> {
    println!("{}", session_program()?.display());
    Ok(())
}

/// The session server for this machine's architecture, linked statically: it runs in any image.
fn session_program() -> Result<std::path::PathBuf, Failure> {
    let triple = format!("{}-unknown-linux-gnu", std::env::consts::ARCH);
    let target = shell::target_directory().join("session");
    let mut cargo =
        shell::cargo(&["build", "--quiet", "--package", "wharf-session", "--profile", "session", "--target"]);
    cargo.arg(&triple).arg("--target-dir").arg(&target);
    cargo.env("RUSTFLAGS", "-C target-feature=+crt-static -C relocation-model=static");
    shell::show(&mut cargo)?;
    Ok(Path::new(&target).join(triple).join("session/wharf-session"))
}
