//! One form for what YAML, JSON and flat files hold, in the order of the file. Values are wiped when they are
//! dropped; what the parsers copy on their way is not, which is why the program lets nobody dump its memory.

use crate::error::Position;
use crate::{ImportError, MAX_SECRETS, limits};
use wharf_document::{Errors, Meaning, Node, Value, parse_tagged};
use zeroize::Zeroizing;

/// Longest path, keys together: each value below it carries all of it.
const MAX_PATH_BYTES: usize = 4096;

/// A value and what is below it.
pub(crate) enum Tree {
    Nothing,
    Scalar(Scalar),
    List(Vec<Tree>),
    Map(Vec<(String, Tree)>),
}

/// A value that has none below it.
pub(crate) struct Scalar {
    pub(crate) text: Zeroizing<String>,
    pub(crate) kind: Kind,
    /// From 1; 0 where it is not known.
    pub(crate) line: usize,
}

/// What YAML or JSON takes a value for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Text,
    Flag,
    Integer,
    Float,
}

/// A value with the way to it.
pub(crate) struct Leaf<'a> {
    /// Keys, and items' numbers.
    pub(crate) path: &'a [String],
    /// Keys alone, as SOPS counts them.
    pub(crate) keys: &'a [String],
    pub(crate) scalar: Option<&'a Scalar>,
}

impl Leaf<'_> {
    pub(crate) fn place(&self) -> Position {
        Position::of(&self.path.join("."), self.scalar.map_or(0, |scalar| scalar.line))
    }
}

impl Tree {
    /// Reads YAML. `is_secret`: the text is in clear, so that errors say only where they are.
    pub(crate) fn of_yaml(text: &str, tags: &[&str], is_secret: bool) -> Result<Self, ImportError> {
        let mut errors = Errors::new();
        let node = parse_tagged(text, &limits::YAML, tags, &mut errors);
        errors.finish(node).map(Self::of_node).map_err(|list| {
            let first = list.first();
            ImportError::NotYaml {
                place: Position::line(first.map_or(0, |error| error.span.line)),
                reason: first.filter(|_| !is_secret).map_or_else(String::new, |error| error.message.clone()),
            }
        })
    }

    fn of_node(node: Node) -> Self {
        match node.value {
            Value::List(items) => Self::List(items.into_iter().map(Self::of_node).collect()),
            Value::Map(entries) => Self::Map(
                entries.into_iter().map(|entry| (entry.key.text, Self::of_node(entry.value))).collect(),
            ),
            Value::Scalar(scalar) => {
                let kind = match scalar.meaning {
                    Meaning::Nothing => return Self::Nothing,
                    Meaning::Flag(_) => Kind::Flag,
                    Meaning::Integer => Kind::Integer,
                    Meaning::Float => Kind::Float,
                    Meaning::Text => Kind::Text,
                };
                Self::Scalar(Scalar { text: Zeroizing::new(scalar.text), kind, line: node.span.line })
            }
        }
    }

    pub(crate) fn map(&self) -> Option<&[(String, Self)]> {
        match self {
            Self::Map(entries) => Some(entries),
            Self::Nothing | Self::Scalar(_) | Self::List(_) => None,
        }
    }

    /// The value of a key.
    pub(crate) fn key(&self, name: &str) -> Option<&Self> {
        self.map()?.iter().find(|(key, _)| key == name).map(|(_, value)| value)
    }

    pub(crate) fn text(&self) -> Option<&str> {
        match self {
            Self::Scalar(scalar) => Some(&scalar.text),
            Self::Nothing | Self::List(_) | Self::Map(_) => None,
        }
    }

    /// Calls `each` with every value in the order of the file, at most `most` times.
    pub(crate) fn walk<E>(&self, most: usize, each: &mut E) -> Result<(), ImportError>
    where
        E: FnMut(&Leaf<'_>) -> Result<(), ImportError>,
    {
        let mut way = Way { path: Vec::new(), keys: Vec::new(), bytes: 0, left: most };
        way.walk(self, each)
    }
}

struct Way {
    path: Vec<String>,
    keys: Vec<String>,
    bytes: usize,
    left: usize,
}

impl Way {
    /// Recursion is bounded by the depth that the readers allow.
    fn walk<E>(&mut self, tree: &Tree, each: &mut E) -> Result<(), ImportError>
    where
        E: FnMut(&Leaf<'_>) -> Result<(), ImportError>,
    {
        match tree {
            Tree::Nothing => self.leaf(None, each),
            Tree::Scalar(scalar) => self.leaf(Some(scalar), each),
            Tree::List(items) => {
                for (index, item) in items.iter().enumerate() {
                    self.path.push(index.to_string());
                    self.walk(item, each)?;
                    self.path.pop();
                }
                Ok(())
            }
            Tree::Map(entries) => {
                for (key, value) in entries {
                    self.bytes = self.bytes.saturating_add(key.len());
                    if self.bytes > MAX_PATH_BYTES {
                        let what = "the names of the keys above this value are too long";
                        let place = Position::of(&self.path.join("."), 0);
                        return Err(ImportError::SopsValue { place, what });
                    }
                    self.path.push(key.clone());
                    self.keys.push(key.clone());
                    self.walk(value, each)?;
                    self.path.pop();
                    self.keys.pop();
                    self.bytes = self.bytes.saturating_sub(key.len());
                }
                Ok(())
            }
        }
    }

    fn leaf<E>(&mut self, scalar: Option<&Scalar>, each: &mut E) -> Result<(), ImportError>
    where
        E: FnMut(&Leaf<'_>) -> Result<(), ImportError>,
    {
        self.left = self.left.checked_sub(1).ok_or(ImportError::TooMany)?;
        each(&Leaf { path: &self.path, keys: &self.keys, scalar })
    }
}

/// Values that are looked at; of these at most [`MAX_SECRETS`] are taken.
pub(crate) const MAX_LEAVES: usize = 16 * MAX_SECRETS;
