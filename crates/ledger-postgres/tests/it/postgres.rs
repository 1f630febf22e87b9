//! A PostgreSQL server of Debian's, on loopback, in a temporary directory, with a password.

use std::io::{BufRead as _, BufReader};
use std::net::TcpListener;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use tempfile::TempDir;

/// The password of the only user, with characters that an address must escape.
const PASSWORD: &str = "s3cret@home/1";

/// The same as it stands in an address.
const PASSWORD_IN_ADDRESS: &str = "s3cret%40home%2F1";

/// How long a server may take for anything. Never waited for, only given up after.
const PATIENCE: Duration = Duration::from_secs(60);

/// A server, stopped when it is dropped.
pub(crate) struct Postgres {
    programs: PathBuf,
    directory: TempDir,
    owner: Option<(u32, u32)>,
    settings: Vec<String>,
    pub(crate) port: u16,
    process: Option<Child>,
}

impl Postgres {
    /// Starts a server with more settings, or says loudly that none is installed.
    #[expect(clippy::print_stderr, reason = "what is left out is said loudly")]
    pub(crate) fn start(settings: &[&str]) -> Option<Self> {
        let Some(programs) = programs() else {
            eprintln!(
                "LEFT OUT: the ledger on a real PostgreSQL: no `initdb` is installed; `cargo xtask test` installs it"
            );
            return None;
        };
        let directory = tempfile::tempdir().unwrap();
        let owner = owner();
        if let Some((user, group)) = owner {
            std::os::unix::fs::chown(directory.path(), Some(user), Some(group)).unwrap();
        }
        let settings = settings.iter().map(|setting| (*setting).to_owned()).collect();
        let mut server = Self { programs, directory, owner, settings, port: 0, process: None };
        server.initialize();
        server.resume();
        Some(server)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    /// PostgreSQL refuses to run as root.
    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(self.programs.join(program));
        if let Some((user, group)) = self.owner {
            command.uid(user).gid(group);
        }
        command.current_dir(self.directory.path()).env("PGPASSWORD", PASSWORD).env("LC_ALL", "C");
        command
    }

    fn initialize(&self) {
        let secret = self.path("secret");
        std::fs::write(&secret, PASSWORD).unwrap();
        let made = self
            .command("initdb")
            .args(["--no-sync", "--auth=scram-sha-256", "--username=council", "--encoding=UTF8"])
            .arg("--pwfile")
            .arg(&secret)
            .arg("--pgdata")
            .arg(self.path("data"))
            .output()
            .unwrap();
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    }

    /// Starts the server where it is not running; again over the same files and port, if it ran before.
    #[expect(clippy::print_stderr, reason = "the reader of a failed test wants the log")]
    pub(crate) fn resume(&mut self) {
        for _ in 0..50 {
            if self.port == 0 {
                self.port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
            }
            match self.try_start() {
                Ok(()) => return,
                // A killed server's children may still be on their way out, or somebody took the port.
                Err(log) => eprintln!("the server did not start: {log}"),
            }
        }
        panic!("the server does not start");
    }

    /// Stops it in order and starts it with other settings.
    pub(crate) fn restart_with(&mut self, settings: &[&str]) {
        self.stop();
        self.settings = settings.iter().map(|setting| (*setting).to_owned()).collect();
        self.resume();
    }

    fn stop(&mut self) {
        if let Some(mut process) = self.process.take() {
            let group = format!("-{}", process.id());
            // What fails here was stopped by the test itself.
            drop(Command::new("kill").args(["-QUIT", "--", &group]).status());
            drop(process.wait());
        }
    }

    fn try_start(&mut self) -> Result<(), String> {
        let mut process = self
            .command("postgres")
            .args(["-p", &self.port.to_string(), "-c", "listen_addresses=127.0.0.1"])
            .args(self.settings.iter().flat_map(|setting| ["-c", setting]))
            .arg("-k")
            .arg(self.directory.path())
            .arg("-D")
            .arg(self.path("data"))
            .process_group(0)
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = lines_of(&mut process);
        let mut log = String::new();
        while let Ok(line) = lines.recv_timeout(PATIENCE) {
            if line.contains("ready to accept") {
                self.process = Some(process);
                return Ok(());
            }
            log.push_str(&line);
            log.push('\n');
        }
        process.kill().unwrap();
        process.wait().unwrap();
        Err(log)
    }

    /// Starts a second server that follows this one, once it has everything.
    pub(crate) fn standby(&self) -> Self {
        let directory = tempfile::tempdir().unwrap();
        if let Some((user, group)) = self.owner {
            std::os::unix::fs::chown(directory.path(), Some(user), Some(group)).unwrap();
        }
        let copied = self
            .command("pg_basebackup")
            .args(["--host=127.0.0.1", "--username=council", "--write-recovery-conf", "--no-sync"])
            .args(["--checkpoint=fast", "--wal-method=stream"])
            .arg(format!("--port={}", self.port))
            .arg("--pgdata")
            .arg(directory.path().join("data"))
            .output()
            .unwrap();
        assert!(copied.status.success(), "{}", String::from_utf8_lossy(&copied.stderr));
        let mut standby = Self {
            programs: self.programs.clone(),
            directory,
            owner: self.owner,
            // Who follows waits for nobody.
            settings: vec!["synchronous_standby_names=".to_owned()],
            port: 0,
            process: None,
        };
        standby.resume();
        standby
    }

    /// Makes a standby a server that writes.
    pub(crate) fn promote(&self) {
        let promoted =
            self.command("pg_ctl").arg("promote").arg("-D").arg(self.path("data")).output();
        assert!(promoted.unwrap().status.success(), "it cannot be promoted");
    }

    /// Kills the server and every process of it, without a word.
    pub(crate) fn kill(&mut self) {
        let mut process = self.process.take().expect("it runs");
        // Each session's process leads a group of its own and would live on for a moment.
        let id = process.id();
        let children = std::fs::read_to_string(format!("/proc/{id}/task/{id}/children")).unwrap();
        process.kill().unwrap();
        process.wait().unwrap();
        // One that has ended by itself meanwhile is none to kill.
        drop(Command::new("kill").arg("-KILL").args(children.split_whitespace()).output());
    }

    /// Runs statements in a database and returns what they print, one row a line.
    pub(crate) fn sql(&self, database: &str, sql: &str) -> String {
        let ran = self
            .command("psql")
            .args(["--host=127.0.0.1", "--username=council", "--quiet", "--no-psqlrc"])
            .args(["--tuples-only", "--no-align", "--set=ON_ERROR_STOP=1"])
            .arg(format!("--port={}", self.port))
            .args(["--dbname", database, "--command", sql])
            .output()
            .unwrap();
        assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
        String::from_utf8(ran.stdout).unwrap().trim().to_owned()
    }

    /// Makes a database and returns its address.
    pub(crate) fn database(&self, name: &str) -> String {
        self.sql("postgres", &format!("CREATE DATABASE {name}"));
        self.address(name)
    }

    /// The address of a database.
    pub(crate) fn address(&self, database: &str) -> String {
        self.address_at(self.port, database)
    }

    /// The address of a database that is reached over another port.
    pub(crate) fn address_at(&self, port: u16, database: &str) -> String {
        format!("postgres://council:{PASSWORD_IN_ADDRESS}@127.0.0.1:{port}/{database}")
    }

    /// Copies a file to where the server can read it, for it alone.
    pub(crate) fn install(&self, name: &str, content: &str) {
        use std::os::unix::fs::PermissionsExt as _;
        let path = self.path(name);
        std::fs::write(&path, content).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
        if let Some((user, group)) = self.owner {
            std::os::unix::fs::chown(&path, Some(user), Some(group)).unwrap();
        }
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        self.stop();
    }
}

fn lines_of(process: &mut Child) -> Receiver<String> {
    let (send, lines) = channel();
    let output = BufReader::new(process.stderr.take().unwrap());
    std::thread::spawn(move || {
        // Read to the end even when nobody listens any more, or the server would stand still.
        output.lines().map_while(Result::ok).for_each(|line| drop(send.send(line)));
    });
    lines
}

/// Debian keeps each version's programs in a directory of its own; elsewhere they are on the search path.
fn programs() -> Option<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql").ok();
    let newest = versions
        .into_iter()
        .flatten()
        .filter_map(|version| Some(version.ok()?.path().join("bin")))
        .filter(|bin| bin.join("initdb").is_file())
        .max();
    let path = std::env::var_os("PATH").unwrap_or_default();
    newest.or_else(|| std::env::split_paths(&path).find(|bin| bin.join("initdb").is_file()))
}

/// Whom to run it as, when this is root: Debian's own user for it.
fn owner() -> Option<(u32, u32)> {
    use std::os::unix::fs::MetadataExt as _;
    if std::fs::metadata("/proc/self").is_ok_and(|own| own.uid() != 0)
        || !Path::new("/etc/passwd").is_file()
    {
        return None;
    }
    let users = std::fs::read_to_string("/etc/passwd").unwrap();
    let mut fields = users.lines().find(|line| line.starts_with("postgres:"))?.split(':').skip(2);
    Some((fields.next()?.parse().ok()?, fields.next()?.parse().ok()?))
}
