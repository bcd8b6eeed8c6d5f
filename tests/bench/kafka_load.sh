#!/usr/bin/env bash
# Rows of eight columns as messages to Apache Kafka through the sink, next to a bare librdkafka loop with bodies of the same size, the same
# window and compression: messages and rows a second, the ratio, and the sink's peak memory. Starts a broker of its own.
# Usage: kafka_load.sh BUILD_FOLDER
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/../.."
build=$(readlink -f "$1")
scratch=$(mktemp -d)
jars="$build/kafka-jars"
[[ -d $jars ]] || mvn -q -B -f plugins/sinks/queue/testing/kafka/pom.xml dependency:copy-dependencies "-DoutputDirectory=$jars"
free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }
port=$(free_port) controller=$(free_port)
cat > "$scratch/server.properties" <<EOF
node.id=1
process.roles=broker,controller
controller.quorum.voters=1@localhost:$controller
controller.listener.names=CONTROLLER
listeners=PLAINTEXT://127.0.0.1:$port,CONTROLLER://localhost:$controller
advertised.listeners=PLAINTEXT://127.0.0.1:$port
log.dirs=$scratch/data
offsets.topic.replication.factor=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
EOF
kafka() { java -Xmx1g -cp "$jars/*" "$@"; }
kafka kafka.tools.StorageTool format -t 5L6g3nShT-eMCtK--X86sw -c "$scratch/server.properties" >/dev/null 2>&1
kafka kafka.Kafka "$scratch/server.properties" >"$scratch/out" 2>&1 & server=$!
trap 'pkill -KILL -P $server 2>/dev/null; kill -KILL $server 2>/dev/null; wait 2>/dev/null; rm -rf "$scratch"' EXIT
until kcat -q -L -m 2 -b "127.0.0.1:$port" >/dev/null 2>&1; do kill -0 $server || { cat "$scratch/out" >&2; exit 1; }; sleep 0.2; done

number=0
sink() { # rows option ...
  local rows=$1; shift
  number=$((number + 1))
  "$build/bin/sink_load_bench" "$rows" "$build/plugins/kafka.so" kafka "bootstrap-servers=127.0.0.1:$port" tls=false "topic=${topic:-sink-$RANDOM-$number}" \
    create-topic=true "topic-settings=retention.bytes=100000000" "$@"
}
bare() { # messages size
  number=$((number + 1))
  local topic="bare-$RANDOM-$number"
  kafka org.apache.kafka.tools.TopicCommand --bootstrap-server "127.0.0.1:$port" --create --topic "$topic" --config retention.bytes=100000000 >/dev/null 2>&1
  "$build/bin/kafka_produce_bench" "127.0.0.1:$port" "$topic" "$1" "$2" 100000
}
line() { # what rows messages bare_seconds sink_seconds sink_memory
  awk -v w="$1" -v r="$2" -v m="$3" -v b="$4" -v s="$5" -v p="$6" 'BEGIN {
    printf "%-26s %9d %12.0f %12.0f %12.0f %7.2f %9d\n", w, r, m / b, m / s, r / s, b / s, p }'
}
best() { sort -n | head -1; }

bare 1000000 190 >/dev/null  # the broker's code is compiled while it runs
printf '%-26s %9s %12s %12s %12s %7s %9s\n' format rows 'bare msg/s' 'sink msg/s' 'sink rows/s' ratio 'peak MiB'
# 150 bytes is what a row of these is as JSON, on average; the header with its id has 40.
for rows in 1000000 10000000; do
  own=$(for _ in 1 2 3; do bare $rows 190; done | best)
  line 'json' $rows $rows "$own" $(for _ in 1 2 3; do sink $rows headers=; done | best)
done
rows=1000000
own=$(for _ in 1 2 3; do bare $rows 190; done | best)
line 'json, all headers' $rows $rows "$own" $(for _ in 1 2 3; do sink $rows; done | best)
line 'json, transactional' $rows $rows "$own" $(for _ in 1 2 3; do sink $rows headers= delivery=transactional; done | best)
line 'avro' $rows $rows "$own" $(for _ in 1 2 3; do sink $rows headers= format=avro; done | best)
mkdir "$scratch/state"
changes=(headers= mode=changes key=id "state-directory=$scratch/state")
line 'json, changes, all new' $rows $rows "$own" $(for topic in new1 new2 new3; do sink $rows "${changes[@]}"; done | best)
line 'json, changes, none new' $rows $rows "$own" $(for topic in new1 new2 new3; do sink $rows "${changes[@]}"; done | best)
own=$(bare 10000 150000)
line 'json-array of 1,000' 10000000 10000 "$own" $(sink 10000000 headers= format=json-array)
