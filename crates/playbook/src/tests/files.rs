//! Files that are not what they seem: sizes, links, pipes, encodings.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use super::{describe, facts, vocabulary};
use crate::Workspace;

const PERSON: &str =
    "apiVersion: council/v1\nkind: Person\nmetadata:\n  name: ana\nspec:\n  email: x\n";

/// Makes a directory, opens it as a playbook and describes what is found.
fn opened(make: impl Fn(&Path)) -> (Vec<String>, usize) {
    let directory = tempfile::tempdir().unwrap();
    let root = directory.path().join("playbook");
    fs::create_dir(&root).unwrap();
    make(&root);
    let workspace = Workspace::open(&root, Arc::new(vocabulary::vocabulary()));
    let found = workspace.check(&facts());
    (found.iter().map(|one| describe(&workspace, one)).collect(), workspace.model().len())
}

#[test]
fn a_file_of_a_gigabyte_is_not_read() {
    let (found, resources) = opened(|root| {
        let file = fs::File::create(root.join("big.yaml")).unwrap();
        file.set_len(1 << 30).unwrap();
        fs::write(root.join("a.yaml"), PERSON).unwrap();
    });
    assert_eq!((found, resources), (vec!["PLB003 big.yaml".to_owned()], 1));
}

#[test]
fn text_that_is_not_utf8_is_located() {
    let directory = tempfile::tempdir().unwrap();
    fs::write(directory.path().join("a.yaml"), b"a: 1\nb: \xff\n").unwrap();
    fs::write(directory.path().join("b.yaml"), b"\xff\xfea\0").unwrap();
    let workspace = Workspace::open(directory.path(), Arc::new(vocabulary::vocabulary()));
    let found = workspace.check(&facts());
    assert_eq!(found[0].why.as_deref(), Some("byte 8 (line 2) does not belong to any character"));
    assert_eq!(found[1].why.as_deref(), Some("it is UTF-16"));
    assert!(found.iter().all(|one| one.code.0 == "PLB004"));
}

#[test]
fn a_directory_called_like_a_file_is_reported_once() {
    let (found, resources) = opened(|root| {
        fs::create_dir_all(root.join("teams.yaml/inner")).unwrap();
        fs::write(root.join("teams.yaml/inner/a.yaml"), PERSON).unwrap();
    });
    assert_eq!((found, resources), (vec!["PLB002 teams.yaml".to_owned()], 0));
}

#[cfg(unix)]
#[test]
fn pipes_do_not_block() {
    let (found, resources) = opened(|root| {
        let made =
            std::process::Command::new("mkfifo").arg(root.join("pipe.yaml")).status().unwrap();
        assert!(made.success());
        fs::write(root.join("a.yaml"), PERSON).unwrap();
    });
    assert_eq!((found, resources), (vec!["PLB002 pipe.yaml".to_owned()], 1));
}

#[cfg(unix)]
#[test]
fn links_stay_inside_and_lead_somewhere() {
    use std::os::unix::fs::symlink;
    let (found, resources) = opened(|root| {
        fs::create_dir(root.join("inner")).unwrap();
        fs::write(root.join("inner/a.yaml"), PERSON).unwrap();
        fs::write(root.parent().unwrap().join("secret.yaml"), PERSON).unwrap();
        symlink("inner/a.yaml", root.join("fine.yaml")).unwrap();
        symlink("../secret.yaml", root.join("out.yaml")).unwrap();
        symlink("..", root.join("outer")).unwrap();
        symlink("..", root.join("inner/up")).unwrap();
        symlink("gone.yaml", root.join("gone.yaml.yaml")).unwrap();
        symlink("loop2.yaml", root.join("loop1.yaml")).unwrap();
        symlink("loop1.yaml", root.join("loop2.yaml")).unwrap();
    });
    let expected = ["gone.yaml.yaml", "inner/up", "loop1.yaml", "loop2.yaml", "out.yaml", "outer"];
    assert_eq!(found, expected.map(|file| format!("PLB006 {file}")));
    assert_eq!(resources, 1);
}

#[test]
fn what_is_not_the_playbooks_is_left_out() {
    let (found, resources) = opened(|root| {
        fs::create_dir_all(root.join("examples/other")).unwrap();
        fs::create_dir(root.join(".hidden")).unwrap();
        fs::write(root.join("examples/other/council.yaml"), "not ours").unwrap();
        fs::write(root.join(".hidden/a.yaml"), "not ours").unwrap();
        fs::write(root.join("compose.yaml"), "not ours").unwrap();
        fs::write(root.join("built.yaml"), "not ours").unwrap();
        fs::write(root.join(".councilignore"), "compose.yaml\n").unwrap();
        fs::write(root.join(".gitignore"), "built.yaml\n").unwrap();
        fs::write(root.join("a.yml"), PERSON).unwrap();
    });
    assert_eq!((found, resources), (Vec::new(), 1));
}

#[test]
fn a_root_that_is_not_there_is_reported() {
    let directory = tempfile::tempdir().unwrap();
    let workspace =
        Workspace::open(&directory.path().join("nowhere"), Arc::new(vocabulary::vocabulary()));
    assert_eq!(workspace.check(&facts())[0].code.0, "PLB002");
}

#[test]
fn an_overlay_hides_the_disk_until_it_is_forgotten() {
    let directory = tempfile::tempdir().unwrap();
    fs::write(directory.path().join("a.yaml"), PERSON).unwrap();
    let mut workspace = Workspace::open(directory.path(), Arc::new(vocabulary::vocabulary()));
    workspace.update("a.yaml", Some(PERSON.replace("ana", "bob")));
    assert!(workspace.is_overlay("a.yaml") && workspace.model().resource("person/bob").is_some());
    workspace.update("a.yaml", None);
    assert!(!workspace.is_overlay("a.yaml") && workspace.model().resource("person/ana").is_some());
    workspace.update("../outside.yaml", None);
    assert_eq!(workspace.files().len(), 1);
}

#[test]
fn looking_again_finds_what_opening_anew_would_find() {
    let person = |name: &str| {
        format!(
            "apiVersion: council/v1\nkind: Person\nmetadata: {{name: {name}}}\nspec: {{email: x}}\n"
        )
    };
    let directory = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| fs::write(directory.path().join(name), text).unwrap();
    write("kept.yaml", &person("kept"));
    write("gone.yaml", &person("gone"));
    write("edited.yaml", &person("before"));
    let vocabulary = Arc::new(vocabulary::vocabulary());
    let mut workspace = Workspace::open(directory.path(), vocabulary.clone());
    assert!(!workspace.rescan(&BTreeSet::new()), "nothing has changed");

    write("edited.yaml", &person("after"));
    write("new.yaml", &person("new"));
    fs::remove_file(directory.path().join("gone.yaml")).unwrap();
    // A directory that becomes a playbook of its own is left out, with what it holds.
    fs::create_dir(directory.path().join("other")).unwrap();
    write("other/council.yaml", &person("other"));
    std::os::unix::fs::symlink("/", directory.path().join("out")).unwrap();
    assert!(workspace.rescan(&BTreeSet::from(["edited.yaml".to_owned()])));

    let anew = Workspace::open(directory.path(), vocabulary);
    let names = |workspace: &Workspace| {
        workspace.model().resources().map(|one| one.id.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(names(&workspace), ["person/after", "person/kept", "person/new"]);
    assert_eq!(names(&workspace), names(&anew));
    assert_eq!(workspace.check(&facts()), anew.check(&facts()));
    assert!(!workspace.rescan(&BTreeSet::new()), "it is up to date");
}
