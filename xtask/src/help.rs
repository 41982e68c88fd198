//! What `cargo xtask --help` says.

/// The whole text.
pub(crate) const TEXT: &str = "\
cargo xtask demo            bring a pod up on a real engine and fetch its page
cargo xtask demo --clean    remove what the demo made, and nothing else
cargo xtask test            everything that must hold before a change is done
    --quick                 only format, clippy, tidy and unit tests
    --only PART             only this part, by its name below; may be repeated
cargo xtask bench           speed and size, each beside something run in the same minutes (root; some minutes)
cargo xtask tidy            the project's own rules, each broken one with file and line
cargo xtask gen             write the files that the program generates: schemas, reference, completions, man page
cargo xtask gen --check     say which of them are not current
cargo xtask session         build the session server of workstations, static, for this machine's architecture
cargo xtask image           build `wharf-workstation`: a workstation that needs nothing but Docker (docs/how-to/workstations.md)
    --base IMAGE            on another Debian than debian:stable-slim
    --tag NAME              under another name

The parts of a test, in order:
    prepare   install tools with apt, unpack engines under target/engines (root)
    format    cargo fmt --check
    clippy    cargo clippy with warnings denied
    tidy      as above
    gen       generated files are current
    unit      tests that need no engine
    fuzz      a short run of each fuzz target
    engines   tests on Docker 20.10 and 28.5, each started in a network namespace of its own (root)

Engines are started and stopped by the tests; one that is already on this machine is never touched. Without root,
the parts that need it say `skipped`; when CI=true, a skip is a failure. To run one test on real engines:

    cargo xtask test --only engines
    cargo test -p wharf-conformance NAME        (as root; starts engines for this run alone)";
