//! Notes: what the last form did, said once on the page that follows it.
//!
//! A form answers with a redirect, so that reloading never repeats it; the note travels in a cookie that the
//! next page takes away. Its text is shown as text, whoever planted it.

use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::extract::CookieJar;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};

use crate::http::Problem;

const COOKIE: &str = "council-note";

/// The longest text that a note keeps; a cookie may have 4,096 bytes altogether.
const LONGEST: usize = 1_200;

/// One line above a page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Note {
    tone: String,
    text: String,
    hint: Option<String>,
}

impl Note {
    fn new(tone: &str, text: impl Into<String>) -> Self {
        Self { tone: tone.to_owned(), text: cut(text.into()), hint: None }
    }

    /// Something worked.
    pub(super) fn good(text: impl Into<String>) -> Self {
        Self::new("good", text)
    }

    /// Something did not.
    pub(super) fn bad(text: impl Into<String>) -> Self {
        Self::new("bad", text)
    }

    /// What to do now.
    #[must_use]
    pub(super) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(cut(hint.into()));
        self
    }

    /// A refusal in words for the person who sent the form.
    pub(super) fn refusal(problem: &Problem) -> Self {
        let mut text = format!("{}. {}", problem.title(), problem.detail());
        for reason in
            problem.reason_list().iter().filter(|reason| !problem.detail().contains(*reason))
        {
            text.push(' ');
            text.push_str(reason);
        }
        let note = Self::bad(text);
        match problem.condition().map(|condition| format!("It would pass if {condition}")) {
            Some(condition) => note.hint(condition),
            None => problem.hint_text().map_or(note.clone(), |hint| note.hint(hint)),
        }
    }
}

fn cut(text: String) -> String {
    if text.len() <= LONGEST {
        text
    } else {
        text.chars().take(LONGEST / 4).chain(['…']).collect()
    }
}

/// Goes on to a page and says something there.
pub(super) fn redirect(to: &str, note: &Note) -> Response {
    let mut response = Redirect::to(to).into_response();
    let json = serde_json::to_vec(note).expect("BUG: a note is plain text");
    let value = format!(
        "{COOKIE}={}; Path=/; Max-Age=60; HttpOnly; SameSite=Lax",
        URL_SAFE_NO_PAD.encode(json)
    );
    if let Ok(value) = HeaderValue::from_str(&value) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
    response
}

/// Reads the note that a request brings along.
pub(super) fn take(jar: &CookieJar) -> Vec<Note> {
    jar.get(COOKIE)
        .and_then(|cookie| URL_SAFE_NO_PAD.decode(cookie.value()).ok())
        .and_then(|json| serde_json::from_slice(&json).ok())
        .into_iter()
        .collect()
}

/// Takes the note away, now that it was shown.
pub(super) fn clear(headers: &mut HeaderMap) {
    headers.append(
        header::SET_COOKIE,
        HeaderValue::from_static("council-note=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax"),
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_travels_to_the_next_page() {
        let note = Note::good("Voted for “Größe”").hint("Next: nothing");
        let response = redirect("/decisions", &note);
        let cookie = response.headers()[header::SET_COOKIE].to_str().expect("visible ASCII");
        let mut request = HeaderMap::new();
        let pair = cookie.split(';').next().expect("a pair");
        request.insert(header::COOKIE, HeaderValue::from_str(pair).expect("visible ASCII"));
        assert_eq!(take(&CookieJar::from_headers(&request)), [note]);
    }

    #[test]
    fn a_cookie_that_is_not_ours_is_no_note() {
        let mut request = HeaderMap::new();
        request.insert(header::COOKIE, HeaderValue::from_static("council-note=bm90IGpzb24"));
        assert_eq!(take(&CookieJar::from_headers(&request)), []);
    }

    #[test]
    fn a_long_text_is_cut_so_that_the_cookie_is_kept() {
        let note = Note::bad("ä".repeat(5_000)).hint("ö".repeat(5_000));
        let response = redirect("/", &note);
        assert!(response.headers()[header::SET_COOKIE].len() < 4_096);
    }
}
