//! A change that carries a secret, from the plan to the target: the secret reaches whom it is for, and nothing that the
//! system writes.
//!
//! The target is an HTTP endpoint whose token stands in the server's environment; at first it refuses, and repeats what it
//! was sent, as careless servers do. Then everything is searched: data directory, rendered files, logs at their most
//! talkative, what commands and API say, the exported ledger.

use std::fs::File;
use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpListener;
use std::path::Path;
use std::process::Stdio;
use std::sync::mpsc;

use crate::support::{Run, Scratch};
use crate::up::Server;

/// What must be found nowhere, each as it would stand in the environment of the server.
const CANARIES: [(&str, &str); 4] = [
    ("RELOAD_TOKEN", "canary-of-the-reload-4f9a2b7c"),
    ("VAULT_TOKEN", "canary-of-the-vault-91d0e3aa"),
    ("SOPS_AGE_KEY", "AGE-SECRET-KEY-1CANARY0000000000000000000000000000"),
    ("COUNCIL_FORGE_TOKEN", "canary-of-the-forge-77b1c2d3"),
];

/// An endpoint that refuses once, and says for each request whether the token came along.
fn endpoint() -> (String, mpsc::Receiver<bool>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let (tell, told) = mpsc::channel();
    std::thread::spawn(move || {
        for (turn, stream) in listener.incoming().enumerate() {
            let mut stream = stream.unwrap();
            let lines = BufReader::new(stream.try_clone().unwrap()).lines();
            let head: Vec<String> =
                lines.map_while(Result::ok).take_while(|line| !line.is_empty()).collect();
            let token = head.iter().find(|line| line.contains(CANARIES[0].1)).cloned();
            let (status, body) = match (turn, &token) {
                (0, Some(token)) => ("403 Forbidden", format!("I do not know {token}")),
                (_, Some(_)) => ("200 OK", String::new()),
                (_, None) => ("401 Unauthorized", String::new()),
            };
            let length = body.len();
            let answer = format!(
                "HTTP/1.1 {status}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}"
            );
            stream.write_all(answer.as_bytes()).unwrap();
            if tell.send(token.is_some()).is_err() {
                return;
            }
        }
    });
    (address, told)
}

fn playbook(scratch: &Scratch, endpoint: &str) {
    scratch.write(
        "target.yaml",
        format!(
            "\
apiVersion: council/v1
kind: Target
metadata: {{ name: switches }}
spec:
  via: {{ http: {{ path: switches, reload: '{endpoint}/reload', token_from: RELOAD_TOKEN }} }}
  owner: network-security
  artefacts: [{{ name: network/vlans, to: vlans.yaml }}]
---
apiVersion: council/v1
kind: Vlan
metadata: {{ name: mgmt }}
spec: {{ id: 10, purpose: Administration., subnets: [10.10.0.0/22], owner: network-security }}
"
        ),
    );
    scratch.write("cleo.yaml", "apiVersion: council/v1\nkind: Person\nmetadata: { name: cleo }\nspec: { email: cleo@example.org }\n---\napiVersion: council/v1\nkind: Team\nmetadata: { name: tools }\nspec: { profile: backend, members: [cleo] }\n");
}

fn by(scratch: &Scratch, person: &str, arguments: &[&str]) -> Run {
    let mut command = scratch.command();
    command.env("XDG_CONFIG_HOME", scratch.path().join(person)).args(arguments);
    Run::of(&command.output().unwrap(), scratch.path())
}

#[track_caller]
fn search(place: &str, bytes: &[u8]) {
    for (name, secret) in CANARIES {
        let found = bytes.windows(secret.len()).any(|window| window == secret.as_bytes());
        assert!(!found, "{place} holds the value of {name}");
    }
}

fn search_files(directory: &Path) -> usize {
    let mut files = 0;
    for entry in std::fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files += search_files(&path);
        } else {
            search(&path.display().to_string(), &std::fs::read(&path).unwrap());
            files += 1;
        }
    }
    files
}

#[test]
fn a_secret_reaches_whom_it_is_for_and_nothing_else() {
    let (address, told) = endpoint();
    let scratch = Scratch::staffed();
    playbook(&scratch, &address);
    let log = scratch.path().join("server.log");
    let sink = File::create(&log).unwrap();
    let server = Server::start_with(&scratch, |command| {
        command.envs(CANARIES).env("COUNCIL_LOG", "trace").stderr(Stdio::from(sink));
    });
    let mut said = String::new();
    let mut run = |person: &str, arguments: &[&str], code: i32| {
        let run = by(&scratch, person, arguments);
        assert_eq!(run.code, code, "{person} {arguments:?}: {run:?}");
        said.push_str(&run.shown());
        run
    };
    for person in ["cleo", "ana"] {
        // Links let people in and are not looked for here.
        let link = by(&scratch, person, &["invite", person]).out;
        run(person, &["login", link.trim()], 0);
    }
    let words = ["--description", "x", "--risk", "x", "--rollback", "x", "--submit"];
    run("cleo", &[&["change", "draft", "Switches"], &words[..]].concat(), 0);
    run("ana", &["approve", "CHG-2026-0001", "--seat", "network-security"], 0);
    let refused = run("cleo", &["apply", "CHG-2026-0001"], 1);
    assert!(told.recv().unwrap(), "the endpoint was sent its token");
    assert!(refused.err.contains("403"), "the refusal is told: {refused:?}");
    run("cleo", &["apply", "CHG-2026-0001"], 0);
    assert!(told.recv().unwrap());
    for arguments in [
        &["change", "show", "CHG-2026-0001", "--format", "json"][..],
        &["change", "show", "CHG-2026-0001", "--steps"],
        &["plan", "--format", "json"],
        &["drift", "--now", "--format", "json"],
        &["change", "list", "--all", "--format", "json"],
    ] {
        run("cleo", arguments, 0);
    }
    server.stop();
    run("cleo", &["ledger", "show", "--format", "json"], 0);
    run("cleo", &["ledger", "export", "ledger.jsonl"], 0);
    search("what commands said", said.as_bytes());
    assert!(std::fs::metadata(&log).unwrap().len() > 10_000, "the log says much");
    assert!(scratch.path().join(".council/switches/vlans.yaml").is_file());
    assert!(search_files(scratch.path()) > 15, "ledger, plans, logs and files were searched");
}
