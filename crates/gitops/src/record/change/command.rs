//! What can be asked of a change, and what can happen to it.

use std::collections::{BTreeMap, BTreeSet};

use governance::Text;
use jiff::Timestamp;
use plan::execute::{Fence, Record};
use plan::{Effect, Fault, StepId};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::gate::{Capacity, Outcome, Touched, Window};
use crate::maintenance::Silence;

/// What its author says about a change.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Description {
    /// What it is called in lists.
    pub title: Option<Text>,
    /// What changes and why.
    pub description: Option<Text>,
    /// What could go wrong.
    pub risk: Option<Text>,
    /// How to get back.
    pub rollback: Option<Text>,
    /// Where it was tried.
    pub evidence: Option<Text>,
    /// Decision types that it is besides those that follow from what it touches.
    pub decision_types: BTreeSet<String>,
    /// Decisions that it rests on, by name.
    pub cites: BTreeSet<String>,
    /// What happens around it: windows, silences, a notice.
    pub maintenance: Maintenance,
}

impl Description {
    /// The texts that must be sealed before they are stored.
    pub fn texts(&mut self) -> Vec<&mut Text> {
        let parts = [
            &mut self.title,
            &mut self.description,
            &mut self.risk,
            &mut self.rollback,
            &mut self.evidence,
        ];
        let notice = self.maintenance.notice.iter_mut().map(|notice| &mut notice.text);
        let silences = self.maintenance.silences.iter_mut().map(|silence| &mut silence.comment);
        parts.into_iter().flatten().chain(notice).chain(silences).collect()
    }
}

/// What happens around a change: it begins at its start and ends with its verified end.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Maintenance {
    /// When it may be applied; at any time when none is named.
    pub windows: Vec<Window>,
    /// The alerts that are silent meanwhile.
    pub silences: Vec<Silence>,
    /// What is said on the status page meanwhile.
    pub notice: Option<Notice>,
}

impl Maintenance {
    /// Says whether nothing happens around the change.
    pub fn is_empty(&self) -> bool {
        self.silences.is_empty() && self.notice.is_none()
    }
}

/// What is said on the status page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// What is said.
    pub text: Text,
    /// The services that it is about, by name.
    #[serde(default)]
    pub services: BTreeSet<String>,
}

/// Where a change came from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Origin {
    /// Somebody drafted it.
    Person,
    /// A pull request, by its address.
    PullRequest(String),
    /// It takes back another change.
    RollbackOf(String),
}

/// A plan as the record knows it: what people approve is its hash, the body lies beside the ledger.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Planned {
    /// SHA-256 of the plan, in hexadecimal.
    pub hash: String,
    /// The revision of the playbook.
    pub revision: String,
    /// Its generation.
    pub generation: u64,
    /// The plan that it follows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<String>,
    /// The digest of what it does, whenever it was made.
    pub effect: String,
    /// How many steps it has.
    pub steps: u64,
    /// How many of them a tool carries out together with another one, so that nobody writes them down by themselves.
    #[serde(default)]
    pub carried: u64,
    /// How many of them cannot be taken back.
    pub irreversible: u64,
    /// How many interrupt somebody.
    pub disruptive: u64,
    /// How many differences it leaves alone, with a reason each.
    pub held_back: u64,
    /// What it touches.
    pub touched: Touched,
}

/// By which way somebody spoke.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Via {
    /// The command line.
    Cli,
    /// The HTTP API.
    Api,
    /// A page.
    Page,
    /// A review on the forge.
    Forge,
}

/// What somebody wants to do about a change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Command {
    /// Begins it.
    Draft {
        /// What its author says.
        said: Description,
        /// Where it came from.
        origin: Origin,
    },
    /// Says something else about it. Approvals stay: they are for the plan.
    Describe {
        /// What its author says now.
        said: Description,
    },
    /// Gives it a plan, the first or a new one.
    Plan {
        /// The plan.
        plan: Planned,
    },
    /// Asks the seats.
    Submit {},
    /// Approves the plan for a seat.
    Approve {
        /// The seat's name.
        seat: String,
        /// The hash of the plan that was read.
        plan: String,
        /// The revision that was read.
        revision: String,
        /// By which way.
        via: Via,
        /// A remark.
        comment: Option<Text>,
    },
    /// Takes an approval back.
    WithdrawApproval {
        /// The seat that it was given for.
        seat: String,
        /// Why.
        reason: Option<Text>,
    },
    /// Writes down that the systems have changed since the plan was made.
    Drift {
        /// What has changed, by target.
        drifted: BTreeMap<String, Vec<String>>,
    },
    /// Writes down what time has brought: approvals that ran out.
    Settle {},
    /// Writes down what the gate says, when it says something new.
    Judge {},
    /// Passes the gate in an emergency.
    BreakGlass {
        /// The seat that the actor holds.
        seat: String,
        /// Why it cannot wait.
        reason: Text,
    },
    /// Reviews that the glass was broken.
    Review {
        /// What came out of it.
        finding: Text,
    },
    /// Begins to apply it, or goes on.
    Start {
        /// The right to.
        fence: Fence,
    },
    /// Writes down what the executor did.
    Journal {
        /// How many records there were before: whoever counts differently is behind.
        after: usize,
        /// What it did.
        records: Vec<Record>,
    },
    /// Every step is applied.
    Finish {},
    /// The whole was observed to be as it should.
    Verify {},
    /// Something went wrong: what is done stays done.
    Fail {
        /// What.
        why: String,
    },
    /// A verified rollback took it back.
    RollBack {
        /// The change that did.
        by: String,
    },
    /// Gives it up.
    Abandon {
        /// Why.
        reason: Option<Text>,
    },
    /// Writes down that what happens around it began or ended.
    Around {
        /// What.
        happened: Around,
    },
}

/// What happened around a change, out in the world.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Around {
    /// A silence stands.
    Silenced {
        /// Which of the change's silences, from 0.
        silence: usize,
        /// Its id in the alerting system.
        id: String,
        /// Until when it lasts if nobody removes it.
        until: Timestamp,
    },
    /// A silence was seen to keep alerts silent.
    SilenceMatched {
        /// Which.
        silence: usize,
        /// How many at that moment.
        matched: u64,
    },
    /// A silence is gone.
    SilenceEnded {
        /// Which.
        silence: usize,
        /// How many alerts it kept silent; nothing when the alerting system does not know.
        matched: Option<u64>,
        /// Whether it ran out by itself.
        expired: bool,
    },
    /// The notice is public.
    NoticeShown {},
    /// The notice is gone.
    NoticeEnded {},
    /// The alerting system or the status page refused.
    Refused {
        /// What was tried.
        what: String,
        /// What it said.
        why: String,
    },
}

/// What happened to a change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Event {
    /// It was begun.
    Drafted {
        /// Who wrote it.
        author: String,
        /// What they say.
        said: Description,
        /// Where it came from.
        origin: Origin,
    },
    /// Its author says something else.
    Described {
        /// What they say now.
        said: Description,
    },
    /// It got a plan; approvals of an older one are void.
    Planned {
        /// The plan.
        plan: Planned,
    },
    /// The seats were asked.
    Submitted {
        /// The decision types that it is.
        decision_types: Vec<String>,
        /// The parties whose approval is needed.
        asked: Vec<String>,
        /// The parties that are consulted.
        consulted: Vec<String>,
        /// The parties that are told.
        informed: Vec<String>,
    },
    /// Somebody approved the plan for a seat.
    Approved {
        /// The seat's name.
        seat: String,
        /// Who.
        person: String,
        /// In which capacity.
        capacity: Capacity,
        /// The plan.
        plan: String,
        /// The revision.
        revision: String,
        /// Until when it counts.
        expires: Timestamp,
        /// By which way.
        via: Via,
        /// A remark.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        comment: Option<Text>,
    },
    /// Every approval that is needed is there.
    Cleared {
        /// How that came about.
        reasons: Vec<String>,
    },
    /// An approval was taken back.
    ApprovalWithdrawn {
        /// The seat.
        seat: String,
        /// Who had given it.
        person: String,
        /// Why.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<Text>,
    },
    /// Approvals do not count any more: they ran out, or the world has changed.
    ApprovalsVoid {
        /// The seats.
        seats: Vec<String>,
        /// Why.
        why: String,
    },
    /// What was enough is not enough any more.
    Reopened {
        /// Why.
        why: String,
    },
    /// The systems have changed since the plan was made.
    Drifted {
        /// What, by target.
        drifted: BTreeMap<String, Vec<String>>,
    },
    /// What the gate said.
    Judged {
        /// The outcome.
        outcome: Outcome,
        /// Why: codes and texts.
        reasons: Vec<(String, String)>,
    },
    /// Somebody passed the gate in an emergency. Whoever delivers pages pages `pages`.
    BrokeGlass {
        /// Who.
        person: String,
        /// The seat that they hold.
        seat: String,
        /// The plan that passes.
        plan: String,
        /// Why it could not wait.
        reason: Text,
        /// The codes of the reasons that held it.
        overrode: Vec<String>,
        /// The parties that are paged.
        pages: Vec<String>,
        /// When it must have been reviewed.
        review_due: Timestamp,
    },
    /// Breaking the glass was reviewed.
    Reviewed {
        /// By whom.
        person: String,
        /// What came out of it.
        finding: Text,
    },
    /// An executor began, or went on.
    ApplyStarted {
        /// The plan.
        plan: String,
        /// Its right to.
        fence: Fence,
    },
    /// A step is about to be tried.
    StepIntended {
        /// The step.
        step: StepId,
        /// Which try.
        attempt: u32,
    },
    /// The target says that the step is done.
    StepDone {
        /// The step.
        step: StepId,
        /// What it did.
        effect: Effect,
    },
    /// The target says that it is not.
    StepFailed {
        /// The step.
        step: StepId,
        /// Why.
        fault: Fault,
    },
    /// The step's effect was observed.
    StepVerified {
        /// The step.
        step: StepId,
    },
    /// Every step is applied.
    Applied {},
    /// The whole is as it should be.
    Verified {},
    /// Something went wrong.
    Failed {
        /// What.
        why: String,
    },
    /// It was taken back.
    RolledBack {
        /// The change that did.
        by: String,
    },
    /// Nobody wants it any more.
    Abandoned {
        /// Why.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<Text>,
    },
    /// Something began or ended around it.
    Around {
        /// What.
        happened: Around,
    },
}

impl Event {
    /// The texts that must be sealed before the event is stored.
    pub fn texts(&mut self) -> Vec<&mut Text> {
        match self {
            Self::Drafted { said, .. } | Self::Described { said } => said.texts(),
            Self::Approved { comment: text, .. }
            | Self::ApprovalWithdrawn { reason: text, .. }
            | Self::Abandoned { reason: text } => text.iter_mut().collect(),
            Self::BrokeGlass { reason: text, .. } | Self::Reviewed { finding: text, .. } => {
                vec![text]
            }
            Self::Planned { .. }
            | Self::Submitted { .. }
            | Self::Cleared { .. }
            | Self::ApprovalsVoid { .. }
            | Self::Reopened { .. }
            | Self::Drifted { .. }
            | Self::Judged { .. }
            | Self::ApplyStarted { .. }
            | Self::StepIntended { .. }
            | Self::StepDone { .. }
            | Self::StepFailed { .. }
            | Self::StepVerified { .. }
            | Self::Applied {}
            | Self::Verified {}
            | Self::Failed { .. }
            | Self::RolledBack { .. }
            | Self::Around { .. } => Vec::new(),
        }
    }
}
