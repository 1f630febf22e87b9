//! Who is at the other end of the connection.

use std::net::{IpAddr, SocketAddr};

use axum::extract::ConnectInfo;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;

use super::Problem;
use crate::AppState;

/// The address that a request comes from: the connection's, or what a stated proxy says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Peer {
    /// The address.
    pub address: IpAddr,
    /// Whether the request was made on this very machine and not forwarded.
    pub is_local: bool,
}

/// The connection's own address.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Connection(pub(crate) SocketAddr);

impl FromRequestParts<AppState> for Peer {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Problem> {
        Ok(Self::of(parts, state))
    }
}

impl Peer {
    /// Reads the peer of a request.
    pub(crate) fn of(parts: &Parts, state: &AppState) -> Self {
        let connection = parts.extensions.get::<ConnectInfo<Connection>>();
        let address =
            connection.map_or(IpAddr::from([0, 0, 0, 0]), |info| info.0.0.ip().to_canonical());
        let forwarded = parts.headers.get("x-forwarded-for").and_then(|value| value.to_str().ok());
        let proxy = state.config().behind_proxy.as_ref();
        match (proxy, forwarded) {
            (Some(proxy), Some(forwarded)) if proxy.addresses.contains(&address) => {
                // The proxy appends what it saw itself; everything before was said by the client.
                let last = forwarded.rsplit(',').next().and_then(|last| last.trim().parse().ok());
                Self { address: last.unwrap_or(address), is_local: false }
            }
            (Some(_), _) => Self { address, is_local: false },
            // A local reverse proxy that nobody stated must not lend its loopback address to strangers.
            (None, Some(_)) => Self { address, is_local: false },
            (None, None) => Self { address, is_local: address.is_loopback() },
        }
    }
}
