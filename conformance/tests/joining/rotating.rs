//! Another authority while people work.

use std::process::Command;

use wharf_conformance::Run;

use crate::{Laptop, ca, invited, with_a_gateway};

#[test]
fn both_authorities_are_trusted_until_the_rotation_is_finished() {
    with_a_gateway(|gateway| {
        let (old, new) = (Laptop::beside(gateway), Laptop::beside(gateway));
        old.joins(gateway, "alice", &["--user", "old"]);
        let first = gateway.wharf(&["ca", "show", "--json"]).succeeds().json();
        let pasted = invited(gateway, &new, "alice", &["--user", "early"]);
        let fingerprint = ca(gateway, &["ca", "rotate"]).succeeds().stdout();
        let shown = gateway.wharf(&["ca", "show", "--json"]).succeeds().json();
        assert_eq!(shown["fingerprint"], fingerprint.trim());
        assert_eq!(
            (&shown["former"], &shown["server_authority"]),
            (&first["fingerprint"], &first["fingerprint"])
        );
        ca(gateway, &["ca", "rotate"]).exits(2).says("a rotation is not finished yet");

        assert!(old.is_let_in(), "the former authority's certificate holds");
        // A token from before, and one from after.
        new.wharf(&pasted).succeeds();
        assert!(new.is_let_in());
        new.joins(gateway, "alice", &["--user", "new"]);
        assert!(new.is_let_in());

        let name = gateway.tenant_name("alice");
        let late = ca(gateway, &["ca", "rotate", "--finish"]).exits(2);
        late.says(&format!("{name}/old"))
            .never_says(&format!("{name}/new"))
            .never_says(&format!("{name}/early"));
        old.wharf(["cert", "renew", "--force"]).succeeds();
        assert!(old.is_let_in());
        // Names are changed meanwhile, too, by the authority that clients know.
        ca(gateway, &["ca", "names", "--add", "quay.example.org"]).succeeds().prints("quay.example.org");
        assert!(old.is_let_in() && new.is_let_in());

        let stale = invited(gateway, &new, "bob", &[]);
        ca(gateway, &["ca", "rotate", "--finish"]).succeeds().says("1 open invitations were withdrawn");
        assert!(old.is_let_in() && new.is_let_in(), "whoever has renewed or joined since goes on");
        let shown = gateway.wharf(&["ca", "show", "--json"]).succeeds().json();
        assert_eq!(
            (&shown["former"], &shown["server_authority"]),
            (&serde_json::Value::Null, &shown["fingerprint"])
        );
        new.wharf([&stale[..], &["--context".into(), "stale".into()]].concat()).exits(3);
        ca(gateway, &["ca", "rotate", "--finish"]).exits(2).says("no rotation is under way");
    });
}

#[test]
fn when_it_is_finished_by_force_who_did_not_renew_is_out() {
    with_a_gateway(|gateway| {
        let laptop = Laptop::beside(gateway);
        laptop.joins(gateway, "alice", &[]);
        ca(gateway, &["ca", "rotate"]).succeeds();
        assert!(laptop.is_let_in());
        ca(gateway, &["ca", "rotate", "--finish", "--force"]).succeeds();
        assert!(!laptop.is_let_in());
        // It does not know the server any more, and tells it nothing.
        laptop.wharf(["cert", "renew", "--force"]).exits(3).says("its authority is another");
        laptop.joins(gateway, "alice", &[]);
        assert!(laptop.is_let_in());
    });
}

#[test]
fn at_once_means_that_nobodys_certificate_holds() {
    with_a_gateway(|gateway| {
        let laptop = Laptop::beside(gateway);
        laptop.joins(gateway, "alice", &[]);
        let folder = laptop.certificates();
        let pasted = invited(gateway, &laptop, "alice", &[]);
        ca(gateway, &["ca", "rotate", "--now"]).succeeds().says("1 certificates were revoked");
        assert!(!laptop.is_let_in());
        laptop.wharf(&pasted).exits(3);
        // Even to who looks away: the server does not let it in, whatever the client thinks of the server.
        let mut openssl = laptop.root_command("openssl");
        openssl.args(["s_client", "-quiet", "-connect", &laptop.gateway_address()]);
        openssl.arg("-cert").arg(folder.join("cert.pem")).arg("-key").arg(folder.join("key.pem"));
        let said = Run::of(&mut openssl, b"GET /_ping HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        assert!(said.stderr().contains("alert") && !said.stdout().contains("HTTP/1.1 200"), "{said}");
        laptop.joins(gateway, "alice", &[]);
        assert!(laptop.is_let_in());
    });
}

#[test]
fn a_certificate_of_the_former_key_made_after_the_fact_is_nobodys() {
    with_a_gateway(|gateway| {
        let laptop = Laptop::beside(gateway);
        laptop.joins(gateway, "alice", &[]);
        let identity = gateway.path("state/identity");
        let stolen = laptop.path("stolen.pem");
        std::fs::copy(identity.join("authority.pem"), &stolen).unwrap();
        ca(gateway, &["ca", "rotate", "--now"]).succeeds();
        let folder = laptop.path("forged");
        std::fs::create_dir(&folder).unwrap();
        let name = gateway.tenant_name("alice");
        let script = format!(
            "openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout key.pem -out csr.pem -subj /CN=x && \
             printf 'subjectAltName=URI:wharf:tenant/{name}/1/{name}\\nextendedKeyUsage=clientAuth\\n' > ext && \
             openssl x509 -req -in csr.pem -CA {0} -CAkey {0} -set_serial 0x41424344 -days 9 -extfile ext -out cert.pem",
            stolen.display()
        );
        let made = Run::of(Command::new("sh").args(["-c", &script]).current_dir(&folder), b"").succeeds();
        drop(made);
        let ask = || {
            let mut curl = laptop.root_command("curl");
            curl.args(["-sk", "--max-time", "10", "--cert"])
                .arg(folder.join("cert.pem"))
                .arg("--key")
                .arg(folder.join("key.pem"));
            Run::of(curl.arg(format!("https://{}/_ping", laptop.gateway_address())), b"")
        };
        assert_ne!(ask().status(), 0, "{}", ask());
    });
}
