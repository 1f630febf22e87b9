//! The rules against an independent list of Europe's public holidays, where that list is present.

use std::collections::BTreeSet;
use std::path::Path;

use jiff::civil::date;

use super::*;

/// Days on which the list and our rules differ for a whole country, each with the reason.
const EXCEPTIONS: &[(&str, Date, &str)] = &[];

/// Parts whose share of agreement is below all, and why: what no rule can know.
const PARTS_THAT_DIFFER: &[(&str, &str)] = &[
    ("ES-CM", "Easter Monday is decreed in some years"),
    ("ES-GA", "Saint Joseph's and Saint John's are decreed in some years"),
    ("ES-IB", "Easter Monday and Saint Stephen's are decreed in some years"),
    ("ES-MD", "Saint James' and Saint Joseph's are decreed in some years"),
    ("ES-NC", "Saint James' and Saint Joseph's are decreed in some years"),
    ("ES-PV", "Saint Joseph's is decreed in some years"),
];

/// Days by code; parts hold only what they add to their country.
type Days = BTreeMap<String, BTreeSet<Date>>;

fn listed() -> Option<Days> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../../shared/specs/eu-holidays/public-holidays-2025-2028.csv");
    let Ok(text) = std::fs::read_to_string(path) else {
        println!("left out: the list of public holidays is not beside the workspace");
        return None;
    };
    let mut days = Days::new();
    for line in text.lines().skip(1) {
        let mut fields = line.split(',');
        let (country, part) = (fields.next().unwrap(), fields.next().unwrap());
        let code = if part.is_empty() { country.to_owned() } else { format!("{country}-{part}") };
        days.entry(code).or_default().insert(fields.next().unwrap().parse().unwrap());
    }
    Some(days)
}

fn computed(code: &str) -> BTreeSet<Date> {
    let years = 2025..=2028;
    years.flat_map(|year| of(code, year).unwrap()).map(|holiday| holiday.date).collect()
}

#[test]
fn whole_countries_agree_with_the_list() {
    let Some(listed) = listed() else { return };
    let mut wrong = Vec::new();
    for (code, days) in listed.iter().filter(|(code, _)| !code.contains('-')) {
        let ours = computed(code);
        for day in days.symmetric_difference(&ours) {
            if !EXCEPTIONS.iter().any(|(place, except, _)| place == code && except == day) {
                let who = if ours.contains(day) { "only we" } else { "only the list" };
                wrong.push(format!("{code} {day} {}: {who}", day.weekday().to_monday_one_offset()));
            }
        }
        let agree = days.intersection(&ours).count() * 100 / days.union(&ours).count();
        println!("{code}: {agree} % of {} days", days.len());
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert_eq!(listed.keys().filter(|code| !code.contains('-')).count(), 32);
}

#[test]
fn known_parts_agree_with_the_list() {
    let Some(listed) = listed() else { return };
    let mut wrong = Vec::new();
    for (code, added) in listed.iter().filter(|(code, _)| is_known(code) && code.contains('-')) {
        let country = &listed[code.split('-').next().unwrap()];
        let days: BTreeSet<Date> = country.union(added).copied().collect();
        let ours = computed(code);
        let differ: Vec<_> = days.symmetric_difference(&ours).collect();
        let expected = PARTS_THAT_DIFFER.iter().any(|(part, _)| part == code);
        if expected == differ.is_empty() {
            wrong.push(format!("{code}: {differ:?}"));
        }
        println!("{code}: {} of {} days differ", differ.len(), days.len());
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn substitutes_skip_other_holidays() {
    let found: Vec<_> = of("GB-SCT", 2028).unwrap().into_iter().take(4).collect();
    let found: Vec<_> = found.iter().map(|day| (day.date, day.name.as_str())).collect();
    assert_eq!(
        found,
        [
            (date(2028, 1, 1), "New Year's Day"),
            (date(2028, 1, 2), "Day after New Year"),
            (date(2028, 1, 3), "New Year's Day (observed)"),
            (date(2028, 1, 4), "Day after New Year (observed)"),
        ]
    );
}

#[test]
fn days_that_move_are_found() {
    let has =
        |code: &str, day: Date| of(code, day.year()).unwrap().iter().any(|found| found.date == day);
    assert!(has("NL", date(2025, 4, 26)) && !has("NL", date(2025, 4, 27)));
    assert!(has("IE", date(2030, 2, 1)));
    assert!(has("CH-GL", date(2026, 4, 9)));
    assert!(has("DE-SN", date(2026, 11, 18)) && !has("DE", date(2026, 11, 18)));
    assert!(!has("DE-BE", date(2018, 3, 8)) && has("DE-BE", date(2019, 3, 8)));
}

#[test]
fn unknown_codes_are_none() {
    assert_eq!(of("XX", 2026), None);
    assert_eq!(of("DE-XX", 2026), None);
    assert_eq!(of("de", 2026), None);
    assert!(codes().all(|code| is_known(&code)));
}
