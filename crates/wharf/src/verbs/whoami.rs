//! `wharf whoami`: who the caller is to the gateway, what it may have, and what it uses.

use crate::exit::Exit;
use crate::failure::Failure;
use crate::setting::Setting;
use crate::show;
use crate::verbs::{NOTHING_CHANGED, block_on};
use serde_json::Value;
use wharf_docker::Engine;
use wharf_wire::WhoAmI;

pub(crate) fn run(setting: &Setting<'_>) -> Result<Exit, Failure> {
    let endpoint = crate::endpoint::gateway(setting)?;
    let engine = Engine::new(endpoint.clone());
    let told = block_on(NOTHING_CHANGED, async { Ok(engine.observe(&WhoAmI).await) })?;
    let told = told.map_err(|error| match error.status() {
        Some(404) => Failure::usage(format!("`{endpoint}` is an engine, and no gateway: everything is allowed there"))
            .hint("`--host unix:///run/wharf/docker.sock` names the gateway; `wharf context` makes a docker context"),
        _ => error.into(),
    })?;
    if setting.common.json {
        show::print_json(&told);
        return Ok(Exit::Done);
    }
    let text = |pointer: &str| told.pointer(pointer).and_then(Value::as_str).unwrap_or_default();
    show::print(&format!("tenant   {}", show::one_line(text("/tenant"))));
    show::print(&format!("account  {}", show::one_line(text("/user"))));
    if let Some(root) = told.pointer("/mount_root").and_then(Value::as_str) {
        show::print(&format!("pods     {} (their directories)", show::one_line(root)));
    }
    show::print("");
    let rows = ["containers", "memory", "pids", "networks", "volumes", "disk"].map(|kind| {
        let figure =
            |which: &str| told.pointer(&format!("/{which}/{kind}")).and_then(Value::as_u64).unwrap_or(0);
        let shown = |figure: u64| {
            if matches!(kind, "memory" | "disk") { bytes(figure) } else { figure.to_string() }
        };
        vec![kind.to_owned(), shown(figure("used")), shown(figure("allowed"))]
    });
    show::print(&show::table(&["LIMIT", "USED", "ALLOWED"], &rows));
    if let Some(is_hard) = told.get("disk_is_hard").and_then(Value::as_bool) {
        let held = "disk is hard: what containers and volumes write beyond it fails";
        let measured = "disk is measured now and then: what runs is not stopped by it";
        show::print(if is_hard { held } else { measured });
    }
    show::print("");
    for (title, pointer) in [
        ("ports", "/grant/ports"),
        ("pull", "/grant/images/pull"),
        ("push", "/grant/images/push"),
        ("mounts", "/grant/mounts"),
        ("capabilities", "/grant/capabilities"),
        ("shared images", "/shared_images"),
    ] {
        let items = told.pointer(pointer).and_then(Value::as_array).cloned().unwrap_or_default();
        let items: Vec<String> =
            items.iter().map(|item| item.as_str().map_or_else(|| item.to_string(), str::to_owned)).collect();
        let said = if items.is_empty() { "none".to_owned() } else { items.join(", ") };
        show::print(&format!("{title:<14} {}", show::one_line(&said)));
    }
    Ok(Exit::Done)
}

/// As limits are written: `512M`.
fn bytes(figure: u64) -> String {
    let units = [("G", 30), ("M", 20), ("K", 10)];
    let fitting = units.into_iter().find(|(_, shift)| figure >= 1 << shift);
    fitting.map_or_else(
        || figure.to_string(),
        |(unit, shift)| {
            let tenths = (figure >> (shift - 4)) * 10 / 16;
            if tenths.is_multiple_of(10) {
                format!("{}{unit}", tenths / 10)
            } else {
                format!("{}.{}{unit}", tenths / 10, tenths % 10)
            }
        },
    )
}
