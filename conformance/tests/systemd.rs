//! The units of `packaging/`, installed as its README says, on a machine of their own: a real systemd with control groups
//! version 2, an engine that maps users, a tenant with a directory and a socket in a container, and a reboot.

#[path = "systemd/harbour.rs"]
mod harbour;

use harbour::Harbour;
use wharf_testkit::or_skip;

/// One story, since the machine takes its time: what holds while it runs, over restarts of each service, and over a reboot.
#[test]
fn services_keep_their_promises_over_restarts_and_a_reboot() {
    let Some(mut harbour) = or_skip(Harbour::opened()) else { return };
    harbour.installs_as_the_readme_says();
    harbour.starts_the_gateway_when_somebody_knocks();
    harbour.runs_a_container_with_a_directory_and_a_socket();
    harbour.runs_a_pod_of_the_administrators();
    harbour.runs_a_pod_of_the_tenants();
    harbour.has_the_kernel_hold_the_tenants_limits();
    harbour.lets_somebody_in_whose_certificate_is_renewed();
    harbour.has_its_engine_secured_and_undoes_that();
    harbour.answers_in_the_container();

    let before = harbour.sight();
    harbour.restarts("wharf.service");
    harbour.answers_in_the_container();
    assert_eq!(harbour.sight(), before, "the container does not notice, and its socket is the same");
    harbour.restarts("wharf-pins.service");
    harbour.answers_in_the_container();
    assert_eq!(harbour.sight(), before, "a restart of the helper changes nothing, either");
    harbour.has_lost_no_connection();

    harbour.restarts("docker.service");
    harbour.answers_in_the_container();
    let after = harbour.sight();
    assert_eq!(after.socket, before.socket);
    assert_ne!(after.started, before.started);

    harbour.reboots();
    harbour.has_everything_up_in_order();
    harbour.answers_in_the_container();
    harbour.has_the_kernel_hold_the_tenants_limits();
    harbour.runs_its_pod_again();
    harbour.has_lost_no_connection();
    harbour.says_nothing_was_amiss();
}
