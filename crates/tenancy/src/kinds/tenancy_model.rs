//! Tenancy model: how the platform is divided between those who use it.

use org::kinds::Seat;
use playbook::{OneOf, Ref, Spanned};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Stack;

playbook::family! {
    /// Where an undecided matter is or was settled: an open question or a decision.
    pub Settlement = "question" | "decision"
}

/// A tenancy model: how projects, quotas, names and tags divide a platform between its users.
///
/// A quota without an amount says that the resource is limited, and that nobody has said how far yet;
/// `settled_by` then names the question or the decision.
///
/// ```yaml
/// apiVersion: council/v1
/// kind: TenancyModel
/// metadata:
///   name: projects
/// spec:
///   stacks: [openstack]
///   project_for_each: [product team, environment]
///   naming: <team>-<environment>
///   required_tags: [team, environment, cost-center]
///   charge: showback
///   quotas:
///     - { resource: cpu, unit: vCPU, amount: 64 }
///     - { resource: gpu, unit: GPU, settled_by: question/gpu-allocation }
///   owner: platform
/// ```
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TenancyModel {
    /// The stacks that it is about.
    #[serde(default)]
    pub stacks: Vec<Ref<Stack>>,
    /// What has a project of its own: each combination of these.
    pub project_for_each: Vec<String>,
    /// The pattern of project names, with `<placeholders>`.
    pub naming: Option<String>,
    /// Tags or labels that every resource carries.
    #[serde(default)]
    pub required_tags: Vec<String>,
    /// Whether usage is only shown to tenants or also billed to them.
    pub charge: Option<ChargeMode>,
    /// What a project may use unless something else was agreed.
    pub quotas: Vec<Quota>,
    /// The seat that answers for it.
    pub owner: Option<Ref<Seat>>,
}

/// A limit on one resource.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Quota {
    /// The resource.
    pub resource: Spanned<QuotaResource>,
    /// The unit that the amount counts.
    pub unit: String,
    /// The amount. Left out while nobody has decided.
    pub amount: Option<Spanned<u64>>,
    /// The question that is open about it, or the decision that set it.
    pub settled_by: Option<OneOf<Settlement>>,
}

/// A resource that quotas limit.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum QuotaResource {
    /// Processor cores.
    Cpu,
    /// Memory.
    Ram,
    /// Volumes and objects.
    Storage,
    /// Accelerators.
    Gpu,
    /// Public addresses.
    Addresses,
}

impl QuotaResource {
    /// The word that files use.
    pub fn word(self) -> &'static str {
        match self {
            Self::Cpu => "cpu",
            Self::Ram => "ram",
            Self::Storage => "storage",
            Self::Gpu => "gpu",
            Self::Addresses => "addresses",
        }
    }
}

/// What happens with the cost of what a tenant uses.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum ChargeMode {
    /// It is shown to the tenant.
    Showback,
    /// It is booked to the tenant's budget.
    Chargeback,
}

playbook::kind!(TenancyModel, "tenancy-model");
