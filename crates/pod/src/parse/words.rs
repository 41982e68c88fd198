//! A command line as words, split as a shell splits them, with nothing expanded.
//!
//! Our own, because the crates that do this drop what follows a ` #` as a comment, and moby-derp keeps it.

/// The words, or `None` when a quote is not closed or the text ends in a backslash.
pub(super) fn split(text: &str) -> Option<Vec<String>> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        match c {
            ' ' | '\t' | '\n' | '\r' => words.extend(word.take()),
            '\'' => single_quoted(&mut rest, word.get_or_insert_default())?,
            '"' => double_quoted(&mut rest, word.get_or_insert_default())?,
            '\\' => match rest.next()? {
                '\n' => {}
                escaped => word.get_or_insert_default().push(escaped),
            },
            plain => word.get_or_insert_default().push(plain),
        }
    }
    words.extend(word);
    Some(words)
}

fn single_quoted(rest: &mut std::str::Chars<'_>, word: &mut String) -> Option<()> {
    loop {
        match rest.next()? {
            '\'' => return Some(()),
            c => word.push(c),
        }
    }
}

fn double_quoted(rest: &mut std::str::Chars<'_>, word: &mut String) -> Option<()> {
    loop {
        match rest.next()? {
            '"' => return Some(()),
            '\\' => match rest.next()? {
                '\n' => {}
                c @ ('$' | '`' | '"' | '\\') => word.push(c),
                c => word.extend(['\\', c]),
            },
            c => word.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_splits_as_in_a_shell() {
        let words = |text: &str| split(text).map(|words| words.join("|"));
        assert_eq!(words("--foo=bar  --wombat\n"), Some("--foo=bar|--wombat".into()));
        assert_eq!(words("sh -c 'echo \"$HOME\" \\'"), Some("sh|-c|echo \"$HOME\" \\".into()));
        assert_eq!(words(r#"a\ b "c \"d\" \x" ''"#), Some("a b|c \"d\" \\x|".into()));
        assert_eq!(words("a\\\nb"), Some("ab".into()));
        assert_eq!(words("--password #1"), Some("--password|#1".into()));
        assert_eq!(words("  "), Some(String::new()));
        assert_eq!(words("it's"), None);
        assert_eq!(words("\"a"), None);
        assert_eq!(words("a\\"), None);
    }
}
