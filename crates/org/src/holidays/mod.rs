//! Public holidays, computed from rules of our own: no list to refresh, any year from 2024 on.
//!
//! A code is a country's ISO 3166-1 code (`DE`) or a part's ISO 3166-2 code (`DE-BE`); a part keeps
//! the country's days too. The 27 countries of the European Union, Iceland, Liechtenstein, Norway,
//! Switzerland and the United Kingdom are known, with the parts that keep days of their own.
//!
//! Invariants: days come in the order of the year, each once; nothing depends on the clock.
//!
//! Absent on purpose: days that are decreed year by year beyond those decreed so far, feasts that
//! depend on the sighting of the moon, half days, and the days of communes.

mod alps;
mod common;
mod east;
mod easter;
mod north;
mod rule;
mod south;
mod west;

use std::collections::BTreeMap;

use jiff::civil::{Date, Weekday};

use self::rule::{Rule, Shift};

/// A country: its rules, and those that its parts add.
struct Place {
    code: &'static str,
    rules: &'static [Rule],
    parts: &'static [(&'static str, &'static [Rule])],
}

/// A public holiday.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Holiday {
    /// The day.
    pub date: Date,
    /// What it is called, in English.
    pub name: String,
}

/// All known countries, by region of the continent.
const REGIONS: [&[Place]; 5] =
    [west::PLACES, alps::PLACES, north::PLACES, east::PLACES, south::PLACES];

/// All codes that have rules: countries, and their parts.
pub fn codes() -> impl Iterator<Item = String> {
    REGIONS.into_iter().flatten().flat_map(|place| {
        let parts = place.parts.iter().map(|(part, _)| format!("{}-{part}", place.code));
        std::iter::once(place.code.to_owned()).chain(parts)
    })
}

/// Says whether a code has rules.
pub fn is_known(code: &str) -> bool {
    rules(code).is_some()
}

/// The public holidays of a place in a year, in order; `None` when its code has no rules.
pub fn of(code: &str, year: i16) -> Option<Vec<Holiday>> {
    let rules = rules(code)?;
    let mut days: BTreeMap<Date, String> = BTreeMap::new();
    let mut substitutes = Vec::new();
    for rule in &rules {
        let Some(date) = rule.in_year(year) else { continue };
        days.entry(date)
            .and_modify(|name| *name += &format!("; {}", rule.name))
            .or_insert_with(|| rule.name.to_owned());
        if rule.shift == Shift::NextFreeDay && is_weekend(date) {
            substitutes.push((date, rule.name));
        }
    }
    substitutes.sort_unstable();
    for (date, name) in substitutes {
        let mut free = date;
        while is_weekend(free) || days.contains_key(&free) {
            let Ok(next) = free.tomorrow() else { break };
            free = next;
        }
        days.insert(free, format!("{name} (observed)"));
    }
    Some(days.into_iter().map(|(date, name)| Holiday { date, name }).collect())
}

fn is_weekend(date: Date) -> bool {
    matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday)
}

fn rules(code: &str) -> Option<Vec<Rule>> {
    let (country, part) = match code.split_once('-') {
        Some((country, part)) => (country, Some(part)),
        None => (code, None),
    };
    let place = REGIONS.into_iter().flatten().find(|place| place.code == country)?;
    let added = match part {
        None => &[],
        Some(part) => place.parts.iter().find(|(known, _)| *known == part)?.1,
    };
    Some(place.rules.iter().chain(added).copied().collect())
}

#[cfg(test)]
mod tests;
