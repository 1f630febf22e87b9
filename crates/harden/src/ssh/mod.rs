//! The way to a host: the system's own `ssh`, so that configuration, jump hosts, certificates and hardware keys are what people
//! have set up for themselves.

mod destination;
mod failure;

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use futures_util::stream::{self, Stream, StreamExt as _};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWriteExt as _};
use tokio::process::{Child, Command};

pub use destination::{Destination, NotADestination};
pub use failure::Failure;

use crate::control::{Control, Nonce};
use crate::facts::Facts;
use crate::judge::{Verdict, judge};
use crate::script::script;
use crate::text::shown_bytes;

/// So many bytes of an answer are read at most: 1 MiB. An answer about 500 settings has a tenth of that.
pub const MOST_OUTPUT: usize = 1024 * 1024;

/// So many bytes of what `ssh` complains about are kept; the rest is read and dropped, so that nobody waits for us.
const MOST_COMPLAINTS: usize = 8 * 1024;

/// So long complaints are awaited after the end: what was said is in the pipe by then.
const LAST_WORDS: Duration = Duration::from_millis(250);

/// The status with which `ssh` ends if it failed itself (ssh(1), "EXIT STATUS").
const OF_CLIENT: i32 = 255;

/// How hosts are asked.
#[derive(Clone, Debug)]
pub struct Ssh {
    /// The program; `ssh` of the search path by default.
    pub program: OsString,
    /// A configuration in place of the user's and the system's.
    pub config: Option<PathBuf>,
    /// Whether keys of hosts that nobody knows are taken for theirs and noted. Not by default.
    pub accept_new: bool,
    /// How long a connection may take, in whole seconds.
    pub connect: Duration,
    /// How long all of it may take.
    pub limit: Duration,
}

impl Default for Ssh {
    fn default() -> Self {
        Self {
            program: "ssh".into(),
            config: None,
            accept_new: false,
            connect: Duration::from_secs(10),
            limit: Duration::from_mins(1),
        }
    }
}

/// What came of asking one host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Audit {
    /// What it said.
    pub facts: Facts,
    /// What that is worth, control by control.
    pub verdicts: Vec<Verdict>,
}

impl Ssh {
    /// Asks one host once and judges what it says. Dropping the future ends `ssh`.
    ///
    /// # Errors
    /// Where no whole answer came.
    pub async fn audit(&self, to: &Destination, controls: &[Control]) -> Result<Audit, Failure> {
        let mut bytes = [0; 16];
        getrandom::fill(&mut bytes).map_err(|error| Failure::Client { why: error.to_string() })?;
        let nonce = Nonce::new(bytes);
        let script = script(controls, &nonce);
        let answer = tokio::time::timeout(self.limit, self.run(to, &script)).await;
        let answer = answer.unwrap_or(Err(Failure::TimedOut { after: self.limit }))?;
        let facts = answer.facts(&nonce)?;
        let verdicts = judge(controls, &facts);
        Ok(Audit { facts, verdicts })
    }

    /// Asks many hosts, so many at once, and yields each as it is done.
    pub fn audit_all<'s>(
        &'s self,
        hosts: impl IntoIterator<Item = Destination, IntoIter: Send + 's> + 's,
        controls: &'s [Control],
        at_once: usize,
    ) -> impl Stream<Item = (Destination, Result<Audit, Failure>)> + Send + 's {
        let asked = hosts.into_iter().map(move |host| async move {
            let audit = self.audit(&host, controls).await;
            (host, audit)
        });
        stream::iter(asked).buffer_unordered(at_once.max(1))
    }

    /// What `ssh` is told. Of several values the first one holds (ssh_config(5)), so nothing here can be turned off by a file.
    fn arguments(&self, to: &Destination) -> Vec<OsString> {
        let mut arguments: Vec<OsString> = Vec::new();
        if let Some(config) = &self.config {
            arguments.extend(["-F".into(), config.into()]);
        }
        arguments.extend(["-T", "-a", "-x"].map(OsString::from));
        let checking = if self.accept_new { "accept-new" } else { "yes" };
        let options = [
            "BatchMode=yes".to_owned(),
            format!("ConnectTimeout={}", self.connect.as_secs().max(1)),
            format!("StrictHostKeyChecking={checking}"),
            "ServerAliveInterval=5".to_owned(),
            "ServerAliveCountMax=3".to_owned(),
            // The host's own greeting would stand among the complaints otherwise.
            "LogLevel=ERROR".to_owned(),
            "ForwardAgent=no".to_owned(),
            "ForwardX11=no".to_owned(),
            "ClearAllForwardings=yes".to_owned(),
            "PermitLocalCommand=no".to_owned(),
            "RemoteCommand=none".to_owned(),
            "UpdateHostKeys=no".to_owned(),
            // Every host shows its key to every audit, and nothing stays behind.
            "ControlMaster=no".to_owned(),
            "ControlPath=none".to_owned(),
        ];
        for option in options {
            arguments.extend(["-o".into(), option.into()]);
        }
        arguments.extend(["--", to.as_str(), "sh -s"].map(OsString::from));
        arguments
    }

    async fn run(&self, to: &Destination, script: &str) -> Result<Answer, Failure> {
        let mut child = Command::new(&self.program)
            .args(self.arguments(to))
            // What it says is read: it must not be in the language of whoever asks.
            .env("LC_ALL", "C")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .map_err(|error| Failure::Client { why: error.to_string() })?;
        let mut complaints = Vec::new();
        let mut stderr = child.stderr.take();
        let done = {
            let keep = keep(stderr.as_mut(), &mut complaints);
            tokio::pin!(keep);
            let talk = talk(&mut child, script);
            tokio::pin!(talk);
            let mut is_silent = false;
            let done = loop {
                tokio::select! {
                    done = &mut talk => break done,
                    () = &mut keep, if !is_silent => is_silent = true,
                }
            };
            if !is_silent {
                let _all_or_what_came = tokio::time::timeout(LAST_WORDS, keep).await;
            }
            done
        };
        let (status, output) = done?;
        Ok(Answer { status, output, complaints })
    }
}

/// Sends the script and reads the answer, both at once: a host that reads nothing may still talk.
async fn talk(child: &mut Child, script: &str) -> Result<(ExitStatus, Vec<u8>), Failure> {
    let client = |error: std::io::Error| Failure::Client { why: error.to_string() };
    let (stdin, stdout) = (child.stdin.take(), child.stdout.take());
    let send = async {
        if let Some(mut stdin) = stdin {
            // Whoever hangs up is heard by what it does not say.
            let _hung_up = stdin.write_all(script.as_bytes()).await;
        }
    };
    let mut output = Vec::new();
    let read = async {
        let Some(stdout) = stdout else { return Ok(()) };
        let most = u64::try_from(MOST_OUTPUT).unwrap_or(u64::MAX);
        stdout.take(most + 1).read_to_end(&mut output).await.map_err(client)?;
        if output.len() > MOST_OUTPUT {
            return Err(Failure::TooMuch { most: MOST_OUTPUT });
        }
        Ok(())
    };
    // What must end it ends it at once: a host that says too much need not have heard all of the script.
    let send = async {
        send.await;
        Ok(())
    };
    tokio::try_join!(send, read)?;
    let status = child.wait().await.map_err(client)?;
    Ok((status, output))
}

/// Keeps the first of what comes and drops the rest.
async fn keep(from: Option<&mut (impl AsyncRead + Unpin)>, kept: &mut Vec<u8>) {
    let Some(from) = from else { return };
    let mut piece = [0; 1024];
    while let Ok(read @ 1..) = from.read(&mut piece).await {
        let room = MOST_COMPLAINTS.saturating_sub(kept.len());
        kept.extend_from_slice(&piece[..read.min(room)]);
    }
}

/// What `ssh` brought.
struct Answer {
    status: ExitStatus,
    output: Vec<u8>,
    complaints: Vec<u8>,
}

impl Answer {
    fn facts(&self, nonce: &Nonce) -> Result<Facts, Failure> {
        let read = Facts::read(&self.output, nonce);
        let code = self.status.code().unwrap_or(-1);
        match read {
            Ok(facts) => Ok(facts),
            Err(_) if code == OF_CLIENT => {
                let said = String::from_utf8_lossy(&self.complaints);
                Err(Failure::of_client(&said, self.last_words()))
            }
            Err(crate::ReadError::Foreign { .. }) if code != 0 => {
                Err(Failure::NoShell { status: code, said: self.last_words() })
            }
            Err(error) => Err(Failure::Unread(error)),
        }
    }

    fn last_words(&self) -> String {
        let said = if self.complaints.is_empty() { &self.output } else { &self.complaints };
        shown_bytes(said)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_stands_behind_the_destination_that_ssh_would_read() {
        let to = Destination::new("root@db1").expect("a destination");
        let arguments = Ssh::default().arguments(&to);
        let at = arguments.iter().position(|argument| argument == "--").expect("an end of options");
        assert_eq!(arguments[at + 1..], ["root@db1", "sh -s"]);
        assert!(arguments.iter().any(|argument| argument == "StrictHostKeyChecking=yes"));
        assert!(arguments.iter().any(|argument| argument == "BatchMode=yes"));
        let accepting = Ssh { accept_new: true, ..Ssh::default() }.arguments(&to);
        assert!(accepting.iter().any(|argument| argument == "StrictHostKeyChecking=accept-new"));
    }
}
