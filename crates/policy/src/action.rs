//! Everything that can be asked for, in one table.
//!
//! Each action belongs to one scope; a token carries scopes, so that a script that reads cannot vote.

/// A group of actions that a token may be made for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scope {
    /// The name that tokens carry.
    pub name: &'static str,
    /// What it allows, for the page where tokens are made.
    pub summary: &'static str,
}

/// All scopes.
pub const SCOPES: [Scope; 8] = [
    Scope { name: "read", summary: "Read the playbook and the record" },
    Scope { name: "decide", summary: "Propose decisions, vote, withdraw" },
    Scope { name: "change", summary: "Plan, approve and apply changes, and freeze them" },
    Scope { name: "respond", summary: "Declare and lead incidents, answer alerts, swap shifts" },
    Scope { name: "alert", summary: "Send alerts and metrics, and nothing else" },
    Scope { name: "record", summary: "Keep minutes, actions, questions and feedback" },
    Scope {
        name: "account",
        summary: "Make and end one's own tokens, sessions and calendar links",
    },
    Scope { name: "operate", summary: "Operate the server: sign-in links, checkpoints, workers" },
];

/// One action.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Action {
    /// Its name, `noun.verb`.
    pub name: &'static str,
    /// The scope that a token needs for it.
    pub scope: &'static str,
    /// What it is, for denials and documentation.
    pub summary: &'static str,
}

const fn action(name: &'static str, scope: &'static str, summary: &'static str) -> Action {
    Action { name, scope, summary }
}

/// All actions, by noun.
pub const ACTIONS: [Action; 63] = [
    action("playbook.read", "read", "read the playbook"),
    action("record.read", "read", "read decisions, rituals, actions, questions and feedback"),
    action("ledger.read", "read", "read the ledger"),
    action("ledger.verify", "read", "verify the ledger"),
    action("worker.read", "read", "see how the background work goes"),
    action("metrics.read", "read", "read the metrics from another machine"),
    action("decision.propose", "decide", "propose a decision"),
    action("decision.vote", "decide", "vote on a decision"),
    action("decision.answer", "decide", "answer an objection"),
    action("decision.reject", "decide", "close a blocked decision"),
    action("decision.expire", "decide", "end a decision whose review date has passed"),
    action("decision.consult", "decide", "answer a consultation"),
    action("decision.withdraw", "decide", "withdraw a decision"),
    action("change.draft", "change", "begin a change, or say something else about it"),
    action("change.plan", "change", "plan a change"),
    action("change.submit", "change", "ask the seats about a change"),
    action("change.approve", "change", "approve a change"),
    action("change.apply", "change", "apply a change"),
    action("change.break-glass", "change", "pass the gate in an emergency"),
    action("change.review", "change", "review a broken glass"),
    action("change.abandon", "change", "give a change up"),
    action("freeze.declare", "change", "declare a freeze"),
    action("freeze.lift", "change", "lift or move a freeze"),
    action("alert.send", "alert", "send alerts"),
    action("measurement.send", "alert", "send metrics that are counted"),
    action("alert.acknowledge", "respond", "say that you have an alert"),
    action("silence.keep", "respond", "make, change or end a silence"),
    action("incident.declare", "respond", "declare an incident"),
    action("incident.respond", "respond", "work on an incident"),
    action("incident.notify", "respond", "say what an authority must be told, or was"),
    action("incident.close", "respond", "say that an incident is reviewed or closed"),
    action("incident.restrict", "respond", "hide an incident, or show it again"),
    action("postmortem.write", "respond", "write a postmortem"),
    action("postmortem.publish", "respond", "publish a postmortem"),
    action("runbook.run", "respond", "run a runbook, or agree to a step of one"),
    action("swap.arrange", "respond", "swap a shift"),
    action("telemetry.read", "respond", "read what services wrote and did"),
    action("budget.amend", "respond", "exclude time from an error budget, or count it anew"),
    action("ritual.open", "record", "open a meeting"),
    action("ritual.attend", "record", "record attendance"),
    action("ritual.minute", "record", "write minutes"),
    action("ritual.close", "record", "close a meeting"),
    action("action.open", "record", "give an action to somebody"),
    action("action.close", "record", "close, drop or move an action"),
    action("question.raise", "record", "raise a question"),
    action("question.answer", "record", "answer a question"),
    action("question.reopen", "record", "reopen a question"),
    action("feedback.give", "record", "give feedback"),
    action("feedback.handle", "record", "handle feedback"),
    action("hardening.report", "record", "report what a hardening audit found"),
    action("token.list", "account", "list tokens"),
    action("token.create", "account", "make a token"),
    action("token.revoke", "account", "revoke a token"),
    action("session.list", "account", "list sessions"),
    action("session.end", "account", "end a session"),
    action("calendar.link", "account", "make a calendar link"),
    action("device.list", "account", "list browsers that get messages"),
    action("device.add", "account", "let a browser get messages"),
    action("device.remove", "account", "let a browser get no more messages"),
    action("link.create", "operate", "make a sign-in link"),
    action("worker.nudge", "operate", "run a worker now"),
    action("checkpoint.create", "operate", "sign a checkpoint"),
    action("text.erase", "operate", "erase a sealed text"),
];

impl Action {
    /// What comes before the dot: `change` of `change.approve`.
    pub fn noun(&self) -> &'static str {
        self.name.split_once('.').map_or(self.name, |(noun, _)| noun)
    }

    /// What comes after the dot: `approve` of `change.approve`.
    pub fn verb(&self) -> &'static str {
        self.name.split_once('.').map_or("", |(_, verb)| verb)
    }
}

/// The action of a name such as `change.approve`.
pub fn find(name: &str) -> Option<&'static Action> {
    ACTIONS.iter().find(|action| action.name == name)
}
