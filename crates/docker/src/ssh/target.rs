//! Where `ssh` goes: checked here once, so that nothing of it is ever an option of `ssh` or a word of a shell.

use std::fmt;
use std::net::Ipv6Addr;
use std::str::FromStr;
use thiserror::Error;

/// `[user@]host[:port][/path/of/socket]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SshTarget {
    user: Option<String>,
    host: Host,
    port: Option<u16>,
    socket: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Host {
    text: String,
    is_v6: bool,
}

/// Why a text is no address that `ssh` may be given. A context may come from somebody else, and `ssh` reads a host like
/// `-oProxyCommand=…` as an option, or gives it to the shell of a `ProxyCommand` (CVE-2017-1000117, CVE-2023-51385).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum SshTargetError {
    /// No host.
    #[error(
        "the host is letters, digits, `.`, `_` and `-`, beginning with a letter or digit, or an IPv6 address in brackets"
    )]
    Host,
    /// No account.
    #[error("the account is letters, digits, `.`, `_` and `-`, beginning with a letter, a digit or `_`")]
    User,
    /// `user:password@`.
    #[error("a password does not belong into an address: use a key, and `ssh-agent`")]
    Password,
    /// No port.
    #[error("the port is a number from 1 to 65535")]
    Port,
    /// No path.
    #[error("the path of the socket is letters, digits, `.`, `_`, `-` and `/`")]
    Socket,
}

impl SshTarget {
    /// The account there; `None`: as `ssh` itself decides.
    pub fn user(&self) -> Option<&str> {
        self.user.as_deref()
    }

    /// A name, which may be an alias in the caller's `ssh` configuration, or an address.
    pub fn host(&self) -> &str {
        &self.host.text
    }

    /// The port.
    pub fn port(&self) -> Option<u16> {
        self.port
    }

    /// The engine's socket there; `None`: where the docker CLI over there finds its engine.
    pub fn socket(&self) -> Option<&str> {
        self.socket.as_deref()
    }
}

impl FromStr for SshTarget {
    type Err = SshTargetError;

    fn from_str(text: &str) -> Result<Self, SshTargetError> {
        let (authority, path) = text.find('/').map_or((text, ""), |at| text.split_at(at));
        let (user, place) = match authority.rsplit_once('@') {
            Some((user, place)) => (Some(checked_user(user)?), place),
            None => (None, authority),
        };
        let (host, port) = split_port(place)?;
        let socket = if path.trim_end_matches('/').is_empty() { None } else { Some(checked_socket(path)?) };
        Ok(Self { user, host, port, socket })
    }
}

fn checked_user(user: &str) -> Result<String, SshTargetError> {
    if user.contains(':') {
        return Err(SshTargetError::Password);
    }
    let begins = user.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_');
    if begins && user.chars().all(is_plain) { Ok(user.to_owned()) } else { Err(SshTargetError::User) }
}

fn split_port(place: &str) -> Result<(Host, Option<u16>), SshTargetError> {
    let (host, port) = match place.strip_prefix('[') {
        Some(rest) => split_v6(rest)?,
        None => split_name(place)?,
    };
    let number = |text: &str| {
        let digits = text.bytes().all(|byte| byte.is_ascii_digit());
        let port = text.parse::<u16>().ok().filter(|port| digits && *port != 0);
        port.ok_or(SshTargetError::Port)
    };
    Ok((host, port.map(number).transpose()?))
}

/// What follows `[`.
fn split_v6(rest: &str) -> Result<(Host, Option<&str>), SshTargetError> {
    let (address, after) = rest.split_once(']').ok_or(SshTargetError::Host)?;
    let address: Ipv6Addr = address.parse().map_err(|_| SshTargetError::Host)?;
    let port = match after {
        "" => None,
        after => Some(after.strip_prefix(':').ok_or(SshTargetError::Host)?),
    };
    Ok((Host { text: address.to_string(), is_v6: true }, port))
}

fn split_name(place: &str) -> Result<(Host, Option<&str>), SshTargetError> {
    let (name, port) = place.split_once(':').map_or((place, None), |(name, port)| (name, Some(port)));
    let begins = name.starts_with(|c: char| c.is_ascii_alphanumeric());
    if !begins || !name.chars().all(is_plain) {
        return Err(SshTargetError::Host);
    }
    Ok((Host { text: name.to_owned(), is_v6: false }, port))
}

/// It becomes a word of the other side's shell.
fn checked_socket(path: &str) -> Result<String, SshTargetError> {
    if path.chars().all(|c| is_plain(c) || c == '/') {
        Ok(path.to_owned())
    } else {
        Err(SshTargetError::Socket)
    }
}

fn is_plain(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-')
}

impl fmt::Display for SshTarget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(user) = &self.user {
            write!(f, "{user}@")?;
        }
        if self.host.is_v6 {
            write!(f, "[{}]", self.host.text)?;
        } else {
            f.write_str(&self.host.text)?;
        }
        if let Some(port) = self.port {
            write!(f, ":{port}")?;
        }
        f.write_str(self.socket.as_deref().unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_passes_that_ssh_or_a_shell_could_read_as_something_else() {
        let refused = |text: &str| text.parse::<SshTarget>().expect_err(text);
        for host in [
            "",
            "-oProxyCommand=id",
            "-",
            ".quay",
            "quay;id",
            "$(id)",
            "`id`",
            "a b",
            "a\nb",
            "quay%h",
            "qu\u{e4}y",
            "[::1",
            "[quay]",
            "[::1]x",
            "::1",
            "[fe80::1%eth0]",
        ] {
            let error = refused(host);
            assert!(matches!(error, SshTargetError::Host | SshTargetError::Port), "`{host}`: {error}");
        }
        for user in ["-oProxyCommand=id", "-l", "a;id", "a b", "$(id)", "", "a@b", "\u{202e}"] {
            assert_eq!(refused(&format!("{user}@quay")), SshTargetError::User, "`{user}`");
        }
        assert_eq!(refused("ana:secret@quay"), SshTargetError::Password);
        for port in ["", "0", "65536", "-1", "+1", "1 ", "22;id"] {
            assert_eq!(refused(&format!("quay:{port}")), SshTargetError::Port, "`{port}`");
        }
        for path in ["/a;id", "/$(id)", "/a b", "/a'b", "/a?x=1", "/a#b", "/a\nb", "/~"] {
            assert_eq!(refused(&format!("quay{path}")), SshTargetError::Socket, "`{path}`");
        }
    }

    #[test]
    fn targets_are_said_as_they_were_given() {
        for said in ["quay", "ana@quay", "a.na_1-x@quay.example:2222", "[fd00::1]:22", "10.0.0.1/run/d.sock"]
        {
            assert_eq!(said.parse::<SshTarget>().unwrap().to_string(), said);
        }
        assert_eq!("quay/".parse::<SshTarget>().unwrap().to_string(), "quay");
    }
}
