//! Nothing is resumed: who comes back shows the certificate again, and is asked again.

use crate::at_the_network;
use crate::peer::{s_client, shown};

#[test]
fn no_session_is_resumed_and_none_after_revocation() {
    at_the_network(|gateway| {
        let folder = gateway.export("alice", "laptop");
        let at = |name: &str| folder.join(name).display().to_string();
        let (ca, cert, key, session) = (at("ca.pem"), at("cert.pem"), at("key.pem"), at("session"));
        for version in ["-tls1_2", "-tls1_3"] {
            let spoken = |more: &[&str]| {
                s_client(gateway, &[shown(&ca, &cert, &key), vec![version], more.to_vec()].concat())
            };
            let first = spoken(&["-sess_out", &session]).prints("HTTP/1.1 200 OK").prints("New, TLSv1.");
            first.never_says("TLS session ticket:");
            if std::path::Path::new(&session).exists() {
                let again = spoken(&["-sess_in", &session]).prints("New, TLSv1.").prints("HTTP/1.1 200 OK");
                again.never_says("Reused, TLSv1.");
                std::fs::rename(&session, at(&format!("session{version}"))).unwrap();
            }
            // Early data has no session to go with.
            spoken(&["-msg"]).never_says("Early data was accepted");
        }
        gateway.wharf(&["cert", "revoke", &format!("{}/laptop", gateway.tenant_name("alice"))]).succeeds();
        for version in ["-tls1_2", "-tls1_3"] {
            let kept = at(&format!("session{version}"));
            let with_session = ["-sess_in", kept.as_str()];
            let more: &[&str] = if std::path::Path::new(&kept).exists() { &with_session } else { &[] };
            let run = s_client(gateway, &[shown(&ca, &cert, &key), vec![version], more.to_vec()].concat());
            run.never_says("HTTP/1.1").never_says("Reused, TLSv1.").says("alert certificate revoked");
        }
    });
}
