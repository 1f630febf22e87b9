//! Carries probes out.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use rustls::client::WebPkiServerVerifier;
use tokio::sync::OnceCell;

use crate::failure::Failure;
use crate::outcome::Outcome;
use crate::probe::Probe;
use crate::progress::Progress;
use crate::{dns, http, secure, tcp, tls};

/// Carries probes out, many at once if wanted. It holds the authorities that the machine trusts, read once, at the first probe
/// that needs them: who changes them makes a new prober.
pub struct Prober {
    now: Box<dyn Fn() -> Timestamp + Send + Sync>,
    machine: OnceCell<Result<Arc<WebPkiServerVerifier>, Failure>>,
}

impl Prober {
    /// Makes one that judges certificates by the given clock.
    pub fn new(now: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        Self { now: Box::new(now), machine: OnceCell::new() }
    }

    /// Carries a probe out once, within `limit` from now on. It needs a tokio runtime with its I/O and time drivers. Dropping the
    /// future closes what was open; only the system's resolver may go on in its own thread until its own limit.
    pub async fn run(&self, probe: &Probe, limit: Duration) -> Outcome {
        let mut progress = Progress::start();
        let ended = tokio::time::timeout(limit, self.carry_out(probe, &mut progress)).await;
        let why = match ended {
            Ok(result) => result.err(),
            Err(_) => Some(Failure::TimedOut { phase: progress.phase(), after: limit }),
        };
        Outcome {
            ok: why.is_none(),
            took: progress.took(),
            phases: progress.phases(),
            why,
            certificate_until: progress.certificate_until,
        }
    }

    async fn carry_out(&self, probe: &Probe, progress: &mut Progress) -> Result<(), Failure> {
        match probe {
            Probe::Http(probe) => Box::pin(http::check(self, probe, progress)).await,
            Probe::Tcp(probe) => Box::pin(tcp::check(probe, progress)).await,
            Probe::Tls(probe) => Box::pin(tls::check(self, probe, progress)).await,
            Probe::Dns(probe) => Box::pin(dns::check(probe, progress)).await,
        }
    }

    pub(crate) fn now(&self) -> Timestamp {
        (self.now)()
    }

    /// The authorities that the machine trusts.
    pub(crate) async fn machine_authorities(&self) -> Result<Arc<WebPkiServerVerifier>, Failure> {
        let load = || {
            let found = rustls_native_certs::load_native_certs().certs;
            secure::authorities(found)
        };
        let broken = || Failure::Settings {
            why: "the authorities of this machine cannot be read".to_owned(),
        };
        let loaded = self.machine.get_or_init(async || {
            // Hundreds of files: not for a thread that others wait for.
            tokio::task::spawn_blocking(load).await.unwrap_or_else(|_| Err(broken()))
        });
        loaded.await.clone()
    }
}

impl fmt::Debug for Prober {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Prober").finish_non_exhaustive()
    }
}
