//! Telling whoever reads a file that it has changed.
//!
//! Reloads are shared: steps that wrote before a reload began are all served by it, so a thousand files cost a handful
//! of reloads and not a thousand.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use plan::{Fault, FaultKind};
use tokio::process::Command;
use tokio::sync::{Mutex, watch};

use super::http::HttpReload;

/// How long a reload may take. Prometheus with a large configuration takes seconds; ten times that is hung.
const TIMEOUT: Duration = Duration::from_secs(60);

/// How much of an answer is shown, in characters: the first lines say what is wrong.
const SHOWN: usize = 500;

/// How whoever reads a file is told.
#[derive(Debug, Clone)]
pub enum Reload {
    /// A program and its arguments, run in the directory of the files; no shell is involved.
    Command(Vec<String>),
    /// A request.
    Http(HttpReload),
}

/// Reloads, shared among steps.
#[derive(Debug)]
pub(crate) struct Reloader {
    how: Option<Reload>,
    directory: PathBuf,
    /// How many steps are about to write.
    writing: watch::Sender<usize>,
    written: AtomicU64,
    /// How many writes the last reload has seen.
    served: Mutex<u64>,
}

/// A step that is about to write, until it has, or has failed.
#[derive(Debug)]
pub(crate) struct Writing<'a>(&'a Reloader);

impl Drop for Writing<'_> {
    fn drop(&mut self) {
        self.0.writing.send_modify(|writing| *writing -= 1);
    }
}

impl Reloader {
    pub(crate) fn new(how: Option<Reload>, directory: PathBuf) -> Self {
        let (writing, _) = watch::channel(0);
        Self { how, directory, writing, written: AtomicU64::new(0), served: Mutex::new(0) }
    }

    /// Announces a write. Reloads wait for those that are announced: whoever waits for a reload holds one of the target's
    /// few places, so that the writers come to an end.
    pub(crate) fn begin(&self) -> Writing<'_> {
        self.writing.send_modify(|writing| *writing += 1);
        Writing(self)
    }

    /// Makes sure that a reload has begun and gone well after what the caller has written.
    pub(crate) async fn after_write(&self, writing: Writing<'_>) -> Result<(), Fault> {
        drop(writing);
        let Some(how) = &self.how else { return Ok(()) };
        let mine = self.written.fetch_add(1, Ordering::SeqCst) + 1;
        let mut served = self.served.lock().await;
        if *served >= mine {
            return Ok(());
        }
        let mut others = self.writing.subscribe();
        others
            .wait_for(|writing| *writing == 0)
            .await
            .expect("BUG: the sender lives as long as the reloader");
        let serves = self.written.load(Ordering::SeqCst);
        how.carry_out(&self.directory).await?;
        *served = serves;
        Ok(())
    }
}

impl Reload {
    async fn carry_out(&self, directory: &Path) -> Result<(), Fault> {
        let told = async {
            match self {
                Self::Command(words) => command(directory, words).await,
                Self::Http(reload) => reload.carry_out().await,
            }
        };
        tokio::time::timeout(TIMEOUT, told).await.unwrap_or_else(|_| {
            let seconds = TIMEOUT.as_secs();
            let text = format!("the reload did not end within {seconds} s");
            Err(Fault::new(FaultKind::Timeout, text))
        })
    }
}

async fn command(directory: &Path, words: &[String]) -> Result<(), Fault> {
    let [program, arguments @ ..] = words else {
        return Err(Fault::new(FaultKind::Refused, "the reload command is empty; name a program"));
    };
    let output = Command::new(program)
        .args(arguments)
        .current_dir(directory)
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .output()
        .await
        .map_err(|error| {
            let text = format!("the reload command `{program}` could not be started: {error}");
            Fault::new(FaultKind::Failed, text)
        })?;
    if output.status.success() {
        return Ok(());
    }
    let said = if output.stderr.is_empty() { &output.stdout } else { &output.stderr };
    let said = shown(&String::from_utf8_lossy(said));
    let text = format!("the reload command `{program}` failed ({}): {said}", output.status);
    Err(Fault::new(FaultKind::Failed, text))
}

/// The beginning of what somebody said.
pub(crate) fn shown(text: &str) -> String {
    let text = text.trim();
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}
