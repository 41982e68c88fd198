//! The engine's own words, with the tenant's names in them.

use wharf_model::TenantId;

/// What stands for what in messages to one tenant.
#[derive(Debug, Clone)]
pub(crate) struct Wording {
    swaps: Vec<(String, String)>,
}

impl Wording {
    /// What holds for every message to this tenant.
    pub(crate) fn of(tenant: &TenantId) -> Self {
        let images = format!("wharf.invalid/{}/{}/", tenant.name, tenant.generation);
        let swaps = vec![
            (format!("{images}docker.io/library/"), String::new()),
            (format!("{images}docker.io/"), String::new()),
            (images, String::new()),
            (format!("{}--", tenant.name), String::new()),
        ];
        Self { swaps }
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
        self.swaps.iter().fold(message.to_owned(), swapped)
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
    }
}
