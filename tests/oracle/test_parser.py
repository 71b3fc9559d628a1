"""The parser's oracle: our tree of a Python file equals CPython 3.11's ast.dump, byte for byte, and what CPython rejects we reject.

    build/venv/bin/python tests/oracle/test_parser.py [--all] [--limit N] [--pydump PATH] [-v]

Files are the standard library and the installed packages of the running interpreter, found through sysconfig. By default all of
the standard library and an even sample of the packages; --all takes every file. Trees are compared with positions; inside
f-strings, where 3.11 gives every part the place of the whole, without.
"""

import argparse
import ast
import collections
import os
import random
import re
import subprocess
import sys
import sysconfig
import tempfile
import textwrap
import warnings

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

# What 3.12 and later accept and 3.11 does not, so that a disagreement there proves nothing: f-strings, type parameters, type aliases.
NEWER_SYNTAX = re.compile(r"""f['"]|\b(def|class)\s+\w+\s*\[|\btype\s+\w+\s*[=\[]""", re.I)


def find_pydump(given):
    for path in [given, *(os.path.join(ROOT, "build", d, "tests/unit/pylang_parser/kedge-pydump") for d in ("release", "dev"))]:
        if path and os.path.exists(path):
            return path
    sys.exit("kedge-pydump is not built: ninja -C build/release kedge-pydump")


def python_files(folder):
    for base, folders, names in os.walk(folder):
        folders[:] = sorted(f for f in folders if f not in ("__pycache__", "site-packages"))
        for name in sorted(names):
            if name.endswith(".py"):
                yield os.path.join(base, name)


def corpus(everything, limit):
    stdlib = list(python_files(sysconfig.get_path("stdlib")))
    packages = [f for top in sorted({sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}) for f in python_files(top)]
    if not everything:
        packages = packages[:: max(1, len(packages) // 600)]
    files = [os.path.join(ROOT, "tests/unit/pylang_parser/sample.py")] + stdlib + packages
    return files[:: max(1, len(files) // limit)] if limit else files


def strip_fstring_positions(tree):
    open_nodes = [(tree, False)]
    while open_nodes:
        node, inside = open_nodes.pop()
        if inside:
            for attribute in ("lineno", "col_offset", "end_lineno", "end_col_offset"):
                if hasattr(node, attribute):
                    delattr(node, attribute)
        inside = inside or isinstance(node, ast.JoinedStr)
        open_nodes.extend((child, inside) for child in ast.iter_child_nodes(node))


SHARED = (ast.expr_context, ast.boolop, ast.operator, ast.unaryop, ast.cmpop)


def expected(source):
    """("OK", dump) or ("ERR", line, message) as CPython has it."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(source)
            strip_fstring_positions(tree)
            return ("OK", ast.dump(tree, include_attributes=True))
    except SyntaxError as e:
        return ("ERR", e.lineno or 0, str(e.msg))
    except (ValueError, RecursionError, MemoryError) as e:
        return ("ERR", 0, f"{type(e).__name__}: {e}")


class Pydump:
    """One process that answers file by file."""

    def __init__(self, path):
        self.process = subprocess.Popen([path, "--positions"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def __call__(self, file):
        self.process.stdin.write(os.fsencode(file) + b"\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline().decode("utf-8", "surrogatepass").rstrip("\n")
        parts = line.split("\t", 2)
        if not line:
            return ("CRASH", "no answer")
        if parts[0] == "OK":
            return ("OK", parts[2])
        at, column, code, message = parts[2].split("\t")
        return ("ERR", int(at), f"{code} {message}")


def rejected_by_compile(source):
    """What ast.parse accepts but the compiler refuses (`return` outside a function): we refuse such files while parsing."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(source, "file", "exec", dont_inherit=True)
    except SyntaxError:
        return True
    return False


def invalid_programs():
    """(source, line, same_line) from the list that the unit test checks too."""
    with open(os.path.join(ROOT, "tests/unit/pylang_parser/invalid_programs.txt"), encoding="utf-8") as f:
        pieces = f.read().split("\n=== ")[1:]
    for piece in pieces:
        header, source = piece.split("\n", 1)
        words = header.split()
        yield source, int(words[1]), "other-line" not in words


def check_invalid(pydump):
    passed, failed = 0, 0
    with tempfile.TemporaryDirectory() as folder:
        file = os.path.join(folder, "invalid.py")
        for source, line, same_line in invalid_programs():
            with open(file, "w", encoding="utf-8") as f:
                f.write(source + "\n")
            got = pydump(file)
            theirs = None
            try:
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")
                    compile(source + "\n", file, "exec", dont_inherit=True)
            except SyntaxError as e:
                theirs = e.lineno
            ok = theirs is not None and got[0] == "ERR" and got[1] == line and (not same_line or theirs == line)
            passed, failed = passed + ok, failed + (not ok)
            if not ok:
                print(f"FAIL invalid program: CPython line {theirs}, kedge {got}\n{source}")
    return passed, failed


PIECES = """( ) [ ] { } : , ; . ... -> := = == ! != * ** @ / // % + - ~ < > <= << | & ^ += and or not in is if else elif for while
async await lambda yield from import as def class return pass break del global nonlocal try except finally with raise assert None True
x y 1 0 1.5 2j 0x1 'a' b'b' f'{x}' f"{x!r:>{y}}" "" \\ # match case type _ print x: x= *x **x x, (x) [x] {x} {x:y}""".split() + [" ", "\n", "\n    ", "\t", "\\\n"]


def mutations(files, count, seed):
    """Paragraphs of real code with one to three pieces inserted, dropped or exchanged."""
    random_source = random.Random(seed)
    paragraphs = []
    for file in random_source.sample(files, min(len(files), 60)):
        with open(file, encoding="utf-8", errors="replace") as f:
            text = f.read()
        if not text.isascii() or "\0" in text:
            continue
        paragraphs += [p + "\n" for p in text.split("\n\n") if 10 < len(p) < 600]
    for _ in range(count):
        text = textwrap.dedent(random_source.choice(paragraphs))
        for _ in range(random_source.randint(1, 3)):
            words = re.findall(r"\w+|\s+|[^\w\s]", text)
            at = random_source.randrange(len(words) + 1) if words else 0
            kind = random_source.randrange(4)
            if kind == 0:
                words.insert(at, random_source.choice(PIECES))
            elif kind == 1:
                del words[at:at + random_source.randint(1, 3)]
            elif kind == 2:
                words[at:at + 1] = [random_source.choice(PIECES)]
            elif words:
                words.insert(at, random_source.choice(words))
            text = "".join(words)
        yield text


def check_mutations(pydump, files, count, verbose, seed=1):
    """Both accept with the same tree, or both reject. Where only newer versions accept, nothing is judged."""
    passed, failed, newer, valid = 0, 0, 0, 0
    with tempfile.TemporaryDirectory() as folder:
        file = os.path.join(folder, "mutation.py")
        for text in mutations(files, count, seed):
            source = text.encode()
            with open(file, "wb") as f:
                f.write(source)
            want, got = expected(source), pydump(file)
            valid += want[0] == "OK"
            if got[0] == "CRASH":
                sys.exit(f"kedge-pydump died on:\n{text}")
            if want == got or want[0] == got[0] == "ERR" or (got[0] == "ERR" and (rejected_by_compile(source) or "K0211" in got[2])):
                passed += 1
            elif want[0] == "ERR" and NEWER_SYNTAX.search(text):
                newer += 1
            else:
                failed += 1
                if failed <= (100 if verbose else 5):
                    detail = first_difference(want[1], got[1]) if want[0] == got[0] else f"CPython {want if want[0] == 'ERR' else 'OK'} kedge {got if got[0] == 'ERR' else 'OK'}"
                    print(f"FAIL mutation: {detail}\n{text}\n----")
    print(f"{passed} mutations ({valid} of all valid) agree, {failed} differ, {newer} not judged (syntax of 3.12)")
    return passed, failed


def first_difference(a, b):
    at = next((i for i, (x, y) in enumerate(zip(a, b)) if x != y), min(len(a), len(b)))
    return f"at {at}:\n      CPython {a[max(0, at - 80):at + 80]}\n      kedge   {b[max(0, at - 80):at + 80]}"


def check_corpus(pydump, files, verbose):
    passed, failures, refused = 0, [], collections.Counter()
    for file in files:
        with open(file, "rb") as f:
            source = f.read()
        want = expected(source)
        got = pydump(file)
        if got[0] == "CRASH":
            sys.exit(f"kedge-pydump died on {file}")
        if want == got or (want[0] == got[0] == "ERR"):
            passed += 1
        elif got[0] == "ERR" and want[0] == "OK" and rejected_by_compile(source):
            passed += 1
        elif got[0] == "ERR" and "K0211" in got[2]:
            refused["\\N{...} in a string (documented refusal)"] += 1
        elif got[0] == "ERR" and "unsupported source encoding" in got[2]:
            refused["source encoding (documented refusal)"] += 1
        elif want[0] == "ERR" and got[0] == "OK" and NEWER_SYNTAX.search(source.decode("utf-8", "replace")):
            refused["accepted: syntax newer than 3.11"] += 1
        else:
            detail = first_difference(want[1], got[1]) if want[0] == got[0] == "OK" else f"CPython {want[0]} {want[1:] if want[0] == 'ERR' else ''} kedge {got[0]} {got[1:] if got[0] == 'ERR' else ''}"
            failures.append((file, detail))
    for file, detail in failures[: 1000 if verbose else 20]:
        print(f"FAIL {file}\n    {detail}")
    for reason, count in refused.items():
        print(f"{count} files not compared: {reason}")
    return passed, len(failures)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--limit", type=int, default=0)
    parser.add_argument("--mutations", type=int, default=5000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--pydump")
    parser.add_argument("-v", "--verbose", action="store_true")
    args = parser.parse_args()
    sys.setrecursionlimit(20000)
    pydump = Pydump(find_pydump(args.pydump))
    files = corpus(args.all, args.limit)
    passed, failed = check_corpus(pydump, files, args.verbose)
    print(f"{passed} files equal, {failed} differ")
    invalid_passed, invalid_failed = check_invalid(pydump)
    mutations_passed, mutations_failed = check_mutations(pydump, files, args.mutations, args.verbose, args.seed)
    passed, failed = passed + invalid_passed + mutations_passed, failed + invalid_failed + mutations_failed
    print(f"{passed} passed, {failed} failed")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
