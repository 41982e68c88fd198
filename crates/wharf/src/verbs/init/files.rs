//! What a control repository begins with.

/// Files and what they say, from the folder's top. A folder is made for its first file.
pub(super) const FILES: &[(&str, &str)] = &[
    (".gitignore", GITIGNORE),
    ("README.md", README),
    ("host.yml", HOST),
    ("pods/.gitkeep", ""),
    ("secrets/.gitkeep", ""),
];

/// What must not be committed.
pub(super) const GITIGNORE: &str = "\
# Keys and values in clear. Sealed files (secrets/*.yml) are safe to commit, and are not left out.
*.key
*.pem
*.p12
*.pfx
*.jks
*.keystore
*.kdbx
*.ppk
id_rsa
id_dsa
id_ecdsa
id_ed25519
.env
.env.*
!.env.example
*.env
.netrc
.pgpass
.vault_pass*
.vault-pass*
vault-password*
*.tfstate
*.tfstate.*
";

/// The hook.
pub(super) const HOOK: &str = "\
#!/bin/sh
# Looks for secrets in clear in what is about to be committed. `git commit --no-verify` commits all the same.
command -v wharf >/dev/null || { echo 'pre-commit: wharf is not installed, so nobody looked for secrets' >&2; exit 1; }
exec wharf secret scan --staged
";

const README: &str = "\
# What runs here

- `pods/`: pod files, one a pod. `wharf check pods/blog.yml`, `wharf plan pods/blog.yml`, `sudo wharf up pods/blog.yml`.
- `secrets/`: sealed values, one file a pod; safe to commit. `wharf secret set blog db-password` adds one.
- `host.yml`: a copy of what the administrator keeps in `/etc/wharf/host.yml`.

`wharf secret scan` looks for secrets in clear, before each commit by the hook that `wharf init` installs in each clone.
";

const HOST: &str = "\
# What the administrator decides: this file, as /etc/wharf/host.yml, root's alone. Every key is described in the reference.

# Pods' directories lie below it.
#mount_root: /srv/wharf

# The pod that may publish each fixed port of the host.
#port_whitelist:
#  80: web
#  443: web

# Accounts that are the administrator when they come through sudo.
#admins: [ana]
";
