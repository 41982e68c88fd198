//! The document's own words inside messages: shortened, escaped, and compared with what was probably meant.

/// Characters of the text that a message repeats.
const SHOWN: usize = 60;
/// Characters of a message; ours are shorter, but other crates' messages may repeat what was written.
const LONGEST_MESSAGE: usize = 1000;
/// Longer keys are never compared: nobody misspells `image` in a hundred characters.
const COMPARED: usize = 40;

/// The text in backticks, fit for a terminal: control characters escaped, long texts cut.
pub fn quoted(text: &str) -> String {
    format!("`{}`", shortened(text))
}

/// The text without backticks, cut and escaped as in [`quoted`].
pub(crate) fn shortened(text: &str) -> String {
    let mut shown: String = text.chars().take(SHOWN).flat_map(escaped).collect();
    if text.chars().nth(SHOWN).is_some() {
        shown.push('\u{2026}');
    }
    shown
}

/// A whole message, made fit for a terminal whatever words went into it.
pub(crate) fn harmless(message: &str) -> String {
    let mut shown: String = message.chars().take(LONGEST_MESSAGE).flat_map(escaped).collect();
    if message.chars().nth(LONGEST_MESSAGE).is_some() {
        shown.push('\u{2026}');
    }
    shown
}

fn escaped(c: char) -> impl Iterator<Item = char> {
    let harmless = matches!(c, '\'' | '"' | '\\');
    let mut escape = c.escape_debug();
    std::iter::from_fn({
        let mut literal = harmless.then_some(c);
        move || if harmless { literal.take() } else { escape.next() }
    })
}

/// "did you mean `x`?", when one of `known` is close to what was written.
pub fn did_you_mean<'a>(written: &str, known: impl IntoIterator<Item = &'a str>) -> Option<String> {
    if written.chars().nth(COMPARED).is_some() {
        return None;
    }
    let folded = written.to_lowercase().replace('-', "_");
    let allowed = 1 + written.chars().count() / 4;
    known
        .into_iter()
        .map(|name| (strsim::osa_distance(&folded, &name.to_lowercase().replace('-', "_")), name))
        .filter(|(distance, _)| *distance <= allowed)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| format!("did you mean `{}`?", shortened(name)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shown_is_short_and_shows_no_control_character() {
        assert_eq!(quoted("it's"), "`it's`");
        assert_eq!(quoted("a\u{1b}[31m\n"), "`a\\u{1b}[31m\\n`");
        assert_eq!(quoted(&"x".repeat(61)), format!("`{}\u{2026}`", "x".repeat(60)));
        assert_eq!(quoted(&"x".repeat(60)), format!("`{}`", "x".repeat(60)));
    }

    #[test]
    fn the_closest_known_word_is_offered() {
        let keys = ["image", "mounts", "update_image", "cpu-shares"];
        assert_eq!(did_you_mean("imgae", keys), Some("did you mean `image`?".into()));
        assert_eq!(did_you_mean("cpu_shares", keys), Some("did you mean `cpu-shares`?".into()));
        assert_eq!(did_you_mean("volumes", keys), None);
        assert_eq!(did_you_mean(&"image".repeat(1000), keys), None);
    }
}
