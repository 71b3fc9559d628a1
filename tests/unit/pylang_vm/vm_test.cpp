// What programs in CPython cannot show: budgets, poison, tensor-valued branches (with a fake tensor), and places of
// diagnostics.
#include <gtest/gtest.h>

#include <map>

#include "pylang/interp.h"

namespace kedge::pylang {
namespace {

/// A stand-in for a symbolic tensor: it only knows how it was made.
struct FakeTensor final : Object {
  std::string text;
};

struct FakeHooks final : SymbolicHooks {
  Type* tensor = nullptr;
  static std::string text(Interp& interp, Value v) {
    if (v.is_object()) {
      if (auto* t = dynamic_cast<FakeTensor*>(v.o)) return t->text;
    }
    return interp.repr_of(v).value_or("?");
  }
  Value make(Interp& interp, std::string t) {
    auto* out = interp.make<FakeTensor>(tensor);
    out->text = std::move(t);
    return Value::object(out);
  }
  bool is_symbolic(Value v) const override { return v.is_object() && v.o->type == tensor; }
  Value select(Interp& interp, Value c, Value a, Value b) override {
    if (a.is_none() || b.is_none()) return interp.raise("TypeError", "None on one side");
    return make(interp, "sel(" + text(interp, c) + "," + text(interp, a) + "," + text(interp, b) + ")");
  }
  Value logical_not(Interp& interp, Value a) override { return make(interp, "not " + text(interp, a)); }
  Value logical(Interp& interp, Value a, Value b, bool is_and) override {
    return make(interp, "(" + text(interp, a) + (is_and ? " and " : " or ") + text(interp, b) + ")");
  }
};

struct MapFinder final : ModuleFinder {
  SourceMap& sources;
  std::map<std::string, std::string, std::less<>> texts;
  std::map<std::string, bool, std::less<>> opaque;
  explicit MapFinder(SourceMap& s) : sources(s) {}
  std::optional<ModuleSpec> find(Interp&, std::string_view name) override {
    ModuleSpec spec;
    if (opaque.find(name) != opaque.end()) {
      spec.kind = ModuleSpec::Kind::opaque;
      return spec;
    }
    auto it = texts.find(name);
    if (it == texts.end()) return std::nullopt;
    spec.source = sources.add(std::string(name) + ".py", it->second);
    return spec;
  }
};

class Vm : public ::testing::Test {
 protected:
  void start(Limits limits = {}) {
    interp = std::make_unique<Interp>(sources, limits);
    finder = std::make_unique<MapFinder>(sources);
    interp->set_finder(finder.get());
    hooks.tensor = interp->make_host_type("fake", "Tensor");
    interp->def(
        hooks.tensor, "__add__",
        [](Interp& i, Args a, void* h) {
          return static_cast<FakeHooks*>(h)->make(
              i, "(" + FakeHooks::text(i, a.positional[0]) + "+" + FakeHooks::text(i, a.positional[1]) + ")");
        },
        &hooks);
    interp->def(hooks.tensor, "__repr__",
                [](Interp& i, Args a, void*) { return i.str(static_cast<FakeTensor*>(a.positional[0].o)->text); });
    interp->set_hooks(&hooks);
  }
  Module* run(std::string text, std::string name = "user") {
    if (!interp) start();
    const Value v = interp->run_source(name, sources.add(name + ".py", std::move(text)));
    return v.is_error() ? nullptr : static_cast<Module*>(v.o);
  }
  Value get(Module* m, std::string_view name) { return interp->dict_get(m->dict, name); }
  /// f(t) where t is the tensor "t"; its text, or the code and place of the error.
  std::string call_f(std::string text) {
    Module* m = run(std::move(text));
    if (m == nullptr) return error();
    const Value arg = hooks.make(*interp, "t");
    const Value r = interp->call(get(m, "f"), {&arg, 1});
    if (r.is_error()) return error();
    return FakeHooks::text(*interp, r);
  }
  std::string error() {
    const Error e = interp->take_error();
    const Diagnostic& d = e.diagnostic();
    return d.code + " " + render_place(d.primary.location, sources) + " " + d.message;
  }
  SourceMap sources;
  std::unique_ptr<Interp> interp;
  std::unique_ptr<MapFinder> finder;
  FakeHooks hooks;
};

// ---- budgets

TEST_F(Vm, EndlessLoopIsRefused) {
  Limits l;
  l.steps = 100000;
  start(l);
  EXPECT_EQ(run("x = 1\nwhile True:\n    x += 1\n"), nullptr);
  EXPECT_EQ(error().substr(0, 15), "K0302 user.py:3");
}

TEST_F(Vm, BudgetIsNotCaughtByExcept) {
  Limits l;
  l.steps = 100000;
  start(l);
  EXPECT_EQ(run("try:\n    while True: pass\nexcept BaseException:\n    print('caught')\nfinally:\n    print('fin')\n"),
            nullptr);
  EXPECT_EQ(interp->printed(), "");
  EXPECT_TRUE(error().starts_with("K0302"));
}

TEST_F(Vm, EndlessListIsRefused) {
  Limits l;
  l.heap_bytes = 8 << 20;
  start(l);
  EXPECT_EQ(run("x = []\nwhile True:\n    x = [x, x, x]\n"), nullptr);
  EXPECT_TRUE(error().starts_with("K0303"));
}

TEST_F(Vm, EndlessRecursionIsAnException) {
  Module* m =
      run("def f(): return f()\nclass A:\n    def __getattr__(self, n): return getattr(self, n + 'x')\nr = []\nfor g "
          "in (f, lambda: A().x, lambda: sorted([1], key=lambda v: f())):\n    try: g()\n    except RecursionError: "
          "r.append('ok')\nn = len(r)\n");
  ASSERT_NE(m, nullptr);
  EXPECT_EQ(get(m, "n").i, 3);
}

TEST_F(Vm, DeepRecursionWithinTheLimitWorks) {
  Module* m = run("def f(n): return 0 if n == 0 else 1 + f(n - 1)\nx = f(800)\n");
  ASSERT_NE(m, nullptr);
  EXPECT_EQ(get(m, "x").i, 800);
}

// ---- poison

TEST_F(Vm, FailedStatementPoisonsItsNamesAndTheModuleGoesOn) {
  Module* m = run("a = 1\nb = undefined\nc = a + 1\n");
  ASSERT_NE(m, nullptr);
  EXPECT_EQ(get(m, "c").i, 2);
  ASSERT_NE(as<Poison>(get(m, "b")), nullptr);
  EXPECT_TRUE(interp->getattr(get(m, "b"), "x").is_error());
  EXPECT_EQ(error(), "K0300 user.py:2:5 uncaught NameError: name 'undefined' is not defined");
}

TEST_F(Vm, PoisonSpeaksAtTheLineOfUse) {
  start();
  finder->opaque["pandas"] = true;
  Module* m = run("import pandas as pd\nimport os_missing\ndef f(x):\n    y = pd\n    return y.DataFrame(x)\n");
  ASSERT_NE(m, nullptr);
  const Value one = Value::integer(1);
  EXPECT_TRUE(interp->call(get(m, "f"), {&one, 1}).is_error());
  EXPECT_EQ(error(), "K0300 user.py:5:12 uncaught ModuleNotFoundError: No module named 'pandas'");
}

TEST_F(Vm, PoisonIsStoredAndPassedFreely) {
  start();
  finder->opaque["pandas"] = true;
  Module* m =
      run("import pandas\nd = {'a': pandas}\nl = [pandas]\ndef f(x=pandas): return x\ng = f()\nclass A(pandas.X): "
          "pass\n@pandas.deco\ndef h(): pass\nok = 1\n");
  ASSERT_NE(m, nullptr);
  EXPECT_NE(as<Poison>(get(m, "g")), nullptr);
  EXPECT_NE(as<Poison>(get(m, "A")), nullptr);
  EXPECT_NE(as<Poison>(get(m, "h")), nullptr);
  EXPECT_EQ(get(m, "ok").i, 1);
}

TEST_F(Vm, AbsentModuleIdioms) {
  start();
  finder->opaque["pandas"] = true;
  Module* m =
      run("try:\n    import pandas\n    have = True\nexcept ImportError:\n    pandas = None\n    have = False\n"
          "import pandas as pd\nlazy = hasattr(pd, 'x')\ntry:\n    pd.x\nexcept ImportError as e:\n    msg = "
          "str(e)\nfrom pandas import DataFrame, Series as S\n");
  ASSERT_NE(m, nullptr);
  ASSERT_TRUE(get(m, "have").is_bool());
  EXPECT_FALSE(get(m, "have").b);
  EXPECT_TRUE(get(m, "pandas").is_none());
  ASSERT_TRUE(get(m, "lazy").is_bool());
  EXPECT_FALSE(get(m, "lazy").b);
  EXPECT_EQ(as<Str>(get(m, "msg"))->text, "No module named 'pandas'");
  EXPECT_NE(as<Poison>(get(m, "S")), nullptr);
}

TEST_F(Vm, NamesBoundBeforeStay) {
  Module* m = run("x = 1\nif True:\n    y = 2\n    z = nope\n    w = 3\nfor x in [5, nope]: pass\n");
  ASSERT_NE(m, nullptr);
  EXPECT_EQ(get(m, "x").i, 1);
  EXPECT_EQ(get(m, "y").i, 2);
  EXPECT_NE(as<Poison>(get(m, "z")), nullptr);
  EXPECT_NE(as<Poison>(get(m, "w")), nullptr);
}

TEST_F(Vm, FailingAnnotationsDoNoHarm) {
  Module* m =
      run("def f(x: nope.Thing, y: int = 2) -> also.nope: return x + y\nclass A:\n    a: nope.B = 3\nr = f(1) + A.a\n");
  ASSERT_NE(m, nullptr);
  EXPECT_EQ(get(m, "r").i, 6);
}

TEST_F(Vm, TrustedModulesStopAtTheirFirstFailure) {
  start();
  EXPECT_TRUE(interp->run_source("p", sources.add("p.py", "x = 1\ny = nope\n"), true).is_error());
  EXPECT_TRUE(error().starts_with("K0300 p.py:2:5"));
}

TEST_F(Vm, AsyncIsRefusedWhenRun) {
  Module* m = run("async def g():\n    await g()\n    async for x in y: pass\ndef f():\n    return g()\n");
  ASSERT_NE(m, nullptr);
  EXPECT_TRUE(interp->call(get(m, "f")).is_error());
  EXPECT_EQ(error().substr(0, 17), "K0304 user.py:5:1");
}

// ---- places

TEST_F(Vm, InnermostUserLineIsPrimaryCallersAreSecondary) {
  Module* m = run("def inner(x):\n    return x['k']\ndef outer(x):\n    return inner(x)\n");
  ASSERT_NE(m, nullptr);
  const Value arg = Value::object(interp->dict());
  EXPECT_TRUE(interp->call(get(m, "outer"), {&arg, 1}).is_error());
  const Error e = interp->take_error();
  EXPECT_EQ(e.diagnostic().message, "uncaught KeyError: 'k'");
  EXPECT_EQ(render_place(e.diagnostic().primary.location, sources), "user.py:2:12");
  ASSERT_EQ(e.diagnostic().secondary.size(), 1u);
  EXPECT_EQ(render_place(e.diagnostic().secondary[0].location, sources), "user.py:4:12");
}

TEST_F(Vm, PreludeFramesAreNotTheUsersLine) {
  start();
  ASSERT_FALSE(
      interp->run_source("lib", sources.add("lib.py", "def check(v):\n    raise ValueError('bad ' + str(v))\n"), true)
          .is_error());
  Module* m = run("import lib\ndef f():\n    return lib.check(3)\n");
  ASSERT_NE(m, nullptr);
  EXPECT_TRUE(interp->call(get(m, "f")).is_error());
  EXPECT_EQ(error(), "K0300 user.py:3:12 uncaught ValueError: bad 3");
}

TEST_F(Vm, SyntaxErrorsKeepTheirCode) {
  EXPECT_EQ(run("def f(:\n    pass\n"), nullptr);
  EXPECT_TRUE(error().starts_with("K02"));
  EXPECT_EQ(run("return 5\n", "two"), nullptr);
  EXPECT_TRUE(error().starts_with("K0301 two.py:1:1"));
}

// ---- tensor-valued control flow

TEST_F(Vm, IfMergesLocals) {
  EXPECT_EQ(call_f("def f(t):\n    x = 1\n    if t: x = 2\n    return x\n"), "sel(t,2,1)");
  EXPECT_EQ(call_f("def f(t):\n    if t:\n        x = 1; y = 5\n    else:\n        x = 2; y = 5\n    return (x, y)[0] "
                   "+ t if False else x\n"),
            "sel(t,1,2)");
}

TEST_F(Vm, NestedIfs) {
  EXPECT_EQ(call_f("def f(t):\n    if t:\n        if t + 1: x = 1\n        else: x = 2\n    elif t + 2:\n        x = "
                   "3\n    else:\n        x = 4\n    return x\n"),
            "sel(t,sel((t+1),1,2),sel((t+2),3,4))");
}

TEST_F(Vm, ReturnsInBranches) {
  EXPECT_EQ(call_f("def f(t):\n    if t: return 1\n    else: return 2\n"), "sel(t,1,2)");
  EXPECT_EQ(call_f("def f(t):\n    y = 7\n    if t: return 1\n    y = y + 1\n    return y\n"), "sel(t,1,8)");
  EXPECT_EQ(call_f("def f(t):\n    x = 0\n    if t: x = 5\n    else: return 9\n    return x + 1\n"), "sel(t,6,9)");
  EXPECT_EQ(call_f("def f(t):\n    if t:\n        if t + 1: return 1\n    return 2\n"), "sel(t,sel((t+1),1,2),2)");
  EXPECT_EQ(call_f("def f(t):\n    for i in range(3):\n        if t + i: return i\n    return 9\n"),
            "sel((t+0),0,sel((t+1),1,sel((t+2),2,9)))");
}

TEST_F(Vm, ExpressionsOnTensors) {
  EXPECT_EQ(call_f("def f(t): return 1 if t else 2\n"), "sel(t,1,2)");
  EXPECT_EQ(call_f("def f(t): return t and t + 1\n"), "(t and (t+1))");
  EXPECT_EQ(call_f("def f(t): return t or 3 or t\n"), "(t or 3)");
  EXPECT_EQ(call_f("def f(t): return not t\n"), "not t");
  EXPECT_EQ(call_f("def f(t): return [1 if t else 2, 5][0]\n"), "sel(t,1,2)");
  EXPECT_EQ(call_f("def f(t):\n    assert t, 'must hold'\n    return 3\n"), "3");
}

TEST_F(Vm, ClosuresAreMerged) {
  EXPECT_EQ(call_f("def f(t):\n    x = 1\n    def g(): return x\n    if t: x = 2\n    return g()\n"), "sel(t,2,1)");
}

TEST_F(Vm, OneSidedVariableSpeaksWhenUsed) {
  EXPECT_EQ(call_f("def f(t):\n    if t: x = 1\n    return 5\n"), "5");
  EXPECT_EQ(call_f("def f(t):\n    if t: x = 1\n    return x + 1\n").substr(0, 17), "K0300 user.py:3:1");
}

TEST_F(Vm, FreshObjectsInBranchesAreFree) {
  EXPECT_EQ(call_f("def f(t):\n    if t:\n        l = []\n        l.append(1)\n        x = len(l)\n    else:\n        "
                   "x = 0\n    return x\n"),
            "sel(t,1,0)");
}

TEST_F(Vm, MutationInABranchIsRefused) {
  EXPECT_TRUE(
      call_f("def f(t):\n    l = []\n    if t:\n        l.append(1)\n    return 1\n").starts_with("K0307 user.py:4:9"));
  EXPECT_TRUE(call_f("class A: pass\na = A()\ndef f(t):\n    if t:\n        a.x = 1\n    return 1\n")
                  .starts_with("K0307 user.py:5:9"));
  EXPECT_TRUE(
      call_f("d = {}\ndef f(t):\n    if t:\n        d['k'] = 1\n    return 1\n").starts_with("K0307 user.py:4:9"));
  EXPECT_TRUE(call_f("n = 0\ndef f(t):\n    global n\n    if t:\n        n = 1\n    return 1\n")
                  .starts_with("K0307 user.py:5:9"));
}

TEST_F(Vm, IteratorsFromOutsideAreStateToo) {
  EXPECT_TRUE(call_f("def f(t):\n    it = iter([1, 2])\n    if t:\n        x = next(it)\n    return 1\n")
                  .starts_with("K0307 user.py:4:13"));
  EXPECT_TRUE(call_f("def f(t):\n    it = iter([1, 2])\n    if t:\n        for x in it: pass\n    return 1\n")
                  .starts_with("K0307 user.py:4:18"));
  EXPECT_EQ(call_f("def f(t):\n    s = 0\n    for i in [1, 2]:\n        if t: s = s + i\n        else: s = s + 10\n    "
                   "return s\n")
                .substr(0, 5),
            "sel(t");
}

TEST_F(Vm, NativeLoopsOverEndlessIteratorsEnd) {
  Limits l;
  l.steps = 100000;
  start(l);
  EXPECT_EQ(run("class E:\n    def __iter__(self): return self\n    def __next__(self): return 1\nx = sum(E())\n"),
            nullptr);
  EXPECT_TRUE(error().starts_with("K0302"));
}

TEST_F(Vm, RefusedShapesOfControlFlow) {
  EXPECT_TRUE(call_f("def f(t):\n    while t:\n        pass\n    return 1\n").starts_with("K0306 user.py:2:11"));
  EXPECT_TRUE(
      call_f("def f(t):\n    if t:\n        raise ValueError('no')\n    return 1\n").starts_with("K0308 user.py:3:9"));
  EXPECT_TRUE(call_f("def f(t):\n    for i in range(3):\n        if t:\n            break\n    return 1\n")
                  .starts_with("K0308 user.py:4:13"));
  EXPECT_TRUE(call_f("def f(t): return bool(t)\n").starts_with("K0305 user.py:1:18"));
  EXPECT_TRUE(call_f("def f(t): return [i for i in range(3) if t]\n").starts_with("K0305 user.py:1:42"));
}

}  // namespace
}  // namespace kedge::pylang
