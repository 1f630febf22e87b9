//! `council secrets`: what is found, what is told, and that no value gets anywhere.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use expect_test::expect;
use systems::secrets::age::Identity;

use crate::support::{Run, Scratch};
use crate::tools;

const POLICY: &str = "\
apiVersion: council/v1
kind: SecretPolicy
metadata: { name: secrets }
spec:
  rotate_every: 90d
  access: Whoever runs a service.
  exceptions:
    - { path: tests/**, rule: password, reason: Made for the tests., owner: seat/finops, expires: 2026-12-31 }
    - { path: gone/**, reason: Long gone., owner: seat/finops, expires: 2026-12-31 }
";

fn stage() -> Scratch {
    let scratch = Scratch::staffed();
    scratch.write("policy.yaml", POLICY);
    scratch
}

#[test]
fn plain_text_is_found_where_it_stands_and_never_shown() {
    let scratch = stage();
    scratch.write("app/settings.env", "PORT=80\nDB_PASSWORD=canary-Pa55word\n");
    scratch.write("tests/fixture.env", "DB_PASSWORD=canary-Pa55word\n");
    let run = scratch.council("secrets scan");
    expect![[r#"
        --- stdout
        error[SCN001]: a password of 15 characters stands in plain text (rule `password`, fingerprint b933dbab)
         --> app/settings.env:2:13
          |
        2 | DB_PASSWORD=***************
          |             ^^^^^^^^^^^^^^^ whoever can read the file knows it, and so does every copy of it
          |
          = help: change it where it is used, remove it here, and keep it in Vault or SOPS; an exception of the secret policy excuses what only looks like a secret

        --- stderr
        the exception `gone/**` for every rule, until 2026-12-31 excuses nothing any more
        1 secret in plain text, 1 excused
        --- exit 1
    "#]]
    .assert_eq(&run.shown());
    for format in ["json", "sarif", "github", "gitlab"] {
        let run = scratch.run(&["secrets", "scan", "--format", format]);
        assert_eq!(run.code, 1, "{format}");
        assert!(run.out.contains("settings.env") && !run.shown().contains("canary"), "{run:?}");
    }
}

#[test]
fn a_diff_is_looked_at_line_by_line() {
    let scratch = stage();
    let diff = "--- a/x\n+++ b/app.env\n@@ -4,1 +4,2 @@\n A=1\n+DB_PASSWORD=canary-Pa55word\n";
    let run = piped(&scratch, &["secrets", "scan", "--diff"], diff, &[]);
    expect![[r#"
        --- stdout
        app.env:5 a password of 15 characters (password, b933dbab)
        --- stderr
        1 secret in plain text, 0 excused
        --- exit 1
    "#]]
    .assert_eq(&run.shown());
    assert_eq!(piped(&scratch, &["secrets", "scan", "--diff"], "", &[]).code, 0);
}

fn piped(scratch: &Scratch, arguments: &[&str], input: &str, variables: &[(&str, &str)]) -> Run {
    let mut child = scratch
        .command()
        .args(arguments)
        .envs(variables.iter().copied())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    Run::of(&child.wait_with_output().unwrap(), scratch.path())
}

#[test]
fn ages_are_told_and_what_is_due_is_a_finding() {
    let scratch = stage();
    let secret = |name: &str, rotated: &str| {
        format!(
            "---\napiVersion: council/v1\nkind: Secret\nmetadata: {{ name: {name} }}\nspec: {{ purpose: x, owner: seat/finops, kept_in: {{ kms: {{ key: arn-1 }} }}, last_rotated: {rotated} }}\n"
        )
    };
    scratch.write(
        "secrets.yaml",
        [secret("old", "2026-01-01"), secret("young", "2026-11-01")].concat(),
    );
    expect![[r#"
        --- stdout
        Secret  State    Due         Changed     Owner        Kept in
        old     overdue  2026-04-01  2026-01-01  seat/finops  KMS arn-1
        young   fresh    2027-01-30  2026-11-01  seat/finops  KMS arn-1
        --- exit 1
    "#]]
    .assert_eq(&scratch.council("secrets status").shown());
}

/// Encrypts a text with the real program for a key, which is returned as it would stand in a file.
fn encrypted(scratch: &Scratch, sops: &Path, text: &str) -> String {
    let identity = Identity::generate().unwrap();
    let plain = tempfile::tempdir().unwrap();
    std::fs::write(plain.path().join("plain.yaml"), text).unwrap();
    let output = Command::new(sops)
        .args(["--disable-version-check", "encrypt", "--age"])
        .args([identity.recipient().to_string().as_str(), "plain.yaml"])
        .current_dir(plain.path())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    scratch.write("secrets/db.sops.yaml", output.stdout);
    identity.to_secret_text().to_string()
}

#[test]
fn a_value_is_read_and_set_without_plain_text_anywhere() {
    let Some(sops) = tools::python("sops", "secrets beside the real SOPS") else { return };
    let scratch = stage();
    let key = encrypted(&scratch, &sops, "db:\n    user: orders\n    password: canary-1\n");
    let file = "secrets/db.sops.yaml";
    let with_key = [("SOPS_AGE_KEY", key.as_str())];
    let run = |arguments: &[&str], input: &str| piped(&scratch, arguments, input, &with_key);
    assert_eq!(run(&["secrets", "read", file], "").out, "db.user\ndb.password\n");
    assert_eq!(run(&["secrets", "read", file, "db.password"], "").out, "canary-1\n");
    let set = run(&["secrets", "set", file, "db.password"], "canary-2\n");
    assert_eq!(
        set.shown(),
        "--- stderr\nset `db.password` of `secrets/db.sops.yaml`\n--- exit 0\n"
    );
    assert_eq!(run(&["secrets", "read", file, "db.password"], "").out, "canary-2\n");
    let typo = run(&["secrets", "read", file, "db.pasword"], "");
    assert!(typo.err.contains("did you mean `db.password`?"), "{typo:?}");
    let locked = scratch.run(&["secrets", "read", file]);
    assert_eq!(locked.code, 1);
    assert!(locked.err.contains("there is no age key"), "{locked:?}");
}

#[test]
fn no_canary_gets_into_anything_that_is_written() {
    let Some(sops) = tools::python("sops", "canaries in everything that is written") else {
        return;
    };
    let scratch = stage();
    let key = encrypted(&scratch, &sops, "db:\n    password: canary-in-sops\n");
    scratch.write("secret.yaml", "apiVersion: council/v1\nkind: Secret\nmetadata: { name: db }\nspec: { purpose: x, owner: seat/finops, kept_in: { sops: { file: secrets/db.sops.yaml } } }\n");
    let variables = [
        ("SOPS_AGE_KEY", key.as_str()),
        ("VAULT_TOKEN", "canary-vault-token"),
        ("VAULT_ADDR", "http://127.0.0.1:9"),
        ("COUNCIL_TOKEN", "canary-council-token"),
        ("COUNCIL_URL", "http://127.0.0.1:9"),
    ];
    let commands: [&[&str]; 9] = [
        &["check", "--format", "json"],
        &["list", "--format", "json"],
        &["show", "secret/db"],
        &["secrets", "scan"],
        &["secrets", "status", "--format", "json"],
        &["secrets", "read", "secrets/db.sops.yaml", "--format", "json"],
        &["inventory", "--list"],
        &["doc"],
        &["today"],
    ];
    let mut written = String::new();
    for command in commands {
        written.push_str(&piped(&scratch, command, "", &variables).shown());
    }
    let set = ["secrets", "set", "secrets/db.sops.yaml", "db.password"];
    written.push_str(&piped(&scratch, &set, "canary-that-was-set", &variables).shown());
    let broken = ["secrets", "set", "secrets/db.sops.yaml", "nowhere.at.all"];
    written.push_str(&piped(&scratch, &broken, "canary-that-was-not", &variables).shown());
    for file in files(scratch.path()) {
        written.push_str(&String::from_utf8_lossy(&std::fs::read(file).unwrap()));
    }
    assert!(written.contains("set `db.password`"), "the commands did run: {written}");
    assert!(!written.contains("canary"), "{written}");
    assert!(!written.contains(&key), "the key was written");
}

fn files(below: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(below).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found
}
