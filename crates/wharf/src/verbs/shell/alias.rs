//! `wharf shell alias`: functions for bash, zsh and fish that make a workstation's name a word, with live completion.

use crate::args::AliasShell;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::setting::Setting;
use crate::show;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use wharf_workstation::WorkstationName;

/// Words that every shell has already, and that nobody means to lose.
const TAKEN: [&str; 18] = [
    "alias", "bg", "cd", "command", "complete", "echo", "eval", "exec", "exit", "export", "fg", "function",
    "ls", "set", "source", "test", "type", "wharf",
];

pub(super) fn run(
    setting: &Setting<'_>,
    names: &[String],
    shell: Option<AliasShell>,
) -> Result<Exit, Failure> {
    let names = names.iter().map(|name| named(name)).collect::<Result<Vec<_>, _>>()?;
    let shell = match shell {
        Some(shell) => shell,
        None => usual(setting)?,
    };
    let program = program(setting)?;
    let script = match shell {
        AliasShell::Bash => BASH,
        AliasShell::Zsh => ZSH,
        AliasShell::Fish => FISH,
    };
    show::print(script.replace("@PROGRAM@", &program).trim_end());
    for name in names {
        show::print(&one(shell, &name).replace("@PROGRAM@", &program));
    }
    Ok(Exit::Done)
}

fn named(text: &str) -> Result<WorkstationName, Failure> {
    let name = super::named(text)?;
    if TAKEN.contains(&name.as_str()) {
        return Err(Failure::usage(format!("`{name}` is a word of the shell's own"))
            .hint(format!("`wharf shell {name}` works without an alias")));
    }
    Ok(name)
}

fn usual(setting: &Setting<'_>) -> Result<AliasShell, Failure> {
    let shell = setting.heeded("SHELL").unwrap_or_default();
    match Path::new(shell).file_name().and_then(|name| name.to_str()) {
        Some("bash") => Ok(AliasShell::Bash),
        Some("zsh") => Ok(AliasShell::Zsh),
        Some("fish") => Ok(AliasShell::Fish),
        _ => Err(Failure::usage("$SHELL names neither bash, zsh nor fish")
            .hint("`--shell bash` says which one is meant")),
    }
}

/// By its name where that finds it, so that the alias outlives the next version's place.
fn program(setting: &Setting<'_>) -> Result<String, Failure> {
    let here = std::env::current_exe().map_err(|error| Failure::of(Exit::Failed, &error))?;
    let found = setting.heeded("PATH").and_then(|path| {
        std::env::split_paths(path).map(|folder| folder.join("wharf")).find(|program| is_program(program))
    });
    Ok(match found.and_then(|found| found.canonicalize().ok()) {
        Some(found) if found == here => "wharf".to_owned(),
        _ => quoted(&here),
    })
}

fn is_program(path: &Path) -> bool {
    path.metadata().is_ok_and(|meta| meta.is_file() && meta.permissions().mode() & 0o111 != 0)
}

/// As one word of bash, zsh and fish. In single quotes only fish's backslash means something, and nobody has one there.
fn quoted(path: &Path) -> String {
    let text = path.display().to_string();
    let plain = text.chars().all(|c| c.is_ascii_alphanumeric() || "/_.-+".contains(c));
    if plain { text } else { format!("'{}'", text.replace('\'', "'\"'\"'")) }
}

/// The function of one workstation, and that its words are completed.
fn one(shell: AliasShell, name: &WorkstationName) -> String {
    match shell {
        AliasShell::Bash => format!(
            "function {name} {{ command @PROGRAM@ shell {name} \"$@\"; }}\n\
             complete -o bashdefault -o default -F _wharf_workstation {name}"
        ),
        AliasShell::Zsh => format!(
            "function {name} {{ command @PROGRAM@ shell {name} \"$@\" }}\n\
             (( $+functions[compdef] )) && compdef _wharf_workstation {name}"
        ),
        AliasShell::Fish => format!(
            "function {name} --description 'the workstation {name}'\n    command @PROGRAM@ shell {name} $argv\nend\n\
             complete --command {name} --erase\n\
             complete --command {name} --no-files --keep-order --arguments '(_wharf_workstation)'\n\
             complete --command {name} --long-option backup --require-parameter --force-files\n\
             complete --command {name} --long-option restore --require-parameter --force-files"
        ),
    }
}

/// What stands before the cursor is given to the program, which prints what may follow; nothing: the shell offers files.
const BASH: &str = r#"_wharf_workstation() {
    mapfile -t COMPREPLY < <(command @PROGRAM@ shell complete -- "${COMP_WORDS[@]:0:COMP_CWORD+1}" 2>/dev/null)
}"#;

const ZSH: &str = r#"_wharf_workstation() {
    local -a found
    found=("${(@f)$(command @PROGRAM@ shell complete -- "${(@)words[1,CURRENT]}" 2>/dev/null)}")
    found=("${(@)found:#}")
    if (( $#found )); then compadd -a found; else _files; fi
}"#;

const FISH: &str = r"function _wharf_workstation
    command @PROGRAM@ shell complete -- (commandline --tokenize --cut-at-cursor --current-process) (commandline --current-token --cut-at-cursor) 2>/dev/null
end";
