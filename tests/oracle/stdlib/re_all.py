import re

cases = [
    (r"a(b)?c", "xacabc"), (r"(\w+)@(\w+)\.com", "me@x.com you@yy.com"), (r"\bfoo\b", "foo food foo"), (r"^\d+$", "123\n45"), (r"(?P<y>\d{4})-(?P<m>\d\d)", "2024-05 x 1999-12"),
    (r"a*?b", "aaab"), (r"(a|ab)(c|bcd)(d*)", "abcd"), (r"[^a-c]+", "abcdefabc"), (r"(?i)HeLLo", "hello HELLO"), (r"x(?=y)", "xyxz"), (r"x(?!y)", "xyxz"), (r"(?<=a)b", "abcb"),
    (r"(?<!a)b", "abcb"), (r"(\w)\1", "aabbcd"), (r"a{2,3}", "aaaaaaa"), (r"a{,2}b", "aaab"), (r"(?:ab)+", "ababab"), (r"\s+", " a \t b"), (r"", "ab"), (r"b*", "abb"), (r"(a*)*", "aab"),
    (r"(a)|b", "ab"), (r"[\]\-x]+", "]-x"), (r"\\", "a\\b"), (r"(?P<q>['\"]).*?(?P=q)", "'a' \"b\""), (r".", "a\nb"), (r"(?s).", "a\nb"), (r"(?m)^\w", "ab\ncd"), (r"\Aab\Z", "ab"),
    (r"(?x) a  b # comment\n", "ab"), (r"(a)?(?(1)b|c)", "abc"), (r"[a-z]+?\d", "abc1de2"), (r"é+", "éé"), (r"\W", "a-é_b"), (r"(?a)\w+", "aé"), (r"((a)(b)?)+", "aba"), (r"a++b", "aab"),
    (r"(?>a+)b", "aab"), (r"[\w.]+", "a.b c"), (r"\x41\u00e9\101", "AéA"), (r"$", "a\n"), (r"layer_(\d+)", "layer_1/layer_22"), (r"^(?:conv|dense)\d*_(?P<n>kernel|bias):?", "conv2_kernel:0"), (r"(?i:A)b", "ab AB"),
]
for pattern, text in cases:
    try:
        p = re.compile(pattern)
    except re.error as e:
        print(pattern, "error")
        continue
    m = p.search(text)
    print(pattern, p.groups, dict(p.groupindex), m and (m.span(), m.groups(), m.groupdict(), m.lastindex, m.lastgroup), p.findall(text), p.split(text), p.sub("<>", text), p.subn("-", text, 1))
    print([x.span() for x in p.finditer(text)], bool(p.match(text)), bool(p.fullmatch(text)))
for bad in ["(", "a)", "[a", "*a", "a**", "(?P<1>a)", "(?P=x)", r"\1", "a{3,2}", "(?<=a+)b", "[b-a]", "(?P<a>x)(?P<a>y)", "\\"]:
    try:
        re.compile(bad)
        print(bad, "ok")
    except re.error:
        print(bad, "error")
m = re.match(r"(?P<a>\w+) (\w+)?", "hi ")
print(m.group(), m.group(0, 1, 2), m["a"], m[2], m.start("a"), m.end(1), m.span(2), m.groups("x"), m.expand(r"\1-\g<a>-\g<0>"), m.string, m.pos, m.endpos, m)
print(re.sub(r"(\w)(\w)", r"\2\1", "abcd"), re.sub(r"(?P<x>a)", r"[\g<x>]", "banana", count=2), re.sub("a", lambda m: m.group().upper() + str(m.start()), "banana"), re.sub("x*", "-", "abxd"))
print(re.split(r"(,)\s*", "a, b,c"), re.split(r"\W+", "a b  c", maxsplit=1), re.split("", "abc"), re.escape("a.b*c[d] e-f"), re.fullmatch("a|ab", "ab"), re.findall("(a)(b)?", "aba"))
print(re.compile("a", re.I | re.M), re.compile("b").pattern, int(re.I | re.S), re.compile("A", flags=re.IGNORECASE).findall("aA"), re.match("a", "ba"), re.search(re.compile("b"), "ab").start())
print(re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", re.sub(r"(.)([A-Z][a-z]+)", r"\1_\2", "MyCustomConv2DLayer")).lower(), re.findall(rb"\w+", b"ab cd"), re.compile("a").search("bab", 2), re.compile("^b").search("ab", 1))
try:
    re.match("a", b"a")
except TypeError as e:
    print(e)
print(re.sub("(a)|b", r"[\1]", "ab"), re.sub("a", r"\n\\", "a"), re.findall("[İi]", "iI"), re.findall("(?i)straße", "STRAßE straße"))
