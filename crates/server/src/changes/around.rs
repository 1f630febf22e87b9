//! Maintenance as code, carried out: the silences and the notice that begin and end with a change.
//!
//! What is due follows from the record ([`gitops::maintenance::due`]); what was done is written back. A silence is known in
//! Alertmanager by its mark, so that a server that died between asking and writing down finds it again, and it has an end
//! of its own, so that a server that never comes back leaves none behind for long.
//!
//! A change does not wait for its silences: a page too many is better than a mend too late. What Alertmanager refused stands
//! in the record, once for each refusal, and is tried again.

use gitops::maintenance::{Intent, due};
use gitops::record::Command as Any;
use gitops::record::change::{Around, Command, State as Change};
use governance::Text;
use plan::Fault;
use systems::alertmanager::{Alertmanager, Matcher, Silence};

use crate::AppState;
use crate::http::Problem;

impl AppState {
    /// Does what is due around one change. Says how much there was.
    pub(crate) async fn tend(&self, id: &str) -> Result<usize, Problem> {
        // One at a time: between looking for a silence and making it, nobody else may make it.
        let _turn = self.tending().lock().await;
        let (record, now) = (self.record(), self.clock().now());
        let Some(change) = record.state.changes.changes.get(id) else { return Ok(0) };
        let intents = due(change, now);
        let mut done = intents.len();
        for intent in intents {
            let happened = self.deliver(id, change, intent).await;
            self.note(id, happened).await?;
        }
        done += self.count_matches(id, change).await?;
        Ok(done)
    }

    /// Carries out one intent, and says what happened.
    async fn deliver(&self, id: &str, change: &Change, intent: Intent) -> Around {
        match intent {
            Intent::Silence { silence, matchers, comment, until } => {
                let matchers = matchers.into_iter().map(|one| Matcher {
                    name: one.name,
                    value: one.value,
                    is_regex: one.is_regex,
                    is_equal: one.is_equal,
                });
                let wanted = Silence {
                    mark: format!("{id}/{silence}"),
                    matchers: matchers.collect(),
                    from: self.clock().now(),
                    until,
                    comment: self.open_text(id, &comment),
                };
                let made = async { self.alertmanager()?.silence(&wanted).await };
                match made.await {
                    Ok(id) => Around::Silenced { silence, id, until },
                    Err(fault) => refused("make a silence", &fault),
                }
            }
            Intent::EndSilence { silence, id } => {
                let stood_until = change.around.silences.get(&silence).map(|stands| stands.until);
                if stood_until.is_some_and(|until| until <= self.clock().now()) {
                    // After its end nobody can say any more what it kept silent.
                    return Around::SilenceEnded { silence, matched: None, expired: true };
                }
                let ended = async {
                    let alertmanager = self.alertmanager()?;
                    let matched = alertmanager.matched(&id).await?;
                    alertmanager.end(&id).await?;
                    Ok(matched)
                };
                match ended.await {
                    Ok(matched) => {
                        Around::SilenceEnded { silence, matched: Some(matched), expired: false }
                    }
                    Err(fault) => refused("end a silence", &fault),
                }
            }
            Intent::ShowNotice(_) => Around::NoticeShown {},
            Intent::EndNotice => Around::NoticeEnded {},
        }
    }

    /// Asks what the silences that stand keep silent at this moment: an alert that came and went is only seen meanwhile.
    async fn count_matches(&self, id: &str, change: &Change) -> Result<usize, Problem> {
        let mut news = 0;
        let stands = change.around.silences.iter().filter(|(_, stands)| stands.ended.is_none());
        for (silence, stands) in stands {
            let matched = async { self.alertmanager()?.matched(&stands.id).await };
            let Ok(matched) = matched.await else { continue };
            if matched > stands.matched.unwrap_or(0) {
                self.note(id, Around::SilenceMatched { silence: *silence, matched }).await?;
                news += 1;
            }
        }
        Ok(news)
    }

    /// Writes down what happened; a refusal that was the last thing to happen, too, is not repeated.
    async fn note(&self, id: &str, happened: Around) -> Result<(), Problem> {
        if let Around::Refused { what, why } = &happened {
            let (record, said) = (self.record(), format!("{what}: {why}"));
            let change = record.state.changes.changes.get(id);
            let last = change.and_then(|change| change.around.refused.last());
            if last.is_some_and(|(_, last)| *last == said) {
                return Ok(());
            }
        }
        let (state, id) = (self.clone(), id.to_owned());
        let command = Any::Change { id, command: Command::Around { happened } };
        let work = move || state.perform_itself(command);
        match tokio::task::spawn_blocking(work).await {
            Ok(done) => done.map(drop),
            Err(error) => Err(Problem::internal(&error)),
        }
    }

    /// The Alertmanager that the playbook names.
    fn alertmanager(&self) -> Result<Alertmanager, Fault> {
        let address = gitops::gate::policy(self.snapshot().model()).alertmanager;
        let address = address.ok_or_else(|| {
            Fault::new(
                plan::FaultKind::Refused,
                "the gate policy names no `alertmanager`; name its address there",
            )
        })?;
        Ok(Alertmanager::new(&address, self.client().clone()))
    }

    fn open_text(&self, id: &str, text: &Text) -> String {
        let lens = self.lens();
        lens.reading().texts.read(&format!("change/{id}"), text)
    }
}

fn refused(what: &str, fault: &Fault) -> Around {
    Around::Refused { what: what.to_owned(), why: fault.message.clone() }
}

/// The changes around which something is due, or something stands.
pub(crate) fn tended(state: &AppState) -> Vec<String> {
    let (record, now) = (state.record(), state.clock().now());
    let changes = record.state.changes.changes.iter();
    let stands =
        |change: &Change| change.around.silences.values().any(|stands| stands.ended.is_none());
    changes
        .filter(|(_, change)| stands(change) || !due(change, now).is_empty())
        .map(|(id, _)| id.clone())
        .collect()
}
