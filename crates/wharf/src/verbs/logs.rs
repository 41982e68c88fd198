//! `wharf logs POD [CONTAINER]`: what containers print, each line after its container's name.

use crate::exit::Exit;
use crate::failure::Failure;
use crate::setting::Setting;
use crate::verbs::{NOTHING_CHANGED, block_on, container_named, pod_named, until_reader_left};
use futures_util::future::try_join_all;
use std::io::Write;
use wharf_docker::{Frames, Source};
use wharf_model::ContainerName;
use wharf_reconcile::{Quiet, logs};
use wharf_wire::LogsSpec;

pub(crate) fn run(
    setting: &Setting<'_>,
    pod: &str,
    only: Option<&str>,
    spec: &LogsSpec,
) -> Result<Exit, Failure> {
    let pod = pod_named(pod)?;
    let only = only.map(container_named).transpose()?;
    let means = setting.means(setting.actor(&pod))?;
    let door = means.door(&Quiet);
    block_on(NOTHING_CHANGED, async {
        let streams = logs(&door, &pod, only.as_ref(), spec).await?;
        let width = streams.iter().map(|(name, _)| name.as_str().len()).max().unwrap_or_default();
        let alone = only.is_some();
        let copies = streams.into_iter().map(|(name, frames)| copy(prefix(&name, width, alone), frames));
        until_reader_left(try_join_all(copies).await.map(drop))
            .map_err(|error| Failure::of(Exit::Failed, &error))
    })?;
    Ok(Exit::Done)
}

fn prefix(name: &ContainerName, width: usize, alone: bool) -> String {
    if alone { String::new() } else { format!("{:<width$} | ", name.as_str()) }
}

/// The longest line that is held back for its end.
const MOST_LINE: usize = 64 << 10;

/// Whole lines at a time, so that containers' lines do not mix.
async fn copy(prefix: String, mut frames: Frames) -> std::io::Result<()> {
    let mut held: [Vec<u8>; 2] = [Vec::new(), Vec::new()];
    while let Some(frame) = frames.next().await? {
        let [out, err] = &mut held;
        let buffer = if frame.source == Source::Out { out } else { err };
        buffer.extend(frame.bytes);
        while let Some(end) = buffer.iter().position(|byte| *byte == b'\n') {
            let line: Vec<u8> = buffer.drain(..=end).collect();
            write(frame.source, &prefix, &line)?;
        }
        if buffer.len() > MOST_LINE {
            write(frame.source, &prefix, &std::mem::take(buffer))?;
        }
    }
    let [out, err] = held;
    for (source, rest) in [(Source::Out, out), (Source::Err, err)] {
        if !rest.is_empty() {
            write(source, &prefix, &rest)?;
        }
    }
    Ok(())
}

fn write(source: Source, prefix: &str, line: &[u8]) -> std::io::Result<()> {
    match source {
        Source::Out => write_to(&mut std::io::stdout().lock(), prefix, line),
        Source::Err => write_to(&mut std::io::stderr().lock(), prefix, line),
    }
}

fn write_to(to: &mut dyn Write, prefix: &str, line: &[u8]) -> std::io::Result<()> {
    to.write_all(prefix.as_bytes())?;
    to.write_all(line)?;
    to.flush()
}
