//! The living document: the whole playbook as one readable document.
//!
//! Each chapter is made from resources (seats, rituals, areas, …), from the parts that other rooms
//! contribute, and from prose sections. What nobody has filled in is shown as a gap with the seat that
//! should fill it; nothing is invented. The changelog is made from versions and revisions.

mod chapters;

use schemars::JsonSchema;
use serde::Serialize;

use super::block::Block;
use super::markdown::{Writer, anchor, anchors, demote};
use super::part::{DocumentPart, likely_owner};
use crate::kinds::{Chapter, Section};
use crate::views::{PartyRef, Reading};

/// The document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Document {
    /// Its title: the organization's, with "playbook".
    pub title: String,
    /// Status, scope, owner, last update.
    pub head: Vec<Block>,
    /// The chapters, in order.
    pub chapters: Vec<ChapterView>,
}

/// A chapter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ChapterView {
    /// Its number, from 1.
    pub number: usize,
    /// Which chapter.
    pub chapter: Chapter,
    /// Its heading.
    pub title: String,
    /// The word that links lead to.
    pub anchor: String,
    /// Its parts.
    pub parts: Vec<PartView>,
}

/// A part of a chapter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct PartView {
    /// Its heading; nothing for what opens the chapter.
    pub title: Option<String>,
    /// The word that links lead to.
    pub anchor: String,
    /// Who keeps it true, for prose.
    pub owner: Option<PartyRef>,
    /// What is said about its freshness, for prose.
    pub freshness: Option<String>,
    /// Whether nobody has vouched for it recently enough.
    pub stale: bool,
    /// Its content.
    pub blocks: Vec<Block>,
}

impl PartView {
    /// A part made from resources.
    fn of(title: Option<&str>, blocks: Vec<Block>) -> Self {
        Self {
            title: title.map(str::to_owned),
            anchor: String::new(),
            owner: None,
            freshness: None,
            stale: false,
            blocks,
        }
    }
}

/// Makes the document from playbook, record and the parts of other rooms.
pub fn document(reading: &Reading<'_>, contributed: &[DocumentPart]) -> Document {
    let chapters = Chapter::ALL.iter().enumerate().map(|(index, chapter)| {
        let mut parts = chapters::own(reading, *chapter);
        parts.splice(0..0, prose(reading, *chapter));
        let others = contributed.iter().filter(|part| part.chapter == *chapter);
        parts.extend(others.map(|part| {
            let blocks = (part.render)(reading.model, part);
            PartView::of(Some(part.title), or_gap(reading, part.title, blocks))
        }));
        parts.extend(chapters::closing(reading, *chapter));
        if parts.is_empty() {
            let blocks = or_gap(reading, chapter.title(), Vec::new());
            parts.push(PartView::of(None, blocks));
        }
        let number = index + 1;
        for part in &mut parts {
            let title = part.title.as_deref().unwrap_or("");
            part.anchor = anchor(&format!("{} {title}", chapter.slug()));
        }
        ChapterView {
            number,
            chapter: *chapter,
            title: chapter.title().to_owned(),
            anchor: chapter.slug().to_owned(),
            parts,
        }
    });
    let (title, head) = chapters::head(reading);
    Document { title, head, chapters: chapters.collect() }
}

/// Blocks, or the gap that they leave, with the seat that should fill it.
fn or_gap(reading: &Reading<'_>, subject: &str, blocks: Vec<Block>) -> Vec<Block> {
    if !blocks.is_empty() {
        return blocks;
    }
    let what = format!("nobody has written down anything about \"{subject}\" yet");
    vec![Block::Gap { what, owner: chapters::owner_of(reading, subject) }]
}

/// The prose of a chapter, in its order.
fn prose(reading: &Reading<'_>, chapter: Chapter) -> Vec<PartView> {
    let all = reading.model.all::<Section>();
    let mut sections: Vec<_> = all.filter(|section| section.section.value == chapter).collect();
    sections.sort_by_key(|section| (section.order.unwrap_or(u32::MAX), section.name()));
    let part = |section: playbook::Typed<'_, Section>| {
        let title = section.headline().filter(|title| *title != chapter.title());
        let verified = section.verified.as_ref().map(|day| day.value);
        let stale = section.is_stale(reading.today());
        let text = demote(&section.body, if title.is_some() { 4 } else { 3 }, section.headline());
        let blocks = if text.is_empty() {
            or_gap(reading, title.unwrap_or(chapter.title()), Vec::new())
        } else {
            vec![Block::Markdown(text)]
        };
        PartView {
            owner: section.owner.as_ref().map(|it| PartyRef::of(reading.model, &it.to_string())),
            freshness: match (verified, stale) {
                (Some(day), false) => Some(format!("verified on {day}")),
                (Some(day), true) => Some(format!("stale: last verified on {day}")),
                (None, _) => None,
            },
            stale,
            ..PartView::of(title, blocks)
        }
    };
    sections.into_iter().map(part).collect()
}

/// Writes the document as Markdown, with a table of contents.
pub fn to_markdown(document: &Document) -> String {
    let parts = || document.chapters.iter().flat_map(|chapter| &chapter.parts);
    let mut writer = Writer::new(anchors(parts().flat_map(|part| &part.blocks)));
    writer.heading(1, &document.title);
    document.head.iter().for_each(|block| writer.block(block));
    writer.heading(2, "Contents");
    let contents: Vec<_> = document
        .chapters
        .iter()
        .map(|chapter| format!("{}. [{}](#{})", chapter.number, chapter.title, chapter.anchor))
        .collect();
    writer.line(&contents.join("\n"));
    for chapter in &document.chapters {
        writer.line(&format!("<a id=\"{}\"></a>", chapter.anchor));
        writer.heading(2, &format!("{}. {}", chapter.number, chapter.title));
        let mut number = 0;
        for part in &chapter.parts {
            if let Some(title) = &part.title {
                number += 1;
                writer.heading(3, &format!("{}.{number} {title}", chapter.number));
            }
            if let Some(line) = freshness(part) {
                writer.line(&line);
            }
            part.blocks.iter().for_each(|block| writer.block(block));
        }
    }
    writer.finish()
}

/// Who vouches for a part, in a line below its heading.
fn freshness(part: &PartView) -> Option<String> {
    let owner = part.owner.as_ref().map(|owner| owner.title.clone());
    let said: Vec<_> = owner.into_iter().chain(part.freshness.clone()).collect();
    let mark = if part.stale { "**" } else { "" };
    (!said.is_empty()).then(|| format!("_{mark}{}{mark}_", said.join(", ")))
}

#[cfg(test)]
mod tests;
