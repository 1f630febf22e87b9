//! The networks that a machine is connected to, as plain data.
//!
//! Another room declares VLANs; whoever composes the rooms hands them in. A machine boots from its first network card, in
//! the network where its address lies, untagged, because firmware knows no tags; the other networks of its role arrive
//! tagged on the same card. Cards beyond the first are left alone: how they are bonded is not declared anywhere.

use std::net::IpAddr;

use super::Setup;

/// A network of a site.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lan {
    /// Its name.
    pub name: String,
    /// Its VLAN ID.
    pub id: Option<u32>,
    /// The sites that carry it; none means all.
    pub sites: Vec<String>,
    /// Its address ranges in CIDR notation.
    pub subnets: Vec<String>,
    /// Its router.
    pub gateway: Option<String>,
}

impl Lan {
    /// Says whether a site carries it; whoever has no site is anywhere.
    pub(super) fn is_at(&self, site: Option<&str>) -> bool {
        self.sites.is_empty()
            || site.is_none_or(|site| self.sites.iter().any(|carrier| carrier == site))
    }

    /// The range that an address lies in, with the length of its prefix.
    pub(super) fn range_of(&self, address: IpAddr) -> Option<(&str, u8)> {
        self.subnets.iter().find_map(|subnet| {
            let (network, length) = subnet.split_once('/')?;
            let (network, length): (IpAddr, u8) = (network.parse().ok()?, length.parse().ok()?);
            (shared_bits(network, address)? >= u32::from(length))
                .then_some((subnet.as_str(), length))
        })
    }
}

/// How many leading bits two addresses share; `None` if they are of different families.
fn shared_bits(one: IpAddr, other: IpAddr) -> Option<u32> {
    match (one, other) {
        (IpAddr::V4(one), IpAddr::V4(other)) => {
            Some((u32::from(one) ^ u32::from(other)).leading_zeros())
        }
        (IpAddr::V6(one), IpAddr::V6(other)) => {
            Some((u128::from(one) ^ u128::from(other)).leading_zeros())
        }
        (IpAddr::V4(_), IpAddr::V6(_)) | (IpAddr::V6(_), IpAddr::V4(_)) => None,
    }
}

/// How a machine is reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place<'s> {
    /// The MAC address of the card that it boots from.
    pub(super) mac: Option<String>,
    /// Its address with the length of its network's prefix; without one it asks DHCP.
    pub(super) address: Option<(IpAddr, u8)>,
    /// Its router.
    pub(super) gateway: Option<&'s str>,
    /// The networks that arrive tagged, by VLAN ID.
    pub(super) tagged: Vec<(u32, &'s str)>,
}

impl<'s> Place<'s> {
    /// Where a machine stands in the networks of its role.
    pub(super) fn of(setup: &'s Setup<'_>) -> Self {
        let machine = setup.machine.map(|machine| machine.spec);
        let mac = machine.and_then(|machine| machine.macs.first());
        let address = machine.and_then(|machine| machine.address.as_ref());
        let address: Option<IpAddr> = address.and_then(|address| address.parse().ok());
        let home = address.and_then(|address| {
            setup.lans.iter().find_map(|lan| Some((lan, address, lan.range_of(address)?.1)))
        });
        let home_name = home.map(|(lan, ..)| lan.name.as_str());
        let is_tagged = |lan: &&Lan| home_name.is_some_and(|home| home != lan.name);
        let mut tagged: Vec<(u32, &str)> = setup
            .lans
            .iter()
            .filter(is_tagged)
            .filter_map(|lan| Some((lan.id?, lan.name.as_str())))
            .collect();
        tagged.sort_unstable();
        Self {
            mac: mac.map(|mac| crate::mac::plain(mac)),
            address: home.map(|(_, address, length)| (address, length)),
            gateway: home.and_then(|(lan, ..)| lan.gateway.as_deref()),
            tagged,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_range_of_an_address_is_found_by_its_bits() {
        let lan = Lan {
            subnets: vec!["10.10.0.0/22".to_owned(), "fd00::/64".to_owned()],
            ..Lan::default()
        };
        assert_eq!(lan.range_of("10.10.3.255".parse().unwrap()), Some(("10.10.0.0/22", 22)));
        assert_eq!(lan.range_of("10.10.4.0".parse().unwrap()), None);
        assert_eq!(lan.range_of("fd00::7".parse().unwrap()), Some(("fd00::/64", 64)));
    }
}
