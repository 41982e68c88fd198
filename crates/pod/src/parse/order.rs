//! Whether the containers can be started in some order: dependencies exist and never run in a circle.
//!
//! Two things order containers: `depends_on`, and a `startup_health_check`, which gates all that follows it in the file.

use super::container::CheckedContainer;
use crate::Condition;
use std::collections::HashMap;
use wharf_document::{Errors, Place, did_you_mean, quoted};
use wharf_model::ContainerName;

/// Circles that are reported; more would only repeat them.
const MOST_CIRCLES: usize = 10;
/// Names of one circle that are shown.
const MOST_NAMES: usize = 8;

/// Why one container waits for another.
#[derive(Clone, Copy)]
enum Reason<'a> {
    /// It says so, here.
    DependsOn(&'a Place),
    /// It comes after the other's `startup_health_check`.
    Gate,
}

#[derive(Clone, Copy)]
struct Edge<'a> {
    to: usize,
    reason: Reason<'a>,
}

/// Records an error for every dependency that is no member, cannot come true, or runs in a circle.
pub(super) fn check(members: &[CheckedContainer], errors: &mut Errors) {
    let index: HashMap<&ContainerName, usize> =
        members.iter().enumerate().map(|(at, member)| (&member.name.value, at)).collect();
    let edges = edges(members, &index, errors);
    for circle in circles(&edges) {
        report(members, &circle, errors);
    }
}

fn edges<'a>(
    members: &'a [CheckedContainer],
    index: &HashMap<&ContainerName, usize>,
    errors: &mut Errors,
) -> Vec<Vec<Edge<'a>>> {
    let mut gate = None;
    let mut all = Vec::with_capacity(members.len());
    for (at, member) in members.iter().enumerate() {
        let mut edges: Vec<Edge<'a>> = Vec::new();
        for (name, condition) in &member.depends_on {
            let Some(&to) = index.get(&name.value) else {
                unknown(members, &name.value, &name.place, errors);
                continue;
            };
            if *condition == Condition::Healthy && members.get(to).is_some_and(|other| other.is_unchecked) {
                let message = format!(
                    "{} never becomes healthy: its health check is switched off",
                    quoted(name.value.as_str())
                );
                errors.push_at(
                    &name.place,
                    message,
                    Some("wait for `started`, or give it a `healthcheck`".to_owned()),
                );
            }
            edges.push(Edge { to, reason: Reason::DependsOn(&name.place) });
        }
        edges.extend(gate.map(|to| Edge { to, reason: Reason::Gate }));
        if member.is_gate {
            gate = Some(at);
        }
        all.push(edges);
    }
    all
}

fn unknown(members: &[CheckedContainer], name: &ContainerName, place: &Place, errors: &mut Errors) {
    if errors.is_full() {
        return errors.push_at(place, "no such container", None);
    }
    let known = || members.iter().map(|member| member.name.value.as_str());
    let help = did_you_mean(name.as_str(), known()).unwrap_or_else(|| {
        let names: Vec<String> = known().take(MOST_NAMES).map(quoted).collect();
        format!("this pod has {}", names.join(", "))
    });
    errors.push_at(place, format!("there is no container {} in this pod", quoted(name.as_str())), Some(help));
}

/// A step of a circle: a member, and the edge that leaves it.
type Step<'a> = (usize, Edge<'a>);

/// How far the search is with a member.
#[derive(Clone, Copy, PartialEq)]
enum Mark {
    New,
    /// On the path, at this height.
    Open(usize),
    Done,
}

/// A search for circles, depth first, with a path of our own: a pod file may chain thousands of containers.
struct Search<'e, 'a> {
    edges: &'e [Vec<Edge<'a>>],
    marks: Vec<Mark>,
    /// The members from the start to here, each with how many of its edges were followed.
    path: Vec<(usize, usize)>,
    found: Vec<Vec<Step<'a>>>,
}

fn circles<'a>(edges: &[Vec<Edge<'a>>]) -> Vec<Vec<Step<'a>>> {
    let marks = vec![Mark::New; edges.len()];
    let mut search = Search { edges, marks, path: Vec::new(), found: Vec::new() };
    for start in 0..edges.len() {
        search.enter(start);
        while search.step() {}
    }
    search.found
}

impl<'a> Search<'_, 'a> {
    /// Puts a member on the path, unless it has been there.
    fn enter(&mut self, member: usize) {
        if let Some(mark @ Mark::New) = self.marks.get_mut(member) {
            *mark = Mark::Open(self.path.len());
            self.path.push((member, 0));
        }
    }

    /// Follows the next edge from the end of the path; false when the path is empty.
    fn step(&mut self) -> bool {
        let Some((here, followed)) = self.path.last_mut() else { return false };
        let Some(edge) = self.edges.get(*here).and_then(|edges| edges.get(*followed)) else {
            if let Some(mark) = self.marks.get_mut(*here) {
                *mark = Mark::Done;
            }
            self.path.pop();
            return true;
        };
        *followed += 1;
        match self.marks.get(edge.to) {
            Some(Mark::Open(height)) if self.found.len() < MOST_CIRCLES => {
                let circle =
                    self.path.iter().skip(*height).filter_map(|step| self.last_followed(*step)).collect();
                self.found.push(circle);
            }
            _ => self.enter(edge.to),
        }
        true
    }

    fn last_followed(&self, (member, followed): (usize, usize)) -> Option<Step<'a>> {
        let edge = self.edges.get(member)?.get(followed.checked_sub(1)?)?;
        Some((member, *edge))
    }
}

fn report(members: &[CheckedContainer], circle: &[Step<'_>], errors: &mut Errors) {
    let name = |at: usize| members.get(at).map_or("?", |member| member.name.value.as_str());
    let place = circle.iter().find_map(|(_, edge)| match edge.reason {
        Reason::DependsOn(place) => Some(place),
        Reason::Gate => None,
    });
    // A circle of gates alone cannot be: each points backwards in the file.
    let Some(place) = place else { return };
    let mut names: Vec<&str> = circle.iter().map(|(at, _)| name(*at)).collect();
    names.extend(names.first().copied());
    let shown: Vec<&str> = if names.len() > MOST_NAMES + 1 {
        names.iter().take(MOST_NAMES).copied().chain(["\u{2026}"]).chain(names.last().copied()).collect()
    } else {
        names
    };
    let message = format!("containers wait for one another in a circle: {}", quoted_chain(&shown));
    let help = match circle.iter().find(|(_, edge)| matches!(edge.reason, Reason::Gate)) {
        Some((at, edge)) => format!(
            "`{}` comes after `{}` in the file, and so waits for its `startup_health_check`; move it before",
            name(*at),
            name(edge.to)
        ),
        None => "remove one of these dependencies".to_owned(),
    };
    errors.push_at(place, message, Some(help));
}

fn quoted_chain(names: &[&str]) -> String {
    format!("`{}`", names.join(" -> "))
}
