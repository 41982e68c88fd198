//! The engine's own words, with the tenant's names in them.

use wharf_model::TenantId;

/// What stands for what in messages to one tenant.
#[derive(Debug, Clone)]
pub(crate) struct Wording {
    /// How tags of any generation of this tenant's name begin.
    tags: String,
    /// The tenant's name, with which the engine's names of its things begin.
    tenant: String,
    swaps: Vec<(String, String)>,
}

impl Wording {
    /// What holds for every message to this tenant.
    pub(crate) fn of(tenant: &TenantId) -> Self {
        let tags = format!("wharf.invalid/{}/", tenant.name);
        Self { tags, tenant: tenant.name.to_string(), swaps: Vec::new() }
    }

    /// Where the engine says `id`, the tenant reads what it wrote itself.
    pub(crate) fn with(mut self, id: Option<&str>, written: &str) -> Self {
        if let Some(id) = id.filter(|id| *id != written) {
            self.swaps.insert(0, (id.to_owned(), written.to_owned()));
        }
        self
    }

    /// A message as the tenant reads it.
    pub(crate) fn told(&self, message: &str) -> String {
        let swapped = |text: String, (from, to): &(String, String)| {
            if text.contains(from.as_str()) { text.replace(from.as_str(), to) } else { text }
        };
        let told = self.swaps.iter().fold(self.without_tags(message), swapped);
        self.without_prefixes(&told)
    }

    /// Names of things of any generation, without what the engine has before them.
    fn without_prefixes(&self, message: &str) -> String {
        let mut told = String::with_capacity(message.len());
        let mut rest = message;
        while let Some((before, after)) = rest.split_once(self.tenant.as_str()) {
            told.push_str(before);
            let number =
                after.strip_prefix('_').map(|text| text.trim_start_matches(|c: char| c.is_ascii_digit()));
            match number.unwrap_or(after).strip_prefix("--") {
                // Another tenant's name may end so.
                Some(name) if !before.ends_with(|c: char| c.is_ascii_alphanumeric() || c == '-') => {
                    rest = name;
                }
                _ => {
                    told.push_str(&self.tenant);
                    rest = after;
                }
            }
        }
        told + rest
    }

    /// Tags as references: without tenant and generation, and a registry's port as it is written.
    fn without_tags(&self, message: &str) -> String {
        let mut told = String::with_capacity(message.len());
        let mut rest = message;
        while let Some((before, after)) = rest.split_once(self.tags.as_str()) {
            told.push_str(before);
            let reference =
                after.trim_start_matches(|c: char| c.is_ascii_digit()).strip_prefix('/').unwrap_or(after);
            let familiar =
                reference.strip_prefix("docker.io/library/").or_else(|| reference.strip_prefix("docker.io/"));
            rest = familiar.unwrap_or_else(|| {
                let (domain, path) = reference.split_at(reference.find('/').unwrap_or(0));
                told.push_str(&domain.replacen("__", ":", 1));
                path
            });
        }
        told + rest
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wharf_model::Generation;

    #[test]
    fn messages_have_the_tenants_own_names() {
        let alice = TenantId { name: "alice".parse().unwrap(), generation: Generation(1) };
        let id = "a".repeat(64);
        let wording = Wording::of(&alice).with(Some(&id), "web");
        let told = wording.told(&format!("No such container: {id}; \"/alice--db\" uses wharf.invalid/alice/1/docker.io/library/busybox:latest"));
        assert_eq!(told, "No such container: web; \"/db\" uses busybox:latest");
        let told = wording
            .told("wharf.invalid/alice/12/localhost__5000/team/app:1, wharf.invalid/alice/1/untagged:ab");
        assert_eq!(told, "localhost:5000/team/app:1, untagged:ab");
        assert_eq!(
            wording.told("alice_2--web, alice-2--web, malice--web, alice"),
            "web, alice-2--web, malice--web, alice"
        );
        let others = "wharf.invalid/alicia/1/docker.io/library/busybox";
        assert_eq!(wording.told(others), others);
    }
}
