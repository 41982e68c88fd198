//! Why a tenant does not get what it asked for, and how it is told: in the engine's own form, with a status that its
//! clients understand.

use hyper::StatusCode;
use wharf_docker::EngineError;
use wharf_policy::{Denial, Rule};
use wharf_wire::ask::Refusal;

/// Why a tenant does not get what it asked for.
#[derive(Debug)]
pub(crate) enum Fault {
    /// The request cannot be read, or asks for what nobody may have.
    Refused(Refusal),
    /// A rule.
    Denied(Denial),
    /// There is no such thing, or it is another's: the two are told apart nowhere.
    NotFound(String),
    /// It stands in the way of what there is.
    Conflict(String),
    /// The engine said no; its words with the tenant's names are already in it.
    Said(StatusCode, String),
    /// The engine cannot be reached, or answered something else.
    Engine(EngineError),
    /// What must be recorded cannot be.
    Unrecorded,
    /// What the engine made is not what was permitted; it was removed again.
    Tampered,
    /// It cannot be counted against the tenant's disk while it writes; it was removed again.
    Uncounted,
    /// The rules of the packet filter that belong to it cannot be put in force.
    Unguarded,
}

impl Fault {
    /// No object of this kind and name.
    pub(crate) fn no_such(kind: &str, name: &str) -> Self {
        Self::NotFound(format!("No such {kind}: {}", printable(name)))
    }

    /// The engine's own words for a network that is not there.
    pub(crate) fn no_network(name: &str) -> Self {
        Self::NotFound(format!("network {} not found", printable(name)))
    }

    /// What a creation names beside its image is not there. To the docker CLI, 404 from a creation means that the image
    /// is missing, and it pulls; so this is not said in that way.
    pub(crate) fn beside_the_image(self) -> Self {
        match self {
            Self::NotFound(message) => Self::Said(StatusCode::BAD_REQUEST, message),
            other => other,
        }
    }

    /// Status and message.
    pub(crate) fn told(&self) -> (StatusCode, String) {
        match self {
            Self::Refused(refusal) => refused(refusal),
            Self::Denied(denial) => denied(denial.rule.name(), &denial.reason, denial.hint.as_deref()),
            Self::NotFound(message) => (StatusCode::NOT_FOUND, message.clone()),
            Self::Conflict(message) => (StatusCode::CONFLICT, message.clone()),
            Self::Said(status, message) => (*status, message.clone()),
            Self::Engine(EngineError::Refused { status, message, .. }) => {
                (StatusCode::from_u16(*status).unwrap_or(StatusCode::BAD_GATEWAY), message.clone())
            }
            Self::Engine(_) => (
                StatusCode::BAD_GATEWAY,
                "wharf: the engine does not answer; try again, or ask the administrator".to_owned(),
            ),
            Self::Unrecorded => (
                StatusCode::SERVICE_UNAVAILABLE,
                "wharf: this cannot be recorded, and so is not done; tell the administrator (the audit trail cannot \
                 be written)"
                    .to_owned(),
            ),
            Self::Tampered => (
                StatusCode::INTERNAL_SERVER_ERROR,
                "wharf: what the engine made is not what was permitted; it was removed; tell the administrator"
                    .to_owned(),
            ),
            Self::Uncounted => (
                StatusCode::SERVICE_UNAVAILABLE,
                "wharf: this cannot be counted against your disk limit, and so it was removed; tell the administrator \
                 (does `wharf pins` run?)"
                    .to_owned(),
            ),
            Self::Unguarded => (
                StatusCode::SERVICE_UNAVAILABLE,
                "wharf: network rules cannot be installed, and so this is not done; tell the administrator (`wharf \
                 serve` says why)"
                    .to_owned(),
            ),
        }
    }

    /// The rule that refused, for the audit trail.
    pub(crate) fn rule(&self) -> Option<&'static str> {
        match self {
            Self::Refused(Refusal::Forbidden { rule, .. }) => Some(rule.name()),
            Self::Denied(denial) => Some(denial.rule.name()),
            _ => None,
        }
    }
}

fn refused(refusal: &Refusal) -> (StatusCode, String) {
    match refusal {
        Refusal::Malformed(message) => (StatusCode::BAD_REQUEST, message.clone()),
        Refusal::NotFound(message) => (StatusCode::NOT_FOUND, message.clone()),
        Refusal::WrongMethod => (StatusCode::METHOD_NOT_ALLOWED, refusal.to_string()),
        Refusal::TooLarge { .. } => (StatusCode::PAYLOAD_TOO_LARGE, format!("wharf: {refusal}")),
        Refusal::Forbidden { rule, reason, hint } => denied(rule.name(), reason, Some(hint)),
    }
}

fn denied(rule: &str, reason: &str, hint: Option<&str>) -> (StatusCode, String) {
    let hint = hint.filter(|hint| !hint.is_empty()).map_or_else(String::new, |hint| format!("; {hint}"));
    (
        StatusCode::FORBIDDEN,
        format!("wharf: denied by rule {rule}: {}{}", printable(reason), printable(&hint)),
    )
}

/// On one line, without what steers a terminal.
pub(crate) fn printable(text: &str) -> String {
    text.chars().take(2000).map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect()
}

impl From<Refusal> for Fault {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<Denial> for Fault {
    /// What is another's answers as what does not exist.
    fn from(denial: Denial) -> Self {
        if denial.rule == Rule::Ownership {
            Self::NotFound("No such object".to_owned())
        } else {
            Self::Denied(denial)
        }
    }
}

impl From<EngineError> for Fault {
    fn from(error: EngineError) -> Self {
        Self::Engine(error)
    }
}
