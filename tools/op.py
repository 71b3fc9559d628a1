#!/usr/bin/env python3
"""`./dev new op NAME` writes a card and its line in ops.inc; `./dev show op NAME` prints every place an op lives."""
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
CARD = '''// {name}: say what it computes, and by whose definition.
#include "ops/cards.h"
#include "ops/shape_rules.h"

namespace kedge::ops {{
namespace {{

constexpr ir::InputSpec kInputs[] = {{{{"x"}}}};

Result<std::vector<ir::Typed>> infer(const ir::InferCall& call) {{
  return std::vector<ir::Typed>{{{{call.inputs[0]->dtype, call.inputs[0]->shape}}}};
}}

}}  // namespace

constinit const ir::OpDef {constant} = {{
    .name = "{name}",
    .summary = "",
    .inputs = kInputs,
    .infer = ir::rule(infer),
}};

}}  // namespace kedge::ops
'''


def new(name):
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name):
        sys.exit("an op's name is snake_case")
    card, listing = ROOT / f"src/ops/{name}.cpp", ROOT / "src/ops/ops.inc"
    constant = "k" + "".join(word.capitalize() for word in name.split("_"))
    if card.exists() or f"({constant}," in listing.read_text():
        sys.exit(f"there is an op `{name}` already")
    card.write_text(CARD.format(name=name, constant=constant))
    listing.write_text(listing.read_text().rstrip("\n") + f"\nKEDGE_OP({constant}, {name})\n")
    print(f"wrote {card.relative_to(ROOT)} and a line in src/ops/ops.inc; next: its reference kernel, and what `./dev show op` of a similar op shows")


def show(name):
    constant = "k" + "".join(word.capitalize() for word in name.split("_"))
    found = subprocess.run(["git", "grep", "-n", "-w", "-e", f'"{name}"', "-e", constant, "--", "src", "prelude", "tests", "docs"], cwd=ROOT, capture_output=True, text=True)
    print(found.stdout.rstrip() or f"there is no op `{name}`")
    return int(not found.stdout)


def main():
    if len(sys.argv) != 4 or sys.argv[1] not in ("new", "show") or sys.argv[2] != "op":
        sys.exit("usage: ./dev new op NAME | ./dev show op NAME")
    return new(sys.argv[3]) if sys.argv[1] == "new" else show(sys.argv[3])


if __name__ == "__main__":
    sys.exit(main())
