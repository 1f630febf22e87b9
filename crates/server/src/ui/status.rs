//! The status page: what customers see, without signing in. It shares the style sheet with the other pages, and nothing else.

use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::{Html, IntoResponse as _, Response};
use axum_extra::extract::CookieJar;
use minijinja::{Error, Value, context};
use reliability::views::Status;

use super::links::Links;
use super::templates::view;
use super::{assets, errors, templates, theme};
use crate::http::Problem;
use crate::{AppState, api, status};

/// `GET /status`
pub(super) async fn show(State(state): State<AppState>, headers: HeaderMap) -> Response {
    let theme = theme::of(&CookieJar::from_headers(&headers));
    let Some(status) = status::of(&state.lens()) else {
        return errors::page(&api::status::none(), theme);
    };
    match templates::render("status.html", context! { status => view(&status) }) {
        // In a bad hour many people look: a minute of somebody's cache is a minute of peace.
        Ok(html) => ([(header::CACHE_CONTROL, "public, max-age=30")], Html(html)).into_response(),
        Err(error) => errors::page(&Problem::internal(&error), theme),
    }
}

/// The same page as files, for a place that stands when council does not: paths and bytes.
///
/// # Errors
/// When the template names something that a page does not hold, which is a bug.
pub fn files(status: &Status) -> Result<Vec<(String, Vec<u8>)>, Error> {
    let here = context! { status => view(status), links => Value::from_object(Links::site(Arc::default(), 0)) };
    let page = templates::render("status.html", here)?;
    let used = ["council.css", "icon.svg"].into_iter().filter_map(assets::find);
    let assets =
        used.map(|asset| (format!("assets/{}", asset.hashed), asset.text.as_bytes().to_vec()));
    let json = serde_json::to_vec_pretty(status)
        .map_err(|error| Error::new(minijinja::ErrorKind::BadSerialization, error.to_string()))?;
    let pages = [("index.html", page.into_bytes()), ("status.json", json)];
    Ok(pages.into_iter().map(|(path, bytes)| (path.to_owned(), bytes)).chain(assets).collect())
}
