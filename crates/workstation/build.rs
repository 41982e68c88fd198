//! Builds the session program as a static binary, to be embedded: it is put into containers of any image.
//!
//! The same cargo, the same lock file, a profile and a target directory of its own. Nothing of what this build was told about
//! flags and wrappers is passed on: they are for another program.

use sha2::{Digest as _, Sha256};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

fn main() {
    let variable = |name: &str| std::env::var(name).unwrap_or_default();
    let (crate_directory, out) =
        (PathBuf::from(variable("CARGO_MANIFEST_DIR")), PathBuf::from(variable("OUT_DIR")));
    let (target, built) = (variable("TARGET"), out.join("session"));
    let session = crate_directory.join("../session");
    let workspace = crate_directory.join("../..");
    let sources = [session.join("src"), session.join("Cargo.toml"), crate_directory.join("session.ld")];
    for path in sources.into_iter().chain(["Cargo.toml", "Cargo.lock"].map(|file| workspace.join(file))) {
        println!("cargo::rerun-if-changed={}", path.display());
    }

    let mut cargo = Command::new(variable("CARGO"));
    for (name, _) in std::env::vars_os() {
        if is_for_another_program(&name.to_string_lossy()) {
            cargo.env_remove(name);
        }
    }
    cargo.env("RUSTFLAGS", flags(&target)).current_dir(&session);
    cargo.args(["build", "--locked", "--quiet", "--package", "wharf-session", "--bin", "wharf-session"]);
    cargo.args(["--profile", "session", "--target", &target, "--target-dir"]).arg(&built);
    let ended = cargo.status().unwrap_or_else(|error| panic!("cannot run cargo: {error}"));
    assert!(
        ended.success(),
        "the session program was not built ({ended}); it is linked statically, which needs libc.a (Debian has it in libc6-dev, \
         Fedora in glibc-static): {cargo:?}"
    );

    let program = built.join(target).join("session/wharf-session");
    let bytes = std::fs::read(&program).unwrap_or_else(|error| panic!("{}: {error}", program.display()));
    let digits = Sha256::digest(&bytes).iter().take(6).fold(String::new(), |mut digits, byte| {
        let _ = write!(digits, "{byte:02x}"); // writing to a String cannot fail
        digits
    });
    write(&out.join("wharf-session"), &bytes);
    write(&out.join("wharf-session.version"), digits.as_bytes());
}

/// Where the linker puts what; the path is the workspace's, where cargo runs the compiler.
const LAYOUT: &str = "-Clink-arg=-Wl,-T,crates/workstation/session.ld";

/// Static, and as small as the linker can make it: every workstation has a copy.
fn flags(target: &str) -> String {
    let mut flags = vec![
        "-Ctarget-feature=+crt-static",
        "-Crelocation-model=static",
        // A panic aborts: nothing is ever unwound.
        "-Cforce-unwind-tables=no",
        "-Clink-arg=-Wl,--no-eh-frame-hdr",
        "-Clink-arg=-Wl,--build-id=none",
    ];
    if target.starts_with("x86_64") {
        // The linker there is lld, which finds functions that are the same.
        flags.extend(["-Clink-arg=-Wl,--icf=all", "-Clink-arg=-Wl,-O2", LAYOUT]);
    }
    flags.join(" ")
}

/// What cargo tells a build of its own package, and what a person says of the whole build: flags, wrappers, profiles.
fn is_for_another_program(name: &str) -> bool {
    let of_flags =
        ["RUSTFLAGS", "RUSTC_WRAPPER", "RUSTC_WORKSPACE_WRAPPER", "CARGO_TARGET_DIR", "RUSTC", "RUSTDOC"];
    let of_cargo =
        ["CARGO_ENCODED", "CARGO_BUILD_", "CARGO_PROFILE_", "CARGO_CFG_", "CARGO_FEATURE_", "CARGO_PKG_"];
    of_flags.contains(&name) || of_cargo.iter().any(|beginning| name.starts_with(beginning))
}

fn write(path: &Path, bytes: &[u8]) {
    std::fs::write(path, bytes).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
}
