import itertools as it
import operator as op

I = it.islice
print(list(I(it.count(3, 2), 4)), list(I(it.cycle("ab"), 5)), list(it.repeat(1, 3)), list(it.accumulate([1, 2, 3])), list(it.accumulate([1, 2, 3], op.mul, initial=10)))
print(list(it.chain([1], "ab", (2,))), list(it.chain.from_iterable(["ab", [1]])), list(it.compress("abcd", [1, 0, 1])), list(it.dropwhile(lambda x: x < 3, [1, 3, 2])))
print(list(it.takewhile(lambda x: x < 3, [1, 3, 2])), list(it.filterfalse(lambda x: x % 2, range(6))), list(it.starmap(pow, [(2, 3), (3, 2)])), list(it.zip_longest("ab", [1], fillvalue="-")))
print(list(it.pairwise([1, 2, 3])), [(k, list(g)) for k, g in it.groupby("aabbbc")], [(k, len(list(g))) for k, g in it.groupby([1, 3, 2, 4], key=lambda x: x % 2)])
print(list(it.product("ab", [1, 2])), list(it.product([0, 1], repeat=2)), list(it.combinations("abc", 2)), list(it.permutations([1, 2, 3], 2)), list(it.combinations_with_replacement("ab", 2)))
a, b = it.tee([1, 2, 3])
print(next(a), list(b), list(a), list(it.permutations([])), list(it.product()), list(it.combinations([1], 2)), list(I("abcdef", 1, None, 2)), list(I("abc", 0)))
print([list(g) for k, g in it.groupby([])], list(I(it.count(0.5, 0.25), 3)), list(it.accumulate("abc")), list(it.zip_longest()), len(list(it.permutations(range(5)))))
for bad in (lambda: I([], -1), lambda: list(it.chain(3)), lambda: it.combinations([1], -1), lambda: next(iter(it.repeat(1, 0)))):
    try:
        print(bad())
    except Exception as e:
        print(type(e).__name__)
source = iter(range(10))
print(list(I(source, 2, 5)), next(source))
print(op.itemgetter(1, 2)("abc"), op.itemgetter("k")({"k": 3}), op.attrgetter("real")(4), op.attrgetter("real", "imag")(2j), op.methodcaller("upper")("x"), op.methodcaller("split", ",", maxsplit=1)("a,b,c"))
print(op.add(1, 2), op.sub(5, 3), op.truediv(1, 2), op.floordiv(7, 2), op.mod(7, 3), op.pow(2, 5), op.neg(3), op.not_(0), op.truth([]), op.is_(None, None), op.contains([1], 1), op.and_(6, 3), op.or_(6, 3), op.xor(6, 3), op.lshift(1, 4), op.rshift(16, 2), op.invert(5), op.index(True))
l = [1, 2]
op.setitem(l, 0, 9)
print(op.getitem(l, 0), op.iadd(l, [3]) is l, l, op.concat("a", "b"), op.countOf([1, 1, 2], 1), op.indexOf([4, 5], 5), op.length_hint([1, 2]), op.eq(1, 1.0), op.lt(1, 2), op.abs(-3), op.itemgetter(slice(1))("abc"))
op.delitem(l, 0)
print(l, sorted([(1, "b"), (0, "a")], key=op.itemgetter(1)), op.itemgetter(1), op.matmul)if False else print(l)
