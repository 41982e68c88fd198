//! What dotenv files hold.

use super::*;

fn values(text: &str) -> Result<Vec<(String, String)>, String> {
    let imported = read(text.as_bytes()).map_err(|error| error.to_string())?;
    let pair = |found: &Found| {
        (found.path.join("."), String::from_utf8(found.value.bytes().to_vec()).unwrap_or_default())
    };
    Ok(imported.secrets.iter().map(pair).collect())
}

fn value(line: &str) -> String {
    values(line).unwrap().remove(0).1
}

#[test]
fn values_are_read_with_and_without_quotes() {
    for (line, expected) in [
        ("A=b", "b"),
        ("A = b ", "b"),
        ("export A=b", "b"),
        ("A=b c", "b c"),
        ("A=b#c", "b#c"),
        ("A=b # c", "b"),
        ("A=#c", "#c"),
        ("A=b\r\n", "b"),
        ("A=b=c==", "b=c=="),
        (r"A=a\nb", r"a\nb"),
        ("A='b # c'", "b # c"),
        (r"A='a\nb' # more", r"a\nb"),
        (r#"A="a\nb""#, "a\nb"),
        (r#"A="a\"b\\c\$D\e""#, "a\"b\\c$D\\e"),
        ("A=\"a\nb\r\nc\"", "a\nb\nc"),
        ("A='a\nb'", "a\nb"),
        ("A=it's", "it's"),
        ("export=x", "x"),
        ("\u{feff}A=b", "b"),
        ("A=\u{e9}", "\u{e9}"),
    ] {
        assert_eq!(value(line), expected, "{line}");
    }
}

#[test]
fn names_comments_and_empty_values() {
    let text = "# first\n\nA=1\n  B='2'\nC=\nE=\"\"\nF=3 # last";
    assert_eq!(
        values(text),
        Ok([("A", "1"), ("B", "2"), ("F", "3")].map(|(a, b)| (a.into(), b.into())).to_vec())
    );
    let left: Vec<_> =
        read(text.as_bytes()).unwrap().left_out.into_iter().map(|one| one.path.concat()).collect();
    assert_eq!(left, ["C", "E"]);
}

#[test]
fn variables_are_not_replaced_and_are_told() {
    let imported = read(b"A=${B}\nC=\"x$D\"\nE='$F'\nG=\"\\$H\"\nI=5$\nJ=$1").unwrap();
    let told: Vec<_> =
        imported.secrets.iter().map(|one| (one.path[0].as_str(), one.remark.is_some())).collect();
    assert_eq!(told, [("A", true), ("C", true), ("E", false), ("G", false), ("I", false), ("J", false)]);
    assert_eq!(imported.secrets[0].value.bytes(), b"${B}");
}

#[test]
fn mistakes_have_a_line_and_show_no_value() {
    for (text, expected) in [
        ("A=1\nhunter2 is it", "line 2: neither `NAME=value` nor a comment"),
        ("A=1\nB='hunter2", "`B` (line 2): its quote is not closed"),
        ("A=\"x\ny\"\nB=\"hunter2", "`B` (line 3): its quote is not closed"),
        ("B='a'hunter2", "`B` (line 1): something follows the closing quote"),
        ("A=1\nA=2", "`A` (line 2) is given twice, first in line 1: keep one"),
        ("=x", "line 1: a name is letters, digits, `_`, `.` and `-`, and begins with a letter or `_`"),
        (
            "A=1\n\n1A=x",
            "line 3: a name is letters, digits, `_`, `.` and `-`, and begins with a letter or `_`",
        ),
        ("\u{e4}=x", "line 1: a name is letters, digits, `_`, `.` and `-`, and begins with a letter or `_`"),
    ] {
        assert_eq!(values(text), Err(expected.to_owned()), "{text}");
    }
}
