//! Amendments of an error budget: time that does not count, and a new beginning.
//!
//! A budget is measured, and nobody writes to it. What people decide about it is written down beside it, with a name and a
//! reason: that an announced maintenance does not count, or that counting begins anew after a promise was broken and
//! everybody has drawn their lessons. Whoever reads the budget reads these with it.
//!
//! Invariants: nothing is amended without a reason; an exclusion is never changed, only taken back; a reset holds from the
//! moment at which somebody says so, and is never dated back.

use governance::text::Texts;
use governance::{Refusal, Text};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::Facts;
use crate::slo::budget::{Amendments, Exclusion as Excluded, Reason, Reset as Anew};
use crate::slo::lower;

/// The noun of the streams: `budget/checkout-answers`.
pub const NOUN: &str = "budget";

/// What somebody wants to do about a budget.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Command {
    /// Says that some time does not count.
    Exclude {
        /// From when on.
        from: Timestamp,
        /// Until when, exclusively; it may lie ahead.
        to: Timestamp,
        /// Why.
        reason: Text,
    },
    /// Takes an exclusion back: the time counts again.
    Include {
        /// Its number, from 1.
        exclusion: u32,
    },
    /// Counts anew from now on.
    Reset {
        /// Why.
        reason: Text,
    },
}

/// What happened to a budget.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Event {
    /// Some time does not count.
    Excluded {
        /// From when on.
        from: Timestamp,
        /// Until when, exclusively.
        to: Timestamp,
        /// Why.
        reason: Text,
        /// Who says so.
        person: String,
    },
    /// An exclusion was taken back.
    Included {
        /// Its number, from 1.
        exclusion: u32,
        /// By whom.
        person: String,
    },
    /// It counts anew.
    Reset {
        /// Why.
        reason: Text,
        /// Who says so.
        person: String,
    },
}

impl Event {
    /// The texts that must be sealed before the event is stored.
    pub fn texts(&mut self) -> Vec<&mut Text> {
        match self {
            Self::Excluded { reason, .. } | Self::Reset { reason, .. } => vec![reason],
            Self::Included { .. } => Vec::new(),
        }
    }
}

/// Time that does not count.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exclusion {
    /// From when on.
    pub from: Timestamp,
    /// Until when, exclusively.
    pub to: Timestamp,
    /// Why.
    pub reason: Text,
    /// Who said so.
    pub person: String,
    /// When.
    pub at: Timestamp,
    /// When it was taken back, and by whom.
    pub included: Option<(Timestamp, String)>,
}

/// A new beginning.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reset {
    /// When.
    pub at: Timestamp,
    /// Why.
    pub reason: Text,
    /// Who said so.
    pub person: String,
}

/// What was decided about one budget, oldest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    /// Time that does not count; numbers begin at 1.
    pub exclusions: Vec<Exclusion>,
    /// New beginnings.
    pub resets: Vec<Reset>,
}

impl State {
    /// The state after an event.
    pub fn apply(before: Option<Self>, event: &Event, at: Timestamp) -> Self {
        let mut state = before.unwrap_or_default();
        match event {
            Event::Excluded { from, to, reason, person } => state.exclusions.push(Exclusion {
                from: *from,
                to: *to,
                reason: reason.clone(),
                person: person.clone(),
                at,
                included: None,
            }),
            Event::Included { exclusion, person } => {
                if let Some(found) = state.exclusions.get_mut(index(*exclusion)) {
                    found.included = Some((at, person.clone()));
                }
            }
            Event::Reset { reason, person } => {
                let (reason, person) = (reason.clone(), person.clone());
                state.resets.push(Reset { at, reason, person });
            }
        }
        state
    }

    /// What counting has to know.
    pub fn amendments(&self, id: &str, texts: &dyn Texts) -> Amendments {
        let reason = |text: &Text| Reason::new(&texts.read(&format!("{NOUN}/{id}"), text));
        let exclusions = self.exclusions.iter().filter(|it| it.included.is_none());
        let exclusions = exclusions.filter_map(|it| {
            Some(Excluded { from: it.from, to: it.to, reason: reason(&it.reason)? })
        });
        let resets = self.resets.iter();
        // Budgets are measured at whole minutes: that of the reset is the first that counts.
        let minute = |at: Timestamp| {
            Timestamp::from_second(at.as_second() - at.as_second().rem_euclid(60)).unwrap_or(at)
        };
        let resets =
            resets.filter_map(|it| Some(Anew { at: minute(it.at), reason: reason(&it.reason)? }));
        Amendments { exclusions: exclusions.collect(), resets: resets.collect() }
    }
}

/// The place of an exclusion's number.
fn index(number: u32) -> usize {
    usize::try_from(number).ok().and_then(|number| number.checked_sub(1)).unwrap_or(usize::MAX)
}

/// Carries out a command about the budget of the objective `id`, or says why not.
///
/// # Errors
/// Refuses what has no reason, no length or no objective, and to take back what does not hold.
pub fn decide(
    state: Option<&State>,
    id: &str,
    command: &Command,
    facts: &Facts<'_>,
) -> Result<Vec<Event>, Refusal> {
    let person = facts.person()?.to_owned();
    let lowered = lower(facts.model);
    let objective = lowered.slos.iter().find(|slo| slo.id == id);
    let objective = objective.ok_or_else(|| {
        Refusal::new("no-objective", format!("there is no objective `{id}`"))
            .passes_if("it is one of `council slo list`")
    })?;
    match command {
        Command::Exclude { from, to, reason } => {
            if from >= to {
                return Err(Refusal::new("no-time", "it ends before it begins")
                    .passes_if("the end comes after the beginning"));
            }
            let window = objective.window.bounds(facts.now);
            if window
                .is_some_and(|(begin, end)| to.duration_since(*from) > end.duration_since(begin))
            {
                let window = &objective.window;
                return Err(Refusal::new(
                    "longer-than-window",
                    format!("that is longer than the window of {window}"),
                )
                .passes_if("it is shorter, or the promise is changed in the playbook"));
            }
            let reason = given(reason)?;
            Ok(vec![Event::Excluded { from: *from, to: *to, reason, person }])
        }
        Command::Include { exclusion } => {
            let found = state.and_then(|state| state.exclusions.get(index(*exclusion)));
            match found {
                Some(found) if found.included.is_none() => {
                    Ok(vec![Event::Included { exclusion: *exclusion, person }])
                }
                Some(_) => Err(Refusal::new(
                    "included",
                    format!("exclusion {exclusion} was taken back already"),
                )
                .passes_if("it still held")),
                None => Err(Refusal::new(
                    "no-exclusion",
                    format!("`{id}` has no exclusion {exclusion}"),
                )
                .passes_if("it is one of those that the objective lists")),
            }
        }
        Command::Reset { reason } => Ok(vec![Event::Reset { reason: given(reason)?, person }]),
    }
}

/// The reason, if there is anything in it.
fn given(reason: &Text) -> Result<Text, Refusal> {
    match reason {
        Text::Plain(words) if words.trim().is_empty() => {
            Err(Refusal::new("no-reason", "nobody says why").passes_if("there is a reason"))
        }
        Text::Plain(words) => Ok(Text::Plain(words.trim().to_owned())),
        Text::Sealed(_) => Ok(reason.clone()),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use governance::text::Closed;

    use super::*;
    use crate::record::{Actor, State as Record};
    use crate::testing::table;

    fn moment(text: &str) -> Timestamp {
        text.parse().expect("a moment")
    }

    fn decided(
        state: Option<&State>,
        command: &Command,
        actor: Actor<'_>,
    ) -> Result<Vec<Event>, &'static str> {
        let workspace = table(
            "Person/ana: {}
             SLO@openslo/v1/answers: {service: shop, budgetingMethod: Occurrences, timeWindow: [{duration: 7d, isRolling: true}], objectives: [{target: 0.99}], indicator: {metadata: {name: i}, spec: {ratioMetric: {counter: true, good: {metricSource: {spec: {query: good}}}, total: {metricSource: {spec: {query: total}}}}}}}",
        );
        let (record, governance, verified) =
            (Record::default(), governance::State::default(), BTreeSet::new());
        let facts = Facts {
            model: workspace.model(),
            record: &record,
            governance: &governance,
            verified_changes: &verified,
            now: moment("2026-11-23T12:00:00Z"),
            actor,
        };
        decide(state, "answers", command, &facts).map_err(|refusal| refusal.code)
    }

    fn exclude(from: &str, to: &str, reason: &str) -> Command {
        Command::Exclude { from: moment(from), to: moment(to), reason: reason.into() }
    }

    const ANA: Actor<'static> = Actor::Person("ana");

    #[test]
    fn time_is_excluded_with_a_reason_and_counts_again_when_that_is_taken_back() {
        let (from, to) = ("2026-11-22T01:00:00Z", "2026-11-22T03:00:00Z");
        let refused = |command: &Command| decided(None, command, ANA).expect_err("a refusal");
        assert_eq!(refused(&exclude(to, from, "x")), "no-time");
        assert_eq!(refused(&exclude("2026-11-01T00:00:00Z", to, "x")), "longer-than-window");
        assert_eq!(refused(&exclude(from, to, "  ")), "no-reason");
        assert_eq!(refused(&Command::Include { exclusion: 1 }), "no-exclusion");
        assert_eq!(refused(&Command::Include { exclusion: 0 }), "no-exclusion");
        assert_eq!(decided(None, &exclude(from, to, "x"), Actor::Council), Err("needs-a-person"));

        let events = decided(None, &exclude(from, to, " The move. "), ANA).expect("it is allowed");
        let state = State::apply(None, &events[0], moment(to));
        let counted = state.amendments("answers", &Closed);
        assert_eq!(counted.exclusions[0].reason.to_string(), "The move.");
        assert_eq!(counted.exclusions[0].from, moment(from));

        let back = Command::Include { exclusion: 1 };
        let events = decided(Some(&state), &back, ANA).expect("it is allowed");
        let state = State::apply(Some(state), &events[0], moment(to));
        assert_eq!(state.amendments("answers", &Closed), Amendments::default());
        assert_eq!(decided(Some(&state), &back, ANA), Err("included"));
    }

    #[test]
    fn counting_begins_anew_at_the_moment_at_which_somebody_says_so() {
        let reset = |reason: &str| Command::Reset { reason: reason.into() };
        assert_eq!(decided(None, &reset(""), ANA), Err("no-reason"));
        let events = decided(None, &reset("We have learnt it."), ANA).expect("it is allowed");
        let state = State::apply(None, &events[0], moment("2026-11-23T12:00:40Z"));
        let counted = state.amendments("answers", &Closed);
        assert_eq!(counted.resets[0].at, moment("2026-11-23T12:00:00Z"));
    }
}
