//! The lists and mappings that are open while the tree is built.

use crate::{Entry, Errors, Key, Node, Place, Span, Value, quoted};
use std::collections::{HashMap, HashSet};

/// The open lists and mappings, outermost first.
#[derive(Default)]
pub(super) struct Stack(Vec<Frame>);

/// A list or mapping that has begun and not ended.
pub(super) struct Frame {
    span: Span,
    anchor: usize,
    content: Content,
}

enum Content {
    List(Vec<Node>),
    Map(OpenMap),
}

#[derive(Default)]
struct OpenMap {
    slots: Vec<Slot>,
    seen: HashMap<String, Span>,
    pending: Option<Pending>,
}

enum Slot {
    Entry(Entry),
    /// `<<` with what it brings in.
    Merge(Vec<Entry>),
}

/// A key whose value has not come yet.
enum Pending {
    Key(Key),
    /// Given before: its value is dropped.
    Again(Key),
    Merge(Span),
}

impl Frame {
    pub(super) fn list(span: Span, anchor: usize) -> Self {
        Self { span, anchor, content: Content::List(Vec::new()) }
    }

    pub(super) fn map(span: Span, anchor: usize) -> Self {
        Self { span, anchor, content: Content::Map(OpenMap::default()) }
    }

    pub(super) fn span(&self) -> Span {
        self.span
    }
}

impl Stack {
    pub(super) fn depth(&self) -> usize {
        self.0.len()
    }

    pub(super) fn push(&mut self, frame: Frame) {
        self.0.push(frame);
    }

    /// The place of a collection that begins where a mapping wants a key.
    pub(super) fn open_key(&self, span: Span) -> Option<Span> {
        match self.0.last().map(|frame| &frame.content) {
            Some(Content::Map(map)) if map.pending.is_none() => Some(span),
            _ => None,
        }
    }

    /// The finished value of the innermost frame, with its anchor.
    pub(super) fn pop(&mut self) -> Option<(Node, usize)> {
        let frame = self.0.pop()?;
        let value = match frame.content {
            Content::List(items) => Value::List(items),
            Content::Map(map) => Value::Map(map.close()),
        };
        Some((Node { span: frame.span, value }, frame.anchor))
    }

    /// Puts a value into the innermost frame; hands it back when there is none, for it is the root then.
    /// `Err` is the place of a key that is not a scalar.
    pub(super) fn attach(
        &mut self,
        node: Node,
        is_bare: bool,
        errors: &mut Errors,
    ) -> Result<Option<Node>, Span> {
        let Some(frame) = self.0.last_mut() else { return Ok(Some(node)) };
        let wrong = match &mut frame.content {
            Content::List(items) => {
                items.push(node);
                None
            }
            Content::Map(map) => match map.pending.take() {
                None => map.begin(node, is_bare)?,
                Some(pending) => map.fill(pending, node),
            },
        };
        if let Some(wrong) = wrong {
            let place = self.place(errors, wrong.span);
            errors.push_at(&place, wrong.message, Some(wrong.help));
        }
        Ok(None)
    }

    /// The place of `span` in the tree as far as it has been built.
    pub(super) fn place(&self, errors: &mut Errors, span: Span) -> Place {
        fn below(frames: &[Frame], errors: &mut Errors, span: Span) -> Place {
            match frames.split_first() {
                None => errors.place(span),
                Some((frame, inner)) => match &frame.content {
                    Content::List(items) => {
                        errors.under_index(items.len(), span, |errors| below(inner, errors, span))
                    }
                    Content::Map(map) => match map.pending_text() {
                        Some(key) => errors.under_key(key, span, |errors| below(inner, errors, span)),
                        None => below(inner, errors, span),
                    },
                },
            }
        }
        below(&self.0, errors, span)
    }
}

/// An error that does not end the reading.
struct Wrong {
    span: Span,
    message: String,
    help: String,
}

impl OpenMap {
    fn pending_text(&self) -> Option<&str> {
        match &self.pending {
            Some(Pending::Key(key) | Pending::Again(key)) => Some(&key.text),
            Some(Pending::Merge(_)) => Some("<<"),
            None => None,
        }
    }

    /// Takes the node as the next key.
    fn begin(&mut self, node: Node, is_bare: bool) -> Result<Option<Wrong>, Span> {
        let Value::Scalar(scalar) = node.value else { return Err(node.span) };
        let key = Key { text: scalar.text, span: node.span };
        let is_merge = is_bare && key.text == "<<";
        if let Some(first) = self.seen.get(&key.text) {
            let message = format!("the key {} is given twice", quoted(&key.text));
            let help = format!("it is first given at line {}, column {}; keep one", first.line, first.column);
            let wrong = Wrong { span: key.span, message, help };
            self.pending = Some(Pending::Again(key));
            return Ok(Some(wrong));
        }
        self.seen.insert(key.text.clone(), key.span);
        self.pending = Some(if is_merge { Pending::Merge(key.span) } else { Pending::Key(key) });
        Ok(None)
    }

    fn fill(&mut self, pending: Pending, value: Node) -> Option<Wrong> {
        match pending {
            Pending::Key(key) => self.slots.push(Slot::Entry(Entry { key, value })),
            Pending::Again(_) => {}
            Pending::Merge(span) => match merged(value) {
                Some(entries) => self.slots.push(Slot::Merge(entries)),
                None => {
                    return Some(Wrong {
                        span,
                        message: "`<<` takes a mapping, or a list of mappings".to_owned(),
                        help: "write `<<: *name`, where `&name` marks a mapping; or quote the key".to_owned(),
                    });
                }
            },
        }
        None
    }

    /// The entries, what `<<` brings in where it stands; what is written out wins over it, and so does what comes
    /// first in a list of mappings.
    fn close(self) -> Vec<Entry> {
        let has_merge = self.slots.iter().any(|slot| matches!(slot, Slot::Merge(_)));
        let written = if has_merge { self.seen } else { HashMap::new() };
        let mut brought: HashSet<String> = HashSet::new();
        let mut entries = Vec::with_capacity(self.slots.len());
        for slot in self.slots {
            match slot {
                Slot::Entry(entry) => entries.push(entry),
                Slot::Merge(merged) => entries.extend(merged.into_iter().filter(|entry| {
                    !written.contains_key(&entry.key.text) && brought.insert(entry.key.text.clone())
                })),
            }
        }
        entries
    }
}

fn merged(value: Node) -> Option<Vec<Entry>> {
    match value.value {
        Value::Map(entries) => Some(entries),
        Value::List(items) => {
            let maps = items.into_iter().map(|item| match item.value {
                Value::Map(entries) => Some(entries),
                Value::Scalar(_) | Value::List(_) => None,
            });
            maps.collect::<Option<Vec<_>>>().map(|maps| maps.into_iter().flatten().collect())
        }
        Value::Scalar(_) => None,
    }
}
