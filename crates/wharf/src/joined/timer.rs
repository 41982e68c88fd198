//! What renews the certificate while nobody looks: a timer of the user's systemd, or a line for cron.

use super::Joined;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::setting::Setting;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

/// When and how a context's certificate is renewed.
pub(crate) struct Timer {
    /// `wharf-renew-` and the beginning of the digest by which docker keeps the context: every context has its own.
    unit: String,
    context: String,
    meta: PathBuf,
    program: PathBuf,
    /// The docker CLI's folder, where it is not the usual one.
    docker: Option<PathBuf>,
    every: Every,
}

/// What became of it.
pub(crate) enum Installed {
    /// systemd's timer of this name.
    Timer(String),
    /// Nothing: this line is for somebody to put into his crontab.
    Cron(String),
}

/// How often it is asked whether it is time. Until it is, that costs a look at a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Every {
    Hour,
    Minutes(u8),
}

impl Every {
    /// A dozen times in a life at least, so that a failure or two on the way do no harm.
    fn of_life(life: Duration) -> Self {
        let minutes = life.as_secs() / 60 / 12;
        match minutes {
            60.. => Self::Hour,
            30..60 => Self::Minutes(30),
            15..30 => Self::Minutes(15),
            5..15 => Self::Minutes(5),
            _ => Self::Minutes(1),
        }
    }

    fn calendar(self) -> String {
        match self {
            Self::Hour => "hourly".to_owned(),
            Self::Minutes(minutes) => format!("*:0/{minutes}"),
        }
    }

    fn cron(self) -> String {
        match self {
            // Not when everybody else does.
            Self::Hour => format!("{} * * * *", std::process::id() % 60),
            Self::Minutes(minutes) => format!("*/{minutes} * * * *"),
        }
    }
}

impl Timer {
    pub(crate) fn of(setting: &Setting<'_>, joined: &Joined, life: Duration) -> Result<Self, Failure> {
        let program = std::env::current_exe().map_err(|error| Failure::of(Exit::Failed, &error))?;
        let meta = joined.meta();
        let digest =
            meta.parent().and_then(Path::file_name).unwrap_or_default().to_string_lossy().into_owned();
        let docker = setting.heeded("DOCKER_CONFIG").map(|_| joined.docker().path().to_owned());
        let unit = format!("wharf-renew-{}", digest.get(..12).unwrap_or(&digest));
        Ok(Self {
            unit,
            context: joined.name().to_owned(),
            meta,
            program,
            docker,
            every: Every::of_life(life),
        })
    }

    /// Installs it where the user has a systemd, and says what became of it.
    pub(crate) fn install(&self, setting: &Setting<'_>) -> Installed {
        let folder = setting.heeded("XDG_CONFIG_HOME").map(PathBuf::from);
        let folder = folder.or_else(|| setting.heeded("HOME").map(|home| Path::new(home).join(".config")));
        let folder = folder.filter(|_| self.is_for_systemd());
        let installed =
            folder.filter(|_| systemctl(&["show-environment"])).and_then(|folder| self.write(&folder).ok());
        let timer = format!("{}.timer", self.unit);
        let begun = || systemctl(&["daemon-reload"]) && systemctl(&["enable", "--now", &timer]);
        if installed.is_some() && begun() { Installed::Timer(timer) } else { Installed::Cron(self.cron()) }
    }

    /// Whether systemd would start it: of an executable's name it takes no quotes and no backslash (seen with 252).
    fn is_for_systemd(&self) -> bool {
        let program = self.program.to_str();
        program.is_some_and(|program| {
            !program.contains(['"', '\'', '\\']) && !program.contains(char::is_control)
        })
    }

    fn write(&self, folder: &Path) -> std::io::Result<()> {
        let folder = folder.join("systemd/user");
        std::fs::create_dir_all(&folder)?;
        std::fs::write(folder.join(format!("{}.service", self.unit)), self.service())?;
        std::fs::write(folder.join(format!("{}.timer", self.unit)), self.timer())
    }

    fn service(&self) -> String {
        let set = self.docker.as_ref().map(|docker| {
            format!("Environment={}\n", quoted(&format!("DOCKER_CONFIG={}", docker.display())))
        });
        format!(
            "# Made by `wharf join`.\n[Unit]\nDescription=Renew the certificate of the docker context {0}\n\
             ConditionPathExists={1}\n\n[Service]\nType=oneshot\n{2}ExecStart={3} cert renew --quiet --context {0}\n",
            self.context,
            self.meta.display().to_string().replace('%', "%%"),
            set.unwrap_or_default(),
            quoted(&self.program.display().to_string()),
        )
    }

    fn timer(&self) -> String {
        format!(
            "# Made by `wharf join`.\n[Unit]\nDescription=Renew the certificate of the docker context {}\n\n[Timer]\n\
             OnCalendar={}\nAccuracySec=30s\nRandomizedDelaySec=30s\nPersistent=true\n\n[Install]\nWantedBy=timers.target\n",
            self.context,
            self.every.calendar(),
        )
    }

    fn cron(&self) -> String {
        // cron takes `%` for a new line.
        let shell = |path: &Path| {
            format!("'{}'", path.display().to_string().replace('\'', r"'\''")).replace('%', r"\%")
        };
        let set = self
            .docker
            .as_ref()
            .map(|docker| format!("DOCKER_CONFIG={} ", shell(docker)))
            .unwrap_or_default();
        let program = shell(&self.program);
        format!("{} {set}{program} cert renew --quiet --context {}", self.every.cron(), self.context)
    }
}

/// A word of a unit file: nothing in it is a specifier or the end of the word. Variables are looked for neither in a program's
/// own path nor in `Environment=`.
fn quoted(word: &str) -> String {
    let inner = word.replace('\\', r"\\").replace('"', "\\\"").replace('%', "%%");
    format!("\"{inner}\"")
}

fn systemctl(words: &[&str]) -> bool {
    let mut command = Command::new("systemctl");
    command.arg("--user").arg("--quiet").args(words);
    let ran = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status();
    ran.is_ok_and(|status| status.success())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn timer(life: u64) -> Timer {
        Timer {
            unit: "wharf-renew-0123".into(),
            context: "wharf".into(),
            meta: "/home/a b/100%/meta.json".into(),
            program: "/opt/100% of $x/wharf".into(),
            docker: Some("/home/a b/.docker".into()),
            every: Every::of_life(Duration::from_secs(life)),
        }
    }

    #[test]
    fn the_shorter_the_life_the_oftener_it_is_asked() {
        let calendar = |life| timer(life).every.calendar();
        assert_eq!(calendar(90 * 24 * 3600), "hourly");
        assert_eq!(calendar(8 * 3600), "*:0/30");
        assert_eq!(calendar(3600), "*:0/5");
        assert_eq!(calendar(600), "*:0/1");
        assert_eq!(calendar(1), "*:0/1");
    }

    #[test]
    fn paths_are_words_whatever_is_in_them() {
        let timer = timer(3600);
        let start = "ExecStart=\"/opt/100%% of $x/wharf\" cert renew --quiet --context wharf\n";
        assert!(timer.service().contains(start), "{}", timer.service());
        assert!(timer.service().contains("ConditionPathExists=/home/a b/100%%/meta.json\n"));
        assert!(timer.service().contains("Environment=\"DOCKER_CONFIG=/home/a b/.docker\"\n"));
        assert!(timer.is_for_systemd());
        let odd = Timer { program: "/opt/it's/wharf".into(), ..timer };
        assert!(!odd.is_for_systemd());
        assert_eq!(
            odd.cron(),
            "*/5 * * * * DOCKER_CONFIG='/home/a b/.docker' '/opt/it'\\''s/wharf' cert renew --quiet --context wharf"
        );
        let percent = Timer { program: "/opt/100%/wharf".into(), docker: None, ..odd };
        assert!(percent.cron().contains(r" '/opt/100\%/wharf' cert renew "), "{}", percent.cron());
    }
}
