//! Switzerland: four days for all, the rest by canton.

use jiff::civil::{Date, Weekday};

use super::Place;
use super::common::*;
use super::rule::{Rule, after_nth, fixed, special};

/// Kept where Christmas and Saint Stephen's would not make a bridge of an odd working day.
const STEPHEN_UNLESS_ODD: Rule = STEPHEN.not_on(&[Weekday::Tuesday, Weekday::Saturday]);

pub(super) const PLACES: &[Place] = &[Place {
    code: "CH",
    rules: &[NEW_YEAR, ASCENSION, fixed("National Day", 8, 1), CHRISTMAS],
    parts: &[
        (
            "AG",
            &[
                BERCHTOLD,
                GOOD_FRIDAY,
                EASTER_MONDAY,
                LABOUR_DAY,
                WHIT_MONDAY,
                CORPUS_CHRISTI,
                ASSUMPTION,
                ALL_SAINTS,
                IMMACULATE,
                STEPHEN,
            ],
        ),
        (
            "AI",
            &[
                GOOD_FRIDAY,
                EASTER_MONDAY,
                WHIT_MONDAY,
                CORPUS_CHRISTI,
                ASSUMPTION,
                ALL_SAINTS,
                IMMACULATE,
                STEPHEN_UNLESS_ODD,
            ],
        ),
        ("AR", &[GOOD_FRIDAY, EASTER_MONDAY, WHIT_MONDAY, STEPHEN_UNLESS_ODD]),
        ("BE", &[BERCHTOLD, GOOD_FRIDAY, EASTER_MONDAY, WHIT_MONDAY, STEPHEN]),
        ("BL", &[GOOD_FRIDAY, EASTER_MONDAY, LABOUR_DAY, WHIT_MONDAY, STEPHEN]),
        ("BS", &[GOOD_FRIDAY, EASTER_MONDAY, LABOUR_DAY, WHIT_MONDAY, STEPHEN]),
        ("FR", &[GOOD_FRIDAY]),
        (
            "GE",
            &[
                GOOD_FRIDAY,
                EASTER_MONDAY,
                WHIT_MONDAY,
                after_nth("Genevan Fast", (1, Weekday::Sunday, 9), 4),
                fixed("Restoration Day", 12, 31),
            ],
        ),
        (
            "GL",
            &[
                special("Battle of Näfels", naefels),
                GOOD_FRIDAY,
                EASTER_MONDAY,
                WHIT_MONDAY,
                ALL_SAINTS,
                STEPHEN,
            ],
        ),
        ("GR", &[EASTER_MONDAY, WHIT_MONDAY, STEPHEN]),
        (
            "JU",
            &[
                BERCHTOLD,
                GOOD_FRIDAY,
                EASTER_MONDAY,
                LABOUR_DAY,
                WHIT_MONDAY,
                CORPUS_CHRISTI,
                fixed("Independence Day", 6, 23),
                ASSUMPTION,
                ALL_SAINTS,
            ],
        ),
        (
            "LU",
            &[
                BERCHTOLD,
                GOOD_FRIDAY,
                EASTER_MONDAY,
                WHIT_MONDAY,
                CORPUS_CHRISTI,
                ASSUMPTION,
                ALL_SAINTS,
                IMMACULATE,
                STEPHEN,
            ],
        ),
        ("NE", &[fixed("Republic Day", 3, 1), GOOD_FRIDAY, LABOUR_DAY, CORPUS_CHRISTI]),
        ("NW", &[JOSEPH, GOOD_FRIDAY, CORPUS_CHRISTI, ASSUMPTION, ALL_SAINTS, IMMACULATE]),
        (
            "OW",
            &[
                GOOD_FRIDAY,
                CORPUS_CHRISTI,
                ASSUMPTION,
                fixed("Saint Nicholas of Flüe", 9, 25),
                ALL_SAINTS,
                IMMACULATE,
            ],
        ),
        ("SG", &[GOOD_FRIDAY, EASTER_MONDAY, WHIT_MONDAY, ALL_SAINTS, STEPHEN]),
        ("SH", &[GOOD_FRIDAY, EASTER_MONDAY, LABOUR_DAY, WHIT_MONDAY, STEPHEN]),
        ("SO", &[GOOD_FRIDAY]),
        (
            "SZ",
            &[
                EPIPHANY,
                JOSEPH,
                GOOD_FRIDAY,
                EASTER_MONDAY,
                WHIT_MONDAY,
                CORPUS_CHRISTI,
                ASSUMPTION,
                ALL_SAINTS,
                IMMACULATE,
                STEPHEN,
            ],
        ),
        ("TG", &[BERCHTOLD, GOOD_FRIDAY, EASTER_MONDAY, LABOUR_DAY, WHIT_MONDAY, STEPHEN]),
        (
            "TI",
            &[
                EPIPHANY,
                JOSEPH,
                EASTER_MONDAY,
                LABOUR_DAY,
                WHIT_MONDAY,
                CORPUS_CHRISTI,
                fixed("Saints Peter and Paul", 6, 29),
                ASSUMPTION,
                ALL_SAINTS,
                IMMACULATE,
                STEPHEN,
            ],
        ),
        (
            "UR",
            &[
                EPIPHANY,
                JOSEPH,
                GOOD_FRIDAY,
                EASTER_MONDAY,
                WHIT_MONDAY,
                CORPUS_CHRISTI,
                ASSUMPTION,
                ALL_SAINTS,
                IMMACULATE,
                STEPHEN_UNLESS_ODD,
            ],
        ),
        (
            "VD",
            &[
                BERCHTOLD,
                GOOD_FRIDAY,
                EASTER_MONDAY,
                WHIT_MONDAY,
                after_nth("Prayer Monday", (3, Weekday::Sunday, 9), 1),
            ],
        ),
        ("VS", &[JOSEPH, CORPUS_CHRISTI, ASSUMPTION, ALL_SAINTS, IMMACULATE]),
        ("ZG", &[GOOD_FRIDAY, CORPUS_CHRISTI, ASSUMPTION, ALL_SAINTS, IMMACULATE]),
        ("ZH", &[GOOD_FRIDAY, EASTER_MONDAY, LABOUR_DAY, WHIT_MONDAY, STEPHEN]),
    ],
}];

/// The first Thursday of April, or the next one when that is in Holy Week.
fn naefels(year: i16) -> Option<Date> {
    let first = Date::new(year, 4, 1).ok()?.nth_weekday_of_month(1, Weekday::Thursday).ok()?;
    let maundy_thursday = MAUNDY_THURSDAY.in_year(year)?;
    if first == maundy_thursday {
        first.nth_weekday(1, Weekday::Thursday).ok()
    } else {
        Some(first)
    }
}
