//! OpenSLO `Service`: a group of SLOs.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::openslo;

/// OpenSLO: a group of SLOs that belong to one service.
///
/// It is not the council's own `Service`, which has an owner, sites and dependencies; an SLO may name
/// either of them.
///
/// ```yaml
/// apiVersion: openslo/v1
/// kind: Service
/// metadata:
///   name: checkout
///   displayName: Checkout
/// spec:
///   description: Takes payments.
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct OpensloService {
    /// What it is, at most 1050 characters.
    pub description: Option<String>,
}

openslo!(OpensloService, "Service", "openslo-service");
