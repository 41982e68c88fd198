//! A plan, for reading: one sign a container, then what differs.

use crate::show::{Colours, one_line};
use wharf_pod::{Difference, Reason};
use wharf_reconcile::{ContainerPlan, PodPlan};

/// The plan as text.
pub(crate) fn plan(plan: &PodPlan, colours: Colours) -> String {
    let mut lines: Vec<String> =
        plan.containers.iter().flat_map(|container| lines_of(container, colours)).collect();
    for image in plan.pulls.iter().map(|image| one_line(image)) {
        lines.push(
            colours.dim(&format!("  image {image} will be pulled; a newer one replaces its containers")),
        );
    }
    lines.extend(plan.warnings.iter().map(|warning| colours.yellow(&format!("  {warning}"))));
    let verdict = match (plan.changes, plan.downtime) {
        (false, _) => "no changes",
        (true, false) => "changes, without downtime",
        (true, true) => "changes, with downtime for what is replaced, restarted, rejoined or removed",
    };
    lines.push(format!("pod {}: {verdict}", plan.pod));
    lines.join("\n")
}

fn lines_of(container: &ContainerPlan, colours: Colours) -> Vec<String> {
    let name = &container.name;
    let head = match container.action {
        "create" => colours.green(&format!("+ {name}  create")),
        "start" => colours.green(&format!("> {name}  start")),
        "rejoin" => colours.yellow(&format!("> {name}  restart, to rejoin the root container")),
        "replace" => colours.yellow(&format!("~ {name}  replace: {}", reason(container.reason))),
        "deliver" => colours.yellow(&format!("~ {name}  {}", follows(container.then.as_deref()))),
        "remove" => colours.red(&format!("- {name}  remove")),
        _ => colours.dim(&format!("  {name}  keep")),
    };
    let secrets = container.secrets.iter().map(|secret| format!("      secret {secret} changed"));
    std::iter::once(head).chain(container.differences.iter().map(line_of)).chain(secrets).collect()
}

fn follows(then: Option<&str>) -> String {
    match then {
        Some("restart") => "restart, with its secrets as they are now".to_owned(),
        Some("nothing") | None => "its secrets as they are now".to_owned(),
        Some(signals) => format!("its secrets as they are now, and {signals}"),
    }
}

fn reason(reason: Option<Reason>) -> &'static str {
    match reason {
        Some(Reason::Configuration) => "its configuration changed",
        Some(Reason::Image) => "its image changed",
        Some(Reason::Root) => "the root container is another",
        Some(Reason::Dead) => "the engine calls it dead",
        Some(Reason::Paused) => "somebody paused it",
        None => "",
    }
}

fn line_of(difference: &Difference) -> String {
    let shown =
        |value: &Option<String>| value.as_ref().map_or_else(|| "(none)".to_owned(), |text| one_line(text));
    if difference.field.starts_with("environment.") && difference.old.is_some() && difference.new.is_some() {
        return format!("      {}: changed (values are not shown)", one_line(&difference.field));
    }
    format!("      {}: {} -> {}", one_line(&difference.field), shown(&difference.old), shown(&difference.new))
}
