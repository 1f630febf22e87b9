//! The guides are true: their commands are run in a shell, one after the other, and what they print is compared with the
//! guide. `UPDATE_EXPECT=1 cargo test -p council-cli guide` writes the guide anew from what was printed.
//!
//! A block ```` ```console ```` holds commands behind `$ ` and what they print; a block whose fence ends in `background` holds one
//! command that goes on, and one in `quiet` whose command goes on without a word. Hashes, moments, ports and secrets differ from
//! run to run, and are alike to this test.

use std::fmt::Write as _;
use std::io::Read as _;
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use regex::Regex;

use crate::shop::Shop;
use crate::support::Scratch;

/// The day on which the guides are followed: a Monday without a public holiday, and before the year-end freeze.
const DAY: &str = "2026-11-23";

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");

/// A shell that keeps its directory from command to command.
struct Shell {
    scratch: Scratch,
    background: Vec<Child>,
    shop: Shop,
}

impl Drop for Shell {
    fn drop(&mut self) {
        for child in &mut self.background {
            drop(child.kill());
            drop(child.wait());
        }
    }
}

impl Shell {
    /// A home, the examples, and on the path a `council` that takes the day for today and any free port.
    fn new() -> Self {
        let scratch = Scratch::empty();
        let council = env!("CARGO_BIN_EXE_council");
        let wrapper = format!(
            "#!/bin/sh\nif [ \"$1\" = up ]; then shift; set -- up --listen 127.0.0.1:0 \"$@\"; fi\n\
             exec '{council}' --date {DAY} \"$@\"\n"
        );
        let wrapper = scratch.write("bin/council", wrapper);
        std::fs::set_permissions(wrapper, std::fs::Permissions::from_mode(0o755)).unwrap();
        scratch.write(".gitconfig", "[advice]\ndetachedHead = false\n");
        let examples = Path::new(ROOT).join("examples").canonicalize().unwrap();
        std::os::unix::fs::symlink(examples, scratch.path().join("examples")).unwrap();
        let here = scratch.path().display().to_string();
        scratch.write("directory", here);
        let shop = Shop::open(&scratch.path().join("phone"));
        Self { scratch, background: Vec::new(), shop }
    }

    fn command(&self, line: &str) -> Command {
        let path = std::env::var("PATH").unwrap_or_default();
        let mut command = Command::new("bash");
        command
            .arg("-c")
            .arg(line)
            .current_dir(self.directory())
            .env_clear()
            .env("PATH", format!("{}:{path}", self.scratch.path().join("bin").display()))
            .env("HOME", self.scratch.path())
            .env("SHOP", &self.shop.address)
            .env("LANG", "C.UTF-8");
        command
    }

    fn directory(&self) -> PathBuf {
        PathBuf::from(
            std::fs::read_to_string(self.scratch.path().join("directory")).unwrap().trim(),
        )
    }

    /// Runs a command to its end and returns what a terminal would show.
    fn run(&mut self, line: &str) -> String {
        if let Some((_, after)) = line.split_once("~/phone/") {
            let times: String = after.chars().take_while(char::is_ascii_digit).collect();
            self.shop.wait(times.parse().unwrap());
        }
        let state = self.scratch.path().join("directory");
        let line = format!("exec 2>&1\n{line}\npwd > '{}'", state.display());
        let output = self.command(&line).output().unwrap();
        if line.contains("git push") {
            self.settle();
        }
        String::from_utf8(output.stdout).unwrap()
    }

    /// Waits until the council has read what was pushed, as a person does between two commands.
    fn settle(&self) {
        let ask =
            |line: &str| String::from_utf8(self.command(line).output().unwrap().stdout).unwrap();
        let pushed = ask("git -C ~/council rev-parse HEAD");
        let plan = "XDG_CONFIG_HOME=~/.config/ines council --playbook ~/council plan --format json";
        let has_read = || ask(plan).contains(pushed.trim());
        assert!((0..1_000).any(|_| has_read()), "the council reads what was pushed");
    }

    /// Starts a command that goes on, and that nobody listens to.
    fn leave(&mut self, line: &str) -> String {
        let mut command = self.command(&format!("exec {line}"));
        command.stdout(Stdio::null()).stderr(Stdio::null()).process_group(0);
        self.background.push(command.spawn().unwrap());
        String::new()
    }

    /// Starts a command that goes on, and returns what it says until it says how it is stopped.
    fn start(&mut self, line: &str) -> String {
        let mut command = self.command(&format!("exec {line} 2>&1"));
        let mut child = command.stdout(Stdio::piped()).process_group(0).spawn().unwrap();
        let mut out = child.stdout.take().unwrap();
        self.background.push(child);
        let mut said = Vec::new();
        let mut byte = [0];
        while !said.ends_with(b"Ctrl-C.\n") {
            let read = out.read(&mut byte).unwrap();
            assert!(read > 0, "{line} ended: {}", String::from_utf8_lossy(&said));
            said.extend(byte);
        }
        // Nobody reads what the server logs from here on, and it must not stop for that.
        std::thread::spawn(move || std::io::copy(&mut out, &mut std::io::sink()));
        String::from_utf8(said).unwrap()
    }
}

/// Follows a guide and returns it as it would be with what was really printed.
fn followed(guide: &str) -> String {
    let mut shell = Shell::new();
    let mut fresh = String::new();
    let mut lines = guide.lines().peekable();
    while let Some(line) = lines.next() {
        writeln!(fresh, "{line}").unwrap();
        let Some(how) = line.strip_prefix("```console") else { continue };
        for line in lines.by_ref().take_while(|line| *line != "```") {
            // What stands there is what was printed once; the commands print it again.
            let Some(command) = line.strip_prefix("$ ") else { continue };
            writeln!(fresh, "$ {command}").unwrap();
            let printed = match how.trim() {
                "background" => shell.start(command),
                "quiet" => shell.leave(command),
                _ => shell.run(command),
            };
            let here = shell.scratch.path().display().to_string();
            // Git pads what the other side says with spaces.
            for line in printed.replace(&here, "~").lines() {
                writeln!(fresh, "{}", line.trim_end()).unwrap();
            }
        }
        fresh.push_str("```\n");
    }
    fresh
}

/// The same text with what differs from run to run made alike.
fn alike(text: &str) -> String {
    let mut text = text.to_owned();
    for (pattern, instead) in [
        (r"\b[0-9a-f]{64}\b", "HASH"),
        (r"\b[0-9a-f]{7,12}\b…?", "HASH"),
        (r"((sign-in|acknowledge)/)\S+", "${1}LINK"),
        (r"(install/)[0-9a-f]{32}", "${1}TOKEN"),
        (r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d(:\d\d(\.\d+)?Z?)?", "TIME"),
        (r"since \d\d:\d\d", "since TIME"),
        (r"127\.0\.0\.1:\d+", "ADDRESS"),
        // Prometheus keeps its own clock, and the council one that begins at noon.
        (r"\b\d+ (h|min|s|days)( \d+ min)?\b", "LONG"),
        (r"\b[0-9a-f]{16,20}\b", "HASH"),
        // For the same reason nobody knows where in a story the alert's own moments stand.
        (r"(?m)^ *-? *TIME .*(SloErrorBudgetBurn: 1 alert|users began to be hurt).*\n", ""),
        // How often somebody looked is a matter of luck.
        (r"(?m)^(applying|verifying) CHG.*\n", ""),
    ] {
        text = Regex::new(pattern).unwrap().replace_all(&text, instead).into_owned();
    }
    text
}

/// Follows a guide, and compares what is printed with what it says; or writes it anew.
#[track_caller]
fn follow(name: &str) {
    let path = Path::new(ROOT).join("docs/guides").join(name);
    let guide = std::fs::read_to_string(&path).unwrap();
    let fresh = followed(&guide);
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        std::fs::write(&path, fresh).unwrap();
        return;
    }
    let (guide, fresh) = (alike(&guide), alike(&fresh));
    let differs = guide.lines().zip(fresh.lines()).find(|(old, new)| old != new);
    assert!(
        guide == fresh,
        "the guide is not true any more: {differs:#?}\nUPDATE_EXPECT=1 cargo test -p council-cli guide"
    );
}

#[test]
fn the_first_change_goes_as_the_guide_says() {
    follow("first-change.md");
}

#[test]
fn the_first_boot_goes_as_the_guide_says() {
    follow("first-boot.md");
}

#[test]
fn the_first_machines_go_as_the_guide_says() {
    follow("first-machine.md");
}

#[test]
fn the_first_incident_goes_as_the_guide_says() {
    if Command::new("prometheus").arg("--version").output().is_err() {
        println!(
            "LEFT OUT: no `prometheus` here (Debian package `prometheus`): nobody followed first-incident.md"
        );
        return;
    }
    follow("first-incident.md");
}
