//! Excerpts of logs and traces: what services wrote and did, asked of the stores that the playbook names.
//!
//! Council keeps no logs. It asks whoever does, for one service and one window, and shows the answer; what somebody wants to
//! remember becomes a line in the timeline of an incident, with the question that was asked, so that anybody may ask it again.
//!
//! Invariants: what looks like a secret is covered before a text leaves this module, because the ledger forgets nothing; an
//! excerpt that is not whole says so; a store that does not answer is a problem with a reason, and never an empty excerpt.

mod evidence;
mod view;

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use playbook::{Model, Typed};
use reliability::kinds::{Signal, TelemetryAccess, TelemetryStore, TelemetryTool};
use reliability::record::incident::State as Incident;
use secrecy::SecretString;
use signals::{
    Credentials, Elastic, Grafana, Graylog, Jaeger, JaegerApi, Limits, LogQuestion, LogStore, Loki,
    Page, Server, Severity, SignalError, Store, Tempo, TraceQuestion, TraceStore, Url, Window,
};
use tokio::runtime::Handle;
use tokio::sync::Semaphore;

pub(crate) use evidence::{Found, evidence};
pub(crate) use view::{LogExcerpt, LogLine, TraceDetail, TraceList, TraceRow};

use crate::AppState;
use crate::http::Problem;
use crate::perform::{sentence, wrong_value};

/// Lines and traces that are asked for when nobody says how many.
const USUAL: u32 = 100;

/// How long somebody waits for a store before they are told that it is silent.
const PATIENCE: Duration = Duration::from_secs(10);

/// Stores that are waited for at once.
static AT_ONCE: Semaphore = Semaphore::const_new(4);

/// How much earlier than an incident its causes are looked for.
const BEFORE: SignedDuration = SignedDuration::from_mins(15);

/// How far back is looked where nobody says.
const HOUR: SignedDuration = SignedDuration::from_hours(1);

/// What somebody wants to see of a service.
#[derive(Clone, Debug, Default)]
pub(crate) struct Wanted {
    /// The service's name.
    pub(crate) service: String,
    /// From when on; an hour before the end when left out.
    pub(crate) from: Option<Timestamp>,
    /// Until when; now when left out.
    pub(crate) to: Option<Timestamp>,
    /// Only lines with this text.
    pub(crate) text: Option<String>,
    /// Only lines at least this bad.
    pub(crate) severity: Option<String>,
    /// Only traces that took at least so many milliseconds.
    pub(crate) at_least: Option<u64>,
    /// Only traces that failed.
    pub(crate) only_errors: bool,
    /// How many at most.
    pub(crate) limit: Option<u32>,
}

impl Wanted {
    fn window(&self, now: Timestamp) -> Result<Window, Problem> {
        let to = self.to.unwrap_or(now);
        let from = self.from.unwrap_or_else(|| to.saturating_sub(HOUR).unwrap_or(to));
        Window::new(from, to).ok_or_else(|| {
            wrong_value("The window ends before it begins.").hint("`from` lies before `to`")
        })
    }

    fn lines(&self, now: Timestamp) -> Result<LogQuestion, Problem> {
        let severity = self.severity.as_deref().map(|word| {
            Severity::from_word(word).ok_or_else(|| {
                wrong_value(format!("`{word}` is no severity."))
                    .hint("It is one of trace, debug, info, warn, error, fatal")
            })
        });
        Ok(LogQuestion {
            window: self.window(now)?,
            service: self.service.clone(),
            text: self.text.clone(),
            severity: severity.transpose()?,
            limit: self.limit.unwrap_or(USUAL),
        })
    }

    fn traces(&self, now: Timestamp) -> Result<TraceQuestion, Problem> {
        let at_least = self.at_least.map(|milliseconds| {
            i64::try_from(milliseconds)
                .map(SignedDuration::from_millis)
                .map_err(|_| wrong_value("No trace takes that long."))
        });
        Ok(TraceQuestion {
            window: self.window(now)?,
            service: self.service.clone(),
            at_least: at_least.transpose()?,
            only_errors: self.only_errors,
            limit: self.limit.unwrap_or(USUAL),
        })
    }
}

/// The window in which an incident's causes are looked for: from a while before it began until it was over.
pub(crate) fn around(incident: &Incident, now: Timestamp) -> (Timestamp, Timestamp) {
    let clocks = &incident.clocks;
    let began = clocks.began.or(clocks.detected).unwrap_or(now);
    let last = || incident.timeline.iter().map(|entry| entry.at).max();
    let over = match clocks.resolved.or(clocks.closed) {
        Some(over) => over,
        None if incident.stage.is_open() => now,
        // One that was merged went on elsewhere.
        None => last().unwrap_or(now),
    };
    (began.saturating_sub(BEFORE).unwrap_or(began), over)
}

impl AppState {
    /// Asks for lines of a service.
    pub(crate) async fn logs(&self, wanted: &Wanted) -> Result<LogExcerpt, Problem> {
        let question = wanted.lines(self.clock().now())?;
        let store = self.log_store()?;
        aside(async move {
            let found = store.excerpt(&question, &covered).await;
            found.map(|found| LogExcerpt::of(store.store(), &question, found))
        })
        .await
    }

    /// Asks for traces with a service in them.
    pub(crate) async fn traces(&self, wanted: &Wanted) -> Result<TraceList, Problem> {
        let question = wanted.traces(self.clock().now())?;
        let store = self.trace_store()?;
        aside(async move {
            let found = store.search(&question, &covered).await;
            found.map(|found| TraceList::of(store.store(), &question, found))
        })
        .await
    }

    /// Asks for one trace whole.
    pub(crate) async fn trace(&self, id: &str) -> Result<TraceDetail, Problem> {
        let store = self.trace_store()?;
        let (name, asked) = (store.store(), id.to_owned());
        let found = aside(async move {
            let found = store.trace(&asked, None, &covered).await;
            found.map(|found| found.map(|found| TraceDetail::of(store.store(), found)))
        });
        found.await?.ok_or_else(|| Problem::not_found(format!("{name} has no trace `{id}`.")))
    }

    /// Says of which signals the playbook names a store.
    pub(crate) fn has_excerpts(&self) -> (bool, bool) {
        let snapshot = self.snapshot();
        let has = |signal| tool(snapshot.model(), signal).is_some();
        (has(Signal::Logs), has(Signal::Traces))
    }

    fn log_store(&self) -> Result<LogStore, Problem> {
        let snapshot = self.snapshot();
        let access = access(snapshot.model(), Signal::Logs, "logs")?;
        let server = |store| self.server(store, access);
        let field = access.service_field.clone();
        Ok(match access.speaks.value {
            TelemetryStore::Loki => {
                let mut loki = Loki::new(server(Store::Loki)?);
                loki.service_label = field.unwrap_or(loki.service_label);
                loki.grafana = grafana(access)?;
                LogStore::Loki(loki)
            }
            TelemetryStore::Elasticsearch => {
                LogStore::Elastic(elastic(server(Store::Elasticsearch)?, access)?)
            }
            TelemetryStore::Opensearch => {
                LogStore::Elastic(elastic(server(Store::OpenSearch)?, access)?)
            }
            TelemetryStore::Graylog => {
                let mut graylog = Graylog::new(server(Store::Graylog)?);
                graylog.service_field = field.unwrap_or(graylog.service_field);
                LogStore::Graylog(graylog)
            }
            TelemetryStore::Jaeger | TelemetryStore::Jaeger1 | TelemetryStore::Tempo => {
                return Err(nobody("logs"));
            }
        })
    }

    fn trace_store(&self) -> Result<TraceStore, Problem> {
        let snapshot = self.snapshot();
        let access = access(snapshot.model(), Signal::Traces, "traces")?;
        Ok(match access.speaks.value {
            TelemetryStore::Tempo => {
                let mut tempo = Tempo::new(self.server(Store::Tempo, access)?);
                tempo.grafana = grafana(access)?;
                TraceStore::Tempo(tempo)
            }
            TelemetryStore::Jaeger => {
                TraceStore::Jaeger(Jaeger::new(self.server(Store::Jaeger, access)?))
            }
            TelemetryStore::Jaeger1 => {
                let jaeger = Jaeger::new(self.server(Store::Jaeger, access)?);
                TraceStore::Jaeger(Jaeger { api: JaegerApi::Old, ..jaeger })
            }
            TelemetryStore::Loki
            | TelemetryStore::Elasticsearch
            | TelemetryStore::Opensearch
            | TelemetryStore::Graylog => return Err(nobody("traces")),
        })
    }

    fn server(&self, store: Store, access: &TelemetryAccess) -> Result<Server, Problem> {
        let client = self.straight_client().clone();
        let server =
            Server::new(store, &access.url.value, client).map_err(|error| silent(&error))?;
        let server = server.with_limits(Limits { patience: PATIENCE, ..Limits::default() });
        let server = match &access.tenant {
            Some(tenant) => server.with_tenant(tenant.clone()),
            None => server,
        };
        let Some(variable) = &access.secret_from else { return Ok(server) };
        let secret = (self.config().variable)(variable).ok_or_else(|| {
            Problem::unavailable(
                "secret-missing",
                format!("The environment variable `{variable}` is not set."),
            )
            .hint(format!("{store} is asked with it; set it where the server starts"))
        })?;
        let secret = SecretString::from(secret);
        Ok(server.with_credentials(credentials(store, access.user.as_deref(), secret)))
    }
}

/// How a store wants its secret: a token is not the same word everywhere.
fn credentials(store: Store, user: Option<&str>, secret: SecretString) -> Credentials {
    match (user, store) {
        (Some(user), _) => {
            Credentials::Basic { user: SecretString::from(user.to_owned()), password: secret }
        }
        (None, Store::Elasticsearch) => Credentials::ApiKey(secret),
        (None, Store::Graylog) => {
            Credentials::Basic { user: secret, password: SecretString::from("token") }
        }
        (None, Store::Loki | Store::OpenSearch | Store::Jaeger | Store::Tempo) => {
            Credentials::Bearer(secret)
        }
    }
}

/// Waits for a store on a thread of its own, with few others: to cover what megabytes of strangers' text hold takes a while, in
/// which nobody else would be answered.
async fn aside<T: Send + 'static>(
    asking: impl Future<Output = Result<T, SignalError>> + Send + 'static,
) -> Result<T, Problem> {
    // It is never closed; without it there would only be more at once.
    let turn = AT_ONCE.acquire().await;
    let runtime = Handle::current();
    let answer = tokio::task::spawn_blocking(move || runtime.block_on(asking)).await;
    drop(turn);
    let answer = answer.map_err(|error| {
        tracing::error!(%error, "an excerpt could not be read");
        Problem::unavailable("store-silent", "The answer of the store could not be read.")
    })?;
    answer.map_err(|error| silent(&error))
}

/// The tool of a signal that council may ask, the first by name.
fn tool(model: &Model, signal: Signal) -> Option<Typed<'_, TelemetryTool>> {
    let tools = model.all::<TelemetryTool>();
    let speaks = |tool: &TelemetryTool| tool.access.as_ref().map(|it| it.speaks.value.keeps());
    let asked = tools.filter(|it| it.signal == signal && speaks(it.spec) == Some(signal));
    asked.min_by_key(|tool| tool.name().to_owned())
}

fn access<'m>(
    model: &'m Model,
    signal: Signal,
    what: &str,
) -> Result<&'m TelemetryAccess, Problem> {
    let found = tool(model, signal).and_then(|tool| tool.spec.access.as_ref());
    found.ok_or_else(|| nobody(what))
}

/// The problem of a signal that no store keeps which can be asked.
fn nobody(what: &str) -> Problem {
    let detail = format!("The playbook names no store of {what} that can be asked.");
    Problem::conflict("nobody-to-ask", detail).hint(format!(
        "give the `TelemetryTool` of {what} an `access`; `council explain TelemetryTool` shows how"
    ))
}

fn elastic(server: Server, access: &TelemetryAccess) -> Result<Elastic, Problem> {
    let mut elastic = Elastic::new(server, access.index.as_deref().unwrap_or_default());
    if let Some(field) = &access.service_field {
        elastic.fields.service.clone_from(field);
    }
    if let Some(page) = &access.page {
        elastic.page =
            Some(Page { base: address(&page.url.value)?, data_view: page.source.clone() });
    }
    Ok(elastic)
}

fn grafana(access: &TelemetryAccess) -> Result<Option<Grafana>, Problem> {
    let Some(page) = &access.page else { return Ok(None) };
    let Some(data_source) = page.source.clone() else { return Ok(None) };
    Ok(Some(Grafana { base: address(&page.url.value)?, data_source, organization: 1 }))
}

fn address(text: &str) -> Result<Url, Problem> {
    // Its words are not repeated: one that cannot be read may hold a password.
    let refused = || wrong_value("The address of a store's page cannot be used.");
    let url: Url = text.parse().map_err(|_| refused())?;
    let is_plain = url.username().is_empty() && url.password().is_none();
    match url.scheme() {
        "http" | "https" if is_plain => Ok(url),
        _ => Err(refused().hint("write it as `https://host`, without a name and a password")),
    }
}

/// A text without what looks like a secret.
fn covered(text: &str) -> String {
    gitops::secrets::redact(text)
}

/// The problem of a store that gave no answer.
fn silent(error: &SignalError) -> Problem {
    Problem::unavailable("store-silent", sentence(&error.to_string()))
}
