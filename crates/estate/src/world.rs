//! The state of all machines, and how it moves with time and with what is asked.
//!
//! A step begins when it is asked for and has ended when its time is over: whoever looks in between sees it under way.
//! Nothing runs in the background, so that the same questions at the same times have the same answers.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};

use crate::boxes::{Begins, Hardware, Software, Unit};
use crate::fault::{self, Fault};

/// How much faster time runs here for people who watch: an installation of twenty minutes takes as many seconds.
pub const FOR_PEOPLE: i64 = 60;

/// For how long faults have lasted when the estate starts.
const FAULTY_FOR: SignedDuration = SignedDuration::from_mins(40);

/// A module of memory, in MiB; what is missing is one of them.
const MODULE: u64 = 32 * 1024;

/// Where a machine is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    /// Known, and its controller was never reached.
    Enrolled,
    /// Its controller is being tried.
    Verifying,
    /// It can be managed.
    Manageable,
    /// Its hardware is being looked at.
    Inspecting,
    /// Its disks are being cleaned.
    Cleaning,
    /// Its hardware is being looked at, and it becomes free: MAAS' way.
    Commissioning,
    /// Free.
    Available,
    /// Being installed.
    Deploying,
    /// Waiting for the installer to call back.
    WaitCallBack,
    /// Installed.
    Active,
    /// The instance is being taken off.
    Deleting,
}

/// One machine and where it is.
#[derive(Clone, Debug)]
pub(crate) struct Body {
    pub(crate) unit: Unit,
    pub(crate) state: State,
    pub(crate) since: Timestamp,
    pub(crate) is_on: bool,
    pub(crate) fault: Option<Fault>,
    pub(crate) maintenance: Option<String>,
}

/// Why something was not done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// There is no such machine.
    Unknown,
    /// Another machine has the name.
    Taken(String),
    /// Its state does not allow it.
    NotNow(String),
}

/// All machines.
#[derive(Clone, Debug)]
pub struct World {
    faster: i64,
    bodies: BTreeMap<String, Body>,
    racked: BTreeMap<String, Unit>,
    /// What is wrong with those that are only racked.
    spoiled: BTreeMap<String, Fault>,
    began: Timestamp,
    ahead: SignedDuration,
}

impl World {
    /// An estate of these machines, with faults that follow from the seed. Time runs `faster` times as fast as outside.
    #[must_use]
    pub fn new(units: Vec<Unit>, seed: u64, faster: i64, now: Timestamp) -> Self {
        let (racked, units): (Vec<Unit>, Vec<Unit>) =
            units.into_iter().partition(|unit| unit.begins == Begins::Racked);
        let names: Vec<&str> = units.iter().map(|unit| unit.name.as_str()).collect();
        let faults = fault::deal(&names, seed);
        let bodies = units.into_iter().zip(faults).map(|(unit, fault)| {
            let body = Body::new(unit, fault, now);
            (body.unit.name.clone(), body)
        });
        let racked = racked.into_iter().map(|unit| (unit.name.clone(), unit)).collect();
        Self {
            faster: faster.max(1),
            bodies: bodies.collect(),
            racked,
            spoiled: BTreeMap::new(),
            began: now,
            ahead: SignedDuration::ZERO,
        }
    }

    /// What is wrong with a machine, if anything.
    #[must_use]
    pub fn fault_of(&self, name: &str) -> Option<Fault> {
        self.bodies.get(name).and_then(|body| body.fault)
    }

    /// Lets its time begin at a moment outside.
    pub(crate) fn beginning(mut self, outside: Timestamp) -> Self {
        self.ahead = self.began.duration_since(outside);
        self
    }

    /// Its time at a moment outside.
    pub(crate) fn at(&self, outside: Timestamp) -> Timestamp {
        outside.checked_add(self.ahead).unwrap_or(outside)
    }

    /// Breaks a machine.
    ///
    /// # Errors
    /// When there is no such machine.
    pub fn spoil(&mut self, name: &str, fault: Fault) -> Result<(), Refusal> {
        if self.racked.contains_key(name) {
            self.spoiled.insert(name.to_owned(), fault);
            return Ok(());
        }
        let body = self.bodies.get_mut(name).ok_or(Refusal::Unknown)?;
        body.fault = Some(fault);
        Ok(())
    }

    /// Takes the faults away from a machine, as a technician at the rack does.
    pub fn mend(&mut self, name: &str) {
        self.spoiled.remove(name);
        if let Some(body) = self.bodies.get_mut(name) {
            body.fault = None;
        }
    }

    /// Adds a machine that nobody has reached yet.
    pub(crate) fn enrol(
        &mut self,
        name: &str,
        (provisioner, software): (&str, Software),
        now: Timestamp,
    ) -> Result<(), Refusal> {
        if self.bodies.contains_key(name) {
            return Err(Refusal::Taken(format!("A node with name {name} already exists.")));
        }
        let known = self.racked.remove(name).filter(|unit| unit.provisioner == provisioner);
        let unit = known.unwrap_or_else(|| Unit {
            name: name.to_owned(),
            provisioner: provisioner.to_owned(),
            software,
            serial: None,
            macs: Vec::new(),
            image: None,
            begins: Begins::Racked,
            hardware: Hardware::default(),
        });
        let fault = self.spoiled.remove(name);
        let body = Body { state: State::Enrolled, since: now, fault, ..Body::new(unit, None, now) };
        self.bodies.insert(name.to_owned(), body);
        Ok(())
    }

    /// The machines of a provisioner at a moment, by name.
    pub(crate) fn of(&mut self, provisioner: &str, now: Timestamp) -> Vec<&Body> {
        for body in self.bodies.values_mut() {
            body.advance(now, self.faster);
        }
        self.bodies.values().filter(|body| body.unit.provisioner == provisioner).collect()
    }

    /// Begins a step: a target of Ironic's provision states.
    pub(crate) fn provision(
        &mut self,
        name: &str,
        target: &str,
        now: Timestamp,
    ) -> Result<(), Refusal> {
        let body = self.body(name, now)?;
        let next = match (body.state, target) {
            (State::Enrolled, "manage") => State::Verifying,
            (State::Available, "manage") => State::Manageable,
            (State::Manageable, "inspect") => State::Inspecting,
            (State::Manageable, "provide") => State::Cleaning,
            (State::Enrolled, "commission") if body.fault != Some(Fault::Certificate) => {
                State::Commissioning
            }
            (State::Manageable | State::Available, "commission") => State::Commissioning,
            (State::Available, "active" | "deploy") => State::Deploying,
            (State::Active, "rebuild") => State::Deploying,
            (State::Active | State::WaitCallBack, "deleted" | "undeploy") => State::Deleting,
            (State::WaitCallBack, "abort") => State::Available,
            (state, _) => {
                let state = state.ironic();
                return Err(Refusal::NotNow(format!(
                    "The requested action \"{target}\" can not be performed on node while it is in state \"{state}\"."
                )));
            }
        };
        body.enter(next, now);
        Ok(())
    }

    /// Says which image a machine is to be installed from.
    pub(crate) fn choose(
        &mut self,
        name: &str,
        image: Option<String>,
        now: Timestamp,
    ) -> Result<(), Refusal> {
        self.body(name, now)?.unit.image = image;
        Ok(())
    }

    /// Gives a machine a network address.
    pub(crate) fn add_port(
        &mut self,
        name: &str,
        address: &str,
        now: Timestamp,
    ) -> Result<(), Refusal> {
        let is_taken = |body: &Body| body.unit.macs.iter().any(|mac| mac == address);
        if self.bodies.values().any(is_taken) {
            return Err(Refusal::Taken(format!(
                "A port with MAC address {address} already exists."
            )));
        }
        self.body(name, now)?.unit.macs.push(address.to_owned());
        Ok(())
    }

    /// Forgets a machine on which nothing is installed; it goes back to those that are only racked.
    pub(crate) fn forget(&mut self, name: &str, now: Timestamp) -> Result<(), Refusal> {
        let body = self.body(name, now)?;
        let is_free = matches!(body.state, State::Enrolled | State::Manageable)
            || body.state == State::Available && body.unit.software == Software::Maas;
        if !is_free {
            let state = body.state.ironic();
            return Err(Refusal::NotNow(format!(
                "Can not delete node while it is in provision state \"{state}\"."
            )));
        }
        if let Some(body) = self.bodies.remove(name) {
            self.racked.insert(name.to_owned(), body.unit);
        }
        Ok(())
    }

    /// Switches a machine on or off.
    pub(crate) fn power(&mut self, name: &str, on: bool, now: Timestamp) -> Result<(), Refusal> {
        let body = self.body(name, now)?;
        if body.fault == Some(Fault::Certificate) {
            return Ok(());
        }
        body.is_on = on;
        if on && body.fault == Some(Fault::Dark) {
            body.fault = None;
        }
        Ok(())
    }

    /// Keeps a machine out of work, or lets it work again.
    pub(crate) fn maintain(
        &mut self,
        name: &str,
        why: Option<String>,
        now: Timestamp,
    ) -> Result<(), Refusal> {
        self.body(name, now)?.maintenance = why;
        Ok(())
    }

    fn body(&mut self, name: &str, now: Timestamp) -> Result<&mut Body, Refusal> {
        let body = self.bodies.get_mut(name).ok_or(Refusal::Unknown)?;
        body.advance(now, self.faster);
        Ok(body)
    }
}

impl Body {
    fn new(unit: Unit, fault: Option<Fault>, now: Timestamp) -> Self {
        let state = match fault {
            Some(Fault::Certificate) => State::Enrolled,
            Some(Fault::Silent) => State::WaitCallBack,
            Some(Fault::Memory | Fault::Dark) | None if unit.begins == Begins::Installed => {
                State::Active
            }
            Some(Fault::Memory | Fault::Dark) | None => State::Available,
        };
        let is_on =
            state == State::WaitCallBack || (state == State::Active && fault != Some(Fault::Dark));
        let since =
            if fault.is_some() { now - FAULTY_FOR } else { now - SignedDuration::from_hours(90) };
        Self { unit, state, since, is_on, fault, maintenance: None }
    }

    /// Ends what has lasted long enough.
    fn advance(&mut self, now: Timestamp, faster: i64) {
        while let Some((minutes, next)) = self.next() {
            let ends = self.since + SignedDuration::from_millis(minutes * 60_000 / faster);
            if ends > now {
                return;
            }
            self.enter(next, ends);
        }
    }

    /// How many minutes its step takes, and what comes then; nothing at rest.
    fn next(&self) -> Option<(i64, State)> {
        match self.state {
            State::Verifying if self.fault == Some(Fault::Certificate) => {
                Some((1, State::Enrolled))
            }
            State::Verifying => Some((1, State::Manageable)),
            State::Inspecting => Some((6, State::Manageable)),
            State::Commissioning => Some((9, State::Available)),
            State::Cleaning => Some((15, State::Available)),
            State::Deploying => Some((2, State::WaitCallBack)),
            State::WaitCallBack if self.fault == Some(Fault::Silent) => None,
            State::WaitCallBack => Some((12, State::Active)),
            State::Deleting => Some((3, State::Cleaning)),
            State::Enrolled | State::Manageable | State::Available | State::Active => None,
        }
    }

    fn enter(&mut self, state: State, at: Timestamp) {
        self.state = state;
        self.since = at;
        self.is_on = matches!(
            state,
            State::Active | State::WaitCallBack | State::Inspecting | State::Commissioning
        );
    }

    /// The memory that it reports.
    pub(crate) fn memory_mib(&self) -> u64 {
        let whole = self.unit.hardware.memory_mib;
        if self.fault == Some(Fault::Memory) { whole.saturating_sub(MODULE) } else { whole }
    }

    /// Whether its hardware was ever looked at.
    pub(crate) fn is_known(&self) -> bool {
        !matches!(self.state, State::Enrolled | State::Verifying)
    }

    /// The last thing that went wrong, as its provisioner would say it.
    pub(crate) fn last_error(&self) -> Option<String> {
        (self.fault == Some(Fault::Certificate)).then(|| {
            let controller = match self.unit.software {
                Software::Ironic => {
                    "Failed to get power state for node: Redfish exception occurred"
                }
                Software::Maas => "Power state could not be queried",
            };
            format!("{controller}: certificate verify failed: self-signed certificate")
        })
    }
}

impl State {
    /// Ironic's word for it.
    pub(crate) fn ironic(self) -> &'static str {
        match self {
            Self::Enrolled => "enroll",
            Self::Verifying => "verifying",
            Self::Manageable => "manageable",
            Self::Inspecting | Self::Commissioning => "inspecting",
            Self::Cleaning => "cleaning",
            Self::Available => "available",
            Self::Deploying => "deploying",
            Self::WaitCallBack => "wait call-back",
            Self::Active => "active",
            Self::Deleting => "deleting",
        }
    }

    /// MAAS' number and label for it.
    pub(crate) fn maas(self) -> (u32, &'static str) {
        match self {
            Self::Enrolled | Self::Verifying | Self::Manageable => (0, "New"),
            Self::Inspecting | Self::Commissioning => (1, "Commissioning"),
            Self::Cleaning => (14, "Disk erasing"),
            Self::Available => (4, "Ready"),
            Self::Deploying | Self::WaitCallBack => (9, "Deploying"),
            Self::Active => (6, "Deployed"),
            Self::Deleting => (12, "Releasing"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn world(now: Timestamp) -> World {
        let unit = |name: &str, begins| Unit {
            name: name.to_owned(),
            provisioner: "p".to_owned(),
            software: Software::Ironic,
            serial: None,
            macs: Vec::new(),
            image: None,
            begins,
            hardware: Hardware::default(),
        };
        let mut world = World::new(
            vec![unit("a", Begins::Free), unit("b", Begins::Installed)],
            1,
            FOR_PEOPLE,
            now,
        );
        world.mend("a");
        world.mend("b");
        for body in world.bodies.values_mut() {
            body.state = if body.unit.begins == Begins::Installed {
                State::Active
            } else {
                State::Available
            };
        }
        world
    }

    fn state(world: &mut World, name: &str, now: Timestamp) -> &'static str {
        let found = world.of("p", now);
        found.iter().find(|body| body.unit.name == name).map_or("none", |body| body.state.ironic())
    }

    #[test]
    fn a_machine_is_installed_while_time_passes() {
        let now: Timestamp = "2026-11-23T09:00:00Z".parse().expect("a time");
        let after = |seconds| now + SignedDuration::from_secs(seconds);
        let mut world = world(now);
        world.provision("a", "active", now).expect("it is free");
        assert_eq!(state(&mut world, "a", after(1)), "deploying");
        assert_eq!(state(&mut world, "a", after(3)), "wait call-back");
        assert_eq!(state(&mut world, "a", after(60)), "active");
        world.provision("a", "deleted", after(60)).expect("it is installed");
        assert_eq!(state(&mut world, "a", after(600)), "available");
    }

    #[test]
    fn what_a_state_does_not_allow_is_refused() {
        let now: Timestamp = "2026-11-23T09:00:00Z".parse().expect("a time");
        let mut world = world(now);
        assert!(matches!(world.provision("b", "active", now), Err(Refusal::NotNow(_))));
        assert_eq!(world.provision("zz", "active", now), Err(Refusal::Unknown));
    }
}
