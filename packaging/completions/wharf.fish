# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_wharf_global_optspecs
    string join \n config= H/host= state-dir= trust-environment json q/quiet h/help V/version
end

function __fish_wharf_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_wharf_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_wharf_using_subcommand
    set -l cmd (__fish_wharf_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c wharf -n "__fish_wharf_needs_command" -l config -d 'Host configuration [default: /etc/wharf/host.yml, or $WHARF_HOST_CONFIG]' -r -F
complete -c wharf -n "__fish_wharf_needs_command" -s H -l host -d 'Engine, as unix:///path or tcp://host:port [default: $DOCKER_HOST, the current docker context, the usual sockets]' -r
complete -c wharf -n "__fish_wharf_needs_command" -l state-dir -d 'Where locks and the audit trail lie [default: /var/lib/wharf, or $WHARF_STATE_DIR]' -r -F
complete -c wharf -n "__fish_wharf_needs_command" -l trust-environment -d 'Under sudo: heed DOCKER_HOST, WHARF_* and other variables (for an administrator\'s wrapper script)'
complete -c wharf -n "__fish_wharf_needs_command" -l json -d 'Print results as JSON'
complete -c wharf -n "__fish_wharf_needs_command" -s q -l quiet -d 'Say nothing but errors'
complete -c wharf -n "__fish_wharf_needs_command" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c wharf -n "__fish_wharf_needs_command" -s V -l version -d 'Print version'
complete -c wharf -n "__fish_wharf_needs_command" -f -a "up" -d 'Make pods as their files say'
complete -c wharf -n "__fish_wharf_needs_command" -f -a "plan" -d 'Show what `up` would do, field by field'
complete -c wharf -n "__fish_wharf_needs_command" -f -a "down" -d 'Stop and remove a pod\'s containers; its directories stay'
complete -c wharf -n "__fish_wharf_needs_command" -f -a "ps" -d 'List pods and their containers'
complete -c wharf -n "__fish_wharf_needs_command" -f -a "logs" -d 'Show what a pod\'s containers print'
complete -c wharf -n "__fish_wharf_needs_command" -f -a "exec" -d 'Run a command in a container; its exit status becomes wharf\'s'
complete -c wharf -n "__fish_wharf_needs_command" -f -a "check" -d 'Check pod files without an engine'
complete -c wharf -n "__fish_wharf_needs_command" -f -a "doctor" -d 'Look for what weakens this host'
complete -c wharf -n "__fish_wharf_needs_command" -f -a "audit" -d 'Show who did, or was denied, what on this host'
complete -c wharf -n "__fish_wharf_needs_command" -f -a "resume" -d 'Start what should be running, in order: after an engine start (see wharf-pods.service)'
complete -c wharf -n "__fish_wharf_needs_command" -f -a "serve" -d 'Give every tenant a Docker of its own: answer at the sockets that the host configuration names'
complete -c wharf -n "__fish_wharf_needs_command" -f -a "pins" -d 'Mount tenants\' own directories for `serve`, and hold the sockets of their containers (see wharf-pins.service)'
complete -c wharf -n "__fish_wharf_needs_command" -f -a "whoami" -d 'Show who you are to the gateway: tenant, grants, and what is used of each limit'
complete -c wharf -n "__fish_wharf_needs_command" -f -a "context" -d 'Make a docker context for the gateway'
complete -c wharf -n "__fish_wharf_needs_command" -f -a "tenant" -d 'See tenants that are or were, and give the present one what a former one left'
complete -c wharf -n "__fish_wharf_needs_command" -f -a "schema" -d 'Print the JSON Schema of a file, for editors'
complete -c wharf -n "__fish_wharf_needs_command" -f -a "completions" -d 'Print a shell\'s completions'
complete -c wharf -n "__fish_wharf_needs_command" -f -a "reference" -d 'Print the reference of all commands, as Markdown'
complete -c wharf -n "__fish_wharf_needs_command" -f -a "man" -d 'Print the man page'
complete -c wharf -n "__fish_wharf_needs_command" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c wharf -n "__fish_wharf_using_subcommand up" -l config -d 'Host configuration [default: /etc/wharf/host.yml, or $WHARF_HOST_CONFIG]' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand up" -s H -l host -d 'Engine, as unix:///path or tcp://host:port [default: $DOCKER_HOST, the current docker context, the usual sockets]' -r
complete -c wharf -n "__fish_wharf_using_subcommand up" -l state-dir -d 'Where locks and the audit trail lie [default: /var/lib/wharf, or $WHARF_STATE_DIR]' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand up" -l wait -d 'Wait while another wharf works on the same pod'
complete -c wharf -n "__fish_wharf_using_subcommand up" -l trust-environment -d 'Under sudo: heed DOCKER_HOST, WHARF_* and other variables (for an administrator\'s wrapper script)'
complete -c wharf -n "__fish_wharf_using_subcommand up" -l json -d 'Print results as JSON'
complete -c wharf -n "__fish_wharf_using_subcommand up" -s q -l quiet -d 'Say nothing but errors'
complete -c wharf -n "__fish_wharf_using_subcommand up" -s h -l help -d 'Print help'
complete -c wharf -n "__fish_wharf_using_subcommand plan" -l config -d 'Host configuration [default: /etc/wharf/host.yml, or $WHARF_HOST_CONFIG]' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand plan" -s H -l host -d 'Engine, as unix:///path or tcp://host:port [default: $DOCKER_HOST, the current docker context, the usual sockets]' -r
complete -c wharf -n "__fish_wharf_using_subcommand plan" -l state-dir -d 'Where locks and the audit trail lie [default: /var/lib/wharf, or $WHARF_STATE_DIR]' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand plan" -l detailed-exit-code -d 'Exit with 2 when there are changes, as Terraform does'
complete -c wharf -n "__fish_wharf_using_subcommand plan" -l trust-environment -d 'Under sudo: heed DOCKER_HOST, WHARF_* and other variables (for an administrator\'s wrapper script)'
complete -c wharf -n "__fish_wharf_using_subcommand plan" -l json -d 'Print results as JSON'
complete -c wharf -n "__fish_wharf_using_subcommand plan" -s q -l quiet -d 'Say nothing but errors'
complete -c wharf -n "__fish_wharf_using_subcommand plan" -s h -l help -d 'Print help'
complete -c wharf -n "__fish_wharf_using_subcommand down" -l config -d 'Host configuration [default: /etc/wharf/host.yml, or $WHARF_HOST_CONFIG]' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand down" -s H -l host -d 'Engine, as unix:///path or tcp://host:port [default: $DOCKER_HOST, the current docker context, the usual sockets]' -r
complete -c wharf -n "__fish_wharf_using_subcommand down" -l state-dir -d 'Where locks and the audit trail lie [default: /var/lib/wharf, or $WHARF_STATE_DIR]' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand down" -l wait -d 'Wait while another wharf works on the same pod'
complete -c wharf -n "__fish_wharf_using_subcommand down" -l trust-environment -d 'Under sudo: heed DOCKER_HOST, WHARF_* and other variables (for an administrator\'s wrapper script)'
complete -c wharf -n "__fish_wharf_using_subcommand down" -l json -d 'Print results as JSON'
complete -c wharf -n "__fish_wharf_using_subcommand down" -s q -l quiet -d 'Say nothing but errors'
complete -c wharf -n "__fish_wharf_using_subcommand down" -s h -l help -d 'Print help'
complete -c wharf -n "__fish_wharf_using_subcommand ps" -l config -d 'Host configuration [default: /etc/wharf/host.yml, or $WHARF_HOST_CONFIG]' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand ps" -s H -l host -d 'Engine, as unix:///path or tcp://host:port [default: $DOCKER_HOST, the current docker context, the usual sockets]' -r
complete -c wharf -n "__fish_wharf_using_subcommand ps" -l state-dir -d 'Where locks and the audit trail lie [default: /var/lib/wharf, or $WHARF_STATE_DIR]' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand ps" -l trust-environment -d 'Under sudo: heed DOCKER_HOST, WHARF_* and other variables (for an administrator\'s wrapper script)'
complete -c wharf -n "__fish_wharf_using_subcommand ps" -l json -d 'Print results as JSON'
complete -c wharf -n "__fish_wharf_using_subcommand ps" -s q -l quiet -d 'Say nothing but errors'
complete -c wharf -n "__fish_wharf_using_subcommand ps" -s h -l help -d 'Print help'
complete -c wharf -n "__fish_wharf_using_subcommand logs" -s n -l tail -d 'Only the last lines of each' -r
complete -c wharf -n "__fish_wharf_using_subcommand logs" -l config -d 'Host configuration [default: /etc/wharf/host.yml, or $WHARF_HOST_CONFIG]' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand logs" -s H -l host -d 'Engine, as unix:///path or tcp://host:port [default: $DOCKER_HOST, the current docker context, the usual sockets]' -r
complete -c wharf -n "__fish_wharf_using_subcommand logs" -l state-dir -d 'Where locks and the audit trail lie [default: /var/lib/wharf, or $WHARF_STATE_DIR]' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand logs" -s f -l follow -d 'Stay for what is yet to come'
complete -c wharf -n "__fish_wharf_using_subcommand logs" -s t -l timestamps -d 'With the time of each line'
complete -c wharf -n "__fish_wharf_using_subcommand logs" -l trust-environment -d 'Under sudo: heed DOCKER_HOST, WHARF_* and other variables (for an administrator\'s wrapper script)'
complete -c wharf -n "__fish_wharf_using_subcommand logs" -l json -d 'Print results as JSON'
complete -c wharf -n "__fish_wharf_using_subcommand logs" -s q -l quiet -d 'Say nothing but errors'
complete -c wharf -n "__fish_wharf_using_subcommand logs" -s h -l help -d 'Print help'
complete -c wharf -n "__fish_wharf_using_subcommand exec" -l config -d 'Host configuration [default: /etc/wharf/host.yml, or $WHARF_HOST_CONFIG]' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand exec" -s H -l host -d 'Engine, as unix:///path or tcp://host:port [default: $DOCKER_HOST, the current docker context, the usual sockets]' -r
complete -c wharf -n "__fish_wharf_using_subcommand exec" -l state-dir -d 'Where locks and the audit trail lie [default: /var/lib/wharf, or $WHARF_STATE_DIR]' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand exec" -s i -l interactive -d 'Pass input on'
complete -c wharf -n "__fish_wharf_using_subcommand exec" -s t -l tty -d 'With a terminal'
complete -c wharf -n "__fish_wharf_using_subcommand exec" -l trust-environment -d 'Under sudo: heed DOCKER_HOST, WHARF_* and other variables (for an administrator\'s wrapper script)'
complete -c wharf -n "__fish_wharf_using_subcommand exec" -l json -d 'Print results as JSON'
complete -c wharf -n "__fish_wharf_using_subcommand exec" -s q -l quiet -d 'Say nothing but errors'
complete -c wharf -n "__fish_wharf_using_subcommand exec" -s h -l help -d 'Print help'
complete -c wharf -n "__fish_wharf_using_subcommand check" -l config -d 'Host configuration [default: /etc/wharf/host.yml, or $WHARF_HOST_CONFIG]' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand check" -s H -l host -d 'Engine, as unix:///path or tcp://host:port [default: $DOCKER_HOST, the current docker context, the usual sockets]' -r
complete -c wharf -n "__fish_wharf_using_subcommand check" -l state-dir -d 'Where locks and the audit trail lie [default: /var/lib/wharf, or $WHARF_STATE_DIR]' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand check" -l trust-environment -d 'Under sudo: heed DOCKER_HOST, WHARF_* and other variables (for an administrator\'s wrapper script)'
complete -c wharf -n "__fish_wharf_using_subcommand check" -l json -d 'Print results as JSON'
complete -c wharf -n "__fish_wharf_using_subcommand check" -s q -l quiet -d 'Say nothing but errors'
complete -c wharf -n "__fish_wharf_using_subcommand check" -s h -l help -d 'Print help'
complete -c wharf -n "__fish_wharf_using_subcommand doctor" -l config -d 'Host configuration [default: /etc/wharf/host.yml, or $WHARF_HOST_CONFIG]' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand doctor" -s H -l host -d 'Engine, as unix:///path or tcp://host:port [default: $DOCKER_HOST, the current docker context, the usual sockets]' -r
complete -c wharf -n "__fish_wharf_using_subcommand doctor" -l state-dir -d 'Where locks and the audit trail lie [default: /var/lib/wharf, or $WHARF_STATE_DIR]' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand doctor" -l trust-environment -d 'Under sudo: heed DOCKER_HOST, WHARF_* and other variables (for an administrator\'s wrapper script)'
complete -c wharf -n "__fish_wharf_using_subcommand doctor" -l json -d 'Print results as JSON'
complete -c wharf -n "__fish_wharf_using_subcommand doctor" -s q -l quiet -d 'Say nothing but errors'
complete -c wharf -n "__fish_wharf_using_subcommand doctor" -s h -l help -d 'Print help'
complete -c wharf -n "__fish_wharf_using_subcommand audit" -l tenant -d 'Only this tenant\'s' -r
complete -c wharf -n "__fish_wharf_using_subcommand audit" -l user -d 'Only this account\'s, in a tenant or under sudo' -r
complete -c wharf -n "__fish_wharf_using_subcommand audit" -l since -d 'Only from then on: a day or a time in UTC, or a span before now' -r
complete -c wharf -n "__fish_wharf_using_subcommand audit" -l object -d 'Only about this container, image, pod, network or volume, by its name, or by its id or the first 12 digits' -r
complete -c wharf -n "__fish_wharf_using_subcommand audit" -s n -l tail -d 'Only the last records' -r
complete -c wharf -n "__fish_wharf_using_subcommand audit" -l config -d 'Host configuration [default: /etc/wharf/host.yml, or $WHARF_HOST_CONFIG]' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand audit" -s H -l host -d 'Engine, as unix:///path or tcp://host:port [default: $DOCKER_HOST, the current docker context, the usual sockets]' -r
complete -c wharf -n "__fish_wharf_using_subcommand audit" -l state-dir -d 'Where locks and the audit trail lie [default: /var/lib/wharf, or $WHARF_STATE_DIR]' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand audit" -l denied -d 'Only what was denied'
complete -c wharf -n "__fish_wharf_using_subcommand audit" -s f -l follow -d 'Stay for what is yet to come'
complete -c wharf -n "__fish_wharf_using_subcommand audit" -l trust-environment -d 'Under sudo: heed DOCKER_HOST, WHARF_* and other variables (for an administrator\'s wrapper script)'
complete -c wharf -n "__fish_wharf_using_subcommand audit" -l json -d 'Print results as JSON'
complete -c wharf -n "__fish_wharf_using_subcommand audit" -s q -l quiet -d 'Say nothing but errors'
complete -c wharf -n "__fish_wharf_using_subcommand audit" -s h -l help -d 'Print help'
complete -c wharf -n "__fish_wharf_using_subcommand resume" -l config -d 'Host configuration [default: /etc/wharf/host.yml, or $WHARF_HOST_CONFIG]' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand resume" -s H -l host -d 'Engine, as unix:///path or tcp://host:port [default: $DOCKER_HOST, the current docker context, the usual sockets]' -r
complete -c wharf -n "__fish_wharf_using_subcommand resume" -l state-dir -d 'Where locks and the audit trail lie [default: /var/lib/wharf, or $WHARF_STATE_DIR]' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand resume" -l trust-environment -d 'Under sudo: heed DOCKER_HOST, WHARF_* and other variables (for an administrator\'s wrapper script)'
complete -c wharf -n "__fish_wharf_using_subcommand resume" -l json -d 'Print results as JSON'
complete -c wharf -n "__fish_wharf_using_subcommand resume" -s q -l quiet -d 'Say nothing but errors'
complete -c wharf -n "__fish_wharf_using_subcommand resume" -s h -l help -d 'Print help'
complete -c wharf -n "__fish_wharf_using_subcommand serve" -l config -d 'Host configuration [default: /etc/wharf/host.yml, or $WHARF_HOST_CONFIG]' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand serve" -s H -l host -d 'Engine, as unix:///path or tcp://host:port [default: $DOCKER_HOST, the current docker context, the usual sockets]' -r
complete -c wharf -n "__fish_wharf_using_subcommand serve" -l state-dir -d 'Where locks and the audit trail lie [default: /var/lib/wharf, or $WHARF_STATE_DIR]' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand serve" -l trust-environment -d 'Under sudo: heed DOCKER_HOST, WHARF_* and other variables (for an administrator\'s wrapper script)'
complete -c wharf -n "__fish_wharf_using_subcommand serve" -l json -d 'Print results as JSON'
complete -c wharf -n "__fish_wharf_using_subcommand serve" -s q -l quiet -d 'Say nothing but errors'
complete -c wharf -n "__fish_wharf_using_subcommand serve" -s h -l help -d 'Print help'
complete -c wharf -n "__fish_wharf_using_subcommand pins" -l config -d 'Host configuration [default: /etc/wharf/host.yml, or $WHARF_HOST_CONFIG]' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand pins" -s H -l host -d 'Engine, as unix:///path or tcp://host:port [default: $DOCKER_HOST, the current docker context, the usual sockets]' -r
complete -c wharf -n "__fish_wharf_using_subcommand pins" -l state-dir -d 'Where locks and the audit trail lie [default: /var/lib/wharf, or $WHARF_STATE_DIR]' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand pins" -l trust-environment -d 'Under sudo: heed DOCKER_HOST, WHARF_* and other variables (for an administrator\'s wrapper script)'
complete -c wharf -n "__fish_wharf_using_subcommand pins" -l json -d 'Print results as JSON'
complete -c wharf -n "__fish_wharf_using_subcommand pins" -s q -l quiet -d 'Say nothing but errors'
complete -c wharf -n "__fish_wharf_using_subcommand pins" -s h -l help -d 'Print help'
complete -c wharf -n "__fish_wharf_using_subcommand whoami" -l config -d 'Host configuration [default: /etc/wharf/host.yml, or $WHARF_HOST_CONFIG]' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand whoami" -s H -l host -d 'Engine, as unix:///path or tcp://host:port [default: $DOCKER_HOST, the current docker context, the usual sockets]' -r
complete -c wharf -n "__fish_wharf_using_subcommand whoami" -l state-dir -d 'Where locks and the audit trail lie [default: /var/lib/wharf, or $WHARF_STATE_DIR]' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand whoami" -l trust-environment -d 'Under sudo: heed DOCKER_HOST, WHARF_* and other variables (for an administrator\'s wrapper script)'
complete -c wharf -n "__fish_wharf_using_subcommand whoami" -l json -d 'Print results as JSON'
complete -c wharf -n "__fish_wharf_using_subcommand whoami" -s q -l quiet -d 'Say nothing but errors'
complete -c wharf -n "__fish_wharf_using_subcommand whoami" -s h -l help -d 'Print help'
complete -c wharf -n "__fish_wharf_using_subcommand context" -l config -d 'Host configuration [default: /etc/wharf/host.yml, or $WHARF_HOST_CONFIG]' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand context" -s H -l host -d 'Engine, as unix:///path or tcp://host:port [default: $DOCKER_HOST, the current docker context, the usual sockets]' -r
complete -c wharf -n "__fish_wharf_using_subcommand context" -l state-dir -d 'Where locks and the audit trail lie [default: /var/lib/wharf, or $WHARF_STATE_DIR]' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand context" -l use -d 'Have docker use it from now on'
complete -c wharf -n "__fish_wharf_using_subcommand context" -l trust-environment -d 'Under sudo: heed DOCKER_HOST, WHARF_* and other variables (for an administrator\'s wrapper script)'
complete -c wharf -n "__fish_wharf_using_subcommand context" -l json -d 'Print results as JSON'
complete -c wharf -n "__fish_wharf_using_subcommand context" -s q -l quiet -d 'Say nothing but errors'
complete -c wharf -n "__fish_wharf_using_subcommand context" -s h -l help -d 'Print help'
complete -c wharf -n "__fish_wharf_using_subcommand tenant; and not __fish_seen_subcommand_from ls adopt help" -l config -d 'Host configuration [default: /etc/wharf/host.yml, or $WHARF_HOST_CONFIG]' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand tenant; and not __fish_seen_subcommand_from ls adopt help" -s H -l host -d 'Engine, as unix:///path or tcp://host:port [default: $DOCKER_HOST, the current docker context, the usual sockets]' -r
complete -c wharf -n "__fish_wharf_using_subcommand tenant; and not __fish_seen_subcommand_from ls adopt help" -l state-dir -d 'Where locks and the audit trail lie [default: /var/lib/wharf, or $WHARF_STATE_DIR]' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand tenant; and not __fish_seen_subcommand_from ls adopt help" -l trust-environment -d 'Under sudo: heed DOCKER_HOST, WHARF_* and other variables (for an administrator\'s wrapper script)'
complete -c wharf -n "__fish_wharf_using_subcommand tenant; and not __fish_seen_subcommand_from ls adopt help" -l json -d 'Print results as JSON'
complete -c wharf -n "__fish_wharf_using_subcommand tenant; and not __fish_seen_subcommand_from ls adopt help" -s q -l quiet -d 'Say nothing but errors'
complete -c wharf -n "__fish_wharf_using_subcommand tenant; and not __fish_seen_subcommand_from ls adopt help" -s h -l help -d 'Print help'
complete -c wharf -n "__fish_wharf_using_subcommand tenant; and not __fish_seen_subcommand_from ls adopt help" -f -a "ls" -d 'List every tenant there is or was'
complete -c wharf -n "__fish_wharf_using_subcommand tenant; and not __fish_seen_subcommand_from ls adopt help" -f -a "adopt" -d 'Give the present tenant of a name what former tenants of that name left'
complete -c wharf -n "__fish_wharf_using_subcommand tenant; and not __fish_seen_subcommand_from ls adopt help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c wharf -n "__fish_wharf_using_subcommand tenant; and __fish_seen_subcommand_from ls" -l config -d 'Host configuration [default: /etc/wharf/host.yml, or $WHARF_HOST_CONFIG]' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand tenant; and __fish_seen_subcommand_from ls" -s H -l host -d 'Engine, as unix:///path or tcp://host:port [default: $DOCKER_HOST, the current docker context, the usual sockets]' -r
complete -c wharf -n "__fish_wharf_using_subcommand tenant; and __fish_seen_subcommand_from ls" -l state-dir -d 'Where locks and the audit trail lie [default: /var/lib/wharf, or $WHARF_STATE_DIR]' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand tenant; and __fish_seen_subcommand_from ls" -l trust-environment -d 'Under sudo: heed DOCKER_HOST, WHARF_* and other variables (for an administrator\'s wrapper script)'
complete -c wharf -n "__fish_wharf_using_subcommand tenant; and __fish_seen_subcommand_from ls" -l json -d 'Print results as JSON'
complete -c wharf -n "__fish_wharf_using_subcommand tenant; and __fish_seen_subcommand_from ls" -s q -l quiet -d 'Say nothing but errors'
complete -c wharf -n "__fish_wharf_using_subcommand tenant; and __fish_seen_subcommand_from ls" -s h -l help -d 'Print help'
complete -c wharf -n "__fish_wharf_using_subcommand tenant; and __fish_seen_subcommand_from adopt" -l config -d 'Host configuration [default: /etc/wharf/host.yml, or $WHARF_HOST_CONFIG]' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand tenant; and __fish_seen_subcommand_from adopt" -s H -l host -d 'Engine, as unix:///path or tcp://host:port [default: $DOCKER_HOST, the current docker context, the usual sockets]' -r
complete -c wharf -n "__fish_wharf_using_subcommand tenant; and __fish_seen_subcommand_from adopt" -l state-dir -d 'Where locks and the audit trail lie [default: /var/lib/wharf, or $WHARF_STATE_DIR]' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand tenant; and __fish_seen_subcommand_from adopt" -l trust-environment -d 'Under sudo: heed DOCKER_HOST, WHARF_* and other variables (for an administrator\'s wrapper script)'
complete -c wharf -n "__fish_wharf_using_subcommand tenant; and __fish_seen_subcommand_from adopt" -l json -d 'Print results as JSON'
complete -c wharf -n "__fish_wharf_using_subcommand tenant; and __fish_seen_subcommand_from adopt" -s q -l quiet -d 'Say nothing but errors'
complete -c wharf -n "__fish_wharf_using_subcommand tenant; and __fish_seen_subcommand_from adopt" -s h -l help -d 'Print help'
complete -c wharf -n "__fish_wharf_using_subcommand tenant; and __fish_seen_subcommand_from help" -f -a "ls" -d 'List every tenant there is or was'
complete -c wharf -n "__fish_wharf_using_subcommand tenant; and __fish_seen_subcommand_from help" -f -a "adopt" -d 'Give the present tenant of a name what former tenants of that name left'
complete -c wharf -n "__fish_wharf_using_subcommand tenant; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c wharf -n "__fish_wharf_using_subcommand schema" -l config -d 'Host configuration [default: /etc/wharf/host.yml, or $WHARF_HOST_CONFIG]' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand schema" -s H -l host -d 'Engine, as unix:///path or tcp://host:port [default: $DOCKER_HOST, the current docker context, the usual sockets]' -r
complete -c wharf -n "__fish_wharf_using_subcommand schema" -l state-dir -d 'Where locks and the audit trail lie [default: /var/lib/wharf, or $WHARF_STATE_DIR]' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand schema" -l trust-environment -d 'Under sudo: heed DOCKER_HOST, WHARF_* and other variables (for an administrator\'s wrapper script)'
complete -c wharf -n "__fish_wharf_using_subcommand schema" -l json -d 'Print results as JSON'
complete -c wharf -n "__fish_wharf_using_subcommand schema" -s q -l quiet -d 'Say nothing but errors'
complete -c wharf -n "__fish_wharf_using_subcommand schema" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c wharf -n "__fish_wharf_using_subcommand completions" -l config -d 'Host configuration [default: /etc/wharf/host.yml, or $WHARF_HOST_CONFIG]' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand completions" -s H -l host -d 'Engine, as unix:///path or tcp://host:port [default: $DOCKER_HOST, the current docker context, the usual sockets]' -r
complete -c wharf -n "__fish_wharf_using_subcommand completions" -l state-dir -d 'Where locks and the audit trail lie [default: /var/lib/wharf, or $WHARF_STATE_DIR]' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand completions" -l trust-environment -d 'Under sudo: heed DOCKER_HOST, WHARF_* and other variables (for an administrator\'s wrapper script)'
complete -c wharf -n "__fish_wharf_using_subcommand completions" -l json -d 'Print results as JSON'
complete -c wharf -n "__fish_wharf_using_subcommand completions" -s q -l quiet -d 'Say nothing but errors'
complete -c wharf -n "__fish_wharf_using_subcommand completions" -s h -l help -d 'Print help'
complete -c wharf -n "__fish_wharf_using_subcommand reference" -l config -d 'Host configuration [default: /etc/wharf/host.yml, or $WHARF_HOST_CONFIG]' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand reference" -s H -l host -d 'Engine, as unix:///path or tcp://host:port [default: $DOCKER_HOST, the current docker context, the usual sockets]' -r
complete -c wharf -n "__fish_wharf_using_subcommand reference" -l state-dir -d 'Where locks and the audit trail lie [default: /var/lib/wharf, or $WHARF_STATE_DIR]' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand reference" -l trust-environment -d 'Under sudo: heed DOCKER_HOST, WHARF_* and other variables (for an administrator\'s wrapper script)'
complete -c wharf -n "__fish_wharf_using_subcommand reference" -l json -d 'Print results as JSON'
complete -c wharf -n "__fish_wharf_using_subcommand reference" -s q -l quiet -d 'Say nothing but errors'
complete -c wharf -n "__fish_wharf_using_subcommand reference" -s h -l help -d 'Print help'
complete -c wharf -n "__fish_wharf_using_subcommand man" -l config -d 'Host configuration [default: /etc/wharf/host.yml, or $WHARF_HOST_CONFIG]' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand man" -s H -l host -d 'Engine, as unix:///path or tcp://host:port [default: $DOCKER_HOST, the current docker context, the usual sockets]' -r
complete -c wharf -n "__fish_wharf_using_subcommand man" -l state-dir -d 'Where locks and the audit trail lie [default: /var/lib/wharf, or $WHARF_STATE_DIR]' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand man" -l trust-environment -d 'Under sudo: heed DOCKER_HOST, WHARF_* and other variables (for an administrator\'s wrapper script)'
complete -c wharf -n "__fish_wharf_using_subcommand man" -l json -d 'Print results as JSON'
complete -c wharf -n "__fish_wharf_using_subcommand man" -s q -l quiet -d 'Say nothing but errors'
complete -c wharf -n "__fish_wharf_using_subcommand man" -s h -l help -d 'Print help'
complete -c wharf -n "__fish_wharf_using_subcommand help; and not __fish_seen_subcommand_from up plan down ps logs exec check doctor audit resume serve pins whoami context tenant schema completions reference man help" -f -a "up" -d 'Make pods as their files say'
complete -c wharf -n "__fish_wharf_using_subcommand help; and not __fish_seen_subcommand_from up plan down ps logs exec check doctor audit resume serve pins whoami context tenant schema completions reference man help" -f -a "plan" -d 'Show what `up` would do, field by field'
complete -c wharf -n "__fish_wharf_using_subcommand help; and not __fish_seen_subcommand_from up plan down ps logs exec check doctor audit resume serve pins whoami context tenant schema completions reference man help" -f -a "down" -d 'Stop and remove a pod\'s containers; its directories stay'
complete -c wharf -n "__fish_wharf_using_subcommand help; and not __fish_seen_subcommand_from up plan down ps logs exec check doctor audit resume serve pins whoami context tenant schema completions reference man help" -f -a "ps" -d 'List pods and their containers'
complete -c wharf -n "__fish_wharf_using_subcommand help; and not __fish_seen_subcommand_from up plan down ps logs exec check doctor audit resume serve pins whoami context tenant schema completions reference man help" -f -a "logs" -d 'Show what a pod\'s containers print'
complete -c wharf -n "__fish_wharf_using_subcommand help; and not __fish_seen_subcommand_from up plan down ps logs exec check doctor audit resume serve pins whoami context tenant schema completions reference man help" -f -a "exec" -d 'Run a command in a container; its exit status becomes wharf\'s'
complete -c wharf -n "__fish_wharf_using_subcommand help; and not __fish_seen_subcommand_from up plan down ps logs exec check doctor audit resume serve pins whoami context tenant schema completions reference man help" -f -a "check" -d 'Check pod files without an engine'
complete -c wharf -n "__fish_wharf_using_subcommand help; and not __fish_seen_subcommand_from up plan down ps logs exec check doctor audit resume serve pins whoami context tenant schema completions reference man help" -f -a "doctor" -d 'Look for what weakens this host'
complete -c wharf -n "__fish_wharf_using_subcommand help; and not __fish_seen_subcommand_from up plan down ps logs exec check doctor audit resume serve pins whoami context tenant schema completions reference man help" -f -a "audit" -d 'Show who did, or was denied, what on this host'
complete -c wharf -n "__fish_wharf_using_subcommand help; and not __fish_seen_subcommand_from up plan down ps logs exec check doctor audit resume serve pins whoami context tenant schema completions reference man help" -f -a "resume" -d 'Start what should be running, in order: after an engine start (see wharf-pods.service)'
complete -c wharf -n "__fish_wharf_using_subcommand help; and not __fish_seen_subcommand_from up plan down ps logs exec check doctor audit resume serve pins whoami context tenant schema completions reference man help" -f -a "serve" -d 'Give every tenant a Docker of its own: answer at the sockets that the host configuration names'
complete -c wharf -n "__fish_wharf_using_subcommand help; and not __fish_seen_subcommand_from up plan down ps logs exec check doctor audit resume serve pins whoami context tenant schema completions reference man help" -f -a "pins" -d 'Mount tenants\' own directories for `serve`, and hold the sockets of their containers (see wharf-pins.service)'
complete -c wharf -n "__fish_wharf_using_subcommand help; and not __fish_seen_subcommand_from up plan down ps logs exec check doctor audit resume serve pins whoami context tenant schema completions reference man help" -f -a "whoami" -d 'Show who you are to the gateway: tenant, grants, and what is used of each limit'
complete -c wharf -n "__fish_wharf_using_subcommand help; and not __fish_seen_subcommand_from up plan down ps logs exec check doctor audit resume serve pins whoami context tenant schema completions reference man help" -f -a "context" -d 'Make a docker context for the gateway'
complete -c wharf -n "__fish_wharf_using_subcommand help; and not __fish_seen_subcommand_from up plan down ps logs exec check doctor audit resume serve pins whoami context tenant schema completions reference man help" -f -a "tenant" -d 'See tenants that are or were, and give the present one what a former one left'
complete -c wharf -n "__fish_wharf_using_subcommand help; and not __fish_seen_subcommand_from up plan down ps logs exec check doctor audit resume serve pins whoami context tenant schema completions reference man help" -f -a "schema" -d 'Print the JSON Schema of a file, for editors'
complete -c wharf -n "__fish_wharf_using_subcommand help; and not __fish_seen_subcommand_from up plan down ps logs exec check doctor audit resume serve pins whoami context tenant schema completions reference man help" -f -a "completions" -d 'Print a shell\'s completions'
complete -c wharf -n "__fish_wharf_using_subcommand help; and not __fish_seen_subcommand_from up plan down ps logs exec check doctor audit resume serve pins whoami context tenant schema completions reference man help" -f -a "reference" -d 'Print the reference of all commands, as Markdown'
complete -c wharf -n "__fish_wharf_using_subcommand help; and not __fish_seen_subcommand_from up plan down ps logs exec check doctor audit resume serve pins whoami context tenant schema completions reference man help" -f -a "man" -d 'Print the man page'
complete -c wharf -n "__fish_wharf_using_subcommand help; and not __fish_seen_subcommand_from up plan down ps logs exec check doctor audit resume serve pins whoami context tenant schema completions reference man help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c wharf -n "__fish_wharf_using_subcommand help; and __fish_seen_subcommand_from tenant" -f -a "ls" -d 'List every tenant there is or was'
complete -c wharf -n "__fish_wharf_using_subcommand help; and __fish_seen_subcommand_from tenant" -f -a "adopt" -d 'Give the present tenant of a name what former tenants of that name left'
