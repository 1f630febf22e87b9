//! Alerts at the door: what is sent is sifted in memory, news goes to the ledger, and what people must hear is handed on.
//!
//! [`AppState::receive_alerts`] answers when the news is durable. When the ledger cannot take it, the memory is thrown away and
//! built again from the record, so that the sender's next attempt is news once more: nothing is swallowed.
//! [`AppState::settle_alerts`] is what the worker does every few seconds.

mod remarks;
mod silencing;
mod telling;
mod timeline;

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use jiff::{SignedDuration, Timestamp};
use reliability::alerts::{Fingerprint, Intake, MAX_TEXT, Posted, Routing, Sifted};
use reliability::record::Command as Any;
use reliability::record::alert::{Command, Fired};

use crate::AppState;
use crate::http::Problem;

/// What was sent and until when it counts; nothing when it must be built from the record.
#[derive(Debug, Default)]
pub(crate) struct AlertIntake(Mutex<Kept>);

#[derive(Debug, Default)]
struct Kept {
    intake: Option<Intake>,
    /// The resolve timeout of the playbook, until its revision changes.
    timeout: Option<(String, SignedDuration)>,
    /// Up to which version of the stream incidents have heard of alerts.
    remarked: Option<u64>,
}

impl AppState {
    /// Takes in alerts that somebody sent, and returns how many were news.
    pub(crate) async fn receive_alerts(&self, posted: Vec<Posted>) -> Result<usize, Problem> {
        let state = self.clone();
        let work = move || state.take_alerts(posted);
        tokio::task::spawn_blocking(work).await.map_err(|error| Problem::internal(&error))?
    }

    /// Takes in alerts as they were sent, if a glance shows that all of them fire already and go on, as nearly all that is ever
    /// sent; and says whether that was so. It waits for nobody: whatever must wait is read as a whole.
    pub(crate) fn renew_alerts(&self, body: &[u8]) -> bool {
        let Some(seen) = reliability::alerts::glance(body) else { return false };
        let Ok(mut kept) = self.alert_intake().0.try_lock() else { return false };
        let revision = &self.snapshot().revision.id;
        let timeout = kept.timeout.as_ref().filter(|(known, _)| known == revision);
        let Some(timeout) = timeout.map(|(_, timeout)| *timeout) else { return false };
        let now = self.clock().now();
        let later = now.saturating_add(timeout).unwrap_or(now);
        kept.intake.as_mut().is_some_and(|intake| intake.renew(&seen, now, later))
    }

    /// Until when an alert counts as firing, unless it is sent again.
    pub(crate) fn alert_ends(&self, alert: Fingerprint) -> Option<Timestamp> {
        let kept = self.alert_intake().0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.intake.as_ref()?.ends(alert)
    }

    fn take_alerts(&self, posted: Vec<Posted>) -> Result<usize, Problem> {
        let mut kept = self.alert_intake().0.lock().unwrap_or_else(PoisonError::into_inner);
        let timeout = self.resolve_timeout(&mut kept);
        let mut intake = self.begin(&mut kept, timeout);
        let news = intake.sift(posted, self.clock().now(), timeout);
        if news.is_empty() {
            kept.intake = Some(intake);
            return Ok(0);
        }
        let count = news.fired.len() + news.resolved.len();
        // The lock is held until the news is durable: what is sent again meanwhile must not be answered before it.
        match self.perform_itself(Any::Alert(self.news(news))) {
            Err(problem) if problem.code() != "nothing-new" => Err(problem),
            Ok(_) | Err(_) => {
                kept.intake = Some(intake);
                drop(kept);
                self.board().nudge(crate::workers::ALERTS);
                Ok(count)
            }
        }
    }

    fn resolve_timeout(&self, kept: &mut Kept) -> SignedDuration {
        let snapshot = self.snapshot();
        match &kept.timeout {
            Some((revision, timeout)) if *revision == snapshot.revision.id => *timeout,
            Some(_) | None => {
                let timeout = Routing::of(snapshot.model()).resolve_timeout();
                kept.timeout = Some((snapshot.revision.id.clone(), timeout));
                timeout
            }
        }
    }

    /// Takes the memory out of its place, or builds it from the record. Whoever does not put it back has thrown it away.
    fn begin(&self, kept: &mut Kept, timeout: SignedDuration) -> Intake {
        kept.intake.take().unwrap_or_else(|| {
            let record = self.record();
            let active = record.state.reliability.alerts.active.iter();
            let sent = active.filter(|(_, alert)| !alert.fired.own).map(|(key, _)| *key);
            let now = self.clock().now();
            Intake::of(sent, now.saturating_add(timeout).unwrap_or(now))
        })
    }

    fn news(&self, news: Sifted) -> Command {
        let Sifted { fired, resolved, late, overflowed } = news;
        let recorded =
            |posted: Vec<Posted>| posted.into_iter().map(|one| self.fired(one)).collect();
        Command::Receive { fired: recorded(fired), resolved, late: recorded(late), overflowed }
    }

    fn fired(&self, posted: Posted) -> Fired {
        let now = self.clock().now();
        let cut = |mut text: String| {
            if let Some((end, _)) = text.char_indices().nth(MAX_TEXT / 4) {
                text.truncate(end);
                text.push('…');
            }
            text
        };
        let annotations = posted.annotations.into_iter().take(reliability::alerts::MAX_LABELS);
        let annotations: BTreeMap<_, _> =
            annotations.map(|(name, text)| (cut(name), cut(text))).collect();
        Fired {
            labels: posted.labels,
            annotations,
            starts_at: posted.starts_at.unwrap_or(now),
            generator_url: posted.generator_url.map(cut),
            own: false,
        }
    }

    /// Writes down what time has brought to alerts and silences, and tells whoever must hear of it. Blocks.
    pub(crate) fn settle_alerts(&self) -> Result<String, Problem> {
        let mut kept = self.alert_intake().0.lock().unwrap_or_else(PoisonError::into_inner);
        let timeout = self.resolve_timeout(&mut kept);
        let mut intake = self.begin(&mut kept, timeout);
        let lapsed = intake.lapse(self.clock().now());
        match self.perform_itself(Any::Alert(Command::Settle { lapsed })) {
            Err(problem) if problem.code() != "nothing-new" => return Err(problem),
            Ok(_) | Err(_) => kept.intake = Some(intake),
        }
        let since = kept.remarked;
        drop(kept);
        let remarked = self.remark_on_incidents(since)?;
        self.alert_intake().0.lock().unwrap_or_else(PoisonError::into_inner).remarked =
            Some(remarked);
        self.end_idle_silences()?;
        self.tell_of_alerts();
        let record = self.record();
        let alerts = &record.state.reliability.alerts;
        let words = diag::words::count(alerts.active.len(), "alert");
        let missed = diag::words::count(alerts.overflow.len(), "name");
        Ok(match alerts.overflow.is_empty() {
            true => format!("{words} active"),
            false => format!("{words} active; more of {missed} than can be kept"),
        })
    }
}
