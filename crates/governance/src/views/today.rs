//! Today: what needs me, what changed, what comes next, what is open.

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use org::views::PersonRef;
use schemars::JsonSchema;
use serde::Serialize;

use super::decisions::{find_decision, title};
use super::{
    DecisionRow, Gap, MeetingRef, Reading, actions, decision, decisions, gaps, questions, rituals,
};
use crate::record::decision::{Outcome, Position, Stage, Stance};

/// How many days "what changed" reaches back: two weeks, so that nobody misses anything over one
/// holiday week.
const CHANGED_WITHIN_DAYS: i64 = 14;

/// How far deadlines are looked ahead.
const DEADLINES_WITHIN_DAYS: i64 = 30;

/// The page that everybody opens first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Today {
    /// The day, in the organization's time zone.
    pub date: Date,
    /// Who looks.
    pub viewer: Option<PersonRef>,
    /// What waits for the viewer, most urgent first.
    pub needs_me: Vec<Need>,
    /// What happened lately, newest first.
    pub changed: Vec<Change>,
    /// The next meetings, soonest first.
    pub next_meetings: Vec<MeetingRef>,
    /// What has a date in the next weeks, soonest first.
    pub deadlines: Vec<Deadline>,
    /// What is open.
    pub gaps: Vec<Gap>,
}

/// What somebody is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum NeedKind {
    /// A vote.
    Vote,
    /// An objection to the viewer's own proposal waits for an answer.
    Objection,
    /// The viewer's own proposal is stuck: its text changed, or it cannot be accepted.
    Proposal,
    /// Advice.
    Advice,
    /// An action.
    Action,
    /// A question.
    Question,
}

/// One thing that waits for the viewer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Need {
    /// What is asked for.
    pub kind: NeedKind,
    /// What it is about, as a reference.
    pub subject: String,
    /// The title of that.
    pub title: String,
    /// Why it is asked of the viewer.
    pub why: String,
    /// By when.
    pub due: Option<Timestamp>,
    /// The day by when, for things that are due on a day.
    pub due_day: Option<Date>,
    /// Whether that has passed.
    pub overdue: bool,
}

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Change {
    /// When.
    pub at: Timestamp,
    /// What it is about, as a reference; nothing for a revision of the playbook.
    pub subject: Option<String>,
    /// What happened, in a line.
    pub what: String,
}

/// Something with a date.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Deadline {
    /// The day.
    pub day: Date,
    /// What it is about, as a reference.
    pub subject: String,
    /// What happens or is due.
    pub what: String,
}

/// The page, for a viewer who may be nobody in particular.
pub fn today(reading: &Reading<'_>, viewer: Option<&str>) -> Today {
    let rows = decisions(reading).rows;
    let mut needs = viewer.map_or_else(Vec::new, |viewer| needs(reading, &rows, viewer));
    needs.sort_by_key(|need| {
        let at = need.due.map(|at| reading.day(at)).or(need.due_day).unwrap_or(Date::MAX);
        (!need.overdue, at, need.kind, need.subject.clone())
    });
    let meetings = rituals(reading).rows.into_iter().filter_map(|row| row.next);
    Today {
        date: reading.today(),
        viewer: viewer.map(|viewer| reading.person(viewer)),
        needs_me: needs,
        changed: changed(reading, &rows),
        next_meetings: meetings.collect(),
        deadlines: deadlines(reading, &rows),
        gaps: gaps(reading),
    }
}

fn needs(reading: &Reading<'_>, rows: &[DecisionRow], viewer: &str) -> Vec<Need> {
    let facts = reading.facts(viewer);
    let mut needs = Vec::new();
    for row in rows.iter().filter(|row| row.stage.is_open()) {
        decision_needs(reading, row, viewer, &mut needs);
    }
    for row in actions(reading).open {
        let mine = facts.speaks_for(&row.owner.reference, viewer);
        if mine && !row.owner.reference.starts_with("audience/") {
            needs.push(Need {
                kind: NeedKind::Action,
                subject: format!("action/{}", row.id),
                title: row.title,
                why: format!("{} promised it for {}", row.owner.title, row.due),
                due: None,
                due_day: Some(row.due),
                overdue: row.overdue,
            });
        }
    }
    for row in questions(reading).open {
        let Some(owner) = &row.owner else { continue };
        if facts.speaks_for(&owner.reference, viewer) && row.due.is_some() {
            needs.push(Need {
                kind: NeedKind::Question,
                subject: format!("question/{}", row.name),
                title: row.title,
                why: format!("{} brings it to an answer", owner.title),
                due: None,
                due_day: row.due,
                overdue: row.overdue,
            });
        }
    }
    needs
}

fn decision_needs(reading: &Reading<'_>, row: &DecisionRow, viewer: &str, needs: &mut Vec<Need>) {
    let Some(detail) = decision(reading, &row.name, Some(viewer)) else { return };
    let mut need = |kind, why: String, due: Option<Timestamp>| {
        needs.push(Need {
            kind,
            subject: format!("decision/{}", row.name),
            title: row.title.clone(),
            why,
            due,
            due_day: None,
            overdue: due.is_some_and(|due| due < reading.now),
        });
    };
    let void = row.outcome == Outcome::Void;
    for vote in &detail.votes {
        let seat = vote.seat.reference.trim_start_matches("seat/");
        let open = match vote.stance {
            Stance::Silent | Stance::Answered | Stance::Delegated => true,
            Stance::Agrees
            | Stance::Objects
            | Stance::Abstains
            | Stance::Consents
            | Stance::Inactive => false,
        };
        let own_delegation = vote.position == Some(Position::Delegate)
            && vote.person.as_ref().is_some_and(|person| person.name == viewer);
        if open && !void && !own_delegation && detail.may_vote_for.iter().any(|it| it == seat) {
            let why = format!("{} has a vote", vote.seat.title);
            need(NeedKind::Vote, why, vote.silent_until);
        }
        if detail.is_author && vote.stance == Stance::Objects {
            need(NeedKind::Objection, format!("{} objects", vote.seat.title), None);
        }
    }
    if detail.is_author && void {
        need(NeedKind::Proposal, "its text changed: propose it again".to_owned(), None);
    }
    for party in detail.may_advise_for.iter().filter(|_| row.stage == Stage::Proposed) {
        let why = format!("{} is consulted", super::PartyRef::of(reading.model, party).title);
        need(NeedKind::Advice, why, detail.consult_until);
    }
}

fn changed(reading: &Reading<'_>, rows: &[DecisionRow]) -> Vec<Change> {
    let since = reading.today().checked_sub(CHANGED_WITHIN_DAYS.days()).unwrap_or(Date::MIN);
    let mut changes = Vec::new();
    for row in rows {
        let state = reading.record.decision(&row.name);
        let subject = Some(format!("decision/{}", row.name));
        let said = |what: &str| format!("{} {}: {}", row.number, what, row.title);
        let proposed = state.proposal.as_ref().map(|proposal| (proposal.at, said("proposed")));
        let closed = state.closed_at.map(|at| (at, said(row.stage.word())));
        let found = proposed.into_iter().chain(closed);
        changes.extend(found.map(|(at, what)| Change { at, subject: subject.clone(), what }));
    }
    for (name, state) in &reading.record.questions {
        if let Some((by, at)) = &state.answered {
            let answer = find_decision(reading.model, by).map(title);
            let answer = answer.unwrap_or_else(|| by.clone());
            let subject = Some(format!("question/{name}"));
            let what = format!("question answered by \"{answer}\"");
            changes.push(Change { at: *at, subject, what });
        }
    }
    changes.extend(reading.revisions.iter().map(|revision| Change {
        at: revision.at,
        subject: None,
        what: format!("playbook: {}", revision.summary),
    }));
    changes.retain(|change| reading.day(change.at) >= since);
    changes.sort_by(|left, right| right.at.cmp(&left.at).then_with(|| left.what.cmp(&right.what)));
    changes
}

fn deadlines(reading: &Reading<'_>, rows: &[DecisionRow]) -> Vec<Deadline> {
    let until = reading.today().checked_add(DEADLINES_WITHIN_DAYS.days()).unwrap_or(Date::MAX);
    let mut found = Vec::new();
    for row in rows {
        let subject = format!("decision/{}", row.name);
        if let Some(at) = row.deadline {
            let what = format!("{}: {}", row.title, row.reasons.first().map_or("", |it| it));
            found.push(Deadline { day: reading.day(at), subject: subject.clone(), what });
        }
        if let Some(day) = row.review_by.filter(|_| row.stage == Stage::Accepted) {
            found.push(Deadline { day, subject, what: format!("review of {}", row.title) });
        }
    }
    found.extend(actions(reading).open.into_iter().map(|row| Deadline {
        day: row.due,
        subject: format!("action/{}", row.id),
        what: format!("{} ({})", row.title, row.owner.title),
    }));
    found.extend(questions(reading).open.into_iter().filter_map(|row| {
        let (subject, what) = (format!("question/{}", row.name), format!("answer: {}", row.title));
        Some(Deadline { day: row.due?, subject, what })
    }));
    found.retain(|deadline| deadline.day <= until);
    found.sort();
    found
}
