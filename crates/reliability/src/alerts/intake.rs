//! Intake: what of all that is sent again and again is news.
//!
//! Senders repeat every alert that fires, each minute or sooner, with another end each time. Only that it began and that it
//! ended is news; the rest moves a clock here, in memory. That memory may be lost at any time: what is active stands in the
//! record, and an alert that is still true is sent again within the resolve timeout.
//!
//! Clocks differ. An alert that arrives with an end in the past looks as if it were over. When it was never seen before and
//! is sent again with a *later* end, it is firing, and the sender's clock is behind: it counts as firing from then on.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};

use super::{Fingerprint, Glance, Labels, MAX_ACTIVE, REMEMBER_OVER};

/// An alert as it was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Posted {
    /// Its labels.
    pub labels: Labels,
    /// What it says.
    pub annotations: BTreeMap<String, String>,
    /// Since when it fires.
    pub starts_at: Option<Timestamp>,
    /// When it ended, or will unless it is sent again.
    pub ends_at: Option<Timestamp>,
    /// Where it comes from.
    pub generator_url: Option<String>,
}

/// What is news.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sifted {
    /// What began.
    pub fired: Vec<Posted>,
    /// What ended, as its sender says.
    pub resolved: Vec<Fingerprint>,
    /// What had ended before it was ever heard of.
    pub late: Vec<Posted>,
    /// How many more there were than can be kept, by name.
    pub overflowed: BTreeMap<String, u64>,
}

impl Sifted {
    /// Says whether there is no news.
    pub fn is_empty(&self) -> bool {
        self.fired.is_empty()
            && self.resolved.is_empty()
            && self.late.is_empty()
            && self.overflowed.is_empty()
    }
}

#[derive(Clone, Copy, Debug)]
enum Beat {
    /// It fires until then, unless it is sent again.
    Firing(Timestamp),
    /// It is over: the end that was said, and when that was heard.
    Over(Timestamp, Timestamp),
}

/// What was sent, and until when it counts.
#[derive(Clone, Debug, Default)]
pub struct Intake {
    beats: BTreeMap<Fingerprint, Beat>,
    firing: usize,
}

impl Intake {
    /// Begins with what the record says is active; each counts until the timeout.
    pub fn of(active: impl Iterator<Item = Fingerprint>, until: Timestamp) -> Self {
        let beats: BTreeMap<_, _> = active.map(|found| (found, Beat::Firing(until))).collect();
        Self { firing: beats.len(), beats }
    }

    /// Says until when an alert counts as firing.
    pub fn ends(&self, fingerprint: Fingerprint) -> Option<Timestamp> {
        match self.beats.get(&fingerprint)? {
            Beat::Firing(until) => Some(*until),
            Beat::Over(..) => None,
        }
    }

    /// Takes in alerts of which a glance shows that they fire already and go on, and says whether that was all of them. Nothing
    /// is taken in otherwise.
    pub fn renew(&mut self, seen: &[Glance], now: Timestamp, later: Timestamp) -> bool {
        let ends = |glance: &Glance| glance.ends_at.unwrap_or(later);
        let goes_on = |glance: &Glance| {
            ends(glance) > now
                && matches!(self.beats.get(&glance.fingerprint), Some(Beat::Firing(_)))
        };
        if !seen.iter().all(goes_on) {
            return false;
        }
        for glance in seen {
            self.beats.insert(glance.fingerprint, Beat::Firing(ends(glance)));
        }
        true
    }

    /// Takes in what was sent and returns what is news.
    pub fn sift(&mut self, posted: Vec<Posted>, now: Timestamp, timeout: SignedDuration) -> Sifted {
        let mut news = Sifted::default();
        let later = now.saturating_add(timeout).unwrap_or(now);
        for alert in posted {
            let fingerprint = alert.labels.fingerprint();
            let ends = alert.ends_at.unwrap_or(later);
            match (self.beats.get(&fingerprint).copied(), ends > now) {
                (Some(Beat::Firing(_)), true) => {
                    self.beats.insert(fingerprint, Beat::Firing(ends));
                }
                (Some(Beat::Firing(_)), false) => {
                    self.firing -= 1;
                    self.beats.insert(fingerprint, Beat::Over(ends, now));
                    news.resolved.push(fingerprint);
                }
                (Some(Beat::Over(said, heard)), false) if ends <= said => {
                    self.beats.insert(fingerprint, Beat::Over(said, heard.max(now)));
                }
                (Some(Beat::Over(..)), false) => self.fire(fingerprint, alert, later, &mut news),
                (_, true) => self.fire(fingerprint, alert, ends, &mut news),
                // Memory is bounded for what is over, too.
                (None, false) if self.beats.len() >= 2 * MAX_ACTIVE => {
                    *news.overflowed.entry(alert.labels.name().to_owned()).or_default() += 1;
                }
                (None, false) => {
                    self.beats.insert(fingerprint, Beat::Over(ends, now));
                    news.late.push(alert);
                }
            }
        }
        news
    }

    fn fire(
        &mut self,
        fingerprint: Fingerprint,
        alert: Posted,
        ends: Timestamp,
        news: &mut Sifted,
    ) {
        if self.firing >= MAX_ACTIVE {
            *news.overflowed.entry(alert.labels.name().to_owned()).or_default() += 1;
            return;
        }
        self.firing += 1;
        self.beats.insert(fingerprint, Beat::Firing(ends));
        news.fired.push(alert);
    }

    /// The alerts that nobody has sent in time, which end by that. Forgets what has been over for long.
    pub fn lapse(&mut self, now: Timestamp) -> Vec<Fingerprint> {
        let mut lapsed = Vec::new();
        self.beats.retain(|fingerprint, beat| match beat {
            Beat::Firing(until) if *until <= now => {
                lapsed.push(*fingerprint);
                false
            }
            Beat::Firing(_) => true,
            Beat::Over(_, heard) => now.duration_since(*heard) < REMEMBER_OVER,
        });
        self.firing -= lapsed.len();
        lapsed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: SignedDuration = SignedDuration::from_mins(1);

    fn at(minute: i64) -> Timestamp {
        Timestamp::from_second(1_790_000_000 + minute * 60).expect("a moment")
    }

    fn alert(name: &str, ends: Option<i64>) -> Posted {
        Posted {
            labels: Labels::of([("alertname", name)]),
            annotations: BTreeMap::new(),
            starts_at: Some(at(0)),
            ends_at: ends.map(at),
            generator_url: None,
        }
    }

    /// Fired, resolved, late.
    #[track_caller]
    fn check(intake: &mut Intake, now: i64, ends: Option<i64>, expected: (usize, usize, usize)) {
        let news = intake.sift(vec![alert("A", ends)], at(now), MINUTE * 5);
        assert_eq!((news.fired.len(), news.resolved.len(), news.late.len()), expected);
    }

    #[test]
    fn what_is_sent_again_is_no_news_until_it_ends() {
        let mut intake = Intake::default();
        check(&mut intake, 0, Some(4), (1, 0, 0));
        check(&mut intake, 1, Some(5), (0, 0, 0));
        check(&mut intake, 2, Some(2), (0, 1, 0));
        check(&mut intake, 3, Some(2), (0, 0, 0));
        check(&mut intake, 4, None, (1, 0, 0));
    }

    #[test]
    fn a_sender_whose_clock_is_behind_is_heard_at_the_second_time() {
        let mut intake = Intake::default();
        check(&mut intake, 60, Some(10), (0, 0, 1));
        check(&mut intake, 61, Some(11), (1, 0, 0));
        assert_eq!(intake.lapse(at(65)), []);
        assert_eq!(intake.lapse(at(66)).len(), 1);
    }

    #[test]
    fn what_goes_on_is_renewed_at_a_glance_and_nothing_else_is() {
        let mut intake = Intake::default();
        check(&mut intake, 0, Some(4), (1, 0, 0));
        let glance = |name: &str, ends: Option<i64>| Glance {
            fingerprint: Labels::of([("alertname", name)]).fingerprint(),
            ends_at: ends.map(at),
        };
        let a = glance("A", Some(9));
        assert!(!intake.renew(&[a, glance("B", Some(9))], at(1), at(6)), "B is news");
        assert!(!intake.renew(&[a, glance("A", Some(1))], at(1), at(6)), "its end is news");
        assert_eq!(intake.ends(a.fingerprint), Some(at(4)), "nothing was taken in");
        assert!(intake.renew(&[a], at(1), at(6)));
        assert_eq!(intake.ends(a.fingerprint), Some(at(9)));
        assert!(intake.renew(&[glance("A", None)], at(2), at(7)));
        assert_eq!(intake.ends(a.fingerprint), Some(at(7)));
        check(&mut intake, 3, Some(3), (0, 1, 0));
        assert!(!intake.renew(&[a], at(4), at(9)), "it is over, and fires anew");
    }

    #[test]
    fn what_is_forgotten_ends_by_itself() {
        let mut intake =
            Intake::of([Labels::of([("alertname", "A")]).fingerprint()].into_iter(), at(5));
        check(&mut intake, 0, Some(4), (0, 0, 0));
        assert_eq!(intake.lapse(at(3)), []);
        assert_eq!(intake.lapse(at(4)).len(), 1);
        assert_eq!(intake.lapse(at(9)), []);
    }

    #[test]
    fn a_storm_is_counted_beyond_what_can_be_kept() {
        let mut intake = Intake::default();
        let storm = (0..MAX_ACTIVE + 7).map(|number| Posted {
            labels: Labels::of([("alertname", "Storm"), ("n", &number.to_string())]),
            ..alert("", Some(5))
        });
        let news = intake.sift(storm.collect(), at(0), MINUTE * 5);
        assert_eq!((news.fired.len(), news.overflowed["Storm"]), (MAX_ACTIVE, 7));
    }
}
