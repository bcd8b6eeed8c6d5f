#!/usr/bin/env bash
# Many small objects of an engine that is far away: qonduit, and a script on Qlik's own client that reads all of them at once. One table,
# side by side in one run; what is asserted is in tests.
# Usage: many_objects.sh BUILD_FOLDER
set -euo pipefail
. "$(dirname "$(readlink -f "$0")")/engine.sh" "$1"
peer=$scratch/peer
mkdir "$peer"
cp "$source"/tests/e2e/enigma/{.npmrc,package.json,package-lock.json,read_objects.mjs} "$peer"
(cd "$peer" && npm ci --no-audit --no-fund --prefer-offline >/dev/null)

median() { sort -n | awk '{ a[NR] = $1 } END { print a[int((NR + 1) / 2)] }'; }

# qonduit over all objects of an app: its seconds, and calls and waits of the report.
qonduit() { # app option...
  local app=$1
  shift
  rm -rf "$scratch/out" && mkdir "$scratch/out"
  command time -f '%M' -o "$scratch/rss" "$build/bin/qonduit" -D "connection.c.url=wss://localhost:$port/app" -D "connection.c.user=UserDirectory=BENCH; UserId=bench" \
    -D "connection.c.certificates=$scratch/certs" -D pipeline.p.connection=c -D "pipeline.p.app=$app" -D 'pipeline.p.objects=sheet:*/*' \
    -D pipeline.p.sinks=f -D sink.f.type=csv -D "sink.f.directory=$scratch/out" -D "plugins.path=$build/plugins" -D logging.level=error \
    -D pipeline.p.on-error=continue "$@" --config /dev/null run --json > "$scratch/report" 2> "$scratch/errors" || [[ $? == 1 ]] ||
    { cat "$scratch/errors" >&2; exit 1; }  # some objects of the gallery cannot be read
}

figure() { sed -n "s/.*\"$1\": *\([0-9.e-]*\),*\$/\1/p" "$scratch/report" | awk 'NR == 1'; }

# An app of so many tables of 20 rows, on sheets of 25.
make_app() { # objects folder
  mkdir -p "$2"
  {
    printf '{"id":"many","title":"Many","tables":[{"name":"T","csv":"Region,Amount\\n'
    for i in {1..20}; do printf 'Region %d,%d\\n' "$i" $((i * i)); done
    printf '","fields":[{"name":"Region","type":"text"},{"name":"Amount","type":"integer"}]}],"sheets":['
    for ((i = 0; i < $1; ++i)); do
      ((i % 25)) && printf ',' || printf '%s{"id":"s%d","title":"Sheet %d","objects":[' "$([[ $i == 0 ]] || printf ']},')" "$i" "$i"
      printf '{"id":"o%d","type":"table","title":"Table %d","dimensions":[{"field":"Region"}],"measures":[{"label":"Sum","expression":"Sum(Amount)+%d"}]}' \
        "$i" "$i" "$i"
    done
    printf ']}]}'
  } >"$2/app.json"
}

row() { # name latency app
  local name=$1 latency=$2 app=$3 seconds peers peak=0
  for _ in 1 2 3; do
    qonduit "$app"
    figure seconds >>"$scratch/seconds"
    peak=$(($(tail -n 1 "$scratch/rss") > peak ? $(tail -n 1 "$scratch/rss") : peak))
  done
  seconds=$(median <"$scratch/seconds")
  rm "$scratch/seconds"
  peers=$(for _ in 1 2 3; do (cd "$peer" && node read_objects.mjs "$port" "$scratch/certs" "$app" 2>/dev/null); done | sort -n | sed -n 2p)
  awk -v name="$name" -v latency="$latency" -v s="$seconds" -v calls="$(figure engine_calls)" -v waits="$(figure waits)" -v peer="$peers" \
    -v peak="$peak" 'BEGIN {
    split(peer, p, " ")
    printf "%-10s %7s %9.2f %6s %6s %9.1f %9.2f %6s %6.2f\n", name, latency, s, calls, waits, peak / 1024, p[1], p[2], s / p[1] }'
}

printf '%-10s %7s %9s %6s %6s %9s %9s %6s %6s\n' app latency qonduit calls waits 'peak MiB' peer calls ratio
for latency in 0 20 75; do
  start_engine --latency "$latency" --gallery
  row gallery "$latency" gallery
done
make_app 500 "$scratch/many"
start_engine --latency 40 --app "$scratch/many"
row 'many 500' 40 many
make_app 1 "$scratch/one"
start_engine --latency 40 --app "$scratch/one"
row 'many 1' 40 many
