//! A notice board as a target: notices with a title and a text, on a server that may be away.

use std::collections::BTreeMap;
use std::sync::Mutex;

use jiff::Timestamp;
use plan::{
    Action, Effect, Fault, FaultKind, Fields, Job, Limits, Observations, Observed, ResourceId,
    Scope, Step, Target, Work,
};

/// The outside system. Yours is behind a network; this one is a map that may be away.
#[derive(Default)]
pub struct Board {
    pub notices: Mutex<BTreeMap<String, String>>,
    pub away: Mutex<bool>,
}

/// What council knows of it: its name in the playbook, and how to reach it.
pub struct BoardTarget<'a> {
    pub name: String,
    pub board: &'a Board,
    pub now: fn() -> Timestamp,
}

impl Target for BoardTarget<'_> {
    fn observe<'a>(&'a self, scope: Scope<'a>) -> Job<'a, Observations> {
        Box::pin(async move {
            let at = (self.now)();
            // 1. A system that does not answer is silent. It is not empty.
            if *self.board.away.lock().expect("no panic") {
                return Observations::silent(&self.name, None, "the board does not answer");
            }
            // 2. Complete: what is not listed below is absent.
            let mut observations = Observations::complete(&self.name, at);
            for (title, text) in self.board.notices.lock().expect("no panic").iter() {
                let id = ResourceId::new(&self.name, "notice", title);
                if scope.contains(&id) {
                    let fields = Fields::from([("text".to_owned(), text.as_str().into())]);
                    observations.insert(id, Observed::Known { fields, at });
                }
            }
            observations
        })
    }

    fn apply<'a>(&'a self, work: Work<'a>) -> Job<'a, Result<Effect, Fault>> {
        Box::pin(async move {
            if *self.board.away.lock().expect("no panic") {
                // 3. The kind says whether something may have happened, and whether trying again may help.
                return Err(Fault::new(FaultKind::Unreachable, "the board does not answer"));
            }
            let mut notices = self.board.notices.lock().expect("no panic");
            let title = &work.step.resource.name;
            // 4. Done twice, it leaves what once would have left: say so, and do nothing.
            let before = notices.get(title).cloned();
            match work.step.action {
                Action::Create | Action::Update | Action::Replace => {
                    notices.insert(title.clone(), text_of(work.step)?);
                }
                Action::Destroy => {
                    notices.remove(title);
                }
                Action::Run => {
                    return Err(Fault::new(FaultKind::Refused, "a notice cannot be run"));
                }
            }
            Ok(if notices.get(title) == before.as_ref() {
                Effect::Unchanged
            } else {
                Effect::Changed { note: format!("{} `{title}`", work.step.action) }
            })
        })
    }

    // 5. What the system takes. The executor keeps to it.
    fn limits(&self) -> Limits {
        Limits { parallel: 2, per_minute: 60, ..Limits::default() }
    }
}

fn text_of(step: &Step) -> Result<String, Fault> {
    let change = step.fields.iter().find(|change| change.name == "text");
    let text = change.and_then(|change| change.after.as_ref()?.as_str());
    text.map(str::to_owned).ok_or_else(|| {
        Fault::new(FaultKind::Refused, format!("`{}` has no text; give it one", step.resource))
    })
}
