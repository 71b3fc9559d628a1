#!/usr/bin/env bash
# Every test, in the order that finds trouble soonest: the repository's own rules, unit tests, golden files, oracles, the shared cases, and the
# parsers and the evaluator under sanitizers. `--update` rewrites golden outputs. Called by ./dev test.
set -uo pipefail
cd "$(dirname "$0")/.."

KEDGE=$PWD/build/release/kedge
PYTHON=$PWD/build/venv/bin/python
CASES=../shared/cases
failed=() passed=0

step() {  # step NAME COMMAND...
  local name=$1 start=$SECONDS
  shift
  printf '\n== %s\n' "$name"
  if "$@"; then passed=$((passed + 1)); else failed+=("$name"); fi
  printf -- '-- %s: %d s\n' "$name" $((SECONDS - start))
}

if [ "${1:-}" = --update ]; then exec python3 tests/golden/run_golden.py --update; fi

step "layers" python3 tools/check_layers.py
step "repository" python3 tests/repo/test_repo.py
step "unit" ctest --test-dir build/release --output-on-failure -j 2
step "golden" python3 tests/golden/run_golden.py
for oracle in tests/oracle/test_*.py; do
  step "oracle $(basename "$oracle" .py)" timeout 1200 "$PYTHON" "$oracle"
done

# Every operator of every quantized seed model, fed LiteRT's own tensors, against LiteRT's reference kernels on 256 inputs.
int8_reference() {
  local folder=build/int8 case files=()
  rm -rf $folder && mkdir -p $folder
  for case in "$CASES"/seed/*/; do
    files+=("$folder/$(basename "$case").tflite")
    "$KEDGE" compile "$case/model.keras" --custom "$case/layers.py" --quantize int8 --calib "$case/in.npz" --batch 1 -o "${files[-1]}" || return 1
  done
  "$PYTHON" tests/oracle/test_int8.py --inputs 256 "${files[@]}"
}

if [ -d "$CASES" ]; then
  cases() { "$PYTHON" "$CASES/run_cases.py" --kedge "$KEDGE" "$CASES" "$@"; }
  for via in run plan tflite int8; do step "seed via $via" cases --suite seed --via $via --min 100; done
  step "seed: int8 operators against LiteRT's reference kernels" int8_reference
  for via in run plan; do step "language via $via" cases --suite language --via $via --min 95; done
elif [ "${CI:-}" = true ]; then
  failed+=("shared cases are missing")
else
  printf '\n== shared cases: SKIPPED, %s is not here\n' "$CASES"
fi

step "sanitizers: parsers and evaluator" tests/sanitize.sh quick

printf '\n%d passed, %d failed\n' "$passed" "${#failed[@]}"
for name in "${failed[@]}"; do printf 'failed: %s\n' "$name"; done
[ ${#failed[@]} -eq 0 ]
