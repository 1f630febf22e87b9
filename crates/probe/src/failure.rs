//! Why a probe failed: one enum, whose words fit in one line and say what was seen.
//!
//! No variant holds what the probe sent. Text of the other side is made fit to be shown before it comes in here.

use std::net::SocketAddr;
use std::time::Duration;

use jiff::Timestamp;

use crate::outcome::Phase;
use crate::trust::Fingerprint;

/// Why a probe failed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Failure {
    /// The probe cannot be carried out as it is written; nobody was asked. Not the service's fault.
    #[error("the probe cannot be carried out: {why}")]
    Settings {
        /// What does not fit.
        why: String,
    },
    /// The name has no address, or nobody who would know it answered.
    #[error("could not resolve `{host}`: {why}")]
    Unresolved {
        /// The name.
        host: String,
        /// What the system's resolver says.
        why: String,
    },
    /// Nothing listens there, or something in between says so.
    #[error("connection refused by {address}")]
    Refused {
        /// Where to.
        address: SocketAddr,
    },
    /// There is no way to it.
    #[error("{address} is unreachable: {why}")]
    Unreachable {
        /// Where to.
        address: SocketAddr,
        /// What the system says.
        why: String,
    },
    /// It was not done when its time was over.
    #[error("timed out after {} while {phase}", seconds(*after))]
    TimedOut {
        /// What it was doing.
        phase: Phase,
        /// The limit.
        after: Duration,
    },
    /// The other side hung up, or the network did.
    #[error("the connection broke while {phase}: {why}")]
    Broken {
        /// What it was doing.
        phase: Phase,
        /// What the system says.
        why: String,
    },
    /// Its certificate is not trusted, or will not be for long enough.
    #[error("certificate: {0}")]
    Certificate(CertificateFault),
    /// No TLS was agreed on, whatever the certificate.
    #[error("TLS could not be agreed on: {why}")]
    Handshake {
        /// What is wrong.
        why: String,
    },
    /// What answers does not speak HTTP/1.1.
    #[error("what answers does not speak HTTP: {why}")]
    NotHttp {
        /// What is wrong with the answer.
        why: String,
    },
    /// It says more than anybody reads.
    #[error("the answer's {part} is longer than {most} bytes")]
    TooLong {
        /// Which part.
        part: &'static str,
        /// The limit.
        most: usize,
    },
    /// Another status than the expected ones.
    #[error("unexpected status {seen}, expected {expected}")]
    Status {
        /// The status.
        seen: u16,
        /// Those that would have been right, such as `200-299, 404`.
        expected: String,
    },
    /// A redirect that leads nowhere, or where the request must not go.
    #[error("redirect: {why}")]
    Redirect {
        /// What is wrong with it.
        why: String,
    },
    /// The expected text is not in the body.
    #[error("text `{text}` not found in the first {read} bytes of the body")]
    TextMissing {
        /// The expected text.
        text: String,
        /// So many bytes were searched.
        read: usize,
    },
    /// The expected header is not there.
    #[error("the header `{name}` is missing")]
    HeaderMissing {
        /// Its name.
        name: String,
    },
    /// The expected header says something else. What it says is not repeated: it may be a secret.
    #[error("the header `{name}` is not `{expected}`")]
    HeaderDiffers {
        /// Its name.
        name: String,
        /// What it should say.
        expected: String,
    },
    /// The other side ended before it had said what was expected.
    #[error("answer too short: {read} bytes, without the expected ones")]
    TooShort {
        /// So many bytes came.
        read: usize,
    },
    /// The other side went on, without what was expected.
    #[error(
        "the expected bytes are not in the first {read} bytes of the answer, which begins `{seen}`"
    )]
    BytesMissing {
        /// So many bytes were searched.
        read: usize,
        /// What came first.
        seen: String,
    },
    /// What answers does not speak DNS, or broke off.
    #[error("what answers does not speak DNS: {why}")]
    NotDns {
        /// What is wrong with the answer.
        why: String,
    },
    /// The name server said no: `NXDOMAIN`, `SERVFAIL`, `REFUSED` and others (RFC 1035, section 4.1.1; RFC 2136).
    #[error("the name server answered {code}")]
    Response {
        /// The response code, as tools show it.
        code: String,
    },
    /// The name exists, without such a record.
    #[error("there is no {record} record")]
    NoRecord {
        /// The type that was asked for.
        record: crate::probe::Record,
    },
    /// Other values than the expected ones.
    #[error("unexpected values: {}; missing {}{}", quoted(seen), if *all { "" } else { "any of " }, quoted(missing))]
    Values {
        /// What was answered.
        seen: Vec<String>,
        /// What was expected and not answered.
        missing: Vec<String>,
        /// Whether every one of those must be there.
        all: bool,
    },
}

/// What is wrong with a certificate.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CertificateFault {
    /// Its time is over.
    #[error("expired since {since}")]
    Expired {
        /// Since when.
        since: Timestamp,
    },
    /// Its time has not begun.
    #[error("not valid before {from}")]
    NotYetValid {
        /// From when on.
        from: Timestamp,
    },
    /// It is for somebody else.
    #[error("for another name than `{wanted}`{}", presented(names))]
    OtherName {
        /// Whom it should be for.
        wanted: String,
        /// Whom it is for, as far as it says.
        names: Vec<String>,
    },
    /// No trusted authority signed it.
    #[error("unknown issuer; the certificate's SHA-256 is `{seen}`")]
    UnknownIssuer {
        /// What was shown.
        seen: Fingerprint,
    },
    /// It is another one than the pinned.
    #[error("not the pinned one `{pinned}`, but `{seen}`")]
    NotPinned {
        /// What was pinned.
        pinned: Fingerprint,
        /// What was shown.
        seen: Fingerprint,
    },
    /// It is trusted, but not for as long as wanted.
    #[error("expires in {days} days, on {until}; {wanted} days are wanted")]
    ExpiresSoon {
        /// When the first of the chain expires.
        until: Timestamp,
        /// Whole days until then.
        days: u32,
        /// How many are wanted.
        wanted: u32,
    },
    /// Its dates cannot be read.
    #[error("its dates cannot be read")]
    Undated,
    /// Something else: a purpose, an algorithm, a constraint.
    #[error("{why}")]
    Other {
        /// What is wrong with it.
        why: String,
    },
}

impl Failure {
    /// Whether the probe itself is at fault: such a run says nothing about the service and should not be counted.
    #[must_use]
    pub fn is_of_the_probe(&self) -> bool {
        matches!(self, Self::Settings { .. })
    }
}

fn seconds(limit: Duration) -> String {
    if limit.subsec_nanos() == 0 {
        format!("{} s", limit.as_secs())
    } else {
        format!("{} ms", limit.as_millis())
    }
}

/// Values between backticks; of many, the first few.
fn quoted(values: &[String]) -> String {
    const MOST: usize = 5;
    let shown: Vec<String> = values.iter().take(MOST).map(|value| format!("`{value}`")).collect();
    match values.len().saturating_sub(MOST) {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}

fn presented(names: &[String]) -> String {
    if names.is_empty() { String::new() } else { format!(": it is for {}", quoted(names)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(failure: &Failure, expect: &str) {
        assert_eq!(failure.to_string(), expect);
    }

    #[test]
    fn words_say_what_was_seen() {
        let after = Duration::from_millis(1_500);
        check(
            &Failure::TimedOut { phase: Phase::Securing, after },
            "timed out after 1500 ms while agreeing on TLS",
        );
        let since = "2026-01-02T03:04:05Z".parse().expect("a moment");
        check(
            &Failure::Certificate(CertificateFault::Expired { since }),
            "certificate: expired since 2026-01-02T03:04:05Z",
        );
        let wanted = "a.example".to_owned();
        let other = CertificateFault::OtherName { wanted, names: vec!["b.example".to_owned()] };
        check(
            &Failure::Certificate(other),
            "certificate: for another name than `a.example`: it is for `b.example`",
        );
        let seen: Vec<String> = (0..7).map(|n| n.to_string()).collect();
        check(
            &Failure::Values { seen, missing: vec!["x".to_owned()], all: false },
            "unexpected values: `0`, `1`, `2`, `3`, `4` and 2 more; missing any of `x`",
        );
    }
}
