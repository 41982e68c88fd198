//! A Rust file with its comments, texts and tests blanked out, so that a rule sees only what ships.

/// A Rust file.
#[derive(Debug, Clone)]
pub(super) struct Source {
    /// From the workspace's root.
    pub(super) path: String,
    /// As it is.
    pub(super) text: String,
    /// Of the same length and lines, with comments, texts and test modules as spaces.
    pub(super) code: String,
    /// Whether nothing in it ships: below `tests/`, or a module only of tests.
    pub(super) is_test: bool,
}

impl Source {
    pub(super) fn new(path: &str, text: &str) -> Self {
        let is_test =
            path.split('/').any(|part| part == "tests" || part == "benches") || path.ends_with("/tests.rs");
        Self {
            path: path.to_owned(),
            text: text.to_owned(),
            code: without_tests(&without_words(text)),
            is_test,
        }
    }

    /// The crate's short name: `model` for `crates/model/src/port.rs`; `xtask`, `conformance`, `fuzz`.
    pub(super) fn member(&self) -> &str {
        let mut parts = self.path.split('/');
        match parts.next() {
            Some("crates") => parts.next().unwrap_or_default(),
            first => first.unwrap_or_default(),
        }
    }

    /// The line, from 1, of a place in `code`.
    pub(super) fn line_at(&self, offset: usize) -> usize {
        self.code.get(..offset).unwrap_or_default().matches('\n').count() + 1
    }

    /// Lines on which `word` stands as a whole word.
    pub(super) fn lines_with(&self, word: &str) -> Vec<usize> {
        words(&self.code, word).map(|offset| self.line_at(offset)).collect()
    }
}

/// Marks the files of modules that are declared `#[cfg(test)] mod name;`.
pub(super) fn mark_test_files(sources: &mut [Source]) {
    let mut only_tests = Vec::new();
    for source in sources.iter() {
        for (at, _) in source.text.match_indices("#[cfg(test)]") {
            let rest =
                source.text.get(at..).unwrap_or_default().trim_start_matches("#[cfg(test)]").trim_start();
            let name = rest.strip_prefix("pub(crate) ").unwrap_or(rest).strip_prefix("mod ");
            if let Some((name, _)) = name.and_then(|rest| rest.split_once(';')) {
                only_tests.push(format!("{}/{name}.rs", module_folder(&source.path)));
            }
        }
    }
    for source in sources {
        source.is_test |= only_tests.contains(&source.path);
    }
}

/// Where a file's submodules live: beside `lib.rs` and `main.rs`, else in the folder of its name.
fn module_folder(path: &str) -> &str {
    let stem = path.strip_suffix(".rs").unwrap_or(path);
    stem.strip_suffix("/lib").or_else(|| stem.strip_suffix("/main")).unwrap_or(stem)
}

/// Places at which `word` stands as a whole word.
pub(super) fn words<'a>(code: &'a str, word: &'a str) -> impl Iterator<Item = usize> + 'a {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    code.match_indices(word).map(|(at, _)| at).filter(move |&at| {
        let before = code.get(..at).unwrap_or_default();
        let after = code.get(at + word.len()..).unwrap_or_default();
        !before.ends_with(is_word) && !after.starts_with(is_word)
    })
}

/// Comments, strings and characters become spaces; line ends stay.
fn without_words(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let length = match c {
            '/' if rest.starts_with("//") => rest.find('\n').unwrap_or(rest.len()),
            '/' if rest.starts_with("/*") => rest.find("*/").map_or(rest.len(), |at| at + 2),
            '"' => string_length(rest),
            'r' if !out.ends_with(|c: char| c.is_alphanumeric() || c == '_') => raw_string_length(rest),
            '\'' => character_length(rest),
            _ => 0,
        };
        let (blank, next) = rest.split_at(length.max(if length == 0 { c.len_utf8() } else { 0 }));
        if length == 0 {
            out.push_str(blank);
        } else {
            out.extend(blank.bytes().map(|byte| if byte == b'\n' { '\n' } else { ' ' }));
        }
        rest = next;
    }
    out
}

fn string_length(rest: &str) -> usize {
    let mut escaped = false;
    for (at, c) in rest.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    rest.len()
}

/// The length of `r"..."` or `r#"..."#`; 0 when it is none.
fn raw_string_length(rest: &str) -> usize {
    let hashes = rest.chars().skip(1).take_while(|c| *c == '#').count();
    if rest.chars().nth(1 + hashes) != Some('"') {
        return 0;
    }
    let end = format!("\"{}", "#".repeat(hashes));
    let start = hashes + 2;
    rest.get(start..).and_then(|inner| inner.find(&end)).map_or(rest.len(), |at| start + at + end.len())
}

/// The length of `'x'` or `'\n'`; 0 for a lifetime.
fn character_length(rest: &str) -> usize {
    let mut characters = rest.char_indices().skip(1);
    match characters.next() {
        Some((_, '\\')) => rest.get(2..).and_then(|inner| inner.get(1..)?.find('\'')).map_or(0, |at| at + 4),
        Some(_) => match characters.next() {
            Some((at, '\'')) => at + 1,
            _ => 0,
        },
        None => 0,
    }
}

/// Blanks what follows `#[cfg(test)]`, up to the end of its braces or its semicolon.
fn without_tests(code: &str) -> String {
    let mut out = code.to_owned();
    for (at, _) in code.match_indices("#[cfg(test)]") {
        let rest = code.get(at..).unwrap_or_default();
        let length = item_length(rest);
        let blank: String =
            rest.bytes().take(length).map(|byte| if byte == b'\n' { '\n' } else { ' ' }).collect();
        out.replace_range(at..at + length, &blank);
    }
    out
}

fn item_length(rest: &str) -> usize {
    let mut depth = 0_usize;
    for (at, c) in rest.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth <= 1 => return at + 1,
            '}' => depth -= 1,
            ';' if depth == 0 => return at + 1,
            _ => {}
        }
    }
    rest.len()
}

#[cfg(test)]
mod tests {
    use super::{Source, mark_test_files};

    #[test]
    fn blanks_comments_texts_and_tests_and_keeps_lines() {
        let text = "//! unsafe\nfn f<'a>() { let c = '\\''; let q = '\"'; g(\"unsafe \\\" x\"); /* unsafe */ }\n\
                    let r = r#\"unsafe \"quoted\" \"#; unsafe_name();\n#[cfg(test)]\nmod tests {\n  unsafe { {} }\n}\nunsafe {}\n";
        let source = Source::new("crates/model/src/lib.rs", text);
        assert_eq!(source.code.len(), text.len());
        assert_eq!(source.lines_with("unsafe"), [8]);
    }

    #[test]
    fn knows_modules_that_are_only_tests() {
        let mut sources = [
            Source::new("crates/host/src/lib.rs", "#[cfg(test)]\nmod testing;\nmod alone;"),
            Source::new("crates/host/src/testing.rs", ""),
            Source::new("crates/host/src/alone.rs", "#[cfg(test)] mod tests;"),
            Source::new("crates/host/src/alone/tests.rs", ""),
        ];
        mark_test_files(&mut sources);
        assert_eq!(sources.map(|source| source.is_test), [false, true, false, true]);
    }
}
