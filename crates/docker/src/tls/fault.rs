//! Why there is no TLS between us, in words of what to do about it.

use crate::tls::{Own, behind};
use rustls::{AlertDescription, CertificateError};
use std::error::Error as StdError;
use thiserror::Error;

/// Why there is no TLS between us.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum TlsFault {
    /// Its certificate is of nobody whom we trust.
    #[error("its certificate is signed by none of the authorities that are trusted here")]
    UnknownAuthority,
    /// Its certificate is for other names.
    #[error("its certificate is not for this name or address, but for {0}")]
    WrongName(String),
    /// Its certificate is over.
    #[error("its certificate has expired")]
    Expired,
    /// Its certificate has not begun, or this machine's clock is behind.
    #[error("its certificate is not valid yet")]
    NotYetValid,
    /// Its certificate is not for servers.
    #[error("its certificate is not made for a server")]
    NotForServers,
    /// Something else about its certificate.
    #[error("its certificate cannot be used: {0}")]
    Certificate(String),
    /// It wants a certificate of ours.
    #[error("it lets in nobody without a certificate, and there is none to show")]
    WantsCertificate,
    /// It does not want ours.
    #[error("it refuses our certificate ({0})")]
    RefusesOurs(String),
    /// It does not speak TLS.
    #[error("it does not speak TLS")]
    NotTls,
    /// No version or cipher in common.
    #[error("it speaks no TLS that is safe: wharf speaks 1.2 and 1.3 ({0})")]
    TooOld(String),
    /// It speaks TLS, and we spoke without.
    #[error("it speaks TLS, and was spoken to without")]
    WantsTls,
    /// It does not speak HTTP: TLS answers like that.
    #[error("what it answers is no HTTP; it may speak TLS")]
    NotHttp,
    /// Something else.
    #[error("TLS failed: {0}")]
    Other(String),
}

impl TlsFault {
    /// What to do.
    pub fn hint(&self) -> &'static str {
        match self {
            Self::UnknownAuthority => {
                "`ca.pem` must be the authority that signed it; if it was replaced there, get the new one in a way that you \
                 trust, or join anew"
            }
            Self::WrongName(_) => {
                "use one of those names, or have the other side's certificate made for this one, too"
            }
            Self::Expired => "it is to be renewed over there, where it listens",
            Self::NotYetValid => "look at the clocks, here and there",
            Self::NotForServers | Self::Certificate(_) => "it is to be made anew over there, for a server",
            Self::WantsCertificate => {
                "`cert.pem` and `key.pem` belong into DOCKER_CERT_PATH or the docker context; ask over there for an invitation"
            }
            Self::RefusesOurs(_) => {
                "it may have expired, been revoked, or be another authority's: `wharf context ls` shows; ask over there for \
                 an invitation"
            }
            Self::NotTls => "is it the right port? Without TLS everybody on the way is root there",
            Self::TooOld(_) => "the other side is to be updated",
            Self::WantsTls | Self::NotHttp => {
                "set DOCKER_TLS_VERIFY=1 and DOCKER_CERT_PATH, or use a docker context with certificates"
            }
            Self::Other(_) => "`openssl s_client -connect HOST:PORT` shows more",
        }
    }

    /// What is behind an error, when TLS is.
    pub(crate) fn behind(error: &(dyn StdError + 'static), own: Own) -> Option<Self> {
        behind::<rustls::Error>(error).map(|error| Self::of(&error, own))
    }

    fn of(error: &rustls::Error, own: Own) -> Self {
        match error {
            rustls::Error::InvalidCertificate(certificate) => Self::of_certificate(certificate),
            rustls::Error::AlertReceived(alert) => Self::of_alert(*alert, own),
            rustls::Error::InvalidMessage(_) => Self::NotTls,
            rustls::Error::PeerIncompatible(why) => Self::TooOld(format!("{why:?}")),
            other => Self::Other(other.to_string()),
        }
    }

    fn of_certificate(error: &CertificateError) -> Self {
        match error {
            CertificateError::UnknownIssuer | CertificateError::BadSignature => Self::UnknownAuthority,
            CertificateError::NotValidForNameContext { presented, .. } => Self::WrongName(names(presented)),
            CertificateError::NotValidForName => Self::WrongName("others".to_owned()),
            CertificateError::Expired | CertificateError::ExpiredContext { .. } => Self::Expired,
            CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => Self::NotYetValid,
            CertificateError::InvalidPurpose | CertificateError::InvalidPurposeContext { .. } => {
                Self::NotForServers
            }
            other => Self::Certificate(other.to_string()),
        }
    }

    /// Engines say different things of one certificate: Go 1.19 (Docker 20.10) `bad certificate` of all that it does not
    /// like, later ones what it is.
    fn of_alert(alert: AlertDescription, own: Own) -> Self {
        let text = words(alert);
        match alert {
            AlertDescription::CertificateRequired => Self::WantsCertificate,
            AlertDescription::BadCertificate
            | AlertDescription::HandshakeFailure
            | AlertDescription::AccessDenied
                if own == Own::None =>
            {
                Self::WantsCertificate
            }
            AlertDescription::BadCertificate
            | AlertDescription::UnsupportedCertificate
            | AlertDescription::CertificateRevoked
            | AlertDescription::CertificateExpired
            | AlertDescription::CertificateUnknown
            | AlertDescription::UnknownCA
            | AlertDescription::DecryptError
            | AlertDescription::AccessDenied => Self::RefusesOurs(text),
            AlertDescription::ProtocolVersion
            | AlertDescription::HandshakeFailure
            | AlertDescription::InsufficientSecurity => Self::TooOld(text),
            _ => Self::Other(text),
        }
    }
}

/// `DnsName("quay")` and `IpAddress(10.0.0.1)`, as rustls tells names, without its words.
fn names(presented: &[String]) -> String {
    let bare = |name: &String| {
        let inner = name.split_once('(').and_then(|(_, rest)| rest.strip_suffix(')')).unwrap_or(name);
        format!("`{}`", inner.trim_matches('"'))
    };
    if presented.is_empty() {
        "none".to_owned()
    } else {
        presented.iter().map(bare).collect::<Vec<_>>().join(", ")
    }
}

/// `BadCertificate` as `bad certificate`.
fn words(alert: AlertDescription) -> String {
    let text = format!("{alert:?}").replace("CA", " authority");
    let mut words = String::new();
    for c in text.chars() {
        if c.is_ascii_uppercase() && !words.is_empty() {
            words.push(' ');
        }
        words.push(c.to_ascii_lowercase());
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn alerts_are_told_in_words() {
        let told = |alert, own| TlsFault::of_alert(alert, own).to_string();
        let refused = told(AlertDescription::UnknownCA, Own::Shown);
        assert_eq!(refused, "it refuses our certificate (unknown authority)");
        let wanted = "it lets in nobody without a certificate, and there is none to show";
        assert_eq!(told(AlertDescription::BadCertificate, Own::None), wanted);
        assert_eq!(told(AlertDescription::CertificateRequired, Own::Shown), wanted);
    }

    #[test]
    fn names_lose_the_words_of_the_library() {
        let presented = ["DnsName(\"quay\")".to_owned(), "IpAddress(10.0.0.1)".to_owned()];
        assert_eq!(names(&presented), "`quay`, `10.0.0.1`");
    }
}
