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
complete -c wharf -n "__fish_wharf_needs_command" -s H -l host -d 'Engine, as unix:///path, tcp://host:port or ssh://user@host [default: $DOCKER_HOST, the current docker context, the usual sockets]' -r
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
complete -c wharf -n "__fish_wharf_needs_command" -f -a "shell" -d 'Enter a workstation: a long-lived shell container of your own, found again as you left it'
complete -c wharf -n "__fish_wharf_needs_command" -f -a "whoami" -d 'Show who you are to the gateway: tenant, grants, and what is used of each limit'
complete -c wharf -n "__fish_wharf_needs_command" -f -a "dial-stdio" -d 'Be a connection to the gateway, on standard input and output: what ssh runs for `docker -H ssh://...`'
complete -c wharf -n "__fish_wharf_needs_command" -f -a "context" -d 'Make a docker context for the gateway, or list contexts and what rights they give'
complete -c wharf -n "__fish_wharf_needs_command" -f -a "ca" -d 'Make and look after the authority by whose certificates people come in from other machines'
complete -c wharf -n "__fish_wharf_needs_command" -f -a "invite" -d 'Let somebody in from another machine: print the line to paste there'
complete -c wharf -n "__fish_wharf_needs_command" -f -a "join" -d 'Join a gateway on another machine with an invitation'
complete -c wharf -n "__fish_wharf_needs_command" -f -a "cert" -d 'See, take back, renew and export certificates'
complete -c wharf -n "__fish_wharf_needs_command" -f -a "tenant" -d 'See tenants that are or were, and give the present one what a former one left'
complete -c wharf -n "__fish_wharf_needs_command" -f -a "secret" -d 'Keep secrets: sealed in files that are safe to commit, opened only in the containers that use them'
complete -c wharf -n "__fish_wharf_needs_command" -f -a "init" -d 'Make a folder for pod files and sealed secrets, ready for git'
complete -c wharf -n "__fish_wharf_needs_command" -f -a "host" -d 'What this host has of its own'
complete -c wharf -n "__fish_wharf_needs_command" -f -a "engine" -d 'Secure an engine that has no gateway before it'
complete -c wharf -n "__fish_wharf_needs_command" -f -a "schema" -d 'Print the JSON Schema of a file, for editors'
complete -c wharf -n "__fish_wharf_needs_command" -f -a "completions" -d 'Print a shell\'s completions'
complete -c wharf -n "__fish_wharf_needs_command" -f -a "reference" -d 'Print the reference of all commands, as Markdown'
complete -c wharf -n "__fish_wharf_needs_command" -f -a "man" -d 'Print the man page'
complete -c wharf -n "__fish_wharf_needs_command" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c wharf -n "__fish_wharf_using_subcommand up" -l config -d 'Host configuration [default: /etc/wharf/host.yml, or $WHARF_HOST_CONFIG]' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand up" -s H -l host -d 'Engine, as unix:///path, tcp://host:port or ssh://user@host [default: $DOCKER_HOST, the current docker context, the usual sockets]' -r
complete -c wharf -n "__fish_wharf_using_subcommand up" -l state-dir -d 'Where locks and the audit trail lie [default: /var/lib/wharf, or $WHARF_STATE_DIR]' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand up" -l wait -d 'Wait while another wharf works on the same pod'
complete -c wharf -n "__fish_wharf_using_subcommand up" -l trust-environment -d 'Under sudo: heed DOCKER_HOST, WHARF_* and other variables (for an administrator\'s wrapper script)'
complete -c wharf -n "__fish_wharf_using_subcommand up" -l json -d 'Print results as JSON'
complete -c wharf -n "__fish_wharf_using_subcommand up" -s q -l quiet -d 'Say nothing but errors'
complete -c wharf -n "__fish_wharf_using_subcommand up" -s h -l help -d 'Print help'
complete -c wharf -n "__fish_wharf_using_subcommand plan" -l config -d 'Host configuration [default: /etc/wharf/host.yml, or $WHARF_HOST_CONFIG]' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand plan" -s H -l host -d 'Engine, as unix:///path, tcp://host:port or ssh://user@host [default: $DOCKER_HOST, the current docker context, the usual sockets]' -r
complete -c wharf -n "__fish_wharf_using_subcommand plan" -l state-dir -d 'Where locks and the audit trail lie [default: /var/lib/wharf, or $WHARF_STATE_DIR]' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand plan" -l detailed-exit-code -d 'Exit with 2 when there are changes, as Terraform does'
complete -c wharf -n "__fish_wharf_using_subcommand plan" -l trust-environment -d 'Under sudo: heed DOCKER_HOST, WHARF_* and other variables (for an administrator\'s wrapper script)'
complete -c wharf -n "__fish_wharf_using_subcommand plan" -l json -d 'Print results as JSON'
complete -c wharf -n "__fish_wharf_using_subcommand plan" -s q -l quiet -d 'Say nothing but errors'
complete -c wharf -n "__fish_wharf_using_subcommand plan" -s h -l help -d 'Print help'
complete -c wharf -n "__fish_wharf_using_subcommand down" -l config -d 'Host configuration [default: /etc/wharf/host.yml, or $WHARF_HOST_CONFIG]' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand down" -s H -l host -d 'Engine, as unix:///path, tcp://host:port or ssh://user@host [default: $DOCKER_HOST, the current docker context, the usual sockets]' -r
complete -c wharf -n "__fish_wharf_using_subcommand down" -l state-dir -d 'Where locks and the audit trail lie [default: /var/lib/wharf, or $WHARF_STATE_DIR]' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand down" -l wait -d 'Wait while another wharf works on the same pod'
complete -c wharf -n "__fish_wharf_using_subcommand down" -l trust-environment -d 'Under sudo: heed DOCKER_HOST, WHARF_* and other variables (for an administrator\'s wrapper script)'
complete -c wharf -n "__fish_wharf_using_subcommand down" -l json -d 'Print results as JSON'
complete -c wharf -n "__fish_wharf_using_subcommand down" -s q -l quiet -d 'Say nothing but errors'
complete -c wharf -n "__fish_wharf_using_subcommand down" -s h -l help -d 'Print help'
complete -c wharf -n "__fish_wharf_using_subcommand ps" -l config -d 'Host configuration [default: /etc/wharf/host.yml, or $WHARF_HOST_CONFIG]' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand ps" -s H -l host -d 'Engine, as unix:///path, tcp://host:port or ssh://user@host [default: $DOCKER_HOST, the current docker context, the usual sockets]' -r
complete -c wharf -n "__fish_wharf_using_subcommand ps" -l state-dir -d 'Where locks and the audit trail lie [default: /var/lib/wharf, or $WHARF_STATE_DIR]' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand ps" -l trust-environment -d 'Under sudo: heed DOCKER_HOST, WHARF_* and other variables (for an administrator\'s wrapper script)'
complete -c wharf -n "__fish_wharf_using_subcommand ps" -l json -d 'Print results as JSON'
complete -c wharf -n "__fish_wharf_using_subcommand ps" -s q -l quiet -d 'Say nothing but errors'
complete -c wharf -n "__fish_wharf_using_subcommand ps" -s h -l help -d 'Print help'
complete -c wharf -n "__fish_wharf_using_subcommand logs" -s n -l tail -d 'Only the last lines of each' -r
complete -c wharf -n "__fish_wharf_using_subcommand logs" -l config -d 'Host configuration [default: /etc/wharf/host.yml, or $WHARF_HOST_CONFIG]' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand logs" -s H -l host -d 'Engine, as unix:///path, tcp://host:port or ssh://user@host [default: $DOCKER_HOST, the current docker context, the usual sockets]' -r
complete -c wharf -n "__fish_wharf_using_subcommand logs" -l state-dir -d 'Where locks and the audit trail lie [default: /var/lib/wharf, or $WHARF_STATE_DIR]' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand logs" -s f -l follow -d 'Stay for what is yet to come'
complete -c wharf -n "__fish_wharf_using_subcommand logs" -s t -l timestamps -d 'With the time of each line'
complete -c wharf -n "__fish_wharf_using_subcommand logs" -l trust-environment -d 'Under sudo: heed DOCKER_HOST, WHARF_* and other variables (for an administrator\'s wrapper script)'
complete -c wharf -n "__fish_wharf_using_subcommand logs" -l json -d 'Print results as JSON'
complete -c wharf -n "__fish_wharf_using_subcommand logs" -s q -l quiet -d 'Say nothing but errors'
complete -c wharf -n "__fish_wharf_using_subcommand logs" -s h -l help -d 'Print help'
complete -c wharf -n "__fish_wharf_using_subcommand exec" -l config -d 'Host configuration [default: /etc/wharf/host.yml, or $WHARF_HOST_CONFIG]' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand exec" -s H -l host -d 'Engine, as unix:///path, tcp://host:port or ssh://user@host [default: $DOCKER_HOST, the current docker context, the usual sockets]' -r
complete -c wharf -n "__fish_wharf_using_subcommand exec" -l state-dir -d 'Where locks and the audit trail lie [default: /var/lib/wharf, or $WHARF_STATE_DIR]' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand exec" -s i -l interactive -d 'Pass input on'
complete -c wharf -n "__fish_wharf_using_subcommand exec" -s t -l tty -d 'With a terminal'
complete -c wharf -n "__fish_wharf_using_subcommand exec" -l trust-environment -d 'Under sudo: heed DOCKER_HOST, WHARF_* and other variables (for an administrator\'s wrapper script)'
complete -c wharf -n "__fish_wharf_using_subcommand exec" -l json -d 'Print results as JSON'
complete -c wharf -n "__fish_wharf_using_subcommand exec" -s q -l quiet -d 'Say nothing but errors'
complete -c wharf -n "__fish_wharf_using_subcommand exec" -s h -l help -d 'Print help'
complete -c wharf -n "__fish_wharf_using_subcommand check" -l config -d 'Host configuration [default: /etc/wharf/host.yml, or $WHARF_HOST_CONFIG]' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand check" -s H -l host -d 'Engine, as unix:///path, tcp://host:port or ssh://user@host [default: $DOCKER_HOST, the current docker context, the usual sockets]' -r
complete -c wharf -n "__fish_wharf_using_subcommand check" -l state-dir -d 'Where locks and the audit trail lie [default: /var/lib/wharf, or $WHARF_STATE_DIR]' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand check" -l trust-environment -d 'Under sudo: heed DOCKER_HOST, WHARF_* and other variables (for an administrator\'s wrapper script)'
complete -c wharf -n "__fish_wharf_using_subcommand check" -l json -d 'Print results as JSON'
complete -c wharf -n "__fish_wharf_using_subcommand check" -s q -l quiet -d 'Say nothing but errors'
complete -c wharf -n "__fish_wharf_using_subcommand check" -s h -l help -d 'Print help'
complete -c wharf -n "__fish_wharf_using_subcommand doctor" -l config -d 'Host configuration [default: /etc/wharf/host.yml, or $WHARF_HOST_CONFIG]' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand doctor" -s H -l host -d 'Engine, as unix:///path, tcp://host:port or ssh://user@host [default: $DOCKER_HOST, the current docker context, the usual sockets]' -r
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
complete -c wharf -n "__fish_wharf_using_subcommand audit" -s H -l host -d 'Engine, as unix:///path, tcp://host:port or ssh://user@host [default: $DOCKER_HOST, the current docker context, the usual sockets]' -r
complete -c wharf -n "__fish_wharf_using_subcommand audit" -l state-dir -d 'Where locks and the audit trail lie [default: /var/lib/wharf, or $WHARF_STATE_DIR]' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand audit" -l denied -d 'Only what was denied'
complete -c wharf -n "__fish_wharf_using_subcommand audit" -s f -l follow -d 'Stay for what is yet to come'
complete -c wharf -n "__fish_wharf_using_subcommand audit" -l trust-environment -d 'Under sudo: heed DOCKER_HOST, WHARF_* and other variables (for an administrator\'s wrapper script)'
complete -c wharf -n "__fish_wharf_using_subcommand audit" -l json -d 'Print results as JSON'
complete -c wharf -n "__fish_wharf_using_subcommand audit" -s q -l quiet -d 'Say nothing but errors'
complete -c wharf -n "__fish_wharf_using_subcommand audit" -s h -l help -d 'Print help'
complete -c wharf -n "__fish_wharf_using_subcommand resume" -l config -d 'Host configuration [default: /etc/wharf/host.yml, or $WHARF_HOST_CONFIG]' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand resume" -s H -l host -d 'Engine, as unix:///path, tcp://host:port or ssh://user@host [default: $DOCKER_HOST, the current docker context, the usual sockets]' -r
complete -c wharf -n "__fish_wharf_using_subcommand resume" -l state-dir -d 'Where locks and the audit trail lie [default: /var/lib/wharf, or $WHARF_STATE_DIR]' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand resume" -l trust-environment -d 'Under sudo: heed DOCKER_HOST, WHARF_* and other variables (for an administrator\'s wrapper script)'
complete -c wharf -n "__fish_wharf_using_subcommand resume" -l json -d 'Print results as JSON'
complete -c wharf -n "__fish_wharf_using_subcommand resume" -s q -l quiet -d 'Say nothing but errors'
complete -c wharf -n "__fish_wharf_using_subcommand resume" -s h -l help -d 'Print help'
complete -c wharf -n "__fish_wharf_using_subcommand serve" -l ca-passphrase-file -d 'File with the passphrase of a sealed authority\'s key, so that people can join and renew [default: $WHARF_CA_PASSPHRASE_FILE, or systemd\'s credential `ca-passphrase`]' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand serve" -l config -d 'Host configuration [default: /etc/wharf/host.yml, or $WHARF_HOST_CONFIG]' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand serve" -s H -l host -d 'Engine, as unix:///path, tcp://host:port or ssh://user@host [default: $DOCKER_HOST, the current docker context, the usual sockets]' -r
complete -c wharf -n "__fish_wharf_using_subcommand serve" -l state-dir -d 'Where locks and the audit trail lie [default: /var/lib/wharf, or $WHARF_STATE_DIR]' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand serve" -l trust-environment -d 'Under sudo: heed DOCKER_HOST, WHARF_* and other variables (for an administrator\'s wrapper script)'
complete -c wharf -n "__fish_wharf_using_subcommand serve" -l json -d 'Print results as JSON'
complete -c wharf -n "__fish_wharf_using_subcommand serve" -s q -l quiet -d 'Say nothing but errors'
complete -c wharf -n "__fish_wharf_using_subcommand serve" -s h -l help -d 'Print help'
complete -c wharf -n "__fish_wharf_using_subcommand pins" -l config -d 'Host configuration [default: /etc/wharf/host.yml, or $WHARF_HOST_CONFIG]' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand pins" -s H -l host -d 'Engine, as unix:///path, tcp://host:port or ssh://user@host [default: $DOCKER_HOST, the current docker context, the usual sockets]' -r
complete -c wharf -n "__fish_wharf_using_subcommand pins" -l state-dir -d 'Where locks and the audit trail lie [default: /var/lib/wharf, or $WHARF_STATE_DIR]' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand pins" -l trust-environment -d 'Under sudo: heed DOCKER_HOST, WHARF_* and other variables (for an administrator\'s wrapper script)'
complete -c wharf -n "__fish_wharf_using_subcommand pins" -l json -d 'Print results as JSON'
complete -c wharf -n "__fish_wharf_using_subcommand pins" -s q -l quiet -d 'Say nothing but errors'
complete -c wharf -n "__fish_wharf_using_subcommand pins" -s h -l help -d 'Print help'
complete -c wharf -n "__fish_wharf_using_subcommand shell; and not __fish_seen_subcommand_from ls alias complete help" -l install -d 'Add packages to the file, make the image anew and have the workstation use it' -r
complete -c wharf -n "__fish_wharf_using_subcommand shell; and not __fish_seen_subcommand_from ls alias complete help" -l restore -d 'Put an archive made by `--backup` into the home' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand shell; and not __fish_seen_subcommand_from ls alias complete help" -l kill -d 'End a terminal and forget it' -r
complete -c wharf -n "__fish_wharf_using_subcommand shell; and not __fish_seen_subcommand_from ls alias complete help" -l backup -d 'Write the home to a file, as a tar archive; compressed where the name ends in .gz or .tgz, `-` for standard output' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand shell; and not __fish_seen_subcommand_from ls alias complete help" -l clone -d 'Make another workstation with the same file and a copy of the home' -r
complete -c wharf -n "__fish_wharf_using_subcommand shell; and not __fish_seen_subcommand_from ls alias complete help" -l join -d 'Have a docker context to a gateway inside, with the line that `wharf cert lease` or `wharf invite` printed' -r
complete -c wharf -n "__fish_wharf_using_subcommand shell; and not __fish_seen_subcommand_from ls alias complete help" -l context -d 'The docker context, although another is current' -r
complete -c wharf -n "__fish_wharf_using_subcommand shell; and not __fish_seen_subcommand_from ls alias complete help" -l image -d 'For a new workstation: what it is made of' -r
complete -c wharf -n "__fish_wharf_using_subcommand shell; and not __fish_seen_subcommand_from ls alias complete help" -s H -l host -d 'Engine, as unix:///path, tcp://host:port or ssh://user@host [default: $DOCKER_HOST, the current docker context, the usual sockets]' -r
complete -c wharf -n "__fish_wharf_using_subcommand shell; and not __fish_seen_subcommand_from ls alias complete help" -l state-dir -d 'Where locks and the audit trail lie [default: /var/lib/wharf, or $WHARF_STATE_DIR]' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand shell; and not __fish_seen_subcommand_from ls alias complete help" -l config -d 'Ask the questions of the first time again'
complete -c wharf -n "__fish_wharf_using_subcommand shell; and not __fish_seen_subcommand_from ls alias complete help" -l clean -d 'Forget the file; the workstation stays, and is found again by its label'
complete -c wharf -n "__fish_wharf_using_subcommand shell; and not __fish_seen_subcommand_from ls alias complete help" -l build -d 'Make or pull the image anew'
complete -c wharf -n "__fish_wharf_using_subcommand shell; and not __fish_seen_subcommand_from ls alias complete help" -l upgrade -d 'A new container of the newest image on the same home'
complete -c wharf -n "__fish_wharf_using_subcommand shell; and not __fish_seen_subcommand_from ls alias complete help" -l start -d 'Start the workstation, or the terminal that is named'
complete -c wharf -n "__fish_wharf_using_subcommand shell; and not __fish_seen_subcommand_from ls alias complete help" -l stop -d 'Stop the workstation, or the terminal that is named'
complete -c wharf -n "__fish_wharf_using_subcommand shell; and not __fish_seen_subcommand_from ls alias complete help" -l restart -d 'Stop and start'
complete -c wharf -n "__fish_wharf_using_subcommand shell; and not __fish_seen_subcommand_from ls alias complete help" -l destroy -d 'Remove the workstation and its home, after a backup'
complete -c wharf -n "__fish_wharf_using_subcommand shell; and not __fish_seen_subcommand_from ls alias complete help" -l status -d 'Show the workstation and its terminals'
complete -c wharf -n "__fish_wharf_using_subcommand shell; and not __fish_seen_subcommand_from ls alias complete help" -l ls -d 'List terminals only'
complete -c wharf -n "__fish_wharf_using_subcommand shell; and not __fish_seen_subcommand_from ls alias complete help" -l sync -d 'Copy the folders of the file\'s `sync` into the home'
complete -c wharf -n "__fish_wharf_using_subcommand shell; and not __fish_seen_subcommand_from ls alias complete help" -l dev-sync -d 'As --sync, and again whenever something changes, until Ctrl-C'
complete -c wharf -n "__fish_wharf_using_subcommand shell; and not __fish_seen_subcommand_from ls alias complete help" -l view -d 'Watch a terminal without typing into it'
complete -c wharf -n "__fish_wharf_using_subcommand shell; and not __fish_seen_subcommand_from ls alias complete help" -s A -d 'Offer the own ssh-agent inside while attached'
complete -c wharf -n "__fish_wharf_using_subcommand shell; and not __fish_seen_subcommand_from ls alias complete help" -s y -l yes -d 'Ask nothing: take what would be offered'
complete -c wharf -n "__fish_wharf_using_subcommand shell; and not __fish_seen_subcommand_from ls alias complete help" -l no-backup -d 'Destroy without a backup'
complete -c wharf -n "__fish_wharf_using_subcommand shell; and not __fish_seen_subcommand_from ls alias complete help" -l trust-environment -d 'Under sudo: heed DOCKER_HOST, WHARF_* and other variables (for an administrator\'s wrapper script)'
complete -c wharf -n "__fish_wharf_using_subcommand shell; and not __fish_seen_subcommand_from ls alias complete help" -l json -d 'Print results as JSON'
complete -c wharf -n "__fish_wharf_using_subcommand shell; and not __fish_seen_subcommand_from ls alias complete help" -s q -l quiet -d 'Say nothing but errors'
complete -c wharf -n "__fish_wharf_using_subcommand shell; and not __fish_seen_subcommand_from ls alias complete help" -s h -l help -d 'Print help'
complete -c wharf -n "__fish_wharf_using_subcommand shell; and not __fish_seen_subcommand_from ls alias complete help" -a "ls" -d 'List workstations'
complete -c wharf -n "__fish_wharf_using_subcommand shell; and not __fish_seen_subcommand_from ls alias complete help" -a "alias" -d 'Print a shell function that makes a workstation\'s name a word: `eval "$(wharf shell alias foo)"`'
complete -c wharf -n "__fish_wharf_using_subcommand shell; and not __fish_seen_subcommand_from ls alias complete help" -a "complete" -d 'Print what may stand next on the command line'
complete -c wharf -n "__fish_wharf_using_subcommand shell; and not __fish_seen_subcommand_from ls alias complete help" -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c wharf -n "__fish_wharf_using_subcommand shell; and __fish_seen_subcommand_from ls" -s H -l host -d 'Engine, as unix:///path, tcp://host:port or ssh://user@host [default: $DOCKER_HOST, the current docker context, the usual sockets]' -r
complete -c wharf -n "__fish_wharf_using_subcommand shell; and __fish_seen_subcommand_from ls" -l state-dir -d 'Where locks and the audit trail lie [default: /var/lib/wharf, or $WHARF_STATE_DIR]' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand shell; and __fish_seen_subcommand_from ls" -l trust-environment -d 'Under sudo: heed DOCKER_HOST, WHARF_* and other variables (for an administrator\'s wrapper script)'
complete -c wharf -n "__fish_wharf_using_subcommand shell; and __fish_seen_subcommand_from ls" -l json -d 'Print results as JSON'
complete -c wharf -n "__fish_wharf_using_subcommand shell; and __fish_seen_subcommand_from ls" -s q -l quiet -d 'Say nothing but errors'
complete -c wharf -n "__fish_wharf_using_subcommand shell; and __fish_seen_subcommand_from ls" -s h -l help -d 'Print help'
complete -c wharf -n "__fish_wharf_using_subcommand shell; and __fish_seen_subcommand_from alias" -l shell -d 'For which shell [default: as $SHELL says]' -r -f -a "bash\t'bash'
zsh\t'zsh'
fish\t'fish'"
complete -c wharf -n "__fish_wharf_using_subcommand shell; and __fish_seen_subcommand_from alias" -s H -l host -d 'Engine, as unix:///path, tcp://host:port or ssh://user@host [default: $DOCKER_HOST, the current docker context, the usual sockets]' -r
complete -c wharf -n "__fish_wharf_using_subcommand shell; and __fish_seen_subcommand_from alias" -l state-dir -d 'Where locks and the audit trail lie [default: /var/lib/wharf, or $WHARF_STATE_DIR]' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand shell; and __fish_seen_subcommand_from alias" -l trust-environment -d 'Under sudo: heed DOCKER_HOST, WHARF_* and other variables (for an administrator\'s wrapper script)'
complete -c wharf -n "__fish_wharf_using_subcommand shell; and __fish_seen_subcommand_from alias" -l json -d 'Print results as JSON'
complete -c wharf -n "__fish_wharf_using_subcommand shell; and __fish_seen_subcommand_from alias" -s q -l quiet -d 'Say nothing but errors'
complete -c wharf -n "__fish_wharf_using_subcommand shell; and __fish_seen_subcommand_from alias" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c wharf -n "__fish_wharf_using_subcommand shell; and __fish_seen_subcommand_from complete" -s H -l host -d 'Engine, as unix:///path, tcp://host:port or ssh://user@host [default: $DOCKER_HOST, the current docker context, the usual sockets]' -r
complete -c wharf -n "__fish_wharf_using_subcommand shell; and __fish_seen_subcommand_from complete" -l state-dir -d 'Where locks and the audit trail lie [default: /var/lib/wharf, or $WHARF_STATE_DIR]' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand shell; and __fish_seen_subcommand_from complete" -l trust-environment -d 'Under sudo: heed DOCKER_HOST, WHARF_* and other variables (for an administrator\'s wrapper script)'
complete -c wharf -n "__fish_wharf_using_subcommand shell; and __fish_seen_subcommand_from complete" -l json -d 'Print results as JSON'
complete -c wharf -n "__fish_wharf_using_subcommand shell; and __fish_seen_subcommand_from complete" -s q -l quiet -d 'Say nothing but errors'
complete -c wharf -n "__fish_wharf_using_subcommand shell; and __fish_seen_subcommand_from complete" -s h -l help -d 'Print help'
complete -c wharf -n "__fish_wharf_using_subcommand shell; and __fish_seen_subcommand_from help" -f -a "ls" -d 'List workstations'
complete -c wharf -n "__fish_wharf_using_subcommand shell; and __fish_seen_subcommand_from help" -f -a "alias" -d 'Print a shell function that makes a workstation\'s name a word: `eval "$(wharf shell alias foo)"`'
complete -c wharf -n "__fish_wharf_using_subcommand shell; and __fish_seen_subcommand_from help" -f -a "complete" -d 'Print what may stand next on the command line'
complete -c wharf -n "__fish_wharf_using_subcommand shell; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c wharf -n "__fish_wharf_using_subcommand whoami" -l config -d 'Host configuration [default: /etc/wharf/host.yml, or $WHARF_HOST_CONFIG]' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand whoami" -s H -l host -d 'Engine, as unix:///path, tcp://host:port or ssh://user@host [default: $DOCKER_HOST, the current docker context, the usual sockets]' -r
complete -c wharf -n "__fish_wharf_using_subcommand whoami" -l state-dir -d 'Where locks and the audit trail lie [default: /var/lib/wharf, or $WHARF_STATE_DIR]' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand whoami" -l trust-environment -d 'Under sudo: heed DOCKER_HOST, WHARF_* and other variables (for an administrator\'s wrapper script)'
complete -c wharf -n "__fish_wharf_using_subcommand whoami" -l json -d 'Print results as JSON'
complete -c wharf -n "__fish_wharf_using_subcommand whoami" -s q -l quiet -d 'Say nothing but errors'
complete -c wharf -n "__fish_wharf_using_subcommand whoami" -s h -l help -d 'Print help'
complete -c wharf -n "__fish_wharf_using_subcommand dial-stdio" -l config -d 'Host configuration [default: /etc/wharf/host.yml, or $WHARF_HOST_CONFIG]' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand dial-stdio" -s H -l host -d 'Engine, as unix:///path, tcp://host:port or ssh://user@host [default: $DOCKER_HOST, the current docker context, the usual sockets]' -r
complete -c wharf -n "__fish_wharf_using_subcommand dial-stdio" -l state-dir -d 'Where locks and the audit trail lie [default: /var/lib/wharf, or $WHARF_STATE_DIR]' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand dial-stdio" -l trust-environment -d 'Under sudo: heed DOCKER_HOST, WHARF_* and other variables (for an administrator\'s wrapper script)'
complete -c wharf -n "__fish_wharf_using_subcommand dial-stdio" -l json -d 'Print results as JSON'
complete -c wharf -n "__fish_wharf_using_subcommand dial-stdio" -s q -l quiet -d 'Say nothing but errors'
complete -c wharf -n "__fish_wharf_using_subcommand dial-stdio" -s h -l help -d 'Print help'
complete -c wharf -n "__fish_wharf_using_subcommand context; and not __fish_seen_subcommand_from ls make help" -l config -d 'Host configuration [default: /etc/wharf/host.yml, or $WHARF_HOST_CONFIG]' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand context; and not __fish_seen_subcommand_from ls make help" -s H -l host -d 'Engine, as unix:///path, tcp://host:port or ssh://user@host [default: $DOCKER_HOST, the current docker context, the usual sockets]' -r
complete -c wharf -n "__fish_wharf_using_subcommand context; and not __fish_seen_subcommand_from ls make help" -l state-dir -d 'Where locks and the audit trail lie [default: /var/lib/wharf, or $WHARF_STATE_DIR]' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand context; and not __fish_seen_subcommand_from ls make help" -l use -d 'Have docker use it from now on'
complete -c wharf -n "__fish_wharf_using_subcommand context; and not __fish_seen_subcommand_from ls make help" -l trust-environment -d 'Under sudo: heed DOCKER_HOST, WHARF_* and other variables (for an administrator\'s wrapper script)'
complete -c wharf -n "__fish_wharf_using_subcommand context; and not __fish_seen_subcommand_from ls make help" -l json -d 'Print results as JSON'
complete -c wharf -n "__fish_wharf_using_subcommand context; and not __fish_seen_subcommand_from ls make help" -s q -l quiet -d 'Say nothing but errors'
complete -c wharf -n "__fish_wharf_using_subcommand context; and not __fish_seen_subcommand_from ls make help" -s h -l help -d 'Print help'
complete -c wharf -n "__fish_wharf_using_subcommand context; and not __fish_seen_subcommand_from ls make help" -a "ls" -d 'List docker contexts: how each is secured, until when, and what rights it gives'
complete -c wharf -n "__fish_wharf_using_subcommand context; and not __fish_seen_subcommand_from ls make help" -a "make" -d 'Make a docker context for the gateway'
complete -c wharf -n "__fish_wharf_using_subcommand context; and not __fish_seen_subcommand_from ls make help" -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c wharf -n "__fish_wharf_using_subcommand context; and __fish_seen_subcommand_from ls" -l config -d 'Host configuration [default: /etc/wharf/host.yml, or $WHARF_HOST_CONFIG]' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand context; and __fish_seen_subcommand_from ls" -s H -l host -d 'Engine, as unix:///path, tcp://host:port or ssh://user@host [default: $DOCKER_HOST, the current docker context, the usual sockets]' -r
complete -c wharf -n "__fish_wharf_using_subcommand context; and __fish_seen_subcommand_from ls" -l state-dir -d 'Where locks and the audit trail lie [default: /var/lib/wharf, or $WHARF_STATE_DIR]' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand context; and __fish_seen_subcommand_from ls" -l offline -d 'Ask nobody: leave out what rights each gives'
complete -c wharf -n "__fish_wharf_using_subcommand context; and __fish_seen_subcommand_from ls" -l trust-environment -d 'Under sudo: heed DOCKER_HOST, WHARF_* and other variables (for an administrator\'s wrapper script)'
complete -c wharf -n "__fish_wharf_using_subcommand context; and __fish_seen_subcommand_from ls" -l json -d 'Print results as JSON'
complete -c wharf -n "__fish_wharf_using_subcommand context; and __fish_seen_subcommand_from ls" -s q -l quiet -d 'Say nothing but errors'
complete -c wharf -n "__fish_wharf_using_subcommand context; and __fish_seen_subcommand_from ls" -s h -l help -d 'Print help'
complete -c wharf -n "__fish_wharf_using_subcommand context; and __fish_seen_subcommand_from make" -l config -d 'Host configuration [default: /etc/wharf/host.yml, or $WHARF_HOST_CONFIG]' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand context; and __fish_seen_subcommand_from make" -s H -l host -d 'Engine, as unix:///path, tcp://host:port or ssh://user@host [default: $DOCKER_HOST, the current docker context, the usual sockets]' -r
complete -c wharf -n "__fish_wharf_using_subcommand context; and __fish_seen_subcommand_from make" -l state-dir -d 'Where locks and the audit trail lie [default: /var/lib/wharf, or $WHARF_STATE_DIR]' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand context; and __fish_seen_subcommand_from make" -l use -d 'Have docker use it from now on'
complete -c wharf -n "__fish_wharf_using_subcommand context; and __fish_seen_subcommand_from make" -l trust-environment -d 'Under sudo: heed DOCKER_HOST, WHARF_* and other variables (for an administrator\'s wrapper script)'
complete -c wharf -n "__fish_wharf_using_subcommand context; and __fish_seen_subcommand_from make" -l json -d 'Print results as JSON'
complete -c wharf -n "__fish_wharf_using_subcommand context; and __fish_seen_subcommand_from make" -s q -l quiet -d 'Say nothing but errors'
complete -c wharf -n "__fish_wharf_using_subcommand context; and __fish_seen_subcommand_from make" -s h -l help -d 'Print help'
complete -c wharf -n "__fish_wharf_using_subcommand context; and __fish_seen_subcommand_from help" -f -a "ls" -d 'List docker contexts: how each is secured, until when, and what rights it gives'
complete -c wharf -n "__fish_wharf_using_subcommand context; and __fish_seen_subcommand_from help" -f -a "make" -d 'Make a docker context for the gateway'
complete -c wharf -n "__fish_wharf_using_subcommand context; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c wharf -n "__fish_wharf_using_subcommand ca; and not __fish_seen_subcommand_from init show names rotate help" -l config -d 'Host configuration [default: /etc/wharf/host.yml, or $WHARF_HOST_CONFIG]' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand ca; and not __fish_seen_subcommand_from init show names rotate help" -s H -l host -d 'Engine, as unix:///path, tcp://host:port or ssh://user@host [default: $DOCKER_HOST, the current docker context, the usual sockets]' -r
complete -c wharf -n "__fish_wharf_using_subcommand ca; and not __fish_seen_subcommand_from init show names rotate help" -l state-dir -d 'Where locks and the audit trail lie [default: /var/lib/wharf, or $WHARF_STATE_DIR]' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand ca; and not __fish_seen_subcommand_from init show names rotate help" -l trust-environment -d 'Under sudo: heed DOCKER_HOST, WHARF_* and other variables (for an administrator\'s wrapper script)'
complete -c wharf -n "__fish_wharf_using_subcommand ca; and not __fish_seen_subcommand_from init show names rotate help" -l json -d 'Print results as JSON'
complete -c wharf -n "__fish_wharf_using_subcommand ca; and not __fish_seen_subcommand_from init show names rotate help" -s q -l quiet -d 'Say nothing but errors'
complete -c wharf -n "__fish_wharf_using_subcommand ca; and not __fish_seen_subcommand_from init show names rotate help" -s h -l help -d 'Print help'
complete -c wharf -n "__fish_wharf_using_subcommand ca; and not __fish_seen_subcommand_from init show names rotate help" -f -a "init" -d 'Make a private authority for this host, and the server\'s certificate'
complete -c wharf -n "__fish_wharf_using_subcommand ca; and not __fish_seen_subcommand_from init show names rotate help" -f -a "show" -d 'Show the authority: fingerprint, names, until when'
complete -c wharf -n "__fish_wharf_using_subcommand ca; and not __fish_seen_subcommand_from init show names rotate help" -f -a "names" -d 'Show or change the names and addresses in the server\'s certificate, and issue it anew'
complete -c wharf -n "__fish_wharf_using_subcommand ca; and not __fish_seen_subcommand_from init show names rotate help" -f -a "rotate" -d 'Put a new authority in place of this one, with an overlap in which both are trusted'
complete -c wharf -n "__fish_wharf_using_subcommand ca; and not __fish_seen_subcommand_from init show names rotate help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c wharf -n "__fish_wharf_using_subcommand ca; and __fish_seen_subcommand_from init" -l name -d 'What the authority is called in its certificate [default: after the host and the moment]' -r
complete -c wharf -n "__fish_wharf_using_subcommand ca; and __fish_seen_subcommand_from init" -l names -d 'Names and addresses that this host answers to; the first is where people are told to come to [default: found, and asked at a terminal]' -r
complete -c wharf -n "__fish_wharf_using_subcommand ca; and __fish_seen_subcommand_from init" -l passphrase-file -d 'File with the passphrase of the authority\'s key [default: $WHARF_CA_PASSPHRASE_FILE, or asked at a terminal]' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand ca; and __fish_seen_subcommand_from init" -l import -d 'Take this authority instead of making one: certificate and private key as PEM, in one file or in two' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand ca; and __fish_seen_subcommand_from init" -l config -d 'Host configuration [default: /etc/wharf/host.yml, or $WHARF_HOST_CONFIG]' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand ca; and __fish_seen_subcommand_from init" -s H -l host -d 'Engine, as unix:///path, tcp://host:port or ssh://user@host [default: $DOCKER_HOST, the current docker context, the usual sockets]' -r
complete -c wharf -n "__fish_wharf_using_subcommand ca; and __fish_seen_subcommand_from init" -l state-dir -d 'Where locks and the audit trail lie [default: /var/lib/wharf, or $WHARF_STATE_DIR]' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand ca; and __fish_seen_subcommand_from init" -l seal -d 'Seal the key with a passphrase: asked twice at a terminal, or read from the file'
complete -c wharf -n "__fish_wharf_using_subcommand ca; and __fish_seen_subcommand_from init" -l trust-environment -d 'Under sudo: heed DOCKER_HOST, WHARF_* and other variables (for an administrator\'s wrapper script)'
complete -c wharf -n "__fish_wharf_using_subcommand ca; and __fish_seen_subcommand_from init" -l json -d 'Print results as JSON'
complete -c wharf -n "__fish_wharf_using_subcommand ca; and __fish_seen_subcommand_from init" -s q -l quiet -d 'Say nothing but errors'
complete -c wharf -n "__fish_wharf_using_subcommand ca; and __fish_seen_subcommand_from init" -s h -l help -d 'Print help'
complete -c wharf -n "__fish_wharf_using_subcommand ca; and __fish_seen_subcommand_from show" -l config -d 'Host configuration [default: /etc/wharf/host.yml, or $WHARF_HOST_CONFIG]' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand ca; and __fish_seen_subcommand_from show" -s H -l host -d 'Engine, as unix:///path, tcp://host:port or ssh://user@host [default: $DOCKER_HOST, the current docker context, the usual sockets]' -r
complete -c wharf -n "__fish_wharf_using_subcommand ca; and __fish_seen_subcommand_from show" -l state-dir -d 'Where locks and the audit trail lie [default: /var/lib/wharf, or $WHARF_STATE_DIR]' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand ca; and __fish_seen_subcommand_from show" -l trust-environment -d 'Under sudo: heed DOCKER_HOST, WHARF_* and other variables (for an administrator\'s wrapper script)'
complete -c wharf -n "__fish_wharf_using_subcommand ca; and __fish_seen_subcommand_from show" -l json -d 'Print results as JSON'
complete -c wharf -n "__fish_wharf_using_subcommand ca; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Say nothing but errors'
complete -c wharf -n "__fish_wharf_using_subcommand ca; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help'
complete -c wharf -n "__fish_wharf_using_subcommand ca; and __fish_seen_subcommand_from names" -l set -d 'These and no others' -r
complete -c wharf -n "__fish_wharf_using_subcommand ca; and __fish_seen_subcommand_from names" -l add -d 'These, too' -r
complete -c wharf -n "__fish_wharf_using_subcommand ca; and __fish_seen_subcommand_from names" -l remove -d 'Not these' -r
complete -c wharf -n "__fish_wharf_using_subcommand ca; and __fish_seen_subcommand_from names" -l passphrase-file -d 'File with the passphrase of the authority\'s key [default: $WHARF_CA_PASSPHRASE_FILE, or asked at a terminal]' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand ca; and __fish_seen_subcommand_from names" -l config -d 'Host configuration [default: /etc/wharf/host.yml, or $WHARF_HOST_CONFIG]' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand ca; and __fish_seen_subcommand_from names" -s H -l host -d 'Engine, as unix:///path, tcp://host:port or ssh://user@host [default: $DOCKER_HOST, the current docker context, the usual sockets]' -r
complete -c wharf -n "__fish_wharf_using_subcommand ca; and __fish_seen_subcommand_from names" -l state-dir -d 'Where locks and the audit trail lie [default: /var/lib/wharf, or $WHARF_STATE_DIR]' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand ca; and __fish_seen_subcommand_from names" -l trust-environment -d 'Under sudo: heed DOCKER_HOST, WHARF_* and other variables (for an administrator\'s wrapper script)'
complete -c wharf -n "__fish_wharf_using_subcommand ca; and __fish_seen_subcommand_from names" -l json -d 'Print results as JSON'
complete -c wharf -n "__fish_wharf_using_subcommand ca; and __fish_seen_subcommand_from names" -s q -l quiet -d 'Say nothing but errors'
complete -c wharf -n "__fish_wharf_using_subcommand ca; and __fish_seen_subcommand_from names" -s h -l help -d 'Print help'
complete -c wharf -n "__fish_wharf_using_subcommand ca; and __fish_seen_subcommand_from rotate" -l name -d 'What the new authority is called [default: after the host and the moment]' -r
complete -c wharf -n "__fish_wharf_using_subcommand ca; and __fish_seen_subcommand_from rotate" -l import -d 'Where the authority is an imported one: the next one, certificate and private key as PEM' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand ca; and __fish_seen_subcommand_from rotate" -l passphrase-file -d 'File with the passphrase of the authority\'s key [default: $WHARF_CA_PASSPHRASE_FILE, or asked at a terminal]' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand ca; and __fish_seen_subcommand_from rotate" -l config -d 'Host configuration [default: /etc/wharf/host.yml, or $WHARF_HOST_CONFIG]' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand ca; and __fish_seen_subcommand_from rotate" -s H -l host -d 'Engine, as unix:///path, tcp://host:port or ssh://user@host [default: $DOCKER_HOST, the current docker context, the usual sockets]' -r
complete -c wharf -n "__fish_wharf_using_subcommand ca; and __fish_seen_subcommand_from rotate" -l state-dir -d 'Where locks and the audit trail lie [default: /var/lib/wharf, or $WHARF_STATE_DIR]' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand ca; and __fish_seen_subcommand_from rotate" -l finish -d 'End the overlap: the former authority is trusted no more'
complete -c wharf -n "__fish_wharf_using_subcommand ca; and __fish_seen_subcommand_from rotate" -l force -d 'Finish although some have no certificate of the new authority yet, and will have to be invited anew'
complete -c wharf -n "__fish_wharf_using_subcommand ca; and __fish_seen_subcommand_from rotate" -l now -d 'No overlap, because the key may be known to others: everybody is to be invited anew'
complete -c wharf -n "__fish_wharf_using_subcommand ca; and __fish_seen_subcommand_from rotate" -l trust-environment -d 'Under sudo: heed DOCKER_HOST, WHARF_* and other variables (for an administrator\'s wrapper script)'
complete -c wharf -n "__fish_wharf_using_subcommand ca; and __fish_seen_subcommand_from rotate" -l json -d 'Print results as JSON'
complete -c wharf -n "__fish_wharf_using_subcommand ca; and __fish_seen_subcommand_from rotate" -s q -l quiet -d 'Say nothing but errors'
complete -c wharf -n "__fish_wharf_using_subcommand ca; and __fish_seen_subcommand_from rotate" -s h -l help -d 'Print help'
complete -c wharf -n "__fish_wharf_using_subcommand ca; and __fish_seen_subcommand_from help" -f -a "init" -d 'Make a private authority for this host, and the server\'s certificate'
complete -c wharf -n "__fish_wharf_using_subcommand ca; and __fish_seen_subcommand_from help" -f -a "show" -d 'Show the authority: fingerprint, names, until when'
complete -c wharf -n "__fish_wharf_using_subcommand ca; and __fish_seen_subcommand_from help" -f -a "names" -d 'Show or change the names and addresses in the server\'s certificate, and issue it anew'
complete -c wharf -n "__fish_wharf_using_subcommand ca; and __fish_seen_subcommand_from help" -f -a "rotate" -d 'Put a new authority in place of this one, with an overlap in which both are trusted'
complete -c wharf -n "__fish_wharf_using_subcommand ca; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c wharf -n "__fish_wharf_using_subcommand invite" -l user -d 'Who or what bears it [default: as the tenant is called]' -r
complete -c wharf -n "__fish_wharf_using_subcommand invite" -l for -d 'How long the certificate lives, and each of its renewals' -r
complete -c wharf -n "__fish_wharf_using_subcommand invite" -l valid -d 'How long the token is good' -r
complete -c wharf -n "__fish_wharf_using_subcommand invite" -l address -d 'Where the other machine reaches this host [default: the first name of the server\'s certificate, and the port of the first `tcp://` listener]' -r
complete -c wharf -n "__fish_wharf_using_subcommand invite" -l config -d 'Host configuration [default: /etc/wharf/host.yml, or $WHARF_HOST_CONFIG]' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand invite" -s H -l host -d 'Engine, as unix:///path, tcp://host:port or ssh://user@host [default: $DOCKER_HOST, the current docker context, the usual sockets]' -r
complete -c wharf -n "__fish_wharf_using_subcommand invite" -l state-dir -d 'Where locks and the audit trail lie [default: /var/lib/wharf, or $WHARF_STATE_DIR]' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand invite" -l trust-environment -d 'Under sudo: heed DOCKER_HOST, WHARF_* and other variables (for an administrator\'s wrapper script)'
complete -c wharf -n "__fish_wharf_using_subcommand invite" -l json -d 'Print results as JSON'
complete -c wharf -n "__fish_wharf_using_subcommand invite" -s q -l quiet -d 'Say nothing but errors'
complete -c wharf -n "__fish_wharf_using_subcommand invite" -s h -l help -d 'Print help'
complete -c wharf -n "__fish_wharf_using_subcommand join" -l context -d 'The docker context to make' -r
complete -c wharf -n "__fish_wharf_using_subcommand join" -l config -d 'Host configuration [default: /etc/wharf/host.yml, or $WHARF_HOST_CONFIG]' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand join" -s H -l host -d 'Engine, as unix:///path, tcp://host:port or ssh://user@host [default: $DOCKER_HOST, the current docker context, the usual sockets]' -r
complete -c wharf -n "__fish_wharf_using_subcommand join" -l state-dir -d 'Where locks and the audit trail lie [default: /var/lib/wharf, or $WHARF_STATE_DIR]' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand join" -l replace -d 'Have a context of this name that leads to another gateway lead here'
complete -c wharf -n "__fish_wharf_using_subcommand join" -l use -d 'Have docker use it from now on'
complete -c wharf -n "__fish_wharf_using_subcommand join" -l no-timer -d 'Install no timer that renews the certificate'
complete -c wharf -n "__fish_wharf_using_subcommand join" -l trust-environment -d 'Under sudo: heed DOCKER_HOST, WHARF_* and other variables (for an administrator\'s wrapper script)'
complete -c wharf -n "__fish_wharf_using_subcommand join" -l json -d 'Print results as JSON'
complete -c wharf -n "__fish_wharf_using_subcommand join" -s q -l quiet -d 'Say nothing but errors'
complete -c wharf -n "__fish_wharf_using_subcommand join" -s h -l help -d 'Print help'
complete -c wharf -n "__fish_wharf_using_subcommand cert; and not __fish_seen_subcommand_from ls revoke renew export lease help" -l config -d 'Host configuration [default: /etc/wharf/host.yml, or $WHARF_HOST_CONFIG]' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand cert; and not __fish_seen_subcommand_from ls revoke renew export lease help" -s H -l host -d 'Engine, as unix:///path, tcp://host:port or ssh://user@host [default: $DOCKER_HOST, the current docker context, the usual sockets]' -r
complete -c wharf -n "__fish_wharf_using_subcommand cert; and not __fish_seen_subcommand_from ls revoke renew export lease help" -l state-dir -d 'Where locks and the audit trail lie [default: /var/lib/wharf, or $WHARF_STATE_DIR]' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand cert; and not __fish_seen_subcommand_from ls revoke renew export lease help" -l trust-environment -d 'Under sudo: heed DOCKER_HOST, WHARF_* and other variables (for an administrator\'s wrapper script)'
complete -c wharf -n "__fish_wharf_using_subcommand cert; and not __fish_seen_subcommand_from ls revoke renew export lease help" -l json -d 'Print results as JSON'
complete -c wharf -n "__fish_wharf_using_subcommand cert; and not __fish_seen_subcommand_from ls revoke renew export lease help" -s q -l quiet -d 'Say nothing but errors'
complete -c wharf -n "__fish_wharf_using_subcommand cert; and not __fish_seen_subcommand_from ls revoke renew export lease help" -s h -l help -d 'Print help'
complete -c wharf -n "__fish_wharf_using_subcommand cert; and not __fish_seen_subcommand_from ls revoke renew export lease help" -f -a "ls" -d 'List who may come in by certificate: who, until when, last seen when and from where'
complete -c wharf -n "__fish_wharf_using_subcommand cert; and not __fish_seen_subcommand_from ls revoke renew export lease help" -f -a "revoke" -d 'Take certificates back, at once; open invitations of the same go, too'
complete -c wharf -n "__fish_wharf_using_subcommand cert; and not __fish_seen_subcommand_from ls revoke renew export lease help" -f -a "renew" -d 'Renew the certificate with which this machine joined'
complete -c wharf -n "__fish_wharf_using_subcommand cert; and not __fish_seen_subcommand_from ls revoke renew export lease help" -f -a "export" -d 'Make a key and a certificate here, for somebody who installs them by hand'
complete -c wharf -n "__fish_wharf_using_subcommand cert; and not __fish_seen_subcommand_from ls revoke renew export lease help" -f -a "lease" -d 'Invite a machine or a job that comes and goes: its access ends by itself soon after it stops asking'
complete -c wharf -n "__fish_wharf_using_subcommand cert; and not __fish_seen_subcommand_from ls revoke renew export lease help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c wharf -n "__fish_wharf_using_subcommand cert; and __fish_seen_subcommand_from ls" -l config -d 'Host configuration [default: /etc/wharf/host.yml, or $WHARF_HOST_CONFIG]' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand cert; and __fish_seen_subcommand_from ls" -s H -l host -d 'Engine, as unix:///path, tcp://host:port or ssh://user@host [default: $DOCKER_HOST, the current docker context, the usual sockets]' -r
complete -c wharf -n "__fish_wharf_using_subcommand cert; and __fish_seen_subcommand_from ls" -l state-dir -d 'Where locks and the audit trail lie [default: /var/lib/wharf, or $WHARF_STATE_DIR]' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand cert; and __fish_seen_subcommand_from ls" -s a -l all -d 'Those that are over, too'
complete -c wharf -n "__fish_wharf_using_subcommand cert; and __fish_seen_subcommand_from ls" -l trust-environment -d 'Under sudo: heed DOCKER_HOST, WHARF_* and other variables (for an administrator\'s wrapper script)'
complete -c wharf -n "__fish_wharf_using_subcommand cert; and __fish_seen_subcommand_from ls" -l json -d 'Print results as JSON'
complete -c wharf -n "__fish_wharf_using_subcommand cert; and __fish_seen_subcommand_from ls" -s q -l quiet -d 'Say nothing but errors'
complete -c wharf -n "__fish_wharf_using_subcommand cert; and __fish_seen_subcommand_from ls" -s h -l help -d 'Print help'
complete -c wharf -n "__fish_wharf_using_subcommand cert; and __fish_seen_subcommand_from revoke" -l tenant -d 'All of this tenant' -r
complete -c wharf -n "__fish_wharf_using_subcommand cert; and __fish_seen_subcommand_from revoke" -l config -d 'Host configuration [default: /etc/wharf/host.yml, or $WHARF_HOST_CONFIG]' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand cert; and __fish_seen_subcommand_from revoke" -s H -l host -d 'Engine, as unix:///path, tcp://host:port or ssh://user@host [default: $DOCKER_HOST, the current docker context, the usual sockets]' -r
complete -c wharf -n "__fish_wharf_using_subcommand cert; and __fish_seen_subcommand_from revoke" -l state-dir -d 'Where locks and the audit trail lie [default: /var/lib/wharf, or $WHARF_STATE_DIR]' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand cert; and __fish_seen_subcommand_from revoke" -l trust-environment -d 'Under sudo: heed DOCKER_HOST, WHARF_* and other variables (for an administrator\'s wrapper script)'
complete -c wharf -n "__fish_wharf_using_subcommand cert; and __fish_seen_subcommand_from revoke" -l json -d 'Print results as JSON'
complete -c wharf -n "__fish_wharf_using_subcommand cert; and __fish_seen_subcommand_from revoke" -s q -l quiet -d 'Say nothing but errors'
complete -c wharf -n "__fish_wharf_using_subcommand cert; and __fish_seen_subcommand_from revoke" -s h -l help -d 'Print help'
complete -c wharf -n "__fish_wharf_using_subcommand cert; and __fish_seen_subcommand_from renew" -l context -d 'The docker context that was made when this machine joined' -r
complete -c wharf -n "__fish_wharf_using_subcommand cert; and __fish_seen_subcommand_from renew" -l config -d 'Host configuration [default: /etc/wharf/host.yml, or $WHARF_HOST_CONFIG]' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand cert; and __fish_seen_subcommand_from renew" -s H -l host -d 'Engine, as unix:///path, tcp://host:port or ssh://user@host [default: $DOCKER_HOST, the current docker context, the usual sockets]' -r
complete -c wharf -n "__fish_wharf_using_subcommand cert; and __fish_seen_subcommand_from renew" -l state-dir -d 'Where locks and the audit trail lie [default: /var/lib/wharf, or $WHARF_STATE_DIR]' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand cert; and __fish_seen_subcommand_from renew" -l force -d 'Although more than two thirds of its life are left'
complete -c wharf -n "__fish_wharf_using_subcommand cert; and __fish_seen_subcommand_from renew" -l trust-environment -d 'Under sudo: heed DOCKER_HOST, WHARF_* and other variables (for an administrator\'s wrapper script)'
complete -c wharf -n "__fish_wharf_using_subcommand cert; and __fish_seen_subcommand_from renew" -l json -d 'Print results as JSON'
complete -c wharf -n "__fish_wharf_using_subcommand cert; and __fish_seen_subcommand_from renew" -s q -l quiet -d 'Say nothing but errors'
complete -c wharf -n "__fish_wharf_using_subcommand cert; and __fish_seen_subcommand_from renew" -s h -l help -d 'Print help'
complete -c wharf -n "__fish_wharf_using_subcommand cert; and __fish_seen_subcommand_from export" -l user -d 'Who or what bears it' -r
complete -c wharf -n "__fish_wharf_using_subcommand cert; and __fish_seen_subcommand_from export" -l to -d 'Folder for ca.pem, cert.pem and key.pem, as DOCKER_CERT_PATH wants them' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand cert; and __fish_seen_subcommand_from export" -l for -d 'How long the certificate lives; who has it by hand renews it with `wharf cert export`' -r
complete -c wharf -n "__fish_wharf_using_subcommand cert; and __fish_seen_subcommand_from export" -l context-bundle -d 'Also a file for `docker context import`' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand cert; and __fish_seen_subcommand_from export" -l address -d 'Where the other machine reaches this host, for the context [default: as `wharf invite` has it]' -r
complete -c wharf -n "__fish_wharf_using_subcommand cert; and __fish_seen_subcommand_from export" -l passphrase-file -d 'File with the passphrase of the authority\'s key [default: $WHARF_CA_PASSPHRASE_FILE, or asked at a terminal]' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand cert; and __fish_seen_subcommand_from export" -l config -d 'Host configuration [default: /etc/wharf/host.yml, or $WHARF_HOST_CONFIG]' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand cert; and __fish_seen_subcommand_from export" -s H -l host -d 'Engine, as unix:///path, tcp://host:port or ssh://user@host [default: $DOCKER_HOST, the current docker context, the usual sockets]' -r
complete -c wharf -n "__fish_wharf_using_subcommand cert; and __fish_seen_subcommand_from export" -l state-dir -d 'Where locks and the audit trail lie [default: /var/lib/wharf, or $WHARF_STATE_DIR]' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand cert; and __fish_seen_subcommand_from export" -l trust-environment -d 'Under sudo: heed DOCKER_HOST, WHARF_* and other variables (for an administrator\'s wrapper script)'
complete -c wharf -n "__fish_wharf_using_subcommand cert; and __fish_seen_subcommand_from export" -l json -d 'Print results as JSON'
complete -c wharf -n "__fish_wharf_using_subcommand cert; and __fish_seen_subcommand_from export" -s q -l quiet -d 'Say nothing but errors'
complete -c wharf -n "__fish_wharf_using_subcommand cert; and __fish_seen_subcommand_from export" -s h -l help -d 'Print help'
complete -c wharf -n "__fish_wharf_using_subcommand cert; and __fish_seen_subcommand_from lease" -l for -d 'How long each certificate lives' -r
complete -c wharf -n "__fish_wharf_using_subcommand cert; and __fish_seen_subcommand_from lease" -l to -d 'Who or what bears it' -r
complete -c wharf -n "__fish_wharf_using_subcommand cert; and __fish_seen_subcommand_from lease" -l valid -d 'How long the token is good' -r
complete -c wharf -n "__fish_wharf_using_subcommand cert; and __fish_seen_subcommand_from lease" -l address -d 'Where the other machine reaches this host [default: the first name of the server\'s certificate, and the port of the first `tcp://` listener]' -r
complete -c wharf -n "__fish_wharf_using_subcommand cert; and __fish_seen_subcommand_from lease" -l config -d 'Host configuration [default: /etc/wharf/host.yml, or $WHARF_HOST_CONFIG]' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand cert; and __fish_seen_subcommand_from lease" -s H -l host -d 'Engine, as unix:///path, tcp://host:port or ssh://user@host [default: $DOCKER_HOST, the current docker context, the usual sockets]' -r
complete -c wharf -n "__fish_wharf_using_subcommand cert; and __fish_seen_subcommand_from lease" -l state-dir -d 'Where locks and the audit trail lie [default: /var/lib/wharf, or $WHARF_STATE_DIR]' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand cert; and __fish_seen_subcommand_from lease" -l trust-environment -d 'Under sudo: heed DOCKER_HOST, WHARF_* and other variables (for an administrator\'s wrapper script)'
complete -c wharf -n "__fish_wharf_using_subcommand cert; and __fish_seen_subcommand_from lease" -l json -d 'Print results as JSON'
complete -c wharf -n "__fish_wharf_using_subcommand cert; and __fish_seen_subcommand_from lease" -s q -l quiet -d 'Say nothing but errors'
complete -c wharf -n "__fish_wharf_using_subcommand cert; and __fish_seen_subcommand_from lease" -s h -l help -d 'Print help'
complete -c wharf -n "__fish_wharf_using_subcommand cert; and __fish_seen_subcommand_from help" -f -a "ls" -d 'List who may come in by certificate: who, until when, last seen when and from where'
complete -c wharf -n "__fish_wharf_using_subcommand cert; and __fish_seen_subcommand_from help" -f -a "revoke" -d 'Take certificates back, at once; open invitations of the same go, too'
complete -c wharf -n "__fish_wharf_using_subcommand cert; and __fish_seen_subcommand_from help" -f -a "renew" -d 'Renew the certificate with which this machine joined'
complete -c wharf -n "__fish_wharf_using_subcommand cert; and __fish_seen_subcommand_from help" -f -a "export" -d 'Make a key and a certificate here, for somebody who installs them by hand'
complete -c wharf -n "__fish_wharf_using_subcommand cert; and __fish_seen_subcommand_from help" -f -a "lease" -d 'Invite a machine or a job that comes and goes: its access ends by itself soon after it stops asking'
complete -c wharf -n "__fish_wharf_using_subcommand cert; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c wharf -n "__fish_wharf_using_subcommand tenant; and not __fish_seen_subcommand_from ls adopt help" -l config -d 'Host configuration [default: /etc/wharf/host.yml, or $WHARF_HOST_CONFIG]' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand tenant; and not __fish_seen_subcommand_from ls adopt help" -s H -l host -d 'Engine, as unix:///path, tcp://host:port or ssh://user@host [default: $DOCKER_HOST, the current docker context, the usual sockets]' -r
complete -c wharf -n "__fish_wharf_using_subcommand tenant; and not __fish_seen_subcommand_from ls adopt help" -l state-dir -d 'Where locks and the audit trail lie [default: /var/lib/wharf, or $WHARF_STATE_DIR]' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand tenant; and not __fish_seen_subcommand_from ls adopt help" -l trust-environment -d 'Under sudo: heed DOCKER_HOST, WHARF_* and other variables (for an administrator\'s wrapper script)'
complete -c wharf -n "__fish_wharf_using_subcommand tenant; and not __fish_seen_subcommand_from ls adopt help" -l json -d 'Print results as JSON'
complete -c wharf -n "__fish_wharf_using_subcommand tenant; and not __fish_seen_subcommand_from ls adopt help" -s q -l quiet -d 'Say nothing but errors'
complete -c wharf -n "__fish_wharf_using_subcommand tenant; and not __fish_seen_subcommand_from ls adopt help" -s h -l help -d 'Print help'
complete -c wharf -n "__fish_wharf_using_subcommand tenant; and not __fish_seen_subcommand_from ls adopt help" -f -a "ls" -d 'List every tenant there is or was'
complete -c wharf -n "__fish_wharf_using_subcommand tenant; and not __fish_seen_subcommand_from ls adopt help" -f -a "adopt" -d 'Give the present tenant of a name what former tenants of that name left'
complete -c wharf -n "__fish_wharf_using_subcommand tenant; and not __fish_seen_subcommand_from ls adopt help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c wharf -n "__fish_wharf_using_subcommand tenant; and __fish_seen_subcommand_from ls" -l config -d 'Host configuration [default: /etc/wharf/host.yml, or $WHARF_HOST_CONFIG]' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand tenant; and __fish_seen_subcommand_from ls" -s H -l host -d 'Engine, as unix:///path, tcp://host:port or ssh://user@host [default: $DOCKER_HOST, the current docker context, the usual sockets]' -r
complete -c wharf -n "__fish_wharf_using_subcommand tenant; and __fish_seen_subcommand_from ls" -l state-dir -d 'Where locks and the audit trail lie [default: /var/lib/wharf, or $WHARF_STATE_DIR]' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand tenant; and __fish_seen_subcommand_from ls" -l trust-environment -d 'Under sudo: heed DOCKER_HOST, WHARF_* and other variables (for an administrator\'s wrapper script)'
complete -c wharf -n "__fish_wharf_using_subcommand tenant; and __fish_seen_subcommand_from ls" -l json -d 'Print results as JSON'
complete -c wharf -n "__fish_wharf_using_subcommand tenant; and __fish_seen_subcommand_from ls" -s q -l quiet -d 'Say nothing but errors'
complete -c wharf -n "__fish_wharf_using_subcommand tenant; and __fish_seen_subcommand_from ls" -s h -l help -d 'Print help'
complete -c wharf -n "__fish_wharf_using_subcommand tenant; and __fish_seen_subcommand_from adopt" -l config -d 'Host configuration [default: /etc/wharf/host.yml, or $WHARF_HOST_CONFIG]' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand tenant; and __fish_seen_subcommand_from adopt" -s H -l host -d 'Engine, as unix:///path, tcp://host:port or ssh://user@host [default: $DOCKER_HOST, the current docker context, the usual sockets]' -r
complete -c wharf -n "__fish_wharf_using_subcommand tenant; and __fish_seen_subcommand_from adopt" -l state-dir -d 'Where locks and the audit trail lie [default: /var/lib/wharf, or $WHARF_STATE_DIR]' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand tenant; and __fish_seen_subcommand_from adopt" -l trust-environment -d 'Under sudo: heed DOCKER_HOST, WHARF_* and other variables (for an administrator\'s wrapper script)'
complete -c wharf -n "__fish_wharf_using_subcommand tenant; and __fish_seen_subcommand_from adopt" -l json -d 'Print results as JSON'
complete -c wharf -n "__fish_wharf_using_subcommand tenant; and __fish_seen_subcommand_from adopt" -s q -l quiet -d 'Say nothing but errors'
complete -c wharf -n "__fish_wharf_using_subcommand tenant; and __fish_seen_subcommand_from adopt" -s h -l help -d 'Print help'
complete -c wharf -n "__fish_wharf_using_subcommand tenant; and __fish_seen_subcommand_from help" -f -a "ls" -d 'List every tenant there is or was'
complete -c wharf -n "__fish_wharf_using_subcommand tenant; and __fish_seen_subcommand_from help" -f -a "adopt" -d 'Give the present tenant of a name what former tenants of that name left'
complete -c wharf -n "__fish_wharf_using_subcommand tenant; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c wharf -n "__fish_wharf_using_subcommand secret; and not __fish_seen_subcommand_from set ls show rm edit rotate rekey sign import scan recovery accept doctor restore help" -l config -d 'Host configuration [default: /etc/wharf/host.yml, or $WHARF_HOST_CONFIG]' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand secret; and not __fish_seen_subcommand_from set ls show rm edit rotate rekey sign import scan recovery accept doctor restore help" -s H -l host -d 'Engine, as unix:///path, tcp://host:port or ssh://user@host [default: $DOCKER_HOST, the current docker context, the usual sockets]' -r
complete -c wharf -n "__fish_wharf_using_subcommand secret; and not __fish_seen_subcommand_from set ls show rm edit rotate rekey sign import scan recovery accept doctor restore help" -l state-dir -d 'Where locks and the audit trail lie [default: /var/lib/wharf, or $WHARF_STATE_DIR]' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand secret; and not __fish_seen_subcommand_from set ls show rm edit rotate rekey sign import scan recovery accept doctor restore help" -l trust-environment -d 'Under sudo: heed DOCKER_HOST, WHARF_* and other variables (for an administrator\'s wrapper script)'
complete -c wharf -n "__fish_wharf_using_subcommand secret; and not __fish_seen_subcommand_from set ls show rm edit rotate rekey sign import scan recovery accept doctor restore help" -l json -d 'Print results as JSON'
complete -c wharf -n "__fish_wharf_using_subcommand secret; and not __fish_seen_subcommand_from set ls show rm edit rotate rekey sign import scan recovery accept doctor restore help" -s q -l quiet -d 'Say nothing but errors'
complete -c wharf -n "__fish_wharf_using_subcommand secret; and not __fish_seen_subcommand_from set ls show rm edit rotate rekey sign import scan recovery accept doctor restore help" -s h -l help -d 'Print help'
complete -c wharf -n "__fish_wharf_using_subcommand secret; and not __fish_seen_subcommand_from set ls show rm edit rotate rekey sign import scan recovery accept doctor restore help" -f -a "set" -d 'Seal a value: typed, from a file, or from standard input'
complete -c wharf -n "__fish_wharf_using_subcommand secret; and not __fish_seen_subcommand_from set ls show rm edit rotate rekey sign import scan recovery accept doctor restore help" -f -a "ls" -d 'List secrets: names, readers, ages; never values'
complete -c wharf -n "__fish_wharf_using_subcommand secret; and not __fish_seen_subcommand_from set ls show rm edit rotate rekey sign import scan recovery accept doctor restore help" -f -a "show" -d 'Print a value, for whoever has a key of one of its readers'
complete -c wharf -n "__fish_wharf_using_subcommand secret; and not __fish_seen_subcommand_from set ls show rm edit rotate rekey sign import scan recovery accept doctor restore help" -f -a "rm" -d 'Take a secret out of its file'
complete -c wharf -n "__fish_wharf_using_subcommand secret; and not __fish_seen_subcommand_from set ls show rm edit rotate rekey sign import scan recovery accept doctor restore help" -f -a "edit" -d 'Change a value in an editor'
complete -c wharf -n "__fish_wharf_using_subcommand secret; and not __fish_seen_subcommand_from set ls show rm edit rotate rekey sign import scan recovery accept doctor restore help" -f -a "rotate" -d 'Give a secret a new value; as root on its host, bring it to the containers that use it'
complete -c wharf -n "__fish_wharf_using_subcommand secret; and not __fish_seen_subcommand_from set ls show rm edit rotate rekey sign import scan recovery accept doctor restore help" -f -a "rekey" -d 'Change who can read a file\'s secrets, without typing any of them again'
complete -c wharf -n "__fish_wharf_using_subcommand secret; and not __fish_seen_subcommand_from set ls show rm edit rotate rekey sign import scan recovery accept doctor restore help" -f -a "sign" -d 'Sign a file with an ssh key, for hosts that list who may change secrets'
complete -c wharf -n "__fish_wharf_using_subcommand secret; and not __fish_seen_subcommand_from set ls show rm edit rotate rekey sign import scan recovery accept doctor restore help" -f -a "import" -d 'Take over what another program keeps: SOPS, Ansible Vault, `.env`, Docker'
complete -c wharf -n "__fish_wharf_using_subcommand secret; and not __fish_seen_subcommand_from set ls show rm edit rotate rekey sign import scan recovery accept doctor restore help" -f -a "scan" -d 'Look for secrets that stand in clear'
complete -c wharf -n "__fish_wharf_using_subcommand secret; and not __fish_seen_subcommand_from set ls show rm edit rotate rekey sign import scan recovery accept doctor restore help" -f -a "recovery" -d 'Make the key that opens everything when the host is lost, to be kept elsewhere'
complete -c wharf -n "__fish_wharf_using_subcommand secret; and not __fish_seen_subcommand_from set ls show rm edit rotate rekey sign import scan recovery accept doctor restore help" -f -a "accept" -d 'Accept an older value that was put back on purpose'
complete -c wharf -n "__fish_wharf_using_subcommand secret; and not __fish_seen_subcommand_from set ls show rm edit rotate rekey sign import scan recovery accept doctor restore help" -f -a "doctor" -d 'Look for what is wrong with this host\'s secrets, and with the files here'
complete -c wharf -n "__fish_wharf_using_subcommand secret; and not __fish_seen_subcommand_from set ls show rm edit rotate rekey sign import scan recovery accept doctor restore help" -f -a "restore" -d 'Bring the secrets in use to where containers find them: at boot (see wharf-secrets.service)'
complete -c wharf -n "__fish_wharf_using_subcommand secret; and not __fish_seen_subcommand_from set ls show rm edit rotate rekey sign import scan recovery accept doctor restore help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c wharf -n "__fish_wharf_using_subcommand secret; and __fish_seen_subcommand_from set" -l from-file -d 'Take the value from a file, byte by byte (`-` is standard input)' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand secret; and __fish_seen_subcommand_from set" -l reader -d 'A reader of a new file, besides this host, its recovery key and yourself: a public key, NAME=KEY, or a file with one' -r
complete -c wharf -n "__fish_wharf_using_subcommand secret; and __fish_seen_subcommand_from set" -l tenant -d 'The file is that of this tenant\'s pod of the name, and not of the machine\'s (nothing delivers those yet)' -r
complete -c wharf -n "__fish_wharf_using_subcommand secret; and __fish_seen_subcommand_from set" -l identity -d 'Open (and sign) with this age or ssh key, and no other' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand secret; and __fish_seen_subcommand_from set" -l config -d 'Host configuration [default: /etc/wharf/host.yml, or $WHARF_HOST_CONFIG]' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand secret; and __fish_seen_subcommand_from set" -s H -l host -d 'Engine, as unix:///path, tcp://host:port or ssh://user@host [default: $DOCKER_HOST, the current docker context, the usual sockets]' -r
complete -c wharf -n "__fish_wharf_using_subcommand secret; and __fish_seen_subcommand_from set" -l state-dir -d 'Where locks and the audit trail lie [default: /var/lib/wharf, or $WHARF_STATE_DIR]' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand secret; and __fish_seen_subcommand_from set" -s y -l yes -d 'Take readers that were not seen before without asking'
complete -c wharf -n "__fish_wharf_using_subcommand secret; and __fish_seen_subcommand_from set" -l trust-environment -d 'Under sudo: heed DOCKER_HOST, WHARF_* and other variables (for an administrator\'s wrapper script)'
complete -c wharf -n "__fish_wharf_using_subcommand secret; and __fish_seen_subcommand_from set" -l json -d 'Print results as JSON'
complete -c wharf -n "__fish_wharf_using_subcommand secret; and __fish_seen_subcommand_from set" -s q -l quiet -d 'Say nothing but errors'
complete -c wharf -n "__fish_wharf_using_subcommand secret; and __fish_seen_subcommand_from set" -s h -l help -d 'Print help'
complete -c wharf -n "__fish_wharf_using_subcommand secret; and __fish_seen_subcommand_from ls" -l older-than -d 'Only values sealed before that: `90d`' -r
complete -c wharf -n "__fish_wharf_using_subcommand secret; and __fish_seen_subcommand_from ls" -l config -d 'Host configuration [default: /etc/wharf/host.yml, or $WHARF_HOST_CONFIG]' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand secret; and __fish_seen_subcommand_from ls" -s H -l host -d 'Engine, as unix:///path, tcp://host:port or ssh://user@host [default: $DOCKER_HOST, the current docker context, the usual sockets]' -r
complete -c wharf -n "__fish_wharf_using_subcommand secret; and __fish_seen_subcommand_from ls" -l state-dir -d 'Where locks and the audit trail lie [default: /var/lib/wharf, or $WHARF_STATE_DIR]' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand secret; and __fish_seen_subcommand_from ls" -l usage -d 'Show when each was opened or delivered last, and for whom, by this host\'s audit trail'
complete -c wharf -n "__fish_wharf_using_subcommand secret; and __fish_seen_subcommand_from ls" -l trust-environment -d 'Under sudo: heed DOCKER_HOST, WHARF_* and other variables (for an administrator\'s wrapper script)'
complete -c wharf -n "__fish_wharf_using_subcommand secret; and __fish_seen_subcommand_from ls" -l json -d 'Print results as JSON'
complete -c wharf -n "__fish_wharf_using_subcommand secret; and __fish_seen_subcommand_from ls" -s q -l quiet -d 'Say nothing but errors'
complete -c wharf -n "__fish_wharf_using_subcommand secret; and __fish_seen_subcommand_from ls" -s h -l help -d 'Print help'
complete -c wharf -n "__fish_wharf_using_subcommand secret; and __fish_seen_subcommand_from show" -l identity -d 'Open (and sign) with this age or ssh key, and no other' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand secret; and __fish_seen_subcommand_from show" -l config -d 'Host configuration [default: /etc/wharf/host.yml, or $WHARF_HOST_CONFIG]' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand secret; and __fish_seen_subcommand_from show" -s H -l host -d 'Engine, as unix:///path, tcp://host:port or ssh://user@host [default: $DOCKER_HOST, the current docker context, the usual sockets]' -r
complete -c wharf -n "__fish_wharf_using_subcommand secret; and __fish_seen_subcommand_from show" -l state-dir -d 'Where locks and the audit trail lie [default: /var/lib/wharf, or $WHARF_STATE_DIR]' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand secret; and __fish_seen_subcommand_from show" -l previous -d 'The value before, while a rotation\'s grace lasts'
complete -c wharf -n "__fish_wharf_using_subcommand secret; and __fish_seen_subcommand_from show" -s y -l yes -d 'Ask nothing'
complete -c wharf -n "__fish_wharf_using_subcommand secret; and __fish_seen_subcommand_from show" -l trust-environment -d 'Under sudo: heed DOCKER_HOST, WHARF_* and other variables (for an administrator\'s wrapper script)'
complete -c wharf -n "__fish_wharf_using_subcommand secret; and __fish_seen_subcommand_from show" -l json -d 'Print results as JSON'
complete -c wharf -n "__fish_wharf_using_subcommand secret; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Say nothing but errors'
complete -c wharf -n "__fish_wharf_using_subcommand secret; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help'
complete -c wharf -n "__fish_wharf_using_subcommand secret; and __fish_seen_subcommand_from rm" -l identity -d 'Open (and sign) with this age or ssh key, and no other' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand secret; and __fish_seen_subcommand_from rm" -l config -d 'Host configuration [default: /etc/wharf/host.yml, or $WHARF_HOST_CONFIG]' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand secret; and __fish_seen_subcommand_from rm" -s H -l host -d 'Engine, as unix:///path, tcp://host:port or ssh://user@host [default: $DOCKER_HOST, the current docker context, the usual sockets]' -r
complete -c wharf -n "__fish_wharf_using_subcommand secret; and __fish_seen_subcommand_from rm" -l state-dir -d 'Where locks and the audit trail lie [default: /var/lib/wharf, or $WHARF_STATE_DIR]' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand secret; and __fish_seen_subcommand_from rm" -s y -l yes -d 'Ask nothing'
complete -c wharf -n "__fish_wharf_using_subcommand secret; and __fish_seen_subcommand_from rm" -l trust-environment -d 'Under sudo: heed DOCKER_HOST, WHARF_* and other variables (for an administrator\'s wrapper script)'
complete -c wharf -n "__fish_wharf_using_subcommand secret; and __fish_seen_subcommand_from rm" -l json -d 'Print results as JSON'
complete -c wharf -n "__fish_wharf_using_subcommand secret; and __fish_seen_subcommand_from rm" -s q -l quiet -d 'Say nothing but errors'
complete -c wharf -n "__fish_wharf_using_subcommand secret; and __fish_seen_subcommand_from rm" -s h -l help -d 'Print help'
complete -c wharf -n "__fish_wharf_using_subcommand secret; and __fish_seen_subcommand_from edit" -l identity -d 'Open (and sign) with this age or ssh key, and no other' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand secret; and __fish_seen_subcommand_from edit" -l config -d 'Host configuration [default: /etc/wharf/host.yml, or $WHARF_HOST_CONFIG]' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand secret; and __fish_seen_subcommand_from edit" -s H -l host -d 'Engine, as unix:///path, tcp://host:port or ssh://user@host [default: $DOCKER_HOST, the current docker context, the usual sockets]' -r
complete -c wharf -n "__fish_wharf_using_subcommand secret; and __fish_seen_subcommand_from edit" -l state-dir -d 'Where locks and the audit trail lie [default: /var/lib/wharf, or $WHARF_STATE_DIR]' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand secret; and __fish_seen_subcommand_from edit" -s y -l yes -d 'Take readers that were not seen before without asking'
complete -c wharf -n "__fish_wharf_using_subcommand secret; and __fish_seen_subcommand_from edit" -l trust-environment -d 'Under sudo: heed DOCKER_HOST, WHARF_* and other variables (for an administrator\'s wrapper script)'
complete -c wharf -n "__fish_wharf_using_subcommand secret; and __fish_seen_subcommand_from edit" -l json -d 'Print results as JSON'
complete -c wharf -n "__fish_wharf_using_subcommand secret; and __fish_seen_subcommand_from edit" -s q -l quiet -d 'Say nothing but errors'
complete -c wharf -n "__fish_wharf_using_subcommand secret; and __fish_seen_subcommand_from edit" -s h -l help -d 'Print help'
complete -c wharf -n "__fish_wharf_using_subcommand secret; and __fish_seen_subcommand_from rotate" -l generate -d 'Make a value of this many letters and digits' -r
complete -c wharf -n "__fish_wharf_using_subcommand secret; and __fish_seen_subcommand_from rotate" -l grace -d 'Keep the value before for that long' -r
complete -c wharf -n "__fish_wharf_using_subcommand secret; and __fish_seen_subcommand_from rotate" -l tenant -d 'The file is that of this tenant\'s pod of the name, and not of the machine\'s (nothing delivers those yet)' -r
complete -c wharf -n "__fish_wharf_using_subcommand secret; and __fish_seen_subcommand_from rotate" -l identity -d 'Open (and sign) with this age or ssh key, and no other' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand secret; and __fish_seen_subcommand_from rotate" -l config -d 'Host configuration [default: /etc/wharf/host.yml, or $WHARF_HOST_CONFIG]' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand secret; and __fish_seen_subcommand_from rotate" -s H -l host -d 'Engine, as unix:///path, tcp://host:port or ssh://user@host [default: $DOCKER_HOST, the current docker context, the usual sockets]' -r
complete -c wharf -n "__fish_wharf_using_subcommand secret; and __fish_seen_subcommand_from rotate" -l state-dir -d 'Where locks and the audit trail lie [default: /var/lib/wharf, or $WHARF_STATE_DIR]' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand secret; and __fish_seen_subcommand_from rotate" -s y -l yes -d 'Take readers that were not seen before without asking'
complete -c wharf -n "__fish_wharf_using_subcommand secret; and __fish_seen_subcommand_from rotate" -l trust-environment -d 'Under sudo: heed DOCKER_HOST, WHARF_* and other variables (for an administrator\'s wrapper script)'
complete -c wharf -n "__fish_wharf_using_subcommand secret; and __fish_seen_subcommand_from rotate" -l json -d 'Print results as JSON'
complete -c wharf -n "__fish_wharf_using_subcommand secret; and __fish_seen_subcommand_from rotate" -s q -l quiet -d 'Say nothing but errors'
complete -c wharf -n "__fish_wharf_using_subcommand secret; and __fish_seen_subcommand_from rotate" -s h -l help -d 'Print help'
complete -c wharf -n "__fish_wharf_using_subcommand secret; and __fish_seen_subcommand_from rekey" -l add -d 'A reader more: a public key, NAME=KEY, a file with one, `host` or `recovery`' -r
complete -c wharf -n "__fish_wharf_using_subcommand secret; and __fish_seen_subcommand_from rekey" -l remove -d 'A reader less, by name' -r
complete -c wharf -n "__fish_wharf_using_subcommand secret; and __fish_seen_subcommand_from rekey" -l identity -d 'Open (and sign) with this age or ssh key, and no other' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand secret; and __fish_seen_subcommand_from rekey" -l config -d 'Host configuration [default: /etc/wharf/host.yml, or $WHARF_HOST_CONFIG]' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand secret; and __fish_seen_subcommand_from rekey" -s H -l host -d 'Engine, as unix:///path, tcp://host:port or ssh://user@host [default: $DOCKER_HOST, the current docker context, the usual sockets]' -r
complete -c wharf -n "__fish_wharf_using_subcommand secret; and __fish_seen_subcommand_from rekey" -l state-dir -d 'Where locks and the audit trail lie [default: /var/lib/wharf, or $WHARF_STATE_DIR]' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand secret; and __fish_seen_subcommand_from rekey" -l all -d 'Every sealed file in `secrets` here, and in `pods/secrets`'
complete -c wharf -n "__fish_wharf_using_subcommand secret; and __fish_seen_subcommand_from rekey" -s y -l yes -d 'Take readers that were not seen before without asking'
complete -c wharf -n "__fish_wharf_using_subcommand secret; and __fish_seen_subcommand_from rekey" -l trust-environment -d 'Under sudo: heed DOCKER_HOST, WHARF_* and other variables (for an administrator\'s wrapper script)'
complete -c wharf -n "__fish_wharf_using_subcommand secret; and __fish_seen_subcommand_from rekey" -l json -d 'Print results as JSON'
complete -c wharf -n "__fish_wharf_using_subcommand secret; and __fish_seen_subcommand_from rekey" -s q -l quiet -d 'Say nothing but errors'
complete -c wharf -n "__fish_wharf_using_subcommand secret; and __fish_seen_subcommand_from rekey" -s h -l help -d 'Print help'
complete -c wharf -n "__fish_wharf_using_subcommand secret; and __fish_seen_subcommand_from sign" -l identity -d 'Open (and sign) with this age or ssh key, and no other' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand secret; and __fish_seen_subcommand_from sign" -l config -d 'Host configuration [default: /etc/wharf/host.yml, or $WHARF_HOST_CONFIG]' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand secret; and __fish_seen_subcommand_from sign" -s H -l host -d 'Engine, as unix:///path, tcp://host:port or ssh://user@host [default: $DOCKER_HOST, the current docker context, the usual sockets]' -r
complete -c wharf -n "__fish_wharf_using_subcommand secret; and __fish_seen_subcommand_from sign" -l state-dir -d 'Where locks and the audit trail lie [default: /var/lib/wharf, or $WHARF_STATE_DIR]' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand secret; and __fish_seen_subcommand_from sign" -l trust-environment -d 'Under sudo: heed DOCKER_HOST, WHARF_* and other variables (for an administrator\'s wrapper script)'
complete -c wharf -n "__fish_wharf_using_subcommand secret; and __fish_seen_subcommand_from sign" -l json -d 'Print results as JSON'
complete -c wharf -n "__fish_wharf_using_subcommand secret; and __fish_seen_subcommand_from sign" -s q -l quiet -d 'Say nothing but errors'
complete -c wharf -n "__fish_wharf_using_subcommand secret; and __fish_seen_subcommand_from sign" -s h -l help -d 'Print help'
complete -c wharf -n "__fish_wharf_using_subcommand secret; and __fish_seen_subcommand_from import" -l tenant -d 'The file is that of this tenant\'s pod of the name, and not of the machine\'s (nothing delivers those yet)' -r
complete -c wharf -n "__fish_wharf_using_subcommand secret; and __fish_seen_subcommand_from import" -l format -d 'The file\'s format: `sops-yaml`, `sops-json`, `sops-dotenv`, `ansible-vault`, `ansible-yaml` or `dotenv`' -r
complete -c wharf -n "__fish_wharf_using_subcommand secret; and __fish_seen_subcommand_from import" -l only -d 'Take this one, and no other that is not named so, too: a name, or keys with dots (`db.password`)' -r
complete -c wharf -n "__fish_wharf_using_subcommand secret; and __fish_seen_subcommand_from import" -l rename -d 'Give one another name: `db.password=db-password`' -r
complete -c wharf -n "__fish_wharf_using_subcommand secret; and __fish_seen_subcommand_from import" -l vault-password-file -d 'A file with the password of Ansible Vault, for a vault id or for all (`-` is standard input)' -r
complete -c wharf -n "__fish_wharf_using_subcommand secret; and __fish_seen_subcommand_from import" -l reader -d 'A reader of a new file, besides this host, its recovery key and yourself' -r
complete -c wharf -n "__fish_wharf_using_subcommand secret; and __fish_seen_subcommand_from import" -l identity -d 'Open (and sign) with this age or ssh key, and no other' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand secret; and __fish_seen_subcommand_from import" -l config -d 'Host configuration [default: /etc/wharf/host.yml, or $WHARF_HOST_CONFIG]' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand secret; and __fish_seen_subcommand_from import" -s H -l host -d 'Engine, as unix:///path, tcp://host:port or ssh://user@host [default: $DOCKER_HOST, the current docker context, the usual sockets]' -r
complete -c wharf -n "__fish_wharf_using_subcommand secret; and __fish_seen_subcommand_from import" -l state-dir -d 'Where locks and the audit trail lie [default: /var/lib/wharf, or $WHARF_STATE_DIR]' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand secret; and __fish_seen_subcommand_from import" -l dry-run -d 'Show what would be taken, and change nothing'
complete -c wharf -n "__fish_wharf_using_subcommand secret; and __fish_seen_subcommand_from import" -s y -l yes -d 'Replace what is there, and take readers that were not seen before, without asking'
complete -c wharf -n "__fish_wharf_using_subcommand secret; and __fish_seen_subcommand_from import" -l trust-environment -d 'Under sudo: heed DOCKER_HOST, WHARF_* and other variables (for an administrator\'s wrapper script)'
complete -c wharf -n "__fish_wharf_using_subcommand secret; and __fish_seen_subcommand_from import" -l json -d 'Print results as JSON'
complete -c wharf -n "__fish_wharf_using_subcommand secret; and __fish_seen_subcommand_from import" -s q -l quiet -d 'Say nothing but errors'
complete -c wharf -n "__fish_wharf_using_subcommand secret; and __fish_seen_subcommand_from import" -s h -l help -d 'Print help'
complete -c wharf -n "__fish_wharf_using_subcommand secret; and __fish_seen_subcommand_from scan" -l config -d 'Host configuration [default: /etc/wharf/host.yml, or $WHARF_HOST_CONFIG]' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand secret; and __fish_seen_subcommand_from scan" -s H -l host -d 'Engine, as unix:///path, tcp://host:port or ssh://user@host [default: $DOCKER_HOST, the current docker context, the usual sockets]' -r
complete -c wharf -n "__fish_wharf_using_subcommand secret; and __fish_seen_subcommand_from scan" -l state-dir -d 'Where locks and the audit trail lie [default: /var/lib/wharf, or $WHARF_STATE_DIR]' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand secret; and __fish_seen_subcommand_from scan" -l staged -d 'Look at what the next commit would bring'
complete -c wharf -n "__fish_wharf_using_subcommand secret; and __fish_seen_subcommand_from scan" -l history -d 'Look at all that was ever committed, on any branch or tag'
complete -c wharf -n "__fish_wharf_using_subcommand secret; and __fish_seen_subcommand_from scan" -l baseline-add -d 'Allow what is found, in .wharf-secrets-allowed'
complete -c wharf -n "__fish_wharf_using_subcommand secret; and __fish_seen_subcommand_from scan" -l update-baseline -d 'As --baseline-add, and forget what is no longer found'
complete -c wharf -n "__fish_wharf_using_subcommand secret; and __fish_seen_subcommand_from scan" -l yes -d 'Do not ask'
complete -c wharf -n "__fish_wharf_using_subcommand secret; and __fish_seen_subcommand_from scan" -l trust-environment -d 'Under sudo: heed DOCKER_HOST, WHARF_* and other variables (for an administrator\'s wrapper script)'
complete -c wharf -n "__fish_wharf_using_subcommand secret; and __fish_seen_subcommand_from scan" -l json -d 'Print results as JSON'
complete -c wharf -n "__fish_wharf_using_subcommand secret; and __fish_seen_subcommand_from scan" -s q -l quiet -d 'Say nothing but errors'
complete -c wharf -n "__fish_wharf_using_subcommand secret; and __fish_seen_subcommand_from scan" -s h -l help -d 'Print help'
complete -c wharf -n "__fish_wharf_using_subcommand secret; and __fish_seen_subcommand_from recovery" -l config -d 'Host configuration [default: /etc/wharf/host.yml, or $WHARF_HOST_CONFIG]' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand secret; and __fish_seen_subcommand_from recovery" -s H -l host -d 'Engine, as unix:///path, tcp://host:port or ssh://user@host [default: $DOCKER_HOST, the current docker context, the usual sockets]' -r
complete -c wharf -n "__fish_wharf_using_subcommand secret; and __fish_seen_subcommand_from recovery" -l state-dir -d 'Where locks and the audit trail lie [default: /var/lib/wharf, or $WHARF_STATE_DIR]' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand secret; and __fish_seen_subcommand_from recovery" -l replace -d 'Make another key where there is one'
complete -c wharf -n "__fish_wharf_using_subcommand secret; and __fish_seen_subcommand_from recovery" -s y -l yes -d 'Do not ask whether the key was written down'
complete -c wharf -n "__fish_wharf_using_subcommand secret; and __fish_seen_subcommand_from recovery" -l trust-environment -d 'Under sudo: heed DOCKER_HOST, WHARF_* and other variables (for an administrator\'s wrapper script)'
complete -c wharf -n "__fish_wharf_using_subcommand secret; and __fish_seen_subcommand_from recovery" -l json -d 'Print results as JSON'
complete -c wharf -n "__fish_wharf_using_subcommand secret; and __fish_seen_subcommand_from recovery" -s q -l quiet -d 'Say nothing but errors'
complete -c wharf -n "__fish_wharf_using_subcommand secret; and __fish_seen_subcommand_from recovery" -s h -l help -d 'Print help'
complete -c wharf -n "__fish_wharf_using_subcommand secret; and __fish_seen_subcommand_from accept" -l config -d 'Host configuration [default: /etc/wharf/host.yml, or $WHARF_HOST_CONFIG]' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand secret; and __fish_seen_subcommand_from accept" -s H -l host -d 'Engine, as unix:///path, tcp://host:port or ssh://user@host [default: $DOCKER_HOST, the current docker context, the usual sockets]' -r
complete -c wharf -n "__fish_wharf_using_subcommand secret; and __fish_seen_subcommand_from accept" -l state-dir -d 'Where locks and the audit trail lie [default: /var/lib/wharf, or $WHARF_STATE_DIR]' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand secret; and __fish_seen_subcommand_from accept" -s y -l yes -d 'Ask nothing'
complete -c wharf -n "__fish_wharf_using_subcommand secret; and __fish_seen_subcommand_from accept" -l trust-environment -d 'Under sudo: heed DOCKER_HOST, WHARF_* and other variables (for an administrator\'s wrapper script)'
complete -c wharf -n "__fish_wharf_using_subcommand secret; and __fish_seen_subcommand_from accept" -l json -d 'Print results as JSON'
complete -c wharf -n "__fish_wharf_using_subcommand secret; and __fish_seen_subcommand_from accept" -s q -l quiet -d 'Say nothing but errors'
complete -c wharf -n "__fish_wharf_using_subcommand secret; and __fish_seen_subcommand_from accept" -s h -l help -d 'Print help'
complete -c wharf -n "__fish_wharf_using_subcommand secret; and __fish_seen_subcommand_from doctor" -l config -d 'Host configuration [default: /etc/wharf/host.yml, or $WHARF_HOST_CONFIG]' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand secret; and __fish_seen_subcommand_from doctor" -s H -l host -d 'Engine, as unix:///path, tcp://host:port or ssh://user@host [default: $DOCKER_HOST, the current docker context, the usual sockets]' -r
complete -c wharf -n "__fish_wharf_using_subcommand secret; and __fish_seen_subcommand_from doctor" -l state-dir -d 'Where locks and the audit trail lie [default: /var/lib/wharf, or $WHARF_STATE_DIR]' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand secret; and __fish_seen_subcommand_from doctor" -l trust-environment -d 'Under sudo: heed DOCKER_HOST, WHARF_* and other variables (for an administrator\'s wrapper script)'
complete -c wharf -n "__fish_wharf_using_subcommand secret; and __fish_seen_subcommand_from doctor" -l json -d 'Print results as JSON'
complete -c wharf -n "__fish_wharf_using_subcommand secret; and __fish_seen_subcommand_from doctor" -s q -l quiet -d 'Say nothing but errors'
complete -c wharf -n "__fish_wharf_using_subcommand secret; and __fish_seen_subcommand_from doctor" -s h -l help -d 'Print help'
complete -c wharf -n "__fish_wharf_using_subcommand secret; and __fish_seen_subcommand_from restore" -l config -d 'Host configuration [default: /etc/wharf/host.yml, or $WHARF_HOST_CONFIG]' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand secret; and __fish_seen_subcommand_from restore" -s H -l host -d 'Engine, as unix:///path, tcp://host:port or ssh://user@host [default: $DOCKER_HOST, the current docker context, the usual sockets]' -r
complete -c wharf -n "__fish_wharf_using_subcommand secret; and __fish_seen_subcommand_from restore" -l state-dir -d 'Where locks and the audit trail lie [default: /var/lib/wharf, or $WHARF_STATE_DIR]' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand secret; and __fish_seen_subcommand_from restore" -l trust-environment -d 'Under sudo: heed DOCKER_HOST, WHARF_* and other variables (for an administrator\'s wrapper script)'
complete -c wharf -n "__fish_wharf_using_subcommand secret; and __fish_seen_subcommand_from restore" -l json -d 'Print results as JSON'
complete -c wharf -n "__fish_wharf_using_subcommand secret; and __fish_seen_subcommand_from restore" -s q -l quiet -d 'Say nothing but errors'
complete -c wharf -n "__fish_wharf_using_subcommand secret; and __fish_seen_subcommand_from restore" -s h -l help -d 'Print help'
complete -c wharf -n "__fish_wharf_using_subcommand secret; and __fish_seen_subcommand_from help" -f -a "set" -d 'Seal a value: typed, from a file, or from standard input'
complete -c wharf -n "__fish_wharf_using_subcommand secret; and __fish_seen_subcommand_from help" -f -a "ls" -d 'List secrets: names, readers, ages; never values'
complete -c wharf -n "__fish_wharf_using_subcommand secret; and __fish_seen_subcommand_from help" -f -a "show" -d 'Print a value, for whoever has a key of one of its readers'
complete -c wharf -n "__fish_wharf_using_subcommand secret; and __fish_seen_subcommand_from help" -f -a "rm" -d 'Take a secret out of its file'
complete -c wharf -n "__fish_wharf_using_subcommand secret; and __fish_seen_subcommand_from help" -f -a "edit" -d 'Change a value in an editor'
complete -c wharf -n "__fish_wharf_using_subcommand secret; and __fish_seen_subcommand_from help" -f -a "rotate" -d 'Give a secret a new value; as root on its host, bring it to the containers that use it'
complete -c wharf -n "__fish_wharf_using_subcommand secret; and __fish_seen_subcommand_from help" -f -a "rekey" -d 'Change who can read a file\'s secrets, without typing any of them again'
complete -c wharf -n "__fish_wharf_using_subcommand secret; and __fish_seen_subcommand_from help" -f -a "sign" -d 'Sign a file with an ssh key, for hosts that list who may change secrets'
complete -c wharf -n "__fish_wharf_using_subcommand secret; and __fish_seen_subcommand_from help" -f -a "import" -d 'Take over what another program keeps: SOPS, Ansible Vault, `.env`, Docker'
complete -c wharf -n "__fish_wharf_using_subcommand secret; and __fish_seen_subcommand_from help" -f -a "scan" -d 'Look for secrets that stand in clear'
complete -c wharf -n "__fish_wharf_using_subcommand secret; and __fish_seen_subcommand_from help" -f -a "recovery" -d 'Make the key that opens everything when the host is lost, to be kept elsewhere'
complete -c wharf -n "__fish_wharf_using_subcommand secret; and __fish_seen_subcommand_from help" -f -a "accept" -d 'Accept an older value that was put back on purpose'
complete -c wharf -n "__fish_wharf_using_subcommand secret; and __fish_seen_subcommand_from help" -f -a "doctor" -d 'Look for what is wrong with this host\'s secrets, and with the files here'
complete -c wharf -n "__fish_wharf_using_subcommand secret; and __fish_seen_subcommand_from help" -f -a "restore" -d 'Bring the secrets in use to where containers find them: at boot (see wharf-secrets.service)'
complete -c wharf -n "__fish_wharf_using_subcommand secret; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c wharf -n "__fish_wharf_using_subcommand init" -l config -d 'Host configuration [default: /etc/wharf/host.yml, or $WHARF_HOST_CONFIG]' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand init" -s H -l host -d 'Engine, as unix:///path, tcp://host:port or ssh://user@host [default: $DOCKER_HOST, the current docker context, the usual sockets]' -r
complete -c wharf -n "__fish_wharf_using_subcommand init" -l state-dir -d 'Where locks and the audit trail lie [default: /var/lib/wharf, or $WHARF_STATE_DIR]' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand init" -l trust-environment -d 'Under sudo: heed DOCKER_HOST, WHARF_* and other variables (for an administrator\'s wrapper script)'
complete -c wharf -n "__fish_wharf_using_subcommand init" -l json -d 'Print results as JSON'
complete -c wharf -n "__fish_wharf_using_subcommand init" -s q -l quiet -d 'Say nothing but errors'
complete -c wharf -n "__fish_wharf_using_subcommand init" -s h -l help -d 'Print help'
complete -c wharf -n "__fish_wharf_using_subcommand host; and not __fish_seen_subcommand_from init help" -l config -d 'Host configuration [default: /etc/wharf/host.yml, or $WHARF_HOST_CONFIG]' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand host; and not __fish_seen_subcommand_from init help" -s H -l host -d 'Engine, as unix:///path, tcp://host:port or ssh://user@host [default: $DOCKER_HOST, the current docker context, the usual sockets]' -r
complete -c wharf -n "__fish_wharf_using_subcommand host; and not __fish_seen_subcommand_from init help" -l state-dir -d 'Where locks and the audit trail lie [default: /var/lib/wharf, or $WHARF_STATE_DIR]' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand host; and not __fish_seen_subcommand_from init help" -l trust-environment -d 'Under sudo: heed DOCKER_HOST, WHARF_* and other variables (for an administrator\'s wrapper script)'
complete -c wharf -n "__fish_wharf_using_subcommand host; and not __fish_seen_subcommand_from init help" -l json -d 'Print results as JSON'
complete -c wharf -n "__fish_wharf_using_subcommand host; and not __fish_seen_subcommand_from init help" -s q -l quiet -d 'Say nothing but errors'
complete -c wharf -n "__fish_wharf_using_subcommand host; and not __fish_seen_subcommand_from init help" -s h -l help -d 'Print help'
complete -c wharf -n "__fish_wharf_using_subcommand host; and not __fish_seen_subcommand_from init help" -f -a "init" -d 'Make the host\'s own key, to which secrets are sealed'
complete -c wharf -n "__fish_wharf_using_subcommand host; and not __fish_seen_subcommand_from init help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c wharf -n "__fish_wharf_using_subcommand host; and __fish_seen_subcommand_from init" -l config -d 'Host configuration [default: /etc/wharf/host.yml, or $WHARF_HOST_CONFIG]' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand host; and __fish_seen_subcommand_from init" -s H -l host -d 'Engine, as unix:///path, tcp://host:port or ssh://user@host [default: $DOCKER_HOST, the current docker context, the usual sockets]' -r
complete -c wharf -n "__fish_wharf_using_subcommand host; and __fish_seen_subcommand_from init" -l state-dir -d 'Where locks and the audit trail lie [default: /var/lib/wharf, or $WHARF_STATE_DIR]' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand host; and __fish_seen_subcommand_from init" -l replace -d 'Make another key where the one that others seal to is lost'
complete -c wharf -n "__fish_wharf_using_subcommand host; and __fish_seen_subcommand_from init" -l trust-environment -d 'Under sudo: heed DOCKER_HOST, WHARF_* and other variables (for an administrator\'s wrapper script)'
complete -c wharf -n "__fish_wharf_using_subcommand host; and __fish_seen_subcommand_from init" -l json -d 'Print results as JSON'
complete -c wharf -n "__fish_wharf_using_subcommand host; and __fish_seen_subcommand_from init" -s q -l quiet -d 'Say nothing but errors'
complete -c wharf -n "__fish_wharf_using_subcommand host; and __fish_seen_subcommand_from init" -s h -l help -d 'Print help'
complete -c wharf -n "__fish_wharf_using_subcommand host; and __fish_seen_subcommand_from help" -f -a "init" -d 'Make the host\'s own key, to which secrets are sealed'
complete -c wharf -n "__fish_wharf_using_subcommand host; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c wharf -n "__fish_wharf_using_subcommand engine; and not __fish_seen_subcommand_from secure cert help" -l config -d 'Host configuration [default: /etc/wharf/host.yml, or $WHARF_HOST_CONFIG]' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand engine; and not __fish_seen_subcommand_from secure cert help" -s H -l host -d 'Engine, as unix:///path, tcp://host:port or ssh://user@host [default: $DOCKER_HOST, the current docker context, the usual sockets]' -r
complete -c wharf -n "__fish_wharf_using_subcommand engine; and not __fish_seen_subcommand_from secure cert help" -l state-dir -d 'Where locks and the audit trail lie [default: /var/lib/wharf, or $WHARF_STATE_DIR]' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand engine; and not __fish_seen_subcommand_from secure cert help" -l trust-environment -d 'Under sudo: heed DOCKER_HOST, WHARF_* and other variables (for an administrator\'s wrapper script)'
complete -c wharf -n "__fish_wharf_using_subcommand engine; and not __fish_seen_subcommand_from secure cert help" -l json -d 'Print results as JSON'
complete -c wharf -n "__fish_wharf_using_subcommand engine; and not __fish_seen_subcommand_from secure cert help" -s q -l quiet -d 'Say nothing but errors'
complete -c wharf -n "__fish_wharf_using_subcommand engine; and not __fish_seen_subcommand_from secure cert help" -s h -l help -d 'Print help'
complete -c wharf -n "__fish_wharf_using_subcommand engine; and not __fish_seen_subcommand_from secure cert help" -f -a "secure" -d 'Have the engine listen at the network for who has a certificate, and undo that'
complete -c wharf -n "__fish_wharf_using_subcommand engine; and not __fish_seen_subcommand_from secure cert help" -f -a "cert" -d 'Make a certificate with which somebody is root on this machine, through its engine'
complete -c wharf -n "__fish_wharf_using_subcommand engine; and not __fish_seen_subcommand_from secure cert help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c wharf -n "__fish_wharf_using_subcommand engine; and __fish_seen_subcommand_from secure" -l listen -d 'Where it is to listen [default: where it does, else tcp://0.0.0.0:2376]' -r
complete -c wharf -n "__fish_wharf_using_subcommand engine; and __fish_seen_subcommand_from secure" -l names -d 'Names and addresses that this host answers to [default: found]' -r
complete -c wharf -n "__fish_wharf_using_subcommand engine; and __fish_seen_subcommand_from secure" -l daemon-json -d 'The engine\'s own configuration [default: /etc/docker/daemon.json]' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand engine; and __fish_seen_subcommand_from secure" -l root -d 'Where the machine\'s files lie' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand engine; and __fish_seen_subcommand_from secure" -l config -d 'Host configuration [default: /etc/wharf/host.yml, or $WHARF_HOST_CONFIG]' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand engine; and __fish_seen_subcommand_from secure" -s H -l host -d 'Engine, as unix:///path, tcp://host:port or ssh://user@host [default: $DOCKER_HOST, the current docker context, the usual sockets]' -r
complete -c wharf -n "__fish_wharf_using_subcommand engine; and __fish_seen_subcommand_from secure" -l state-dir -d 'Where locks and the audit trail lie [default: /var/lib/wharf, or $WHARF_STATE_DIR]' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand engine; and __fish_seen_subcommand_from secure" -l apply -d 'Do it without asking'
complete -c wharf -n "__fish_wharf_using_subcommand engine; and __fish_seen_subcommand_from secure" -l undo -d 'Put every file back as it was'
complete -c wharf -n "__fish_wharf_using_subcommand engine; and __fish_seen_subcommand_from secure" -l trust-environment -d 'Under sudo: heed DOCKER_HOST, WHARF_* and other variables (for an administrator\'s wrapper script)'
complete -c wharf -n "__fish_wharf_using_subcommand engine; and __fish_seen_subcommand_from secure" -l json -d 'Print results as JSON'
complete -c wharf -n "__fish_wharf_using_subcommand engine; and __fish_seen_subcommand_from secure" -s q -l quiet -d 'Say nothing but errors'
complete -c wharf -n "__fish_wharf_using_subcommand engine; and __fish_seen_subcommand_from secure" -s h -l help -d 'Print help'
complete -c wharf -n "__fish_wharf_using_subcommand engine; and __fish_seen_subcommand_from cert" -l to -d 'Folder for ca.pem, cert.pem and key.pem, as DOCKER_CERT_PATH wants them' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand engine; and __fish_seen_subcommand_from cert" -l for -d 'How long it lives: nothing takes it back before' -r
complete -c wharf -n "__fish_wharf_using_subcommand engine; and __fish_seen_subcommand_from cert" -l config -d 'Host configuration [default: /etc/wharf/host.yml, or $WHARF_HOST_CONFIG]' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand engine; and __fish_seen_subcommand_from cert" -s H -l host -d 'Engine, as unix:///path, tcp://host:port or ssh://user@host [default: $DOCKER_HOST, the current docker context, the usual sockets]' -r
complete -c wharf -n "__fish_wharf_using_subcommand engine; and __fish_seen_subcommand_from cert" -l state-dir -d 'Where locks and the audit trail lie [default: /var/lib/wharf, or $WHARF_STATE_DIR]' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand engine; and __fish_seen_subcommand_from cert" -l trust-environment -d 'Under sudo: heed DOCKER_HOST, WHARF_* and other variables (for an administrator\'s wrapper script)'
complete -c wharf -n "__fish_wharf_using_subcommand engine; and __fish_seen_subcommand_from cert" -l json -d 'Print results as JSON'
complete -c wharf -n "__fish_wharf_using_subcommand engine; and __fish_seen_subcommand_from cert" -s q -l quiet -d 'Say nothing but errors'
complete -c wharf -n "__fish_wharf_using_subcommand engine; and __fish_seen_subcommand_from cert" -s h -l help -d 'Print help'
complete -c wharf -n "__fish_wharf_using_subcommand engine; and __fish_seen_subcommand_from help" -f -a "secure" -d 'Have the engine listen at the network for who has a certificate, and undo that'
complete -c wharf -n "__fish_wharf_using_subcommand engine; and __fish_seen_subcommand_from help" -f -a "cert" -d 'Make a certificate with which somebody is root on this machine, through its engine'
complete -c wharf -n "__fish_wharf_using_subcommand engine; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c wharf -n "__fish_wharf_using_subcommand schema" -l config -d 'Host configuration [default: /etc/wharf/host.yml, or $WHARF_HOST_CONFIG]' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand schema" -s H -l host -d 'Engine, as unix:///path, tcp://host:port or ssh://user@host [default: $DOCKER_HOST, the current docker context, the usual sockets]' -r
complete -c wharf -n "__fish_wharf_using_subcommand schema" -l state-dir -d 'Where locks and the audit trail lie [default: /var/lib/wharf, or $WHARF_STATE_DIR]' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand schema" -l trust-environment -d 'Under sudo: heed DOCKER_HOST, WHARF_* and other variables (for an administrator\'s wrapper script)'
complete -c wharf -n "__fish_wharf_using_subcommand schema" -l json -d 'Print results as JSON'
complete -c wharf -n "__fish_wharf_using_subcommand schema" -s q -l quiet -d 'Say nothing but errors'
complete -c wharf -n "__fish_wharf_using_subcommand schema" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c wharf -n "__fish_wharf_using_subcommand completions" -l config -d 'Host configuration [default: /etc/wharf/host.yml, or $WHARF_HOST_CONFIG]' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand completions" -s H -l host -d 'Engine, as unix:///path, tcp://host:port or ssh://user@host [default: $DOCKER_HOST, the current docker context, the usual sockets]' -r
complete -c wharf -n "__fish_wharf_using_subcommand completions" -l state-dir -d 'Where locks and the audit trail lie [default: /var/lib/wharf, or $WHARF_STATE_DIR]' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand completions" -l trust-environment -d 'Under sudo: heed DOCKER_HOST, WHARF_* and other variables (for an administrator\'s wrapper script)'
complete -c wharf -n "__fish_wharf_using_subcommand completions" -l json -d 'Print results as JSON'
complete -c wharf -n "__fish_wharf_using_subcommand completions" -s q -l quiet -d 'Say nothing but errors'
complete -c wharf -n "__fish_wharf_using_subcommand completions" -s h -l help -d 'Print help'
complete -c wharf -n "__fish_wharf_using_subcommand reference" -l config -d 'Host configuration [default: /etc/wharf/host.yml, or $WHARF_HOST_CONFIG]' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand reference" -s H -l host -d 'Engine, as unix:///path, tcp://host:port or ssh://user@host [default: $DOCKER_HOST, the current docker context, the usual sockets]' -r
complete -c wharf -n "__fish_wharf_using_subcommand reference" -l state-dir -d 'Where locks and the audit trail lie [default: /var/lib/wharf, or $WHARF_STATE_DIR]' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand reference" -l trust-environment -d 'Under sudo: heed DOCKER_HOST, WHARF_* and other variables (for an administrator\'s wrapper script)'
complete -c wharf -n "__fish_wharf_using_subcommand reference" -l json -d 'Print results as JSON'
complete -c wharf -n "__fish_wharf_using_subcommand reference" -s q -l quiet -d 'Say nothing but errors'
complete -c wharf -n "__fish_wharf_using_subcommand reference" -s h -l help -d 'Print help'
complete -c wharf -n "__fish_wharf_using_subcommand man" -l config -d 'Host configuration [default: /etc/wharf/host.yml, or $WHARF_HOST_CONFIG]' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand man" -s H -l host -d 'Engine, as unix:///path, tcp://host:port or ssh://user@host [default: $DOCKER_HOST, the current docker context, the usual sockets]' -r
complete -c wharf -n "__fish_wharf_using_subcommand man" -l state-dir -d 'Where locks and the audit trail lie [default: /var/lib/wharf, or $WHARF_STATE_DIR]' -r -F
complete -c wharf -n "__fish_wharf_using_subcommand man" -l trust-environment -d 'Under sudo: heed DOCKER_HOST, WHARF_* and other variables (for an administrator\'s wrapper script)'
complete -c wharf -n "__fish_wharf_using_subcommand man" -l json -d 'Print results as JSON'
complete -c wharf -n "__fish_wharf_using_subcommand man" -s q -l quiet -d 'Say nothing but errors'
complete -c wharf -n "__fish_wharf_using_subcommand man" -s h -l help -d 'Print help'
complete -c wharf -n "__fish_wharf_using_subcommand help; and not __fish_seen_subcommand_from up plan down ps logs exec check doctor audit resume serve pins shell whoami dial-stdio context ca invite join cert tenant secret init host engine schema completions reference man help" -f -a "up" -d 'Make pods as their files say'
complete -c wharf -n "__fish_wharf_using_subcommand help; and not __fish_seen_subcommand_from up plan down ps logs exec check doctor audit resume serve pins shell whoami dial-stdio context ca invite join cert tenant secret init host engine schema completions reference man help" -f -a "plan" -d 'Show what `up` would do, field by field'
complete -c wharf -n "__fish_wharf_using_subcommand help; and not __fish_seen_subcommand_from up plan down ps logs exec check doctor audit resume serve pins shell whoami dial-stdio context ca invite join cert tenant secret init host engine schema completions reference man help" -f -a "down" -d 'Stop and remove a pod\'s containers; its directories stay'
complete -c wharf -n "__fish_wharf_using_subcommand help; and not __fish_seen_subcommand_from up plan down ps logs exec check doctor audit resume serve pins shell whoami dial-stdio context ca invite join cert tenant secret init host engine schema completions reference man help" -f -a "ps" -d 'List pods and their containers'
complete -c wharf -n "__fish_wharf_using_subcommand help; and not __fish_seen_subcommand_from up plan down ps logs exec check doctor audit resume serve pins shell whoami dial-stdio context ca invite join cert tenant secret init host engine schema completions reference man help" -f -a "logs" -d 'Show what a pod\'s containers print'
complete -c wharf -n "__fish_wharf_using_subcommand help; and not __fish_seen_subcommand_from up plan down ps logs exec check doctor audit resume serve pins shell whoami dial-stdio context ca invite join cert tenant secret init host engine schema completions reference man help" -f -a "exec" -d 'Run a command in a container; its exit status becomes wharf\'s'
complete -c wharf -n "__fish_wharf_using_subcommand help; and not __fish_seen_subcommand_from up plan down ps logs exec check doctor audit resume serve pins shell whoami dial-stdio context ca invite join cert tenant secret init host engine schema completions reference man help" -f -a "check" -d 'Check pod files without an engine'
complete -c wharf -n "__fish_wharf_using_subcommand help; and not __fish_seen_subcommand_from up plan down ps logs exec check doctor audit resume serve pins shell whoami dial-stdio context ca invite join cert tenant secret init host engine schema completions reference man help" -f -a "doctor" -d 'Look for what weakens this host'
complete -c wharf -n "__fish_wharf_using_subcommand help; and not __fish_seen_subcommand_from up plan down ps logs exec check doctor audit resume serve pins shell whoami dial-stdio context ca invite join cert tenant secret init host engine schema completions reference man help" -f -a "audit" -d 'Show who did, or was denied, what on this host'
complete -c wharf -n "__fish_wharf_using_subcommand help; and not __fish_seen_subcommand_from up plan down ps logs exec check doctor audit resume serve pins shell whoami dial-stdio context ca invite join cert tenant secret init host engine schema completions reference man help" -f -a "resume" -d 'Start what should be running, in order: after an engine start (see wharf-pods.service)'
complete -c wharf -n "__fish_wharf_using_subcommand help; and not __fish_seen_subcommand_from up plan down ps logs exec check doctor audit resume serve pins shell whoami dial-stdio context ca invite join cert tenant secret init host engine schema completions reference man help" -f -a "serve" -d 'Give every tenant a Docker of its own: answer at the sockets that the host configuration names'
complete -c wharf -n "__fish_wharf_using_subcommand help; and not __fish_seen_subcommand_from up plan down ps logs exec check doctor audit resume serve pins shell whoami dial-stdio context ca invite join cert tenant secret init host engine schema completions reference man help" -f -a "pins" -d 'Mount tenants\' own directories for `serve`, and hold the sockets of their containers (see wharf-pins.service)'
complete -c wharf -n "__fish_wharf_using_subcommand help; and not __fish_seen_subcommand_from up plan down ps logs exec check doctor audit resume serve pins shell whoami dial-stdio context ca invite join cert tenant secret init host engine schema completions reference man help" -f -a "shell" -d 'Enter a workstation: a long-lived shell container of your own, found again as you left it'
complete -c wharf -n "__fish_wharf_using_subcommand help; and not __fish_seen_subcommand_from up plan down ps logs exec check doctor audit resume serve pins shell whoami dial-stdio context ca invite join cert tenant secret init host engine schema completions reference man help" -f -a "whoami" -d 'Show who you are to the gateway: tenant, grants, and what is used of each limit'
complete -c wharf -n "__fish_wharf_using_subcommand help; and not __fish_seen_subcommand_from up plan down ps logs exec check doctor audit resume serve pins shell whoami dial-stdio context ca invite join cert tenant secret init host engine schema completions reference man help" -f -a "dial-stdio" -d 'Be a connection to the gateway, on standard input and output: what ssh runs for `docker -H ssh://...`'
complete -c wharf -n "__fish_wharf_using_subcommand help; and not __fish_seen_subcommand_from up plan down ps logs exec check doctor audit resume serve pins shell whoami dial-stdio context ca invite join cert tenant secret init host engine schema completions reference man help" -f -a "context" -d 'Make a docker context for the gateway, or list contexts and what rights they give'
complete -c wharf -n "__fish_wharf_using_subcommand help; and not __fish_seen_subcommand_from up plan down ps logs exec check doctor audit resume serve pins shell whoami dial-stdio context ca invite join cert tenant secret init host engine schema completions reference man help" -f -a "ca" -d 'Make and look after the authority by whose certificates people come in from other machines'
complete -c wharf -n "__fish_wharf_using_subcommand help; and not __fish_seen_subcommand_from up plan down ps logs exec check doctor audit resume serve pins shell whoami dial-stdio context ca invite join cert tenant secret init host engine schema completions reference man help" -f -a "invite" -d 'Let somebody in from another machine: print the line to paste there'
complete -c wharf -n "__fish_wharf_using_subcommand help; and not __fish_seen_subcommand_from up plan down ps logs exec check doctor audit resume serve pins shell whoami dial-stdio context ca invite join cert tenant secret init host engine schema completions reference man help" -f -a "join" -d 'Join a gateway on another machine with an invitation'
complete -c wharf -n "__fish_wharf_using_subcommand help; and not __fish_seen_subcommand_from up plan down ps logs exec check doctor audit resume serve pins shell whoami dial-stdio context ca invite join cert tenant secret init host engine schema completions reference man help" -f -a "cert" -d 'See, take back, renew and export certificates'
complete -c wharf -n "__fish_wharf_using_subcommand help; and not __fish_seen_subcommand_from up plan down ps logs exec check doctor audit resume serve pins shell whoami dial-stdio context ca invite join cert tenant secret init host engine schema completions reference man help" -f -a "tenant" -d 'See tenants that are or were, and give the present one what a former one left'
complete -c wharf -n "__fish_wharf_using_subcommand help; and not __fish_seen_subcommand_from up plan down ps logs exec check doctor audit resume serve pins shell whoami dial-stdio context ca invite join cert tenant secret init host engine schema completions reference man help" -f -a "secret" -d 'Keep secrets: sealed in files that are safe to commit, opened only in the containers that use them'
complete -c wharf -n "__fish_wharf_using_subcommand help; and not __fish_seen_subcommand_from up plan down ps logs exec check doctor audit resume serve pins shell whoami dial-stdio context ca invite join cert tenant secret init host engine schema completions reference man help" -f -a "init" -d 'Make a folder for pod files and sealed secrets, ready for git'
complete -c wharf -n "__fish_wharf_using_subcommand help; and not __fish_seen_subcommand_from up plan down ps logs exec check doctor audit resume serve pins shell whoami dial-stdio context ca invite join cert tenant secret init host engine schema completions reference man help" -f -a "host" -d 'What this host has of its own'
complete -c wharf -n "__fish_wharf_using_subcommand help; and not __fish_seen_subcommand_from up plan down ps logs exec check doctor audit resume serve pins shell whoami dial-stdio context ca invite join cert tenant secret init host engine schema completions reference man help" -f -a "engine" -d 'Secure an engine that has no gateway before it'
complete -c wharf -n "__fish_wharf_using_subcommand help; and not __fish_seen_subcommand_from up plan down ps logs exec check doctor audit resume serve pins shell whoami dial-stdio context ca invite join cert tenant secret init host engine schema completions reference man help" -f -a "schema" -d 'Print the JSON Schema of a file, for editors'
complete -c wharf -n "__fish_wharf_using_subcommand help; and not __fish_seen_subcommand_from up plan down ps logs exec check doctor audit resume serve pins shell whoami dial-stdio context ca invite join cert tenant secret init host engine schema completions reference man help" -f -a "completions" -d 'Print a shell\'s completions'
complete -c wharf -n "__fish_wharf_using_subcommand help; and not __fish_seen_subcommand_from up plan down ps logs exec check doctor audit resume serve pins shell whoami dial-stdio context ca invite join cert tenant secret init host engine schema completions reference man help" -f -a "reference" -d 'Print the reference of all commands, as Markdown'
complete -c wharf -n "__fish_wharf_using_subcommand help; and not __fish_seen_subcommand_from up plan down ps logs exec check doctor audit resume serve pins shell whoami dial-stdio context ca invite join cert tenant secret init host engine schema completions reference man help" -f -a "man" -d 'Print the man page'
complete -c wharf -n "__fish_wharf_using_subcommand help; and not __fish_seen_subcommand_from up plan down ps logs exec check doctor audit resume serve pins shell whoami dial-stdio context ca invite join cert tenant secret init host engine schema completions reference man help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c wharf -n "__fish_wharf_using_subcommand help; and __fish_seen_subcommand_from shell" -f -a "ls" -d 'List workstations'
complete -c wharf -n "__fish_wharf_using_subcommand help; and __fish_seen_subcommand_from shell" -f -a "alias" -d 'Print a shell function that makes a workstation\'s name a word: `eval "$(wharf shell alias foo)"`'
complete -c wharf -n "__fish_wharf_using_subcommand help; and __fish_seen_subcommand_from shell" -f -a "complete" -d 'Print what may stand next on the command line'
complete -c wharf -n "__fish_wharf_using_subcommand help; and __fish_seen_subcommand_from context" -f -a "ls" -d 'List docker contexts: how each is secured, until when, and what rights it gives'
complete -c wharf -n "__fish_wharf_using_subcommand help; and __fish_seen_subcommand_from context" -f -a "make" -d 'Make a docker context for the gateway'
complete -c wharf -n "__fish_wharf_using_subcommand help; and __fish_seen_subcommand_from ca" -f -a "init" -d 'Make a private authority for this host, and the server\'s certificate'
complete -c wharf -n "__fish_wharf_using_subcommand help; and __fish_seen_subcommand_from ca" -f -a "show" -d 'Show the authority: fingerprint, names, until when'
complete -c wharf -n "__fish_wharf_using_subcommand help; and __fish_seen_subcommand_from ca" -f -a "names" -d 'Show or change the names and addresses in the server\'s certificate, and issue it anew'
complete -c wharf -n "__fish_wharf_using_subcommand help; and __fish_seen_subcommand_from ca" -f -a "rotate" -d 'Put a new authority in place of this one, with an overlap in which both are trusted'
complete -c wharf -n "__fish_wharf_using_subcommand help; and __fish_seen_subcommand_from cert" -f -a "ls" -d 'List who may come in by certificate: who, until when, last seen when and from where'
complete -c wharf -n "__fish_wharf_using_subcommand help; and __fish_seen_subcommand_from cert" -f -a "revoke" -d 'Take certificates back, at once; open invitations of the same go, too'
complete -c wharf -n "__fish_wharf_using_subcommand help; and __fish_seen_subcommand_from cert" -f -a "renew" -d 'Renew the certificate with which this machine joined'
complete -c wharf -n "__fish_wharf_using_subcommand help; and __fish_seen_subcommand_from cert" -f -a "export" -d 'Make a key and a certificate here, for somebody who installs them by hand'
complete -c wharf -n "__fish_wharf_using_subcommand help; and __fish_seen_subcommand_from cert" -f -a "lease" -d 'Invite a machine or a job that comes and goes: its access ends by itself soon after it stops asking'
complete -c wharf -n "__fish_wharf_using_subcommand help; and __fish_seen_subcommand_from tenant" -f -a "ls" -d 'List every tenant there is or was'
complete -c wharf -n "__fish_wharf_using_subcommand help; and __fish_seen_subcommand_from tenant" -f -a "adopt" -d 'Give the present tenant of a name what former tenants of that name left'
complete -c wharf -n "__fish_wharf_using_subcommand help; and __fish_seen_subcommand_from secret" -f -a "set" -d 'Seal a value: typed, from a file, or from standard input'
complete -c wharf -n "__fish_wharf_using_subcommand help; and __fish_seen_subcommand_from secret" -f -a "ls" -d 'List secrets: names, readers, ages; never values'
complete -c wharf -n "__fish_wharf_using_subcommand help; and __fish_seen_subcommand_from secret" -f -a "show" -d 'Print a value, for whoever has a key of one of its readers'
complete -c wharf -n "__fish_wharf_using_subcommand help; and __fish_seen_subcommand_from secret" -f -a "rm" -d 'Take a secret out of its file'
complete -c wharf -n "__fish_wharf_using_subcommand help; and __fish_seen_subcommand_from secret" -f -a "edit" -d 'Change a value in an editor'
complete -c wharf -n "__fish_wharf_using_subcommand help; and __fish_seen_subcommand_from secret" -f -a "rotate" -d 'Give a secret a new value; as root on its host, bring it to the containers that use it'
complete -c wharf -n "__fish_wharf_using_subcommand help; and __fish_seen_subcommand_from secret" -f -a "rekey" -d 'Change who can read a file\'s secrets, without typing any of them again'
complete -c wharf -n "__fish_wharf_using_subcommand help; and __fish_seen_subcommand_from secret" -f -a "sign" -d 'Sign a file with an ssh key, for hosts that list who may change secrets'
complete -c wharf -n "__fish_wharf_using_subcommand help; and __fish_seen_subcommand_from secret" -f -a "import" -d 'Take over what another program keeps: SOPS, Ansible Vault, `.env`, Docker'
complete -c wharf -n "__fish_wharf_using_subcommand help; and __fish_seen_subcommand_from secret" -f -a "scan" -d 'Look for secrets that stand in clear'
complete -c wharf -n "__fish_wharf_using_subcommand help; and __fish_seen_subcommand_from secret" -f -a "recovery" -d 'Make the key that opens everything when the host is lost, to be kept elsewhere'
complete -c wharf -n "__fish_wharf_using_subcommand help; and __fish_seen_subcommand_from secret" -f -a "accept" -d 'Accept an older value that was put back on purpose'
complete -c wharf -n "__fish_wharf_using_subcommand help; and __fish_seen_subcommand_from secret" -f -a "doctor" -d 'Look for what is wrong with this host\'s secrets, and with the files here'
complete -c wharf -n "__fish_wharf_using_subcommand help; and __fish_seen_subcommand_from secret" -f -a "restore" -d 'Bring the secrets in use to where containers find them: at boot (see wharf-secrets.service)'
complete -c wharf -n "__fish_wharf_using_subcommand help; and __fish_seen_subcommand_from host" -f -a "init" -d 'Make the host\'s own key, to which secrets are sealed'
complete -c wharf -n "__fish_wharf_using_subcommand help; and __fish_seen_subcommand_from engine" -f -a "secure" -d 'Have the engine listen at the network for who has a certificate, and undo that'
complete -c wharf -n "__fish_wharf_using_subcommand help; and __fish_seen_subcommand_from engine" -f -a "cert" -d 'Make a certificate with which somebody is root on this machine, through its engine'
complete -c wharf -n '__fish_seen_subcommand_from shell' -k -a '(command wharf shell complete -- (commandline -opc)[3..] (commandline -ct) 2>/dev/null)'
