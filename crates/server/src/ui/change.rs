//! One change: the gate's verdict, the plan with its steps, approvals, what happened; and everything that can be done.

mod plan;

use ::plan::lifecycle::Happening;
use axum::Form;
use axum::extract::{Path, Query};
use axum::response::Response;
use gitops::gate::Outcome;
use gitops::record::change::{Command, Stage, State, Via};
use gitops::views::{self, ChangeDetail, Reading};
use governance::Text;
use minijinja::{Value, context};
use serde::{Deserialize, Serialize};

use super::errors;
use super::frame::Page;
use super::notes::{self, Note};
use super::templates::view;
use crate::api::plans::StepFilter;
use crate::http::{IfMatch, Problem};
use crate::perform::Performed;

/// How many lines of its story a page shows, the newest first.
const LINES: usize = 60;

/// `GET /changes/<id>`
pub(super) async fn show(
    page: Page,
    Path(id): Path<String>,
    Query(filter): Query<StepFilter>,
) -> Response {
    let (state, lens) = (page.state(), page.lens());
    let gate = lens.gate(state).of_change(state, lens, &id);
    let reading = lens.changes(&gate);
    let Some(detail) = views::detail(&reading, &id, page.viewer.person.as_deref()) else {
        return errors::missing(&page, &format!("There is no change `{id}`."));
    };
    let Some(change) = lens.record.state.changes.changes.get(&id) else {
        return errors::missing(&page, &format!("There is no change `{id}`."));
    };
    let planned = match plan::shows(state, change, &filter) {
        Ok(shows) => shows,
        Err(problem) => context! { overview => (), lost => problem.detail() },
    };
    let said = said(&detail, change, &page);
    let story = context! { story => view(story(&page, &reading, &id)) };
    let shows = context! { ..said, ..planned, ..story };
    page.show("change.html", &detail.card.title, shows)
}

/// What may be done, as the page asks for it.
#[derive(Debug, Serialize)]
struct May {
    submit: bool,
    plan: bool,
    apply: bool,
    rollback: bool,
    abandon: bool,
    review: bool,
}

fn said(detail: &ChangeDetail, change: &State, page: &Page) -> Value {
    let viewer = page.viewer.person.as_deref();
    let allows = detail.verdict.as_ref().is_some_and(|it| it.outcome == Outcome::Allow);
    let can = |happening| change.stage.after(happening).is_ok();
    let took_effect = matches!(change.stage, Stage::Done | Stage::Failed);
    let may = May {
        submit: can(Happening::Submitted),
        plan: can(Happening::Planned),
        apply: (change.stage == Stage::Approved && allows) || change.stage == Stage::Failed,
        rollback: took_effect && !change.journal.is_empty(),
        abandon: can(Happening::Abandoned),
        review: change.review_due().is_some()
            && change.glass.as_ref().is_some_and(|glass| viewer != Some(&glass.by.person)),
    };
    let needed: Vec<&str> = detail
        .verdict
        .iter()
        .flat_map(|verdict| &verdict.needed)
        .filter_map(|need| need.party.strip_prefix("seat/"))
        .collect();
    let approve: Vec<_> =
        detail.may_approve_for.iter().filter(|seat| needed.contains(&seat.as_str())).collect();
    let mine = change.standing().filter(|given| viewer == Some(&given.approval.person));
    let open = matches!(change.stage, Stage::AwaitingApproval | Stage::Approved);
    let withdraw: Vec<_> = mine.filter(|_| open).map(|given| given.approval.seat.clone()).collect();
    let held = detail.verdict.as_ref().is_some_and(|it| it.outcome != Outcome::Allow);
    let seats = page.viewer.seats.iter().map(|held| held.seat.to_string());
    let glass_seats: Vec<_> = seats.filter(|_| held && change.plan.is_some()).collect();
    let (tone, verdict_tone, headline) = headline(change.stage, detail);
    let reasons = |holds: bool| {
        let all = detail.verdict.iter().flat_map(|verdict| &verdict.reasons);
        all.filter(|reason| reason.holds() == holds).collect::<Vec<_>>()
    };
    context! {
        detail => view(detail),
        stage_words => change.stage.words(),
        tone, verdict_tone, headline,
        reasons => view(reasons(true)),
        notes => view(reasons(false)),
        steps_begun => change.started_at.is_some(),
        may => view(may),
        approve => view(approve),
        withdraw => view(withdraw),
        glass_seats => view(glass_seats),
    }
}

fn headline(stage: Stage, detail: &ChangeDetail) -> (&'static str, &'static str, &'static str) {
    let outcome = detail.verdict.as_ref().map(|verdict| verdict.outcome);
    match (stage, outcome) {
        (Stage::Draft, _) => ("", "", "Being written"),
        (Stage::Planned, _) => ("info", "info", "Planned; nobody was asked yet"),
        (Stage::AwaitingApproval | Stage::Approved, Some(Outcome::Deny)) => {
            ("bad", "bad", "The gate denies it")
        }
        (Stage::AwaitingApproval, _) => ("info", "warn", "It waits"),
        (Stage::Approved, Some(Outcome::Wait)) => ("good", "warn", "Approved, and held"),
        (Stage::Approved, _) => ("good", "good", "It may be applied"),
        (Stage::Applying, _) => ("info", "info", "It is being applied"),
        (Stage::Verifying, _) => ("info", "info", "Applied; it is looked at once more"),
        (Stage::Done, _) => ("good", "good", "Done, and seen to be"),
        (Stage::Failed, _) => ("bad", "bad", "It failed"),
        (Stage::RolledBack, _) => ("plum", "", "It was taken back"),
        (Stage::Abandoned, _) => ("", "", "Nobody wants it any more"),
    }
}

/// One line of the story.
#[derive(Debug, Serialize)]
struct Line {
    what: String,
    by: String,
    at: String,
    tone: &'static str,
}

fn story(page: &Page, reading: &Reading<'_>, id: &str) -> Vec<Line> {
    let Ok(stream) = ledger::Stream::new(format!("change/{id}")) else { return Vec::new() };
    let last = page.lens().record.head.seq;
    let entries = page.state().ledger().stream(&stream, 0).unwrap_or_default();
    let entries: Vec<_> = entries.into_iter().filter(|entry| entry.seq <= last).collect();
    let rows = views::story(reading, &entries).into_iter().rev().take(LINES);
    rows.map(|row| Line {
        tone: match row.kind.as_str() {
            "failed" | "step-failed" | "broke-glass" | "drifted" | "approvals-void" => "bad",
            "approved" | "cleared" | "verified" | "step-verified" => "good",
            _ => "info",
        },
        what: row.what,
        by: row.by.title,
        at: row.at.to_string(),
    })
    .collect()
}

/// A form about a change. What a form does not have stays empty.
#[derive(Debug, Deserialize)]
pub(super) struct Sent {
    csrf: String,
    #[serde(default)]
    seat: String,
    #[serde(default)]
    plan: String,
    #[serde(default)]
    revision: String,
    #[serde(default)]
    comment: String,
    #[serde(default)]
    reason: String,
    #[serde(default)]
    finding: String,
}

/// `POST /changes/<id>/<deed>`
pub(super) async fn act(
    page: Page,
    Path((id, deed)): Path<(String, String)>,
    Form(sent): Form<Sent>,
) -> Response {
    let back = format!("/changes/{}", super::links::encoded(&id));
    let done = match page.csrf().verify(&sent.csrf) {
        Ok(()) => carry_out(&page, &id, &deed, sent).await,
        Err(problem) => Err(problem),
    };
    match done {
        Ok((performed, said)) => {
            let to = format!("/changes/{}", super::links::encoded(performed.name()));
            notes::redirect(&to, &Note::good(said))
        }
        Err(problem) => notes::redirect(&back, &Note::refusal(&problem)),
    }
}

async fn carry_out(
    page: &Page,
    id: &str,
    deed: &str,
    sent: Sent,
) -> Result<(Performed, &'static str), Problem> {
    let (state, viewer) = (page.state(), &page.viewer);
    let Sent { seat, plan, revision, comment, reason, finding, .. } = sent;
    let (command, said) = match deed {
        "plan" => {
            let made = state.plan_change(viewer, id, Default::default()).await?;
            return Ok((made, "It is planned."));
        }
        "apply" => return Ok((state.start_change(viewer, id).await?, "It has begun.")),
        "rollback" => {
            let made = state.roll_change_back(viewer, id).await?;
            return Ok((made, "This is the way back. Read it, and ask the seats."));
        }
        "submit" => (Command::Submit {}, "The seats are asked."),
        "approve" => {
            let comment = Text::of(&comment);
            let command = Command::Approve { seat, plan, revision, via: Via::Page, comment };
            (command, "Your approval stands.")
        }
        "withdraw" => {
            let reason = Text::of(&reason);
            (Command::WithdrawApproval { seat, reason }, "The approval is taken back.")
        }
        "break-glass" => {
            let reason = Text::Plain(reason);
            (
                Command::BreakGlass { seat, reason },
                "The glass is broken. Somebody else must review it.",
            )
        }
        "review" => (Command::Review { finding: Text::Plain(finding) }, "The review stands."),
        "abandon" => (Command::Abandon { reason: Text::of(&reason) }, "It is given up."),
        other => {
            return Err(Problem::not_found(format!("Nothing about a change is called `{other}`.")));
        }
    };
    Ok((state.change(viewer, id, command, IfMatch::Absent).await?, said))
}
