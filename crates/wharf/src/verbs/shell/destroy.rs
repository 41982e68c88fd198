//! `--destroy`: what is lost is named, a backup is taken, and the name is asked for.

use super::visit::Visit;
use super::{keep, questions, sessions, status};
use crate::failure::Failure;
use std::path::{Path, PathBuf};
use std::time::SystemTime;
use wharf_store::Moment;
use wharf_workstation::{Seen, WorkstationState, Yard};

pub(super) async fn run(visit: &Visit<'_>, yard: &Yard<'_>) -> Result<(), Failure> {
    let seen = visit.found(yard).await?;
    let backup = backup_file(visit)?;
    visit.say(&what_is_lost(visit, yard, &seen, backup.as_ref()).await);
    confirm(visit, backup.as_ref())?;
    if let Some(file) = backup
        && yard.has_home(&visit.name).await?
    {
        back_up(visit, yard, &seen, &file).await?;
    }
    yard.destroy(&visit.name).await?;
    visit.shelf.remove(&visit.name)?;
    visit.say(&format!("`{}` is gone", visit.name));
    Ok(())
}

/// Backs up a home in which nobody writes any more. When that fails, it runs again as before.
async fn back_up(visit: &Visit<'_>, yard: &Yard<'_>, seen: &Seen, file: &Path) -> Result<(), Failure> {
    use WorkstationState::{Paused, Restarting, Running};
    let runs = matches!(seen.state, Running | Paused | Restarting);
    if runs {
        yard.stop(seen).await?;
    }
    let kept = keep::backup(visit, yard, file).await;
    if kept.is_err() && runs {
        // Why there is no backup says more than that it does not start.
        let _started = yard.restart(seen).await;
    }
    kept
}

/// Where the backup goes; `None` when none is wanted.
fn backup_file(visit: &Visit<'_>) -> Result<Option<PathBuf>, Failure> {
    if visit.args.manner.no_backup {
        return Ok(None);
    }
    let folder = keep::backups(visit)?;
    let now = Moment::from(SystemTime::now()).to_string();
    let stamp: String = now.chars().take(19).filter(char::is_ascii_alphanumeric).collect();
    Ok(Some(folder.join(format!("{}-{stamp}.tar.gz", visit.name))))
}

async fn what_is_lost(visit: &Visit<'_>, yard: &Yard<'_>, seen: &Seen, backup: Option<&PathBuf>) -> String {
    let mut lost = Vec::new();
    // What cannot be learnt of something broken does not keep it from being removed.
    match yard.home_size(&visit.name).await {
        Ok(Some(bytes)) => lost.push(format!("its home, {}", indicatif::HumanBytes(bytes))),
        _ if seen.volume => lost.push("its home".to_owned()),
        _ => {}
    }
    if let Some(used) = seen.last_use() {
        let since = used.elapsed().unwrap_or_default();
        lost.push(if seen.is_running() {
            "it runs".to_owned()
        } else {
            format!("last used {} ago", status::brief(since))
        });
    }
    if seen.is_running()
        && let Ok(status) = sessions::status(yard, seen).await
    {
        let names: Vec<String> = status.sessions.iter().map(|session| session.name.to_string()).collect();
        if !names.is_empty() {
            lost.push(format!("what runs in its terminals: {}", names.join(", ")));
        }
    }
    let backup = match backup {
        Some(file) => format!("the home is kept as `{}`", file.display()),
        None => "there will be NO backup".to_owned(),
    };
    let name = &visit.name;
    format!(
        "`{name}` in the docker context `{}` is to be destroyed: {}; {backup}",
        visit.place.name(),
        lost.join("; ")
    )
}

/// The name, typed or piped. `--yes` stands for it as long as there is a backup.
fn confirm(visit: &Visit<'_>, backup: Option<&PathBuf>) -> Result<(), Failure> {
    let (name, manner) = (&visit.name, &visit.args.manner);
    if manner.yes && backup.is_some() {
        return Ok(());
    }
    let said = questions::line(&format!("type the name `{name}` to destroy it: "));
    if matches!(&said, Ok(Some(said)) if said == name.as_str()) {
        return Ok(());
    }
    let how = if manner.yes {
        format!(
            "without a backup `--yes` is not enough: `echo {name} | wharf shell {name} --destroy --no-backup`"
        )
    } else {
        format!("`wharf shell {name} --destroy --yes` asks nothing, and takes a backup")
    };
    Err(Failure::usage("nothing was destroyed: that is not its name").hint(how))
}
