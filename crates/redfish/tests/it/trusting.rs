//! Certificates: pinned, signed, or refused with what was seen.

use redfish::{Access, Client, Fingerprint, RedfishError, Target, Trust};
use rustls::pki_types::CertificateDer;

use crate::bmc::{Bmc, CERTIFICATE, client_for, fingerprint, limits, plain, system};

async fn ask(bmc: &Bmc, trust: Trust) -> Result<(), RedfishError> {
    let client = client_for(&bmc.address, Access::Open, trust, limits());
    client.service().await.map(drop)
}

#[tokio::test]
async fn a_pinned_certificate_is_trusted_whoever_made_it() {
    let bmc = Bmc::start_encrypted().await;
    let found = bmc.client().system(&system()).await.expect("a system");
    assert_eq!(found.serial.as_deref(), Some("SN-1"));
}

#[tokio::test]
async fn a_certificate_that_nobody_vouches_for_is_refused_with_its_fingerprint() {
    let bmc = Bmc::start_encrypted().await;
    let error = ask(&bmc, Trust::Machine).await.expect_err("a stranger");
    let RedfishError::CertificateRejected { fingerprint: seen, .. } = &error else {
        panic!("{error:?}");
    };
    assert_eq!(*seen, fingerprint());
    let text = error.to_string();
    assert!(text.contains(&fingerprint().to_string()), "{text}");
    assert!(text.contains("no trusted authority signed it") && text.contains("pin it"), "{text}");
    assert!(!error.is_retryable());
    assert!(bmc.world().asked.is_empty(), "nothing was sent to the stranger");
    // What the error says is what may be pinned.
    ask(&bmc, Trust::Pinned(*seen)).await.expect("the pin counts");
}

#[tokio::test]
async fn another_certificate_than_the_pinned_one_is_refused() {
    let bmc = Bmc::start_encrypted().await;
    let other = Fingerprint::of(b"another");
    let error = ask(&bmc, Trust::Pinned(other)).await.expect_err("another");
    let text = error.to_string();
    assert!(text.contains("not the pinned one"), "{text}");
    assert!(
        text.contains(&other.to_string()) && text.contains(&fingerprint().to_string()),
        "{text}"
    );
}

#[tokio::test]
async fn an_authority_of_ours_vouches_for_the_name_that_is_asked() {
    let bmc = Bmc::start_encrypted().await;
    let ours = || Trust::Authority(CERTIFICATE.to_owned());
    ask(&bmc, ours()).await.expect("it is signed, and for 127.0.0.1");
    let address = bmc.address.replace("127.0.0.1", "localhost");
    let elsewhere = client_for(&address, Access::Open, ours(), limits());
    let error = elsewhere.service().await.expect_err("another name");
    assert!(error.to_string().contains("for another name or address"), "{error}");
}

#[tokio::test]
async fn settings_that_do_not_fit_are_refused_before_anything_is_sent() {
    let refused = |address: &str, trust: Trust| {
        let target =
            Target { address: address.to_owned(), access: Access::Open, trust, limits: limits() };
        Client::new(target, plain()).expect_err("no settings").to_string()
    };
    let text = refused("http://10.0.0.7", Trust::Machine);
    assert!(text.contains("not encrypted"), "{text}");
    let text = refused("https://10.0.0.7", Trust::Unencrypted);
    assert!(text.contains("the trust says it is not"), "{text}");
    let text = refused("https://root:calvin@10.0.0.7", Trust::Machine);
    assert!(text.contains("credentials do not belong") && !text.contains("calvin"), "{text}");
    let text = refused("10.0.0.7", Trust::Machine);
    assert!(text.contains("write it as `https://10.0.0.7`"), "{text}");
    let text = refused("ftp://10.0.0.7", Trust::Machine);
    assert!(text.contains("must begin with `https://`"), "{text}");
    for pem in ["", "-----BEGIN CERTIFICATE-----\nzz\n-----END CERTIFICATE-----\n"] {
        let text = refused("https://10.0.0.7", Trust::Authority(pem.to_owned()));
        assert!(text.contains("authority"), "{text}");
    }
}

#[test]
fn a_pin_is_what_openssl_shows() {
    use rustls::pki_types::pem::PemObject as _;
    let certificate = CertificateDer::from_pem_slice(CERTIFICATE.as_bytes()).expect("one");
    assert_eq!(Fingerprint::of(&certificate).to_string(), SHOWN);
}

/// `openssl x509 -in certificate.pem -noout -fingerprint -sha256`
const SHOWN: &str = "04:02:FF:5C:84:29:F3:1C:38:3C:F0:53:5F:59:C1:41:7D:D6:BB:63:89:5B:D5:A8:30:9F:EE:58:E9:B5:B9:32";
