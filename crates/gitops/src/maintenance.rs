//! Maintenance as code: what happens around a change begins with it and ends with it.
//!
//! Pure: [`due`] says what must be done out in the world now, as intents; whoever delivers them writes
//! down what came of it ([`Around`]), and the next call knows. A silence never outlives its change for
//! long: it is made with an end of its own, so that a server which dies leaves none behind.
//!
//! Absent on purpose: Alertmanager and status pages themselves.

use governance::Text;
use jiff::Timestamp;
use playbook::Period;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::record::change::{Around, Notice, Stage, State};

/// Alerts that are silent while a change is applied.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Silence {
    /// What an alert's labels must be; all of them.
    pub matchers: Vec<Matcher>,
    /// Why, for whoever looks at silences.
    pub comment: Text,
    /// How long it lasts at most, whatever happens to the change.
    pub at_most: Period,
}

/// One condition on an alert's labels, as Alertmanager knows it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct Matcher {
    /// The label.
    pub name: String,
    /// Its value, or an expression.
    pub value: String,
    /// Whether `value` is a regular expression over the whole label.
    #[serde(default)]
    pub is_regex: bool,
    /// Whether it must match; else it must not.
    #[serde(default = "yes")]
    pub is_equal: bool,
}

fn yes() -> bool {
    true
}

impl Matcher {
    /// Reads `service="checkout"`, `severity!="info"`, `instance=~"eu-1.*"`, `job!~"test.*"`; quotes may
    /// be left out.
    ///
    /// # Errors
    /// Says what a matcher looks like.
    pub fn parse(text: &str) -> Result<Self, String> {
        let at = text.find(['=', '!']).filter(|at| *at > 0);
        let parts = at.and_then(|at| Some((text.get(..at)?, text.get(at..)?)));
        let found = parts.and_then(|(name, rest)| {
            let operators =
                [("=~", true, true), ("!~", true, false), ("!=", false, false), ("=", false, true)];
            operators.into_iter().find_map(|(operator, is_regex, is_equal)| {
                let value = rest.strip_prefix(operator)?.trim();
                let value =
                    value.strip_prefix('"').and_then(|it| it.strip_suffix('"')).unwrap_or(value);
                let (name, value) = (name.trim().to_owned(), value.to_owned());
                Some(Self { name, value, is_regex, is_equal })
            })
        });
        found.filter(|matcher| !matcher.name.is_empty()).ok_or_else(|| {
            format!("`{text}` is no matcher: write `service=checkout`, `instance=~eu-1.*` or `severity!=info`")
        })
    }
}

impl std::fmt::Display for Matcher {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let operator = match (self.is_equal, self.is_regex) {
            (true, false) => "=",
            (true, true) => "=~",
            (false, false) => "!=",
            (false, true) => "!~",
        };
        write!(formatter, "{}{operator}\"{}\"", self.name, self.value)
    }
}

/// Something to be done out in the world.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Intent {
    /// Makes a silence.
    Silence {
        /// Which of the change's silences, from 0.
        silence: usize,
        /// What to silence.
        matchers: Vec<Matcher>,
        /// Why.
        comment: Text,
        /// When it ends by itself.
        until: Timestamp,
    },
    /// Asks what a silence has matched, and removes it.
    EndSilence {
        /// Which.
        silence: usize,
        /// Its id in the alerting system.
        id: String,
    },
    /// Shows the notice.
    ShowNotice(Notice),
    /// Removes the notice.
    EndNotice,
}

/// How far what happens around a change has come.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Progress {
    /// Each silence that stands or stood.
    pub silences: std::collections::BTreeMap<usize, Silenced>,
    /// Whether the notice is public.
    pub notice_shown: bool,
    /// Whether it was, and is not any more.
    pub notice_ended: bool,
    /// What the outside refused, newest last.
    pub refused: Vec<(Timestamp, String)>,
}

/// A silence out in the world.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Silenced {
    /// Its id there.
    pub id: String,
    /// When it ends by itself.
    pub until: Timestamp,
    /// When it ended.
    pub ended: Option<Timestamp>,
    /// How many alerts it kept silent.
    pub matched: Option<u64>,
    /// Whether it ran out by itself.
    pub expired: bool,
}

impl Silenced {
    /// Says whether it was of no use: it is over, and matched nothing.
    pub fn matched_nothing(&self) -> bool {
        self.ended.is_some() && self.matched == Some(0)
    }
}

impl Progress {
    /// Forgets what is over, so that another attempt begins everything again.
    pub(crate) fn begin_again(&mut self) {
        self.silences.retain(|_, stands| stands.ended.is_none());
        if self.notice_ended {
            (self.notice_shown, self.notice_ended) = (false, false);
        }
    }

    /// Takes in what happened.
    pub fn apply(&mut self, happened: &Around, at: Timestamp) {
        match happened {
            Around::Silenced { silence, id, until } => {
                let stands = Silenced {
                    id: id.clone(),
                    until: *until,
                    ended: None,
                    matched: None,
                    expired: false,
                };
                self.silences.insert(*silence, stands);
            }
            Around::SilenceMatched { silence, matched } => {
                if let Some(stands) = self.silences.get_mut(silence) {
                    stands.matched = stands.matched.max(Some(*matched));
                }
            }
            Around::SilenceEnded { silence, matched, expired } => {
                if let Some(stands) = self.silences.get_mut(silence) {
                    stands.ended = Some(at);
                    // An alert may have come and gone in between: the most that were ever seen count.
                    stands.matched = stands.matched.max(*matched);
                    stands.expired = *expired;
                }
            }
            Around::NoticeShown {} => self.notice_shown = true,
            Around::NoticeEnded {} => self.notice_ended = true,
            Around::Refused { what, why } => self.refused.push((at, format!("{what}: {why}"))),
        }
    }
}

/// What must be done out in the world now. A change that is being applied or verified is under way; one
/// that is at its end, or failed and was left, is not. A failed change keeps its silences until they end
/// by themselves or somebody goes on: the alerts that it causes are known.
pub fn due(state: &State, now: Timestamp) -> Vec<Intent> {
    let around = &state.said.maintenance;
    let progress = &state.around;
    let mut intents = Vec::new();
    if is_under_way(state.stage) {
        for (at, silence) in around.silences.iter().enumerate() {
            if !progress.silences.contains_key(&at) {
                let until = now.checked_add(silence.at_most.to_duration()).unwrap_or(now);
                let (matchers, comment) = (silence.matchers.clone(), silence.comment.clone());
                intents.push(Intent::Silence { silence: at, matchers, comment, until });
            }
        }
        if let Some(notice) = around.notice.as_ref().filter(|_| !progress.notice_shown) {
            intents.push(Intent::ShowNotice(notice.clone()));
        }
    }
    for (at, stands) in progress.silences.iter().filter(|(_, stands)| stands.ended.is_none()) {
        if is_over(state.stage) || stands.until <= now {
            intents.push(Intent::EndSilence { silence: *at, id: stands.id.clone() });
        }
    }
    if is_over(state.stage) && progress.notice_shown && !progress.notice_ended {
        intents.push(Intent::EndNotice);
    }
    intents
}

fn is_under_way(stage: Stage) -> bool {
    matches!(stage, Stage::Applying | Stage::Verifying)
}

fn is_over(stage: Stage) -> bool {
    matches!(stage, Stage::Done | Stage::RolledBack | Stage::Abandoned)
}

#[cfg(test)]
mod tests {
    use jiff::ToSpan;

    use super::*;
    use crate::record::change::{Event, Maintenance, trial};
    use crate::testing::noon;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let shown = Matcher::parse(text).map(|matcher| matcher.to_string());
        assert_eq!(shown.as_deref(), Ok(expected));
    }

    #[test]
    fn matchers_are_read_as_people_write_them() {
        check("service=checkout", "service=\"checkout\"");
        check(" severity != \"info\"", "severity!=\"info\"");
        check("instance=~eu-1.*", "instance=~\"eu-1.*\"");
        check("job!~\"test.*\"", "job!~\"test.*\"");
        for text in ["", "service", "=x", "a:b"] {
            assert!(Matcher::parse(text).is_err(), "{text}");
        }
    }

    fn around() -> Maintenance {
        let matcher = Matcher::parse("service=checkout").expect("a matcher");
        let silence = Silence {
            matchers: vec![matcher],
            comment: Text::from("The switch restarts."),
            at_most: Period::hours(2),
        };
        let notice =
            Notice { text: Text::from("Maintenance"), services: ["checkout".to_owned()].into() };
        Maintenance { windows: Vec::new(), silences: vec![silence], notice: Some(notice) }
    }

    fn went_on(state: State, event: &Event) -> State {
        State::apply(Some(state), event, noon()).expect("it is there")
    }

    fn happened(state: State, happened: Around) -> State {
        went_on(state, &Event::Around { happened })
    }

    /// The intents in a word each.
    fn words(state: &State, now: Timestamp) -> Vec<&'static str> {
        let word = |intent: Intent| match intent {
            Intent::Silence { .. } => "silence",
            Intent::EndSilence { .. } => "end-silence",
            Intent::ShowNotice(_) => "show",
            Intent::EndNotice => "end",
        };
        due(state, now).into_iter().map(word).collect()
    }

    #[test]
    fn what_happens_around_a_change_begins_and_ends_with_it() {
        let state = trial::applying(around());
        assert_eq!(words(&state, noon()), ["silence", "show"]);
        let until = noon().checked_add(2.hours()).expect("in range");
        let silenced = Around::Silenced { silence: 0, id: "s1".to_owned(), until };
        let state = happened(happened(state, silenced), Around::NoticeShown {});
        // Nothing is done twice, and it lasts while the effect is being looked at.
        assert!(words(&state, noon()).is_empty());
        let state = went_on(state, &Event::Applied {});
        assert!(words(&state, noon()).is_empty());
        let state = went_on(state, &Event::Verified {});
        assert_eq!(words(&state, noon()), ["end-silence", "end"]);
        let ended = Around::SilenceEnded { silence: 0, matched: Some(0), expired: false };
        let state = happened(happened(state, ended), Around::NoticeEnded {});
        assert!(words(&state, noon()).is_empty());
        assert!(state.around.silences[&0].matched_nothing());
    }

    #[test]
    fn a_silence_runs_out_by_itself_and_a_failed_change_keeps_it_until_then() {
        let until = noon().checked_add(2.hours()).expect("in range");
        let silenced = Around::Silenced { silence: 0, id: "s1".to_owned(), until };
        let state = happened(trial::applying(around()), silenced);
        let state = happened(state, Around::NoticeShown {});
        let state = went_on(state, &Event::Failed { why: "x".to_owned() });
        assert!(words(&state, noon()).is_empty());
        assert_eq!(words(&state, until), ["end-silence"]);
    }

    #[test]
    fn another_attempt_begins_everything_again() {
        let until = noon().checked_add(2.hours()).expect("in range");
        let silenced = Around::Silenced { silence: 0, id: "s1".to_owned(), until };
        let matched = Around::SilenceMatched { silence: 0, matched: 3 };
        let ended = Around::SilenceEnded { silence: 0, matched: Some(0), expired: true };
        let state = happened(happened(trial::applying(around()), silenced), matched);
        let state = happened(state, ended);
        assert!(!state.around.silences[&0].matched_nothing());
        let state = went_on(state, &Event::Failed { why: "x".to_owned() });
        let fence = plan::execute::Fence { lease: "x".to_owned(), token: 9, generation: 1 };
        let plan = "a".repeat(64);
        let state = went_on(state, &Event::ApplyStarted { plan, fence });
        assert_eq!(words(&state, noon()), ["silence", "show"]);
    }
}
