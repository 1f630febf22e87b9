//! The first program that firmware fetches, by the architecture code that it sends (DHCP option 93).
//!
//! Codes are those of RFC 4578 §2.1 and of IANA's registry "Processor Architecture Types". Code 9 is the one that many x86-64
//! machines send although the registry gives it to EBC: an erratum of RFC 4578 had swapped 7 and 9.
//!
//! All first programs are builds of iPXE: it speaks HTTP, and its scripts say what happens next. Firmware that can boot over
//! HTTP gets the same program by HTTP.

/// How firmware fetches its first program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Way {
    /// From a TFTP server (RFC 1350).
    Tftp,
    /// From a web server (UEFI HTTP boot).
    Http,
}

/// What firmware of one architecture gets first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FirstStage {
    /// The architecture code.
    pub code: u16,
    /// A short name for it, also the name of its class in snippets for DHCP servers.
    pub name: &'static str,
    /// How it is fetched.
    pub way: Way,
    /// The file, as builds of iPXE name it.
    pub file: &'static str,
}

const fn stage(code: u16, name: &'static str, way: Way, file: &'static str) -> FirstStage {
    FirstStage { code, name, way, file }
}

/// Every architecture that has a first program, by code.
pub const FIRST_STAGES: [FirstStage; 11] = [
    stage(0, "bios", Way::Tftp, "undionly.kpxe"),
    stage(6, "uefi-i386", Way::Tftp, "ipxe-i386.efi"),
    stage(7, "uefi-amd64", Way::Tftp, "ipxe.efi"),
    stage(9, "uefi-amd64-ebc", Way::Tftp, "ipxe.efi"),
    stage(10, "uefi-arm32", Way::Tftp, "ipxe-arm32.efi"),
    stage(11, "uefi-arm64", Way::Tftp, "ipxe-arm64.efi"),
    stage(15, "http-i386", Way::Http, "ipxe-i386.efi"),
    stage(16, "http-amd64", Way::Http, "ipxe.efi"),
    stage(17, "http-amd64-ebc", Way::Http, "ipxe.efi"),
    stage(18, "http-arm32", Way::Http, "ipxe-arm32.efi"),
    stage(19, "http-arm64", Way::Http, "ipxe-arm64.efi"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_and_names_are_unique_and_in_order() {
        assert!(FIRST_STAGES.is_sorted_by(|one, next| one.code < next.code));
        let mut names: Vec<&str> = FIRST_STAGES.iter().map(|stage| stage.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), FIRST_STAGES.len());
    }

    #[test]
    fn a_name_says_how_the_file_is_fetched() {
        for stage in FIRST_STAGES {
            assert_eq!(stage.way == Way::Http, stage.name.starts_with("http"), "{}", stage.name);
        }
    }
}
