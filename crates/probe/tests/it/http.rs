//! Requests and what is expected of their answers.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::Request;
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{AppendHeaders, Redirect};
use axum::routing::{any, get};
use probe::{Header, HttpProbe, MOST_BODY, Method, Probe, Prober};

use crate::servers::{
    LONG, NOW, encrypted, encrypted_saying, pem, prober_at, run_http, saying, serve, why,
};

fn routes() -> Router {
    Router::new()
        .route("/", get(async || "all is well"))
        .route("/teapot", get(async || (StatusCode::IM_A_TEAPOT, "short and stout")))
        .route("/header", get(async || AppendHeaders([("x-version", "2"), ("x-version", "3")])))
        .route("/late", get(async || format!("{}needle", "x".repeat(MOST_BODY - 6))))
        .route("/later", get(async || format!("{}needle", "x".repeat(MOST_BODY - 5))))
        .route("/long", get(async || "x".repeat(40 * MOST_BODY)))
        .route("/moved", get(async || Redirect::permanent("/")))
        .route("/loop", get(async || Redirect::temporary("/loop")))
        .route("/astray", get(async || Redirect::temporary("gopher://127.0.0.1/")))
        .route("/echo", any(echo))
}

async fn echo(uri: Uri, headers: HeaderMap, request: Request) -> String {
    let method = request.method().clone();
    let body = axum::body::to_bytes(request.into_body(), 10_000).await.expect("a body");
    let value = |name: &str| {
        let values: Vec<&str> =
            headers.get_all(name).iter().filter_map(|value| value.to_str().ok()).collect();
        values.join("+")
    };
    format!(
        "{method} {uri} host={} agent={} accept={} x={} body={}",
        value("host"),
        value("user-agent"),
        value("accept"),
        value("x"),
        String::from_utf8_lossy(&body)
    )
}

fn header(name: &str, value: &str) -> Header {
    Header { name: name.to_owned(), value: value.to_owned() }
}

#[track_caller]
fn check(outcome: &probe::Outcome, expect: Result<(), &str>) {
    let seen = outcome.why.as_ref().map_or(Ok(()), |why| Err(why.to_string()));
    assert_eq!(seen, expect.map_err(str::to_owned), "{outcome:?}");
}

#[tokio::test]
async fn a_status_is_right_when_it_is_expected() {
    let address = serve(routes()).await;
    let at = |path: &str| HttpProbe { url: format!("{address}{path}"), ..HttpProbe::default() };
    check(&run_http(at("/")).await, Ok(()));
    check(&run_http(at("/teapot")).await, Err("unexpected status 418, expected 200-299"));
    check(&run_http(at("/moved")).await, Err("unexpected status 308, expected 200-299"));
    let teapot = HttpProbe { expect_status: vec![200..=204, 418..=418], ..at("/teapot") };
    check(&run_http(teapot).await, Ok(()));
    let within = HttpProbe { expect_status: vec![400..=499], ..at("/teapot") };
    check(&run_http(within).await, Ok(()));
    let other = HttpProbe { expect_status: vec![301..=301, 500..=599], ..at("/") };
    check(&run_http(other).await, Err("unexpected status 200, expected 301, 500-599"));
}

#[tokio::test]
async fn a_text_is_searched_in_the_first_64_kib() {
    let address = serve(routes()).await;
    let probe = |path: &str, text: &str| HttpProbe {
        url: format!("{address}{path}"),
        expect_text: Some(text.to_owned()),
        ..HttpProbe::default()
    };
    check(&run_http(probe("/", "is well")).await, Ok(()));
    check(&run_http(probe("/", "")).await, Ok(()));
    let missing = "text `is ill` not found in the first 11 bytes of the body";
    check(&run_http(probe("/", "is ill")).await, Err(missing));
    check(&run_http(probe("/late", "needle")).await, Ok(()));
    let missing = "text `needle` not found in the first 65536 bytes of the body";
    check(&run_http(probe("/later", "needle")).await, Err(missing));
}

#[tokio::test]
async fn a_text_is_found_across_pieces_of_a_body() {
    let chunks = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\
        3\r\nxxn\r\n2\r\nee\r\n1\r\nd\r\n4\r\nlexx\r\n0\r\n\r\n";
    let address = saying(chunks).await;
    let probe = HttpProbe {
        url: format!("http://{address}/"),
        expect_text: Some("needle".to_owned()),
        ..HttpProbe::default()
    };
    check(&run_http(probe).await, Ok(()));
}

#[tokio::test]
async fn a_long_body_is_not_read_to_its_end() {
    let address = serve(routes()).await;
    let probe = HttpProbe { url: format!("{address}/long"), ..HttpProbe::default() };
    check(&run_http(probe).await, Ok(()));
}

#[tokio::test]
async fn a_header_is_right_when_one_of_its_values_is() {
    let address = serve(routes()).await;
    let probe = |name: &str, value: &str| HttpProbe {
        url: format!("{address}/header"),
        expect_header: Some(header(name, value)),
        ..HttpProbe::default()
    };
    for right in [("X-Version", "3"), ("x-version", "2"), ("x-version", "")] {
        check(&run_http(probe(right.0, right.1)).await, Ok(()));
    }
    check(&run_http(probe("x-version", "4")).await, Err("the header `x-version` is not `4`"));
    check(&run_http(probe("X-Other", "")).await, Err("the header `x-other` is missing"));
}

#[tokio::test]
async fn a_request_is_sent_as_it_is_written() {
    let address = serve(routes()).await;
    let host = address.trim_start_matches("http://");
    let echoed = |probe: HttpProbe, expect: String| async move {
        check(&run_http(HttpProbe { expect_text: Some(expect), ..probe }).await, Ok(()));
    };
    let plain = HttpProbe { url: format!("{address}/echo?a=1#part"), ..HttpProbe::default() };
    let expect = format!("GET /echo?a=1 host={host} agent=council-probe accept=*/* x= body=");
    echoed(plain.clone(), expect).await;
    let post = HttpProbe {
        method: Method::Post,
        headers: vec![
            header("Host", "other.example"),
            header("USER-AGENT", "mine"),
            header("X", "1"),
            header("x", "2"),
        ],
        body: Some(b"a body".to_vec()),
        ..plain.clone()
    };
    let expect = "POST /echo?a=1 host=other.example agent=mine accept=*/* x=1+2 body=a body";
    echoed(post, expect.to_owned()).await;
    let head = HttpProbe { method: Method::Head, ..plain };
    check(&run_http(head).await, Ok(()));
}

#[tokio::test]
async fn redirects_are_followed_only_when_wanted_and_not_for_ever() {
    let address = serve(routes()).await;
    let at = |path: &str| HttpProbe {
        url: format!("{address}{path}"),
        follow_redirects: true,
        ..HttpProbe::default()
    };
    check(&run_http(at("/moved")).await, Ok(()));
    check(&run_http(at("/loop")).await, Err("redirect: more than 10 in a row"));
    check(&run_http(at("/astray")).await, Err("redirect: it leads to what is no address of HTTP"));
}

#[tokio::test]
async fn a_redirect_takes_nothing_along_to_another_origin() {
    let there = serve(routes()).await;
    let target = format!("{there}/echo");
    let (found, kept) = (target.clone(), target);
    let here = serve(
        routes()
            .route("/found", any(async move || (StatusCode::FOUND, [(header::LOCATION, found)])))
            .route("/kept", any(async move || Redirect::temporary(&kept)))
            .route("/home", any(async || Redirect::temporary("/echo"))),
    )
    .await;
    let probe = |path: &str, text: &str| HttpProbe {
        url: format!("{here}{path}"),
        method: Method::Post,
        headers: vec![header("X", "canary")],
        body: Some(b"canary".to_vec()),
        follow_redirects: true,
        expect_text: Some(text.to_owned()),
        ..HttpProbe::default()
    };
    // Found elsewhere: a `GET` without anything. Kept at home: the same again. Kept elsewhere: not sent.
    check(&run_http(probe("/found", "x= body=")).await, Ok(()));
    check(&run_http(probe("/home", "x=canary body=canary")).await, Ok(()));
    let astray = "redirect: it leads to another origin, where the body is not sent";
    check(&run_http(probe("/kept", "")).await, Err(astray));
}

#[tokio::test]
async fn a_redirect_does_not_lead_out_of_encryption() {
    let plain = serve(routes()).await;
    let answer = |to: &str| format!("HTTP/1.1 302 Found\r\nLocation: {to}\r\n\r\n");
    let chain = [pem::INTERMEDIATE];
    let out = encrypted_saying(pem::LEAF, &chain, answer(&plain)).await;
    let well = encrypted(pem::LEAF, &chain).await;
    let within = encrypted_saying(pem::LEAF, &chain, answer(&format!("https://{well}/"))).await;
    let ask = |address: std::net::SocketAddr| HttpProbe {
        url: format!("https://{address}/"),
        follow_redirects: true,
        trust: probe::Trust::Roots(pem::ROOT.to_owned()),
        ..HttpProbe::default()
    };
    let refused = "redirect: it leads from an encrypted address to one that is not";
    check(&run_http(ask(out)).await, Err(refused));
    check(&run_http(ask(within)).await, Ok(()));
}

#[tokio::test]
async fn what_cannot_be_asked_is_the_probes_fault() {
    let ask = |url: &str| HttpProbe { url: url.to_owned(), ..HttpProbe::default() };
    let good = "http://127.0.0.1:1/";
    for probe in [
        ask("not an address"),
        ask("ftp://127.0.0.1/"),
        ask("http://user:canary@127.0.0.1/"),
        HttpProbe { method: Method::Head, expect_text: Some("x".to_owned()), ..ask(good) },
        HttpProbe { body: Some(Vec::new()), ..ask(good) },
        HttpProbe { headers: vec![header("bad name", "canary")], ..ask(good) },
        HttpProbe { headers: vec![header("x", "canary\r\nb: c")], ..ask(good) },
    ] {
        let failure = why(run_http(probe.clone()).await);
        assert!(failure.is_of_the_probe(), "{probe:?}: {failure}");
        assert!(!failure.to_string().contains("canary"), "{failure}");
    }
    assert!(!why(run_http(ask(good)).await).is_of_the_probe());
}

#[tokio::test]
async fn phases_are_moments_in_their_order() {
    let address = encrypted(pem::LEAF, &[pem::INTERMEDIATE]).await;
    let probe = HttpProbe {
        url: format!("https://localhost:{}/", address.port()),
        trust: probe::Trust::Roots(pem::ROOT.to_owned()),
        expect_text: Some("well".to_owned()),
        ..HttpProbe::default()
    };
    let outcome = run_http(probe).await;
    assert!(outcome.ok, "{outcome:?}");
    let phases = outcome.phases;
    let moments = [phases.resolved, phases.connected, phases.secured, phases.first_byte];
    let moments: Vec<_> = moments.into_iter().map(|at| at.expect("a moment")).collect();
    assert!(moments.is_sorted() && *moments.last().expect("one") <= outcome.took, "{outcome:?}");
    let until = outcome.certificate_until.expect("an end").to_string();
    assert_eq!(until, "2030-06-01T00:00:00Z", "the intermediate ends first");
}

#[tokio::test]
async fn every_run_makes_a_connection_of_its_own() {
    let connections = Arc::new(AtomicUsize::new(0));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}/", listener.local_addr().expect("an address"));
    let counted = Arc::clone(&connections);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            counted.fetch_add(1, Ordering::SeqCst);
            tokio::spawn(async move {
                crate::servers::head(&mut stream).await;
                let answer = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
                let _gone = tokio::io::AsyncWriteExt::write_all(&mut stream, answer).await;
                std::future::pending::<()>().await;
            });
        }
    });
    let prober = prober_at(NOW);
    let probe = Probe::Http(HttpProbe { url, ..HttpProbe::default() });
    for _ in 0..3 {
        assert!(prober.run(&probe, LONG).await.ok);
    }
    assert_eq!(connections.load(Ordering::SeqCst), 3);
}

/// Resident memory and its peak, in KiB.
fn memory() -> Option<(u64, u64)> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let value = |name: &str| {
        let line = status.lines().find(|line| line.starts_with(name))?;
        line.split_whitespace().nth(1)?.parse().ok()
    };
    Some((value("VmRSS:")?, value("VmHWM:")?))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_hundred_probes_run_at_once() {
    let address = serve(routes()).await;
    let prober: Arc<Prober> = Arc::new(prober_at(NOW));
    let url = format!("{address}/");
    let probe = Probe::Http(HttpProbe { url, ..HttpProbe::default() });
    let before = memory();
    let begun = std::time::Instant::now();
    let slowest = Arc::new(Mutex::new(std::time::Duration::ZERO));
    let runs: Vec<_> = (0..200)
        .map(|_| {
            let (prober, probe, slowest) =
                (Arc::clone(&prober), probe.clone(), Arc::clone(&slowest));
            tokio::spawn(async move {
                let outcome = prober.run(&probe, LONG).await;
                assert!(outcome.ok, "{outcome:?}");
                let mut slowest = slowest.lock().expect("unpoisoned");
                *slowest = outcome.took.max(*slowest);
            })
        })
        .collect();
    for run in runs {
        run.await.expect("it is well");
    }
    let took = begun.elapsed();
    eprintln!(
        "MEASURED: 200 probes at once in {took:?}, the slowest {slowest:?}; memory (RSS, peak, KiB) {before:?} -> {:?}",
        memory()
    );
}
