//! Which change policies a pull request falls under.

use playbook::{Model, Typed};

use super::facts::PullRequest;
use crate::covering;
use crate::kinds::ChangePolicy;

/// The policies that cover the request: those that name its repository, or, in the playbook's own repository, for each
/// file that it changes the one whose pattern says most about it.
pub(super) fn applying<'m>(
    model: &'m Model,
    request: &PullRequest,
) -> Vec<Typed<'m, ChangePolicy>> {
    let own = request.files.iter().map(String::as_str).filter(|_| request.repository.is_none());
    covering::policies(model, own, |name| request.repository.as_deref() == Some(name))
}
