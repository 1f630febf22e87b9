//! The living document as a static site: one page a chapter, an index with search, no server.
//!
//! Nothing is fetched from anywhere: style and script are files of the site. Without JavaScript the
//! site is complete but for the search.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use governance::render::document::{ChapterView, Document, to_markdown};
use pulldown_cmark::{CowStr, Event, Options, Parser, Tag, html};
use serde_json::json;

/// Makes all files: names and texts.
pub(crate) fn pages(document: &Document) -> BTreeMap<String, String> {
    let chapters: Vec<(&ChapterView, String)> =
        document.chapters.iter().map(|chapter| (chapter, text_of(document, chapter))).collect();
    let places = places(&chapters);
    let mut pages = BTreeMap::new();
    let mut contents = String::from("<h2>Contents</h2>\n<ol>\n");
    let mut found = Vec::new();
    for (chapter, text) in &chapters {
        let (file, title) = (format!("{}.html", chapter.anchor), escape(&chapter.title));
        push(&mut contents, format_args!("<li><a href=\"{file}\">{title}</a></li>\n"));
        found.push(json!({ "page": file, "title": chapter.title, "text": text }));
        let body = to_html(text, &places);
        pages.insert(file, page(document, &chapter.title, &body));
    }
    contents.push_str("</ol>\n");
    let front = Document { chapters: Vec::new(), ..document.clone() };
    let head = to_markdown(&front);
    let head = head.split("\n## Contents").next().unwrap_or_default();
    let body = to_html(head, &places) + &contents;
    pages.insert("index.html".to_owned(), page(document, &document.title, &body));
    let found = serde_json::Value::from(found);
    // A script instead of JSON: browsers fetch no files from `file:` addresses, but load scripts.
    pages.insert("pages.js".to_owned(), format!("window.councilPages = {found};\n"));
    pages.insert("style.css".to_owned(), include_str!("style.css").to_owned());
    pages.insert("search.js".to_owned(), include_str!("search.js").to_owned());
    pages
}

/// The Markdown of one chapter, without the heading and the contents of the whole document.
fn text_of(document: &Document, chapter: &ChapterView) -> String {
    let one = Document { chapters: vec![chapter.clone()], head: Vec::new(), ..document.clone() };
    chapter_text(&to_markdown(&one), chapter)
}

/// The page on which each anchor of the one document is found.
fn places(chapters: &[(&ChapterView, String)]) -> BTreeMap<String, String> {
    let mut places = BTreeMap::new();
    for (chapter, text) in chapters {
        let ids = text.split("<a id=\"").skip(1).filter_map(|rest| rest.split('"').next());
        for id in ids.chain([chapter.anchor.as_str()]) {
            places.entry(id.to_owned()).or_insert_with(|| format!("{}.html", chapter.anchor));
        }
    }
    places
}

/// The part of a Markdown document that belongs to its one chapter.
fn chapter_text(markdown: &str, chapter: &ChapterView) -> String {
    let heading = |line: &&str| line.starts_with("## ") && line.contains(&chapter.title);
    let mut lines = markdown.lines().skip_while(|line| !heading(line));
    let mut text = String::new();
    lines.by_ref().for_each(|line| {
        text.push_str(line);
        text.push('\n');
    });
    if text.is_empty() { markdown.to_owned() } else { text }
}

/// Renders Markdown; raw HTML of prose is shown as text, anchors of our own stay.
fn to_html(markdown: &str, places: &BTreeMap<String, String>) -> String {
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
    let events = Parser::new_ext(markdown, options).map(|event| match event {
        Event::Html(text) | Event::InlineHtml(text) if !is_anchor(&text) => Event::Text(text),
        Event::Start(Tag::Link { link_type, dest_url, title, id }) => {
            let dest_url = to_page(&dest_url, places).map_or(dest_url, CowStr::from);
            Event::Start(Tag::Link { link_type, dest_url, title, id })
        }
        other => other,
    });
    let mut body = String::new();
    html::push_html(&mut body, events);
    body
}

/// The marks that links lead to, and nothing else: `<a id="platform-sites">` and its end.
fn is_anchor(text: &str) -> bool {
    let text = text.trim();
    let id = text.strip_prefix("<a id=\"").and_then(|rest| rest.strip_suffix("\">"));
    text == "</a>" || id.is_some_and(|id| !id.contains(['"', '<', '>']))
}

/// Where a link leads on the site; unsafe schemes lead nowhere.
fn to_page(target: &str, places: &BTreeMap<String, String>) -> Option<String> {
    if let Some(anchor) = target.strip_prefix('#') {
        return Some(format!("{}#{anchor}", places.get(anchor)?));
    }
    let safe = ["https://", "http://", "mailto:"].iter().any(|start| target.starts_with(start));
    (!safe && target.contains(':')).then(|| "#".to_owned())
}

fn page(document: &Document, title: &str, body: &str) -> String {
    let mut navigation = String::new();
    for chapter in &document.chapters {
        let current = if chapter.title == title { " aria-current=\"page\"" } else { "" };
        let name = escape(&chapter.title);
        push(
            &mut navigation,
            format_args!("<li><a href=\"{}.html\"{current}>{name}</a></li>\n", chapter.anchor),
        );
    }
    include_str!("page.html")
        .replace("{title}", &escape(title))
        .replace("{document}", &escape(&document.title))
        .replace("{navigation}", &navigation)
        .replace("{body}", body)
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

fn push(text: &mut String, arguments: std::fmt::Arguments<'_>) {
    text.write_fmt(arguments).expect("BUG: writing to memory does not fail");
}
