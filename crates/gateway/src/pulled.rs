//! What tenants' pulls leave on the engine beside their tags: `repository@digest`, which keeps an image after its last tag
//! is gone. Whose such a reference is stands nowhere on the engine, so it is remembered which ones were not there before a
//! tenant's pull, and whether anybody else has pulled them since: the engine tells of every pull. Where that cannot be
//! known (the gateway was restarted, or missed events), the reference stays, as the administrator's would.

use crate::desk::Errand;
use crate::door::Door;
use crate::gateway::Gateway;
use serde_json::Value;
use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use wharf_model::{ImageId, ImageRef};
use wharf_policy::VisibleImage;
use wharf_wire::ImageByReference;
use wharf_wire::tenant::{TenantCall, TenantTag};

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
    /// Such a pull has succeeded.
    done: bool,
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
            Some(Reference { under_way: 0, made: true, due: 0, .. }) => Whose::Tenants,
            Some(Reference { made: true, due: 0.., .. }) => Whose::Unsettled,
            _ => Whose::Unknown,
        }
    }

    /// After a while, in which the engine may tell.
    async fn settled(&self, reference: &str) -> Whose {
        for _ in 0..LOOKS {
            match self.whose(reference) {
                Whose::Unsettled => tokio::time::sleep(SETTLING).await,
                settled => return settled,
            }
        }
        Whose::Unsettled
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
        self.change(|reference| {
            reference.due += 1;
            reference.done = true;
        });
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
        if reference.under_way == 0 && !(reference.made && reference.done) {
            known.remove(&self.reference);
        }
    }
}

impl Errand {
    /// After the last tag of an image was taken away: takes away what tenants' pulls left, when nobody has a name for the
    /// image, and says what the engine says of the repositories that `shown` names. An engine keeps what a container is
    /// made of; then the image is the tenant's as one without a name, so that it is seen, counted and can be removed later.
    pub(crate) async fn remove_digests(
        &self,
        visible: &VisibleImage,
        written: &str,
        shown: &BTreeSet<String>,
    ) -> Vec<Value> {
        let gateway = &self.desk.gateway;
        let image = visible.id();
        let query = ImageByReference(ImageRef::Id(image.clone()));
        let Ok(left) = gateway.engine.observe(&query).await else { return Vec::new() };
        if !left.repo_tags.is_empty() {
            return Vec::new();
        }
        let (mut said, mut stays) = (Vec::new(), false);
        for reference in left.repo_digests {
            match gateway.pulled.settled(&reference).await {
                Whose::Tenants => match self.remove_digest(image, &reference, written).await {
                    Some(words) => said.extend(words),
                    None => stays = true,
                },
                Whose::Unsettled => stays = true,
                Whose::Unknown => {}
            }
        }
        if stays {
            let tag = TenantTag::untagged(self.tenant(), image);
            let _gone = self.give_tag(visible, tag, written).await;
        }
        said.retain(|item| item.get("Untagged").is_none_or(|name| is_of(shown, name)));
        said
    }

    /// `None` when it stays: somebody began to pull it, or the engine refuses.
    async fn remove_digest(&self, image: &ImageId, reference: &str, written: &str) -> Option<Vec<Value>> {
        let gateway = &self.desk.gateway;
        let (_, digest) = reference.split_once('@')?;
        let Ok(ImageRef::Named(named)) = reference.parse() else { return None };
        // For one reference at a time, since everybody's pulls wait for it.
        let _no_pull_begins = gateway.pulled.removing.lock().await;
        let query = ImageByReference(ImageRef::Id(image.clone()));
        let now = gateway.engine.observe(&query).await.ok()?;
        if !now.repo_tags.is_empty() || gateway.pulled.whose(reference) != Whose::Tenants {
            return None;
        }
        let call = TenantCall::RemoveDigest { image: named, digest: digest.to_owned() };
        let door = Door::new(self, written, Some(image.as_str()));
        // Refused, it is in the audit trail.
        let (_, _, bytes) = door.ask(call, &Self::image_facts([])).await.ok()?;
        gateway.pulled.known().remove(reference);
        Some(serde_json::from_slice(&bytes).unwrap_or_default())
    }
}

/// Whether a reference is of one of these repositories. What others have called the image is theirs to know.
fn is_of(repositories: &BTreeSet<String>, reference: &Value) -> bool {
    let repository = reference.as_str().and_then(|text| text.split('@').next());
    repository.is_some_and(|repository| repositories.contains(repository))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn pulled(made: bool, under_way: usize) -> Pulled {
        let pulled = Pulled::default();
        pulled.known().insert("app@sha256:1".into(), Reference { under_way, made, done: made, due: 0 });
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
