//! Scripts of iPXE: which program a machine starts, and from where.
//!
//! A script never waits for a person, and never ends in iPXE's own prompt: whatever fails is tried again after a pause,
//! because a machine that has power shall come up once its boot service does. A machine that is not to be installed starts
//! from its disk; nothing here writes to one.

use super::{Installer, Links, Setup};

/// Seconds before a machine asks again. Short enough that nobody waits for it, long enough that a rack of machines that all
/// ask at once leaves the service its breath.
const PAUSE: u32 = 10;

/// The script that every machine gets first: it comes back with what iPXE knows of the machine.
#[must_use]
pub fn first(links: &Links) -> String {
    let script = links.script();
    format!(
        "#!ipxe\n\
         # The first script of every machine. Rendered by council.\n\
         :start\n\
         isset ${{ip}} || dhcp || goto failed\n\
         chain --replace {script} || goto failed\n\
         :failed\n\
         echo council: the boot service does not answer; trying again in {PAUSE} seconds\n\
         sleep {PAUSE}\n\
         goto start\n"
    )
}

/// The script of a machine that is to be installed.
#[must_use]
pub fn install(setup: &Setup<'_>, links: &Links) -> String {
    let Some(files) = &setup.profile.spec.files else { return from_disk(setup.name) };
    let (name, role) = (setup.name, setup.role.name());
    let kernel = links.file(&files.kernel);
    let initrd = links.file(&files.initrd);
    let arguments = arguments(setup, links).join(" ");
    let image = setup.image_words();
    let profile = setup.profile.name();
    let again = links.script();
    format!(
        "#!ipxe\n\
         # {name}: {role}, gets {image} by {profile}. Rendered by council.\n\
         echo council: installing {image} on {name} ({role})\n\
         kernel --name linux {kernel} initrd=initrd.gz {arguments} || goto failed\n\
         initrd --name initrd.gz {initrd} || goto failed\n\
         boot || goto failed\n\
         :failed\n\
         imgfree linux ||\n\
         imgfree initrd.gz ||\n\
         echo council: the installer could not be started; asking again in {PAUSE} seconds\n\
         sleep {PAUSE}\n\
         chain --replace {again} || goto failed\n"
    )
}

/// The script of a machine that is not to be installed: it starts from its disk.
#[must_use]
pub fn from_disk(name: &str) -> String {
    // `sanboot` is for BIOS; firmware of the UEFI sort goes on to its next boot entry when iPXE ends.
    format!(
        "#!ipxe\n\
         # {name}: nothing is to be installed. Rendered by council.\n\
         echo council: {name} starts from its disk\n\
         iseq ${{platform}} efi && exit ||\n\
         sanboot --no-describe --drive 0x80 || exit\n"
    )
}

/// The script of a machine that the playbook does not declare.
#[must_use]
pub fn unknown() -> String {
    format!(
        "#!ipxe\n\
         # Nobody declares this machine. Rendered by council.\n\
         echo council: no machine in the playbook has the MAC address ${{netX/mac}} or the UUID ${{uuid}}\n\
         echo council: it starts from its disk in {PAUSE} seconds\n\
         sleep {PAUSE}\n\
         iseq ${{platform}} efi && exit ||\n\
         sanboot --no-describe --drive 0x80 || exit\n"
    )
}

/// The words of the kernel's command line. What an installer asks before it has a network must stand here.
fn arguments(setup: &Setup<'_>, links: &Links) -> Vec<String> {
    let answers = &setup.profile.spec.answers;
    let mut words: Vec<String> = Vec::new();
    let mut say = |key: &str, value: &str| words.push(format!("{key}={value}"));
    match setup.installer() {
        Some(Installer::Debian) => {
            say("auto", "true");
            say("priority", "critical");
            say("url", &links.document("preseed.cfg"));
            say("hostname", setup.name);
            say("domain", setup.domain().unwrap_or("localdomain"));
            say("locale", answers.locale());
            say("keymap", answers.keyboard());
            say("interface", "auto");
        }
        Some(Installer::Ubuntu) => {
            say("ip", "dhcp");
            if let Some(iso) =
                setup.profile.spec.files.as_ref().and_then(|files| files.iso.as_ref())
            {
                say("url", &links.file(iso));
            }
            // Without it, cloud-init takes `url=` for a document of its own and reads the whole medium into memory.
            words.push("cloud-config-url=/dev/null".to_owned());
            words.push("autoinstall".to_owned());
            words.push(format!("ds=nocloud;s={}", links.document("autoinstall/")));
        }
        None => words.push(format!("ds=nocloud;s={}", links.seed())),
    }
    // Debian's installer waits for the card that the machine booted from, however many there are.
    words.push("BOOTIF=01-${netX/mac:hexhyp}".to_owned());
    words.extend(setup.profile.spec.arguments.iter().map(|argument| argument.value.clone()));
    words
}
