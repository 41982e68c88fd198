//! Secrets made up for tests of what finds them: many kinds in many syntaxes, the same at each run. None of them was ever
//! valid anywhere, and none stands in this file.

/// A file with one secret in it.
#[derive(Debug, Clone)]
pub struct Planted {
    /// What kind of secret, and in which syntax.
    pub what: String,
    /// The file's name.
    pub name: String,
    /// Its text.
    pub text: String,
    /// The secret.
    pub value: String,
    /// The line in which the secret stands or begins, from 1.
    pub line: usize,
}

/// Numbers that are the same at each run.
struct Dice(u64);

const UPPER: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const LOWER: &str = "abcdefghijklmnopqrstuvwxyz";
const DIGITS: &str = "0123456789";

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap_or_default() % sides
    }

    fn text(&mut self, alphabet: &str, length: usize) -> String {
        let letters: Vec<char> = alphabet.chars().collect();
        (0..length).filter_map(|_| letters.get(self.roll(letters.len())).copied()).collect()
    }
}

/// Around `KEY` and `VALUE`: the file's name and its text.
const SYNTAXES: &[(&str, &str)] = &[
    (".env", "MODE=live\nKEY=VALUE\n"),
    ("deploy.sh", "#!/bin/sh\nset -e\nexport KEY=\"VALUE\"\n./run\n"),
    ("docker-compose.yml", "services:\n  web:\n    image: nginx\n    environment:\n      KEY: VALUE\n"),
    ("compose.yaml", "services:\n  web:\n    environment:\n      - KEY=VALUE\n"),
    ("pods/blog.yml", "containers:\n  web:\n    image: nginx\n    environment:\n      KEY: \"VALUE\"\n"),
    ("deployment.yaml", "kind: Deployment\nspec:\n  env:\n    - name: KEY\n      value: \"VALUE\"\n"),
    ("settings.json", "{\n  \"debug\": false,\n  \"KEY\": \"VALUE\"\n}\n"),
    ("config.toml", "[main]\nKEY = \"VALUE\"\n"),
    ("app.ini", "[main]\nKEY = VALUE\n"),
    ("app.properties", "app.name=x\nKEY=VALUE\n"),
    ("Dockerfile", "FROM debian\nENV KEY=VALUE\n"),
    ("settings.py", "import os\n\nKEY = 'VALUE'\n"),
    ("client.js", "const KEY = \"VALUE\";\n"),
    ("main.rs", "const KEY: &str = \"VALUE\";\n"),
    ("main.go", "package main\n\nvar KEY = \"VALUE\"\n"),
    ("Main.java", "class Main {\n  String KEY = \"VALUE\";\n}\n"),
    ("group_vars/all.yml", "---\nKEY: VALUE\n"),
    ("terraform.tfvars", "KEY = \"VALUE\"\n"),
    ("web.config", "<settings>\n  <KEY>VALUE</KEY>\n</settings>\n"),
    ("call.sh", "#!/bin/sh\ntool --KEY=VALUE --verbose\n"),
];

const PASSWORD_KEYS: &[&str] =
    &["DB_PASSWORD", "POSTGRES_PASSWORD", "admin_password", "rootPassword", "SMTP_PASS"];
const TOKEN_KEYS: &[&str] = &["API_KEY", "client_secret", "authToken", "SECRET_KEY", "ACCESS_TOKEN"];

/// All of them, nearly three hundred: other values for another seed.
pub fn planted(seed: u32) -> Vec<Planted> {
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15 ^ (u64::from(seed) << 20));
    let mut all = Vec::new();
    for (name, text) in SYNTAXES {
        for kind in 0..3 {
            let (what, value) = password(&mut dice, kind);
            let key = PASSWORD_KEYS.get(dice.roll(PASSWORD_KEYS.len())).copied().unwrap_or_default();
            all.push(made(&format!("{what} in {name}"), name, text, key, &value));
        }
        for kind in 0..5 {
            let (what, value) = random(&mut dice, kind);
            let key = TOKEN_KEYS.get(dice.roll(TOKEN_KEYS.len())).copied().unwrap_or_default();
            all.push(made(&format!("{what} in {name}"), name, text, key, &value));
        }
        for (what, value) in tokens(&mut dice) {
            if dice.roll(2) == 0 {
                all.push(made(&format!("{what} in {name}"), name, text, "CREDENTIAL", &value));
            }
        }
    }
    all.extend(special(&mut dice));
    all
}

fn made(what: &str, name: &str, text: &str, key: &str, value: &str) -> Planted {
    let before = text.split("VALUE").next().unwrap_or_default();
    let line = before.matches('\n').count() + 1;
    let text = text.replace("KEY", key).replace("VALUE", value);
    Planted { what: what.to_owned(), name: name.to_owned(), text, value: value.to_owned(), line }
}

/// As people choose them.
fn password(dice: &mut Dice, kind: usize) -> (&'static str, String) {
    let words = ["harbour", "Winter", "copper", "Lantern", "meadow", "Falcon"];
    let word = words.get(dice.roll(words.len())).copied().unwrap_or_default();
    let digits = dice.text(DIGITS, 4);
    match kind {
        0 => ("a word and digits", format!("{word}{digits}")),
        1 => ("a word, digits and a sign", format!("{word}{digits}!")),
        _ => (
            "a scrambled word",
            format!("{}9{}_{}", dice.text(LOWER, 4), dice.text(UPPER, 3), dice.text(DIGITS, 3)),
        ),
    }
}

/// As programs make them.
fn random(dice: &mut Dice, kind: usize) -> (&'static str, String) {
    let all = format!("{UPPER}{LOWER}{DIGITS}");
    match kind {
        0 => ("32 hexadecimal digits", dice.text("0123456789abcdef", 32)),
        1 => ("64 hexadecimal digits", dice.text("0123456789abcdef", 64)),
        2 => ("24 letters and digits", dice.text(&all, 24)),
        3 => ("40 characters of base64", dice.text(&format!("{all}+/"), 40)),
        _ => ("20 small letters and digits", dice.text(&format!("{LOWER}{DIGITS}"), 20)),
    }
}

/// Tokens that are known by their shape, under whatever name.
fn tokens(dice: &mut Dice) -> Vec<(&'static str, String)> {
    let all = format!("{UPPER}{LOWER}{DIGITS}");
    let hex = "0123456789abcdef";
    let mut token = |what: &'static str, head: &[&str], alphabet: &str, length: usize| {
        (what, format!("{}{}", head.concat(), dice.text(alphabet, length)))
    };
    vec![
        token("aws access key", &["AK", "IA"], &format!("{UPPER}234567"), 16),
        token("github token", &["gh", "p_"], &all, 36),
        token("github fine-grained token", &["github", "_pat_"], &all, 82),
        token("gitlab token", &["gl", "pat-"], &all, 20),
        token("stripe key", &["sk", "_live_"], &all, 24),
        token("npm token", &["np", "m_"], &format!("{LOWER}{DIGITS}"), 36),
        token("digitalocean token", &["dop", "_v1_"], hex, 64),
        token("shopify token", &["shp", "at_"], hex, 32),
        token("google api key", &["AI", "za"], &all, 35),
        token("huggingface token", &["h", "f_"], LOWER, 34),
        token("age key", &["AGE-SECRET", "-KEY-1"], "QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L", 58),
    ]
}

/// What has a form of its own.
fn special(dice: &mut Dice) -> Vec<Planted> {
    let all = format!("{UPPER}{LOWER}{DIGITS}");
    let mut planted = Vec::new();
    for head in ["RSA ", "EC ", "OPENSSH ", ""] {
        let body: Vec<String> = (0..8).map(|_| dice.text(&format!("{all}+/"), 64)).collect();
        let dashes = "-".repeat(5);
        let key = format!(
            "{dashes}BEGIN {head}PRIVATE KEY{dashes}\n{}\n{dashes}END {head}PRIVATE KEY{dashes}\n",
            body.join("\n")
        );
        let first = body.first().cloned().unwrap_or_default();
        let mut add = |what: &str, name: &str, text: String, line: usize| {
            planted.push(Planted {
                what: format!("{head}private key {what}"),
                name: name.into(),
                text,
                value: first.clone(),
                line,
            });
        };
        add("in a file", "server.key", key.clone(), 1);
        add(
            "in YAML",
            "tls.yml",
            format!("tls:\n  key: |\n    {}\n", key.trim_end().replace('\n', "\n    ")),
            3,
        );
        add(
            "in JSON",
            "service-account.json",
            format!("{{\n  \"private_key\": \"{}\"\n}}\n", key.replace('\n', "\\n")),
            2,
        );
    }
    for scheme in ["postgres", "mysql", "redis", "amqp", "mongodb", "https"] {
        for (name, text) in [
            (".env", "URL=KEY://blog:VALUE@db.internal:5432/blog\n"),
            ("settings.py", "URL = 'KEY://blog:VALUE@db.internal/blog'\n"),
        ] {
            let value = dice.text(&all, 18);
            planted.push(made(
                &format!("password in an address of {scheme} in {name}"),
                name,
                text,
                scheme,
                &value,
            ));
        }
    }
    let value = dice.text(&all, 16);
    planted.push(made("netrc", ".netrc", "machine git.internal\nlogin ci\npassword VALUE\n", "", &value));
    planted.push(made(
        "npm's configuration",
        ".npmrc",
        "//registry.internal/:_authToken=VALUE\n",
        "",
        &value,
    ));
    planted.push(made(
        "kubernetes",
        "secret.yaml",
        "apiVersion: v1\nkind: Secret\ndata:\n  plain: VALUE\n",
        "",
        "aGFyYm91cjQ3MTE=",
    ));
    planted.push(made(
        "docker's configuration",
        "config.json",
        "{\"auths\": {\"registry.internal\": {\n  \"auth\": \"VALUE\"\n}}}\n",
        "",
        "Y2k6aGFyYm91cjQ3MTE=",
    ));
    planted
}
