//! What is no secret is none, whatever text is around it; what may be shown never holds a value.

use proptest::prelude::*;
use wharf_scan::Scanner;

fn rules(path: &str, text: &str) -> Vec<String> {
    Scanner::new()
        .scan(path, text.as_bytes())
        .into_iter()
        .map(|finding| format!("{}:{}", finding.line, finding.rule))
        .collect()
}

#[test]
fn sealed_and_public_things_are_no_finds() {
    let sealed = "\
version: 1
owner: machine
pod: blog
readers:
  - {name: myhost, key: age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p}
  - {name: ada, key: ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl}
secrets:
  db-password:
    generation: 1763847600
    value: |
      -----BEGIN AGE ENCRYPTED FILE-----
      YWdlLWVuY3J5cHRpb24ub3JnL3YxCi0+IFgyNTUxOSBBS0lBSU9TRk9ETk43RVhB
      AKIA2E0A8F3B244C9986AKIA2E0A8F3B244C9986AKIA2E0A8F3B244C9986abcd
      -----END AGE ENCRYPTED FILE-----
signature: |
  -----BEGIN SSH SIGNATURE-----
  U1NIU0lHAAAAAQAAADMAAAALc3NoLWVkMjU1MTkAAAAg
  -----END SSH SIGNATURE-----
";
    assert_eq!(rules("secrets/blog.yml", sealed), [""; 0]);
    let vault = "db_password: !vault |\n  $ANSIBLE_VAULT;1.1;AES256\n  62313365396662343061393464336163383764373764613633653634306231386433626436623361\n  6134333665353966363534333632666535333761666131620a663537646436643839616531643561\nplain: 1\n";
    assert_eq!(rules("group_vars/all.yml", vault), [""; 0]);
    let sops = "db_password: ENC[AES256_GCM,data:Tr7o1AKIA2E0A8F3B244C9986,iv:1=,tag:ab==,type:str]\nsops:\n  mac: ENC[AES256_GCM,data:aaaa,iv:x,tag:y,type:str]\n";
    assert_eq!(rules("secrets.enc.yaml", sops), [""; 0]);
    for line in [
        "image: nginx@sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "api_key_id: 123e4567-e89b-12d3-a456-426614174000",
        "password: ${DB_PASSWORD}",
        "POSTGRES_PASSWORD_FILE: /run/secrets/db",
        "DB_PASSWORD=",
        "token: !vault x",
        "secrets: [db-password, tls-key]",
        "password_sha256: 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "max_tokens: 4096",
        "url: https://user:password@example.com/",
        "url: postgres://blog:${DB_PASSWORD}@db/blog",
    ] {
        assert_eq!(rules("docker-compose.yml", &format!("services:\n  {line}\n")), [""; 0], "{line}");
    }
    let lock = "name = \"x\"\nchecksum = \"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08\"\ntoken = \"8f3kz0QmWx71LpVn8f3k\"\n";
    assert_eq!(rules("Cargo.lock", lock), [""; 0]);
}

#[test]
fn what_is_no_text_has_no_finds_and_long_lines_are_read_once() {
    assert_eq!(rules("x.bin", "\0\0password=8f3kz0QmWx71LpVn"), [""; 0]);
    let long = "password=token=secret=api_key=twitter cloudflare ".repeat(20_000);
    let begun = std::time::Instant::now();
    let _found = Scanner::new().scan("x.js", long.as_bytes());
    assert!(begun.elapsed().as_secs() < 30, "{:?}", begun.elapsed());
}

#[test]
fn text_in_utf_16_is_read() {
    let bytes: Vec<u8> = [0xff, 0xfe]
        .into_iter()
        .chain("A=1\r\nDB_PASSWORD=hunter2hunter2\r\n".encode_utf16().flat_map(u16::to_le_bytes))
        .collect();
    let found = Scanner::new().scan(".env", &bytes);
    assert_eq!(found.iter().map(|one| (one.line, one.column)).collect::<Vec<_>>(), [(2, 13)]);
}

#[test]
fn a_remark_allows_its_line_and_the_next_and_no_other() {
    let line = "DB_PASSWORD=hunter2hunter2\n";
    assert_eq!(
        rules(".env", &format!("DB_PASSWORD=hunter2hunter2 # wharf:allow\n{line}")),
        ["2:literal-value"]
    );
    assert_eq!(rules(".env", &format!("# wharf:allow\n{line}{line}")), ["3:literal-value"]);
    assert_eq!(rules(".env", &format!("A=wharf:allow\n{line}")), ["2:literal-value"]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn nothing_of_a_value_is_shown(value in "[A-Za-z0-9]{20,60}", key in "(DB_PASSWORD|api_key|authToken)", quote in "[\"']?", sign in "(: |=|=>| = )") {
        let text = format!("x: 1\n{key}{sign}{quote}{value}{quote}\n");
        for path in [".env", "compose.yml", "a.py", "README.md"] {
            for finding in Scanner::new().scan(path, text.as_bytes()) {
                let shown = format!("{finding:?} {}", finding.excerpt());
                prop_assert!(!value.as_bytes().windows(6).any(|part| shown.contains(std::str::from_utf8(part).unwrap())));
                prop_assert_eq!(finding.line, 2);
            }
        }
    }

    #[test]
    fn no_bytes_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..600), words in "(password|-----BEGIN RSA PRIVATE KEY-----|\\$ANSIBLE_VAULT|ENC\\[|://a:b@|kind: Secret\ndata:)?") {
        let mut all = words.into_bytes();
        all.extend(&bytes);
        for path in ["x", ".env", "x.yml"] {
            let _found = Scanner::new().scan(path, &all);
        }
    }
}
