//! A handshake by TLS, and how long the certificates last.

use jiff::Timestamp;
use tokio::io::AsyncWriteExt as _;

use crate::connect::connect;
use crate::failure::{CertificateFault, Failure};
use crate::probe::TlsProbe;
use crate::prober::Prober;
use crate::progress::Progress;
use crate::secure::{Terms, secure};

/// Seconds of a day as it counts here.
const DAY: i64 = 24 * 60 * 60;

/// Carries the probe out.
pub(crate) async fn check(
    prober: &Prober,
    probe: &TlsProbe,
    progress: &mut Progress,
) -> Result<(), Failure> {
    let TlsProbe { host, port, server_name, days_left, trust } = probe;
    let stream = connect(host, *port, progress).await?;
    let name = server_name.as_deref().unwrap_or(host);
    let mut stream =
        secure(prober, stream, Terms { trust, name, protocol: None }, progress).await?;
    // A parting word, so that nobody's log complains; whether it arrives does not matter.
    let _said = stream.shutdown().await;
    let until = progress.certificate_until;
    let until = until.ok_or(Failure::Certificate(CertificateFault::Undated))?;
    lasts(until, prober.now(), *days_left).map_err(Failure::Certificate)
}

fn lasts(until: Timestamp, now: Timestamp, wanted: u32) -> Result<(), CertificateFault> {
    let left = until.as_second() - now.as_second();
    if left < 0 {
        return Err(CertificateFault::Expired { since: until });
    }
    let days = u32::try_from(left / DAY).unwrap_or(u32::MAX);
    if days < wanted {
        return Err(CertificateFault::ExpiresSoon { until, days, wanted });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_whole_and_the_last_second_counts() {
        let now = Timestamp::from_second(1_000_000).expect("a moment");
        let at = |left: i64| Timestamp::from_second(1_000_000 + left).expect("a moment");
        assert_eq!(lasts(at(0), now, 0), Ok(()));
        assert_eq!(lasts(at(-1), now, 0), Err(CertificateFault::Expired { since: at(-1) }));
        assert_eq!(lasts(at(7 * DAY), now, 7), Ok(()));
        let soon = CertificateFault::ExpiresSoon { until: at(7 * DAY - 1), days: 6, wanted: 7 };
        assert_eq!(lasts(at(7 * DAY - 1), now, 7), Err(soon));
    }
}
