//! How the services are, for everybody outside: what the record holds of it, brought together.

use gitops::record::change::State as Change;
use reliability::views::{self, Status, Work};

use crate::Lens;

/// The status page at a moment; none where the playbook has none.
pub(crate) fn of(lens: &Lens) -> Option<Status> {
    let changes = &lens.record.state.changes.changes;
    let work = changes.iter().filter_map(|(id, change)| work(lens, id, change)).collect();
    let verified = lens.verified();
    views::status(&lens.operations(&verified), work)
}

/// What is said outside of a change while it is carried out.
fn work(lens: &Lens, id: &str, change: &Change) -> Option<Work> {
    let shown = change.around.notice_shown && !change.around.notice_ended;
    let notice = change.said.maintenance.notice.as_ref().filter(|_| shown)?;
    Some(Work {
        services: notice.services.clone(),
        text: lens.reading().texts.read(&format!("change/{id}"), &notice.text),
        since: change.started_at.unwrap_or(change.since),
    })
}
