//! One request and its answer over one connection, judged as it arrives.

use std::error::Error;
use std::io;
use std::pin::pin;
use std::task::Poll;

use bytes::{Buf as _, Bytes};
use futures_util::FutureExt as _;
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper::client::conn::http1;
use hyper::header::LOCATION;
use hyper::{Response, StatusCode};
use hyper_util::rt::TokioIo;
use memchr::memmem;

use super::order::{Order, name, statuses};
use crate::failure::Failure;
use crate::outcome::Phase;
use crate::probe::{HttpProbe, MOST_BODY};
use crate::progress::Progress;
use crate::text::shown;
use crate::watch::{MOST_READ, Stream, TooMuch, Watched};

/// So many bytes may a head have: 64 KiB, more than any server or browser takes by itself.
const MOST_HEAD: usize = 64 * 1024;

/// So many headers may there be.
const MOST_HEADERS: usize = 256;

/// A redirect to follow: its status and where to.
pub(super) type Next = Option<(StatusCode, Vec<u8>)>;

/// Sends the request and judges the answer; a redirect that is to be followed is returned instead.
pub(super) async fn ask(
    probe: &HttpProbe,
    order: &Order,
    stream: Watched<Box<dyn Stream>>,
    progress: &mut Progress,
) -> Result<Next, Failure> {
    let request = order.request()?;
    progress.enter(Phase::Waiting);
    let made = http1::Builder::new()
        .max_buf_size(MOST_HEAD)
        .max_headers(MOST_HEADERS)
        .handshake::<_, Full<Bytes>>(TokioIo::new(stream))
        .await;
    let (mut sender, connection) = made.map_err(|error| failed(&error, progress.phase()))?;
    let talk = async {
        let sent = sender.send_request(request).await;
        let response = sent.map_err(|error| failed(&error, progress.phase()))?;
        progress.enter(Phase::Reading);
        judge(probe, response).await
    };
    alongside(connection, talk).await
}

/// Drives the connection as long as the talk lasts, in one task, so that dropping it leaves nothing behind.
async fn alongside<T>(connection: impl Future, talk: impl Future<Output = T>) -> T {
    let mut connection = pin!(connection.fuse());
    let mut talk = pin!(talk);
    std::future::poll_fn(|context| {
        // The talk first: a connection that hears something before it was asked anything gives up.
        if let Poll::Ready(said) = talk.as_mut().poll(context) {
            return Poll::Ready(said);
        }
        // What it ends with is told to the talk as well, in the place where it matters.
        let _ended = connection.as_mut().poll(context);
        Poll::Pending
    })
    .await
}

async fn judge(probe: &HttpProbe, response: Response<Incoming>) -> Result<Next, Failure> {
    let status = response.status();
    if probe.follow_redirects
        && redirects(status)
        && let Some(location) = response.headers().get(LOCATION)
    {
        return Ok(Some((status, location.as_bytes().to_vec())));
    }
    let expected = &probe.expect_status;
    let right = match expected.as_slice() {
        [] => status.is_success(),
        ranges => ranges.iter().any(|range| range.contains(&status.as_u16())),
    };
    if !right {
        return Err(Failure::Status { seen: status.as_u16(), expected: statuses(expected) });
    }
    judge_header(probe, &response)?;
    judge_body(probe.expect_text.as_deref(), response.into_body()).await?;
    Ok(None)
}

/// Whether a status sends elsewhere (RFC 9110, sections 15.4.2 to 15.4.9).
fn redirects(status: StatusCode) -> bool {
    matches!(status.as_u16(), 301 | 302 | 303 | 307 | 308)
}

fn judge_header(probe: &HttpProbe, response: &Response<Incoming>) -> Result<(), Failure> {
    let Some(header) = &probe.expect_header else { return Ok(()) };
    let name = name(header)?;
    let expected = header.value.as_bytes();
    let mut values = response.headers().get_all(&name).iter().peekable();
    if values.peek().is_none() {
        return Err(Failure::HeaderMissing { name: name.to_string() });
    }
    if !expected.is_empty() && !values.any(|value| value.as_bytes() == expected) {
        let expected = shown(&header.value);
        return Err(Failure::HeaderDiffers { name: name.to_string(), expected });
    }
    Ok(())
}

/// Reads the body to its end or to the limit, or until the text is found.
async fn judge_body(text: Option<&str>, mut body: Incoming) -> Result<(), Failure> {
    let mut read: Vec<u8> = Vec::new();
    let mut searched = 0;
    while read.len() < MOST_BODY {
        let Some(frame) = body.frame().await else { break };
        let frame = frame.map_err(|error| failed(&error, Phase::Reading))?;
        let Ok(mut data) = frame.into_data() else { continue };
        let room = MOST_BODY - read.len();
        read.extend_from_slice(&data.split_to(data.remaining().min(room)));
        let Some(text) = text else { continue };
        if memmem::find(&read[searched..], text.as_bytes()).is_some() {
            return Ok(());
        }
        // The text may have begun in what was searched already.
        searched = read.len().saturating_sub(text.len());
    }
    match text {
        // An empty text is in every body, an empty one as well.
        None | Some("") => Ok(()),
        Some(text) => Err(Failure::TextMissing { text: shown(text), read: read.len() }),
    }
}

/// What an error of the connection means.
fn failed(error: &hyper::Error, phase: Phase) -> Failure {
    if error.is_parse_too_large() {
        return Failure::TooLong { part: "head", most: MOST_HEAD };
    }
    let io = causes(error).find_map(|cause| cause.downcast_ref::<io::Error>());
    if io.is_some_and(|io| io.get_ref().is_some_and(|inner| inner.is::<TooMuch>())) {
        return Failure::TooLong { part: "whole", most: MOST_READ };
    }
    if error.is_parse() {
        return Failure::NotHttp { why: shown(&error.to_string()) };
    }
    if error.is_incomplete_message() || error.is_closed() || error.is_canceled() {
        return Failure::Broken { phase, why: "it was closed before the answer was whole".into() };
    }
    let why = io.map_or_else(|| shown(&error.to_string()), |io| io.kind().to_string());
    Failure::Broken { phase, why }
}

fn causes(error: &hyper::Error) -> impl Iterator<Item = &(dyn Error + 'static)> {
    std::iter::successors(error.source(), |cause: &&(dyn Error + 'static)| (*cause).source())
}
