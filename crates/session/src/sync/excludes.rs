//! What is left alone on both sides.

/// Patterns of what is neither copied nor deleted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Excludes(Vec<String>);

/// A pattern that says nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is no pattern: say a name such as `.git` or `*.o`, or a path below the folder such as `build/cache`"
)]
pub struct ExcludesError(String);

impl Excludes {
    /// A pattern without `/` is compared with every name, wherever it is; one with `/` with the path below the folder. `*` is
    /// any number of letters of a name, `?` is one.
    ///
    /// # Errors
    /// The first that is empty, absolute, or goes up.
    pub fn new<S: AsRef<str>>(patterns: &[S]) -> Result<Self, ExcludesError> {
        let checked = patterns.iter().map(|pattern| {
            let pattern = pattern.as_ref().trim_end_matches('/');
            let parts = pattern.split('/');
            let fits =
                pattern.len() <= 1024 && parts.into_iter().all(|part| !matches!(part, "" | "." | ".."));
            if fits { Ok(pattern.to_owned()) } else { Err(ExcludesError(pattern.to_owned())) }
        });
        checked.collect::<Result<_, _>>().map(Self)
    }

    /// The patterns.
    pub fn patterns(&self) -> &[String] {
        &self.0
    }

    /// Whether something at this path below the folder is left alone. What is above it is asked about before.
    pub(super) fn cover(&self, path: &[Vec<u8>]) -> bool {
        self.0.iter().any(|pattern| {
            if pattern.contains('/') {
                let parts: Vec<&str> = pattern.split('/').collect();
                parts.len() == path.len()
                    && parts.iter().zip(path).all(|(part, name)| matches(part.as_bytes(), name))
            } else {
                path.last().is_some_and(|name| matches(pattern.as_bytes(), name))
            }
        })
    }
}

/// Whether a name is as the pattern says. In time proportional to both lengths' product.
fn matches(pattern: &[u8], name: &[u8]) -> bool {
    // The last `*`, and from where in the name on it was tried: only the last needs to be tried again.
    let (mut at, mut of) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while let Some(letter) = name.get(of) {
        match pattern.get(at) {
            Some(b'*') => {
                star = Some((at, of));
                at += 1;
            }
            Some(expected) if *expected == b'?' || expected == letter => {
                at += 1;
                of += 1;
            }
            _ => match star {
                Some((place, tried)) => {
                    star = Some((place, tried + 1));
                    at = place + 1;
                    of = tried + 1;
                }
                None => return false,
            },
        }
    }
    pattern.get(at..).unwrap_or_default().iter().all(|letter| *letter == b'*')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_match_as_people_mean_them() {
        for (pattern, name, expected) in [
            ("*.o", "a.o", true),
            ("*.o", "a.ob", false),
            ("t?rget", "target", true),
            ("*a*b*", "xxaxxbxx", true),
            ("*a*b*", "xxbxxaxx", false),
            ("", "x", false),
            ("*", "", true),
        ] {
            assert_eq!(matches(pattern.as_bytes(), name.as_bytes()), expected, "{pattern} {name}");
        }
    }

    #[test]
    fn a_pattern_that_goes_elsewhere_is_refused() {
        for pattern in ["", "/", "../x", "a//b", "/etc", "a/./b"] {
            assert!(Excludes::new(&[pattern]).is_err(), "{pattern}");
        }
        assert!(Excludes::new(&["target/", ".git", "build/cache"]).is_ok());
    }
}
