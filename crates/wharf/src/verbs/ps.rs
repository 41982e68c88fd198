//! `wharf ps [POD]`: pods and their containers.

use crate::exit::Exit;
use crate::failure::Failure;
use crate::setting::Setting;
use crate::show::{self, one_line, table};
use crate::verbs::{NOTHING_CHANGED, block_on, pod_named};
use wharf_model::PodName;
use wharf_reconcile::{Listed, ListedPort, Quiet, list};
use wharf_wire::Info;

pub(crate) fn run(setting: &Setting<'_>, pod: Option<&str>) -> Result<Exit, Failure> {
    let pod: Option<PodName> = pod.map(pod_named).transpose()?;
    let actor = match &pod {
        Some(pod) => setting.actor(pod),
        None => setting.administrator("ps")?,
    };
    let means = setting.means(actor)?;
    let door = means.door(&Quiet);
    let (listed, info) = block_on(NOTHING_CHANGED, async {
        // Asked first: its head says which version to speak, for which the engine would be asked otherwise.
        let info = means.engine.observe(&Info).await?;
        Ok((list(&door, pod.as_ref()).await?, info))
    })?;
    if setting.common.json {
        show::print_json(&listed);
    } else if listed.is_empty() {
        show::say(&pod.map_or_else(|| "no pods".to_owned(), |pod| format!("no pod `{pod}`")));
    } else {
        show::print(&table(&["POD", "CONTAINER", "IMAGE", "STATUS", "PORTS"], &rows(&listed)));
    }
    if info.is_rootless() && !setting.common.json && !setting.common.quiet {
        show::say("a rootless engine: all this has the rights of the account that runs it, and no more");
    }
    Ok(Exit::Done)
}

fn rows(listed: &[Listed]) -> Vec<Vec<String>> {
    let containers =
        listed.iter().flat_map(|pod| pod.containers.iter().map(move |container| (&pod.pod, container)));
    containers
        .map(|(pod, container)| {
            vec![
                pod.to_string(),
                container.container.as_ref().map_or_else(|| "(root)".to_owned(), ToString::to_string),
                one_line(&container.image),
                one_line(&container.status),
                ports(&container.ports),
            ]
        })
        .collect()
}

fn ports(ports: &[ListedPort]) -> String {
    let shown = |port: &ListedPort| {
        let address =
            if port.address.contains(':') { format!("[{}]", port.address) } else { port.address.clone() };
        format!("{address}:{}->{}/{}", port.host, port.container, port.protocol)
    };
    ports.iter().map(shown).collect::<Vec<_>>().join(", ")
}
