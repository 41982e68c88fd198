//! Binds of an account's own directories, in real containers: with and without `userns-remap`, on both engines.
//!
//! Pins are made by a process in the engine's mount namespace, over its socket, as they are where wharf is installed. This
//! program runs itself as that process.

#[path = "pins/boundary.rs"]
mod boundary;
#[path = "pins/lasting.rs"]
mod lasting;
#[path = "pins/quay.rs"]
mod quay;

/// Not a test by itself: the process that makes pins, when it is told where.
#[test]
fn the_process_that_makes_pins() {
    quay::serve_if_told();
}
