//! What the image's files came to in the home: the session server puts them there before anybody is let in, and says so in
//! its log.

use crate::lifecycle::container_of;
use crate::{Seen, Yard};
use std::time::Duration;
use wharf_docker::Reply;
use wharf_wire::LogsSpec;
use wharf_wire::workstation::WorkstationAct;

/// What comes before the server's first word of itself; a skeleton of a home is not larger.
const MOST: usize = 64 << 10;
/// An engine that keeps no log says nothing, and the home is filled all the same.
const PATIENCE: Duration = Duration::from_secs(2);
/// The server's first word of itself.
const READY: &str = "ready at ";
/// What was brought for the first time concerns nobody.
const QUIET: &str = "installed ";

impl Yard<'_> {
    /// What the owner of a home is told about the files that the image of a new container has for it.
    pub async fn seeded(&self, seen: &Seen) -> Vec<String> {
        let mut said = Vec::new();
        // What has come by then is better than nothing.
        let _in_time = tokio::time::timeout(PATIENCE, self.read_log(seen, &mut said)).await;
        lines(&String::from_utf8_lossy(&said))
    }

    async fn read_log(&self, seen: &Seen, said: &mut Vec<u8>) {
        let Ok(container) = container_of(seen) else { return };
        // The engine writes what a container says a moment after it was said.
        let logs = LogsSpec { follow: true, tail: None, timestamps: false };
        let Ok(Reply::Output(mut frames)) = self.act(container, WorkstationAct::Logs(logs)).await else {
            return;
        };
        while let Ok(Some(frame)) = frames.next().await {
            said.extend(frame.bytes);
            if said.len() > MOST || is_ready(said) {
                return;
            }
        }
    }
}

fn is_ready(said: &[u8]) -> bool {
    String::from_utf8_lossy(said).lines().any(|line| line.starts_with(READY))
}

fn lines(log: &str) -> Vec<String> {
    let said = log.lines().take_while(|line| !line.starts_with(READY));
    said.filter(|line| !line.is_empty() && !line.starts_with(QUIET)).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_left_or_went_wrong_is_told_and_what_is_new_is_not() {
        let log = "installed .profile\nupdated .bashrc\nleft as it is, with changes of its owner's: .vimrc\nready at /run/wharf\nupdated x\n";
        assert_eq!(lines(log), ["updated .bashrc", "left as it is, with changes of its owner's: .vimrc"]);
        assert!(is_ready(log.as_bytes()));
        assert!(!is_ready(b"installed ready at .profile\n"));
    }
}
