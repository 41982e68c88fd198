//! `/etc/passwd` and `/etc/group` of a workstation: its user is in them, whatever image it is made of.

use crate::Person;
use std::fmt::Write as _;

/// The file with the user's line. Other lines with the number or the name go: programs take the first that fits, and the
/// user's home and shell are in it. Except for root's line, which only root takes: nobody else may have that name.
pub(crate) fn passwd(text: &str, person: &Person, shell: &str) -> String {
    let Person { user, uid, gid, .. } = person;
    let number = uid.to_string();
    let is_roots = |line: &str| *uid != 0 && line.split(':').nth(2) == Some("0");
    let goes = |line: &str| has(line, user, &number) && !is_roots(line);
    let mut lines: Vec<&str> = text.lines().filter(|line| !goes(line)).collect();
    let own = format!("{user}:x:{uid}:{gid}:{user}:{}:{shell}", person.home());
    // A workstation whose user is root keeps root's line first.
    let place = if *uid == 0 { 0 } else { lines.len() };
    lines.insert(place, &own);
    joined(&lines)
}

/// The file with a line for the user's group, when no group has its number. The user is in it by number anyhow.
pub(crate) fn group(text: &str, person: &Person) -> String {
    let Person { user, gid, group, .. } = person;
    let number = gid.to_string();
    let mut lines: Vec<&str> = text.lines().collect();
    if lines.iter().any(|line| line.split(':').nth(2) == Some(&number)) {
        return joined(&lines);
    }
    let taken = |name: &str| lines.iter().any(|line| line.split(':').next() == Some(name));
    let fallback = format!("group{gid}");
    let names = [group.as_str(), user.as_str(), fallback.as_str()];
    let name = names.into_iter().find(|name| is_name(name) && !taken(name)).unwrap_or(&fallback);
    let own = format!("{name}:x:{gid}:");
    lines.push(&own);
    joined(&lines)
}

/// What git reads for everybody: the user's own settings stand over it.
pub(crate) fn gitconfig(text: &str, name: Option<&str>, email: Option<&str>) -> String {
    let quoted =
        |value: &str| value.replace('\\', r"\\").replace('"', "\\\"").replace(['\n', '\r', '\0'], " ");
    let mut out = text.to_owned();
    if !out.is_empty() && !out.ends_with('\n') {
        out.push('\n');
    }
    out.push_str("[user]\n");
    for (key, value) in [("name", name), ("email", email)] {
        if let Some(value) = value {
            let _ = writeln!(out, "\t{key} = \"{}\"", quoted(value)); // writing to a String cannot fail
        }
    }
    out
}

fn has(line: &str, user: &str, number: &str) -> bool {
    let mut fields = line.split(':');
    fields.next() == Some(user) || fields.nth(1) == Some(number)
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.'))
}

fn joined(lines: &[&str]) -> String {
    lines.iter().flat_map(|line| [line, "\n"]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ada(uid: u32, gid: u32) -> Person {
        Person { user: "ada".into(), uid, gid, group: "people".into(), timezone: None, locale: None }
    }

    #[test]
    fn the_user_gets_a_line_in_place_of_who_has_its_number_or_name() {
        let image = "root:x:0:0:root:/root:/bin/bash\nubuntu:x:1000:1000::/home/ubuntu:/bin/sh\nada:x:7:7::/:/bin/false";
        assert_eq!(
            passwd(image, &ada(1000, 100), "/bin/bash"),
            "root:x:0:0:root:/root:/bin/bash\nada:x:1000:100:ada:/home/ada:/bin/bash\n"
        );
        assert_eq!(passwd("", &ada(1000, 100), "/bin/sh"), "ada:x:1000:100:ada:/home/ada:/bin/sh\n");
        assert_eq!(
            passwd("root:x:0:0::/root:/bin/sh\nbin:x:1:1::/:", &ada(0, 0), "/bin/sh"),
            "ada:x:0:0:ada:/home/ada:/bin/sh\nbin:x:1:1::/:\n"
        );
    }

    #[test]
    fn roots_line_stays_unless_root_lives_there() {
        let person = Person { user: "root".into(), ..ada(1000, 100) };
        assert!(passwd("root:x:0:0:root:/root:/bin/sh\n", &person, "/bin/sh").starts_with("root:x:0:0:"));
    }

    #[test]
    fn a_group_is_added_when_none_has_the_number() {
        assert_eq!(group("root:x:0:\nusers:x:100:bob\n", &ada(1000, 100)), "root:x:0:\nusers:x:100:bob\n");
        assert_eq!(group("root:x:0:\n", &ada(1000, 100)), "root:x:0:\npeople:x:100:\n");
        assert_eq!(group("people:x:5:\n", &ada(1000, 100)), "people:x:5:\nada:x:100:\n");
        assert_eq!(
            group("people:x:5:\nada:x:6:\n", &ada(1000, 100)),
            "people:x:5:\nada:x:6:\ngroup100:x:100:\n"
        );
    }

    #[test]
    fn git_is_told_the_name_whatever_is_in_it() {
        assert_eq!(
            gitconfig("[core]\n\tx = y", Some("Ada \"Countess\" L\\\nx"), None),
            "[core]\n\tx = y\n[user]\n\tname = \"Ada \\\"Countess\\\" L\\\\ x\"\n"
        );
    }
}
