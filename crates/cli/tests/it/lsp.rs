//! `council lsp`: one editor's session over standard input and output, from `initialize` to `exit`.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::process::{Child, ChildStdin, ChildStdout, Stdio};

use serde_json::{Value, json};

use crate::support::Scratch;

/// The editor's side of a connection.
struct Editor {
    child: Child,
    to: ChildStdin,
    from: BufReader<ChildStdout>,
    requests: u64,
}

impl Drop for Editor {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

impl Editor {
    fn start(scratch: &Scratch) -> Self {
        let mut command = scratch.command();
        command.arg("lsp").stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::inherit());
        let mut child = command.spawn().unwrap();
        let to = child.stdin.take().unwrap();
        let from = BufReader::new(child.stdout.take().unwrap());
        Self { child, to, from, requests: 0 }
    }

    fn send(&mut self, message: Value) {
        let text = message.to_string();
        write!(self.to, "Content-Length: {}\r\n\r\n{text}", text.len()).unwrap();
        self.to.flush().unwrap();
    }

    fn read(&mut self) -> Value {
        let mut length = 0;
        loop {
            let mut line = String::new();
            assert_ne!(self.from.read_line(&mut line).unwrap(), 0, "the server went away");
            if let Some(text) = line.strip_prefix("Content-Length: ") {
                length = text.trim().parse().unwrap();
            }
            if line == "\r\n" {
                break;
            }
        }
        let mut text = vec![0; length];
        self.from.read_exact(&mut text).unwrap();
        serde_json::from_slice(&text).unwrap()
    }

    fn notify(&mut self, method: &str, params: Value) {
        self.send(json!({ "jsonrpc": "2.0", "method": method, "params": params }));
    }

    /// Asks and waits for the answer; notifications that come first are passed over.
    fn ask(&mut self, method: &str, params: Value) -> Value {
        self.requests += 1;
        let id = self.requests;
        self.send(json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params }));
        loop {
            let message = self.read();
            if message["id"] == id {
                assert_eq!(message.get("error"), None, "{method}: {message}");
                return message["result"].clone();
            }
        }
    }

    /// Waits until a finding with this code is published for a file; what was published before is out of date.
    fn finding(&mut self, uri: &str, code: &str) -> Value {
        loop {
            let message = self.read();
            let is_wanted = message["method"] == "textDocument/publishDiagnostics"
                && message["params"]["uri"] == uri;
            let found = message["params"]["diagnostics"].as_array().into_iter().flatten();
            if let Some(found) = found.into_iter().find(|one| is_wanted && one["code"] == code) {
                return found.clone();
            }
        }
    }
}

#[test]
fn an_editor_opens_completes_follows_renames_and_leaves() {
    let scratch = Scratch::staffed();
    let root = format!("file://{}", scratch.path().display());
    let (seats, people) = (format!("{root}/seats.yaml"), format!("{root}/people.yaml"));
    let mut editor = Editor::start(&scratch);
    let offered = editor.ask("initialize", json!({ "rootUri": root, "capabilities": {} }));
    assert_eq!(offered["capabilities"]["definitionProvider"], true, "{offered}");
    editor.notify("initialized", json!({}));

    let text = std::fs::read_to_string(scratch.path().join("seats.yaml")).unwrap();
    let broken = text.replace("backup: ben", "backup: benn");
    let document = json!({ "uri": seats, "languageId": "yaml", "version": 1, "text": broken });
    editor.notify("textDocument/didOpen", json!({ "textDocument": document }));
    let dangling = editor.finding(&seats, "PLB040");
    assert_eq!(dangling["range"]["start"], json!({ "line": 8, "character": 10 }), "{dangling}");

    let at = |uri: &str, line: u32, character: u32| json!({ "textDocument": { "uri": uri }, "position": { "line": line, "character": character } });
    let completed = editor.ask("textDocument/completion", at(&seats, 8, 12)).to_string();
    assert!(completed.contains("\"newText\":\"ben\""), "{completed}");
    let declared = editor.ask("textDocument/definition", at(&seats, 7, 12));
    assert!(declared.to_string().contains("people.yaml"), "{declared}");
    let mut rename = at(&people, 2, 19);
    rename["newName"] = json!("anna");
    let edits = editor.ask("textDocument/rename", rename);
    let edited = edits["documentChanges"].as_array().unwrap();
    let files: Vec<_> = edited.iter().map(|file| file["textDocument"]["uri"].as_str()).collect();
    assert_eq!(files, [Some(&*people), Some(&*seats)], "{edits}");
    assert_eq!(edited[1]["edits"].as_array().unwrap().len(), 2, "both seats name her: {edits}");

    assert_eq!(editor.ask("shutdown", Value::Null), Value::Null);
    editor.notify("exit", Value::Null);
    assert!(editor.child.wait().unwrap().success());
}
