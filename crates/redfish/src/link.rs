//! Where a resource is: a reference that a controller gave, held to the controller's own origin.

use std::fmt;

use reqwest::Url;
use serde::{Deserialize, Serialize};

/// The longest reference that is followed (2 KiB): real ones have a hundred characters.
const LONGEST: usize = 2 << 10;

/// A resource of one controller, as the controller names it (`@odata.id`; DSP0266, "Resource identifier property").
///
/// Stable enough to be kept and asked again, but no name of a machine: a firmware update may change it. A link is checked
/// again when it is followed, so one that was kept or made elsewhere leads nowhere else either.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Link(String);

impl Link {
    /// Takes a reference as it is written; it is checked when it is followed.
    #[must_use]
    pub fn new(reference: &str) -> Self {
        Self(reference.to_owned())
    }

    /// Takes the path of an address, whatever host it names: controllers know only one of their addresses, and a
    /// `Location` with that one is meant for the one that was asked.
    pub(crate) fn below(address: &str) -> Self {
        match Url::parse(address) {
            Ok(url) => {
                let query = url.query().map(|query| format!("?{query}"));
                Self(format!("{}{}", url.path(), query.unwrap_or_default()))
            }
            Err(_) => Self::new(address),
        }
    }

    /// The reference as it is written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The address that it leads to from a controller's base; what leads elsewhere is told why not.
    pub(crate) fn url(&self, base: &Url) -> Result<Url, String> {
        if self.0.len() > LONGEST {
            return Err(format!("a link of {} bytes, which nobody follows", self.0.len()));
        }
        let mut url =
            base.join(&self.0).map_err(|_| format!("the link `{self}`, which is no address"))?;
        // Fragments point into a resource that is read whole.
        url.set_fragment(None);
        let is_here = url.origin() == base.origin() && url.username().is_empty();
        if is_here && url.password().is_none() {
            return Ok(url);
        }
        Err(format!("the link `{self}`, which leads away from it and is not followed"))
    }

    /// The same resource as the one that another spelling with or without a last slash names.
    pub(crate) fn normal(&self) -> &str {
        let path = self.0.split('#').next().unwrap_or(&self.0);
        path.trim_end_matches('/')
    }
}

impl fmt::Display for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(reference: &str, expect: Option<&str>) {
        let base = Url::parse("https://bmc.example.org/").expect("an address");
        let url = Link::new(reference).url(&base).ok();
        assert_eq!(url.as_ref().map(Url::as_str), expect, "{reference}");
    }

    #[test]
    fn a_place_with_an_address_is_sought_at_the_controller_that_was_asked() {
        let below = |address: &str| Link::below(address).0;
        assert_eq!(below("https://192.168.0.120/redfish/v1/S/1?a=b#c"), "/redfish/v1/S/1?a=b");
        assert_eq!(below("/redfish/v1/S/1"), "/redfish/v1/S/1");
    }

    #[test]
    fn a_link_stays_with_the_controller() {
        check("/redfish/v1/Systems/1", Some("https://bmc.example.org/redfish/v1/Systems/1"));
        check("/redfish/v1/X#/Fans/0", Some("https://bmc.example.org/redfish/v1/X"));
        check("https://bmc.example.org:443/a?b=c", Some("https://bmc.example.org/a?b=c"));
        for away in [
            "https://evil.example.org/redfish/v1",
            "//evil.example.org/redfish/v1",
            "\\\\evil.example.org/redfish/v1",
            "http://bmc.example.org/redfish/v1",
            "https://bmc.example.org:8443/redfish/v1",
            "https://root:calvin@bmc.example.org/redfish/v1",
            "file:///etc/passwd",
        ] {
            check(away, None);
        }
        check(&"a".repeat(LONGEST + 1), None);
    }
}
