//! `council up`.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};

use expect_test::expect;

use crate::support::Scratch;

/// A server that is killed at the end of the test.
pub(crate) struct Server {
    child: Child,
    banner: serde_json::Value,
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

impl Server {
    pub(crate) fn start(scratch: &Scratch) -> Self {
        Self::start_with(scratch, |_| {})
    }

    /// The same, with further arguments.
    pub(crate) fn start_saying(scratch: &Scratch, arguments: &[&str]) -> Self {
        Self::start_with(scratch, |command| {
            command.args(arguments);
        })
    }

    /// The same, with a changed environment.
    pub(crate) fn start_with(scratch: &Scratch, change: impl FnOnce(&mut Command)) -> Self {
        let mut command = scratch.command();
        command
            .args(["up", "--listen", "127.0.0.1:0", "--format", "json"])
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit());
        change(&mut command);
        let mut child = command.spawn().unwrap();
        let mut banner = String::new();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        for line in lines.by_ref() {
            let line = line.unwrap();
            banner.push_str(&line);
            if line == "}" {
                break;
            }
        }
        Self { child, banner: serde_json::from_str(&banner).unwrap() }
    }

    /// Asks it to stop, and waits until it has.
    pub(crate) fn stop(mut self) {
        let id = self.child.id().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
        assert!(self.child.wait().unwrap().success());
    }

    /// The link that was printed.
    pub(crate) fn sign_in_link(&self) -> String {
        self.banner["sign_in"].as_str().unwrap().to_owned()
    }

    /// Where it listens.
    pub(crate) fn address(&self) -> String {
        self.banner["address"].as_str().unwrap().to_owned()
    }

    pub(crate) fn get(&self, path: &str) -> String {
        self.send("GET", path, "", "")
    }

    /// Sends a request with further lines of its head.
    pub(crate) fn send(&self, method: &str, path: &str, head: &str, body: &str) -> String {
        let address = self.banner["address"].as_str().unwrap();
        let mut stream = TcpStream::connect(address).unwrap();
        let length = body.len();
        write!(stream, "{method} {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n")
            .unwrap();
        write!(stream, "Content-Length: {length}\r\n{head}\r\n{body}").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }
}

#[test]
fn one_command_starts_a_council() {
    let scratch = Scratch::staffed();
    let server = Server::start(&scratch);
    assert!(server.get("/healthz").starts_with("HTTP/1.1 200"), "{}", server.get("/healthz"));
    assert_eq!(server.banner["organization"], "Example");
    let ignored = std::fs::read_to_string(scratch.path().join(".council/.gitignore")).unwrap();
    assert!(ignored.lines().any(|line| line == "*"), "{ignored}");
}

#[test]
fn a_playbook_with_errors_is_refused_loudly() {
    let scratch = Scratch::playbook();
    scratch.write(
        "office.yaml",
        "apiVersion: council/v1\nkind: Ofice\nmetadata: {name: cto}\nspec: {}\n",
    );
    let run = scratch.council("up --listen 127.0.0.1:0");
    assert_eq!(run.code, 1);
    assert!(run.err.contains("there is no kind `Ofice`"), "{run:?}");
    assert!(run.err.contains("error: the playbook has 1 error; not starting"), "{run:?}");
    assert!(!scratch.path().join(".council").exists());
}

#[test]
fn a_taken_port_is_named_with_another() {
    let scratch = Scratch::playbook();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    let run = scratch.run(&["up", "--listen", &format!("127.0.0.1:{port}")]);
    assert_eq!(run.code, 1);
    let hint = format!("choose another port, such as `--listen 127.0.0.1:{}`", port + 1);
    assert!(run.err.contains(&hint), "{run:?}");
}

#[test]
fn the_open_network_is_refused_without_tls() {
    let scratch = Scratch::playbook();
    expect![[r#"
        --- stderr
        error: refusing to listen on 0.0.0.0:7420 without TLS: anyone on the network could read sign-ins. Listen on 127.0.0.1, or give a certificate and key, or name the TLS proxy in front
        --- exit 1
    "#]].assert_eq(&scratch.council("up --listen 0.0.0.0:7420").shown());
}

#[test]
fn a_stranger_cannot_sign_in() {
    let scratch = Scratch::staffed();
    expect![[r#"
        --- stderr
        error: `anna` is not a person of this playbook; it declares ana, ben
          hint: list all with `council list person`, or leave `--as` out and choose later
        --- exit 1
    "#]]
    .assert_eq(&scratch.council("up --listen 127.0.0.1:0 --as anna").shown());
}
