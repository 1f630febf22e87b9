//! The HTTP API, `/api/v1`: one file a noun, each route described where it is written.
//!
//! A handler reads its input, asks policy, asks `org` or `governance` for the view, and answers with it.
//! What a view looks like is said by its own type; the description collects those schemas ([`openapi`]).
//!
//! Absent on purpose: anything that only the API knows. Pages and command line show the same views.

#![expect(
    unused_qualifications,
    reason = "the macro that describes operations writes whole paths under the spans of ours"
)]

mod actions;
mod alertmanager;
pub(crate) mod alerts;
mod as_of;
mod attestations;
pub(crate) mod calendars;
mod can;
pub(crate) mod changes;
mod decisions;
mod declared;
pub(crate) mod devices;
mod diagnostics;
mod document;
mod done;
mod erasures;
mod events;
pub(crate) mod excerpts;
mod feedback;
mod fleet;
mod freezes;
mod hardening;
pub(crate) mod incidents;
pub(crate) mod inventory;
mod job_tokens;
mod ledger;
mod links;
mod objectives;
pub(crate) mod on_call;
mod openapi;
mod organization;
mod overview;
mod people;
pub(crate) mod plans;
mod postmortems;
mod probes;
mod problems;
mod pushed;
mod questions;
mod resources;
mod rituals;
mod runbooks;
mod schemas;
mod seats;
pub(crate) mod sessions;
pub(crate) mod silences;
pub(crate) mod status;
pub(crate) mod tokens;
mod trends;
mod webhooks;
mod whatif;
mod who;
mod workers;

use axum::Router;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::get;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::AppState;
use crate::http::{etag, idempotency};

pub(crate) use self::ledger::moment;
pub use openapi::document;

/// All operations; one registration makes route and description, so that they cannot differ.
fn operations() -> OpenApiRouter<AppState> {
    OpenApiRouter::with_openapi(openapi::head())
        .merge(playbook_operations())
        .merge(decision_operations())
        .merge(procedure_operations())
        .merge(change_operations())
        .merge(alerts::operations())
        .merge(silences::operations())
        .merge(fleet::operations())
        .merge(hardening::operations())
        .merge(incidents::operations())
        .merge(objectives::operations())
        .merge(probes::operations())
        .merge(postmortems::operations())
        .merge(on_call::operations())
        .merge(status::operations())
        .merge(trends::operations())
        .merge(excerpts::operations())
        .merge(runbooks::operations())
        .merge(ledger_operations())
        .merge(account_operations())
}

fn playbook_operations() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(organization::show))
        .routes(routes!(seats::list))
        .routes(routes!(seats::show))
        .routes(routes!(people::list))
        .routes(routes!(people::show))
        .merge(declared::operations())
        .routes(routes!(resources::list))
        .routes(routes!(resources::show))
        .routes(routes!(diagnostics::list))
        .routes(routes!(who::ask))
        .routes(routes!(can::ask))
        .routes(routes!(whatif::leave))
        .routes(routes!(document::show))
}

fn decision_operations() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(overview::today))
        .routes(routes!(overview::raci))
        .routes(routes!(overview::gaps))
        .routes(routes!(decisions::list))
        .routes(routes!(decisions::active))
        .routes(routes!(decisions::show))
        .routes(routes!(decisions::propose))
        .routes(routes!(decisions::vote))
        .routes(routes!(decisions::advise))
        .routes(routes!(decisions::answer))
        .routes(routes!(decisions::withdraw))
        .routes(routes!(decisions::reject))
        .routes(routes!(decisions::expire))
}

fn procedure_operations() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(rituals::list))
        .routes(routes!(rituals::agenda))
        .routes(routes!(rituals::open))
        .routes(routes!(rituals::attend))
        .routes(routes!(rituals::minute))
        .routes(routes!(rituals::close))
        .routes(routes!(actions::list, actions::open))
        .routes(routes!(actions::show))
        .routes(routes!(actions::complete))
        .routes(routes!(actions::give_up))
        .routes(routes!(actions::postpone))
        .routes(routes!(questions::list, questions::raise))
        .routes(routes!(questions::show))
        .routes(routes!(questions::answer))
        .routes(routes!(questions::reopen))
        .routes(routes!(feedback::list, feedback::give))
        .routes(routes!(feedback::show))
        .routes(routes!(feedback::answer))
        .routes(routes!(feedback::close))
}

fn change_operations() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(changes::list, changes::create))
        .routes(routes!(changes::board))
        .routes(routes!(changes::show))
        .routes(routes!(changes::describe))
        .routes(routes!(changes::plan))
        .routes(routes!(changes::submit))
        .routes(routes!(changes::approve))
        .routes(routes!(changes::withdraw))
        .routes(routes!(changes::apply))
        .routes(routes!(changes::break_glass))
        .routes(routes!(changes::review))
        .routes(routes!(changes::roll_back))
        .routes(routes!(changes::abandon))
        .routes(routes!(attestations::attest))
        .routes(routes!(plans::create))
        .routes(routes!(plans::show))
        .routes(routes!(plans::steps))
        .routes(routes!(plans::drift))
        .routes(routes!(freezes::list, freezes::declare))
        .routes(routes!(freezes::lift))
        .routes(routes!(freezes::postpone))
        .routes(routes!(inventory::list))
        .routes(routes!(inventory::show))
}

fn ledger_operations() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(ledger::head))
        .routes(routes!(ledger::entries))
        .routes(routes!(ledger::entry))
        .routes(routes!(ledger::verify))
        .routes(routes!(ledger::checkpoints, ledger::sign))
        .routes(routes!(erasures::create))
        .routes(routes!(events::stream))
}

fn account_operations() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(sessions::list, sessions::begin, sessions::end_all))
        .routes(routes!(sessions::me))
        .routes(routes!(sessions::end))
        .routes(routes!(tokens::list, tokens::create))
        .routes(routes!(tokens::revoke))
        .routes(routes!(job_tokens::exchange))
        .routes(routes!(devices::list, devices::add))
        .routes(routes!(devices::key))
        .routes(routes!(devices::remove))
        .routes(routes!(devices::trial))
        .routes(routes!(links::create))
        .routes(routes!(calendars::links))
        .routes(routes!(calendars::show))
        .routes(routes!(workers::list))
        .routes(routes!(workers::nudge))
        .routes(routes!(webhooks::receive))
        .routes(routes!(problems::list))
        .routes(routes!(problems::show))
}

/// The routes of the API.
pub fn routes(state: &AppState) -> Router<AppState> {
    let (routes, _) = operations().split_for_parts();
    routes
        .route("/api/v1/openapi.json", get(openapi::show))
        .merge(alertmanager::routes())
        .merge(pushed::routes())
        .layer(from_fn_with_state(state.clone(), idempotency::remember))
        .layer(from_fn(etag::tag))
}
