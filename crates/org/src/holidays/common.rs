//! Holidays that many places share, under one name each.

use super::rule::{Rule, Shift, easter, fixed};

pub(super) const NEW_YEAR: Rule = fixed("New Year's Day", 1, 1);
pub(super) const NEW_YEAR_2: Rule = fixed("Day after New Year", 1, 2);
pub(super) const BERCHTOLD: Rule = fixed("Saint Berchtold's Day", 1, 2);
pub(super) const EPIPHANY: Rule = fixed("Epiphany", 1, 6);
pub(super) const JOSEPH: Rule = fixed("Saint Joseph's Day", 3, 19);
pub(super) const PATRICK: Rule = fixed("Saint Patrick's Day", 3, 17);
pub(super) const MAUNDY_THURSDAY: Rule = easter("Maundy Thursday", -3);
pub(super) const GOOD_FRIDAY: Rule = easter("Good Friday", -2);
pub(super) const EASTER_SUNDAY: Rule = easter("Easter Sunday", 0);
pub(super) const EASTER_MONDAY: Rule = easter("Easter Monday", 1);
pub(super) const ASCENSION: Rule = easter("Ascension Day", 39);
pub(super) const PENTECOST: Rule = easter("Pentecost", 49);
pub(super) const WHIT_MONDAY: Rule = easter("Whit Monday", 50);
pub(super) const CORPUS_CHRISTI: Rule = easter("Corpus Christi", 60);
pub(super) const LABOUR_DAY: Rule = fixed("Labour Day", 5, 1);
pub(super) const VICTORY_DAY: Rule = fixed("Victory Day", 5, 8);
pub(super) const SAINT_JOHN: Rule = fixed("Saint John's Day", 6, 24);
pub(super) const ASSUMPTION: Rule = fixed("Assumption Day", 8, 15);
pub(super) const REFORMATION: Rule = fixed("Reformation Day", 10, 31);
pub(super) const ALL_SAINTS: Rule = fixed("All Saints' Day", 11, 1);
pub(super) const ARMISTICE: Rule = fixed("Armistice Day", 11, 11);
pub(super) const IMMACULATE: Rule = fixed("Immaculate Conception", 12, 8);
pub(super) const CHRISTMAS_EVE: Rule = fixed("Christmas Eve", 12, 24);
pub(super) const CHRISTMAS: Rule = fixed("Christmas Day", 12, 25);
pub(super) const STEPHEN: Rule = fixed("Second Day of Christmas", 12, 26);

/// The same, moved to the next free weekday.
pub(super) const fn moved(rule: Rule) -> Rule {
    rule.shift(Shift::NextFreeDay)
}
