#!/usr/bin/env python3
"""Every custom layer of a model is a named region of its graph, inlined: the region's inputs and outputs are values of the graph.

Uses the demo model, and the cases of the suites `seed` and `language` where they are at hand (KEDGE_CASES, or a folder shared/cases beside the
repository).
"""
import json
import os
import pathlib
import re

from check import DEMO, ROOT, check, finish, kedge

CASES = pathlib.Path(os.environ.get("KEDGE_CASES", ROOT.parent / "shared/cases"))
REGION = re.compile(r'^ +region (\d+) (\w+) "([^"]*)" "([^"]*)" in (\d+) \(([^)]*)\) -> \(([^)]*)\)', re.M)
DEFINED = re.compile(r"^ +(?:(?:input|const|weight) )?((?:%\d+(?:, )?)+) ?(?:=|\")", re.M)
PLACED = re.compile(r"^ +((?:%\d+(?:, )?)+) = .* in (\d+) (?:layer )?\"([^\"]*)\"", re.M)


def values(text):
    return [v for v in re.findall(r"%\d+", text)]


def examine(name, model, custom):
    arguments = [a for path in custom for a in ("--custom", path)]
    graph = kedge("inspect", model, *arguments, "--graph")
    facts = kedge("inspect", model, *arguments, "--json")
    if not check(graph.returncode == 0 and facts.returncode == 0, f"{name}: inspect works: {graph.stderr[:200]}{facts.stderr[:200]}"):
        return
    regions = {r[0]: r for r in REGION.findall(graph.stdout)}
    check(regions, f"{name}: the graph has regions")
    defined = {v for d in DEFINED.findall(graph.stdout) for v in values(d)}
    for number, kind, what, instance, parent, inputs, outputs in regions.values():
        place = f"{name}: region {number} ({what} {instance})"
        check(parent == "0" or parent in regions, f"{place}: its parent {parent} is a region")
        for v in values(inputs) + values(outputs):
            check(v in defined, f"{place}: {v} is a value of the graph")
    inside = {}
    for outputs, region, _ in PLACED.findall(graph.stdout):
        while region in regions:  # a node is in the regions around its own too
            inside.setdefault(region, set()).update(values(outputs))
            region = regions[region][4]
    facts = json.loads(facts.stdout)
    for layer in facts["layers"]:
        if not layer["custom"]:
            continue
        leaf = layer["name"].rpartition("/")[2]
        mine = [r for r in regions.values() if r[1] == "layer" and r[2] == layer["class"] and r[3] == leaf]
        if not check(mine, f"{name}: the custom layer {layer['class']} `{leaf}` is a region"):
            continue
        for region in mine:
            made = set(values(region[6])) - set(values(region[5]))
            check(not made or made & inside.get(region[0], set()) or all(v in defined for v in made),
                  f"{name}: what `{leaf}` gives is made inside its region")


def main():
    examine("demo", DEMO / "model.keras", [DEMO / "layers.py"])
    count = 1
    for suite in ("seed", "language"):
        for folder in sorted((CASES / suite).glob("*/")) if (CASES / suite).is_dir() else []:
            case = json.loads((folder / "case.json").read_text())
            examine(case["id"], folder / case["model"], [folder / c for c in case["custom"]])
            count += 1
    print(f"{count} models")
    finish()


if __name__ == "__main__":
    main()
