//! The demo's image: one static program, compiled here and handed to the engine. No registry is asked.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::engine::Engine;
use super::{http, state};
use crate::chore::{Failure, doing, failed};
use crate::shell;

/// Its name, also in examples/hello.yml.
const REFERENCE: &str = "wharf-demo";

/// Marks an image as the demo's, and says from which source it was made.
const LABEL: &str = "wharfinger-demo";

const SOURCE: &str = "xtask/demo/harbour.rs";

/// Makes the image unless the engine has it from the same source. True when it was made.
pub(super) fn provide(engine: &Engine) -> Result<bool, Failure> {
    let source = shell::root().join(SOURCE);
    let text = std::fs::read(&source).map_err(doing(format!("cannot read `{SOURCE}`")))?;
    let mark = format!("{:016x}", fingerprint(&text));
    match existing(engine)? {
        Existing::Ours(found) if found == mark => return Ok(false),
        Existing::NotOurs => {
            return failed(format!(
                "the engine has an image `{REFERENCE}` that the demo did not make: rename or remove it first"
            ));
        }
        Existing::Ours(_) | Existing::None => {}
    }
    println!("making the image {REFERENCE}:latest from {SOURCE} ...");
    let program = compile(&source)?;
    import(engine, &program, &mark)?;
    Ok(true)
}

/// Removes the image if the demo made it.
pub(super) fn remove(engine: &Engine) -> Result<(), Failure> {
    match existing(engine)? {
        Existing::None => println!("the image {REFERENCE} is not there"),
        Existing::NotOurs => println!("the image {REFERENCE} was not made by the demo, so it stays"),
        Existing::Ours(_) => {
            let target = format!("/images/{REFERENCE}:latest");
            let answer =
                http::ask(engine.socket(), "DELETE", &target, b"").map_err(doing("cannot ask the engine"))?;
            if answer.status != 200 {
                return failed(format!("the engine does not remove {REFERENCE}: {}", answer.body.trim()));
            }
            println!("removed the image {REFERENCE}");
        }
    }
    Ok(())
}

/// The image of that name, if any.
enum Existing {
    None,
    NotOurs,
    /// Made by the demo; holds its mark.
    Ours(String),
}

fn existing(engine: &Engine) -> Result<Existing, Failure> {
    let target = format!("/images/{REFERENCE}:latest/json");
    let answer = http::ask(engine.socket(), "GET", &target, b"").map_err(doing("cannot ask the engine"))?;
    match answer.status {
        200 => {
            let image: serde_json::Value = serde_json::from_str(&answer.body).unwrap_or_default();
            let mark = image["Config"]["Labels"][LABEL].as_str();
            Ok(mark.map_or(Existing::NotOurs, |mark| Existing::Ours(mark.to_owned())))
        }
        404 => Ok(Existing::None),
        status => {
            failed(format!("the engine answered {status} when asked for {REFERENCE}: {}", answer.body.trim()))
        }
    }
}

/// A static program, since the image holds nothing else.
fn compile(source: &Path) -> Result<PathBuf, Failure> {
    state::prepare()?;
    let program = state::directory().join("harbour");
    let mut rustc = Command::new(std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()));
    let flags = [
        "--edition=2024",
        "-Copt-level=s",
        "-Cstrip=symbols",
        "-Cpanic=abort",
        "-Ctarget-feature=+crt-static",
    ];
    shell::show(rustc.args(flags).arg(source).arg("-o").arg(&program).current_dir(shell::root()))?;
    Ok(program)
}

fn import(engine: &Engine, program: &Path, mark: &str) -> Result<(), Failure> {
    let root = state::directory().join("root");
    let at = root.join("harbour");
    std::fs::create_dir_all(&root).map_err(doing("cannot make the image's root"))?;
    std::fs::copy(program, &at).map_err(doing("cannot copy the demo's program"))?;
    let mut tar = Command::new("tar");
    tar.arg("-C").arg(&root).args(["--owner=0", "--group=0", "--mode=0755", "-c", "harbour"]);
    let archive = tar.output().map_err(doing("cannot run `tar`"))?.stdout;
    let label = format!("LABEL%20{LABEL}={mark}");
    let target = format!(
        "/images/create?fromSrc=-&repo={REFERENCE}&tag=latest&changes={label}&changes=ENTRYPOINT%20%5B%22/harbour%22%5D"
    );
    let answer =
        http::ask(engine.socket(), "POST", &target, &archive).map_err(doing("cannot hand over the image"))?;
    // Progress comes with status 200, and so does an error in it.
    if answer.status == 200 && !answer.body.contains("\"error\"") {
        return Ok(());
    }
    failed(format!("the engine did not take the image: {}", answer.body.trim()))
}

/// FNV-1a: tells one version of a small file from another.
fn fingerprint(bytes: &[u8]) -> u64 {
    bytes
        .iter()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}
