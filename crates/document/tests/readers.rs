//! A declared mapping: its value, its errors, its schema.

use serde_json::json;
use wharf_document::{
    Choice, Choices, Diagnostic, Errors, Flag, Integer, Limits, List, Read, Text, Word, mapping, parse,
};

#[derive(Debug, Clone, Copy, PartialEq)]
enum Colour {
    Red,
    Blue,
}

impl Choices for Colour {
    const ALL: &'static [(&'static str, Self)] = &[("red", Self::Red), ("blue", Self::Blue)];
    const ELSEWHERE: &'static [(&'static str, &'static str)] = &[("crimson", "red")];
}

mapping! {
    /// A flag
    /// on a mast.
    struct Ensign {
        /// Its colour.
        required "colour" colour: Choice<Colour>,
        /// Its size.
        optional "size" size: Integer<1, 9>,
        optional "is-up" is_up: Flag,
        /// What is on it.
        optional "words" words: List<Word>,
        optional "motto" motto: Text,
    }
    refused {
        "color" => "this is spelt `colour`",
    }
}

fn read(text: &str) -> Result<Ensign, Vec<Diagnostic>> {
    let mut errors = Errors::new();
    let ensign = parse(text, &Limits::FILE, &mut errors).and_then(|root| Ensign::read(&root, &mut errors));
    errors.finish(ensign)
}

fn errors_of(text: &str) -> Vec<String> {
    let shown = |error: &Diagnostic| {
        let help = error.help.as_deref().map(|help| format!(" ({help})")).unwrap_or_default();
        format!("{} {}: {}{help}", error.span.line, error.path, error.message)
    };
    read(text).map(|_| ()).expect_err(text).iter().map(shown).collect()
}

#[test]
fn a_fitting_mapping_is_read_with_its_places() {
    let ensign = read("colour: red\nis-up: on\nwords: [a, 0x1F, '']\n").unwrap();
    let colour = ensign.colour.unwrap();
    assert_eq!((colour.value, colour.place.path.as_str(), colour.place.line()), (Colour::Red, "colour", 1));
    assert!(ensign.is_up.unwrap().value);
    let words: Vec<String> = ensign.words.unwrap().value.into_iter().map(|word| word.value).collect();
    assert_eq!(words, ["a", "0x1F", ""]);
    assert!(ensign.size.is_none() && ensign.motto.is_none());
}

#[test]
fn every_error_is_told_with_what_is_allowed() {
    assert_eq!(
        errors_of("color: red\nsize: 10\nis-up: 'on'\nwords: [a, ~, [b]]\nmotto: 42\nsiez: 1\n"),
        [
            "1 color: there is no key `color` here (this is spelt `colour`)",
            "1 : the key `colour` is missing (add `colour:` with a value)",
            "2 size: expected a whole number from 1 to 9, found the number `10`",
            "3 is-up: expected a truth value, found the text `on` (remove the quotes)",
            "4 words[1]: expected a text, found nothing (give a value; an empty text is written `''`)",
            "4 words[2]: expected a text, found a list",
            "5 motto: expected a text, found the number `42` (quote it: `'42'`)",
            "6 siez: there is no key `siez` here (did you mean `size`?)",
        ]
    );
    assert_eq!(
        errors_of("colour: crimson\nsize: 0x2\n"),
        [
            "1 colour: expected one of `red`, `blue`, found the text `crimson` (did you mean `red`?)",
            "2 size: expected a whole number from 1 to 9, found the number `0x2` (write it in plain decimal digits)",
        ]
    );
    assert_eq!(errors_of("colour: blu\nsize: '2'\n").concat().matches("did you mean `blue`?").count(), 1);
}

#[test]
fn the_schema_says_the_same() {
    let expected = json!({
        "type": "object",
        "description": "A flag on a mast.",
        "required": ["colour"],
        "additionalProperties": false,
        "properties": {
            "colour": { "enum": ["red", "blue"], "description": "Its colour." },
            "size": { "type": "integer", "minimum": 1, "maximum": 9, "description": "Its size." },
            "is-up": { "type": "boolean" },
            "words": { "type": "array", "items": { "type": ["string", "number"] }, "description": "What is on it." },
            "motto": { "type": "string" },
        },
    });
    assert_eq!(Ensign::shape().into_json(), expected);
}
