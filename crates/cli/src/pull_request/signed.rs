//! Reviews on a plain Git server: merges that the reviewer signed.
//!
//! A signature is the only word that a push carries and nobody can forge. Keys are those of the playbook's people,
//! as it stands on the protected branch before the push.

use std::fmt::Write as _;

use gitops::pr::{Identity, PullRequest, Review, Verdict};
use org::kinds::Person;
use playbook::Model;

use crate::command_error::CommandError;
use crate::files;
use crate::repository::{Commit, Repository};

/// What a push to the protected branch says about itself: who wrote it, what it says, and who signed it.
pub(crate) fn request(
    git: &Repository,
    model: &Model,
    old: Option<&str>,
    new: &str,
) -> Result<PullRequest, CommandError> {
    let commits = git.added(old, new)?;
    // A merge that changes more than it merges is a piece of writing.
    let wrote = |commit: &&Commit| !commit.is_merge || !git.merges_cleanly(&commit.id);
    let authors = commits.iter().filter(wrote).map(|it| Identity::plain(it.author.clone()));
    let messages: Vec<&str> = commits.iter().map(|commit| commit.message.as_str()).collect();
    let signer = signer(git, model, &git.steps(old, new)?)?;
    let approval = |by: String| Review {
        by: Identity::plain(by),
        verdict: Verdict::Approved,
        commit: Some(new.to_owned()),
    };
    Ok(PullRequest {
        head: Some(new.to_owned()),
        authors: authors.collect(),
        description: Some(messages.join("\n\n")),
        reviews: Some(signer.into_iter().map(approval).collect()),
        ..PullRequest::default()
    })
}

/// The person who signed every step that the branch takes; a step that somebody else took was not reviewed by them.
fn signer(
    git: &Repository,
    model: &Model,
    steps: &[String],
) -> Result<Option<String>, CommandError> {
    let directory = tempfile::tempdir()
        .map_err(|error| CommandError::failed("no scratch directory could be made").why(error))?;
    let path = directory.path().join("signers");
    let mut keys = String::new();
    for person in model.all::<Person>() {
        for key in &person.spec.ssh_keys {
            writeln!(keys, "{} {}", person.name(), key.value).expect("BUG: a string takes text");
        }
    }
    files::write(&path, keys)?;
    let mut signers = steps.iter().map(|step| git.signer(step, &path));
    let Some(Some(first)) = signers.next() else { return Ok(None) };
    Ok(signers.all(|other| other.as_ref() == Some(&first)).then_some(first))
}
