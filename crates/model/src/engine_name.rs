//! The names that a pod's containers carry on the engine.

use crate::{ContainerName, PodName};
use serde::{Serialize, Serializer};
use std::fmt;
use std::str::FromStr;

/// `<pod>` for the root container, `<pod>.<container>` for a member.
///
/// Neither half can hold a `.`, so the first one divides, and no pod's containers can carry another pod's names.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EngineName {
    /// The pod.
    pub pod: PodName,
    /// The member; `None` is the root container.
    pub member: Option<ContainerName>,
}

impl EngineName {
    /// The name of the pod's root container.
    pub fn root(pod: &PodName) -> Self {
        Self { pod: pod.clone(), member: None }
    }

    /// The name of a member.
    pub fn member(pod: &PodName, member: &ContainerName) -> Self {
        Self { pod: pod.clone(), member: Some(member.clone()) }
    }
}

impl FromStr for EngineName {
    type Err = crate::NameError;
    fn from_str(text: &str) -> Result<Self, crate::NameError> {
        match text.split_once('.') {
            Some((pod, member)) => Ok(Self { pod: pod.parse()?, member: Some(member.parse()?) }),
            None => Ok(Self { pod: text.parse()?, member: None }),
        }
    }
}

impl fmt::Display for EngineName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.member {
            Some(member) => write!(f, "{}.{member}", self.pod),
            None => self.pod.fmt(f),
        }
    }
}

impl Serialize for EngineName {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_says_pod_and_member() {
        let shown =
            |text: &str| text.parse::<EngineName>().map(|name| (name.pod.to_string(), name.member.is_some()));
        assert_eq!(shown("blog"), Ok(("blog".into(), false)));
        assert_eq!(shown("blog.web"), Ok(("blog".into(), true)));
        assert!(shown("blog.web.2").is_err());
        assert!(shown("blog/web").is_err());
    }
}
