//! A workload.

use playbook::{OneOf, Ref, kind};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Owner, Service, Site};

/// A class of work that the platform carries, such as the training of models.
///
/// Capacity, quotas and costs are planned for workloads; several may belong to one service.
///
/// ```yaml
/// apiVersion: council/v1
/// kind: Workload
/// metadata:
///   name: fraud-scoring
/// spec:
///   class: ml-inference
///   owner: team/payments
///   service: checkout
///   sites: [eu-1]
///   gpu: true
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Workload {
    /// What kind of work it is.
    pub class: WorkloadClass,
    /// Who answers for it.
    #[serde(default)]
    pub owner: Option<OneOf<Owner>>,
    /// The service that it belongs to.
    #[serde(default)]
    pub service: Option<Ref<Service>>,
    /// The sites that it runs on.
    #[serde(default)]
    pub sites: Vec<Ref<Site>>,
    /// Whether it needs GPUs.
    #[serde(default)]
    pub gpu: bool,
}

/// What kind of work a workload is.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum WorkloadClass {
    /// Answers requests of users.
    WebApi,
    /// Moves and transforms data, on a timer or all the time.
    DataPipeline,
    /// Runs now and then until it is done.
    Batch,
    /// Trains models.
    MlTraining,
    /// Serves models.
    MlInference,
    /// Anything else.
    Other,
}

kind!(Workload, "workload");
