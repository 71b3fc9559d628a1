#!/usr/bin/env bash
# clang-tidy over every C++ source (in parallel, quietly), and the repository's own checks.
set -euo pipefail
cd "$(dirname "$0")/.."
python3 tools/check_layers.py
python3 tests/repo/test_repo.py
git ls-files 'src/*.cpp' | xargs -P "$(nproc)" -n 4 clang-tidy -p build/release --quiet --warnings-as-errors='*' 2>/dev/null
