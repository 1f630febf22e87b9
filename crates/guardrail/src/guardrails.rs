//! Policies that were read, and judging a plan by them.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::Duration;

use regorus::utils::limits::ExecutionTimerConfig;
use regorus::{Engine, Value};

use crate::built_in::{BUILT_IN, KNOWN};
use crate::fault::Fault;
use crate::finding::{Finding, Severity, messages};
use crate::heads::{heads, short};
use crate::limits::{FINDINGS_PER_RULE, MOST_SHARES, POLICY_BYTES, RULE_TIME, WORK_BETWEEN_LOOKS};
use crate::shares::{Dealt, Policy, dealt};

mod together;

/// Policies that were read and are ready to judge plans, from any number of threads.
#[derive(Clone)]
pub struct Guardrails {
    engine: Engine,
    rules: Arc<[Rule]>,
    exceptions: BTreeSet<String>,
    policies: Vec<Policy>,
    limit: Duration,
    /// Where they were dealt out to several processors, a part for each.
    shares: Arc<[Share]>,
}

/// An engine with the policies that it judges by, and which of the rules those are.
#[derive(Clone)]
struct Share {
    engine: Engine,
    rules: Vec<usize>,
}

/// What a rule found, by the message and the resource; or what went wrong.
type Found = Result<BTreeSet<(String, Option<String>)>, Fault>;

/// One rule that looks for something.
#[derive(Clone, Debug)]
struct Rule {
    /// Its path, such as `data.main.deny`.
    path: String,
    package: String,
    name: String,
    file: String,
    severity: Severity,
}

impl fmt::Debug for Guardrails {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let paths = self.rules.iter().map(|rule| &rule.path);
        formatter.debug_list().entries(paths).finish()
    }
}

impl Guardrails {
    /// Reads those built in, and the given policies: each a path and a text.
    ///
    /// # Errors
    /// Everything that is wrong with them, by file and place; none of them is used then.
    pub fn new(policies: &[(String, String)]) -> Result<Self, Vec<Fault>> {
        Self::within(RULE_TIME, policies)
    }

    /// Reads policies whose rules may each take so long.
    pub(crate) fn within(
        limit: Duration,
        policies: &[(String, String)],
    ) -> Result<Self, Vec<Fault>> {
        let built_in = BUILT_IN.iter().map(|(path, text)| (*path, *text));
        let given = policies.iter().map(|(path, text)| (path.as_str(), text.as_str()));
        let (mut faults, mut read) = (Vec::new(), Vec::new());
        let mut rules: BTreeMap<String, Rule> = BTreeMap::new();
        let mut engine = engine(limit, &[])?;
        // Tests of policies are conftest's `verify`; they judge no plan.
        for (file, text) in built_in.chain(given).filter(|(path, _)| !path.ends_with("_test.rego"))
        {
            match add(&mut engine, file, text) {
                Err(fault) => faults.push(fault),
                Ok(package) if is_ours(&package) => {
                    let fault = Fault::of_file(file, "the package `council` is council's own");
                    faults
                        .push(fault.hint("call it something else; `data.council` is for reading"));
                }
                Ok(package) => {
                    for rule in rules_of(file, text, &package) {
                        rules.entry(rule.path.clone()).or_insert(rule);
                    }
                    read.push(Policy { file: file.to_owned(), text: text.to_owned(), package });
                }
            }
        }
        if !faults.is_empty() {
            return Err(faults);
        }
        let exceptions = read.iter().map(|policy| policy.package.clone()).collect();
        let rules = rules.into_values().collect();
        let shares = Arc::default();
        let whole = Self { engine, rules, exceptions, policies: read, limit, shares };
        whole.prepared()
    }

    /// Deals the policies out to as many processors as there are, where that is worth it; for who judges many plans. Findings are
    /// the same.
    #[must_use]
    pub fn on_all_processors(self) -> Self {
        let processors = std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
        self.on(processors.min(MOST_SHARES))
    }

    /// Deals the policies out to so many processors at most.
    pub(crate) fn on(mut self, shares: usize) -> Self {
        let Dealt { together, apart } = dealt(&self.policies, shares);
        if apart.len() < 2 {
            return self;
        }
        let mut judges = together.clone();
        let mut shares = Vec::new();
        for own in apart {
            judges.extend(&own);
            let paths: BTreeSet<String> = judges
                .drain(..)
                .flat_map(|policy| rules_of(&policy.file, &policy.text, &policy.package))
                .map(|rule| rule.path)
                .collect();
            // They were read before without a fault.
            let Ok(mut engine) = engine(self.limit, &[&*together, &own].concat()) else {
                return self;
            };
            engine.set_input(Value::new_object());
            let known = self.rules.iter().enumerate();
            let rules = known.filter(|(_, rule)| paths.contains(&rule.path)).map(|(at, rule)| {
                // Prepares it; what is wrong with it was said before.
                let _answer = engine.eval_rule(rule.path.clone());
                at
            });
            let rules = rules.collect();
            shares.push(Share { engine, rules });
        }
        self.shares = shares.into();
        self
    }

    /// Prepares the engine once, so that judging does not; drops what only looked like a rule.
    fn prepared(mut self) -> Result<Self, Vec<Fault>> {
        self.engine.set_input(Value::new_object());
        let engine = &mut self.engine;
        let is_rule = |engine: &mut Engine, path: &str| match engine.eval_rule(path.to_owned()) {
            Err(error) => error.to_string() != NO_RULE,
            Ok(_) => true,
        };
        let mut faults = Vec::new();
        let mut rules = Vec::new();
        for rule in self.rules.iter() {
            match engine.eval_rule(rule.path.clone()).map_err(|error| error.to_string()) {
                Err(report) if report == NO_RULE => {}
                // With a place it is wrong whatever the plan is: an unknown function, a bad expression.
                Err(report) if report.contains("--> ") => {
                    let fault = Fault::of_report(&rule.file, &report);
                    if !faults.contains(&fault) {
                        faults.push(fault);
                    }
                }
                Err(_) | Ok(_) => rules.push(rule.clone()),
            }
        }
        if !faults.is_empty() {
            return Err(faults);
        }
        self.exceptions.retain(|package| is_rule(engine, &exception(package)));
        self.rules = rules.into();
        Ok(self)
    }

    /// How many rules look for something.
    pub fn len(&self) -> usize {
        self.rules.len()
    }

    /// Says whether none does; those built in always do.
    pub fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }

    /// Judges a plan: `input` is the plan as JSON, `council` what council knows besides. Findings come
    /// gravest first, then by policy.
    pub fn judge(&self, input: &serde_json::Value, council: &serde_json::Value) -> Vec<Finding> {
        let mut input = input.clone();
        // Not as data of the engine, which prepares every policy again when its data change.
        if let Some(fields) = input.as_object_mut() {
            fields.insert(COUNCIL.to_owned(), council.clone());
        }
        let mut engine = with(&self.engine, &input);
        let excepted = self.excepted(&mut engine);
        let passes = |rule: &Rule| {
            let passes = excepted.get(&rule.package);
            passes.is_some_and(|rules| rules.contains(short(&rule.name)))
        };
        let judged: BTreeSet<usize> = self
            .rules
            .iter()
            .enumerate()
            .filter(|(_, rule)| !passes(rule))
            .map(|(at, _)| at)
            .collect();
        let found = if self.shares.is_empty() {
            let rules = judged.iter().filter_map(|at| Some((*at, self.rules.get(*at)?)));
            rules.map(|(at, rule)| (at, rule.found(&mut engine))).collect()
        } else {
            together::judge(self, input, judged)
        };
        let rules = found.into_iter().filter_map(|(at, found)| Some((self.rules.get(at)?, found)));
        let mut findings: Vec<_> = rules.flat_map(|(rule, found)| rule.findings(found)).collect();
        findings.sort();
        findings.dedup();
        findings
    }

    /// The rules that each package lets pass for this plan.
    fn excepted(&self, engine: &mut Engine) -> BTreeMap<String, BTreeSet<String>> {
        let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for package in &self.exceptions {
            let Ok(answer) = engine.eval_rule(exception(package)) else { continue };
            let names = messages(&to_json(&answer)).into_iter().map(|(name, _)| name);
            found.entry(package.clone()).or_default().extend(names);
        }
        found
    }
}

/// The package that tells policies what council knows, and the field of the input that it comes in.
const COUNCIL: &str = "council";

fn is_ours(package: &str) -> bool {
    package == COUNCIL || package.starts_with("council.")
}

/// What the engine says of a path that names no rule.
const NO_RULE: &str = "not a valid rule path";

fn exception(package: &str) -> String {
    format!("data.{package}.exception")
}

fn add(engine: &mut Engine, file: &str, text: &str) -> Result<String, Fault> {
    if text.len() > POLICY_BYTES {
        let message = format!("it is larger than {POLICY_BYTES} bytes");
        return Err(Fault::of_file(file, message).hint("split it, or keep its data elsewhere"));
    }
    let added = engine.add_policy(file.to_owned(), text.to_owned());
    let package = added.map_err(|error| {
        let fault = Fault::of_report(file, &error.to_string());
        let mut old = Engine::new();
        old.set_rego_v0(true);
        match old.add_policy(file.to_owned(), text.to_owned()) {
            Ok(_) => {
                fault.hint("this is Rego of version 0: `opa fmt --write --rego-v1` rewrites it")
            }
            Err(_) => fault,
        }
    })?;
    Ok(package.strip_prefix("data.").unwrap_or(&package).to_owned())
}

fn rules_of(file: &str, text: &str, package: &str) -> Vec<Rule> {
    let rule = |(name, severity): (String, Severity)| Rule {
        path: format!("data.{package}.{name}"),
        package: package.to_owned(),
        name,
        file: file.to_owned(),
        severity,
    };
    heads(text).into_iter().map(rule).collect()
}

/// A copy of an engine with an input of its own: processors that count the same references wait for each other.
fn with(engine: &Engine, input: &serde_json::Value) -> Engine {
    let mut engine = engine.clone();
    engine.set_input(Value::from(input.clone()));
    engine
}

/// An engine with policies that were read before without a fault.
fn engine(limit: Duration, policies: &[&Policy]) -> Result<Engine, Vec<Fault>> {
    let mut engine = Engine::new();
    engine.set_execution_timer_config(ExecutionTimerConfig {
        limit,
        check_interval: WORK_BETWEEN_LOOKS,
    });
    let policies = policies.iter().map(|policy| (&*policy.file, &*policy.text));
    for (file, text) in std::iter::once(KNOWN).chain(policies) {
        add(&mut engine, file, text).map_err(|fault| vec![fault])?;
    }
    Ok(engine)
}

impl Rule {
    fn found(&self, engine: &mut Engine) -> Found {
        match engine.eval_rule(self.path.clone()) {
            Ok(answer) => Ok(messages(&to_json(&answer)).into_iter().collect()),
            Err(error) => Err(Fault::of_report(&self.file, &error.to_string())),
        }
    }

    fn findings(&self, found: Found) -> Vec<Finding> {
        let finding = |severity, message, resource| Finding {
            severity,
            policy: self.file.clone(),
            package: self.package.clone(),
            rule: self.name.clone(),
            message,
            resource,
            unjudged: false,
        };
        let found = match found {
            Ok(found) => found,
            Err(fault) => {
                let place = fault.line.map_or_else(String::new, |line| format!(" at line {line}"));
                let message = format!("it could not be evaluated{place}: {}", fault.message);
                let unjudged = finding(Severity::Deny, message, None);
                return vec![Finding { unjudged: true, ..unjudged }];
            }
        };
        let more = found.len().saturating_sub(FINDINGS_PER_RULE);
        let mut findings: Vec<Finding> = found
            .into_iter()
            .take(FINDINGS_PER_RULE)
            .map(|(message, resource)| finding(self.severity, message, resource))
            .collect();
        if more > 0 {
            let message = format!("and {more} more of the same rule");
            findings.push(finding(self.severity, message, None));
        }
        findings
    }
}

/// The answer as JSON; what is undefined found nothing.
fn to_json(answer: &Value) -> serde_json::Value {
    if *answer == Value::Undefined {
        return serde_json::Value::Null;
    }
    serde_json::to_value(answer).unwrap_or(serde_json::Value::Null)
}
