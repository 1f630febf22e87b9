//! How far a change has come: the fold over its events.

use std::collections::BTreeMap;

use governance::Text;
use jiff::Timestamp;
use plan::execute::{Fence, Record};
use plan::lifecycle::Happening;
pub use plan::lifecycle::State as Stage;
use plan::{Digest, StepId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Description, Event, Origin, Planned, Via};
use crate::gate::{Approval, BreakGlass, Capacity, Outcome, Said, Subject};
use crate::maintenance::Progress;

/// One change's state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    /// How far it has come.
    pub stage: Stage,
    /// Since when.
    pub since: Timestamp,
    /// Who wrote it.
    pub author: String,
    /// When it was begun.
    pub drafted_at: Timestamp,
    /// What its author says.
    pub said: Description,
    /// Where it came from.
    pub origin: Origin,
    /// Its plan.
    pub plan: Option<Planned>,
    /// When it was planned.
    pub planned_at: Option<Timestamp>,
    /// When the seats were asked.
    pub submitted_at: Option<Timestamp>,
    /// Who approved, oldest first, with those whose approval does not count any more.
    pub approvals: Vec<Approved>,
    /// What has changed at its targets since it was planned.
    pub drifted: BTreeMap<String, Vec<String>>,
    /// What the gate said last, and why.
    pub judged: Option<Judged>,
    /// Somebody who passed the gate in an emergency.
    pub glass: Option<BrokenGlass>,
    /// What the executor did with the present plan.
    pub journal: Vec<Record>,
    /// The newest right to execute that was used.
    pub fence: Option<Fence>,
    /// When the executor first began with the present plan.
    pub started_at: Option<Timestamp>,
    /// Why it failed last.
    pub failure: Option<String>,
    /// When it failed, oldest first: every attempt, whatever became of the change later.
    pub failed_at: Vec<Timestamp>,
    /// When it came to its end.
    pub closed_at: Option<Timestamp>,
    /// The change that took it back.
    pub rolled_back_by: Option<String>,
    /// Why nobody wants it any more.
    pub abandoned_because: Option<Text>,
    /// How far what happens around it has come.
    pub around: Progress,
}

/// An approval with how it was given, and why it may not count any more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Approved {
    /// The approval.
    pub approval: Approval,
    /// In which capacity.
    pub capacity: Capacity,
    /// By which way.
    pub via: Via,
    /// A remark.
    pub comment: Option<Text>,
    /// Why it does not count any more.
    pub void: Option<String>,
}

/// What the gate said.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Judged {
    /// When it said so first.
    pub at: Timestamp,
    /// The outcome.
    pub outcome: Outcome,
    /// Codes and texts.
    pub reasons: Vec<(String, String)>,
}

/// The glass, broken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BrokenGlass {
    /// Who, for which seat, for which plan, and by when it is reviewed.
    pub by: BreakGlass,
    /// When.
    pub at: Timestamp,
    /// Why it could not wait.
    pub reason: Text,
    /// The codes of the reasons that held it.
    pub overrode: Vec<String>,
    /// The parties that were paged.
    pub pages: Vec<String>,
    /// The review.
    pub review: Option<Reviewed>,
}

/// The review of a broken glass.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reviewed {
    /// Who.
    pub person: String,
    /// When.
    pub at: Timestamp,
    /// What came out of it.
    pub finding: Text,
}

impl State {
    /// What the gate judges.
    pub fn subject(&self, name: &str) -> Subject {
        let plan = self.plan.as_ref();
        let count = self.approvals.iter().filter(|approved| approved.void.is_none());
        Subject {
            name: name.to_owned(),
            author: self.author.clone(),
            revision: plan.map_or_else(String::new, |plan| plan.revision.clone()),
            plan: plan.map(|plan| plan.hash.clone()),
            planned_at: self.planned_at,
            touched: plan.map(|plan| plan.touched.clone()).unwrap_or_default(),
            said: Said {
                description: self.said.description.is_some(),
                risk: self.said.risk.is_some(),
                rollback: self.said.rollback.is_some(),
                decision_types: self.said.decision_types.clone(),
                cites: self.said.cites.clone(),
                windows: self.said.maintenance.windows.clone(),
            },
            approvals: count.map(|approved| approved.approval.clone()).collect(),
            break_glass: self.glass.as_ref().map(|glass| glass.by.clone()),
        }
    }

    /// The approvals that count, as far as the record knows.
    pub fn standing(&self) -> impl Iterator<Item = &Approved> {
        self.approvals.iter().filter(|approved| approved.void.is_none())
    }

    /// Whether breaking the glass still waits for its review.
    pub fn review_due(&self) -> Option<Timestamp> {
        let glass = self.glass.as_ref().filter(|glass| glass.review.is_none())?;
        Some(glass.by.review_due)
    }

    /// The state after an event; nothing comes before it was drafted.
    pub fn apply(before: Option<Self>, event: &Event, at: Timestamp) -> Option<Self> {
        if let Event::Drafted { author, said, origin } = event {
            return Some(Self::drafted(author, said, origin, at));
        }
        let mut state = before?;
        state.take_in(event, at);
        Some(state)
    }

    fn drafted(author: &str, said: &Description, origin: &Origin, at: Timestamp) -> Self {
        Self {
            stage: Stage::Draft,
            since: at,
            author: author.to_owned(),
            drafted_at: at,
            said: said.clone(),
            origin: origin.clone(),
            plan: None,
            planned_at: None,
            submitted_at: None,
            approvals: Vec::new(),
            drifted: BTreeMap::new(),
            judged: None,
            glass: None,
            journal: Vec::new(),
            fence: None,
            started_at: None,
            failure: None,
            failed_at: Vec::new(),
            closed_at: None,
            rolled_back_by: None,
            abandoned_because: None,
            around: Progress::default(),
        }
    }

    fn take_in(&mut self, event: &Event, at: Timestamp) {
        match event {
            Event::Drafted { .. } => {}
            Event::Described { said } => self.said = said.clone(),
            Event::Planned { plan } => self.replan(plan, at),
            Event::Submitted { .. } => {
                self.submitted_at = Some(at);
                self.go(Happening::Submitted, at);
            }
            Event::Approved { .. } => self.approve(event, at),
            Event::Cleared { .. } => self.go(Happening::Approved, at),
            Event::ApprovalWithdrawn { seat, person, .. } => {
                let why = format!("`{person}` took it back");
                self.void(|it| it.seat == *seat && it.person == *person, &why);
            }
            Event::ApprovalsVoid { seats, why } => self.void(|it| seats.contains(&it.seat), why),
            Event::Reopened { .. } => self.go(Happening::ApprovalLost, at),
            Event::Drifted { drifted } => self.drifted = drifted.clone(),
            Event::Judged { outcome, reasons } => {
                self.judged = Some(Judged { at, outcome: *outcome, reasons: reasons.clone() });
            }
            Event::BrokeGlass { .. } => self.break_glass(event, at),
            Event::Reviewed { person, finding } => {
                if let Some(glass) = self.glass.as_mut() {
                    let (person, finding) = (person.clone(), finding.clone());
                    glass.review = Some(Reviewed { person, at, finding });
                }
            }
            Event::ApplyStarted { .. }
            | Event::StepIntended { .. }
            | Event::StepDone { .. }
            | Event::StepFailed { .. }
            | Event::StepVerified { .. } => self.execute(event, at),
            Event::Applied {} => self.go(Happening::Applied, at),
            Event::Verified {} => self.close(Happening::Verified, at),
            Event::Failed { why } => {
                self.failure = Some(why.clone());
                self.failed_at.push(at);
                self.go(Happening::Failed, at);
            }
            Event::RolledBack { by } => {
                self.rolled_back_by = Some(by.clone());
                self.close(Happening::RolledBack, at);
            }
            Event::Abandoned { reason } => {
                self.abandoned_because.clone_from(reason);
                self.close(Happening::Abandoned, at);
            }
            Event::Around { happened } => self.around.apply(happened, at),
        }
    }

    /// Goes on in its life. An entry of the ledger that does not fit changes nothing: `decide` has
    /// refused it, so it comes from a later version.
    fn go(&mut self, happening: Happening, at: Timestamp) {
        if let Ok(next) = self.stage.after(happening) {
            self.stage = next;
            self.since = at;
        }
    }

    fn close(&mut self, happening: Happening, at: Timestamp) {
        self.go(happening, at);
        self.closed_at = Some(at);
    }

    fn void(&mut self, which: impl Fn(&Approval) -> bool, why: &str) {
        let standing = self.approvals.iter_mut().filter(|it| it.void.is_none());
        for approved in standing.filter(|it| which(&it.approval)) {
            approved.void = Some(why.to_owned());
        }
    }

    fn replan(&mut self, plan: &Planned, at: Timestamp) {
        self.void(|_| true, "it was planned again");
        self.plan = Some(plan.clone());
        self.planned_at = Some(at);
        self.drifted.clear();
        self.judged = None;
        self.journal.clear();
        self.started_at = None;
        self.submitted_at = None;
        self.failure = None;
        self.go(Happening::Planned, at);
    }

    fn approve(&mut self, event: &Event, at: Timestamp) {
        let Event::Approved { seat, person, capacity, plan, revision, expires, via, comment } =
            event
        else {
            return;
        };
        self.approvals.push(Approved {
            approval: Approval {
                seat: seat.clone(),
                person: person.clone(),
                plan: Some(plan.clone()),
                revision: revision.clone(),
                at,
                expires: *expires,
            },
            capacity: *capacity,
            via: *via,
            comment: comment.clone(),
            void: None,
        });
    }

    fn break_glass(&mut self, event: &Event, at: Timestamp) {
        let Event::BrokeGlass { person, seat, plan, reason, overrode, pages, review_due } = event
        else {
            return;
        };
        self.glass = Some(BrokenGlass {
            by: BreakGlass {
                person: person.clone(),
                seat: seat.clone(),
                plan: Some(plan.clone()),
                review_due: *review_due,
            },
            at,
            reason: reason.clone(),
            overrode: overrode.clone(),
            pages: pages.clone(),
            review: None,
        });
        self.go(Happening::Approved, at);
    }

    fn execute(&mut self, event: &Event, at: Timestamp) {
        if let Event::ApplyStarted { fence, .. } = event {
            self.fence = Some(fence.clone());
            self.started_at.get_or_insert(at);
            self.failure = None;
            // What ended with an earlier attempt begins again with this one.
            self.around.begin_again();
            self.go(Happening::ApplyStarted, at);
        }
        self.journal.extend(record(event, at));
    }

    /// How far each step of the present plan has come, by its last record.
    pub fn steps(&self) -> BTreeMap<StepId, &Record> {
        let steps = self.journal.iter().filter_map(|record| Some((step_of(record)?, record)));
        steps.collect()
    }
}

/// The step that a record is about.
fn step_of(record: &Record) -> Option<StepId> {
    match record {
        Record::Started { .. } => None,
        Record::Intended { step, .. }
        | Record::Applied { step, .. }
        | Record::Failed { step, .. }
        | Record::Verified { step, .. } => Some(*step),
    }
}

/// The executor's record that an event is, if it is one.
fn record(event: &Event, at: Timestamp) -> Option<Record> {
    match event {
        Event::ApplyStarted { plan, fence } => {
            Some(Record::Started { plan: Digest::from_hex(plan)?, fence: fence.clone(), at })
        }
        Event::StepIntended { step, attempt } => {
            Some(Record::Intended { step: *step, attempt: *attempt, at })
        }
        Event::StepDone { step, effect } => {
            Some(Record::Applied { step: *step, effect: effect.clone(), at })
        }
        Event::StepFailed { step, fault } => {
            Some(Record::Failed { step: *step, fault: fault.clone(), at })
        }
        Event::StepVerified { step } => Some(Record::Verified { step: *step, at }),
        Event::Drafted { .. }
        | Event::Described { .. }
        | Event::Planned { .. }
        | Event::Submitted { .. }
        | Event::Approved { .. }
        | Event::Cleared { .. }
        | Event::ApprovalWithdrawn { .. }
        | Event::ApprovalsVoid { .. }
        | Event::Reopened { .. }
        | Event::Drifted { .. }
        | Event::Judged { .. }
        | Event::BrokeGlass { .. }
        | Event::Reviewed { .. }
        | Event::Applied {}
        | Event::Verified {}
        | Event::Failed { .. }
        | Event::RolledBack { .. }
        | Event::Abandoned { .. }
        | Event::Around { .. } => None,
    }
}

/// The event that an executor's record is.
pub(super) fn event(record: &Record) -> Event {
    match record {
        Record::Started { plan, fence, .. } => {
            Event::ApplyStarted { plan: plan.to_string(), fence: fence.clone() }
        }
        Record::Intended { step, attempt, .. } => {
            Event::StepIntended { step: *step, attempt: *attempt }
        }
        Record::Applied { step, effect, .. } => {
            Event::StepDone { step: *step, effect: effect.clone() }
        }
        Record::Failed { step, fault, .. } => {
            Event::StepFailed { step: *step, fault: fault.clone() }
        }
        Record::Verified { step, .. } => Event::StepVerified { step: *step },
    }
}
