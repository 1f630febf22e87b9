//! Programs that others wrote: `openssl s_server`, Python's `http.server`, `dnsmasq`, and the verdicts of the blackbox exporter.

use std::net::SocketAddr;
use std::process::Stdio;

use probe::{
    CertificateFault, DnsProbe, Expected, Failure, HttpProbe, Probe, Record, TcpProbe, TlsProbe,
    Trust,
};
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::net::TcpStream;
use tokio::process::{Child, Command};

use crate::servers::{LONG, encrypted, nobody, pem, run, saying, serve, why};

/// Starts a program that ends with its test; says so when it is not installed.
fn start(program: &str, arguments: &[&str]) -> Option<Child> {
    let started = Command::new(program)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn();
    if started.is_err() {
        eprintln!("LEFT OUT: `{program}` is not installed, so it is not asked");
    }
    started.ok()
}

/// Waits until something listens: tries again until it does.
async fn listening(address: SocketAddr) {
    let tried = async {
        while TcpStream::connect(address).await.is_err() {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(LONG, tried).await.expect("it listens");
}

#[tokio::test]
async fn the_server_of_openssl_is_probed() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/tls");
    let file = |name: &str| format!("{folder}/{name}");
    let (own, key, chain) = (file("leaf.pem"), file("leaf.key.pem"), file("intermediate.pem"));
    for version in ["-tls1_2", "-tls1_3"] {
        let address = nobody().await;
        let accept = address.to_string();
        let arguments = [
            "s_server",
            "-accept",
            &accept,
            "-cert",
            &own,
            "-key",
            &key,
            "-cert_chain",
            &chain,
            version,
            "-www",
            "-quiet",
        ];
        let Some(_openssl) = start("openssl", &arguments) else { return };
        listening(address).await;
        let trust = Trust::Roots(pem::ROOT.to_owned());
        let (host, port) = ("localhost".to_owned(), address.port());
        let tls = TlsProbe { host, port, trust: trust.clone(), days_left: 30, server_name: None };
        let outcome = run(Probe::Tls(tls.clone()), LONG).await;
        assert!(outcome.ok, "{version}: {outcome:?}");
        let until = outcome.certificate_until.expect("an end").to_string();
        assert_eq!(until, "2030-06-01T00:00:00Z", "{version}");
        let failure = why(run(Probe::Tls(TlsProbe { trust: Trust::Machine, ..tls }), LONG).await);
        let fault = Failure::Certificate(CertificateFault::UnknownIssuer {
            seen: probe::Fingerprint::of(&crate::servers::certificate(pem::LEAF.0)),
        });
        assert_eq!(failure, fault, "{version}");
        let http = HttpProbe {
            url: format!("https://localhost:{}/", address.port()),
            trust,
            expect_text: Some("s_server".to_owned()),
            ..HttpProbe::default()
        };
        let outcome = run(Probe::Http(http), LONG).await;
        assert!(outcome.ok, "{version}: {outcome:?}");
    }
}

#[tokio::test]
async fn the_server_of_python_is_probed() {
    let folder = tempfile::tempdir().expect("a directory");
    std::fs::write(folder.path().join("health"), "all is well").expect("a file");
    let path = folder.path().to_str().expect("text");
    let arguments = ["-u", "-m", "http.server", "--bind", "127.0.0.1", "--directory", path, "0"];
    let Some(mut python) = start("python3", &arguments) else { return };
    let lines = BufReader::new(python.stdout.take().expect("what it prints"));
    // "Serving HTTP on 127.0.0.1 port 40000 (http://127.0.0.1:40000/) ..."
    let said = lines.lines().next_line().await.expect("a line").expect("a line");
    let port = said.split(" port ").nth(1).and_then(|rest| rest.split(' ').next()).expect("a port");
    let at = |path: &str| HttpProbe {
        url: format!("http://127.0.0.1:{port}{path}"),
        expect_text: Some("is well".to_owned()),
        ..HttpProbe::default()
    };
    let outcome = run(Probe::Http(at("/health")), LONG).await;
    assert!(outcome.ok, "{outcome:?}");
    let failure = why(run(Probe::Http(at("/other")), LONG).await);
    assert_eq!(failure.to_string(), "unexpected status 404, expected 200-299");
}

#[tokio::test]
async fn the_server_of_dnsmasq_is_probed() {
    let address = nobody().await;
    let port = format!("--port={}", address.port());
    let long: Vec<String> =
        (0..8).map(|n| format!("--txt-record=long.example,{n}{}", "x".repeat(200))).collect();
    let mut arguments = vec![
        "--keep-in-foreground",
        "--no-resolv",
        "--no-hosts",
        "--conf-file=/dev/null",
        "--pid-file=",
        "--listen-address=127.0.0.1",
        "--bind-interfaces",
        "--local=/example/",
        "--host-record=www.example,192.0.2.1,2001:db8::1",
        "--cname=alias.example,www.example",
        "--mx-host=mail.example,mx.example,10",
        "--txt-record=text.example,v=spf1 -all",
        "--srv-host=_s._tcp.example,www.example,443,1,2",
        "--caa-record=caa.example,0,issue,ca.example",
        "--user=",
        "--log-facility=-",
        &port,
    ];
    arguments.extend(long.iter().map(String::as_str));
    let Some(_dnsmasq) = start("dnsmasq", &arguments) else { return };
    listening(address).await;
    let ask = async |name: &str, record, value: Option<&str>| {
        let expect = Expected::All(value.map(str::to_owned).into_iter().collect());
        let name = name.to_owned();
        let probe = DnsProbe { name, record, server: Some(address), expect };
        run(Probe::Dns(probe), LONG).await
    };
    for (name, record, value) in [
        ("www.example", Record::A, "192.0.2.1"),
        ("www.example", Record::Aaaa, "2001:db8::1"),
        ("alias.example", Record::A, "192.0.2.1"),
        ("alias.example", Record::Cname, "www.example"),
        ("mail.example", Record::Mx, "10 mx.example"),
        ("text.example", Record::Txt, "v=spf1 -all"),
        ("_s._tcp.example", Record::Srv, "1 2 443 www.example"),
        ("caa.example", Record::Caa, "0 issue ca.example"),
    ] {
        let outcome = ask(name, record, Some(value)).await;
        assert!(outcome.ok, "{name} {record}: {outcome:?}");
    }
    let value = format!("7{}", "x".repeat(200));
    let outcome = ask("long.example", Record::Txt, Some(&value)).await;
    assert!(outcome.ok && outcome.phases.connected.is_some(), "over TCP: {outcome:?}");
    let words = why(ask("gone.example", Record::A, None).await).to_string();
    assert!(words.contains("NXDOMAIN"), "{words}");
    let words = why(ask("www.elsewhere.test", Record::A, None).await).to_string();
    assert!(words.contains("REFUSED") || words.contains("SERVFAIL"), "{words}");
}

/// A case for both: what we ask, the exporter's module and target.
struct Case(&'static str, Probe, &'static str, String);

async fn cases() -> Vec<Case> {
    let routes = axum::Router::new()
        .route("/", axum::routing::get(async || "all is well"))
        .route("/bad", axum::routing::get(async || axum::http::StatusCode::SERVICE_UNAVAILABLE))
        .route("/moved", axum::routing::get(async || axum::response::Redirect::temporary("/")));
    let address = serve(routes).await;
    let http = |url: String| HttpProbe { url, ..HttpProbe::default() };
    let texted = |url: String| HttpProbe { expect_text: Some("is well".into()), ..http(url) };
    let tcp = |address: SocketAddr| {
        let (host, port) = (address.ip().to_string(), address.port());
        TcpProbe { host, port, ..TcpProbe::default() }
    };
    let (gone, banner) = (nobody().await, saying(b"HTTP/1.1 200 OK\r\n\r\n").await);
    let short = saying(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf").await;
    let lonely = encrypted(pem::LONELY, &[]).await;
    let chained = encrypted(pem::LEAF, &[pem::INTERMEDIATE]).await;
    let at = |path: &str| format!("{address}{path}");
    let url = |address: SocketAddr, scheme: &str| format!("{scheme}://{address}/");
    let followed = HttpProbe { follow_redirects: true, ..http(at("/moved")) };
    let pinned =
        HttpProbe { trust: Trust::Roots(pem::ROOT.to_owned()), ..http(url(chained, "https")) };
    let mut cases = vec![
        Case("well", Probe::Http(http(at("/"))), "plain", at("/")),
        Case("503", Probe::Http(http(at("/bad"))), "plain", at("/bad")),
        Case("text", Probe::Http(texted(at("/"))), "texted", at("/")),
        Case("moved", Probe::Http(http(at("/moved"))), "plain", at("/moved")),
        Case("followed", Probe::Http(followed), "followed", at("/moved")),
        Case("gone", Probe::Http(http(url(gone, "http"))), "plain", url(gone, "http")),
        Case("no length", Probe::Http(http(url(banner, "http"))), "plain", url(banner, "http")),
        Case("cut", Probe::Http(http(url(short, "http"))), "plain", url(short, "http")),
        Case("stranger", Probe::Http(http(url(lonely, "https"))), "plain", url(lonely, "https")),
        Case("chain", Probe::Http(pinned), "rooted", url(chained, "https")),
        Case("tcp", Probe::Tcp(tcp(banner)), "tcp", banner.to_string()),
        Case("tcp gone", Probe::Tcp(tcp(gone)), "tcp", gone.to_string()),
    ];
    let missing = HttpProbe { expect_text: Some("is well".into()), ..http(at("/bad")) };
    let missing = HttpProbe { expect_status: vec![100..=599], ..missing };
    cases.push(Case("no text", Probe::Http(missing), "texted", at("/bad")));
    cases
}

#[tokio::test]
async fn the_blackbox_exporter_comes_to_the_same_verdicts() {
    let name = "COUNCIL_TEST_BLACKBOX";
    let Some(exporter) = std::env::var(name).ok().filter(|value| !value.is_empty()) else {
        eprintln!("LEFT OUT: `{name}` is not set, so no verdicts are compared");
        return;
    };
    for Case(what, probe, module, target) in cases().await {
        let ours = run(probe, LONG).await;
        let theirs = HttpProbe {
            url: format!("{exporter}/probe?module={module}&target={target}"),
            expect_text: Some("\nprobe_success 1\n".to_owned()),
            ..HttpProbe::default()
        };
        let theirs = run(Probe::Http(theirs), LONG).await;
        if let Some(failure) = &theirs.why {
            assert!(
                matches!(failure, Failure::TextMissing { .. }),
                "{what}: no verdict: {failure}"
            );
        }
        eprintln!("{what}: {} and {}, {:?}", ours.ok, theirs.ok, ours.why);
        assert_eq!(ours.ok, theirs.ok, "{what}: {ours:?}");
    }
}
