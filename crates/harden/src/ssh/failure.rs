//! Why a host gave no answer.

use std::time::Duration;

use crate::frame::ReadError;

/// Why a host gave no answer that can be judged. Words of the host or of `ssh` are cut and fit to be shown.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Failure {
    /// Our own side: no `ssh`, a configuration that it does not read, no random numbers.
    #[error("`ssh` could not be run here: {why}")]
    Client {
        /// What is wrong.
        why: String,
    },
    /// Nobody answers there, or what answers speaks no SSH.
    #[error("unreachable: {said}")]
    Unreachable {
        /// What `ssh` says.
        said: String,
    },
    /// Nobody has vouched for the key that the host shows.
    #[error(
        "the host's key is not known; compare it on the host's console and add it to known_hosts: {said}"
    )]
    HostKeyUnknown {
        /// What `ssh` says.
        said: String,
    },
    /// The host shows another key than before: it was set up anew, or it is another one.
    #[error("the host's key has changed; find out why before anybody signs in: {said}")]
    HostKeyChanged {
        /// What `ssh` says.
        said: String,
    },
    /// The host does not let us in.
    #[error("permission denied: {said}")]
    PermissionDenied {
        /// What `ssh` says.
        said: String,
    },
    /// The host let us in, but ran no shell for us.
    #[error("the host ran no shell (status {status}): {said}")]
    NoShell {
        /// The status with which it ended.
        status: i32,
        /// What came instead.
        said: String,
    },
    /// It was not done when its time was over.
    #[error("timed out after {} s", after.as_secs_f32())]
    TimedOut {
        /// The limit.
        after: Duration,
    },
    /// It says more than anybody reads.
    #[error("the answer is longer than {most} bytes")]
    TooMuch {
        /// The limit.
        most: usize,
    },
    /// What it said is not the answer.
    #[error(transparent)]
    Unread(ReadError),
}

impl Failure {
    /// What `ssh` means when it ends by itself, with status 255; by its own words, which are not translated (OpenSSH, ssh.c,
    /// sshconnect.c, sshconnect2.c).
    pub(super) fn of_client(said: &str, shown: String) -> Self {
        let has = |words: &[&str]| words.iter().any(|word| said.contains(word));
        if has(&["REMOTE HOST IDENTIFICATION HAS CHANGED", "REVOKED HOST KEY DETECTED"]) {
            Self::HostKeyChanged { said: shown }
        } else if has(&["Host key verification failed", "host key is known for"]) {
            Self::HostKeyUnknown { said: shown }
        } else if has(&["Permission denied (", "Too many authentication failures"]) {
            Self::PermissionDenied { said: shown }
        } else if has(&[
            "Bad configuration option",
            "bad configuration option",
            "Can't open user config file",
            "Bad owner or permissions",
        ]) {
            Self::Client { why: shown }
        } else {
            Self::Unreachable { said: shown }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_of_ssh_are_understood() {
        let kind = |said: &str| Failure::of_client(said, String::new());
        let said = String::new;
        let changed =
            "@ WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED! @\nHost key verification failed.";
        assert_eq!(kind(changed), Failure::HostKeyChanged { said: said() });
        let unknown = "No ED25519 host key is known for h and you have requested strict checking.\nHost key verification failed.";
        assert_eq!(kind(unknown), Failure::HostKeyUnknown { said: said() });
        assert_eq!(
            kind("root@h: Permission denied (publickey)."),
            Failure::PermissionDenied { said: said() }
        );
        assert_eq!(kind("x: line 1: Bad configuration option: y"), Failure::Client { why: said() });
        assert_eq!(
            kind("ssh: connect to host h port 22: Connection refused"),
            Failure::Unreachable { said: said() }
        );
    }
}
