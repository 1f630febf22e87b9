//! The life of a change, as a state machine that says why it waits.
//!
//! ```text
//! draft ─▶ planned ─▶ awaiting approval ─▶ approved ─▶ applying ─▶ verifying ─▶ done ─▶ rolled back
//!            ▲              │    ▲ withdrawn  │            │           │                  ▲
//!            └── planned again ──┴────────────┘            └──▶ failed ◀┘ ─────────────────┘
//!   draft … approved, failed ─▶ abandoned                  ▲──────┘ resumed
//! ```
//!
//! Pure: what happened comes in, a state or a refusal comes out. Every state that waits for something has a time limit;
//! exceeding it changes nothing by itself, it is *shown*, because a machine that gives up on a half-applied change in
//! silence is worse than one that nags.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// Where a change stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// Somebody is writing it.
    Draft,
    /// It has a plan that nobody has been asked about.
    Planned,
    /// Seats have been asked.
    AwaitingApproval,
    /// The seats agree; nothing has begun.
    Approved,
    /// An executor is at work, or was when it was killed.
    Applying,
    /// All steps are applied; the whole is looked at once more.
    Verifying,
    /// It is so.
    Done,
    /// A step failed; what is done is done.
    Failed,
    /// It was taken back.
    RolledBack,
    /// Nobody wants it any more.
    Abandoned,
}

/// What happens to a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Happening {
    /// A plan was made, the first or a new one. Approvals of an older plan are void.
    Planned,
    /// Seats are asked.
    Submitted,
    /// The last approval that was needed came, or somebody broke the glass.
    Approved,
    /// An approval was withdrawn or ran out.
    ApprovalLost,
    /// An executor begins, or goes on after a failure.
    ApplyStarted,
    /// Every step is applied.
    Applied,
    /// The whole was observed to be as it should.
    Verified,
    /// A step failed, or the effect was not there.
    Failed,
    /// A rollback of it is verified.
    RolledBack,
    /// Somebody gave it up.
    Abandoned,
}

impl State {
    /// All states, in the order of a life.
    pub const ALL: [Self; 10] = [
        Self::Draft,
        Self::Planned,
        Self::AwaitingApproval,
        Self::Approved,
        Self::Applying,
        Self::Verifying,
        Self::Done,
        Self::Failed,
        Self::RolledBack,
        Self::Abandoned,
    ];

    /// The words for it.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Planned => "planned",
            Self::AwaitingApproval => "awaiting approval",
            Self::Approved => "approved",
            Self::Applying => "applying",
            Self::Verifying => "verifying",
            Self::Done => "done",
            Self::Failed => "failed",
            Self::RolledBack => "rolled back",
            Self::Abandoned => "abandoned",
        }
    }

    /// Whether nothing is expected to happen any more. A change that is done can still be rolled back.
    #[must_use]
    pub fn is_final(self) -> bool {
        match self {
            Self::Done | Self::RolledBack | Self::Abandoned => true,
            Self::Draft
            | Self::Planned
            | Self::AwaitingApproval
            | Self::Approved
            | Self::Applying
            | Self::Verifying
            | Self::Failed => false,
        }
    }

    /// What a change waits for in this state, as a person would say it.
    fn waits_for(self) -> Option<&'static str> {
        match self {
            Self::Draft => Some("its author to plan it"),
            Self::Planned => Some("its author to submit it"),
            Self::AwaitingApproval => Some("approvals"),
            Self::Approved => Some("an executor to begin"),
            Self::Applying => Some("its steps to be carried out"),
            Self::Verifying => Some("the effect to be observed"),
            Self::Failed => Some("somebody to resume it, roll it back or abandon it"),
            Self::Done | Self::RolledBack | Self::Abandoned => None,
        }
    }

    /// The state after something happened.
    ///
    /// # Errors
    /// When it cannot happen in this state; the refusal says what can.
    pub fn after(self, happening: Happening) -> Result<Self, Refusal> {
        let next = match happening {
            Happening::Planned => match self {
                Self::Draft
                | Self::Planned
                | Self::AwaitingApproval
                | Self::Approved
                | Self::Failed => Some(Self::Planned),
                Self::Applying
                | Self::Verifying
                | Self::Done
                | Self::RolledBack
                | Self::Abandoned => None,
            },
            Happening::Submitted => (self == Self::Planned).then_some(Self::AwaitingApproval),
            Happening::Approved => {
                matches!(self, Self::Planned | Self::AwaitingApproval).then_some(Self::Approved)
            }
            Happening::ApprovalLost => (self == Self::Approved).then_some(Self::AwaitingApproval),
            // An executor that was killed begins again from wherever it was.
            Happening::ApplyStarted => {
                matches!(self, Self::Approved | Self::Applying | Self::Verifying | Self::Failed)
                    .then_some(Self::Applying)
            }
            Happening::Applied => (self == Self::Applying).then_some(Self::Verifying),
            Happening::Verified => (self == Self::Verifying).then_some(Self::Done),
            Happening::Failed => {
                matches!(self, Self::Applying | Self::Verifying).then_some(Self::Failed)
            }
            Happening::RolledBack => {
                matches!(self, Self::Done | Self::Failed).then_some(Self::RolledBack)
            }
            Happening::Abandoned => match self {
                Self::Draft
                | Self::Planned
                | Self::AwaitingApproval
                | Self::Approved
                | Self::Failed => Some(Self::Abandoned),
                Self::Applying
                | Self::Verifying
                | Self::Done
                | Self::RolledBack
                | Self::Abandoned => None,
            },
        };
        next.ok_or(Refusal { state: self, happening })
    }
}

impl Happening {
    /// Everything that can happen.
    pub const ALL: [Self; 10] = [
        Self::Planned,
        Self::Submitted,
        Self::Approved,
        Self::ApprovalLost,
        Self::ApplyStarted,
        Self::Applied,
        Self::Verified,
        Self::Failed,
        Self::RolledBack,
        Self::Abandoned,
    ];

    /// What it would mean to do it: `be planned`.
    fn verb(self) -> &'static str {
        match self {
            Self::Planned => "be planned",
            Self::Submitted => "be submitted",
            Self::Approved => "be approved",
            Self::ApprovalLost => "lose an approval",
            Self::ApplyStarted => "be applied",
            Self::Applied => "finish applying",
            Self::Verified => "be verified",
            Self::Failed => "fail",
            Self::RolledBack => "be rolled back",
            Self::Abandoned => "be abandoned",
        }
    }
}

/// Something cannot happen now.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a change that is {} cannot {}; {}", .state.words(), .happening.verb(), possible(*.state))]
pub struct Refusal {
    /// Where the change stands.
    pub state: State,
    /// What was tried.
    pub happening: Happening,
}

/// What can happen in a state instead.
fn possible(state: State) -> String {
    let verbs: Vec<_> = Happening::ALL
        .into_iter()
        .filter(|happening| state.after(*happening).is_ok())
        .map(Happening::verb)
        .collect();
    match verbs.as_slice() {
        [] => "nothing more can happen to it: draft a new one".to_owned(),
        verbs => format!("it can {}", verbs.join(", ")),
    }
}

/// How long a change may stay in each state before everybody can see that it hangs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct TimeLimits {
    /// A draft that nobody touched for two weeks is forgotten.
    pub draft: SignedDuration,
    /// A plan describes the systems of the day on which it was made.
    pub planned: SignedDuration,
    /// The council's consultation window is 72 hours.
    pub awaiting_approval: SignedDuration,
    /// An approval was given for the circumstances of its day.
    pub approved: SignedDuration,
    /// Longer than any step's time-out times a few retries.
    pub applying: SignedDuration,
    /// Targets settle within minutes.
    pub verifying: SignedDuration,
    /// A half-applied change is a risk every hour that it stands.
    pub failed: SignedDuration,
}

impl Default for TimeLimits {
    fn default() -> Self {
        Self {
            draft: SignedDuration::from_hours(14 * 24),
            planned: SignedDuration::from_hours(24),
            awaiting_approval: SignedDuration::from_hours(72),
            approved: SignedDuration::from_hours(24),
            applying: SignedDuration::from_hours(2),
            verifying: SignedDuration::from_hours(1),
            failed: SignedDuration::from_hours(4),
        }
    }
}

impl TimeLimits {
    /// The limit of a state; none for those that last for ever.
    #[must_use]
    pub fn of(&self, state: State) -> Option<SignedDuration> {
        match state {
            State::Draft => Some(self.draft),
            State::Planned => Some(self.planned),
            State::AwaitingApproval => Some(self.awaiting_approval),
            State::Approved => Some(self.approved),
            State::Applying => Some(self.applying),
            State::Verifying => Some(self.verifying),
            State::Failed => Some(self.failed),
            State::Done | State::RolledBack | State::Abandoned => None,
        }
    }
}

/// Why a change waits, since when, and whether that is too long.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waiting {
    /// Where it stands.
    pub state: State,
    /// Since when.
    pub since: Timestamp,
    /// What it waits for, in sentences; never empty.
    pub reasons: Vec<String>,
    /// When it should have moved on.
    pub due: Timestamp,
    /// Whether that has passed.
    pub overdue: bool,
}

/// Says why a change waits; none if it is at its end. `holds` are what the caller knows better: the gate's reasons, the
/// seats that have not answered, the steps that are left. Without them the state speaks for itself.
#[must_use]
pub fn why_waiting(
    state: State,
    since: Timestamp,
    holds: &[String],
    limits: &TimeLimits,
    now: Timestamp,
) -> Option<Waiting> {
    let limit = limits.of(state)?;
    let due = since.checked_add(limit).unwrap_or(Timestamp::MAX);
    let reasons = match holds {
        [] => vec![format!("It waits for {}.", state.waits_for()?)],
        holds => holds.to_vec(),
    };
    Some(Waiting { state, since, reasons, due, overdue: now > due })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_goes_through_its_life() {
        let life = [
            Happening::Planned,
            Happening::Submitted,
            Happening::Approved,
            Happening::ApplyStarted,
            Happening::Applied,
            Happening::Verified,
        ];
        let states: Vec<State> = life
            .iter()
            .scan(State::Draft, |state, happening| {
                *state = state.after(*happening).ok()?;
                Some(*state)
            })
            .collect();
        assert_eq!(states, State::ALL[1..7]);
    }

    /// Every state × everything that can happen, as one picture.
    #[test]
    fn every_pair_has_its_answer() {
        let table: String = State::ALL
            .into_iter()
            .map(|state| {
                let row = Happening::ALL.map(|happening| match state.after(happening) {
                    Ok(next) => format!("{next:?}"),
                    Err(_) => "-".to_owned(),
                });
                format!("{state:?}: {}\n", row.join(" "))
            })
            .collect();
        expect_test::expect![[r#"
            Draft: Planned - - - - - - - - Abandoned
            Planned: Planned AwaitingApproval Approved - - - - - - Abandoned
            AwaitingApproval: Planned - Approved - - - - - - Abandoned
            Approved: Planned - - AwaitingApproval Applying - - - - Abandoned
            Applying: - - - - Applying Verifying - Failed - -
            Verifying: - - - - Applying - Done Failed - -
            Done: - - - - - - - - RolledBack -
            Failed: Planned - - - Applying - - - RolledBack Abandoned
            RolledBack: - - - - - - - - - -
            Abandoned: - - - - - - - - - -
        "#]]
        .assert_eq(&table);
    }

    #[test]
    fn a_refusal_says_what_is_possible() {
        let refusal = State::Applying.after(Happening::Abandoned).unwrap_err();
        assert_eq!(
            refusal.to_string(),
            "a change that is applying cannot be abandoned; it can be applied, finish applying, fail"
        );
        let refusal = State::Abandoned.after(Happening::Planned).unwrap_err();
        assert!(refusal.to_string().contains("draft a new one"), "{refusal}");
    }

    #[test]
    fn every_state_that_is_not_final_waits_for_something_and_until_some_time() {
        let since = Timestamp::UNIX_EPOCH;
        let limits = TimeLimits::default();
        for state in State::ALL {
            let waiting = why_waiting(state, since, &[], &limits, since);
            assert_eq!(waiting.is_none(), state.is_final(), "{state:?}");
            let Some(waiting) = waiting else { continue };
            assert!(!waiting.overdue && !waiting.reasons.is_empty(), "{waiting:?}");
            let late = waiting.due.checked_add(SignedDuration::from_secs(1)).unwrap();
            assert!(why_waiting(state, since, &[], &limits, late).unwrap().overdue, "{state:?}");
        }
    }

    #[test]
    fn what_the_caller_knows_stands_before_what_the_state_says() {
        let holds = ["The freeze `year-end` lasts until 2027-01-07.".to_owned()];
        let at = Timestamp::UNIX_EPOCH;
        let waiting = why_waiting(State::Approved, at, &holds, &TimeLimits::default(), at);
        assert_eq!(waiting.unwrap().reasons, holds);
    }
}
