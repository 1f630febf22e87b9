//! Probes: whether a service answers as it should, seen from outside, for who has no monitoring that would say.
//!
//! A [`Probe`] is plain data: an HTTP request, bytes over TCP, a TLS handshake, a question of DNS, each with what is expected.
//! [`Prober::run`] carries it out once and says in an [`Outcome`] whether it went well, how long each part took, and otherwise
//! in a [`Failure`] what did not, in one line for people.
//!
//! Invariants:
//! * Every run makes its connections anew: nothing is pooled, resumed or cached, so that what new users meet is what is measured.
//! * A run ends within its limit of time and reads at most [`MOST_READ`] bytes of a connection, whatever the other side does:
//!   drips, never ends a head, never ends a body, never answers. Dropping the future ends it at once; no task outlives it.
//! * A name is tried at all of its addresses, IPv6 and IPv4, the next one a quarter of a second after the last (RFC 8305).
//! * No certificate is trusted because it is there: the machine's authorities, given ones, or a pinned fingerprint.
//! * What a probe sends (values of headers, bodies, bytes, queries of addresses) is in no `Debug` and in no [`Failure`]. Text of
//!   the other side is foreign: control characters and marks that turn the direction of writing are shown instead of obeyed,
//!   and long text is cut with a mark.
//! * Redirects are not followed unless wanted, and to another origin nothing that the probe brought is sent along.
//!
//! Absent on purpose: a schedule, a history, retries (a probe that needs two tries failed once), HTTP/2 and HTTP/3, proxies,
//! cookies, compression, STARTTLS, ICMP (it needs rights), and a clock: the caller's is used to judge certificates, and tokio's
//! `Instant` to measure.
//!
//! # Real peers in the tests
//!
//! `openssl s_server`, Python's `http.server` and `dnsmasq` are asked where they are installed. `COUNCIL_TEST_BLACKBOX` may name
//! the address of a Prometheus blackbox exporter on the same machine (`prometheus-blackbox-exporter
//! --config.file=crates/probe/tests/blackbox.yaml`), whose verdicts about the same targets are then compared with ours. A test
//! that does without one says so.

#![warn(missing_docs)]

mod connect;
mod dns;
mod expiry;
mod failure;
mod http;
mod outcome;
mod probe;
mod prober;
mod progress;
mod secure;
mod tcp;
mod text;
mod tls;
mod trust;
mod watch;

pub use failure::{CertificateFault, Failure};
pub use http::MOST_REDIRECTS;
pub use outcome::{Outcome, Phase, Phases};
pub use probe::{
    DnsProbe, Expected, Header, HttpProbe, MOST_BODY, MOST_BYTES, Method, Probe, Record, TcpProbe,
    TlsProbe,
};
pub use prober::Prober;
pub use trust::{Fingerprint, NotAFingerprint, Trust};
pub use watch::MOST_READ;

#[cfg(test)]
mod tests {
    use super::*;

    /// Workers run many of them on many threads.
    #[expect(dead_code, reason = "that it compiles is the test")]
    fn runs_may_move_between_threads(prober: &Prober, probe: &Probe) {
        fn may_move(_: impl Send) {}
        may_move(prober.run(probe, std::time::Duration::ZERO));
    }
}
