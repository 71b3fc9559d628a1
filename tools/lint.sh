#!/usr/bin/env bash
# clang-tidy over every C++ source, and the repository's own checks. A finding is printed and makes this fail.
# A file that was clean is not looked at again until it, a header it includes, or .clang-tidy changes: build/lint holds
# one empty file per clean state, named by its hash.
set -euo pipefail
cd "$(dirname "$0")/.."
python3 tools/check_layers.py
python3 tests/repo/test_repo.py
python3 tools/run_clang_tidy.py "$@"
