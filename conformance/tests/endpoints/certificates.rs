//! Certificates that openssl makes: an authority, and what it signs.

use std::path::PathBuf;
use std::process::Command;
use wharf_testkit::{TestDir, run};

/// An authority, and certificates of its.
#[derive(Debug)]
pub(crate) struct Authority(TestDir);

impl Authority {
    pub(crate) fn new() -> Self {
        let directory = TestDir::new().unwrap();
        let script = "cd \"$1\"; openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj '/CN=the authority' \
                      -days 10 -addext keyUsage=critical,keyCertSign,cRLSign -keyout ca.key -out ca.pem 2>&1";
        run(Command::new("sh").args(["-euc", script, "openssl"]).arg(directory.path())).unwrap();
        Self(directory)
    }

    /// A folder with `ca.pem`, `cert.pem`, `key.pem`, as the docker CLI has it: a server's, for these names.
    pub(crate) fn server(&self, folder: &str, names: &str, days: i32) -> PathBuf {
        self.sign(folder, &format!("extendedKeyUsage=serverAuth\nsubjectAltName={names}"), days)
    }

    /// The same for a client.
    pub(crate) fn client(&self, folder: &str, days: i32) -> PathBuf {
        self.sign(folder, "extendedKeyUsage=clientAuth", days)
    }

    fn sign(&self, folder: &str, extensions: &str, days: i32) -> PathBuf {
        let script = "mkdir \"$1/$2\"; cd \"$1/$2\"; cp ../ca.pem .; printf '%s\\n' \"$3\" >ext
            openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj \"/CN=$2\" -keyout key.pem -out csr 2>&1
            openssl x509 -req -in csr -CA ca.pem -CAkey ../ca.key -extfile ext -days \"$4\" -out cert.pem 2>&1
            chmod 0600 key.pem";
        let mut command = Command::new("sh");
        command.args(["-euc", script, "openssl"]).arg(self.0.path()).args([
            folder,
            extensions,
            &days.to_string(),
        ]);
        run(&mut command).unwrap();
        self.0.join(folder)
    }
}
