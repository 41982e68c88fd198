//! The command line as data.

mod context;
mod engine;
mod identity;
mod import;
mod scan;
mod secret;
mod shell;

use crate::failure::Failure;
use crate::invocation::Invocation;
use crate::sudo_words;
use clap::{ArgAction, Args, CommandFactory, FromArgMatches, Parser, Subcommand, ValueEnum};
use std::ffi::OsString;
use std::path::PathBuf;

pub(crate) use context::{ContextArgs, ContextVerb};
pub(crate) use engine::{EngineCertArgs, EngineSecureArgs, EngineVerb};
pub(crate) use identity::{
    CaInitArgs, CaNamesArgs, CaRotateArgs, CaVerb, CertExportArgs, CertLeaseArgs, CertRenewArgs,
    CertRevokeArgs, CertVerb, InvitationArgs, InviteArgs, JoinArgs, PassphraseArgs,
};
pub(crate) use import::SecretImportArgs;
pub(crate) use scan::{InitArgs, SecretScanArgs};
pub(crate) use secret::{
    HostVerb, IdentityArgs, OwnerArgs, SecretAcceptArgs, SecretEditArgs, SecretLsArgs, SecretRecoveryArgs,
    SecretRekeyArgs, SecretRmArgs, SecretRotateArgs, SecretSetArgs, SecretShowArgs, SecretSignArgs,
    SecretVerb,
};
pub(crate) use shell::{AliasShell, EnterArgs, ShellArgs, ShellVerb};

/// Everything said on the command line.
#[derive(Debug, Parser)]
#[command(
    name = "wharf",
    version,
    about = "Pods on a shared Docker host: everyone gets containers, nobody gets root",
    long_about = "Wharfinger makes pod files true on a container engine, and lets people who must not have root do so \
                  for the pods that are theirs.",
    after_help = "Start here:\n  wharf check blog.yml     is the file right?\n  wharf plan blog.yml      what would be done?\n  \
                  wharf up blog.yml        do it\n  wharf doctor             what weakens this host?",
    after_long_help = "Exit codes:\n  0  done\n  1  failed\n  2  usage or configuration is wrong\n  3  denied by policy\n  \
                       4  engine unreachable\n  5  partly applied (what is left is listed)\n  130  interrupted\n\n\
                       Under sudo, unless you are one of the host's `admins`, options stand before the verb and the \
                       words after it are taken as they are."
)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) common: Common,
    #[command(subcommand)]
    pub(crate) verb: Verb,
}

/// Options of every verb.
#[derive(Debug, Clone, Args)]
pub(crate) struct Common {
    /// Host configuration [default: /etc/wharf/host.yml, or $WHARF_HOST_CONFIG]
    #[arg(long, value_name = "FILE", global = true)]
    pub(crate) config: Option<PathBuf>,
    /// Engine, as unix:///path, tcp://host:port or ssh://user@host [default: $DOCKER_HOST, the current docker context, the usual sockets]
    #[arg(long, short = 'H', value_name = "URL", global = true)]
    pub(crate) host: Option<String>,
    /// Where locks and the audit trail lie [default: /var/lib/wharf, or $WHARF_STATE_DIR]
    #[arg(long, value_name = "DIR", global = true)]
    pub(crate) state_dir: Option<PathBuf>,
    /// Under sudo: heed DOCKER_HOST, WHARF_* and other variables (for an administrator's wrapper script)
    #[arg(long, global = true)]
    pub(crate) trust_environment: bool,
    /// Print results as JSON
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// Say nothing but errors
    #[arg(long, short = 'q', global = true)]
    pub(crate) quiet: bool,
}

/// What is to be done.
#[derive(Debug, Subcommand)]
pub(crate) enum Verb {
    /// Make pods as their files say
    #[command(
        after_help = "The pod's name is the file's name without its extension.\n\nExamples:\n  wharf up blog.yml\n  \
                            sudo wharf up ./blog.yml      # allowed by: bob ALL=(root) NOPASSWD: /usr/local/bin/wharf up */blog.yml"
    )]
    Up {
        /// Pod files
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
        /// Wait while another wharf works on the same pod
        #[arg(long)]
        wait: bool,
    },
    /// Show what `up` would do, field by field
    Plan {
        /// Pod files
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
        /// Exit with 2 when there are changes, as Terraform does
        #[arg(long = "detailed-exit-code", alias = "detailed-exitcode")]
        detailed_exit_code: bool,
    },
    /// Stop and remove a pod's containers; its directories stay
    Down {
        /// Pods
        #[arg(required = true, value_name = "POD")]
        pods: Vec<String>,
        /// Wait while another wharf works on the same pod
        #[arg(long)]
        wait: bool,
    },
    /// List pods and their containers
    Ps {
        /// Only this pod
        #[arg(value_name = "POD")]
        pod: Option<String>,
    },
    /// Show what a pod's containers print
    Logs {
        /// Stay for what is yet to come
        #[arg(long, short = 'f')]
        follow: bool,
        /// Only the last lines of each
        #[arg(long, short = 'n', value_name = "LINES")]
        tail: Option<u32>,
        /// With the time of each line
        #[arg(long, short = 't')]
        timestamps: bool,
        /// The pod
        #[arg(value_name = "POD")]
        pod: String,
        /// Only this container
        #[arg(value_name = "CONTAINER")]
        container: Option<String>,
    },
    /// Run a command in a container; its exit status becomes wharf's
    #[command(after_help = "Example:\n  wharf exec -it blog web sh")]
    Exec {
        /// Pass input on
        #[arg(long, short = 'i')]
        interactive: bool,
        /// With a terminal
        #[arg(long, short = 't')]
        tty: bool,
        /// The pod
        #[arg(value_name = "POD")]
        pod: String,
        /// The container
        #[arg(value_name = "CONTAINER")]
        container: String,
        /// The command and its words
        #[arg(required = true, trailing_var_arg = true, allow_hyphen_values = true, value_name = "COMMAND")]
        command: Vec<String>,
    },
    /// Check pod files without an engine
    Check {
        /// Pod files
        #[arg(required = true, value_name = "FILE")]
        files: Vec<PathBuf>,
    },
    /// Look for what weakens this host
    Doctor,
    /// Show who did, or was denied, what on this host
    #[command(after_help = AUDIT_EXAMPLES)]
    Audit(AuditArgs),
    /// Start what should be running, in order: after an engine start (see wharf-pods.service)
    Resume,
    /// Give every tenant a Docker of its own: answer at the sockets that the host configuration names
    #[command(
        after_help = "Runs until SIGTERM; SIGHUP, or a change of the file, has the host configuration read again.\n\n\
                      Example:\n  sudo wharf serve --config /etc/wharf/host.yml\n  \
                      DOCKER_HOST=unix:///run/wharf/docker.sock docker ps      # as somebody in a tenant"
    )]
    Serve {
        /// File with the passphrase of a sealed authority's key, so that people can join and renew
        /// [default: $WHARF_CA_PASSPHRASE_FILE, or systemd's credential `ca-passphrase`]
        #[arg(long, value_name = "FILE")]
        ca_passphrase_file: Option<PathBuf>,
    },
    /// Mount tenants' own directories for `serve`, and hold the sockets of their containers (see wharf-pins.service)
    #[command(
        after_help = "Runs until SIGTERM, and is started before the engine, in its mount namespace, so that \
                      containers find\ntheir directories and sockets. SIGHUP, or a change of the file, has the host \
                      configuration read again."
    )]
    Pins,
    /// Enter a workstation: a long-lived shell container of your own, found again as you left it
    #[command(after_help = shell::SHELL_EXAMPLES)]
    Shell(Box<ShellArgs>),
    /// Show who you are to the gateway: tenant, grants, and what is used of each limit
    Whoami,
    /// Be a connection to the gateway, on standard input and output: what ssh runs for `docker -H ssh://...`
    #[command(
        after_help = "Stands where `docker system dial-stdio` would, for an account that comes in by ssh:\n  \
                      restrict,command=\"/usr/local/bin/wharf dial-stdio\" ssh-ed25519 AAAA... alice@laptop   # authorized_keys\n\n\
                      DOCKER_HOST is not heeded here; `--host unix:///path` names another gateway on this machine."
    )]
    DialStdio,
    /// Make a docker context for the gateway, or list contexts and what rights they give
    #[command(after_help = context::CONTEXT_EXAMPLES)]
    Context(ContextArgs),
    /// Make and look after the authority by whose certificates people come in from other machines
    #[command(after_help = identity::CA_EXAMPLES)]
    Ca {
        #[command(subcommand)]
        what: CaVerb,
    },
    /// Let somebody in from another machine: print the line to paste there
    #[command(after_help = identity::INVITE_EXAMPLES)]
    Invite(InviteArgs),
    /// Join a gateway on another machine with an invitation
    #[command(after_help = identity::JOIN_EXAMPLES)]
    Join(JoinArgs),
    /// See, take back, renew and export certificates
    #[command(after_help = identity::CERT_EXAMPLES)]
    Cert {
        #[command(subcommand)]
        what: CertVerb,
    },
    /// See tenants that are or were, and give the present one what a former one left
    Tenant {
        #[command(subcommand)]
        what: TenantVerb,
    },
    /// Keep secrets: sealed in files that are safe to commit, opened only in the containers that use them
    #[command(after_help = secret::SECRET_EXAMPLES)]
    Secret {
        #[command(subcommand)]
        what: SecretVerb,
    },
    /// Make a folder for pod files and sealed secrets, ready for git
    Init(InitArgs),
    /// What this host has of its own
    Host {
        #[command(subcommand)]
        what: HostVerb,
    },
    /// Secure an engine that has no gateway before it
    #[command(after_help = engine::ENGINE_EXAMPLES)]
    Engine {
        #[command(subcommand)]
        what: EngineVerb,
    },
    /// Print the JSON Schema of a file, for editors
    #[command(
        after_help = "Put this at the head of a pod file to have it completed and checked by editors:\n  \
                            # yaml-language-server: $schema=/usr/local/share/wharf/pod.schema.json"
    )]
    Schema {
        /// Of which file
        kind: SchemaKind,
    },
    /// Print a shell's completions
    #[command(after_help = "bash:  wharf completions bash > /etc/bash_completion.d/wharf\n\
                            zsh:   wharf completions zsh > \"${fpath[1]}/_wharf\"\n\
                            fish:  wharf completions fish > ~/.config/fish/completions/wharf.fish")]
    Completions {
        /// Which shell
        shell: clap_complete::Shell,
    },
    /// Print the reference of all commands, as Markdown
    #[command(hide = true)]
    Reference,
    /// Print the man page
    #[command(hide = true)]
    Man,
}

const AUDIT_EXAMPLES: &str = "\
Every denial and every change is a line of the audit trail, `audit.jsonl` in the state directory; at 64 MiB it is put
aside as `audit.jsonl.1`, and so on to `.8`. Times are in UTC. `permitted` is written before a change is made; `done` or
`failed` may follow when it has ended.

Examples:
  sudo wharf audit -n 20                        # the last 20 records
  sudo wharf audit --denied --since 1h          # what was refused in the last hour, and by which rule
  sudo wharf audit --tenant alice --follow      # what alice's people do, as it happens
  sudo wharf audit --object blog --user bob     # what bob did to the pod `blog` and its containers
  sudo wharf audit --since 2024-05-01 --json | jq -r .action | sort | uniq -c";

/// Which records, and how.
#[derive(Debug, Args)]
pub(crate) struct AuditArgs {
    /// Only this tenant's
    #[arg(long, value_name = "TENANT")]
    pub(crate) tenant: Option<String>,
    /// Only this account's, in a tenant or under sudo
    #[arg(long, value_name = "ACCOUNT")]
    pub(crate) user: Option<String>,
    /// Only what was denied
    #[arg(long)]
    pub(crate) denied: bool,
    /// Only from then on: a day or a time in UTC, or a span before now
    #[arg(long, value_name = "TIME|DURATION")]
    pub(crate) since: Option<String>,
    /// Only about this container, image, pod, network or volume, by its name, or by its id or the first 12 digits
    #[arg(long, value_name = "NAME")]
    pub(crate) object: Option<String>,
    /// Stay for what is yet to come
    #[arg(long, short = 'f')]
    pub(crate) follow: bool,
    /// Only the last records
    #[arg(long, short = 'n', value_name = "RECORDS")]
    pub(crate) tail: Option<usize>,
}

/// About tenants.
#[derive(Debug, Subcommand)]
pub(crate) enum TenantVerb {
    /// List every tenant there is or was
    Ls,
    /// Give the present tenant of a name what former tenants of that name left
    Adopt {
        /// The tenant
        #[arg(value_name = "TENANT")]
        tenant: String,
    },
}

/// Files with a schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum SchemaKind {
    /// Pod files
    Pod,
    /// Host configuration
    Host,
    /// Workstations' files
    Workstation,
}

/// Why the words were not taken.
pub(crate) enum Refused {
    /// By clap: also the way in which help and version are asked for.
    Clap(clap::Error),
    /// By the rules for sudo.
    Words(Failure),
}

/// Reads the command line; for callers through sudo, unless `is_admin` knows them, by the rules in [`sudo_words`].
///
/// `is_admin` is asked with the options that stand before the verb, and no others: after it, `--config` could name a
/// configuration of yesterday.
pub(crate) fn parse(
    words: &[OsString],
    invocation: &Invocation,
    is_admin: impl Fn(&Common) -> bool,
) -> Result<Cli, Refused> {
    let plain = || Cli::try_parse_from(words).map(Cli::settled).map_err(Refused::Clap);
    if !invocation.is_on_behalf() {
        return plain();
    }
    let command = Cli::command();
    let before = sudo_words::options_alone(words, &command, "resume").map_err(Refused::Words)?;
    if Cli::try_parse_from(before).is_ok_and(|cli| is_admin(&cli.common)) {
        return plain();
    }
    let arranged = sudo_words::arrange(words, &command).map_err(Refused::Words)?;
    let matches = command.try_get_matches_from(arranged).map_err(Refused::Clap)?;
    Cli::from_arg_matches(&matches).map_err(Refused::Clap)
}

impl Cli {
    /// `--config` is two words: before `shell` the host configuration, after it a flag without a value. Clap takes what
    /// stands after the verb for what stands before it, too.
    fn settled(mut self) -> Self {
        if let Verb::Shell(shell) = &mut self.verb {
            shell.enter.actions.configure.take_if(|path| path.as_os_str() != shell::ASK);
            self.common.config.take_if(|path| path.as_os_str() == shell::ASK);
        }
        self
    }
}

/// Whether an option is followed by a value of its own.
pub(crate) fn takes_value(argument: &clap::Arg) -> bool {
    matches!(argument.get_action(), ArgAction::Set | ArgAction::Append)
}
