#!/usr/bin/env bash
# Plugins of strangers: installs the SDK, builds a project against the installed package with g++ and with clang and libc++, and lets the
# host load and use what came out. Usage: consumer_test.sh BUILD_FOLDER SOURCE_FOLDER
set -euo pipefail
build=$(readlink -f "$1")
source=$(readlink -f "$2")
# Owned by us and writable by nobody else, as the host demands of folders of plugins; not below /tmp, which everybody may write.
scratch=$build/consumer
rm -rf "$scratch"
mkdir -p -m 0755 "$scratch"
engine=
finish() { [[ -n $engine ]] && kill "$engine" 2>/dev/null && wait "$engine" 2>/dev/null || true; }
trap finish EXIT
fail() { echo "consumer_test: $*" >&2; exit 1; }

cmake --install "$build" --component sdk --prefix "$scratch/prefix" >/dev/null
[[ -z $(find "$scratch/prefix" -name '*.so*' -o -name '*.a') ]] || fail "the SDK installs libraries"
if grep -rqF -e "$source" -e "$build" "$scratch/prefix"; then fail "the SDK remembers where it was built"; fi

build_project() { # name c++ c flags tests
  CXX=$2 CC=$3 CXXFLAGS=$4 LDFLAGS=$4 cmake -S "$source/tests/consumer/project" -B "$scratch/$1" -DCMAKE_BUILD_TYPE=Release \
    -DCMAKE_PREFIX_PATH="$scratch/prefix" -DWITH_TESTS="$5" >"$scratch/$1.log" 2>&1 || { cat "$scratch/$1.log"; fail "$1: configure"; }
  cmake --build "$scratch/$1" >"$scratch/$1.log" 2>&1 || { cat "$scratch/$1.log"; fail "$1: build"; }
  for plugin in lines summary; do
    symbols=$(nm -D --defined-only "$scratch/$1/plugins/$plugin.so" | awk '{ print $3 }')
    [[ $symbols == qonduit_plugin_v0 ]] || fail "$1/$plugin.so exports: $symbols"
  done
}
build_project gcc g++ gcc "" ON
build_project clang clang++-14 clang-14 "" OFF
build_project libcxx clang++-14 clang-14 "-stdlib=libc++" OFF
[[ $(ldd "$scratch/libcxx/plugins/lines.so") == *libc++* ]] || fail "the third build does not use libc++"
ctest --test-dir "$scratch/gcc" --output-on-failure --no-tests=error >"$scratch/gcc.log" 2>&1 || { cat "$scratch/gcc.log"; fail "conformance"; }

"$source/certs/make-dev-certs.sh" "$scratch/certs" >/dev/null
"$build/bin/qonduit-simulator" make-demo "$scratch/demo"
exec 3< <(exec "$build/bin/qonduit-simulator" --certs "$scratch/certs" --app "$scratch/demo" --port 0 --port-file "$scratch/port")
engine=$!
while read -r line <&3; do [[ $line == *"listens on"* ]] && break; done

for kind in gcc clang libcxx; do
  mkdir "$scratch/out-$kind"
  cat > "$scratch/$kind.properties" <<EOF
connection.c.url          = wss://localhost:$(<"$scratch/port")/app
connection.c.user         = UserDirectory=TEST; UserId=stranger
connection.c.certificates = $scratch/certs
pipeline.p.connection     = c
pipeline.p.app            = Consumer Sales
pipeline.p.objects        = object:table-orders
pipeline.p.sinks          = l, s
sink.l.type               = lines
sink.l.path               = $scratch/out-$kind/lines.txt
sink.s.type               = summary
sink.s.path               = $scratch/out-$kind/summary.txt
plugins.path              = $build/plugins, $scratch/$kind/plugins
logging.level             = warn
EOF
  host() { "$build/bin/qonduit" --config "$scratch/$kind.properties" "$@"; }
  list=$(host plugins)
  grep -q '^lines  sink  lines 1.0.0' <<<"$list" || fail "$kind: lines is not listed: $list"
  grep -q '^summary  sink  summary 1.0.0' <<<"$list" || fail "$kind: summary is not listed: $list"
  grep -q 'sink.NAME.path = ' <<<"$(host plugins describe lines)" || fail "$kind: lines does not describe its options"
  host run >"$scratch/$kind.log" 2>&1 || { cat "$scratch/$kind.log"; fail "$kind: the run failed"; }
  [[ $(wc -l <"$scratch/out-$kind/lines.txt") == 50001 ]] || fail "$kind: lines wrote $(wc -l <"$scratch/out-$kind/lines.txt") lines"
  [[ $(<"$scratch/out-$kind/summary.txt") == "50000 9" ]] || fail "$kind: summary says $(<"$scratch/out-$kind/summary.txt")"
done
cmp "$scratch/out-gcc/lines.txt" "$scratch/out-clang/lines.txt"
cmp "$scratch/out-gcc/lines.txt" "$scratch/out-libcxx/lines.txt"
echo "six plugins of three compilers delivered 50,000 rows each"
