# council: the live audit of a hardening baseline. It reads, changes nothing, and leaves no file behind.
# POSIX sh, as dash, bash, ksh and busybox have it. What is found is printed in hexadecimal digits, between two marks that bear
# a number nobody could guess. Functions alone up to the last line: of half a script, nothing runs.

hex() {
    $encoder | tr -d ' \t\n'
}

# One fact: topic, name in digits, state, value in digits.
emit() {
    printf '%s %s %s %s\n' "$1" "$2" "$3" "${4:--}"
    count=$((count + 1))
}

is() {
    digits=$(printf '%s' "$3" | hex)
    if [ -n "$3" ] && [ -z "$digits" ]; then
        # "could not be printed"
        digits=636f756c64206e6f74206265207072696e746564
        emit "$1" "$2" unknown "$digits"
    else
        emit "$1" "$2" is "$digits"
    fi
}

none() {
    emit "$1" "$2" none -
}

unknown() {
    emit "$1" "$2" unknown "$(printf '%s' "$3" | hex)"
}

# The first lines of what a command complains about; its answer is not wanted.
complaint() {
    "$@" 2>&1 >/dev/null | head -n 3
}

has() {
    command -v "$1" >/dev/null 2>&1
}

# Runs a command as root where nobody need be asked for a password.
as_root() {
    if has sudo; then
        sudo -n -- "$@"
    elif has doas; then
        doas -n -- "$@"
    else
        echo "needs root; there is neither sudo nor doas" >&2
        return 1
    fi
}

begin() {
    count=0
    LC_ALL=C
    PATH="${PATH:-/usr/bin:/bin}:/usr/local/sbin:/usr/sbin:/sbin"
    export LC_ALL PATH
    uid=$(id -u)
    encoder='od -An -v -tx1'
    # What may stand before it on a line of its own: a greeting without an end of line.
    printf '\ncouncil-harden 1 %s begin\n' "$nonce"
    if [ "$(printf ok | hex)" != 6f6b ]; then
        encoder=hexdump_digits
    fi
    if [ "$(printf ok | hex)" != 6f6b ]; then
        emit encoder - none -
    fi
    is user - "$uid"
}

hexdump_digits() {
    hexdump -v -e '1/1 "%02x"'
}

end() {
    printf 'council-harden 1 %s end %s\n' "$nonce" "$count"
}

# A file's text, read as root if need be.
file() {
    if [ ! -e "$3" ]; then
        none "$1" "$2"
    elif value=$(cat "$3" 2>/dev/null); then
        is "$1" "$2" "$value"
    elif [ "$uid" != 0 ] && value=$(as_root cat "$3" 2>/dev/null); then
        is "$1" "$2" "$value"
    elif [ "$uid" != 0 ] && [ ! -r "$3" ]; then
        unknown "$1" "$2" "only root may read it: $(complaint as_root cat "$3")"
    else
        unknown "$1" "$2" "$(complaint cat "$3")"
    fi
}

host() {
    is name - "$(uname -n)"
    is kernel_release - "$(uname -r)"
    if [ -e /etc/os-release ]; then
        file os_release - /etc/os-release
    else
        file os_release - /usr/lib/os-release
    fi
    file uptime - /proc/uptime
    reboot_required
}

# Debian's and Ubuntu's flag says nothing where nobody is there who would raise it.
reboot_required() {
    if [ -e /run/reboot-required ] || [ -e /var/run/reboot-required ]; then
        is reboot_required - yes
    elif [ -e /etc/kernel/postinst.d/unattended-upgrades ] || [ -e /etc/kernel/postinst.d/update-notifier ]; then
        is reboot_required - no
    elif has needs-restarting; then
        needs-restarting -r >/dev/null 2>&1
        case $? in
        0) is reboot_required - no ;;
        1) is reboot_required - yes ;;
        *) unknown reboot_required - "$(complaint needs-restarting -r)" ;;
        esac
    else
        unknown reboot_required - "nothing on it takes note of that"
    fi
}

kernel() {
    if [ -e /proc/sys/kernel/ostype ]; then
        file kernel "$1" "/proc/sys/$2"
    else
        unknown kernel "$1" "/proc/sys is not there"
    fi
}

# The effective configuration. `-T` wants the host keys, which only root may read; `-G` (OpenSSH 9.3) does not. Some versions
# refuse to answer without a connection where blocks with conditions are in the configuration.
ssh_server() {
    server=$(command -v sshd)
    if [ -z "$server" ]; then
        none sshd -
        return
    fi
    from=user=root,host=localhost,addr=127.0.0.1,laddr=127.0.0.1,lport=22
    for way in '-T' "-T -C $from" '-G' "-G -C $from"; do
        # The way is two words on purpose.
        # shellcheck disable=SC2086
        if value=$("$server" $way 2>/dev/null); then
            sshd_is "$way" "$value"
            return
        fi
    done
    if [ "$uid" = 0 ]; then
        unknown sshd - "$(complaint "$server" -T)"
        return
    fi
    for way in '-T' "-T -C $from"; do
        # shellcheck disable=SC2086
        if value=$(as_root "$server" $way 2>/dev/null); then
            sshd_is "$way" "$value"
            return
        fi
    done
    unknown sshd - "needs root: $(complaint "$server" -T); $(complaint as_root "$server" -T)"
}

sshd_is() {
    is sshd - "$2"
    case $1 in
    *-C*) is sshd_conditions - yes ;;
    *) is sshd_conditions - no ;;
    esac
    # Where the server reads by default, and what the distributions' own files include.
    for path in /etc/ssh/sshd_config /etc/ssh/sshd_config.d/*.conf /usr/etc/ssh/sshd_config /usr/etc/ssh/sshd_config.d/*.conf \
        /etc/crypto-policies/back-ends/opensshserver.config; do
        if [ -e "$path" ]; then
            file sshd_file "$(printf '%s' "$path" | hex)" "$path"
        fi
    done
}

# The manager that knows itself: others may be there as tools.
find_manager() {
    manager=
    if has dpkg-query && dpkg-query -W dpkg >/dev/null 2>&1; then
        manager=dpkg
    elif has apk && apk info -e apk-tools >/dev/null 2>&1; then
        manager=apk
    elif has pacman && pacman -Q pacman >/dev/null 2>&1; then
        manager=pacman
    elif has rpm && rpm -q rpm >/dev/null 2>&1; then
        manager=rpm
    fi
    if [ -n "$manager" ]; then
        is manager - "$manager"
    else
        unknown manager - "there is neither dpkg, rpm, apk nor pacman that knows itself"
    fi
}

# Whatever the manager says, complaints included: that a package is not there is one of them.
packages() {
    chunk=$1
    shift
    case $manager in
    dpkg) value=$(dpkg-query -W -f 'have ${Package} ${db:Status-Status} ${Version} ${Architecture}\n' -- "$@" 2>&1) ;;
    rpm) value=$(rpm -q --qf 'have %{NAME} installed %{VERSION}-%{RELEASE} %{ARCH}\n' "$@" 2>&1) ;;
    pacman) value=$(pacman -Q "$@" 2>&1) ;;
    apk) value=$(apk_packages "$@") ;;
    *) return ;;
    esac
    is packages "$chunk" "$value"
}

apk_packages() {
    for package in "$@"; do
        if found=$(apk info -e "$package" 2>/dev/null) && [ "$found" = "$package" ]; then
            echo "have $package installed - -"
        else
            echo "lack $package"
        fi
    done
}

unit() {
    is unit "$1" "$(systemctl is-enabled "$2" 2>/dev/null) $(systemctl is-active "$2" 2>/dev/null)"
}

updates() {
    if has apt-config; then
        if value=$(apt-config dump 2>/dev/null); then
            is apt - "$(printf '%s\n' "$value" | grep -i -e '^APT::Periodic::' -e '^Unattended-Upgrade::')"
        else
            unknown apt - "$(complaint apt-config dump)"
        fi
    else
        none apt -
    fi
    if [ -e /etc/dnf/automatic.conf ]; then
        file dnf_automatic - /etc/dnf/automatic.conf
    else
        file dnf_automatic - /etc/dnf/dnf5-plugins/automatic.conf
    fi
    if [ ! -d /run/systemd/system ]; then
        none systemd -
        return
    fi
    is systemd - yes
    for timer in apt-daily apt-daily-upgrade dnf-automatic dnf-automatic-install dnf5-automatic; do
        unit "$(printf '%s' "$timer" | hex)" "$timer.timer"
    done
}
