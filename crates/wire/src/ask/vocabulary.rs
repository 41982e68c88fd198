//! The reader's vocabulary as rows: every route, parameter, header and field that it knows, and how each stands. For
//! documents, and for the test that nothing the engine describes is missing.

use crate::ask::field::{self, Field, Inner, Standing};
use crate::ask::query::{Param, ParamKind};
use crate::ask::table::{Body, Class, Entry, TABLE};

/// One row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// `GET`; `*` is every method.
    pub method: &'static str,
    /// `{id}` is one segment of a path, `{name...}` is one or more.
    pub template: &'static str,
    /// What of it.
    pub part: Part,
    /// How it stands.
    pub standing: Standing,
}

/// What of a route.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// The route itself.
    Route,
    /// A query parameter.
    Query(&'static str),
    /// A header beyond those of every request.
    Header(&'static str),
    /// An archive as body.
    Archive,
    /// A field of the body, such as `HostConfig.Mounts.[].Type`; `[]` is an item of a list, `*` a key of a map.
    Field(String),
}

/// All rows, in the table's order.
pub fn vocabulary() -> Vec<Row> {
    TABLE.iter().copied().flatten().flat_map(rows).collect()
}

/// How a route of the engine's stands, whatever its names are called; `None` when it is not known.
pub fn route_standing(method: &str, template: &str) -> Option<Standing> {
    find(method, template).map(|entry| match &entry.class {
        Class::Denied(why) => Standing::Denied(*why),
        Class::Answered { .. } => Standing::Said,
    })
}

/// How a field of a route's body stands, whatever is around it; `None` when it is not known.
pub fn field_standing(method: &str, template: &str, path: &str) -> Option<Standing> {
    let path: Vec<&str> = path.split('.').collect();
    match &find(method, template)?.class {
        Class::Denied(why) => Some(Standing::Denied(*why)),
        Class::Answered { body: Body::Json(_, fields), .. } => field::standing(fields, &path),
        Class::Answered { .. } => None,
    }
}

fn find(method: &str, template: &str) -> Option<&'static Entry> {
    let same = |entry: &&Entry| same_path(entry.template, template);
    TABLE.iter().copied().flatten().filter(same).find(|entry| entry.method == method || entry.method == "*")
}

fn same_path(ours: &str, theirs: &str) -> bool {
    let kind = |part: &str| if part.starts_with('{') { "{}".to_owned() } else { part.to_owned() };
    ours.split('/').map(kind).eq(theirs.split('/').map(kind))
}

fn rows(entry: &'static Entry) -> Vec<Row> {
    let row = |part, standing| Row { method: entry.method, template: entry.template, part, standing };
    let (params, body) = match &entry.class {
        Class::Denied(why) => return vec![row(Part::Route, Standing::Denied(*why))],
        Class::Answered { params, body, .. } => (params, body),
    };
    let mut rows = vec![row(Part::Route, Standing::Said)];
    rows.extend(params.iter().map(|param| row(Part::Query(param.name), param_standing(param))));
    if matches!(entry.name, "image-pull" | "image-push" | "distribution") {
        rows.push(row(Part::Header("X-Registry-Auth"), Standing::Said));
    }
    match body {
        Body::Archive => rows.push(row(Part::Archive, Standing::Said)),
        Body::Json(_, fields) => {
            let mut all = Vec::new();
            walk(fields, "", &mut all);
            rows.extend(all.into_iter().map(|(path, standing)| row(Part::Field(path), standing)));
        }
        Body::None | Body::Empty => {}
    }
    rows
}

fn param_standing(param: &Param) -> Standing {
    match param.kind {
        ParamKind::Once | ParamKind::Many => Standing::Said,
        ParamKind::Ignored => Standing::Ignored,
        ParamKind::Denied(why) => Standing::Denied(why),
    }
}

fn walk(fields: &'static [Field], before: &str, all: &mut Vec<(String, Standing)>) {
    for field in fields {
        let path = format!("{before}{}", field.name);
        all.push((path.clone(), field.standing));
        match field.inner {
            Inner::Value => {}
            Inner::Object(inner) => walk(inner, &format!("{path}."), all),
            Inner::List(inner) => walk(inner, &format!("{path}.[]."), all),
            Inner::Map(inner) => walk(inner, &format!("{path}.*."), all),
            Inner::MapOfLists(inner) => walk(inner, &format!("{path}.*.[]."), all),
        }
    }
}
