from __future__ import annotations

import json
import os
import string
import sys
import types
import logging
import warnings
import numbers

obj = {"a": [1, 2.5, True, None, "x\n\"é\u2028"], "b": {}, "c": [], 1: "n", None: 2, "nested": {"k": [{"z": (1, 2)}]}, "big": 10**30, "e": 1e22, "f": -0.0}
print(json.dumps(obj))
print(json.dumps(obj, indent=2, ensure_ascii=False))
print(json.dumps({"b": 1, "a": 2}, sort_keys=True, separators=(",", ":")), json.dumps(float("nan")), json.dumps("😀"), json.dumps([], indent=1))
print(json.loads(json.dumps(obj)))
print(json.loads('[1, -2.5e3, "\\u00e9\\ud83d\\ude00\\n", true, false, null, {"a": {}}, [], 12345678901234567890, NaN]')[:-1])
for bad in ["", "[1,", "{a: 1}", "[1 2]", '{"a" 1}', '"abc', "nul", "[1]x", '{"a":1,}', '"\\q"', "01", "-", "[1,]"]:
    try:
        print(bad, json.loads(bad))
    except json.JSONDecodeError as e:
        print(bad, e, e.pos)
for bad in [{1, 2}, object, b"x", {(1,): 2}, 1j]:
    try:
        json.dumps(bad)
    except TypeError as e:
        print(e)
r = []
r.append(r)
try:
    json.dumps(r)
except ValueError as e:
    print(e)
print(json.dumps({1, 2}, default=lambda o: sorted(o)), json.loads('{"a": 1}', object_hook=lambda d: list(d.items())), json.loads('{"a": 1, "b": 2}', object_pairs_hook=tuple), json.loads("1.5", parse_float=str), json.loads(b'"x"'))


class E(json.JSONEncoder):
    def default(self, o):
        return {"complex": [o.real, o.imag]} if isinstance(o, complex) else super().default(o)


print(json.dumps([1j], cls=E))
p = os.path
print(p.join("a", "b", "c.txt"), p.join("a/", "/b"), p.join("", "x"), p.basename("/a/b.c"), p.dirname("/a/b.c"), p.split("/a/b/"), p.splitext("a/b.tar.gz"), p.splitext(".bashrc"), p.normpath("a/./b/../c//d"), p.isabs("/x"), p.splitext("a.b/c"), p.commonprefix(["abc", "abd"]), p.relpath("/a/b/c", "/a/d"), os.sep, p.normpath("../a/.."), p.normpath("//x"))
print(string.ascii_letters, string.digits, string.punctuation, repr(string.whitespace), string.capwords("hello big world"), string.Template("$a ${b} $$").substitute(a=1, b=2), string.hexdigits)
print(sys.version_info[:2], sys.version_info >= (3, 8), sys.version_info.major, sys.maxsize, sys.byteorder, sys.float_info.epsilon, sys.float_info.max)
ns = types.SimpleNamespace(a=1, b="x")
ns.c = [2]
print(ns, ns == types.SimpleNamespace(a=1, b="x", c=[2]), isinstance(len, types.BuiltinFunctionType), isinstance(lambda: 0, types.FunctionType), types.MappingProxyType({"a": 1}), types.MappingProxyType({"a": 1})["a"], isinstance(os, types.ModuleType))
try:
    types.MappingProxyType({})["a"] = 1
except TypeError:
    print("read only")
log = logging.getLogger("x.y")
log.debug("no %s", 1)
print(log.name, logging.getLogger("x.y") is log, logging.getLevelName(30), logging.INFO)
with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    warnings.warn("w", UserWarning)
print(isinstance(3, numbers.Number), isinstance(3, numbers.Integral), isinstance(2.5, numbers.Integral), isinstance(2.5, numbers.Real), isinstance(True, numbers.Number), isinstance("a", numbers.Number), issubclass(int, numbers.Rational))
