//! The real sushy-tools, the emulator of OpenStack's Ironic, with TLS and a user of its own.

mod machine;

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use redfish::{
    Access, BootEnabled, BootMode, BootOverride, BootTarget, Client, Credentials, PowerState,
    Probed, RedfishError, ResetType, Trust, Verdict,
};

use crate::bmc::{CERTIFICATE, client_for, fingerprint, limits};

const KEY: &str = include_str!("tls/key.pem");

/// The user "operator" with the password of these tests, by bcrypt.
const USERS: &str = "operator:$2b$04$5p0N5V2oO.zZZ6qjMFlVSOVdo0Kig5ztvCDs7KBANeQDkQquxypd.\n";

/// Its fake machine takes up to eleven seconds for what it is told.
const PATIENCE: Duration = Duration::from_secs(60);

/// How long it may take to start: Python on a busy machine.
const START: Duration = Duration::from_secs(120);

/// Said where it is not at hand.
const LEFT_OUT: &str = "LEFT OUT: real sushy-tools: no `sushy-emulator` in target/tools/python";

struct Sushy {
    process: Child,
    address: String,
    _data: tempfile::TempDir,
}

impl Drop for Sushy {
    fn drop(&mut self) {
        // A panic in a drop would hide what the test itself found.
        drop(self.process.kill().and_then(|()| self.process.wait()));
    }
}

/// A program of the Python environment that the test command makes.
fn program() -> Option<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2)?;
    let path = root.join("target/tools/python/bin/sushy-emulator");
    path.is_file().then_some(path)
}

impl Sushy {
    /// Starts one with a fake machine.
    async fn start() -> Option<Self> {
        Self::start_with("", &["--fake"]).await
    }

    /// Starts one with more settings.
    async fn start_with(more: &str, arguments: &[&str]) -> Option<Self> {
        let program = program()?;
        let data = tempfile::tempdir().expect("a temporary folder");
        let here = data.path().display();
        let free = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = free.local_addr().expect("an address").port();
        drop(free);
        let config = format!(
            "SUSHY_EMULATOR_AUTH_FILE = '{here}/users'\nSUSHY_EMULATOR_STATE_DIR = '{here}'\n\
             SUSHY_EMULATOR_LISTEN_IP = '127.0.0.1'\nSUSHY_EMULATOR_LISTEN_PORT = {port}\n\
             SUSHY_EMULATOR_SSL_CERT = '{here}/certificate.pem'\n\
             SUSHY_EMULATOR_SSL_KEY = '{here}/key.pem'\n{more}"
        );
        let files = [
            ("users", USERS),
            ("certificate.pem", CERTIFICATE),
            ("key.pem", KEY),
            ("conf.py", &config),
        ];
        for (name, text) in files {
            std::fs::write(data.path().join(name), text).expect("the folder is writable");
        }
        let process = Command::new(program)
            .args(arguments)
            .arg("--config")
            .arg(data.path().join("conf.py"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("it starts");
        let sushy = Self { process, address: format!("https://127.0.0.1:{port}"), _data: data };
        sushy.wait().await;
        Some(sushy)
    }

    async fn wait(&self) {
        let client = self.client(Access::Open);
        let mut pace = tokio::time::interval(Duration::from_millis(100));
        let deadline = tokio::time::Instant::now() + START;
        loop {
            pace.tick().await;
            match client.service().await {
                Ok(_) => return,
                Err(error) => assert!(tokio::time::Instant::now() < deadline, "{error}"),
            }
        }
    }

    fn client(&self, access: Access) -> Client {
        client_for(&self.address, access, Trust::Pinned(fingerprint()), limits())
    }

    fn operator(&self) -> Client {
        let password = crate::bmc::PASSWORD.into();
        self.client(Access::Basic { user: crate::bmc::USER.to_owned(), password })
    }
}

#[tokio::test]
async fn the_real_sushy_is_read_and_told() {
    let Some(sushy) = Sushy::start().await else { return println!("{LEFT_OUT}") };
    let client = sushy.operator();
    let systems = client.systems().await.expect("systems");
    let found = client.inventory(&systems[0]).await.expect("an inventory");
    assert_eq!(found.system.manufacturer.as_deref(), Some("Sushy Emulator"));
    assert_eq!(found.system.uuid.as_deref(), Some("27946b59-9e44-4fa7-8e91-f3527a1ef094"));
    assert_eq!(found.system.power, Some(PowerState::Off));
    let nics = found.nics.as_ref().expect("interfaces");
    assert_eq!(nics[0].mac.as_deref(), Some("00:5c:52:31:3a:9c"));
    // It refers to memory that it does not have: unknown, with the reason, and not "no memory".
    assert_eq!((&found.dimms, &found.cpus), (&None, &None));
    assert!(found.unread.iter().any(|one| one.what == "Memory"), "{:?}", found.unread);

    let managers = client.managers().await.expect("managers");
    let manager = client.manager(&managers[0]).await.expect("a manager");
    assert!(manager.clock.is_some(), "{manager:?}");
    let chassis = client.chassis_list().await.expect("chassis");
    let readings = client.readings(&chassis[0]).await.expect("readings");
    assert!(readings.temperatures.is_some_and(|all| all[0].celsius.is_some()));
    assert_eq!(readings.consumed_watts, None);
    let media = client.virtual_media(&systems[0]).await.expect("media");
    assert!(media.iter().all(|one| one.inserted == Some(false)), "{media:?}");

    let wish = BootOverride {
        enabled: BootEnabled::Once,
        target: Some(BootTarget::Pxe),
        mode: Some(BootMode::Uefi),
        http_uri: None,
    };
    let boot = client.set_boot(&systems[0], &wish).await.expect("it is changed");
    // It takes every override for a lasting one, and says so.
    assert_eq!(
        (boot.target.as_deref(), boot.enabled.as_deref()),
        (Some("Pxe"), Some("Continuous"))
    );
    let wish = BootOverride { target: Some(BootTarget::Floppy), ..wish };
    let error = client.set_boot(&systems[0], &wish).await.expect_err("not offered");
    assert!(error.to_string().contains("it offers: Pxe, Cd, Hdd"), "{error}");
    client.close().await.expect("there is no session to close");
}

#[tokio::test]
async fn the_real_sushy_is_turned_on_and_off_and_watched() {
    let Some(sushy) = Sushy::start().await else { return println!("{LEFT_OUT}") };
    let client = sushy.operator();
    let place = client.systems().await.expect("systems").remove(0);
    let pace = Duration::from_millis(100);
    let offered = client.resets(&place).await.expect("resets").expect("a list");
    assert!(offered.iter().any(|word| word == "ForceOff"), "{offered:?}");
    let verdict = client.power_and_verify_at(&place, ResetType::On, PATIENCE, pace).await;
    assert_eq!(verdict.expect("it is on"), Verdict::Seen);
    assert_eq!(client.power(&place).await.expect("a state"), Some(PowerState::On));
    // It takes a second at least: nobody is told that it is done before it is.
    let hasty = Duration::from_millis(1);
    let error = client.power_and_verify_at(&place, ResetType::ForceOff, hasty, hasty).await;
    let verdict = match error {
        Err(RedfishError::NotDone { .. }) => {
            client.power_and_verify_at(&place, ResetType::ForceOff, PATIENCE, pace).await
        }
        other => other,
    };
    assert_eq!(verdict.expect("it is off"), Verdict::Seen);
    assert_eq!(client.power(&place).await.expect("a state"), Some(PowerState::Off));
}

#[tokio::test]
async fn the_real_sushy_refuses_strangers_and_its_certificate_is_named() {
    let Some(sushy) = Sushy::start().await else { return println!("{LEFT_OUT}") };
    let stranger = sushy.client(Access::Open);
    let error = stranger.systems().await.expect_err("a stranger");
    assert!(matches!(error, RedfishError::Unauthorized { .. }), "{error:?}");
    let pair = |user: &str, password: &str| Credentials {
        user: user.to_owned(),
        password: password.into(),
    };
    let known = [pair("root", "calvin"), pair(crate::bmc::USER, crate::bmc::PASSWORD)];
    let probed = stranger.probe_defaults(&known).await.expect("an answer");
    let user = crate::bmc::USER.to_owned();
    assert_eq!(probed, Probed::Accepted { user, must_change: false });
    // It has no sessions, and that is said instead of a guess.
    let password = crate::bmc::PASSWORD.into();
    let session = sushy.client(Access::Session { user: crate::bmc::USER.to_owned(), password });
    let error = session.systems().await.expect_err("no sessions");
    assert!(matches!(error, RedfishError::Unsupported { .. }), "{error:?}");
    let careful = client_for(&sushy.address, Access::Open, Trust::Machine, limits());
    let error = careful.service().await.expect_err("self-signed");
    assert!(error.to_string().contains(&fingerprint().to_string()), "{error}");
}
