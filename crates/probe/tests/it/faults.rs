//! Servers that are gone, silent, slow, endless or broken: a run ends in time, in little memory, and says why.

use std::time::Duration;

use probe::{Failure, HttpProbe, MOST_READ, Outcome, Phase, Probe, TcpProbe};
use tokio::io::AsyncWriteExt as _;
use tokio::net::{TcpListener, TcpSocket, TcpStream};

use crate::servers::{
    LONG, SHORT, encrypted, endless, head, nobody, pem, run, saying, script, stuck, why,
};

async fn ask(url: String, limit: Duration) -> Outcome {
    run(Probe::Http(HttpProbe { url, ..HttpProbe::default() }), limit).await
}

#[track_caller]
fn timed_out(outcome: Outcome, expected: Phase) {
    // Ten times as long as it may take, for machines that do other things as well.
    assert!(outcome.took < 10 * SHORT, "{outcome:?}");
    match why(outcome) {
        Failure::TimedOut { phase, after } if after == SHORT => assert_eq!(phase, expected),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn nobody_there_is_a_refusal() {
    let address = nobody().await;
    let outcome = ask(format!("http://{address}/"), LONG).await;
    assert_eq!(outcome.phases, probe::Phases::default());
    assert_eq!(why(outcome), Failure::Refused { address });
}

#[tokio::test]
async fn a_name_that_is_not_there_is_not_resolved() {
    // RFC 6761, section 6.4: never a name.
    let outcome = ask("http://nobody.invalid/".to_owned(), LONG).await;
    let failure = why(outcome);
    assert!(
        matches!(&failure, Failure::Unresolved { host, .. } if host == "nobody.invalid"),
        "{failure}"
    );
}

#[tokio::test]
async fn a_full_backlog_times_out_while_connecting() {
    let socket = TcpSocket::new_v4().expect("a socket");
    socket.bind("127.0.0.1:0".parse().expect("an address")).expect("a port");
    let listener = socket.listen(1).expect("it listens");
    let address = listener.local_addr().expect("an address");
    // Two fit into a queue of one; the third is not taken, which is how it is known to be full.
    let mut held = Vec::new();
    while let Ok(stream) = tokio::time::timeout(SHORT, TcpStream::connect(address)).await {
        held.push(stream.expect("a connection"));
    }
    timed_out(ask(format!("http://{address}/"), SHORT).await, Phase::Connecting);
}

#[tokio::test]
async fn who_never_answers_is_waited_for_only_so_long() {
    let address = stuck(b"").await;
    timed_out(ask(format!("http://{address}/"), SHORT).await, Phase::Waiting);
    timed_out(ask(format!("https://{address}/"), SHORT).await, Phase::Securing);
}

#[tokio::test]
async fn a_head_and_a_body_that_stop_halfway_are_waited_for_only_so_long() {
    for half in
        [&b"HTTP/1.1 200 OK\r\nA: b"[..], b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf"]
    {
        let address = script(async move |mut stream| {
            head(&mut stream).await;
            let _gone = stream.write_all(half).await;
            std::future::pending::<()>().await;
        })
        .await;
        timed_out(ask(format!("http://{address}/"), SHORT).await, Phase::Reading);
    }
}

#[tokio::test]
async fn drops_do_not_keep_a_run_alive() {
    let address = script(async |mut stream| {
        head(&mut stream).await;
        let mut said = stream.write_all(b"HTTP/1.1 200 OK\r\n").await;
        while said.is_ok() {
            said = stream.write_all(b"a").await;
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    })
    .await;
    timed_out(ask(format!("http://{address}/"), SHORT).await, Phase::Reading);
}

#[tokio::test]
async fn a_head_without_end_is_stopped_by_its_size() {
    let many = endless(b"HTTP/1.1 200 OK\r\n", b"x-more: and more\r\n").await;
    let failure = why(ask(format!("http://{many}/"), LONG).await);
    assert_eq!(failure, Failure::TooLong { part: "head", most: 64 * 1024 });
    let one = endless(b"HTTP/1.1 200 OK\r\nx-more: ", b"and more and more and more").await;
    let failure = why(ask(format!("http://{one}/"), LONG).await);
    assert_eq!(failure, Failure::TooLong { part: "head", most: 64 * 1024 });
}

#[tokio::test]
async fn interim_answers_without_end_are_stopped_by_their_size() {
    let address = endless(b"", b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n").await;
    let failure = why(ask(format!("http://{address}/"), LONG).await);
    assert_eq!(failure, Failure::TooLong { part: "whole", most: MOST_READ });
}

#[tokio::test]
async fn a_body_without_end_is_read_only_so_far() {
    let address = endless(b"HTTP/1.1 200 OK\r\n\r\n", &[b'x'; 4096]).await;
    let outcome = ask(format!("http://{address}/"), LONG).await;
    assert!(outcome.ok, "its beginning was well: {outcome:?}");
}

#[tokio::test]
async fn an_answer_that_breaks_off_is_none() {
    let closed = "it was closed before the answer was whole";
    for (answer, words) in [
        (&b""[..], closed),
        (b"HTTP/1.1 200 OK\r\nContent-", closed),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf", "unexpected end of file"),
        (
            b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhalf",
            "unexpected end of file",
        ),
    ] {
        let address = saying(answer).await;
        match why(ask(format!("http://{address}/"), LONG).await) {
            Failure::Broken { why, .. } => assert_eq!(why, words),
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test]
async fn half_a_connection_that_was_closed_is_no_answer() {
    let address = script(async |mut stream| {
        head(&mut stream).await;
        let _gone = stream.shutdown().await;
        std::future::pending::<()>().await;
    })
    .await;
    let failure = why(ask(format!("http://{address}/"), LONG).await);
    assert!(matches!(failure, Failure::Broken { .. }), "{failure:?}");
}

#[tokio::test]
async fn what_is_no_http_is_said_to_be_none() {
    for answer in [
        &b"SSH-2.0-OpenSSH_9.2\r\n\r\n"[..],
        b"\x00\x01\x02\x03\x04\x05\x06\x07\x08\x1b[2J\r\n\r\n",
        b"HTTP/1.1 9999 what\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: minus\r\n\r\n",
    ] {
        let address = saying(answer).await;
        let failure = why(ask(format!("http://{address}/"), LONG).await);
        assert!(matches!(failure, Failure::NotHttp { .. }), "{failure:?}");
        assert!(!failure.to_string().contains(char::is_control), "{failure:?}");
    }
}

#[tokio::test]
async fn a_run_that_is_dropped_closes_what_was_open() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}/", listener.local_addr().expect("an address"));
    let run = tokio::spawn(ask(url, LONG));
    let (mut stream, _) = listener.accept().await.expect("a connection");
    head(&mut stream).await;
    run.abort();
    let mut rest = [0; 16];
    let read = tokio::io::AsyncReadExt::read(&mut stream, &mut rest);
    let read = tokio::time::timeout(LONG, read).await.expect("it ends");
    assert_eq!(read.unwrap_or(0), 0, "it was closed");
}

#[tokio::test]
async fn both_families_are_tried() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = listener.local_addr().expect("an address").port();
    // `localhost` is `::1` as well on most machines; only IPv4 listens here.
    let probe = TcpProbe { host: "localhost".to_owned(), port, ..TcpProbe::default() };
    let outcome = run(Probe::Tcp(probe), LONG).await;
    assert!(outcome.ok && outcome.phases.resolved.is_some(), "{outcome:?}");
    if let Ok(listener) = TcpListener::bind("[::1]:0").await {
        let port = listener.local_addr().expect("an address").port();
        let probe = TcpProbe { host: "::1".to_owned(), port, ..TcpProbe::default() };
        assert!(run(Probe::Tcp(probe), LONG).await.ok);
        let serving = axum::serve(listener, axum::Router::new().fallback(async || "well"));
        tokio::spawn(async move { serving.await });
        assert!(ask(format!("http://[::1]:{port}/"), LONG).await.ok);
    }
}

#[tokio::test]
async fn plain_http_where_tls_is_wanted_is_named() {
    let address = saying(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
    let probe = HttpProbe {
        url: format!("https://{address}/"),
        trust: probe::Trust::Roots(pem::ROOT.to_owned()),
        ..HttpProbe::default()
    };
    // The server waits for an empty line that never comes in a handshake: it must speak first.
    let eager = script(async |mut stream| {
        let _gone = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
        head(&mut stream).await;
    })
    .await;
    let probe = HttpProbe { url: format!("https://{eager}/"), ..probe };
    let failure = why(run(Probe::Http(probe), LONG).await);
    assert_eq!(failure.to_string(), "TLS could not be agreed on: what answers does not speak TLS");
    let encrypted = encrypted(pem::LEAF, &[]).await;
    let failure = why(ask(format!("http://{encrypted}/"), LONG).await);
    assert!(matches!(failure, Failure::NotHttp { .. } | Failure::Broken { .. }), "{failure:?}");
}
