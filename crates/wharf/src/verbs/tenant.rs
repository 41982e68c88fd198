//! `wharf tenant`: what the administrator does about tenants beyond the host configuration.

use crate::exit::Exit;
use crate::failure::Failure;
use crate::setting::Setting;
use crate::show;
use wharf_model::TenantName;
use wharf_store::TenantBook;

/// `wharf tenant adopt`: the present tenant of a name gets what former ones left.
pub(crate) fn adopt(setting: &Setting<'_>, name: &str) -> Result<Exit, Failure> {
    setting.administrator("tenant adopt")?;
    let name: TenantName =
        name.parse().map_err(|error| Failure::usage(format!("`{name}` is no tenant: {error}")))?;
    let book = TenantBook::within(setting.state_dir()?);
    let adopted = book.adopt(&name).map_err(|error| Failure::of(Exit::Failed, &error))?;
    if !setting.common.quiet {
        let generations: Vec<String> = adopted.iter().map(ToString::to_string).collect();
        show::say(&match generations.as_slice() {
            [] => format!("{name} is the first tenant of its name; there is nothing to adopt"),
            _ => format!(
                "{name} has what former tenants of its name left (generations {}); a running gateway takes it up with \
                 `systemctl reload wharf`, or SIGHUP",
                generations.join(", ")
            ),
        });
    }
    Ok(Exit::Done)
}

/// `wharf tenant ls`: every tenant there is or was.
pub(crate) fn list(setting: &Setting<'_>) -> Result<Exit, Failure> {
    setting.administrator("tenant ls")?;
    let book = TenantBook::within(setting.state_dir()?);
    let entries = book.read().map_err(|error| Failure::of(Exit::Failed, &error))?;
    if setting.common.json {
        show::print_json(&entries);
        return Ok(Exit::Done);
    }
    let rows: Vec<Vec<String>> = entries
        .iter()
        .map(|(name, entry)| {
            let adopted: Vec<String> = entry.adopted.iter().map(ToString::to_string).collect();
            let state = if entry.present { "present" } else { "removed" };
            vec![name.to_string(), entry.generation.to_string(), state.to_owned(), adopted.join(", ")]
        })
        .collect();
    show::print(&show::table(&["TENANT", "GENERATION", "STATE", "ADOPTED"], &rows));
    Ok(Exit::Done)
}
