//! From the parser's events to the tree, without recursion, every bound checked on the way.

mod alias;
mod frame;
mod tag;

use crate::source::Source;
use crate::{Errors, Limits, Node, Scalar, Span, Value};
use alias::{Anchors, Budget};
use frame::{Frame, Stack};
use saphyr_parser::{Event, Parser, ScalarStyle, ScanError, StrInput, Tag};
use std::borrow::Cow;

/// Reads a text of one document. `None` when there is no tree, and then `errors` says why; there may be errors beside
/// a tree, too (a key given twice), and then the tree is only good for finding more of them.
pub fn parse(text: &str, limits: &Limits, errors: &mut Errors) -> Option<Node> {
    parse_tagged(text, limits, &[], errors)
}

/// As [`parse`], for files of other programs: a scalar with one of these tags (`!vault`) is a text.
pub fn parse_tagged(text: &str, limits: &Limits, tags: &[&str], errors: &mut Errors) -> Option<Node> {
    let source = match Source::new(text, limits) {
        Ok(source) => source,
        Err(refusal) => {
            let place = crate::Place { span: refusal.span, path: refusal.path };
            errors.push_at(&place, refusal.message, refusal.help);
            return None;
        }
    };
    Builder::new(&source, limits, tags, errors).build()
}

struct Builder<'a> {
    source: &'a Source<'a>,
    tags: &'a [&'a str],
    errors: &'a mut Errors,
    stack: Stack,
    anchors: Anchors,
    budget: Budget,
    depth: usize,
    root: Option<Node>,
}

/// An error after which the text cannot be read on; it has been recorded.
struct Stop;

impl<'a> Builder<'a> {
    fn new(source: &'a Source<'a>, limits: &Limits, tags: &'a [&'a str], errors: &'a mut Errors) -> Self {
        Self {
            source,
            tags,
            errors,
            stack: Stack::default(),
            anchors: Anchors::default(),
            budget: Budget::new(limits),
            depth: limits.depth,
            root: None,
        }
    }

    fn build(mut self) -> Option<Node> {
        let mut parser: Parser<'a, StrInput<'a>> = Parser::new_from_str(self.source.text());
        let mut documents = 0;
        while let Some(event) = parser.next_event() {
            let (event, span) = match event {
                Ok((event, span)) => (event, self.source.span(span.start, span.end)),
                Err(error) => return self.refuse_syntax(&error),
            };
            if matches!(event, Event::DocumentStart(_)) {
                documents += 1;
            }
            if documents > 1 {
                self.stop(
                    span,
                    "a second document begins here",
                    "one file holds one document; remove this `---`",
                );
                return None;
            }
            self.accept(event, span).ok()?;
        }
        self.checked_root()
    }

    fn checked_root(self) -> Option<Node> {
        let is_empty = self
            .root
            .as_ref()
            .is_none_or(|root| root.scalar().is_some_and(|scalar| scalar.meaning == crate::Meaning::Nothing));
        if is_empty {
            let start = Span { start: 0, end: 0, line: 1, column: 1 };
            self.errors.push(start, "the document is empty", None);
            return None;
        }
        self.root
    }

    fn accept(&mut self, event: Event<'_>, span: Span) -> Result<(), Stop> {
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                self.scalar(&text, style, anchor, tag.as_deref(), span)
            }
            Event::Alias(anchor) => self.alias(anchor, span),
            Event::SequenceStart(anchor, tag) => {
                let span = self.source.at_least_a_word(span);
                self.open(Frame::list(span, anchor), tag.as_ref(), "seq")
            }
            Event::MappingStart(anchor, tag) => {
                let span = self.source.at_least_a_word(span);
                self.open(Frame::map(span, anchor), tag.as_ref(), "map")
            }
            Event::SequenceEnd | Event::MappingEnd => self.close(),
            Event::Nothing
            | Event::StreamStart
            | Event::StreamEnd
            | Event::DocumentStart(_)
            | Event::DocumentEnd => Ok(()),
        }
    }

    fn scalar(
        &mut self,
        text: &str,
        style: ScalarStyle,
        anchor: usize,
        tag: Option<&Tag>,
        span: Span,
    ) -> Result<(), Stop> {
        self.charge(1, text.len(), span)?;
        let is_plain = style == ScalarStyle::Plain;
        let foreign = tag.filter(|tag| self.tags.contains(&tag.to_string().as_str()));
        let meaning = match tag::meaning(text, is_plain && foreign.is_none(), tag.xor(foreign)) {
            Ok(meaning) => meaning,
            Err(wrong) => {
                let place = self.stack.place(self.errors, span);
                self.errors.push_at(&place, wrong.message(), Some(wrong.help()));
                crate::Meaning::of_plain(text)
            }
        };
        let node = Node { span, value: Value::Scalar(Scalar { text: text.to_owned(), meaning }) };
        self.complete(node, anchor, is_plain && tag.is_none())
    }

    fn alias(&mut self, anchor: usize, span: Span) -> Result<(), Stop> {
        let Some(anchored) = self.anchors.find(anchor) else {
            return Err(self.stop(
                span,
                "this alias refers to the value that it is part of",
                "an alias can only refer to a value that ends before it",
            ));
        };
        let (cost, height) = (anchored.cost, anchored.height);
        self.charge(cost.nodes, cost.bytes, span)?;
        if self.stack.depth() + height > self.depth {
            return Err(self.too_deep(span));
        }
        let Some(node) = self.anchors.expand(anchor, span) else { return Ok(()) };
        self.complete(node, 0, false)
    }

    fn open(&mut self, frame: Frame, tag: Option<&Cow<'_, Tag>>, wanted: &str) -> Result<(), Stop> {
        let span = frame.span();
        self.charge(1, 0, span)?;
        if self.stack.depth() >= self.depth {
            return Err(self.too_deep(span));
        }
        if let Some(wrong) = tag.and_then(|tag| tag::refuse_collection(tag, wanted)) {
            let place = self.stack.place(self.errors, span);
            self.errors.push_at(&place, wrong.message(), Some(wrong.help()));
        }
        if let Some(key_span) = self.stack.open_key(span) {
            return Err(self.stop(
                key_span,
                "a key is a text, not a list or a mapping",
                "write the key as a plain word",
            ));
        }
        self.stack.push(frame);
        Ok(())
    }

    fn close(&mut self) -> Result<(), Stop> {
        match self.stack.pop() {
            Some((node, anchor)) => self.complete(node, anchor, false),
            None => Ok(()),
        }
    }

    /// Puts a finished value where it belongs. `is_bare`: it has neither quotes nor a tag, so `<<` merges.
    fn complete(&mut self, node: Node, anchor: usize, is_bare: bool) -> Result<(), Stop> {
        if anchor > 0 {
            let anchored = alias::Anchored::new(&node);
            self.charge(anchored.cost.nodes, anchored.cost.bytes, node.span)?;
            self.anchors.keep(anchor, anchored);
        }
        match self.stack.attach(node, is_bare, self.errors) {
            Ok(None) => Ok(()),
            Ok(Some(root)) => {
                self.root = Some(root);
                Ok(())
            }
            Err(span) => Err(self.stop(
                span,
                "a key is a text, not a list or a mapping",
                "write the key as a plain word",
            )),
        }
    }

    fn charge(&mut self, nodes: usize, bytes: usize, span: Span) -> Result<(), Stop> {
        self.budget
            .spend(nodes, bytes)
            .map_err(|over| self.stop(span, over, "use fewer aliases, or split the file"))
    }

    fn too_deep(&mut self, span: Span) -> Stop {
        let message = format!("nested deeper than {} levels", self.depth);
        self.stop(span, message, "nothing that is read here needs more than ten")
    }

    fn stop(&mut self, span: Span, message: impl Into<String>, help: &str) -> Stop {
        let place = self.stack.place(self.errors, span);
        self.errors.push_at(&place, message, Some(help.to_owned()));
        Stop
    }

    fn refuse_syntax(mut self, error: &ScanError) -> Option<Node> {
        let span = self.source.at_least_a_word(self.source.span(*error.marker(), *error.marker()));
        if error.info() == "recursion limit exceeded" {
            self.too_deep(span);
        } else {
            let (message, help) = explained(error.info());
            let place = crate::Place { span, path: String::new() };
            self.errors.push_at(&place, message, Some(help.to_owned()));
        }
        None
    }
}

/// The parser's message with what mostly causes it.
fn explained(info: &str) -> (String, &'static str) {
    let help = match info {
        "while parsing node, found unknown anchor" => {
            "an alias `*name` needs a value marked `&name` before it"
        }
        "mapping values are not allowed in this context" => {
            "a value that contains `: ` needs quotes; or the line is indented too far"
        }
        _ if info.contains("tab") => "indent with spaces",
        _ if info.contains("indentation") => "lines that belong together begin in the same column",
        _ if info.contains("unexpected character") => "a value that begins with this character needs quotes",
        _ if info.contains("quoted scalar") => "close the quotes",
        _ => "look at the indentation, colons and quotes here and on the line before",
    };
    (format!("this is not YAML: {info}"), help)
}
