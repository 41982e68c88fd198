//! What becomes of a tenant's containers when the tenant is taken out of the configuration.

use wharf_conformance::eventually;
use wharf_conformance::gateway::{Gateway, ORDINARY, through_the_gateway};

#[test]
fn what_a_removed_tenant_left_runs_on_or_is_stopped_as_the_configuration_says() {
    through_the_gateway(|engine| {
        let gateway = Gateway::on(engine).tenant("alice", ORDINARY).tenant("bob", ORDINARY).start();
        let [alice, bob] = ["alice", "bob"].map(|role| gateway.as_tenant(role, engine.kind()));
        for tenant in [&alice, &bob] {
            tenant.sh("docker run -d --init --restart always --name box busybox sleep 600").succeeds();
        }
        alice.sh("docker run -d --init --name still busybox sleep 600 && docker pause still").succeeds();
        // It is not asked how long it wants to go on.
        let deaf = "docker run -d --stop-timeout 86400 --name deaf busybox sh -c 'trap \"\" TERM; while :; do sleep 1; done'";
        alice.sh(deaf).succeeds();
        let running = |name: &str| {
            let label = format!("label=wharf.tenant={}", gateway.tenant_name(name));
            engine.docker(["ps", "-q", "--filter", &label]).unwrap().lines().count()
        };
        assert_eq!((running("alice"), running("bob")), (3, 1));

        let name = gateway.tenant_name("alice").to_owned();
        gateway.reload(&format!("  {name}:\n"), "  away:\n");
        eventually("the account is another tenant's", || {
            (alice.sh("docker ps -aq | wc -l").stdout().trim() == "0").then_some(())
        });
        assert_eq!((running("alice"), running("bob")), (3, 1));

        gateway.reload("tenants:\n", "stop_removed_tenants: true\ntenants:\n");
        eventually("what nobody has is stopped", || (running("alice") == 0).then_some(()));
        assert_eq!(running("bob"), 1);
        // What somebody starts again is stopped again: a restart may have been under way.
        let again = engine.docker(["ps", "-aq", "--filter", &format!("name={name}--box")]).unwrap();
        engine.docker(["start", again.trim()]).unwrap();
        eventually("it is stopped again", || (running("alice") == 0).then_some(()));
        let left = engine.docker(["ps", "-aq", "--filter", &format!("label=wharf.tenant={name}")]).unwrap();
        assert_eq!(left.lines().count(), 3, "nothing is removed: {left}");
        eventually("all stops are recorded", || {
            let trail = std::fs::read_to_string(gateway.path("state/audit.jsonl")).unwrap();
            let stops = trail
                .lines()
                .filter(|line| line.contains("its tenant was removed") && line.contains("\"done\""));
            (stops.count() == 4).then_some(())
        });
    });
}
