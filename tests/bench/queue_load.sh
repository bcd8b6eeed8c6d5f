#!/usr/bin/env bash
# Rows of eight columns as messages to RabbitMQ through the sink, next to a bare rabbitmq-c loop with bodies of the same size and the same
# window: messages and rows a second, the ratio, and the sink's peak memory. Starts a broker of its own.
# Usage: queue_load.sh BUILD_FOLDER
set -euo pipefail
build=$(readlink -f "$1")
scratch=$(mktemp -d)
free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
port=$(free_port) names=$(free_port)
export HOME="$scratch" RABBITMQ_NODENAME="bench$port@localhost" RABBITMQ_DIST_PORT=$(free_port) ERL_EPMD_PORT="$names" ERL_EPMD_ADDRESS=127.0.0.1 \
  RABBITMQ_MNESIA_BASE="$scratch/data" RABBITMQ_LOG_BASE="$scratch/log" RABBITMQ_CONFIG_FILE="$scratch/rabbitmq" \
  RABBITMQ_ENABLED_PLUGINS_FILE="$scratch/plugins" RABBITMQ_PID_FILE="$scratch/pid" RUNNING_UNDER_SYSTEMD=yes
echo "listeners.tcp.1 = 127.0.0.1:$port" > "$scratch/rabbitmq.conf"
echo '[].' > "$scratch/plugins"
epmd -port "$names" -address 127.0.0.1 & epmd=$!
/usr/lib/rabbitmq/bin/rabbitmq-server >"$scratch/out" 2>&1 & server=$!
trap 'kill -KILL $server $epmd 2>/dev/null; wait 2>/dev/null; rm -rf "$scratch"' EXIT
connect=(--server=127.0.0.1 --port="$port")
until amqp-declare-queue "${connect[@]}" -q ready >/dev/null 2>&1; do kill -0 $server || { cat "$scratch/out" >&2; exit 1; }; sleep 0.2; done

sink() { # rows option ...
  local rows=$1; shift
  "$build/bin/sink_load_bench" "$rows" "$build/plugins/amqp.so" amqp "url=amqp://127.0.0.1:$port/%2f" routing-key=bench declare-queue=classic "$@"
  amqp-delete-queue "${connect[@]}" -q bench >/dev/null
}
bare() { # messages size
  "$build/bin/amqp_confirm_bench" "$port" bare "$1" "$2" 5000
  amqp-delete-queue "${connect[@]}" -q bare >/dev/null
}
line() { # what rows messages bare_seconds sink_seconds sink_memory
  awk -v w="$1" -v r="$2" -v m="$3" -v b="$4" -v s="$5" -v p="$6" 'BEGIN {
    printf "%-24s %9d %12.0f %12.0f %12.0f %7.2f %9d\n", w, r, m / b, m / s, r / s, b / s, p }'
}
best() { sort -n | head -1; }

printf '%-24s %9s %12s %12s %12s %7s %9s\n' format rows 'bare msg/s' 'sink msg/s' 'sink rows/s' ratio 'peak MiB'
# 150 bytes is what a row of these is as JSON, on average.
rows=200000
own=$(for _ in 1 2 3; do bare $rows 150; done | best)
line 'json' $rows $rows "$own" $(for _ in 1 2 3; do sink $rows headers=; done | best)
line 'json, all headers' $rows $rows "$own" $(for _ in 1 2 3; do sink $rows; done | best)
for rows in 1000000 10000000; do
  own=$(bare $((rows / 1000)) 150000)
  line 'json-array of 1,000' $rows $((rows / 1000)) "$own" $(sink $rows headers= format=json-array)
done
