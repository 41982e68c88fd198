//! A network namespace of a test's own. Entered with `nsenter`, because `ip netns exec` mounts another `/sys`,
//! where an engine finds no control groups.

use std::ffi::OsStr;
use std::process::Command;

use crate::guard::Guard;
use crate::test_dir::unique_name;
use crate::{Result, run};

/// A network namespace with loopback up and forwarding on.
#[derive(Debug)]
pub struct Netns {
    name: String,
    _guard: Option<Guard>,
}

impl Netns {
    /// Makes one; it is deleted when dropped, or when this process ends.
    pub fn new() -> Result<Self> {
        let name = unique_name();
        let guard = Guard::new("", r#"ip netns del "$1""#, &[&name])?;
        Self::make(&name)?;
        Ok(Self { name, _guard: Some(guard) })
    }

    /// Makes one that its owner deletes.
    pub(crate) fn unguarded(name: &str) -> Result<Self> {
        Self::make(name)?;
        Ok(Self::existing(name))
    }

    /// One that somebody else made.
    pub(crate) fn existing(name: &str) -> Self {
        Self { name: name.to_owned(), _guard: None }
    }

    fn make(name: &str) -> Result<()> {
        run(Command::new("ip").args(["netns", "add", name]))?;
        run(Command::new("ip").args(["-n", name, "link", "set", "lo", "up"]))?;
        let forward = "echo 1 >/proc/sys/net/ipv4/ip_forward; \
                       echo 1 >/proc/sys/net/ipv6/conf/all/forwarding 2>/dev/null || true";
        run(nsenter(name, "sh").args(["-c", forward]))?;
        Ok(())
    }

    /// Its name, as `ip netns` knows it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// A command that will run inside it.
    pub fn command(&self, program: impl AsRef<OsStr>) -> Command {
        nsenter(&self.name, program)
    }
}

fn nsenter(name: &str, program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new("nsenter");
    command.arg(format!("--net=/run/netns/{name}")).arg(program);
    command
}
