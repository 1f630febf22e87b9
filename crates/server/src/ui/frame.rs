//! The frame around every page: who looks, where they are, what the page is a picture of.
//!
//! A handler takes one [`Page`], asks `org` and `governance` for a view, and gives both to a template. The
//! page holds one snapshot, one record and one moment, so that nothing on it can disagree.

use std::sync::Arc;

use axum::extract::{FromRequestParts, OptionalFromRequestParts};
use axum::http::request::Parts;
use axum::response::{Html, IntoResponse, Response};
use axum_extra::extract::CookieJar;
use governance::views::Reading;
use jiff::Timestamp;
use minijinja::Value;
use minijinja::context;
use policy::Resource;
use serde::Serialize;

use super::links::Links;
use super::notes::{self, Note};
use super::past::{self, Past};
use super::{nav, templates, theme};
use crate::auth::{Csrf, Viewer};
use crate::http::Problem;
use crate::perform::{Command, Performed};
use crate::{AppState, Lens, Snapshot};

/// What a page is made from.
#[derive(Debug)]
pub(super) struct Page {
    /// Who looks.
    pub viewer: Viewer,
    state: AppState,
    lens: Lens,
    csrf: Csrf,
    theme: &'static str,
    path: String,
    here: String,
    past: Option<Past>,
    notes: Vec<Note>,
}

/// What `base.html` shows around the page.
#[derive(Debug, Serialize)]
struct Frame<'p> {
    title: &'p str,
    organization: &'p str,
    theme: &'static str,
    path: &'p str,
    here: &'p str,
    revision: String,
    csrf: String,
    viewer: Person,
    nav: Vec<nav::Group>,
    past: Option<&'p Past>,
    notes: Vec<Note>,
}

/// The viewer as the frame shows them.
#[derive(Debug, Serialize)]
struct Person {
    title: String,
    detail: String,
}

impl FromRequestParts<AppState> for Page {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Response> {
        let theme = parts_theme(parts);
        let refuse = |problem: Problem| super::errors::page(&problem, theme);
        let viewer =
            <Viewer as OptionalFromRequestParts<AppState>>::from_request_parts(parts, state)
                .await
                .map_err(refuse)?;
        let Some(viewer) = viewer else {
            let back = parts.uri.path_and_query().map_or("/", |path| path.as_str());
            return Err(super::sign_in::ask(state, theme, back));
        };
        state.authorize(&viewer, "playbook.read", Resource::kind("page")).map_err(refuse)?;
        let csrf = Csrf::from_request_parts(parts, state).await.map_err(refuse)?;
        let jar = CookieJar::from_headers(&parts.headers);
        let here = parts.uri.path_and_query().map_or("/", |path| path.as_str()).to_owned();
        let (lens, past) = past::look(parts, state).await.map_err(refuse)?;
        Ok(Self {
            viewer,
            lens,
            past,
            csrf,
            theme: theme::of(&jar),
            path: parts.uri.path().to_owned(),
            here,
            notes: notes::take(&jar),
            state: state.clone(),
        })
    }
}

fn parts_theme(parts: &Parts) -> &'static str {
    theme::of(&CookieJar::from_headers(&parts.headers))
}

impl Page {
    /// The form token, for handlers of POST.
    pub(super) fn csrf(&self) -> &Csrf {
        &self.csrf
    }

    /// The theme, for pages without the frame.
    pub(super) fn theme(&self) -> &'static str {
        self.theme
    }

    /// The server's state, for what a page does rather than shows.
    pub(super) fn state(&self) -> &AppState {
        &self.state
    }

    /// The moment that the page shows, with all that is known of it.
    pub(super) fn lens(&self) -> &Lens {
        &self.lens
    }

    /// Whether that moment is not the present one.
    pub(super) fn shows_the_past(&self) -> bool {
        self.past.is_some()
    }

    /// The playbook.
    pub(super) fn snapshot(&self) -> &Arc<Snapshot> {
        &self.lens.snapshot
    }

    /// The moment that the page shows.
    pub(super) fn now(&self) -> Timestamp {
        self.lens.now
    }

    /// A moment as a form has it: on the organization's clock.
    pub(super) fn moment(&self, text: &str) -> Option<Timestamp> {
        let local: jiff::civil::DateTime = text.parse().ok()?;
        self.snapshot().time_zone().to_ambiguous_timestamp(local).compatible().ok()
    }

    /// What views are computed from.
    pub(super) fn reading(&self) -> Reading<'_> {
        self.lens.reading()
    }

    /// The addresses of resources.
    pub(super) fn links(&self) -> Links {
        let links = Links::app(Arc::new(self.snapshot().model().clone()));
        match &self.past {
            Some(past) => links.at(past.asked()),
            None => links,
        }
    }

    /// The token that forms of the page need; nothing while it shows the past, which nobody can change.
    fn form_token(&self) -> String {
        if self.past.is_some() { String::new() } else { self.csrf.token() }
    }

    /// Carries out what a form asks for, and goes on to a page that says what happened.
    pub(super) async fn carry_out(
        &self,
        csrf: &str,
        command: impl Into<Command>,
        to: &str,
        said: &str,
    ) -> Response {
        let done = match self.csrf.verify(csrf) {
            Ok(()) => self.state.perform(&self.viewer, command).await,
            Err(problem) => Err(problem),
        };
        let note = match done {
            Ok(performed) => match further(&performed) {
                Some(further) => Note::good(format!("{said}. {further}")),
                None => Note::good(format!("{said}.")),
            },
            Err(problem) => Note::refusal(&problem),
        };
        notes::redirect(to, &note)
    }

    /// Renders a template around a view.
    pub(super) fn show(&self, template: &str, title: &str, view: Value) -> Response {
        let had_notes = !self.notes.is_empty();
        let mut response = match self.html(template, title, view) {
            Ok(html) => Html(html).into_response(),
            Err(error) => super::errors::page(&Problem::internal(&error), self.theme),
        };
        if had_notes {
            notes::clear(response.headers_mut());
        }
        response
    }

    fn html(&self, template: &str, title: &str, view: Value) -> Result<String, minijinja::Error> {
        let model = self.snapshot().model();
        let organization = super::organization_title(model);
        let frame = Frame {
            title,
            organization: &organization,
            theme: self.theme,
            path: &self.path,
            here: &self.here,
            revision: self.snapshot().revision.short(),
            csrf: self.csrf.token(),
            viewer: self.person(),
            nav: nav::groups(&self.path, &nav::Counts::of(self)),
            past: self.past.as_ref(),
            notes: self.all_notes(),
        };
        let links = Value::from_object(self.links());
        let frame = templates::view(&frame);
        templates::render(
            template,
            context! { frame, links, now => format!("{:.0}", self.lens.now), csrf => self.form_token(), past => self.past.is_some(), ..view },
        )
    }

    fn person(&self) -> Person {
        let name = self.viewer.person.as_deref();
        let title = name.and_then(|name| self.snapshot().model().find("person", name)).map_or_else(
            || name.unwrap_or("Operator").to_owned(),
            |person| person.title().to_owned(),
        );
        let detail = match (self.viewer.seats.len(), self.viewer.operator) {
            (0, true) => "operates this server".to_owned(),
            (0, false) => "holds no seat".to_owned(),
            (1, _) => "holds 1 seat".to_owned(),
            (seats, _) => format!("holds {seats} seats"),
        };
        Person { title, detail }
    }

    /// What the last form said, and what is wrong with the playbook itself.
    fn all_notes(&self) -> Vec<Note> {
        let mut all = self.notes.clone();
        if let Some(held) = &self.snapshot().held_back {
            all.push(
                Note::bad("A newer state of the playbook has errors and is held back; you see the last good one.")
                    .hint(format!("{} findings since {}", held.diagnostics.len(), held.since.strftime("%H:%M UTC"))),
            );
        } else if self.snapshot().is_broken() {
            all.push(
                Note::bad("The playbook has errors; what could be read is shown.")
                    .hint("See Diagnostics"),
            );
        }
        if let Some(words) = self.state.remote().shown() {
            let words = words.trim_start_matches("the ");
            all.push(
                Note::bad(format!("The {words}."))
                    .hint("What is shown is the last state that was taken in"),
            );
        }
        all
    }
}

/// What followed by itself, such as an acceptance after the last vote.
fn further(performed: &Performed) -> Option<String> {
    let words: Vec<_> =
        performed.happened.iter().skip(1).map(|kind| kind.replace(['.', '-'], " ")).collect();
    (!words.is_empty()).then(|| format!("It followed: {}.", words.join(", ")))
}
