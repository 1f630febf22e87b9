//! References between entities: `[kind:][namespace/]name`.

use std::sync::Arc;

use diag::Span;
use playbook::{Family, Kind, OneOf, Ref, Spanned, Use};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A reference as a catalog writes it, such as `payments` or `group:default/payments`.
///
/// What a missing kind means depends on the field; kinds are compared without regard to case.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct EntityReference(Spanned<String>);

impl EntityReference {
    /// The slug of our kind that is meant, and the name without its namespace.
    pub fn target(&self, default_slug: &str) -> (String, &str) {
        let (kind, rest) = match self.0.split_once(':') {
            Some((kind, rest)) => (Some(kind.to_ascii_lowercase()), rest),
            None => (None, self.0.as_str()),
        };
        let name = rest.rsplit_once('/').map_or(rest, |(_, name)| name);
        let slug = kind.map_or_else(|| default_slug.to_owned(), |kind| slug_of(&kind).to_owned());
        (slug, name)
    }

    /// Where it stands.
    pub fn span(&self) -> Span {
        self.0.span
    }

    pub(super) fn to<K: Kind>(&self) -> Ref<K> {
        Ref::at(self.target(K::SLUG).1, self.span())
    }

    pub(super) fn to_one_of<F: Family>(&self, default_slug: &str) -> OneOf<F> {
        let (slug, name) = self.target(default_slug);
        OneOf::at(slug, name, self.span())
    }

    pub(super) fn note(&self, accepts: &'static [&'static str], default_slug: &str) -> Use {
        let (slug, name) = self.target(default_slug);
        Use { span: self.span(), accepts, slug: Some(Arc::from(slug)), name: Arc::from(name) }
    }
}

/// The slug of what an entity of a kind becomes. A kind that is not read keeps its name, so that
/// the finding about the dangling reference shows what the catalog says.
fn slug_of(entity_kind: &str) -> &str {
    match entity_kind {
        "component" => "service",
        "group" => "team",
        "user" => "person",
        other => other,
    }
}

/// Owners are groups unless they say otherwise.
pub(super) const OWNER: &str = "team";

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(written: &str, default_slug: &str, slug: &str, name: &str) {
        let value = written.to_owned();
        let reference = EntityReference(Spanned { value, span: Span::new(3, 9) });
        assert_eq!(reference.target(default_slug), (slug.to_owned(), name));
    }

    #[test]
    fn every_spelling_of_a_reference_is_understood() {
        check("payments", "team", "team", "payments");
        check("default/payments", "team", "team", "payments");
        check("group:payments", "team", "team", "payments");
        check("group:default/payments", "team", "team", "payments");
        check("User:John.Johnson", "team", "person", "John.Johnson");
        check("component:other/queue", "resource", "service", "queue");
        check("resource:db", "service", "resource", "db");
        check("location:here", "team", "location", "here");
    }
}
