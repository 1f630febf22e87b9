//! Networks in CIDR notation (RFC 4632 for IPv4, RFC 4291 for IPv6).
//!
//! Both families are compared as ranges of 128-bit numbers behind a family flag, so that one rule
//! serves both and a network never overlaps one of the other family.

use std::net::IpAddr;

/// A network: the addresses that share a prefix.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Network {
    /// Whether it is an IPv6 network; ranges of the two families do not compare.
    is_v6: bool,
    first: u128,
    last: u128,
}

impl Network {
    /// Reads `10.10.0.0/22`.
    ///
    /// # Errors
    /// Says what is wrong, and which network is meant when only bits after the prefix are set.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let shape = || format!("`{text}` is not a network in CIDR notation");
        let (address, length) = text.split_once('/').ok_or_else(shape)?;
        let address: IpAddr = address.parse().map_err(|_| shape())?;
        let width: u32 = if address.is_ipv6() { 128 } else { 32 };
        let length: u32 =
            length.parse().ok().filter(|length| *length <= width).ok_or_else(shape)?;
        // A prefix of no bits at all leaves every bit to the host; shifting by the whole width of the
        // number would be an error, hence `checked_shl`.
        let size = 1_u128.checked_shl(width - length);
        let host_bits = size.map_or(u128::MAX, |size| size - 1);
        let number = number(address);
        if number & host_bits != 0 {
            let network = network(address, number & !host_bits);
            return Err(format!(
                "`{text}` is not a network: bits after the prefix are set; the network is `{network}/{length}`"
            ));
        }
        Ok(Self { is_v6: address.is_ipv6(), first: number, last: number | host_bits })
    }

    /// Says whether an address lies in the network.
    pub(crate) fn contains(&self, address: IpAddr) -> bool {
        self.is_v6 == address.is_ipv6() && (self.first..=self.last).contains(&number(address))
    }

    /// The first address, ordered by family.
    pub(crate) fn first(&self) -> (bool, u128) {
        (self.is_v6, self.first)
    }

    /// The last address, ordered by family.
    pub(crate) fn last(&self) -> (bool, u128) {
        (self.is_v6, self.last)
    }
}

fn number(address: IpAddr) -> u128 {
    match address {
        IpAddr::V4(address) => u128::from(u32::from(address)),
        IpAddr::V6(address) => u128::from(address),
    }
}

/// The address of the same family with this number.
fn network(like: IpAddr, number: u128) -> IpAddr {
    match like {
        IpAddr::V4(_) => IpAddr::V4(u32::try_from(number).unwrap_or(u32::MAX).into()),
        IpAddr::V6(_) => IpAddr::V6(number.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prefixes_of_every_length_have_first_and_last_addresses() {
        let network = Network::parse("10.10.0.0/22").unwrap();
        assert!(network.contains("10.10.3.255".parse().unwrap()));
        assert!(!network.contains("10.10.4.0".parse().unwrap()));
        assert!(!network.contains("::a0a:0".parse().unwrap()));
        assert!(Network::parse("0.0.0.0/0").unwrap().contains("255.255.255.255".parse().unwrap()));
        assert!(Network::parse("::/0").unwrap().contains("ffff::".parse().unwrap()));
        assert!(Network::parse("10.0.0.1/32").unwrap().contains("10.0.0.1".parse().unwrap()));
    }

    #[test]
    fn what_is_no_network_is_refused() {
        for text in ["", "10.0.0.0", "10.0.0.0/33", "10.0.0/8", "::/129", "10.0.0.0/-1", "a/8"] {
            assert!(Network::parse(text).is_err(), "{text}");
        }
        let problem = Network::parse("10.0.1.5/24").unwrap_err();
        assert!(problem.ends_with("the network is `10.0.1.0/24`"), "{problem}");
    }
}
