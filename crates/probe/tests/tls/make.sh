#!/bin/sh
# Makes the certificates of the tests: a root, an intermediate that ends in 2030, and what it signed. Trusted by nobody else.
# The tests bring their own clock (2027), so nothing here has to be renewed.
set -eu
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -r "$work"' EXIT
cat > "$work/ca.cnf" <<END
[ca]
default_ca = it
[it]
database = $work/index
new_certs_dir = $work
serial = $work/serial
default_md = sha256
policy = any
unique_subject = no
[any]
commonName = supplied
[authority]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
[server]
basicConstraints = CA:FALSE
extendedKeyUsage = serverAuth
subjectAltName = \${ENV::NAMES}
END
: > "$work/index"
echo 1000 > "$work/serial"
export NAMES=DNS:none

# name, common name, section, end, signer
make() {
    openssl genpkey -quiet -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$work/$1.key" 2>/dev/null ||
        openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$work/$1.key" 2>/dev/null
    openssl req -new -key "$work/$1.key" -subj "/CN=$2" -out "$work/$1.csr"
    if [ "$5" = self ]; then sign="-selfsign -keyfile $work/$1.key"; else sign="-cert $work/$5.pem -keyfile $work/$5.key"; fi
    # shellcheck disable=SC2086
    openssl ca -batch -notext -config "$work/ca.cnf" -extensions "$3" -startdate 20260101000000Z -enddate "$4" \
        $sign -in "$work/$1.csr" -out "$work/$1.pem" 2>/dev/null
}

make root "Tests root" authority 20760101000000Z self
make intermediate "Tests intermediate" authority 20300601000000Z root
NAMES=DNS:localhost,IP:127.0.0.1,IP:::1 make leaf leaf server 20400101000000Z intermediate
NAMES=DNS:elsewhere.example make elsewhere elsewhere server 20400101000000Z root
NAMES=DNS:localhost,IP:127.0.0.1 make lonely lonely server 20280101000000Z self
for name in root intermediate leaf elsewhere lonely; do cp "$work/$name.pem" .; done
for name in leaf elsewhere lonely; do cp "$work/$name.key" "$name.key.pem"; done
