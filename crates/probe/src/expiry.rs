//! The last moment of a certificate (RFC 5280, section 4.1.2.5).
//!
//! Only the way to `notAfter` is walked. Whether the rest is right is for whoever verifies; what old devices show, with serial
//! numbers and names that a strict reader refuses, has a last moment all the same.

use der::asn1::{AnyRef, GeneralizedTime, UtcTime};
use der::{Decode as _, Reader as _, SliceReader, Tag, Tagged as _};
use jiff::{SignedDuration, Timestamp};

/// Reads when a certificate in DER expires; nothing when it is no certificate.
pub(crate) fn not_after(certificate: &[u8]) -> Option<Timestamp> {
    let certificate = AnyRef::from_der(certificate).ok()?;
    let signed = next(&mut SliceReader::new(certificate.value()).ok()?)?;
    let mut fields = SliceReader::new(signed.value()).ok()?;
    // The version stands in a context of its own and is left out where it is 1; the serial number is always there.
    if fields.peek_byte() != Some(SERIAL) {
        next(&mut fields)?;
    }
    let (_serial, _algorithm, _issuer) =
        (next(&mut fields)?, next(&mut fields)?, next(&mut fields)?);
    let validity = next(&mut fields)?;
    let mut dates = SliceReader::new(validity.value()).ok()?;
    let _not_before = next(&mut dates)?;
    moment(next(&mut dates)?)
}

/// The tag of an INTEGER.
const SERIAL: u8 = 0x02;

fn next<'a>(reader: &mut SliceReader<'a>) -> Option<AnyRef<'a>> {
    AnyRef::decode(reader).ok()
}

fn moment(date: AnyRef<'_>) -> Option<Timestamp> {
    let since_epoch = match date.tag() {
        Tag::UtcTime => date.decode_as::<UtcTime>().ok()?.to_unix_duration(),
        Tag::GeneralizedTime => date.decode_as::<GeneralizedTime>().ok()?.to_unix_duration(),
        _ => return None,
    };
    Timestamp::from_duration(SignedDuration::try_from(since_epoch).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use rustls::pki_types::CertificateDer;
    use rustls::pki_types::pem::PemObject as _;

    fn certificate() -> Vec<u8> {
        let pem = include_bytes!("../tests/tls/intermediate.pem");
        CertificateDer::from_pem_slice(pem).expect("a certificate").to_vec()
    }

    #[test]
    fn the_last_moment_is_read() {
        let until = "2030-06-01T00:00:00Z".parse().expect("a moment");
        assert_eq!(not_after(&certificate()), Some(until));
    }

    #[test]
    fn what_is_broken_has_no_last_moment_and_breaks_nothing() {
        let whole = certificate();
        for end in 0..whole.len() {
            assert_eq!(not_after(&whole[..end]), None, "cut at {end}");
        }
        for at in 0..whole.len() {
            let mut changed = whole.clone();
            changed[at] ^= 0xff;
            let _any = not_after(&changed);
        }
    }
}
