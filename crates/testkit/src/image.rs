//! Small images made on the spot: no registry is asked.

mod debian;

use std::fs::File;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::packages::{Suite, unpacked};
use crate::{Engine, Error, Result, TestDir, run};

pub use debian::fetch_debian;

/// What an image will hold, and its settings in the form of Dockerfile lines.
#[derive(Debug, Clone)]
pub struct ImageRecipe {
    reference: String,
    files: Vec<(String, Content)>,
    changes: Vec<String>,
    busybox: bool,
}

#[derive(Debug, Clone)]
enum Content {
    Text(String),
    Program(PathBuf),
}

impl ImageRecipe {
    /// An image with nothing in it yet.
    pub fn new(reference: &str) -> Self {
        Self { reference: reference.to_owned(), files: Vec::new(), changes: Vec::new(), busybox: false }
    }

    /// An image with every busybox program in `/bin`, under any name.
    pub fn busybox(reference: &str) -> Self {
        let image = Self { busybox: true, ..Self::new(reference) };
        let image =
            image.file("etc/passwd", "root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534::/:/bin/sh\n");
        let image = image.file("etc/group", "root:x:0:\nnogroup:x:65534:\n");
        image.change("ENV PATH=/bin").change("CMD [\"sh\"]")
    }

    /// Adds a text file.
    pub fn file(mut self, path: &str, text: &str) -> Self {
        self.files.push((path.to_owned(), Content::Text(text.to_owned())));
        self
    }

    /// Adds a program of this machine. It must be static unless the image holds its libraries.
    pub fn program(mut self, path: &str, source: &Path) -> Self {
        self.files.push((path.to_owned(), Content::Program(source.to_owned())));
        self
    }

    /// A Dockerfile line such as `LABEL a=b`, `USER 1000` or `CMD ["sh"]`.
    pub fn change(mut self, line: &str) -> Self {
        self.changes.push(line.to_owned());
        self
    }

    /// Its files as an archive, for an engine that is elsewhere.
    pub fn archive(&self, archive: &Path) -> Result<()> {
        let root = TestDir::new()?;
        self.lay_out(&root)?;
        let mut tar = Command::new("tar");
        run(tar.arg("-C").arg(root.path()).args(["--owner=0", "--group=0", "-cf"]).arg(archive).arg("."))
            .map(drop)
    }

    fn lay_out(&self, root: &TestDir) -> Result<()> {
        for (path, content) in &self.files {
            match content {
                Content::Text(text) => drop(root.write(path, text)?),
                Content::Program(source) => install(source, root, path)?,
            }
        }
        if self.busybox {
            install(&unpacked(Suite::Bookworm)?.join("bin/busybox"), root, "bin/busybox")?;
            let link = r#"cd "$1" && mkdir -p tmp root proc sys dev var www && cd bin && chmod 1777 ../tmp && \
                          for a in $(./busybox --list); do [ "$a" = busybox ] || ln -s busybox "$a"; done"#;
            run(Command::new("sh").args(["-c", link, "link"]).arg(root.path()))?;
        }
        Ok(())
    }
}

impl Engine {
    /// Makes `busybox:latest` unless the engine has it.
    pub fn import_busybox(&self) -> Result<()> {
        // Tests side by side must not each make one: the name would move from one id to the next.
        let lock =
            File::create(self.directory().join("import.lock")).map_err(Error::io("cannot make a lock"))?;
        lock.lock().map_err(Error::io("cannot take a lock"))?;
        if self.docker(["image", "inspect", "busybox:latest"]).is_ok() {
            return Ok(());
        }
        self.import(&ImageRecipe::busybox("busybox:latest")).map(drop)
    }

    /// Makes an image from its recipe and gives its id, `sha256:...`. A second import has another id.
    pub fn import(&self, recipe: &ImageRecipe) -> Result<String> {
        let root = TestDir::new()?;
        recipe.lay_out(&root)?;
        let mut tar = Command::new("tar");
        tar.arg("-C").arg(root.path()).args(["--owner=0", "--group=0", "-c", "."]).stdout(Stdio::piped());
        let mut tar = tar.spawn().map_err(Error::io("cannot run `tar`"))?;
        let mut import = self.docker_command();
        import.arg("import");
        for change in &recipe.changes {
            import.args(["-c", change]);
        }
        import.args(["-", &recipe.reference]);
        if let Some(archive) = tar.stdout.take() {
            import.stdin(archive);
        }
        let output = import.output().map_err(Error::io("cannot run `docker import`"));
        tar.wait().map_err(Error::io("cannot wait for `tar`"))?;
        let output = output?;
        if output.status.success() {
            return Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned());
        }
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        Err(Error::Command { command: "docker import".into(), status: output.status.to_string(), said })
    }
}

fn install(source: &Path, root: &TestDir, path: &str) -> Result<()> {
    let bytes = std::fs::read(source).map_err(Error::io(format!("cannot read `{}`", source.display())))?;
    let target = root.write(path, bytes)?;
    std::fs::set_permissions(&target, std::fs::Permissions::from_mode(0o755))
        .map_err(Error::io(format!("cannot mark `{}` as a program", target.display())))
}
