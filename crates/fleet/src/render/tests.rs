//! What one machine of each sort reads, whole, and what is refused.

use expect_test::{Expect, expect};
use jiff::civil::date;
use playbook::{Model, Vocabulary, Workspace};

use super::*;
use crate::{Machine, Role};

const PLAYBOOK: &str = include_str!("../../tests/booting.yaml");

fn workspace(text: &str) -> Workspace {
    let vocabulary = crate::vocabulary(org::vocabulary(Vocabulary::default()));
    Workspace::of_texts([("council.yaml", text)], std::sync::Arc::new(vocabulary))
}

fn lans() -> Vec<Lan> {
    let lan = |name: &str, id, sites: &[&str], subnet: &str, gateway: Option<&str>| Lan {
        name: name.to_owned(),
        id: Some(id),
        sites: sites.iter().map(|&site| site.to_owned()).collect(),
        subnets: vec![subnet.to_owned()],
        gateway: gateway.map(str::to_owned),
    };
    vec![
        lan("mgmt", 10, &["eu-1"], "10.10.0.0/22", Some("10.10.0.1")),
        lan("storage", 20, &[], "10.20.0.0/20", None),
        lan("tenant", 40, &[], "10.64.0.0/12", None),
        lan("mgmt", 11, &["eu-2"], "10.11.0.0/22", None),
    ]
}

fn setup<'m>(model: &'m Model, name: &str) -> Result<Setup<'m>, Unbootable> {
    let today = date(2026, 11, 23);
    match model.get::<Machine>(name) {
        Some(machine) => Setup::of(model, machine, &lans(), today),
        None => Setup::of_role(model, model.get::<Role>(name).unwrap(), &lans(), today),
    }
}

#[track_caller]
#[expect(clippy::needless_pass_by_value, reason = "an expectation is written where it is given")]
fn check(name: &str, render: impl Fn(&Setup<'_>, &Links) -> String, expected: Expect) {
    let workspace = workspace(PLAYBOOK);
    let setup = setup(workspace.model(), name).unwrap();
    expected.assert_eq(&render(&setup, &Links::shown("http://10.10.0.5:8069/", setup.name)));
}

#[test]
fn a_script_starts_the_installer_with_what_it_asks_first() {
    check(
        "cmp-01",
        install,
        expect![[r#"
        #!ipxe
        # cmp-01: compute, gets golden 13.1 by netboot. Rendered by council.
        echo council: installing golden 13.1 on cmp-01 (compute)
        kernel --name linux http://10.10.0.5:8069/files/debian-13/linux initrd=initrd.gz auto=true priority=critical url=http://10.10.0.5:8069/install/TOKEN/preseed.cfg hostname=cmp-01 domain=eu.example.org locale=en_US.UTF-8 keymap=us interface=auto BOOTIF=01-${netX/mac:hexhyp} console=ttyS0,115200n8 || goto failed
        initrd --name initrd.gz http://10.10.0.5:8069/files/debian-13/initrd.gz || goto failed
        boot || goto failed
        :failed
        imgfree linux ||
        imgfree initrd.gz ||
        echo council: the installer could not be started; asking again in 10 seconds
        sleep 10
        chain --replace http://10.10.0.5:8069/ipxe?mac=${netX/mac}&uuid=${uuid} || goto failed
    "#]],
    );
    check(
        "gpu-01",
        install,
        expect![[r#"
        #!ipxe
        # gpu-01: gpu, gets gpu-golden by ubuntu. Rendered by council.
        echo council: installing gpu-golden on gpu-01 (gpu)
        kernel --name linux http://10.10.0.5:8069/files/ubuntu/vmlinuz initrd=initrd.gz ip=dhcp url=http://10.10.0.5:8069/files/ubuntu/live-server.iso cloud-config-url=/dev/null autoinstall ds=nocloud;s=http://10.10.0.5:8069/install/TOKEN/autoinstall/ BOOTIF=01-${netX/mac:hexhyp} || goto failed
        initrd --name initrd.gz http://10.10.0.5:8069/files/ubuntu/initrd || goto failed
        boot || goto failed
        :failed
        imgfree linux ||
        imgfree initrd.gz ||
        echo council: the installer could not be started; asking again in 10 seconds
        sleep 10
        chain --replace http://10.10.0.5:8069/ipxe?mac=${netX/mac}&uuid=${uuid} || goto failed
    "#]],
    );
}

#[test]
fn a_preseed_answers_everything_and_leaves_the_rest_to_cloud_init() {
    check(
        "cmp-01",
        preseed,
        expect![[r#"
            #_preseed_V1
            # cmp-01: compute, golden 13.1. Rendered by council from the playbook.

            # Language, keyboard, time
            d-i debian-installer/locale string en_US.UTF-8
            d-i keyboard-configuration/xkb-keymap select us
            d-i clock-setup/utc boolean true
            d-i clock-setup/ntp boolean true
            d-i time/zone string Europe/Berlin

            # Network: the card that the machine booted from
            d-i netcfg/choose_interface select auto
            d-i netcfg/get_hostname string cmp-01
            d-i netcfg/get_domain string eu.example.org
            d-i netcfg/wireless_wep string
            d-i hw-detect/load_firmware boolean true

            # Packages: where they come from
            d-i mirror/country string manual
            d-i mirror/protocol string http
            d-i mirror/http/hostname string mirror.example.org
            d-i mirror/http/directory string /debian
            d-i mirror/http/proxy string
            d-i apt-setup/cdrom/set-first boolean false

            # Accounts; passwords arrive later, each from a link that works once
            d-i passwd/root-login boolean false
            d-i passwd/make-user boolean true
            d-i passwd/user-fullname string For emergencies
            d-i passwd/username string rescue
            d-i passwd/user-password-crypted password !

            # Disk: everything on it is overwritten
            d-i partman-auto/disk string /dev/sda
            d-i partman-auto/method string lvm
            d-i partman-auto/choose_recipe select atomic
            d-i partman-auto-lvm/guided_size string max
            d-i partman-lvm/device_remove_lvm boolean true
            d-i partman-md/device_remove_md boolean true
            d-i partman-lvm/confirm boolean true
            d-i partman-lvm/confirm_nooverwrite boolean true
            d-i partman-md/confirm boolean true
            d-i partman-partitioning/confirm_write_new_label boolean true
            d-i partman/confirm boolean true
            d-i partman/confirm_nooverwrite boolean true
            d-i partman/choose_partition select finish
            d-i grub-installer/only_debian boolean true
            d-i grub-installer/with_other_os boolean true
            d-i grub-installer/bootdev string /dev/sda

            # Packages: few
            tasksel tasksel/first multiselect
            d-i pkgsel/include string chrony cloud-init curl openssh-server qemu-system-x86 unattended-upgrades
            d-i pkgsel/upgrade select full-upgrade
            d-i pkgsel/update-policy select none
            popularity-contest popularity-contest/participate boolean false

            # What is told to the service, and what is done last
            d-i preseed/early_command string echo 'council: the answers for cmp-01 have arrived' > /dev/console; wget -q -O /dev/null --post-data= http://10.10.0.5:8069/install/TOKEN/phone-home/installing || true
            d-i preseed/late_command string mkdir -p /target/var/lib/cloud/seed/nocloud && \
              chmod 700 /target/var/lib/cloud/seed/nocloud && \
              wget -q -O /target/var/lib/cloud/seed/nocloud/user-data http://10.10.0.5:8069/install/TOKEN/user-data && \
              wget -q -O /target/var/lib/cloud/seed/nocloud/meta-data http://10.10.0.5:8069/install/TOKEN/meta-data && \
              wget -q -O /target/var/lib/cloud/seed/nocloud/vendor-data http://10.10.0.5:8069/install/TOKEN/vendor-data && \
              wget -q -O /target/var/lib/cloud/seed/nocloud/network-config http://10.10.0.5:8069/install/TOKEN/network-config && \
              mkdir -p /target/etc/cloud/cloud.cfg.d && \
              printf '%s\n' 'datasource_list: [ NoCloud, None ]' > /target/etc/cloud/cloud.cfg.d/90-council.cfg && \
              mkdir -p /target/etc/network && \
              printf '%s\n' 'auto lo' 'iface lo inet loopback' 'source /etc/network/interfaces.d/*' > /target/etc/network/interfaces && \
              wget -q -O /dev/null --post-data= http://10.10.0.5:8069/install/TOKEN/phone-home/installed
            d-i finish-install/reboot_in_progress note
        "#]],
    );
}

#[test]
fn a_preseed_alone_does_what_cloud_init_would() {
    let late = |setup: &Setup<'_>, links: &Links| {
        let text = preseed(setup, links);
        text.split_once("preseed/late_command").unwrap().1.to_owned()
    };
    check(
        "sto-01",
        late,
        expect![[r#"
             string mkdir -p /target/etc/ssh/sshd_config.d && \
              printf '%s\n' '# Rendered by council from the hardening baseline.' '# ssh-01' 'PasswordAuthentication no' '# ssh-02' 'PermitRootLogin no' > /target/etc/ssh/sshd_config.d/10-council.conf && \
              mkdir -p /target/etc/sysctl.d && \
              printf '%s\n' '# Rendered by council from the hardening baseline.' '# krn-01' 'net.ipv4.conf.all.rp_filter = 1' > /target/etc/sysctl.d/90-council.conf && \
              in-target sh -c 'for name in telnetd; do if dpkg -s "$name" > /dev/null 2>&1; then apt-get purge --yes --quiet "$name"; fi; done' && \
              mkdir -p /target/etc/sudoers.d && \
              printf '%s\n' 'rescue ALL=(ALL) NOPASSWD:ALL' > /target/etc/sudoers.d/rescue && \
              mkdir -p /target/home/rescue/.ssh && \
              printf '%s\n' 'ssh-ed25519 AAAA it'\''s me' > /target/home/rescue/.ssh/authorized_keys && \
              in-target chown -R rescue:rescue /home/rescue/.ssh && \
              in-target chmod -R go= /home/rescue/.ssh && \
              hash="$(wget -q -O - http://10.10.0.5:8069/install/TOKEN/secret/rescue-password)" && test -n "$hash" && in-target usermod --password "$hash" rescue && \
              mkdir -p /target/etc/agent && ( umask 077 && wget -q -O /target/etc/agent/key http://10.10.0.5:8069/install/TOKEN/secret/agent-key ) && \
              wget -q -O /dev/null --post-data= http://10.10.0.5:8069/install/TOKEN/phone-home/installed
            d-i finish-install/reboot_in_progress note
        "#]],
    );
}

#[test]
fn user_data_has_the_machine_and_its_baseline() {
    check(
        "cmp-01",
        user_data,
        expect![[r##"
            #cloud-config
            # cmp-01: compute, golden 13.1. Rendered by council from the playbook.
            hostname: cmp-01
            fqdn: cmp-01.eu.example.org
            users:
              - name: rescue
                gecos: For emergencies
                groups:
                  - sudo
                shell: /bin/bash
                sudo: "ALL=(ALL) NOPASSWD:ALL"
                lock_passwd: false
                ssh_authorized_keys:
                  - ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f rescue
            disable_root: true
            ssh_pwauth: false
            package_update: true
            packages:
              - chrony
              - curl
              - qemu-system-x86
              - unattended-upgrades
            write_files:
              - path: /etc/ssh/sshd_config.d/10-council.conf
                permissions: "0644"
                content: |
                  # Rendered by council from the hardening baseline.
                  # ssh-01
                  PasswordAuthentication no
                  # ssh-02
                  PermitRootLogin no
              - path: /etc/sysctl.d/90-council.conf
                permissions: "0644"
                content: |
                  # Rendered by council from the hardening baseline.
                  # krn-01
                  net.ipv4.conf.all.rp_filter = 1
              - path: /etc/apt/apt.conf.d/90council-updates
                permissions: "0644"
                content: |
                  // Rendered by council from the hardening baseline.
                  // upd-01
                  APT::Periodic::Update-Package-Lists "1";
                  APT::Periodic::Unattended-Upgrade "1";
            runcmd:
              - "for name in telnetd; do if dpkg -s \"$name\" > /dev/null 2>&1; then apt-get purge --yes --quiet \"$name\"; fi; done"
              - sysctl --quiet --system
              - systemctl try-reload-or-restart ssh.service
              - "hash=\"$(curl -fsS http://10.10.0.5:8069/install/TOKEN/secret/rescue-password)\" && test -n \"$hash\" && usermod --password \"$hash\" rescue"
              - "install -D -m 0600 /dev/null /etc/agent/key && curl -fsS -o /etc/agent/key http://10.10.0.5:8069/install/TOKEN/secret/agent-key"
            phone_home:
              url: "http://10.10.0.5:8069/install/TOKEN/phone-home/ready"
              post:
                - instance_id
                - hostname
                - pub_key_ed25519
              tries: 10
        "##]],
    );
}

#[test]
fn a_network_has_the_address_and_the_tagged_neighbours() {
    check(
        "cmp-01",
        |setup, _| network_config(setup),
        expect![[r#"
        version: 2
        ethernets:
          boot:
            match:
              macaddress: "52:54:00:0a:01:15"
            dhcp4: false
            addresses:
              - "10.10.1.21/22"
            routes:
              - to: "0.0.0.0/0"
                via: "10.10.0.1"
            nameservers:
              addresses:
                - "10.10.0.2"
              search:
                - eu.example.org
        vlans:
          storage:
            id: 20
            link: boot
            dhcp4: false
    "#]],
    );
    // Its address lies in none of its networks.
    check(
        "gpu-01",
        |setup, _| network_config(setup),
        expect![[r#"
        version: 2
        ethernets:
          boot:
            match:
              macaddress: "52:54:00:0a:03:15"
            dhcp4: true
    "#]],
    );
    check(
        "storage",
        |setup, _| network_config(setup),
        expect![[r#"
        version: 2
        ethernets:
          boot:
            match:
              name: "en*"
            dhcp4: true
    "#]],
    );
}

#[test]
fn the_place_is_said_apart_from_the_machine() {
    check(
        "cmp-01",
        |setup, _| vendor_data(setup),
        expect![[r##"
        #cloud-config
        # cmp-01: compute, golden 13.1. Rendered by council from the playbook.
        timezone: Europe/Berlin
        locale: en_US.UTF-8
        apt:
          primary:
            - arches:
                - default
              uri: "http://mirror.example.org/debian"
    "##]],
    );
    check(
        "cmp-01",
        meta_data,
        expect![[r#"
        instance-id: cmp-01
        local-hostname: cmp-01
    "#]],
    );
}

#[test]
fn ubuntus_installer_gets_one_document() {
    check(
        "gpu-01",
        autoinstall,
        expect![[r##"
        #cloud-config
        # gpu-01: gpu, gpu-golden. Rendered by council from the playbook.
        autoinstall:
          version: 1
          locale: en_US.UTF-8
          keyboard:
            layout: us
          timezone: Etc/UTC
          network:
            version: 2
            ethernets:
              boot:
                match:
                  macaddress: "52:54:00:0a:03:15"
                dhcp4: true
          storage:
            layout:
              name: direct
          ssh:
            install-server: true
            allow-pw: false
            authorized-keys: []
          updates: security
          early-commands:
            - "curl -fsS -X POST http://10.10.0.5:8069/install/TOKEN/phone-home/installing || true"
          late-commands:
            - "curl -fsS -X POST http://10.10.0.5:8069/install/TOKEN/phone-home/installed"
          user-data:
            hostname: gpu-01
            disable_root: true
            ssh_pwauth: false
            phone_home:
              url: "http://10.10.0.5:8069/install/TOKEN/phone-home/ready"
              tries: 10
          shutdown: reboot
    "##]],
    );
}

#[test]
fn provisioners_get_their_own_forms() {
    check(
        "cmp-01",
        |setup, links| {
            let drive: serde_json::Value = serde_json::from_str(&ironic(setup, links)).unwrap();
            format!("{:#}\n", drive["network_data"])
        },
        expect![[r#"
            {
              "links": [
                {
                  "id": "boot",
                  "type": "phy",
                  "ethernet_mac_address": "52:54:00:0a:01:15"
                },
                {
                  "id": "storage",
                  "type": "vlan",
                  "vlan_link": "boot",
                  "vlan_id": 20,
                  "vlan_mac_address": "52:54:00:0a:01:15"
                }
              ],
              "networks": [
                {
                  "id": "home",
                  "type": "ipv4",
                  "link": "boot",
                  "ip_address": "10.10.1.21/22",
                  "routes": [
                    {
                      "network": "0.0.0.0",
                      "netmask": "0.0.0.0",
                      "gateway": "10.10.0.1"
                    }
                  ]
                }
              ],
              "services": [
                {
                  "type": "dns",
                  "address": "10.10.0.2"
                }
              ]
            }
        "#]],
    );
    check(
        "gpu-01",
        |setup, links| {
            let form: serde_json::Value = serde_json::from_str(&maas(setup, links)).unwrap();
            format!("{} {} {}", form["osystem"], form["distro_series"], form["comment"])
        },
        expect![[r#""ubuntu" "24.04" "gpu: gpu-golden""#]],
    );
}

#[test]
fn a_baseline_is_variables_for_ansible_too() {
    check(
        "cmp-01",
        |setup, _| ansible(setup),
        expect![[r#"
            ---
            # Rendered by council from the hardening baseline.
            hardening_controls:
              - ssh-01
              - ssh-02
              - krn-01
              - upd-01
              - pkg-01
            hardening_sshd:
              PasswordAuthentication: "no"
              PermitRootLogin: "no"
            hardening_kernel:
              net.ipv4.conf.all.rp_filter: "1"
            hardening_packages_installed:
              - chrony
              - unattended-upgrades
            hardening_packages_absent:
              - telnetd
            hardening_security_updates: true
        "#]],
    );
}

#[test]
fn a_waiver_holds_for_whom_it_covers_until_its_day() {
    let workspace = workspace(PLAYBOOK);
    let ids = |name| -> Vec<String> {
        let setup = setup(workspace.model(), name).unwrap();
        setup.controls.iter().map(|control| control.id.value.clone()).collect()
    };
    assert_eq!(ids("cmp-01"), ["ssh-01", "ssh-02", "krn-01", "upd-01", "pkg-01"]);
    assert_eq!(ids("sto-01"), ["ssh-01", "ssh-02", "krn-01", "pkg-01"]);
}

#[test]
fn whoever_only_says_a_role_gets_no_secret() {
    let workspace = workspace(PLAYBOOK);
    let links = Links::shown("http://b", "x");
    let machine = setup(workspace.model(), "sto-01").unwrap();
    let role = setup(workspace.model(), "storage").unwrap();
    assert_eq!(machine.secrets(), ["agent-key", "rescue-password"]);
    assert!(preseed(&machine, &links).contains("/secret/agent-key"));
    assert_eq!(role.secrets(), [""; 0]);
    assert!(!preseed(&role, &links).contains("/secret/"));
}

#[test]
fn what_cannot_work_is_refused_with_a_way_out() {
    #[track_caller]
    fn refused(text: &str, name: &str, expected: &str) {
        let workspace = workspace(text);
        assert_eq!(setup(workspace.model(), name).unwrap_err().to_string(), expected);
    }
    refused(
        PLAYBOOK,
        "bare",
        "the role `bare` has no golden image; name one as its `image`; `council explain FLT003` says why",
    );
    refused(
        PLAYBOOK,
        "lost",
        "nothing says how machines of the role `lost` boot; name a boot profile as the role's `boot`",
    );
    refused(
        PLAYBOOK,
        "wrong",
        "the profile `netboot` cannot install `gpu-golden`: its installer is another distribution's; give the role `wrong` a profile that fits its image",
    );
    let broken = PLAYBOOK.replace("Europe/Berlin", "\"Europe/Berlin\\nd-i x/y string z\"");
    refused(
        &broken,
        "cmp-01",
        r"`Europe/Berlin\nd-i x/y string z` has a line break and would be read as two lines; write it in one line; it stands in what `netboot` is rendered from",
    );
}

#[test]
fn no_script_waits_for_a_person_and_every_jump_has_a_goal() {
    let workspace = workspace(PLAYBOOK);
    let links = Links::shown("http://b", "x");
    let setup = setup(workspace.model(), "cmp-01").unwrap();
    for script in [first(&links), install(&setup, &links), from_disk("a"), unknown()] {
        script_is_sound(&script);
    }
}

/// What iPXE itself would stumble over: a command that it does not know, a jump to nowhere, a brace that stays open.
#[track_caller]
fn script_is_sound(script: &str) {
    const COMMANDS: [&str; 13] = [
        "echo", "isset", "dhcp", "goto", "chain", "sleep", "kernel", "initrd", "boot", "imgfree",
        "iseq", "sanboot", "exit",
    ];
    assert!(script.starts_with("#!ipxe\n"), "{script}");
    let labels: Vec<&str> = script.lines().filter_map(|line| line.strip_prefix(':')).collect();
    for line in script.lines().filter(|line| !line.starts_with(['#', ':'])) {
        assert_eq!(line.matches("${").count(), line.matches('}').count(), "{line}");
        for command in line.split("||").flat_map(|part| part.split("&&")).map(str::trim) {
            let mut words = command.split_whitespace();
            let Some(name) = words.next() else { continue };
            assert!(COMMANDS.contains(&name), "iPXE knows no `{name}`: {line}");
            if name == "goto" {
                let goal = words.next().unwrap_or_default();
                assert!(labels.contains(&goal), "no label `{goal}` in {script}");
            }
        }
    }
}
