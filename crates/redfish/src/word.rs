//! Words that Redfish lays down (DSP2046, DSP8010 schemas), each as its own type.
//!
//! What a controller says may be a word that nobody laid down: where it is only shown it stays text, where it is judged
//! ([`Health`]) an unknown word is unknown.

use std::fmt;

use serde::{Deserialize, Serialize};

macro_rules! words {
    ($(#[$about:meta])* $name:ident { $($(#[$doc:meta])* $word:ident = $text:literal,)+ }) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum $name {
            $($(#[$doc])* #[serde(rename = $text)] $word,)+
        }

        impl $name {
            /// All words, in the order of the schema.
            pub const ALL: &[Self] = &[$(Self::$word),+];

            /// The word as it goes over the wire.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$word => $text,)+ }
            }

            /// Finds a word by how it is written; upper and lower case count alike, because controllers mix them.
            #[must_use]
            pub fn of(text: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|word| word.as_str().eq_ignore_ascii_case(text))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

words! {
    /// How well something is (DSP0268, `Status.Health`).
    Health {
        /// Normal.
        Ok = "OK",
        /// A condition that wants attention.
        Warning = "Warning",
        /// A condition that wants attention at once.
        Critical = "Critical",
    }
}

words! {
    /// Whether a system has power (DSP2046, `ComputerSystem.PowerState`).
    PowerState {
        /// Powered on.
        On = "On",
        /// Powered off; the controller itself still has power.
        Off = "Off",
        /// Between off and on.
        PoweringOn = "PoweringOn",
        /// Between on and off.
        PoweringOff = "PoweringOff",
        /// Stopped in between; `Resume` goes on.
        Paused = "Paused",
    }
}

words! {
    /// What a reset does (DSP2046, `Resource.ResetType`).
    ResetType {
        /// Turns it on.
        On = "On",
        /// Turns it off at once; what is not on disk is lost.
        ForceOff = "ForceOff",
        /// Asks the operating system to shut down.
        GracefulShutdown = "GracefulShutdown",
        /// Asks the operating system to restart.
        GracefulRestart = "GracefulRestart",
        /// Restarts it at once.
        ForceRestart = "ForceRestart",
        /// Interrupts it for diagnosis; most operating systems write a dump and halt.
        Nmi = "Nmi",
        /// Turns it on although something speaks against it.
        ForceOn = "ForceOn",
        /// What a person at the power button does.
        PushPowerButton = "PushPowerButton",
        /// Takes the power away and gives it back.
        PowerCycle = "PowerCycle",
        /// Writes its state away and turns it off.
        Suspend = "Suspend",
        /// Stops it where it is.
        Pause = "Pause",
        /// Goes on where it was stopped.
        Resume = "Resume",
        /// Takes all power away, the controller's too.
        FullPowerCycle = "FullPowerCycle",
    }
}

words! {
    /// For how long another boot source counts (DSP2046, `Boot.BootSourceOverrideEnabled`).
    BootEnabled {
        /// Not at all: the machine's own order counts.
        Disabled = "Disabled",
        /// For the next start alone.
        Once = "Once",
        /// Until it is taken back.
        Continuous = "Continuous",
    }
}

words! {
    /// What to boot with (DSP2046, `Boot.BootSourceOverrideMode`).
    BootMode {
        /// By the BIOS.
        Legacy = "Legacy",
        /// By UEFI.
        Uefi = "UEFI",
    }
}

words! {
    /// What to boot from (DSP2046, `ComputerSystem.BootSource`).
    BootTarget {
        /// The machine's own order.
        None = "None",
        /// The network, by PXE.
        Pxe = "Pxe",
        /// A floppy disk.
        Floppy = "Floppy",
        /// A CD, a real or a virtual one.
        Cd = "Cd",
        /// A USB device that the firmware chooses.
        Usb = "Usb",
        /// A disk.
        Hdd = "Hdd",
        /// The firmware's own setup.
        BiosSetup = "BiosSetup",
        /// The vendor's utilities.
        Utilities = "Utilities",
        /// The vendor's diagnosis.
        Diags = "Diags",
        /// The UEFI shell.
        UefiShell = "UefiShell",
        /// The device that `UefiTargetBootSourceOverride` names.
        UefiTarget = "UefiTarget",
        /// An SD card.
        SdCard = "SDCard",
        /// The network, by UEFI HTTP boot.
        UefiHttp = "UefiHttp",
        /// A drive elsewhere, such as iSCSI.
        RemoteDrive = "RemoteDrive",
        /// The boot option that `BootNext` names.
        UefiBootNext = "UefiBootNext",
        /// The vendor's recovery image.
        Recovery = "Recovery",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_is_found_by_its_text_and_no_other_is() {
        for word in ResetType::ALL {
            assert_eq!(ResetType::of(word.as_str()), Some(*word));
            assert_eq!(serde_json::to_value(word).expect("text"), word.as_str());
        }
        assert_eq!(Health::of("ok"), Some(Health::Ok));
        assert_eq!(Health::of("Fine"), None);
        assert_eq!(BootTarget::of("SDCARD"), Some(BootTarget::SdCard));
    }
}
