//! Which change policies cover what changes. The check of a pull request and the gate ask the same question, and must hear
//! the same answer.

use std::collections::BTreeSet;

use org::glob;
use playbook::{Model, Typed};

use crate::kinds::ChangePolicy;

/// The policies that cover files of the playbook, for each file by the pattern that says most about it, and those that name
/// a repository for which `names` holds; by name.
pub(crate) fn policies<'m, 'p>(
    model: &'m Model,
    paths: impl Iterator<Item = &'p str>,
    names: impl Fn(&str) -> bool,
) -> Vec<Typed<'m, ChangePolicy>> {
    let all: Vec<_> = model.all::<ChangePolicy>().collect();
    let mut chosen: BTreeSet<usize> = BTreeSet::new();
    for path in paths {
        let fitting: Vec<(usize, usize)> = all
            .iter()
            .enumerate()
            .filter_map(|(at, policy)| {
                let patterns = policy.paths.iter().filter(|glob| glob::matches(glob, path));
                Some((at, patterns.map(|glob| glob::specificity(glob)).max()?))
            })
            .collect();
        let best = fitting.iter().map(|(_, specific)| *specific).max();
        chosen.extend(
            fitting.iter().filter(|(_, specific)| Some(*specific) == best).map(|(at, _)| *at),
        );
    }
    let by_repository = all
        .iter()
        .enumerate()
        .filter(|(_, policy)| policy.repositories.iter().any(|it| names(it.name())));
    chosen.extend(by_repository.map(|(at, _)| at));
    all.into_iter().enumerate().filter(|(at, _)| chosen.contains(at)).map(|(_, it)| it).collect()
}
