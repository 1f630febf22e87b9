//! What is worth telling about machines that boot.

use std::sync::Arc;

use serde::Serialize;

/// Hears of every event, in the order in which they happen for one machine. It must return quickly.
pub type Listener = Arc<dyn Fn(&Event) + Send + Sync>;

/// How far an installation is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// Its script says to install; nothing was heard yet.
    Armed,
    /// The installer has its answers.
    Installing,
    /// The system is on the disk, from which it starts from now on.
    Installed,
    /// The system has set itself up. The installation has ended.
    Ready,
}

impl Stage {
    /// The word in links and events.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Armed => "armed",
            Self::Installing => "installing",
            Self::Installed => "installed",
            Self::Ready => "ready",
        }
    }

    /// The stage that a machine may say.
    pub(crate) fn said(word: &str) -> Option<Self> {
        [Self::Installing, Self::Installed, Self::Ready].into_iter().find(|it| it.word() == word)
    }
}

/// Something that happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "event")]
pub enum Event {
    /// A machine asked for its script and was told to install.
    ToldToInstall {
        /// Its name.
        machine: String,
    },
    /// A machine read a document of its installation.
    Answered {
        /// Its name.
        machine: String,
        /// The document.
        document: String,
    },
    /// A machine said how far it is.
    PhonedHome {
        /// Its name.
        machine: String,
        /// How far.
        stage: Stage,
    },
    /// A secret was handed out.
    SecretTaken {
        /// To whose token.
        machine: String,
        /// Its name.
        secret: String,
    },
    /// A secret was asked for and not handed out.
    SecretRefused {
        /// By whose token.
        machine: String,
        /// Its name.
        secret: String,
        /// Why.
        why: &'static str,
    },
    /// A machine asked that nobody declares. Told once for each.
    Stranger {
        /// The MAC address that it said.
        mac: String,
        /// The UUID that it said.
        uuid: String,
    },
    /// A first program was fetched over TFTP.
    Fetched {
        /// The file.
        file: String,
    },
}
