//! Who the caller is on this machine, for whoever lives in the workstation.

use crate::setting::Setting;
use std::process::{Command, Stdio};
use wharf_workstation::{Definition, Git, Inhabitant, Person};

/// For root: a workstation's inhabitant needs no rights, and root's number would only look like them.
const NOBODY_SPECIAL: u32 = 1000;

/// The inhabitant as the definition has it, completed by the caller's account.
pub(super) fn of(setting: &Setting<'_>, definition: &Definition) -> Person {
    let usual = usual(setting);
    let said = &definition.user;
    let user = said.name.clone().or(usual.name).unwrap_or_else(|| "me".to_owned());
    Person {
        group: user.clone(),
        user,
        uid: said.uid.or(usual.uid).unwrap_or(NOBODY_SPECIAL),
        gid: said.gid.or(usual.gid).unwrap_or(NOBODY_SPECIAL),
        timezone: timezone(setting),
        locale: locale(setting),
    }
}

/// The caller's account, where it is a person's.
pub(super) fn usual(setting: &Setting<'_>) -> Inhabitant {
    let uid = setting.invocation.uid;
    let gid = rustix::process::getegid().as_raw();
    let said = setting.heeded("USER").or_else(|| setting.heeded("LOGNAME"));
    let name = said.filter(|name| *name != "root" && fits(name)).map(str::to_owned);
    let own = |number: u32| if number == 0 { NOBODY_SPECIAL } else { number };
    Inhabitant {
        name: Some(name.unwrap_or_else(|| "me".to_owned())),
        uid: Some(own(uid)),
        gid: Some(own(gid)),
    }
}

fn fits(name: &str) -> bool {
    let first = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    first && name.len() <= 32 && name.chars().all(|c| c.is_ascii_alphanumeric() || "_.-".contains(c))
}

/// As `git config --global` has it here.
pub(super) fn git() -> Git {
    Git { name: git_says("user.name"), email: git_says("user.email") }
}

fn git_says(key: &str) -> Option<String> {
    let asked =
        Command::new("git").args(["config", "--global", "--get", key]).stdin(Stdio::null()).output().ok()?;
    let said = String::from_utf8(asked.stdout).ok()?.trim().to_owned();
    (asked.status.success() && !said.is_empty() && !said.contains(char::is_control)).then_some(said)
}

/// The zone's name: `TZ`, or where `/etc/localtime` leads.
fn timezone(setting: &Setting<'_>) -> Option<String> {
    let fits = |zone: &str| {
        !zone.is_empty()
            && zone.len() <= 64
            && zone.chars().all(|c| c.is_ascii_alphanumeric() || "_/+-".contains(c))
    };
    if let Some(zone) = setting.heeded("TZ") {
        return Some(zone.trim_start_matches(':').to_owned()).filter(|zone| fits(zone));
    }
    let link = std::fs::read_link("/etc/localtime").ok()?;
    let zone = link.to_str()?.split_once("zoneinfo/")?.1.to_owned();
    Some(zone).filter(|zone| fits(zone))
}

fn locale(setting: &Setting<'_>) -> Option<String> {
    let said = ["LC_ALL", "LC_CTYPE", "LANG"].iter().find_map(|name| setting.heeded(name))?;
    let fits = said.len() <= 64 && said.chars().all(|c| c.is_ascii_alphanumeric() || "_.@-".contains(c));
    fits.then(|| said.to_owned())
}
