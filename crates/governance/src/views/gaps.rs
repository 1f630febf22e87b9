//! What the playbook leaves open and somebody should fill: shown, never invented.

use jiff::civil::Date;
use playbook::Facts;
use schemars::JsonSchema;
use serde::Serialize;

use super::{PartyRef, Reading, questions, raci};
use crate::kinds::Section;

/// Something that is open.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct Gap {
    /// What it is about.
    pub subject: PartyRef,
    /// What is open.
    pub what: String,
    /// What that puts at risk.
    pub at_risk: Vec<String>,
    /// What to do, in the imperative.
    pub hint: String,
    /// Who should fill it.
    pub owner: Option<PartyRef>,
    /// Since when it is known.
    pub since: Option<Date>,
}

/// Lists what is open: seats, areas, questions, sections that nobody vouched for.
pub fn gaps(reading: &Reading<'_>) -> Vec<Gap> {
    let facts = Facts { today: reading.today() };
    let seats = org::views::gaps(reading.model, &facts).into_iter().map(|gap| Gap {
        subject: PartyRef { reference: gap.subject, title: gap.title },
        what: gap.what,
        at_risk: gap.at_risk,
        hint: gap.hint,
        owner: None,
        since: None,
    });
    let areas = raci(reading.model).rows.into_iter().filter_map(|row| {
        let what = row.gap?;
        let hint = "name exactly one who is accountable, and who does the work".to_owned();
        let subject = row.area;
        Some(Gap { subject, what, at_risk: Vec::new(), hint, owner: None, since: None })
    });
    let open = questions(reading).open.into_iter().filter_map(|row| {
        let subject = PartyRef { reference: format!("question/{}", row.name), title: row.title };
        Some(Gap {
            subject,
            what: row.gap?,
            at_risk: Vec::new(),
            hint: "give it an owner and a due date".to_owned(),
            owner: row.owner,
            since: row.raised,
        })
    });
    seats.chain(areas).chain(open).chain(stale_sections(reading)).collect()
}

/// The sections that nobody has vouched for recently enough.
pub(crate) fn stale_sections<'a>(reading: &'a Reading<'_>) -> impl Iterator<Item = Gap> + 'a {
    let today = reading.today();
    reading.model.all::<Section>().filter(move |section| section.is_stale(today)).map(|section| {
        let verified = section.verified.as_ref().map(|day| day.value);
        let title = section.headline().unwrap_or(section.section.title()).to_owned();
        Gap {
            subject: PartyRef { reference: section.resource.id.to_string(), title },
            what: match verified {
                Some(day) => format!("stale: last verified on {day}"),
                None => "stale: never verified".to_owned(),
            },
            at_risk: Vec::new(),
            hint: "read it, mend it, and set `verified` to today".to_owned(),
            owner: section
                .owner
                .as_ref()
                .map(|seat| PartyRef::of(reading.model, &seat.to_string())),
            since: section.stale_on(),
        }
    })
}
