#!/usr/bin/env bash
# Whole runs, simulator to CSV over mutual TLS: cells a second, peak memory of the host, with and without latency. Prints a table.
# Usage: whole_run.sh BUILD_FOLDER
set -euo pipefail
. "$(dirname "$(readlink -f "$0")")/engine.sh" "$1"
mkdir "$scratch/out"
cat > "$scratch/bench.properties" <<EOF
connection.bench.user         = UserDirectory=BENCH; UserId=bench
connection.bench.certificates = $scratch/certs
pipeline.bench.connection     = bench
pipeline.bench.app            = synthetic
pipeline.bench.objects        = object:synthetic-table
pipeline.bench.sinks          = files
sink.files.type               = csv
sink.files.directory          = $scratch/out
plugins.path                  = $build/plugins
logging.level                 = warn
EOF

# One line of the table: the best of three runs, and the largest of their peaks.
measure() { # cells rows latency window [object [columns of data]]
  start_engine --synthetic --rows "$2" --latency "$3"
  local object=${5:-synthetic-table} columns=${6:-8}
  rm -rf "$scratch/out"
  mkdir "$scratch/out"
  local best=0 peak=0 rate rss
  for _ in 1 2 3; do
    command time -f '%M' -o "$scratch/rss" "$build/bin/qonduit" --config "$scratch/bench.properties" \
      -D "connection.bench.url=wss://localhost:$port/app" -D "pipeline.bench.window=$4" \
      -D "pipeline.bench.objects=object:$object" run --json > "$scratch/report" 2> "$scratch/errors" ||
      { cat "$scratch/errors" "$scratch/report" >&2; exit 1; }
    rate=$(sed -n 's/.*"\(cells\|seconds\)": *\([0-9.e-]*\).*/\1 \2/p' "$scratch/report" |
      awk '!($1 in first) { first[$1] = $2 } END { printf "%.2f", first["cells"] / first["seconds"] / 1e6 }')
    rss=$(tail -n 1 "$scratch/rss")
    best=$(awk -v a="$best" -v b="$rate" 'BEGIN { print (b > a) ? b : a }')
    peak=$((rss > peak ? rss : peak))
  done
  local bytes
  bytes=$(find "$scratch/out" -name '*.csv' -printf '%s\n' | head -n 1)
  awk -v cells="$1" -v latency="$3" -v window="$4" -v rate="$best" -v bytes="$bytes" -v peak="$peak" -v total="$(($2 * columns))" 'BEGIN {
    printf "%-6s %7s ms %7s %9.2f %10.1f %10.1f\n", cells, latency, window, rate, rate * 1e6 * bytes / total / 1e6, peak / 1024 }'
}

printf '%-6s %10s %7s %9s %10s %10s\n' cells latency window Mcells/s 'CSV MB/s' 'peak MiB'
measure 1M 125000 0 4
measure 10M 1250000 0 4
measure 10M 1250000 0 64
measure 10M 1250000 20 4
measure 10M 1250000 20 64
measure 10M 1250000 75 4
measure 10M 1250000 75 64
for latency in 0 20 75; do measure 10M 1250000 "$latency" auto; done

# Pivots, tidy: combinations of two dimensions with two measures, which are what is counted.
printf '\n%-6s %10s %7s %9s %10s %10s\n' rows latency window Mcells/s 'CSV MB/s' 'peak MiB'
measure 100k 100000 0 4 synthetic-pivot 2
measure 1M 1000000 0 4 synthetic-pivot 2
