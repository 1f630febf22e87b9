//! From a name to a connection: all addresses are asked for, and tried one after another without waiting for the last to fail.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use futures_util::StreamExt as _;
use futures_util::stream::FuturesUnordered;
use tokio::net::TcpStream;

use crate::failure::Failure;
use crate::outcome::Phase;
use crate::progress::Progress;
use crate::text::shown;

/// After so long the next address is tried beside the last one: "Connection Attempt Delay", RFC 8305, section 5.
const NEXT_ADDRESS: Duration = Duration::from_millis(250);

/// So many addresses of a name are tried: behind more stands a balancer whose first eight do as well.
const MOST_ADDRESSES: usize = 8;

/// Connects to a name or an address.
pub(crate) async fn connect(
    host: &str,
    port: u16,
    progress: &mut Progress,
) -> Result<TcpStream, Failure> {
    let addresses = match host.parse::<IpAddr>() {
        Ok(address) => vec![SocketAddr::new(address, port)],
        Err(_) => resolve(host, port, progress).await?,
    };
    progress.enter(Phase::Connecting);
    let stream = staggered(addresses, NEXT_ADDRESS, attempt).await?;
    progress.connected();
    // Fails only on a connection that is gone, which whatever comes next will say better.
    let _nagle_stays = stream.set_nodelay(true);
    Ok(stream)
}

/// Asks the system's resolver, which knows `/etc/hosts` and what else the machine was told. Its thread ends by its own limit
/// when the run does not wait for it any longer.
async fn resolve(
    host: &str,
    port: u16,
    progress: &mut Progress,
) -> Result<Vec<SocketAddr>, Failure> {
    progress.enter(Phase::Resolving);
    let unresolved = |why: String| Failure::Unresolved { host: shown(host), why };
    if host.is_empty() || host.contains('\0') {
        return Err(Failure::Settings { why: "it names no host".to_owned() });
    }
    let found = tokio::net::lookup_host((host, port)).await.map_err(|error| {
        let text = error.to_string();
        let why = text.strip_prefix("failed to lookup address information: ").unwrap_or(&text);
        unresolved(shown(why))
    })?;
    let addresses = interleaved(found.collect());
    if addresses.is_empty() {
        return Err(unresolved("it has no address".to_owned()));
    }
    progress.resolved();
    Ok(addresses)
}

/// Puts the families in turns, beginning with the one that the system prefers (RFC 8305, section 4).
fn interleaved(found: Vec<SocketAddr>) -> Vec<SocketAddr> {
    let first_is_v6 = found.first().is_some_and(SocketAddr::is_ipv6);
    let (ours, others): (Vec<_>, Vec<_>) =
        found.into_iter().partition(|address| address.is_ipv6() == first_is_v6);
    let mut others = others.into_iter();
    let mut turns = Vec::new();
    for address in ours {
        turns.push(address);
        turns.extend(others.next());
    }
    turns.extend(others);
    turns.truncate(MOST_ADDRESSES);
    turns
}

async fn attempt(address: SocketAddr) -> Result<TcpStream, Failure> {
    TcpStream::connect(address).await.map_err(|error| failed(&error, address, Phase::Connecting))
}

/// What an error of a socket means.
pub(crate) fn failed(error: &io::Error, address: SocketAddr, phase: Phase) -> Failure {
    match error.kind() {
        io::ErrorKind::ConnectionRefused => Failure::Refused { address },
        io::ErrorKind::HostUnreachable
        | io::ErrorKind::NetworkUnreachable
        | io::ErrorKind::AddrNotAvailable
        | io::ErrorKind::PermissionDenied
        | io::ErrorKind::InvalidInput => {
            Failure::Unreachable { address, why: error.kind().to_string() }
        }
        kind => Failure::Broken { phase, why: kind.to_string() },
    }
}

/// Tries candidates one after another, the next one when one fails or after a delay, and takes the first that succeeds. When all
/// fail, the failure of the first is told, unless a later one came further than "unreachable".
pub(crate) async fn staggered<C, T, F>(
    candidates: Vec<C>,
    delay: Duration,
    attempt: impl Fn(C) -> F,
) -> Result<T, Failure>
where
    F: Future<Output = Result<T, Failure>>,
{
    let mut candidates = candidates.into_iter();
    let mut running: FuturesUnordered<F> = candidates.next().map(&attempt).into_iter().collect();
    let mut kept: Option<Failure> = None;
    while !running.is_empty() {
        tokio::select! {
            Some(result) = running.next() => match result {
                Ok(done) => return Ok(done),
                Err(failure) => {
                    if matches!(kept, None | Some(Failure::Unreachable { .. })) {
                        kept = Some(failure);
                    }
                    running.extend(candidates.next().map(&attempt));
                }
            },
            () = tokio::time::sleep(delay), if candidates.len() > 0 => {
                running.extend(candidates.next().map(&attempt));
            }
        }
    }
    Err(kept.unwrap_or_else(|| Failure::Settings { why: "there is nobody to ask".to_owned() }))
}

#[cfg(test)]
mod tests {
    use tokio::time::{Instant, sleep};

    use super::*;

    fn unreachable(port: u16) -> Failure {
        let address = SocketAddr::from(([127, 0, 0, 1], port));
        Failure::Unreachable { address, why: "far".to_owned() }
    }

    fn refused(port: u16) -> Failure {
        Failure::Refused { address: SocketAddr::from(([127, 0, 0, 1], port)) }
    }

    #[tokio::test(start_paused = true)]
    async fn a_silent_address_does_not_hold_up_the_next_one() {
        let begun = Instant::now();
        let found = staggered(vec![1, 2], NEXT_ADDRESS, async |n| {
            let long = if n == 1 { Duration::from_secs(60) } else { Duration::from_millis(10) };
            sleep(long).await;
            Ok(n)
        });
        assert_eq!(found.await, Ok(2));
        assert_eq!(begun.elapsed(), Duration::from_millis(260));
    }

    #[tokio::test(start_paused = true)]
    async fn an_address_that_fails_hands_over_at_once() {
        let begun = Instant::now();
        let found =
            staggered(
                vec![1, 2],
                NEXT_ADDRESS,
                async |n| {
                    if n == 1 { Err(unreachable(1)) } else { Ok(n) }
                },
            );
        assert_eq!(found.await, Ok(2));
        assert_eq!(begun.elapsed(), Duration::ZERO);
    }

    #[tokio::test(start_paused = true)]
    async fn the_failure_that_came_furthest_is_told() {
        let failures = [unreachable(1), refused(2), refused(3)];
        let told = staggered(vec![0, 1, 2], NEXT_ADDRESS, async |n: usize| {
            Err::<(), _>(failures[n].clone())
        });
        assert_eq!(told.await, Err(refused(2)));
    }

    #[test]
    fn families_take_turns() {
        let all = ["[::1]:1", "[::2]:1", "[::3]:1", "1.1.1.1:1"];
        let all = all.map(|text| text.parse().expect("an address")).to_vec();
        let turns: Vec<String> = interleaved(all).iter().map(ToString::to_string).collect();
        assert_eq!(turns, ["[::1]:1", "1.1.1.1:1", "[::2]:1", "[::3]:1"]);
        let many = (0..20).map(|n| SocketAddr::from(([127, 0, 0, n], 1))).collect();
        assert_eq!(interleaved(many).len(), MOST_ADDRESSES);
    }
}
