#!/usr/bin/env python3
"""Writes the generated pages of docs/: errors.md from the tables in docs/errors/. With --check it only says whether they are fresh."""
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
ROOMS = {
    "cli.txt": "The command line and running",
    "formats.txt": "Files",
    "syntax.txt": "Python syntax",
    "evaluation.txt": "Evaluating sources",
    "model.txt": "Models and classes",
    "weights.txt": "Weights",
    "numpy.txt": "NumPy",
    "ops.txt": "Operations and shapes",
    "ir.txt": "Graphs",
    "prelude.txt": "Keras, TensorFlow and NumPy functions",
    "pylang_builtins.txt": "Python builtins and standard library",
    "tflite.txt": "TensorFlow Lite and quantization",
    "onnx.txt": "ONNX",
    "runtime.txt": "Plans and the runtime",
    "lint.txt": "Lint rules",
    "serve.txt": "Serving",
    "deploy.txt": "Deploying",
}


def errors_page():
    out = ["# Errors", "", "Every diagnostic has a stable code. `kedge explain CODE` prints its page. This file is written by `./dev docs` from `docs/errors/`.", ""]
    tables = sorted((ROOT / "docs/errors").glob("*.txt"), key=lambda p: (list(ROOMS).index(p.name) if p.name in ROOMS else len(ROOMS), p.name))
    for table in tables:
        out += [f"## {ROOMS.get(table.name, table.stem)}", ""]
        for line in sorted(table.read_text().splitlines()):
            fields = [f.strip() for f in line.split("|", 3)]
            if len(fields) == 4:
                out += [f"### {fields[0]} {fields[1]}", "", fields[2], "", f"**What to do.** {fields[3]}", ""]
    return "\n".join(out)


PAGES = {"docs/errors.md": errors_page}


def main():
    stale = []
    for name, make in PAGES.items():
        path, text = ROOT / name, make()
        if path.exists() and path.read_text() == text:
            continue
        stale.append(name)
        if "--check" not in sys.argv[1:]:
            path.write_text(text)
            print("wrote", name)
    if "--check" in sys.argv[1:] and stale:
        print("stale: " + ", ".join(stale) + "; run ./dev docs")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
