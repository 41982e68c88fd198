//! The floor of whatever stands before an engine: something that copies bytes and understands none of them.

use std::io::{Read, Write};
use std::net::Shutdown;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::PathBuf;
use std::thread;
use wharf_testkit::{Engine, Error, Result, TestDir};

/// A listening pump; its threads end with their connections, and with the process.
#[derive(Debug)]
pub(super) struct Pump {
    directory: TestDir,
}

impl Pump {
    pub(super) fn start(engine: &Engine) -> Result<Self> {
        let pump = Self { directory: TestDir::new()? };
        let listener = UnixListener::bind(pump.socket()).map_err(Error::io("cannot listen"))?;
        let engine = engine.socket();
        thread::spawn(move || {
            for client in listener.incoming().map_while(std::io::Result::ok) {
                let Ok(engine) = UnixStream::connect(&engine) else { return };
                let (Ok(back_from), Ok(back_to)) = (engine.try_clone(), client.try_clone()) else { return };
                thread::spawn(move || copy(client, engine));
                thread::spawn(move || copy(back_from, back_to));
            }
        });
        Ok(pump)
    }

    /// Where it listens.
    pub(super) fn socket(&self) -> PathBuf {
        self.directory.join("docker.sock")
    }
}

fn copy(mut from: UnixStream, mut to: UnixStream) {
    let mut bytes = vec![0; 64 << 10];
    while let Ok(read @ 1..) = from.read(&mut bytes) {
        if bytes.get(..read).is_none_or(|read| to.write_all(read).is_err()) {
            break;
        }
    }
    let _gone = to.shutdown(Shutdown::Write);
}
