#!/bin/sh
# Makes the development certificates: a CA of our own, a server certificate for loopback and a client certificate, the three
# files a Qlik Sense site exports (root.pem, client.pem, client_key.pem) plus the server's pair. Valid certificates are kept.
#
#   make-dev-certs.sh [DIR]      DIR defaults to dev/ beside this script
set -eu

dir=${1:-$(dirname "$0")/dev}
days=365
renew_seconds=$((31 * 24 * 3600))

command -v openssl >/dev/null || { echo "make-dev-certs.sh: the openssl command is missing (Debian: apt-get install openssl)" >&2; exit 1; }
umask 077
mkdir -p "$dir"

fresh() { # fresh CERT KEY: both exist, belong together, and the certificate lives long enough
  [ -s "$1" ] && [ -s "$2" ] || return 1
  openssl x509 -in "$1" -noout -checkend "$renew_seconds" >/dev/null 2>&1 || return 1
  [ "$(openssl x509 -in "$1" -noout -pubkey 2>/dev/null)" = "$(openssl pkey -in "$2" -pubout 2>/dev/null)" ]
}

signed() { # signed CERT: issued by the CA that is there now
  openssl verify -CAfile "$dir/root.pem" "$1" >/dev/null 2>&1
}

# request NAME ARGUMENT…: a key of its own, NAME_key.pem, and what openssl req makes with it
request() {
  key=$work/$1_key.pem
  shift
  openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout "$key" "$@" 2>"$work/log" || { cat "$work/log" >&2; exit 1; }
  chmod 600 "$key"
}

# Everything is made in a folder of its own and moved in at the end: two runs at once, or one that is interrupted, leave whole files.
work=$(mktemp -d "$dir/.new.XXXXXX")
trap 'rm -rf "$work"' EXIT INT TERM

random_bytes() { od -An -N12 -tx1 /dev/urandom | tr -d ' \n'; }

issue() { # issue NAME SUBJECT EXTENSIONS
  request "$1" -subj "$2" -out "$work/$1.csr"
  printf '%s\n' "basicConstraints=critical,CA:FALSE" "subjectKeyIdentifier=hash" "authorityKeyIdentifier=keyid" "$3" >"$work/$1.ext"
  openssl x509 -req -in "$work/$1.csr" -CA "$dir/root.pem" -CAkey "$dir/root_key.pem" -set_serial "0x$(random_bytes)" -days "$days" -sha256 \
    -extfile "$work/$1.ext" -out "$work/$1.pem" 2>"$work/log" || { cat "$work/log" >&2; exit 1; }
  chmod 644 "$work/$1.pem"
  mv "$work/$1_key.pem" "$dir/$1_key.pem"
  mv "$work/$1.pem" "$dir/$1.pem"
}

if ! fresh "$dir/root.pem" "$dir/root_key.pem"; then
  request root -x509 -subj "/CN=qonduit development CA" -days "$days" -sha256 \
    -addext "basicConstraints=critical,CA:TRUE" -addext "keyUsage=critical,keyCertSign,cRLSign" -out "$work/root.pem"
  chmod 644 "$work/root.pem"
  mv "$work/root_key.pem" "$dir/root_key.pem"
  mv "$work/root.pem" "$dir/root.pem"
fi

if ! fresh "$dir/server.pem" "$dir/server_key.pem" || ! signed "$dir/server.pem"; then
  issue server "/CN=localhost" "keyUsage=critical,digitalSignature
extendedKeyUsage=serverAuth
subjectAltName=DNS:localhost,IP:127.0.0.1,IP:::1"
fi

if ! fresh "$dir/client.pem" "$dir/client_key.pem" || ! signed "$dir/client.pem"; then
  issue client "/CN=QlikClient" "keyUsage=critical,digitalSignature
extendedKeyUsage=clientAuth"
fi
