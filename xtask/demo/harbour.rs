//! The demo's two programs in one: `harbour page` tells how often it was asked, on localhost only; `harbour front`
//! passes that on to whoever asks on the published port. Needs nothing but the kernel.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};

const PAGE: &str = "127.0.0.1:9000";
const FRONT: &str = "0.0.0.0:8080";

fn main() -> std::io::Result<()> {
    match std::env::args().nth(1).as_deref() {
        Some("page") => serve(PAGE, |asked| Ok(format!("hello from the pod, for the {asked}. time"))),
        Some("front") => {
            serve(FRONT, |_| Ok(format!("front received this from page over localhost: {}", ask_page()?)))
        }
        _ => {
            eprintln!("usage: harbour page|front");
            std::process::exit(2);
        }
    }
}

/// Answers one request after the other; a demo has one guest.
fn serve(address: &str, tell: fn(u64) -> std::io::Result<String>) -> std::io::Result<()> {
    let listener = TcpListener::bind(address)?;
    println!("listening on {address}");
    for (asked, stream) in (1..).zip(listener.incoming()) {
        let answered = stream.and_then(|stream| answer(stream, tell(asked)));
        match answered {
            Ok(()) => println!("answered request {asked}"),
            Err(error) => println!("request {asked}: {error}"),
        }
    }
    Ok(())
}

fn answer(mut stream: TcpStream, told: std::io::Result<String>) -> std::io::Result<()> {
    let mut request = Vec::new();
    let mut part = [0; 1024];
    while !request.windows(4).any(|end| end == b"\r\n\r\n") && request.len() < 65536 {
        match stream.read(&mut part)? {
            0 => break,
            length => request.extend_from_slice(&part[..length]),
        }
    }
    let (status, body) = match told {
        Ok(text) => ("200 OK", text),
        Err(error) => ("502 Bad Gateway", format!("page does not answer: {error}")),
    };
    let length = body.len() + 1;
    write!(
        stream,
        "HTTP/1.0 {status}\r\nContent-Type: text/plain\r\nContent-Length: {length}\r\n\r\n{body}\n"
    )
}

fn ask_page() -> std::io::Result<String> {
    let mut stream = TcpStream::connect(PAGE)?;
    stream.write_all(b"GET / HTTP/1.0\r\n\r\n")?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    Ok(answer.split("\r\n\r\n").nth(1).unwrap_or_default().trim().to_owned())
}
