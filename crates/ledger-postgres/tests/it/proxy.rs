//! A line to the server that can be cut at the worst moment.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// What happens to the next commits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cut {
    /// The commit never reaches the server.
    BeforeCommit,
    /// The server commits, and its answer is lost.
    AfterCommit,
}

/// Passes bytes both ways until a commit comes by.
#[derive(Debug)]
pub(crate) struct Proxy {
    pub(crate) port: u16,
    /// How many commits are still to be cut.
    left: Arc<AtomicUsize>,
}

impl Proxy {
    /// Listens on a free port, for a server on another.
    pub(crate) fn to(server: u16, cut: Cut) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let left = Arc::new(AtomicUsize::new(0));
        let shared = Arc::clone(&left);
        std::thread::spawn(move || {
            for client in listener.incoming() {
                let server = TcpStream::connect(("127.0.0.1", server)).unwrap();
                pass(client.unwrap(), server, cut, &shared);
            }
        });
        Self { port, left }
    }

    /// Cuts the line at each of the next commits.
    pub(crate) fn cut(&self, commits: usize) {
        self.left.store(commits, Ordering::SeqCst);
    }

    /// How many cuts are still to come.
    pub(crate) fn left(&self) -> usize {
        self.left.load(Ordering::SeqCst)
    }
}

fn pass(client: TcpStream, server: TcpStream, cut: Cut, left: &Arc<AtomicUsize>) {
    let (from_client, to_server) = (client.try_clone().unwrap(), server.try_clone().unwrap());
    let left = Arc::clone(left);
    std::thread::spawn(move || forward(from_client, to_server, cut, &left));
    std::thread::spawn(move || {
        let (mut from, mut to) = (server, client);
        drop(std::io::copy(&mut from, &mut to));
        drop(to.shutdown(Shutdown::Both));
    });
}

fn forward(mut client: TcpStream, mut server: TcpStream, cut: Cut, left: &AtomicUsize) {
    let mut bytes = vec![0; 1 << 16];
    while let Ok(length) = client.read(&mut bytes) {
        let bytes = &bytes[..length];
        // The whole statement, for a transaction also begins as `READ COMMITTED`.
        let commits = bytes.windows(7).any(|word| word == b"COMMIT\0");
        let cuts = commits
            && left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |n| n.checked_sub(1)).is_ok();
        if cuts {
            // The answer's way is closed before the question goes on.
            drop(client.shutdown(Shutdown::Both));
        }
        let swallowed = cuts && cut == Cut::BeforeCommit;
        if length == 0 || swallowed || server.write_all(bytes).is_err() {
            break;
        }
    }
    drop(server.shutdown(Shutdown::Write));
}
