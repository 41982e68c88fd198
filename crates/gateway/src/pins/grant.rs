//! Which of a tenant's grants a path falls under. Text alone: what the path leads to is judged when it is opened.

use std::path::{Path, PathBuf};
use wharf_model::{MountGrant, MountGrantPath};
use wharf_pin::{Access, Grant, Missing, Refusal, Request};

/// The request under the grant that lies nearest to `path`; `None` when no grant covers it. What may only be read is
/// asked for reading, whatever was wished.
pub(super) fn covering(
    grants: &[MountGrant],
    home: &Path,
    path: &Path,
    wished: Access,
    missing: Missing,
) -> Result<Option<Request>, Refusal> {
    let mut nearest: Option<Request> = None;
    for granted in grants {
        let access = if granted.is_readonly() { Access::ReadOnly } else { wished };
        // An account without a proper home (`/`) has none to grant from.
        let Ok(grant) = Grant::new(&place(granted.path(), home), access) else { continue };
        match grant.ask(path, access) {
            Ok(request) => {
                // Where nothing may be written, nothing is made.
                let request = if granted.is_readonly() { request } else { request.when_missing(missing) };
                let deeper = |other: &Request| depth(other) < depth(&request);
                if nearest.as_ref().is_none_or(deeper) {
                    nearest = Some(request);
                }
            }
            Err(Refusal::Outside { .. }) => {}
            Err(refusal) => return Err(refusal),
        }
    }
    Ok(nearest)
}

fn place(path: &MountGrantPath, home: &Path) -> PathBuf {
    match path {
        MountGrantPath::Home(below) if below.is_empty() => home.to_owned(),
        MountGrantPath::Home(below) => home.join(below),
        MountGrantPath::Directory(path) => PathBuf::from(path),
    }
}

fn depth(request: &Request) -> usize {
    request.granted().components().count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn covered(grants: &[&str], path: &str, wished: Access) -> Option<(String, Access)> {
        let grants: Vec<MountGrant> = grants.iter().map(|text| text.parse().unwrap()).collect();
        let request =
            covering(&grants, Path::new("/home/ana"), Path::new(path), wished, Missing::Refused).unwrap()?;
        Some((request.granted().display().to_string(), request.access()))
    }

    #[test]
    fn the_nearest_grant_counts() {
        let grants = ["~", "~/keys:ro", "/srv/media:ro", "/srv"];
        let read_write = |path| covered(&grants, path, Access::ReadWrite);
        assert_eq!(read_write("/home/ana/x"), Some(("/home/ana".into(), Access::ReadWrite)));
        assert_eq!(read_write("/home/ana/keys/a"), Some(("/home/ana/keys".into(), Access::ReadOnly)));
        assert_eq!(read_write("/srv/media"), Some(("/srv/media".into(), Access::ReadOnly)));
        assert_eq!(read_write("/srv/medias"), Some(("/srv".into(), Access::ReadWrite)));
        assert_eq!(
            covered(&grants, "/home/ana", Access::ReadOnly),
            Some(("/home/ana".into(), Access::ReadOnly))
        );
        for outside in ["/", "/etc", "/home", "/home/anabel", "/home/bob"] {
            assert_eq!(read_write(outside), None, "{outside}");
        }
        assert_eq!(covered(&[], "/home/ana", Access::ReadOnly), None);
    }

    #[test]
    fn nothing_is_made_where_nothing_may_be_written() {
        let made = |grant: &str, path: &str| {
            let (grants, home) = ([grant.parse().unwrap()], Path::new("/home/ana"));
            let request = covering(&grants, home, Path::new(path), Access::ReadOnly, Missing::Made);
            request.unwrap().map(|request| request.missing())
        };
        assert_eq!(made("~", "/home/ana/x"), Some(Missing::Made));
        assert_eq!(made("/srv/media:ro", "/srv/media/x"), Some(Missing::Refused));
    }

    #[test]
    fn a_path_that_climbs_is_refused() {
        let grants = ["~".parse().unwrap()];
        let refused = covering(
            &grants,
            Path::new("/home/ana"),
            Path::new("/home/ana/../bob"),
            Access::ReadOnly,
            Missing::Refused,
        );
        assert!(matches!(refused, Err(Refusal::NotPlain { .. })));
        assert_eq!(
            covering(&grants, Path::new("/"), Path::new("/etc"), Access::ReadOnly, Missing::Refused).unwrap(),
            None
        );
    }
}
