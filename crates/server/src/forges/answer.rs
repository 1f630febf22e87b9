//! What is said on the forge: one status for the newest commit, and one comment that is replaced.

use std::fmt::Write as _;

use gitops::gate::Outcome;
use gitops::pr::{self, State as Standing};
use gitops::record::change::Stage as Life;
use gitops::views::{self, ChangeDetail};
use systems::forge::{Stage, Status, StatusState};

use super::pulls::{Case, Trouble};
use super::study::Study;

/// What the comment begins with. Another one than that of a pipeline's check, which may run as well.
const MARKER: &str = "<!-- council: change -->";

/// What the status is called.
const STATUS: &str = "council/change";

/// What was said last, so that nothing is said twice: forges keep every status.
#[derive(Debug, Default)]
pub(super) struct Posted {
    status: Option<(String, Status)>,
    comment: Option<String>,
}

/// What is to be said.
#[derive(Debug)]
pub(super) struct Answer {
    status: Status,
    comment: String,
}

impl Answer {
    pub(super) fn of(case: &Case<'_>, study: Option<&Study>, change: Option<&str>) -> Self {
        let snapshot = case.state.snapshot();
        let report = study.map(|study| {
            let reviews = Some(case.reviews.to_vec());
            let request = pr::PullRequest { reviews, ..study.request.clone() };
            pr::check(snapshot.model(), &request, &study.evidence, &snapshot.facts)
        });
        let detail = change.and_then(|id| detail(case, id));
        let life = change.and_then(|id| life(case, id));
        let mut comment = match &report {
            Some(report) => pr::comment(report).replacen(pr::MARKER, MARKER, 1),
            None => format!("{MARKER}\n### council: {}\n", stage_words(&case.request.stage)),
        };
        let url =
            detail.as_ref().map(|it| format!("{}/changes/{}", case.state.origin(), it.card.id));
        if let (Some(detail), Some(url), Some(life)) = (&detail, &url, life) {
            tell(&mut comment, detail, (life, url));
        }
        for note in &case.notes {
            writeln!(comment, "\n> {}", pr::escape(note)).expect("BUG: a string takes text");
        }
        let standing = report.as_ref().map(pr::Report::state);
        let (state, description) = match (&detail, &report) {
            (Some(detail), _) => of_change(detail, life, standing),
            (None, Some(report)) => (of_report(report.state()), report.headline()),
            (None, None) => (StatusState::Success, "nothing waits here".to_owned()),
        };
        // Without a change, what nobody could draft holds the pull request back.
        let state = match (&detail, case.notes.first()) {
            (None, Some(_))
                if state == StatusState::Success && case.request.stage == Stage::Open =>
            {
                StatusState::Pending
            }
            _ => state,
        };
        Self { status: Status { state, name: STATUS.to_owned(), description, url }, comment }
    }

    /// Says it, where it was not said already.
    pub(super) async fn post(self, case: &Case<'_>, posted: &mut Posted) -> Result<(), Trouble> {
        let (forge, head) = (&case.pulls.config.forge, &case.request.head);
        let status = Some((head.clone(), self.status.clone()));
        if posted.status != status {
            forge.set_status(head, &self.status).await?;
            posted.status = status;
        }
        if posted.comment.as_ref() != Some(&self.comment) {
            forge.comment(case.request.number, MARKER, &self.comment).await?;
            posted.comment = Some(self.comment);
        }
        Ok(())
    }
}

fn detail(case: &Case<'_>, id: &str) -> Option<ChangeDetail> {
    let lens = case.state.lens();
    let gate = lens.gate(case.state).of_change(case.state, &lens, id);
    views::detail(&lens.changes(&gate), id, None)
}

/// How far the change has come.
fn life(case: &Case<'_>, id: &str) -> Option<Life> {
    case.state.record().state.changes.changes.get(id).map(|change| change.stage)
}

/// The change's part of the comment: how far it is, what holds it, who has approved.
fn tell(comment: &mut String, detail: &ChangeDetail, (life, url): (Life, &str)) {
    let mut line = |words: String| {
        writeln!(comment, "{words}").expect("BUG: a string takes text");
    };
    line(format!("\n**Change [{}]({url})** is {}\n", detail.card.id, life.words()));
    for reason in detail.verdict.iter().flat_map(|verdict| verdict.held_by()) {
        let passes = reason
            .would_change
            .as_deref()
            .map_or_else(String::new, |it| format!(" *It passes if {}.*", pr::escape(it)));
        line(format!("- {}.{passes}", pr::escape(&reason.text)));
    }
    let given = detail.approvals.iter().filter(|row| row.void.is_none());
    for row in given {
        line(format!("- approved by {} for `{}`", pr::escape(&row.person.title), row.seat));
    }
}

/// How a change stands, in the forge's words. What the checks of the pull request say weighs in while it is open.
fn of_change(
    detail: &ChangeDetail,
    life: Option<Life>,
    standing: Option<Standing>,
) -> (StatusState, String) {
    let outcome = detail.verdict.as_ref().map(|verdict| verdict.outcome);
    let approved = detail.verdict.as_ref().is_some_and(|verdict| verdict.approved);
    let state = match (life, outcome, standing) {
        (Some(Life::Failed), ..) | (_, Some(Outcome::Deny), _) | (.., Some(Standing::Failed)) => {
            StatusState::Failure
        }
        (Some(Life::Done), ..) => StatusState::Success,
        // What waits for a merge, a look or the end of a freeze may be merged: it waits there, too.
        (_, _, Some(Standing::Passed | Standing::Skipped) | None) if approved => {
            StatusState::Success
        }
        _ => StatusState::Pending,
    };
    let words = detail.verdict.as_ref().map(gitops::gate::Verdict::summary);
    let words = words.unwrap_or_else(|| detail.card.stage.replace('-', " "));
    (state, format!("{}: {words}", detail.card.id))
}

fn of_report(standing: Standing) -> StatusState {
    match standing {
        Standing::Failed => StatusState::Failure,
        Standing::Waiting => StatusState::Pending,
        Standing::Passed | Standing::Skipped => StatusState::Success,
    }
}

fn stage_words(stage: &Stage) -> &'static str {
    match stage {
        Stage::Open => "open",
        Stage::Closed => "closed",
        Stage::Merged(_) => "merged",
    }
}
