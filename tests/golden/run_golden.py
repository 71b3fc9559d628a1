#!/usr/bin/env python3
"""Literate tests: Markdown files whose blocks are files, commands and what the commands print.

    ```python layers.py          a block whose info string names a file writes that file
    ```console                   `$ command` lines are run by bash; the lines below are what stdout and stderr print together
    $ kedge lint layers.py       (stderr first, as a terminal without a pager shows it), then `[exit N]` when N is not 0
    ```

In expected output `…` stands for any text within a line and a line `⋮` for any lines. Every file runs in a folder of its own, with the kedge
binary on PATH, $DATA for tests/data and $ROOT for the repository.

    run_golden.py [--kedge build/release/kedge] [--update] [FILE.md ...]
"""
import argparse
import os
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
FENCE = re.compile(r"^```(\S*)[ ]?(.*)$")


def blocks(lines):
    """(first line, end line, language, rest of the info string) of every fenced block; the fences are not included."""
    start = None
    for i, line in enumerate(lines):
        found = FENCE.match(line)
        if found and start is None:
            start, language, rest = i + 1, found.group(1), found.group(2).strip()
        elif line.strip() == "```" and start is not None:
            yield start, i, language, rest
            start = None


def matches(got, want):
    """Whether the lines agree, with `…` and `⋮` as wildcards."""
    pattern = ""
    for line in want:
        if line.strip() == "⋮":
            pattern += r"(?:[^\n]*\n)*?"
        else:
            pattern += ".*?".join(re.escape(part) for part in line.split("…")) + r"\n"
    return re.fullmatch(pattern, "".join(line + "\n" for line in got)) is not None


def run(command, folder, env):
    try:
        p = subprocess.run(["bash", "-c", command], cwd=folder, env=env, capture_output=True, text=True, errors="replace", timeout=300)
    except subprocess.TimeoutExpired:
        return ["[timed out]"]
    out = (p.stderr + p.stdout).replace(str(ROOT), "$ROOT").replace(str(folder), ".").splitlines()
    out = [line.rstrip() for line in out]
    return out + ([f"[exit {p.returncode}]"] if p.returncode else [])


def check_file(path, kedge, update):
    """Problems found in one file; rewrites the outputs when update is set."""
    lines = path.read_text().splitlines()
    problems, edits = [], []
    env = dict(os.environ, PATH=f"{kedge.parent}:{os.environ['PATH']}", DATA=str(ROOT / "tests/data"), ROOT=str(ROOT), LC_ALL="C.UTF-8")
    ran = 0
    with tempfile.TemporaryDirectory() as tmp:
        folder = pathlib.Path(tmp)
        for start, end, language, rest in blocks(lines):
            if language != "console":
                if rest and re.fullmatch(r"[\w./-]+", rest):
                    target = folder / rest
                    target.parent.mkdir(parents=True, exist_ok=True)
                    target.write_text("\n".join(lines[start:end]) + "\n")
                continue
            at = start
            while at < end:
                if not lines[at].startswith("$ "):
                    at += 1
                    continue
                command, first = lines[at][2:], at + 1
                while command.endswith("\\"):
                    command, first = command[:-1] + lines[first].strip(), first + 1
                stop = first
                while stop < end and not lines[stop].startswith("$ "):
                    stop += 1
                got, ran = run(command, folder, env), ran + 1
                want = [line.rstrip() for line in lines[first:stop]]
                if not matches(got, want):
                    if update:
                        edits.append((first, stop, got))
                    else:
                        problems.append(f"{path.relative_to(ROOT)}:{at + 1}: $ {command}\n" + "".join(f"  - {w}\n" for w in want) + "".join(f"  + {g}\n" for g in got))
                at = stop
    for first, stop, got in reversed(edits):
        lines[first:stop] = got
    if edits:
        path.write_text("\n".join(lines) + "\n")
    return problems, ran, len(edits)


def main():
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("files", nargs="*", type=pathlib.Path)
    ap.add_argument("--kedge", type=pathlib.Path, default=ROOT / "build/release/kedge")
    ap.add_argument("--update", action="store_true")
    args = ap.parse_args()
    files = [f.resolve() for f in args.files] or sorted((ROOT / "tests/golden").rglob("*.md")) + [ROOT / "docs/getting-started.md"]
    failed = commands = 0
    for path in files:
        problems, ran, updated = check_file(path, args.kedge.resolve(), args.update)
        commands, failed = commands + ran, failed + len(problems)
        print("".join(p + "\n" for p in problems), end="")
        if updated:
            print(f"updated {updated} outputs in {path.relative_to(ROOT)}")
    if not commands:
        print("no commands found")
        failed = 1
    print(f"{commands - failed} passed, {failed} failed")
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())
