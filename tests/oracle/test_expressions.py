"""Generated expressions: what the dialect computes must be what CPython computes (the repr, or the exception's type).

    python tests/oracle/test_expressions.py [--pyrun PATH] [--seed N] [--count N]

Every expression node kind of CPython's `ast` (but Await, which stands in coroutines only), every builtin and every str, list, dict, set,
tuple, int, float and bytes method below occurs at least 20 times; the test counts them in the generated trees and fails otherwise.
"""

import argparse
import ast
import pathlib
import random
import subprocess
import sys
import tempfile
from collections import Counter

ROOT = pathlib.Path(__file__).resolve().parents[2]

# What they stand for: i int, f float, s str, l list of ints, t tuple, d dict str->int, e set of ints, b bool, y bytes, v anything, r list of str, c complex, p text pattern.
CALLS = """
abs({i}) abs({f}) abs({c}) all({l}) any({l}) ascii({s}) bin({i}) bool({v}) bytes({l}) callable({v}) chr({i}) complex({f},{f}) complex({i}) dict({d}) dict(a={i},b={v}) dict([({s},{v})])
divmod({i},{i}) divmod({f},{f}) enumerate({l}) list(enumerate({s},{i})) filter(None,{l}) float({i}) float({s}) float({n}) format({f},'.3f') format({i},'{q}') frozenset({l})
getattr({i},'real') getattr({s},'nope',{i}) getattr({v},'nope') hasattr({v},'upper') hash({i})==hash(float({i})) hash({k}+0.5) hex({i}) id({v})>=0 int({f}) int({s}) int({n}) int({n},{k}) isinstance({v},int) isinstance({v},(str,list))
issubclass(bool,int) issubclass({w},object) iter({l}) len({v}) len({s}) list({t}) list({s}) list({v}) list(map(str,{l})) list(map(lambda§a,b:a+b,{l},{l})) max({l}) max({i},{f}) max({l},default={i}) max({l},key=lambda§q:-q)
min({l}) min({i},{i}) min({s},key=ord) next(iter({l})) next(iter({l}),{i}) oct({i}) ord({s}[:1]) pow({i},{k}) pow({i},{k},{i}) pow({f},{k}) print('x') range({i}) list(range({k},{k},{k})) repr({v}) reversed({l}) list(reversed({s}))
round({f}) round({f},{k}) round({i},-1) set({l})=={e} slice({i},{i}) slice({i}) sorted({l}) sorted({l},reverse={b}) sorted({r},key=len) str({v}) str({f}) sum({l}) sum({l},{f}) tuple({l}) tuple({v}) type({v}) type({v}).__name__ zip({l},{s}) list(zip({l},{s},{t}))
locals()§and§{i} isinstance(globals(),dict) len(dir({s}))>3 setattr({i},'x',1) delattr({i},'x') property(lambda§self:1)is§None object()is§None bytearray({y}) map(len,{r}) vars({i}) exec§is§None staticmethod(len)is§None classmethod(len)is§None NotImplemented Ellipsis
ValueError({s}) TypeError({i},{s}) KeyError({s}) NotImplementedError({s}) RuntimeError() SyntaxError({s}) AttributeError({s}) Exception({v}) ImportError({s}) IndexError({i}) AssertionError({v}) NameError({s}) Warning({s}) ModuleNotFoundError({s}) DeprecationWarning({s}) FutureWarning({s}) RuntimeWarning({s}) UserWarning({s}) SyntaxWarning({s}) str(KeyError({s})) ZeroDivisionError({i}).args
""".split()
METHODS = """
{s}.capitalize() {s}.casefold() {s}.center({k}) {s}.center({k},'*') {s}.count({p}) {s}.encode() {s}.encode('ascii') {s}.encode('latin-1') {s}.endswith({p}) {s}.expandtabs({k}) {s}.find({p}) {s}.find({p},{k}) {s}.format({v},{i}) '{{0}}{{1!r}}'.format({v},{s})
'{{:>{{}}}}|{{x}}'.format({s},{k},x={f}) '{{a}}'.format_map({d}) {s}.index({p}) {s}.isalnum() {s}.isalpha() {s}.isascii() {s}.isdecimal() {s}.isdigit() {s}.isidentifier() {s}.islower() {s}.isnumeric() {s}.isprintable() {s}.isspace() {s}.istitle() {s}.isupper() {s}.join({r})
{s}.ljust({k}) {s}.lower() {s}.lstrip() {s}.lstrip({p}) {s}.partition({p}) {s}.removeprefix({p}) {s}.removesuffix({p}) {s}.replace({p},{s}) {s}.replace({p},{s},{k}) {s}.rfind({p}) {s}.rindex({p}) {s}.rjust({k}) {s}.rpartition({p}) {s}.rsplit() {s}.rsplit({p},{k}) {s}.rstrip() {s}.split() {s}.split({p}) {s}.split(None,{k})
{s}.splitlines() {s}.splitlines(True) {s}.startswith({p}) {s}.startswith(({p},{s})) {s}.strip() {s}.strip({p}) {s}.swapcase() {s}.title() {s}.translate({{97:'x',98:None}}) {s}.translate(str.maketrans('ab','xy')) {s}.upper() {s}.zfill({k})
{l}.append({v}) (lambda§q:(q.append({i}),q))({l}) {l}.clear() {l}.copy() {l}.count({i}) {l}.extend({v}) (lambda§q:(q.extend({l}),q))({l}) {l}.index({i}) (lambda§q:(q.insert({k},{i}),q))({l}) {l}.insert({i},{i}) {l}.pop() {l}.pop({k}) {l}.remove({i}) (lambda§q:(q.remove(q[0]),q))({l}) {l}.reverse() (lambda§q:(q.reverse(),q))({l}) {l}.sort() (lambda§q:(q.sort(key=lambda§z:z%3),q))({l})
{d}.clear() {d}.copy() {d}.fromkeys({r},{i}) {d}.get({p}) {d}.get({p},{v}) {d}.items() list({d}.items()) {d}.keys() sorted({d}.keys()&{d}.keys()) {d}.pop({p}) {d}.pop({p},{i}) {d}.popitem() {d}.setdefault({p},{i}) (lambda§q:(q.update({d}),q))({d}) {d}.update(x={i}) {d}.values() list({d}.values())
{t}.count({i}) {t}.index({i}) {e}.add({i}) {e}.union({l}) {e}.intersection({l}) {e}.difference({l}) {e}.symmetric_difference({l}) {e}.issubset({l}) {e}.issuperset({l}) {e}.isdisjoint({l}) {e}.discard({i}) {e}.remove({i}) {e}.copy() (lambda§q:(q.update({l}),q))({e}) {e}.clear() {e}.difference_update({l}) {e}.intersection_update({l})
({i}).bit_length() ({i}).bit_count() ({i}).to_bytes(4,'big') ({i}).to_bytes({k},'little',signed=True) int.from_bytes({y},'big') int.from_bytes({y},'little',signed=True) ({i}).as_integer_ratio() ({i}).conjugate() ({i}).real ({i}).imag ({i}).numerator
({f}).is_integer() ({f}).as_integer_ratio() ({f}).hex() float.fromhex(({f}).hex()) ({f}).conjugate() ({c}).conjugate() ({c}).real ({c}).imag
{y}.decode() {y}.hex() {y}.find(b'a') {y}.replace(b'a',b'zz') {y}.split(b'b') {y}.upper() {y}.startswith(b'a') {y}.strip() {y}.join([{y},{y}]) bytes.fromhex('00ff')
""".split()
# Operators and node kinds.
FORMS = """
({i}+{i}) ({i}-{f}) ({i}*{i}) ({i}/{i}) ({i}//{i}) ({i}%{i}) ({i}**{k}) ({f}//{f}) ({f}%{f}) ({f}**{f}) ({i}<<{k}) ({i}>>{k}) ({i}&{i}) ({i}|{i}) ({i}^{i}) (~{i}) (-{f}) (+{i}) (not{v}) ({s}+{s}) ({s}*{k}) ({l}+{l}) ({l}*{k}) ({t}+{t}) ({e}|{e}) ({e}&{e}) ({e}-{e}) ({e}^{e}) ({d}|{d}) ({c}*{c}) ({c}/{c}) ({c}**{k}) ({v}+{v}) ({v}*{k}) ({v}-{v}) ({v}%{v}) ({v}@{v})
({i}<{f}) ({i}<={i}<{i}) ({v}=={v}) ({v}!={v}) ({v}<{v}) ({v}>={v}) ({i}in{l}) ({s}notin{r}) ({p}in{s}) ({b}is{b}) ({v}isnotNone) ({v}and{v}) ({v}or{v}) ({b}and{i}or{s}) ({v}if{v}else{v}) ({l}<{l}) ({t}>{t}) ({e}<={e})
[zforzin{l}] [z*2forzin{l}ifz%2] [(x,y)forxin{l}foryin{s}ifx] {{zforzin{l}}} {{z:z*zforzin{l}}} sum(zforzin{l}) list((z,z)forzin{s}) [*{l},*{t}] {{**{d},'k':{i}}} (*{l},{i}) max(*{l}) (lambdax,y={i}:x+y)({i}) (lambda*a,**k:(a,k))(*{l},**{d}) (lambdaa,/,*,b:(a,b))({i},b={v}) [(n:={i}),n+1] list((lambda:(yield{v}))()) list((lambda:(yieldfrom{l}))())
{l}[{k}] {l}[{i}:{i}] {l}[::{k}] {l}[::-1] {s}[{k}] {s}[{i}:{i}:{k}] {t}[{k}] {t}[-1] {d}[{p}] {y}[{k}] {y}[1:] range({i})[{k}] f'{{{v}}}' f'{{{s}!r:>{{{k}}}}}' f'{{{f}:.{{{k}}}f}}|{{{i}:{q}}}' f'{{{f}:{Q}}}' '%s|%r'%({v},{v}) '%d'%{i} '%5.2f'%{f} '%x'%{i} '%-8s|'%{s} '%(a)s'%{d} {{{i},{i}}} [{i},{v}] ({v},) {{{s}:{v}}} ... None b'a\\x00' 1.5e300 {i}.real {s}.__class__ {v}.nope
""".split()


def respace(text):
    """The tables have no spaces: put them back around keywords (§ stands for one)."""
    text = text.replace("§", " ")
    for a, b in [("notin", " not in "), ("isnotNone", " is not None"), ("(not{", "(not {"), ("yieldfrom", "yield from "), ("yield{", "yield {"), ("}in{", "} in {"), ("}is{", "} is {"), ("}and{", "} and {"),
                 ("}or{", "} or {"), ("}if{", "} if {"), ("}else{", "} else {"), ("zforzin", "z for z in "), ("z*2forzin", "z*2 for z in "), ("}ifz", "} if z"), ("(x,y)forxin", "(x,y) for x in "),
                 ("}foryin", "} for y in "), ("}ifx", "} if x"), ("z*zforzin", "z*z for z in "), ("(z,z)forzin", "(z,z) for z in "), ("lambdax", "lambda x"), ("lambda*", "lambda *"), ("lambdaa", "lambda a")]:
        text = text.replace(a, b)
    return text


class Generator:
    def __init__(self, seed):
        self.random = random.Random(seed)

    def pick(self, *choices):
        return self.random.choice(choices)

    def fill(self, template, depth):
        out = []
        i = 0
        while i < len(template):
            c = template[i]
            if template[i:i + 2] in ("{{", "}}"):
                # f-strings and dict displays keep one brace; format templates keep what str.format needs.
                out.append(c)
                i += 2
                continue
            if c == "{" and i + 2 < len(template) and template[i + 2] == "}":
                kind = template[i + 1]
                value = getattr(self, "make_" + kind)(depth)
                if self.in_fstring and kind not in "qQ":
                    value = value.replace('"', "'")
                    value = f"({value})" if value.startswith("{") or "lambda" in value else value
                    if "'" in value or "\\" in value or "!" in value or ":" in value:
                        value = {"s": "S", "l": "L", "d": "D"}.get(kind, "V")
                out.append(value)
                i += 3
                continue
            out.append(c)
            i += 1
        return "".join(out)

    def expression(self, template, depth=2):
        self.in_fstring = template.startswith("f'")
        if self.in_fstring:
            depth = 0
        text = self.fill(respace(template), depth)
        self.in_fstring = False
        return text

    in_fstring = False

    def make_i(self, depth):
        if depth > 0 and self.random.random() < 0.35:
            return self.fill(self.pick("({i}+{i})", "({i}*{i})", "({i}-{i})", "len({s})", "sum({l})", "({i}//{i})", "({i}%{i})", "({i} if {b} else {i})", "abs({i})", "ord({s}[0])", "int({f})"), depth - 1)
        return str(self.pick(0, 1, 2, 3, 5, 7, 10, 97, 255, 256, 1000, 12345, 2**31, 2**53 + 1, 2**63 - 1, 2**63, 10**20, -1, -2, -7, -128, -(2**63), -(10**19), self.random.randint(-50, 50))).join(("(", ")"))

    def make_k(self, depth):
        return self.pick("0", "1", "2", "3", "4", "8", "12", "(-1)", "(-2)", "5")

    def make_f(self, depth):
        if depth > 0 and self.random.random() < 0.3:
            return self.fill(self.pick("({f}+{f})", "({f}*{i})", "({i}/{i})", "float({i})", "({f}-{f})", "({f} if {b} else {f})"), depth - 1)
        return self.pick("0.0", "1.0", "0.5", "2.5", "-0.0", "3.14159", "1e-7", "1e16", "123456.789", "-2.75", "0.1", "1e22", "2.675", "1e100", "-1e-5", "float('inf')", "float('nan')", "5e-324", "99.995", str(round(self.random.uniform(-1000, 1000), self.random.randint(0, 6)))).join(("(", ")"))

    def make_c(self, depth):
        return self.pick("(1+2j)", "2j", "(-1.5-0.5j)", "complex(0,-0.0)", "(3+0j)")

    def make_s(self, depth):
        if depth > 0 and self.random.random() < 0.25:
            return self.fill(self.pick("({s}+{s})", "str({i})", "{s}.upper()", "{s}[1:]", "repr({s})", "({s} if {b} else {s})", "'-'.join({r})"), depth - 1)
        return self.pick("''", "'a'", "'abc'", "'Hello World'", "' x y '", "'a,b,,c'", "'12'", "'-3.5'", "'é\\u4e2d'", "'tab\\there'", "'line\\nbreak\\r\\n'", "'ABC abc 123'", "'{}-{}'", "'aaaa'", "'it\\'s'", "'\\\\'", "'ǅß'", "'layer_1/kernel:0'", "'0x1f'", "'\\x00\\x7f\\xa0'")

    def make_p(self, depth):
        return self.pick("'a'", "'b'", "'c'", "' '", "','", "'ab'", "''", "'x'", "'l'", "'é'", "'aa'")

    def make_n(self, depth):
        return self.pick("'42'", "' 7 '", "'1_000'", "'0x1F'", "'-0b101'", "'z'", "''", "'1.5'", "'1e3'", "'inf'", "'-nan'", "'٣'", "'12abc'", "b'33'", "'+8'", "'1__0'")

    def make_l(self, depth):
        if depth > 0 and self.random.random() < 0.25:
            return self.fill(self.pick("({l}+{l})", "list(range({k}))", "[{i},{i},{i}]", "{l}[1:]", "sorted({l})", "[z for z in {l}]"), depth - 1)
        return self.pick("[]", "[1]", "[3,1,2]", "[1,2,2,3]", "[5,-4,0]", "[0]", "list(range(6))", "[10,20,30,40]")

    def make_r(self, depth):
        return self.pick("[]", "['a']", "['b','a','cc']", "['x','','yy']", "'a b c'.split()", "['é','z']")

    def make_t(self, depth):
        return self.pick("()", "(1,)", "(1,2,3)", "(3,1,2)", "(1,'a')", "((1,2),3)", "tuple([1,2])")

    def make_d(self, depth):
        return self.pick("{}", "{'a':1}", "{'a':1,'b':2}", "{'x':0,'a':-1,'c':3}", "dict(a=5,b=6)").join(("(", ")"))

    def make_e(self, depth):
        return self.pick("set()", "{1}", "{1,2,3}", "{0,5}", "frozenset([2,3])", "set([1,1,4])").join(("(", ")"))

    def make_y(self, depth):
        return self.pick("b''", "b'abc'", "b'\\x00\\xff'", "b'a b'", "bytes([1,2,3])", "b'caf\\xc3\\xa9'")

    def make_b(self, depth):
        return self.pick("True", "False")

    def make_w(self, depth):
        return self.pick("int", "str", "list", "dict", "float", "bool", "type", "3")

    def make_q(self, depth):
        return self.pick("d", "05d", "+,", "x", "#b", "_x", "^10", "<6", ">+8d", "e", ".2f", "c", "08.3f", "*^9", "o", "n", "s", "%", ",.1f", "=+6", "X", "#X", " d")

    def make_Q(self, depth):
        return self.pick(".2f", "e", "g", ".3g", "10.1f", "+.0f", "%", ",.2f", "08.2f", "", ".0e", "#g", "_.3f", "<9.2", "^12.4", "F", ".10g", "n", "d", "G", " .1f", "E")

    def make_v(self, depth):
        return getattr(self, "make_" + self.pick(*"iifsslltdbyecr"))(depth - 1) if self.random.random() < 0.9 else self.pick("None", "...", "int", "len", "True")


PREAMBLE = '''
S = 'text {x}'
L = [4, 5]
D = {'a': 1}
V = (1, 'b')
def show(v, depth=0):
    if depth > 6:
        return '...'
    if isinstance(v, (set, frozenset)):
        return type(v).__name__ + str(sorted(repr(x) for x in v))
    if isinstance(v, list):
        return '[' + ', '.join(show(x, depth + 1) for x in v) + ']'
    if isinstance(v, tuple):
        return '(' + ', '.join(show(x, depth + 1) for x in v) + ',)'
    if isinstance(v, dict):
        return '{' + ', '.join(show(k, depth + 1) + ': ' + show(x, depth + 1) for k, x in v.items()) + '}'
    text = repr(v)
    return type(v).__name__ if ' object' in text or ' at 0x' in text or text.startswith('<built-in') or text.startswith('<method') else text
def run(i, f):
    try:
        print(i, show(f()))
    except Exception as x:
        print(i, type(x).__name__)
'''


def wanted_names():
    builtin = ("abs all any ascii bin bool bytes bytearray callable chr complex dict divmod enumerate filter float format frozenset getattr globals hasattr hash hex id int isinstance issubclass iter len "
               "list locals map max min next object oct ord pow print property range repr reversed round set setattr delattr dir slice sorted staticmethod classmethod str sum tuple type vars zip NotImplemented Ellipsis ValueError TypeError "
               "KeyError NotImplementedError ImportError RuntimeError SyntaxError AttributeError Exception IndexError AssertionError NameError Warning ModuleNotFoundError DeprecationWarning FutureWarning "
               "RuntimeWarning UserWarning SyntaxWarning").split()
    methods = {part.split("(")[0] for text in METHODS for part in text.split(".")[1:]}
    return set(builtin), {m for m in methods if m.isidentifier()}


def find_pyrun():
    found = sorted(ROOT.glob("build/*/**/kedge-pyrun"), key=lambda p: p.stat().st_mtime)
    if not found:
        sys.exit("kedge-pyrun is not built")
    return found[-1]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--pyrun", type=pathlib.Path)
    parser.add_argument("--seed", type=int, default=20261125)
    parser.add_argument("--count", type=int, default=24, help="expressions per template")
    parser.add_argument("--show", type=int, default=40)
    options = parser.parse_args()
    print(f"seed {options.seed}")
    generator = Generator(options.seed)
    expressions = []
    for template in CALLS + METHODS + FORMS:
        made = 0
        for _ in range(options.count * 4):
            text = generator.expression(template)
            try:
                ast.parse(text, mode="eval")
            except (SyntaxError, ValueError):
                continue
            expressions.append(text)
            made += 1
            if made == options.count:
                break
        if made < options.count:
            sys.exit(f"the template {template!r} makes too few expressions")
    nodes, names, attributes = Counter(), Counter(), Counter()
    for text in expressions:
        for node in ast.walk(ast.parse(text, mode="eval")):
            nodes[type(node).__name__] += 1
            if isinstance(node, ast.Name):
                names[node.id] += 1
            elif isinstance(node, ast.Attribute):
                attributes[node.attr] += 1
    kinds = [c.__name__ for c in ast.expr.__subclasses__() if c.__name__ not in ("Await", "Num", "Str", "Bytes", "NameConstant", "Ellipsis")]
    builtin, methods = wanted_names()
    rare = [k for k in kinds if nodes[k] < 20] + [n for n in builtin if names[n] < 20] + [m for m in methods if attributes[m] < 20]
    if rare:
        sys.exit(f"too rare: {rare}")
    lines = [PREAMBLE]
    for i, text in enumerate(expressions):
        lines.append(f"def e{i}(): return {text}")
        lines.append(f"run({i}, e{i})")
    with tempfile.TemporaryDirectory() as folder:
        program = pathlib.Path(folder) / "expressions.py"
        program.write_text("\n".join(lines) + "\n", encoding="utf-8")
        want = subprocess.run([sys.executable, "-W", "ignore", "-X", "utf8", str(program)], capture_output=True, timeout=300).stdout.decode("utf-8", "backslashreplace").splitlines()
        done = subprocess.run([str(options.pyrun or find_pyrun()), "--prelude", str(ROOT / "prelude"), str(program)], capture_output=True, timeout=300)
        got = done.stdout.decode("utf-8", "backslashreplace").splitlines()
    wanted = {line.split(" ", 1)[0]: line for line in want if line[:1].isdigit()}
    ours = {line.split(" ", 1)[0]: line for line in got if line[:1].isdigit()}
    failed = [(i, wanted[str(i)], ours.get(str(i), "nothing")) for i in range(len(expressions)) if wanted[str(i)] != ours.get(str(i))]
    for i, expected, found in failed[: options.show]:
        print(f"{expressions[i]}\n    CPython {expected[:300]}\n    kedge   {found[:300]}")
    if done.returncode not in (0, 1) or done.stderr:
        print(f"exit code {done.returncode}: {done.stderr[:500]!r} {got[-1:]}")
    print(f"{len(expressions) - len(failed)} passed, {len(failed)} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
