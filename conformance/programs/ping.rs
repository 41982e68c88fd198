//! One ICMP echo to this machine, over a datagram socket as ping(8) does it without rights, and an attempt at a raw
//! socket. Tests compile it by itself, statically, to run in a container; it is part of no crate.

use std::io::{Error, Result};

unsafe extern "C" {
    fn socket(domain: i32, kind: i32, protocol: i32) -> i32;
    fn connect(socket: i32, address: *const u8, length: u32) -> i32;
    fn send(socket: i32, bytes: *const u8, length: usize, flags: i32) -> isize;
    fn recv(socket: i32, bytes: *mut u8, length: usize, flags: i32) -> isize;
}

const INET: i32 = 2;
const DATAGRAM: i32 = 2;
const RAW: i32 = 3;
const ICMP: i32 = 1;

fn checked(result: i64) -> Result<i64> {
    if result < 0 { Err(Error::last_os_error()) } else { Ok(result) }
}

fn ping() -> Result<u8> {
    // Family (host order), port, 127.0.0.1, padding.
    let mut address = [0_u8; 16];
    address[..2].copy_from_slice(&(INET as u16).to_ne_bytes());
    address[4..8].copy_from_slice(&[127, 0, 0, 1]);
    let mut packet = [8_u8, 0, 0, 0, 0, 0, 0, 1];
    // SAFETY: every pointer is to an array of the length given with it, alive during the call.
    unsafe {
        let ping = checked(socket(INET, DATAGRAM, ICMP).into())? as i32;
        checked(connect(ping, address.as_ptr(), 16).into())?;
        checked(send(ping, packet.as_ptr(), packet.len(), 0) as i64)?;
        checked(recv(ping, packet.as_mut_ptr(), packet.len(), 0) as i64)?;
    }
    Ok(packet[0])
}

fn main() {
    match ping() {
        Ok(kind) => println!("ping: answer of type {kind}"),
        Err(error) => println!("ping: {error}"),
    }
    // SAFETY: it takes no pointer.
    match checked(unsafe { socket(INET, RAW, ICMP) }.into()) {
        Ok(_) => println!("raw: open"),
        Err(error) => println!("raw: {error}"),
    }
}
