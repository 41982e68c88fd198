//! Anchored values, and the budget that keeps their expansion finite ("billion laughs").

use crate::{Limits, Node, Span, Value};
use std::collections::HashMap;

/// What may still be put into the tree.
pub(super) struct Budget {
    nodes: usize,
    bytes: usize,
    nodes_at_first: usize,
    bytes_at_first: usize,
}

/// What a value costs each time it is used.
#[derive(Clone, Copy, Default)]
pub(super) struct Cost {
    pub(super) nodes: usize,
    pub(super) bytes: usize,
}

/// A value that aliases may refer to.
pub(super) struct Anchored {
    node: Node,
    pub(super) cost: Cost,
    /// Levels of nesting; 0 for a scalar.
    pub(super) height: usize,
}

/// The anchored values that are complete, by the parser's number for them.
#[derive(Default)]
pub(super) struct Anchors(HashMap<usize, Anchored>);

impl Budget {
    pub(super) fn new(limits: &Limits) -> Self {
        Self {
            nodes: limits.nodes,
            bytes: limits.scalar_bytes,
            nodes_at_first: limits.nodes,
            bytes_at_first: limits.scalar_bytes,
        }
    }

    /// Takes away, or says what there was too much of.
    pub(super) fn spend(&mut self, nodes: usize, bytes: usize) -> Result<(), String> {
        let nodes = self.nodes.checked_sub(nodes).ok_or_else(|| {
            format!("more than {} values in this document, aliases counted each time", self.nodes_at_first)
        })?;
        let bytes = self.bytes.checked_sub(bytes).ok_or_else(|| {
            format!(
                "more than {} bytes of values in this document, aliases counted each time",
                self.bytes_at_first
            )
        })?;
        (self.nodes, self.bytes) = (nodes, bytes);
        Ok(())
    }
}

impl Anchored {
    /// Recursion is bounded by the depth that the tree was built with.
    pub(super) fn new(node: &Node) -> Self {
        let (mut cost, mut height) = (Cost::default(), 0);
        measure(node, 0, &mut cost, &mut height);
        Self { node: node.clone(), cost, height }
    }
}

fn measure(node: &Node, level: usize, cost: &mut Cost, height: &mut usize) {
    cost.nodes += 1;
    match &node.value {
        Value::Scalar(scalar) => cost.bytes += scalar.text.len(),
        Value::List(items) => {
            *height = (*height).max(level + 1);
            for item in items {
                measure(item, level + 1, cost, height);
            }
        }
        Value::Map(entries) => {
            *height = (*height).max(level + 1);
            for entry in entries {
                cost.nodes += 1;
                cost.bytes += entry.key.text.len();
                measure(&entry.value, level + 1, cost, height);
            }
        }
    }
}

impl Anchors {
    pub(super) fn keep(&mut self, anchor: usize, anchored: Anchored) {
        self.0.insert(anchor, anchored);
    }

    pub(super) fn find(&self, anchor: usize) -> Option<&Anchored> {
        self.0.get(&anchor)
    }

    /// A copy of the value, said to stand where the alias stands.
    pub(super) fn expand(&self, anchor: usize, span: Span) -> Option<Node> {
        let anchored = self.0.get(&anchor)?;
        Some(Node { span, value: anchored.node.value.clone() })
    }
}
