//! How every command behaves: usage, colors, formats, closed pipes.

use std::process::Stdio;

use expect_test::expect;

use crate::support::Scratch;

#[test]
fn mistyped_commands_are_guessed() {
    let scratch = Scratch::empty();
    expect![[r#"
        --- stderr
        error: unrecognized subcommand 'chek'

          tip: some similar subcommands exist: 'schema', 'check'

        Usage: council [OPTIONS] <COMMAND>

        For more information, try '--help'.
        --- exit 2
    "#]]
    .assert_eq(&scratch.council("chek").shown());
}

#[test]
fn every_command_has_a_page_of_help() {
    let scratch = Scratch::empty();
    let help = scratch.council("--help");
    assert_eq!(help.code, 0);
    let is_command = |line: &&str| {
        let name = line.strip_prefix("  ").unwrap_or_default();
        name.starts_with(|first: char| first.is_ascii_lowercase())
    };
    let mut seen = 0;
    for line in help.out.lines().filter(is_command) {
        let name = line.split_whitespace().next().unwrap();
        let run = scratch.run(&[name, "--help"]);
        assert_eq!(run.code, 0, "{name}");
        assert!(run.out.contains(&format!("Usage: council {name}")), "{name}: {}", run.out);
        seen += 1;
    }
    assert!(seen > 10, "{}", help.out);
}

#[test]
fn versions_are_printed_for_people_and_machines() {
    let scratch = Scratch::empty();
    let version = env!("CARGO_PKG_VERSION");
    assert_eq!(scratch.council("--version").out, format!("council {version}\n"));
    assert_eq!(scratch.council("version --format json").json()["council"], version);
}

#[test]
fn errors_are_json_for_machines() {
    let scratch = Scratch::playbook();
    let run = scratch.council("show seat/nobody --format json");
    let error: serde_json::Value = serde_json::from_str(&run.err).unwrap();
    assert_eq!((run.code, run.out.as_str()), (1, ""));
    assert_eq!(error["error"], "failed");
    assert_eq!(error["message"], "the playbook declares no `seat/nobody`");
}

#[test]
fn a_format_for_check_alone_is_refused_elsewhere() {
    let scratch = Scratch::playbook();
    expect![[r#"
        --- stderr
        error: `--format sarif` is for `council check`
          hint: use `--format human` or `--format json` here
        --- exit 2
    "#]]
    .assert_eq(&scratch.council("list --format sarif").shown());
}

#[test]
fn color_is_for_whoever_asked_for_it() {
    let scratch = Scratch::playbook();
    assert!(!scratch.council("list").out.contains('\u{1b}'));
    assert!(scratch.council("list --color always").out.contains('\u{1b}'));
}

#[test]
fn a_reader_who_leaves_early_is_no_error() {
    let scratch = Scratch::empty();
    let mut child = scratch
        .command()
        .args(["explain", "--color", "never"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "");
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn completions_and_manual_pages_are_made() {
    let scratch = Scratch::empty();
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let run = scratch.run(&["completions", shell]);
        assert_eq!(run.code, 0, "{shell}");
        assert!(run.out.contains("explain"), "{shell}: {}", run.out);
    }
    let run = scratch.council("man --out man");
    assert_eq!(run.code, 0, "{run:?}");
    let page = std::fs::read_to_string(scratch.path().join("man/council-check.1")).unwrap();
    assert!(page.contains("Check the whole playbook"), "{page}");
    assert!(!scratch.path().join("man/council-reference.1").exists());
}
