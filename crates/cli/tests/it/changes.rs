//! A change on the command line, from the plan to the target and back, as its author and its approver type it.

use std::path::PathBuf;
use std::process::Command;

use expect_test::expect;
use regex::Regex;

use crate::support::{Run, Scratch};
use crate::up::Server;

/// The staffed company beside a running council, and people with a place each for their sign-in.
pub(crate) struct World {
    scratch: Scratch,
    server: Server,
}

/// The staffed company in a scratch directory.
fn staffed() -> Scratch {
    let scratch = Scratch::empty();
    let from = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/eustartup-staffed/.");
    let copied = Command::new("cp").args(["-r", from, "."]).current_dir(scratch.path()).status();
    assert!(copied.unwrap().success());
    scratch
}

/// Who may begin a change, and who answers for the network.
const PEOPLE: [&str; 2] = ["ines", "jonas"];

impl World {
    pub(crate) fn start() -> Self {
        Self::of(staffed())
    }

    /// The same with one file more in the playbook.
    pub(crate) fn start_with(file: &str, text: &str) -> Self {
        let scratch = staffed();
        std::fs::write(scratch.path().join(file), text).unwrap();
        Self::of(scratch)
    }

    /// Makes the file that a step of a runbook looks for.
    pub(crate) fn mend(&self) {
        std::fs::write(self.scratch.path().join("mended"), "").unwrap();
    }

    fn of(scratch: Scratch) -> Self {
        let server = Server::start(&scratch);
        let world = Self { scratch, server };
        for person in PEOPLE {
            let link = world.scratch.run(&["invite", person]);
            assert_eq!(link.code, 0, "{link:?}");
            let signed_in = world.by(person, &format!("login {}", link.out.trim()));
            assert_eq!(signed_in.code, 0, "{signed_in:?}");
        }
        world
    }

    /// Runs `council` as somebody, with arguments separated by spaces; words between quotes stay together.
    pub(crate) fn by(&self, person: &str, arguments: &str) -> Run {
        let words: Vec<String> = arguments
            .split('\'')
            .enumerate()
            .flat_map(|(at, part)| {
                let whole = at % 2 == 1;
                let words: Vec<&str> =
                    if whole { vec![part] } else { part.split_whitespace().collect() };
                words.into_iter().map(str::to_owned)
            })
            .collect();
        let mut command = self.scratch.command();
        command.env("XDG_CONFIG_HOME", self.scratch.path().join("homes").join(person)).args(words);
        Run::of(&command.output().unwrap(), self.scratch.path())
    }

    /// The same, which must work.
    #[track_caller]
    pub(crate) fn done(&self, person: &str, arguments: &str) -> Run {
        let run = self.by(person, arguments);
        assert_eq!(run.code, 0, "{person}: council {arguments}: {run:?}");
        run
    }

    /// Inês begins a change and asks the seats.
    #[track_caller]
    fn submitted(&self) -> Run {
        self.done("ines", &format!("change draft 'VLANs of both sites' {SAID} --submit"))
    }

    /// The file of the first site.
    fn file(&self) -> PathBuf {
        self.scratch.path().join(".council/targets/network-eu-1/group_vars/all/vlans.yaml")
    }

    /// The backup network grows.
    fn grow(&self) {
        let path = self.scratch.path().join("network/vlans.yaml");
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(text.contains("10.50.0.0/22"));
        std::fs::write(path, text.replace("10.50.0.0/22", "10.50.0.0/21")).unwrap();
        // The server sees files change; the look is over when its plan is another one.
        let grown = |run: Run| run.out.contains("10.50.0.0/21");
        while !grown(self.done("ines", "plan --format json")) {}
    }
}

const SAID: &str =
    "--description 'They are rendered.' --risk 'Nobody reads them yet.' --rollback 'Remove them.'";

/// What differs from run to run: hashes, moments, ports, where the test runs.
fn plain(run: &Run) -> String {
    let mut text = run.shown();
    for (pattern, instead) in [
        (r"\b[0-9a-f]{64}\b", "HASH"),
        (r"\b[0-9a-f]{11,64}…?", "HASH"),
        (r"\d{4}-\d\d-\d\d \d\d:\d\d( UTC)?", "TIME"),
        (r"127\.0\.0\.1:\d+", "ADDRESS"),
        (r"revision \S+", "revision REVISION"),
    ] {
        text = Regex::new(pattern).unwrap().replace_all(&text, instead).into_owned();
    }
    text
}

#[test]
fn a_plan_needs_nothing_but_the_playbook_and_leaves_nothing_behind() {
    let scratch = staffed();
    let run = scratch.council("plan --out plan.json");
    expect![[r#"
        --- stdout
        Plan HASH · generation 1 · revision REVISION · TIME
        2 steps: 2 create

        By site                        create  disruptive
          eu-1                              1           0
          eu-2                              1           0

        Everything else (2)
          + create  network-eu-1/file/group_vars/all/vlans.yaml
          + create  network-eu-2/file/group_vars/all/vlans.yaml
        --- stderr
        wrote `plan.json`
        --- exit 0
    "#]]
    .assert_eq(&plain(&run));
    assert!(!scratch.path().join(".council").exists(), "looking leaves nothing behind");
    let text = std::fs::read_to_string(scratch.path().join("plan.json")).unwrap();
    let plan: plan::Plan = serde_json::from_str(&text).unwrap();
    assert_eq!(plan.steps().len(), 2);
    let one = scratch.council("plan --target network-eu-2 --format json").json();
    assert_eq!(one["steps"].as_array().unwrap().len(), 1);
    assert_eq!(scratch.council("drift").code, 1);
    assert_eq!(scratch.council("change list").code, 0);
    assert!(!scratch.path().join(".council").exists(), "nor does asking what differs");
    let typo = scratch.council("plan --target network-eu-3");
    assert!(typo.err.contains("there is no target `network-eu-3`"), "{typo:?}");
}

#[test]
fn acting_without_a_council_needs_a_name() {
    expect![[r#"
        --- stderr
        error: nobody is named to act
          why: no council runs here, so that no sign-in says who you are
          hint: name yourself with `--as PERSON`; `council list person` has the names
          hint: or sign in to a running council with `council login LINK`
        --- exit 2
    "#]]
    .assert_eq(&plain(&staffed().run(&["change", "draft", "VLANs"])));
}

#[test]
fn a_stranger_is_told_how_to_be_let_in() {
    let world = World::start();
    expect![[r#"
        --- stderr
        error: this needs somebody who is signed in
          hint: sign in with `council login LINK`; whoever runs the council makes a link with `council invite`
        --- exit 1
    "#]].assert_eq(&plain(&world.by("nobody", "plan")));
    expect![[r#"
        --- stderr
        error: the playbook declares no person `jonass`
          hint: did you mean `jonas`?
          hint: list all with `council list person`
        --- exit 1
    "#]]
    .assert_eq(&plain(&world.scratch.run(&["invite", "jonass"])));
}

#[test]
#[expect(clippy::too_many_lines, reason = "one story, with what every step of it prints")]
fn from_the_draft_to_the_target_and_back() {
    let world = World::start();
    expect![[r#"
        --- stdout
        CHG-2026-0001 VLANs of both sites
        planned, by Inês Carvalho

        Plan HASH · generation 1 · revision REVISION · TIME
        2 steps: 2 create

        By site                        create  disruptive
          eu-1                              1           0
          eu-2                              1           0

        Everything else (2)
          + create  network-eu-1/file/group_vars/all/vlans.yaml
          + create  network-eu-2/file/group_vars/all/vlans.yaml

        Gate: deny
          ! it does not say what changes and why
            it would pass if its author says what changes and why
          ! it does not say what could go wrong
            it would pass if its author says what could go wrong
          ! it does not say how to get back
            it would pass if its author says how to get back
          ! 0 of 1 seat approved (a seat whose domain it is reviews it)
            it would pass if 1 of `network-security` (`jonas`) approves
          approves  seat/network-security  open: jonas
        --- stderr
        next: ask the seats with `council change submit CHG-2026-0001`
        --- exit 0
    "#]]
    .assert_eq(&plain(&world.by("ines", "change draft 'VLANs of both sites'")));
    expect![[r#"
        --- stdout
        CHG-2026-0001 VLANs of both sites
        awaiting approval, by Inês Carvalho

        Plan HASH · generation 1 · revision REVISION · TIME
        2 steps: 2 create

        By site                        create  disruptive
          eu-1                              1           0
          eu-2                              1           0

        Everything else (2)
          + create  network-eu-1/file/group_vars/all/vlans.yaml
          + create  network-eu-2/file/group_vars/all/vlans.yaml

        Gate: deny
          ! it does not say what changes and why
            it would pass if its author says what changes and why
          ! it does not say what could go wrong
            it would pass if its author says what could go wrong
          ! it does not say how to get back
            it would pass if its author says how to get back
          ! 0 of 1 seat approved (a seat whose domain it is reviews it)
            it would pass if 1 of `network-security` (`jonas`) approves
          approves  seat/network-security  open: jonas
        --- exit 0
    "#]]
    .assert_eq(&plain(&world.by("ines", "change submit CHG-2026-0001")));
    expect![[r#"
        --- stderr
        error: the gate denies `CHG-2026-0001`
          why: it does not say what changes and why
          why: it does not say what could go wrong
          why: it does not say how to get back
          why: 0 of 1 seat approved (a seat whose domain it is reviews it)
          hint: it would pass if its author says what changes and why
          hint: it would pass if its author says what could go wrong
          hint: it would pass if its author says how to get back
          hint: it would pass if 1 of `network-security` (`jonas`) approves
        --- exit 1
    "#]]
    .assert_eq(&plain(&world.by("ines", "apply CHG-2026-0001")));
    world.done("ines", &format!("change describe CHG-2026-0001 {SAID}"));
    expect![[r#"
        --- stderr
        error: there is no seat that you may approve `CHG-2026-0001` for
          why: its author never approves it, and only the seats that the gate asks can
          hint: see whom it waits for with `council change show CHG-2026-0001`
        --- exit 1
    "#]]
    .assert_eq(&plain(&world.by("ines", "approve CHG-2026-0001")));
    expect![[r#"
        --- stderr
        `CHG-2026-0001` is not applied yet
          waits: 0 of 1 seat approved (a seat whose domain it is reviews it)
            it would pass if 1 of `network-security` (`jonas`) approves
        --- exit 3
    "#]]
    .assert_eq(&plain(&world.by("ines", "apply CHG-2026-0001")));
    expect![[r#"
        --- stdout
        CHG-2026-0001 approved
        --- stderr
        approved plan HASH of `CHG-2026-0001` for `seat/network-security`
        next: carry it out with `council apply CHG-2026-0001`
        --- exit 0
    "#]]
    .assert_eq(&plain(&world.by("jonas", "approve CHG-2026-0001 --comment 'Go on.'")));
    expect![[r#"
        --- stdout
        Change         Stage     Title                Author
        CHG-2026-0001  approved  VLANs of both sites  Inês Carvalho  It waits for an executor to begin.
        --- exit 0
    "#]].assert_eq(&plain(&world.by("jonas", "change list")));
    let applied = world.done("ines", "apply CHG-2026-0001");
    assert_eq!(applied.out, "CHG-2026-0001 done: 2 of 2 steps done and seen\n");
    assert!(std::fs::read_to_string(world.file()).unwrap().contains("10.50.0.0/22"));
    expect![[r#"
        --- stdout
        CHG-2026-0001 VLANs of both sites
        done, by Inês Carvalho

          what      They are rendered.
          risk      Nobody reads them yet.
          rollback  Remove them.

        Plan HASH · generation 1 · revision REVISION · TIME
        2 steps: 2 create

        By site                        create  disruptive
          eu-1                              1           0
          eu-2                              1           0

        Everything else (2)
          + create  network-eu-1/file/group_vars/all/vlans.yaml
          + create  network-eu-2/file/group_vars/all/vlans.yaml

        Approvals
          seat/network-security  Jonas Weber  TIME  Go on.
        --- exit 0
    "#]]
    .assert_eq(&plain(&world.by("ines", "change show CHG-2026-0001")));

    world.grow();
    expect![[r#"
        --- stdout
        CHG-2026-0002 VLANs of both sites
        awaiting approval, by Inês Carvalho

          what      They are rendered.
          risk      Nobody reads them yet.
          rollback  Remove them.

        Plan HASH · generation 1 · revision REVISION · TIME
        2 steps: 2 update

        By site                        update  disruptive
          eu-1                              1           0
          eu-2                              1           0

        Everything else (2)
          ~ update  network-eu-1/file/group_vars/all/vlans.yaml  vlans.backup.subnets: 10.50.0.0/22 -> 10.50.0.0/21
          ~ update  network-eu-2/file/group_vars/all/vlans.yaml  vlans.backup.subnets: 10.50.0.0/22 -> 10.50.0.0/21

        Gate: wait
          ! 0 of 1 seat approved (a seat whose domain it is reviews it)
            it would pass if 1 of `network-security` (`jonas`) approves
          approves  seat/network-security  open: jonas
        --- exit 0
    "#]].assert_eq(&plain(&world.submitted()));
    expect![[r#"
        --- stdout
        CHG-2026-0002 VLANs of both sites
        awaiting approval, by Inês Carvalho

          what      They are rendered.
          risk      Nobody reads them yet.
          rollback  Remove them.

        update network-eu-1/file/group_vars/all/vlans.yaml
          vlans.backup.subnets: ["10.50.0.0/22"] -> ["10.50.0.0/21"]
        update network-eu-2/file/group_vars/all/vlans.yaml
          vlans.backup.subnets: ["10.50.0.0/22"] -> ["10.50.0.0/21"]

        Gate: wait
          ! 0 of 1 seat approved (a seat whose domain it is reviews it)
            it would pass if 1 of `network-security` (`jonas`) approves
          approves  seat/network-security  open: jonas
        --- stderr
        next: agree to it with `council approve CHG-2026-0002 --plan HASH`
        --- exit 0
    "#]]
    .assert_eq(&plain(&world.by("jonas", "change show CHG-2026-0002 --steps")));
    world.done("jonas", "approve CHG-2026-0002");
    let silent = world.done("ines", "apply CHG-2026-0002 --no-progress");
    expect![[r#"
        --- stdout
        CHG-2026-0002 done: 2 of 2 steps done and seen
        --- exit 0
    "#]]
    .assert_eq(&plain(&silent));
    assert!(std::fs::read_to_string(world.file()).unwrap().contains("10.50.0.0/21"));

    expect![[r#"
        --- stdout
        CHG-2026-0003 Roll back CHG-2026-0002
        planned, by Inês Carvalho

          what      Takes back what CHG-2026-0002 did.
          risk      The state before is the one that was known to work.
          rollback  Apply CHG-2026-0002 again.

        Rollback of HASH as plan HASH · generation 2 · revision REVISION · TIME
        2 steps: 2 update

        By site                        update  disruptive
          eu-1                              1           0
          eu-2                              1           0

        Everything else (2)
          ~ update  network-eu-1/file/group_vars/all/vlans.yaml  vlans.backup.subnets: 10.50.0.0/21 -> 10.50.0.0/22
          ~ update  network-eu-2/file/group_vars/all/vlans.yaml  vlans.backup.subnets: 10.50.0.0/21 -> 10.50.0.0/22

        Gate: wait
          ! 0 of 1 seat approved (a seat whose domain it is reviews it)
            it would pass if 1 of `network-security` (`jonas`) approves
          approves  seat/network-security  open: jonas
        --- stderr
        `CHG-2026-0003` would take `CHG-2026-0002` back
        next: ask the seats with `council change submit CHG-2026-0003`
        --- exit 0
    "#]].assert_eq(&plain(&world.by("ines", "change rollback CHG-2026-0002")));
    world.done("ines", "change submit CHG-2026-0003");
    world.done("jonas", "approve CHG-2026-0003");
    world.done("ines", "apply CHG-2026-0003");
    assert!(std::fs::read_to_string(world.file()).unwrap().contains("10.50.0.0/22"));
    expect![[r#"
        --- stdout
        Change         Stage        Title                    Author
        CHG-2026-0003  done         Roll back CHG-2026-0002  Inês Carvalho
        CHG-2026-0001  done         VLANs of both sites      Inês Carvalho
        CHG-2026-0002  rolled back  VLANs of both sites      Inês Carvalho
        --- exit 0
    "#]]
    .assert_eq(&plain(&world.by("ines", "change list --all")));
    let again = world.by("ines", "apply CHG-2026-0002");
    assert_eq!(again.code, 1, "{again:?}");
    let json = world.by("ines", "change show CHG-2026-0003 --format json").json();
    assert_eq!(json["card"]["rollback_of"], "CHG-2026-0002");
}

#[test]
fn only_the_plan_that_was_read_is_approved_and_applied() {
    let world = World::start();
    world.submitted();
    world.done("jonas", "change show CHG-2026-0001 --out read.json");
    let path = world.scratch.path().join("read.json");
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, text.replace("network-eu-2", "network-eu-9")).unwrap();
    expect![[r#"
        --- stderr
        error: `read.json` was edited after it was planned; nothing is done with it
          why: the plan was edited: it says that it is HASH, and its content is HASH; plan again instead of editing, because people approve what the hash stands for
        --- exit 1
    "#]].assert_eq(&plain(&world.by("jonas", "approve CHG-2026-0001 --plan read.json")));
    let edited = world.by("ines", "apply --plan read.json");
    assert!(edited.err.contains("`read.json` was edited after it was planned"), "{edited:?}");

    std::fs::write(&path, text).unwrap();
    world.done("ines", "change plan CHG-2026-0001");
    expect![[r#"
        --- stderr
        error: `read.json` is not the plan of `CHG-2026-0001` any more
          why: it was planned again, and its plan is `HASH` now
          hint: read that one with `council change show CHG-2026-0001`
        --- exit 1
    "#]]
    .assert_eq(&plain(&world.by("jonas", "approve CHG-2026-0001 --plan read.json")));
    expect![[r#"
        --- stderr
        error: no change has the plan `read.json`
          why: it is not the plan of any change, or its change was planned again
          hint: see all with `council change list`; a change begins with `council change draft`
        --- exit 1
    "#]]
    .assert_eq(&plain(&world.by("ines", "apply --plan read.json")));
    expect![[r#"
        --- stderr
        error: `gone.json` is neither a file nor the hash of a plan
          hint: name the file, or at least 8 digits of the hash
        --- exit 2
    "#]]
    .assert_eq(&plain(&world.by("ines", "apply CHG-2026-0001 --plan gone.json")));

    world.done("jonas", "change show CHG-2026-0001 --out read.json");
    world.done("ines", "change submit CHG-2026-0001");
    world.done("jonas", "approve CHG-2026-0001 --plan read.json");
    let applied = world.done("ines", "apply --plan read.json");
    assert_eq!(applied.out, "CHG-2026-0001 done: 2 of 2 steps done and seen\n");
}

#[test]
fn a_freeze_holds_until_it_is_lifted_or_somebody_breaks_the_glass() {
    let world = World::start();
    world.submitted();
    world.done("jonas", "approve CHG-2026-0001");
    expect![[r#"
        --- stderr
        changes wait for `launch` until 2026-11-30T06:00:00Z
        --- exit 0
    "#]]
    .assert_eq(&plain(
        &world.by("jonas", "freeze declare launch 'Launch week.' --until 2026-11-30T06:00:00Z"),
    ));
    expect![[r#"
        --- stdout
        Freeze            From              Until             What waits
        launch  in force  TIME  TIME  everything (by Jonas Weber)
        --- exit 0
    "#]]
    .assert_eq(&plain(&world.by("ines", "freeze list")));
    expect![[r#"
        --- stderr
        `CHG-2026-0001` is not applied yet
          waits: freeze "launch": Launch week.
            it would pass if it is over (2026-11-30T06:00:00Z), or somebody lifts it
        --- exit 3
    "#]]
    .assert_eq(&plain(&world.by("ines", "apply CHG-2026-0001")));
    expect![[r#"
        --- stderr
        broke the glass for `CHG-2026-0001`; it must be reviewed
        apply it with `council apply CHG-2026-0001`
        --- exit 0
    "#]]
    .assert_eq(&plain(&world.by(
        "jonas",
        "break-glass CHG-2026-0001 --seat network-security --reason 'Backups stand still.'",
    )));
    world.done("ines", "apply CHG-2026-0001");
    expect![[r#"
        --- stderr
        error: `jonas` broke the glass, and nobody reviews themselves
          hint: it would pass if another holder of a seat does it
        --- exit 1
    "#]]
    .assert_eq(&plain(&world.by("jonas", "change review CHG-2026-0001 'Right.'")));
    world.done("jonas", "freeze lift launch --reason 'Over.'");
    assert!(world.done("ines", "freeze list").out.contains("lifted"));
}

#[test]
fn drift_is_what_was_seen_last_or_what_is_seen_now() {
    let world = World::start();
    world.submitted();
    world.done("jonas", "approve CHG-2026-0001");
    world.done("ines", "apply CHG-2026-0001");
    assert_eq!(world.by("ines", "drift --now").code, 0);
    let text = std::fs::read_to_string(world.file()).unwrap();
    std::fs::write(world.file(), text.replace("10.50.0.0/22", "10.50.0.0/24")).unwrap();
    expect![[r#"
        --- stdout
        network-eu-1  1 difference

        Plan HASH · generation 1 · revision REVISION · TIME
        1 step: 1 update

        By site                        update  disruptive
          eu-1                              1           0

        Everything else (1)
          ~ update  network-eu-1/file/group_vars/all/vlans.yaml  sha256: HASH -> HASH
        --- exit 1
    "#]]
    .assert_eq(&plain(&world.by("ines", "drift --now")));
    let json = world.by("ines", "drift --format json").json();
    assert_eq!(json["targets"].as_array().unwrap().len(), 2, "{json:#}");
    assert_eq!(std::fs::read_to_string(world.file()).unwrap().matches("/24").count(), 3);
}

#[test]
fn an_abandoned_change_is_applied_by_nobody() {
    let world = World::start();
    world.submitted();
    expect![[r#"
        --- stdout
        CHG-2026-0001 VLANs of both sites
        abandoned, by Inês Carvalho

          what      They are rendered.
          risk      Nobody reads them yet.
          rollback  Remove them.

        Plan HASH · generation 1 · revision REVISION · TIME
        2 steps: 2 create

        By site                        create  disruptive
          eu-1                              1           0
          eu-2                              1           0

        Everything else (2)
          + create  network-eu-1/file/group_vars/all/vlans.yaml
          + create  network-eu-2/file/group_vars/all/vlans.yaml
        --- exit 0
    "#]]
    .assert_eq(&plain(&world.by("ines", "change abandon CHG-2026-0001 --reason 'No.'")));
    expect![[r#"
        --- stderr
        error: `CHG-2026-0001`: a change that is abandoned cannot be applied; nothing more can happen to it: draft a new one
          hint: it would pass if `council change show CHG-2026-0001` says what it waits for
        --- exit 1
    "#]].assert_eq(&plain(&world.by("jonas", "apply CHG-2026-0001")));
    expect![[r#"
        --- stderr
        error: there is no change `CHG-2026-0009`
          hint: `/api/v1/changes` lists them
        --- exit 1
    "#]]
    .assert_eq(&plain(&world.by("ines", "change show CHG-2026-0009")));
    drop(world.server);
    let offline = world.scratch.council("change list --all");
    assert!(offline.out.contains("abandoned"), "{offline:?}");
}

#[test]
fn what_happens_around_a_change_is_said_with_its_draft_and_kept_when_it_is_described() {
    let world = World::start();
    let around = "--window 2030-01-01T22:00Z..2030-01-02T02:00Z --silence service=checkout --silence severity!=info \
                  --notice 'Payments may be slow.' --affects checkout";
    world.done("ines", &format!("change draft 'VLANs of both sites' {around}"));
    let described =
        world.by("ines", "change describe CHG-2026-0001 --risk 'Nobody reads them yet.'");
    let said: String = described
        .out
        .lines()
        .filter(|line| {
            ["window", "silences", "notice"].iter().any(|word| line.trim_start().starts_with(word))
        })
        .map(|line| format!("{}\n", line.trim_start()))
        .collect();
    expect![[r#"
          window    2030-01-01T22:00:00Z to 2030-01-02T02:00:00Z
          silences  service="checkout", severity!="info" for 2h at most
          notice    Payments may be slow. (checkout)
    "#]]
    .assert_eq(&said);
    for (flags, what) in [
        ("--window 2030-01-01..2030-01-02", "`2030-01-01` is no moment with its offset"),
        ("--window 2030-01-02T02:00Z..2030-01-01T22:00Z", "it ends before it begins"),
        ("--affects checkout", "--notice"),
        ("--silence service", "`service` is no matcher"),
    ] {
        let refused = world.by("ines", &format!("change draft Wrong {flags}"));
        assert!(refused.code != 0 && refused.err.contains(what), "{flags}: {refused:?}");
    }
}
