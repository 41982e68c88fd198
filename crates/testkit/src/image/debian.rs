//! A Debian that people could work in, with an apt that needs no network.

use std::fs::File;
use std::path::PathBuf;
use std::process::Command;

use crate::packages::{kept, mirror_of_this_machine};
use crate::{Engine, Error, Result, run};

const SCRIPT: &str = include_str!("debian.sh");

/// The archive that the image is made of, made when it is not there: half a minute, once.
pub fn fetch_debian() -> Result<PathBuf> {
    let folder = kept(&folder_name(), |folder| {
        let made = std::fs::create_dir_all(folder);
        made.map_err(Error::io(format!("cannot make `{}`", folder.display())))?;
        let mirror = mirror_of_this_machine()?;
        run(Command::new("sh").args(["-c", SCRIPT, "debian"]).arg(folder).arg(mirror)).map(drop)
    })?;
    Ok(folder.join("image.tar"))
}

impl Engine {
    /// Makes an image with bash, git, htop, less, vi and an apt that knows one more package, `greet`, unless the engine
    /// has one of this reference.
    pub fn import_debian(&self, reference: &str) -> Result<()> {
        let lock =
            File::create(self.directory().join("import.lock")).map_err(Error::io("cannot make a lock"))?;
        lock.lock().map_err(Error::io("cannot take a lock"))?;
        if self.docker(["image", "inspect", reference]).is_ok() {
            return Ok(());
        }
        let archive = fetch_debian()?;
        let archive = archive.to_str().unwrap_or_default();
        let path = "ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
        self.docker(["import", "-c", path, "-c", "CMD [\"bash\"]", archive, reference]).map(drop)
    }
}

/// Another one when the script has changed.
fn folder_name() -> String {
    use std::hash::{DefaultHasher, Hash as _, Hasher as _};
    let mut hasher = DefaultHasher::new();
    SCRIPT.hash(&mut hasher);
    format!("debian-{:x}", hasher.finish())
}
