//! An artefact: something that is rendered from the playbook and kept at targets.

use jiff::civil::Date;
use playbook::{Model, Typed};

use super::Shared;
use crate::kinds::Target;

/// Something that a room can render, under the name by which targets ask for it.
#[derive(Clone, Copy, Debug)]
pub struct Artefact {
    /// The name, room first: `network/vlans`.
    pub name: &'static str,
    /// What it is, in a phrase.
    pub summary: &'static str,
    /// Renders it for one target: pure, in a stable order.
    pub render: fn(&Model, &Scope<'_>) -> Result<Vec<u8>, Unrenderable>,
}

/// What an artefact is rendered for.
#[derive(Clone, Copy, Debug)]
pub struct Scope<'m> {
    /// The target's name.
    pub target: &'m str,
    /// Its site; none means that it serves all of them.
    pub site: Option<&'m str>,
    /// Its environment; none means all of them.
    pub environment: Option<&'m str>,
    /// The day on which it is rendered.
    pub today: Date,
    /// What artefacts of the same run have computed already.
    pub shared: &'m Shared,
}

impl<'m> Scope<'m> {
    /// The scope of a target.
    pub fn of(target: &Typed<'m, Target>, today: Date, shared: &'m Shared) -> Self {
        Self {
            target: target.name(),
            site: target.spec.site.as_ref().map(|site| site.name()),
            environment: target.spec.environment.as_ref().map(|environment| environment.name()),
            today,
            shared,
        }
    }

    /// Whether something at these sites concerns the target; no sites means all of them.
    pub fn meets<'a>(&self, mut sites: impl Iterator<Item = &'a str>) -> bool {
        let Some(here) = self.site else { return true };
        let first = sites.next();
        first.is_none_or(|first| first == here || sites.any(|site| site == here))
    }
}

/// Says why an artefact cannot be rendered, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Unrenderable(pub String);
