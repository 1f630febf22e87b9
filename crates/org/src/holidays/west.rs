//! Austria, Belgium, France, Germany, Ireland, Liechtenstein, Luxembourg, the Netherlands, the United Kingdom.

use jiff::civil::{Date, Weekday};

use super::Place;
use super::common::*;
use super::rule::{Shift, fixed, from, nth, once, special};

pub(super) const PLACES: &[Place] = &[
    Place {
        code: "AT",
        rules: &[
            NEW_YEAR,
            EPIPHANY,
            EASTER_MONDAY,
            LABOUR_DAY,
            ASCENSION,
            WHIT_MONDAY,
            CORPUS_CHRISTI,
            ASSUMPTION,
            fixed("National Day", 10, 26),
            ALL_SAINTS,
            IMMACULATE,
            CHRISTMAS,
            STEPHEN,
        ],
        // The patrons of the federal states free schools and offices of the state, not employees.
        parts: &[
            ("1", &[]),
            ("2", &[]),
            ("3", &[]),
            ("4", &[]),
            ("5", &[]),
            ("6", &[]),
            ("7", &[]),
            ("8", &[]),
            ("9", &[]),
        ],
    },
    Place {
        code: "BE",
        rules: &[
            NEW_YEAR,
            EASTER_SUNDAY,
            EASTER_MONDAY,
            LABOUR_DAY,
            ASCENSION,
            PENTECOST,
            WHIT_MONDAY,
            fixed("National Day", 7, 21),
            ASSUMPTION,
            ALL_SAINTS,
            ARMISTICE,
            CHRISTMAS,
        ],
        parts: &[("BRU", &[]), ("VLG", &[]), ("WAL", &[])],
    },
    Place {
        code: "FR",
        rules: &[
            NEW_YEAR,
            EASTER_MONDAY,
            LABOUR_DAY,
            VICTORY_DAY,
            ASCENSION,
            WHIT_MONDAY,
            fixed("National Day", 7, 14),
            ASSUMPTION,
            ALL_SAINTS,
            ARMISTICE,
            CHRISTMAS,
        ],
        // Alsace and Moselle kept two days of the law of 1892.
        parts: &[
            ("57", &[GOOD_FRIDAY, STEPHEN]),
            ("6AE", &[GOOD_FRIDAY, STEPHEN]),
            ("67", &[GOOD_FRIDAY, STEPHEN]),
            ("68", &[GOOD_FRIDAY, STEPHEN]),
            ("IDF", &[]),
        ],
    },
    Place {
        code: "DE",
        rules: &[
            NEW_YEAR,
            GOOD_FRIDAY,
            EASTER_MONDAY,
            LABOUR_DAY,
            ASCENSION,
            WHIT_MONDAY,
            fixed("German Unity Day", 10, 3),
            CHRISTMAS,
            STEPHEN,
        ],
        parts: &[
            ("BB", &[EASTER_SUNDAY, PENTECOST, REFORMATION]),
            (
                "BE",
                &[
                    fixed("Women's Day", 3, 8).since(2019),
                    once("Day of Liberation", 2025, 5, 8),
                    once("Uprising of 1953", 2028, 6, 17),
                ],
            ),
            ("BW", &[EPIPHANY, CORPUS_CHRISTI, ALL_SAINTS]),
            // Assumption Day is kept in the Catholic communes only, which no code tells apart.
            ("BY", &[EPIPHANY, CORPUS_CHRISTI, ALL_SAINTS]),
            ("HB", &[REFORMATION.since(2018)]),
            ("HE", &[CORPUS_CHRISTI]),
            ("HH", &[REFORMATION.since(2018)]),
            ("MV", &[fixed("Women's Day", 3, 8).since(2023), REFORMATION]),
            ("NI", &[REFORMATION.since(2018)]),
            ("NW", &[CORPUS_CHRISTI, ALL_SAINTS]),
            ("RP", &[CORPUS_CHRISTI, ALL_SAINTS]),
            ("SH", &[REFORMATION.since(2018)]),
            ("SL", &[CORPUS_CHRISTI, ASSUMPTION, ALL_SAINTS]),
            ("SN", &[REFORMATION, from("Repentance and Prayer Day", 11, 16, Weekday::Wednesday)]),
            ("ST", &[EPIPHANY, REFORMATION]),
            ("TH", &[fixed("World Children's Day", 9, 20).since(2019), REFORMATION]),
        ],
    },
    Place {
        code: "IE",
        rules: &[
            NEW_YEAR,
            special("Saint Brigid's Day", brigid),
            PATRICK,
            EASTER_MONDAY,
            nth("May Day", 1, Weekday::Monday, 5),
            nth("June Holiday", 1, Weekday::Monday, 6),
            nth("August Holiday", 1, Weekday::Monday, 8),
            nth("October Holiday", -1, Weekday::Monday, 10),
            CHRISTMAS,
            STEPHEN,
        ],
        parts: &[],
    },
    Place {
        code: "LI",
        rules: &[
            NEW_YEAR,
            EPIPHANY,
            fixed("Candlemas", 2, 2),
            JOSEPH,
            EASTER_SUNDAY,
            EASTER_MONDAY,
            LABOUR_DAY,
            ASCENSION,
            PENTECOST,
            WHIT_MONDAY,
            CORPUS_CHRISTI,
            fixed("National Day", 8, 15),
            fixed("Nativity of Mary", 9, 8),
            ALL_SAINTS,
            IMMACULATE,
            CHRISTMAS,
            STEPHEN,
        ],
        parts: &[],
    },
    Place {
        code: "LU",
        rules: &[
            NEW_YEAR,
            EASTER_MONDAY,
            LABOUR_DAY,
            fixed("Europe Day", 5, 9).since(2019),
            ASCENSION,
            WHIT_MONDAY,
            fixed("National Day", 6, 23),
            ASSUMPTION,
            ALL_SAINTS,
            CHRISTMAS,
            STEPHEN,
        ],
        parts: &[],
    },
    Place {
        code: "NL",
        rules: &[
            NEW_YEAR,
            GOOD_FRIDAY,
            EASTER_SUNDAY,
            EASTER_MONDAY,
            fixed("King's Day", 4, 27).since(2014).shift(Shift::SundayToSaturday),
            special("Liberation Day", liberation),
            ASCENSION,
            PENTECOST,
            WHIT_MONDAY,
            CHRISTMAS,
            STEPHEN,
        ],
        parts: &[],
    },
    Place {
        code: "GB",
        rules: &[
            moved(NEW_YEAR),
            GOOD_FRIDAY,
            nth("Early May Bank Holiday", 1, Weekday::Monday, 5),
            nth("Spring Bank Holiday", -1, Weekday::Monday, 5),
            moved(CHRISTMAS),
            moved(STEPHEN),
        ],
        parts: &[
            ("ENG", &[EASTER_MONDAY, nth("Summer Bank Holiday", -1, Weekday::Monday, 8)]),
            ("WLS", &[EASTER_MONDAY, nth("Summer Bank Holiday", -1, Weekday::Monday, 8)]),
            (
                "NIR",
                &[
                    moved(PATRICK),
                    EASTER_MONDAY,
                    moved(fixed("Battle of the Boyne", 7, 12)),
                    nth("Summer Bank Holiday", -1, Weekday::Monday, 8),
                ],
            ),
            (
                "SCT",
                &[
                    moved(NEW_YEAR_2),
                    nth("Summer Bank Holiday", 1, Weekday::Monday, 8),
                    moved(fixed("Saint Andrew's Day", 11, 30)),
                    once("Football World Cup holiday", 2026, 6, 15),
                ],
            ),
        ],
    },
];

/// The first Monday of February, or the first day when that is a Friday; since 2023.
fn brigid(year: i16) -> Option<Date> {
    let first = Date::new(year, 2, 1).ok().filter(|_| year >= 2023)?;
    match first.weekday() {
        Weekday::Friday => Some(first),
        _ => first.nth_weekday_of_month(1, Weekday::Monday).ok(),
    }
}

/// A day off every five years.
fn liberation(year: i16) -> Option<Date> {
    (year % 5 == 0).then(|| Date::new(year, 5, 5).ok())?
}
