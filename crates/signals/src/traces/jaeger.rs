//! Jaeger: `GET /api/v3/traces`, its stable interface, or the older `GET /api/traces`.
//!
//! Sources: Jaeger's documentation, "APIs", and the OpenAPI description of its `api_v3` (times in RFC 3339, durations as Go
//! writes them). Its parameters have the names of that description since Jaeger 2.19; until 2.20 the older interface searches
//! as well, which was made for Jaeger's own page and keeps times in microseconds.

use std::collections::BTreeMap;

use reqwest::Url;
use serde_json::{Value, json};

use super::{Heard, Member, jaeger_old, nanoseconds, otlp};
use crate::text::Scrub;
use crate::{
    Redact, Server, SignalError, Span, Trace, TraceQuestion, TraceSummary, Traces, Window, link,
};

/// How a Jaeger is asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum JaegerApi {
    /// `/api/v3/traces`, of Jaeger 2.19 and later.
    #[default]
    V3,
    /// `/api/traces`, of Jaeger 1 and of Jaeger 2 up to 2.20.
    Old,
}

/// A Jaeger: its query service.
#[derive(Clone, Debug)]
pub struct Jaeger {
    /// Where, and how it is asked: the address before `/api`, which is also that of its page.
    pub server: Server,
    /// Which interface it is asked by.
    pub api: JaegerApi,
}

impl Jaeger {
    /// Takes the server of a Jaeger 2.19 or later.
    #[must_use]
    pub fn new(server: Server) -> Self {
        Self { server, api: JaegerApi::V3 }
    }

    pub(super) async fn search(
        &self,
        question: &TraceQuestion,
        redact: Redact<'_>,
    ) -> Result<Traces, SignalError> {
        let scrub = self.server.scrub(redact);
        let (path, parameters) = match self.api {
            JaegerApi::V3 => (["api", "v3", "traces"].as_slice(), parameters(question)),
            JaegerApi::Old => (["api", "traces"].as_slice(), jaeger_old::parameters(question)),
        };
        let answer = self.server.get(path, &parameters, scrub).await?;
        let (members, missing) = self.members(answer.as_ref(), scrub)?;
        let mut by_trace: BTreeMap<String, Vec<Span>> = BTreeMap::new();
        for Member { trace, span } in members {
            by_trace.entry(trace).or_default().push(span);
        }
        let found: Vec<TraceSummary> =
            by_trace.into_iter().filter_map(|(id, spans)| super::summary(id, &spans)).collect();
        let asked = link::below(self.server.base(), path);
        let asked = Url::parse_with_params(asked.as_str(), &parameters).unwrap_or(asked);
        let asked = format!("GET {}?{}", asked.path(), asked.query().unwrap_or_default());
        let link = Some(self.page(question));
        Ok(super::traces(question, Heard { found, missing, link, asked }))
    }

    pub(super) async fn trace(
        &self,
        id: &str,
        window: Option<&Window>,
        redact: Redact<'_>,
    ) -> Result<Option<Trace>, SignalError> {
        let scrub = self.server.scrub(redact);
        let path = match self.api {
            JaegerApi::V3 => ["api", "v3", "traces", id].to_vec(),
            JaegerApi::Old => ["api", "traces", id].to_vec(),
        };
        let parameters = window.map(|window| match self.api {
            JaegerApi::V3 => {
                vec![("startTime", window.from().to_string()), ("endTime", window.to().to_string())]
            }
            JaegerApi::Old => jaeger_old::window(window).to_vec(),
        });
        let answer = self.server.get(&path, &parameters.unwrap_or_default(), scrub).await?;
        let (members, missing) = self.members(answer.as_ref(), scrub)?;
        let spans = members.into_iter().filter(|it| it.trace == id).map(|it| it.span).collect();
        let link = Some(link::below(self.server.base(), &["trace", id]));
        Ok(super::trace(id, spans, missing, link))
    }

    /// The spans of an answer; none when Jaeger found nothing.
    fn members(
        &self,
        answer: Option<&Value>,
        scrub: Scrub<'_>,
    ) -> Result<(Vec<Member>, Vec<String>), SignalError> {
        let Some(answer) = answer else { return Ok((Vec::new(), Vec::new())) };
        let read = match self.api {
            JaegerApi::V3 => answer
                .get("result")
                .ok_or("it holds no `result`")
                .and_then(|result| otlp::spans(result, scrub))
                .map(|members| (members, Vec::new())),
            JaegerApi::Old => jaeger_old::read(answer, scrub),
        };
        read.map_err(|what| self.server.not_understood(what))
    }

    /// Jaeger's own page with the same search, in microseconds.
    fn page(&self, question: &TraceQuestion) -> Url {
        let mut url = link::below(self.server.base(), &["search"]);
        url.query_pairs_mut().extend_pairs(jaeger_old::parameters(question));
        url.query_pairs_mut().append_pair("lookback", "custom");
        url
    }
}

/// The parameters of v3: all of them hold for one span.
fn parameters(question: &TraceQuestion) -> Vec<(&'static str, String)> {
    let mut parameters = vec![
        ("query.serviceName", question.service.clone()),
        ("query.startTimeMin", question.window.from().to_string()),
        ("query.startTimeMax", question.window.to().to_string()),
        ("query.searchDepth", (question.limit() + 1).to_string()),
    ];
    if let Some(at_least) = question.at_least() {
        parameters.push(("query.durationMin", nanoseconds(at_least)));
    }
    if question.only_errors {
        parameters.push(("query.attributes", json!({"error": "true"}).to_string()));
    }
    parameters
}
