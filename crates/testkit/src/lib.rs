//! Private engines, registries and users for tests on the real thing. Tests and `xtask` use it; nothing that ships may.
//!
//! It never touches an engine, a network namespace or an account that it did not make, and what it made goes
//! away even when the test process is killed: every part is watched by a small shell that waits for its maker's end.
//!
//! ```no_run
//! use wharf_testkit::{Engines, or_skip};
//!
//! #[test]
//! fn a_container_answers() {
//!     let Some(engines) = or_skip(Engines::shared()) else { return };
//!     for engine in engines.all() {
//!         engine.import_busybox().unwrap();
//!         engine.docker(["run", "--rm", "busybox", "true"]).unwrap();
//!     }
//! }
//! ```
//!
//! | type | what it starts |
//! |---|---|
//! | [`Engines::shared`] | one Docker 20.10 and one 28.5 for all tests of a run; use [`unique_name`] for what you make there |
//! | [`Engine::private`], [`Engine::start`] | an engine of the test's own: `restart`, `kill`, `stop` |
//! | [`Machine::boot`] | a whole emulated machine with systemd, which can be rebooted |
//! | [`Registry::start`] | an image registry beside an engine, open or with a password |
//! | [`Rootless::start`] | an engine with an ordinary account's rights |
//! | [`Sshd::start`] | an ssh server beside an engine, which lets accounts in by key |
//! | [`Recorder::start`] | a proxy before an engine's socket: counts requests, breaks any of them |
//! | [`UserSandbox::new`] | real users and real sudo, unknown to the machine |
//! | [`Account::new`] | a real account that the machine knows, for tests of who is asking |
//! | [`Terminal::open`] | a pseudo-terminal |
//! | [`Tmux::start`] | a terminal whose screen can be looked at |
//! | [`wharf_program`] | the `wharf` under test |

mod account;
mod command;
mod engine;
mod engines;
mod error;
mod guard;
mod image;
mod machine;
mod netns;
mod packages;
mod planted;
mod program;
mod recorder;
mod registry;
mod rootless;
mod skip;
mod sshd;
mod terminal;
mod test_dir;
mod tmux;
mod user_sandbox;

pub use account::Account;
pub use command::{output, run};
pub use engine::{Engine, EngineKind, EngineOptions, ListensBy};
pub use engines::{ENGINES_VARIABLE, Engines};
pub use error::{Error, Result};
pub use image::{ImageRecipe, fetch_debian};
pub use machine::{MACHINE_ACCOUNTS, Machine, fetch_machine};
pub use netns::Netns;
pub use packages::{
    TEST_TOOLS, ansible_vault, apt_install, apt_missing, certificate_linter, compose_program, docker_program,
    fetch_engines, haproxy_command, mkcert_program, nginx_program, python_with_docker, python_with_sops,
    rootless_path, secret_scanners,
};
pub use planted::{Planted, planted};
pub use program::{WHARF_VARIABLE, wharf_program};
pub use recorder::{Moment, Recorder, Request, Verdict};
pub use registry::{Access, Registry};
pub use rootless::Rootless;
pub use skip::{STRICT_VARIABLE, is_root, note_skipped, or_skip};
pub use sshd::Sshd;
pub use terminal::Terminal;
pub use test_dir::{TestDir, unique_name};
pub use tmux::Tmux;
pub use user_sandbox::UserSandbox;
