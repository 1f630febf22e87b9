//! Who may speak for a seat about one change.

use std::collections::BTreeSet;

use org::kinds::{Person, Seat};
use org::{Presence, Roster};
use playbook::{Ref, Typed};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// In which capacity somebody speaks for a seat.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Capacity {
    /// As the primary.
    Primary,
    /// As the backup, for a primary who cannot.
    Backup,
}

/// Who may speak for a seat now: the primary, and the backup when the primary is away, wrote the
/// change, or speaks for another seat already (who counts once cannot speak twice).
pub fn voices(
    seat: Typed<'_, Seat>,
    roster: &Roster<'_>,
    author: &str,
    engaged: &BTreeSet<&str>,
) -> Vec<(String, Capacity)> {
    if !roster.is_active(&seat) {
        return Vec::new();
    }
    let here = |holder: &Option<Ref<Person>>| {
        let name = holder.as_ref().map(Ref::name)?;
        (roster.presence(name) == Presence::Here).then(|| name.to_owned())
    };
    let able = |name: &String| name != author;
    let primary = here(&seat.primary).filter(able);
    let free = primary.as_deref().is_some_and(|name| !engaged.contains(name));
    let backup = here(&seat.backup).filter(able).filter(|_| !free);
    let primary = primary.map(|name| (name, Capacity::Primary));
    primary.into_iter().chain(backup.map(|name| (name, Capacity::Backup))).collect()
}

/// Says whether the author is one of a seat's holders.
pub(crate) fn is_authors(seat: &Seat, author: &str) -> bool {
    seat.primary.iter().chain(&seat.backup).any(|holder| holder.name() == author)
}
