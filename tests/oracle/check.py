"""What the end-to-end tests share: the binary, a counter of checks, the demo's artefacts."""
import os
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
KEDGE = pathlib.Path(os.environ.get("KEDGE", ROOT / "build/release/kedge"))
DEMO = ROOT / "examples/demo"
counts = {True: 0, False: 0}


def check(condition, what):
    """Counts; says what failed."""
    counts[bool(condition)] += 1
    if not condition:
        print(f"FAILED: {what}")
    return bool(condition)


def equal(got, want, what):
    return check(got == want, f"{what}: {got!r}, not {want!r}")


def kedge(*arguments, **options):
    return subprocess.run([str(KEDGE), *map(str, arguments)], capture_output=True, text=True, timeout=options.pop("timeout", 120), **options)


def compiled(folder, name, *arguments):
    """The demo model as folder/name."""
    out = pathlib.Path(folder) / name
    p = kedge("compile", DEMO / "model.keras", "--custom", DEMO / "layers.py", "-o", out, *arguments)
    if p.returncode:
        print(p.stderr)
        sys.exit("the demo model does not compile")
    return out


def finish():
    print(f"{counts[True]} passed, {counts[False]} failed")
    sys.exit(int(counts[False] > 0 or counts[True] == 0))
