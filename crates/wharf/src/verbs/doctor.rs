//! `wharf doctor`: what weakens this host, how much, and the commands that mend it. Changes nothing.
//!
//! Facts are gathered first and judged afterwards, by functions that look at nothing else.

mod escapes;
mod facts;
mod finding;
mod gather;
mod judge;
mod version;

use crate::args::Common;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::invocation::{Environment, Invocation};
use crate::setting::Setting;
use crate::show::{self, Colours};
use facts::Seen;
pub(crate) use finding::{Finding, Severity};

pub(crate) fn run(
    common: Common,
    invocation: Invocation,
    environment: &Environment,
) -> Result<Exit, Failure> {
    let (setting, refused) = Setting::lenient(common, invocation, environment);
    let actor = setting.administrator("doctor")?;
    let facts = gather::gather(&setting, refused, &actor)?;
    let findings = judge::judge(&facts);
    print_findings(&setting, &findings);
    Ok(exit(&findings, &facts.engine.seen))
}

/// Findings as they are shown, with their number.
pub(crate) fn print_findings(setting: &Setting<'_>, findings: &[Finding]) {
    if setting.common.json {
        show::print_json(&findings);
        return;
    }
    for finding in findings {
        show::print(&shown(finding, Colours::of_stdout()));
    }
    if !setting.common.quiet {
        show::say(&summary(findings));
    }
}

/// What was not looked at may be weak: an engine that is away is no reason to say that all is well.
fn exit(findings: &[Finding], seen: &Seen) -> Exit {
    match seen {
        _ if findings.iter().any(|finding| finding.severity == Severity::Danger) => Exit::Failed,
        Seen::There(_) => Exit::Done,
        Seen::Away(_) => Exit::Unreachable,
    }
}

fn shown(finding: &Finding, colours: Colours) -> String {
    let word = match finding.severity {
        Severity::Danger => colours.red("danger:"),
        Severity::Warning => colours.yellow("warning:"),
        Severity::Note => colours.cyan("note:"),
    };
    let mut lines = vec![format!("{word} {} {}", finding.message, colours.dim(&format!("[{}]", finding.id)))];
    lines.push(format!("  {}", finding.meaning));
    lines.extend(finding.fix.iter().map(|line| format!("    {}", colours.green(line))));
    lines.join("\n") + "\n"
}

fn summary(findings: &[Finding]) -> String {
    let count = |severity| findings.iter().filter(|finding| finding.severity == severity).count();
    let counted = |severity, one: &str| match count(severity) {
        1 => format!("1 {one}"),
        many => format!("{many} {one}s"),
    };
    match findings {
        [] => "nothing found that weakens this host".to_owned(),
        _ => [
            counted(Severity::Danger, "danger"),
            counted(Severity::Warning, "warning"),
            counted(Severity::Note, "note"),
        ]
        .join(", "),
    }
}

#[cfg(test)]
mod tests;
