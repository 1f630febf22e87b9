//! Pages: the council in a browser.
//!
//! One file a page. A handler takes a [`frame::Page`], asks `org` and `governance` for a view, and shows it
//! through a template; forms post, are carried out by the same functions as the API's writes, and redirect
//! to a page that says what happened ([`notes`]).
//!
//! Invariants: every page reads and every form works without JavaScript; a page stays under 60 KB; nothing
//! is loaded from another origin; nothing inline needs an exception from the content policy.
//!
//! Absent on purpose: rules, queries and numbers of our own. What a page says, the API says too.

mod account;
mod acknowledge;
mod actions;
mod alerts;
mod assets;
mod calendars;
mod change;
mod changes;
mod chart;
#[cfg(test)]
mod contrast;
mod decision;
mod decisions;
mod diagnostics;
mod document;
mod drift;
mod errors;
mod evidence;
mod feedback;
mod filters;
mod fleet;
mod frame;
mod freezes;
mod icons;
mod incident;
mod incidents;
mod inventory;
mod kind;
mod ledger;
mod links;
mod markdown;
mod meeting;
mod nav;
mod notes;
mod objectives;
mod on_call;
mod palette;
mod past;
mod people;
mod postmortem;
mod provider;
mod questions;
mod raci;
mod resource;
mod rituals;
mod round_table;
mod runbooks;
mod seats;
mod sign_in;
mod silences;
pub mod site;
mod status;
mod templates;
mod theme;
mod today;
mod trends;
mod who;

use axum::Router;
use axum::middleware::from_fn;
use axum::routing::{get, post};
use playbook::Model;

use crate::AppState;

pub(crate) use document::Written;
pub(crate) use errors::for_browsers;
pub(crate) use nav::Counted;
pub use status::files as status_files;

/// The routes of all pages.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/", get(today::show))
        .route("/seats", get(seats::list))
        .route("/seats/{name}", get(seats::show))
        .route("/people", get(people::list))
        .route("/people/{name}", get(people::show))
        .route("/raci", get(raci::show))
        .merge(decision_routes())
        .merge(ritual_routes())
        .merge(change_routes())
        .merge(alert_routes())
        .merge(fleet_routes())
        .merge(incident_routes())
        .merge(on_call_routes())
        .merge(runbook_routes())
        .route("/questions", get(questions::list))
        .route("/questions/raise", get(questions::ask).post(questions::raise))
        .route("/questions/{name}", get(questions::show))
        .route("/questions/{name}/reopen", post(questions::reopen))
        .route("/questions/{name}/answer", post(questions::answer))
        .route("/feedback", get(feedback::list).post(feedback::give))
        .route("/feedback/{id}/answer", post(feedback::answer))
        .route("/feedback/{id}/close", post(feedback::close))
        .route("/calendars", get(calendars::list))
        .route("/account", get(account::show))
        .route("/account/tokens", post(account::create))
        .route("/account/tokens/{id}/revoke", post(account::revoke))
        .route("/account/devices/{id}/remove", post(account::remove_device))
        .route("/account/devices/{id}/trial", post(account::try_device))
        .route("/account/sessions/end", post(account::end_all))
        .route("/account/sessions/{id}/end", post(account::end))
        .route("/who", get(who::ask))
        .route("/who/leave", get(who::leave))
        .route("/ledger", get(ledger::list))
        .route("/ledger/verify", get(ledger::verify))
        .route("/ledger/{seq}", get(ledger::show))
        .route("/diagnostics", get(diagnostics::list))
        .route("/rules/{code}", get(diagnostics::rule))
        .route("/palette.json", get(palette::list))
        .route("/playbook", get(document::open))
        .route("/playbook/document", get(document::whole))
        .route("/playbook/chapter/{name}", get(document::show))
        .route("/playbook/resources", get(kind::all))
        .route("/playbook/{kind}", get(kind::show))
        .route("/playbook/{kind}/{name}", get(resource::show))
        .route("/sign-in", get(sign_in::how))
        .route("/sign-in/by/{provider}", get(provider::go))
        .route("/sign-in/back/{provider}", get(provider::back))
        .route("/sign-in/{link}", get(sign_in::look).post(sign_in::take))
        .route("/status", get(status::show))
        .route("/sign-out", post(sign_in::out))
        .route(
            "/acknowledge/{id}/{person}/{signature}",
            get(acknowledge::look).post(acknowledge::take),
        )
        .route("/theme", post(theme::choose))
        .route("/assets/{name}", get(assets::serve))
        .route("/favicon.ico", get(assets::icon))
        .route("/service-worker.js", get(assets::service_worker))
        .route("/council.webmanifest", get(assets::manifest))
        .layer(from_fn(for_browsers))
}

fn decision_routes() -> Router<AppState> {
    Router::new()
        .route("/decisions", get(decisions::list))
        .route("/decisions/how", get(decisions::how))
        .route("/decisions/{name}", get(decision::show))
        .route("/decisions/{name}/propose", post(decision::propose))
        .route("/decisions/{name}/vote", post(decision::vote))
        .route("/decisions/{name}/advise", post(decision::advise))
        .route("/decisions/{name}/answer", post(decision::answer))
        .route("/decisions/{name}/close", post(decision::close))
}

fn change_routes() -> Router<AppState> {
    Router::new()
        .route("/changes", get(changes::board).post(changes::begin))
        .route("/changes/new", get(changes::new))
        .route("/changes/{id}", get(change::show))
        .route("/changes/{id}/{deed}", post(change::act))
        .route("/freezes", get(freezes::list).post(freezes::declare))
        .route("/freezes/{name}/lift", post(freezes::lift))
        .route("/drift", get(drift::show))
        .route("/inventory", get(inventory::list))
        .route("/inventory/{host}", get(inventory::show))
}

fn alert_routes() -> Router<AppState> {
    Router::new()
        .route("/alerts", get(alerts::list))
        .route("/alerts/history/{name}", get(alerts::history))
        .route("/alerts/{group}/{deed}", post(alerts::act))
        .route("/silences", get(silences::list).post(silences::create))
        .route("/silences/{id}/expire", post(silences::expire))
}

fn fleet_routes() -> Router<AppState> {
    Router::new()
        .route("/fleet", get(fleet::overview))
        .route("/fleet/sites/{site}", get(fleet::site))
        .route("/fleet/racks/{site}/{label}", get(fleet::rack))
        .route("/fleet/hardening", get(fleet::hardening))
        .route("/fleet/machines/{name}", get(fleet::machine))
}

fn incident_routes() -> Router<AppState> {
    Router::new()
        .route("/trends", get(trends::show))
        .route("/objectives", get(objectives::list))
        .route("/objectives/{id}", get(objectives::show).post(objectives::amend))
        .route("/incidents", get(incidents::list).post(incidents::declare))
        .route("/incidents/declare", get(incidents::new))
        .route("/incidents/{id}", get(incident::show))
        .route("/incidents/{id}/notice/{duty}", get(incident::notice))
        .route("/incidents/{id}/evidence", get(evidence::ask).post(evidence::keep))
        .route("/traces/{id}", get(evidence::trace))
        .route("/incidents/{id}/postmortem", get(postmortem::show))
        .route("/incidents/{id}/postmortem/{deed}", post(postmortem::act))
        .route("/incidents/{id}/{deed}", post(incident::act))
}

fn on_call_routes() -> Router<AppState> {
    Router::new()
        .route("/on-call", get(on_call::show))
        .route("/on-call/notes/{schedule}", get(on_call::note))
        .route("/on-call/pages/{id}/acknowledge", post(on_call::acknowledge))
        .route("/on-call/swaps", post(on_call::request))
        .route("/on-call/swaps/{id}/{answer}", post(on_call::answer))
}

fn runbook_routes() -> Router<AppState> {
    Router::new()
        .route("/runbooks", get(runbooks::list))
        .route("/runbooks/{name}", get(runbooks::show))
        .route("/runbooks/{name}/{run}", get(runbooks::run).post(runbooks::act))
}

fn ritual_routes() -> Router<AppState> {
    Router::new()
        .route("/rituals", get(rituals::list))
        .route("/rituals/{name}", get(rituals::show))
        .route("/rituals/{name}/on", get(rituals::on))
        .route("/rituals/{name}/{date}", get(meeting::show))
        .route("/rituals/{name}/{date}/agenda.md", get(meeting::as_markdown))
        .route("/rituals/{name}/{date}/state", post(meeting::turn))
        .route("/rituals/{name}/{date}/attend", post(meeting::attend))
        .route("/rituals/{name}/{date}/minute", post(meeting::minute))
        .route("/rituals/{name}/{date}/action", post(meeting::action))
        .route("/actions", get(actions::list))
        .route("/actions/{id}", get(actions::show))
        .route("/actions/{id}/done", post(actions::done))
        .route("/actions/{id}/drop", post(actions::give_up))
        .route("/actions/{id}/move", post(actions::postpone))
}

/// The organization's name, for titles.
fn organization_title(model: &Model) -> String {
    model
        .of_slug("organization")
        .next()
        .map_or_else(|| "council".to_owned(), |found| found.title().to_owned())
}

/// A path of this server to go back to; anything else becomes the first page.
fn own_path(path: &str) -> &str {
    let own =
        path.starts_with('/') && !path.starts_with("//") && !path.contains(['\\', '\r', '\n']);
    if own { path } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn going_back_never_leaves_the_server() {
        assert_eq!(own_path("/seats?x=1"), "/seats?x=1");
        for foreign in
            ["//evil.example", "https://evil.example", "/\\evil.example", "", "/a\r\nb: c"]
        {
            assert_eq!(own_path(foreign), "/");
        }
    }
}
