//! The certificate: looks whether its files were replaced.

use std::sync::Arc;

use super::runner::{Failure, Turn, Worker};
use crate::AppState;
use crate::certificate::Certificate;
use crate::limits::CERTIFICATE_POLL;

/// The worker.
pub(crate) struct Renewal(pub(crate) Arc<Certificate>);

impl Worker for Renewal {
    const NAME: &'static str = "certificate";
    const PURPOSE: &'static str = "Takes up a new TLS certificate when its files are replaced.";

    fn turn(&mut self, _: &AppState) -> Result<Turn, Failure> {
        let note = match self.0.renew()? {
            true => {
                tracing::info!("a new TLS certificate is in use for new connections");
                "took up a new certificate"
            }
            false => "the certificate is the one in use",
        };
        Ok(Turn { note: note.to_owned(), next: CERTIFICATE_POLL })
    }
}
