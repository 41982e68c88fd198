//! Threads that live in another network namespace and answer there. They end with the test.

use rustix::thread::{LinkNameSpaceType, move_into_link_name_space};
use std::fs::File;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream, UdpSocket};
use std::os::fd::AsFd as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use wharf_testkit::Netns;

/// Does something in the namespace and gives what came of it.
pub(crate) fn inside<T: Send>(netns: &str, task: impl FnOnce() -> T + Send) -> T {
    thread::scope(|scope| {
        let job = scope.spawn(|| {
            enter(netns);
            task()
        });
        job.join().expect("the thread inside")
    })
}

fn enter(netns: &str) {
    let file = File::open(format!("/run/netns/{netns}")).expect("a network namespace");
    move_into_link_name_space(file.as_fd(), Some(LinkNameSpaceType::Network)).expect("to enter it");
}

/// Answers HTTP on port 80 of every address with one word.
pub(crate) fn answer_http(netns: &Netns, word: &'static str) {
    let listener = inside(netns.name(), || TcpListener::bind("[::]:80").expect("port 80"));
    thread::spawn(move || {
        for client in listener.incoming().flatten() {
            thread::spawn(move || {
                let mut request = BufReader::new(&client).lines().map_while(Result::ok);
                while request.next().is_some_and(|line| !line.is_empty()) {}
                let length = word.len();
                let _sent = write!(&client, "HTTP/1.0 200 OK\r\nContent-Length: {length}\r\n\r\n{word}");
            });
        }
    });
}

/// Answers every question on port 53 with one IPv4 address, and those for others with none.
pub(crate) fn answer_names(netns: &Netns, address: [u8; 4]) {
    let socket = inside(netns.name(), || UdpSocket::bind("192.168.7.1:53").expect("port 53"));
    thread::spawn(move || {
        let mut question = [0; 512];
        while let Ok((length, from)) = socket.recv_from(&mut question) {
            let _sent = socket.send_to(&answer(&question[..length], address), from);
        }
    });
}

/// RFC 1035: the head and the question again, then one record that points at the name asked for.
fn answer(question: &[u8], address: [u8; 4]) -> Vec<u8> {
    let end = 12 + question[12..].iter().position(|byte| *byte == 0).expect("a name's end") + 5;
    let is_v4 = question[end - 4..end - 2] == [0, 1];
    let mut answer = [&question[..2], &[0x81, 0x80, 0, 1, 0, u8::from(is_v4), 0, 0, 0, 0]].concat();
    answer.extend(&question[12..end]);
    if is_v4 {
        answer.extend([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4]);
        answer.extend(address);
    }
    answer
}

/// Takes one connection on a port of its own and counts the bytes that come.
pub(crate) fn count_bytes(netns: &Netns, address: &str) -> Arc<AtomicUsize> {
    let address: SocketAddr = address.parse().expect("an address");
    let listener = inside(netns.name(), || TcpListener::bind(address).expect("a port"));
    let count = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&count);
    thread::spawn(move || {
        let Ok((client, _)) = listener.accept() else { return };
        count_from(&client, &counted);
    });
    count
}

fn count_from(mut client: &TcpStream, counted: &AtomicUsize) {
    let mut bytes = [0; 512];
    while let Ok(length) = client.read(&mut bytes) {
        if length == 0 {
            return;
        }
        counted.fetch_add(length, Ordering::SeqCst);
    }
}
