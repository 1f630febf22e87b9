//! An editor's day over the real protocol: diagnostics, completion, hover, navigation, rename, formatting.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::path::Path;
use std::thread::JoinHandle;

use lsp::{ServeError, serve_on};
use lsp_server::{Connection, Message, Notification, Request, RequestId, Response};
use playbook::{Facts, Ref, Vocabulary, kind};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};

/// Somebody.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Person {
    /// Where mail goes.
    #[expect(dead_code, reason = "only its schema is used")]
    email: String,
}
kind!(Person, "person");

/// People who work together.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "only its schema and references are used")]
struct Team {
    /// What the team does.
    profile: Profile,
    /// Who speaks for it.
    lead: Option<Ref<Person>>,
    /// Who works in it.
    #[serde(default)]
    members: Vec<Ref<Person>>,
}
kind!(Team, "team");

#[derive(Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum Profile {
    /// Services.
    Backend,
    /// Pipelines.
    Data,
}

struct Editor {
    connection: Connection,
    server: JoinHandle<Result<(), ServeError>>,
    root: tempfile::TempDir,
    next: i32,
}

const PEOPLE: &str = "apiVersion: council/v1\nkind: Person\nmetadata: { name: ana, title: Ana }\nspec: { email: ana@example.org }\n";
const TEAM: &str = "apiVersion: council/v1\nkind: Team\nmetadata: { name: core }\nspec:\n  profile: backend\n  lead: person/ana\n  members: [ana]\n";

impl Editor {
    fn open() -> Self {
        let root = tempfile::tempdir().unwrap();
        std::fs::write(root.path().join("council.yaml"), "").unwrap();
        std::fs::write(root.path().join("people.yaml"), PEOPLE).unwrap();
        std::fs::write(root.path().join("team.yaml"), TEAM).unwrap();
        let (ours, theirs) = Connection::memory();
        let vocabulary = Vocabulary::new().kind::<Person>().kind::<Team>();
        let clock = || Facts { today: "2026-11-22".parse().unwrap() };
        let server = std::thread::spawn(move || serve_on(&theirs, vocabulary, clock));
        let mut editor = Self { connection: ours, server, root, next: 0 };
        let folder = editor.uri("");
        editor
            .ask(
                "initialize",
                json!({ "capabilities": {}, "workspaceFolders": [{ "uri": folder, "name": "p" }] }),
            )
            .unwrap();
        editor.tell("initialized", json!({}));
        editor
    }

    fn uri(&self, file: &str) -> String {
        let path: &Path = self.root.path();
        format!("file://{}", path.join(file).display())
    }

    fn tell(&self, method: &str, params: Value) {
        self.connection
            .sender
            .send(Message::Notification(Notification::new(method.to_owned(), params)))
            .unwrap();
    }

    /// The server's next message; a server that says nothing fails the test instead of hanging it.
    fn next_message(&self) -> Message {
        self.connection
            .receiver
            .recv_timeout(std::time::Duration::from_secs(60))
            .expect("the server is silent")
    }

    /// Sends a request and waits for its answer; notifications on the way are passed over.
    fn ask(&mut self, method: &str, params: Value) -> Result<Value, String> {
        self.next += 1;
        let id = RequestId::from(self.next);
        self.connection
            .sender
            .send(Message::Request(Request::new(id.clone(), method.to_owned(), params)))
            .unwrap();
        loop {
            if let Message::Response(Response { id: answered, response_result }) =
                self.next_message()
            {
                assert_eq!(answered, id);
                return response_result.map_err(|error| error.message);
            }
        }
    }

    /// Asks about the place of a word in a file's text.
    fn ask_at(
        &mut self,
        method: &str,
        file: &str,
        text: &str,
        word: &str,
        more: &Value,
    ) -> Result<Value, String> {
        let at = text.find(word).unwrap() + word.len();
        let line = text.get(..at).unwrap().matches('\n').count();
        let character = at - text.get(..at).unwrap().rfind('\n').map_or(0, |at| at + 1);
        let mut params = json!({ "textDocument": { "uri": self.uri(file) }, "position": { "line": line, "character": character } });
        params.as_object_mut().unwrap().extend(more.as_object().cloned().unwrap_or_default());
        self.ask(method, params)
    }

    fn change(&self, file: &str, text: &str) {
        let uri = self.uri(file);
        self.tell("textDocument/didOpen", json!({ "textDocument": { "uri": uri, "languageId": "yaml", "version": 1, "text": "" } }));
        let document = json!({ "uri": uri, "version": 2 });
        self.tell(
            "textDocument/didChange",
            json!({ "textDocument": document, "contentChanges": [{ "text": text }] }),
        );
    }

    /// Labels of the completion at the end of a text.
    fn completions(&mut self, text: &str) -> Vec<String> {
        self.change("team.yaml", text);
        let end = text.trim_end_matches('\n');
        let answer =
            self.ask_at("textDocument/completion", "team.yaml", text, end, &json!({})).unwrap();
        let mut items = answer.as_array().unwrap().clone();
        items.sort_by_key(|item| {
            item["sortText"].as_str().or(item["label"].as_str()).unwrap().to_owned()
        });
        items.iter().map(|item| item["label"].as_str().unwrap().to_owned()).collect()
    }

    /// Waits until the editor is told about a file, and returns the messages.
    fn diagnostics(&self, file: &str) -> Vec<String> {
        let uri = self.uri(file);
        loop {
            let Message::Notification(note) = self.next_message() else {
                continue;
            };
            if note.params["uri"] == json!(uri) {
                let all = note.params["diagnostics"].as_array().unwrap().iter();
                return all
                    .map(|one| one["message"].as_str().unwrap().lines().next().unwrap().to_owned())
                    .collect();
            }
        }
    }

    fn close(mut self) {
        self.ask("shutdown", Value::Null).unwrap();
        self.tell("exit", Value::Null);
        self.server.join().unwrap().unwrap();
    }
}

#[test]
fn a_dangling_reference_is_shown_and_cleared_when_mended() {
    let editor = Editor::open();
    editor.change("team.yaml", &TEAM.replace("person/ana", "person/anna"));
    // The empty text of the opening is told first.
    let mut told = std::iter::repeat_with(|| editor.diagnostics("team.yaml"));
    let dangling = told.find(|messages| messages.iter().any(|message| message.contains("anna")));
    assert_eq!(dangling.map(|messages| messages.len()), Some(1));
    editor.change("team.yaml", TEAM);
    assert_eq!(told.find(Vec::is_empty), Some(Vec::new()));
    editor.close();
}

#[test]
fn completion_knows_envelope_kinds_fields_values_and_references() {
    let mut editor = Editor::open();
    assert_eq!(editor.completions("ap"), ["apiVersion"]);
    assert_eq!(editor.completions("apiVersion: council/v1\nkind: "), ["Person", "Team"]);
    let head = "apiVersion: council/v1\nkind: Team\nmetadata: { name: x }\nspec:\n";
    assert_eq!(editor.completions(&format!("{head}  ")), ["profile", "lead", "members"]);
    assert_eq!(editor.completions(&format!("{head}  profile: ")), ["backend", "data"]);
    assert_eq!(editor.completions(&format!("{head}  lead: ")), ["ana"]);
    assert_eq!(editor.completions(&format!("{head}  members: [a")), ["ana"]);
    editor.close();
}

#[test]
fn hover_says_what_a_field_means_and_what_a_reference_is() {
    let mut editor = Editor::open();
    let field = editor.ask_at("textDocument/hover", "team.yaml", TEAM, "prof", &json!({})).unwrap();
    assert!(
        field["contents"]["value"].as_str().unwrap().contains("What the team does."),
        "{field}"
    );
    let reference =
        editor.ask_at("textDocument/hover", "team.yaml", TEAM, "person/a", &json!({})).unwrap();
    assert!(
        reference["contents"]["value"].as_str().unwrap().contains("used 2 times"),
        "{reference}"
    );
    editor.close();
}

#[test]
fn definition_and_references_lead_both_ways() {
    let mut editor = Editor::open();
    let people = editor.uri("people.yaml");
    let definition = editor
        .ask_at("textDocument/definition", "team.yaml", TEAM, "person/an", &json!({}))
        .unwrap();
    assert_eq!(
        (&definition["uri"], &definition["range"]["start"]["line"]),
        (&json!(people), &json!(2))
    );
    let context = json!({ "context": { "includeDeclaration": false } });
    let references = editor
        .ask_at("textDocument/references", "people.yaml", PEOPLE, "name: an", &context)
        .unwrap();
    assert_eq!(references.as_array().unwrap().len(), 2);
    editor.close();
}

#[test]
fn rename_changes_the_declaration_and_every_reference_but_not_their_kind() {
    let mut editor = Editor::open();
    let edit = editor
        .ask_at(
            "textDocument/rename",
            "team.yaml",
            TEAM,
            "person/an",
            &json!({ "newName": "mira" }),
        )
        .unwrap();
    let mut changed = Vec::new();
    for file in edit["documentChanges"].as_array().unwrap() {
        for edit in file["edits"].as_array().unwrap() {
            let start = &edit["range"]["start"];
            changed.push((
                start["line"].as_u64().unwrap(),
                start["character"].as_u64().unwrap(),
                edit["newText"].as_str().unwrap().to_owned(),
            ));
        }
    }
    let mira = String::from("mira");
    assert_eq!(changed, [(2, 18, mira.clone()), (5, 15, mira.clone()), (6, 12, mira)]);
    let refused = editor.ask_at(
        "textDocument/rename",
        "team.yaml",
        TEAM,
        "person/an",
        &json!({ "newName": "Mira B" }),
    );
    assert!(refused.unwrap_err().contains("`Mira B` is not a name"));
    editor.close();
}

#[test]
fn formatting_answers_edits_and_refuses_what_is_no_yaml() {
    let mut editor = Editor::open();
    let params = json!({ "textDocument": { "uri": editor.uri("team.yaml") }, "options": { "tabSize": 2, "insertSpaces": true } });
    editor.change("team.yaml", "kind:   Team\napiVersion: council/v1\n");
    let edits = editor.ask("textDocument/formatting", params.clone()).unwrap();
    assert_eq!(edits[0]["newText"], "apiVersion: council/v1\nkind: Team\n");
    editor.change("team.yaml", "kind: [\n");
    assert!(
        editor
            .ask("textDocument/formatting", params)
            .unwrap_err()
            .starts_with("not formatted: line")
    );
    editor.close();
}

#[test]
fn symbols_list_what_a_file_declares_and_search_finds_titles() {
    let mut editor = Editor::open();
    let uri = editor.uri("people.yaml");
    let symbols = editor
        .ask("textDocument/documentSymbol", json!({ "textDocument": { "uri": uri } }))
        .unwrap();
    assert_eq!(symbols[0]["name"], "person/ana");
    let found = editor.ask("workspace/symbol", json!({ "query": "cor" })).unwrap();
    assert_eq!(found[0]["name"], "team/core");
    editor.close();
}

#[test]
fn requests_that_make_no_sense_are_answered_and_not_fatal() {
    let mut editor = Editor::open();
    assert!(editor.ask("textDocument/hover", json!({ "wrong": 1 })).is_err());
    assert!(editor.ask("no/such/method", json!({})).unwrap_err().contains("no/such/method"));
    let elsewhere = json!({ "textDocument": { "uri": "file:///elsewhere.yaml" }, "position": { "line": 0, "character": 0 } });
    assert_eq!(editor.ask("textDocument/hover", elsewhere), Ok(Value::Null));
    editor.close();
}
