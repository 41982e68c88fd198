//! What rights one has at an engine or a gateway: it is asked, all of them at once, and none for long.

use crate::failure::Failure;
use crate::verbs::{NOTHING_CHANGED, block_on};
use futures_util::future::join_all;
use serde_json::{Value, json};
use std::error::Error;
use std::fmt;
use std::time::Duration;
use wharf_docker::{Endpoint, Engine, EngineError};
use wharf_wire::{Info, WhoAmI};

/// What rights one has there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Rights {
    /// An engine: all that root may do.
    Root,
    /// A rootless engine: all that its account may do.
    Account,
    /// A gateway: a tenant's.
    Tenant {
        tenant: String,
        user: String,
    },
    /// None: why.
    Unknown(String),
    NotAsked,
}

/// How long one may take: an `ssh` takes a second to get in.
const PATIENCE: Duration = Duration::from_secs(4);

/// Asks each that there is.
pub(super) fn ask_each(endpoints: Vec<Option<Endpoint>>) -> Result<Vec<Option<Rights>>, Failure> {
    block_on(NOTHING_CHANGED, async {
        let asked = endpoints.into_iter().map(|endpoint| async {
            let late = |_| Rights::Unknown(format!("no answer within {} s", PATIENCE.as_secs()));
            Some(tokio::time::timeout(PATIENCE, ask(endpoint?)).await.unwrap_or_else(late))
        });
        Ok(join_all(asked).await)
    })
}

async fn ask(endpoint: Endpoint) -> Rights {
    let engine = Engine::new(endpoint);
    match engine.observe(&WhoAmI).await {
        Ok(told) => {
            let text = |name: &str| told.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
            Rights::Tenant { tenant: text("tenant"), user: text("user") }
        }
        // An engine knows no such question.
        Err(error) if error.status() == Some(404) => match engine.observe(&Info).await {
            Ok(info) if info.is_rootless() => Rights::Account,
            Ok(_) => Rights::Root,
            Err(error) => Rights::Unknown(in_short(&error)),
        },
        Err(error) => Rights::Unknown(in_short(&error)),
    }
}

/// The innermost cause: the rest is said by the other columns.
fn in_short(error: &EngineError) -> String {
    let mut innermost: &dyn Error = error;
    while let Some(cause) = innermost.source() {
        innermost = cause;
    }
    match error {
        EngineError::Tls { source, .. } => source.to_string(),
        _ => innermost.to_string(),
    }
}

impl Rights {
    pub(super) fn document(&self) -> Value {
        match self {
            Self::Root => json!({"kind": "root"}),
            Self::Account => json!({"kind": "rootless"}),
            Self::Tenant { tenant, user } => json!({"kind": "tenant", "tenant": tenant, "user": user}),
            Self::Unknown(why) => json!({"kind": "unknown", "why": why}),
            Self::NotAsked => json!({"kind": "not-asked"}),
        }
    }
}

impl fmt::Display for Rights {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Root => f.write_str("root"),
            Self::Account => f.write_str("the account's (rootless)"),
            Self::Tenant { tenant, user } => write!(f, "tenant {tenant}, as {user}"),
            Self::Unknown(why) => write!(f, "unknown: {why}"),
            Self::NotAsked => f.write_str("not asked"),
        }
    }
}
