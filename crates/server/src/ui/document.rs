//! The living document: its chapters as pages, with a table of contents beside each.
//!
//! One chapter a page, because the whole would outgrow what a page may weigh; the whole in one piece is
//! `council doc`, and printing a chapter prints well.

use std::sync::{Arc, Mutex, PoisonError, Weak};

use axum::extract::Path;
use axum::response::{IntoResponse as _, Redirect, Response};
use governance::render::document::{ChapterView, Document, PartView, document};
use governance::render::{Block, DocumentPart, Inline};
use governance::views::{PartyRef, Reading};
use jiff::Timestamp;
use minijinja::{Value, context};
use serde::Serialize;

use super::frame::Page;
use super::links::Links;
use super::templates::view;
use super::{errors, markdown};
use crate::limits::DOCUMENT_LIFE;
use crate::{Lens, Snapshot};

/// One chapter in the table of contents.
#[derive(Debug, Serialize)]
pub(super) struct Entry {
    number: usize,
    title: String,
    path: String,
    gaps: usize,
    current: bool,
}

/// A part of the chapter, ready to be shown.
#[derive(Debug, Serialize)]
struct Part {
    title: Option<String>,
    anchor: String,
    owner: Option<PartyRef>,
    freshness: Option<String>,
    stale: bool,
    html: String,
}

/// `GET /playbook`
pub(super) async fn open(page: Page) -> Response {
    let document = read(&page);
    page.show("playbook.html", "Playbook", contents(&document, &page.links()))
}

/// `GET /playbook/chapter/<name>`
pub(super) async fn show(page: Page, Path(name): Path<String>) -> Response {
    let document = read(&page);
    match chapter(&document, &name, &page.links()) {
        Some((title, shows)) => page.show("chapter.html", &title, shows),
        None => errors::missing(&page, &format!("The playbook has no chapter `{name}`.")),
    }
}

/// `GET /playbook/document`: the old habit of looking for one long page.
pub(super) async fn whole() -> Response {
    Redirect::permanent("/playbook").into_response()
}

fn read(page: &Page) -> Arc<Document> {
    let make = || document(&page.reading(), &page.state().config().document_parts);
    if page.shows_the_past() {
        Arc::new(make())
    } else {
        page.state().written().get(page.lens(), make)
    }
}

/// The document as it was written last. It is the largest thing that any page is made from, and its chapters are
/// leafed through one after the other.
#[derive(Debug, Default)]
pub(crate) struct Written(Mutex<Option<Kept>>);

#[derive(Debug)]
struct Kept {
    snapshot: Weak<Snapshot>,
    seq: u64,
    at: Timestamp,
    document: Arc<Document>,
}

impl Written {
    /// The document at a moment: anew when playbook or record are others, or some seconds have passed, because it tells how
    /// long things have waited.
    fn get(&self, lens: &Lens, make: impl FnOnce() -> Document) -> Arc<Document> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (seq, at) = (lens.record.head.seq, lens.now);
        let fresh = kept.as_ref().filter(|kept| {
            Weak::as_ptr(&kept.snapshot) == Arc::as_ptr(&lens.snapshot)
                && kept.seq == seq
                && kept.at <= at
                && at.duration_since(kept.at) <= DOCUMENT_LIFE
        });
        if let Some(fresh) = fresh {
            return fresh.document.clone();
        }
        let document = Arc::new(make());
        let snapshot = Arc::downgrade(&lens.snapshot);
        *kept = Some(Kept { snapshot, seq, at, document: document.clone() });
        document
    }
}

/// Makes the document for another face.
pub(super) fn of(reading: &Reading<'_>, parts: &[DocumentPart]) -> Document {
    document(reading, parts)
}

/// What the first page shows: the head and the chapters.
pub(super) fn contents(document: &Document, links: &Links) -> Value {
    context! {
        title => &*document.title,
        head => blocks(&document.head, links),
        chapters => view(entries(document, "")),
    }
}

/// The title of a chapter and what its page shows.
pub(super) fn chapter(document: &Document, name: &str, links: &Links) -> Option<(String, Value)> {
    let at = document.chapters.iter().position(|chapter| chapter.anchor == name)?;
    let found = &document.chapters[at];
    let neighbour = |at: Option<usize>| {
        let chapter = document.chapters.get(at?)?;
        Some((path(chapter), chapter.title.clone()))
    };
    let parts: Vec<_> = found.parts.iter().map(|shown| part(shown, links)).collect();
    let shows = context! {
        number => found.number,
        title => &*found.title,
        parts => view(parts),
        chapters => view(entries(document, name)),
        before => view(neighbour(at.checked_sub(1))),
        after => view(neighbour(Some(at + 1))),
    };
    Some((found.title.clone(), shows))
}

fn entries(document: &Document, current: &str) -> Vec<Entry> {
    let entry = |chapter: &ChapterView| Entry {
        number: chapter.number,
        title: chapter.title.clone(),
        path: path(chapter),
        gaps: chapter.parts.iter().map(gaps).sum(),
        current: chapter.anchor == current,
    };
    document.chapters.iter().map(entry).collect()
}

/// The path of a chapter's page.
pub(super) fn path(chapter: &ChapterView) -> String {
    format!("/playbook/chapter/{}", chapter.anchor)
}

fn gaps(part: &PartView) -> usize {
    let open = part.blocks.iter().filter(|block| matches!(block, Block::Gap { .. })).count();
    open + usize::from(part.stale)
}

fn part(part: &PartView, links: &Links) -> Part {
    Part {
        title: part.title.clone(),
        anchor: part.anchor.clone(),
        owner: part.owner.clone(),
        freshness: part.freshness.clone(),
        stale: part.stale,
        html: blocks(&part.blocks, links),
    }
}

/// Writes blocks as HTML.
fn blocks(blocks: &[Block], links: &Links) -> String {
    let mut html = String::new();
    for block in blocks {
        write(&mut html, block, links);
    }
    html
}

fn write(html: &mut String, block: &Block, links: &Links) {
    let cell = |inlines: &[Inline]| -> String {
        inlines.iter().map(|inline| piece(inline, links)).collect()
    };
    match block {
        Block::Paragraph(inlines) => push(html, "p", &cell(inlines)),
        Block::Quote(text) => {
            push(html, "blockquote", &format!("<p>{}</p>", markdown::escape(text)));
        }
        Block::List(items) => {
            let items: String =
                items.iter().map(|item| format!("<li>{}</li>", cell(item))).collect();
            push(html, "ul", &items);
        }
        Block::Table { columns, rows } => {
            let head: String = columns
                .iter()
                .map(|column| format!("<th scope=\"col\">{}</th>", markdown::escape(column)))
                .collect();
            let body: String = rows
                .iter()
                .map(|row| {
                    let cells: String =
                        row.iter().map(|shown| format!("<td>{}</td>", cell(shown))).collect();
                    format!("<tr>{cells}</tr>")
                })
                .collect();
            html.push_str(
                "<div class=\"scroll\" role=\"region\" aria-label=\"Table\" tabindex=\"0\"><table>",
            );
            html.push_str(&format!(
                "<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>\n"
            ));
        }
        Block::Markdown(text) => {
            // The document counts its title as the first level; a chapter's page begins one below.
            html.push_str(&markdown::render(text, -1, &|target| links.resolve(target)).html);
        }
        Block::Gap { what, owner } => {
            let owner = owner.as_ref().map_or_else(String::new, |owner| {
                format!(" {} should fill it.", links.anchor(&owner.reference, Some(&owner.title)))
            });
            let what = markdown::escape(what);
            html.push_str(&format!(
                "<p class=\"card gap\"><span class=\"badge gap\">gap</span> {what}.{owner}</p>\n"
            ));
        }
    }
}

fn push(html: &mut String, tag: &str, inner: &str) {
    html.push_str(&format!("<{tag}>{inner}</{tag}>\n"));
}

fn piece(inline: &Inline, links: &Links) -> String {
    match inline {
        Inline::Text(text) => markdown::escape(text),
        Inline::Strong(text) => format!("<strong>{}</strong>", markdown::escape(text)),
        Inline::Link(party) => links.anchor(&party.reference, Some(&party.title)),
        // Pages of their own show each resource; the document's anchors are for one long file.
        Inline::Anchor(_) => String::new(),
        Inline::Gap(text) => {
            format!("<span class=\"badge gap\">{}</span>", markdown::escape(text))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(block: Block, expected: &str) {
        let links = Links::app(Arc::default());
        assert_eq!(blocks(&[block], &links).trim(), expected);
    }

    #[test]
    fn what_people_wrote_stays_text() {
        check(
            Block::Paragraph(vec![Inline::Strong("<b>".into())]),
            "<p><strong>&lt;b&gt;</strong></p>",
        );
        check(Block::Quote("a & b".into()), "<blockquote><p>a &amp; b</p></blockquote>");
    }

    #[test]
    fn a_gap_says_who_should_fill_it() {
        let owner = PartyRef { reference: "seat/finops".into(), title: "FinOps".into() };
        check(
            Block::Gap { what: "no cost model".into(), owner: Some(owner) },
            "<p class=\"card gap\"><span class=\"badge gap\">gap</span> no cost model. FinOps should fill it.</p>",
        );
    }
}
