//! Lists (DSP0266, "Resource collections"): read page by page, each page once, up to a limit.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::client::Client;
use crate::error::RedfishError;
use crate::link::Link;
use crate::resource::{Resource, Unread, link, list, text, whole};

/// Members of a list, as far as they were read.
pub(crate) struct Members {
    /// Each one a reference, or the resource itself where the controller puts it in.
    pub(crate) values: Vec<Value>,
    /// Why these are not all.
    pub(crate) short: Option<Short>,
}

/// Why a list was not read to its end.
pub(crate) enum Short {
    /// It has more than are read.
    Limit(String),
    /// It leads back to a page that was read.
    Loop,
    /// It ends before as many as it says it has.
    Fewer(u64),
}

impl Client {
    /// Reads a list up to a number of members.
    pub(crate) async fn members(&self, place: &Link, most: usize) -> Result<Members, RedfishError> {
        let mut seen = BTreeSet::new();
        let mut values: Vec<Value> = Vec::new();
        let mut said = None;
        let mut next = Some(place.clone());
        while let Some(page) = next {
            if !seen.insert(page.normal().to_owned()) {
                return Ok(Members { values, short: Some(Short::Loop) });
            }
            if seen.len() > self.0.limits.pages {
                let pages = format!("{} pages", self.0.limits.pages);
                return Ok(Members { values, short: Some(Short::Limit(pages)) });
            }
            let Resource { value, .. } = self.get(&page).await?;
            if value.get("Members").is_none() {
                let why = "its list has no members property".to_owned();
                return Err(self.not_redfish(format!("to read `{page}`"), why));
            }
            said = said.max(whole(&value, "/Members@odata.count"));
            values.extend(list(&value, "/Members").iter().cloned());
            if values.len() > most {
                values.truncate(most);
                let short = Some(Short::Limit(format!("{most} members")));
                return Ok(Members { values, short });
            }
            let after = text(&value, "/Members@odata.nextLink")
                .or_else(|| text(&value, "/@odata.nextLink"));
            next = after.map(|after| Link::new(&after));
        }
        let read = u64::try_from(values.len()).unwrap_or(u64::MAX);
        let short = said.filter(|said| *said > read).map(Short::Fewer);
        Ok(Members { values, short })
    }

    /// Takes a list only if it was read to its end.
    pub(crate) fn whole(&self, members: Members, place: &Link) -> Result<Vec<Value>, RedfishError> {
        let doing = format!("to list `{place}`");
        match members.short {
            None => Ok(members.values),
            Some(Short::Limit(most)) => Err(self.too_large(doing, most)),
            Some(Short::Loop) => {
                let why = "a page leads back to one that was read; the list never ends".to_owned();
                Err(self.not_redfish(doing, why))
            }
            Some(Short::Fewer(said)) => {
                let why = format!("it counts {said} and shows {}", members.values.len());
                Err(self.not_redfish(doing, why))
            }
        }
    }

    /// Reads all members of a list, each as a resource.
    pub(crate) async fn resources(&self, place: &Link) -> Result<Vec<Resource>, RedfishError> {
        let members = self.members(place, self.0.limits.members).await?;
        let values = self.whole(members, place)?;
        let mut found = Vec::with_capacity(values.len());
        for value in values {
            found.extend(self.member(value).await?);
        }
        Ok(found)
    }

    /// A member that is only referred to is read; one that is there is taken. What is neither is left out.
    pub(crate) async fn member(&self, value: Value) -> Result<Option<Resource>, RedfishError> {
        let place = link(&value, "");
        let is_reference = value.as_object().is_some_and(|fields| {
            fields.keys().all(|name| name == "@odata.id" || name == "@odata.type")
        });
        match place {
            Some(place) if is_reference => self.get(&place).await.map(Some),
            Some(link) => Ok(Some(Resource { link, value, etag: None })),
            None => Ok(None),
        }
    }

    /// Reads a list that belongs to something bigger: what is wrong with it is noted, and does not spoil the rest.
    pub(crate) async fn part<T>(
        &self,
        what: &str,
        read: impl Future<Output = Result<T, RedfishError>>,
        unread: &mut Vec<Unread>,
    ) -> Result<Option<T>, RedfishError> {
        match read.await {
            Ok(part) => Ok(Some(part)),
            // The next part would meet the same door, and a third knock may lock the account.
            Err(
                error @ (RedfishError::Unauthorized { .. }
                | RedfishError::CertificateRejected { .. }),
            ) => Err(error),
            Err(error) => {
                unread.push(Unread { what: what.to_owned(), why: error.to_string() });
                Ok(None)
            }
        }
    }
}
