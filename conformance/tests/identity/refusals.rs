//! Certificates that are not let in, and hands that are not shaken. Each is wrong in one way, and refused within the
//! handshake: nothing of HTTP is read before.

use crate::at_the_network;
use crate::forge::{Wish, authority, change_book, enter, key_of, uri};
use crate::imposter::{self, Version};
use crate::peer::{anonymous_curl, curl, is_let_in, s_client, shown, url};
use std::path::Path;
use std::process::Command;
use wharf_conformance::Run;
use wharf_conformance::gateway::Gateway;
use wharf_testkit::EngineKind;

/// Shows first that such a certificate is let in when nothing is wrong with it.
fn good(gateway: &Gateway<'_>) -> Wish {
    let _template = gateway.export("alice", "laptop");
    let wish = Wish::good(gateway, "alice");
    let run = curl(gateway, &wish.forge(gateway), &[&url("/_ping")]).succeeds();
    let run = run.succeeds();
    assert_eq!(run.stdout(), "OK");
    wish
}

/// It is refused, with this alert.
fn is_refused(gateway: &Gateway<'_>, folder: &Path, alert: &str) {
    let run = curl(gateway, folder, &[&url("/_ping")]);
    assert_ne!(run.status(), 0, "{run}");
    assert_eq!(run.stdout(), "", "{run}");
    run.says(&format!("alert {alert}"));
    // Nor by the older way, where the server speaks last; curl does not show each alert there.
    let run = curl(gateway, folder, &["--tls-max", "1.2", &url("/_ping")]);
    assert_ne!(run.status(), 0, "{run}");
    assert_eq!(run.stdout(), "", "{run}");
}

#[test]
fn a_certificate_of_another_authority_is_refused() {
    at_the_network(|gateway| {
        let wish = good(gateway);
        let mut subject = Command::new("openssl");
        subject.args(["x509", "-noout", "-subject", "-nameopt", "compat", "-in"]).arg(authority(gateway));
        let subject = Run::of(&mut subject, b"").succeeds().stdout();
        let same_name = subject.trim().trim_start_matches("subject=").trim();
        // The same bearer, entered in the book; even the authority is called the same. The key is another.
        for (name, alert) in [("/CN=another", "unknown ca"), (same_name, "decrypt error")] {
            let folder = wish.forge(gateway);
            let mut own = Command::new("sh");
            own.args(["-euc", OTHER_AUTHORITY, "own", name]).current_dir(&folder);
            Run::of(&mut own, b"").succeeds();
            let other = Wish { signer: folder.join("authority.pem"), ..wish.clone() };
            is_refused(gateway, &other.forge(gateway), alert);
        }
    });
}

/// An authority called `$1`.
const OTHER_AUTHORITY: &str = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout own.key \
                               -out own.pem -days 9 -subj \"$1\" -addext keyUsage=critical,keyCertSign && \
                               cat own.pem own.key >authority.pem";

#[test]
fn an_expired_certificate_is_refused() {
    at_the_network(|gateway| {
        let expired = Wish { until: -2, ..good(gateway) };
        is_refused(gateway, &expired.forge(gateway), "certificate expired");
    });
}

#[test]
fn a_certificate_that_is_not_valid_yet_is_refused() {
    at_the_network(|gateway| {
        let early = Wish { from: 600, until: 1200, ..good(gateway) };
        is_refused(gateway, &early.forge(gateway), "");
    });
}

#[test]
fn a_revoked_certificate_is_refused_from_then_on() {
    at_the_network(|gateway| {
        let (laptop, phone) = (gateway.export("alice", "laptop"), gateway.export("alice", "phone"));
        assert!(is_let_in(gateway, &laptop));
        gateway.wharf(&["cert", "revoke", &format!("{}/laptop", gateway.tenant_name("alice"))]).succeeds();
        is_refused(gateway, &laptop, "certificate revoked");
        assert!(is_let_in(gateway, &phone), "and no other");
    });
}

#[test]
fn a_certificate_that_is_not_for_clients_is_refused() {
    at_the_network(|gateway| {
        let wish = good(gateway);
        let name = format!("URI:{}", uri(gateway.tenant_name("alice"), 1));
        for usage in ["codeSigning", "serverAuth", "serverAuth,codeSigning", ""] {
            is_refused(gateway, &wish.clone().saying(&name, usage).forge(gateway), "");
        }
    });
}

#[test]
fn a_certificate_of_ours_for_more_than_clients_names_nobody() {
    at_the_network(|gateway| {
        let wish = good(gateway);
        let name = format!("URI:{}", uri(gateway.tenant_name("alice"), 1));
        is_refused(gateway, &wish.saying(&name, "clientAuth,serverAuth").forge(gateway), "");
    });
}

#[test]
fn the_servers_own_certificate_is_nobodys_as_a_client() {
    at_the_network(|gateway| {
        let folder = good(gateway).forge(gateway);
        let server = gateway.path("state/identity/server.pem");
        std::fs::copy(&server, folder.join("cert.pem")).unwrap();
        std::fs::copy(&server, folder.join("key.pem")).unwrap();
        let mut serial = Command::new("openssl");
        serial.args(["x509", "-noout", "-serial", "-in"]).arg(&server);
        let serial =
            Run::of(&mut serial, b"").succeeds().stdout().trim().replace("serial=", "").to_lowercase();
        // Even if the book said so.
        enter(gateway, &serial, gateway.tenant_name("alice"), 1, &key_of(&folder));
        is_refused(gateway, &folder, "");
    });
}

#[test]
fn a_certificate_with_two_names_is_nobodys() {
    at_the_network(|gateway| {
        let wish = good(gateway);
        let [alice, bob] = ["alice", "bob"].map(|role| uri(gateway.tenant_name(role), 1));
        for names in [
            format!("URI:{alice},URI:{bob}"),
            format!("URI:{bob},URI:{alice}"),
            format!("URI:{alice},URI:{alice}"),
            format!("URI:{alice},DNS:localhost"),
            format!("email:a@b,URI:{alice}"),
        ] {
            is_refused(
                gateway,
                &wish.clone().saying(&names, "clientAuth").forge(gateway),
                "certificate unknown",
            );
        }
    });
}

#[test]
fn a_name_that_is_not_spelt_as_ours_is_nobodys() {
    at_the_network(|gateway| {
        let (wish, tenant) = (good(gateway), gateway.tenant_name("alice"));
        for name in [
            format!("URI:wharf:tenant/{tenant}/01/forged"),
            format!("URI:wharf:tenant/{tenant}/1/forged/"),
            format!("URI:WHARF:tenant/{tenant}/1/forged"),
            format!("URI:wharf://tenant/{tenant}/1/forged"),
            format!("DNS:{tenant}"),
            format!("email:{tenant}@forged"),
        ] {
            is_refused(
                gateway,
                &wish.clone().saying(&name, "clientAuth").forge(gateway),
                "certificate unknown",
            );
        }
        // What stands in the subject says nothing.
        let subject = Wish { subject: format!("/CN={}", uri(tenant, 1).replace('/', "\\/")), ..wish };
        let by_subject = subject.saying("DNS:localhost", "clientAuth");
        is_refused(gateway, &by_subject.forge(gateway), "certificate unknown");
    });
}

#[test]
fn a_name_that_is_no_tenant_is_refused() {
    at_the_network(|gateway| {
        let wish = Wish { entered: Some(("nobody".to_owned(), 1)), ..good(gateway) };
        let nobody = wish.saying(&format!("URI:{}", uri("nobody", 1)), "clientAuth");
        is_refused(gateway, &nobody.forge(gateway), "certificate unknown");
    });
}

#[test]
fn a_tenant_of_another_generation_is_refused() {
    at_the_network(|gateway| {
        let tenant = gateway.tenant_name("alice").to_owned();
        let wish = Wish { entered: Some((tenant.clone(), 2)), ..good(gateway) };
        let next = wish.saying(&format!("URI:{}", uri(&tenant, 2)), "clientAuth");
        is_refused(gateway, &next.forge(gateway), "certificate unknown");
    });
}

#[test]
fn a_certificate_that_the_book_does_not_know_is_refused() {
    at_the_network(|gateway| {
        let unknown = Wish { entered: None, ..good(gateway) };
        is_refused(gateway, &unknown.forge(gateway), "certificate unknown");
        // Nor one that it knows as another's, or with another key.
        let wish = Wish::good(gateway, "alice");
        let of_bob = Wish { entered: Some((gateway.tenant_name("bob").to_owned(), 1)), ..wish.clone() };
        is_refused(gateway, &of_bob.forge(gateway), "certificate unknown");
        let folder = wish.forge(gateway);
        assert!(is_let_in(gateway, &folder));
        change_book(gateway, |book| {
            for issued in book["issued"].as_object_mut().unwrap().values_mut() {
                issued["key"] = format!("sha256:{}", "ab".repeat(32)).into();
            }
        });
        is_refused(gateway, &folder, "certificate unknown");
    });
}

#[test]
fn what_a_client_has_signed_is_nobodys() {
    at_the_network(|gateway| {
        let wish = good(gateway);
        let laptop = wish.forge(gateway);
        let signer = laptop.join("signer.pem");
        let both = ["cert.pem", "key.pem"].map(|name| std::fs::read_to_string(laptop.join(name)).unwrap());
        std::fs::write(&signer, both.concat()).unwrap();
        let by_client = Wish { signer, ..wish };
        let folder = by_client.forge(gateway);
        let leaf = std::fs::read_to_string(folder.join("cert.pem")).unwrap();
        std::fs::write(folder.join("cert.pem"), format!("{leaf}{}", both[0])).unwrap();
        is_refused(gateway, &folder, "");
    });
}

#[test]
fn somebody_elses_certificate_without_its_key_is_refused() {
    at_the_network(|gateway| {
        let wish = good(gateway);
        let (alices, other) = (wish.forge(gateway), wish.forge(gateway));
        for version in Version::ALL {
            let ping = |key: &Path| imposter::ping(gateway, version, &alices, key);
            assert!(ping(&alices).unwrap().starts_with("HTTP/1.1 200 OK"), "with its key");
            let refused = ping(&other).unwrap_err();
            assert!(refused.contains("DecryptError"), "{refused}");
        }
    });
}

#[test]
fn nobody_comes_in_without_a_certificate() {
    at_the_network(|gateway| {
        let folder = good(gateway).forge(gateway);
        let ca = folder.join("ca.pem").display().to_string();
        for version in ["1.2", "1.3"] {
            let run = anonymous_curl(gateway, &["--cacert", &ca, "--tls-max", version, &url("/_ping")]);
            assert_ne!(run.status(), 0, "{run}");
            assert_eq!(run.stdout(), "");
        }
        let run = s_client(gateway, &["-CAfile", &ca]);
        run.never_says("HTTP/1.1").prints("No client certificate CA names sent");
        for cli in [EngineKind::Docker20, EngineKind::Docker28] {
            let nobody = gateway.as_bearer(&gateway.path("nothing"), cli);
            let script = format!(
                "unset DOCKER_TLS_VERIFY DOCKER_CERT_PATH; docker -H tcp://127.0.0.1:2376 --tls --tlscacert {ca} ps"
            );
            nobody.sh(&script).exits(1).says("certificate required");
        }
    });
}

#[test]
fn bytes_of_http_are_judged_as_at_a_socket() {
    at_the_network(|gateway| {
        let folder = good(gateway).forge(gateway);
        let hidden = "GET /v1.41/info HTTP/1.1\r\nHost: d\r\nConnection: close\r\n\r\n";
        let twofold = "POST /v1.41/containers/prune HTTP/1.1\r\nHost: d\r\nContent-Length: 4\r\nTransfer-Encoding: chunked";
        let bare = "GET /_ping HTTP/1.1\nHost: d";
        for version in Version::ALL {
            for head in [twofold, bare] {
                let bytes = format!("{head}\r\n\r\n0\r\n\r\n{hidden}");
                let answer = imposter::say(gateway, version, (&folder, &folder), bytes.as_bytes()).unwrap();
                assert!(answer.starts_with("HTTP/1.1 400"), "{answer}");
                assert_eq!(answer.matches("HTTP/1.1 ").count(), 1, "{answer}");
            }
            let answer = imposter::say(gateway, version, (&folder, &folder), hidden.as_bytes()).unwrap();
            assert!(answer.starts_with("HTTP/1.1 200"), "what was hidden is a request: {answer}");
        }
    });
}

#[test]
fn tls_before_1_2_and_what_is_weak_in_1_2_are_refused() {
    at_the_network(|gateway| {
        let folder = good(gateway).forge(gateway);
        let at = |name: &str| folder.join(name).display().to_string();
        let (ca, cert, key) = (at("ca.pem"), at("cert.pem"), at("key.pem"));
        let spoken = |more: &[&str]| s_client(gateway, &[shown(&ca, &cert, &key), more.to_vec()].concat());
        spoken(&["-tls1_2"]).prints("HTTP/1.1 200 OK");
        for old in ["-tls1", "-tls1_1"] {
            spoken(&[old, "-cipher", "ALL:@SECLEVEL=0"]).never_says("HTTP/1.1").says("alert");
        }
        for weak in [
            "AES128-SHA",
            "AES256-GCM-SHA384",
            "ECDHE-ECDSA-AES128-SHA",
            "DHE-RSA-AES128-GCM-SHA256",
            "aNULL",
        ] {
            let run = spoken(&["-tls1_2", "-cipher", &format!("{weak}:@SECLEVEL=0")]);
            run.never_says("HTTP/1.1").says("alert handshake failure");
        }
    });
}
