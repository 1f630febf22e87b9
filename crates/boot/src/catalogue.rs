//! Who may boot here, found by what firmware says about itself.

use std::collections::BTreeMap;

/// A machine, or a role that machines may say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bootable {
    /// Its name: a machine's, or `role/` and a role's.
    pub name: String,
    /// The MAC addresses of its network cards.
    pub macs: Vec<String>,
    /// The UUID of its firmware.
    pub uuid: Option<String>,
    /// The script that starts it from its disk.
    pub from_disk: String,
}

/// Everybody, by every name that they have.
#[derive(Debug, Default)]
pub(crate) struct Catalogue {
    all: Vec<Bootable>,
    by_name: BTreeMap<String, usize>,
    by_mac: BTreeMap<[u8; 6], usize>,
    by_uuid: BTreeMap<String, usize>,
}

impl Catalogue {
    pub(crate) fn of(all: Vec<Bootable>) -> Self {
        let mut catalogue = Self::default();
        for (number, one) in all.iter().enumerate() {
            catalogue.by_name.insert(one.name.clone(), number);
            for mac in one.macs.iter().filter_map(|mac| digits(mac)) {
                catalogue.by_mac.entry(mac).or_insert(number);
            }
            if let Some(uuid) = &one.uuid {
                catalogue.by_uuid.entry(uuid.trim().to_lowercase()).or_insert(number);
            }
        }
        catalogue.all = all;
        catalogue
    }

    pub(crate) fn get(&self, number: usize) -> Option<&Bootable> {
        self.all.get(number)
    }

    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.all.iter().map(|one| one.name.as_str())
    }

    pub(crate) fn by_name(&self, name: &str) -> Option<usize> {
        self.by_name.get(name).copied()
    }

    pub(crate) fn by_mac(&self, mac: &str) -> Option<usize> {
        self.by_mac.get(&digits(mac)?).copied()
    }

    pub(crate) fn by_uuid(&self, uuid: &str) -> Option<usize> {
        self.by_uuid.get(&uuid.trim().to_lowercase()).copied()
    }
}

/// The bytes of a MAC address in any of its spellings.
fn digits(mac: &str) -> Option<[u8; 6]> {
    let mut nibbles = [0_u8; 12];
    let mut count = 0;
    for letter in mac.chars().filter(|letter| !matches!(letter, ':' | '-' | '.')) {
        let digit = u8::try_from(letter.to_digit(16)?).ok()?;
        *nibbles.get_mut(count)? = digit;
        count += 1;
    }
    if count != nibbles.len() {
        return None;
    }
    let mut bytes = [0_u8; 6];
    for (byte, pair) in bytes.iter_mut().zip(nibbles.chunks_exact(2)) {
        *byte = pair.iter().fold(0, |byte, nibble| (byte << 4) | nibble);
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mac_address_is_the_same_in_every_spelling() {
        let expected = Some([0x52, 0x54, 0, 0xab, 0, 1]);
        for text in ["52:54:00:ab:00:01", "52-54-00-AB-00-01", "5254.00ab.0001", "525400ab0001"] {
            assert_eq!(digits(text), expected, "{text}");
        }
        for text in ["", "52:54:00:ab:00", "52:54:00:ab:00:01:02", "52:54:00:ab:00:0g"] {
            assert_eq!(digits(text), None, "{text}");
        }
    }

    #[test]
    fn a_machine_is_found_by_all_that_it_says() {
        let catalogue = Catalogue::of(vec![Bootable {
            name: "a".to_owned(),
            macs: vec!["52:54:00:00:00:01".to_owned(), "52:54:00:00:00:02".to_owned()],
            uuid: Some("4C4C-01".to_owned()),
            from_disk: String::new(),
        }]);
        assert_eq!(catalogue.by_mac("52-54-00-00-00-02"), Some(0));
        assert_eq!(catalogue.by_uuid("4c4c-01"), Some(0));
        assert_eq!(catalogue.by_name("a"), Some(0));
        assert_eq!(catalogue.by_mac("52:54:00:00:00:03"), None);
    }
}
