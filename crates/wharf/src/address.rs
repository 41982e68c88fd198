//! Where a gateway is, as people write it.

use crate::failure::Failure;
use std::fmt;
use std::net::{IpAddr, Ipv6Addr};
use std::str::FromStr;

/// A host and a port. The host is a name or an address, without brackets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Address {
    pub(crate) host: String,
    pub(crate) port: u16,
}

/// Docker's with TLS.
pub(crate) const USUAL_PORT: u16 = 2376;

impl Address {
    /// Whether a certificate for these names is good for this address.
    pub(crate) fn is_among(&self, names: &[String]) -> bool {
        let own = self.host.parse::<IpAddr>();
        names.iter().any(|name| match (&own, name.parse::<IpAddr>()) {
            (Ok(own), Ok(name)) => *own == name,
            (Err(_), Err(_)) => name.eq_ignore_ascii_case(&self.host),
            _ => false,
        })
    }
}

impl FromStr for Address {
    type Err = Failure;

    fn from_str(text: &str) -> Result<Self, Failure> {
        let wrong = || {
            Failure::usage(format!("`{text}` is no address of a gateway"))
                .hint("write `quay.example.org:2376`, `192.0.2.7` or `[2001:db8::7]:2376`; the port is 2376 if none is said")
        };
        let bare = text.strip_prefix("tcp://").unwrap_or(text);
        if let Ok(address) = bare.parse::<Ipv6Addr>() {
            return Ok(Self { host: address.to_string(), port: USUAL_PORT });
        }
        let (host, port) = match bare.strip_prefix('[') {
            Some(rest) => {
                let (host, after) = rest.split_once(']').ok_or_else(wrong)?;
                let address: Ipv6Addr = host.parse().map_err(|_| wrong())?;
                (address.to_string(), after.strip_prefix(':').or(after.is_empty().then_some("2376")))
            }
            None => match bare.split_once(':') {
                Some((host, port)) => (host.to_owned(), Some(port)),
                None => (bare.to_owned(), Some("2376")),
            },
        };
        let port = port.filter(|port| port.bytes().all(|b| b.is_ascii_digit())).ok_or_else(wrong)?;
        let port = port.parse().ok().filter(|port| *port != 0).ok_or_else(wrong)?;
        let fits = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_' | b':');
        let is_host =
            !host.is_empty() && host.len() <= 253 && !host.starts_with('-') && host.bytes().all(fits);
        if is_host { Ok(Self { host, port }) } else { Err(wrong()) }
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.host.contains(':') {
            write!(f, "[{}]:{}", self.host, self.port)
        } else {
            write!(f, "{}:{}", self.host, self.port)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_as_people_write_them() {
        for (text, read) in [
            ("quay:2376", "quay:2376"),
            ("quay.example.org", "quay.example.org:2376"),
            ("tcp://192.0.2.7:1", "192.0.2.7:1"),
            ("[2001:db8::7]:99", "[2001:db8::7]:99"),
            ("[2001:DB8:0::7]", "[2001:db8::7]:2376"),
            ("2001:db8::7", "[2001:db8::7]:2376"),
        ] {
            let address: Address =
                text.parse().unwrap_or_else(|failure: Failure| panic!("{}", failure.message));
            assert_eq!(address.to_string(), read);
            assert_eq!(address.to_string().parse::<Address>().ok(), Some(address));
        }
        for wrong in [
            "",
            ":2376",
            "quay:",
            "quay:0",
            "quay:65536",
            "quay:+1",
            "quay:x",
            "a b",
            "-x:1",
            "[::1",
            "[quay]:1",
            "quay:1:2",
            "user@quay:1",
            "quay/x",
            "[::1]2376",
            "https://quay",
        ] {
            assert!(wrong.parse::<Address>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn names_and_addresses_are_compared_as_what_they_are() {
        let names = ["quay.example.org".to_owned(), "2001:db8::7".to_owned(), "192.0.2.7".to_owned()];
        let is_among = |text: &str| text.parse::<Address>().is_ok_and(|address| address.is_among(&names));
        assert!(is_among("QUAY.example.org") && is_among("[2001:db8:0:0::7]:1") && is_among("192.0.2.7"));
        assert!(!is_among("quay") && !is_among("192.0.2.70") && !is_among("[2001:db8::8]"));
    }
}
