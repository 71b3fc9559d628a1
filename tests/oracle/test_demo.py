#!/usr/bin/env python3
"""./dev demo goes the whole way and says so; it starts no Python."""
import os
import pathlib
import re
import subprocess
import tempfile

from check import KEDGE, ROOT, check, equal, finish


def main():
    with tempfile.TemporaryDirectory() as tmp:
        # A python that betrays its use stands first on the path.
        for name in ("python", "python3"):
            trap = pathlib.Path(tmp) / name
            trap.write_text(f"#!/bin/sh\ntouch {tmp}/used\nexit 1\n")
            trap.chmod(0o755)
        p = subprocess.run([ROOT / "examples/demo/run.sh"], env={**os.environ, "PATH": f"{tmp}:{os.environ['PATH']}", "KEDGE": str(KEDGE)}, capture_output=True, text=True, timeout=600)
        equal(p.returncode, 0, "exit code of the demo: " + (p.stdout + p.stderr)[-1500:])
        check(not (pathlib.Path(tmp) / "used").exists(), "no Python was started")
    summary = p.stdout.partition("Summary")[2]
    sizes = re.search(r"TensorFlow Lite file, bytes +(\d+) +(\d+)", summary)
    check(sizes and int(sizes[2]) < 0.5 * int(sizes[1]), f"INT8 is less than half the size: {sizes and sizes.groups()}")
    accuracy = re.search(r"accuracy \(Keras: ([\d.]+) %\) +([\d.]+) % +([\d.]+) %", summary)
    check(accuracy and float(accuracy[1]) >= 95 and accuracy[1] == accuracy[2], f"float is as accurate as Keras: {accuracy and accuracy.groups()}")
    check(accuracy and float(accuracy[3]) >= float(accuracy[1]) - 2, f"INT8 is nearly as accurate: {accuracy and accuracy.groups()}")
    error = re.search(r"largest error against Keras +(\S+)", summary)
    check(error and float(error[1]) < 1e-4, f"float equals Keras: {error and error[1]}")
    for words in ("predictions", "rolled back", "deployed"):
        check(words in summary, f"the summary speaks of {words}")
    finish()


if __name__ == "__main__":
    main()
