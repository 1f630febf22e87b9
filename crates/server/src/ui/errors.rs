//! Error pages: what happened, why, and what now, for people.
//!
//! Handlers answer with the same [`Problem`] as the API does. For a browser the layer here turns it into a
//! page; programs keep their JSON.

use axum::extract::Request;
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Response};
use axum_extra::extract::CookieJar;
use minijinja::context;

use super::{templates, theme};
use crate::http::Problem;

/// Renders a problem as a page.
pub(super) fn page(problem: &Problem, theme: &str) -> Response {
    let frame = context! { title => problem.title(), theme };
    let shows = context! { frame, problem => templates::view(problem), ways => templates::view(ways(problem)) };
    let status = problem.status();
    match templates::render("error.html", shows) {
        Ok(html) => (status, Html(html)).into_response(),
        Err(error) => {
            tracing::error!(%error, "the error page itself failed");
            (status, problem.detail().to_owned()).into_response()
        }
    }
}

/// The page for something that is not there, for somebody who is signed in.
pub(super) fn missing(page: &super::frame::Page, detail: &str) -> Response {
    let problem =
        Problem::not_found(detail).hint("It may have been renamed or retired; search for it");
    self::page(&problem, page.theme())
}

/// Where to go from here.
fn ways(problem: &Problem) -> Vec<(&'static str, &'static str)> {
    match problem.status() {
        StatusCode::UNAUTHORIZED => vec![("/sign-in", "Sign in")],
        StatusCode::FORBIDDEN if problem.code() == "sign-in-too-old" => {
            vec![("/sign-in?again=true", "Sign in again"), ("/", "Today")]
        }
        StatusCode::FORBIDDEN => vec![("/", "Today"), ("/account", "What you may do")],
        StatusCode::NOT_FOUND => {
            vec![("/", "Today"), ("/who", "Search"), ("/playbook", "Playbook")]
        }
        _ => vec![("/", "Today")],
    }
}

/// Turns problems into pages for browsers.
pub(crate) async fn for_browsers(request: Request, next: Next) -> Response {
    let wants_page = wants_html(request.headers()) && !request.uri().path().starts_with("/api/");
    let theme = theme::of(&CookieJar::from_headers(request.headers()));
    let response = next.run(request).await;
    match response.extensions().get::<Problem>() {
        Some(problem) if wants_page => {
            let mut page = page(problem, theme);
            if let Some(allow) = response.headers().get(header::ALLOW) {
                page.headers_mut().insert(header::ALLOW, allow.clone());
            }
            page
        }
        Some(_) | None => response,
    }
}

fn wants_html(headers: &HeaderMap) -> bool {
    headers
        .get(header::ACCEPT)
        .and_then(|accept| accept.to_str().ok())
        .is_some_and(|accept| accept.contains("text/html"))
}
