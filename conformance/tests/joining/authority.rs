//! The administrator's words, and those who are not the administrator.

use std::path::Path;
use std::process::Command;

use wharf_conformance::Run;
use wharf_testkit::{TestDir, wharf_program};

fn wharf(directory: &TestDir, words: &[&str]) -> Run {
    Run::of(&mut command(directory, words), b"")
}

fn command(directory: &TestDir, words: &[&str]) -> Command {
    let mut command = Command::new(wharf_program().expect("the wharf under test"));
    for variable in
        ["SUDO_UID", "SUDO_GID", "WHARF_HOST_CONFIG", "WHARF_STATE_DIR", "WHARF_CA_PASSPHRASE_FILE"]
    {
        command.env_remove(variable);
    }
    command.arg("--config").arg(directory.join("host.yml"));
    command.args(words);
    command
}

fn host() -> TestDir {
    let directory = TestDir::new().expect("a directory");
    let text = format!(
        "listen: ['tcp://127.0.0.1:2376']\nstate_dir: {}\ntenants: {{alice: {{users: [nobody]}}}}\n",
        directory.join("state").display()
    );
    directory.write("host.yml", text).expect("a configuration");
    directory
        .write("state/tenants.json", r#"{"alice": {"generation": 1, "present": true, "number": 1}}"#)
        .expect("a book");
    directory
}

fn identity(directory: &TestDir, name: &str) -> Vec<u8> {
    std::fs::read(directory.join("state/identity").join(name)).unwrap_or_default()
}

#[test]
fn an_authority_is_never_overwritten() {
    let host = host();
    let fingerprint = wharf(&host, &["ca", "init", "--names", "quay,192.0.2.7"]).succeeds().stdout();
    let before = identity(&host, "authority.pem");
    for words in [
        &["ca", "init"][..],
        &["ca", "init", "--names", "pier"],
        &["ca", "init", "--import", "/etc/hostname"],
    ] {
        wharf(&host, words).exits(2).says("this host has an authority already").says(fingerprint.trim());
    }
    assert_eq!(identity(&host, "authority.pem"), before);
    // Its book gone, what was issued and revoked is not known any more.
    std::fs::rename(host.join("state/identity/identity.json"), host.join("aside")).unwrap();
    for words in
        [&["ca", "init"][..], &["ca", "show"], &["ca", "rotate"], &["cert", "ls"], &["invite", "alice"]]
    {
        wharf(&host, words).exits(1).says("put back what was there");
    }
    assert_eq!(identity(&host, "authority.pem"), before);
}

#[test]
fn the_fingerprint_is_the_one_that_openssl_shows() {
    let host = host();
    let fingerprint = wharf(&host, &["ca", "init"]).succeeds().stdout();
    let pem = host.join("state/identity/authority.pem");
    let mut openssl = Command::new("openssl");
    let shown =
        Run::of(openssl.args(["x509", "-noout", "-fingerprint", "-sha256", "-in"]).arg(&pem), b"").succeeds();
    let digits: String = shown.stdout().trim().split('=').nth(1).unwrap().replace(':', "").to_lowercase();
    assert_eq!(fingerprint.trim(), format!("sha256:{digits}"));
}

#[test]
fn names_are_added_and_removed_and_are_those_of_the_certificate() {
    let host = host();
    wharf(&host, &["ca", "init", "--names", "Quay,192.0.2.7"]).succeeds();
    wharf(&host, &["ca", "names"]).succeeds().prints("quay\n192.0.2.7");
    wharf(&host, &["ca", "names", "--add", "2001:db8:0::7", "--remove", "quay"]).succeeds();
    wharf(&host, &["ca", "names", "--remove", "quay"]).exits(2).says("is not among the names");
    wharf(&host, &["ca", "names", "--set", "bad name"]).exits(2).says("neither a host's name nor an address");
    wharf(&host, &["ca", "names", "--remove", "192.0.2.7,2001:db8::7"]).exits(2).says("needs a name");
    let mut openssl = Command::new("openssl");
    openssl
        .args(["x509", "-noout", "-ext", "subjectAltName", "-in"])
        .arg(host.join("state/identity/server.pem"));
    let _names =
        Run::of(&mut openssl, b"").succeeds().prints("IP Address:192.0.2.7, IP Address:2001:DB8:0:0:0:0:0:7");
    let said = wharf(&host, &["invite", "alice", "--address", "quay:2376"]).exits(2);
    said.says("nobody could tell that it is this one").says("wharf ca names --add quay");
}

#[test]
fn an_authority_of_openssls_or_mkcerts_is_taken_over_and_invites_nobody() {
    for key in ["ec -pkeyopt ec_paramgen_curve:P-256", "rsa:3072"] {
        let host = host();
        let script = format!(
            "openssl req -x509 -newkey {key} -nodes -keyout rootCA-key.pem -out rootCA.pem -days 30 -subj /O=mkcert \
             -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign"
        );
        let _made =
            Run::of(Command::new("sh").args(["-c", &script]).current_dir(host.path()), b"").succeeds();
        let [certificate, key] =
            ["rootCA.pem", "rootCA-key.pem"].map(|name| host.join(name).display().to_string());
        wharf(&host, &["ca", "init", "--import", &certificate]).exits(1).says("no private key");
        assert!(identity(&host, "authority.pem").is_empty());
        wharf(&host, &["ca", "init", "--names", "127.0.0.1", "--import", &certificate, "--import", &key])
            .succeeds();
        wharf(&host, &["ca", "show"]).succeeds().prints("O=mkcert").prints("imported");
        let mut openssl = Command::new("openssl");
        openssl.args(["verify", "-purpose", "sslserver", "-CAfile", &certificate]);
        let _verified = Run::of(openssl.arg(host.join("state/identity/server.pem")), b"").succeeds();
        wharf(&host, &["invite", "alice"]).exits(2).says("was imported").says("certificates: {laptop:");
        let to = host.join("x").display().to_string();
        wharf(&host, &["cert", "export", "alice", "--user", "x", "--to", &to]).exits(2).says("was imported");
        wharf(&host, &["ca", "rotate"]).exits(2).says("--import FILE");
    }
}

#[test]
fn what_is_no_authority_is_not_imported() {
    let host = host();
    let script = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout k.pem -out c.pem -days 3 \
                  -subj /CN=leaf -addext basicConstraints=critical,CA:FALSE && openssl genpkey -algorithm EC -pkeyopt \
                  ec_paramgen_curve:P-256 -out other.pem && openssl req -x509 -key k.pem -out ca.pem -days 3 -subj /CN=ca \
                  -addext basicConstraints=critical,CA:TRUE";
    let _made = Run::of(Command::new("sh").args(["-c", script]).current_dir(host.path()), b"").succeeds();
    let import = |names: [&str; 2]| {
        let [one, two] = names.map(|name| host.join(name).display().to_string());
        wharf(&host, &["ca", "init", "--names", "quay", "--import", &one, "--import", &two])
    };
    import(["c.pem", "k.pem"]).exits(1).says("is not an authority's");
    import(["ca.pem", "other.pem"]).exits(1).says("does not belong");
    import(["ca.pem", "missing.pem"]).exits(2);
    import(["ca.pem", "host.yml"]).exits(1).says("no private key");
    assert!(!host.join("state/identity/authority.pem").exists());
    import(["ca.pem", "k.pem"]).succeeds();
}

#[test]
fn these_words_are_the_administrators() {
    let host = host();
    wharf(&host, &["ca", "init", "--names", "127.0.0.1"]).succeeds();
    let before = identity(&host, "identity.json");
    let to = host.join("x").display().to_string();
    for words in [
        &["ca", "show"][..],
        &["ca", "names", "--add", "evil"],
        &["ca", "rotate"],
        &["ca", "rotate", "--now"],
        &["invite", "alice"],
        &["cert", "ls"],
        &["cert", "revoke", "--tenant", "alice"],
        &["cert", "lease", "--for", "1h", "--to", "alice/x"],
        &["cert", "export", "alice", "--user", "x", "--to", &to],
        &["cert", "renew"],
        &["join", "127.0.0.1:2376", "wharf1-x"],
    ] {
        let mut sudo = command(&host, words);
        let run =
            Run::of(sudo.env("SUDO_UID", "65534").env("SUDO_GID", "65534").env("SUDO_USER", "nobody"), b"");
        assert!(matches!(run.status(), 2 | 3) && run.stdout().is_empty(), "{run}");
    }
    assert_eq!(identity(&host, "identity.json"), before);
    assert!(!Path::new(&to).exists());
}

#[test]
fn what_is_damaged_is_an_error_and_no_new_beginning() {
    let host = host();
    wharf(&host, &["ca", "init", "--names", "127.0.0.1"]).succeeds();
    let path = host.join("state/identity/identity.json");
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, &text[..text.len() / 2]).unwrap();
    for words in [
        &["ca", "init"][..],
        &["ca", "rotate"],
        &["invite", "alice"],
        &["cert", "ls"],
        &["cert", "revoke", "00000000"],
    ] {
        wharf(&host, words).exits(1).says("is not understood; put back what was there");
    }
    std::fs::write(&path, text).unwrap();
    let pem = host.join("state/identity/authority.pem");
    run("chmod 640", &pem);
    wharf(&host, &["ca", "rotate"]).exits(1).says("can be read by others");
    run("chmod 600", &pem);
    wharf(&host, &["ca", "rotate"]).succeeds();
}

fn run(words: &str, path: &Path) {
    let mut command = Command::new("sh");
    let _done = Run::of(command.args(["-c", &format!("{words} {}", path.display())]), b"").succeeds();
}

#[test]
fn what_is_taken_back_is_named_by_number_by_user_or_by_tenant() {
    let host = host();
    wharf(&host, &["ca", "init", "--names", "127.0.0.1"]).succeeds();
    for user in ["laptop", "nas", "phone"] {
        let to = host.join(user).display().to_string();
        wharf(&host, &["cert", "export", "alice", "--user", user, "--to", &to]).succeeds();
    }
    wharf(&host, &["invite", "alice", "--user", "nas"]).succeeds();
    let good = || -> Vec<String> {
        let listed = wharf(&host, &["--json", "cert", "ls"]).succeeds().json();
        let all = listed["certificates"].as_array().unwrap().iter();
        all.map(|entry| entry["user"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(good(), ["laptop", "nas", "phone"]);
    let listed = wharf(&host, &["--json", "cert", "ls"]).succeeds().json();
    let serial = listed["certificates"][0]["serial"].as_str().unwrap().to_owned();
    for wrong in ["alice/nobody", "bob", "--tenant=bob", "0123", "zzzzzzzz", "alice/", "/nas"] {
        wharf(&host, &["cert", "revoke", wrong]).exits(2);
    }
    wharf(&host, &["cert", "revoke", "ffffffff00"]).exits(2).says("there is no certificate `ffffffff00`");
    assert_eq!(good().len(), 3);
    // As openssl prints it.
    let printed = serial
        .to_uppercase()
        .as_bytes()
        .chunks(2)
        .map(|pair| std::str::from_utf8(pair).unwrap())
        .collect::<Vec<_>>()
        .join(":");
    wharf(&host, &["cert", "revoke", &printed[..29]]).succeeds().says("took back 1 certificate");
    assert_eq!(good(), ["nas", "phone"]);
    wharf(&host, &["cert", "revoke", "alice/nas"])
        .succeeds()
        .says("took back 1 certificate, and 1 open invitation");
    assert_eq!(good(), ["phone"]);
    wharf(&host, &["cert", "revoke", "alice/nas"]).succeeds().says("took back 0 certificates");
    wharf(&host, &["cert", "revoke", "--tenant", "alice"]).succeeds();
    assert_eq!(good(), [""; 0]);
    let all = wharf(&host, &["cert", "ls", "--all"]).succeeds();
    assert_eq!(all.stdout().matches("revoked 2").count(), 3, "{all}");
    let trail = std::fs::read_to_string(host.join("state/audit.jsonl")).unwrap();
    let revoked = trail.lines().filter(|line| line.contains("certificate-revoke")).count();
    assert_eq!(revoked, 4, "what was mistyped is no change: {trail}");
}
