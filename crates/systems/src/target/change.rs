//! A step on a file, without what ties it to the plan's lifetime; the same for directories, branches and servers.

use std::path::Path;
use std::sync::Arc;

use plan::{Action, Digest, Fault, FaultKind, IdempotencyKey, PAYLOAD_FIELD, Step, Work};

use super::files;

/// A step on a file.
#[derive(Debug)]
pub(crate) struct Change {
    pub(crate) key: IdempotencyKey,
    pub(crate) step: Step,
    /// What the file will hold; none to take it away.
    pub(crate) bytes: Option<Arc<[u8]>>,
}

impl Change {
    /// Reads a step.
    ///
    /// # Errors
    /// When it is none on a file, its name leads elsewhere, or its bytes are not at hand.
    pub(crate) fn of(work: Work<'_>) -> Result<Self, Fault> {
        let step = work.step.clone();
        let refuse = |text: String| Err(Fault::new(FaultKind::Refused, text));
        // Where the files lie does not matter for the rules about their names.
        files::place(Path::new(""), &step.resource.name)?;
        let bytes = match step.action {
            Action::Destroy => None,
            Action::Run => {
                return refuse(format!("`{}` is a file, and files cannot be run", step.resource));
            }
            Action::Create | Action::Update | Action::Replace => {
                match step.payload.and_then(|payload| work.artefacts.bytes(payload)) {
                    Some(bytes) => Some(bytes.clone()),
                    None => {
                        let id = &step.resource;
                        return refuse(format!("the bytes of `{id}` are not at hand; plan again"));
                    }
                }
            }
        };
        Ok(Self { key: work.key, step, bytes })
    }

    /// The file's name.
    pub(crate) fn name(&self) -> &str {
        &self.step.resource.name
    }

    /// The digest of what the file will hold.
    pub(crate) fn digest(&self) -> Option<Digest> {
        self.bytes.as_deref().map(Digest::of)
    }

    /// Whether the plan was made when the file held this.
    pub(crate) fn saw(&self, there: Digest) -> bool {
        let change = self.step.fields.iter().find(|change| change.name == PAYLOAD_FIELD);
        let before = change.and_then(|change| change.before.as_ref()?.as_str());
        before == Some(there.to_string().as_str())
    }
}

/// A file that council did not write.
pub(crate) fn foreign(name: &str) -> String {
    format!(
        "`{name}` is there and council did not write it; move it away, and council will write its own"
    )
}

/// A file that somebody has written to since the plan.
pub(crate) fn edited(name: &str) -> String {
    format!(
        "`{name}` has been edited by somebody since the plan; look at the edit, then plan again"
    )
}
