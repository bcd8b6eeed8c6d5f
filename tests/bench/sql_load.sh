#!/usr/bin/env bash
# Rows of eight columns appended by each SQL sink, next to the database's own tool loading the same rows from CSV: rows a second, the ratio,
# and the sink's peak memory. The best of three. Starts servers of its own.
# Usage: sql_load.sh BUILD_FOLDER
set -euo pipefail
build=$(readlink -f "$1")
scratch=$(mktemp -d)
chmod 755 "$scratch"
as=()
[[ $EUID -eq 0 ]] && as=(setpriv --reuid=postgres --regid=postgres --clear-groups) && chown postgres "$scratch"
programs=$(printf '%s\n' /usr/lib/postgresql/*/bin | sort -V | tail -1)
server= mariadb=
finish() {
  [[ -n $server ]] && kill -INT "$server" 2>/dev/null && wait "$server" 2>/dev/null
  [[ -n $mariadb ]] && kill "$mariadb" 2>/dev/null && wait "$mariadb" 2>/dev/null
  rm -rf "$scratch"
}
trap finish EXIT

"${as[@]}" "$programs/initdb" -D "$scratch/data" -U postgres -A trust -E UTF8 --locale=C >/dev/null
"${as[@]}" "$programs/postgres" -D "$scratch/data" -c listen_addresses= -c "unix_socket_directories=$scratch" -c max_wal_size=8GB >"$scratch/log" 2>&1 &
server=$!
until "$programs/pg_isready" -q -h "$scratch"; do kill -0 "$server" || { cat "$scratch/log" >&2; exit 1; }; sleep 0.1; done
sql() { psql -q -h "$scratch" -U postgres -d postgres -c "$1"; }

as_mysql=()
mkdir "$scratch/mariadb"
[[ $EUID -eq 0 ]] && as_mysql=(setpriv --reuid=mysql --regid=mysql --clear-groups) && chown mysql "$scratch/mariadb"
"${as_mysql[@]}" mariadb-install-db --no-defaults --auth-root-authentication-method=normal --datadir="$scratch/mariadb/data" --tmpdir="$scratch/mariadb" >/dev/null 2>&1
"${as_mysql[@]}" mariadbd --no-defaults --datadir="$scratch/mariadb/data" --tmpdir="$scratch/mariadb" --socket="$scratch/mariadb/socket" --skip-networking --local-infile=1 \
  --innodb-buffer-pool-size=1G --innodb-log-file-size=1G --pid-file="$scratch/mariadb/pid" >"$scratch/mariadb.log" 2>&1 &
mariadb=$!
mysql() { mariadb --no-defaults --local-infile=1 -S "$scratch/mariadb/socket" -u root bench -e "$1"; }
until mariadb --no-defaults -S "$scratch/mariadb/socket" -u root -e 'CREATE DATABASE bench' 2>/dev/null; do
  kill -0 "$mariadb" || { cat "$scratch/mariadb.log" >&2; exit 1; }
  sleep 0.1
done

seconds() { # command ...: how long it takes
  local begin=$EPOCHREALTIME
  "$@" >/dev/null
  awk -v b="$begin" -v e="$EPOCHREALTIME" 'BEGIN { printf "%.3f\n", e - b }'
}
best() { sort -n | head -1; }
columns='id bigint, region text, product text, day date, moment timestamp, price double precision, quantity bigint, paid boolean'

line() { # name rows own sink_seconds sink_memory
  awk -v n="$1" -v r="$2" -v o="$3" -v s="$4" -v m="$5" -v b="$(stat -c %s "$scratch/rows.csv")" 'BEGIN {
    printf "%-11s %9d %12.0f %12.0f %8.1f %7.2f %9d\n", n, r, r / o, r / s, b / s / 1e6, o / s, m }'
}
printf '%-11s %9s %12s %12s %8s %7s %9s\n' sink rows 'tool rows/s' 'sink rows/s' 'CSV MB/s' ratio 'peak MiB'
for rows in ${QONDUIT_BENCH_ROWS:-1000000 10000000}; do
  "$build/bin/sink_load_bench" "$rows" csv > "$scratch/rows.csv"
  runs=3
  [[ $rows -gt 1000000 ]] && runs=1
  own=$(for _ in $(seq $runs); do
    sql 'DROP TABLE IF EXISTS own' 2>/dev/null; sql "CREATE TABLE own ($columns)"
    seconds psql -q -h "$scratch" -U postgres -d postgres -c "\\copy own from '$scratch/rows.csv' (format csv)"
  done | best)
  sink=$(for _ in $(seq $runs); do
    sql 'DROP TABLE IF EXISTS bench, _qonduit_deliveries' 2>/dev/null
    "$build/bin/sink_load_bench" "$rows" "$build/plugins/postgresql.so" postgresql mode=append "url=postgresql://postgres@/postgres?host=$scratch"
  done | best)
  line postgresql "$rows" "$own" $sink
  sql 'DROP TABLE IF EXISTS own, bench'
  own=$(for _ in $(seq $runs); do
    rm -f "$scratch"/own.db*
    sqlite3 "$scratch/own.db" 'PRAGMA journal_mode = WAL' "CREATE TABLE own (id INTEGER, region TEXT, product TEXT, day DATE, moment TIMESTAMP, price REAL, quantity INTEGER, paid BOOLEAN)" >/dev/null
    seconds sqlite3 "$scratch/own.db" '.mode csv' ".import $scratch/rows.csv own"
  done | best)
  sink=$(for _ in $(seq $runs); do
    rm -f "$scratch"/bench.db*
    "$build/bin/sink_load_bench" "$rows" "$build/plugins/sqlite.so" sqlite mode=append "file=$scratch/bench.db"
  done | best)
  line sqlite "$rows" "$own" $sink
  own=$(for _ in $(seq $runs); do
    mysql 'DROP TABLE IF EXISTS own; CREATE TABLE own (id bigint, region longtext, product longtext, day date, moment datetime(3), price double, quantity bigint, paid tinyint(1)) CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin'
    seconds mariadb --no-defaults --local-infile=1 -S "$scratch/mariadb/socket" -u root bench \
      -e "LOAD DATA LOCAL INFILE '$scratch/rows.csv' INTO TABLE own CHARACTER SET utf8mb4 FIELDS TERMINATED BY ','"
  done | best)
  sink=$(for _ in $(seq $runs); do
    mysql 'DROP TABLE IF EXISTS bench, _qonduit_deliveries'
    "$build/bin/sink_load_bench" "$rows" "$build/plugins/odbc.so" odbc mode=append "connection=DRIVER={MariaDB Unicode};SOCKET=$scratch/mariadb/socket;DATABASE=bench" user=root
  done | best)
  line odbc "$rows" "$own" $sink
  mysql 'DROP TABLE IF EXISTS own, bench'
done
