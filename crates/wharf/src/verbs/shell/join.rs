//! `--join CONTEXT`: the workstation joins a gateway from inside. The key is made there, in the home, and stays there; the
//! certificate is renewed from there while the workstation runs.

use super::visit::Visit;
use super::{edit, enter, inside, questions};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::show;
use rustix::termios::isatty;
use std::io::BufRead;
use wharf_document::Yaml;
use wharf_workstation::{Definition, RENEWER, Seen, Yard};
use zeroize::Zeroizing;

/// Our own program is some tens of MiB.
const MOST_PROGRAM: u64 = 256 << 20;

pub(super) async fn run(visit: &Visit<'_>, yard: &Yard<'_>, context: &str) -> Result<(), Failure> {
    let definition = visit.defined()?;
    let after = with_context(visit, definition, context)?;
    let (address, token) = invitation()?;
    let seen = enter::started(visit, yard).await?;
    settle(yard, &seen, &after.contexts).await?;
    let command = [RENEWER, "join", &address, "-", "--context", context, "--no-timer", "--quiet"];
    let said =
        inside::said(yard, &seen, &command, token.as_bytes(), "the workstation could not join").await?;
    visit.say(&show::printable(String::from_utf8_lossy(&said).trim()));
    if after.text != definition.text {
        visit.shelf.write(&visit.name, &after.text)?;
    }
    visit.say(&format!(
        "inside, `docker --context {context} ps` uses it; it is renewed while the workstation runs"
    ));
    Ok(())
}

/// The file with this context among those that the workstation joins.
fn with_context(visit: &Visit<'_>, before: &Definition, context: &str) -> Result<Definition, Failure> {
    let mut after = before.clone();
    if !after.contexts.iter().any(|known| known == context) {
        after.contexts.push(context.to_owned());
    }
    let value = Yaml::List(after.contexts.iter().map(Yaml::text).collect());
    let text = edit::with_key(&before.text, "contexts", &value, &after);
    let path = visit.shelf.path(&visit.name);
    Definition::parse(&visit.name, &text).map_err(|errors| show::file_errors(&path, Some(&text), &errors))
}

/// The line that the administrator printed, as it is or without its first words: `wharf join HOST:PORT TOKEN`.
fn invitation() -> Result<(String, Zeroizing<String>), Failure> {
    let line = if isatty(rustix::stdio::stdin()) {
        questions::line("the line that `wharf cert lease` or `wharf invite` printed: ")?.unwrap_or_default()
    } else {
        let mut line = String::new();
        std::io::stdin().lock().read_line(&mut line).map_err(|error| Failure::of(Exit::Failed, &error))?;
        line
    };
    let line = Zeroizing::new(line);
    let words: Vec<&str> =
        line.split_whitespace().filter(|word| !matches!(*word, "sudo" | "wharf" | "join")).collect();
    match words.as_slice() {
        [address, token, ..] if !address.starts_with('-') && !token.starts_with('-') => {
            Ok(((*address).to_owned(), Zeroizing::new((*token).to_owned())))
        }
        _ => Err(Failure::usage("this is no invitation")
            .hint("on the other machine, `wharf cert lease --to TENANT/NAME --for 1h` prints one: `wharf join HOST:PORT TOKEN`")),
    }
}

/// Everything by which the workstation renews the certificates of these contexts while it runs.
pub(super) async fn settle(yard: &Yard<'_>, seen: &Seen, contexts: &[String]) -> Result<(), Failure> {
    bring_program(yard, seen).await?;
    let list = contexts.iter().fold(String::new(), |list, context| list + context + "\n");
    let put = ["/bin/sh", "-c", "umask 077 && cat > /run/wharf/contexts"];
    inside::said(yard, seen, &put, list.as_bytes(), "the list of contexts could not be written")
        .await
        .map(drop)
}

/// Puts our own program inside, where it is not there or does not run.
async fn bring_program(yard: &Yard<'_>, seen: &Seen) -> Result<(), Failure> {
    let version = format!("wharf {}", env!("CARGO_PKG_VERSION"));
    let check = ["/bin/sh", "-c", CHECK];
    let present = yard.run(seen, &check, b"").await?;
    if present.status == Some(0) && String::from_utf8_lossy(&present.output).trim() == version {
        return Ok(());
    }
    let program = std::env::current_exe().map_err(|error| Failure::of(Exit::Failed, &error))?;
    let bytes =
        wharf_host::read_own(&program, MOST_PROGRAM).map_err(|error| Failure::of(Exit::Failed, &error))?;
    let doing = "wharf could not be put into the workstation";
    inside::said(yard, seen, &["/bin/sh", "-c", PUT], &bytes, doing).await?;
    let doing = "this machine's wharf does not run in the workstation's image";
    inside::said(yard, seen, &check, b"", doing).await.map(drop).map_err(|failure| {
        failure.hint("use an image with the same libc and architecture, such as Debian's, or one that has `wharf` itself")
    })
}

/// An image's own program is as good as ours.
const CHECK: &str = "if ! /run/wharf/bin/wharf --version >/dev/null 2>&1 && own=$(command -v wharf); then \
                     mkdir -p /run/wharf/bin && ln -sf \"$own\" /run/wharf/bin/wharf; fi; exec /run/wharf/bin/wharf --version";
const PUT: &str = "umask 077 && mkdir -p /run/wharf/bin && cat > /run/wharf/bin/.wharf && \
                   chmod 700 /run/wharf/bin/.wharf && mv -f /run/wharf/bin/.wharf /run/wharf/bin/wharf";
