//! Acknowledging by the link of a message. Opening it shows a page; only its button acknowledges, because mail scanners
//! and chat previews open links too.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use axum_extra::extract::CookieJar;
use minijinja::context;
use serde_json::json;

use super::{errors, templates, theme};
use crate::AppState;
use crate::http::Problem;
use crate::notify::Signed;

/// `GET /acknowledge/<id>/<person>/<signature>`: what it is. Nothing happens yet.
pub(super) async fn look(
    State(state): State<AppState>,
    Path(signed): Path<Signed>,
    headers: HeaderMap,
) -> Response {
    let theme = theme::of(&CookieJar::from_headers(&headers));
    match view(&state, &signed, theme) {
        Ok(response) => response,
        Err(problem) => errors::page(&problem, theme),
    }
}

fn view(state: &AppState, signed: &Signed, theme: &str) -> Result<Response, Problem> {
    signed.verify(state)?;
    let lens = state.lens();
    let stream = format!("notification/{}", signed.id);
    let all = &lens.record.state.reliability.notifications;
    let found = all
        .get(&signed.id)
        .ok_or_else(|| Problem::not_found("This page is not there any more."))?;
    let model = lens.snapshot.model();
    let title = |name: &str| {
        model.find("person", name).map_or_else(|| name.to_owned(), |found| found.title().to_owned())
    };
    let shows = context! {
        frame => context! { title => "Acknowledge", theme },
        path => signed.path(),
        person => title(&signed.person),
        subject => lens.reading().texts.read(&stream, &found.subject),
        text => lens.reading().texts.read(&stream, &found.text),
        link => found.link.clone(),
        by => found.acknowledged_by.as_deref().map(title),
    };
    let html =
        templates::render("acknowledge.html", shows).map_err(|error| Problem::internal(&error))?;
    Ok((StatusCode::OK, Html(html)).into_response())
}

/// `POST /acknowledge/<id>/<person>/<signature>`: acknowledges. The button of a chat sends JSON, and is answered in its words.
pub(super) async fn take(
    State(state): State<AppState>,
    Path(signed): Path<Signed>,
    headers: HeaderMap,
) -> Response {
    let sent = headers.get(header::CONTENT_TYPE).and_then(|sent| sent.to_str().ok());
    if sent.is_some_and(|sent| sent.starts_with("application/json")) {
        return button(&state, &signed).await;
    }
    match signed.acknowledge(&state).await {
        Ok(_) => Redirect::to(&signed.path()).into_response(),
        // Somebody was faster, which the page says.
        Err(problem) if problem.code() == "acknowledged" => {
            Redirect::to(&signed.path()).into_response()
        }
        Err(problem) => errors::page(&problem, theme::of(&CookieJar::from_headers(&headers))),
    }
}

/// What a button of Mattermost shows to whoever pressed it (its reference, "Interactive messages").
async fn button(state: &AppState, signed: &Signed) -> Response {
    let said = match signed.acknowledge(state).await {
        Ok(_) => format!("`{}` has seen it and acts.", signed.person),
        Err(problem) if problem.code() == "acknowledged" => problem.detail().to_owned(),
        Err(problem) => {
            let said = format!("It was not acknowledged: {}", problem.detail());
            return (problem.status(), Json(json!({"error": {"message": said}}))).into_response();
        }
    };
    Json(json!({"ephemeral_text": said})).into_response()
}
