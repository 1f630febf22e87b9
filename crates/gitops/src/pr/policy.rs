//! Which change policies a pull request falls under.

use org::glob;
use playbook::{Model, Typed};

use super::facts::PullRequest;
use crate::kinds::ChangePolicy;

/// The policies that cover the request, by name: those that name its repository, or, in the playbook's own
/// repository, those whose paths match a file that it changes.
pub(super) fn applying<'m>(
    model: &'m Model,
    request: &PullRequest,
) -> Vec<Typed<'m, ChangePolicy>> {
    let covers = |policy: &Typed<'_, ChangePolicy>| match &request.repository {
        Some(repository) => policy.repositories.iter().any(|one| one.name() == repository),
        None => policy
            .spec
            .paths
            .iter()
            .any(|pattern| request.files.iter().any(|file| glob::matches(pattern, file))),
    };
    model.all::<ChangePolicy>().filter(covers).collect()
}
