//! The `git` program: credentials, transports and configuration are the machine's own.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use plan::{Fault, FaultKind};
use tokio::io::AsyncWriteExt as _;
use tokio::process::Command;

/// How long one call may take. Fetching a large repository for the first time takes minutes.
const TIMEOUT: Duration = Duration::from_secs(300);

/// One call of `git` in a bare repository.
#[derive(Debug)]
pub(super) struct Git {
    directory: PathBuf,
    environment: Vec<(&'static str, String)>,
    arguments: Vec<String>,
    input: Vec<u8>,
}

impl Git {
    pub(super) fn new<'a>(directory: &Path, words: impl IntoIterator<Item = &'a str>) -> Self {
        Self {
            directory: directory.to_owned(),
            environment: Vec::new(),
            arguments: words.into_iter().map(str::to_owned).collect(),
            input: Vec::new(),
        }
    }

    pub(super) fn environment(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.environment.push((name, value.into()));
        self
    }

    pub(super) fn input(mut self, bytes: impl Into<Vec<u8>>) -> Self {
        self.input = bytes.into();
        self
    }

    /// Runs it; what it writes is the result.
    pub(super) async fn run(self) -> Result<Vec<u8>, Fault> {
        let what = self.arguments.first().cloned().unwrap_or_default();
        let Ok(output) = tokio::time::timeout(TIMEOUT, self.output()).await else {
            let seconds = TIMEOUT.as_secs();
            let text = format!("`git {what}` did not end within {seconds} s");
            return Err(Fault::new(FaultKind::Timeout, text));
        };
        let output = output.map_err(|error| {
            let text = format!("`git` could not be started: {error}; is it installed?");
            Fault::new(FaultKind::Failed, text)
        })?;
        if output.status.success() {
            return Ok(output.stdout);
        }
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        let said = crate::target::reload::shown(&said);
        Err(Fault::new(kind(&said), format!("`git {what}` failed: {said}")))
    }

    /// Runs it; what it writes is text, without the last line's end.
    pub(super) async fn text(self) -> Result<String, Fault> {
        let bytes = self.run().await?;
        Ok(String::from_utf8_lossy(&bytes).trim_end().to_owned())
    }

    async fn output(self) -> std::io::Result<std::process::Output> {
        let mut child = Command::new("git")
            .arg("-C")
            .arg(&self.directory)
            .args(["-c", "core.hooksPath=", "-c", "gc.auto=0"])
            .args(&self.arguments)
            .envs(self.environment)
            // A question would wait for ever; a failure says what to configure.
            .env("GIT_TERMINAL_PROMPT", "0")
            .env("LC_ALL", "C")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()?;
        let mut stdin = child.stdin.take();
        let feed = async {
            if let Some(stdin) = &mut stdin {
                // A program that does not read its input to the end says why by its status.
                if let Err(_not_read) = stdin.write_all(&self.input).await {}
            }
            drop(stdin.take());
        };
        let ((), output) = futures_util::future::join(feed, child.wait_with_output()).await;
        output
    }
}

/// What sort of fault git's words mean.
fn kind(said: &str) -> FaultKind {
    let away = [
        "Could not resolve host",
        "Connection refused",
        "Connection timed out",
        "does not appear to be a git repository",
        "Could not read from remote repository",
        "unable to access",
    ];
    if away.iter().any(|words| said.contains(words)) {
        FaultKind::Unreachable
    } else if said.contains("pre-receive hook declined") || said.contains("protected branch") {
        FaultKind::Refused
    } else {
        FaultKind::Failed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_git_become_sorts_of_fault() {
        assert_eq!(kind("fatal: unable to access 'https://x': timeout"), FaultKind::Unreachable);
        assert_eq!(kind("! [remote rejected] (pre-receive hook declined)"), FaultKind::Refused);
        assert_eq!(kind("fatal: bad object"), FaultKind::Failed);
    }
}
