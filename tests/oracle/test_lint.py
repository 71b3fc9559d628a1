#!/usr/bin/env python3
"""kedge lint: what it finds in faulty layers and how quiet it is on good ones, on small cases here and on the shared suite when it is present.
Real Keras judges the fixes."""
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

from check import KEDGE, ROOT, check, equal, finish, kedge

CASES = ROOT.parent / "shared/cases"
MUST_FIND = ["conv_missing_get_config", "conv_missing_kernel_size", "not_registered", "layers_in_generator", "attribute_before_super", "missing_module_import", "missing_sibling_file", "syntax_error"]
MOST_NOISE = 2.0

HEAD = "import keras\nfrom keras import layers, ops\n\n\n@keras.saving.register_keras_serializable()\n"

# name, source, expected (code, line, severity), the expected finding's fix makes it quiet
FAULTY = [
    ("missing get_config", HEAD + """class Scale(layers.Layer):
    def __init__(self, factor, **kwargs):
        super().__init__(**kwargs)
        self.factor = factor

    def call(self, x):
        return x * self.factor
""", [("K1001", 6, "warning")], True),
    ("argument missing, required", HEAD + """class Scale(layers.Layer):
    def __init__(self, factor, offset=0.0, **kwargs):
        super().__init__(**kwargs)
        self.factor = factor
        self.offset = offset

    def call(self, x):
        return x * self.factor + self.offset

    def get_config(self):
        return {**super().get_config(), "offset": self.offset}
""", [("K1002", 15, "error")], True),
    ("argument missing, optional", HEAD + """class Scale(layers.Layer):
    def __init__(self, factor=2.0, offset=0.0, **kwargs):
        super().__init__(**kwargs)
        self.factor, self.offset = factor, offset

    def get_config(self):
        config = super().get_config()
        config.update({"factor": self.factor})
        return config
""", [("K1002", 11, "warning")], True),
    ("not registered", """import keras


class Double(keras.layers.Layer):
    def call(self, x):
        return x * 2
""", [("K1003", 4, "warning")], True),
    ("not registered, tf.keras", """import tensorflow as tf


class Double(tf.keras.layers.Layer):
    def call(self, x):
        return x * 2
""", [("K1003", 4, "warning")], True),
    ("layers in a generator", HEAD + """class Stack(layers.Layer):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.blocks = (layers.Dense(4) for _ in range(3))

    def call(self, x):
        for block in self.blocks:
            x = block(x)
        return x
""", [("K1004", 9, "error")], True),
    ("a layer made in call", HEAD + """class Head(layers.Layer):
    def call(self, x):
        return layers.Dense(4)(x)
""", [("K1004", 8, "warning")], False),
    ("a layer before super().__init__()", HEAD + """class Head(layers.Layer):
    def __init__(self, **kwargs):
        self.dense = layers.Dense(4)
        super().__init__(**kwargs)

    def call(self, x):
        return self.dense(x)
""", [("K1004", 8, "warning")], False),
    ("missing module", HEAD.replace("import keras\n", "import keras\nimport tensorflow_addons as tfa\n", 1) + """class Double(layers.Layer):
    def call(self, x):
        return tfa.activations.mish(x)
""", [("K1005", 2, "error")], False),
    ("missing sibling, unused module", "import keras\nimport sklearn\nfrom .helper import double\n\n\nclass D(object):\n    pass\n\n\nprint(double)\n", [("K1005", 2, "warning"), ("K1005", 3, "error")], False),
    ("syntax error", "import keras\n\n\ndef f(x)\n    return x\n", [("K0201", 4, "error")], False),
]

QUIET = [
    ("the whole manner", HEAD + """class Good(layers.Layer):
    def __init__(self, units, activation=None, **kwargs):
        super().__init__(**kwargs)
        self.units = units
        self.activation = keras.activations.get(activation)
        self.blocks = [layers.Dense(units) for _ in range(2)]

    def build(self, shape):
        self.kernel = self.add_weight(shape=(shape[-1], self.units))

    def call(self, x):
        return self.activation(ops.matmul(x, self.kernel))

    def get_config(self):
        return {**super().get_config(), "units": self.units, "activation": keras.activations.serialize(self.activation)}
"""),
    ("arguments saved by a base class", HEAD + """class Base(layers.Layer):
    def __init__(self, units, **kwargs):
        super().__init__(**kwargs)
        self.units = units

    def get_config(self):
        return {**super().get_config(), "units": self.units}


@keras.saving.register_keras_serializable()
class Derived(Base):
    def __init__(self, units=4, **kwargs):
        super().__init__(units, **kwargs)
"""),
    ("keys from a loop", HEAD + """class Loop(layers.Layer):
    def __init__(self, a, b, **kwargs):
        super().__init__(**kwargs)
        self.a, self.b = a, b

    def get_config(self):
        config = super().get_config()
        for key in ("a", "b"):
            config[key] = getattr(self, key)
        return config
"""),
    ("a guarded import", HEAD.replace("import keras\n", "import keras\n\ntry:\n    import tensorflow_addons\nexcept ImportError:\n    tensorflow_addons = None\n", 1) + "class Double(layers.Layer):\n    def call(self, x):\n        return x * 2\n"),
    ("a function, a model, a helper class", "import keras\n\n\ndef make():\n    return keras.Sequential([keras.layers.Dense(2)])\n\n\nclass Helper:\n    def __init__(self, a):\n        self.a = a\n"),
    ("an empty file", ""),
]

LOADER = """
import os, sys
os.environ.update(TF_CPP_MIN_LOG_LEVEL="3", CUDA_VISIBLE_DEVICES="-1")
import importlib.util, keras
for path, name, arguments in eval(sys.argv[1]):
    spec = importlib.util.spec_from_file_location("m" + str(abs(hash(path))), path)
    module = importlib.util.module_from_spec(spec); spec.loader.exec_module(module)
    layer = getattr(module, name)(**arguments)
    again = keras.saving.deserialize_keras_object(keras.saving.serialize_keras_object(layer))
    assert type(again) is type(layer), path
    assert all(getattr(again, key) == value for key, value in arguments.items()), path
print("fixed")
"""


def lint(path, *arguments):
    p = kedge("lint", path, "--format", "json", *arguments)
    return json.loads(p.stdout)["diagnostics"] if p.returncode in (0, 1) and p.stdout else [{"code": "none", "line": 0, "severity": p.stderr}]


def triples(diagnostics):
    return [(d["code"], d["line"], d["severity"]) for d in diagnostics]


def small_cases(folder):
    for i, (name, source, expected, fixable) in enumerate(FAULTY):
        path = folder / f"case{i}.py"
        path.write_text(source)
        got = lint(path)
        equal(triples(got), expected, name)
        check(all(d["file"] == str(path) and d["column"] >= 1 for d in got), f"{name}: the place is in the file")
        equal(kedge("lint", path).returncode, int(any(s == "error" for _, _, s in expected)), f"{name}: exit code")
        equal(kedge("lint", path, "--deny-warnings").returncode, 1, f"{name}: exit code with --deny-warnings")
        if fixable:
            kedge("lint", path, "--fix")
            equal(triples(lint(path)), [], f"{name}: after --fix")
    for i, (name, source) in enumerate(QUIET):
        path = folder / f"quiet{i}.py"
        path.write_text(source)
        equal(triples(lint(path)), [], name)


def keras_judges_the_fixes(folder):
    cases = [(str(folder / "case0.py"), "Scale", {"factor": 3}), (str(folder / "case1.py"), "Scale", {"factor": 3, "offset": 1.0}), (str(folder / "case2.py"), "Scale", {"factor": 3.0, "offset": 5.0}), (str(folder / "case3.py"), "Double", {}), (str(folder / "case4.py"), "Double", {})]
    p = subprocess.run([sys.executable, "-c", LOADER, repr(cases)], capture_output=True, text=True, timeout=300)
    check(p.stdout.strip() == "fixed", f"real Keras serialises the fixed layers: {p.stderr[-500:]}")


def formats(folder):
    path = folder / "one.py"
    path.write_text(FAULTY[0][1])
    sarif = json.loads(kedge("lint", path, "--format", "sarif").stdout)
    result = sarif["runs"][0]["results"][0]
    equal((sarif["version"], result["ruleId"], result["locations"][0]["physicalLocation"]["region"]["startLine"]), ("2.1.0", "K1001", 6), "SARIF")
    github = kedge("lint", path, "--format", "github").stdout
    check(re.match(rf"::warning file={re.escape(str(path))},line=6,col=7,title=K1001::", github), f"workflow command: {github}")
    text = kedge("lint", path).stdout
    check(f"--> {path}:6:7" in text and "warning[K1001]" in text, f"text: {text}")


def shared_suite():
    p = subprocess.run([sys.executable, CASES / "run_faults.py", "--kedge", KEDGE, CASES, "--quiet-suites", "seed", "language"], capture_output=True, text=True, timeout=900)
    print(p.stdout.strip() or p.stderr[-500:])
    found = re.search(r"found (\d+) of (\d+) = ([\d.]+)%.*noise (\d+) of (\d+) = ([\d.]+)%", p.stdout)
    if not check(found, "the scoreboard of the shared suite"):
        return
    for name in MUST_FIND:
        check(f"missed {name}:" not in p.stdout and f"failed {name}:" not in p.stdout, f"{name} is found")
    check(float(found[6]) <= MOST_NOISE, f"noise on good layers is {found[6]} %, at most {MOST_NOISE} %")


def main():
    with tempfile.TemporaryDirectory() as tmp:
        folder = pathlib.Path(tmp)
        small_cases(folder)
        keras_judges_the_fixes(folder)
        formats(folder)
    if CASES.is_dir():
        shared_suite()
    else:
        print("SKIPPED: the shared suite of faulty layers is not here")
    finish()


if __name__ == "__main__":
    main()
