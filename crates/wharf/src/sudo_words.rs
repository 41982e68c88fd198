//! The command line of somebody who came through sudo.
//!
//! In a sudoers line, `*` matches spaces, too: `wharf up */blog.yml` lets a caller say `wharf up --config=x /a/blog.yml`
//! or `wharf up /a/evil.yml /b/blog.yml`. So options are taken only before the verb, where that line cannot match, and
//! after it every word is taken as it is: exactly one file for `up`, and it is the file even if it begins with `--`.

use crate::args::takes_value;
use crate::exit::Exit;
use crate::failure::Failure;
use clap::Command;
use std::ffi::{OsStr, OsString};

/// Program and options before the verb, with this verb instead: for reading those options by themselves.
pub(crate) fn options_alone(
    words: &[OsString],
    command: &Command,
    verb: &str,
) -> Result<Vec<OsString>, Failure> {
    let (options, _) = split_options(words.get(1..).unwrap_or_default(), command)?;
    let program = words.first().cloned().unwrap_or_else(|| "wharf".into());
    Ok(std::iter::once(program).chain(options.iter().cloned()).chain([verb.into()]).collect())
}

/// The words in the order in which the parser can read nothing else into them: program, verb, options, `--`, the rest.
pub(crate) fn arrange(words: &[OsString], command: &Command) -> Result<Vec<OsString>, Failure> {
    let program = words.first().cloned().unwrap_or_else(|| "wharf".into());
    let (options, rest) = split_options(words.get(1..).unwrap_or_default(), command)?;
    let Some((verb, operands)) = rest.split_first() else {
        return Ok(std::iter::once(program).chain(options.iter().cloned()).collect());
    };
    // Help reaches no engine, and no pod is called `--help`.
    let asks_for_help = matches!(operands, [word] if word == "--help" || word == "-h");
    if verb == "help" || asks_for_help {
        return Ok(words.to_vec());
    }
    if verb == "shell" {
        return Err(crate::verbs::shell::on_behalf());
    }
    if verb == "secret" {
        return Err(crate::verbs::secret::on_behalf());
    }
    check_is_for_them(verb)?;
    check_count(verb, operands)?;
    let mut arranged = vec![program, verb.clone()];
    arranged.extend(options.iter().cloned());
    if !operands.is_empty() {
        arranged.push("--".into());
        arranged.extend(operands.iter().cloned());
    }
    Ok(arranged)
}

/// Verbs of verbs are about the host, or about one's own files: nothing of theirs is done on somebody's behalf.
fn check_is_for_them(verb: &OsStr) -> Result<(), Failure> {
    let Some(verb @ ("host" | "ca" | "cert" | "tenant" | "engine" | "context")) = verb.to_str() else {
        return Ok(());
    };
    Err(Failure::new(Exit::Denied, format!("denied: under sudo, `wharf {verb}` is for administrators"))
        .hint("list yourself under `admins` in /etc/wharf/host.yml, or use a root shell"))
}

/// The options before the verb, values included, and what follows them.
fn split_options<'a>(
    words: &'a [OsString],
    command: &Command,
) -> Result<(&'a [OsString], &'a [OsString]), Failure> {
    let mut at = 0;
    while let Some(word) = words.get(at) {
        let text = word.as_encoded_bytes();
        if text == b"--" {
            return Err(Failure::usage("`--` before the verb means nothing; name the verb"));
        }
        if !text.starts_with(b"-") {
            break;
        }
        at += if is_followed_by_value(word, command) { 2 } else { 1 };
    }
    Ok(words.split_at(at.min(words.len())))
}

/// Whether this option's value is the next word, by the options of all verbs together.
fn is_followed_by_value(word: &OsStr, command: &Command) -> bool {
    let Some(text) = word.to_str() else { return false };
    let all = command.get_subcommands().flat_map(Command::get_arguments).chain(command.get_arguments());
    let mut valued = all.filter(|argument| takes_value(argument) && !argument.is_positional());
    match text.strip_prefix("--") {
        Some(long) => valued.any(|argument| argument.get_long() == Some(long)),
        // `-qH url`: the last letter of a bundle may take the next word.
        None => valued.any(|argument| text.len() > 1 && argument.get_short() == text.chars().last()),
    }
}

/// How many words may follow each verb. More could only come from a `*` that matched a space.
fn check_count(verb: &OsStr, operands: &[OsString]) -> Result<(), Failure> {
    let (least, most, what) = match verb.to_str() {
        Some("up" | "plan" | "check") => (1, 1, "exactly one pod file"),
        Some("down" | "ps") => (1, 1, "exactly one pod"),
        Some("logs") => (1, 2, "a pod, and perhaps a container"),
        Some("exec") => (3, usize::MAX, "a pod, a container and a command"),
        _ => return Ok(()),
    };
    let names_a_pod = !matches!(verb.to_str(), Some("up" | "plan" | "check"));
    if let Some(option) =
        operands.first().filter(|word| names_a_pod && word.as_encoded_bytes().starts_with(b"-"))
    {
        let (option, verb) = (option.to_string_lossy(), verb.to_string_lossy());
        return Err(Failure::usage(format!("under sudo, a pod stands after `wharf {verb}`, not `{option}`"))
            .hint(format!("options stand before the verb: `sudo wharf {option} {verb} ...`")));
    }
    if (least..=most).contains(&operands.len()) {
        return Ok(());
    }
    let verb = verb.to_string_lossy();
    let message = format!("under sudo, `wharf {verb}` takes {what} after it");
    Err(Failure::usage(message)
        .hint(format!("options stand before the verb: `sudo wharf --json {verb} ...`")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::args::Cli;
    use clap::CommandFactory;

    fn arranged(line: &[&str]) -> Result<Vec<String>, String> {
        let words: Vec<OsString> = line.iter().map(OsString::from).collect();
        let arranged = arrange(&words, &Cli::command()).map_err(|failure| failure.message)?;
        Ok(arranged.into_iter().map(|word| word.into_string().unwrap()).collect())
    }

    #[test]
    fn options_are_taken_before_the_verb_and_nothing_after_it() {
        assert_eq!(arranged(&["wharf", "up", "x.yml"]).unwrap(), ["wharf", "up", "--", "x.yml"]);
        assert_eq!(
            arranged(&["wharf", "--json", "ps", "blog"]).unwrap(),
            ["wharf", "ps", "--json", "--", "blog"]
        );
        assert_eq!(
            arranged(&["wharf", "--config", "c", "-H", "unix:///s", "--host=x", "up", "f"]).unwrap(),
            ["wharf", "up", "--config", "c", "-H", "unix:///s", "--host=x", "--", "f"]
        );
        assert_eq!(
            arranged(&["wharf", "up", "--config=x/my-pod.yml"]).unwrap(),
            ["wharf", "up", "--", "--config=x/my-pod.yml"]
        );
        assert_eq!(
            arranged(&["wharf", "-n", "5", "logs", "blog"]).unwrap(),
            ["wharf", "logs", "-n", "5", "--", "blog"]
        );
    }

    #[test]
    fn a_second_word_after_up_is_refused() {
        let refused = "under sudo, `wharf up` takes exactly one pod file after it";
        assert_eq!(arranged(&["wharf", "up", "evil.yml", "my-pod.yml"]).unwrap_err(), refused);
        assert_eq!(arranged(&["wharf", "up", "--config", "c", "my-pod.yml"]).unwrap_err(), refused);
        assert_eq!(arranged(&["wharf", "up", "--", "my-pod.yml"]).unwrap_err(), refused);
        assert_eq!(arranged(&["wharf", "up"]).unwrap_err(), refused);
        assert!(arranged(&["wharf", "--", "up", "my-pod.yml"]).is_err());
    }
}
