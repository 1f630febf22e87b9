//! Running other people's programs: with a time-out, a limit on what is read, and nothing of ours in their environment.
//!
//! Invariants: no shell; what a program prints stays in memory; a program that hangs is ended; one whose council was
//! killed ends, too, where the system has `setpriv` (util-linux): else it would go on changing things while the next
//! council looks what was done.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use plan::{Fault, FaultKind};
use tokio::io::{AsyncRead, AsyncReadExt as _};
use tokio::process::Command;
use zeroize::Zeroizing;

/// The most that is read of what a program prints, in bytes. The plan of an estate of 100,000 resources is about as much;
/// beyond it nobody can say what was left out, so it is a fault.
const MAX_OUTPUT: u64 = 256 * 1024 * 1024;

/// Variables that are council's own business and no other program's.
pub(crate) const OURS: [&str; 6] = [
    "COUNCIL_TOKEN",
    "COUNCIL_URL",
    "COUNCIL_DATA",
    "VAULT_TOKEN",
    "SOPS_AGE_KEY",
    "SOPS_AGE_KEY_FILE",
];

/// A program to run.
#[derive(Debug, Clone)]
pub(crate) struct Program {
    /// The program.
    pub(crate) path: PathBuf,
    /// Where it runs.
    pub(crate) directory: PathBuf,
    /// Variables set for it.
    pub(crate) environment: Vec<(&'static str, OsString)>,
    /// How long it may take.
    pub(crate) timeout: Duration,
}

/// What it printed, and how it ended.
pub(crate) struct Printed {
    /// The exit code; none when a signal ended it.
    pub(crate) code: Option<i32>,
    /// Standard output.
    pub(crate) out: Zeroizing<Vec<u8>>,
    /// Standard error.
    pub(crate) err: Zeroizing<Vec<u8>>,
}

impl Program {
    /// Runs it to its end.
    pub(crate) async fn run(&self, arguments: &[OsString]) -> Result<Printed, Fault> {
        let name = self.name();
        let mut command = self.command();
        command
            .args(arguments)
            .current_dir(&self.directory)
            .envs(self.environment.iter().map(|(key, value)| (*key, value)))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true);
        for variable in OURS {
            command.env_remove(variable);
        }
        let mut child = command.spawn().map_err(|error| {
            let why =
                format!("`{name}` cannot be started ({error}); install it or correct its path");
            Fault::new(FaultKind::Unreachable, why)
        })?;
        let (out, err) = (child.stdout.take(), child.stderr.take());
        let end = async {
            let (out, err, status) = tokio::join!(read(out), read(err), child.wait());
            (out, err, status)
        };
        let Ok((out, err, status)) = tokio::time::timeout(self.timeout, end).await else {
            let seconds = self.timeout.as_secs();
            let why = format!("`{name}` did not end within {seconds} seconds and was stopped");
            return Err(Fault::new(FaultKind::Timeout, why));
        };
        let garbage = |why: String| Fault::new(FaultKind::Garbage, why);
        let status = status.map_err(|error| garbage(format!("`{name}` was lost ({error})")))?;
        let too_much = || garbage(format!("`{name}` printed more than {MAX_OUTPUT} bytes"));
        let (out, err) = (out.ok_or_else(too_much)?, err.ok_or_else(too_much)?);
        Ok(Printed { code: status.code(), out, err })
    }

    /// What starts it. The kernel sends the signal when the thread that started it ends, and that thread waits for it.
    fn command(&self) -> Command {
        let search = std::env::var_os("PATH").unwrap_or_default();
        let (Some(_), Some(tie)) = (found(&self.path, &search), found(TIE, &search)) else {
            // What is not there is to fail under its own name.
            return Command::new(&self.path);
        };
        let mut command = Command::new(tie);
        command.args(["--pdeathsig", "TERM", "--"]).arg(&self.path);
        command
    }

    /// The program's own name, for messages.
    pub(crate) fn name(&self) -> String {
        self.path.file_name().map_or_else(
            || self.path.display().to_string(),
            |name| name.to_string_lossy().into_owned(),
        )
    }
}

/// Starts a program that ends with whoever started it.
const TIE: &str = "setpriv";

/// Where a program lies: at its path, or in one of the directories that are searched for names.
fn found(program: impl AsRef<Path>, search: &OsStr) -> Option<PathBuf> {
    let program = program.as_ref();
    if program.components().count() > 1 {
        return program.is_file().then(|| program.to_owned());
    }
    std::env::split_paths(search).map(|folder| folder.join(program)).find(|path| path.is_file())
}

/// Reads to the end; `None` beyond the limit.
async fn read(stream: Option<impl AsyncRead + Unpin>) -> Option<Zeroizing<Vec<u8>>> {
    let mut bytes = Zeroizing::new(Vec::new());
    let Some(stream) = stream else { return Some(bytes) };
    // A stream that breaks has ended; the exit code says why.
    drop(stream.take(MAX_OUTPUT + 1).read_to_end(&mut bytes).await);
    let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
    (length <= MAX_OUTPUT).then_some(bytes)
}

/// The last lines of what a program printed, for a message: enough to see what went wrong.
pub(crate) fn last_lines(bytes: &[u8]) -> String {
    /// As many as fit on a screen beside the message.
    const LINES: usize = 8;
    let text = String::from_utf8_lossy(bytes);
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
    lines.get(lines.len().saturating_sub(LINES)..).unwrap_or_default().join("\n")
}

/// A directory below the system's own for temporary files, readable for us alone and removed at the end.
pub(crate) fn scratch() -> Result<tempfile::TempDir, Fault> {
    tempfile::Builder::new().prefix("council-").tempdir().map_err(|error| {
        Fault::new(FaultKind::Refused, format!("no temporary directory can be made ({error})"))
    })
}

/// Writes a file, or says why not.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> Result<(), Fault> {
    std::fs::write(path, bytes).map_err(|error| {
        let why = format!("`{}` cannot be written ({error})", path.display());
        Fault::new(FaultKind::Refused, why)
    })
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::*;

    /// Names the file in which the program of the test below notes its number; only its parent has it.
    const NOTE: &str = "COUNCIL_TEST_NOTE";

    /// As long as anything here may take.
    const PATIENCE: Duration = Duration::from_secs(30);

    #[tokio::test]
    async fn a_program_ends_with_the_council_that_started_it() {
        if let Some(note) = std::env::var_os(NOTE) {
            // Here we are the council that will be killed.
            let program = Program {
                path: "sh".into(),
                directory: std::env::temp_dir(),
                environment: vec![(NOTE, note)],
                timeout: PATIENCE,
            };
            let script = format!("echo $$ > ${NOTE}.new; mv ${NOTE}.new ${NOTE}; exec sleep 60");
            drop(program.run(&["-c".into(), script.into()]).await);
            return;
        }
        let Some(_) = found(TIE, &std::env::var_os("PATH").unwrap_or_default()) else {
            eprintln!("left out: no `{TIE}` (Debian package `util-linux`)");
            return;
        };
        let folder = tempfile::tempdir().unwrap();
        let note = folder.path().join("note");
        let test = "program::tests::a_program_ends_with_the_council_that_started_it";
        let mut council = std::process::Command::new(std::env::current_exe().unwrap())
            .args(["--exact", test])
            .env(NOTE, &note)
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        until(|| note.is_file());
        let number = std::fs::read_to_string(&note).unwrap();
        let stat = PathBuf::from(format!("/proc/{}/stat", number.trim()));
        assert!(lives(&stat), "{number}");
        council.kill().unwrap();
        council.wait().unwrap();
        until(|| !lives(&stat));
    }

    /// Whether a process is there, and has not ended already.
    fn lives(stat: &Path) -> bool {
        std::fs::read_to_string(stat).is_ok_and(|text| !text.contains(") Z "))
    }

    #[track_caller]
    fn until(is_so: impl Fn() -> bool) {
        let start = Instant::now();
        while !is_so() {
            assert!(start.elapsed() < PATIENCE, "it took too long");
            std::thread::yield_now();
        }
    }
}
