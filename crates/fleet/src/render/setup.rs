//! Everything that decides how one machine is set up, gathered and judged once.

use std::fmt;

use jiff::civil::Date;
use playbook::{Model, Ref, Typed};

use super::network::Lan;
use crate::hardening::of_role;
use crate::kinds::{
    Baseline, BootProfile, Channel, Control, Distribution, Image, ImageVersion, Machine,
    Provisioner, Role, SetupMethod,
};

/// How a machine is set up.
#[derive(Clone, Debug)]
pub struct Setup<'m> {
    /// Its host name: the machine's name, or the role's where no machine is declared.
    pub name: &'m str,
    /// The machine; none for whatever machine plays the role.
    pub machine: Option<Typed<'m, Machine>>,
    /// What it is for.
    pub role: Typed<'m, Role>,
    /// How it is installed.
    pub profile: Typed<'m, BootProfile>,
    /// The image that it gets.
    pub image: Typed<'m, Image>,
    /// The version of that image or of one that it is built on, where one is promoted.
    pub version: Option<Typed<'m, ImageVersion>>,
    /// What must hold on it: its baselines without what is waived for it today.
    pub controls: Vec<&'m Control>,
    /// The networks of its role at its site.
    pub lans: Vec<Lan>,
}

/// What asks no questions because it has our answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Installer {
    /// The installer of Debian.
    Debian,
    /// The installer of Ubuntu.
    Ubuntu,
}

/// Why a machine cannot be installed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unbootable {
    /// What is wrong.
    pub what: String,
    /// What to do now.
    pub hint: String,
}

impl fmt::Display for Unbootable {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}; {}", self.what, self.hint)
    }
}

impl std::error::Error for Unbootable {}

fn cannot(what: impl Into<String>, hint: impl Into<String>) -> Unbootable {
    Unbootable { what: what.into(), hint: hint.into() }
}

impl<'m> Setup<'m> {
    /// Gathers what decides how a machine is set up; waivers count if they hold today.
    ///
    /// # Errors
    /// With what is missing or cannot work.
    pub fn of(
        model: &'m Model,
        machine: Typed<'m, Machine>,
        lans: &[Lan],
        today: Date,
    ) -> Result<Self, Unbootable> {
        let role = model.follow(&machine.spec.role).ok_or_else(|| {
            cannot(
                format!("`{}` has no role that can be read", machine.name()),
                "mend what `council check` says about it",
            )
        })?;
        Self::gather(model, role, Some(machine), (lans, today))
    }

    /// The same for whatever machine plays a role, which then has no address of its own.
    ///
    /// # Errors
    /// With what is missing or cannot work.
    pub fn of_role(
        model: &'m Model,
        role: Typed<'m, Role>,
        lans: &[Lan],
        today: Date,
    ) -> Result<Self, Unbootable> {
        Self::gather(model, role, None, (lans, today))
    }

    fn gather(
        model: &'m Model,
        role: Typed<'m, Role>,
        machine: Option<Typed<'m, Machine>>,
        (lans, today): (&[Lan], Date),
    ) -> Result<Self, Unbootable> {
        let image = image(model, role)?;
        let profile = profile(model, role, machine)?;
        let names: Vec<&str> = role.spec.networks.iter().map(|network| network.name()).collect();
        let site = machine.map(|machine| machine.spec.site.name());
        let here = |lan: &&Lan| names.contains(&lan.name.as_str()) && lan.is_at(site);
        let setup = Self {
            name: machine.map_or(role.name(), |machine| machine.name()),
            machine,
            role,
            profile,
            image,
            version: version(model, image),
            controls: controls(model, role, (machine, today)),
            lans: lans.iter().filter(here).cloned().collect(),
        };
        setup.judge()?;
        Ok(setup)
    }

    /// The installer of its profile; none where a finished image configures itself.
    #[must_use]
    pub fn installer(&self) -> Option<Installer> {
        self.profile.spec.set_up_by.iter().find_map(|method| match method {
            SetupMethod::Preseed => Some(Installer::Debian),
            SetupMethod::Autoinstall => Some(Installer::Ubuntu),
            SetupMethod::CloudInit => None,
        })
    }

    /// Says whether cloud-init configures the installed system.
    #[must_use]
    pub fn has_cloud_init(&self) -> bool {
        self.profile.spec.set_up_by.contains(&SetupMethod::CloudInit)
    }

    /// The secrets that it may fetch, by name, each once. Whatever machine plays a role gets none: nobody knows it.
    #[must_use]
    pub fn secrets(&self) -> Vec<&'m str> {
        if self.machine.is_none() {
            return Vec::new();
        }
        let spec = self.profile.spec;
        let password = spec.account.iter().filter_map(|account| account.password.as_ref());
        let handed = spec.secrets.iter().map(|handover| &handover.secret);
        let mut names: Vec<&str> = password.chain(handed).map(|secret| secret.name()).collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    /// The domain of its host name.
    pub(super) fn domain(&self) -> Option<&'m str> {
        self.profile.spec.answers.domain.as_deref()
    }

    /// The name of the image and its version, for people.
    pub(super) fn image_words(&self) -> String {
        match self.version {
            Some(version) => format!("{} {}", self.image.name(), version.spec.version),
            None => self.image.name().to_owned(),
        }
    }

    /// Refuses what cannot work: an installer of the wrong distribution, a text that would break out of its line.
    fn judge(&self) -> Result<(), Unbootable> {
        let profile = self.profile.name();
        let fits = match self.installer() {
            None => true,
            Some(Installer::Debian) => self.image.spec.distribution == Distribution::Debian,
            Some(Installer::Ubuntu) => self.image.spec.distribution == Distribution::Ubuntu,
        };
        if !fits {
            return Err(cannot(
                format!(
                    "the profile `{profile}` cannot install `{}`: its installer is another distribution's",
                    self.image.name()
                ),
                format!("give the role `{}` a profile that fits its image", self.role.name()),
            ));
        }
        let settings = self.controls.iter().flat_map(|control| control.settings.texts());
        let packages = self.role.spec.packages.iter().map(|package| package.as_str());
        let texts = self.profile.spec.one_line_texts().into_iter().chain(settings).chain(packages);
        match texts.into_iter().find(|text| text.chars().any(char::is_control)) {
            None => Ok(()),
            Some(text) => Err(cannot(
                format!(
                    "`{}` has a line break and would be read as two lines",
                    text.escape_debug()
                ),
                format!("write it in one line; it stands in what `{profile}` is rendered from"),
            )),
        }
    }
}

/// Says whether a text can stand as one word in a command line, a preseed file and a script of iPXE.
pub(crate) fn is_one_word(text: &str) -> bool {
    let is_plain = |character: char| !character.is_control() && !character.is_whitespace();
    !text.is_empty() && text.chars().all(is_plain) && !text.contains("${")
}

fn image<'m>(model: &'m Model, role: Typed<'m, Role>) -> Result<Typed<'m, Image>, Unbootable> {
    let image = role.spec.image.as_ref().and_then(|image| model.follow(image));
    image.ok_or_else(|| {
        cannot(
            format!("the role `{}` has no golden image", role.name()),
            "name one as its `image`; `council explain FLT003` says why",
        )
    })
}

/// The role's own profile, else the only one of the machine's provisioner.
fn profile<'m>(
    model: &'m Model,
    role: Typed<'m, Role>,
    machine: Option<Typed<'m, Machine>>,
) -> Result<Typed<'m, BootProfile>, Unbootable> {
    let provisioner: Option<&Ref<Provisioner>> =
        machine.and_then(|machine| machine.spec.provisioner.as_ref());
    let provisioner = provisioner.and_then(|provisioner| model.follow(provisioner));
    let boots = provisioner.map_or(&[][..], |provisioner| provisioner.spec.boots.as_slice());
    let only = if let [only] = boots { Some(only) } else { None };
    let named = role.spec.boot.as_ref().or(only);
    named.and_then(|profile| model.follow(profile)).ok_or_else(|| {
        cannot(
            format!("nothing says how machines of the role `{}` boot", role.name()),
            "name a boot profile as the role's `boot`",
        )
    })
}

/// The promoted version of an image, or of the nearest image below it that has one.
fn version<'m>(model: &'m Model, image: Typed<'m, Image>) -> Option<Typed<'m, ImageVersion>> {
    let of = |image: &str| {
        model.all::<ImageVersion>().find(|version| {
            version.spec.image.name() == image && version.spec.channel.value == Channel::Promoted
        })
    };
    chain(model, image).into_iter().find_map(|image| of(image.name()))
}

/// An image and what it is built on. A circle ends where it began.
fn chain<'m>(model: &'m Model, image: Typed<'m, Image>) -> Vec<Typed<'m, Image>> {
    let mut chain = vec![image];
    let mut next = image.spec.base.as_ref().and_then(|base| model.follow(base));
    while let Some(image) = next {
        if chain.iter().any(|seen| seen.name() == image.name()) {
            break;
        }
        chain.push(image);
        next = image.spec.base.as_ref().and_then(|base| model.follow(base));
    }
    chain
}

/// The controls of the role's baseline, or else of its image's, without those that are waived today.
fn controls<'m>(
    model: &'m Model,
    role: Typed<'m, Role>,
    (machine, today): (Option<Typed<'m, Machine>>, Date),
) -> Vec<&'m Control> {
    let name = machine.as_ref().map(|machine| machine.name());
    let wanted = of_role(model, role, (name, today));
    let wanted = wanted.into_iter().flat_map(|wanted| wanted.all);
    wanted.filter(|demand| demand.waiver.is_none()).map(|demand| demand.control).collect()
}

/// The baseline of a role, or else of its image, or of what that is built on.
pub(crate) fn baseline_of<'m>(
    model: &'m Model,
    role: Typed<'m, Role>,
) -> Option<&'m Ref<Baseline>> {
    let of_image = || {
        let image = role.spec.image.as_ref().and_then(|image| model.follow(image))?;
        chain(model, image).into_iter().find_map(|image| image.spec.baseline.as_ref())
    };
    role.spec.baseline.as_ref().or_else(of_image)
}

impl BootProfile {
    /// Every text that is rendered into one line of something.
    fn one_line_texts(&self) -> Vec<&str> {
        let files = self.files.iter().flat_map(|files| {
            let iso = files.iso.as_ref().map(|iso| iso.as_str());
            [Some(files.kernel.as_str()), Some(files.initrd.as_str()), iso].into_iter().flatten()
        });
        let answers = &self.answers;
        let optional = [
            answers.locale.as_deref(),
            answers.keyboard.as_deref(),
            answers.time_zone.as_deref(),
            answers.mirror.as_ref().map(|mirror| mirror.as_str()),
            answers.proxy.as_deref(),
            answers.disk.as_ref().map(|disk| disk.as_str()),
            answers.domain.as_deref(),
        ];
        let account = self.account.iter().flat_map(|account| {
            let keys = account.ssh_keys.iter().map(|key| key.as_str());
            keys.chain([account.name.as_str()])
        });
        files
            .chain(self.arguments.iter().map(|argument| argument.as_str()))
            .chain(optional.into_iter().flatten())
            .chain(answers.nameservers.iter().map(String::as_str))
            .chain(account)
            .chain(self.secrets.iter().map(|handover| handover.file.as_str()))
            .collect()
    }
}
