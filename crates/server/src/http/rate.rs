//! How much one client may ask: a bucket of requests a client, refilled by the second.
//!
//! A client is an address before anybody knows who it is, and a person or program afterwards: many people behind one
//! address share its bucket, and one person with many addresses has one of their own besides.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use axum::http::{HeaderValue, Method, StatusCode, Uri, header};
use jiff::Timestamp;

use super::Problem;
use crate::limits::MAX_RATED_CLIENTS;

/// What a request asks for, as far as its rate goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Asked {
    /// That alerts or metrics are taken in. They have buckets of their own, which are larger, and which nothing else empties.
    Alerts,
    /// Anything else.
    Other,
}

impl Asked {
    pub(crate) fn by(method: &Method, address: &Uri) -> Self {
        let intake = ["/api/v2/alerts", "/api/v2/webhook", "/v1/metrics"].contains(&address.path());
        if *method == Method::POST && intake { Self::Alerts } else { Self::Other }
    }
}

/// The buckets of all clients.
#[derive(Debug)]
pub(crate) struct Rates<Client> {
    burst: f64,
    per_second: f64,
    buckets: Mutex<BTreeMap<Client, Bucket>>,
}

#[derive(Clone, Copy, Debug)]
struct Bucket {
    left: f64,
    at: Timestamp,
}

impl<Client: Ord> Rates<Client> {
    /// Makes buckets that hold `burst` and gain `amount` in each `period`.
    pub(crate) fn new(burst: u32, amount: u32, period: Duration) -> Self {
        Self {
            burst: f64::from(burst),
            per_second: f64::from(amount) / period.as_secs_f64(),
            buckets: Mutex::default(),
        }
    }

    /// Takes one from a client's bucket, or says for how many seconds it is empty.
    pub(crate) fn take(&self, client: Client, now: Timestamp) -> Result<(), u64> {
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() >= MAX_RATED_CLIENTS && !buckets.contains_key(&client) {
            forget_the_idle(&mut buckets);
        }
        let bucket = buckets.entry(client).or_insert(Bucket { left: self.burst, at: now });
        let passed = now.duration_since(bucket.at).as_secs_f64().max(0.0);
        bucket.left = (bucket.left + passed * self.per_second).min(self.burst);
        bucket.at = now;
        if bucket.left >= 1.0 {
            bucket.left -= 1.0;
            return Ok(());
        }
        let wait = Duration::from_secs_f64((1.0 - bucket.left) / self.per_second);
        Err(wait.as_secs().saturating_add(1))
    }
}

/// Drops the half that was idle longest; a full bucket is what a newcomer gets anyway.
fn forget_the_idle<Client: Ord>(buckets: &mut BTreeMap<Client, Bucket>) {
    let mut times: Vec<Timestamp> = buckets.values().map(|bucket| bucket.at).collect();
    times.sort_unstable();
    if let Some(&middle) = times.get(times.len() / 2) {
        buckets.retain(|_, bucket| bucket.at > middle);
    }
}

/// The problem of an empty bucket.
pub(crate) fn too_many(seconds: u64) -> Problem {
    Problem::new(
        StatusCode::TOO_MANY_REQUESTS,
        "too-many-requests",
        "Too many requests",
        format!("This client asks faster than it may; there is room again in {seconds} s."),
    )
    .header(header::RETRY_AFTER, HeaderValue::from(seconds))
}

#[cfg(test)]
mod tests {
    use std::net::IpAddr;

    use super::*;

    #[test]
    fn a_bucket_empties_and_refills() {
        let rates = Rates::new(2, 1, Duration::from_secs(1));
        let client = IpAddr::from([192, 0, 2, 1]);
        let start = Timestamp::UNIX_EPOCH;
        assert_eq!(rates.take(client, start), Ok(()));
        assert_eq!(rates.take(client, start), Ok(()));
        assert_eq!(rates.take(client, start), Err(2));
        assert_eq!(rates.take(IpAddr::from([192, 0, 2, 2]), start), Ok(()));
        let later = start + jiff::SignedDuration::from_secs(1);
        assert_eq!(rates.take(client, later), Ok(()));
    }

    #[test]
    fn the_number_of_remembered_clients_is_bounded() {
        let rates = Rates::new(1, 1, Duration::from_secs(1));
        let start = Timestamp::UNIX_EPOCH;
        for number in 0..=u32::try_from(MAX_RATED_CLIENTS).expect("a small limit") {
            let at = start + jiff::SignedDuration::from_millis(i64::from(number));
            assert_eq!(rates.take(IpAddr::from(number.to_be_bytes()), at), Ok(()));
        }
        assert!(rates.buckets.lock().expect("a lock").len() <= MAX_RATED_CLIENTS);
    }
}
