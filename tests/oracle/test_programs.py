"""Runs the programs of tests/oracle/programs in CPython and in the evaluator (kedge-pyrun) and compares what they print.

A program starts at a line `#### name` and ends at the next one. `#file path` lines inside a program start further files of its folder
(modules it imports). What is compared: everything printed, and the last line of an uncaught exception, `Type: message`.

    build/venv/bin/python tests/oracle/test_programs.py [-v] [--only TEXT] [--pyrun PATH]
"""
import contextlib
import io
import os
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
SEPARATOR = "\x01=="


def programs():
    for path in sorted((ROOT / "tests/oracle/programs").glob("*.py")):
        name, lines = None, []
        for line in path.read_text().split("\n") + ["#### end"]:
            if line.startswith("#### "):
                if name is not None:
                    yield f"{path.stem}: {name}", "\n".join(lines) + "\n"
                name, lines = line[5:], []
            else:
                lines.append(line)


def split_files(text):
    main, extra, current = [], {}, None
    for line in text.split("\n"):
        if line.startswith("#file "):
            current = line[6:].strip()
            extra[current] = []
        elif current is None:
            main.append(line)
        else:
            extra[current].append(line)
    return "\n".join(main), {k: "\n".join(v) + "\n" for k, v in extra.items()}


def in_cpython(text, folder, name):
    """What CPython prints; in this process unless the program has modules of its own."""
    out = io.StringIO()
    spaces = {"__name__": "__main__", "__builtins__": __builtins__}
    before = set(sys.modules)
    sys.path.insert(0, str(folder))
    try:
        with contextlib.redirect_stdout(out):
            try:
                exec(compile(text, name, "exec", dont_inherit=True), spaces)
            except BaseException as e:  # noqa: BLE001
                kind = type(e)
                label = kind.__qualname__ if kind.__module__ in ("builtins", "__main__") else f"{kind.__module__}.{kind.__qualname__}"
                message = str(e)
                print(label + (": " + message if message else ""))
    finally:
        sys.path.pop(0)
        for fresh in set(sys.modules) - before:
            if str(getattr(sys.modules[fresh], "__file__", "") or "").startswith(str(folder)):
                del sys.modules[fresh]
    return out.getvalue()


def main():
    args = sys.argv[1:]
    verbose = "-v" in args
    only = args[args.index("--only") + 1] if "--only" in args else ""
    candidates = [args[args.index("--pyrun") + 1]] if "--pyrun" in args else [
        str(p) for p in sorted(ROOT.glob("build/*/**/kedge-pyrun"), key=lambda p: -p.stat().st_mtime)]
    if not candidates:
        print("kedge-pyrun is not built: 0 passed, 0 failed (skipped)")
        return 0
    if sys.version_info[:2] != (3, 11):
        print("the oracle is CPython 3.11: 0 passed, 0 failed (skipped)")
        return 0
    chosen = [(n, t) for n, t in programs() if only in n]
    passed, failed = 0, []
    with tempfile.TemporaryDirectory() as temporary:
        paths = []
        for i, (name, text) in enumerate(chosen):
            folder = pathlib.Path(temporary) / f"p{i:04}"
            folder.mkdir()
            body, extra = split_files(text)
            (folder / "program.py").write_text(body)
            for path, content in extra.items():
                (folder / path).parent.mkdir(parents=True, exist_ok=True)
                (folder / path).write_text(content)
            paths.append(folder / "program.py")
        got = {}
        for start in range(0, len(paths), 50):  # a crash costs one batch only
            batch = [str(p) for p in paths[start:start + 50]]
            run = subprocess.run([candidates[0], "--prelude", str(ROOT / "prelude"), "--separator", SEPARATOR, *batch], capture_output=True, timeout=300)
            pieces = run.stdout.decode("utf-8", "surrogateescape").split(SEPARATOR)[1:]
            for k in range(0, len(pieces) - 1, 2):
                path, _, out = pieces[k].partition("\n")
                got[path] = out
        os.environ["PYTHONDONTWRITEBYTECODE"] = "1"
        sys.dont_write_bytecode = True
        for (name, text), path in zip(chosen, paths):
            expected = in_cpython(path.read_text(), path.parent, name)
            actual = got.get(str(path), "(crashed)\n")
            if expected == actual:
                passed += 1
                continue
            failed.append(name)
            if verbose or len(failed) <= 20:
                print(f"--- {name}\n    expected:")
                print("      " + expected.replace("\n", "\n      "))
                print("    got:")
                print("      " + actual.replace("\n", "\n      "))
    print(f"{passed} passed, {len(failed)} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
