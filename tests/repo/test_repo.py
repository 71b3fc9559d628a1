#!/usr/bin/env python3
"""The repository tests itself: every error code has a page and a test, cards and their list agree, docs are fresh,
instruction sets stay apart, no source is too long."""
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
problems, checks = [], 0

LONGEST = 500  # lines of a source
# Longer ones, with the most lines each may have and why it is not split.
LONG_SOURCES = {
    "tests/oracle/programs/classes.py": (700, "data: one program per case"),
    "prelude/stdlib/collections/__init__.py": (570, "one module of Python's library"),
    "prelude/stdlib/enum.py": (550, "one module of Python's library"),
    "prelude/stdlib/typing.py": (520, "one module of Python's library"),
    "prelude/keras/src/ops/nn.py": (600, "one family of functions: keras.ops.nn"),
    "prelude/keras/src/tensor.py": (525, "one class with its operators"),
    "prelude/keras/layers/rnn.py": (530, "one family of layers"),
}


def check(condition, message):
    global checks
    checks += 1
    if not condition:
        problems.append(message)


def texts(folder, *endings):
    for path in sorted((ROOT / folder).rglob("*")):
        if path.suffix in endings and path.is_file():
            yield path, path.read_text(errors="replace")


def error_pages():
    pages = {}
    for path in sorted((ROOT / "docs/errors").glob("*.txt")):
        for number, line in enumerate(path.read_text().splitlines(), 1):
            if not line.strip():
                continue
            fields = [f.strip() for f in line.split("|")]
            check(len(fields) >= 4 and all(fields[:4]), f"{path.name}:{number}: a page needs code | name | meaning | what to do")
            check(fields[0] not in pages, f"{path.name}:{number}: {fields[0]} has two pages")
            pages[fields[0]] = path.name
    return pages


def check_errors():
    pages = error_pages()
    used = {}
    for folder in ("src", "prelude"):
        for path, text in texts(folder, ".cpp", ".h", ".py"):
            for code in re.findall(r'"(K\d{4})"', text):
                used.setdefault(code, path.relative_to(ROOT))
    for code, where in sorted(used.items()):
        check(code in pages, f"{code} ({where}) has no line in docs/errors/")
    for code in sorted(pages):
        check(code in used, f"{code} has a page in docs/errors/{pages[code]} but nothing raises it")
    tested = "".join(text for _, text in texts("tests", ".md", ".cpp", ".py", ".h"))
    for code in sorted(used):
        check(code in tested, f"{code} has no test that names it")


def check_ops():
    listed = re.findall(r"KEDGE_OP\((\w+), \w+\)", (ROOT / "src/ops/ops.inc").read_text())
    check(len(listed) == len(set(listed)) and listed, "ops.inc lists an op twice, or none")


def check_instruction_sets():
    for path, text in texts("src/kernels/x86", ".cpp"):
        for include in re.findall(r'#include\s+[<"]([^>"]+)[>"]', text):
            check(include.startswith(("kernels/", "c")) or include.endswith("intrin.h") or include in ("algorithm",), f"{path.relative_to(ROOT)}: `{include}` could put a shared inline function into a file with its own instruction set")


def check_words():
    """Places of one machine, and work put off without a condition, have no place in the repository."""
    files = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    for name in files:
        path = ROOT / name
        if path.suffix in (".npz", ".keras", ".h5", ".plan", ".tflite") or not path.is_file() or path.resolve() == pathlib.Path(__file__).resolve():
            continue
        text = path.read_text(errors="replace")
        check(not re.search(r"(?<![\w.])/(work|farm)/", text), f"{name}: names a place of one machine")


def check_lengths():
    """A file fits a reader."""
    files = subprocess.run(["git", "ls-files", "*.cpp", "*.h", "*.inc", "*.py"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    for name in files:
        path = ROOT / name
        if not path.is_file():
            continue
        lines = path.read_text(errors="replace").count("\n")
        most, _ = LONG_SOURCES.get(name, (LONGEST, ""))
        check(lines <= most, f"{name}: {lines} lines, of at most {most}; split it by meaning")
    for name in LONG_SOURCES:
        check((ROOT / name).is_file() and (ROOT / name).read_text().count("\n") > LONGEST, f"{name} is no longer long: take it off the list in {pathlib.Path(__file__).name}")


def check_unicode_ranges():
    """The table that a tool wrote is what the tool writes; only Python 3.11 can tell."""
    if sys.version_info[:2] == (3, 11):
        done = subprocess.run([sys.executable, str(ROOT / "tools/make_unicode_ranges.py"), "--check"], capture_output=True, text=True)
        check(done.returncode == 0, done.stderr.strip())


def check_docs():
    fresh = subprocess.run([sys.executable, str(ROOT / "tools/make_docs.py"), "--check"], capture_output=True, text=True)
    check(fresh.returncode == 0, fresh.stdout.strip() or fresh.stderr.strip())


def main():
    for part in (check_errors, check_ops, check_instruction_sets, check_words, check_lengths, check_unicode_ranges, check_docs):
        part()
    print("".join(p + "\n" for p in problems), end="")
    print(f"{checks - len(problems)} passed, {len(problems)} failed")
    return int(bool(problems))


if __name__ == "__main__":
    sys.exit(main())
