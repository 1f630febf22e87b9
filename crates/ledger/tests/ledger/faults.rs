//! Full disks and read-only places: one clear error, nothing lost, and on it goes when the fault is gone.
//!
//! A real small file system is best, and needs the right to mount one; where that is missing the tests say so and the
//! same is tried with SQLite's own page limit or with permission bits.

use std::path::{Path, PathBuf};
use std::process::Command;

use ledger::{Append, AppendError, Ledger, OpenError, Options, StoreError, Trust, verify_file};
use serde_json::json;

use crate::support::{at, draft, put, stream};

/// A file system of a few megabytes, unmounted at the end.
struct SmallDisk {
    directory: tempfile::TempDir,
}

impl SmallDisk {
    fn mount(options: &str) -> Option<Self> {
        let directory = tempfile::tempdir().unwrap();
        let disk = Self { directory };
        if disk.run("mount", &["-t", "tmpfs", "-o", options, "tmpfs"]) {
            return Some(disk);
        }
        println!("left out: mounting a small file system is not allowed here");
        None
    }

    fn run(&self, command: &str, arguments: &[&str]) -> bool {
        Command::new(command)
            .args(arguments)
            .arg(self.directory.path())
            .output()
            .is_ok_and(|output| output.status.success())
    }

    fn ledger(&self) -> PathBuf {
        self.directory.path().join("ledger.db")
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        self.run("umount", &[]);
    }
}

fn big(number: i64) -> Append {
    let body = json!({"number": number, "filler": "x".repeat(20_000)});
    Append::new([draft("decision/D-1", body)], at(number))
}

/// Appends until it fails, and returns how many went through.
fn fill(ledger: &Ledger) -> (u64, AppendError) {
    let before = ledger.head().seq;
    for number in 0..10_000 {
        if let Err(error) = ledger.append(big(number)) {
            return (ledger.head().seq - before, error);
        }
    }
    panic!("the disk never filled up");
}

#[track_caller]
fn intact(path: &Path, entries: u64) {
    let report = verify_file(path, &Trust::default()).unwrap();
    assert!(report.is_intact(), "{:#?}", report.findings);
    assert_eq!(report.entries, entries);
}

#[test]
fn a_full_disk_refuses_and_loses_nothing_and_goes_on_when_there_is_space() {
    let Some(disk) = SmallDisk::mount("size=3m") else { return };
    let ballast = disk.directory.path().join("ballast");
    std::fs::write(&ballast, vec![7; 1 << 20]).unwrap();
    // Moved early and late: once the disk fills up in a commit, once while the log moves into the main file.
    for log_bytes in [64 << 10, 16 << 20] {
        let options = Options { log_bytes, ..Options::default() };
        let ledger = Ledger::open(disk.ledger(), &options).unwrap();
        let (written, error) = fill(&ledger);
        assert!(matches!(error, AppendError::Store(StoreError::Full(_))), "{error:?}");
        assert!(error.is_retryable());
        let AppendError::Store(source) = error else { return };
        assert!(source.to_string().contains("the disk is full"), "{source}");
        assert!(written > 0, "nothing fitted");
        let head = ledger.head();
        assert_eq!(ledger.entry(head.seq).unwrap().unwrap().hash, head.hash);
        assert!(ledger.append(big(1)).is_err(), "it is still full");
        // A small append may still fit in what a refused one gave back; either way nothing is half there.
        drop(ledger.append(Append::new([draft("decision/D-2", json!(1))], at(1))));
        let after = ledger.head().seq;
        std::fs::remove_file(&ballast).unwrap();
        ledger.append(big(1)).unwrap();
        assert!(ledger.health().is_ok(), "{:?}", ledger.health());
        drop(ledger);
        intact(&disk.ledger(), after + 1);
        for suffix in ["", "-sums"] {
            std::fs::remove_file(format!("{}{suffix}", disk.ledger().display())).unwrap();
        }
        std::fs::write(&ballast, vec![7; 1 << 20]).unwrap();
    }
}

#[test]
fn a_disk_that_is_full_when_the_ledger_opens_says_so() {
    let Some(disk) = SmallDisk::mount("size=1m") else { return };
    let ballast = disk.directory.path().join("ballast");
    std::fs::write(&ballast, vec![7; 1 << 20]).unwrap_or_default();
    let error = Ledger::open(disk.ledger(), &Options::default()).unwrap_err();
    match error {
        OpenError::Store { source: StoreError::Full(_), .. } => {}
        other => panic!("{other:?}"),
    }
    std::fs::remove_file(&ballast).unwrap();
    put(&Ledger::open(disk.ledger(), &Options::default()).unwrap(), "decision/D-1", 1);
    intact(&disk.ledger(), 1);
}

#[test]
fn one_append_that_does_not_fit_does_not_take_its_neighbours_along() {
    let Some(disk) = SmallDisk::mount("size=2m") else { return };
    let ledger = Ledger::open(disk.ledger(), &Options::default()).unwrap();
    let huge = |_| draft("decision/D-1", json!("x".repeat(900_000)));
    // The writer is held up until all three wait, so that they meet in one group; the huge one cannot fit at all.
    let (go_on, held_up) = std::sync::mpsc::channel::<()>();
    let held_up = std::sync::Mutex::new(held_up);
    let watch = ledger.on_append(move |_| {
        // The other end is gone only when the test is over.
        held_up.lock().unwrap().recv().unwrap_or_default();
    });
    let before = ledger.submit(big(0)).unwrap();
    let receipts = [
        ledger.submit(big(1)).unwrap(),
        ledger.submit(Append::new((0..8).map(huge), at(1))).unwrap(),
        ledger.submit(big(2)).unwrap(),
    ];
    drop(go_on);
    before.wait().unwrap();
    let [first, huge, last] = receipts.map(ledger::Receipt::wait);
    drop(watch);
    assert!(matches!(huge, Err(AppendError::Store(StoreError::Full(_)))), "{huge:?}");
    first.unwrap();
    last.unwrap();
    drop(ledger);
    intact(&disk.ledger(), 3);
}

#[test]
fn a_read_only_file_system_is_named_as_such() {
    let Some(disk) = SmallDisk::mount("size=3m") else { return };
    put(&Ledger::open(disk.ledger(), &Options::default()).unwrap(), "decision/D-1", 1);
    assert!(disk.run("mount", &["-o", "remount,ro"]));
    let error = Ledger::open(disk.ledger(), &Options::default()).unwrap_err();
    match error {
        OpenError::Store { source: source @ StoreError::ReadOnly(_), .. } => {
            assert!(source.to_string().contains("read-only"), "{source}");
        }
        other => panic!("{other:?}"),
    }
    assert!(disk.run("mount", &["-o", "remount,rw"]));
    intact(&disk.ledger(), 1);
}

#[test]
fn a_file_or_directory_without_write_permission_is_named_as_such() {
    use std::os::unix::fs::PermissionsExt as _;
    let directory = tempfile::tempdir().unwrap();
    let allow = |path: &Path, mode| {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
    };
    let path = directory.path().join("ledger.db");
    put(&Ledger::open(&path, &Options::throw_away()).unwrap(), "decision/D-1", 1);
    allow(&path, 0o400);
    if std::fs::OpenOptions::new().write(true).open(&path).is_ok() {
        println!("left out: permission bits do not bind this user");
        return;
    }
    for (what, mode, back) in [(&*path, 0o400, 0o600), (directory.path(), 0o500, 0o700)] {
        allow(what, mode);
        let error = Ledger::open(&path, &Options::throw_away()).unwrap_err();
        let read_only = matches!(&error, OpenError::Store { source: StoreError::ReadOnly(_), .. });
        assert!(read_only, "{error:?}");
        allow(what, back);
    }
    intact(&path, 1);
}

#[test]
fn a_file_system_that_turns_read_only_under_an_open_ledger_loses_nothing() {
    let Some(disk) = SmallDisk::mount("size=3m") else { return };
    let ledger = Ledger::open(disk.ledger(), &Options::default()).unwrap();
    put(&ledger, "decision/D-1", 1);
    // Linux refuses to turn a file system read-only while files are open for writing; a forced unmount behind the
    // ledger's back is the nearest thing that an operator can do, and what was acknowledged is on it still.
    let sealed = ledger.seal(&stream("decision/D-1"), "kept").unwrap();
    assert!(!disk.run("mount", &["-o", "remount,ro"]), "the kernel protects open files");
    assert_eq!(ledger.unseal(&stream("decision/D-1"), &sealed).unwrap(), "kept");
    put(&ledger, "decision/D-1", 2);
    drop(ledger);
    intact(&disk.ledger(), 2);
}
