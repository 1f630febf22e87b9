//! The state of the service: who is armed, and what each installation may still read.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::PathBuf;
use std::sync::{Arc, PoisonError, RwLock};

use jiff::Timestamp;
use secrecy::SecretString;

use crate::catalogue::{Bootable, Catalogue};
use crate::event::{Event, Listener, Stage};
use crate::installation::{Documents, Installation, Render, Ticket};
use crate::{limits, token};

/// Says what time it is.
pub type Clock = Arc<dyn Fn() -> Timestamp + Send + Sync>;

/// Finds the value of a secret by its name; `None` where this service has it not.
pub type Secrets = Arc<dyn Fn(&str) -> Option<SecretString> + Send + Sync>;

/// What the service is made of.
#[derive(Clone)]
pub struct Settings {
    /// Where machines reach the service, such as `http://10.10.0.5:8069`.
    pub base: String,
    /// The directory whose files are served.
    pub files: PathBuf,
    /// Everybody who may boot.
    pub bootables: Vec<Bootable>,
    /// The script that every machine gets first.
    pub first: String,
    /// The script of machines that nobody declares.
    pub unknown: String,
    /// The first program of each architecture code: a path below `files`.
    pub first_stages: BTreeMap<u16, String>,
    /// Renders what an armed machine reads.
    pub render: Render,
    /// Where secrets come from.
    pub secrets: Secrets,
    /// Who hears what happens.
    pub listener: Listener,
    /// The clock.
    pub clock: Clock,
}

impl fmt::Debug for Settings {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Settings")
            .field("base", &self.base)
            .field("files", &self.files)
            .finish_non_exhaustive()
    }
}

/// Why a machine could not be armed.
#[derive(Debug, thiserror::Error)]
pub enum ArmError {
    /// Nobody of that name may boot here.
    #[error("there is no `{0}` that boots from here")]
    Unknown(String),
    /// What it reads could not be rendered.
    #[error("`{name}` cannot be installed: {why}")]
    Unrenderable {
        /// Its name.
        name: String,
        /// Why.
        why: String,
    },
    /// No token could be made.
    #[error("the system has no randomness to give")]
    NoRandomness(#[from] getrandom::Error),
}

/// The service. Cheap to share; every answer is made from it.
pub struct Service {
    pub(crate) settings: Settings,
    catalogue: Catalogue,
    installations: RwLock<Installations>,
    strangers: RwLock<BTreeSet<String>>,
}

/// Installations by token, and the newest of everybody.
#[derive(Default)]
struct Installations {
    by_token: BTreeMap<String, Installation>,
    newest: BTreeMap<usize, String>,
}

impl fmt::Debug for Service {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Service").field("settings", &self.settings).finish_non_exhaustive()
    }
}

/// What a token opens.
#[derive(Clone, Debug)]
pub(crate) struct Opened {
    pub(crate) machine: String,
    pub(crate) documents: Arc<Documents>,
}

/// Why a secret is not handed out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Denied {
    /// The token opens nothing, or nothing of that name.
    Unknown,
    /// It was handed out before.
    Taken,
    /// This service has it not.
    Missing,
}

impl Service {
    /// Makes the service; nobody is armed.
    #[must_use]
    pub fn new(mut settings: Settings) -> Self {
        let catalogue = Catalogue::of(std::mem::take(&mut settings.bootables));
        Self { settings, catalogue, installations: RwLock::default(), strangers: RwLock::default() }
    }

    /// Everybody who may boot here, by name.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.catalogue.names()
    }

    /// Arms a machine or a role: from now on it installs when it boots. An installation of it that is under way ends.
    ///
    /// # Errors
    /// When nobody has that name, or what it reads cannot be rendered.
    pub fn arm(&self, name: &str) -> Result<(), ArmError> {
        let whose =
            self.catalogue.by_name(name).ok_or_else(|| ArmError::Unknown(name.to_owned()))?;
        let token = token::fresh()?;
        let now = (self.settings.clock)();
        let ticket = Ticket {
            base: self.settings.base.clone(),
            token: token.clone(),
            // One for each installation, so that cloud-init sets the system up again; no part of the token is in it.
            instance: format!("{}-{}", name.replace('/', "-"), now.as_second()),
        };
        let documents = (self.settings.render)(name, &ticket)
            .map_err(|why| ArmError::Unrenderable { name: name.to_owned(), why })?;
        let installation = Installation {
            whose,
            stage: Stage::Armed,
            ends: now.saturating_add(limits::INSTALLATION).unwrap_or(Timestamp::MAX),
            documents: Arc::new(documents),
            taken: BTreeSet::new(),
            is_shared: name.starts_with("role/"),
        };
        let mut all = self.installations.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(before) = all.newest.insert(whose, token.clone()) {
            all.by_token.remove(&before);
        }
        all.by_token.insert(token, installation);
        Ok(())
    }

    /// The script of whoever asks, by what it says about itself: a MAC address, a UUID, or a role.
    pub(crate) fn script(&self, mac: &str, uuid: &str, role: &str) -> String {
        let machine = self.catalogue.by_mac(mac).or_else(|| self.catalogue.by_uuid(uuid));
        // A declared machine is what the playbook says, whatever role it claims.
        let by_role = || self.catalogue.by_name(&format!("role/{role}"));
        let Some(number) = machine.or_else(by_role) else {
            self.tell_of_stranger(mac, uuid);
            return self.settings.unknown.clone();
        };
        let Some(bootable) = self.catalogue.get(number) else {
            return self.settings.unknown.clone();
        };
        match self.to_install(number) {
            Some(documents) => {
                self.tell(&Event::ToldToInstall { machine: bootable.name.clone() });
                documents.script.clone()
            }
            None => bootable.from_disk.clone(),
        }
    }

    fn to_install(&self, whose: usize) -> Option<Arc<Documents>> {
        let all = self.installations.read().unwrap_or_else(PoisonError::into_inner);
        let installation = all.by_token.get(all.newest.get(&whose)?)?;
        installation
            .is_to_install((self.settings.clock)())
            .then(|| Arc::clone(&installation.documents))
    }

    /// What a token opens; nothing once its installation has ended.
    pub(crate) fn open(&self, token: &str) -> Option<Opened> {
        let all = self.installations.read().unwrap_or_else(PoisonError::into_inner);
        let installation = all.by_token.get(token)?;
        installation.is_open((self.settings.clock)()).then(|| self.opened(installation))
    }

    fn opened(&self, installation: &Installation) -> Opened {
        let machine = self.catalogue.get(installation.whose);
        Opened {
            machine: machine.map(|machine| machine.name.clone()).unwrap_or_default(),
            documents: Arc::clone(&installation.documents),
        }
    }

    /// Hands a secret out, at most once for an installation: it counts as handed out before it is on its way, so that
    /// nobody gets it twice by hanging up.
    pub(crate) fn take(&self, token: &str, secret: &str) -> Result<SecretString, Denied> {
        let opened = self.open(token).ok_or(Denied::Unknown)?;
        let outcome = self.take_once(token, secret);
        let (machine, name) = (opened.machine, secret.to_owned());
        self.tell(&match &outcome {
            Ok(_) => Event::SecretTaken { machine, secret: name },
            Err(denied) => Event::SecretRefused {
                machine,
                secret: name,
                why: match denied {
                    Denied::Unknown => "it is none of its secrets",
                    Denied::Taken => "it was handed out before; if not to this machine, to whom?",
                    Denied::Missing => "this service does not have it",
                },
            },
        });
        outcome
    }

    fn take_once(&self, token: &str, secret: &str) -> Result<SecretString, Denied> {
        let mut all = self.installations.write().unwrap_or_else(PoisonError::into_inner);
        let now = (self.settings.clock)();
        let installation = all.by_token.get_mut(token).filter(|it| it.is_open(now));
        let installation = installation.ok_or(Denied::Unknown)?;
        if !installation.documents.secrets.contains(secret) {
            return Err(Denied::Unknown);
        }
        if installation.taken.contains(secret) {
            return Err(Denied::Taken);
        }
        let value = (self.settings.secrets)(secret).ok_or(Denied::Missing)?;
        installation.taken.insert(secret.to_owned());
        Ok(value)
    }

    /// Hears how far a machine is; says whether its token was good.
    pub(crate) fn hear(&self, token: &str, stage: Stage) -> bool {
        let Some(opened) = self.open(token) else { return false };
        if let Some(installation) = self
            .installations
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .by_token
            .get_mut(token)
        {
            installation.hear(stage);
        }
        self.tell(&Event::PhonedHome { machine: opened.machine, stage });
        true
    }

    pub(crate) fn tell(&self, event: &Event) {
        (self.settings.listener)(event);
    }

    /// Tells of a machine that nobody declares, once, and of so many at most.
    fn tell_of_stranger(&self, mac: &str, uuid: &str) {
        // What is kept of it is bounded, too: a MAC address and a UUID in their longest spellings.
        let short = |text: &str| {
            text.chars().filter(|it| it.is_ascii_graphic()).take(40).collect::<String>()
        };
        let (mac, uuid) = (short(mac), short(uuid));
        let mut seen = self.strangers.write().unwrap_or_else(PoisonError::into_inner);
        if seen.len() < limits::STRANGERS && seen.insert(format!("{mac} {uuid}")) {
            drop(seen);
            self.tell(&Event::Stranger { mac, uuid });
        }
    }
}
