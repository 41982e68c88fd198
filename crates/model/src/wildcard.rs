//! Matching with `*`, for the patterns of this crate.

/// Whether `text` is `pattern` with every `*` standing for any characters, none included.
///
/// Going back to the last `*` alone suffices, so time is at most the product of the lengths.
pub(crate) fn is_match(pattern: &str, text: &str) -> bool {
    let (mut pattern, mut text) = (pattern.as_bytes(), text.as_bytes());
    // What follows the last star, and where it was last tried.
    let mut again: Option<(&[u8], &[u8])> = None;
    loop {
        match (pattern.split_first(), text.split_first()) {
            (Some((b'*', after)), _) => {
                again = Some((after, text));
                pattern = after;
            }
            (Some((wanted, more)), Some((found, rest))) if wanted == found => {
                (pattern, text) = (more, rest);
            }
            (None, None) => return true,
            _ => {
                let Some((after, tried)) = again else { return false };
                let Some((_, rest)) = tried.split_first() else { return false };
                again = Some((after, rest));
                (pattern, text) = (after, rest);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The meaning, without any cleverness.
    fn by_definition(pattern: &str, text: &str) -> bool {
        match pattern.split_once('*') {
            None => pattern == text,
            Some((before, after)) => text.strip_prefix(before).is_some_and(|rest| {
                (0..=rest.len()).any(|at| rest.get(at..).is_some_and(|rest| by_definition(after, rest)))
            }),
        }
    }

    #[test]
    fn every_short_pattern_means_what_the_definition_says() {
        let words = |letters: &[u8], most: u32| -> Vec<String> {
            let base = letters.len();
            (0..=most)
                .flat_map(|length| {
                    (0..base.pow(length)).map(move |mut number| {
                        let mut word = String::new();
                        for _ in 0..length {
                            word.push(char::from(letters[number % base]));
                            number /= base;
                        }
                        word
                    })
                })
                .collect()
        };
        let texts = words(b"ab", 6);
        for pattern in words(b"ab*", 5) {
            for text in &texts {
                assert_eq!(is_match(&pattern, text), by_definition(&pattern, text), "{pattern} {text}");
            }
        }
    }

    #[test]
    fn many_stars_take_no_exponential_time() {
        assert!(!is_match(&"a*".repeat(64), &"a".repeat(63)));
        assert!(!is_match(&format!("{}b", "*a".repeat(60)), &"a".repeat(128)));
    }
}
