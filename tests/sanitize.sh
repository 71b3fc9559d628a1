#!/usr/bin/env bash
# Unit tests under sanitizers. `quick`: the parsers and the evaluator under address and undefined behaviour. Without it: everything, and the runtime and
# the server's parts under the thread sanitizer too.
set -euo pipefail
cd "$(dirname "$0")/.."

QUICK=(formats_test formats_hostile_test pylang_parser_test pylang_vm_test pylang_builtins_test)
export ASAN_OPTIONS=detect_leaks=0:strict_string_checks=1 UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1

[ -f build/dev/build.ninja ] || cmake --preset dev >/dev/null
if [ "${1:-}" = quick ]; then
  cmake --build --preset dev --target "${QUICK[@]}" -- -k 0
  ctest --test-dir build/dev --output-on-failure -R "^($(IFS='|'; echo "${QUICK[*]}"))\$"
  exit
fi
cmake --build --preset dev -- -k 0
ctest --test-dir build/dev --output-on-failure
[ -f build/tsan/build.ninja ] || cmake --preset tsan >/dev/null
cmake --build --preset tsan --target runtime_test -- -k 0
ctest --test-dir build/tsan --output-on-failure -R '^runtime_test$'
