//! SLO standard: which services need objectives, over which window, from which indicators.

use org::kinds::{Seat, ServiceTier};
use playbook::{Period, Ref, Spanned};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// An SLO standard: which services need objectives, and what those look like.
///
/// The objectives themselves are OpenSLO documents; this is the agreement that they follow.
///
/// ```yaml
/// apiVersion: council/v1
/// kind: SloStandard
/// metadata:
///   name: slo
/// spec:
///   window: 30d
///   indicators: [availability, latency, error rate]
///   applies_to: Every service that somebody would miss.
///   tiers: [critical, important]
///   owner: observability-incidents
/// ```
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SloStandard {
    /// The rolling window that targets are measured over.
    pub window: Spanned<Period>,
    /// The indicators to choose from.
    pub indicators: Vec<String>,
    /// Which services need objectives.
    pub applies_to: String,
    /// The tiers of services that need objectives; none means that nobody has decided.
    #[serde(default)]
    pub tiers: Vec<ServiceTier>,
    /// How many events a long window must have seen before a burning budget alerts; 10 when left out,
    /// 0 for never too few. An SLO may differ by the annotation `council/minimum-events`.
    pub minimum_events: Option<u32>,
    /// The seat that answers for it.
    pub owner: Option<Ref<Seat>>,
}

playbook::kind!(SloStandard, "slo-standard");
