//! Another certificate for who has one that is still good. No engine has this route.

use crate::answer::{self, Answer};
use crate::desk::Errand;
use crate::door::Door;
use crate::fault::Fault;
use crate::identity::{NotIssued, Wish};
use hyper::StatusCode;
use serde_json::Value;
use std::sync::Arc;
use wharf_policy::Rule;
use wharf_store::Outcome;

/// The route, below a version or not.
pub(crate) const PATH: &str = "/wharf/renew";
/// A request for a certificate has some 500 bytes.
pub(crate) const MOST_BYTES: usize = 16 << 10;

impl Errand {
    /// `POST /wharf/renew`.
    pub(crate) async fn renew(&self, wish: &[u8]) -> Result<Answer, Fault> {
        let desk = &self.desk;
        let (Some(identity), Some(admitted)) = (desk.gateway.identity(), &desk.admitted) else {
            let words =
                "wharf: a certificate is renewed by who comes with it; accounts of this machine need none";
            return Err(Fault::Said(StatusCode::FORBIDDEN, words.to_owned()));
        };
        let _busy = desk.share.request().await?;
        let wish: Wish = serde_json::from_slice(wish).map_err(|_| {
            Fault::Said(StatusCode::BAD_REQUEST, "wharf: this is no request for a renewal".to_owned())
        })?;
        let object = format!("certificate {}", admitted.serial());
        // What cannot be recorded is not done.
        Door::record_own(desk, "renew", &object, Outcome::Permitted).map_err(|_| Fault::Unrecorded)?;
        let (identity, of) = (Arc::clone(identity), Arc::clone(admitted));
        // Files, locks and, where the authority is sealed, a tenth of a second of arithmetic.
        let renewed = tokio::task::spawn_blocking(move || identity.renewed(&of, &wish)).await;
        match renewed {
            Ok(Ok(grant)) => {
                let _recorded = Door::record_own(desk, "renew", &object, Outcome::Done);
                let document = serde_json::to_value(grant).unwrap_or(Value::Null);
                Ok(answer::document(StatusCode::OK, &document))
            }
            Ok(Err(no)) => {
                let _recorded = Door::record_denial(desk, "renew", &object, Rule::Tenant.name(), &no.whole());
                let status = match no {
                    NotIssued::Broken(_) | NotIssued::Sealed | NotIssued::Imported => {
                        StatusCode::SERVICE_UNAVAILABLE
                    }
                    _ => StatusCode::FORBIDDEN,
                };
                Err(Fault::Said(status, format!("wharf: {no}")))
            }
            Err(_) => {
                Err(Fault::Said(StatusCode::INTERNAL_SERVER_ERROR, "wharf: the renewal broke off".to_owned()))
            }
        }
    }
}
