//! Completion of `wharf shell`: names of workstations and terminals are asked for when the key is pressed, which the
//! scripts made from the arguments alone cannot do.

use clap_complete::Shell;

/// The script, completing what follows `wharf shell` by [`super::complete`].
pub(crate) fn hooked(shell: Shell, script: &str) -> String {
    match shell {
        Shell::Bash => format!("{script}\n{BASH}"),
        Shell::Zsh => script.replacen("_wharf() {\n", ZSH, 1),
        Shell::Fish => format!("{script}\n{FISH}"),
        _ => script.to_owned(),
    }
}

const BASH: &str = r#"
_wharf_live() {
    if [[ ${COMP_WORDS[1]} == shell ]] && ((COMP_CWORD > 1)); then
        mapfile -t COMPREPLY < <(command "${COMP_WORDS[0]}" shell complete -- "${COMP_WORDS[@]:2:COMP_CWORD-1}" 2>/dev/null)
        ((${#COMPREPLY[@]})) && return
    fi
    _wharf "$@"
}
complete -F _wharf_live -o bashdefault -o default wharf"#;

const ZSH: &str = r#"_wharf() {
    if [[ ${words[2]} == shell ]] && (( CURRENT > 2 )); then
        local -a live
        live=("${(@f)$(command "${words[1]}" shell complete -- "${(@)words[3,CURRENT]}" 2>/dev/null)}")
        live=("${(@)live:#}")
        if (( $#live )); then compadd -a live; return; fi
    fi
"#;

const FISH: &str = "complete -c wharf -n '__fish_seen_subcommand_from shell' -k -a \
                    '(command wharf shell complete -- (commandline -opc)[3..] (commandline -ct) 2>/dev/null)'";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::args::Cli;
    use clap::CommandFactory;

    #[test]
    fn every_script_asks_for_what_lives() {
        for shell in [Shell::Bash, Shell::Zsh, Shell::Fish] {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Cli::command(), "wharf", &mut script);
            let script = String::from_utf8(script).unwrap();
            assert!(hooked(shell, &script).contains("shell complete -- "), "{shell}");
        }
    }
}
