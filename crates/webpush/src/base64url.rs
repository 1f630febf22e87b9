//! Base64 for addresses (RFC 4648, section 5): written without padding, read with or without.

use base64::Engine as _;
use base64::alphabet::URL_SAFE;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

/// Browsers leave the padding out, and libraries of pages put it in.
const ENGINE: GeneralPurpose = GeneralPurpose::new(
    &URL_SAFE,
    GeneralPurposeConfig::new()
        .with_encode_padding(false)
        .with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

pub(crate) fn write(bytes: impl AsRef<[u8]>) -> String {
    ENGINE.encode(bytes)
}

/// Nothing when it is no base64url. The decoder's own error would show a byte of what may be a secret.
pub(crate) fn read(text: &str) -> Option<Vec<u8>> {
    ENGINE.decode(text).ok()
}
