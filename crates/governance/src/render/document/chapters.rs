//! The chapters that are made from governance's and the organization's own resources.

use org::kinds::{Environment, Organization, Seat, Service, Site, Workload};
use playbook::Ref;

use super::super::block::{Block, Cell, Inline, links, text, text_or_gap};
use super::super::part::DocumentPart;
use super::{PartView, likely_owner};
use crate::kinds::{Agree, Chapter, DecisionType, Version};
use crate::views::{PartyRef, Reading, active_set, questions, raci, rituals};

/// The title of the document and what stands under it.
pub(super) fn head(reading: &Reading<'_>) -> (String, Vec<Block>) {
    let Some(organization) = reading.model.all::<Organization>().next() else {
        return ("Playbook".to_owned(), Vec::new());
    };
    let mut versions: Vec<_> = reading.model.all::<Version>().collect();
    versions.sort_by_key(|version| version.numbers());
    let dated = versions.iter().rev().find(|version| version.date.is_some());
    let newest = dated.or(versions.last()).map(|version| version.version.value.clone());
    let updated = reading.revisions.first().map(|revision| reading.day(revision.at).to_string());
    let owner = organization.owner.as_ref();
    let head = Block::List(vec![
        fact("Version", text_or_gap(newest.as_deref(), "no version yet")),
        fact("Scope", text_or_gap(organization.scope.as_deref(), "no scope")),
        fact(
            "Owner",
            owner.map_or_else(
                || vec![Inline::Gap("no owner".to_owned())],
                |owner| links([PartyRef::of(reading.model, &owner.to_string())]),
            ),
        ),
        fact("Last updated", text_or_gap(updated.as_deref(), "no revision is known")),
    ]);
    (format!("{}: the playbook", organization.title()), vec![head])
}

/// Who should fill a gap: the seat whose words fit, else whoever owns the playbook.
pub(super) fn owner_of(reading: &Reading<'_>, subject: &str) -> Option<PartyRef> {
    likely_owner(reading.model, subject).or_else(|| {
        let organization = reading.model.all::<Organization>().next()?;
        let owner = organization.spec.owner.as_ref()?;
        Some(PartyRef::of(reading.model, &owner.to_string()))
    })
}

/// What a chapter is made of by itself.
pub(super) fn own(reading: &Reading<'_>, chapter: Chapter) -> Vec<PartView> {
    match chapter {
        Chapter::Purpose => purpose(reading),
        Chapter::Seats => seats(reading),
        Chapter::OperatingModel => operating_model(reading),
        Chapter::DecisionTypes => decision_types(reading),
        Chapter::Raci => raci_table(reading),
        Chapter::Platform => platform(reading),
        Chapter::OpenQuestions => open_questions(reading),
        Chapter::Standards
        | Chapter::Observability
        | Chapter::Incidents
        | Chapter::Finops
        | Chapter::DeveloperExperience
        | Chapter::Talent
        | Chapter::ChangeManagement => Vec::new(),
    }
}

/// What closes a chapter, after the parts of other rooms.
pub(super) fn closing(reading: &Reading<'_>, chapter: Chapter) -> Vec<PartView> {
    match chapter {
        Chapter::DecisionTypes => vec![decisions_in_force(reading)],
        Chapter::ChangeManagement => vec![changelog(reading)],
        Chapter::Purpose
        | Chapter::Seats
        | Chapter::OperatingModel
        | Chapter::Raci
        | Chapter::Platform
        | Chapter::Standards
        | Chapter::Observability
        | Chapter::Incidents
        | Chapter::Finops
        | Chapter::DeveloperExperience
        | Chapter::Talent
        | Chapter::OpenQuestions => Vec::new(),
    }
}

fn purpose(reading: &Reading<'_>) -> Vec<PartView> {
    let blocks = reading.model.all::<Organization>().next().map_or_else(Vec::new, |found| {
        vec![Block::Paragraph(text(&found.purpose)), Block::Quote(found.north_star.clone())]
    });
    vec![PartView::of(None, super::or_gap(reading, "Purpose", blocks))]
}

fn seats(reading: &Reading<'_>) -> Vec<PartView> {
    let seats = org::views::in_order(reading.model);
    let described = seats.iter().map(|seat| {
        let mut cell = vec![
            Inline::Anchor(seat.resource.id.to_string()),
            Inline::Strong(seat.title().to_owned()),
        ];
        if let Some(condition) = &seat.active_when {
            cell.push(Inline::text(format!(" (only while `{}`)", condition.value)));
        }
        cell.push(Inline::text(format!(": {}", seat.owns)));
        if !seat.focus.is_empty() {
            cell.push(Inline::text(format!(" Focus: {}.", seat.focus.join(", "))));
        }
        cell
    });
    let person = |holder: &Option<Ref<org::kinds::Person>>, what: &str| match holder {
        Some(person) => links([PartyRef::of(reading.model, &person.to_string())]),
        None => vec![Inline::Gap(format!("no {what}"))],
    };
    let rows = seats.iter().map(|seat| {
        vec![
            links([seat_ref(reading, seat.name())]),
            person(&seat.primary, "primary"),
            person(&seat.backup, "backup"),
            text(seat.notes.clone().unwrap_or_default()),
        ]
    });
    let columns = ["Seat", "Primary", "Backup", "Notes"].map(str::to_owned).to_vec();
    let table = Block::Table { columns, rows: rows.collect() };
    let (described, table) = if seats.is_empty() {
        (Vec::new(), Vec::new())
    } else {
        (vec![Block::List(described.collect())], vec![table])
    };
    vec![
        PartView::of(Some("Seats at the Table"), super::or_gap(reading, "seats", described)),
        PartView::of(
            Some("Current Seat Assignments"),
            super::or_gap(reading, "seat assignments", table),
        ),
    ]
}

/// A seat with its whole title, as the chapter about seats says it.
fn seat_ref(reading: &Reading<'_>, seat: &str) -> PartyRef {
    let title = reading.title::<Seat>(seat);
    PartyRef { reference: format!("seat/{seat}"), title }
}

fn operating_model(reading: &Reading<'_>) -> Vec<PartView> {
    let row = |row: crate::views::RitualRow| {
        let mut lines = vec![
            fact("Goal", text(&row.goal)),
            fact("When", text(&row.when)),
            fact("Duration", text_or_gap(row.duration.as_deref(), "no duration")),
            fact(
                "Attendees",
                if row.all_seats {
                    text("all seats or their delegates")
                } else {
                    links(row.attendees)
                },
            ),
        ];
        lines.extend(row.outcome.map(|outcome| fact("Outcome", text(outcome))));
        if !row.focus.is_empty() {
            lines.push(fact("Focus", text(row.focus.join(", "))));
        }
        if !row.agenda.is_empty() {
            lines.push(fact("Agenda", text(row.agenda.join("; "))));
        }
        PartView::of(Some(&row.title), vec![Block::List(lines)])
    };
    let parts: Vec<_> = rituals(reading).rows.into_iter().map(row).collect();
    if parts.is_empty() {
        return vec![PartView::of(Some("Rituals"), super::or_gap(reading, "rituals", Vec::new()))];
    }
    parts
}

fn fact(name: &str, cell: Cell) -> Cell {
    [vec![Inline::Strong(format!("{name}:")), Inline::text(" ")], cell].concat()
}

fn decision_types(reading: &Reading<'_>) -> Vec<PartView> {
    let seats = |seats: &[Ref<Seat>]| {
        links(seats.iter().map(|seat| PartyRef::of(reading.model, &seat.to_string())))
    };
    let mut types: Vec<_> = reading.model.all::<DecisionType>().collect();
    types.sort_by_key(|found| (found.letter.clone(), found.name()));
    let rows = types.iter().map(|found| {
        let agree = match found.rule.agree.value {
            Agree::All => "all agree".to_owned(),
            Agree::AtLeast(number) => format!("at least {number} agree"),
        };
        let lazy = found.rule.lazy_consensus_after.as_ref();
        let lazy = lazy.map(|after| format!("; lazy consensus after {}", after.value));
        let examples = match found.examples.as_slice() {
            [] => String::new(),
            examples => format!(" ({})", examples.join(", ")),
        };
        vec![
            vec![
                Inline::Anchor(found.resource.id.to_string()),
                Inline::Strong(found.label(found.title())),
            ],
            text(format!("{}{examples}", found.scope)),
            seats(&found.primaries),
            seats(&found.consulted),
            text(agree + &lazy.unwrap_or_default()),
        ]
    });
    let columns = ["Type", "Scope", "Primary", "Consulted", "Rule"].map(str::to_owned).to_vec();
    let blocks = if types.is_empty() {
        Vec::new()
    } else {
        vec![Block::Table { columns, rows: rows.collect() }]
    };
    vec![PartView::of(None, super::or_gap(reading, "decision types", blocks))]
}

fn decisions_in_force(reading: &Reading<'_>) -> PartView {
    let groups = active_set(reading).groups;
    let rows = groups.into_iter().flat_map(|group| group.decisions).map(|row| {
        let kind = row.decision_type.clone();
        vec![
            vec![
                Inline::Anchor(format!("decision/{}", row.name)),
                Inline::text(format!("{} ", row.number)),
                Inline::Strong(row.title),
            ],
            kind.map_or_else(|| vec![Inline::Gap("no type".to_owned())], |kind| links([kind])),
            text(row.date.map(|date| date.to_string()).unwrap_or_default()),
            text(row.review_by.map(|date| date.to_string()).unwrap_or_default()),
        ]
    });
    let columns = ["Decision", "Type", "Date", "Review by"].map(str::to_owned).to_vec();
    let rows: Vec<_> = rows.collect();
    let blocks = if rows.is_empty() {
        vec![Block::Paragraph(text("No decision is in force yet."))]
    } else {
        vec![Block::Table { columns, rows }]
    };
    PartView::of(Some("Decisions in Force"), blocks)
}

fn raci_table(reading: &Reading<'_>) -> Vec<PartView> {
    let matrix = raci(reading.model);
    let parties = |parties: Vec<PartyRef>, gap: &str| {
        if parties.is_empty() { vec![Inline::Gap(gap.to_owned())] } else { links(parties) }
    };
    let rows = matrix.rows.into_iter().map(|row| {
        vec![
            vec![Inline::Anchor(row.area.reference), Inline::text(row.area.title)],
            parties(row.responsible, "nobody"),
            parties(row.accountable, "nobody"),
            links(row.consulted),
            links(row.informed),
        ]
    });
    let rows: Vec<_> = rows.collect();
    let columns = ["Area", "R (Responsible)", "A (Accountable)", "C (Consulted)", "I (Informed)"];
    let columns = columns.map(str::to_owned).to_vec();
    let blocks = if rows.is_empty() { Vec::new() } else { vec![Block::Table { columns, rows }] };
    vec![PartView::of(None, super::or_gap(reading, "responsibilities", blocks))]
}

fn platform(reading: &Reading<'_>) -> Vec<PartView> {
    const CHAPTER: Chapter = Chapter::Platform;
    let parts = [
        DocumentPart::table::<Site>(
            CHAPTER,
            "Sites",
            &["role", "location", "provider?", "rto", "rpo", "owner"],
        ),
        DocumentPart::table::<Environment>(CHAPTER, "Environments", &["tier", "sites?", "owner?"]),
        DocumentPart::table::<Workload>(
            CHAPTER,
            "Primary Workloads",
            &["class", "owner", "service?", "sites?", "gpu"],
        ),
        DocumentPart::table::<Service>(
            CHAPTER,
            "Services",
            &["owner", "tier", "environments?", "depends_on?", "lifecycle?"],
        ),
    ];
    let render = |part: &DocumentPart| {
        let blocks = (part.render)(reading.model, part);
        PartView::of(Some(part.title), super::or_gap(reading, part.title, blocks))
    };
    parts.iter().map(render).collect()
}

/// Versions, newest first, and the revisions since the newest one.
fn changelog(reading: &Reading<'_>) -> PartView {
    let mut versions: Vec<_> = reading.model.all::<Version>().collect();
    versions
        .sort_by(|left, right| (right.numbers(), right.name()).cmp(&(left.numbers(), left.name())));
    let released = versions.iter().filter_map(|version| version.date.as_ref());
    let released = released.map(|day| day.value).max();
    let since = |day| released.is_none_or(|released| released < day);
    let revisions = reading.revisions.iter().filter(|revision| since(reading.day(revision.at)));
    // More than a screen of single revisions nobody reads; the record has them all.
    const SHOWN: usize = 20;
    let unreleased = revisions.take(SHOWN).map(|revision| {
        let day = reading.day(revision.at);
        text(format!(
            "{day}: {} (`{}`)",
            revision.summary,
            revision.id.get(..10).unwrap_or(&revision.id)
        ))
    });
    let rows = versions.iter().map(|version| {
        let date = version.date.as_ref().map(|date| date.value.to_string());
        vec![
            vec![
                Inline::Anchor(version.resource.id.to_string()),
                Inline::Strong(version.version.value.clone()),
            ],
            text_or_gap(date.as_deref(), "not released"),
            text(&version.summary),
        ]
    });
    let columns = ["Version", "Date", "What changed"].map(str::to_owned).to_vec();
    let rows: Vec<_> = rows.collect();
    let mut blocks = Vec::new();
    if !rows.is_empty() {
        blocks.push(Block::Table { columns, rows });
    }
    let unreleased: Vec<_> = unreleased.collect();
    if !unreleased.is_empty() {
        blocks.push(Block::Paragraph(text("Revisions since the last version:")));
        blocks.push(Block::List(unreleased));
    }
    PartView::of(Some("Changelog"), super::or_gap(reading, "changelog", blocks))
}

fn open_questions(reading: &Reading<'_>) -> Vec<PartView> {
    let list = questions(reading);
    let open = list.open.into_iter().map(|row| {
        let options = row.options.join(", ");
        let name = Inline::Anchor(format!("question/{}", row.name));
        let mut title = vec![name, Inline::Strong(row.title)];
        title.extend(row.context.map(|context| Inline::text(format!(": {context}"))));
        vec![
            title,
            row.owner.map_or_else(|| vec![Inline::Gap("no owner".to_owned())], |it| links([it])),
            text_or_gap(row.due.map(|due| due.to_string()).as_deref(), "no due date"),
            text(options),
        ]
    });
    let columns = ["Question", "Owner", "Due", "Options"].map(str::to_owned).to_vec();
    let rows: Vec<_> = open.collect();
    let mut blocks = if rows.is_empty() {
        vec![Block::Paragraph(text("No question is open."))]
    } else {
        vec![Block::Table { columns, rows }]
    };
    let answered = list.answered.into_iter().map(|row| {
        let mut cell = text(format!("{}: answered by ", row.title));
        cell.extend(links(row.answer));
        cell
    });
    let answered: Vec<_> = answered.collect();
    if !answered.is_empty() {
        blocks.push(Block::List(answered));
    }
    vec![PartView::of(None, blocks)]
}
