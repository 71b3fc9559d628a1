#!/usr/bin/env bash
# The whole way of one model, with the real mechanism at every step: inspect, lint, compile, quantize, verify, measure, serve, deploy, go back.
#
#     ./dev demo                     (or: examples/demo/run.sh, with KEDGE naming another binary)
#
# The device is a private sshd on this machine's loopback, with keys made for this run. Everything is written under build/demo and nothing else is
# touched; the processes it starts end with it. No Python runs on the way.
set -euo pipefail

ROOT=$(cd "$(dirname "$0")/../.." && pwd)
DEMO=$ROOT/examples/demo
KEDGE=${KEDGE:-$ROOT/build/release/kedge}
OUT=$ROOT/build/demo
DEVICE=$OUT/device          # the folder that plays the device's disk
MODEL=$DEMO/model.keras LAYERS=$DEMO/layers.py

server_pid='' sshd_pid=''
cleanup() {
  [ -z "$server_pid" ] || kill "$server_pid" 2>/dev/null || true
  [ -z "$sshd_pid" ] || kill "$sshd_pid" 2>/dev/null || true
}
trap cleanup EXIT
trap 'echo "demo: failed at line $LINENO; what it wrote is in $OUT" >&2' ERR

title() { printf '\n\033[1m%s\033[0m\n' "$*"; }
now_ms() { echo $(($(date +%s%N) / 1000000)); }
fail() { echo "demo: $*" >&2; exit 1; }

# timed COMMAND...: shows the command, runs it, says how long it took
timed() {
  local start
  printf '  $ %s\n' "$(printf '%s ' "$@" | sed "s|$KEDGE|kedge|g; s|$ROOT/||g")"
  start=$(now_ms)
  "$@" 2>&1 | sed "s|$ROOT/||g; s/^/    /"
  printf '    [%d ms]\n' $(($(now_ms) - start))
}

# number KEY: the first number after "KEY": in the JSON on stdin
number() { grep -o "\"$1\": *-\{0,1\}[0-9.e+-]*" | head -n 1 | sed 's/.*: *//'; }
size_of() { stat -c %s "$1"; }
free_port() {
  local port
  for port in $(shuf -i 20000-60000 -n 50); do
    if ! (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then echo "$port"; return; fi
  done
  fail "no free port found"
}

[ -x "$KEDGE" ] || fail "$KEDGE is not there; build it with ./dev build"
rm -rf "$OUT"
mkdir -p "$OUT"
demo_start=$(now_ms)

title "1. What is in the model?"
timed "$KEDGE" inspect "$MODEL" --custom "$LAYERS"

title "2. Are its layers fit for deployment?"
timed "$KEDGE" lint "$LAYERS" --model "$MODEL"
# The same layer as it is often written: the constructor's arguments are not saved, and nobody can find the class.
mkdir -p "$OUT/faulty"
sed -e '/register_keras_serializable/d' -e '/def get_config/,$d' "$LAYERS" >"$OUT/faulty/layers.py"
echo "  The same layer without get_config and registration:"
"$KEDGE" lint "$OUT/faulty/layers.py" | sed "s|$ROOT/||g; s/^/    /"
findings() { "$KEDGE" lint "$1" --format json | { grep -o '"code"' || true; } | wc -l; }
faults=$(findings "$OUT/faulty/layers.py")
"$KEDGE" lint "$OUT/faulty/layers.py" --fix >/dev/null
left=$(findings "$OUT/faulty/layers.py")
echo "    kedge lint --fix: $faults findings before, $left after"

title "3. Compile: float and INT8, for TensorFlow Lite and for kedge's own runtime"
compile_start=$(now_ms)
for kind in tflite plan; do
  timed "$KEDGE" compile "$MODEL" --custom "$LAYERS" -o "$OUT/float.$kind"
  timed "$KEDGE" compile "$MODEL" --custom "$LAYERS" -o "$OUT/int8.$kind" --quantize int8 --calib "$DEMO/calib.npz"
done
compile_ms=$((($(now_ms) - compile_start) / 4))

title "4. Verify: against the model's meaning, against what Keras answered, and on labelled images"
check() { timed "$KEDGE" verify "$MODEL" "$OUT/$1" --custom "$LAYERS" --input "$DEMO/test.npz" --golden "$DEMO/golden.npz" --labels "$DEMO/labels.npz" "${@:2}"; }
check float.tflite
check float.plan
check int8.tflite --min-sqnr 20 --max-accuracy-drop 2
check int8.plan --min-sqnr 20 --max-accuracy-drop 2
facts() { "$KEDGE" verify "$MODEL" "$OUT/$1" --custom "$LAYERS" --input "$DEMO/test.npz" --golden "$DEMO/golden.npz" --labels "$DEMO/labels.npz" --min-sqnr 0 --json; }
float_facts=$(facts float.plan)
int8_facts=$(facts int8.plan)

title "5. Measure"
for artefact in float.plan int8.plan float.tflite int8.tflite; do
  "$KEDGE" bench "$OUT/$artefact" --json --min-time 0.5 >"$OUT/$artefact.bench.json"
  printf '    %-14s median %8.4f ms, %s bytes, arena %s bytes\n' "$artefact" "$(number p50 <"$OUT/$artefact.bench.json")" "$(size_of "$OUT/$artefact")" "$(number arena_bytes <"$OUT/$artefact.bench.json")"
done

title "6. Serve over HTTP, as TensorFlow Serving would"
"$KEDGE" serve --model "shapes=$OUT/float.plan" --http 127.0.0.1:0 >"$OUT/serve.log" 2>&1 &
server_pid=$!
for _ in $(seq 100); do
  grep -q 'http://' "$OUT/serve.log" && break
  kill -0 "$server_pid" 2>/dev/null || fail "the server did not start: $(cat "$OUT/serve.log")"
  sleep 0.1
done
predict_url=$(grep -o 'http://[^ ]*:predict' "$OUT/serve.log")
model_url=${predict_url%:predict}
timed curl -sS --fail "$model_url"
timed curl -sS --fail "$model_url/metadata"
echo "  \$ curl -d @examples/demo/request.json $predict_url"
served=$(curl -sS --fail -d @"$DEMO/request.json" "$predict_url")
echo "    $served"
numbers() { grep -o '[0-9][0-9.e+-]*'; }
paste <(echo "$served" | numbers) <(numbers <"$DEMO/answer.json") |
  awk '{d = $1 - $2; if (d < 0) d = -d; if (d > worst) worst = d; n++} END {printf "    %d numbers, at most %.1e away from Keras\n", n, worst; exit !(n == 4 && worst < 1e-4)}' ||
  fail "the served answer differs from Keras'"
kill "$server_pid"
wait "$server_pid" || fail "the server did not stop cleanly"
server_pid=''
echo "    stopped cleanly"

title "7. Deploy to a device over ssh"
# The device: an sshd of our own. StrictModes would refuse a checkout in a folder that others may write to.
mkdir -p "$OUT/sshd" "$DEVICE"
chmod 700 "$OUT/sshd"
ssh-keygen -q -t ed25519 -N '' -f "$OUT/sshd/host_key"
ssh-keygen -q -t ed25519 -N '' -f "$OUT/sshd/user_key"
cp "$OUT/sshd/user_key.pub" "$OUT/sshd/authorized_keys"
[ "$(id -u)" != 0 ] || mkdir -p /run/sshd   # sshd's own requirement when it starts as root
sshd=$(command -v sshd || echo /usr/sbin/sshd)
start_sshd() {  # start_sshd yes|no: whether PAM decides about the account
  ssh_port=$(free_port)
  printf '[127.0.0.1]:%d %s\n' "$ssh_port" "$(cat "$OUT/sshd/host_key.pub")" >"$OUT/sshd/known_hosts"
  cat >"$OUT/sshd/config" <<EOF
Port $ssh_port
ListenAddress 127.0.0.1
HostKey $OUT/sshd/host_key
AuthorizedKeysFile $OUT/sshd/authorized_keys
PidFile $OUT/sshd/pid
StrictModes no
UsePAM $1
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin prohibit-password
EOF
  "$sshd" -D -f "$OUT/sshd/config" -E "$OUT/sshd/log" &
  sshd_pid=$!
  for _ in $(seq 50); do
    ssh -q -o BatchMode=yes -o IdentitiesOnly=yes -i "$OUT/sshd/user_key" -o UserKnownHostsFile="$OUT/sshd/known_hosts" -p "$ssh_port" "$(id -un)@127.0.0.1" true 2>/dev/null && return 0
    kill -0 "$sshd_pid" 2>/dev/null || return 1
    sleep 0.1
  done
  kill "$sshd_pid"
  return 1
}
start_sshd no || start_sshd yes || fail "the private sshd does not let us in: $(tail -n 3 "$OUT/sshd/log")"

# The "application" of this device: what a restart would start notes which release it runs.
cat >"$DEVICE/restart.sh" <<EOF
#!/bin/sh
readlink "$DEVICE/app/current" >>"$DEVICE/app.log"
EOF
# It opens plans only, so a release that brings something else is not healthy.
cat >"$DEVICE/health.sh" <<EOF
#!/bin/sh
for plan in "$DEVICE"/app/current/*.plan; do
  [ -e "\$plan" ] || { echo "no plan in the current release" >&2; exit 1; }
done
EOF
chmod +x "$DEVICE"/*.sh

deployment() {  # deployment ARTEFACT: prints a configuration
  cat <<EOF
{
  "name": "shapes",
  "artefact": "$1",
  "kedge": "$KEDGE",
  "golden": {"input": "$DEMO/test.npz", "output": "$DEMO/golden.npz", "min_sqnr_db": 20},
  "latency_p50_ms": 250,
  "devices": [{
    "name": "kiosk-1", "host": "127.0.0.1", "port": $ssh_port, "user": "$(id -un)",
    "identity": "sshd/user_key", "known_hosts": "sshd/known_hosts",
    "root": "$DEVICE/app", "restart": "$DEVICE/restart.sh", "health": "$DEVICE/health.sh"
  }]
}
EOF
}
deployment float.plan >"$OUT/first.json"
deployment int8.plan >"$OUT/second.json"
deployment float.tflite >"$OUT/third.json"
current() { basename "$(readlink "$DEVICE/app/current")"; }

timed "$KEDGE" deploy "$OUT/first.json" --dry-run
timed "$KEDGE" deploy "$OUT/first.json"
first=$(current)
timed "$KEDGE" deploy "$OUT/second.json"
second=$(current)

title "8. A release whose health check fails is taken back by itself"
echo "  \$ kedge deploy build/demo/third.json"
start=$(now_ms)
if "$KEDGE" deploy "$OUT/third.json" >"$OUT/third.log" 2>&1; then fail "the unhealthy release was accepted"; fi
sed 's/^/    /' "$OUT/third.log"
echo "    [$(($(now_ms) - start)) ms]"
[ "$(current)" = "$second" ] || fail "the device runs $(current) after the failed release, not $second"

title "9. Going back by hand"
timed "$KEDGE" deploy "$OUT/second.json" --rollback
[ "$(current)" = "$first" ] || fail "the device runs $(current) after the rollback, not $first"

# -- what happened, for somebody who sees this for the first time ------------------------------------------------------------------------------------
percent() { awk -v x="$1" 'BEGIN {printf "%.1f %%", 100 * x}'; }
golden_of() { sed 's/.*"golden": //'; }
row() { printf '  %-28s %14s %14s\n' "$@"; }
title "Summary"
cat <<EOF
  The model: 32x32 images of a circle, square, triangle or cross; a CNN of four CustomConvLayer, a class of the
  user's own whose convolution exists only after build(). kedge read its source ($(basename "$LAYERS")) and found every
  weight its place; no Python and no TensorFlow ran. Lint found nothing to mend in it, and $faults faults in a careless
  copy, of which --fix mended $((faults - left)).

EOF
row "" "float32" "INT8"
row "TensorFlow Lite file, bytes" "$(size_of "$OUT/float.tflite")" "$(size_of "$OUT/int8.tflite")"
row "kedge plan, bytes" "$(size_of "$OUT/float.plan")" "$(size_of "$OUT/int8.plan")"
short() { awk -v x="$1" 'BEGIN {printf "%.2g", x}'; }
row "latency (median), ms" "$(short "$(number p50 <"$OUT/float.plan.bench.json")")" "$(short "$(number p50 <"$OUT/int8.plan.bench.json")")"
row "largest error against Keras" "$(short "$(echo "$float_facts" | golden_of | number max_abs)")" "$(short "$(echo "$int8_facts" | golden_of | number max_abs)")"
row "accuracy (Keras: $(percent "$(echo "$float_facts" | number model)"))" "$(percent "$(echo "$float_facts" | number artefact)")" "$(percent "$(echo "$int8_facts" | number artefact)")"
cat <<EOF

  compiled in    $compile_ms ms on average, calibration on 64 images included
  served         $(echo "$served" | tr -d '\n')
  deployed       $first (float), then $second (INT8); each checked on the device by $(echo "$float_facts" | number samples) golden answers before it was switched to
  rolled back    a release with a failing health check was taken back to $second by itself; --rollback then led to $first
  on the device  ${DEVICE#"$ROOT"/}/app/current -> releases/$(current)

  The whole way took $((($(now_ms) - demo_start + 500) / 1000)) s. Everything it made is in build/demo; docs/getting-started.md walks through it slowly.
EOF
