//! Files of the served directory, whole or in parts.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Redirect, Response};
use tokio::io::{AsyncReadExt as _, AsyncSeekExt as _};
use tokio_util::io::ReaderStream;

use super::range::{Part, part};
use super::refuse;
use crate::directory;
use crate::service::Service;

/// How much is read at a time: a pipe's worth, so that a hundred readers take a few megabytes.
const CHUNK: usize = 64 * 1024;

/// Sends firmware of an architecture to its first program.
pub(super) async fn first_stage(
    State(service): State<Arc<Service>>,
    Path(code): Path<u16>,
) -> Response {
    match service.settings.first_stages.get(&code) {
        Some(file) => Redirect::temporary(&format!("/files/{file}")).into_response(),
        None => refuse(
            StatusCode::NOT_FOUND,
            "there is no first program for this architecture code (DHCP option 93)",
        ),
    }
}

/// A file.
pub(super) async fn file(
    State(service): State<Arc<Service>>,
    Path(path): Path<String>,
    headers: HeaderMap,
) -> Response {
    let Ok(found) = directory::open(&service.settings.files, &path).await else {
        return refuse(StatusCode::NOT_FOUND, "there is no such file here");
    };
    match send(found, &path, &headers).await {
        Ok(response) => response,
        Err(error) => {
            tracing::warn!(%error, path, "a file could not be read");
            refuse(StatusCode::INTERNAL_SERVER_ERROR, "the file could not be read")
        }
    }
}

async fn send(
    found: directory::Found,
    path: &str,
    headers: &HeaderMap,
) -> std::io::Result<Response> {
    let directory::Found { mut file, length, mark } = found;
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    // A range of a file that has changed since is of no use: its beginning is of another one.
    let is_same = text(header::IF_RANGE).is_none_or(|seen| seen == mark);
    let asked = text(header::RANGE).filter(|_| is_same);
    let (status, first, count) = match part(asked, length) {
        Part::Whole => (StatusCode::OK, 0, length),
        Part::From(first, last) => (StatusCode::PARTIAL_CONTENT, first, last - first + 1),
        Part::Beyond => {
            let mut response =
                refuse(StatusCode::RANGE_NOT_SATISFIABLE, "the file ends before that");
            insert(&mut response, header::CONTENT_RANGE, &format!("bytes */{length}"));
            return Ok(response);
        }
    };
    if first > 0 {
        file.seek(std::io::SeekFrom::Start(first)).await?;
    }
    let stream = ReaderStream::with_capacity(file.take(count), CHUNK);
    let mut response = (status, Body::from_stream(stream)).into_response();
    insert(&mut response, header::CONTENT_TYPE, content_type(path));
    insert(&mut response, header::CONTENT_LENGTH, &count.to_string());
    insert(&mut response, header::ACCEPT_RANGES, "bytes");
    insert(&mut response, header::ETAG, &mark);
    if status == StatusCode::PARTIAL_CONTENT {
        let last = first + count - 1;
        insert(&mut response, header::CONTENT_RANGE, &format!("bytes {first}-{last}/{length}"));
    }
    Ok(response)
}

fn insert(response: &mut Response, name: header::HeaderName, value: &str) {
    // Digits and names of ours: every one is a header's value.
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().insert(name, value);
    }
}

/// The types that UEFI asks for (UEFI 2.10 §24.7.2); everything else is bytes.
fn content_type(path: &str) -> &'static str {
    match path.rsplit_once('.').map(|(_, ending)| ending) {
        Some("efi") => "application/efi",
        Some("iso") => "application/vnd.efi-iso",
        Some("img") => "application/vnd.efi-img",
        Some("ipxe" | "cfg" | "txt") => "text/plain; charset=utf-8",
        Some(_) | None => "application/octet-stream",
    }
}
