# Sourced by benches that need the simulated engine, with BUILD_FOLDER as $1: a scratch folder with certificates, removed at the end.
build=$(readlink -f "$1")
source=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/../..
scratch=$(mktemp -d)
engine=
stop_engine() { [[ -z $engine ]] || { kill "$engine" 2>/dev/null && wait "$engine" 2>/dev/null || true; }; }
trap 'stop_engine; rm -rf "$scratch"' EXIT
"$source/certs/make-dev-certs.sh" "$scratch/certs"

# In place of the one before. Sets port.
start_engine() { # option...
  stop_engine
  exec 3< <(exec "$build/bin/qonduit-simulator" --certs "$scratch/certs" --port 0 --port-file "$scratch/port" "$@")
  engine=$!
  while read -r line <&3; do [[ $line == *"listens on"* ]] && break; done
  port=$(<"$scratch/port")
}
