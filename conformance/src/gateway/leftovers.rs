//! Removing from a shared engine what a story left there: never more than what bears its tenant's label or its own
//! prefix.

use wharf_testkit::{Engine, output};

/// `$1` selects containers, volumes and networks; image references begin with `$2`.
const SWEEP: &str = r#"
docker ps -aq --no-trunc --filter "$1" | xargs -r docker rm -fv
docker volume ls -q --filter "$1" | xargs -r docker volume rm
docker network ls -q --no-trunc --filter "$1" | xargs -r docker network rm
docker images --format '{{.Repository}}:{{.Tag}}' | awk -v begin="$2" 'index($0, begin) == 1' | xargs -r docker rmi
"#;

/// What a tenant left.
pub(super) fn sweep_tenant(engine: &Engine, tenant: &str) {
    sweep(engine, &format!("label=wharf.tenant={tenant}"), &format!("wharf.invalid/{tenant}/"));
    // The groups that a gateway made stay when it ends, and would become thousands.
    for entry in std::fs::read_dir("/sys/fs/cgroup").into_iter().flatten().flatten() {
        let _in_use = std::fs::remove_dir(entry.path().join("wharf").join(tenant));
    }
}

/// What somebody without a tenant left: a story's own names all begin alike.
pub(super) fn sweep_prefix(engine: &Engine, prefix: &str) {
    sweep(engine, &format!("name=^{prefix}"), prefix);
}

fn sweep(engine: &Engine, objects: &str, images: &str) {
    // A story's own result matters more than what it left.
    let _ = output(engine.in_netns("sh").args(["-c", SWEEP, "sweep", objects, images]));
}
