//! The resolvers that the machine is told to ask (resolv.conf(5)), read anew for each run: networks change under a program.

use std::net::{IpAddr, SocketAddr};

use crate::failure::Failure;

/// Where they stand, on Linux and macOS.
const FILE: &str = "/etc/resolv.conf";

/// So many are asked, as the C library does (`MAXNS`).
const MOST: usize = 3;

/// The port of DNS (RFC 1035, section 4.2).
const PORT: u16 = 53;

/// Reads who is asked.
pub(super) async fn servers() -> Result<Vec<SocketAddr>, Failure> {
    // A file that is not there stands for the machine itself, as it does for the C library.
    let text = tokio::fs::read(FILE).await.unwrap_or_default();
    let found = named(&String::from_utf8_lossy(&text));
    Ok(if found.is_empty() { vec![SocketAddr::from(([127, 0, 0, 1], PORT))] } else { found })
}

fn named(text: &str) -> Vec<SocketAddr> {
    let lines = text.lines().map(str::split_whitespace);
    lines
        .filter_map(|mut words| {
            (words.next()? == "nameserver").then_some(())?;
            // `fe80::1%eth0`: a link's own address, with its link, which only the system could find.
            let address = words.next()?;
            Some(SocketAddr::new(address.parse::<IpAddr>().ok()?, PORT))
        })
        .take(MOST)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_resolvers_are_read() {
        let text = "# a comment\nsearch example.org\nnameserver 192.0.2.1\n nameserver\t2001:db8::1 # b\n\
                    nameserver fe80::1%eth0\nnameserver\noptions edns0\nnameserver 192.0.2.3\nnameserver 192.0.2.4";
        let found: Vec<String> = named(text).iter().map(ToString::to_string).collect();
        assert_eq!(found, ["192.0.2.1:53", "[2001:db8::1]:53", "192.0.2.3:53"]);
        assert!(named("").is_empty());
    }
}
