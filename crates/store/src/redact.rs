//! What an engine or a registry says in its own words may quote what it was given: this takes values out of such text.
//!
//! It is the second line of defence. The first is that records are made of names; this one does not try to understand
//! the text, and rather loses the end of a sentence than keeps a value.

use crate::audit_record::CUT;
use std::borrow::Cow;

/// The text without accounts in URLs, without what follows `Bearer` or `Basic`, and without all that follows the first
/// `=`: nobody can say where the value of `NAME=value` ends.
pub(crate) fn redacted(text: &str) -> Cow<'_, str> {
    let mut text = Cow::Borrowed(text);
    if text.contains("://") {
        text = Cow::Owned(without_accounts(&text));
    }
    let value = text.split_once('=').filter(|(_, rest)| !matches!(*rest, "" | CUT));
    if let Some((before, _)) = value {
        text = Cow::Owned(format!("{before}={CUT}"));
    }
    for scheme in ["bearer ", "basic "] {
        if let Some(at) = text.to_ascii_lowercase().find(scheme) {
            let kept = text.get(..at + scheme.len()).unwrap_or_default();
            text = Cow::Owned(format!("{kept}{CUT}"));
        }
    }
    text
}

/// `https://user:password@host/` as `https://…@host/`. The password may hold a `/` that nobody encoded, so the last `@`
/// of the word counts.
fn without_accounts(text: &str) -> String {
    let mut parts = text.split("://");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (word, rest) = part.split_at(part.find(char::is_whitespace).unwrap_or(part.len()));
        out.push_str("://");
        match word.rsplit_once('@') {
            Some((_, host)) => out.extend([CUT, "@", host]),
            None => out.push_str(word),
        }
        out.push_str(rest);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_engines_quote_loses_its_values() {
        for (said, kept) in [
            ("invalid environment variable: =swordfish", "invalid environment variable: =…"),
            ("bad entry `PASSWORD=sword \"fish\" swordfish`", "bad entry `PASSWORD=…"),
            (
                "proxyconnect: http://bob:sword@fish@proxy:3128/x failed",
                "proxyconnect: http://…@proxy:3128/x failed",
            ),
            (
                "Get \"https://r.example/v2/x?sig=swordfish&more=swordfish\": EOF",
                "Get \"https://r.example/v2/x?sig=…",
            ),
            ("http://bob:sw/ord=fish@proxy/ refused", "http://…@proxy/ refused"),
            (
                "registry said no to Authorization: Bearer swordfish",
                "registry said no to Authorization: Bearer …",
            ),
            ("BASIC c3dvcmRmaXNo was refused", "BASIC …"),
            ("tcp://a:swordfish@b then tcp://c:swordfish@d", "tcp://…@b then tcp://…@d"),
        ] {
            assert_eq!(redacted(said), kept);
            assert_eq!(redacted(kept), kept, "again");
        }
    }

    #[test]
    fn ordinary_words_stay_as_they_are() {
        for said in
            ["port 80 is not granted; ask for it", "pull access denied for x/y", "https://r.example/v2/", ""]
        {
            assert!(matches!(redacted(said), Cow::Borrowed(_)) || redacted(said) == said);
            assert_eq!(redacted(said), said);
        }
    }
}
