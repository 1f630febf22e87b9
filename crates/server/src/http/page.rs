//! Lists in pages: a cursor names the last item that was given, so that items which are added meanwhile
//! neither shift nor repeat anything.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use utoipa::IntoParams;

use super::{Json, Problem, Query};
use crate::limits::{DEFAULT_PAGE, MAX_PAGE};

/// What a client says about pages.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct PageParameters {
    /// Most items to return, from 1 to 500; 50 when left out.
    limit: Option<usize>,
    /// Where to go on: the `next` of the page before, unchanged.
    cursor: Option<String>,
}

/// What page is asked for.
#[derive(Debug)]
pub(crate) struct Paging {
    limit: usize,
    after: Option<String>,
    path: String,
    others: Vec<(String, String)>,
}

/// One page of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "PageOf{T}")]
pub struct Page<T> {
    /// The items.
    pub items: Vec<T>,
    /// The cursor of the next page; absent on the last one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
    #[serde(skip)]
    #[schemars(skip)]
    link: Option<String>,
}

impl<S: Send + Sync> FromRequestParts<S> for Paging {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let Query(wanted) = Query::<PageParameters>::from_request_parts(parts, state).await?;
        let limit = wanted.limit.unwrap_or(DEFAULT_PAGE);
        if !(1..=MAX_PAGE).contains(&limit) {
            return Err(Problem::bad_request(
                "bad-limit",
                format!("`limit` is {limit}; it goes from 1 to {MAX_PAGE}."),
            ));
        }
        let Query(others) =
            Query::<Vec<(String, String)>>::from_request_parts(parts, state).await?;
        let others = others.into_iter().filter(|(name, _)| name != "cursor").collect();
        let after = wanted.cursor.as_deref().map(open).transpose()?;
        Ok(Self { limit, after, path: parts.uri.path().to_owned(), others })
    }
}

impl Paging {
    /// The key of the last item that the client has.
    pub(crate) fn after(&self) -> Option<&str> {
        self.after.as_deref()
    }

    /// How many items to return.
    pub(crate) fn limit(&self) -> usize {
        self.limit
    }

    /// Cuts a page out of items that are sorted by their key.
    pub(crate) fn cut<I, T>(
        &self,
        items: impl IntoIterator<Item = I>,
        key: impl Fn(&I) -> String,
        show: impl Fn(I) -> T,
    ) -> Page<T> {
        let mut rest = items
            .into_iter()
            .skip_while(|item| self.after.as_ref().is_some_and(|after| key(item) <= *after));
        let mut last = None;
        let mut page = Vec::new();
        for item in rest.by_ref().take(self.limit) {
            last = Some(key(&item));
            page.push(show(item));
        }
        let more = rest.next().is_some();
        self.page(page, last.filter(|_| more))
    }

    /// Makes a page of items that were cut already; `last` is the key to go on from, if there is more.
    pub(crate) fn page<T>(&self, items: Vec<T>, last: Option<String>) -> Page<T> {
        let next = last.map(|key| URL_SAFE_NO_PAD.encode(format!("1:{key}")));
        let link = next.as_ref().map(|cursor| self.link(cursor));
        Page { items, next, link }
    }

    fn link(&self, cursor: &str) -> String {
        let others = self.others.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        let query = encode(others.chain([("cursor", cursor)]));
        format!("<{}?{query}>; rel=\"next\"", self.path)
    }
}

/// Writes a query string; what is not plain is percent-encoded.
pub(crate) fn encode<'p>(pairs: impl Iterator<Item = (&'p str, &'p str)>) -> String {
    let escape = |text: &str| {
        text.bytes().fold(String::new(), |mut escaped, byte| {
            if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
                escaped.push(char::from(byte));
            } else {
                escaped.push('%');
                escaped.push_str(&crate::auth::secret::hex(&[byte]).to_uppercase());
            }
            escaped
        })
    };
    let pairs: Vec<String> =
        pairs.map(|(name, value)| format!("{}={}", escape(name), escape(value))).collect();
    pairs.join("&")
}

fn open(cursor: &str) -> Result<String, Problem> {
    let bytes = URL_SAFE_NO_PAD.decode(cursor).ok();
    let text = bytes.and_then(|bytes| String::from_utf8(bytes).ok());
    text.as_deref().and_then(|text| text.strip_prefix("1:")).map(str::to_owned).ok_or_else(|| {
        Problem::bad_request("bad-cursor", "`cursor` is not one that a page gave.")
            .hint("Send the `next` of the page before unchanged, or leave it out to begin anew")
    })
}

impl<T: Serialize> IntoResponse for Page<T> {
    fn into_response(self) -> Response {
        let link = self.link.as_deref().and_then(|link| HeaderValue::from_str(link).ok());
        let mut response = Json(self).into_response();
        if let Some(link) = link {
            response.headers_mut().insert(header::LINK, link);
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paging(limit: usize, after: Option<&str>) -> Paging {
        let others = vec![("kind".to_owned(), "a b".to_owned())];
        Paging { limit, after: after.map(str::to_owned), path: "/things".to_owned(), others }
    }

    #[test]
    fn pages_follow_each_other_without_gap_or_repetition() {
        let items = ["a", "b", "c", "d", "e"];
        let mut seen = Vec::new();
        let mut cursor: Option<String> = None;
        loop {
            let after = cursor.as_deref().map(|cursor| open(cursor).expect("our own cursor"));
            let page =
                paging(2, after.as_deref()).cut(items, |item| (*item).to_owned(), |item| item);
            seen.extend(page.items);
            match page.next {
                Some(next) => cursor = Some(next),
                None => break,
            }
        }
        assert_eq!(seen, items);
    }

    #[test]
    fn the_link_repeats_the_filters() {
        let page = paging(1, None).cut(["a", "b"], |item| (*item).to_owned(), |item| item);
        assert_eq!(page.link.as_deref(), Some("</things?kind=a%20b&cursor=MTph>; rel=\"next\""));
    }

    #[test]
    fn a_made_up_cursor_is_refused() {
        assert_eq!(open("nonsense").expect_err("a refusal").code(), "bad-cursor");
    }
}
