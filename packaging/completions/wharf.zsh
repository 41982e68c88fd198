#compdef wharf

autoload -U is-at-least

_wharf() {
    if [[ ${words[2]} == shell ]] && (( CURRENT > 2 )); then
        local -a live
        live=("${(@f)$(command "${words[1]}" shell complete -- "${(@)words[3,CURRENT]}" 2>/dev/null)}")
        live=("${(@)live:#}")
        if (( $#live )); then compadd -a live; return; fi
    fi
    typeset -A opt_args
    typeset -a _arguments_options
    local ret=1

    if is-at-least 5.2; then
        _arguments_options=(-s -S -C)
    else
        _arguments_options=(-s -C)
    fi

    local context curcontext="$curcontext" state line
    _arguments "${_arguments_options[@]}" : \
'--config=[Host configuration \[default\: /etc/wharf/host.yml, or \$WHARF_HOST_CONFIG\]]:FILE:_files' \
'-H+[Engine, as unix\:///path, tcp\://host\:port or ssh\://user@host \[default\: \$DOCKER_HOST, the current docker context, the usual sockets\]]:URL:_default' \
'--host=[Engine, as unix\:///path, tcp\://host\:port or ssh\://user@host \[default\: \$DOCKER_HOST, the current docker context, the usual sockets\]]:URL:_default' \
'--state-dir=[Where locks and the audit trail lie \[default\: /var/lib/wharf, or \$WHARF_STATE_DIR\]]:DIR:_files' \
'--trust-environment[Under sudo\: heed DOCKER_HOST, WHARF_* and other variables (for an administrator'\''s wrapper script)]' \
'--json[Print results as JSON]' \
'-q[Say nothing but errors]' \
'--quiet[Say nothing but errors]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
'-V[Print version]' \
'--version[Print version]' \
":: :_wharf_commands" \
"*::: :->wharf" \
&& ret=0
    case $state in
    (wharf)
        words=($line[1] "${words[@]}")
        (( CURRENT += 1 ))
        curcontext="${curcontext%:*:*}:wharf-command-$line[1]:"
        case $line[1] in
            (up)
_arguments "${_arguments_options[@]}" : \
'--config=[Host configuration \[default\: /etc/wharf/host.yml, or \$WHARF_HOST_CONFIG\]]:FILE:_files' \
'-H+[Engine, as unix\:///path, tcp\://host\:port or ssh\://user@host \[default\: \$DOCKER_HOST, the current docker context, the usual sockets\]]:URL:_default' \
'--host=[Engine, as unix\:///path, tcp\://host\:port or ssh\://user@host \[default\: \$DOCKER_HOST, the current docker context, the usual sockets\]]:URL:_default' \
'--state-dir=[Where locks and the audit trail lie \[default\: /var/lib/wharf, or \$WHARF_STATE_DIR\]]:DIR:_files' \
'--wait[Wait while another wharf works on the same pod]' \
'--trust-environment[Under sudo\: heed DOCKER_HOST, WHARF_* and other variables (for an administrator'\''s wrapper script)]' \
'--json[Print results as JSON]' \
'-q[Say nothing but errors]' \
'--quiet[Say nothing but errors]' \
'-h[Print help]' \
'--help[Print help]' \
'*::files -- Pod files:_files' \
&& ret=0
;;
(plan)
_arguments "${_arguments_options[@]}" : \
'--config=[Host configuration \[default\: /etc/wharf/host.yml, or \$WHARF_HOST_CONFIG\]]:FILE:_files' \
'-H+[Engine, as unix\:///path, tcp\://host\:port or ssh\://user@host \[default\: \$DOCKER_HOST, the current docker context, the usual sockets\]]:URL:_default' \
'--host=[Engine, as unix\:///path, tcp\://host\:port or ssh\://user@host \[default\: \$DOCKER_HOST, the current docker context, the usual sockets\]]:URL:_default' \
'--state-dir=[Where locks and the audit trail lie \[default\: /var/lib/wharf, or \$WHARF_STATE_DIR\]]:DIR:_files' \
'--detailed-exit-code[Exit with 2 when there are changes, as Terraform does]' \
'--trust-environment[Under sudo\: heed DOCKER_HOST, WHARF_* and other variables (for an administrator'\''s wrapper script)]' \
'--json[Print results as JSON]' \
'-q[Say nothing but errors]' \
'--quiet[Say nothing but errors]' \
'-h[Print help]' \
'--help[Print help]' \
'*::files -- Pod files:_files' \
&& ret=0
;;
(down)
_arguments "${_arguments_options[@]}" : \
'--config=[Host configuration \[default\: /etc/wharf/host.yml, or \$WHARF_HOST_CONFIG\]]:FILE:_files' \
'-H+[Engine, as unix\:///path, tcp\://host\:port or ssh\://user@host \[default\: \$DOCKER_HOST, the current docker context, the usual sockets\]]:URL:_default' \
'--host=[Engine, as unix\:///path, tcp\://host\:port or ssh\://user@host \[default\: \$DOCKER_HOST, the current docker context, the usual sockets\]]:URL:_default' \
'--state-dir=[Where locks and the audit trail lie \[default\: /var/lib/wharf, or \$WHARF_STATE_DIR\]]:DIR:_files' \
'--wait[Wait while another wharf works on the same pod]' \
'--trust-environment[Under sudo\: heed DOCKER_HOST, WHARF_* and other variables (for an administrator'\''s wrapper script)]' \
'--json[Print results as JSON]' \
'-q[Say nothing but errors]' \
'--quiet[Say nothing but errors]' \
'-h[Print help]' \
'--help[Print help]' \
'*::pods -- Pods:_default' \
&& ret=0
;;
(ps)
_arguments "${_arguments_options[@]}" : \
'--config=[Host configuration \[default\: /etc/wharf/host.yml, or \$WHARF_HOST_CONFIG\]]:FILE:_files' \
'-H+[Engine, as unix\:///path, tcp\://host\:port or ssh\://user@host \[default\: \$DOCKER_HOST, the current docker context, the usual sockets\]]:URL:_default' \
'--host=[Engine, as unix\:///path, tcp\://host\:port or ssh\://user@host \[default\: \$DOCKER_HOST, the current docker context, the usual sockets\]]:URL:_default' \
'--state-dir=[Where locks and the audit trail lie \[default\: /var/lib/wharf, or \$WHARF_STATE_DIR\]]:DIR:_files' \
'--trust-environment[Under sudo\: heed DOCKER_HOST, WHARF_* and other variables (for an administrator'\''s wrapper script)]' \
'--json[Print results as JSON]' \
'-q[Say nothing but errors]' \
'--quiet[Say nothing but errors]' \
'-h[Print help]' \
'--help[Print help]' \
'::pod -- Only this pod:_default' \
&& ret=0
;;
(logs)
_arguments "${_arguments_options[@]}" : \
'-n+[Only the last lines of each]:LINES:_default' \
'--tail=[Only the last lines of each]:LINES:_default' \
'--config=[Host configuration \[default\: /etc/wharf/host.yml, or \$WHARF_HOST_CONFIG\]]:FILE:_files' \
'-H+[Engine, as unix\:///path, tcp\://host\:port or ssh\://user@host \[default\: \$DOCKER_HOST, the current docker context, the usual sockets\]]:URL:_default' \
'--host=[Engine, as unix\:///path, tcp\://host\:port or ssh\://user@host \[default\: \$DOCKER_HOST, the current docker context, the usual sockets\]]:URL:_default' \
'--state-dir=[Where locks and the audit trail lie \[default\: /var/lib/wharf, or \$WHARF_STATE_DIR\]]:DIR:_files' \
'-f[Stay for what is yet to come]' \
'--follow[Stay for what is yet to come]' \
'-t[With the time of each line]' \
'--timestamps[With the time of each line]' \
'--trust-environment[Under sudo\: heed DOCKER_HOST, WHARF_* and other variables (for an administrator'\''s wrapper script)]' \
'--json[Print results as JSON]' \
'-q[Say nothing but errors]' \
'--quiet[Say nothing but errors]' \
'-h[Print help]' \
'--help[Print help]' \
':pod -- The pod:_default' \
'::container -- Only this container:_default' \
&& ret=0
;;
(exec)
_arguments "${_arguments_options[@]}" : \
'--config=[Host configuration \[default\: /etc/wharf/host.yml, or \$WHARF_HOST_CONFIG\]]:FILE:_files' \
'-H+[Engine, as unix\:///path, tcp\://host\:port or ssh\://user@host \[default\: \$DOCKER_HOST, the current docker context, the usual sockets\]]:URL:_default' \
'--host=[Engine, as unix\:///path, tcp\://host\:port or ssh\://user@host \[default\: \$DOCKER_HOST, the current docker context, the usual sockets\]]:URL:_default' \
'--state-dir=[Where locks and the audit trail lie \[default\: /var/lib/wharf, or \$WHARF_STATE_DIR\]]:DIR:_files' \
'-i[Pass input on]' \
'--interactive[Pass input on]' \
'-t[With a terminal]' \
'--tty[With a terminal]' \
'--trust-environment[Under sudo\: heed DOCKER_HOST, WHARF_* and other variables (for an administrator'\''s wrapper script)]' \
'--json[Print results as JSON]' \
'-q[Say nothing but errors]' \
'--quiet[Say nothing but errors]' \
'-h[Print help]' \
'--help[Print help]' \
':pod -- The pod:_default' \
':container -- The container:_default' \
'*::command -- The command and its words:_default' \
&& ret=0
;;
(check)
_arguments "${_arguments_options[@]}" : \
'--config=[Host configuration \[default\: /etc/wharf/host.yml, or \$WHARF_HOST_CONFIG\]]:FILE:_files' \
'-H+[Engine, as unix\:///path, tcp\://host\:port or ssh\://user@host \[default\: \$DOCKER_HOST, the current docker context, the usual sockets\]]:URL:_default' \
'--host=[Engine, as unix\:///path, tcp\://host\:port or ssh\://user@host \[default\: \$DOCKER_HOST, the current docker context, the usual sockets\]]:URL:_default' \
'--state-dir=[Where locks and the audit trail lie \[default\: /var/lib/wharf, or \$WHARF_STATE_DIR\]]:DIR:_files' \
'--trust-environment[Under sudo\: heed DOCKER_HOST, WHARF_* and other variables (for an administrator'\''s wrapper script)]' \
'--json[Print results as JSON]' \
'-q[Say nothing but errors]' \
'--quiet[Say nothing but errors]' \
'-h[Print help]' \
'--help[Print help]' \
'*::files -- Pod files:_files' \
&& ret=0
;;
(doctor)
_arguments "${_arguments_options[@]}" : \
'--config=[Host configuration \[default\: /etc/wharf/host.yml, or \$WHARF_HOST_CONFIG\]]:FILE:_files' \
'-H+[Engine, as unix\:///path, tcp\://host\:port or ssh\://user@host \[default\: \$DOCKER_HOST, the current docker context, the usual sockets\]]:URL:_default' \
'--host=[Engine, as unix\:///path, tcp\://host\:port or ssh\://user@host \[default\: \$DOCKER_HOST, the current docker context, the usual sockets\]]:URL:_default' \
'--state-dir=[Where locks and the audit trail lie \[default\: /var/lib/wharf, or \$WHARF_STATE_DIR\]]:DIR:_files' \
'--trust-environment[Under sudo\: heed DOCKER_HOST, WHARF_* and other variables (for an administrator'\''s wrapper script)]' \
'--json[Print results as JSON]' \
'-q[Say nothing but errors]' \
'--quiet[Say nothing but errors]' \
'-h[Print help]' \
'--help[Print help]' \
&& ret=0
;;
(audit)
_arguments "${_arguments_options[@]}" : \
'--tenant=[Only this tenant'\''s]:TENANT:_default' \
'--user=[Only this account'\''s, in a tenant or under sudo]:ACCOUNT:_default' \
'--since=[Only from then on\: a day or a time in UTC, or a span before now]:TIME|DURATION:_default' \
'--object=[Only about this container, image, pod, network or volume, by its name, or by its id or the first 12 digits]:NAME:_default' \
'-n+[Only the last records]:RECORDS:_default' \
'--tail=[Only the last records]:RECORDS:_default' \
'--config=[Host configuration \[default\: /etc/wharf/host.yml, or \$WHARF_HOST_CONFIG\]]:FILE:_files' \
'-H+[Engine, as unix\:///path, tcp\://host\:port or ssh\://user@host \[default\: \$DOCKER_HOST, the current docker context, the usual sockets\]]:URL:_default' \
'--host=[Engine, as unix\:///path, tcp\://host\:port or ssh\://user@host \[default\: \$DOCKER_HOST, the current docker context, the usual sockets\]]:URL:_default' \
'--state-dir=[Where locks and the audit trail lie \[default\: /var/lib/wharf, or \$WHARF_STATE_DIR\]]:DIR:_files' \
'--denied[Only what was denied]' \
'-f[Stay for what is yet to come]' \
'--follow[Stay for what is yet to come]' \
'--trust-environment[Under sudo\: heed DOCKER_HOST, WHARF_* and other variables (for an administrator'\''s wrapper script)]' \
'--json[Print results as JSON]' \
'-q[Say nothing but errors]' \
'--quiet[Say nothing but errors]' \
'-h[Print help]' \
'--help[Print help]' \
&& ret=0
;;
(resume)
_arguments "${_arguments_options[@]}" : \
'--config=[Host configuration \[default\: /etc/wharf/host.yml, or \$WHARF_HOST_CONFIG\]]:FILE:_files' \
'-H+[Engine, as unix\:///path, tcp\://host\:port or ssh\://user@host \[default\: \$DOCKER_HOST, the current docker context, the usual sockets\]]:URL:_default' \
'--host=[Engine, as unix\:///path, tcp\://host\:port or ssh\://user@host \[default\: \$DOCKER_HOST, the current docker context, the usual sockets\]]:URL:_default' \
'--state-dir=[Where locks and the audit trail lie \[default\: /var/lib/wharf, or \$WHARF_STATE_DIR\]]:DIR:_files' \
'--trust-environment[Under sudo\: heed DOCKER_HOST, WHARF_* and other variables (for an administrator'\''s wrapper script)]' \
'--json[Print results as JSON]' \
'-q[Say nothing but errors]' \
'--quiet[Say nothing but errors]' \
'-h[Print help]' \
'--help[Print help]' \
&& ret=0
;;
(serve)
_arguments "${_arguments_options[@]}" : \
'--ca-passphrase-file=[File with the passphrase of a sealed authority'\''s key, so that people can join and renew \[default\: \$WHARF_CA_PASSPHRASE_FILE, or systemd'\''s credential \`ca-passphrase\`\]]:FILE:_files' \
'--config=[Host configuration \[default\: /etc/wharf/host.yml, or \$WHARF_HOST_CONFIG\]]:FILE:_files' \
'-H+[Engine, as unix\:///path, tcp\://host\:port or ssh\://user@host \[default\: \$DOCKER_HOST, the current docker context, the usual sockets\]]:URL:_default' \
'--host=[Engine, as unix\:///path, tcp\://host\:port or ssh\://user@host \[default\: \$DOCKER_HOST, the current docker context, the usual sockets\]]:URL:_default' \
'--state-dir=[Where locks and the audit trail lie \[default\: /var/lib/wharf, or \$WHARF_STATE_DIR\]]:DIR:_files' \
'--trust-environment[Under sudo\: heed DOCKER_HOST, WHARF_* and other variables (for an administrator'\''s wrapper script)]' \
'--json[Print results as JSON]' \
'-q[Say nothing but errors]' \
'--quiet[Say nothing but errors]' \
'-h[Print help]' \
'--help[Print help]' \
&& ret=0
;;
(pins)
_arguments "${_arguments_options[@]}" : \
'--config=[Host configuration \[default\: /etc/wharf/host.yml, or \$WHARF_HOST_CONFIG\]]:FILE:_files' \
'-H+[Engine, as unix\:///path, tcp\://host\:port or ssh\://user@host \[default\: \$DOCKER_HOST, the current docker context, the usual sockets\]]:URL:_default' \
'--host=[Engine, as unix\:///path, tcp\://host\:port or ssh\://user@host \[default\: \$DOCKER_HOST, the current docker context, the usual sockets\]]:URL:_default' \
'--state-dir=[Where locks and the audit trail lie \[default\: /var/lib/wharf, or \$WHARF_STATE_DIR\]]:DIR:_files' \
'--trust-environment[Under sudo\: heed DOCKER_HOST, WHARF_* and other variables (for an administrator'\''s wrapper script)]' \
'--json[Print results as JSON]' \
'-q[Say nothing but errors]' \
'--quiet[Say nothing but errors]' \
'-h[Print help]' \
'--help[Print help]' \
&& ret=0
;;
(shell)
_arguments "${_arguments_options[@]}" : \
'*--install=[Add packages to the file, make the image anew and have the workstation use it]:PACKAGE:_default' \
'--restore=[Put an archive made by \`--backup\` into the home]:FILE:_files' \
'--kill=[End a terminal and forget it]:TTY:_default' \
'--backup=[Write the home to a file, as a tar archive; compressed where the name ends in .gz or .tgz, \`-\` for standard output]:FILE:_files' \
'--clone=[Make another workstation with the same file and a copy of the home]:NEW:_default' \
'--join=[Have a docker context to a gateway inside, with the line that \`wharf cert lease\` or \`wharf invite\` printed]:CONTEXT:_default' \
'--context=[The docker context, although another is current]:CONTEXT:_default' \
'--image=[For a new workstation\: what it is made of]:IMAGE:_default' \
'-H+[Engine, as unix\:///path, tcp\://host\:port or ssh\://user@host \[default\: \$DOCKER_HOST, the current docker context, the usual sockets\]]:URL:_default' \
'--host=[Engine, as unix\:///path, tcp\://host\:port or ssh\://user@host \[default\: \$DOCKER_HOST, the current docker context, the usual sockets\]]:URL:_default' \
'--state-dir=[Where locks and the audit trail lie \[default\: /var/lib/wharf, or \$WHARF_STATE_DIR\]]:DIR:_files' \
'--config[Ask the questions of the first time again]' \
'--clean[Forget the file; the workstation stays, and is found again by its label]' \
'--build[Make or pull the image anew]' \
'--upgrade[A new container of the newest image on the same home]' \
'--start[Start the workstation, or the terminal that is named]' \
'--stop[Stop the workstation, or the terminal that is named]' \
'--restart[Stop and start]' \
'--destroy[Remove the workstation and its home, after a backup]' \
'--status[Show the workstation and its terminals]' \
'--ls[List terminals only]' \
'--sync[Copy the folders of the file'\''s \`sync\` into the home]' \
'--dev-sync[As --sync, and again whenever something changes, until Ctrl-C]' \
'--view[Watch a terminal without typing into it]' \
'-A[Offer the own ssh-agent inside while attached]' \
'-y[Ask nothing\: take what would be offered]' \
'--yes[Ask nothing\: take what would be offered]' \
'--no-backup[Destroy without a backup]' \
'--trust-environment[Under sudo\: heed DOCKER_HOST, WHARF_* and other variables (for an administrator'\''s wrapper script)]' \
'--json[Print results as JSON]' \
'-q[Say nothing but errors]' \
'--quiet[Say nothing but errors]' \
'-h[Print help]' \
'--help[Print help]' \
':name -- The workstation:_default' \
'::session -- The terminal in it:_default' \
'::command -- One command instead of a terminal:_default' \
":: :_wharf__subcmd__shell_commands" \
"*::: :->shell" \
&& ret=0

    case $state in
    (shell)
        words=($line[4] "${words[@]}")
        (( CURRENT += 1 ))
        curcontext="${curcontext%:*:*}:wharf-shell-command-$line[4]:"
        case $line[4] in
            (ls)
_arguments "${_arguments_options[@]}" : \
'-H+[Engine, as unix\:///path, tcp\://host\:port or ssh\://user@host \[default\: \$DOCKER_HOST, the current docker context, the usual sockets\]]:URL:_default' \
'--host=[Engine, as unix\:///path, tcp\://host\:port or ssh\://user@host \[default\: \$DOCKER_HOST, the current docker context, the usual sockets\]]:URL:_default' \
'--state-dir=[Where locks and the audit trail lie \[default\: /var/lib/wharf, or \$WHARF_STATE_DIR\]]:DIR:_files' \
'--trust-environment[Under sudo\: heed DOCKER_HOST, WHARF_* and other variables (for an administrator'\''s wrapper script)]' \
'--json[Print results as JSON]' \
'-q[Say nothing but errors]' \
'--quiet[Say nothing but errors]' \
'-h[Print help]' \
'--help[Print help]' \
&& ret=0
;;
(alias)
_arguments "${_arguments_options[@]}" : \
'--shell=[For which shell \[default\: as \$SHELL says\]]:SHELL:((bash\:"bash"
zsh\:"zsh"
fish\:"fish"))' \
'-H+[Engine, as unix\:///path, tcp\://host\:port or ssh\://user@host \[default\: \$DOCKER_HOST, the current docker context, the usual sockets\]]:URL:_default' \
'--host=[Engine, as unix\:///path, tcp\://host\:port or ssh\://user@host \[default\: \$DOCKER_HOST, the current docker context, the usual sockets\]]:URL:_default' \
'--state-dir=[Where locks and the audit trail lie \[default\: /var/lib/wharf, or \$WHARF_STATE_DIR\]]:DIR:_files' \
'--trust-environment[Under sudo\: heed DOCKER_HOST, WHARF_* and other variables (for an administrator'\''s wrapper script)]' \
'--json[Print results as JSON]' \
'-q[Say nothing but errors]' \
'--quiet[Say nothing but errors]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
'*::names -- Workstations:_default' \
&& ret=0
;;
(complete)
_arguments "${_arguments_options[@]}" : \
'-H+[Engine, as unix\:///path, tcp\://host\:port or ssh\://user@host \[default\: \$DOCKER_HOST, the current docker context, the usual sockets\]]:URL:_default' \
'--host=[Engine, as unix\:///path, tcp\://host\:port or ssh\://user@host \[default\: \$DOCKER_HOST, the current docker context, the usual sockets\]]:URL:_default' \
'--state-dir=[Where locks and the audit trail lie \[default\: /var/lib/wharf, or \$WHARF_STATE_DIR\]]:DIR:_files' \
'--trust-environment[Under sudo\: heed DOCKER_HOST, WHARF_* and other variables (for an administrator'\''s wrapper script)]' \
'--json[Print results as JSON]' \
'-q[Say nothing but errors]' \
'--quiet[Say nothing but errors]' \
'-h[Print help]' \
'--help[Print help]' \
'*::words -- The words after `wharf shell` so far, the last one unfinished:_default' \
&& ret=0
;;
(help)
_arguments "${_arguments_options[@]}" : \
":: :_wharf__subcmd__shell__subcmd__help_commands" \
"*::: :->help" \
&& ret=0

    case $state in
    (help)
        words=($line[1] "${words[@]}")
        (( CURRENT += 1 ))
        curcontext="${curcontext%:*:*}:wharf-shell-help-command-$line[1]:"
        case $line[1] in
            (ls)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(alias)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(complete)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(help)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
        esac
    ;;
esac
;;
        esac
    ;;
esac
;;
(whoami)
_arguments "${_arguments_options[@]}" : \
'--config=[Host configuration \[default\: /etc/wharf/host.yml, or \$WHARF_HOST_CONFIG\]]:FILE:_files' \
'-H+[Engine, as unix\:///path, tcp\://host\:port or ssh\://user@host \[default\: \$DOCKER_HOST, the current docker context, the usual sockets\]]:URL:_default' \
'--host=[Engine, as unix\:///path, tcp\://host\:port or ssh\://user@host \[default\: \$DOCKER_HOST, the current docker context, the usual sockets\]]:URL:_default' \
'--state-dir=[Where locks and the audit trail lie \[default\: /var/lib/wharf, or \$WHARF_STATE_DIR\]]:DIR:_files' \
'--trust-environment[Under sudo\: heed DOCKER_HOST, WHARF_* and other variables (for an administrator'\''s wrapper script)]' \
'--json[Print results as JSON]' \
'-q[Say nothing but errors]' \
'--quiet[Say nothing but errors]' \
'-h[Print help]' \
'--help[Print help]' \
&& ret=0
;;
(dial-stdio)
_arguments "${_arguments_options[@]}" : \
'--config=[Host configuration \[default\: /etc/wharf/host.yml, or \$WHARF_HOST_CONFIG\]]:FILE:_files' \
'-H+[Engine, as unix\:///path, tcp\://host\:port or ssh\://user@host \[default\: \$DOCKER_HOST, the current docker context, the usual sockets\]]:URL:_default' \
'--host=[Engine, as unix\:///path, tcp\://host\:port or ssh\://user@host \[default\: \$DOCKER_HOST, the current docker context, the usual sockets\]]:URL:_default' \
'--state-dir=[Where locks and the audit trail lie \[default\: /var/lib/wharf, or \$WHARF_STATE_DIR\]]:DIR:_files' \
'--trust-environment[Under sudo\: heed DOCKER_HOST, WHARF_* and other variables (for an administrator'\''s wrapper script)]' \
'--json[Print results as JSON]' \
'-q[Say nothing but errors]' \
'--quiet[Say nothing but errors]' \
'-h[Print help]' \
'--help[Print help]' \
&& ret=0
;;
(context)
_arguments "${_arguments_options[@]}" : \
'--config=[Host configuration \[default\: /etc/wharf/host.yml, or \$WHARF_HOST_CONFIG\]]:FILE:_files' \
'-H+[Engine, as unix\:///path, tcp\://host\:port or ssh\://user@host \[default\: \$DOCKER_HOST, the current docker context, the usual sockets\]]:URL:_default' \
'--host=[Engine, as unix\:///path, tcp\://host\:port or ssh\://user@host \[default\: \$DOCKER_HOST, the current docker context, the usual sockets\]]:URL:_default' \
'--state-dir=[Where locks and the audit trail lie \[default\: /var/lib/wharf, or \$WHARF_STATE_DIR\]]:DIR:_files' \
'--use[Have docker use it from now on]' \
'--trust-environment[Under sudo\: heed DOCKER_HOST, WHARF_* and other variables (for an administrator'\''s wrapper script)]' \
'--json[Print results as JSON]' \
'-q[Say nothing but errors]' \
'--quiet[Say nothing but errors]' \
'-h[Print help]' \
'--help[Print help]' \
'::name -- What the context is called:_default' \
":: :_wharf__subcmd__context_commands" \
"*::: :->context" \
&& ret=0

    case $state in
    (context)
        words=($line[2] "${words[@]}")
        (( CURRENT += 1 ))
        curcontext="${curcontext%:*:*}:wharf-context-command-$line[2]:"
        case $line[2] in
            (ls)
_arguments "${_arguments_options[@]}" : \
'--config=[Host configuration \[default\: /etc/wharf/host.yml, or \$WHARF_HOST_CONFIG\]]:FILE:_files' \
'-H+[Engine, as unix\:///path, tcp\://host\:port or ssh\://user@host \[default\: \$DOCKER_HOST, the current docker context, the usual sockets\]]:URL:_default' \
'--host=[Engine, as unix\:///path, tcp\://host\:port or ssh\://user@host \[default\: \$DOCKER_HOST, the current docker context, the usual sockets\]]:URL:_default' \
'--state-dir=[Where locks and the audit trail lie \[default\: /var/lib/wharf, or \$WHARF_STATE_DIR\]]:DIR:_files' \
'--offline[Ask nobody\: leave out what rights each gives]' \
'--trust-environment[Under sudo\: heed DOCKER_HOST, WHARF_* and other variables (for an administrator'\''s wrapper script)]' \
'--json[Print results as JSON]' \
'-q[Say nothing but errors]' \
'--quiet[Say nothing but errors]' \
'-h[Print help]' \
'--help[Print help]' \
&& ret=0
;;
(make)
_arguments "${_arguments_options[@]}" : \
'--config=[Host configuration \[default\: /etc/wharf/host.yml, or \$WHARF_HOST_CONFIG\]]:FILE:_files' \
'-H+[Engine, as unix\:///path, tcp\://host\:port or ssh\://user@host \[default\: \$DOCKER_HOST, the current docker context, the usual sockets\]]:URL:_default' \
'--host=[Engine, as unix\:///path, tcp\://host\:port or ssh\://user@host \[default\: \$DOCKER_HOST, the current docker context, the usual sockets\]]:URL:_default' \
'--state-dir=[Where locks and the audit trail lie \[default\: /var/lib/wharf, or \$WHARF_STATE_DIR\]]:DIR:_files' \
'--use[Have docker use it from now on]' \
'--trust-environment[Under sudo\: heed DOCKER_HOST, WHARF_* and other variables (for an administrator'\''s wrapper script)]' \
'--json[Print results as JSON]' \
'-q[Say nothing but errors]' \
'--quiet[Say nothing but errors]' \
'-h[Print help]' \
'--help[Print help]' \
'::name -- What the context is called:_default' \
&& ret=0
;;
(help)
_arguments "${_arguments_options[@]}" : \
":: :_wharf__subcmd__context__subcmd__help_commands" \
"*::: :->help" \
&& ret=0

    case $state in
    (help)
        words=($line[1] "${words[@]}")
        (( CURRENT += 1 ))
        curcontext="${curcontext%:*:*}:wharf-context-help-command-$line[1]:"
        case $line[1] in
            (ls)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(make)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(help)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
        esac
    ;;
esac
;;
        esac
    ;;
esac
;;
(ca)
_arguments "${_arguments_options[@]}" : \
'--config=[Host configuration \[default\: /etc/wharf/host.yml, or \$WHARF_HOST_CONFIG\]]:FILE:_files' \
'-H+[Engine, as unix\:///path, tcp\://host\:port or ssh\://user@host \[default\: \$DOCKER_HOST, the current docker context, the usual sockets\]]:URL:_default' \
'--host=[Engine, as unix\:///path, tcp\://host\:port or ssh\://user@host \[default\: \$DOCKER_HOST, the current docker context, the usual sockets\]]:URL:_default' \
'--state-dir=[Where locks and the audit trail lie \[default\: /var/lib/wharf, or \$WHARF_STATE_DIR\]]:DIR:_files' \
'--trust-environment[Under sudo\: heed DOCKER_HOST, WHARF_* and other variables (for an administrator'\''s wrapper script)]' \
'--json[Print results as JSON]' \
'-q[Say nothing but errors]' \
'--quiet[Say nothing but errors]' \
'-h[Print help]' \
'--help[Print help]' \
":: :_wharf__subcmd__ca_commands" \
"*::: :->ca" \
&& ret=0

    case $state in
    (ca)
        words=($line[1] "${words[@]}")
        (( CURRENT += 1 ))
        curcontext="${curcontext%:*:*}:wharf-ca-command-$line[1]:"
        case $line[1] in
            (init)
_arguments "${_arguments_options[@]}" : \
'(--import)--name=[What the authority is called in its certificate \[default\: after the host and the moment\]]:NAME:_default' \
'*--names=[Names and addresses that this host answers to; the first is where people are told to come to \[default\: found, and asked at a terminal\]]:HOST,ADDRESS,...:_default' \
'--passphrase-file=[File with the passphrase of the authority'\''s key \[default\: \$WHARF_CA_PASSPHRASE_FILE, or asked at a terminal\]]:FILE:_files' \
'*--import=[Take this authority instead of making one\: certificate and private key as PEM, in one file or in two]:FILE:_files' \
'--config=[Host configuration \[default\: /etc/wharf/host.yml, or \$WHARF_HOST_CONFIG\]]:FILE:_files' \
'-H+[Engine, as unix\:///path, tcp\://host\:port or ssh\://user@host \[default\: \$DOCKER_HOST, the current docker context, the usual sockets\]]:URL:_default' \
'--host=[Engine, as unix\:///path, tcp\://host\:port or ssh\://user@host \[default\: \$DOCKER_HOST, the current docker context, the usual sockets\]]:URL:_default' \
'--state-dir=[Where locks and the audit trail lie \[default\: /var/lib/wharf, or \$WHARF_STATE_DIR\]]:DIR:_files' \
'--seal[Seal the key with a passphrase\: asked twice at a terminal, or read from the file]' \
'--trust-environment[Under sudo\: heed DOCKER_HOST, WHARF_* and other variables (for an administrator'\''s wrapper script)]' \
'--json[Print results as JSON]' \
'-q[Say nothing but errors]' \
'--quiet[Say nothing but errors]' \
'-h[Print help]' \
'--help[Print help]' \
&& ret=0
;;
(show)
_arguments "${_arguments_options[@]}" : \
'--config=[Host configuration \[default\: /etc/wharf/host.yml, or \$WHARF_HOST_CONFIG\]]:FILE:_files' \
'-H+[Engine, as unix\:///path, tcp\://host\:port or ssh\://user@host \[default\: \$DOCKER_HOST, the current docker context, the usual sockets\]]:URL:_default' \
'--host=[Engine, as unix\:///path, tcp\://host\:port or ssh\://user@host \[default\: \$DOCKER_HOST, the current docker context, the usual sockets\]]:URL:_default' \
'--state-dir=[Where locks and the audit trail lie \[default\: /var/lib/wharf, or \$WHARF_STATE_DIR\]]:DIR:_files' \
'--trust-environment[Under sudo\: heed DOCKER_HOST, WHARF_* and other variables (for an administrator'\''s wrapper script)]' \
'--json[Print results as JSON]' \
'-q[Say nothing but errors]' \
'--quiet[Say nothing but errors]' \
'-h[Print help]' \
'--help[Print help]' \
&& ret=0
;;
(names)
_arguments "${_arguments_options[@]}" : \
'(--add --remove)*--set=[These and no others]:HOST,ADDRESS,...:_default' \
'*--add=[These, too]:HOST,ADDRESS,...:_default' \
'*--remove=[Not these]:HOST,ADDRESS,...:_default' \
'--passphrase-file=[File with the passphrase of the authority'\''s key \[default\: \$WHARF_CA_PASSPHRASE_FILE, or asked at a terminal\]]:FILE:_files' \
'--config=[Host configuration \[default\: /etc/wharf/host.yml, or \$WHARF_HOST_CONFIG\]]:FILE:_files' \
'-H+[Engine, as unix\:///path, tcp\://host\:port or ssh\://user@host \[default\: \$DOCKER_HOST, the current docker context, the usual sockets\]]:URL:_default' \
'--host=[Engine, as unix\:///path, tcp\://host\:port or ssh\://user@host \[default\: \$DOCKER_HOST, the current docker context, the usual sockets\]]:URL:_default' \
'--state-dir=[Where locks and the audit trail lie \[default\: /var/lib/wharf, or \$WHARF_STATE_DIR\]]:DIR:_files' \
'--trust-environment[Under sudo\: heed DOCKER_HOST, WHARF_* and other variables (for an administrator'\''s wrapper script)]' \
'--json[Print results as JSON]' \
'-q[Say nothing but errors]' \
'--quiet[Say nothing but errors]' \
'-h[Print help]' \
'--help[Print help]' \
&& ret=0
;;
(rotate)
_arguments "${_arguments_options[@]}" : \
'(--import)--name=[What the new authority is called \[default\: after the host and the moment\]]:NAME:_default' \
'*--import=[Where the authority is an imported one\: the next one, certificate and private key as PEM]:FILE:_files' \
'--passphrase-file=[File with the passphrase of the authority'\''s key \[default\: \$WHARF_CA_PASSPHRASE_FILE, or asked at a terminal\]]:FILE:_files' \
'--config=[Host configuration \[default\: /etc/wharf/host.yml, or \$WHARF_HOST_CONFIG\]]:FILE:_files' \
'-H+[Engine, as unix\:///path, tcp\://host\:port or ssh\://user@host \[default\: \$DOCKER_HOST, the current docker context, the usual sockets\]]:URL:_default' \
'--host=[Engine, as unix\:///path, tcp\://host\:port or ssh\://user@host \[default\: \$DOCKER_HOST, the current docker context, the usual sockets\]]:URL:_default' \
'--state-dir=[Where locks and the audit trail lie \[default\: /var/lib/wharf, or \$WHARF_STATE_DIR\]]:DIR:_files' \
'(--name --import --now)--finish[End the overlap\: the former authority is trusted no more]' \
'--force[Finish although some have no certificate of the new authority yet, and will have to be invited anew]' \
'--now[No overlap, because the key may be known to others\: everybody is to be invited anew]' \
'--trust-environment[Under sudo\: heed DOCKER_HOST, WHARF_* and other variables (for an administrator'\''s wrapper script)]' \
'--json[Print results as JSON]' \
'-q[Say nothing but errors]' \
'--quiet[Say nothing but errors]' \
'-h[Print help]' \
'--help[Print help]' \
&& ret=0
;;
(help)
_arguments "${_arguments_options[@]}" : \
":: :_wharf__subcmd__ca__subcmd__help_commands" \
"*::: :->help" \
&& ret=0

    case $state in
    (help)
        words=($line[1] "${words[@]}")
        (( CURRENT += 1 ))
        curcontext="${curcontext%:*:*}:wharf-ca-help-command-$line[1]:"
        case $line[1] in
            (init)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(show)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(names)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(rotate)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(help)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
        esac
    ;;
esac
;;
        esac
    ;;
esac
;;
(invite)
_arguments "${_arguments_options[@]}" : \
'--user=[Who or what bears it \[default\: as the tenant is called\]]:NAME:_default' \
'--for=[How long the certificate lives, and each of its renewals]:DURATION:_default' \
'--valid=[How long the token is good]:DURATION:_default' \
'--address=[Where the other machine reaches this host \[default\: the first name of the server'\''s certificate, and the port of the first \`tcp\://\` listener\]]:HOST:PORT:_default' \
'--config=[Host configuration \[default\: /etc/wharf/host.yml, or \$WHARF_HOST_CONFIG\]]:FILE:_files' \
'-H+[Engine, as unix\:///path, tcp\://host\:port or ssh\://user@host \[default\: \$DOCKER_HOST, the current docker context, the usual sockets\]]:URL:_default' \
'--host=[Engine, as unix\:///path, tcp\://host\:port or ssh\://user@host \[default\: \$DOCKER_HOST, the current docker context, the usual sockets\]]:URL:_default' \
'--state-dir=[Where locks and the audit trail lie \[default\: /var/lib/wharf, or \$WHARF_STATE_DIR\]]:DIR:_files' \
'--trust-environment[Under sudo\: heed DOCKER_HOST, WHARF_* and other variables (for an administrator'\''s wrapper script)]' \
'--json[Print results as JSON]' \
'-q[Say nothing but errors]' \
'--quiet[Say nothing but errors]' \
'-h[Print help]' \
'--help[Print help]' \
':tenant -- The tenant whose rights the certificate gives:_default' \
&& ret=0
;;
(join)
_arguments "${_arguments_options[@]}" : \
'--context=[The docker context to make]:NAME:_default' \
'--config=[Host configuration \[default\: /etc/wharf/host.yml, or \$WHARF_HOST_CONFIG\]]:FILE:_files' \
'-H+[Engine, as unix\:///path, tcp\://host\:port or ssh\://user@host \[default\: \$DOCKER_HOST, the current docker context, the usual sockets\]]:URL:_default' \
'--host=[Engine, as unix\:///path, tcp\://host\:port or ssh\://user@host \[default\: \$DOCKER_HOST, the current docker context, the usual sockets\]]:URL:_default' \
'--state-dir=[Where locks and the audit trail lie \[default\: /var/lib/wharf, or \$WHARF_STATE_DIR\]]:DIR:_files' \
'--replace[Have a context of this name that leads to another gateway lead here]' \
'--use[Have docker use it from now on]' \
'--no-timer[Install no timer that renews the certificate]' \
'--trust-environment[Under sudo\: heed DOCKER_HOST, WHARF_* and other variables (for an administrator'\''s wrapper script)]' \
'--json[Print results as JSON]' \
'-q[Say nothing but errors]' \
'--quiet[Say nothing but errors]' \
'-h[Print help]' \
'--help[Print help]' \
':address -- Where the gateway is:_default' \
':token -- The invitation; `-` reads it from standard input:_default' \
&& ret=0
;;
(cert)
_arguments "${_arguments_options[@]}" : \
'--config=[Host configuration \[default\: /etc/wharf/host.yml, or \$WHARF_HOST_CONFIG\]]:FILE:_files' \
'-H+[Engine, as unix\:///path, tcp\://host\:port or ssh\://user@host \[default\: \$DOCKER_HOST, the current docker context, the usual sockets\]]:URL:_default' \
'--host=[Engine, as unix\:///path, tcp\://host\:port or ssh\://user@host \[default\: \$DOCKER_HOST, the current docker context, the usual sockets\]]:URL:_default' \
'--state-dir=[Where locks and the audit trail lie \[default\: /var/lib/wharf, or \$WHARF_STATE_DIR\]]:DIR:_files' \
'--trust-environment[Under sudo\: heed DOCKER_HOST, WHARF_* and other variables (for an administrator'\''s wrapper script)]' \
'--json[Print results as JSON]' \
'-q[Say nothing but errors]' \
'--quiet[Say nothing but errors]' \
'-h[Print help]' \
'--help[Print help]' \
":: :_wharf__subcmd__cert_commands" \
"*::: :->cert" \
&& ret=0

    case $state in
    (cert)
        words=($line[1] "${words[@]}")
        (( CURRENT += 1 ))
        curcontext="${curcontext%:*:*}:wharf-cert-command-$line[1]:"
        case $line[1] in
            (ls)
_arguments "${_arguments_options[@]}" : \
'--config=[Host configuration \[default\: /etc/wharf/host.yml, or \$WHARF_HOST_CONFIG\]]:FILE:_files' \
'-H+[Engine, as unix\:///path, tcp\://host\:port or ssh\://user@host \[default\: \$DOCKER_HOST, the current docker context, the usual sockets\]]:URL:_default' \
'--host=[Engine, as unix\:///path, tcp\://host\:port or ssh\://user@host \[default\: \$DOCKER_HOST, the current docker context, the usual sockets\]]:URL:_default' \
'--state-dir=[Where locks and the audit trail lie \[default\: /var/lib/wharf, or \$WHARF_STATE_DIR\]]:DIR:_files' \
'-a[Those that are over, too]' \
'--all[Those that are over, too]' \
'--trust-environment[Under sudo\: heed DOCKER_HOST, WHARF_* and other variables (for an administrator'\''s wrapper script)]' \
'--json[Print results as JSON]' \
'-q[Say nothing but errors]' \
'--quiet[Say nothing but errors]' \
'-h[Print help]' \
'--help[Print help]' \
&& ret=0
;;
(revoke)
_arguments "${_arguments_options[@]}" : \
'()--tenant=[All of this tenant]:TENANT:_default' \
'--config=[Host configuration \[default\: /etc/wharf/host.yml, or \$WHARF_HOST_CONFIG\]]:FILE:_files' \
'-H+[Engine, as unix\:///path, tcp\://host\:port or ssh\://user@host \[default\: \$DOCKER_HOST, the current docker context, the usual sockets\]]:URL:_default' \
'--host=[Engine, as unix\:///path, tcp\://host\:port or ssh\://user@host \[default\: \$DOCKER_HOST, the current docker context, the usual sockets\]]:URL:_default' \
'--state-dir=[Where locks and the audit trail lie \[default\: /var/lib/wharf, or \$WHARF_STATE_DIR\]]:DIR:_files' \
'--trust-environment[Under sudo\: heed DOCKER_HOST, WHARF_* and other variables (for an administrator'\''s wrapper script)]' \
'--json[Print results as JSON]' \
'-q[Say nothing but errors]' \
'--quiet[Say nothing but errors]' \
'-h[Print help]' \
'--help[Print help]' \
'::which -- The certificate'\''s serial number or its first 8 digits, or `TENANT/USER`:_default' \
&& ret=0
;;
(renew)
_arguments "${_arguments_options[@]}" : \
'--context=[The docker context that was made when this machine joined]:NAME:_default' \
'--config=[Host configuration \[default\: /etc/wharf/host.yml, or \$WHARF_HOST_CONFIG\]]:FILE:_files' \
'-H+[Engine, as unix\:///path, tcp\://host\:port or ssh\://user@host \[default\: \$DOCKER_HOST, the current docker context, the usual sockets\]]:URL:_default' \
'--host=[Engine, as unix\:///path, tcp\://host\:port or ssh\://user@host \[default\: \$DOCKER_HOST, the current docker context, the usual sockets\]]:URL:_default' \
'--state-dir=[Where locks and the audit trail lie \[default\: /var/lib/wharf, or \$WHARF_STATE_DIR\]]:DIR:_files' \
'--force[Although more than two thirds of its life are left]' \
'--trust-environment[Under sudo\: heed DOCKER_HOST, WHARF_* and other variables (for an administrator'\''s wrapper script)]' \
'--json[Print results as JSON]' \
'-q[Say nothing but errors]' \
'--quiet[Say nothing but errors]' \
'-h[Print help]' \
'--help[Print help]' \
&& ret=0
;;
(export)
_arguments "${_arguments_options[@]}" : \
'--user=[Who or what bears it]:NAME:_default' \
'--to=[Folder for ca.pem, cert.pem and key.pem, as DOCKER_CERT_PATH wants them]:DIR:_files' \
'--for=[How long the certificate lives; who has it by hand renews it with \`wharf cert export\`]:DURATION:_default' \
'--context-bundle=[Also a file for \`docker context import\`]:FILE:_files' \
'--address=[Where the other machine reaches this host, for the context \[default\: as \`wharf invite\` has it\]]:HOST:PORT:_default' \
'--passphrase-file=[File with the passphrase of the authority'\''s key \[default\: \$WHARF_CA_PASSPHRASE_FILE, or asked at a terminal\]]:FILE:_files' \
'--config=[Host configuration \[default\: /etc/wharf/host.yml, or \$WHARF_HOST_CONFIG\]]:FILE:_files' \
'-H+[Engine, as unix\:///path, tcp\://host\:port or ssh\://user@host \[default\: \$DOCKER_HOST, the current docker context, the usual sockets\]]:URL:_default' \
'--host=[Engine, as unix\:///path, tcp\://host\:port or ssh\://user@host \[default\: \$DOCKER_HOST, the current docker context, the usual sockets\]]:URL:_default' \
'--state-dir=[Where locks and the audit trail lie \[default\: /var/lib/wharf, or \$WHARF_STATE_DIR\]]:DIR:_files' \
'--trust-environment[Under sudo\: heed DOCKER_HOST, WHARF_* and other variables (for an administrator'\''s wrapper script)]' \
'--json[Print results as JSON]' \
'-q[Say nothing but errors]' \
'--quiet[Say nothing but errors]' \
'-h[Print help]' \
'--help[Print help]' \
':tenant -- The tenant whose rights the certificate gives:_default' \
&& ret=0
;;
(lease)
_arguments "${_arguments_options[@]}" : \
'--for=[How long each certificate lives]:DURATION:_default' \
'--to=[Who or what bears it]:TENANT/USER:_default' \
'--valid=[How long the token is good]:DURATION:_default' \
'--address=[Where the other machine reaches this host \[default\: the first name of the server'\''s certificate, and the port of the first \`tcp\://\` listener\]]:HOST:PORT:_default' \
'--config=[Host configuration \[default\: /etc/wharf/host.yml, or \$WHARF_HOST_CONFIG\]]:FILE:_files' \
'-H+[Engine, as unix\:///path, tcp\://host\:port or ssh\://user@host \[default\: \$DOCKER_HOST, the current docker context, the usual sockets\]]:URL:_default' \
'--host=[Engine, as unix\:///path, tcp\://host\:port or ssh\://user@host \[default\: \$DOCKER_HOST, the current docker context, the usual sockets\]]:URL:_default' \
'--state-dir=[Where locks and the audit trail lie \[default\: /var/lib/wharf, or \$WHARF_STATE_DIR\]]:DIR:_files' \
'--trust-environment[Under sudo\: heed DOCKER_HOST, WHARF_* and other variables (for an administrator'\''s wrapper script)]' \
'--json[Print results as JSON]' \
'-q[Say nothing but errors]' \
'--quiet[Say nothing but errors]' \
'-h[Print help]' \
'--help[Print help]' \
&& ret=0
;;
(help)
_arguments "${_arguments_options[@]}" : \
":: :_wharf__subcmd__cert__subcmd__help_commands" \
"*::: :->help" \
&& ret=0

    case $state in
    (help)
        words=($line[1] "${words[@]}")
        (( CURRENT += 1 ))
        curcontext="${curcontext%:*:*}:wharf-cert-help-command-$line[1]:"
        case $line[1] in
            (ls)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(revoke)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(renew)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(export)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(lease)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(help)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
        esac
    ;;
esac
;;
        esac
    ;;
esac
;;
(tenant)
_arguments "${_arguments_options[@]}" : \
'--config=[Host configuration \[default\: /etc/wharf/host.yml, or \$WHARF_HOST_CONFIG\]]:FILE:_files' \
'-H+[Engine, as unix\:///path, tcp\://host\:port or ssh\://user@host \[default\: \$DOCKER_HOST, the current docker context, the usual sockets\]]:URL:_default' \
'--host=[Engine, as unix\:///path, tcp\://host\:port or ssh\://user@host \[default\: \$DOCKER_HOST, the current docker context, the usual sockets\]]:URL:_default' \
'--state-dir=[Where locks and the audit trail lie \[default\: /var/lib/wharf, or \$WHARF_STATE_DIR\]]:DIR:_files' \
'--trust-environment[Under sudo\: heed DOCKER_HOST, WHARF_* and other variables (for an administrator'\''s wrapper script)]' \
'--json[Print results as JSON]' \
'-q[Say nothing but errors]' \
'--quiet[Say nothing but errors]' \
'-h[Print help]' \
'--help[Print help]' \
":: :_wharf__subcmd__tenant_commands" \
"*::: :->tenant" \
&& ret=0

    case $state in
    (tenant)
        words=($line[1] "${words[@]}")
        (( CURRENT += 1 ))
        curcontext="${curcontext%:*:*}:wharf-tenant-command-$line[1]:"
        case $line[1] in
            (ls)
_arguments "${_arguments_options[@]}" : \
'--config=[Host configuration \[default\: /etc/wharf/host.yml, or \$WHARF_HOST_CONFIG\]]:FILE:_files' \
'-H+[Engine, as unix\:///path, tcp\://host\:port or ssh\://user@host \[default\: \$DOCKER_HOST, the current docker context, the usual sockets\]]:URL:_default' \
'--host=[Engine, as unix\:///path, tcp\://host\:port or ssh\://user@host \[default\: \$DOCKER_HOST, the current docker context, the usual sockets\]]:URL:_default' \
'--state-dir=[Where locks and the audit trail lie \[default\: /var/lib/wharf, or \$WHARF_STATE_DIR\]]:DIR:_files' \
'--trust-environment[Under sudo\: heed DOCKER_HOST, WHARF_* and other variables (for an administrator'\''s wrapper script)]' \
'--json[Print results as JSON]' \
'-q[Say nothing but errors]' \
'--quiet[Say nothing but errors]' \
'-h[Print help]' \
'--help[Print help]' \
&& ret=0
;;
(adopt)
_arguments "${_arguments_options[@]}" : \
'--config=[Host configuration \[default\: /etc/wharf/host.yml, or \$WHARF_HOST_CONFIG\]]:FILE:_files' \
'-H+[Engine, as unix\:///path, tcp\://host\:port or ssh\://user@host \[default\: \$DOCKER_HOST, the current docker context, the usual sockets\]]:URL:_default' \
'--host=[Engine, as unix\:///path, tcp\://host\:port or ssh\://user@host \[default\: \$DOCKER_HOST, the current docker context, the usual sockets\]]:URL:_default' \
'--state-dir=[Where locks and the audit trail lie \[default\: /var/lib/wharf, or \$WHARF_STATE_DIR\]]:DIR:_files' \
'--trust-environment[Under sudo\: heed DOCKER_HOST, WHARF_* and other variables (for an administrator'\''s wrapper script)]' \
'--json[Print results as JSON]' \
'-q[Say nothing but errors]' \
'--quiet[Say nothing but errors]' \
'-h[Print help]' \
'--help[Print help]' \
':tenant -- The tenant:_default' \
&& ret=0
;;
(help)
_arguments "${_arguments_options[@]}" : \
":: :_wharf__subcmd__tenant__subcmd__help_commands" \
"*::: :->help" \
&& ret=0

    case $state in
    (help)
        words=($line[1] "${words[@]}")
        (( CURRENT += 1 ))
        curcontext="${curcontext%:*:*}:wharf-tenant-help-command-$line[1]:"
        case $line[1] in
            (ls)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(adopt)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(help)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
        esac
    ;;
esac
;;
        esac
    ;;
esac
;;
(secret)
_arguments "${_arguments_options[@]}" : \
'--config=[Host configuration \[default\: /etc/wharf/host.yml, or \$WHARF_HOST_CONFIG\]]:FILE:_files' \
'-H+[Engine, as unix\:///path, tcp\://host\:port or ssh\://user@host \[default\: \$DOCKER_HOST, the current docker context, the usual sockets\]]:URL:_default' \
'--host=[Engine, as unix\:///path, tcp\://host\:port or ssh\://user@host \[default\: \$DOCKER_HOST, the current docker context, the usual sockets\]]:URL:_default' \
'--state-dir=[Where locks and the audit trail lie \[default\: /var/lib/wharf, or \$WHARF_STATE_DIR\]]:DIR:_files' \
'--trust-environment[Under sudo\: heed DOCKER_HOST, WHARF_* and other variables (for an administrator'\''s wrapper script)]' \
'--json[Print results as JSON]' \
'-q[Say nothing but errors]' \
'--quiet[Say nothing but errors]' \
'-h[Print help]' \
'--help[Print help]' \
":: :_wharf__subcmd__secret_commands" \
"*::: :->secret" \
&& ret=0

    case $state in
    (secret)
        words=($line[1] "${words[@]}")
        (( CURRENT += 1 ))
        curcontext="${curcontext%:*:*}:wharf-secret-command-$line[1]:"
        case $line[1] in
            (set)
_arguments "${_arguments_options[@]}" : \
'--from-file=[Take the value from a file, byte by byte (\`-\` is standard input)]:FILE:_files' \
'*--reader=[A reader of a new file, besides this host, its recovery key and yourself\: a public key, NAME=KEY, or a file with one]:KEY|FILE:_default' \
'--tenant=[The file is that of this tenant'\''s pod of the name, and not of the machine'\''s (nothing delivers those yet)]:TENANT:_default' \
'*--identity=[Open (and sign) with this age or ssh key, and no other]:FILE:_files' \
'--config=[Host configuration \[default\: /etc/wharf/host.yml, or \$WHARF_HOST_CONFIG\]]:FILE:_files' \
'-H+[Engine, as unix\:///path, tcp\://host\:port or ssh\://user@host \[default\: \$DOCKER_HOST, the current docker context, the usual sockets\]]:URL:_default' \
'--host=[Engine, as unix\:///path, tcp\://host\:port or ssh\://user@host \[default\: \$DOCKER_HOST, the current docker context, the usual sockets\]]:URL:_default' \
'--state-dir=[Where locks and the audit trail lie \[default\: /var/lib/wharf, or \$WHARF_STATE_DIR\]]:DIR:_files' \
'-y[Take readers that were not seen before without asking]' \
'--yes[Take readers that were not seen before without asking]' \
'--trust-environment[Under sudo\: heed DOCKER_HOST, WHARF_* and other variables (for an administrator'\''s wrapper script)]' \
'--json[Print results as JSON]' \
'-q[Say nothing but errors]' \
'--quiet[Say nothing but errors]' \
'-h[Print help]' \
'--help[Print help]' \
':pod -- The pod, or its file:_files' \
':name -- The secret:_default' \
&& ret=0
;;
(ls)
_arguments "${_arguments_options[@]}" : \
'--older-than=[Only values sealed before that\: \`90d\`]:DURATION:_default' \
'--config=[Host configuration \[default\: /etc/wharf/host.yml, or \$WHARF_HOST_CONFIG\]]:FILE:_files' \
'-H+[Engine, as unix\:///path, tcp\://host\:port or ssh\://user@host \[default\: \$DOCKER_HOST, the current docker context, the usual sockets\]]:URL:_default' \
'--host=[Engine, as unix\:///path, tcp\://host\:port or ssh\://user@host \[default\: \$DOCKER_HOST, the current docker context, the usual sockets\]]:URL:_default' \
'--state-dir=[Where locks and the audit trail lie \[default\: /var/lib/wharf, or \$WHARF_STATE_DIR\]]:DIR:_files' \
'--usage[Show when each was opened or delivered last, and for whom, by this host'\''s audit trail]' \
'--trust-environment[Under sudo\: heed DOCKER_HOST, WHARF_* and other variables (for an administrator'\''s wrapper script)]' \
'--json[Print results as JSON]' \
'-q[Say nothing but errors]' \
'--quiet[Say nothing but errors]' \
'-h[Print help]' \
'--help[Print help]' \
'::pod -- Only this pod'\''s:_files' \
&& ret=0
;;
(show)
_arguments "${_arguments_options[@]}" : \
'*--identity=[Open (and sign) with this age or ssh key, and no other]:FILE:_files' \
'--config=[Host configuration \[default\: /etc/wharf/host.yml, or \$WHARF_HOST_CONFIG\]]:FILE:_files' \
'-H+[Engine, as unix\:///path, tcp\://host\:port or ssh\://user@host \[default\: \$DOCKER_HOST, the current docker context, the usual sockets\]]:URL:_default' \
'--host=[Engine, as unix\:///path, tcp\://host\:port or ssh\://user@host \[default\: \$DOCKER_HOST, the current docker context, the usual sockets\]]:URL:_default' \
'--state-dir=[Where locks and the audit trail lie \[default\: /var/lib/wharf, or \$WHARF_STATE_DIR\]]:DIR:_files' \
'--previous[The value before, while a rotation'\''s grace lasts]' \
'-y[Ask nothing]' \
'--yes[Ask nothing]' \
'--trust-environment[Under sudo\: heed DOCKER_HOST, WHARF_* and other variables (for an administrator'\''s wrapper script)]' \
'--json[Print results as JSON]' \
'-q[Say nothing but errors]' \
'--quiet[Say nothing but errors]' \
'-h[Print help]' \
'--help[Print help]' \
':pod -- The pod, or its file:_files' \
':name -- The secret:_default' \
&& ret=0
;;
(rm)
_arguments "${_arguments_options[@]}" : \
'*--identity=[Open (and sign) with this age or ssh key, and no other]:FILE:_files' \
'--config=[Host configuration \[default\: /etc/wharf/host.yml, or \$WHARF_HOST_CONFIG\]]:FILE:_files' \
'-H+[Engine, as unix\:///path, tcp\://host\:port or ssh\://user@host \[default\: \$DOCKER_HOST, the current docker context, the usual sockets\]]:URL:_default' \
'--host=[Engine, as unix\:///path, tcp\://host\:port or ssh\://user@host \[default\: \$DOCKER_HOST, the current docker context, the usual sockets\]]:URL:_default' \
'--state-dir=[Where locks and the audit trail lie \[default\: /var/lib/wharf, or \$WHARF_STATE_DIR\]]:DIR:_files' \
'-y[Ask nothing]' \
'--yes[Ask nothing]' \
'--trust-environment[Under sudo\: heed DOCKER_HOST, WHARF_* and other variables (for an administrator'\''s wrapper script)]' \
'--json[Print results as JSON]' \
'-q[Say nothing but errors]' \
'--quiet[Say nothing but errors]' \
'-h[Print help]' \
'--help[Print help]' \
':pod -- The pod, or its file:_files' \
':name -- The secret:_default' \
&& ret=0
;;
(edit)
_arguments "${_arguments_options[@]}" : \
'*--identity=[Open (and sign) with this age or ssh key, and no other]:FILE:_files' \
'--config=[Host configuration \[default\: /etc/wharf/host.yml, or \$WHARF_HOST_CONFIG\]]:FILE:_files' \
'-H+[Engine, as unix\:///path, tcp\://host\:port or ssh\://user@host \[default\: \$DOCKER_HOST, the current docker context, the usual sockets\]]:URL:_default' \
'--host=[Engine, as unix\:///path, tcp\://host\:port or ssh\://user@host \[default\: \$DOCKER_HOST, the current docker context, the usual sockets\]]:URL:_default' \
'--state-dir=[Where locks and the audit trail lie \[default\: /var/lib/wharf, or \$WHARF_STATE_DIR\]]:DIR:_files' \
'-y[Take readers that were not seen before without asking]' \
'--yes[Take readers that were not seen before without asking]' \
'--trust-environment[Under sudo\: heed DOCKER_HOST, WHARF_* and other variables (for an administrator'\''s wrapper script)]' \
'--json[Print results as JSON]' \
'-q[Say nothing but errors]' \
'--quiet[Say nothing but errors]' \
'-h[Print help]' \
'--help[Print help]' \
':pod -- The pod, or its file:_files' \
':name -- The secret:_default' \
&& ret=0
;;
(rotate)
_arguments "${_arguments_options[@]}" : \
'()--generate=[Make a value of this many letters and digits]::LENGTH:_default' \
'--grace=[Keep the value before for that long]:DURATION:_default' \
'--tenant=[The file is that of this tenant'\''s pod of the name, and not of the machine'\''s (nothing delivers those yet)]:TENANT:_default' \
'*--identity=[Open (and sign) with this age or ssh key, and no other]:FILE:_files' \
'--config=[Host configuration \[default\: /etc/wharf/host.yml, or \$WHARF_HOST_CONFIG\]]:FILE:_files' \
'-H+[Engine, as unix\:///path, tcp\://host\:port or ssh\://user@host \[default\: \$DOCKER_HOST, the current docker context, the usual sockets\]]:URL:_default' \
'--host=[Engine, as unix\:///path, tcp\://host\:port or ssh\://user@host \[default\: \$DOCKER_HOST, the current docker context, the usual sockets\]]:URL:_default' \
'--state-dir=[Where locks and the audit trail lie \[default\: /var/lib/wharf, or \$WHARF_STATE_DIR\]]:DIR:_files' \
'-y[Take readers that were not seen before without asking]' \
'--yes[Take readers that were not seen before without asking]' \
'--trust-environment[Under sudo\: heed DOCKER_HOST, WHARF_* and other variables (for an administrator'\''s wrapper script)]' \
'--json[Print results as JSON]' \
'-q[Say nothing but errors]' \
'--quiet[Say nothing but errors]' \
'-h[Print help]' \
'--help[Print help]' \
':pod -- The pod, or its file:_files' \
':name -- The secret:_default' \
'*::command -- A command that prints the new value; one line end at its end is taken off:_default' \
&& ret=0
;;
(rekey)
_arguments "${_arguments_options[@]}" : \
'*--add=[A reader more\: a public key, NAME=KEY, a file with one, \`host\` or \`recovery\`]:KEY|FILE:_default' \
'*--remove=[A reader less, by name]:NAME:_default' \
'*--identity=[Open (and sign) with this age or ssh key, and no other]:FILE:_files' \
'--config=[Host configuration \[default\: /etc/wharf/host.yml, or \$WHARF_HOST_CONFIG\]]:FILE:_files' \
'-H+[Engine, as unix\:///path, tcp\://host\:port or ssh\://user@host \[default\: \$DOCKER_HOST, the current docker context, the usual sockets\]]:URL:_default' \
'--host=[Engine, as unix\:///path, tcp\://host\:port or ssh\://user@host \[default\: \$DOCKER_HOST, the current docker context, the usual sockets\]]:URL:_default' \
'--state-dir=[Where locks and the audit trail lie \[default\: /var/lib/wharf, or \$WHARF_STATE_DIR\]]:DIR:_files' \
'--all[Every sealed file in \`secrets\` here, and in \`pods/secrets\`]' \
'-y[Take readers that were not seen before without asking]' \
'--yes[Take readers that were not seen before without asking]' \
'--trust-environment[Under sudo\: heed DOCKER_HOST, WHARF_* and other variables (for an administrator'\''s wrapper script)]' \
'--json[Print results as JSON]' \
'-q[Say nothing but errors]' \
'--quiet[Say nothing but errors]' \
'-h[Print help]' \
'--help[Print help]' \
'*::pods -- Pods, or their files:_files' \
&& ret=0
;;
(sign)
_arguments "${_arguments_options[@]}" : \
'*--identity=[Open (and sign) with this age or ssh key, and no other]:FILE:_files' \
'--config=[Host configuration \[default\: /etc/wharf/host.yml, or \$WHARF_HOST_CONFIG\]]:FILE:_files' \
'-H+[Engine, as unix\:///path, tcp\://host\:port or ssh\://user@host \[default\: \$DOCKER_HOST, the current docker context, the usual sockets\]]:URL:_default' \
'--host=[Engine, as unix\:///path, tcp\://host\:port or ssh\://user@host \[default\: \$DOCKER_HOST, the current docker context, the usual sockets\]]:URL:_default' \
'--state-dir=[Where locks and the audit trail lie \[default\: /var/lib/wharf, or \$WHARF_STATE_DIR\]]:DIR:_files' \
'--trust-environment[Under sudo\: heed DOCKER_HOST, WHARF_* and other variables (for an administrator'\''s wrapper script)]' \
'--json[Print results as JSON]' \
'-q[Say nothing but errors]' \
'--quiet[Say nothing but errors]' \
'-h[Print help]' \
'--help[Print help]' \
':pod -- The pod, or its file:_files' \
&& ret=0
;;
(import)
_arguments "${_arguments_options[@]}" : \
'--tenant=[The file is that of this tenant'\''s pod of the name, and not of the machine'\''s (nothing delivers those yet)]:TENANT:_default' \
'--format=[The file'\''s format\: \`sops-yaml\`, \`sops-json\`, \`sops-dotenv\`, \`ansible-vault\`, \`ansible-yaml\` or \`dotenv\`]:FORMAT:_default' \
'*--only=[Take this one, and no other that is not named so, too\: a name, or keys with dots (\`db.password\`)]:NAME:_default' \
'*--rename=[Give one another name\: \`db.password=db-password\`]:OLD=NEW:_default' \
'*--vault-password-file=[A file with the password of Ansible Vault, for a vault id or for all (\`-\` is standard input)]:[ID@]FILE:_default' \
'*--reader=[A reader of a new file, besides this host, its recovery key and yourself]:KEY|FILE:_default' \
'*--identity=[Open (and sign) with this age or ssh key, and no other]:FILE:_files' \
'--config=[Host configuration \[default\: /etc/wharf/host.yml, or \$WHARF_HOST_CONFIG\]]:FILE:_files' \
'-H+[Engine, as unix\:///path, tcp\://host\:port or ssh\://user@host \[default\: \$DOCKER_HOST, the current docker context, the usual sockets\]]:URL:_default' \
'--host=[Engine, as unix\:///path, tcp\://host\:port or ssh\://user@host \[default\: \$DOCKER_HOST, the current docker context, the usual sockets\]]:URL:_default' \
'--state-dir=[Where locks and the audit trail lie \[default\: /var/lib/wharf, or \$WHARF_STATE_DIR\]]:DIR:_files' \
'--dry-run[Show what would be taken, and change nothing]' \
'-y[Replace what is there, and take readers that were not seen before, without asking]' \
'--yes[Replace what is there, and take readers that were not seen before, without asking]' \
'--trust-environment[Under sudo\: heed DOCKER_HOST, WHARF_* and other variables (for an administrator'\''s wrapper script)]' \
'--json[Print results as JSON]' \
'-q[Say nothing but errors]' \
'--quiet[Say nothing but errors]' \
'-h[Print help]' \
'--help[Print help]' \
':pod -- The pod whose secrets they become, or its file:_files' \
':file -- The file, or the directory:_files' \
&& ret=0
;;
(scan)
_arguments "${_arguments_options[@]}" : \
'--config=[Host configuration \[default\: /etc/wharf/host.yml, or \$WHARF_HOST_CONFIG\]]:FILE:_files' \
'-H+[Engine, as unix\:///path, tcp\://host\:port or ssh\://user@host \[default\: \$DOCKER_HOST, the current docker context, the usual sockets\]]:URL:_default' \
'--host=[Engine, as unix\:///path, tcp\://host\:port or ssh\://user@host \[default\: \$DOCKER_HOST, the current docker context, the usual sockets\]]:URL:_default' \
'--state-dir=[Where locks and the audit trail lie \[default\: /var/lib/wharf, or \$WHARF_STATE_DIR\]]:DIR:_files' \
'(--history)--staged[Look at what the next commit would bring]' \
'--history[Look at all that was ever committed, on any branch or tag]' \
'(--update-baseline)--baseline-add[Allow what is found, in .wharf-secrets-allowed]' \
'(--staged)--update-baseline[As --baseline-add, and forget what is no longer found]' \
'--yes[Do not ask]' \
'--trust-environment[Under sudo\: heed DOCKER_HOST, WHARF_* and other variables (for an administrator'\''s wrapper script)]' \
'--json[Print results as JSON]' \
'-q[Say nothing but errors]' \
'--quiet[Say nothing but errors]' \
'-h[Print help]' \
'--help[Print help]' \
'::path -- A file, a folder or a repository \[default\: the folder one is in\]:_files' \
&& ret=0
;;
(recovery)
_arguments "${_arguments_options[@]}" : \
'--config=[Host configuration \[default\: /etc/wharf/host.yml, or \$WHARF_HOST_CONFIG\]]:FILE:_files' \
'-H+[Engine, as unix\:///path, tcp\://host\:port or ssh\://user@host \[default\: \$DOCKER_HOST, the current docker context, the usual sockets\]]:URL:_default' \
'--host=[Engine, as unix\:///path, tcp\://host\:port or ssh\://user@host \[default\: \$DOCKER_HOST, the current docker context, the usual sockets\]]:URL:_default' \
'--state-dir=[Where locks and the audit trail lie \[default\: /var/lib/wharf, or \$WHARF_STATE_DIR\]]:DIR:_files' \
'--replace[Make another key where there is one]' \
'-y[Do not ask whether the key was written down]' \
'--yes[Do not ask whether the key was written down]' \
'--trust-environment[Under sudo\: heed DOCKER_HOST, WHARF_* and other variables (for an administrator'\''s wrapper script)]' \
'--json[Print results as JSON]' \
'-q[Say nothing but errors]' \
'--quiet[Say nothing but errors]' \
'-h[Print help]' \
'--help[Print help]' \
&& ret=0
;;
(accept)
_arguments "${_arguments_options[@]}" : \
'--config=[Host configuration \[default\: /etc/wharf/host.yml, or \$WHARF_HOST_CONFIG\]]:FILE:_files' \
'-H+[Engine, as unix\:///path, tcp\://host\:port or ssh\://user@host \[default\: \$DOCKER_HOST, the current docker context, the usual sockets\]]:URL:_default' \
'--host=[Engine, as unix\:///path, tcp\://host\:port or ssh\://user@host \[default\: \$DOCKER_HOST, the current docker context, the usual sockets\]]:URL:_default' \
'--state-dir=[Where locks and the audit trail lie \[default\: /var/lib/wharf, or \$WHARF_STATE_DIR\]]:DIR:_files' \
'-y[Ask nothing]' \
'--yes[Ask nothing]' \
'--trust-environment[Under sudo\: heed DOCKER_HOST, WHARF_* and other variables (for an administrator'\''s wrapper script)]' \
'--json[Print results as JSON]' \
'-q[Say nothing but errors]' \
'--quiet[Say nothing but errors]' \
'-h[Print help]' \
'--help[Print help]' \
':pod -- The pod, or its file:_files' \
':name -- The secret:_default' \
&& ret=0
;;
(doctor)
_arguments "${_arguments_options[@]}" : \
'--config=[Host configuration \[default\: /etc/wharf/host.yml, or \$WHARF_HOST_CONFIG\]]:FILE:_files' \
'-H+[Engine, as unix\:///path, tcp\://host\:port or ssh\://user@host \[default\: \$DOCKER_HOST, the current docker context, the usual sockets\]]:URL:_default' \
'--host=[Engine, as unix\:///path, tcp\://host\:port or ssh\://user@host \[default\: \$DOCKER_HOST, the current docker context, the usual sockets\]]:URL:_default' \
'--state-dir=[Where locks and the audit trail lie \[default\: /var/lib/wharf, or \$WHARF_STATE_DIR\]]:DIR:_files' \
'--trust-environment[Under sudo\: heed DOCKER_HOST, WHARF_* and other variables (for an administrator'\''s wrapper script)]' \
'--json[Print results as JSON]' \
'-q[Say nothing but errors]' \
'--quiet[Say nothing but errors]' \
'-h[Print help]' \
'--help[Print help]' \
&& ret=0
;;
(restore)
_arguments "${_arguments_options[@]}" : \
'--config=[Host configuration \[default\: /etc/wharf/host.yml, or \$WHARF_HOST_CONFIG\]]:FILE:_files' \
'-H+[Engine, as unix\:///path, tcp\://host\:port or ssh\://user@host \[default\: \$DOCKER_HOST, the current docker context, the usual sockets\]]:URL:_default' \
'--host=[Engine, as unix\:///path, tcp\://host\:port or ssh\://user@host \[default\: \$DOCKER_HOST, the current docker context, the usual sockets\]]:URL:_default' \
'--state-dir=[Where locks and the audit trail lie \[default\: /var/lib/wharf, or \$WHARF_STATE_DIR\]]:DIR:_files' \
'--trust-environment[Under sudo\: heed DOCKER_HOST, WHARF_* and other variables (for an administrator'\''s wrapper script)]' \
'--json[Print results as JSON]' \
'-q[Say nothing but errors]' \
'--quiet[Say nothing but errors]' \
'-h[Print help]' \
'--help[Print help]' \
&& ret=0
;;
(help)
_arguments "${_arguments_options[@]}" : \
":: :_wharf__subcmd__secret__subcmd__help_commands" \
"*::: :->help" \
&& ret=0

    case $state in
    (help)
        words=($line[1] "${words[@]}")
        (( CURRENT += 1 ))
        curcontext="${curcontext%:*:*}:wharf-secret-help-command-$line[1]:"
        case $line[1] in
            (set)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(ls)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(show)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(rm)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(edit)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(rotate)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(rekey)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(sign)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(import)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(scan)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(recovery)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(accept)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(doctor)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(restore)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(help)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
        esac
    ;;
esac
;;
        esac
    ;;
esac
;;
(init)
_arguments "${_arguments_options[@]}" : \
'--config=[Host configuration \[default\: /etc/wharf/host.yml, or \$WHARF_HOST_CONFIG\]]:FILE:_files' \
'-H+[Engine, as unix\:///path, tcp\://host\:port or ssh\://user@host \[default\: \$DOCKER_HOST, the current docker context, the usual sockets\]]:URL:_default' \
'--host=[Engine, as unix\:///path, tcp\://host\:port or ssh\://user@host \[default\: \$DOCKER_HOST, the current docker context, the usual sockets\]]:URL:_default' \
'--state-dir=[Where locks and the audit trail lie \[default\: /var/lib/wharf, or \$WHARF_STATE_DIR\]]:DIR:_files' \
'--trust-environment[Under sudo\: heed DOCKER_HOST, WHARF_* and other variables (for an administrator'\''s wrapper script)]' \
'--json[Print results as JSON]' \
'-q[Say nothing but errors]' \
'--quiet[Say nothing but errors]' \
'-h[Print help]' \
'--help[Print help]' \
'::directory -- Where \[default\: the folder one is in\]:_files' \
&& ret=0
;;
(host)
_arguments "${_arguments_options[@]}" : \
'--config=[Host configuration \[default\: /etc/wharf/host.yml, or \$WHARF_HOST_CONFIG\]]:FILE:_files' \
'-H+[Engine, as unix\:///path, tcp\://host\:port or ssh\://user@host \[default\: \$DOCKER_HOST, the current docker context, the usual sockets\]]:URL:_default' \
'--host=[Engine, as unix\:///path, tcp\://host\:port or ssh\://user@host \[default\: \$DOCKER_HOST, the current docker context, the usual sockets\]]:URL:_default' \
'--state-dir=[Where locks and the audit trail lie \[default\: /var/lib/wharf, or \$WHARF_STATE_DIR\]]:DIR:_files' \
'--trust-environment[Under sudo\: heed DOCKER_HOST, WHARF_* and other variables (for an administrator'\''s wrapper script)]' \
'--json[Print results as JSON]' \
'-q[Say nothing but errors]' \
'--quiet[Say nothing but errors]' \
'-h[Print help]' \
'--help[Print help]' \
":: :_wharf__subcmd__host_commands" \
"*::: :->host" \
&& ret=0

    case $state in
    (host)
        words=($line[1] "${words[@]}")
        (( CURRENT += 1 ))
        curcontext="${curcontext%:*:*}:wharf-host-command-$line[1]:"
        case $line[1] in
            (init)
_arguments "${_arguments_options[@]}" : \
'--config=[Host configuration \[default\: /etc/wharf/host.yml, or \$WHARF_HOST_CONFIG\]]:FILE:_files' \
'-H+[Engine, as unix\:///path, tcp\://host\:port or ssh\://user@host \[default\: \$DOCKER_HOST, the current docker context, the usual sockets\]]:URL:_default' \
'--host=[Engine, as unix\:///path, tcp\://host\:port or ssh\://user@host \[default\: \$DOCKER_HOST, the current docker context, the usual sockets\]]:URL:_default' \
'--state-dir=[Where locks and the audit trail lie \[default\: /var/lib/wharf, or \$WHARF_STATE_DIR\]]:DIR:_files' \
'--replace[Make another key where the one that others seal to is lost]' \
'--trust-environment[Under sudo\: heed DOCKER_HOST, WHARF_* and other variables (for an administrator'\''s wrapper script)]' \
'--json[Print results as JSON]' \
'-q[Say nothing but errors]' \
'--quiet[Say nothing but errors]' \
'-h[Print help]' \
'--help[Print help]' \
&& ret=0
;;
(help)
_arguments "${_arguments_options[@]}" : \
":: :_wharf__subcmd__host__subcmd__help_commands" \
"*::: :->help" \
&& ret=0

    case $state in
    (help)
        words=($line[1] "${words[@]}")
        (( CURRENT += 1 ))
        curcontext="${curcontext%:*:*}:wharf-host-help-command-$line[1]:"
        case $line[1] in
            (init)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(help)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
        esac
    ;;
esac
;;
        esac
    ;;
esac
;;
(engine)
_arguments "${_arguments_options[@]}" : \
'--config=[Host configuration \[default\: /etc/wharf/host.yml, or \$WHARF_HOST_CONFIG\]]:FILE:_files' \
'-H+[Engine, as unix\:///path, tcp\://host\:port or ssh\://user@host \[default\: \$DOCKER_HOST, the current docker context, the usual sockets\]]:URL:_default' \
'--host=[Engine, as unix\:///path, tcp\://host\:port or ssh\://user@host \[default\: \$DOCKER_HOST, the current docker context, the usual sockets\]]:URL:_default' \
'--state-dir=[Where locks and the audit trail lie \[default\: /var/lib/wharf, or \$WHARF_STATE_DIR\]]:DIR:_files' \
'--trust-environment[Under sudo\: heed DOCKER_HOST, WHARF_* and other variables (for an administrator'\''s wrapper script)]' \
'--json[Print results as JSON]' \
'-q[Say nothing but errors]' \
'--quiet[Say nothing but errors]' \
'-h[Print help]' \
'--help[Print help]' \
":: :_wharf__subcmd__engine_commands" \
"*::: :->engine" \
&& ret=0

    case $state in
    (engine)
        words=($line[1] "${words[@]}")
        (( CURRENT += 1 ))
        curcontext="${curcontext%:*:*}:wharf-engine-command-$line[1]:"
        case $line[1] in
            (secure)
_arguments "${_arguments_options[@]}" : \
'--listen=[Where it is to listen \[default\: where it does, else tcp\://0.0.0.0\:2376\]]:tcp://ADDRESS:PORT:_default' \
'*--names=[Names and addresses that this host answers to \[default\: found\]]:HOST,ADDRESS,...:_default' \
'--daemon-json=[The engine'\''s own configuration \[default\: /etc/docker/daemon.json\]]:FILE:_files' \
'--root=[Where the machine'\''s files lie]:DIR:_files' \
'--config=[Host configuration \[default\: /etc/wharf/host.yml, or \$WHARF_HOST_CONFIG\]]:FILE:_files' \
'-H+[Engine, as unix\:///path, tcp\://host\:port or ssh\://user@host \[default\: \$DOCKER_HOST, the current docker context, the usual sockets\]]:URL:_default' \
'--host=[Engine, as unix\:///path, tcp\://host\:port or ssh\://user@host \[default\: \$DOCKER_HOST, the current docker context, the usual sockets\]]:URL:_default' \
'--state-dir=[Where locks and the audit trail lie \[default\: /var/lib/wharf, or \$WHARF_STATE_DIR\]]:DIR:_files' \
'(--undo)--apply[Do it without asking]' \
'(--listen --names)--undo[Put every file back as it was]' \
'--trust-environment[Under sudo\: heed DOCKER_HOST, WHARF_* and other variables (for an administrator'\''s wrapper script)]' \
'--json[Print results as JSON]' \
'-q[Say nothing but errors]' \
'--quiet[Say nothing but errors]' \
'-h[Print help]' \
'--help[Print help]' \
&& ret=0
;;
(cert)
_arguments "${_arguments_options[@]}" : \
'--to=[Folder for ca.pem, cert.pem and key.pem, as DOCKER_CERT_PATH wants them]:DIR:_files' \
'--for=[How long it lives\: nothing takes it back before]:DURATION:_default' \
'--config=[Host configuration \[default\: /etc/wharf/host.yml, or \$WHARF_HOST_CONFIG\]]:FILE:_files' \
'-H+[Engine, as unix\:///path, tcp\://host\:port or ssh\://user@host \[default\: \$DOCKER_HOST, the current docker context, the usual sockets\]]:URL:_default' \
'--host=[Engine, as unix\:///path, tcp\://host\:port or ssh\://user@host \[default\: \$DOCKER_HOST, the current docker context, the usual sockets\]]:URL:_default' \
'--state-dir=[Where locks and the audit trail lie \[default\: /var/lib/wharf, or \$WHARF_STATE_DIR\]]:DIR:_files' \
'--trust-environment[Under sudo\: heed DOCKER_HOST, WHARF_* and other variables (for an administrator'\''s wrapper script)]' \
'--json[Print results as JSON]' \
'-q[Say nothing but errors]' \
'--quiet[Say nothing but errors]' \
'-h[Print help]' \
'--help[Print help]' \
':user -- Who bears it\: for people to tell certificates apart:_default' \
&& ret=0
;;
(help)
_arguments "${_arguments_options[@]}" : \
":: :_wharf__subcmd__engine__subcmd__help_commands" \
"*::: :->help" \
&& ret=0

    case $state in
    (help)
        words=($line[1] "${words[@]}")
        (( CURRENT += 1 ))
        curcontext="${curcontext%:*:*}:wharf-engine-help-command-$line[1]:"
        case $line[1] in
            (secure)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(cert)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(help)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
        esac
    ;;
esac
;;
        esac
    ;;
esac
;;
(schema)
_arguments "${_arguments_options[@]}" : \
'--config=[Host configuration \[default\: /etc/wharf/host.yml, or \$WHARF_HOST_CONFIG\]]:FILE:_files' \
'-H+[Engine, as unix\:///path, tcp\://host\:port or ssh\://user@host \[default\: \$DOCKER_HOST, the current docker context, the usual sockets\]]:URL:_default' \
'--host=[Engine, as unix\:///path, tcp\://host\:port or ssh\://user@host \[default\: \$DOCKER_HOST, the current docker context, the usual sockets\]]:URL:_default' \
'--state-dir=[Where locks and the audit trail lie \[default\: /var/lib/wharf, or \$WHARF_STATE_DIR\]]:DIR:_files' \
'--trust-environment[Under sudo\: heed DOCKER_HOST, WHARF_* and other variables (for an administrator'\''s wrapper script)]' \
'--json[Print results as JSON]' \
'-q[Say nothing but errors]' \
'--quiet[Say nothing but errors]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
':kind -- Of which file:((pod\:"Pod files"
host\:"Host configuration"
workstation\:"Workstations'\'' files"))' \
&& ret=0
;;
(completions)
_arguments "${_arguments_options[@]}" : \
'--config=[Host configuration \[default\: /etc/wharf/host.yml, or \$WHARF_HOST_CONFIG\]]:FILE:_files' \
'-H+[Engine, as unix\:///path, tcp\://host\:port or ssh\://user@host \[default\: \$DOCKER_HOST, the current docker context, the usual sockets\]]:URL:_default' \
'--host=[Engine, as unix\:///path, tcp\://host\:port or ssh\://user@host \[default\: \$DOCKER_HOST, the current docker context, the usual sockets\]]:URL:_default' \
'--state-dir=[Where locks and the audit trail lie \[default\: /var/lib/wharf, or \$WHARF_STATE_DIR\]]:DIR:_files' \
'--trust-environment[Under sudo\: heed DOCKER_HOST, WHARF_* and other variables (for an administrator'\''s wrapper script)]' \
'--json[Print results as JSON]' \
'-q[Say nothing but errors]' \
'--quiet[Say nothing but errors]' \
'-h[Print help]' \
'--help[Print help]' \
':shell -- Which shell:(bash elvish fish powershell zsh)' \
&& ret=0
;;
(reference)
_arguments "${_arguments_options[@]}" : \
'--config=[Host configuration \[default\: /etc/wharf/host.yml, or \$WHARF_HOST_CONFIG\]]:FILE:_files' \
'-H+[Engine, as unix\:///path, tcp\://host\:port or ssh\://user@host \[default\: \$DOCKER_HOST, the current docker context, the usual sockets\]]:URL:_default' \
'--host=[Engine, as unix\:///path, tcp\://host\:port or ssh\://user@host \[default\: \$DOCKER_HOST, the current docker context, the usual sockets\]]:URL:_default' \
'--state-dir=[Where locks and the audit trail lie \[default\: /var/lib/wharf, or \$WHARF_STATE_DIR\]]:DIR:_files' \
'--trust-environment[Under sudo\: heed DOCKER_HOST, WHARF_* and other variables (for an administrator'\''s wrapper script)]' \
'--json[Print results as JSON]' \
'-q[Say nothing but errors]' \
'--quiet[Say nothing but errors]' \
'-h[Print help]' \
'--help[Print help]' \
&& ret=0
;;
(man)
_arguments "${_arguments_options[@]}" : \
'--config=[Host configuration \[default\: /etc/wharf/host.yml, or \$WHARF_HOST_CONFIG\]]:FILE:_files' \
'-H+[Engine, as unix\:///path, tcp\://host\:port or ssh\://user@host \[default\: \$DOCKER_HOST, the current docker context, the usual sockets\]]:URL:_default' \
'--host=[Engine, as unix\:///path, tcp\://host\:port or ssh\://user@host \[default\: \$DOCKER_HOST, the current docker context, the usual sockets\]]:URL:_default' \
'--state-dir=[Where locks and the audit trail lie \[default\: /var/lib/wharf, or \$WHARF_STATE_DIR\]]:DIR:_files' \
'--trust-environment[Under sudo\: heed DOCKER_HOST, WHARF_* and other variables (for an administrator'\''s wrapper script)]' \
'--json[Print results as JSON]' \
'-q[Say nothing but errors]' \
'--quiet[Say nothing but errors]' \
'-h[Print help]' \
'--help[Print help]' \
&& ret=0
;;
(help)
_arguments "${_arguments_options[@]}" : \
":: :_wharf__subcmd__help_commands" \
"*::: :->help" \
&& ret=0

    case $state in
    (help)
        words=($line[1] "${words[@]}")
        (( CURRENT += 1 ))
        curcontext="${curcontext%:*:*}:wharf-help-command-$line[1]:"
        case $line[1] in
            (up)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(plan)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(down)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(ps)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(logs)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(exec)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(check)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(doctor)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(audit)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(resume)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(serve)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(pins)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(shell)
_arguments "${_arguments_options[@]}" : \
":: :_wharf__subcmd__help__subcmd__shell_commands" \
"*::: :->shell" \
&& ret=0

    case $state in
    (shell)
        words=($line[1] "${words[@]}")
        (( CURRENT += 1 ))
        curcontext="${curcontext%:*:*}:wharf-help-shell-command-$line[1]:"
        case $line[1] in
            (ls)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(alias)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(complete)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
        esac
    ;;
esac
;;
(whoami)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(dial-stdio)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(context)
_arguments "${_arguments_options[@]}" : \
":: :_wharf__subcmd__help__subcmd__context_commands" \
"*::: :->context" \
&& ret=0

    case $state in
    (context)
        words=($line[1] "${words[@]}")
        (( CURRENT += 1 ))
        curcontext="${curcontext%:*:*}:wharf-help-context-command-$line[1]:"
        case $line[1] in
            (ls)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(make)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
        esac
    ;;
esac
;;
(ca)
_arguments "${_arguments_options[@]}" : \
":: :_wharf__subcmd__help__subcmd__ca_commands" \
"*::: :->ca" \
&& ret=0

    case $state in
    (ca)
        words=($line[1] "${words[@]}")
        (( CURRENT += 1 ))
        curcontext="${curcontext%:*:*}:wharf-help-ca-command-$line[1]:"
        case $line[1] in
            (init)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(show)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(names)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(rotate)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
        esac
    ;;
esac
;;
(invite)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(join)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(cert)
_arguments "${_arguments_options[@]}" : \
":: :_wharf__subcmd__help__subcmd__cert_commands" \
"*::: :->cert" \
&& ret=0

    case $state in
    (cert)
        words=($line[1] "${words[@]}")
        (( CURRENT += 1 ))
        curcontext="${curcontext%:*:*}:wharf-help-cert-command-$line[1]:"
        case $line[1] in
            (ls)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(revoke)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(renew)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(export)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(lease)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
        esac
    ;;
esac
;;
(tenant)
_arguments "${_arguments_options[@]}" : \
":: :_wharf__subcmd__help__subcmd__tenant_commands" \
"*::: :->tenant" \
&& ret=0

    case $state in
    (tenant)
        words=($line[1] "${words[@]}")
        (( CURRENT += 1 ))
        curcontext="${curcontext%:*:*}:wharf-help-tenant-command-$line[1]:"
        case $line[1] in
            (ls)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(adopt)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
        esac
    ;;
esac
;;
(secret)
_arguments "${_arguments_options[@]}" : \
":: :_wharf__subcmd__help__subcmd__secret_commands" \
"*::: :->secret" \
&& ret=0

    case $state in
    (secret)
        words=($line[1] "${words[@]}")
        (( CURRENT += 1 ))
        curcontext="${curcontext%:*:*}:wharf-help-secret-command-$line[1]:"
        case $line[1] in
            (set)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(ls)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(show)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(rm)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(edit)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(rotate)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(rekey)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(sign)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(import)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(scan)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(recovery)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(accept)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(doctor)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(restore)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
        esac
    ;;
esac
;;
(init)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(host)
_arguments "${_arguments_options[@]}" : \
":: :_wharf__subcmd__help__subcmd__host_commands" \
"*::: :->host" \
&& ret=0

    case $state in
    (host)
        words=($line[1] "${words[@]}")
        (( CURRENT += 1 ))
        curcontext="${curcontext%:*:*}:wharf-help-host-command-$line[1]:"
        case $line[1] in
            (init)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
        esac
    ;;
esac
;;
(engine)
_arguments "${_arguments_options[@]}" : \
":: :_wharf__subcmd__help__subcmd__engine_commands" \
"*::: :->engine" \
&& ret=0

    case $state in
    (engine)
        words=($line[1] "${words[@]}")
        (( CURRENT += 1 ))
        curcontext="${curcontext%:*:*}:wharf-help-engine-command-$line[1]:"
        case $line[1] in
            (secure)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(cert)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
        esac
    ;;
esac
;;
(schema)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(completions)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(reference)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(man)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(help)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
        esac
    ;;
esac
;;
        esac
    ;;
esac
}

(( $+functions[_wharf_commands] )) ||
_wharf_commands() {
    local commands; commands=(
'up:Make pods as their files say' \
'plan:Show what \`up\` would do, field by field' \
'down:Stop and remove a pod'\''s containers; its directories stay' \
'ps:List pods and their containers' \
'logs:Show what a pod'\''s containers print' \
'exec:Run a command in a container; its exit status becomes wharf'\''s' \
'check:Check pod files without an engine' \
'doctor:Look for what weakens this host' \
'audit:Show who did, or was denied, what on this host' \
'resume:Start what should be running, in order\: after an engine start (see wharf-pods.service)' \
'serve:Give every tenant a Docker of its own\: answer at the sockets that the host configuration names' \
'pins:Mount tenants'\'' own directories for \`serve\`, and hold the sockets of their containers (see wharf-pins.service)' \
'shell:Enter a workstation\: a long-lived shell container of your own, found again as you left it' \
'whoami:Show who you are to the gateway\: tenant, grants, and what is used of each limit' \
'dial-stdio:Be a connection to the gateway, on standard input and output\: what ssh runs for \`docker -H ssh\://...\`' \
'context:Make a docker context for the gateway, or list contexts and what rights they give' \
'ca:Make and look after the authority by whose certificates people come in from other machines' \
'invite:Let somebody in from another machine\: print the line to paste there' \
'join:Join a gateway on another machine with an invitation' \
'cert:See, take back, renew and export certificates' \
'tenant:See tenants that are or were, and give the present one what a former one left' \
'secret:Keep secrets\: sealed in files that are safe to commit, opened only in the containers that use them' \
'init:Make a folder for pod files and sealed secrets, ready for git' \
'host:What this host has of its own' \
'engine:Secure an engine that has no gateway before it' \
'schema:Print the JSON Schema of a file, for editors' \
'completions:Print a shell'\''s completions' \
'reference:Print the reference of all commands, as Markdown' \
'man:Print the man page' \
'help:Print this message or the help of the given subcommand(s)' \
    )
    _describe -t commands 'wharf commands' commands "$@"
}
(( $+functions[_wharf__subcmd__audit_commands] )) ||
_wharf__subcmd__audit_commands() {
    local commands; commands=()
    _describe -t commands 'wharf audit commands' commands "$@"
}
(( $+functions[_wharf__subcmd__ca_commands] )) ||
_wharf__subcmd__ca_commands() {
    local commands; commands=(
'init:Make a private authority for this host, and the server'\''s certificate' \
'show:Show the authority\: fingerprint, names, until when' \
'names:Show or change the names and addresses in the server'\''s certificate, and issue it anew' \
'rotate:Put a new authority in place of this one, with an overlap in which both are trusted' \
'help:Print this message or the help of the given subcommand(s)' \
    )
    _describe -t commands 'wharf ca commands' commands "$@"
}
(( $+functions[_wharf__subcmd__ca__subcmd__help_commands] )) ||
_wharf__subcmd__ca__subcmd__help_commands() {
    local commands; commands=(
'init:Make a private authority for this host, and the server'\''s certificate' \
'show:Show the authority\: fingerprint, names, until when' \
'names:Show or change the names and addresses in the server'\''s certificate, and issue it anew' \
'rotate:Put a new authority in place of this one, with an overlap in which both are trusted' \
'help:Print this message or the help of the given subcommand(s)' \
    )
    _describe -t commands 'wharf ca help commands' commands "$@"
}
(( $+functions[_wharf__subcmd__ca__subcmd__help__subcmd__help_commands] )) ||
_wharf__subcmd__ca__subcmd__help__subcmd__help_commands() {
    local commands; commands=()
    _describe -t commands 'wharf ca help help commands' commands "$@"
}
(( $+functions[_wharf__subcmd__ca__subcmd__help__subcmd__init_commands] )) ||
_wharf__subcmd__ca__subcmd__help__subcmd__init_commands() {
    local commands; commands=()
    _describe -t commands 'wharf ca help init commands' commands "$@"
}
(( $+functions[_wharf__subcmd__ca__subcmd__help__subcmd__names_commands] )) ||
_wharf__subcmd__ca__subcmd__help__subcmd__names_commands() {
    local commands; commands=()
    _describe -t commands 'wharf ca help names commands' commands "$@"
}
(( $+functions[_wharf__subcmd__ca__subcmd__help__subcmd__rotate_commands] )) ||
_wharf__subcmd__ca__subcmd__help__subcmd__rotate_commands() {
    local commands; commands=()
    _describe -t commands 'wharf ca help rotate commands' commands "$@"
}
(( $+functions[_wharf__subcmd__ca__subcmd__help__subcmd__show_commands] )) ||
_wharf__subcmd__ca__subcmd__help__subcmd__show_commands() {
    local commands; commands=()
    _describe -t commands 'wharf ca help show commands' commands "$@"
}
(( $+functions[_wharf__subcmd__ca__subcmd__init_commands] )) ||
_wharf__subcmd__ca__subcmd__init_commands() {
    local commands; commands=()
    _describe -t commands 'wharf ca init commands' commands "$@"
}
(( $+functions[_wharf__subcmd__ca__subcmd__names_commands] )) ||
_wharf__subcmd__ca__subcmd__names_commands() {
    local commands; commands=()
    _describe -t commands 'wharf ca names commands' commands "$@"
}
(( $+functions[_wharf__subcmd__ca__subcmd__rotate_commands] )) ||
_wharf__subcmd__ca__subcmd__rotate_commands() {
    local commands; commands=()
    _describe -t commands 'wharf ca rotate commands' commands "$@"
}
(( $+functions[_wharf__subcmd__ca__subcmd__show_commands] )) ||
_wharf__subcmd__ca__subcmd__show_commands() {
    local commands; commands=()
    _describe -t commands 'wharf ca show commands' commands "$@"
}
(( $+functions[_wharf__subcmd__cert_commands] )) ||
_wharf__subcmd__cert_commands() {
    local commands; commands=(
'ls:List who may come in by certificate\: who, until when, last seen when and from where' \
'revoke:Take certificates back, at once; open invitations of the same go, too' \
'renew:Renew the certificate with which this machine joined' \
'export:Make a key and a certificate here, for somebody who installs them by hand' \
'lease:Invite a machine or a job that comes and goes\: its access ends by itself soon after it stops asking' \
'help:Print this message or the help of the given subcommand(s)' \
    )
    _describe -t commands 'wharf cert commands' commands "$@"
}
(( $+functions[_wharf__subcmd__cert__subcmd__export_commands] )) ||
_wharf__subcmd__cert__subcmd__export_commands() {
    local commands; commands=()
    _describe -t commands 'wharf cert export commands' commands "$@"
}
(( $+functions[_wharf__subcmd__cert__subcmd__help_commands] )) ||
_wharf__subcmd__cert__subcmd__help_commands() {
    local commands; commands=(
'ls:List who may come in by certificate\: who, until when, last seen when and from where' \
'revoke:Take certificates back, at once; open invitations of the same go, too' \
'renew:Renew the certificate with which this machine joined' \
'export:Make a key and a certificate here, for somebody who installs them by hand' \
'lease:Invite a machine or a job that comes and goes\: its access ends by itself soon after it stops asking' \
'help:Print this message or the help of the given subcommand(s)' \
    )
    _describe -t commands 'wharf cert help commands' commands "$@"
}
(( $+functions[_wharf__subcmd__cert__subcmd__help__subcmd__export_commands] )) ||
_wharf__subcmd__cert__subcmd__help__subcmd__export_commands() {
    local commands; commands=()
    _describe -t commands 'wharf cert help export commands' commands "$@"
}
(( $+functions[_wharf__subcmd__cert__subcmd__help__subcmd__help_commands] )) ||
_wharf__subcmd__cert__subcmd__help__subcmd__help_commands() {
    local commands; commands=()
    _describe -t commands 'wharf cert help help commands' commands "$@"
}
(( $+functions[_wharf__subcmd__cert__subcmd__help__subcmd__lease_commands] )) ||
_wharf__subcmd__cert__subcmd__help__subcmd__lease_commands() {
    local commands; commands=()
    _describe -t commands 'wharf cert help lease commands' commands "$@"
}
(( $+functions[_wharf__subcmd__cert__subcmd__help__subcmd__ls_commands] )) ||
_wharf__subcmd__cert__subcmd__help__subcmd__ls_commands() {
    local commands; commands=()
    _describe -t commands 'wharf cert help ls commands' commands "$@"
}
(( $+functions[_wharf__subcmd__cert__subcmd__help__subcmd__renew_commands] )) ||
_wharf__subcmd__cert__subcmd__help__subcmd__renew_commands() {
    local commands; commands=()
    _describe -t commands 'wharf cert help renew commands' commands "$@"
}
(( $+functions[_wharf__subcmd__cert__subcmd__help__subcmd__revoke_commands] )) ||
_wharf__subcmd__cert__subcmd__help__subcmd__revoke_commands() {
    local commands; commands=()
    _describe -t commands 'wharf cert help revoke commands' commands "$@"
}
(( $+functions[_wharf__subcmd__cert__subcmd__lease_commands] )) ||
_wharf__subcmd__cert__subcmd__lease_commands() {
    local commands; commands=()
    _describe -t commands 'wharf cert lease commands' commands "$@"
}
(( $+functions[_wharf__subcmd__cert__subcmd__ls_commands] )) ||
_wharf__subcmd__cert__subcmd__ls_commands() {
    local commands; commands=()
    _describe -t commands 'wharf cert ls commands' commands "$@"
}
(( $+functions[_wharf__subcmd__cert__subcmd__renew_commands] )) ||
_wharf__subcmd__cert__subcmd__renew_commands() {
    local commands; commands=()
    _describe -t commands 'wharf cert renew commands' commands "$@"
}
(( $+functions[_wharf__subcmd__cert__subcmd__revoke_commands] )) ||
_wharf__subcmd__cert__subcmd__revoke_commands() {
    local commands; commands=()
    _describe -t commands 'wharf cert revoke commands' commands "$@"
}
(( $+functions[_wharf__subcmd__check_commands] )) ||
_wharf__subcmd__check_commands() {
    local commands; commands=()
    _describe -t commands 'wharf check commands' commands "$@"
}
(( $+functions[_wharf__subcmd__completions_commands] )) ||
_wharf__subcmd__completions_commands() {
    local commands; commands=()
    _describe -t commands 'wharf completions commands' commands "$@"
}
(( $+functions[_wharf__subcmd__context_commands] )) ||
_wharf__subcmd__context_commands() {
    local commands; commands=(
'ls:List docker contexts\: how each is secured, until when, and what rights it gives' \
'make:Make a docker context for the gateway' \
'help:Print this message or the help of the given subcommand(s)' \
    )
    _describe -t commands 'wharf context commands' commands "$@"
}
(( $+functions[_wharf__subcmd__context__subcmd__help_commands] )) ||
_wharf__subcmd__context__subcmd__help_commands() {
    local commands; commands=(
'ls:List docker contexts\: how each is secured, until when, and what rights it gives' \
'make:Make a docker context for the gateway' \
'help:Print this message or the help of the given subcommand(s)' \
    )
    _describe -t commands 'wharf context help commands' commands "$@"
}
(( $+functions[_wharf__subcmd__context__subcmd__help__subcmd__help_commands] )) ||
_wharf__subcmd__context__subcmd__help__subcmd__help_commands() {
    local commands; commands=()
    _describe -t commands 'wharf context help help commands' commands "$@"
}
(( $+functions[_wharf__subcmd__context__subcmd__help__subcmd__ls_commands] )) ||
_wharf__subcmd__context__subcmd__help__subcmd__ls_commands() {
    local commands; commands=()
    _describe -t commands 'wharf context help ls commands' commands "$@"
}
(( $+functions[_wharf__subcmd__context__subcmd__help__subcmd__make_commands] )) ||
_wharf__subcmd__context__subcmd__help__subcmd__make_commands() {
    local commands; commands=()
    _describe -t commands 'wharf context help make commands' commands "$@"
}
(( $+functions[_wharf__subcmd__context__subcmd__ls_commands] )) ||
_wharf__subcmd__context__subcmd__ls_commands() {
    local commands; commands=()
    _describe -t commands 'wharf context ls commands' commands "$@"
}
(( $+functions[_wharf__subcmd__context__subcmd__make_commands] )) ||
_wharf__subcmd__context__subcmd__make_commands() {
    local commands; commands=()
    _describe -t commands 'wharf context make commands' commands "$@"
}
(( $+functions[_wharf__subcmd__dial-stdio_commands] )) ||
_wharf__subcmd__dial-stdio_commands() {
    local commands; commands=()
    _describe -t commands 'wharf dial-stdio commands' commands "$@"
}
(( $+functions[_wharf__subcmd__doctor_commands] )) ||
_wharf__subcmd__doctor_commands() {
    local commands; commands=()
    _describe -t commands 'wharf doctor commands' commands "$@"
}
(( $+functions[_wharf__subcmd__down_commands] )) ||
_wharf__subcmd__down_commands() {
    local commands; commands=()
    _describe -t commands 'wharf down commands' commands "$@"
}
(( $+functions[_wharf__subcmd__engine_commands] )) ||
_wharf__subcmd__engine_commands() {
    local commands; commands=(
'secure:Have the engine listen at the network for who has a certificate, and undo that' \
'cert:Make a certificate with which somebody is root on this machine, through its engine' \
'help:Print this message or the help of the given subcommand(s)' \
    )
    _describe -t commands 'wharf engine commands' commands "$@"
}
(( $+functions[_wharf__subcmd__engine__subcmd__cert_commands] )) ||
_wharf__subcmd__engine__subcmd__cert_commands() {
    local commands; commands=()
    _describe -t commands 'wharf engine cert commands' commands "$@"
}
(( $+functions[_wharf__subcmd__engine__subcmd__help_commands] )) ||
_wharf__subcmd__engine__subcmd__help_commands() {
    local commands; commands=(
'secure:Have the engine listen at the network for who has a certificate, and undo that' \
'cert:Make a certificate with which somebody is root on this machine, through its engine' \
'help:Print this message or the help of the given subcommand(s)' \
    )
    _describe -t commands 'wharf engine help commands' commands "$@"
}
(( $+functions[_wharf__subcmd__engine__subcmd__help__subcmd__cert_commands] )) ||
_wharf__subcmd__engine__subcmd__help__subcmd__cert_commands() {
    local commands; commands=()
    _describe -t commands 'wharf engine help cert commands' commands "$@"
}
(( $+functions[_wharf__subcmd__engine__subcmd__help__subcmd__help_commands] )) ||
_wharf__subcmd__engine__subcmd__help__subcmd__help_commands() {
    local commands; commands=()
    _describe -t commands 'wharf engine help help commands' commands "$@"
}
(( $+functions[_wharf__subcmd__engine__subcmd__help__subcmd__secure_commands] )) ||
_wharf__subcmd__engine__subcmd__help__subcmd__secure_commands() {
    local commands; commands=()
    _describe -t commands 'wharf engine help secure commands' commands "$@"
}
(( $+functions[_wharf__subcmd__engine__subcmd__secure_commands] )) ||
_wharf__subcmd__engine__subcmd__secure_commands() {
    local commands; commands=()
    _describe -t commands 'wharf engine secure commands' commands "$@"
}
(( $+functions[_wharf__subcmd__exec_commands] )) ||
_wharf__subcmd__exec_commands() {
    local commands; commands=()
    _describe -t commands 'wharf exec commands' commands "$@"
}
(( $+functions[_wharf__subcmd__help_commands] )) ||
_wharf__subcmd__help_commands() {
    local commands; commands=(
'up:Make pods as their files say' \
'plan:Show what \`up\` would do, field by field' \
'down:Stop and remove a pod'\''s containers; its directories stay' \
'ps:List pods and their containers' \
'logs:Show what a pod'\''s containers print' \
'exec:Run a command in a container; its exit status becomes wharf'\''s' \
'check:Check pod files without an engine' \
'doctor:Look for what weakens this host' \
'audit:Show who did, or was denied, what on this host' \
'resume:Start what should be running, in order\: after an engine start (see wharf-pods.service)' \
'serve:Give every tenant a Docker of its own\: answer at the sockets that the host configuration names' \
'pins:Mount tenants'\'' own directories for \`serve\`, and hold the sockets of their containers (see wharf-pins.service)' \
'shell:Enter a workstation\: a long-lived shell container of your own, found again as you left it' \
'whoami:Show who you are to the gateway\: tenant, grants, and what is used of each limit' \
'dial-stdio:Be a connection to the gateway, on standard input and output\: what ssh runs for \`docker -H ssh\://...\`' \
'context:Make a docker context for the gateway, or list contexts and what rights they give' \
'ca:Make and look after the authority by whose certificates people come in from other machines' \
'invite:Let somebody in from another machine\: print the line to paste there' \
'join:Join a gateway on another machine with an invitation' \
'cert:See, take back, renew and export certificates' \
'tenant:See tenants that are or were, and give the present one what a former one left' \
'secret:Keep secrets\: sealed in files that are safe to commit, opened only in the containers that use them' \
'init:Make a folder for pod files and sealed secrets, ready for git' \
'host:What this host has of its own' \
'engine:Secure an engine that has no gateway before it' \
'schema:Print the JSON Schema of a file, for editors' \
'completions:Print a shell'\''s completions' \
'reference:Print the reference of all commands, as Markdown' \
'man:Print the man page' \
'help:Print this message or the help of the given subcommand(s)' \
    )
    _describe -t commands 'wharf help commands' commands "$@"
}
(( $+functions[_wharf__subcmd__help__subcmd__audit_commands] )) ||
_wharf__subcmd__help__subcmd__audit_commands() {
    local commands; commands=()
    _describe -t commands 'wharf help audit commands' commands "$@"
}
(( $+functions[_wharf__subcmd__help__subcmd__ca_commands] )) ||
_wharf__subcmd__help__subcmd__ca_commands() {
    local commands; commands=(
'init:Make a private authority for this host, and the server'\''s certificate' \
'show:Show the authority\: fingerprint, names, until when' \
'names:Show or change the names and addresses in the server'\''s certificate, and issue it anew' \
'rotate:Put a new authority in place of this one, with an overlap in which both are trusted' \
    )
    _describe -t commands 'wharf help ca commands' commands "$@"
}
(( $+functions[_wharf__subcmd__help__subcmd__ca__subcmd__init_commands] )) ||
_wharf__subcmd__help__subcmd__ca__subcmd__init_commands() {
    local commands; commands=()
    _describe -t commands 'wharf help ca init commands' commands "$@"
}
(( $+functions[_wharf__subcmd__help__subcmd__ca__subcmd__names_commands] )) ||
_wharf__subcmd__help__subcmd__ca__subcmd__names_commands() {
    local commands; commands=()
    _describe -t commands 'wharf help ca names commands' commands "$@"
}
(( $+functions[_wharf__subcmd__help__subcmd__ca__subcmd__rotate_commands] )) ||
_wharf__subcmd__help__subcmd__ca__subcmd__rotate_commands() {
    local commands; commands=()
    _describe -t commands 'wharf help ca rotate commands' commands "$@"
}
(( $+functions[_wharf__subcmd__help__subcmd__ca__subcmd__show_commands] )) ||
_wharf__subcmd__help__subcmd__ca__subcmd__show_commands() {
    local commands; commands=()
    _describe -t commands 'wharf help ca show commands' commands "$@"
}
(( $+functions[_wharf__subcmd__help__subcmd__cert_commands] )) ||
_wharf__subcmd__help__subcmd__cert_commands() {
    local commands; commands=(
'ls:List who may come in by certificate\: who, until when, last seen when and from where' \
'revoke:Take certificates back, at once; open invitations of the same go, too' \
'renew:Renew the certificate with which this machine joined' \
'export:Make a key and a certificate here, for somebody who installs them by hand' \
'lease:Invite a machine or a job that comes and goes\: its access ends by itself soon after it stops asking' \
    )
    _describe -t commands 'wharf help cert commands' commands "$@"
}
(( $+functions[_wharf__subcmd__help__subcmd__cert__subcmd__export_commands] )) ||
_wharf__subcmd__help__subcmd__cert__subcmd__export_commands() {
    local commands; commands=()
    _describe -t commands 'wharf help cert export commands' commands "$@"
}
(( $+functions[_wharf__subcmd__help__subcmd__cert__subcmd__lease_commands] )) ||
_wharf__subcmd__help__subcmd__cert__subcmd__lease_commands() {
    local commands; commands=()
    _describe -t commands 'wharf help cert lease commands' commands "$@"
}
(( $+functions[_wharf__subcmd__help__subcmd__cert__subcmd__ls_commands] )) ||
_wharf__subcmd__help__subcmd__cert__subcmd__ls_commands() {
    local commands; commands=()
    _describe -t commands 'wharf help cert ls commands' commands "$@"
}
(( $+functions[_wharf__subcmd__help__subcmd__cert__subcmd__renew_commands] )) ||
_wharf__subcmd__help__subcmd__cert__subcmd__renew_commands() {
    local commands; commands=()
    _describe -t commands 'wharf help cert renew commands' commands "$@"
}
(( $+functions[_wharf__subcmd__help__subcmd__cert__subcmd__revoke_commands] )) ||
_wharf__subcmd__help__subcmd__cert__subcmd__revoke_commands() {
    local commands; commands=()
    _describe -t commands 'wharf help cert revoke commands' commands "$@"
}
(( $+functions[_wharf__subcmd__help__subcmd__check_commands] )) ||
_wharf__subcmd__help__subcmd__check_commands() {
    local commands; commands=()
    _describe -t commands 'wharf help check commands' commands "$@"
}
(( $+functions[_wharf__subcmd__help__subcmd__completions_commands] )) ||
_wharf__subcmd__help__subcmd__completions_commands() {
    local commands; commands=()
    _describe -t commands 'wharf help completions commands' commands "$@"
}
(( $+functions[_wharf__subcmd__help__subcmd__context_commands] )) ||
_wharf__subcmd__help__subcmd__context_commands() {
    local commands; commands=(
'ls:List docker contexts\: how each is secured, until when, and what rights it gives' \
'make:Make a docker context for the gateway' \
    )
    _describe -t commands 'wharf help context commands' commands "$@"
}
(( $+functions[_wharf__subcmd__help__subcmd__context__subcmd__ls_commands] )) ||
_wharf__subcmd__help__subcmd__context__subcmd__ls_commands() {
    local commands; commands=()
    _describe -t commands 'wharf help context ls commands' commands "$@"
}
(( $+functions[_wharf__subcmd__help__subcmd__context__subcmd__make_commands] )) ||
_wharf__subcmd__help__subcmd__context__subcmd__make_commands() {
    local commands; commands=()
    _describe -t commands 'wharf help context make commands' commands "$@"
}
(( $+functions[_wharf__subcmd__help__subcmd__dial-stdio_commands] )) ||
_wharf__subcmd__help__subcmd__dial-stdio_commands() {
    local commands; commands=()
    _describe -t commands 'wharf help dial-stdio commands' commands "$@"
}
(( $+functions[_wharf__subcmd__help__subcmd__doctor_commands] )) ||
_wharf__subcmd__help__subcmd__doctor_commands() {
    local commands; commands=()
    _describe -t commands 'wharf help doctor commands' commands "$@"
}
(( $+functions[_wharf__subcmd__help__subcmd__down_commands] )) ||
_wharf__subcmd__help__subcmd__down_commands() {
    local commands; commands=()
    _describe -t commands 'wharf help down commands' commands "$@"
}
(( $+functions[_wharf__subcmd__help__subcmd__engine_commands] )) ||
_wharf__subcmd__help__subcmd__engine_commands() {
    local commands; commands=(
'secure:Have the engine listen at the network for who has a certificate, and undo that' \
'cert:Make a certificate with which somebody is root on this machine, through its engine' \
    )
    _describe -t commands 'wharf help engine commands' commands "$@"
}
(( $+functions[_wharf__subcmd__help__subcmd__engine__subcmd__cert_commands] )) ||
_wharf__subcmd__help__subcmd__engine__subcmd__cert_commands() {
    local commands; commands=()
    _describe -t commands 'wharf help engine cert commands' commands "$@"
}
(( $+functions[_wharf__subcmd__help__subcmd__engine__subcmd__secure_commands] )) ||
_wharf__subcmd__help__subcmd__engine__subcmd__secure_commands() {
    local commands; commands=()
    _describe -t commands 'wharf help engine secure commands' commands "$@"
}
(( $+functions[_wharf__subcmd__help__subcmd__exec_commands] )) ||
_wharf__subcmd__help__subcmd__exec_commands() {
    local commands; commands=()
    _describe -t commands 'wharf help exec commands' commands "$@"
}
(( $+functions[_wharf__subcmd__help__subcmd__help_commands] )) ||
_wharf__subcmd__help__subcmd__help_commands() {
    local commands; commands=()
    _describe -t commands 'wharf help help commands' commands "$@"
}
(( $+functions[_wharf__subcmd__help__subcmd__host_commands] )) ||
_wharf__subcmd__help__subcmd__host_commands() {
    local commands; commands=(
'init:Make the host'\''s own key, to which secrets are sealed' \
    )
    _describe -t commands 'wharf help host commands' commands "$@"
}
(( $+functions[_wharf__subcmd__help__subcmd__host__subcmd__init_commands] )) ||
_wharf__subcmd__help__subcmd__host__subcmd__init_commands() {
    local commands; commands=()
    _describe -t commands 'wharf help host init commands' commands "$@"
}
(( $+functions[_wharf__subcmd__help__subcmd__init_commands] )) ||
_wharf__subcmd__help__subcmd__init_commands() {
    local commands; commands=()
    _describe -t commands 'wharf help init commands' commands "$@"
}
(( $+functions[_wharf__subcmd__help__subcmd__invite_commands] )) ||
_wharf__subcmd__help__subcmd__invite_commands() {
    local commands; commands=()
    _describe -t commands 'wharf help invite commands' commands "$@"
}
(( $+functions[_wharf__subcmd__help__subcmd__join_commands] )) ||
_wharf__subcmd__help__subcmd__join_commands() {
    local commands; commands=()
    _describe -t commands 'wharf help join commands' commands "$@"
}
(( $+functions[_wharf__subcmd__help__subcmd__logs_commands] )) ||
_wharf__subcmd__help__subcmd__logs_commands() {
    local commands; commands=()
    _describe -t commands 'wharf help logs commands' commands "$@"
}
(( $+functions[_wharf__subcmd__help__subcmd__man_commands] )) ||
_wharf__subcmd__help__subcmd__man_commands() {
    local commands; commands=()
    _describe -t commands 'wharf help man commands' commands "$@"
}
(( $+functions[_wharf__subcmd__help__subcmd__pins_commands] )) ||
_wharf__subcmd__help__subcmd__pins_commands() {
    local commands; commands=()
    _describe -t commands 'wharf help pins commands' commands "$@"
}
(( $+functions[_wharf__subcmd__help__subcmd__plan_commands] )) ||
_wharf__subcmd__help__subcmd__plan_commands() {
    local commands; commands=()
    _describe -t commands 'wharf help plan commands' commands "$@"
}
(( $+functions[_wharf__subcmd__help__subcmd__ps_commands] )) ||
_wharf__subcmd__help__subcmd__ps_commands() {
    local commands; commands=()
    _describe -t commands 'wharf help ps commands' commands "$@"
}
(( $+functions[_wharf__subcmd__help__subcmd__reference_commands] )) ||
_wharf__subcmd__help__subcmd__reference_commands() {
    local commands; commands=()
    _describe -t commands 'wharf help reference commands' commands "$@"
}
(( $+functions[_wharf__subcmd__help__subcmd__resume_commands] )) ||
_wharf__subcmd__help__subcmd__resume_commands() {
    local commands; commands=()
    _describe -t commands 'wharf help resume commands' commands "$@"
}
(( $+functions[_wharf__subcmd__help__subcmd__schema_commands] )) ||
_wharf__subcmd__help__subcmd__schema_commands() {
    local commands; commands=()
    _describe -t commands 'wharf help schema commands' commands "$@"
}
(( $+functions[_wharf__subcmd__help__subcmd__secret_commands] )) ||
_wharf__subcmd__help__subcmd__secret_commands() {
    local commands; commands=(
'set:Seal a value\: typed, from a file, or from standard input' \
'ls:List secrets\: names, readers, ages; never values' \
'show:Print a value, for whoever has a key of one of its readers' \
'rm:Take a secret out of its file' \
'edit:Change a value in an editor' \
'rotate:Give a secret a new value; as root on its host, bring it to the containers that use it' \
'rekey:Change who can read a file'\''s secrets, without typing any of them again' \
'sign:Sign a file with an ssh key, for hosts that list who may change secrets' \
'import:Take over what another program keeps\: SOPS, Ansible Vault, \`.env\`, Docker' \
'scan:Look for secrets that stand in clear' \
'recovery:Make the key that opens everything when the host is lost, to be kept elsewhere' \
'accept:Accept an older value that was put back on purpose' \
'doctor:Look for what is wrong with this host'\''s secrets, and with the files here' \
'restore:Bring the secrets in use to where containers find them\: at boot (see wharf-secrets.service)' \
    )
    _describe -t commands 'wharf help secret commands' commands "$@"
}
(( $+functions[_wharf__subcmd__help__subcmd__secret__subcmd__accept_commands] )) ||
_wharf__subcmd__help__subcmd__secret__subcmd__accept_commands() {
    local commands; commands=()
    _describe -t commands 'wharf help secret accept commands' commands "$@"
}
(( $+functions[_wharf__subcmd__help__subcmd__secret__subcmd__doctor_commands] )) ||
_wharf__subcmd__help__subcmd__secret__subcmd__doctor_commands() {
    local commands; commands=()
    _describe -t commands 'wharf help secret doctor commands' commands "$@"
}
(( $+functions[_wharf__subcmd__help__subcmd__secret__subcmd__edit_commands] )) ||
_wharf__subcmd__help__subcmd__secret__subcmd__edit_commands() {
    local commands; commands=()
    _describe -t commands 'wharf help secret edit commands' commands "$@"
}
(( $+functions[_wharf__subcmd__help__subcmd__secret__subcmd__import_commands] )) ||
_wharf__subcmd__help__subcmd__secret__subcmd__import_commands() {
    local commands; commands=()
    _describe -t commands 'wharf help secret import commands' commands "$@"
}
(( $+functions[_wharf__subcmd__help__subcmd__secret__subcmd__ls_commands] )) ||
_wharf__subcmd__help__subcmd__secret__subcmd__ls_commands() {
    local commands; commands=()
    _describe -t commands 'wharf help secret ls commands' commands "$@"
}
(( $+functions[_wharf__subcmd__help__subcmd__secret__subcmd__recovery_commands] )) ||
_wharf__subcmd__help__subcmd__secret__subcmd__recovery_commands() {
    local commands; commands=()
    _describe -t commands 'wharf help secret recovery commands' commands "$@"
}
(( $+functions[_wharf__subcmd__help__subcmd__secret__subcmd__rekey_commands] )) ||
_wharf__subcmd__help__subcmd__secret__subcmd__rekey_commands() {
    local commands; commands=()
    _describe -t commands 'wharf help secret rekey commands' commands "$@"
}
(( $+functions[_wharf__subcmd__help__subcmd__secret__subcmd__restore_commands] )) ||
_wharf__subcmd__help__subcmd__secret__subcmd__restore_commands() {
    local commands; commands=()
    _describe -t commands 'wharf help secret restore commands' commands "$@"
}
(( $+functions[_wharf__subcmd__help__subcmd__secret__subcmd__rm_commands] )) ||
_wharf__subcmd__help__subcmd__secret__subcmd__rm_commands() {
    local commands; commands=()
    _describe -t commands 'wharf help secret rm commands' commands "$@"
}
(( $+functions[_wharf__subcmd__help__subcmd__secret__subcmd__rotate_commands] )) ||
_wharf__subcmd__help__subcmd__secret__subcmd__rotate_commands() {
    local commands; commands=()
    _describe -t commands 'wharf help secret rotate commands' commands "$@"
}
(( $+functions[_wharf__subcmd__help__subcmd__secret__subcmd__scan_commands] )) ||
_wharf__subcmd__help__subcmd__secret__subcmd__scan_commands() {
    local commands; commands=()
    _describe -t commands 'wharf help secret scan commands' commands "$@"
}
(( $+functions[_wharf__subcmd__help__subcmd__secret__subcmd__set_commands] )) ||
_wharf__subcmd__help__subcmd__secret__subcmd__set_commands() {
    local commands; commands=()
    _describe -t commands 'wharf help secret set commands' commands "$@"
}
(( $+functions[_wharf__subcmd__help__subcmd__secret__subcmd__show_commands] )) ||
_wharf__subcmd__help__subcmd__secret__subcmd__show_commands() {
    local commands; commands=()
    _describe -t commands 'wharf help secret show commands' commands "$@"
}
(( $+functions[_wharf__subcmd__help__subcmd__secret__subcmd__sign_commands] )) ||
_wharf__subcmd__help__subcmd__secret__subcmd__sign_commands() {
    local commands; commands=()
    _describe -t commands 'wharf help secret sign commands' commands "$@"
}
(( $+functions[_wharf__subcmd__help__subcmd__serve_commands] )) ||
_wharf__subcmd__help__subcmd__serve_commands() {
    local commands; commands=()
    _describe -t commands 'wharf help serve commands' commands "$@"
}
(( $+functions[_wharf__subcmd__help__subcmd__shell_commands] )) ||
_wharf__subcmd__help__subcmd__shell_commands() {
    local commands; commands=(
'ls:List workstations' \
'alias:Print a shell function that makes a workstation'\''s name a word\: \`eval "\$(wharf shell alias foo)"\`' \
'complete:Print what may stand next on the command line' \
    )
    _describe -t commands 'wharf help shell commands' commands "$@"
}
(( $+functions[_wharf__subcmd__help__subcmd__shell__subcmd__alias_commands] )) ||
_wharf__subcmd__help__subcmd__shell__subcmd__alias_commands() {
    local commands; commands=()
    _describe -t commands 'wharf help shell alias commands' commands "$@"
}
(( $+functions[_wharf__subcmd__help__subcmd__shell__subcmd__complete_commands] )) ||
_wharf__subcmd__help__subcmd__shell__subcmd__complete_commands() {
    local commands; commands=()
    _describe -t commands 'wharf help shell complete commands' commands "$@"
}
(( $+functions[_wharf__subcmd__help__subcmd__shell__subcmd__ls_commands] )) ||
_wharf__subcmd__help__subcmd__shell__subcmd__ls_commands() {
    local commands; commands=()
    _describe -t commands 'wharf help shell ls commands' commands "$@"
}
(( $+functions[_wharf__subcmd__help__subcmd__tenant_commands] )) ||
_wharf__subcmd__help__subcmd__tenant_commands() {
    local commands; commands=(
'ls:List every tenant there is or was' \
'adopt:Give the present tenant of a name what former tenants of that name left' \
    )
    _describe -t commands 'wharf help tenant commands' commands "$@"
}
(( $+functions[_wharf__subcmd__help__subcmd__tenant__subcmd__adopt_commands] )) ||
_wharf__subcmd__help__subcmd__tenant__subcmd__adopt_commands() {
    local commands; commands=()
    _describe -t commands 'wharf help tenant adopt commands' commands "$@"
}
(( $+functions[_wharf__subcmd__help__subcmd__tenant__subcmd__ls_commands] )) ||
_wharf__subcmd__help__subcmd__tenant__subcmd__ls_commands() {
    local commands; commands=()
    _describe -t commands 'wharf help tenant ls commands' commands "$@"
}
(( $+functions[_wharf__subcmd__help__subcmd__up_commands] )) ||
_wharf__subcmd__help__subcmd__up_commands() {
    local commands; commands=()
    _describe -t commands 'wharf help up commands' commands "$@"
}
(( $+functions[_wharf__subcmd__help__subcmd__whoami_commands] )) ||
_wharf__subcmd__help__subcmd__whoami_commands() {
    local commands; commands=()
    _describe -t commands 'wharf help whoami commands' commands "$@"
}
(( $+functions[_wharf__subcmd__host_commands] )) ||
_wharf__subcmd__host_commands() {
    local commands; commands=(
'init:Make the host'\''s own key, to which secrets are sealed' \
'help:Print this message or the help of the given subcommand(s)' \
    )
    _describe -t commands 'wharf host commands' commands "$@"
}
(( $+functions[_wharf__subcmd__host__subcmd__help_commands] )) ||
_wharf__subcmd__host__subcmd__help_commands() {
    local commands; commands=(
'init:Make the host'\''s own key, to which secrets are sealed' \
'help:Print this message or the help of the given subcommand(s)' \
    )
    _describe -t commands 'wharf host help commands' commands "$@"
}
(( $+functions[_wharf__subcmd__host__subcmd__help__subcmd__help_commands] )) ||
_wharf__subcmd__host__subcmd__help__subcmd__help_commands() {
    local commands; commands=()
    _describe -t commands 'wharf host help help commands' commands "$@"
}
(( $+functions[_wharf__subcmd__host__subcmd__help__subcmd__init_commands] )) ||
_wharf__subcmd__host__subcmd__help__subcmd__init_commands() {
    local commands; commands=()
    _describe -t commands 'wharf host help init commands' commands "$@"
}
(( $+functions[_wharf__subcmd__host__subcmd__init_commands] )) ||
_wharf__subcmd__host__subcmd__init_commands() {
    local commands; commands=()
    _describe -t commands 'wharf host init commands' commands "$@"
}
(( $+functions[_wharf__subcmd__init_commands] )) ||
_wharf__subcmd__init_commands() {
    local commands; commands=()
    _describe -t commands 'wharf init commands' commands "$@"
}
(( $+functions[_wharf__subcmd__invite_commands] )) ||
_wharf__subcmd__invite_commands() {
    local commands; commands=()
    _describe -t commands 'wharf invite commands' commands "$@"
}
(( $+functions[_wharf__subcmd__join_commands] )) ||
_wharf__subcmd__join_commands() {
    local commands; commands=()
    _describe -t commands 'wharf join commands' commands "$@"
}
(( $+functions[_wharf__subcmd__logs_commands] )) ||
_wharf__subcmd__logs_commands() {
    local commands; commands=()
    _describe -t commands 'wharf logs commands' commands "$@"
}
(( $+functions[_wharf__subcmd__man_commands] )) ||
_wharf__subcmd__man_commands() {
    local commands; commands=()
    _describe -t commands 'wharf man commands' commands "$@"
}
(( $+functions[_wharf__subcmd__pins_commands] )) ||
_wharf__subcmd__pins_commands() {
    local commands; commands=()
    _describe -t commands 'wharf pins commands' commands "$@"
}
(( $+functions[_wharf__subcmd__plan_commands] )) ||
_wharf__subcmd__plan_commands() {
    local commands; commands=()
    _describe -t commands 'wharf plan commands' commands "$@"
}
(( $+functions[_wharf__subcmd__ps_commands] )) ||
_wharf__subcmd__ps_commands() {
    local commands; commands=()
    _describe -t commands 'wharf ps commands' commands "$@"
}
(( $+functions[_wharf__subcmd__reference_commands] )) ||
_wharf__subcmd__reference_commands() {
    local commands; commands=()
    _describe -t commands 'wharf reference commands' commands "$@"
}
(( $+functions[_wharf__subcmd__resume_commands] )) ||
_wharf__subcmd__resume_commands() {
    local commands; commands=()
    _describe -t commands 'wharf resume commands' commands "$@"
}
(( $+functions[_wharf__subcmd__schema_commands] )) ||
_wharf__subcmd__schema_commands() {
    local commands; commands=()
    _describe -t commands 'wharf schema commands' commands "$@"
}
(( $+functions[_wharf__subcmd__secret_commands] )) ||
_wharf__subcmd__secret_commands() {
    local commands; commands=(
'set:Seal a value\: typed, from a file, or from standard input' \
'ls:List secrets\: names, readers, ages; never values' \
'show:Print a value, for whoever has a key of one of its readers' \
'rm:Take a secret out of its file' \
'edit:Change a value in an editor' \
'rotate:Give a secret a new value; as root on its host, bring it to the containers that use it' \
'rekey:Change who can read a file'\''s secrets, without typing any of them again' \
'sign:Sign a file with an ssh key, for hosts that list who may change secrets' \
'import:Take over what another program keeps\: SOPS, Ansible Vault, \`.env\`, Docker' \
'scan:Look for secrets that stand in clear' \
'recovery:Make the key that opens everything when the host is lost, to be kept elsewhere' \
'accept:Accept an older value that was put back on purpose' \
'doctor:Look for what is wrong with this host'\''s secrets, and with the files here' \
'restore:Bring the secrets in use to where containers find them\: at boot (see wharf-secrets.service)' \
'help:Print this message or the help of the given subcommand(s)' \
    )
    _describe -t commands 'wharf secret commands' commands "$@"
}
(( $+functions[_wharf__subcmd__secret__subcmd__accept_commands] )) ||
_wharf__subcmd__secret__subcmd__accept_commands() {
    local commands; commands=()
    _describe -t commands 'wharf secret accept commands' commands "$@"
}
(( $+functions[_wharf__subcmd__secret__subcmd__doctor_commands] )) ||
_wharf__subcmd__secret__subcmd__doctor_commands() {
    local commands; commands=()
    _describe -t commands 'wharf secret doctor commands' commands "$@"
}
(( $+functions[_wharf__subcmd__secret__subcmd__edit_commands] )) ||
_wharf__subcmd__secret__subcmd__edit_commands() {
    local commands; commands=()
    _describe -t commands 'wharf secret edit commands' commands "$@"
}
(( $+functions[_wharf__subcmd__secret__subcmd__help_commands] )) ||
_wharf__subcmd__secret__subcmd__help_commands() {
    local commands; commands=(
'set:Seal a value\: typed, from a file, or from standard input' \
'ls:List secrets\: names, readers, ages; never values' \
'show:Print a value, for whoever has a key of one of its readers' \
'rm:Take a secret out of its file' \
'edit:Change a value in an editor' \
'rotate:Give a secret a new value; as root on its host, bring it to the containers that use it' \
'rekey:Change who can read a file'\''s secrets, without typing any of them again' \
'sign:Sign a file with an ssh key, for hosts that list who may change secrets' \
'import:Take over what another program keeps\: SOPS, Ansible Vault, \`.env\`, Docker' \
'scan:Look for secrets that stand in clear' \
'recovery:Make the key that opens everything when the host is lost, to be kept elsewhere' \
'accept:Accept an older value that was put back on purpose' \
'doctor:Look for what is wrong with this host'\''s secrets, and with the files here' \
'restore:Bring the secrets in use to where containers find them\: at boot (see wharf-secrets.service)' \
'help:Print this message or the help of the given subcommand(s)' \
    )
    _describe -t commands 'wharf secret help commands' commands "$@"
}
(( $+functions[_wharf__subcmd__secret__subcmd__help__subcmd__accept_commands] )) ||
_wharf__subcmd__secret__subcmd__help__subcmd__accept_commands() {
    local commands; commands=()
    _describe -t commands 'wharf secret help accept commands' commands "$@"
}
(( $+functions[_wharf__subcmd__secret__subcmd__help__subcmd__doctor_commands] )) ||
_wharf__subcmd__secret__subcmd__help__subcmd__doctor_commands() {
    local commands; commands=()
    _describe -t commands 'wharf secret help doctor commands' commands "$@"
}
(( $+functions[_wharf__subcmd__secret__subcmd__help__subcmd__edit_commands] )) ||
_wharf__subcmd__secret__subcmd__help__subcmd__edit_commands() {
    local commands; commands=()
    _describe -t commands 'wharf secret help edit commands' commands "$@"
}
(( $+functions[_wharf__subcmd__secret__subcmd__help__subcmd__help_commands] )) ||
_wharf__subcmd__secret__subcmd__help__subcmd__help_commands() {
    local commands; commands=()
    _describe -t commands 'wharf secret help help commands' commands "$@"
}
(( $+functions[_wharf__subcmd__secret__subcmd__help__subcmd__import_commands] )) ||
_wharf__subcmd__secret__subcmd__help__subcmd__import_commands() {
    local commands; commands=()
    _describe -t commands 'wharf secret help import commands' commands "$@"
}
(( $+functions[_wharf__subcmd__secret__subcmd__help__subcmd__ls_commands] )) ||
_wharf__subcmd__secret__subcmd__help__subcmd__ls_commands() {
    local commands; commands=()
    _describe -t commands 'wharf secret help ls commands' commands "$@"
}
(( $+functions[_wharf__subcmd__secret__subcmd__help__subcmd__recovery_commands] )) ||
_wharf__subcmd__secret__subcmd__help__subcmd__recovery_commands() {
    local commands; commands=()
    _describe -t commands 'wharf secret help recovery commands' commands "$@"
}
(( $+functions[_wharf__subcmd__secret__subcmd__help__subcmd__rekey_commands] )) ||
_wharf__subcmd__secret__subcmd__help__subcmd__rekey_commands() {
    local commands; commands=()
    _describe -t commands 'wharf secret help rekey commands' commands "$@"
}
(( $+functions[_wharf__subcmd__secret__subcmd__help__subcmd__restore_commands] )) ||
_wharf__subcmd__secret__subcmd__help__subcmd__restore_commands() {
    local commands; commands=()
    _describe -t commands 'wharf secret help restore commands' commands "$@"
}
(( $+functions[_wharf__subcmd__secret__subcmd__help__subcmd__rm_commands] )) ||
_wharf__subcmd__secret__subcmd__help__subcmd__rm_commands() {
    local commands; commands=()
    _describe -t commands 'wharf secret help rm commands' commands "$@"
}
(( $+functions[_wharf__subcmd__secret__subcmd__help__subcmd__rotate_commands] )) ||
_wharf__subcmd__secret__subcmd__help__subcmd__rotate_commands() {
    local commands; commands=()
    _describe -t commands 'wharf secret help rotate commands' commands "$@"
}
(( $+functions[_wharf__subcmd__secret__subcmd__help__subcmd__scan_commands] )) ||
_wharf__subcmd__secret__subcmd__help__subcmd__scan_commands() {
    local commands; commands=()
    _describe -t commands 'wharf secret help scan commands' commands "$@"
}
(( $+functions[_wharf__subcmd__secret__subcmd__help__subcmd__set_commands] )) ||
_wharf__subcmd__secret__subcmd__help__subcmd__set_commands() {
    local commands; commands=()
    _describe -t commands 'wharf secret help set commands' commands "$@"
}
(( $+functions[_wharf__subcmd__secret__subcmd__help__subcmd__show_commands] )) ||
_wharf__subcmd__secret__subcmd__help__subcmd__show_commands() {
    local commands; commands=()
    _describe -t commands 'wharf secret help show commands' commands "$@"
}
(( $+functions[_wharf__subcmd__secret__subcmd__help__subcmd__sign_commands] )) ||
_wharf__subcmd__secret__subcmd__help__subcmd__sign_commands() {
    local commands; commands=()
    _describe -t commands 'wharf secret help sign commands' commands "$@"
}
(( $+functions[_wharf__subcmd__secret__subcmd__import_commands] )) ||
_wharf__subcmd__secret__subcmd__import_commands() {
    local commands; commands=()
    _describe -t commands 'wharf secret import commands' commands "$@"
}
(( $+functions[_wharf__subcmd__secret__subcmd__ls_commands] )) ||
_wharf__subcmd__secret__subcmd__ls_commands() {
    local commands; commands=()
    _describe -t commands 'wharf secret ls commands' commands "$@"
}
(( $+functions[_wharf__subcmd__secret__subcmd__recovery_commands] )) ||
_wharf__subcmd__secret__subcmd__recovery_commands() {
    local commands; commands=()
    _describe -t commands 'wharf secret recovery commands' commands "$@"
}
(( $+functions[_wharf__subcmd__secret__subcmd__rekey_commands] )) ||
_wharf__subcmd__secret__subcmd__rekey_commands() {
    local commands; commands=()
    _describe -t commands 'wharf secret rekey commands' commands "$@"
}
(( $+functions[_wharf__subcmd__secret__subcmd__restore_commands] )) ||
_wharf__subcmd__secret__subcmd__restore_commands() {
    local commands; commands=()
    _describe -t commands 'wharf secret restore commands' commands "$@"
}
(( $+functions[_wharf__subcmd__secret__subcmd__rm_commands] )) ||
_wharf__subcmd__secret__subcmd__rm_commands() {
    local commands; commands=()
    _describe -t commands 'wharf secret rm commands' commands "$@"
}
(( $+functions[_wharf__subcmd__secret__subcmd__rotate_commands] )) ||
_wharf__subcmd__secret__subcmd__rotate_commands() {
    local commands; commands=()
    _describe -t commands 'wharf secret rotate commands' commands "$@"
}
(( $+functions[_wharf__subcmd__secret__subcmd__scan_commands] )) ||
_wharf__subcmd__secret__subcmd__scan_commands() {
    local commands; commands=()
    _describe -t commands 'wharf secret scan commands' commands "$@"
}
(( $+functions[_wharf__subcmd__secret__subcmd__set_commands] )) ||
_wharf__subcmd__secret__subcmd__set_commands() {
    local commands; commands=()
    _describe -t commands 'wharf secret set commands' commands "$@"
}
(( $+functions[_wharf__subcmd__secret__subcmd__show_commands] )) ||
_wharf__subcmd__secret__subcmd__show_commands() {
    local commands; commands=()
    _describe -t commands 'wharf secret show commands' commands "$@"
}
(( $+functions[_wharf__subcmd__secret__subcmd__sign_commands] )) ||
_wharf__subcmd__secret__subcmd__sign_commands() {
    local commands; commands=()
    _describe -t commands 'wharf secret sign commands' commands "$@"
}
(( $+functions[_wharf__subcmd__serve_commands] )) ||
_wharf__subcmd__serve_commands() {
    local commands; commands=()
    _describe -t commands 'wharf serve commands' commands "$@"
}
(( $+functions[_wharf__subcmd__shell_commands] )) ||
_wharf__subcmd__shell_commands() {
    local commands; commands=(
'ls:List workstations' \
'alias:Print a shell function that makes a workstation'\''s name a word\: \`eval "\$(wharf shell alias foo)"\`' \
'complete:Print what may stand next on the command line' \
'help:Print this message or the help of the given subcommand(s)' \
    )
    _describe -t commands 'wharf shell commands' commands "$@"
}
(( $+functions[_wharf__subcmd__shell__subcmd__alias_commands] )) ||
_wharf__subcmd__shell__subcmd__alias_commands() {
    local commands; commands=()
    _describe -t commands 'wharf shell alias commands' commands "$@"
}
(( $+functions[_wharf__subcmd__shell__subcmd__complete_commands] )) ||
_wharf__subcmd__shell__subcmd__complete_commands() {
    local commands; commands=()
    _describe -t commands 'wharf shell complete commands' commands "$@"
}
(( $+functions[_wharf__subcmd__shell__subcmd__help_commands] )) ||
_wharf__subcmd__shell__subcmd__help_commands() {
    local commands; commands=(
'ls:List workstations' \
'alias:Print a shell function that makes a workstation'\''s name a word\: \`eval "\$(wharf shell alias foo)"\`' \
'complete:Print what may stand next on the command line' \
'help:Print this message or the help of the given subcommand(s)' \
    )
    _describe -t commands 'wharf shell help commands' commands "$@"
}
(( $+functions[_wharf__subcmd__shell__subcmd__help__subcmd__alias_commands] )) ||
_wharf__subcmd__shell__subcmd__help__subcmd__alias_commands() {
    local commands; commands=()
    _describe -t commands 'wharf shell help alias commands' commands "$@"
}
(( $+functions[_wharf__subcmd__shell__subcmd__help__subcmd__complete_commands] )) ||
_wharf__subcmd__shell__subcmd__help__subcmd__complete_commands() {
    local commands; commands=()
    _describe -t commands 'wharf shell help complete commands' commands "$@"
}
(( $+functions[_wharf__subcmd__shell__subcmd__help__subcmd__help_commands] )) ||
_wharf__subcmd__shell__subcmd__help__subcmd__help_commands() {
    local commands; commands=()
    _describe -t commands 'wharf shell help help commands' commands "$@"
}
(( $+functions[_wharf__subcmd__shell__subcmd__help__subcmd__ls_commands] )) ||
_wharf__subcmd__shell__subcmd__help__subcmd__ls_commands() {
    local commands; commands=()
    _describe -t commands 'wharf shell help ls commands' commands "$@"
}
(( $+functions[_wharf__subcmd__shell__subcmd__ls_commands] )) ||
_wharf__subcmd__shell__subcmd__ls_commands() {
    local commands; commands=()
    _describe -t commands 'wharf shell ls commands' commands "$@"
}
(( $+functions[_wharf__subcmd__tenant_commands] )) ||
_wharf__subcmd__tenant_commands() {
    local commands; commands=(
'ls:List every tenant there is or was' \
'adopt:Give the present tenant of a name what former tenants of that name left' \
'help:Print this message or the help of the given subcommand(s)' \
    )
    _describe -t commands 'wharf tenant commands' commands "$@"
}
(( $+functions[_wharf__subcmd__tenant__subcmd__adopt_commands] )) ||
_wharf__subcmd__tenant__subcmd__adopt_commands() {
    local commands; commands=()
    _describe -t commands 'wharf tenant adopt commands' commands "$@"
}
(( $+functions[_wharf__subcmd__tenant__subcmd__help_commands] )) ||
_wharf__subcmd__tenant__subcmd__help_commands() {
    local commands; commands=(
'ls:List every tenant there is or was' \
'adopt:Give the present tenant of a name what former tenants of that name left' \
'help:Print this message or the help of the given subcommand(s)' \
    )
    _describe -t commands 'wharf tenant help commands' commands "$@"
}
(( $+functions[_wharf__subcmd__tenant__subcmd__help__subcmd__adopt_commands] )) ||
_wharf__subcmd__tenant__subcmd__help__subcmd__adopt_commands() {
    local commands; commands=()
    _describe -t commands 'wharf tenant help adopt commands' commands "$@"
}
(( $+functions[_wharf__subcmd__tenant__subcmd__help__subcmd__help_commands] )) ||
_wharf__subcmd__tenant__subcmd__help__subcmd__help_commands() {
    local commands; commands=()
    _describe -t commands 'wharf tenant help help commands' commands "$@"
}
(( $+functions[_wharf__subcmd__tenant__subcmd__help__subcmd__ls_commands] )) ||
_wharf__subcmd__tenant__subcmd__help__subcmd__ls_commands() {
    local commands; commands=()
    _describe -t commands 'wharf tenant help ls commands' commands "$@"
}
(( $+functions[_wharf__subcmd__tenant__subcmd__ls_commands] )) ||
_wharf__subcmd__tenant__subcmd__ls_commands() {
    local commands; commands=()
    _describe -t commands 'wharf tenant ls commands' commands "$@"
}
(( $+functions[_wharf__subcmd__up_commands] )) ||
_wharf__subcmd__up_commands() {
    local commands; commands=()
    _describe -t commands 'wharf up commands' commands "$@"
}
(( $+functions[_wharf__subcmd__whoami_commands] )) ||
_wharf__subcmd__whoami_commands() {
    local commands; commands=()
    _describe -t commands 'wharf whoami commands' commands "$@"
}

if [ "$funcstack[1]" = "_wharf" ]; then
    _wharf "$@"
else
    compdef _wharf wharf
fi
