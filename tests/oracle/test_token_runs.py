#!/usr/bin/env python3
"""The prelude is written for kedge, not copied: which share of its tokens lies in runs that Keras', TensorFlow's or NumPy's sources have too?

A run is 12 consecutive Python tokens, without comments, line ends and docstrings. Parameter lists of functions do not count, nor what only
repeats them (`name=name`, `self.name = name`): the names and defaults of a public signature are what they are.

    build/venv/bin/python tests/oracle/test_token_runs.py [--show]
"""
import collections
import importlib.util
import io
import keyword
import pathlib
import sys
import tokenize

from check import ROOT, check, finish

RUN = 12
LIMIT = 0.03
SKIPPED = {tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENCODING, tokenize.ENDMARKER}
PRELUDE = [ROOT / "prelude" / name for name in ("keras", "tensorflow", "numpy")]


def tokens_of(text):
    """(token, line) without what carries no meaning."""
    out = []
    before = tokenize.NEWLINE
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type == tokenize.STRING and before in (tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.NL):
                continue  # a docstring
            if token.type != tokenize.COMMENT:
                before = token.type
            if token.type not in SKIPPED:
                out.append((token.string, token.start[0]))
    except (tokenize.TokenError, SyntaxError):
        pass
    return out


def without_parameters(tokens):
    """The tokens in pieces, cut at the parameter list of every `def`."""
    pieces = [[]]
    i = 0
    while i < len(tokens):
        pieces[-1].append(tokens[i])
        if tokens[i][0] == "def" and i + 2 < len(tokens) and tokens[i + 2][0] == "(":
            pieces[-1].append(tokens[i + 1])
            pieces.append([])
            depth, i = 0, i + 2
            while i < len(tokens):
                depth += {"(": 1, "[": 1, "{": 1, ")": -1, "]": -1, "}": -1}.get(tokens[i][0], 0)
                i += 1
                if depth == 0:
                    break
            continue
        i += 1
    return pieces


def without_echoes(pieces):
    """Cut also where a signature is only repeated: `name=name` and `self.name = name`."""
    out = []
    for piece in pieces:
        words = [w for w, _ in piece]
        out.append([])
        i = 0
        while i < len(words):
            echo = 5 if words[i:i + 2] == ["self", "."] and words[i + 3:i + 4] == ["="] and words[i + 2:i + 3] == words[i + 4:i + 5] else 0
            if not echo and words[i].isidentifier() and words[i + 1:i + 2] == ["="] and words[i + 2:i + 3] == [words[i]]:
                echo = 3
            if echo:
                out.append([])
                i += echo
            else:
                out[-1].append(piece[i])
                i += 1
    return out


def runs(words):
    return (tuple(words[i:i + RUN]) for i in range(len(words) - RUN + 1))


def sources():
    """The Python files that the prelude could have been copied from."""
    def folder(package):
        return pathlib.Path(importlib.util.find_spec(package).origin).parent

    for package, parts in (("keras", ("src",)), ("tensorflow", ("python/ops", "python/keras")), ("numpy", ("lib", "_core", "linalg", "ma"))):
        for part in parts:
            for file in sorted((folder(package) / part).rglob("*.py")):
                if "test" not in file.name and "/tests/" not in str(file):
                    yield file


def main():
    files = {f: without_echoes(without_parameters(tokens_of(f.read_text()))) for root in PRELUDE for f in sorted(root.rglob("*.py"))}
    wanted = {run for pieces in files.values() for piece in pieces for run in runs([w for w, _ in piece])}
    check(len(files) > 50 and len(wanted) > 50_000, f"the prelude was read: {len(files)} files, {len(wanted)} runs")
    found = {}
    read = 0
    for file in sources():
        words = [w for w, _ in tokens_of(file.read_text(errors="replace"))]
        read += len(words)
        for run in runs(words):
            if run in wanted:
                found.setdefault(run, file)
    check(read > 1_000_000, f"the originals were read: {read} tokens")
    # A copied text must be noticed: the counter is tried on a piece of one of the originals.
    sample = [w for w, _ in tokens_of(next(sources()).read_text())]
    check(not sample or list(runs(sample + ["x"] * RUN)), "runs of an original are counted")

    total, inside = 0, 0
    places = collections.Counter()
    for file, pieces in files.items():
        for piece in pieces:
            words = [w for w, _ in piece]
            marked = [False] * len(words)
            for i, run in enumerate(runs(words)):
                if run in found:
                    marked[i:i + RUN] = [True] * RUN
            total += len(words)
            inside += sum(marked)
            for mark, (_, line) in zip(marked, piece):
                places[file, line] += mark
    if "--show" in sys.argv:
        for (file, line), count in sorted(places.items()):
            if count and not keyword.iskeyword(str(count)):
                print(f"{file.relative_to(ROOT)}:{line}: {count}  {file.read_text().splitlines()[line - 1].strip()[:140]}")
    share = inside / max(total, 1)
    print(f"{inside} of {total} tokens, {100 * share:.2f} %, lie in runs of {RUN} that the originals have too")
    check(share < LIMIT, f"the share is below {100 * LIMIT:.0f} %")
    finish()


if __name__ == "__main__":
    main()
