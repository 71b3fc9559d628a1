#!/usr/bin/env python3
"""Holds every `#include "room/..."` under src/ against the import direction of ARCHITECTURE.md.

A room includes only rooms that its line allows; rooms on one line do not see each other. Exits 1 and names each offence.
"""
import pathlib
import re
import sys

# room -> the rooms it may include, besides itself. This table is the rule; ARCHITECTURE.md explains it.
LOW = {"base"}
TENSOR = LOW | {"tensor"}
ALLOWED = {
    "base": set(),
    "tensor": LOW,
    "formats": LOW,
    "pylang": LOW,
    "prelude": LOW,
    "kernels": TENSOR,
    "ir": TENSOR,
    "targets": TENSOR,
    "ops": TENSOR | {"ir", "kernels"},
    "runtime": TENSOR | {"kernels"},
    "frontends": TENSOR | {"ir", "ops", "kernels", "formats", "pylang", "prelude"},
    "passes": TENSOR | {"ir", "ops", "kernels", "targets"},
    "backends": TENSOR | {"ir", "ops", "kernels", "formats", "runtime", "targets"},
    "verify": TENSOR | {"ir", "ops", "kernels", "formats", "pylang", "frontends", "backends", "runtime", "targets"},
    "lint": TENSOR | {"ir", "ops", "formats", "pylang", "frontends", "targets"},
    "server/protocol": TENSOR | {"runtime"},
}
ALLOWED["driver"] = set().union(*ALLOWED.values()) | {"passes", "backends", "frontends", "verify", "lint"}
ALLOWED["server"] = ALLOWED["driver"] | {"driver", "server/protocol"}
ALLOWED["deploy"] = ALLOWED["driver"] | {"driver"}
ALLOWED["cli"] = ALLOWED["driver"] | {"driver", "server", "server/protocol", "deploy"}


def room_of(path):
    parts = path.split("/")
    if parts[:2] == ["server", "protocol"]:
        return "server/protocol"
    return parts[0]


def main():
    root = pathlib.Path(__file__).resolve().parent.parent / "src"
    bad = []
    for file in sorted(root.rglob("*")):
        if file.suffix not in (".h", ".cpp", ".inc"):
            continue
        here = room_of(file.relative_to(root).as_posix())
        for number, line in enumerate(file.read_text().splitlines(), 1):
            found = re.match(r'\s*#\s*include\s+"([^"]+)"', line)
            if not found:
                continue
            there = room_of(found.group(1))
            if there != here and there not in ALLOWED.get(here, set()):
                bad.append(f"{file.relative_to(root.parent)}:{number}: `{here}` may not include `{found.group(1)}`")
    print("\n".join(bad) if bad else "layers: every include goes down")
    return int(bool(bad))


if __name__ == "__main__":
    sys.exit(main())
