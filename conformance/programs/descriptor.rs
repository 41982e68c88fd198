//! `give SOCKET` waits for one peer and passes it a descriptor of `/`; `take SOCKET` gets it and reads `etc/shadow` through
//! it. Tests compile it by itself, statically, to run in a container; it is part of no crate.

use std::fs::File;
use std::io::{Error, Result};
use std::os::fd::AsRawFd;
use std::os::unix::net::{UnixListener, UnixStream};

/// `struct msghdr` and `struct iovec` of 64-bit Linux.
#[repr(C)]
struct Message {
    name: *const u8,
    name_length: u32,
    parts: *const Part,
    part_count: usize,
    control: *mut Control,
    control_length: usize,
    flags: i32,
}

#[repr(C)]
struct Part {
    bytes: *mut u8,
    length: usize,
}

/// `struct cmsghdr` with one descriptor behind it.
#[repr(C)]
struct Control {
    length: usize,
    level: i32,
    kind: i32,
    descriptor: i32,
    padding: i32,
}

unsafe extern "C" {
    fn sendmsg(socket: i32, message: *const Message, flags: i32) -> isize;
    fn recvmsg(socket: i32, message: *mut Message, flags: i32) -> isize;
    fn openat(directory: i32, path: *const u8, flags: i32) -> i32;
}

const SOL_SOCKET: i32 = 1;
const SCM_RIGHTS: i32 = 1;

/// Passes a descriptor, or gets one.
fn pass(socket: &UnixStream, descriptor: Option<i32>) -> Result<i32> {
    let mut byte = 0_u8;
    let part = Part { bytes: &raw mut byte, length: 1 };
    let (kind, given) = (SCM_RIGHTS, descriptor.unwrap_or(-1));
    let mut control = Control { length: 20, level: SOL_SOCKET, kind, descriptor: given, padding: 0 };
    let mut message = Message {
        name: std::ptr::null(),
        name_length: 0,
        parts: &raw const part,
        part_count: 1,
        control: &raw mut control,
        control_length: size_of::<Control>(),
        flags: 0,
    };
    // SAFETY: all that the message points to lives until the call returns, and is as long as it says.
    let done = unsafe {
        match descriptor {
            Some(_) => sendmsg(socket.as_raw_fd(), &raw const message, 0),
            None => recvmsg(socket.as_raw_fd(), &raw mut message, 0),
        }
    };
    if done == 1 { Ok(control.descriptor) } else { Err(Error::last_os_error()) }
}

fn give(path: &str) -> Result<String> {
    let listener = UnixListener::bind(path)?;
    let (peer, _) = listener.accept()?;
    pass(&peer, Some(File::open("/")?.as_raw_fd())).map(|_| "given".to_owned())
}

fn take(path: &str) -> Result<String> {
    let root = pass(&UnixStream::connect(path)?, None)?;
    // SAFETY: the path ends with NUL; the flag is O_RDONLY.
    let shadow = unsafe { openat(root, c"etc/shadow".as_ptr().cast(), 0) };
    Ok(if shadow < 0 { format!("shadow: {}", Error::last_os_error()) } else { "shadow: open".to_owned() })
}

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let done = match words.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["give", path] => give(path),
        ["take", path] => take(path),
        _ => Ok("give or take, and a socket".to_owned()),
    };
    println!("{}", done.unwrap_or_else(|error| error.to_string()));
}
