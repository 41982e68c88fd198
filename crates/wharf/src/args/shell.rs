//! Words about workstations.

use clap::{ArgAction, Args, Subcommand, ValueEnum};
use std::path::PathBuf;

pub(crate) const SHELL_EXAMPLES: &str = "\
The first `wharf shell foo` asks a few questions, makes the workstation, starts it and opens a terminal in it.
Ctrl-\\ leaves; what runs there goes on, and the same words come back to it.

Flags may be combined; they are done in the order in which they stand above.

Examples:
  wharf shell foo                        # the terminal `1` of the workstation foo
  wharf shell foo build                  # another terminal, called `build`
  wharf shell foo -- make test           # one command; its exit status becomes wharf's
  wharf shell foo --status               # who is attached where, and what runs
  wharf shell foo --install htop tmux    # another image, the same home
  eval \"$(wharf shell alias foo)\"        # from now on just: foo, foo build, foo --status";

/// `wharf shell`.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub(crate) struct ShellArgs {
    #[command(subcommand)]
    pub(crate) what: Option<ShellVerb>,
    #[command(flatten)]
    pub(crate) enter: EnterArgs,
}

/// About all workstations.
#[derive(Debug, Subcommand)]
pub(crate) enum ShellVerb {
    /// List workstations
    Ls,
    /// Print a shell function that makes a workstation's name a word: `eval "$(wharf shell alias foo)"`
    Alias {
        /// Workstations
        #[arg(required = true, value_name = "NAME")]
        names: Vec<String>,
        /// For which shell [default: as $SHELL says]
        #[arg(long)]
        shell: Option<AliasShell>,
    },
    /// Print what may stand next on the command line
    #[command(hide = true)]
    Complete {
        /// The words after `wharf shell` so far, the last one unfinished
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        words: Vec<String>,
    },
}

/// Shells that know functions and completion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum AliasShell {
    /// bash
    Bash,
    /// zsh
    Zsh,
    /// fish
    Fish,
}

/// One workstation, and what is to be done there.
#[derive(Debug, Clone, Args)]
pub(crate) struct EnterArgs {
    /// The workstation
    #[arg(value_name = "NAME", required = true)]
    pub(crate) name: Option<String>,
    /// The terminal in it
    #[arg(value_name = "TTY")]
    pub(crate) session: Option<String>,
    /// One command instead of a terminal
    #[arg(last = true, value_name = "COMMAND")]
    pub(crate) command: Vec<String>,
    #[command(flatten)]
    pub(crate) actions: ActionArgs,
    #[command(flatten)]
    pub(crate) manner: MannerArgs,
}

/// No file is called so, and no path can be empty.
pub(crate) const ASK: &str = "\0";

/// What is to be done; nothing of it means: enter.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Actions")]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
pub(crate) struct ActionArgs {
    // The program's own `--config FILE` is of the same name; it stands before `shell`. See `Cli::settle`.
    /// Ask the questions of the first time again
    #[arg(long = "config", id = "config", num_args = 0, default_missing_value = ASK, action = ArgAction::Set)]
    pub(crate) configure: Option<PathBuf>,
    /// Forget the file; the workstation stays, and is found again by its label
    #[arg(long)]
    pub(crate) clean: bool,
    /// Add packages to the file, make the image anew and have the workstation use it
    #[arg(long, value_name = "PACKAGE", num_args = 1..)]
    pub(crate) install: Vec<String>,
    /// Make or pull the image anew
    #[arg(long)]
    pub(crate) build: bool,
    /// A new container of the newest image on the same home
    #[arg(long)]
    pub(crate) upgrade: bool,
    /// Put an archive made by `--backup` into the home
    #[arg(long, value_name = "FILE")]
    pub(crate) restore: Option<PathBuf>,
    /// Start the workstation, or the terminal that is named
    #[arg(long)]
    pub(crate) start: bool,
    /// Stop the workstation, or the terminal that is named
    #[arg(long)]
    pub(crate) stop: bool,
    /// Stop and start
    #[arg(long)]
    pub(crate) restart: bool,
    /// End a terminal and forget it
    #[arg(long, value_name = "TTY")]
    pub(crate) kill: Option<String>,
    /// Write the home to a file, as a tar archive; compressed where the name ends in .gz or .tgz, `-` for standard output
    #[arg(long, value_name = "FILE")]
    pub(crate) backup: Option<PathBuf>,
    /// Make another workstation with the same file and a copy of the home
    #[arg(long = "clone", value_name = "NEW")]
    pub(crate) clone_to: Option<String>,
    /// Have a docker context to a gateway inside, with the line that `wharf cert lease` or `wharf invite` printed
    #[arg(long, value_name = "CONTEXT")]
    pub(crate) join: Option<String>,
    /// Remove the workstation and its home, after a backup
    #[arg(long)]
    pub(crate) destroy: bool,
    /// Show the workstation and its terminals
    #[arg(long)]
    pub(crate) status: bool,
    /// List terminals only
    #[arg(long)]
    pub(crate) ls: bool,
    /// Copy the folders of the file's `sync` into the home
    #[arg(long)]
    pub(crate) sync: bool,
    /// As --sync, and again whenever something changes, until Ctrl-C
    #[arg(long)]
    pub(crate) dev_sync: bool,
}

/// How it is to be done.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Manner")]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of the command line")]
pub(crate) struct MannerArgs {
    /// Watch a terminal without typing into it
    #[arg(long)]
    pub(crate) view: bool,
    /// Offer the own ssh-agent inside while attached
    #[arg(short = 'A')]
    pub(crate) agent: bool,
    /// The docker context, although another is current
    #[arg(long, value_name = "CONTEXT")]
    pub(crate) context: Option<String>,
    /// For a new workstation: what it is made of
    #[arg(long, value_name = "IMAGE")]
    pub(crate) image: Option<String>,
    /// Ask nothing: take what would be offered
    #[arg(long, short = 'y')]
    pub(crate) yes: bool,
    /// Destroy without a backup
    #[arg(long)]
    pub(crate) no_backup: bool,
}

impl ActionArgs {
    /// Whether anything but entering is wanted.
    pub(crate) fn is_any(&self) -> bool {
        let flags = [
            self.clean,
            self.build,
            self.upgrade,
            self.start,
            self.stop,
            self.restart,
            self.destroy,
            self.status,
            self.ls,
            self.sync,
            self.dev_sync,
        ];
        flags.contains(&true)
            || self.configure.is_some()
            || !self.install.is_empty()
            || [&self.kill, &self.clone_to, &self.join].iter().any(|name| name.is_some())
            || self.restore.is_some()
            || self.backup.is_some()
    }
}
