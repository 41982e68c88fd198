//! Another certificate for who has one that is still good. No engine has this route.

use crate::answer::{self, Answer};
use crate::desk::Errand;
use crate::door::Door;
use crate::fault::Fault;
use crate::identity::Wish;
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
        match identity.renew(Arc::clone(admitted), wish).await {
            Ok(grant) => {
                let next = format!("certificate {}, in place of {}", grant.serial, admitted.serial());
                let _recorded = Door::record_own(desk, "renew", &next, Outcome::Done);
                let document = serde_json::to_value(grant).unwrap_or(Value::Null);
                Ok(answer::document(StatusCode::OK, &document))
            }
            Err(no) => {
                let _recorded = Door::record_denial(desk, "renew", &object, Rule::Tenant.name(), &no.whole());
                Err(Fault::Said(no.status(), format!("wharf: {no}")))
            }
        }
    }
}
