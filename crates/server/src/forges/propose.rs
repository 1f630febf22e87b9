//! The change that a pull request is: drafted, described, planned and submitted in the name of whoever opened it.

use gitops::pr;
use gitops::record::Command as Any;
use gitops::record::change::{Command, Description, Origin, Planned, Stage, State as Change};
use governance::Text;

use super::pulls::{Case, Trouble};
use super::study::Study;
use crate::auth::Viewer;
use crate::http::{IfMatch, Problem};

/// Brings the change up to what the pull request is now. Says which change it is; a pull request that changes nothing at
/// the targets is none.
pub(super) async fn propose(case: &mut Case<'_>, study: &Study) -> Result<Option<String>, Trouble> {
    if case.request.is_draft {
        case.note("It is a draft: nobody is asked yet.");
        return Ok(case.change().map(|(id, _)| id));
    }
    let Some(viewer) = author(case) else { return Ok(None) };
    let Some(made) = study.made.as_ref().filter(|made| !made.plan.is_empty()) else {
        let why = "the newest commit changes nothing at the targets";
        abandon(case, &viewer, why).await;
        return Ok(None);
    };
    let said = said(case);
    let known = match case.change() {
        Some(known) => known,
        None => {
            let origin = Origin::PullRequest(case.address());
            let drafted = case.state.draft_change(&viewer, said.clone(), origin).await;
            let drafted = match drafted {
                Ok(drafted) => drafted,
                Err(problem) => return Ok(refused(case, &problem)),
            };
            let id = drafted.name().to_owned();
            case.change().filter(|(known, _)| *known == id).ok_or("the change was not recorded")?
        }
    };
    let (id, change) = known;
    if !may_still_become_another(&change) {
        return Ok(Some(id));
    }
    if differs(case, &id, &change.said, &said) {
        let command = Command::Describe { said };
        if let Err(problem) = case.state.change(&viewer, &id, command, IfMatch::Absent).await {
            case.note(problem.detail().to_owned());
        }
    }
    if must_be_planned(&change, &made.plan.effect().to_string(), &case.request.head) {
        case.state.keep(made).map_err(|problem| problem.detail().to_owned())?;
        let snapshot = case.state.snapshot();
        let plan: Planned = gitops::plan::planned(snapshot.model(), &made.plan, &study.changed);
        let command = Command::Plan { plan };
        if let Err(problem) = case.state.change(&viewer, &id, command, IfMatch::Absent).await {
            refused(case, &problem);
            return Ok(Some(id));
        }
    }
    submit(case, &viewer, &id).await;
    Ok(Some(id))
}

/// A pull request that was closed without being merged.
pub(super) async fn given_up(case: &mut Case<'_>) -> Option<String> {
    let viewer = author(case)?;
    abandon(case, &viewer, "the pull request was closed without being merged").await;
    None
}

/// Asks the seats, once there is a plan.
pub(super) async fn submit(case: &mut Case<'_>, viewer: &Viewer, id: &str) {
    let planned = case.change().is_some_and(|(_, change)| change.stage == Stage::Planned);
    if planned
        && let Err(problem) =
            case.state.change(viewer, id, Command::Submit {}, IfMatch::Absent).await
    {
        refused(case, &problem);
    }
}

/// Whoever opened it, as a person of the playbook; said, when they are none.
pub(super) fn author(case: &mut Case<'_>) -> Option<Viewer> {
    let snapshot = case.state.snapshot();
    let identity = case.request.author.clone()?;
    let Some(person) = pr::person_of(snapshot.model(), &identity) else {
        let system = identity.system.as_deref().unwrap_or("email");
        case.note(format!(
            "No person of the playbook is `{}` on this forge, so no change can be drafted; a person's `handles: \
             {{{system}: {}}}` would say who it is.",
            identity.name, identity.name
        ));
        return None;
    };
    match Viewer::on_forge(&snapshot, person.name(), &identity.name) {
        Ok(viewer) => Some(viewer),
        Err(problem) => {
            case.note(problem.detail().to_owned());
            None
        }
    }
}

/// Gives the change up in its author's name.
pub(super) async fn abandon(case: &mut Case<'_>, viewer: &Viewer, why: &str) {
    let Some((id, change)) = case.change() else { return };
    if !may_still_become_another(&change) {
        return;
    }
    let command = Command::Abandon { reason: Text::of(why) };
    match case.state.change(viewer, &id, command, IfMatch::Absent).await {
        Ok(_) => case.note(format!("`{id}` was abandoned: {why}.")),
        Err(problem) => {
            refused(case, &problem);
        }
    }
}

/// Says why something was not done; the change that it was about stays unknown.
fn refused(case: &mut Case<'_>, problem: &Problem) -> Option<String> {
    case.note(problem.detail().to_owned());
    None
}

/// What its author says about it: the title, and the sections of the description.
fn said(case: &Case<'_>) -> Description {
    let text = case.request.description.as_str();
    let section = |title: &str| pr::section(text, title).as_deref().and_then(Text::of);
    Description {
        title: Text::of(&case.request.title)
            .or_else(|| Text::of(&format!("Pull request {}", case.request.number))),
        description: section("Description").or_else(|| Text::of(text)),
        risk: section("Risk"),
        rollback: section("Rollback"),
        evidence: section("Evidence"),
        cites: pr::cites(case.state.snapshot().model(), text),
        ..Description::default()
    }
}

/// Compares what the record says with what the pull request says now; sealed texts are opened for it.
fn differs(case: &Case<'_>, id: &str, known: &Description, said: &Description) -> bool {
    let lens = case.state.lens();
    let reading = lens.reading();
    let stream = Any::Change { id: id.to_owned(), command: Command::Submit {} }.stream();
    let opened = |text: &Option<Text>| text.as_ref().map(|it| reading.texts.read(&stream, it));
    let all = |one: &Description| {
        [&one.title, &one.description, &one.risk, &one.rollback, &one.evidence].map(opened)
    };
    all(known) != all(said) || known.cites != said.cites
}

/// A plan is for one commit. One that is drifted away from, or whose effect others changed by merging, is made again.
fn must_be_planned(change: &Change, effect: &str, head: &str) -> bool {
    change.plan.as_ref().is_none_or(|plan| plan.revision != head || plan.effect != effect)
        || !change.drifted.is_empty()
}

fn may_still_become_another(change: &Change) -> bool {
    match change.stage {
        Stage::Draft | Stage::Planned | Stage::AwaitingApproval | Stage::Approved => true,
        Stage::Applying
        | Stage::Verifying
        | Stage::Done
        | Stage::Failed
        | Stage::RolledBack
        | Stage::Abandoned => false,
    }
}
