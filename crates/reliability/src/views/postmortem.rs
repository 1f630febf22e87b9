//! Postmortems as lists and pages show them.

use jiff::Timestamp;
use jiff::civil::Date;
use org::kinds::Person;
use org::views::PersonRef;
use schemars::JsonSchema;
use serde::Serialize;

use super::Reading;
use super::follow_up::{FollowUp, follow_ups};
use super::incident_detail::{may_see, severity};
use crate::kinds::PostmortemTemplate;
use crate::language::{Remark, remarks};
use crate::record::Actor;
use crate::record::postmortem::{due, is_generated, unwritten};
use crate::render::postmortem::{Impact, document};

/// How a postmortem stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PostmortemRow {
    /// The incident's id.
    pub incident: String,
    /// What the incident was.
    pub title: String,
    /// When it was begun.
    pub drafted: Option<Timestamp>,
    /// By when it is due.
    pub due: Option<Date>,
    /// Whether that day has passed.
    pub overdue: bool,
    /// When it was published.
    pub published: Option<Timestamp>,
    /// The parts that somebody still has to write.
    pub unwritten: Vec<String>,
    /// The words that name what contributed.
    pub factors: Vec<String>,
}

/// One part that people write.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct SectionView {
    /// Its heading.
    pub title: String,
    /// What it answers.
    pub asks: Option<String>,
    /// What it says; nothing while nobody has written it.
    pub text: Option<String>,
    /// Who wrote it last.
    pub by: Option<PersonRef>,
    /// Whether the record answers it by itself, so that words are an addition.
    pub generated: bool,
    /// Phrases that look for somebody at fault, with what to ask instead.
    pub remarks: Vec<Remark>,
}

/// Everything about one postmortem.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PostmortemDetail {
    /// How it stands.
    pub row: PostmortemRow,
    /// The parts of the template, in order.
    pub sections: Vec<SectionView>,
    /// The actions that came of it.
    pub follow_ups: Vec<FollowUp>,
    /// The document in Markdown, with what the record knows.
    pub document: String,
    /// The version of its stream, for commands that must not overwrite each other.
    pub version: u64,
}

/// How the postmortem of an incident stands; nothing when nobody began one and its severity wants none.
pub fn postmortem_row(reading: &Reading<'_>, id: &str) -> Option<PostmortemRow> {
    let incident = reading.record.incidents.get(id)?;
    let known = reading.record.postmortems.get(id);
    let wanted = severity(reading, incident).is_some_and(|it| it.spec.postmortem == Some(true));
    if known.is_none() && (!wanted || incident.test) {
        return None;
    }
    let resolved = incident.clocks.resolved;
    let due = known
        .and_then(|known| known.due)
        .or_else(|| resolved.and_then(|resolved| due(reading.model, resolved)));
    let published = known.and_then(|known| known.published);
    let today = reading.facts(Actor::Council).today();
    let template = template(reading);
    let unwritten = template.into_iter().flat_map(|template| unwritten(template, known));
    Some(PostmortemRow {
        incident: id.to_owned(),
        title: reading.texts.read(&format!("incident/{id}"), &incident.title),
        drafted: known.map(|known| known.drafted),
        due,
        overdue: published.is_none() && due.is_some_and(|due| due < today),
        published,
        unwritten: unwritten.map(str::to_owned).collect(),
        factors: known.map_or_else(Vec::new, |known| known.factors.clone()),
    })
}

/// The postmortems that are owed or begun and that a viewer may see, the newest incident first.
pub fn postmortems(reading: &Reading<'_>, viewer: Option<&str>) -> Vec<PostmortemRow> {
    let visible = reading.record.incidents.iter().rev().filter(|(_, it)| may_see(it, viewer));
    // One is owed when its incident is over; before, it is nobody's worry yet.
    let over = visible.filter(|(_, incident)| incident.clocks.resolved.is_some());
    over.filter_map(|(id, _)| postmortem_row(reading, id)).collect()
}

/// One postmortem, when somebody began it and the viewer may see its incident.
pub fn postmortem(
    reading: &Reading<'_>,
    id: &str,
    viewer: Option<&str>,
) -> Option<PostmortemDetail> {
    reading.record.incidents.get(id).filter(|found| may_see(found, viewer))?;
    reading.record.postmortems.get(id)?;
    let impact = Impact::default();
    Some(PostmortemDetail {
        row: postmortem_row(reading, id)?,
        sections: sections(reading, id),
        follow_ups: follow_ups(reading, id),
        document: document(reading, id, &impact)?,
        version: reading.record.version(&format!("postmortem/{id}")),
    })
}

fn template<'a>(reading: &Reading<'a>) -> Option<&'a PostmortemTemplate> {
    reading.model.all::<PostmortemTemplate>().next().map(|template| template.spec)
}

fn sections(reading: &Reading<'_>, id: &str) -> Vec<SectionView> {
    let Some(template) = template(reading) else { return Vec::new() };
    let known = reading.record.postmortems.get(id);
    let people: Vec<&str> = reading.model.all::<Person>().map(|person| person.title()).collect();
    let stream = format!("postmortem/{id}");
    let sections = template.sections.iter().map(|section| {
        let written = known.and_then(|known| known.sections.get(&section.title));
        let text = written.map(|(text, _)| reading.texts.read(&stream, text));
        SectionView {
            title: section.title.clone(),
            asks: section.asks.clone(),
            remarks: text.as_deref().map(|text| remarks(text, &people)).unwrap_or_default(),
            text,
            by: written.map(|(_, person)| PersonRef::of(reading.model, person)),
            generated: is_generated(&section.title, known),
        }
    });
    sections.collect()
}
