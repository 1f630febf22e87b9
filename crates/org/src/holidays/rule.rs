//! What a public holiday's rule can say.

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};

use super::easter;

/// One public holiday of one place.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rule {
    pub(super) name: &'static str,
    when: When,
    first: i16,
    not_in: &'static [i16],
    not_on: &'static [Weekday],
    pub(super) shift: Shift,
}

/// On which day of a year.
#[derive(Clone, Copy, Debug)]
enum When {
    /// On a date.
    Fixed(i8, i8),
    /// So many days after Western Easter Sunday.
    Easter(i16),
    /// So many days after Orthodox Easter Sunday.
    Orthodox(i16),
    /// On the nth such weekday of a month, counted from its end when negative, and so many days later.
    Nth(i8, Weekday, i8, i16),
    /// On the first such weekday on or after a date.
    From(i8, i8, Weekday),
    /// On the Monday after a date that is a Sunday.
    MondayAfter(i8, i8),
    /// In one year only.
    Once(i16, i8, i8),
    /// Anything else.
    Special(fn(i16) -> Option<Date>),
}

/// What happens when it falls on a weekend.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shift {
    /// Nothing.
    Stays,
    /// The first following weekday that is no holiday itself is free too.
    NextFreeDay,
    /// On a Sunday it is kept on the Saturday before.
    SundayToSaturday,
}

impl Rule {
    const fn new(name: &'static str, when: When) -> Self {
        Self { name, when, first: i16::MIN, not_in: &[], not_on: &[], shift: Shift::Stays }
    }

    /// The first year in which it was kept.
    pub(super) const fn since(self, year: i16) -> Self {
        Self { first: year, ..self }
    }

    /// Years in which it was suspended.
    pub(super) const fn not_in(self, years: &'static [i16]) -> Self {
        Self { not_in: years, ..self }
    }

    /// Weekdays on which it is not kept.
    pub(super) const fn not_on(self, weekdays: &'static [Weekday]) -> Self {
        Self { not_on: weekdays, ..self }
    }

    /// What happens on a weekend.
    pub(super) const fn shift(self, shift: Shift) -> Self {
        Self { shift, ..self }
    }

    /// The day of a year, if it is kept in that year.
    pub(super) fn in_year(&self, year: i16) -> Option<Date> {
        let date = self.when.in_year(year)?;
        if year < self.first || self.not_in.contains(&year) || self.not_on.contains(&date.weekday())
        {
            return None;
        }
        match self.shift {
            Shift::SundayToSaturday if date.weekday() == Weekday::Sunday => date.yesterday().ok(),
            Shift::Stays | Shift::NextFreeDay | Shift::SundayToSaturday => Some(date),
        }
    }
}

impl When {
    fn in_year(self, year: i16) -> Option<Date> {
        let after = |date: Date, days: i16| date.checked_add(i64::from(days).days()).ok();
        match self {
            Self::Fixed(month, day) => Date::new(year, month, day).ok(),
            Self::Easter(days) => after(easter::western(year)?, days),
            Self::Orthodox(days) => after(easter::orthodox(year)?, days),
            Self::Nth(nth, weekday, month, days) => {
                let first = Date::new(year, month, 1).ok()?;
                after(first.nth_weekday_of_month(nth, weekday).ok()?, days)
            }
            Self::From(month, day, weekday) => {
                let before = Date::new(year, month, day).ok()?.yesterday().ok()?;
                before.nth_weekday(1, weekday).ok()
            }
            Self::MondayAfter(month, day) => {
                let date = Date::new(year, month, day).ok()?;
                (date.weekday() == Weekday::Sunday).then(|| date.tomorrow().ok())?
            }
            Self::Once(only, month, day) => {
                (year == only).then(|| Date::new(year, month, day).ok())?
            }
            Self::Special(find) => find(year),
        }
    }
}

pub(super) const fn fixed(name: &'static str, month: i8, day: i8) -> Rule {
    Rule::new(name, When::Fixed(month, day))
}

pub(super) const fn easter(name: &'static str, days: i16) -> Rule {
    Rule::new(name, When::Easter(days))
}

pub(super) const fn orthodox(name: &'static str, days: i16) -> Rule {
    Rule::new(name, When::Orthodox(days))
}

pub(super) const fn nth(name: &'static str, nth: i8, weekday: Weekday, month: i8) -> Rule {
    after_nth(name, (nth, weekday, month), 0)
}

/// So many days after the nth weekday of a month, such as the Thursday after September's first Sunday.
pub(super) const fn after_nth(name: &'static str, nth: (i8, Weekday, i8), days: i16) -> Rule {
    Rule::new(name, When::Nth(nth.0, nth.1, nth.2, days))
}

pub(super) const fn from(name: &'static str, month: i8, day: i8, weekday: Weekday) -> Rule {
    Rule::new(name, When::From(month, day, weekday))
}

pub(super) const fn monday_after(name: &'static str, month: i8, day: i8) -> Rule {
    Rule::new(name, When::MondayAfter(month, day))
}

pub(super) const fn once(name: &'static str, year: i16, month: i8, day: i8) -> Rule {
    Rule::new(name, When::Once(year, month, day))
}

pub(super) const fn special(name: &'static str, find: fn(i16) -> Option<Date>) -> Rule {
    Rule::new(name, When::Special(find))
}
