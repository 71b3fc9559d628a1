#!/usr/bin/env python3
"""clang-tidy over the C++ sources under src/ (or over those named), one process per core.

A file that was clean is left out until something it depends on changes: itself, a repository header it includes (also
indirectly), its compile command, .clang-tidy, or the version of clang-tidy. build/lint holds one empty file per clean
state, named by the hash of all of these.
"""
import concurrent.futures
import hashlib
import json
import os
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
BUILD = ROOT / "build/release"
CLEAN = ROOT / "build/lint"
INCLUDE = re.compile(rb'^\s*#\s*include\s+"([^"]+)"', re.M)


def texts(path, seen):
    """The file and every repository header it includes, once each."""
    if path in seen or not path.is_file():
        return
    seen[path] = path.read_bytes()
    for name in INCLUDE.findall(seen[path]):
        for folder in (ROOT / "src", path.parent):
            texts(folder / name.decode(), seen)


def state(path, command, tool):
    seen = {}
    texts(path, seen)
    digest = hashlib.sha256(tool + command.replace(str(ROOT), "").encode())
    for name in sorted(seen):
        digest.update(str(name.relative_to(ROOT)).encode() + b"\0" + seen[name])
    return digest.hexdigest()


def tidy(path):
    """The findings of one file; empty when it is clean."""
    done = subprocess.run(["clang-tidy", "-p", str(BUILD), "--quiet", "--warnings-as-errors=*", str(path)], cwd=ROOT,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if done.returncode == 0:
        return ""
    return done.stdout or done.stderr or f"{path}: clang-tidy ended with {done.returncode}"


def main():
    commands = {pathlib.Path(e["file"]): e["command"] for e in json.loads((BUILD / "compile_commands.json").read_text())}
    named = [pathlib.Path(a).resolve() for a in sys.argv[1:]]
    listed = named or [ROOT / f for f in subprocess.run(["git", "ls-files", "src/*.cpp"], cwd=ROOT, stdout=subprocess.PIPE, text=True,
                                                       check=True).stdout.split()]
    tool = subprocess.run(["clang-tidy", "--version"], stdout=subprocess.PIPE, check=True).stdout + (ROOT / ".clang-tidy").read_bytes()
    CLEAN.mkdir(parents=True, exist_ok=True)
    states = {path: CLEAN / state(path, commands.get(path, ""), tool) for path in listed}
    open_files = [path for path in listed if not states[path].exists()]
    bad = 0
    with concurrent.futures.ThreadPoolExecutor(int(os.environ.get("LINT_JOBS", os.cpu_count() or 1))) as pool:
        for path, found in zip(open_files, pool.map(tidy, open_files)):
            if found:
                bad += 1
                print(found, flush=True)
            else:
                states[path].touch()
    print(f"clang-tidy: {len(listed)} files, {len(listed) - len(open_files)} known to be clean, {bad} with findings")
    return int(bad > 0)


if __name__ == "__main__":
    sys.exit(main())
