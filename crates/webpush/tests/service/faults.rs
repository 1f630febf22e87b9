//! Services that refuse, are ill, lead elsewhere, hang, break off, or never stop talking.

use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use jiff::Timestamp;
use tokio::io::AsyncReadExt as _;
use tokio::net::TcpListener;
use webpush::{Failure, Sender};

use crate::emulator::{PATH, browser};
use crate::{Desk, push};

/// A service that answers everything in one way. Returns its origin, and how often it was asked.
async fn service(
    answer: impl Fn() -> Response + Clone + Send + Sync + 'static,
) -> (String, Arc<AtomicUsize>) {
    let asked = Arc::new(AtomicUsize::new(0));
    let count = asked.clone();
    let routes = Router::new().fallback(move || {
        count.fetch_add(1, Ordering::SeqCst);
        let answer = answer();
        async move { answer }
    });
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let origin = format!("http://{}", listener.local_addr().expect("an address"));
    tokio::spawn(async move { axum::serve(listener, routes).await });
    (origin, asked)
}

async fn failure(origin: &str) -> Failure {
    let desk = Desk::new();
    sent(desk.sender(), origin).await
}

async fn sent(sender: Sender<'_>, origin: &str) -> Failure {
    let subscription = browser().subscription(&format!("{origin}{PATH}?key=canary-of-the-query"));
    let now = Timestamp::now();
    let failure = sender.send(&subscription, &push(b"x"), now).await.expect_err("no success");
    let shown = format!("{failure} {failure:?}");
    assert!(!shown.contains("canary"), "{shown}");
    failure
}

/// The pause that a failure names; nothing of one that names none, or never may.
fn retry_after(failure: &Failure) -> Option<Duration> {
    match failure {
        Failure::Busy { retry_after, .. } | Failure::Later { retry_after, .. } => *retry_after,
        _ => None,
    }
}

#[tokio::test]
async fn every_status_means_what_the_rfc_says() {
    for (status, wanted, retryable) in [
        (404, "does not know this subscription", false),
        (410, "does not know this subscription", false),
        (413, "too long", false),
        (429, "too many messages; send it again later", true),
        (500, "takes no messages now (status 500)", true),
        (503, "takes no messages now (status 503)", true),
        (408, "takes no messages now (status 408)", true),
        (400, "refused the message with status 400", false),
        (401, "refused the message with status 401", false),
        (301, "refused the message with status 301", false),
    ] {
        let status = StatusCode::from_u16(status).expect("a status");
        let (origin, asked) = service(move || status.into_response()).await;
        let failure = failure(&origin).await;
        let said = failure.to_string();
        assert!(said.contains(wanted) && said.contains("127.0.0.1"), "{status}: {said}");
        assert_eq!(failure.is_retryable(), retryable, "{status}");
        assert_eq!(matches!(failure, Failure::Gone { .. }), [404, 410].contains(&status.as_u16()));
        assert_eq!(asked.load(Ordering::SeqCst), 1, "{status}: asked once");
    }
}

#[tokio::test]
async fn when_to_come_back_is_understood_in_seconds_and_as_a_date() {
    let soon = Timestamp::now() + jiff::SignedDuration::from_secs(3_600);
    let date = jiff::fmt::rfc2822::DateTimePrinter::new().timestamp_to_rfc9110_string(&soon);
    let date = date.expect("a date");
    let past = "Sun, 06 Nov 1994 08:49:37 GMT".to_owned();
    for (header, least, most) in [
        ("120".to_owned(), 120, 120),
        (date, 3_500, 3_600),
        (past, 0, 0),
        ("999999999999999999999".to_owned(), 86_400, 86_400),
    ] {
        for status in [StatusCode::TOO_MANY_REQUESTS, StatusCode::SERVICE_UNAVAILABLE] {
            let value = header.clone();
            let (origin, _) =
                service(move || (status, [("retry-after", value.clone())]).into_response()).await;
            let pause = retry_after(&failure(&origin).await).expect("a pause").as_secs();
            assert!((least..=most).contains(&pause), "{header}: {pause}");
        }
    }
    let odd = || (StatusCode::TOO_MANY_REQUESTS, [("retry-after", "tomorrow")]).into_response();
    assert_eq!(retry_after(&failure(&service(odd).await.0).await), None);
}

#[tokio::test]
async fn words_of_a_refusal_are_shown_without_what_is_secret() {
    let words = "\u{1b}[31mno such key eyJ0eXAiOiJKV1QiLCJhbGciOiJFUzI1NiJ9.e30.c2ln at /push/canary-of-the-endpoint";
    let (origin, _) = service(move || (StatusCode::FORBIDDEN, words).into_response()).await;
    let Failure::Refused { said, status: 403, .. } = failure(&origin).await else {
        panic!("a refusal")
    };
    assert!(said.starts_with("[31mno such key …") && !said.contains('\u{1b}'), "{said:?}");
}

#[tokio::test]
async fn nobody_is_followed_elsewhere() {
    let (elsewhere, found) = service(|| StatusCode::CREATED.into_response()).await;
    for status in [StatusCode::FOUND, StatusCode::TEMPORARY_REDIRECT] {
        let target = format!("{elsewhere}{PATH}");
        let (origin, _) =
            service(move || (status, [("location", target.clone())]).into_response()).await;
        assert!(matches!(failure(&origin).await, Failure::Refused { .. }));
    }
    assert_eq!(found.load(Ordering::SeqCst), 0);
    // A client that follows all the same is noticed.
    let target = format!("{elsewhere}{PATH}");
    let (origin, _) = service(move || {
        (StatusCode::TEMPORARY_REDIRECT, [("location", target.clone())]).into_response()
    })
    .await;
    let desk = Desk::new();
    let follows = reqwest::Client::builder().no_proxy().build().expect("a client");
    let refused = sent(Sender { client: &follows, ..desk.sender() }, &origin).await;
    assert!(refused.to_string().contains("it led elsewhere"), "{refused}");
}

#[tokio::test]
async fn a_service_that_hangs_breaks_off_or_is_not_there_may_take_it_later() {
    let silent = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let hangs = format!("http://{}", silent.local_addr().expect("an address"));
    let desk = Desk::new();
    let hasty = Sender { patience: Duration::from_millis(200), ..desk.sender() };
    let late = sent(hasty, &hangs).await;
    assert!(late.to_string().contains("no answer within 200 ms"), "{late}");

    let breaking = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let breaks = format!("http://{}", breaking.local_addr().expect("an address"));
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = breaking.accept().await {
            let mut some = [0; 64];
            drop(stream.read(&mut some).await);
        }
    });
    let broken = failure(&breaks).await;
    let free = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let absent = format!("http://{}", free.local_addr().expect("an address"));
    drop(free);
    let absent = failure(&absent).await;
    for failure in [late, broken, absent] {
        assert!(failure.is_retryable() && matches!(failure, Failure::Later { .. }), "{failure:?}");
    }
}

#[tokio::test]
async fn an_answer_without_end_ends_where_enough_was_read() {
    let endless = || {
        let chunk = || Ok::<_, Infallible>(Bytes::from_static(&[b'a'; 1_024]));
        let stream = futures_util::stream::repeat_with(chunk);
        (StatusCode::BAD_REQUEST, Body::from_stream(stream)).into_response()
    };
    let (origin, _) = service(endless).await;
    let refused = failure(&origin).await;
    assert!(refused.to_string().len() < 400, "{refused}");
    // Of a success nothing is read.
    let endless = || {
        let chunk = || Ok::<_, Infallible>(Bytes::from_static(&[b'a'; 1_024]));
        (StatusCode::CREATED, Body::from_stream(futures_util::stream::repeat_with(chunk)))
            .into_response()
    };
    let (origin, _) = service(endless).await;
    let desk = Desk::new();
    let subscription = browser().subscription(&format!("{origin}{PATH}"));
    let taken = desk.sender().send(&subscription, &push(b"x"), Timestamp::now()).await;
    assert_eq!(taken.expect("it is taken").status, 201);
}
