//! Nothing: this package holds the tests in `tests/`, which need real engines. `cargo xtask test` starts them.
