//! What an operator is told when a ledger on a server cannot be opened.

use ledger::{AppendError, Header, Keys, Ledger, StoreError};
use ledger_postgres::{OpenError, PostgresStore};

use crate::postgres::Postgres;
use crate::support::{append, everything, replica, store};

#[track_caller]
fn refused(address: &str) -> OpenError {
    let error = PostgresStore::open(address, &Header::new([7; 16])).unwrap_err();
    let mut text = format!("{error} {error:?}");
    let mut cause = std::error::Error::source(&error);
    while let Some(error) = cause {
        text.push_str(&error.to_string());
        cause = error.source();
    }
    assert!(!text.contains("s3cret"), "the password is shown: {text}");
    error
}

#[test]
fn each_refusal_says_what_to_do() {
    let Some(postgres) = Postgres::start(&["fsync=off"]) else { return };
    let address = postgres.database("council");
    let port = postgres.port;

    let wrong = refused(&address.replace("home", "work"));
    assert!(matches!(wrong, OpenError::Refused { .. }), "{wrong:?}");
    assert!(wrong.to_string().contains("refuses the user `council`"), "{wrong}");
    let none = refused(&format!("postgres://council@127.0.0.1:{port}/council"));
    assert!(matches!(none, OpenError::Refused { .. }), "{none:?}");
    let stranger = refused(&address.replace("council:", "stranger:"));
    assert!(matches!(&stranger, OpenError::Refused { user, .. } if user == "stranger"));

    let elsewhere = refused(&postgres.address("elsewhere"));
    assert!(matches!(elsewhere, OpenError::NoDatabase { .. }), "{elsewhere:?}");
    assert!(elsewhere.to_string().contains("createdb"), "{elsewhere}");

    postgres
        .sql("postgres", "CREATE DATABASE western ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0");
    let western = refused(&postgres.address("western"));
    assert!(matches!(&western, OpenError::Encoding { encoding, .. } if encoding == "LATIN1"));

    postgres.sql("postgres", "CREATE ROLE guest LOGIN PASSWORD 's3cret@home/1'");
    let guest = refused(&address.replace("//council:", "//guest:"));
    assert!(matches!(guest, OpenError::NotAllowed { .. }), "{guest:?}");
    assert!(guest.to_string().contains("GRANT"), "{guest}");

    let encrypted = refused(&format!("{address}?sslmode=verify-full"));
    assert!(matches!(&encrypted, OpenError::Tls { .. }), "{encrypted:?}");
    assert!(encrypted.to_string().contains("server does not support TLS"), "{encrypted}");
}

#[test]
fn a_server_that_is_not_there_is_named() {
    // A port that was free a moment ago.
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let error = refused(&format!("postgres://ana:s3cret@127.0.0.1:{port}/council"));
    assert!(error.is_retryable(), "{error:?}");
    assert!(
        matches!(&error, OpenError::Store { source: StoreError::Unreachable { server, .. }, .. }
            if *server == format!("ana@127.0.0.1:{port}/council")),
        "{error:?}"
    );
}

#[test]
fn a_newer_schema_and_an_unknown_format_are_left_alone() {
    let Some(postgres) = Postgres::start(&["fsync=off"]) else { return };
    let address = postgres.database("council");
    drop(store(&address));
    postgres.sql("council", "UPDATE council_ledger SET schema = 99");
    let newer = refused(&address);
    assert!(matches!(newer, OpenError::Newer { found: 99, known: 1, .. }), "{newer:?}");
    postgres.sql("council", "UPDATE council_ledger SET schema = 1, format = 'council-ledger/9'");
    let unknown = refused(&address);
    assert!(matches!(&unknown, OpenError::UnknownFormat { format, .. } if format.ends_with("/9")));
}

#[test]
fn a_server_that_only_reads_is_refused_at_the_start_and_later() {
    let Some(postgres) = Postgres::start(&["fsync=off"]) else { return };
    let address = postgres.database("council");
    let ledger = replica(&address, &Keys::generate().unwrap());
    ledger.append(append("decision/D-1", "before")).unwrap();
    postgres.sql("postgres", "ALTER DATABASE council SET default_transaction_read_only = on");
    let standby = refused(&address);
    assert!(matches!(standby, OpenError::Standby { .. }), "{standby:?}");
    postgres.sql(
        "postgres",
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'council'",
    );
    let error = ledger.append(append("decision/D-1", "while")).unwrap_err();
    assert!(matches!(error, AppendError::Store(StoreError::ReadOnly(_))), "{error:?}");
    assert!(error.is_retryable());
    postgres.sql("postgres", "ALTER DATABASE council RESET default_transaction_read_only");
    ledger.append(append("decision/D-1", "after")).unwrap();
    assert_eq!(everything(&ledger).len(), 2);
}

#[test]
fn nobody_changes_an_entry_by_a_slip() {
    let Some(postgres) = Postgres::start(&["fsync=off"]) else { return };
    postgres.sql("postgres", "CREATE ROLE keeper LOGIN PASSWORD 's3cret@home/1'");
    postgres.sql("postgres", "CREATE DATABASE council OWNER keeper");
    let address = postgres.address("council").replace("//council:", "//keeper:");
    let ledger = replica(&address, &Keys::generate().unwrap());
    ledger.append(append("decision/D-1", "once")).unwrap();
    for slip in ["UPDATE council_entries SET actor = 'x'", "DELETE FROM council_entries"] {
        let sql = format!(
            "SET ROLE keeper; DO $$ BEGIN {slip}; EXCEPTION WHEN insufficient_privilege THEN NULL; END $$"
        );
        postgres.sql("council", &sql);
    }
    assert_eq!(everything(&ledger).len(), 1);
    postgres.sql("council", "UPDATE council_entries SET actor = 'person/eve'");
    let report = ledger.verify(&ledger::Trust::default()).unwrap();
    assert_eq!(report.findings.len(), 1, "whoever insists is found out: {:?}", report.findings);
    postgres.sql("council", "DELETE FROM council_entries");
    assert!(!ledger.verify(&ledger::Trust::default()).unwrap().is_intact());
}

#[test]
fn a_proven_certificate_encrypts_and_another_is_refused() {
    let Some(openssl) = openssl() else { return };
    let mut settings = vec!["fsync=off", "ssl=on"];
    settings.extend(["ssl_cert_file=../server.crt", "ssl_key_file=../server.key"]);
    let Some(mut postgres) = Postgres::start(&["fsync=off"]) else { return };
    let [certificate, key] = openssl;
    postgres.install("server.crt", &certificate);
    postgres.install("server.key", &key);
    postgres.restart_with(&settings);
    let address = postgres.database("council").replace("127.0.0.1", "localhost");
    let roots = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(roots.path(), &certificate).unwrap();
    let trusting = format!("{address}?sslmode=verify-full&sslrootcert={}", roots.path().display());
    let ledger: Ledger = replica(&trusting, &Keys::generate().unwrap());
    ledger.append(append("decision/D-1", "secretly")).unwrap();
    let encrypted = "SELECT count(*) FROM pg_stat_ssl JOIN pg_stat_activity USING (pid)
                     WHERE application_name = 'council' AND NOT ssl";
    assert_eq!(postgres.sql("council", encrypted), "0");
    let distrusting = refused(&format!("{address}?sslmode=verify-full"));
    assert!(matches!(distrusting, OpenError::Tls { .. }), "{distrusting:?}");
    assert!(distrusting.to_string().contains("sslrootcert"), "{distrusting}");
    let by_another_name = refused(&trusting.replace("localhost", "127.0.0.1"));
    assert!(matches!(by_another_name, OpenError::Tls { .. }), "{by_another_name:?}");
}

/// A certificate for `localhost` and its key.
fn openssl() -> Option<[String; 2]> {
    let directory = tempfile::tempdir().unwrap();
    let made = std::process::Command::new("openssl")
        .current_dir(directory.path())
        .args(["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"])
        .args(["-nodes", "-days", "2", "-subj", "/CN=localhost", "-keyout", "key", "-out", "crt"])
        .args(["-addext", "subjectAltName=DNS:localhost"])
        .args(["-addext", "basicConstraints=critical,CA:FALSE"])
        .output();
    if !made.is_ok_and(|made| made.status.success()) {
        eprintln!("LEFT OUT: TLS towards PostgreSQL: no `openssl` makes a certificate");
        return None;
    }
    Some(["crt", "key"].map(|name| std::fs::read_to_string(directory.path().join(name)).unwrap()))
}
