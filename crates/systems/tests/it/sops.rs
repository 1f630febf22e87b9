//! SOPS files: ours under the real `sops`, and its own here.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use secrecy::{ExposeSecret as _, SecretString};
use systems::secrets::age::Identity;
use systems::secrets::sops::{SopsError, SopsFile, Unlocked};

use crate::tools;

const PLAIN: &str = "\
# Where the orders are kept.
database:
    user: orders
    password: canary-one
    port: 5432
    ratio: 0.25
    tls: true
    nothing: null
    empty: \"\"
    # Two of them, for rotation.
    tokens:
        - canary-two
        - canary-three
    long: |
        -----BEGIN-----
        canary-four
hosts_unencrypted:
    - db-1.internal
    - 17
    - 1.50
    - false
    - 2026-11-22
";

struct Stage {
    folder: tempfile::TempDir,
    sops: PathBuf,
    identity: Identity,
}

impl Stage {
    /// A folder with a key; `None` without the real program.
    fn new(purpose: &str) -> Option<Self> {
        let sops = tools::python("sops", purpose)?;
        let folder = tempfile::tempdir().unwrap();
        let identity = Identity::generate().unwrap();
        std::fs::write(folder.path().join("key.txt"), identity.to_secret_text().as_bytes())
            .unwrap();
        Some(Self { folder, sops, identity })
    }

    /// Runs the real program and returns what it prints.
    fn sops(&self, arguments: &[&str]) -> String {
        let output = Command::new(&self.sops)
            .arg("--disable-version-check")
            .args(arguments)
            .current_dir(self.folder.path())
            .env("SOPS_AGE_KEY_FILE", self.folder.path().join("key.txt"))
            .env("HOME", self.folder.path())
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let complaint = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "sops {arguments:?}: {complaint}");
        String::from_utf8(output.stdout).unwrap()
    }

    /// Encrypts a text with the real program.
    fn encrypt(&self, name: &str, text: &str, options: &[&str]) -> String {
        std::fs::write(self.folder.path().join(name), text).unwrap();
        let recipient = self.identity.recipient().to_string();
        self.sops(&[&["encrypt", "--age", &recipient], options, &[name]].concat())
    }

    /// Decrypts a text with the real program, as JSON.
    fn decrypt(&self, name: &str, text: &str) -> serde_json::Value {
        std::fs::write(self.folder.path().join(name), text).unwrap();
        serde_json::from_str(&self.sops(&["decrypt", "--output-type", "json", name])).unwrap()
    }

    fn unlock(&self, text: &str) -> Result<Unlocked, SopsError> {
        SopsFile::parse(text)?.unlock(std::slice::from_ref(&self.identity))
    }
}

fn value(file: &Unlocked, path: &str) -> String {
    file.get(path).map(|value| value.expose_secret().to_owned()).unwrap_or_default()
}

fn now() -> jiff::Timestamp {
    "2026-11-22T19:00:00Z".parse().unwrap()
}

#[test]
fn files_of_the_real_program_are_read_in_every_type_and_selection() {
    let Some(stage) = Stage::new("SOPS files of the real program") else { return };
    let selections: [&[&str]; 4] = [
        &[],
        &["--encrypted-regex", "password|tokens"],
        &["--unencrypted-regex", "^(user|hosts_unencrypted)$"],
        &["--encrypted-suffix", "word"],
    ];
    for selection in selections {
        let sealed = stage.encrypt("a.yaml", PLAIN, selection);
        assert!(!sealed.contains("canary-one"), "{selection:?}");
        let file = stage.unlock(&sealed).unwrap_or_else(|error| panic!("{selection:?}: {error}"));
        let read = ["user", "password", "port", "ratio", "tls", "tokens.1"]
            .map(|field| value(&file, &format!("database.{field}")));
        // Where it stays readable, a boolean has SOPS's spelling all the same.
        assert_eq!(read, ["orders", "canary-one", "5432", "0.25", "True", "canary-three"]);
        assert_eq!(value(&file, "database.long"), "-----BEGIN-----\ncanary-four\n");
        assert!(!format!("{file:?}").contains("canary"), "{file:?}");
    }
    let json =
        r#"{"database": {"password": "canary-one", "port": 5432, "list": [true, null, "x"]}}"#;
    let file = stage.unlock(&stage.encrypt("a.json", json, &[])).unwrap();
    assert_eq!(value(&file, "database.password"), "canary-one");
    assert_eq!(value(&file, "database.port"), "5432");
}

#[test]
fn what_is_set_here_is_read_by_the_real_program_and_nothing_else_changes() {
    let Some(stage) = Stage::new("SOPS files that were changed here") else { return };
    let sealed = stage.encrypt("a.yaml", PLAIN, &[]);
    let set = |text: &str, path: &str, new: &str| {
        let file = stage.unlock(text).unwrap();
        file.set(path, &SecretString::from(new), now())
            .unwrap_or_else(|error| panic!("{path}: {error}"))
    };
    let changed = set(&sealed, "database.password", "canary-five");
    let differing = sealed.lines().zip(changed.lines()).filter(|(old, new)| old != new).count();
    assert_eq!(differing, 3, "the value, the code and the time:\n{changed}");
    let changed = set(&changed, "database.port", "6432");
    let changed = set(&changed, "database.tokens.0", "canary-six");
    let changed = set(&changed, "database.replica", "canary-seven: #");
    let changed = set(&changed, "top", "canary-eight");
    assert!(!changed.contains("canary-"), "{changed}");
    let opened = stage.decrypt("b.yaml", &changed);
    assert_eq!(opened["database"]["password"], "canary-five");
    assert_eq!(opened["database"]["port"], 6432, "it is still a number");
    assert_eq!(opened["database"]["tokens"], serde_json::json!(["canary-six", "canary-three"]));
    assert_eq!(opened["database"]["replica"], "canary-seven: #");
    assert_eq!(opened["top"], "canary-eight");
    assert_eq!(value(&stage.unlock(&changed).unwrap(), "top"), "canary-eight");
}

#[test]
fn json_files_can_be_changed_too() {
    let Some(stage) = Stage::new("SOPS files in JSON that were changed here") else { return };
    let sealed = stage.encrypt("a.json", r#"{"a": {"b": "canary-one"}, "c": "x"}"#, &[]);
    let file = stage.unlock(&sealed).unwrap();
    let changed = file.set("a.d", &"canary \"two\"".into(), now()).unwrap();
    let changed = stage.unlock(&changed).unwrap().set("a.b", &"canary-3".into(), now()).unwrap();
    let opened = stage.decrypt("b.json", &changed);
    assert_eq!(opened["a"], serde_json::json!({"b": "canary-3", "d": "canary \"two\""}));
}

#[test]
fn a_file_that_was_changed_without_the_key_is_refused() {
    let Some(stage) = Stage::new("SOPS files that somebody tampered with") else { return };
    let sealed = stage.encrypt("a.yaml", PLAIN, &[]);
    let readable = sealed.replace("db-1.internal", "db-2.internal");
    assert_eq!(stage.unlock(&readable).unwrap_err(), SopsError::Changed);
    let line = |start: &str| sealed.lines().find(|line| line.trim().starts_with(start)).unwrap();
    let moved = sealed.replace(line("user:"), &line("password:").replace("password", "user"));
    assert_eq!(stage.unlock(&moved).unwrap_err(), SopsError::Value("database.user".to_owned()));
    let removed = sealed.replace(&format!("{}\n", line("port:")), "");
    assert_eq!(stage.unlock(&removed).unwrap_err(), SopsError::Changed);
    let plain = sealed.replace(line("user:"), "    user: nobody");
    assert!(matches!(stage.unlock(&plain).unwrap_err(), SopsError::Value(_)));
}

#[test]
fn what_cannot_be_set_says_why() {
    let Some(stage) = Stage::new("SOPS files that cannot be changed") else { return };
    let file = stage.unlock(&stage.encrypt("a.yaml", PLAIN, &[])).unwrap();
    for (path, expected) in [
        ("hosts_unencrypted.0", "is kept readable by the file's own rules"),
        ("database", "is not one value"),
        ("nowhere.password", "there is no `nowhere` in the file"),
        ("sops.mac", "is not a place for a value"),
        ("database.tokens.7", "is in no map"),
    ] {
        let error = file.set(path, &"canary".into(), now()).unwrap_err().to_string();
        assert!(error.contains(expected), "{path}: {error}");
        assert!(!error.contains("canary"));
    }
}

#[test]
fn a_stranger_is_told_who_can_open_it() {
    let Some(stage) = Stage::new("SOPS files of others") else { return };
    let sealed = stage.encrypt("a.yaml", "a: canary\n", &[]);
    let stranger = Identity::generate().unwrap();
    let error = SopsFile::parse(&sealed).unwrap().unlock(&[stranger]).unwrap_err().to_string();
    let recipient = stage.identity.recipient().to_string();
    assert_eq!(error, format!("no age key of ours opens it; it can be opened by: age {recipient}"));
}

#[test]
fn published_examples_name_the_keys_that_open_them() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/specs/sops");
    if !folder.is_dir() {
        println!("LEFT OUT: published SOPS files: `../shared` is not there");
        return;
    }
    for name in ["example.yaml", "example.json", "comments.enc.yaml"] {
        let text = std::fs::read_to_string(folder.join(name)).unwrap();
        let file = SopsFile::parse(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
        let keepers: Vec<String> =
            file.metadata().keepers.iter().map(ToString::to_string).collect();
        assert!(keepers.iter().any(|keeper| keeper.starts_with("PGP ")), "{name}: {keepers:?}");
        let error = file.unlock(&[Identity::generate().unwrap()]).unwrap_err();
        assert!(matches!(error, SopsError::Locked { .. }), "{name}: {error}");
    }
}

#[test]
fn what_is_no_sops_file_says_so() {
    for (text, expected) in [
        ("a: 1\n", "has no `sops` section"),
        ("a: [", "is no YAML or JSON"),
        ("sops: {}\n", "has no authentication code"),
        ("sops: {mac: x, lastmodified: yesterday}\n", "is no time"),
        ("a: 1\n---\nb: 2\n", "holds several documents"),
    ] {
        let error = SopsFile::parse(text).unwrap_err().to_string();
        assert!(error.contains(expected), "{text:?}: {error}");
    }
}
