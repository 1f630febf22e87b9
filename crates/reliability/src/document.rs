//! This room's parts of the living document: telemetry, objectives, alerts and incidents.
//!
//! A field with a question mark is a column only when somebody uses it; every other one is always
//! there, so that what nobody has filled in shows as a gap.

use governance::kinds::Chapter;
use governance::render::{Block, Cell, DocumentPart, Inline};
use org::views::PersonRef;
use playbook::Model;

use crate::kinds::openslo::Slo;
use crate::kinds::{
    AlertCategory, AlertingStrategy, IncidentPhase, IncidentRole, Layer, Limit, NoticeDuty,
    PostmortemTemplate, Rotation, Schedule, Severity, Since, SloStandard, TelemetryTool,
};

/// The parts, in the order of the document.
#[must_use]
pub fn document_parts() -> Vec<DocumentPart> {
    [observability(), incidents()].concat()
}

fn observability() -> Vec<DocumentPart> {
    vec![
        DocumentPart::table::<TelemetryTool>(
            Chapter::Observability,
            "Telemetry Stack",
            &[
                "signal",
                "chosen=Choice",
                "candidates?",
                "fed_by?",
                "shown_in?",
                "retention?",
                "settled_by?",
            ],
        ),
        DocumentPart::table::<SloStandard>(
            Chapter::Observability,
            "SLIs and SLOs",
            &["window", "indicators", "applies_to", "tiers=Tiers that need them"],
        ),
        DocumentPart::table::<Slo>(
            Chapter::Observability,
            "Objectives",
            &["service", "description", "objectives"],
        ),
        DocumentPart::table::<AlertingStrategy>(
            Chapter::Observability,
            "Alerting",
            &["principles", "every_alert_has", "categories"],
        ),
        DocumentPart::table::<AlertCategory>(
            Chapter::Observability,
            "Alert Categories",
            &["meaning", "reaction", "acknowledge_within?"],
        ),
    ]
}

fn incidents() -> Vec<DocumentPart> {
    vec![
        DocumentPart::table::<Severity>(
            Chapter::Incidents,
            "Severities",
            &[
                "meaning",
                "examples",
                "respond_within=Response time",
                "update_every=Time between updates",
                "category?",
                "postmortem?",
                "settled_by?",
            ],
        ),
        DocumentPart::table::<IncidentRole>(
            Chapter::Incidents,
            "Roles",
            &["does", "speaks_to?", "domains?", "filled_from?"],
        ),
        DocumentPart::table::<IncidentPhase>(
            Chapter::Incidents,
            "Phases",
            &[
                "goal",
                "within=Time limit?",
                "within_business_days=Limit in business days?",
                "limit_undecided=Limit still open?",
            ],
        ),
        DocumentPart::table::<PostmortemTemplate>(
            Chapter::Incidents,
            "Postmortems",
            &["blameless", "due_business_days=Deadline in business days", "sections"],
        ),
        DocumentPart {
            chapter: Chapter::Incidents,
            title: "On Call",
            fields: &[],
            render: |model, _| schedules(model),
        },
        DocumentPart {
            chapter: Chapter::Incidents,
            title: "Notices to Authorities",
            fields: &[],
            render: |model, _| notices(model),
        },
    ]
}

fn table(columns: &[&str], rows: Vec<Vec<Cell>>) -> Vec<Block> {
    if rows.is_empty() {
        return Vec::new();
    }
    vec![Block::Table { columns: columns.iter().map(|name| (*name).to_owned()).collect(), rows }]
}

fn name(reference: String, title: &str) -> Cell {
    vec![Inline::Anchor(reference), Inline::Strong(title.to_owned())]
}

fn text(text: impl Into<String>) -> Cell {
    vec![Inline::Text(text.into())]
}

/// One row a layer: how turns follow each other, and who takes them.
fn schedules(model: &Model) -> Vec<Block> {
    let rows = model.all::<Schedule>().flat_map(|schedule| {
        let layers = schedule.spec.layers.iter().enumerate();
        let row = |(number, layer): (usize, &Layer)| {
            let people = layer.people.iter();
            let people = people.map(|it| PersonRef::of(model, it.person.name()).title);
            let people: Vec<_> = people.collect();
            let first = match number {
                0 => name(schedule.resource.id.to_string(), schedule.title()),
                _ => Vec::new(),
            };
            let layer_title = layer.title.clone().unwrap_or_default();
            vec![first, text(layer_title), text(turns(layer)), text(people.join(", "))]
        };
        layers.map(row).collect::<Vec<_>>()
    });
    table(&["Name", "Layer", "Turns", "People"], rows.collect())
}

/// How turns follow each other, for a reader.
fn turns(layer: &Layer) -> String {
    let at = layer.hand_off.strftime("%H:%M");
    match &layer.rotation.value {
        Rotation::Daily { every: 1 } => format!("daily at {at}"),
        Rotation::Daily { every } => format!("every {every} days at {at}"),
        Rotation::Weekly { day, every: 1 } => format!("weekly, {day:?} at {at}"),
        Rotation::Weekly { day, every } => format!("every {every} weeks, {day:?} at {at}"),
        Rotation::Rule(rule) => format!("`{rule}` at {at}"),
    }
}

fn notices(model: &Model) -> Vec<Block> {
    let rows = model.all::<NoticeDuty>().map(|duty| {
        let limit = match duty.within {
            Limit::Hours(hours) => diag::words::count(usize::try_from(hours).unwrap_or(0), "hour"),
            Limit::Months(months) => {
                diag::words::count(usize::try_from(months).unwrap_or(0), "month")
            }
        };
        let since = match &duty.since {
            Since::Aware => "we became aware".to_owned(),
            Since::Notice(first) => {
                let title = model.follow(first).map_or(first.name(), |first| first.title());
                format!("\"{title}\" was sent")
            }
        };
        let id = duty.resource.id.to_string();
        let within = text(format!("{limit} after {since}"));
        vec![name(id, duty.title()), text(&duty.to), within, text(&duty.law)]
    });
    table(&["Name", "To", "Within", "Law"], rows.collect())
}
