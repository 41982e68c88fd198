//! What conformance tests are written with: a host, its pods, and what `wharf` did to them, told as a story.
//!
//! ```no_run
//! use wharf_conformance::{Host, on_each_engine};
//!
//! #[test]
//! fn a_pod_comes_up() {
//!     on_each_engine(|engine| {
//!         let host = Host::on(engine).config("host_hostname: quay");
//!         let pod = host.pod("blog", "containers: {web: {$idle}}");
//!         pod.up().succeeds();
//!         assert!(pod.member("web").is_running());
//!     });
//! }
//! ```
//!
//! Everything here panics when something does not go as the test says. Nothing here may touch an engine that the
//! tests did not start.

mod attack;
pub mod attack_table;
pub mod gateway;
mod host;
mod network;
mod pod;
mod run;
mod seen;

pub use attack::{Boundary, WHARF};
pub use host::Host;
pub use network::Network;
pub use pod::Pod;
pub use run::Run;
pub use seen::Seen;

use std::thread;
use std::time::{Duration, Instant};
use wharf_testkit::{Engine, Engines, or_skip};

/// Tells the story on both engines, side by side; skips where there are none.
pub fn on_each_engine(story: impl Fn(&Engine) + Sync) {
    let Some(engines) = or_skip(Engines::shared()) else { return };
    thread::scope(|scope| {
        let tell = |engine| {
            let story = &story;
            let name = format!("docker {}", Engine::kind(engine).name());
            thread::Builder::new().name(name).spawn_scoped(scope, move || story(engine)).expect("a thread")
        };
        // A scope's own panic message is no help: the threads' own were printed under their engines' names.
        let failed: Vec<bool> =
            engines.all().map(tell).into_iter().map(|told| told.join().is_err()).collect();
        assert!(!failed.contains(&true), "failed on 20.10, 28.5: {failed:?}");
    });
}

/// Asks until there is an answer, for at most 90 seconds: only a failure takes as long.
pub fn eventually<T>(what: &str, mut ask: impl FnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + Duration::from_secs(90);
    loop {
        if let Some(answer) = ask() {
            return answer;
        }
        assert!(Instant::now() < deadline, "not within 90 seconds: {what}");
        thread::sleep(Duration::from_millis(50));
    }
}
