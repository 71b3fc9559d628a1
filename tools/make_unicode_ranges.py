#!/usr/bin/env python3
"""Writes src/pylang/builtins/unicode_ranges.h from what Python itself answers for every character beyond ASCII.

Run it with CPython 3.11, whose str methods follow The Unicode Standard 14.0: python3.11 tools/make_unicode_ranges.py
`--check` compares instead of writing.
"""
import pathlib
import sys
import unicodedata

TABLE = pathlib.Path(__file__).resolve().parent.parent / "src/pylang/builtins/unicode_ranges.h"
HEAD = """\
// Character properties beyond ASCII as sorted ranges: what str.isalpha and the case mappings need to know
// (identifiers and str.isprintable are in pylang/unicode_tables.h).
// Source: The Unicode Standard 14.0, "Character Database" (the version CPython 3.11 answers with).
// Written by tools/make_unicode_ranges.py.
#pragma once

#include <cstdint>

namespace kedge::pylang::unicode {

struct Range {
  std::uint32_t first, last;
};
/// first, first + stride, … last map to themselves plus delta.
struct CaseRun {
  std::uint32_t first, last;
  std::int32_t delta;
  std::uint32_t stride;
};

// clang-format off
"""
TAIL = """\
// clang-format on

}  // namespace kedge::pylang::unicode
"""
CHARACTERS = [chr(c) for c in range(0x80, sys.maxunicode + 1)]


def ranges(holds):
    found = []
    for code in (ord(c) for c in CHARACTERS if holds(c)):
        if found and found[-1][1] == code - 1:
            found[-1][1] = code
        else:
            found.append([code, code])
    return [f"{{0x{first:X}, 0x{last:X}}}" for first, last in found]


def case_runs(mapped):
    """Mappings to one other character; a run grows while the distance stays and the step is 1 or 2 throughout."""
    runs = []  # first, last, delta, stride
    for c in CHARACTERS:
        to = mapped(c)
        if len(to) != 1 or to == c:
            continue
        code, delta = ord(c), ord(to) - ord(c)
        last = runs[-1] if runs else None
        if last and last[2] == delta:
            step = code - last[1]
            single = last[0] == last[1]
            if step in (1, 2) and (single or step == last[3]):
                last[1], last[3] = code, step
                continue
        runs.append([code, code, delta, 1])
    return [f"{{0x{first:X}, 0x{last:X}, {delta}, {stride}}}" for first, last, delta, stride in runs]


def table(comment, declaration, entries, per_line):
    lines = [f"    {', '.join(entries[i:i + per_line])}," for i in range(0, len(entries), per_line)]
    return (f"/// {comment}\n" if comment else "") + f"inline constexpr {declaration}[] = {{\n" + "\n".join(lines) + "\n};\n"


def make():
    zeros = [f"0x{ord(c):X}" for c in CHARACTERS if unicodedata.decimal(c, None) == 0]
    return "".join([
        HEAD,
        table("General categories Lm, Lt, Lu, Ll, Lo.", "Range kAlphabetic", ranges(str.isalpha), 9),
        table("Has a numeric value.", "Range kNumeric", ranges(str.isnumeric), 9),
        table("Numeric type digit or decimal.", "Range kDigit", ranges(str.isdigit), 9),
        table("The zeros of the decimal digit runs; ten code points each.", "std::uint32_t kDecimalZeros", zeros, 14),
        table("Derived property Lowercase.", "Range kLowercase", ranges(str.islower), 9),
        table("Derived property Uppercase.", "Range kUppercase", ranges(str.isupper), 9),
        table("", "CaseRun kToUpper", case_runs(str.upper), 6),
        table("", "CaseRun kToLower", case_runs(str.lower), 6),
        TAIL])


def main():
    if unicodedata.unidata_version != "14.0.0":
        sys.exit(f"Unicode {unicodedata.unidata_version}: the tables are those of 14.0.0, which CPython 3.11 has")
    made = make()
    if "--check" in sys.argv[1:]:
        sys.exit(0 if made == TABLE.read_text() else f"{TABLE.name} is not what tools/make_unicode_ranges.py writes")
    TABLE.write_text(made)


if __name__ == "__main__":
    main()
