//! Renames: a make and a destroy that are one thing under two names.
//!
//! Carried out as they look, a rename would destroy what people still use. The new one is made, the old one stays and
//! is named in the report; when the new one is there, the next plan takes the old one away. A rename is recognized by
//! what the playbook says (`renamed_from`), by fields of identity, or because the whole content is the same. When several
//! old ones look like the new one, all of them stay: which of them it is cannot be known.

use std::collections::{BTreeMap, BTreeSet};

use super::PAYLOAD_FIELD;
use super::draft::{Draft, Likeness, Work};
use crate::held::Reason;
use crate::resource::ResourceId;
use crate::step::Action;

/// A field and its value.
type Pair<'a> = (&'a str, &'a str);
/// What a new resource is recognized by.
type Looks<'a> = BTreeSet<Pair<'a>>;

/// Holds every destroy whose resource stands, or will, under a new name.
pub(super) fn hold_renames(work: &mut Work<'_>) {
    let renamed: Vec<(ResourceId, ResourceId)> = by_group(work)
        .into_values()
        .filter(|group| !group.made.is_empty())
        .flat_map(|group| group.renames())
        .collect();
    for (old, new) in renamed {
        let text = format!(
            "`{old}` looks like the former name of `{new}`, which this plan makes; it is destroyed by the next plan, \
             when the new one is there"
        );
        work.hold(&old, Reason::RenameWouldDestroy, text);
    }
}

/// Makes and destroys of one kind in one target.
#[derive(Default)]
struct Group<'a> {
    made: Vec<(&'a ResourceId, &'a Likeness)>,
    destroyed: Vec<(&'a ResourceId, &'a Likeness)>,
}

fn by_group<'a>(work: &'a Work<'_>) -> BTreeMap<(&'a str, &'a str), Group<'a>> {
    let mut groups: BTreeMap<_, Group<'a>> = BTreeMap::new();
    for (id, draft) in work.drafts.iter().filter(|(_, d)| d.carried_by.is_none()) {
        let Draft { action, likeness, .. } = &**draft;
        let made = match action {
            Action::Create => true,
            Action::Destroy => false,
            Action::Replace | Action::Run | Action::Update => continue,
        };
        let group = groups.entry((id.target.as_str(), id.kind.as_str())).or_default();
        let list = if made { &mut group.made } else { &mut group.destroyed };
        list.push((id, likeness));
    }
    groups
}

impl Group<'_> {
    /// Pairs of old and new.
    fn renames(&self) -> Vec<(ResourceId, ResourceId)> {
        let declared: BTreeMap<&ResourceId, &ResourceId> = self
            .made
            .iter()
            .filter_map(|(id, likeness)| Some((likeness.renamed_from.as_ref()?, *id)))
            .collect();
        let index = Index::of(&self.made);
        self.destroyed
            .iter()
            .filter_map(|(old, likeness)| {
                let new = declared.get(old).copied().or_else(|| index.find(likeness))?;
                Some(((*old).clone(), new.clone()))
            })
            .collect()
    }
}

/// New resources by the rarest thing that they are recognized by, so that each old one is held against few of them.
struct Index<'a>(BTreeMap<Pair<'a>, BTreeMap<Looks<'a>, &'a ResourceId>>);

impl<'a> Index<'a> {
    fn of(made: &[(&'a ResourceId, &'a Likeness)]) -> Self {
        let looks: Vec<(Looks<'a>, &ResourceId)> =
            made.iter().map(|(id, likeness)| (looks(likeness), *id)).collect();
        let mut frequency: BTreeMap<Pair<'a>, usize> = BTreeMap::new();
        for pair in looks.iter().flat_map(|(looks, _)| looks) {
            *frequency.entry(*pair).or_default() += 1;
        }
        let mut index: BTreeMap<Pair<'a>, BTreeMap<_, _>> = BTreeMap::new();
        for (looks, id) in looks {
            if let Some(rarest) = looks.iter().copied().min_by_key(|pair| (frequency[pair], *pair))
            {
                index.entry(rarest).or_default().entry(looks).or_insert(id);
            }
        }
        Self(index)
    }

    fn find(&self, old: &Likeness) -> Option<&'a ResourceId> {
        let has = |(name, value): &Pair<'_>| old.content.get(*name).is_some_and(|v| v == value);
        old.content
            .iter()
            .filter_map(|(name, value)| self.0.get(&(name.as_str(), value.as_str())))
            .flatten()
            .find(|(looks, _)| looks.iter().all(has))
            .map(|(_, id)| *id)
    }
}

/// Fields of identity where they are named; else the digest of the bytes; else every field.
fn looks(likeness: &Likeness) -> Looks<'_> {
    let counts = |name: &str| {
        if likeness.identity.is_empty() {
            name == PAYLOAD_FIELD || !likeness.content.contains_key(PAYLOAD_FIELD)
        } else {
            likeness.identity.contains(name)
        }
    };
    likeness
        .content
        .iter()
        .filter(|(name, _)| counts(name))
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect()
}
