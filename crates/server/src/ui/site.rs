//! The playbook as a static site: the same pages as plain files, readable from a disk, without script.
//!
//! Pages that need somebody (votes, minutes, the account) or the record of one moment (the ledger) are left
//! out, and so are forms. Search is one file of script beside the pages; without it the chapters, lists and
//! resources are linked as everywhere.
//!
//! Invariant: the same reading gives the same bytes.

use std::sync::Arc;

use governance::kinds::{Decision, Question, Ritual};
use governance::render::DocumentPart;
use governance::views::{self, Reading};
use minijinja::{Error, Value, context};
use playbook::{Edition, Facts, Kind, Workspace};
use serde::Serialize;

use super::links::{Links, path_of};
use super::templates::view;
use super::{
    assets, decision, decisions, document, kind, nav, questions, raci, resource, rituals, seats,
    templates,
};

/// A page of the site before it is written: its path in the application, template, title, view.
struct Sheet {
    path: String,
    template: &'static str,
    title: String,
    shows: Value,
}

/// One page that search finds.
#[derive(Debug, Serialize)]
struct Found {
    /// Title.
    t: String,
    /// What kind of page.
    k: String,
    /// Words by which it is found, too.
    w: String,
    /// Address below the site's root.
    a: String,
}

/// Renders the whole site: paths below its root, and bytes.
///
/// # Errors
/// When a template names something that a page does not hold, which is a bug.
pub fn render(
    workspace: &Workspace,
    reading: &Reading<'_>,
    parts: &[DocumentPart],
) -> Result<Vec<(String, Vec<u8>)>, Error> {
    let edition = &workspace.edition();
    let sheets = sheets(edition, reading, parts);
    let mut files: Vec<(String, Vec<u8>)> = assets::ASSETS
        .iter()
        .map(|asset| (format!("assets/{}", asset.hashed), asset.text.as_bytes().to_vec()))
        .collect();
    files.push(("assets/search-index.js".to_owned(), index(edition, &sheets)));
    for sheet in &sheets {
        let html = page(edition, reading, sheet)?;
        files.push((file(&sheet.path), html.into_bytes()));
    }
    files.sort();
    Ok(files)
}

/// The file of a path of the application.
fn file(path: &str) -> String {
    Links::site(Arc::default(), 0).href(path)
}

fn page(edition: &Edition, reading: &Reading<'_>, sheet: &Sheet) -> Result<String, Error> {
    let depth = file(&sheet.path).matches('/').count();
    let links = Links::site(Arc::new(edition.model().clone()), depth);
    let frame = context! {
        title => &*sheet.title,
        organization => super::organization_title(edition.model()),
        theme => "auto",
        path => &*sheet.path,
        nav => view(nav::site_groups(&sheet.path)),
        notes => view(Vec::<String>::new()),
    };
    let shared = context! {
        frame,
        base => links.base(),
        links => Value::from_object(links),
        site => true,
        now => format!("{:.0}", reading.now),
        csrf => "",
    };
    templates::render(sheet.template, context! { ..sheet.shows.clone(), ..shared })
}

fn sheets(edition: &Edition, reading: &Reading<'_>, parts: &[DocumentPart]) -> Vec<Sheet> {
    let model = edition.model();
    let facts = Facts { today: reading.today() };
    let mut sheets = vec![
        sheet("/seats", "seats.html", "Seats", seats::shows(model, &facts)),
        sheet(
            "/people",
            "people.html",
            "People",
            context! { people => view(org::views::people(model, &facts)) },
        ),
        sheet("/raci", "raci.html", "RACI", raci::shows(model)),
        sheet(
            "/decisions",
            "decisions.html",
            "Decisions",
            decisions::shows(reading, &decisions::Asked::default()),
        ),
        sheet("/rituals", "rituals.html", "Rituals", rituals::shows(reading)),
        sheet("/questions", "questions.html", "Questions", questions::shows(reading)),
        sheet("/playbook/resources", "resources.html", "Resources", kind::all_shows(edition)),
    ];
    chapters(reading, parts, edition, &mut sheets);
    for row in org::views::seats(model, &facts) {
        let path = path_of("seat", &row.name);
        sheets.push(sheet(&path, "seat.html", &row.title.clone(), context! { row => view(row) }));
    }
    for person in org::views::people(model, &facts) {
        let path = path_of("person", &person.name);
        let shows = context! { person => view(&person), today => facts.today.to_string() };
        sheets.push(sheet(&path, "person.html", &person.title, shows));
    }
    governed(reading, edition, &mut sheets);
    for info in edition.vocabulary().kinds().iter().filter(|info| !info.is_foreign()) {
        let path = format!("/playbook/{}", info.slug);
        sheets.push(sheet(&path, "kind.html", info.name, kind::one_shows(edition, info)));
    }
    for found in model.resources() {
        let path = format!("/playbook/{}/{}", found.id.slug, super::links::encoded(&found.id.name));
        let depth = file(&path).matches('/').count();
        let links = Links::site(Arc::new(model.clone()), depth);
        let shows = context! { sheet => view(resource::sheet(edition, &[], found, &links)) };
        sheets.push(sheet(&path, "resource.html", found.title(), shows));
    }
    sheets
}

fn chapters(
    reading: &Reading<'_>,
    parts: &[DocumentPart],
    edition: &Edition,
    sheets: &mut Vec<Sheet>,
) {
    let made = document::of(reading, parts);
    let model = Arc::new(edition.model().clone());
    let links = Links::site(model.clone(), 0);
    sheets.push(sheet("/", "playbook.html", &made.title, document::contents(&made, &links)));
    // The chapters lie two directories below the root.
    let links = Links::site(model, 2);
    for chapter in &made.chapters {
        if let Some((title, shows)) = document::chapter(&made, &chapter.anchor, &links) {
            sheets.push(sheet(&document::path(chapter), "chapter.html", &title, shows));
        }
    }
}

fn governed(reading: &Reading<'_>, edition: &Edition, sheets: &mut Vec<Sheet>) {
    let model = edition.model();
    let links = Links::site(Arc::new(model.clone()), 1);
    for found in model.all::<Decision>() {
        if let Some(detail) = views::decision(reading, found.name(), None) {
            let shows = decision::shows(reading, &detail, &links, false);
            let path = path_of(Decision::SLUG, found.name());
            sheets.push(sheet(&path, "decision.html", &detail.row.title, shows));
        }
    }
    for found in model.all::<Ritual>() {
        if let Some((title, shows)) = rituals::one(reading, found.name()) {
            sheets.push(sheet(&path_of(Ritual::SLUG, found.name()), "ritual.html", &title, shows));
        }
    }
    for found in model.all::<Question>() {
        if let Some((title, shows)) = questions::one(reading, found.name()) {
            sheets.push(sheet(
                &path_of(Question::SLUG, found.name()),
                "question.html",
                &title,
                shows,
            ));
        }
    }
}

fn sheet(path: &str, template: &'static str, title: &str, shows: Value) -> Sheet {
    Sheet { path: path.to_owned(), template, title: title.to_owned(), shows }
}

/// A script that hands the index over: pages opened from a disk may not fetch, but may load script.
fn index(edition: &Edition, sheets: &[Sheet]) -> Vec<u8> {
    let found: Vec<_> = sheets
        .iter()
        .map(|sheet| {
            let mut steps = sheet.path.trim_matches('/').rsplit('/');
            let name = steps.next().unwrap_or_default().to_owned();
            let kind = steps.next().unwrap_or("page").to_owned();
            let described = edition.model().find(&kind, &name);
            let about = described.and_then(|resource| resource.meta.description.clone());
            let words = format!("{name} {}", about.unwrap_or_default()).trim().to_owned();
            Found { t: sheet.title.clone(), k: kind, w: words, a: file(&sheet.path) }
        })
        .collect();
    let json = serde_json::to_string(&found).expect("BUG: the index is plain text");
    format!("window.councilIndex = {json};\n").into_bytes()
}
