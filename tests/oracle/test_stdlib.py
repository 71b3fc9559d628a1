"""Small programs over each module of the dialect's standard library: what kedge-pyrun prints must be what CPython prints.

    python tests/oracle/test_stdlib.py [--pyrun PATH] [name ...]

The programs are the files of tests/oracle/stdlib/.
"""

import argparse
import difflib
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]


def find_pyrun():
    found = sorted(ROOT.glob("build/*/**/kedge-pyrun"), key=lambda p: p.stat().st_mtime)
    if not found:
        sys.exit("kedge-pyrun is not built")
    return found[-1]


def run(command):
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    return done.stdout + ("" if done.returncode in (0, 1) else f"exit code {done.returncode}\n{done.stderr}"), done


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--pyrun", type=pathlib.Path)
    parser.add_argument("names", nargs="*")
    options = parser.parse_args()
    pyrun = options.pyrun or find_pyrun()
    passed = failed = 0
    for program in sorted((ROOT / "tests/oracle/stdlib").glob("*.py")):
        if options.names and program.stem not in options.names:
            continue
        want, reference = run([sys.executable, str(program)])
        if reference.returncode != 0:
            sys.exit(f"{program.name}: CPython itself failed: {reference.stderr}")
        got, ours = run([str(pyrun), "--prelude", str(ROOT / "prelude"), str(program)])
        if got == want:
            passed += 1
            continue
        failed += 1
        print(f"--- {program.name}")
        sys.stdout.writelines(list(difflib.unified_diff(want.splitlines(True), got.splitlines(True), "CPython", "kedge", n=1))[:40])
        print(ours.stderr[:2000])
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
