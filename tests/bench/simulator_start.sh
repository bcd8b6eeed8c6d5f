#!/usr/bin/env bash
# From the start of the simulator until it listens, with the demo app and with an app of one row: the median of twenty starts. What is between
# the two is the loading of the demo app. Prints a table.
# Usage: simulator_start.sh BUILD_FOLDER
set -euo pipefail
build=$(readlink -f "$1")
source=$(dirname "$(readlink -f "$0")")/../..
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

"$source/certs/make-dev-certs.sh" "$scratch/certs"
"$build/bin/qonduit-simulator" make-demo "$scratch/demo"
exec {never}<> <(:)  # says nothing: a read of it is a pause that starts no process

# One line of the table.
measure() { # name argument...
  local name=$1 begun engine
  shift
  for _ in {1..20}; do
    rm -f "$scratch/port"
    begun=${EPOCHREALTIME/./}
    "$build/bin/qonduit-simulator" --certs "$scratch/certs" "$@" --port 0 --port-file "$scratch/port" >"$scratch/log" 2>&1 &
    engine=$!
    until [[ -s $scratch/port ]]; do
      kill -0 "$engine" 2>/dev/null || { cat "$scratch/log" >&2; exit 1; }
      read -rt 0.0005 -u "$never" || true
    done
    echo $((${EPOCHREALTIME/./} - begun))
    kill "$engine"
    wait "$engine" || true
  done | sort -n | awk -v name="$name" '{ took[NR] = $1 } END {
    printf "%-22s %8.1f %8.1f %8.1f\n", name, took[1] / 1000, (took[10] + took[11]) / 2000, took[20] / 1000 }'
}

printf '%-22s %8s %8s %8s\n' 'ms' least median most
measure 'an app of one row' --synthetic --rows 1
measure 'the demo app' --app "$scratch/demo"
