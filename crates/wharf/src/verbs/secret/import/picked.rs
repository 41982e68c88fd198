//! Which of the values that were found are taken, and what they are called here.

use crate::failure::Failure;
use crate::show;
use std::collections::BTreeMap;
use wharf_import::{ClearValue, Found, Remark, named};
use wharf_model::SecretName;

/// A value that is taken.
pub(super) struct Picked {
    pub(super) name: SecretName,
    /// Keys with dots between.
    pub(super) from: String,
    line: usize,
    pub(super) value: ClearValue,
    pub(super) remark: Option<Remark>,
}

impl Picked {
    pub(super) fn line(&self) -> Option<usize> {
        (self.line > 0).then_some(self.line)
    }
}

struct Rename {
    old: String,
    new: SecretName,
    is_used: bool,
}

/// Those that are wanted, with names of their own, in the order of the file.
pub(super) fn pick(found: Vec<Found>, only: &[String], renames: &[String]) -> Result<Vec<Picked>, Failure> {
    let mut renames = renames.iter().map(|text| rename(text)).collect::<Result<Vec<_>, _>>()?;
    let mut unused: Vec<&String> = only.iter().collect();
    let mut picked: Vec<Picked> = Vec::new();
    let mut taken = BTreeMap::new();
    for one in found {
        let from = one.path.join(".");
        let by_rule = named(&one.path);
        let is_called = |said: &str| said == from || by_rule.as_ref().is_ok_and(|name| name.as_str() == said);
        let renamed = renames.iter_mut().find(|rename| is_called(&rename.old));
        let new = renamed.map(|rename| {
            rename.is_used = true;
            rename.new.clone()
        });
        let is_meant = |said: &str| is_called(said) || new.as_ref().is_some_and(|new| new.as_str() == said);
        if !only.is_empty() && !only.iter().any(|said| is_meant(said)) {
            continue;
        }
        unused.retain(|said| !is_meant(said));
        let name = match (new, by_rule) {
            (Some(new), _) => new,
            (None, Ok(name)) => name,
            (None, Err(error)) => {
                let message = format!("`{}` gives no secret's name: {error}", show::one_line(&from));
                return Err(Failure::usage(message)
                    .hint("`--rename OLD=NEW` gives it one; `--only NAME` takes others"));
            }
        };
        if let Some(first) = taken.insert(name.clone(), from.clone()) {
            let message = format!(
                "`{}` and `{}` would both be called `{name}`",
                show::one_line(&first),
                show::one_line(&from)
            );
            return Err(Failure::usage(message).hint("`--rename OLD=NEW` gives one of them another name"));
        }
        picked.push(Picked { name, from, line: one.line, value: one.value, remark: one.remark });
    }
    let unused = unused.first().map(|said| said.as_str());
    let unused =
        unused.or_else(|| renames.iter().find(|rename| !rename.is_used).map(|rename| rename.old.as_str()));
    match unused {
        Some(said) => Err(Failure::usage(format!("there is no `{said}` in the file"))
            .hint("`--dry-run` alone shows what there is")),
        None => Ok(picked),
    }
}

fn rename(text: &str) -> Result<Rename, Failure> {
    let (old, new) = text.split_once('=').ok_or_else(|| {
        Failure::usage(format!("`{text}` renames nothing")).hint("such as `--rename db.password=db-password`")
    })?;
    let name =
        new.parse().map_err(|error| Failure::usage(format!("`{new}` is no secret's name: {error}")))?;
    Ok(Rename { old: old.to_owned(), new: name, is_used: false })
}

#[cfg(test)]
mod tests {
    use super::*;
    use zeroize::Zeroizing;

    fn found(path: &str) -> Found {
        let value = ClearValue::new(Zeroizing::new(b"x".to_vec()));
        Found { path: path.split('.').map(str::to_owned).collect(), line: 1, value, remark: None }
    }

    fn names(paths: &[&str], only: &[&str], renames: &[&str]) -> Result<Vec<String>, String> {
        let owned = |list: &[&str]| list.iter().map(ToString::to_string).collect::<Vec<_>>();
        let picked = pick(paths.iter().map(|path| found(path)).collect(), &owned(only), &owned(renames));
        picked
            .map(|all| all.iter().map(|one| one.name.to_string()).collect())
            .map_err(|failure| failure.message)
    }

    #[test]
    fn names_follow_the_rule_or_what_was_said() {
        assert_eq!(names(&["db.password", "KEY"], &[], &[]).unwrap(), ["db-password", "KEY"]);
        assert_eq!(
            names(&["db.password", "KEY"], &[], &["KEY=key", "db-password=db"]).unwrap(),
            ["db", "key"]
        );
        for only in ["db.password", "db-password", "db"] {
            assert_eq!(
                names(&["db.password", "KEY"], &[only], &["db.password=db"]).unwrap(),
                ["db"],
                "{only}"
            );
        }
    }

    #[test]
    fn what_is_said_and_does_not_fit_is_refused() {
        assert_eq!(
            names(&["a.b", "a-b"], &[], &[]).unwrap_err(),
            "`a.b` and `a-b` would both be called `a-b`"
        );
        assert_eq!(names(&["a.b", "a-b"], &[], &["a.b=c"]).unwrap(), ["c", "a-b"]);
        assert_eq!(names(&["a"], &["b"], &[]).unwrap_err(), "there is no `b` in the file");
        assert_eq!(names(&["a"], &[], &["b=c"]).unwrap_err(), "there is no `b` in the file");
        assert_eq!(names(&["a"], &[], &["b"]).unwrap_err(), "`b` renames nothing");
        assert!(names(&["…"], &[], &[]).unwrap_err().starts_with("`…` gives no secret's name"));
        assert_eq!(names(&["…"], &[], &["…=dots"]).unwrap(), ["dots"]);
        assert!(names(&["a"], &[], &["a=b c"]).unwrap_err().starts_with("`b c` is no secret's name"));
    }
}
