//! Sealed file to [`SealedFile`]: every key read, every value checked, every error told.

use crate::sealed_file::{Entry, FormerValue, LAST_GENERATION, Line, MAX_SECRETS, Sealed, check_readers};
use crate::{Reader, ReaderKey, ReaderName, SealedFile};
use serde_json::json;
use std::collections::BTreeMap;
use std::marker::PhantomData;
use std::str::FromStr;
use wharf_document::{
    Diagnostic, Errors, Grammar, Integer, Limits, List, Map, Misfit, Node, Parsed, Read, ReadKey, Shape,
    Span, Spanned, mapping, refuse, utf8,
};
use wharf_model::{PodName, SecretGeneration, SecretName, SecretOwner};

/// Bytes of a sealed file that are read; a larger one is refused.
pub const MAX_BYTES: usize = 16 << 20;

const LIMITS: Limits = Limits { bytes: MAX_BYTES, depth: 16, nodes: 1 << 13, scalar_bytes: MAX_BYTES };
const LAST: i64 = LAST_GENERATION.cast_signed();

pub(crate) fn parse_bytes(bytes: &[u8]) -> Result<SealedFile, Vec<Diagnostic>> {
    if bytes.len() > MAX_BYTES {
        return Err(vec![too_large(bytes.len())]);
    }
    let text = utf8(bytes).map_err(|refusal| vec![refusal])?;
    if let Some(conflict) = conflict(text) {
        return Err(vec![conflict]);
    }
    let mut errors = Errors::new();
    let file = wharf_document::parse(text, &LIMITS, &mut errors)
        .and_then(|root| RawFile::read(&root, &mut errors))
        .and_then(|raw| check(raw, &mut errors));
    errors.finish(file)
}

/// What git leaves where two branches changed the same lines. What is sealed is indented, and never looks like it.
fn conflict(text: &str) -> Option<Diagnostic> {
    const MARKS: [&str; 3] = ["<<<<<<<", "=======", ">>>>>>>"];
    let mut start = 0;
    for (at, line) in text.split_inclusive('\n').enumerate() {
        if MARKS.iter().any(|mark| line.starts_with(mark)) {
            return Some(Diagnostic {
                span: Span { start, end: start + line.trim_end().len(), line: at + 1, column: 1 },
                path: String::new(),
                message: "git left both versions here".to_owned(),
                help: Some(
                    "keep one whole list of readers, and of each secret one whole; then `wharf secret ls`"
                        .to_owned(),
                ),
            });
        }
        start += line.len();
    }
    None
}

fn too_large(bytes: usize) -> Diagnostic {
    Diagnostic {
        span: Span { start: 0, end: 0, line: 1, column: 1 },
        path: String::new(),
        message: format!("the file has {bytes} bytes, and at most {MAX_BYTES} are read"),
        help: Some("large values belong into a mounted directory".to_owned()),
    }
}

mapping! {
    /// A pod's secrets, sealed.
    struct RawFile {
        /// The form of the file.
        required "version" version: Integer<1, 1_000>,
        /// Whose it is.
        required "owner" owner: Parsed<Noun<SecretOwner>>,
        /// Of which pod.
        required "pod" pod: Parsed<Noun<PodName>>,
        /// Who can read.
        required "readers" readers: List<RawReader>,
        /// The secrets.
        required "secrets" secrets: Map<Noun<SecretName>, RawSecret>,
        /// Who vouches for it.
        optional "signature" signature: Armor<SignatureForm>,
    }
}

mapping! {
    /// A reader.
    struct RawReader {
        /// What it is called.
        required "name" name: Parsed<Noun<ReaderName>>,
        /// Its public key.
        required "key" key: Parsed<Noun<ReaderKey>>,
    }
}

mapping! {
    /// A secret.
    struct RawSecret {
        /// Which of its values.
        required "generation" generation: Integer<0, LAST>,
        /// The value, sealed.
        required "value" value: Armor<AgeForm>,
        /// The value before.
        optional "previous" previous: RawPrevious,
    }
}

mapping! {
    /// The value before.
    struct RawPrevious {
        /// Which it is.
        required "generation" generation: Integer<0, LAST>,
        /// When it ends.
        required "until" until: Integer<0, LAST>,
        /// The value, sealed.
        required "value" value: Armor<AgeForm>,
    }
}

/// A noun of the model, by the grammar it has there.
struct Noun<T>(PhantomData<T>);

/// What nouns are called in messages.
trait Named: FromStr<Err: std::fmt::Display> {
    const WHAT: &'static str;
}

impl Named for SecretOwner {
    const WHAT: &'static str = "an owner";
}

impl Named for PodName {
    const WHAT: &'static str = "a pod's name";
}

impl Named for ReaderName {
    const WHAT: &'static str = "a reader's name";
}

impl Named for ReaderKey {
    const WHAT: &'static str = "a reader's key";
}

impl<T: Named> Grammar for Noun<T> {
    type Value = T;
    const WHAT: &'static str = T::WHAT;

    fn shape() -> Shape {
        Shape::of(json!({ "type": "string" }))
    }

    fn parse(text: &str) -> Result<T, Misfit> {
        text.parse().map_err(|error: T::Err| Misfit::new(error.to_string()))
    }
}

impl ReadKey for Noun<SecretName> {
    type Key = SecretName;

    fn key_shape() -> Shape {
        Shape::of(json!({ "type": "string" }))
    }

    fn read_key(text: &str) -> Result<SecretName, Misfit> {
        text.parse().map_err(|error: wharf_model::SecretNameError| Misfit::new(error.to_string()))
    }
}

/// A block between a first and a last line that are known. An error repeats nothing of it: it may be a value that
/// somebody wrote in clear.
struct Armor<F>(PhantomData<F>);

trait ArmorForm {
    const BEGIN: &'static str;
    const END: &'static str;
    const WHAT: &'static str;
    const HELP: &'static str;
}

struct AgeForm;
struct SignatureForm;

impl ArmorForm for AgeForm {
    const BEGIN: &'static str = "-----BEGIN AGE ENCRYPTED FILE-----";
    const END: &'static str = "-----END AGE ENCRYPTED FILE-----";
    const WHAT: &'static str = "the value is not sealed";
    const HELP: &'static str = "`wharf secret set` seals; what stood here in clear is no secret any more: change it where it is used, too";
}

impl ArmorForm for SignatureForm {
    const BEGIN: &'static str = "-----BEGIN SSH SIGNATURE-----";
    const END: &'static str = "-----END SSH SIGNATURE-----";
    const WHAT: &'static str = "this is no signature";
    const HELP: &'static str = "remove the key, and sign the file again";
}

impl<F: ArmorForm> Read for Armor<F> {
    type Value = String;

    fn shape() -> Shape {
        Shape::of(json!({ "type": "string" }))
    }

    fn read(node: &Node, errors: &mut Errors) -> Option<String> {
        let Some(scalar) = node.scalar() else { return refuse(node, errors, "a text", Some(F::HELP)) };
        let text = scalar.text.trim_end();
        let inner = text.strip_prefix(F::BEGIN).and_then(|rest| rest.strip_suffix(F::END));
        let is_base64 = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'=' | b'\n');
        if inner.is_some_and(|inner| {
            inner.starts_with('\n')
                && inner.ends_with('\n')
                && inner.len() > 2
                && inner.bytes().all(is_base64)
        }) {
            return Some(text.to_owned());
        }
        // The key's place and not the value's, of which a line would be shown.
        let place = errors.owner().unwrap_or(node.span);
        errors.push(place, F::WHAT, Some(F::HELP.to_owned()));
        None
    }
}

fn check(raw: RawFile, errors: &mut Errors) -> Option<SealedFile> {
    let version = raw.version?;
    if version.value != 1 {
        let message = "this file was sealed by a newer wharf";
        errors.push_at(&version.place, message, Some("this one reads version 1; update it".to_owned()));
        return None;
    }
    let readers_place = raw.readers.as_ref().map(|readers| readers.place.clone());
    let readers: Vec<Reader> = raw.readers?.value.into_iter().filter_map(|raw| reader(raw.value)).collect();
    if errors.is_empty()
        && let (Err(error), Some(place)) = (check_readers(&readers), readers_place)
    {
        errors.push_at(&place, error.to_string(), None);
    }
    let secrets = raw.secrets?;
    if secrets.value.len() > MAX_SECRETS {
        let message = format!("a sealed file has at most {MAX_SECRETS} secrets");
        errors.push_at(&secrets.place, message, Some("give the pod's parts pods of their own".to_owned()));
        return None;
    }
    let secrets = secrets
        .value
        .into_iter()
        .filter_map(|(name, raw)| Some((name.value.clone(), entry(&name, raw.value)?)));
    let secrets: BTreeMap<SecretName, Entry> = secrets.collect();
    let signature = raw.signature.map(|signature| signature.value);
    Some(SealedFile { owner: raw.owner?.value, pod: raw.pod?.value, readers, secrets, signature })
}

fn reader(raw: RawReader) -> Option<Reader> {
    Some(Reader { name: raw.name?.value, key: raw.key?.value })
}

fn entry(name: &Spanned<SecretName>, raw: RawSecret) -> Option<Entry> {
    let sealed = Sealed { generation: generation(raw.generation?.value), armor: raw.value?.value };
    let previous = match raw.previous {
        Some(raw) => Some(FormerValue {
            sealed: Sealed {
                generation: generation(raw.value.generation?.value),
                armor: raw.value.value?.value,
            },
            until: raw.value.until?.value.cast_unsigned(),
        }),
        None => None,
    };
    Some(Entry { sealed, previous, line: Line(Some(name.place.line())) })
}

fn generation(number: i64) -> SecretGeneration {
    SecretGeneration(number.cast_unsigned())
}
