//! A tenant's images: tags of its own on the engine's images, and nothing of its neighbours'.

use crate::answer::{self, Answer};
use crate::containers::not_understood;
use crate::desk::Errand;
use crate::door::{Door, Passed, Said};
use crate::fault::Fault;
use crate::pulled::Pulling;
use crate::resolve::Found;
use crate::transfer::{self, Documents, line};
use crate::view::{self, Wording};
use bytes::Bytes;
use hyper::StatusCode;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use tokio::sync::mpsc;
use wharf_model::{ImageId, ImageRef, NamedImage};
use wharf_policy::{Facts, TenantFacts, VisibleImage};
use wharf_wire::ask::{Forbidden, ListImages, Refusal};
use wharf_wire::tenant::{ImageAct, SavedName, TenantCall, TenantTag};
use wharf_wire::{ImageByReference, RegistryCredentials};

/// Lines of progress on their way to a slow client.
const AHEAD: usize = 64;

impl Errand {
    /// What is known for a call about images.
    pub(crate) fn image_facts(visible: impl IntoIterator<Item = VisibleImage>) -> Facts {
        let images = visible.into_iter().collect();
        Facts { tenant: TenantFacts { images, ..TenantFacts::default() }, ..Facts::default() }
    }

    fn shared(&self) -> &[wharf_model::ImagePattern] {
        &self.standing.grants.shared_images
    }

    /// Reads of one image.
    pub(crate) async fn image(&self, written: &str, act: ImageAct) -> Result<Answer, Fault> {
        let found = self.find_image(written).await?;
        let id = found.visible.id().clone();
        let facts = Self::image_facts([found.visible]);
        let call = TenantCall::Image { image: id.clone(), act: act.clone() };
        let (_, status, bytes) = Door::new(self, written, Some(id.as_str())).ask(call, &facts).await?;
        let mut document: Value = serde_json::from_slice(&bytes).map_err(not_understood)?;
        match act {
            ImageAct::Inspect => {
                view::image_details(self.tenant(), self.rights()?, self.shared(), &mut document);
            }
            ImageAct::History => {
                for layer in document.as_array_mut().into_iter().flatten() {
                    let tags = layer.get("Tags").and_then(Value::as_array).cloned().unwrap_or_default();
                    let tags: Vec<String> =
                        tags.iter().filter_map(|t| t.as_str().map(str::to_owned)).collect();
                    let own = view::familiar_tags(self.tenant(), self.rights()?, self.shared(), &tags);
                    if let Some(place) = layer.get_mut("Tags") {
                        *place = if own.is_empty() { Value::Null } else { own.into_iter().collect() };
                    }
                }
            }
        }
        Ok(answer::document(status, &document))
    }

    /// `GET /images/json`.
    pub(crate) async fn list_images(&self, ask: &ListImages) -> Result<Answer, Fault> {
        let before = self.image_created(ask.before.as_deref()).await?;
        let since = self.image_created(ask.since.as_deref()).await?;
        let patterns: Vec<_> = ask.reference.iter().map(|text| glob(text)).collect::<Result<_, _>>()?;
        let mut own = Vec::new();
        for mut row in self.image_rows().await? {
            let tags: Vec<String> = strings(row.get("RepoTags"));
            let made = row.get("Created").and_then(Value::as_i64).unwrap_or(0);
            if !patterns.is_empty() {
                let kept: Vec<String> =
                    tags.iter().filter(|tag| patterns.iter().any(|p| fits(p, tag))).cloned().collect();
                if kept.is_empty() {
                    continue;
                }
                if let Some(place) = row.get_mut("RepoTags") {
                    *place = kept.into();
                }
            }
            let labels = row.get("Labels").unwrap_or(&Value::Null);
            let shown = crate::volumes::has_labels(labels, &ask.label)
                && ask.dangling.is_none_or(|dangling| dangling == tags.is_empty())
                && before.is_none_or(|before| made < before)
                && since.is_none_or(|since| made > since);
            if shown {
                own.push(row);
            }
        }
        Ok(answer::document(StatusCode::OK, &Value::Array(own)))
    }

    async fn image_created(&self, written: Option<&str>) -> Result<Option<i64>, Fault> {
        let Some(written) = written else { return Ok(None) };
        let id = self.find_image_id(written).await?;
        let rows = self.image_rows().await?;
        let row = rows.iter().find(|row| row.get("Id").and_then(Value::as_str) == Some(id.as_str()));
        Ok(row.and_then(|row| row.get("Created")).and_then(Value::as_i64))
    }

    /// The tenant's rows as it sees them: its own, and those that are shared.
    pub(crate) async fn image_rows(&self) -> Result<Vec<Value>, Fault> {
        let standing = self.rights()?;
        let mut rows: BTreeMap<String, Value> = BTreeMap::new();
        let mut listed: Vec<Value> = Vec::new();
        for tenant in self.namesakes()? {
            let call = TenantCall::ListImages { tenant };
            let (_, _, bytes) = Door::new(self, "images", None).ask(call, &Facts::default()).await?;
            listed.extend(serde_json::from_slice::<Vec<Value>>(&bytes).map_err(not_understood)?);
        }
        if !self.shared().is_empty() {
            listed.extend(self.desk.gateway.engine.observe(&wharf_wire::AllImages).await?);
        }
        for row in listed {
            let id = row.get("Id").and_then(Value::as_str).unwrap_or_default().to_owned();
            if let Some(row) = view::image_row(self.tenant(), standing, self.shared(), row) {
                rows.entry(id).or_insert(row);
            }
        }
        let mut rows: Vec<Value> = rows.into_values().collect();
        let created = |row: &Value| row.get("Created").and_then(Value::as_i64).unwrap_or(0);
        rows.sort_by_key(|row| std::cmp::Reverse(created(row)));
        Ok(rows)
    }

    /// `POST /images/{name}/tag`.
    pub(crate) async fn tag_image(&self, written: &str, to: &NamedImage) -> Result<Answer, Fault> {
        let found = self.find_image(written).await?;
        check_domain(to)?;
        let tag = self.own_tag(to)?;
        self.give_tag(&found.visible, tag, &to.familiar()).await?;
        Ok(answer::empty(StatusCode::CREATED))
    }

    pub(crate) fn own_tag(&self, image: &NamedImage) -> Result<TenantTag, Fault> {
        TenantTag::named(self.tenant(), image).map_err(|error| Refusal::malformed(error.to_string()).into())
    }

    /// Gives a tag to an image; an image that loses it is kept, without a name, as engines do.
    pub(crate) async fn give_tag(
        &self,
        image: &VisibleImage,
        tag: TenantTag,
        shown: &str,
    ) -> Result<(), Fault> {
        self.keep_nameless(&tag, image.id()).await?;
        let door = Door::new(self, shown, Some(image.id().as_str()));
        let call = TenantCall::TagImage { image: image.id().clone(), tag: tag.clone() };
        door.ask(call, &Self::image_facts([image.clone()])).await?;
        // A name takes the place of none.
        let nameless = TenantTag::untagged(self.tenant(), image.id());
        if let Ok(reference) = nameless.to_string().parse::<ImageRef>()
            && !matches!(tag.shown(), SavedName::Untagged(_))
            && self.desk.gateway.engine.observe(&ImageByReference(reference)).await.is_ok()
        {
            let call = TenantCall::RemoveTag { tag: nameless };
            door.ask(call, &Self::image_facts([image.clone()])).await?;
        }
        Ok(())
    }

    /// The image that has this tag now, when another is about to get it and it has no other: it keeps one that says its id.
    pub(crate) async fn keep_nameless(&self, tag: &TenantTag, next: &ImageId) -> Result<(), Fault> {
        let Ok(reference) = tag.to_string().parse::<ImageRef>() else { return Ok(()) };
        let Ok(before) = self.desk.gateway.engine.observe(&ImageByReference(reference)).await else {
            return Ok(());
        };
        let tags = before.repo_tags.iter().filter_map(|tag| TenantTag::from_engine(tag));
        let others = tags.filter(|own| own.tenant() == self.tenant() && own != tag).count();
        if before.id == *next || others > 0 {
            return Ok(());
        }
        let (rights, shared) = (self.rights()?, self.shared());
        let visible =
            VisibleImage::observed(before.id.clone(), &before.repo_tags, self.tenant(), rights, shared);
        if let Some(visible) = visible {
            let kept = TenantTag::untagged(self.tenant(), &before.id);
            let call = TenantCall::TagImage { image: before.id.clone(), tag: kept };
            let door = Door::new(self, before.id.as_str(), Some(before.id.as_str()));
            door.ask(call, &Self::image_facts([visible])).await?;
        }
        Ok(())
    }

    /// `POST /commit`.
    pub(crate) async fn commit(
        &self,
        written: &str,
        to: Option<NamedImage>,
        commit: wharf_wire::tenant::CommitSpec,
    ) -> Result<Answer, Fault> {
        let container = self.find_container(written).await?;
        to.as_ref().map_or(Ok(()), check_domain)?;
        let tag = to.as_ref().map(|to| self.own_tag(to)).transpose()?;
        self.settle_disk().await?;
        let id = container.owned.id().clone();
        let call = TenantCall::Commit { container: id.clone(), commit, owner: self.owner(String::new()) };
        let door = Door::new(self, container.name.as_str(), Some(id.as_str())).wording(id.as_str(), written);
        let (_, _, bytes) = door.ask(call, &self.facts_of(&container)).await?;
        let made: Value = serde_json::from_slice(&bytes).map_err(not_understood)?;
        let image = made.get("Id").and_then(Value::as_str).and_then(|id| id.parse::<ImageId>().ok());
        let image = image.ok_or(Fault::Tampered)?;
        let tag = tag.unwrap_or_else(|| TenantTag::untagged(self.tenant(), &image));
        let shown = to.map_or_else(|| image.to_string(), |to| to.familiar());
        let visible = self.made_visible(&image, &tag)?;
        self.give_tag(&visible, tag, &shown).await?;
        Ok(answer::document(StatusCode::CREATED, &json!({ "Id": image })))
    }

    /// What this tenant's own call has just made is its to see, before it has a tag.
    fn made_visible(&self, image: &ImageId, tag: &TenantTag) -> Result<VisibleImage, Fault> {
        let tags = [tag.to_string()];
        VisibleImage::observed(image.clone(), &tags, self.tenant(), self.rights()?, &[])
            .ok_or(Fault::Tampered)
    }

    /// `POST /images/create`: by digest and never by tag, since the engine's tags are everyone's.
    pub(crate) async fn pull(
        self,
        image: NamedImage,
        platform: Option<String>,
        credentials: Option<RegistryCredentials>,
    ) -> Result<Answer, Fault> {
        // Also where the client says the digest: an engine that has it does not ask the registry whether this account may
        // have it, too (seen on 20.10 and 28.5).
        let room = self.room().await?;
        let digest = self.current_digest(&image, credentials.clone(), &room).await?;
        if image.digest().is_some_and(|said| said != digest) {
            return Err(Fault::no_such("image", &image.familiar()));
        }
        let tag = match image.digest() {
            None => self.own_tag(&image)?,
            Some(_) => TenantTag::digested(self.tenant(), &image)
                .map_err(|error| Fault::from(Refusal::malformed(error.to_string())))?,
        };
        let call = TenantCall::Pull { image: image.clone(), digest: digest.clone(), platform, credentials };
        let familiar = image.familiar();
        let by_digest = format!("{}@{digest}", image.familiar_name());
        let pulling = Pulling::begin(&self.desk.gateway, by_digest).await;
        let passed = Door::new(&self, &familiar, None).send(call, &room, None).await?;
        let Passed::Answered(said) = passed else { return Err(crate::tunnel::expected()) };
        let (lines, told) = mpsc::channel(AHEAD);
        tokio::spawn(async move {
            let pulled = self.follow_pull(&image, &digest, tag, said, &pulling, &lines).await;
            if let Err(fault) = pulled {
                let (_, message) = fault.told();
                let error = json!({ "errorDetail": { "message": message }, "error": message });
                let _gone = lines.send(line(&error)).await;
            }
        });
        Ok(transfer::lines(received(told)))
    }

    /// What a reference stands for at its registry now.
    async fn current_digest(
        &self,
        image: &NamedImage,
        credentials: Option<RegistryCredentials>,
        room: &Facts,
    ) -> Result<String, Fault> {
        let call = TenantCall::InspectDistribution { image: image.clone(), credentials };
        let asked = Door::new(self, &image.familiar(), None).ask(call, room).await;
        let (_, _, bytes) = asked.map_err(|fault| in_words_of_a_pull(fault, image))?;
        let found: Value = serde_json::from_slice(&bytes).map_err(not_understood)?;
        let digest = found.pointer("/Descriptor/digest").and_then(Value::as_str).map(str::to_owned);
        digest.ok_or_else(|| Fault::no_such("image", &image.familiar()))
    }

    async fn follow_pull(
        &self,
        image: &NamedImage,
        digest: &str,
        tag: TenantTag,
        said: Said,
        pulling: &Pulling,
        lines: &mpsc::Sender<Bytes>,
    ) -> Result<(), Fault> {
        let by_digest = format!("{}@{digest}", image.familiar_name());
        let wording = Wording::of(self.tenant()).with(Some(&by_digest), &image.familiar());
        let shown_tag = image.tag().unwrap_or("latest");
        let mut documents = Documents::of(said.body);
        let mut last = None;
        while let Some(mut document) = documents.next().await {
            let failed = document.get("error").is_some();
            for field in ["/status", "/error", "/errorDetail/message"] {
                if let Some(Value::String(text)) = document.pointer_mut(field) {
                    *text = wording.told(text);
                }
            }
            if document.get("id").and_then(Value::as_str) == Some(digest)
                && let Some(id) = document.get_mut("id")
            {
                *id = shown_tag.into();
            }
            if failed {
                let _gone = lines.send(line(&document)).await;
                return Ok(());
            }
            // The last line says that all is done, and so waits until it is.
            if let Some(before) = last.replace(document) {
                let _gone = lines.send(line(&before)).await;
            }
        }
        let reference = by_digest.parse::<ImageRef>().map_err(|_| Fault::no_such("image", &by_digest))?;
        let details = self.desk.gateway.engine.observe(&ImageByReference(reference)).await?;
        pulling.done();
        let visible = self.made_visible(&details.id, &tag)?;
        self.give_tag(&visible, tag, &image.familiar()).await?;
        if let Some(document) = last {
            let _gone = lines.send(line(&document)).await;
        }
        Ok(())
    }

    /// `GET /distribution/{name}/json`.
    pub(crate) async fn distribution(
        &self,
        image: NamedImage,
        credentials: Option<RegistryCredentials>,
    ) -> Result<Answer, Fault> {
        let familiar = image.familiar();
        let call = TenantCall::InspectDistribution { image, credentials };
        let (_, status, bytes) = Door::new(self, &familiar, None).ask(call, &Facts::default()).await?;
        let document: Value = serde_json::from_slice(&bytes).map_err(not_understood)?;
        Ok(answer::document(status, &document))
    }

    /// `DELETE /images/{name}`: takes away the tenant's tag, and with the last one what nobody else has.
    pub(crate) async fn remove_image(&self, written: &str, force: bool) -> Result<Answer, Fault> {
        let found = self.find_image(written).await?;
        let said = self.remove_tags_of(&found, written, force).await?;
        Ok(answer::document(StatusCode::OK, &Value::Array(said)))
    }

    pub(crate) async fn remove_tags_of(
        &self,
        found: &Found,
        written: &str,
        force: bool,
    ) -> Result<Vec<Value>, Fault> {
        let own: BTreeSet<TenantTag> = found
            .details
            .repo_tags
            .iter()
            .filter_map(|tag| TenantTag::from_engine(tag))
            .filter(|tag| self.rights().is_ok_and(|rights| rights.owns(tag.tenant())))
            .filter(|tag| tag.tenant().name == self.tenant().name)
            .collect();
        let wanted: Vec<TenantTag> = match &found.tag {
            Some(tag) => vec![tag.clone()],
            None if own.len() > 1 && !force => {
                let words = format!(
                    "conflict: unable to delete {} (must be forced) - image is referenced in multiple repositories",
                    crate::fault::printable(written)
                );
                return Err(Fault::Conflict(words));
            }
            None => own.iter().cloned().collect(),
        };
        if wanted.is_empty() {
            let words =
                format!("`{}` is shared by the administrator, and stays", crate::fault::printable(written));
            return Err(Fault::Conflict(format!("wharf: {words}")));
        }
        let last = wanted.len() == own.len();
        if last {
            self.check_unused(found, written, force).await?;
        }
        let repository = |tag: &TenantTag| match tag.shown() {
            SavedName::Named(image) | SavedName::Digested(image) => Some(image.familiar_name()),
            SavedName::Untagged(_) => None,
        };
        let repositories = wanted.iter().filter_map(repository).collect();
        let wording = Wording::of(self.tenant());
        let mut told = Vec::new();
        for tag in wanted {
            let facts = Self::image_facts([found.visible.clone()]);
            let door = Door::new(self, written, Some(found.visible.id().as_str()));
            let (_, _, bytes) = door.ask(TenantCall::RemoveTag { tag: tag.clone() }, &facts).await?;
            let said: Vec<Value> = serde_json::from_slice(&bytes).map_err(not_understood)?;
            for mut item in said {
                if let Some(Value::String(text)) = item.get_mut("Untagged") {
                    // What the tenant never wrote. Of a digest, the engine says more in its own words below.
                    let unwritten = ["/untagged:", "/untagged@", "/digest/"];
                    if unwritten.iter().any(|part| text.contains(part)) && text.starts_with("wharf.invalid/")
                    {
                        continue;
                    }
                    *text = wording.told(text);
                }
                told.push(item);
            }
        }
        if last {
            told.extend(self.remove_digests(&found.visible, written, &repositories).await);
        }
        Ok(told)
    }

    /// An engine keeps an image that a container is made of.
    async fn check_unused(&self, found: &Found, written: &str, force: bool) -> Result<(), Fault> {
        let rows = self.container_rows(true, false, wharf_wire::tenant::ContainerFilters::default()).await?;
        let id = found.visible.id().as_str();
        let users = rows.iter().filter(|row| row.get("ImageID").and_then(Value::as_str) == Some(id));
        for row in users {
            let running = row.get("State").and_then(Value::as_str) == Some("running");
            if running || !force {
                let container =
                    row.get("Id").and_then(Value::as_str).and_then(|id| id.get(..12)).unwrap_or_default();
                let (kind, how) = if running { ("running", "cannot") } else { ("stopped", "must") };
                let words = format!(
                    "conflict: unable to remove repository reference \"{}\" ({how} be forced) - container {container} \
                     is using its referenced image ({kind})",
                    crate::fault::printable(written),
                );
                return Err(Fault::Conflict(words));
            }
        }
        Ok(())
    }

    /// `POST /auth`.
    pub(crate) async fn check_credentials(&self, credentials: RegistryCredentials) -> Result<Answer, Fault> {
        let registry = credentials.registry.clone();
        let call = TenantCall::CheckCredentials(credentials);
        let (_, status, bytes) = Door::new(self, &registry, None).ask(call, &Facts::default()).await?;
        let document: Value = serde_json::from_slice(&bytes).map_err(not_understood)?;
        Ok(answer::document(status, &document))
    }
}

/// The domain of tenants' tags is nobody's to give.
fn check_domain(image: &NamedImage) -> Result<(), Fault> {
    if image.domain() == "wharf.invalid" {
        let reason = "images called `wharf.invalid/…` are the gateway's own";
        return Err(Refusal::forbidden(Forbidden::Import, reason, "choose another name").into());
    }
    Ok(())
}

/// What a registry says when it is asked about a reference, as engines say it of a pull.
fn in_words_of_a_pull(fault: Fault, image: &NamedImage) -> Fault {
    let Fault::Said(status, words) = fault else { return fault };
    let words = if words.contains("unknown") {
        format!("manifest for {} not found: {words}", image.familiar())
    } else if words.contains("denied") || words.contains("unauthorized") || words.contains("no basic auth") {
        let name = image.familiar_name();
        format!(
            "pull access denied for {name}, repository does not exist or may require 'docker login': {words}"
        )
    } else {
        words
    };
    Fault::Said(status, words)
}

pub(crate) fn received(
    told: mpsc::Receiver<Bytes>,
) -> impl futures_util::Stream<Item = Bytes> + Send + 'static {
    futures_util::stream::unfold(told, |mut told| async move { told.recv().await.map(|piece| (piece, told)) })
}

pub(crate) fn strings(value: Option<&Value>) -> Vec<String> {
    let texts = value.and_then(Value::as_array).into_iter().flatten();
    texts.filter_map(|text| text.as_str().map(str::to_owned)).collect()
}

/// A pattern over references, as the engine's filter `reference` has them: `*`, `?` and `[]` stop at `/`.
fn glob(text: &str) -> Result<regex::Regex, Fault> {
    let mut pattern = String::from("^");
    for c in text.chars() {
        match c {
            '*' => pattern.push_str("[^/]*"),
            '?' => pattern.push_str("[^/]"),
            c => pattern.push_str(&regex::escape(c.encode_utf8(&mut [0; 4]))),
        }
    }
    pattern.push('$');
    crate::containers::pattern(&pattern)
}

/// With its tag, or without.
fn fits(pattern: &regex::Regex, tag: &str) -> bool {
    pattern.is_match(tag) || tag.rsplit_once(':').is_some_and(|(name, _)| pattern.is_match(name))
}
