//! Budgets computed by hand, and what must hold for all of them.

use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;

use super::*;
use crate::slo::{Minutes, Objective, Window};

const WINDOW: Window = Window::Rolling(Minutes::of_hours(100));

fn objective() -> Objective {
    Objective::of_percent(99.0).unwrap()
}

fn hour(number: i64) -> Timestamp {
    let start: Timestamp = "2026-11-01T00:00:00Z".parse().unwrap();
    start + SignedDuration::from_hours(number)
}

/// A reading an hour: `Some(bad of 100)`, or a gap.
fn hours(seen: &[Option<f64>]) -> Vec<Reading> {
    let reading = |(number, bad): (usize, &Option<f64>)| {
        let from = i64::try_from(number).unwrap();
        let seen = bad.map(|bad| Counts { bad, total: 100.0 });
        let seen = seen.ok_or_else(|| "no sample".to_owned());
        Reading { from: hour(from), to: hour(from + 1), seen }
    };
    seen.iter().enumerate().map(reading).collect()
}

fn at_hour(seen: &[Option<f64>], amendments: &Amendments) -> Budget {
    let now = hour(i64::try_from(seen.len()).unwrap());
    budget((objective(), &WINDOW), &hours(seen), amendments, now)
}

fn excluded(from: i64, to: i64) -> Amendments {
    let reason = Reason::new("announced maintenance").unwrap();
    let exclusion = Exclusion { from: hour(from), to: hour(to), reason };
    Amendments { exclusions: vec![exclusion.clone(), exclusion], resets: Vec::new() }
}

#[track_caller]
fn near(value: f64, expect: f64) {
    assert!((value - expect).abs() < 1e-9, "{value} is not {expect}");
}

#[track_caller]
fn known(remaining: &Remaining) -> f64 {
    match remaining {
        Remaining::Known(left) => *left,
        other => panic!("{other:?} is not known"),
    }
}

#[test]
fn what_is_left_is_what_was_not_spent() {
    // 1000 events allow 10 bad ones; 4 were.
    let mut seen = vec![Some(0.0); 10];
    seen[3] = Some(4.0);
    let budget = at_hour(&seen, &Amendments::default());
    near(known(&budget.remaining), 0.6);
    assert_eq!(budget.history.len(), 10);
    near(budget.history.last().unwrap().left.unwrap(), 0.6);
    near(budget.history[2].left.unwrap(), 1.0);
}

#[test]
fn a_gap_makes_a_range_and_nothing_at_all_is_unknown() {
    let seen = [Some(0.0), Some(1.0), None, None];
    let budget = at_hour(&seen, &Amendments::default());
    let Remaining::Between { worst, best } = budget.remaining else { panic!("a gap is a range") };
    // 200 events were seen and 200 missed; the budget of 400 is 4.
    near(best, 0.75);
    near(worst, 1.0 - 201.0 / 4.0);
    let gap = Gap { from: hour(2), to: hour(4), why: "no sample".to_owned() };
    assert_eq!(budget.gaps, [gap]);
    assert_eq!(budget.forecast, Forecast::Unknown);

    let nothing = at_hour(&[None, None], &Amendments::default());
    assert!(matches!(nothing.remaining, Remaining::Unknown(_)), "{:?}", nothing.remaining);
    assert_eq!(nothing.forecast, Forecast::Unknown);
    assert!(nothing.burn.iter().all(|burn| burn.rate.is_none()));
}

#[test]
fn time_before_measuring_began_is_no_gap() {
    let budget = at_hour(&[None, None, Some(1.0), Some(0.0)], &Amendments::default());
    near(known(&budget.remaining), 0.5);
    assert_eq!(budget.gaps, []);
}

#[test]
fn no_traffic_spends_nothing() {
    let quiet = Reading { from: hour(0), to: hour(1), seen: Ok(Counts::default()) };
    let budget = budget((objective(), &WINDOW), &[quiet], &Amendments::default(), hour(1));
    near(known(&budget.remaining), 1.0);
}

#[test]
fn excluded_time_counts_neither_way_and_only_once() {
    let seen = [Some(0.0), Some(50.0), Some(0.0), Some(2.0)];
    let budget = at_hour(&seen, &excluded(1, 2));
    near(known(&budget.remaining), 1.0 - 2.0 / 3.0);
    // A gap in excluded time is nobody's business.
    let budget = at_hour(&[Some(0.0), None, Some(1.0)], &excluded(1, 2));
    near(known(&budget.remaining), 0.5);
}

#[test]
fn a_reset_begins_anew_and_a_later_one_does_not_count_yet() {
    let mut amendments = Amendments::default();
    for (at, reason) in [(2, "the outage of the provider was settled"), (9, "planned")] {
        amendments.resets.push(Reset { at: hour(at), reason: Reason::new(reason).unwrap() });
    }
    let budget = at_hour(&[Some(90.0), Some(90.0), Some(1.0), Some(0.0)], &amendments);
    assert_eq!(budget.from, hour(2));
    near(known(&budget.remaining), 0.5);
}

#[test]
fn a_reason_is_not_empty() {
    assert_eq!(Reason::new("  \n"), None);
}

#[test]
fn burning_twice_as_fast_as_evenly_is_over_at_half_time() {
    // 2 % bad with 1 % allowed, after 10 of 100 hours: all of what was seen is spent twice.
    let mut seen = vec![Some(0.0); 30];
    seen.extend(vec![Some(2.0); 10]);
    let budget = at_hour(&seen, &Amendments::default());
    let rate = |hours: u64| {
        let burn = budget.burn.iter().find(|burn| burn.over == Minutes::of_hours(hours));
        burn.unwrap().rate.unwrap()
    };
    near(rate(1), 2.0);
    near(rate(6), 2.0);
    near(known(&budget.remaining), 0.5);
    // Over the last day 10 of 24 hours burned twice: 0.83 of evenly, which a rolling window refills.
    assert_eq!(budget.forecast, Forecast::Lasts);
    let seen = vec![Some(0.5); 20].into_iter().chain(vec![Some(1.2); 24]).collect::<Vec<_>>();
    let budget = at_hour(&seen, &Amendments::default());
    let left = known(&budget.remaining);
    let Forecast::At(at) = budget.forecast else { panic!("{:?}", budget.forecast) };
    near(at.duration_since(hour(44)).as_secs_f64() / 3600.0, left * 100.0 / 1.2);
}

#[test]
fn a_calendar_window_lasts_when_its_end_comes_first() {
    let every = crate::kinds::openslo::SloDuration::parse("1d").unwrap();
    let window = Window::Calendar { start: "2026-11-01T00:00[UTC]".parse().unwrap(), every };
    let seen = hours(&[Some(0.9); 12]);
    let budget = budget((objective(), &window), &seen, &Amendments::default(), hour(12));
    assert_eq!((budget.from, budget.end), (hour(0), Some(hour(24))));
    let Forecast::At(at) = budget.forecast else { panic!("{:?}", budget.forecast) };
    assert!(at < hour(24), "a tenth is left and goes in three hours");
}

#[test]
fn what_if_the_objective_were_stricter_is_the_same_samples_again() {
    let seen = hours(&[Some(0.5); 10]);
    let strict = Objective::of_percent(99.9).unwrap();
    let budget = budget((strict, &WINDOW), &seen, &Amendments::default(), hour(10));
    near(known(&budget.remaining), -4.0);
    assert_eq!(budget.forecast, Forecast::Spent);
}

#[test]
fn another_objective_over_the_same_measurements_is_what_counting_anew_gives() {
    let mut seen = vec![Some(0.5); 60];
    seen[40] = None;
    let now = hour(60);
    let stricter = Objective::of_percent(99.9).unwrap();
    let anew = budget((stricter, &WINDOW), &hours(&seen), &Amendments::default(), now);
    let before = at_hour(&seen, &Amendments::default());
    let against = before.against((objective(), stricter), &WINDOW, now);
    let ends = |budget: &Budget| match budget.remaining {
        Remaining::Between { worst, best } => (worst, best),
        _ => panic!("{:?}", budget.remaining),
    };
    near(ends(&against).0, ends(&anew).0);
    near(ends(&against).1, ends(&anew).1);
    near(against.burn[0].rate.unwrap(), anew.burn[0].rate.unwrap());
    near(against.history[59].left.unwrap(), anew.history[59].left.unwrap());
    assert_eq!(against.forecast, anew.forecast);
    assert_ne!(before.forecast, anew.forecast);
}

#[test]
fn samples_become_readings_and_what_cannot_be_is_a_gap() {
    let minute = |number: i64| hour(0) + SignedDuration::from_mins(number);
    let bad = vec![(minute(1), 0.5), (minute(2), f64::NAN), (minute(4), 0.0), (minute(5), 2.5)];
    let total: Vec<_> = (1..6).map(|number| (minute(number), 2.0)).collect();
    let found = readings((minute(0), minute(5), Minutes::of(1)), &bad, Some(&total));
    let seen: Vec<_> = found.iter().map(|one| one.seen.as_ref().ok().copied()).collect();
    let counts = |bad| Some(Counts { bad, total: 120.0 });
    assert_eq!(seen, [counts(30.0), None, None, counts(0.0), None]);
    let time = readings((minute(0), minute(1), Minutes::of(1)), &vec![(minute(1), 100.0)], None);
    let why = time[0].seen.as_ref().expect_err("a hundred of one");
    assert!(why.contains("more is bad than there is"), "{why}");
}

proptest! {
    #[test]
    fn a_gap_never_makes_the_best_case_worse_than_what_was_seen(
        seen in prop::collection::vec(prop::option::of(0.0..100.0_f64), 1..90),
    ) {
        let whole: Vec<_> = seen.iter().copied().map(|bad| bad.or(Some(0.0))).collect();
        let began = seen.iter().position(Option::is_some);
        let budget = at_hour(&seen, &Amendments::default());
        match (&budget.remaining, began) {
            (Remaining::Unknown(_), None) => {}
            (Remaining::Known(left), Some(_)) => prop_assert!(*left <= 1.0),
            (Remaining::Between { worst, best }, Some(began)) => {
                prop_assert!(worst <= best && *best <= 1.0);
                let readings = hours(&whole);
                let now = hour(i64::try_from(seen.len()).unwrap());
                let filled = super::budget(
                    (objective(), &WINDOW),
                    &readings[began..],
                    &Amendments::default(),
                    now,
                );
                prop_assert!((known(&filled.remaining) - best).abs() < 1e-6);
            }
            (remaining, began) => prop_assert!(false, "{remaining:?} {began:?}"),
        }
    }

    #[test]
    fn cutting_readings_in_two_changes_nothing(
        seen in prop::collection::vec(0.0..100.0_f64, 1..50),
        from in 0_i64..50,
        length in 1_i64..10,
    ) {
        let whole = hours(&seen.iter().copied().map(Some).collect::<Vec<_>>());
        let halves: Vec<Reading> = whole
            .iter()
            .flat_map(|one| {
                let middle = one.from + SignedDuration::from_mins(30);
                let half = one.seen.clone().map(|counts| Counts {
                    bad: counts.bad / 2.0,
                    total: counts.total / 2.0,
                });
                [
                    Reading { to: middle, seen: half.clone(), ..one.clone() },
                    Reading { from: middle, seen: half, ..one.clone() },
                ]
            })
            .collect();
        let now = hour(i64::try_from(seen.len()).unwrap());
        let amendments = excluded(from, from + length);
        let left = |readings: &[Reading]| {
            budget((objective(), &WINDOW), readings, &amendments, now).remaining
        };
        match (left(&whole), left(&halves)) {
            (Remaining::Known(whole), Remaining::Known(halves)) => {
                prop_assert!((whole - halves).abs() < 1e-6);
            }
            (whole, halves) => prop_assert_eq!(whole, halves),
        }
    }
}
