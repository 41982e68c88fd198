//! Says what comes on its standard input on a unix socket, and prints what comes back until the other side ends. Tests
//! compile it by itself, statically, to run in a container; it is part of no crate.

use std::io::{copy, stdin, stdout};
use std::os::unix::net::UnixStream;

fn main() {
    let path = std::env::args().nth(1).expect("a socket");
    let mut stream = UnixStream::connect(path).expect("a connection");
    copy(&mut stdin(), &mut stream).expect("all said");
    copy(&mut stream, &mut stdout()).expect("all heard");
}
