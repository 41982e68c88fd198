#compdef wharf

autoload -U is-at-least

_wharf() {
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
'-H+[Engine, as unix\:///path or tcp\://host\:port \[default\: \$DOCKER_HOST, the current docker context, the usual sockets\]]:URL:_default' \
'--host=[Engine, as unix\:///path or tcp\://host\:port \[default\: \$DOCKER_HOST, the current docker context, the usual sockets\]]:URL:_default' \
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
'-H+[Engine, as unix\:///path or tcp\://host\:port \[default\: \$DOCKER_HOST, the current docker context, the usual sockets\]]:URL:_default' \
'--host=[Engine, as unix\:///path or tcp\://host\:port \[default\: \$DOCKER_HOST, the current docker context, the usual sockets\]]:URL:_default' \
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
'-H+[Engine, as unix\:///path or tcp\://host\:port \[default\: \$DOCKER_HOST, the current docker context, the usual sockets\]]:URL:_default' \
'--host=[Engine, as unix\:///path or tcp\://host\:port \[default\: \$DOCKER_HOST, the current docker context, the usual sockets\]]:URL:_default' \
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
'-H+[Engine, as unix\:///path or tcp\://host\:port \[default\: \$DOCKER_HOST, the current docker context, the usual sockets\]]:URL:_default' \
'--host=[Engine, as unix\:///path or tcp\://host\:port \[default\: \$DOCKER_HOST, the current docker context, the usual sockets\]]:URL:_default' \
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
'-H+[Engine, as unix\:///path or tcp\://host\:port \[default\: \$DOCKER_HOST, the current docker context, the usual sockets\]]:URL:_default' \
'--host=[Engine, as unix\:///path or tcp\://host\:port \[default\: \$DOCKER_HOST, the current docker context, the usual sockets\]]:URL:_default' \
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
'-H+[Engine, as unix\:///path or tcp\://host\:port \[default\: \$DOCKER_HOST, the current docker context, the usual sockets\]]:URL:_default' \
'--host=[Engine, as unix\:///path or tcp\://host\:port \[default\: \$DOCKER_HOST, the current docker context, the usual sockets\]]:URL:_default' \
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
'-H+[Engine, as unix\:///path or tcp\://host\:port \[default\: \$DOCKER_HOST, the current docker context, the usual sockets\]]:URL:_default' \
'--host=[Engine, as unix\:///path or tcp\://host\:port \[default\: \$DOCKER_HOST, the current docker context, the usual sockets\]]:URL:_default' \
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
'-H+[Engine, as unix\:///path or tcp\://host\:port \[default\: \$DOCKER_HOST, the current docker context, the usual sockets\]]:URL:_default' \
'--host=[Engine, as unix\:///path or tcp\://host\:port \[default\: \$DOCKER_HOST, the current docker context, the usual sockets\]]:URL:_default' \
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
'-H+[Engine, as unix\:///path or tcp\://host\:port \[default\: \$DOCKER_HOST, the current docker context, the usual sockets\]]:URL:_default' \
'--host=[Engine, as unix\:///path or tcp\://host\:port \[default\: \$DOCKER_HOST, the current docker context, the usual sockets\]]:URL:_default' \
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
'-H+[Engine, as unix\:///path or tcp\://host\:port \[default\: \$DOCKER_HOST, the current docker context, the usual sockets\]]:URL:_default' \
'--host=[Engine, as unix\:///path or tcp\://host\:port \[default\: \$DOCKER_HOST, the current docker context, the usual sockets\]]:URL:_default' \
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
'-H+[Engine, as unix\:///path or tcp\://host\:port \[default\: \$DOCKER_HOST, the current docker context, the usual sockets\]]:URL:_default' \
'--host=[Engine, as unix\:///path or tcp\://host\:port \[default\: \$DOCKER_HOST, the current docker context, the usual sockets\]]:URL:_default' \
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
'--config=[Host configuration \[default\: /etc/wharf/host.yml, or \$WHARF_HOST_CONFIG\]]:FILE:_files' \
'-H+[Engine, as unix\:///path or tcp\://host\:port \[default\: \$DOCKER_HOST, the current docker context, the usual sockets\]]:URL:_default' \
'--host=[Engine, as unix\:///path or tcp\://host\:port \[default\: \$DOCKER_HOST, the current docker context, the usual sockets\]]:URL:_default' \
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
'-H+[Engine, as unix\:///path or tcp\://host\:port \[default\: \$DOCKER_HOST, the current docker context, the usual sockets\]]:URL:_default' \
'--host=[Engine, as unix\:///path or tcp\://host\:port \[default\: \$DOCKER_HOST, the current docker context, the usual sockets\]]:URL:_default' \
'--state-dir=[Where locks and the audit trail lie \[default\: /var/lib/wharf, or \$WHARF_STATE_DIR\]]:DIR:_files' \
'--trust-environment[Under sudo\: heed DOCKER_HOST, WHARF_* and other variables (for an administrator'\''s wrapper script)]' \
'--json[Print results as JSON]' \
'-q[Say nothing but errors]' \
'--quiet[Say nothing but errors]' \
'-h[Print help]' \
'--help[Print help]' \
&& ret=0
;;
(whoami)
_arguments "${_arguments_options[@]}" : \
'--config=[Host configuration \[default\: /etc/wharf/host.yml, or \$WHARF_HOST_CONFIG\]]:FILE:_files' \
'-H+[Engine, as unix\:///path or tcp\://host\:port \[default\: \$DOCKER_HOST, the current docker context, the usual sockets\]]:URL:_default' \
'--host=[Engine, as unix\:///path or tcp\://host\:port \[default\: \$DOCKER_HOST, the current docker context, the usual sockets\]]:URL:_default' \
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
'-H+[Engine, as unix\:///path or tcp\://host\:port \[default\: \$DOCKER_HOST, the current docker context, the usual sockets\]]:URL:_default' \
'--host=[Engine, as unix\:///path or tcp\://host\:port \[default\: \$DOCKER_HOST, the current docker context, the usual sockets\]]:URL:_default' \
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
(tenant)
_arguments "${_arguments_options[@]}" : \
'--config=[Host configuration \[default\: /etc/wharf/host.yml, or \$WHARF_HOST_CONFIG\]]:FILE:_files' \
'-H+[Engine, as unix\:///path or tcp\://host\:port \[default\: \$DOCKER_HOST, the current docker context, the usual sockets\]]:URL:_default' \
'--host=[Engine, as unix\:///path or tcp\://host\:port \[default\: \$DOCKER_HOST, the current docker context, the usual sockets\]]:URL:_default' \
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
'-H+[Engine, as unix\:///path or tcp\://host\:port \[default\: \$DOCKER_HOST, the current docker context, the usual sockets\]]:URL:_default' \
'--host=[Engine, as unix\:///path or tcp\://host\:port \[default\: \$DOCKER_HOST, the current docker context, the usual sockets\]]:URL:_default' \
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
'-H+[Engine, as unix\:///path or tcp\://host\:port \[default\: \$DOCKER_HOST, the current docker context, the usual sockets\]]:URL:_default' \
'--host=[Engine, as unix\:///path or tcp\://host\:port \[default\: \$DOCKER_HOST, the current docker context, the usual sockets\]]:URL:_default' \
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
(schema)
_arguments "${_arguments_options[@]}" : \
'--config=[Host configuration \[default\: /etc/wharf/host.yml, or \$WHARF_HOST_CONFIG\]]:FILE:_files' \
'-H+[Engine, as unix\:///path or tcp\://host\:port \[default\: \$DOCKER_HOST, the current docker context, the usual sockets\]]:URL:_default' \
'--host=[Engine, as unix\:///path or tcp\://host\:port \[default\: \$DOCKER_HOST, the current docker context, the usual sockets\]]:URL:_default' \
'--state-dir=[Where locks and the audit trail lie \[default\: /var/lib/wharf, or \$WHARF_STATE_DIR\]]:DIR:_files' \
'--trust-environment[Under sudo\: heed DOCKER_HOST, WHARF_* and other variables (for an administrator'\''s wrapper script)]' \
'--json[Print results as JSON]' \
'-q[Say nothing but errors]' \
'--quiet[Say nothing but errors]' \
'-h[Print help (see more with '\''--help'\'')]' \
'--help[Print help (see more with '\''--help'\'')]' \
':kind -- Of which file:((pod\:"Pod files"
host\:"Host configuration"))' \
&& ret=0
;;
(completions)
_arguments "${_arguments_options[@]}" : \
'--config=[Host configuration \[default\: /etc/wharf/host.yml, or \$WHARF_HOST_CONFIG\]]:FILE:_files' \
'-H+[Engine, as unix\:///path or tcp\://host\:port \[default\: \$DOCKER_HOST, the current docker context, the usual sockets\]]:URL:_default' \
'--host=[Engine, as unix\:///path or tcp\://host\:port \[default\: \$DOCKER_HOST, the current docker context, the usual sockets\]]:URL:_default' \
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
'-H+[Engine, as unix\:///path or tcp\://host\:port \[default\: \$DOCKER_HOST, the current docker context, the usual sockets\]]:URL:_default' \
'--host=[Engine, as unix\:///path or tcp\://host\:port \[default\: \$DOCKER_HOST, the current docker context, the usual sockets\]]:URL:_default' \
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
'-H+[Engine, as unix\:///path or tcp\://host\:port \[default\: \$DOCKER_HOST, the current docker context, the usual sockets\]]:URL:_default' \
'--host=[Engine, as unix\:///path or tcp\://host\:port \[default\: \$DOCKER_HOST, the current docker context, the usual sockets\]]:URL:_default' \
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
(whoami)
_arguments "${_arguments_options[@]}" : \
&& ret=0
;;
(context)
_arguments "${_arguments_options[@]}" : \
&& ret=0
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
'whoami:Show who you are to the gateway\: tenant, grants, and what is used of each limit' \
'context:Make a docker context for the gateway' \
'tenant:See tenants that are or were, and give the present one what a former one left' \
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
    local commands; commands=()
    _describe -t commands 'wharf context commands' commands "$@"
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
'whoami:Show who you are to the gateway\: tenant, grants, and what is used of each limit' \
'context:Make a docker context for the gateway' \
'tenant:See tenants that are or were, and give the present one what a former one left' \
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
    local commands; commands=()
    _describe -t commands 'wharf help context commands' commands "$@"
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
(( $+functions[_wharf__subcmd__help__subcmd__serve_commands] )) ||
_wharf__subcmd__help__subcmd__serve_commands() {
    local commands; commands=()
    _describe -t commands 'wharf help serve commands' commands "$@"
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
(( $+functions[_wharf__subcmd__serve_commands] )) ||
_wharf__subcmd__serve_commands() {
    local commands; commands=()
    _describe -t commands 'wharf serve commands' commands "$@"
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
