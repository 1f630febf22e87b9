//! What strangers send to a server that is really running: thousands of connections, paths and headers that no client writes.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;

use crate::support::Scratch;
use crate::up::Server;

/// Connections that a stranger opens.
const MANY: usize = 10_000;

/// Sends bytes as they are, and reads the answer to its end.
fn send(address: &str, bytes: &[u8]) -> String {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.write_all(bytes).unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    String::from_utf8_lossy(&answer).into_owned()
}

fn get(address: &str, path: &str) -> String {
    let request = format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    send(address, request.as_bytes())
}

/// Files that this process may have open at once.
fn files() -> usize {
    let limits = std::fs::read_to_string("/proc/self/limits").unwrap_or_default();
    let line = limits.lines().find(|line| line.starts_with("Max open files"));
    let soft = line.and_then(|line| line.split_whitespace().nth(3));
    soft.and_then(|soft| soft.parse().ok()).unwrap_or(1_024)
}

#[test]
fn ten_thousand_connections_of_one_address_leave_places_for_others() {
    let scratch = Scratch::staffed();
    let server = Server::start(&scratch);
    let address = server.address();
    // Other tests of this process need files, too.
    let many = MANY.min(files() / 2);
    if many < MANY {
        println!("LEFT OUT: {MANY} connections: this process may open {many}");
    }
    let mut held = Vec::new();
    for _ in 0..many {
        match TcpStream::connect(&address) {
            Ok(stream) => held.push(stream),
            Err(error) => panic!("after {}: {error}", held.len()),
        }
    }
    // From another address of this machine.
    let (host, port) = address.rsplit_once(':').unwrap();
    assert_eq!(host, "127.0.0.1");
    let asked = std::process::Command::new("curl")
        .args(["--silent", "--max-time", "60", "--interface", "127.0.0.2"])
        .arg(format!("http://{host}:{port}/healthz"))
        .output();
    match asked {
        Ok(answer) => assert_eq!(String::from_utf8_lossy(&answer.stdout), "ok\n", "{answer:?}"),
        Err(error) => println!("LEFT OUT: another address: curl does not start ({error})"),
    }
    drop(held);
    assert!(get(&address, "/healthz").ends_with("ok\n"), "and the first one is served again");
}

#[test]
fn a_path_leads_to_no_file_and_a_line_end_into_no_header() {
    let scratch = Scratch::staffed();
    let server = Server::start(&scratch);
    let address = server.address();
    for path in [
        "/assets/../../Cargo.toml",
        "/assets/..%2f..%2f.council%2fstate.db",
        "/assets/%2e%2e/%2e%2e/etc/passwd",
        "/assets/....//etc/passwd",
        "/playbook/..%2fcouncil.yaml",
        "/api/v1/resources/person/..%2f..%2fcouncil.yaml",
        "//etc/passwd",
        "/..%00/etc/passwd",
    ] {
        let answer = get(&address, path);
        let status = answer.split(' ').nth(1).unwrap_or_default().to_owned();
        assert!(["400", "401", "404"].contains(&status.as_str()), "{path}: {answer}");
        for words in ["root:", "SQLite format", "apiVersion"] {
            assert!(!answer.contains(words), "{path} shows a file");
        }
    }
    for path in [
        "/sign-in?back=/%0d%0aSet-Cookie:%20evil=1",
        "/sign-in/by/x?back=%0d%0aSet-Cookie:%20evil=1",
        "/api/v1/problems/x%0d%0aSet-Cookie:%20evil=1",
        "/who?query=%0d%0aSet-Cookie:%20evil=1",
    ] {
        let answer = get(&address, path);
        let (head, _) = answer.split_once("\r\n\r\n").unwrap();
        assert!(!head.to_lowercase().contains("evil"), "{path}: {head}");
    }
    let split = format!(
        "GET /healthz HTTP/1.1\r\nHost: {address}\r\nX-Request-Id: a\r\n\tEvil: 1\r\nConnection: close\r\n\r\n"
    );
    let answer = send(&address, split.as_bytes());
    assert!(!answer.to_lowercase().contains("\r\nevil"), "{answer}");
    let smuggled = format!(
        "POST /healthz HTTP/1.1\r\nHost: {address}\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n0\r\n\r\nGET /metrics HTTP/1.1\r\n\r\n"
    );
    let answer = send(&address, smuggled.as_bytes());
    assert_eq!(answer.matches("HTTP/1.1 ").count(), 1, "one answer to one request: {answer}");
}
