//! Words about identity: `ca`, `invite`, `join`, `cert`.

use clap::{Args, Subcommand};
use std::path::PathBuf;

pub(crate) const CA_EXAMPLES: &str = "\
The authority signs the certificates with which people on other machines reach this host's gateway. It lies in
`identity` in the state directory, root's alone; with a passphrase its key is sealed, and `wharf serve` is to be given
the passphrase, too, if people are to join and renew (`--ca-passphrase-file`, or systemd's LoadCredential).

Examples:
  sudo wharf ca init                                    # asks which names this host answers to
  sudo wharf ca init --names 192.0.2.7,quay.example.org
  sudo wharf ca init --import rootCA.pem --import rootCA-key.pem    # mkcert's, say
  sudo wharf ca show                                    # fingerprint, names, until when
  sudo wharf ca names --add quay.lan                    # and a new certificate for the server
  sudo wharf ca rotate                                  # a new authority; the former one is trusted, too ...
  sudo wharf ca rotate --finish                         # ... until here";

pub(crate) const INVITE_EXAMPLES: &str = "\
Prints one line to paste on the other machine. Its token is good for one use, within the hour; the private key is made
over there and never leaves it. The certificate lives for 90 days and is renewed by that machine itself.

Examples:
  sudo wharf invite alice
  sudo wharf invite alice --user laptop --for 30d --address quay.example.org:2376";

pub(crate) const JOIN_EXAMPLES: &str = "\
Whoever administers the host gives you this line (`wharf invite`). It makes a private key here, has the certificate
signed over there, writes both where the docker CLI looks, and makes a docker context. Needs no root.

The folder with ca.pem, cert.pem and key.pem serves as DOCKER_CERT_PATH, too; the last line says where it is.
With `-` instead of the token, it is read from standard input.

Examples:
  wharf join quay.example.org:2376 wharf1-...       # then: docker --context wharf ps
  wharf join quay.example.org:2376 wharf1-... --use # then: docker ps";

pub(crate) const CERT_EXAMPLES: &str = "\
`renew` is for those who joined; the other words are the administrator's, on the host.

Examples:
  sudo wharf cert ls                        # who may come in, until when, last seen when and from where
  sudo wharf cert revoke alice/laptop       # at once; open connections end, too
  sudo wharf cert revoke --tenant alice
  sudo wharf cert export alice --user nas --to ./nas    # ca.pem, cert.pem, key.pem for people who do it by hand
  sudo wharf cert lease --for 1h --to alice/ci          # an invitation: renewed only while its holder keeps asking
  wharf cert renew                          # what the timer of `wharf join` runs";

/// The passphrase of the authority's key.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct PassphraseArgs {
    /// File with the passphrase of the authority's key [default: $WHARF_CA_PASSPHRASE_FILE, or asked at a terminal]
    #[arg(long, value_name = "FILE")]
    pub(crate) passphrase_file: Option<PathBuf>,
}

/// About the authority.
#[derive(Debug, Subcommand)]
pub(crate) enum CaVerb {
    /// Make a private authority for this host, and the server's certificate
    Init(CaInitArgs),
    /// Show the authority: fingerprint, names, until when
    Show,
    /// Show or change the names and addresses in the server's certificate, and issue it anew
    Names(CaNamesArgs),
    /// Put a new authority in place of this one, with an overlap in which both are trusted
    Rotate(CaRotateArgs),
}

/// How the authority is made.
#[derive(Debug, Args)]
pub(crate) struct CaInitArgs {
    /// What the authority is called in its certificate [default: after the host and the moment]
    #[arg(long, value_name = "NAME", conflicts_with = "import")]
    pub(crate) name: Option<String>,
    /// Names and addresses that this host answers to; the first is where people are told to come to [default: found, and
    /// asked at a terminal]
    #[arg(long, value_name = "HOST,ADDRESS,...", value_delimiter = ',')]
    pub(crate) names: Vec<String>,
    /// Seal the key with a passphrase: asked twice at a terminal, or read from the file
    #[arg(long)]
    pub(crate) seal: bool,
    #[command(flatten)]
    pub(crate) passphrase: PassphraseArgs,
    /// Take this authority instead of making one: certificate and private key as PEM, in one file or in two
    #[arg(long, value_name = "FILE")]
    pub(crate) import: Vec<PathBuf>,
}

/// Which names.
#[derive(Debug, Args)]
pub(crate) struct CaNamesArgs {
    /// These and no others
    #[arg(long, value_name = "HOST,ADDRESS,...", value_delimiter = ',', conflicts_with_all = ["add", "remove"])]
    pub(crate) set: Vec<String>,
    /// These, too
    #[arg(long, value_name = "HOST,ADDRESS,...", value_delimiter = ',')]
    pub(crate) add: Vec<String>,
    /// Not these
    #[arg(long, value_name = "HOST,ADDRESS,...", value_delimiter = ',')]
    pub(crate) remove: Vec<String>,
    #[command(flatten)]
    pub(crate) passphrase: PassphraseArgs,
}

/// How the authority is replaced.
#[derive(Debug, Args)]
pub(crate) struct CaRotateArgs {
    /// End the overlap: the former authority is trusted no more
    #[arg(long, conflicts_with_all = ["name", "import", "now"])]
    pub(crate) finish: bool,
    /// Finish although some have no certificate of the new authority yet, and will have to be invited anew
    #[arg(long, requires = "finish")]
    pub(crate) force: bool,
    /// No overlap, because the key may be known to others: everybody is to be invited anew
    #[arg(long)]
    pub(crate) now: bool,
    /// What the new authority is called [default: after the host and the moment]
    #[arg(long, value_name = "NAME", conflicts_with = "import")]
    pub(crate) name: Option<String>,
    /// Where the authority is an imported one: the next one, certificate and private key as PEM
    #[arg(long, value_name = "FILE")]
    pub(crate) import: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) passphrase: PassphraseArgs,
}

/// Whom to invite, and how.
#[derive(Debug, Args)]
pub(crate) struct InviteArgs {
    /// The tenant whose rights the certificate gives
    #[arg(value_name = "TENANT")]
    pub(crate) tenant: String,
    /// Who or what bears it [default: as the tenant is called]
    #[arg(long, value_name = "NAME")]
    pub(crate) user: Option<String>,
    /// How long the certificate lives, and each of its renewals
    #[arg(long = "for", value_name = "DURATION", default_value = "90d")]
    pub(crate) life: String,
    #[command(flatten)]
    pub(crate) how: InvitationArgs,
}

/// How an invitation is to be used.
#[derive(Debug, Args)]
pub(crate) struct InvitationArgs {
    /// How long the token is good
    #[arg(long, value_name = "DURATION", default_value = "1h")]
    pub(crate) valid: String,
    /// Where the other machine reaches this host [default: the first name of the server's certificate, and the port of
    /// the first `tcp://` listener]
    #[arg(long, value_name = "HOST:PORT")]
    pub(crate) address: Option<String>,
}

/// Where to join.
#[derive(Debug, Args)]
pub(crate) struct JoinArgs {
    /// Where the gateway is
    #[arg(value_name = "HOST:PORT")]
    pub(crate) address: String,
    /// The invitation; `-` reads it from standard input
    #[arg(value_name = "TOKEN")]
    pub(crate) token: String,
    /// The docker context to make
    #[arg(long, value_name = "NAME", default_value = "wharf")]
    pub(crate) context: String,
    /// Have a context of this name that leads to another gateway lead here
    #[arg(long)]
    pub(crate) replace: bool,
    /// Have docker use it from now on
    #[arg(long = "use")]
    pub(crate) make_current: bool,
    /// Install no timer that renews the certificate
    #[arg(long)]
    pub(crate) no_timer: bool,
}

/// About certificates.
#[derive(Debug, Subcommand)]
pub(crate) enum CertVerb {
    /// List who may come in by certificate: who, until when, last seen when and from where
    Ls {
        /// Those that are over, too
        #[arg(long, short = 'a')]
        all: bool,
    },
    /// Take certificates back, at once; open invitations of the same go, too
    Revoke(CertRevokeArgs),
    /// Renew the certificate with which this machine joined
    Renew(CertRenewArgs),
    /// Make a key and a certificate here, for somebody who installs them by hand
    Export(CertExportArgs),
    /// Invite a machine or a job that comes and goes: its access ends by itself soon after it stops asking
    Lease(CertLeaseArgs),
}

/// Which to take back.
#[derive(Debug, Args)]
pub(crate) struct CertRevokeArgs {
    /// The certificate's serial number or its first 8 digits, or `TENANT/USER`
    #[arg(value_name = "SERIAL|TENANT/USER", required_unless_present = "tenant")]
    pub(crate) which: Option<String>,
    /// All of this tenant
    #[arg(long, value_name = "TENANT", conflicts_with = "which")]
    pub(crate) tenant: Option<String>,
}

/// Which to renew.
#[derive(Debug, Args)]
pub(crate) struct CertRenewArgs {
    /// The docker context that was made when this machine joined
    #[arg(long, value_name = "NAME", default_value = "wharf")]
    pub(crate) context: String,
    /// Although more than two thirds of its life are left
    #[arg(long)]
    pub(crate) force: bool,
}

/// What to export.
#[derive(Debug, Args)]
pub(crate) struct CertExportArgs {
    /// The tenant whose rights the certificate gives
    #[arg(value_name = "TENANT")]
    pub(crate) tenant: String,
    /// Who or what bears it
    #[arg(long, value_name = "NAME")]
    pub(crate) user: String,
    /// Folder for ca.pem, cert.pem and key.pem, as DOCKER_CERT_PATH wants them
    #[arg(long, value_name = "DIR")]
    pub(crate) to: PathBuf,
    /// How long the certificate lives; who has it by hand renews it with `wharf cert export`
    #[arg(long = "for", value_name = "DURATION", default_value = "90d")]
    pub(crate) life: String,
    /// Also a file for `docker context import`
    #[arg(long, value_name = "FILE")]
    pub(crate) context_bundle: Option<PathBuf>,
    /// Where the other machine reaches this host, for the context [default: as `wharf invite` has it]
    #[arg(long, value_name = "HOST:PORT")]
    pub(crate) address: Option<String>,
    #[command(flatten)]
    pub(crate) passphrase: PassphraseArgs,
}

/// To whom to lease.
#[derive(Debug, Args)]
pub(crate) struct CertLeaseArgs {
    /// How long each certificate lives
    #[arg(long = "for", value_name = "DURATION")]
    pub(crate) life: String,
    /// Who or what bears it
    #[arg(long, value_name = "TENANT/USER")]
    pub(crate) to: String,
    #[command(flatten)]
    pub(crate) how: InvitationArgs,
}
