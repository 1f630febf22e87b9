//! How a write answers: what happened, and the record's new version as its tag.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::http::Json;
use crate::perform::Performed;

/// The answer to a write that was carried out.
#[derive(Debug)]
pub(crate) struct Done {
    status: StatusCode,
    performed: Performed,
    location: Option<String>,
}

impl From<Performed> for Done {
    fn from(performed: Performed) -> Self {
        Self { status: StatusCode::OK, performed, location: None }
    }
}

impl Done {
    /// The answer to a write that made something new, with its address.
    pub(crate) fn created(performed: Performed, location: String) -> Self {
        Self { status: StatusCode::CREATED, performed, location: Some(location) }
    }
}

impl IntoResponse for Done {
    fn into_response(self) -> Response {
        let tag = format!("\"{}-\"", self.performed.version);
        let mut response = (self.status, Json(self.performed)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::ETAG, HeaderValue::try_from(tag).expect("BUG: digits are a header"));
        if let Some(location) = self.location.and_then(|text| HeaderValue::try_from(text).ok()) {
            headers.insert(header::LOCATION, location);
        }
        response
    }
}
