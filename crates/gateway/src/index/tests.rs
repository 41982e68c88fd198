//! What counts, and which of two views of one container is believed.

use super::*;
use serde_json::json;
use wharf_model::Generation;

fn alice() -> TenantId {
    TenantId { name: "alice".parse().unwrap(), generation: Generation(1) }
}

fn id(digit: &str) -> ContainerId {
    digit.repeat(64).parse().unwrap()
}

/// A container with 100 bytes of memory and 5 processes, as the engine says it was at that moment.
fn container(digit: &str, state: &str, restart: &str, seen: u64) -> Container {
    let details = json!({
        "Id": id(digit), "Name": format!("/alice--c{digit}"), "Image": format!("sha256:{}", "1".repeat(64)),
        "State": {"Status": state, "ExitCode": 0, "StartedAt": "", "FinishedAt": ""},
        "Config": {"Labels": {"wharf.tenant": "alice", "wharf.generation": "1", "wharf.user": "alice"}},
        "HostConfig": {
            "Memory": 100, "MemorySwap": 100, "PidsLimit": 5, "RestartPolicy": {"Name": restart},
            "LogConfig": {"Type": "json-file", "Config": {"max-size": "1000", "max-file": "3"}},
        },
        "Mounts": [],
    });
    Container::observed(&serde_json::from_value(details).unwrap(), seen).unwrap()
}

fn memory(index: &Index, pending: &[Pending]) -> u64 {
    index.usage(&alice(), None, pending).memory
}

#[test]
fn what_runs_or_would_start_by_itself_counts_and_every_log() {
    let index = Index::default();
    for (digit, state, restart) in [
        ("1", "running", "no"),
        ("2", "exited", "no"),
        ("3", "created", "always"),
        ("4", "paused", "no"),
        ("5", "restarting", "on-failure"),
        ("6", "exited", "unless-stopped"),
    ] {
        assert!(index.learn_container(container(digit, state, restart, index.now())));
    }
    let usage = index.usage(&alice(), None, &[]);
    assert_eq!((usage.memory, usage.pids, usage.containers, usage.disk), (500, 25, 6, 18_000));
    let usage = index.usage(&alice(), Some(&id("1")), &[]);
    assert_eq!((usage.memory, usage.pids, usage.containers), (400, 20, 5));
}

#[test]
fn what_is_being_started_or_changed_counts_with_the_more_of_both() {
    let index = Index::default();
    index.learn_container(container("1", "exited", "no", index.now()));
    index.learn_container(container("2", "running", "no", index.now()));
    let pending = |digit: &str, memory| Pending {
        id: id(digit),
        resources: Resources { memory: Some(memory), ..Resources::default() },
    };
    assert_eq!(memory(&index, &[]), 100);
    assert_eq!(memory(&index, &[pending("1", 100)]), 200);
    assert_eq!(memory(&index, &[pending("2", 150)]), 150);
    assert_eq!(memory(&index, &[pending("2", 50)]), 100, "until it is less");
    assert_eq!(memory(&index, &[pending("3", 50)]), 100, "it is gone");
}

#[test]
fn what_was_seen_before_a_change_does_not_undo_it() {
    let index = Index::default();
    let before = container("1", "created", "no", index.now());
    assert!(index.learn_container(before.clone()));
    index.change_container(&before.owned, |known| known.alive = true);
    assert!(!index.learn_container(before.clone()), "the engine is to be asked again");
    assert_eq!(memory(&index, &[]), 100);
    index.replace([before], [], []);
    assert_eq!(memory(&index, &[]), 100);
    assert!(index.learn_container(container("1", "exited", "no", index.now())));
    assert_eq!(memory(&index, &[]), 0);
}
