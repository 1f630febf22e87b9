//! The answers for Debian's installer (d-i, appendix B of its manual).
//!
//! One line an answer, `owner question type value`; a line that ends in `\` goes on. The installer reads the file once it
//! has a network, so what it asks before that stands on the kernel's command line instead.
//!
//! The file ends with two commands: one tells the service that the answers arrived, one that the system is installed. The
//! second is only reached if everything before it worked.

use super::hardening::{self, Hardening};
use super::shell::word;
use super::{Links, Setup, cloud_init};
use crate::kinds::{Account, Layout};

/// Renders the answers.
#[must_use]
pub fn preseed(setup: &Setup<'_>, links: &Links) -> String {
    let mut answers = Answers::new(setup);
    let spec = &setup.profile.spec.answers;
    answers.part("Language, keyboard, time");
    answers.d_i("debian-installer/locale", "string", spec.locale());
    answers.d_i("keyboard-configuration/xkb-keymap", "select", spec.keyboard());
    answers.d_i("clock-setup/utc", "boolean", "true");
    answers.d_i("clock-setup/ntp", "boolean", "true");
    answers.d_i("time/zone", "string", spec.time_zone());
    answers.part("Network: the card that the machine booted from");
    answers.d_i("netcfg/choose_interface", "select", "auto");
    answers.d_i("netcfg/get_hostname", "string", setup.name);
    answers.d_i("netcfg/get_domain", "string", setup.domain().unwrap_or("localdomain"));
    answers.d_i("netcfg/wireless_wep", "string", "");
    answers.d_i("hw-detect/load_firmware", "boolean", "true");
    mirror(setup, &mut answers);
    account(setup.profile.spec.account.as_ref(), &mut answers);
    disk(setup, &mut answers);
    let hardening = Hardening::of(&setup.controls);
    packages(setup, &hardening, &mut answers);
    answers.part("What is told to the service, and what is done last");
    answers.d_i("preseed/early_command", "string", &early(setup, links));
    answers.d_i("preseed/late_command", "string", &late(setup, links, &hardening));
    answers.d_i("finish-install/reboot_in_progress", "note", "");
    answers.text
}

/// Lines of the file.
struct Answers {
    text: String,
}

impl Answers {
    fn new(setup: &Setup<'_>) -> Self {
        let (name, role, image) = (setup.name, setup.role.name(), setup.image_words());
        Self {
            text: format!(
                "#_preseed_V1\n# {name}: {role}, {image}. Rendered by council from the playbook.\n"
            ),
        }
    }

    fn part(&mut self, title: &str) {
        self.text.push_str(&format!("\n# {title}\n"));
    }

    fn d_i(&mut self, question: &str, kind: &str, value: &str) {
        self.line("d-i", question, kind, value);
    }

    fn line(&mut self, owner: &str, question: &str, kind: &str, value: &str) {
        let line = format!("{owner} {question} {kind} {value}");
        self.text.push_str(line.trim_end());
        self.text.push('\n');
    }
}

fn mirror(setup: &Setup<'_>, answers: &mut Answers) {
    let spec = &setup.profile.spec.answers;
    answers.part("Packages: where they come from");
    if let Some(mirror) = &spec.mirror {
        let (protocol, rest) = mirror.split_once("://").unwrap_or(("http", mirror.as_str()));
        let (host, directory) = rest.split_once('/').unwrap_or((rest, "debian"));
        answers.d_i("mirror/country", "string", "manual");
        answers.d_i("mirror/protocol", "string", protocol);
        answers.d_i(&format!("mirror/{protocol}/hostname"), "string", host);
        let directory = format!("/{}", directory.trim_end_matches('/'));
        answers.d_i(&format!("mirror/{protocol}/directory"), "string", &directory);
        answers.d_i(
            &format!("mirror/{protocol}/proxy"),
            "string",
            spec.proxy.as_deref().unwrap_or(""),
        );
    } else {
        answers.d_i("mirror/http/proxy", "string", spec.proxy.as_deref().unwrap_or(""));
    }
    answers.d_i("apt-setup/cdrom/set-first", "boolean", "false");
}

/// Nobody signs in as root. Without an account nobody signs in by a password at all.
fn account(account: Option<&Account>, answers: &mut Answers) {
    answers.part("Accounts; passwords arrive later, each from a link that works once");
    // `!` is the hash of no password: it locks the account for passwords, not for keys.
    match account {
        None => {
            answers.d_i("passwd/root-login", "boolean", "true");
            answers.d_i("passwd/root-password-crypted", "password", "!");
            answers.d_i("passwd/make-user", "boolean", "false");
        }
        Some(account) => {
            answers.d_i("passwd/root-login", "boolean", "false");
            answers.d_i("passwd/make-user", "boolean", "true");
            answers.d_i("passwd/user-fullname", "string", "For emergencies");
            answers.d_i("passwd/username", "string", &account.name);
            answers.d_i("passwd/user-password-crypted", "password", "!");
        }
    }
}

fn disk(setup: &Setup<'_>, answers: &mut Answers) {
    let spec = &setup.profile.spec.answers;
    answers.part("Disk: everything on it is overwritten");
    let disk = spec.disk.as_ref().map(|disk| disk.as_str());
    if let Some(disk) = disk {
        answers.d_i("partman-auto/disk", "string", disk);
    }
    let method = match spec.layout {
        Layout::Plain => "regular",
        Layout::Lvm => "lvm",
    };
    answers.d_i("partman-auto/method", "string", method);
    answers.d_i("partman-auto/choose_recipe", "select", "atomic");
    answers.d_i("partman-auto-lvm/guided_size", "string", "max");
    for question in [
        "partman-lvm/device_remove_lvm",
        "partman-md/device_remove_md",
        "partman-lvm/confirm",
        "partman-lvm/confirm_nooverwrite",
        "partman-md/confirm",
        "partman-partitioning/confirm_write_new_label",
        "partman/confirm",
        "partman/confirm_nooverwrite",
    ] {
        answers.d_i(question, "boolean", "true");
    }
    answers.d_i("partman/choose_partition", "select", "finish");
    answers.d_i("grub-installer/only_debian", "boolean", "true");
    answers.d_i("grub-installer/with_other_os", "boolean", "true");
    answers.d_i("grub-installer/bootdev", "string", disk.unwrap_or("default"));
}

fn packages(setup: &Setup<'_>, hardening: &Hardening, answers: &mut Answers) {
    answers.part("Packages: few");
    let mut names = cloud_init::packages(setup, hardening);
    names.push("openssh-server".to_owned());
    if setup.has_cloud_init() {
        names.push("cloud-init".to_owned());
    }
    names.sort_unstable();
    names.dedup();
    answers.line("tasksel", "tasksel/first", "multiselect", "");
    answers.d_i("pkgsel/include", "string", &names.join(" "));
    answers.d_i("pkgsel/upgrade", "select", "full-upgrade");
    // The baseline says how updates arrive; the installer's own question would say it a second time.
    answers.d_i("pkgsel/update-policy", "select", "none");
    answers.line("popularity-contest", "popularity-contest/participate", "boolean", "false");
}

fn early(setup: &Setup<'_>, links: &Links) -> String {
    let line = word(&format!("council: the answers for {} have arrived", setup.name));
    format!("echo {line} > /dev/console; {} || true", post(links, "installing"))
}

/// Everything that is left to do in the installed system, below `/target`; the first failure ends it and is shown.
fn late(setup: &Setup<'_>, links: &Links, hardening: &Hardening) -> String {
    let mut steps = Vec::new();
    if setup.has_cloud_init() {
        steps.extend(seed(links));
    } else {
        for file in &hardening.files {
            steps.extend(write(file.path, &file.content));
        }
        let purge = hardening::purge(&hardening.absent);
        steps.extend(purge.map(|purge| format!("in-target sh -c {}", word(&purge))));
        if let Some(account) = &setup.profile.spec.account {
            steps.extend(sign_in(account));
        }
        steps.extend(secrets(setup, links));
    }
    steps.push(post(links, "installed"));
    steps.join(" && \\\n  ")
}

/// Where cloud-init looks before it looks at the network.
const SEED: &str = "/target/var/lib/cloud/seed/nocloud";

/// Leaves cloud-init its documents, so that the first start needs nobody. What the installer wrote about the network goes:
/// two owners of one card would each undo the other.
fn seed(links: &Links) -> Vec<String> {
    let fetch = |name: &str| format!("wget -q -O {SEED}/{name} {}", word(&links.document(name)));
    let documents = ["user-data", "meta-data", "vendor-data", "network-config"].map(fetch);
    let mut steps = vec![
        format!("mkdir -p {SEED}"),
        // They hold the token.
        format!("chmod 700 {SEED}"),
    ];
    steps.extend(documents);
    steps.extend(write(
        "/etc/cloud/cloud.cfg.d/90-council.cfg",
        "datasource_list: [ NoCloud, None ]\n",
    ));
    steps.extend(write(
        "/etc/network/interfaces",
        "auto lo\niface lo inet loopback\nsource /etc/network/interfaces.d/*\n",
    ));
    steps
}

/// Lets the keys of an account in.
fn sign_in(account: &Account) -> Vec<String> {
    let name = word(&account.name);
    let home = format!("/home/{}/.ssh", account.name.value);
    let keys: String = account.ssh_keys.iter().map(|key| format!("{}\n", key.value)).collect();
    let mut steps = write(
        &format!("/etc/sudoers.d/{}", account.name.value),
        &format!("{} ALL=(ALL) NOPASSWD:ALL\n", account.name.value),
    );
    steps.extend(write(&format!("{home}/authorized_keys"), &keys));
    steps.push(format!("in-target chown -R {name}:{name} {}", word(&home)));
    steps.push(format!("in-target chmod -R go= {}", word(&home)));
    steps
}

fn secrets(setup: &Setup<'_>, links: &Links) -> Vec<String> {
    let known = setup.secrets();
    let mut steps = Vec::new();
    if let Some(account) = &setup.profile.spec.account
        && let Some(secret) = account.password.as_ref().filter(|it| known.contains(&it.name()))
    {
        let (url, name) = (word(&links.secret(secret.name())), word(&account.name));
        steps.push(format!(
            "hash=\"$(wget -q -O - {url})\" && test -n \"$hash\" && in-target usermod --password \"$hash\" {name}"
        ));
    }
    for handover in &setup.profile.spec.secrets {
        if known.contains(&handover.secret.name()) {
            let path = format!("/target{}", handover.file.value);
            let directory = path.rsplit_once('/').map_or("/target", |(directory, _)| directory);
            let (directory, path) = (word(directory), word(&path));
            let url = word(&links.secret(handover.secret.name()));
            steps.push(format!("mkdir -p {directory} && ( umask 077 && wget -q -O {path} {url} )"));
        }
    }
    steps
}

/// Commands that write a file of the installed system.
fn write(path: &str, content: &str) -> Vec<String> {
    let path = format!("/target{path}");
    let directory = path.rsplit_once('/').map_or("/target", |(directory, _)| directory);
    let lines: Vec<String> = content.lines().map(word).collect();
    vec![
        format!("mkdir -p {}", word(directory)),
        format!("printf '%s\\n' {} > {}", lines.join(" "), word(&path)),
    ]
}

/// The command that says how far the machine is. The installer's own `wget` can post.
fn post(links: &Links, stage: &str) -> String {
    format!("wget -q -O /dev/null --post-data= {}", word(&links.phone_home(stage)))
}
