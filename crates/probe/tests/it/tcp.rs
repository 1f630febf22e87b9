//! Connections by TCP, and what is said over them.

use probe::{Failure, MOST_BYTES, Probe, TcpProbe};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use crate::servers::{LONG, SHORT, run, script, stuck, why};

fn to(address: std::net::SocketAddr) -> TcpProbe {
    TcpProbe { host: address.ip().to_string(), port: address.port(), ..TcpProbe::default() }
}

#[tokio::test]
async fn a_connection_is_enough_when_nothing_is_expected() {
    let outcome = run(Probe::Tcp(to(stuck(b"").await)), LONG).await;
    assert!(outcome.ok && outcome.phases.connected.is_some(), "{outcome:?}");
    assert_eq!(outcome.phases.first_byte, None);
}

#[tokio::test]
async fn what_is_expected_is_found_in_what_comes_back() {
    let address = script(async |mut stream| {
        let mut asked = [0; 6];
        let _gone = stream.read_exact(&mut asked).await;
        for byte in b"noise +PONG\r\n" {
            let _gone = stream.write_all(&[*byte]).await;
        }
        std::future::pending::<()>().await;
    })
    .await;
    let (send, expect) = (Some(b"PING\r\n".to_vec()), Some(b"+PONG".to_vec()));
    let outcome = run(Probe::Tcp(TcpProbe { send, expect, ..to(address) }), LONG).await;
    assert!(outcome.ok && outcome.phases.first_byte.is_some(), "{outcome:?}");
}

#[tokio::test]
async fn what_does_not_come_is_told_apart() {
    let expecting = |address| {
        let expect = Some(b"+PONG".to_vec());
        Probe::Tcp(TcpProbe { expect, ..to(address) })
    };
    let short = script(async |mut stream| {
        let _gone = stream.write_all(b"+PO").await;
    });
    let failure = why(run(expecting(short.await), LONG).await);
    assert_eq!(failure, Failure::TooShort { read: 3 });

    let long = script(
        async |mut stream| {
            while stream.write_all(b"\x1b[2J and more of it ").await.is_ok() {}
        },
    );
    let failure = why(run(expecting(long.await), LONG).await);
    assert!(matches!(failure, Failure::BytesMissing { read: MOST_BYTES, .. }), "{failure:?}");
    assert!(!failure.to_string().contains(char::is_control), "{failure}");

    let silent = run(expecting(stuck(b"+PO").await), SHORT).await;
    let words = why(silent).to_string();
    assert_eq!(words, "timed out after 300 ms while reading the answer");
}

#[tokio::test]
async fn what_would_never_fit_is_the_probes_fault() {
    let expect = Some(vec![b'x'; MOST_BYTES + 1]);
    let failure = why(run(Probe::Tcp(TcpProbe { expect, ..to(stuck(b"").await) }), LONG).await);
    assert!(failure.is_of_the_probe(), "{failure}");
}
