//! What a control is worth on a host: held, broken, or not known, and never more than was seen.

use crate::control::{Control, Settings};
use crate::facts::{Fact, Facts};
use crate::packages::Packages;
use crate::sshd::Server;
use crate::{kernel, packages, updates};

/// What a control makes of a host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// The control's id.
    pub control: String,
    /// What follows from its settings.
    pub outcome: Outcome,
    /// Each of its settings, in the order of [`Settings`].
    pub settings: Vec<Judged>,
}

/// What follows from all settings of a control.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// Every setting is as it must be.
    Held,
    /// A setting is not as it must be.
    Broken,
    /// None is broken, but not all could be seen.
    Unknown,
    /// It has no settings: a person has to look.
    ByHand,
}

/// One setting and what was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judged {
    /// The setting.
    pub setting: Setting,
    /// What was found.
    pub finding: Finding,
}

/// One setting of a control.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Setting {
    /// A keyword of the SSH server.
    Sshd(String),
    /// A kernel setting.
    Kernel(String),
    /// A package that must be there.
    Installed(String),
    /// A package that must not be there.
    Absent(String),
    /// That security updates install themselves.
    SecurityUpdates,
}

/// What was found about one setting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finding {
    /// It is as it must be.
    Held,
    /// It is not.
    Broken {
        /// As it must be.
        expected: String,
        /// As it is. Foreign text, fit to be shown.
        found: String,
    },
    /// It could not be seen.
    Unknown {
        /// Why not.
        why: String,
    },
}

impl Finding {
    pub(crate) fn unknown(why: impl Into<String>) -> Self {
        Self::Unknown { why: why.into() }
    }

    pub(crate) fn broken(expected: impl Into<String>, found: impl Into<String>) -> Self {
        Self::Broken { expected: expected.into(), found: found.into() }
    }
}

/// How many controls came to what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Score {
    /// Controls that are held.
    pub held: usize,
    /// Controls that are broken.
    pub broken: usize,
    /// Controls of which it is not known.
    pub unknown: usize,
    /// Controls that only a person can judge.
    pub by_hand: usize,
}

impl Score {
    /// Counts verdicts, of one host or of many.
    pub fn of<'v>(verdicts: impl IntoIterator<Item = &'v Verdict>) -> Self {
        let mut score = Self::default();
        for verdict in verdicts {
            match verdict.outcome {
                Outcome::Held => score.held += 1,
                Outcome::Broken => score.broken += 1,
                Outcome::Unknown => score.unknown += 1,
                Outcome::ByHand => score.by_hand += 1,
            }
        }
        score
    }

    /// The share of held controls in those that are held or broken, in percent and rounded down, so that 100 means all of them;
    /// none where nothing could be judged. What is unknown counts neither way: whoever shows this must show that number, too.
    #[must_use]
    pub fn percent(&self) -> Option<usize> {
        (self.held * 100).checked_div(self.held + self.broken)
    }
}

/// Judges controls by what a host said. Every control is judged by itself: of two that contradict each other, one is broken.
#[must_use]
pub fn judge(controls: &[Control], facts: &Facts) -> Vec<Verdict> {
    let server = Server::of(facts);
    let packages = Packages::of(facts);
    let judged = |control: &Control| {
        let settings = settings(&control.settings, facts, &server, &packages);
        Verdict { control: control.id.clone(), outcome: outcome(&settings), settings }
    };
    controls.iter().map(judged).collect()
}

fn settings(
    wanted: &Settings,
    facts: &Facts,
    server: &Fact<Server>,
    packages: &Packages,
) -> Vec<Judged> {
    let mut judged = Vec::new();
    let mut add = |setting, finding| judged.push(Judged { setting, finding });
    for (keyword, expected) in &wanted.sshd {
        add(Setting::Sshd(keyword.clone()), crate::sshd::judge(keyword, expected, server));
    }
    for (name, expected) in &wanted.kernel {
        add(Setting::Kernel(name.clone()), kernel::judge(name, expected, facts));
    }
    for name in &wanted.installed {
        add(Setting::Installed(name.clone()), packages::judge_installed(name, packages));
    }
    for name in &wanted.absent {
        add(Setting::Absent(name.clone()), packages::judge_absent(name, packages));
    }
    if wanted.security_updates {
        add(Setting::SecurityUpdates, updates::judge(facts, packages));
    }
    judged
}

/// Broken if any is, else unknown if any is, else held.
fn outcome(settings: &[Judged]) -> Outcome {
    let any = |is: fn(&Finding) -> bool| settings.iter().any(|judged| is(&judged.finding));
    if settings.is_empty() {
        Outcome::ByHand
    } else if any(|finding| matches!(finding, Finding::Broken { .. })) {
        Outcome::Broken
    } else if any(|finding| matches!(finding, Finding::Unknown { .. })) {
        Outcome::Unknown
    } else {
        Outcome::Held
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::tests::facts;

    fn kernel(settings: &[(&str, &str)]) -> Control {
        let pairs = settings.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        Control {
            id: "c".to_owned(),
            settings: Settings { kernel: pairs.collect(), ..Settings::default() },
        }
    }

    #[test]
    fn one_broken_setting_breaks_its_control_and_an_unknown_one_is_never_held() {
        let facts =
            facts(&[("kernel", "a.b", "1"), ("kernel", "a.c", "2"), ("kernel", "a.d", "?no")]);
        let controls = [
            kernel(&[("a.b", "1"), ("a.c", "2")]),
            kernel(&[("a.b", "1"), ("a.c", "1")]),
            kernel(&[("a.b", "1"), ("a.d", "1")]),
            kernel(&[("a.b", "0"), ("a.d", "1")]),
            kernel(&[]),
        ];
        let verdicts = judge(&controls, &facts);
        let outcomes: Vec<Outcome> = verdicts.iter().map(|verdict| verdict.outcome).collect();
        use Outcome::{Broken, ByHand, Held, Unknown};
        assert_eq!(outcomes, [Held, Broken, Unknown, Broken, ByHand]);
        let score = Score::of(&verdicts);
        assert_eq!(score, Score { held: 1, broken: 2, unknown: 1, by_hand: 1 });
        assert_eq!(score.percent(), Some(33));
        assert_eq!(Score { unknown: 3, ..Score::default() }.percent(), None);
        assert_eq!(Score { held: 999, broken: 1, ..Score::default() }.percent(), Some(99));
        assert_eq!(Score { held: 2, unknown: 9, ..Score::default() }.percent(), Some(100));
    }

    #[test]
    fn an_empty_answer_makes_everything_unknown() {
        let pair = || [("a.b".to_owned(), "1".to_owned())].into();
        let settings = Settings {
            sshd: pair(),
            kernel: pair(),
            installed: vec!["a".to_owned()],
            absent: vec!["b".to_owned()],
            security_updates: true,
        };
        let control = Control { id: "all".to_owned(), settings };
        let verdicts = judge(&[control], &facts(&[]));
        assert_eq!(verdicts[0].settings.len(), 5);
        for judged in &verdicts[0].settings {
            assert!(matches!(judged.finding, Finding::Unknown { .. }), "{judged:?}");
        }
    }
}
