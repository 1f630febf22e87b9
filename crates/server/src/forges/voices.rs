//! Reviews on the forge, taken for their authors' word about the change.
//!
//! The newest verdict of each reviewer counts, and an approval counts for the commit that it was given to. Whose word it
//! is, by which seat, and whether it is enough is the record's and the gate's to say, as for an approval by any other way.

use std::collections::BTreeMap;

use gitops::gate::NeedKind;
use gitops::pr::{self, Review, Verdict};
use gitops::record::change::{Command, Stage, State as Change, Via};
use gitops::views;
use governance::Text;

use super::pulls::Case;
use crate::auth::Viewer;
use crate::http::IfMatch;

/// Makes the record say what the reviews say.
pub(super) async fn follow(case: &mut Case<'_>, id: &str) {
    let newest = newest(case);
    for (person, review) in &newest {
        let Some(change) = awaiting(case, id) else { return };
        if is_for_head(case, review) {
            approve(case, (id, &change), person, review).await;
        } else {
            stale(case, person, review);
            take_back(case, (id, &change), person, &because(review)).await;
        }
    }
    // Where a forge forgets a review that was taken back, nothing is left to read of it.
    let Some(change) = awaiting(case, id) else { return };
    let given = change.standing().filter(|it| it.via == Via::Forge);
    let gone: Vec<String> = given
        .map(|it| it.approval.person.clone())
        .filter(|person| !newest.contains_key(person))
        .collect();
    for person in gone {
        take_back(case, (id, &change), &person, "the review is gone from the forge").await;
    }
}

/// The people whose newest review asks for changes and who speak for a seat.
pub(super) fn objections(case: &Case<'_>) -> Vec<String> {
    let snapshot = case.state.snapshot();
    let newest = newest(case);
    let objects = newest.into_iter().filter(|(_, it)| it.verdict == Verdict::ChangesRequested);
    let holds = |person: &str, review: &Review| {
        Viewer::on_forge(&snapshot, person, &review.by.name)
            .is_ok_and(|viewer| !viewer.seats.is_empty())
    };
    objects.filter(|(person, review)| holds(person, review)).map(|(person, _)| person).collect()
}

/// The change while approvals of it count.
fn awaiting(case: &Case<'_>, id: &str) -> Option<Change> {
    let (known, change) = case.change()?;
    let counts = matches!(change.stage, Stage::AwaitingApproval | Stage::Approved);
    (known == id && counts).then_some(change)
}

/// The newest verdict of each person; a comment after an approval takes nothing back. Strangers are nobody.
fn newest(case: &Case<'_>) -> BTreeMap<String, Review> {
    let snapshot = case.state.snapshot();
    let said = case.reviews.iter().filter(|review| review.verdict != Verdict::Commented);
    let known = said.filter_map(|review| {
        let person = pr::person_of(snapshot.model(), &review.by)?;
        Some((person.name().to_owned(), review.clone()))
    });
    known.collect()
}

fn is_for_head(case: &Case<'_>, review: &Review) -> bool {
    review.verdict == Verdict::Approved && review.commit.as_ref() == Some(&case.request.head)
}

fn because(review: &Review) -> String {
    match review.verdict {
        Verdict::Approved => "the approval is for another commit",
        Verdict::ChangesRequested => "the newest review asks for changes",
        Verdict::Dismissed => "the review was dismissed",
        Verdict::Commented => "the newest review approves nothing",
    }
    .to_owned()
}

/// Says why an approval that the forge still shows does not count.
fn stale(case: &mut Case<'_>, person: &str, review: &Review) {
    if review.verdict != Verdict::Approved {
        return;
    }
    let short = |commit: &str| commit.chars().take(10).collect::<String>();
    let to = review.commit.as_deref().map_or_else(|| "no commit in particular".to_owned(), short);
    let head = short(&case.request.head);
    case.note(format!("The approval of `{person}` was given to {to}, and the newest is {head}."));
}

/// Approves for every seat of the reviewer's that is asked.
async fn approve(case: &mut Case<'_>, (id, change): (&str, &Change), person: &str, by: &Review) {
    let Some(plan) = change.plan.as_ref().filter(|plan| plan.revision == case.request.head) else {
        return;
    };
    if change.standing().any(|it| it.approval.person == person) {
        return;
    }
    let viewer = match Viewer::on_forge(&case.state.snapshot(), person, &by.by.name) {
        Ok(viewer) => viewer,
        Err(problem) => {
            case.note(format!("The approval of `{person}` does not count: {}", problem.detail()));
            return;
        }
    };
    let mut why = None;
    let mut given = false;
    let asked = asked(case, id);
    for held in viewer.seats.iter().filter(|held| asked.iter().any(|seat| **seat == *held.seat)) {
        let command = Command::Approve {
            seat: held.seat.to_string(),
            plan: plan.hash.clone(),
            revision: plan.revision.clone(),
            via: Via::Forge,
            comment: None,
        };
        match case.state.change(&viewer, id, command, IfMatch::Absent).await {
            Ok(_) => given = true,
            Err(problem) => why = Some(problem.detail().to_owned()),
        }
    }
    if !given {
        let why = why.unwrap_or_else(|| "they hold none of the seats that are asked.".to_owned());
        case.note(format!("The approval of `{person}` does not count: {why}"));
    }
}

/// The seats whose approval may count, by name.
fn asked(case: &Case<'_>, id: &str) -> Vec<String> {
    let lens = case.state.lens();
    let gate = lens.gate(case.state).of_change(case.state, &lens, id);
    let detail = views::detail(&lens.changes(&gate), id, None);
    let needed = detail.and_then(|detail| detail.verdict).map(|verdict| verdict.needed);
    let approves = needed.into_iter().flatten().filter(|need| need.kind == NeedKind::Approve);
    approves.filter_map(|need| need.party.strip_prefix("seat/").map(str::to_owned)).collect()
}

/// Takes back what a reviewer approved by the forge, and only that.
async fn take_back(case: &mut Case<'_>, (id, change): (&str, &Change), person: &str, why: &str) {
    let given = change.standing();
    let given = given.filter(|it| it.via == Via::Forge && it.approval.person == person);
    let seats: Vec<String> = given.map(|it| it.approval.seat.clone()).collect();
    for seat in seats {
        let command = Command::WithdrawApproval { seat, reason: Text::of(why) };
        // Whoever has left takes nothing back; the clock voids what they gave.
        let Ok(viewer) = Viewer::on_forge(&case.state.snapshot(), person, person) else { return };
        if let Err(problem) = case.state.change(&viewer, id, command, IfMatch::Absent).await {
            case.note(problem.detail().to_owned());
        }
    }
}
