//! The theme: as the system says, or light, or dark; kept in a cookie, so that no page flashes.

use axum::Form;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::CookieJar;
use serde::Deserialize;

const COOKIE: &str = "council-theme";
const THEMES: [&str; 3] = ["auto", "light", "dark"];

/// The theme that a request's cookie asks for.
pub(super) fn of(jar: &CookieJar) -> &'static str {
    known(jar.get(COOKIE).map_or("auto", |cookie| cookie.value()))
}

fn known(name: &str) -> &'static str {
    THEMES.into_iter().find(|theme| *theme == name).unwrap_or("auto")
}

/// The form in the rail.
#[derive(Debug, Deserialize)]
pub(super) struct Choice {
    theme: String,
    #[serde(default)]
    back: String,
}

/// Keeps the choice for a year and goes back.
pub(super) async fn choose(Form(choice): Form<Choice>) -> Response {
    let mut response = Redirect::to(super::own_path(&choice.back)).into_response();
    let theme = known(&choice.theme);
    let value = format!("{COOKIE}={theme}; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax");
    if let Ok(value) = HeaderValue::from_str(&value) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
    response
}
