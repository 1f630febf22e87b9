//! Packets of TFTP: what is read from the wire, and what is written to it. No sockets here.

/// A request to read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Request {
    /// The file.
    pub(super) file: String,
    /// Block size that the client wishes (RFC 2348), if it may be one.
    pub(super) block: Option<u16>,
    /// Seconds before a packet is sent again (RFC 2349), if they may be.
    pub(super) seconds: Option<u8>,
    /// Whether the client wants to know the length of the file (RFC 2349).
    pub(super) wants_length: bool,
}

/// Why something is refused, as it is told to the client (RFC 1350, appendix).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Fault {
    pub(super) code: u16,
    pub(super) words: &'static str,
}

const ILLEGAL: Fault = Fault { code: 4, words: "this is no request to read" };
const READ_ONLY: Fault = Fault { code: 2, words: "this service only reads" };
const OCTET_ONLY: Fault =
    Fault { code: 0, words: "this service sends bytes as they are: use the mode `octet`" };

/// Operation codes (RFC 1350 §5, RFC 2347).
const READ: u16 = 1;
const WRITE: u16 = 2;
const DATA: u16 = 3;
const ACKNOWLEDGEMENT: u16 = 4;
const ERROR: u16 = 5;
const OPTIONS: u16 = 6;

/// Reads a request.
pub(super) fn request(packet: &[u8]) -> Result<Request, Fault> {
    let (code, rest) = split_code(packet).ok_or(ILLEGAL)?;
    match code {
        READ => {}
        WRITE => return Err(READ_ONLY),
        _ => return Err(ILLEGAL),
    }
    // Every text ends in a NUL; what comes behind the last one is no text.
    let texts = rest.strip_suffix(&[0]).ok_or(ILLEGAL)?;
    let texts: Option<Vec<&str>> =
        texts.split(|byte| *byte == 0).map(|text| std::str::from_utf8(text).ok()).collect();
    let texts = texts.ok_or(ILLEGAL)?;
    let [file, mode, options @ ..] = texts.as_slice() else { return Err(ILLEGAL) };
    if file.is_empty() {
        return Err(ILLEGAL);
    }
    if !mode.eq_ignore_ascii_case("octet") {
        return Err(OCTET_ONLY);
    }
    let mut request = Request { file: (*file).to_owned(), ..Request::default() };
    for pair in options.chunks_exact(2) {
        let [name, value] = pair else { continue };
        match name.to_ascii_lowercase().as_str() {
            // RFC 2348: 8 to 65464; other values are as if the option were not there.
            "blksize" => request.block = value.parse().ok().filter(|size| *size >= 8),
            // RFC 2349: 1 to 255 seconds.
            "timeout" => request.seconds = value.parse().ok().filter(|seconds| *seconds > 0),
            "tsize" => request.wants_length = true,
            _ => {}
        }
    }
    Ok(request)
}

/// What a client says during a transfer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Said {
    /// It has this block.
    Has(u16),
    /// It gives up.
    GivesUp,
    /// Something else.
    Noise,
}

/// Reads what a client says.
pub(super) fn said(packet: &[u8]) -> Said {
    match split_code(packet) {
        Some((ACKNOWLEDGEMENT, &[high, low])) => Said::Has(u16::from_be_bytes([high, low])),
        Some((ERROR, _)) => Said::GivesUp,
        Some(_) | None => Said::Noise,
    }
}

fn split_code(packet: &[u8]) -> Option<(u16, &[u8])> {
    let (code, rest) = packet.split_first_chunk::<2>()?;
    Some((u16::from_be_bytes(*code), rest))
}

/// A block of the file.
pub(super) fn data(block: u16, bytes: &[u8]) -> Vec<u8> {
    let mut packet = Vec::with_capacity(bytes.len() + 4);
    packet.extend(DATA.to_be_bytes());
    packet.extend(block.to_be_bytes());
    packet.extend(bytes);
    packet
}

/// The options that hold, with their values; none when the client asked for none.
pub(super) fn options(request: &Request, block: u16, length: u64) -> Option<Vec<u8>> {
    let mut packet = OPTIONS.to_be_bytes().to_vec();
    let mut say = |name: &str, value: &str| {
        for text in [name, value] {
            packet.extend(text.as_bytes());
            packet.push(0);
        }
    };
    if request.block.is_some() {
        say("blksize", &block.to_string());
    }
    if let Some(seconds) = request.seconds {
        say("timeout", &seconds.to_string());
    }
    if request.wants_length {
        say("tsize", &length.to_string());
    }
    (packet.len() > 2).then_some(packet)
}

/// An error.
pub(super) fn error(fault: Fault) -> Vec<u8> {
    let mut packet = ERROR.to_be_bytes().to_vec();
    packet.extend(fault.code.to_be_bytes());
    packet.extend(fault.words.as_bytes());
    packet.push(0);
    packet
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_request_is_read_with_its_options() {
        let packet =
            b"\0\x01boot/ipxe.efi\0Octet\0BLKSIZE\x001432\0tsize\x000\0timeout\x003\0other\0x\0";
        let expected = Request {
            file: "boot/ipxe.efi".to_owned(),
            block: Some(1432),
            seconds: Some(3),
            wants_length: true,
        };
        assert_eq!(request(packet), Ok(expected.clone()));
        let answer = options(&expected, 1432, 70_000).unwrap();
        assert_eq!(answer, b"\0\x06blksize\x001432\0timeout\x003\0tsize\x0070000\0");
    }

    #[test]
    fn options_that_cannot_be_are_as_if_they_were_not_there() {
        let packet = b"\0\x01a\0octet\0blksize\x007\0timeout\x000\0";
        let read = request(packet).unwrap();
        assert_eq!((read.block, read.seconds), (None, None));
        assert_eq!(options(&read, 512, 1), None);
    }

    #[test]
    fn what_is_no_request_to_read_is_refused() {
        for (packet, fault) in [
            (&b""[..], ILLEGAL),
            (b"\0", ILLEGAL),
            (b"\0\x01", ILLEGAL),
            (b"\0\x01a\0octet", ILLEGAL),
            (b"\0\x01\0octet\0", ILLEGAL),
            (b"\0\x01\xff\0octet\0", ILLEGAL),
            (b"\0\x09a\0octet\0", ILLEGAL),
            (b"\0\x02a\0octet\0", READ_ONLY),
            (b"\0\x01a\0netascii\0", OCTET_ONLY),
        ] {
            assert_eq!(request(packet), Err(fault), "{packet:?}");
        }
    }

    #[test]
    fn a_client_is_understood() {
        assert_eq!(said(b"\0\x04\x01\x02"), Said::Has(258));
        assert_eq!(said(b"\0\x05\0\0enough\0"), Said::GivesUp);
        assert_eq!(said(b"\0\x04\x01"), Said::Noise);
    }

    proptest! {
        #[test]
        fn no_packet_breaks_the_reader(packet in proptest::collection::vec(any::<u8>(), 0..80)) {
            if let Ok(request) = request(&packet) {
                prop_assert!(!request.file.is_empty());
            }
            said(&packet);
        }
    }
}
