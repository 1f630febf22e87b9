//! Calendars: the signed addresses of one's own feeds.

use axum::response::Response;
use minijinja::context;
use serde::Serialize;

use super::errors;
use super::frame::Page;
use super::templates::view;
use crate::api::calendars::{self, CalendarLink};

/// Feeds that belong together.
#[derive(Debug, Serialize)]
struct Group {
    title: &'static str,
    links: Vec<Link>,
}

/// One feed.
#[derive(Debug, Serialize)]
struct Link {
    subject: String,
    title: String,
    anchor: String,
    url: String,
    webcal: String,
}

/// `GET /calendars`
pub(super) async fn list(page: Page) -> Response {
    let owner = policy::Resource::kind("calendar").of_people(page.viewer.person.as_deref());
    let found = page
        .state()
        .authorize(&page.viewer, "calendar.link", owner)
        .and_then(|()| calendars::own(page.state(), &page.viewer));
    match found {
        Ok(links) => {
            let groups = groups(&page, links);
            page.show("calendars.html", "Calendars", context! { groups => view(groups) })
        }
        Err(problem) => errors::page(&problem, page.theme()),
    }
}

fn groups(page: &Page, links: Vec<CalendarLink>) -> Vec<Group> {
    let names = page.links();
    let (mut mine, mut schedules, mut rituals) = (Vec::new(), Vec::new(), Vec::new());
    for link in links {
        let shifts = link.subject.strip_prefix("shifts/").map(|name| format!("person/{name}"));
        let title = match (link.subject.as_str(), &shifts) {
            ("council/all", _) => "Everything".to_owned(),
            (_, Some(_)) => "Your shifts on call".to_owned(),
            (subject, None) => names.title(subject).to_owned(),
        };
        let webcal = link.url.split_once("://").map_or("", |(_, rest)| rest);
        let row = Link {
            title,
            anchor: link.subject.replace('/', "-"),
            webcal: format!("webcal://{webcal}.ics"),
            url: format!("{}.ics", link.url),
            subject: shifts.unwrap_or(link.subject),
        };
        match row.subject.split_once('/') {
            Some(("ritual", _)) => rituals.push(row),
            Some(("schedule", _)) => schedules.push(row),
            Some(_) | None => mine.push(row),
        }
    }
    let all = [("For you", mine), ("One schedule each", schedules), ("One ritual each", rituals)];
    all.into_iter()
        .filter(|(_, links)| !links.is_empty())
        .map(|(title, links)| Group { title, links })
        .collect()
}
