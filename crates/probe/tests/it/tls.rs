//! Certificates: trusted, pinned, expired, of others, of nobody.

use std::net::SocketAddr;

use probe::{CertificateFault, Failure, Fingerprint, Outcome, Probe, TlsProbe, Trust};

use crate::servers::{LONG, NOW, certificate, encrypted, pem, prober_at, script, why};

fn roots() -> Trust {
    Trust::Roots(pem::ROOT.to_owned())
}

fn to(address: SocketAddr, trust: Trust) -> TlsProbe {
    let (host, port) = (address.ip().to_string(), address.port());
    TlsProbe { host, port, trust, ..TlsProbe::default() }
}

async fn at(now: &str, probe: TlsProbe) -> Outcome {
    prober_at(now).run(&Probe::Tls(probe), LONG).await
}

#[track_caller]
fn fault(outcome: Outcome) -> CertificateFault {
    match why(outcome) {
        Failure::Certificate(fault) => fault,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_chain_to_a_given_root_is_trusted_until_its_first_end() {
    let address = encrypted(pem::LEAF, &[pem::INTERMEDIATE]).await;
    let outcome = at(NOW, to(address, roots())).await;
    assert!(outcome.ok && outcome.phases.secured.is_some(), "{outcome:?}");
    let until = outcome.certificate_until.expect("an end").to_string();
    assert_eq!(until, "2030-06-01T00:00:00Z");
    // From 1 January 2027 to 1 June 2030 are 1247 days.
    let wanted = |days_left| TlsProbe { days_left, ..to(address, roots()) };
    assert!(at(NOW, wanted(1247)).await.ok);
    let words = why(at(NOW, wanted(1248)).await).to_string();
    assert_eq!(
        words,
        "certificate: expires in 1247 days, on 2030-06-01T00:00:00Z; 1248 days are wanted"
    );
}

#[tokio::test]
async fn a_name_is_asked_for_beside_the_address() {
    let address = encrypted(pem::LEAF, &[pem::INTERMEDIATE]).await;
    let named = |name: &str| {
        let server_name = Some(name.to_owned());
        TlsProbe { server_name, ..to(address, roots()) }
    };
    assert!(at(NOW, named("localhost")).await.ok);
    let words = why(at(NOW, named("other.example")).await).to_string();
    let expect = "certificate: for another name than `other.example`: it is for `localhost`";
    assert!(words.starts_with(expect), "{words}");
    assert!(why(at(NOW, named("no name")).await).is_of_the_probe());
}

#[tokio::test]
async fn dates_are_held_against_the_callers_clock() {
    let address = encrypted(pem::LEAF, &[pem::INTERMEDIATE]).await;
    let words = why(at("2031-01-01T00:00:00Z", to(address, roots())).await).to_string();
    assert_eq!(words, "certificate: expired since 2030-06-01T00:00:00Z");
    let words = why(at("2025-01-01T00:00:00Z", to(address, roots())).await).to_string();
    assert_eq!(words, "certificate: not valid before 2026-01-01T00:00:00Z");
}

#[tokio::test]
async fn who_nobody_vouches_for_is_refused_and_still_dated() {
    for trust in [roots(), Trust::Machine] {
        let address = encrypted(pem::LONELY, &[]).await;
        let outcome = at(NOW, to(address, trust)).await;
        let until = outcome.certificate_until.expect("an end").to_string();
        assert_eq!(until, "2028-01-01T00:00:00Z");
        let seen = Fingerprint::of(&certificate(pem::LONELY.0));
        assert_eq!(fault(outcome), CertificateFault::UnknownIssuer { seen });
    }
    // Without what stands between, the way to the root is not known.
    let address = encrypted(pem::LEAF, &[]).await;
    let fault = fault(at(NOW, to(address, roots())).await);
    assert!(matches!(fault, CertificateFault::UnknownIssuer { .. }), "{fault:?}");
}

#[tokio::test]
async fn a_certificate_of_another_name_is_refused_with_the_names_it_has() {
    let address = encrypted(pem::ELSEWHERE, &[]).await;
    let fault = fault(at(NOW, to(address, roots())).await);
    let names = vec!["elsewhere.example".to_owned()];
    let wanted = "127.0.0.1".to_owned();
    assert_eq!(fault, CertificateFault::OtherName { wanted, names });
}

#[tokio::test]
async fn a_pin_stands_for_the_certificate_but_not_beyond_its_end() {
    let pinned = Fingerprint::of(&certificate(pem::LONELY.0));
    let address = encrypted(pem::LONELY, &[]).await;
    assert!(at(NOW, to(address, Trust::Pinned(pinned))).await.ok);
    let late = fault(at("2028-01-01T00:00:01Z", to(address, Trust::Pinned(pinned))).await);
    assert!(matches!(late, CertificateFault::Expired { .. }), "{late:?}");
    let other = encrypted(pem::LEAF, &[pem::INTERMEDIATE]).await;
    let seen = Fingerprint::of(&certificate(pem::LEAF.0));
    let fault = fault(at(NOW, to(other, Trust::Pinned(pinned))).await);
    assert_eq!(fault, CertificateFault::NotPinned { pinned, seen });
}

#[tokio::test]
async fn authorities_that_are_none_are_the_probes_fault() {
    let address = encrypted(pem::LEAF, &[]).await;
    for pem in ["", "-----BEGIN CERTIFICATE-----\n!!\n-----END CERTIFICATE-----\n"] {
        let failure = why(at(NOW, to(address, Trust::Roots(pem.to_owned()))).await);
        assert!(failure.is_of_the_probe(), "{failure}");
    }
}

#[tokio::test]
async fn a_handshake_that_is_cut_is_told_from_a_bad_certificate() {
    let address = script(async |stream| drop(stream)).await;
    let failure = why(at(NOW, to(address, roots())).await);
    assert!(matches!(failure, Failure::Broken { .. }), "{failure:?}");
}
