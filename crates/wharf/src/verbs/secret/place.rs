//! Where a pod's sealed file is: in `secrets` beside the pod file; or, where that lies in `pods`, in `secrets` beside that.

use crate::exit::Exit;
use crate::failure::Failure;
use crate::pod_file::name_of;
use crate::setting::Setting;
use std::path::{Path, PathBuf};
use wharf_host::{Caller, ReadError, read_as};
use wharf_model::PodName;

/// A pod's sealed file, there or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) pod: PodName,
    pub(crate) path: PathBuf,
}

/// The folder of sealed files.
const FOLDER: &str = "secrets";
/// The folder of pod files, in a folder made by `wharf init`.
const PODS: &str = "pods";

/// Where the sealed file of a pod file is, or would be.
pub(crate) fn sealed_path(caller: Option<&Caller>, pod_file: &Path) -> Result<PathBuf, Failure> {
    let file = format!("{}.yml", name_of(pod_file)?);
    let folder = pod_file.parent().unwrap_or(Path::new(""));
    let beside = folder.join(FOLDER).join(&file);
    let Some(above) = above_pods(folder) else { return Ok(beside) };
    let above = above.join(FOLDER).join(&file);
    let is_there = |path: &Path| is_there(caller, path);
    match (is_there(&beside), is_there(&above)) {
        (true, true) => {
            let message = format!(
                "there are two sealed files of this pod: `{}` and `{}`",
                beside.display(),
                above.display()
            );
            Err(Failure::usage(message)
                .hint("remove the one that is not meant; `wharf secret ls` shows what is in each"))
        }
        (true, false) => Ok(beside),
        (false, false) if is_there(&folder.join(FOLDER)) => Ok(beside),
        (false, _) => Ok(above),
    }
}

/// Whether there is anything, as far as the caller can see: links of theirs tell them nothing about what is root's.
fn is_there(caller: Option<&Caller>, path: &Path) -> bool {
    let Some(caller) = caller else { return path.symlink_metadata().is_ok() };
    let most = u64::try_from(wharf_vault::MAX_BYTES).unwrap_or(u64::MAX);
    !matches!(read_as(caller, path, most), Err(ReadError::Missing { .. } | ReadError::Denied { .. }))
}

/// The folder above one that is called `pods`.
fn above_pods(folder: &Path) -> Option<PathBuf> {
    if folder.as_os_str().is_empty() || folder == Path::new(".") {
        let here = std::env::current_dir().ok()?;
        return here.ends_with(PODS).then(|| PathBuf::from(".."));
    }
    folder.ends_with(PODS).then(|| folder.parent().map_or_else(PathBuf::new, Path::to_owned))
}

impl Place {
    /// What a POD on the command line means: a pod file, a pod's name from here, or the sealed file itself.
    pub(crate) fn of(setting: &Setting<'_>, said: &Path) -> Result<Self, Failure> {
        let caller = setting.invocation.caller.as_ref();
        let pod = name_of(said)?;
        let is_sealed = said.parent().is_some_and(|folder| folder.ends_with(FOLDER));
        let path = if is_sealed && is_there(caller, said) {
            said.to_owned()
        } else {
            sealed_path(caller, &in_control_repository(caller, said))?
        };
        Ok(Self { pod, path })
    }

    /// The folder, and the file's name in it.
    pub(crate) fn parts(&self) -> (&Path, String) {
        (self.path.parent().unwrap_or(Path::new(FOLDER)), format!("{}.yml", self.pod))
    }

    /// Every sealed file of this folder, by name.
    pub(crate) fn all_here() -> Result<Vec<Self>, Failure> {
        let mut folders = vec![PathBuf::from(FOLDER)];
        folders.extend(above_pods(Path::new("")).map(|above| above.join(FOLDER)));
        folders.push(Path::new(PODS).join(FOLDER));
        let mut places = Vec::new();
        for folder in folders {
            let entries = match std::fs::read_dir(&folder) {
                Ok(entries) => entries,
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => continue,
                Err(error) => {
                    return Err(Failure::usage(format!("cannot look into `{}`: {error}", folder.display())));
                }
            };
            for entry in entries {
                let path = entry.map_err(|error| Failure::of(Exit::Failed, &error))?.path();
                let is_yaml = path.extension().is_some_and(|extension| extension == "yml");
                if let Some(pod) = is_yaml.then(|| PodName::from_path(&path).ok()).flatten() {
                    places.push(Self { pod, path });
                }
            }
        }
        places.sort_by(|one, other| one.pod.cmp(&other.pod));
        Ok(places)
    }
}

/// A bare name is a pod of `pods` where this is a folder of `wharf init`.
fn in_control_repository(caller: Option<&Caller>, said: &Path) -> PathBuf {
    let is_bare = said.components().count() == 1;
    let is_control = is_bare && !is_there(caller, said);
    let beside_pods = Path::new(PODS).join(FOLDER).join(said).with_extension("yml");
    if is_control && is_there(caller, &beside_pods) { Path::new(PODS).join(said) } else { said.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(root: &Path, pod_file: &str) -> Result<String, String> {
        let path = sealed_path(None, &root.join(pod_file)).map_err(|failure| failure.message)?;
        Ok(path.strip_prefix(root).unwrap().to_string_lossy().into_owned())
    }

    #[test]
    fn a_sealed_file_is_beside_its_pod_file_or_beside_pods() {
        let root = tempfile::tempdir().unwrap();
        let make = |folder: &str| std::fs::create_dir_all(root.path().join(folder)).unwrap();
        assert_eq!(found(root.path(), "blog.yml").unwrap(), "secrets/blog.yml");
        assert_eq!(found(root.path(), "pods/blog.yml").unwrap(), "secrets/blog.yml");
        assert_eq!(found(root.path(), "other/blog.yaml").unwrap(), "other/secrets/blog.yml");
        make("pods/secrets");
        assert_eq!(found(root.path(), "pods/blog.yml").unwrap(), "pods/secrets/blog.yml");
        make("secrets");
        std::fs::write(root.path().join("secrets/blog.yml"), "").unwrap();
        assert_eq!(found(root.path(), "pods/blog.yml").unwrap(), "secrets/blog.yml");
        std::fs::write(root.path().join("pods/secrets/blog.yml"), "").unwrap();
        let both = found(root.path(), "pods/blog.yml").unwrap_err();
        assert!(both.contains("pods/secrets/blog.yml") && both.contains("two sealed files"), "{both}");
    }
}
