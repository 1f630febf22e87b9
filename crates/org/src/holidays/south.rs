//! Cyprus, Greece, Italy, Malta, Portugal, Spain.

use jiff::civil::Weekday;

use super::Place;
use super::common::*;
use super::rule::{Rule, fixed, monday_after, nth, once, orthodox};

/// Spain's regions decide what happens to a day on a Sunday, so the State does not list it then.
const fn spanish(rule: Rule) -> Rule {
    rule.not_on(&[Weekday::Sunday])
}

const MONDAY_AFTER_ASSUMPTION: Rule = monday_after("Monday after Assumption Day", 8, 15);
const MONDAY_AFTER_NATIONAL_DAY: Rule = monday_after("Monday after the National Day", 10, 12);
const MONDAY_AFTER_ALL_SAINTS: Rule = monday_after("Monday after All Saints' Day", 11, 1);
const MONDAY_AFTER_CONSTITUTION: Rule = monday_after("Monday after Constitution Day", 12, 6);
const JAMES: Rule = fixed("Saint James' Day", 7, 25);

pub(super) const PLACES: &[Place] = &[
    Place {
        code: "CY",
        rules: &[
            NEW_YEAR,
            EPIPHANY,
            orthodox("Green Monday", -48),
            fixed("Greek Independence Day", 3, 25),
            fixed("National Day", 4, 1),
            orthodox("Good Friday", -2),
            orthodox("Easter Sunday", 0),
            orthodox("Easter Monday", 1),
            LABOUR_DAY,
            orthodox("Whit Monday", 50),
            ASSUMPTION,
            fixed("Independence Day", 10, 1),
            fixed("Ohi Day", 10, 28),
            CHRISTMAS,
            STEPHEN,
        ],
        parts: &[],
    },
    Place {
        code: "GR",
        rules: &[
            NEW_YEAR,
            EPIPHANY,
            orthodox("Clean Monday", -48),
            fixed("Independence Day", 3, 25),
            orthodox("Good Friday", -2),
            orthodox("Easter Monday", 1),
            LABOUR_DAY,
            orthodox("Whit Monday", 50),
            ASSUMPTION,
            fixed("Ohi Day", 10, 28),
            CHRISTMAS,
            STEPHEN,
            once("Labour Day (observed)", 2027, 5, 4),
        ],
        parts: &[],
    },
    Place {
        code: "IT",
        rules: &[
            NEW_YEAR,
            EPIPHANY,
            EASTER_SUNDAY,
            EASTER_MONDAY,
            fixed("Liberation Day", 4, 25),
            LABOUR_DAY,
            fixed("Republic Day", 6, 2),
            ASSUMPTION,
            fixed("Saint Francis of Assisi", 10, 4).since(2026),
            ALL_SAINTS,
            nth("National Unity Day", 1, Weekday::Sunday, 11),
            IMMACULATE,
            CHRISTMAS,
            STEPHEN,
        ],
        parts: &[
            ("BA", &[fixed("Saint Nicholas", 12, 6)]),
            ("BO", &[fixed("Saint Petronius", 10, 4)]),
            ("BZ", &[WHIT_MONDAY]),
            ("CA", &[fixed("Saint Saturninus", 10, 30)]),
            ("CT", &[fixed("Saint Agatha", 2, 5)]),
            ("FI", &[SAINT_JOHN]),
            ("GE", &[SAINT_JOHN]),
            ("MI", &[fixed("Saint Ambrose", 12, 7)]),
            ("NA", &[fixed("Saint Januarius", 9, 19)]),
            ("PA", &[fixed("Saint Rosalia", 7, 15)]),
            ("RM", &[fixed("Saints Peter and Paul", 6, 29)]),
            ("TO", &[SAINT_JOHN]),
            ("TS", &[fixed("Saint Justus", 11, 3)]),
            ("VE", &[fixed("Our Lady of Health", 11, 21)]),
            ("VR", &[fixed("Saint Zeno", 5, 21)]),
        ],
    },
    Place {
        code: "MT",
        rules: &[
            NEW_YEAR,
            fixed("Saint Paul's Shipwreck", 2, 10),
            JOSEPH,
            fixed("Freedom Day", 3, 31),
            GOOD_FRIDAY,
            LABOUR_DAY,
            fixed("Sette Giugno", 6, 7),
            fixed("Saints Peter and Paul", 6, 29),
            ASSUMPTION,
            fixed("Our Lady of Victories", 9, 8),
            fixed("Independence Day", 9, 21),
            IMMACULATE,
            fixed("Republic Day", 12, 13),
            CHRISTMAS,
        ],
        parts: &[],
    },
    Place {
        code: "PT",
        rules: &[
            NEW_YEAR,
            GOOD_FRIDAY,
            EASTER_SUNDAY,
            fixed("Freedom Day", 4, 25),
            LABOUR_DAY,
            fixed("Portugal Day", 6, 10),
            CORPUS_CHRISTI,
            ASSUMPTION,
            fixed("Republic Day", 10, 5),
            ALL_SAINTS,
            fixed("Restoration of Independence", 12, 1),
            IMMACULATE,
            CHRISTMAS,
        ],
        parts: &[("11", &[]), ("13", &[])],
    },
    Place {
        code: "ES",
        rules: &[
            spanish(NEW_YEAR),
            spanish(EPIPHANY),
            GOOD_FRIDAY,
            spanish(LABOUR_DAY),
            spanish(ASSUMPTION),
            spanish(fixed("National Day", 10, 12)),
            spanish(ALL_SAINTS),
            spanish(fixed("Constitution Day", 12, 6)),
            spanish(IMMACULATE),
            spanish(CHRISTMAS),
        ],
        parts: SPANISH_REGIONS,
    },
];

/// What is regular in the yearly decrees of the regions. What they choose anew each year (a Saint
/// Joseph's Day now and then), and feasts that depend on the sighting of the moon (Ceuta, Melilla),
/// is absent: no rule can know it.
const SPANISH_REGIONS: &[(&str, &[Rule])] = &[
    (
        "AN",
        &[
            spanish(fixed("Andalusia Day", 2, 28)),
            MAUNDY_THURSDAY,
            monday_after("Monday after Andalusia Day", 2, 28),
            MONDAY_AFTER_ASSUMPTION,
            MONDAY_AFTER_NATIONAL_DAY,
            MONDAY_AFTER_ALL_SAINTS,
            MONDAY_AFTER_CONSTITUTION,
        ],
    ),
    (
        "AR",
        &[
            MAUNDY_THURSDAY,
            spanish(fixed("Saint George's Day", 4, 23)),
            monday_after("Monday after Saint George's Day", 4, 23),
            MONDAY_AFTER_ASSUMPTION,
            MONDAY_AFTER_NATIONAL_DAY,
            MONDAY_AFTER_ALL_SAINTS,
            MONDAY_AFTER_CONSTITUTION,
        ],
    ),
    (
        "AS",
        &[
            MAUNDY_THURSDAY,
            spanish(fixed("Asturias Day", 9, 8)),
            MONDAY_AFTER_ASSUMPTION,
            MONDAY_AFTER_NATIONAL_DAY,
            MONDAY_AFTER_ALL_SAINTS,
            MONDAY_AFTER_CONSTITUTION,
        ],
    ),
    (
        "CB",
        &[
            MAUNDY_THURSDAY,
            spanish(fixed("Institutions Day", 7, 28)),
            spanish(fixed("Our Lady of Bien Aparecida", 9, 15)),
            MONDAY_AFTER_CONSTITUTION,
        ],
    ),
    (
        "CL",
        &[
            MAUNDY_THURSDAY,
            spanish(fixed("Castile and León Day", 4, 23)),
            monday_after("Monday after Castile and León Day", 4, 23),
            MONDAY_AFTER_ASSUMPTION,
            MONDAY_AFTER_NATIONAL_DAY,
            MONDAY_AFTER_ALL_SAINTS,
            MONDAY_AFTER_CONSTITUTION,
        ],
    ),
    (
        "CM",
        &[
            MAUNDY_THURSDAY,
            spanish(fixed("Castilla-La Mancha Day", 5, 31)),
            CORPUS_CHRISTI,
            MONDAY_AFTER_ALL_SAINTS,
        ],
    ),
    (
        "CN",
        &[
            MAUNDY_THURSDAY,
            spanish(fixed("Canary Islands Day", 5, 30)),
            monday_after("Monday after Canary Islands Day", 5, 30),
            MONDAY_AFTER_ASSUMPTION,
            MONDAY_AFTER_ALL_SAINTS,
        ],
    ),
    ("CT", &[EASTER_MONDAY, SAINT_JOHN, spanish(fixed("Catalonia Day", 9, 11)), spanish(STEPHEN)]),
    (
        "EX",
        &[
            MAUNDY_THURSDAY,
            spanish(fixed("Extremadura Day", 9, 8)),
            MONDAY_AFTER_NATIONAL_DAY,
            MONDAY_AFTER_ALL_SAINTS,
            MONDAY_AFTER_CONSTITUTION,
        ],
    ),
    ("GA", &[MAUNDY_THURSDAY, spanish(fixed("Galician Literature Day", 5, 17)), spanish(JAMES)]),
    (
        "IB",
        &[
            spanish(fixed("Balearic Islands Day", 3, 1)),
            monday_after("Monday after Balearic Islands Day", 3, 1),
            MAUNDY_THURSDAY,
            EASTER_MONDAY,
        ],
    ),
    (
        "MC",
        &[
            spanish(JOSEPH),
            MAUNDY_THURSDAY,
            spanish(fixed("Murcia Day", 6, 9)),
            MONDAY_AFTER_CONSTITUTION,
        ],
    ),
    (
        "MD",
        &[
            MAUNDY_THURSDAY,
            spanish(fixed("Madrid Day", 5, 2)),
            monday_after("Monday after Madrid Day", 5, 2),
            MONDAY_AFTER_ALL_SAINTS,
            MONDAY_AFTER_CONSTITUTION,
        ],
    ),
    (
        "NC",
        &[
            MAUNDY_THURSDAY,
            EASTER_MONDAY,
            MONDAY_AFTER_ALL_SAINTS,
            spanish(fixed("Saint Francis Xavier", 12, 3)),
            monday_after("Monday after Saint Francis Xavier", 12, 3),
        ],
    ),
    ("PV", &[MAUNDY_THURSDAY, EASTER_MONDAY, spanish(JAMES)]),
    (
        "RI",
        &[
            MAUNDY_THURSDAY,
            EASTER_MONDAY,
            spanish(fixed("La Rioja Day", 6, 9)),
            MONDAY_AFTER_CONSTITUTION,
        ],
    ),
    (
        "VC",
        &[
            spanish(JOSEPH),
            EASTER_MONDAY,
            SAINT_JOHN,
            spanish(fixed("Valencian Community Day", 10, 9)),
        ],
    ),
];
