//! Requests about images.

use crate::ask::container::{account, prune_filters};
use crate::ask::reading::{Reading, container, one_line};
use crate::ask::{Ask, Forbidden, ListImages, Refusal};
use crate::tenant::{CommitSpec, ImageAct};
use wharf_model::{ImageRef, NamedImage};

pub(crate) fn list(reading: &Reading<'_>) -> Result<Ask, Refusal> {
    let query = reading.query;
    let mut filters = query.filters()?;
    let list = ListImages {
        all: query.flag("all")?,
        digests: query.flag("digests")?,
        shared_size: query.flag("shared-size")?,
        manifests: query.flag("manifests")?,
        reference: filters.many("reference"),
        dangling: filters.flag("dangling")?,
        label: filters.many("label"),
        before: filters.one("before")?,
        since: filters.one("since")?,
        until: filters.one("until")?,
    };
    filters.check_empty()?;
    Ok(Ask::ListImages(list))
}

pub(crate) fn prune(reading: &Reading<'_>) -> Result<Ask, Refusal> {
    let mut said = reading.query.filters()?;
    let dangling = said.flag("dangling")?.unwrap_or(true);
    let filters = prune_filters(&mut said)?;
    said.check_empty()?;
    Ok(Ask::PruneImages { dangling, filters })
}

pub(crate) fn save(reading: &Reading<'_>) -> Result<Ask, Refusal> {
    let images = reading.query.texts("names");
    if images.is_empty() {
        return Err(Refusal::malformed("the query parameter `names` is missing"));
    }
    let images = images.iter().map(|name| image(name)).collect::<Result<_, _>>()?;
    Ok(Ask::SaveImages { images })
}

pub(crate) fn save_one(reading: &Reading<'_>) -> Result<Ask, Refusal> {
    Ok(Ask::SaveImages { images: vec![image(reading.name()?)?] })
}

pub(crate) fn load(reading: &Reading<'_>) -> Result<Ask, Refusal> {
    Ok(Ask::LoadImages { quiet: reading.query.flag("quiet")? })
}

pub(crate) fn inspect(reading: &Reading<'_>) -> Result<Ask, Refusal> {
    Ok(Ask::Image { image: image(reading.name()?)?, act: ImageAct::Inspect })
}

pub(crate) fn history(reading: &Reading<'_>) -> Result<Ask, Refusal> {
    Ok(Ask::Image { image: image(reading.name()?)?, act: ImageAct::History })
}

pub(crate) fn remove(reading: &Reading<'_>) -> Result<Ask, Refusal> {
    Ok(Ask::RemoveImage { image: image(reading.name()?)?, force: reading.query.flag("force")? })
}

pub(crate) fn tag(reading: &Reading<'_>) -> Result<Ask, Refusal> {
    let to = named(reading.required("repo")?, reading.query.text("tag"))?;
    if to.digest().is_some() {
        return Err(Refusal::malformed("refusing to create a tag with a digest reference"));
    }
    Ok(Ask::TagImage { image: image(reading.name()?)?, to })
}

pub(crate) fn pull(reading: &Reading<'_>) -> Result<Ask, Refusal> {
    let (name, tag) = (reading.required("fromImage")?, reading.query.text("tag"));
    if tag.is_none() && !says_which(name) {
        return Err(Refusal::malformed(
            "pulling every tag is not possible here; name one, such as `tag=latest`",
        ));
    }
    let image = named(name, tag)?;
    let platform = platform(reading)?;
    Ok(Ask::PullImage { image, platform, credentials: account(reading)? })
}

pub(crate) fn push(reading: &Reading<'_>) -> Result<Ask, Refusal> {
    let (name, tag) = (reading.name()?, reading.query.text("tag"));
    if tag.is_none() && !says_which(name) {
        return Err(Refusal::malformed(
            "pushing every tag is not possible here; name one, such as `tag=latest`",
        ));
    }
    let image = named(name, tag)?;
    if image.digest().is_some() {
        return Err(Refusal::malformed("cannot push a digest reference"));
    }
    Ok(Ask::PushImage { image, credentials: account(reading)? })
}

pub(crate) fn distribution(reading: &Reading<'_>) -> Result<Ask, Refusal> {
    Ok(Ask::Distribution { image: named(reading.name()?, None)?, credentials: account(reading)? })
}

pub(crate) fn commit(reading: &Reading<'_>) -> Result<Ask, Refusal> {
    let query = reading.query;
    let to = match query.text("repo") {
        Some(repo) => Some(named(repo, query.text("tag"))?),
        None if query.text("tag").is_some() => {
            return Err(Refusal::malformed("`tag` is said without `repo`"));
        }
        None => None,
    };
    if to.as_ref().is_some_and(|to| to.digest().is_some()) {
        return Err(Refusal::malformed("a commit cannot be given a digest"));
    }
    reading.object()?;
    let text = |name: &str| query.text(name).map(|text| one_line(name, text.to_owned())).transpose();
    let commit = CommitSpec {
        comment: query.text("comment").map(str::to_owned),
        author: text("author")?,
        // Unlike other switches: the engine takes an empty one for on, too.
        pause: query.text("pause").is_none() || query.flag("pause")?,
        changes: query.texts("changes").into_iter().map(change).collect::<Result<_, _>>()?,
    };
    Ok(Ask::Commit { container: container(reading.required("container")?)?, to, commit })
}

/// One line of a Dockerfile, as the engine takes them for a commit.
fn change(line: String) -> Result<String, Refusal> {
    let line = one_line("changes", line)?;
    let word = line.split(' ').next().unwrap_or_default().to_ascii_uppercase();
    match word.as_str() {
        // A line that ends so goes on in the next one.
        _ if line.ends_with(['\\', '`']) => Err(Refusal::malformed("a change cannot go on in another line")),
        "CMD" | "ENTRYPOINT" | "ENV" | "EXPOSE" | "HEALTHCHECK" | "LABEL" | "STOPSIGNAL" | "USER"
        | "VOLUME" | "WORKDIR" => Ok(line),
        "ONBUILD" => Err(Refusal::forbidden(
            Forbidden::Build,
            "`ONBUILD` is for builds, which are not possible here yet",
            "leave it out",
        )),
        _ => Err(Refusal::malformed(format!("{word} is not a valid change command"))),
    }
}

/// An image's reference or id, or the beginning of one: looked up among the tenant's, where what cannot be is not.
pub(crate) fn image(text: &str) -> Result<String, Refusal> {
    let fits = |b: u8| {
        b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-' | b'/' | b':' | b'@' | b'[' | b']')
    };
    if !text.is_empty() && text.len() <= 512 && text.bytes().all(fits) {
        return Ok(text.to_owned());
    }
    Err(Refusal::NotFound(format!("No such image: {text}")))
}

/// Whether a reference says which image of its repository is meant.
fn says_which(name: &str) -> bool {
    name.rsplit('/').next().is_some_and(|last| last.contains([':', '@']))
}

/// A reference to an image by name, with the tag or the digest that stands beside it.
fn named(name: &str, tag: Option<&str>) -> Result<NamedImage, Refusal> {
    let text = match tag {
        Some(digest) if digest.contains(':') => format!("{name}@{digest}"),
        Some(tag) if says_which(name) && !name.ends_with(&format!(":{tag}")) => {
            return Err(Refusal::malformed(format!("`{name}` and the tag `{tag}` name two images")));
        }
        Some(_) if says_which(name) => name.to_owned(),
        Some(tag) => format!("{name}:{tag}"),
        None => name.to_owned(),
    };
    match text.parse::<ImageRef>() {
        Ok(ImageRef::Named(image)) => Ok(image),
        Ok(ImageRef::Id(_)) => Err(Refusal::malformed(format!("`{text}` is an id; a name is wanted here"))),
        Err(error) => Err(Refusal::malformed(format!("invalid reference format: {error}"))),
    }
}

/// `linux/amd64`, `linux/arm/v7`.
pub(crate) fn platform(reading: &Reading<'_>) -> Result<Option<String>, Refusal> {
    let Some(text) = reading.query.text("platform") else { return Ok(None) };
    let part = |part: &str| {
        !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b))
    };
    if text.len() <= 64 && text.split('/').count() <= 3 && text.split('/').all(part) {
        return Ok(Some(text.to_owned()));
    }
    Err(Refusal::malformed(format!("`{text}` is not a platform; write such as `linux/amd64`")))
}
