//! The round table: every seat as a circle around it, the empty ones dashed.
//!
//! A picture of what the table of seats says in words; it is drawn as SVG inside the page, so that it takes
//! the theme's colours and each seat is a link.

use org::views::SeatRow;
use serde::Serialize;

use super::links;

/// Half of the picture's side, in its own units.
const CENTRE: f64 = 200.0;
/// How far seats stand from the centre.
const REACH: f64 = 150.0;

/// One seat of the picture.
#[derive(Debug, PartialEq, Serialize)]
pub(super) struct Place {
    x: String,
    y: String,
    /// Initials of who answers today, or nothing.
    inside: String,
    /// `full`, `half`, `empty` or `resting`.
    class: &'static str,
    path: String,
    /// The sentence for those who do not see the picture.
    says: String,
}

/// The whole picture.
#[derive(Debug, PartialEq, Serialize)]
pub(super) struct Drawing {
    places: Vec<Place>,
    taken: usize,
    seats: usize,
}

/// Draws the seats in their order, the first one at the top.
pub(super) fn draw(rows: &[SeatRow]) -> Drawing {
    let places: Vec<_> =
        rows.iter().enumerate().map(|(at, row)| place(at, rows.len(), row)).collect();
    let at_table = rows.iter().filter(|row| row.active);
    Drawing {
        taken: at_table.clone().filter(|row| row.primary.is_some()).count(),
        seats: at_table.count(),
        places,
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "a table has few seats, and a picture needs no exactness"
)]
fn place(at: usize, of: usize, row: &SeatRow) -> Place {
    let angle = std::f64::consts::TAU * (at as f64 / of as f64) - std::f64::consts::FRAC_PI_2;
    let (class, state) = match (row.active, &row.primary, &row.backup) {
        (false, _, _) => ("resting", "not at the table now".to_owned()),
        (true, None, _) => ("empty", "nobody yet".to_owned()),
        (true, Some(primary), None) => ("half", format!("{}, no backup", primary.title)),
        (true, Some(primary), Some(backup)) => {
            ("full", format!("{}, backup {}", primary.title, backup.title))
        }
    };
    let acting = row.acting.as_ref().map_or("", |person| &person.title);
    Place {
        x: format!("{:.1}", CENTRE + REACH * angle.cos()),
        y: format!("{:.1}", CENTRE + REACH * angle.sin()),
        inside: super::filters::initials(acting),
        class,
        path: links::path_of("seat", &row.name),
        says: format!("{}: {state}", row.title),
    }
}
