//! Blocks of `sshd_config` that hold under a condition (sshd_config(5), `Match`).

/// One setting of a block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Block {
    /// What follows `Match`.
    pub(super) condition: String,
    /// In small letters.
    pub(super) keyword: String,
    pub(super) value: String,
}

/// What one file says.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Read {
    pub(super) blocks: Vec<Block>,
    /// Another file that it includes and that is not among those read, or that it includes under a condition.
    pub(super) elsewhere: Option<String>,
}

/// Keywords that a block cannot have: what the server needs before it knows who comes. Of any other one it is assumed that it
/// can, also of those that newer servers bring (OpenSSH 9.9, `SSHCFG_GLOBAL` in servconf.c).
const NEVER: [&str; 33] = [
    "addressfamily",
    "ciphers",
    "compression",
    "fingerprinthash",
    "gssapikexalgorithms",
    "gssapikeyexchange",
    "gssapistrictacceptorcheck",
    "hostcertificate",
    "hostkey",
    "hostkeyagent",
    "hostkeyalgorithms",
    "ignoreuserknownhosts",
    "kerberosorlocalpasswd",
    "kerberosticketcleanup",
    "kexalgorithms",
    "listenaddress",
    "logingracetime",
    "macs",
    "maxstartups",
    "modulifile",
    "persourcemaxstartups",
    "persourcenetblocksize",
    "persourcepenalties",
    "pidfile",
    "port",
    "printlastlog",
    "printmotd",
    "strictmodes",
    "syslogfacility",
    "tcpkeepalive",
    "usedns",
    "usepam",
    "versionaddendum",
];

/// Whether a block may set a keyword.
pub(super) fn may_have(keyword: &str) -> bool {
    !NEVER.contains(&keyword)
}

/// Reads a file; `known` are the paths of all files that are read.
pub(super) fn read(text: &str, known: &[&str]) -> Read {
    let mut read = Read::default();
    let mut condition: Option<String> = None;
    for line in text.lines() {
        let Some((keyword, value)) = setting(line) else { continue };
        match (keyword.as_str(), &condition) {
            ("match", _) => condition = Some(value),
            ("include", None) if value.split_whitespace().all(|path| is_known(path, known)) => {}
            ("include", _) => read.elsewhere = Some(value),
            (_, None) => {}
            (_, Some(condition)) => {
                read.blocks.push(Block { condition: condition.clone(), keyword, value });
            }
        }
    }
    read
}

/// Keyword and value of a line: blanks or `=` stand between them, and a comment may follow.
fn setting(line: &str) -> Option<(String, String)> {
    let line = line.split(" #").next().unwrap_or(line).trim();
    if line.is_empty() || line.starts_with('#') {
        return None;
    }
    let end = line.find(|c: char| c.is_whitespace() || c == '=').unwrap_or(line.len());
    let (keyword, value) = line.split_at(end);
    let value = value.trim_start_matches(|c: char| c.is_whitespace() || c == '=');
    Some((keyword.to_ascii_lowercase(), value.trim().to_owned()))
}

/// Whether what an `Include` names is read anyway: the usual directories, or a file among the read ones.
fn is_known(path: &str, known: &[&str]) -> bool {
    const USUAL: [&str; 3] = [
        "/etc/ssh/sshd_config.d/*.conf",
        "sshd_config.d/*.conf",
        "/usr/etc/ssh/sshd_config.d/*.conf",
    ];
    let path = path.trim_matches('"');
    USUAL.contains(&path) || known.contains(&path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_below_a_condition_are_found() {
        let text = "# Match User x\nInclude /etc/ssh/sshd_config.d/*.conf \"/a\"\nPermitRootLogin no\n\nMATCH\tUser a,b Address 10.0.0.0/8 # why\n\
                    \tPasswordAuthentication = yes\n  # PermitTTY no\nForceCommand internal-sftp -d /x\nMatch all\nBanner none\n";
        let read = read(text, &["/a"]);
        let seen: Vec<[&str; 3]> =
            read.blocks.iter().map(|b| [&*b.condition, &*b.keyword, &*b.value]).collect();
        let first = "User a,b Address 10.0.0.0/8";
        let expect = [
            [first, "passwordauthentication", "yes"],
            [first, "forcecommand", "internal-sftp -d /x"],
            ["all", "banner", "none"],
        ];
        assert_eq!(seen, expect);
        assert_eq!(read.elsewhere, None);
    }

    #[test]
    fn files_that_are_not_read_are_named() {
        let elsewhere = |text| read(text, &["/a"]).elsewhere;
        assert_eq!(elsewhere("Include /b").as_deref(), Some("/b"));
        assert_eq!(elsewhere("Match User a\nInclude /a").as_deref(), Some("/a"));
        assert_eq!(elsewhere("include /a"), None);
    }
}
