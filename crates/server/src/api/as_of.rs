//! Reading the record as it was.

use serde::Deserialize;
use utoipa::IntoParams;

use crate::http::Problem;
use crate::{AppState, Lens};

/// At which moment to look.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct AsOfParameters {
    /// The record as it was then: an entry's number or a time (RFC 3339). The playbook is the present one.
    as_of: Option<String>,
}

impl AsOfParameters {
    /// Whether the present is asked for.
    pub(crate) fn is_present(&self) -> bool {
        self.as_of.is_none()
    }

    /// The lens of that moment, or of the present one.
    pub(crate) async fn lens(&self, state: &AppState) -> Result<Lens, Problem> {
        match &self.as_of {
            None => Ok(state.lens()),
            Some(text) => state.lens_as_of(super::ledger::moment(text)?).await,
        }
    }
}
