//! What tenants' pulls leave on the engine beside their tags: `repository@digest`, which keeps an image after its last tag
//! is gone. Whose such a reference is stands nowhere on the engine, so it is remembered which ones were not there before a
//! tenant's pull, and whether anybody else has pulled them since: the engine tells of every pull. Where that cannot be
//! known (the gateway was restarted, or missed events), the reference stays, as the administrator's would.

use crate::desk::Errand;
use crate::door::Door;
use crate::gateway::Gateway;
use serde_json::Value;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use wharf_model::{ImageId, ImageRef};
use wharf_wire::ImageByReference;
use wharf_wire::tenant::TenantCall;

/// How soon after an answer the engine tells of its event.
const SETTLING: Duration = Duration::from_millis(50);
/// How often that is waited for.
const LOOKS: usize = 10;

/// References that tenants' pulls have made.
#[derive(Debug, Default)]
pub(crate) struct Pulled {
    known: Mutex<HashMap<String, Reference>>,
    /// Held while one is taken away: no pull begins meanwhile, and none that has begun loses what it finds.
    pub(crate) removing: tokio::sync::Mutex<()>,
}

#[derive(Debug, Default)]
struct Reference {
    /// Pulls of tenants that have not ended.
    under_way: usize,
    /// It was not there before a tenant's pull.
    made: bool,
    /// Tenants' pulls that were done, less what the engine told of: below nothing, somebody else's.
    due: i64,
}

/// What is known of a reference.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Whose {
    /// Made for tenants, and nobody else's.
    Tenants,
    /// Perhaps somebody else's, or in use.
    Unknown,
    /// A pull is under way, or the engine has still to tell of one.
    Unsettled,
}

/// One tenant's pull, until it is dropped.
pub(crate) struct Pulling {
    gateway: Arc<Gateway>,
    reference: String,
}

impl Pulled {
    fn known(&self) -> MutexGuard<'_, HashMap<String, Reference>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The engine tells of a pull, whoever's.
    pub(crate) fn told(&self, event: &Value) {
        let word = |place: &str| event.pointer(place).and_then(Value::as_str).unwrap_or_default();
        if (word("/Type"), word("/Action")) == ("image", "pull")
            && let Some(reference) = self.known().get_mut(word("/Actor/ID"))
        {
            reference.due -= 1;
        }
    }

    /// Events may have been missed: whatever is there now may be anybody's.
    pub(crate) fn doubt_all(&self) {
        let mut known = self.known();
        known.retain(|_, reference| reference.under_way > 0);
        known.values_mut().for_each(|reference| reference.made = false);
    }

    fn whose(&self, reference: &str) -> Whose {
        match self.known().get(reference) {
            Some(Reference { under_way: 0, made: true, due: 0 }) => Whose::Tenants,
            Some(Reference { made: true, due: 0.., .. }) => Whose::Unsettled,
            _ => Whose::Unknown,
        }
    }

    async fn is_tenants(&self, reference: &str) -> bool {
        for _ in 0..LOOKS {
            match self.whose(reference) {
                Whose::Tenants => return true,
                Whose::Unknown => return false,
                Whose::Unsettled => tokio::time::sleep(SETTLING).await,
            }
        }
        false
    }
}

impl Pulling {
    /// Before the engine is asked to pull `reference`, which is `repository@digest`.
    pub(crate) async fn begin(gateway: &Arc<Gateway>, reference: String) -> Self {
        {
            let _none_is_taken_away = gateway.pulled.removing.lock().await;
            gateway.pulled.known().entry(reference.clone()).or_default().under_way += 1;
        }
        let pulling = Self { gateway: Arc::clone(gateway), reference };
        let there = match pulling.reference.parse::<ImageRef>() {
            Ok(image) => gateway.engine.observe(&ImageByReference(image)).await.map(drop),
            Err(_) => return pulling,
        };
        if there.is_err_and(|error| error.status() == Some(404)) {
            pulling.change(|reference| reference.made = true);
        }
        pulling
    }

    /// The engine has pulled it, and tells of that.
    pub(crate) fn done(&self) {
        self.change(|reference| reference.due += 1);
    }

    fn change(&self, change: impl FnOnce(&mut Reference)) {
        if let Some(reference) = self.gateway.pulled.known().get_mut(&self.reference) {
            change(reference);
        }
    }
}

impl Drop for Pulling {
    fn drop(&mut self) {
        let mut known = self.gateway.pulled.known();
        let Some(reference) = known.get_mut(&self.reference) else { return };
        reference.under_way -= 1;
        if reference.under_way == 0 && !reference.made {
            known.remove(&self.reference);
        }
    }
}

impl Errand {
    /// After the last tag of an image was taken away: takes away what tenants' pulls left, when nobody has a name for the
    /// image, and says what the engine says. An engine keeps what a container is made of.
    pub(crate) async fn remove_digests(&self, image: &ImageId, written: &str) -> Vec<Value> {
        let gateway = &self.desk.gateway;
        let _no_pull_begins = gateway.pulled.removing.lock().await;
        let query = ImageByReference(ImageRef::Id(image.clone()));
        let Ok(left) = gateway.engine.observe(&query).await else { return Vec::new() };
        if !left.repo_tags.is_empty() {
            return Vec::new();
        }
        let mut said = Vec::new();
        for reference in left.repo_digests {
            let Some((_, digest)) = reference.split_once('@') else { continue };
            let Ok(ImageRef::Named(named)) = reference.parse() else { continue };
            if !gateway.pulled.is_tenants(&reference).await {
                continue;
            }
            let call = TenantCall::RemoveDigest { image: named, digest: digest.to_owned() };
            let door = Door::new(self, written, Some(image.as_str()));
            // Refused, it is in the audit trail, and the reference stays.
            let Ok((_, _, bytes)) = door.ask(call, &Self::image_facts([])).await else { continue };
            gateway.pulled.known().remove(&reference);
            said.extend(serde_json::from_slice::<Vec<Value>>(&bytes).unwrap_or_default());
        }
        said
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn pulled(made: bool, under_way: usize) -> Pulled {
        let pulled = Pulled::default();
        pulled.known().insert("app@sha256:1".into(), Reference { under_way, made, due: 0 });
        pulled
    }

    fn event(id: &str) -> Value {
        json!({"Type": "image", "Action": "pull", "Actor": {"ID": id}})
    }

    #[test]
    fn what_somebody_else_pulled_since_is_not_the_tenants_alone() {
        let pulled = pulled(true, 0);
        assert_eq!(pulled.whose("app@sha256:1"), Whose::Tenants);
        for other in ["app:1", "app@sha256:2", "app"] {
            pulled.told(&event(other));
        }
        assert_eq!(pulled.whose("app@sha256:1"), Whose::Tenants);
        pulled.told(&event("app@sha256:1"));
        assert_eq!(pulled.whose("app@sha256:1"), Whose::Unknown);
    }

    #[test]
    fn the_engine_tells_of_a_tenants_own_pull_before_or_after_its_answer() {
        let pulled = pulled(true, 0);
        pulled.known().get_mut("app@sha256:1").unwrap().due += 1;
        assert_eq!(pulled.whose("app@sha256:1"), Whose::Unsettled);
        pulled.told(&event("app@sha256:1"));
        assert_eq!(pulled.whose("app@sha256:1"), Whose::Tenants);
    }

    #[test]
    fn what_was_there_before_is_under_way_or_may_have_changed_unseen_stays() {
        assert_eq!(pulled(false, 0).whose("app@sha256:1"), Whose::Unknown);
        assert_eq!(pulled(true, 1).whose("app@sha256:1"), Whose::Unsettled);
        assert_eq!(pulled(true, 0).whose("app@sha256:2"), Whose::Unknown);
        let pulled = pulled(true, 0);
        pulled.doubt_all();
        assert_eq!(pulled.whose("app@sha256:1"), Whose::Unknown);
    }
}
