"""The operations that generated layers are made of: one row each, spelled as keras.ops and as TensorFlow.

A row takes the current tensor `{x}`, float32 of static shape (batch, *shape), and gives another. In its text `{n}` is the size of the last axis, `{m}`
of the axis before it, `{i}` a small number of the row's own, and `{new}` a fresh name for a local variable. `semantic` names the operations after the
folding of spellings in the survey of public layers. A row whose text has several lines ends in the expression that is its value.
"""
import dataclasses
import typing

ANY = (1, 2, 3)  # ranks without the batch: features, sequence, image


@dataclasses.dataclass(frozen=True)
class Operation:
    semantic: tuple
    ops: str = ""  # the text with `ops.` names; empty: no such spelling
    tf: str = ""
    ranks: tuple = ANY
    shape: typing.Callable = lambda s: s
    steady: bool = True  # whether a small change of its input changes its value little


def same(semantic, ops="", tf="", **more):
    return Operation(tuple(semantic.split()), ops, tf or ops.replace("ops.", "tf."), **more)


def pair(semantic, ops, tf, **more):
    return Operation(tuple(semantic.split()), ops, tf, **more)


def last(size):
    return lambda s: s[:-1] + (size(s[-1]),)


ELEMENTWISE = [
    same("exp", "ops.exp(ops.clip({x}, -4.0, 2.0))", "tf.exp(tf.clip_by_value({x}, -4.0, 2.0))"),
    same("sqrt absolute", "ops.sqrt(ops.abs({x}) + 1e-3)"),
    pair("rsqrt square", "ops.rsqrt(ops.square({x}) + 0.5)", "tf.math.rsqrt(tf.square({x}) + 0.5)"),
    pair("log", "ops.log(ops.abs({x}) + 1.0)", "tf.math.log(tf.abs({x}) + 1.0)"),
    pair("log2", "ops.log2(ops.abs({x}) + 1.0)", "tf.math.log(tf.abs({x}) + 1.0) / np.log(2.0)"),
    same("sin", "ops.sin({x})"), same("cos", "ops.cos({x})"), same("tanh", "ops.tanh({x})"),
    pair("sigmoid", "ops.sigmoid({x})", "tf.nn.sigmoid({x})"),
    pair("relu", "ops.relu({x} - 0.1)", "tf.nn.relu({x} - 0.1)"),
    pair("relu6", "ops.relu6({x} * 2.0)", "tf.nn.relu6({x} * 2.0)"),
    pair("silu", "ops.silu({x})", "tf.nn.silu({x})"),
    pair("swish", "ops.swish({x})", "tf.nn.swish({x})"),
    pair("gelu", "ops.gelu({x}, approximate={flag})", "tf.nn.gelu({x}, approximate={flag})"),
    pair("softplus", "ops.softplus({x})", "tf.math.softplus({x})"),
    pair("activations:gelu", "keras.activations.gelu({x})", "tf.keras.activations.gelu({x})"),
    pair("activations:relu", "keras.activations.relu({x}, max_value=2.0)", "tf.keras.activations.relu({x}, max_value=2.0)"),
    pair("activations:softmax", "keras.activations.softmax({x})", "tf.keras.activations.softmax({x})"),
    pair("activations:tanh", "keras.activations.tanh({x})", "tf.keras.activations.tanh({x})"),
    pair("activations:silu", "keras.activations.silu({x})", "tf.keras.activations.silu({x})"),
    pair("activations:sigmoid", "keras.activations.sigmoid({x})", "tf.keras.activations.sigmoid({x})"),
    same("square", "ops.square({x}) * 0.5"),
    same("absolute", "ops.abs({x})"),
    pair("power", "ops.power(ops.abs({x}) + 0.1, 1.5)", "tf.pow(tf.abs({x}) + 0.1, 1.5)"),
    same("maximum", "ops.maximum({x}, 0.25 * {i})"), same("minimum", "ops.minimum({x}, 0.5 * {i})"),
    pair("clip", "ops.clip({x}, -0.5, 0.5)", "tf.clip_by_value({x}, -0.5, 0.5)"),
    same("multiply", "ops.multiply({x}, 0.5 + {x})"), same("add", "ops.add({x}, {x} * 0.25)"),
    same("subtract", "ops.subtract(1.0, {x})"),
    same("divide", "ops.divide({x}, 1.0 + ops.abs({x}))"),
    pair("divide_no_nan", "ops.divide_no_nan({x}, ops.relu({x}))", "tf.math.divide_no_nan({x}, tf.nn.relu({x}))"),
    pair("mod", "ops.mod(ops.abs({x}) * 0.1, 7.0)", "tf.math.floormod(tf.abs({x}) * 0.1, 7.0)"),
    pair("floor_divide", "ops.floor_divide({x} * 3.0, 2.0)", "tf.math.floordiv({x} * 3.0, 2.0)", steady=False),
    pair("floor", "ops.floor({x} * 2.5) * 0.5", "tf.floor({x} * 2.5) * 0.5", steady=False),
    pair("ceil", "ops.ceil({x} * 1.7)", "tf.math.ceil({x} * 1.7)", steady=False),
    same("round", "ops.round({x} * 2.3)", steady=False),
    same("sign", "ops.sign({x}) * 0.5 + {x}", steady=False),
    pair("stop_gradient", "ops.stop_gradient({x})", "tf.stop_gradient({x})"),
    pair("identity", "ops.convert_to_tensor({x})", "tf.identity({x})"),
    pair("isnan where", "ops.where(ops.isnan({x}), 0.0, {x})", "tf.where(tf.math.is_nan({x}), tf.zeros_like({x}), {x})"),
    pair("is_nan logical_not", "ops.where(ops.logical_not(ops.isnan({x})), {x}, ops.zeros_like({x}))",
         "tf.where(tf.logical_not(tf.math.is_nan({x})), {x}, 0.0)"),
    pair("where greater", "ops.where(ops.greater({x}, 0.0), {x}, 0.3 * {x})", "tf.where(tf.greater({x}, 0.0), {x}, 0.3 * {x})"),
    same("where less", "ops.where(ops.less({x}, 0.2), ops.square({x}), 0.2 * {x})"),
    pair("less_equal logical_and cast float32", "{x} * ops.cast(ops.logical_and(ops.less_equal({x}, 1.0), {x} > -1.0), 'float32')",
         "{x} * tf.cast(tf.logical_and(tf.less_equal({x}, 1.0), {x} > -1.0), tf.float32)", steady=False),
    pair("greater_equal logical_or cast", "ops.cast(ops.logical_or(ops.greater_equal({x}, 0.8), {x} < 0.1), {x}.dtype) + {x}",
         "tf.cast(tf.logical_or(tf.greater_equal({x}, 0.8), {x} < 0.1), {x}.dtype) + {x}", steady=False),
    pair("not_equal cast", "{x} * ops.cast(ops.not_equal({x}, 0.0), 'float32')", "{x} * tf.cast(tf.not_equal({x}, 0.0), 'float32')"),
    pair("equal zeros_like ones_like", "ops.where(ops.equal({x}, 0.0), ops.ones_like({x}), {x})",
         "tf.where(tf.equal({x}, 0.0), tf.ones_like({x}), {x})"),
    pair("cast int32", "ops.cast(ops.cast({x} * 4.0, 'int32'), 'float32')", "tf.cast(tf.cast({x} * 4.0, tf.int32), tf.float32)", steady=False),
    pair("cast int64 bool", "ops.cast(ops.cast(ops.cast({x} > 0.3, 'bool'), 'int64'), 'float32') + {x}",
         "tf.cast(tf.cast(tf.cast({x} > 0.3, tf.bool), tf.int64), tf.float32) + {x}", steady=False),
    pair("cast float16", "ops.cast(ops.cast({x}, 'float16'), 'float32')", "tf.cast(tf.cast({x}, tf.float16), tf.float32)", steady=False),
    pair("cast float64", "ops.cast(ops.cast({x}, 'float64') * 2.0, 'float32')", "tf.cast(tf.cast({x}, tf.float64) * 2.0, tf.float32)"),
    pair("pi sin", "ops.sin({x} * np.pi)", "tf.sin({x} * math.pi)"),
    pair("epsilon", "{x} / (ops.max(ops.abs({x})) + keras.config.epsilon())", "{x} / (tf.reduce_max(tf.abs({x})) + tf.keras.backend.epsilon())"),
    pair("finfo floating issubdtype",
         "{x} * (1.0 if np.issubdtype(np.float32, np.floating) else 0.0) + float(np.finfo('float32').eps)",
         "{x} * (1.0 if np.issubdtype(np.float32, np.floating) else 0.0) + np.finfo(np.float32).eps"),
    pair("inf minimum", "ops.minimum({x}, np.inf)", "tf.minimum({x}, np.inf)"),
    pair("floatx cast", "ops.cast({x}, keras.config.floatx())", "tf.cast({x}, tf.keras.backend.floatx())"),
    pair("standardize_dtype dtype cast", "ops.cast({x}, keras.backend.standardize_dtype({x}.dtype))", "tf.cast({x}, {x}.dtype.name)"),
    pair("add_n", "sum([{x}, {x} * 0.5, ops.tanh({x})])", "tf.add_n([{x}, {x} * 0.5, tf.tanh({x})])"),
    pair("constant", "{x} + ops.convert_to_tensor([0.1 * k for k in range({n})], dtype='float32')",
         "{x} + tf.constant([0.1 * k for k in range({n})], dtype=tf.float32)"),
    pair("convert_to_tensor array", "{x} * ops.convert_to_tensor(np.array([1.0 + 0.1 * k for k in range({n})], dtype='float32'))",
         "{x} * tf.convert_to_tensor(np.array([1.0 + 0.1 * k for k in range({n})]), dtype=tf.float32)"),
    pair("zeros ones", "{x} + ops.ones(({n},)) * 0.5 + ops.zeros(({n},))", "{x} + tf.ones([{n}]) * 0.5 + tf.zeros([{n}])"),
    pair("fill", "{x} * ops.full(({n},), 0.75)", "{x} * tf.fill([{n}], 0.75)"),
    pair("linspace", "{x} * ops.linspace(0.5, 1.5, {n})", "{x} * tf.linspace(0.5, 1.5, {n})"),
    pair("arange", "{x} + ops.cast(ops.arange({n}), 'float32') / {n}", "{x} + tf.cast(tf.range({n}), tf.float32) / {n}"),
    pair("bias_add", "{x} + ops.arange({n}, dtype='float32') * 0.01", "tf.nn.bias_add({x}, tf.range({n}, dtype=tf.float32) * 0.01)"),
    pair("eye matmul", "ops.matmul({x}, ops.eye({n}) * 0.5)", "tf.matmul({x}, tf.eye({n}) * 0.5)"),
    pair("rank ndim", "{x} / float(len({x}.shape))", "{x} / float({x}.shape.rank)"),
    pair("is_tensor", "{x} * (1.0 if keras.utils.is_keras_tensor({x}) or hasattr({x}, 'shape') else 2.0)", "{x} * (1.0 if tf.is_tensor({x}) else 2.0)"),
    pair("cond", "ops.cond(ops.sum({x}) > 1e6, lambda: {x} * 2.0, lambda: {x} - 0.5)",
         "tf.cond(tf.reduce_sum({x}) > 1e6, lambda: {x} * 2.0, lambda: {x} - 0.5)"),
    pair("while_loop",
         "ops.while_loop(lambda k, v: k < {i}, lambda k, v: (k + 1, ops.tanh(v) + 0.1), (0, {x}))[1]",
         "tf.while_loop(lambda k, v: k < {i}, lambda k, v: (k + 1, tf.tanh(v) + 0.1), (tf.constant(0), {x}))[1]"),
    pair("map", "ops.map(lambda row: ops.tanh(row) * 0.5, {x})", "tf.map_fn(lambda row: tf.tanh(row) * 0.5, {x})"),
    pair("vectorized_map", "ops.vectorized_map(lambda row: row * 0.5 + 1.0, {x})", "tf.vectorized_map(lambda row: row * 0.5 + 1.0, {x})"),
    pair("map_structure", "keras.tree.map_structure(lambda t: t * 0.5, {{'a': {x}}})['a']", "tf.nest.map_structure(lambda t: t * 0.5, {{'a': {x}}})['a']"),
    pair("tree.flatten", "keras.tree.flatten([{x}, {{'b': {x} * 2.0}}])[1]", "tf.nest.flatten([{x}, {{'b': {x} * 2.0}}])[1]"),
    pair("functools.reduce", "functools.reduce(lambda a, b: a + b, [{x}, {x} * 0.5, {x} * 0.25])",
         "functools.reduce(lambda a, b: a + b, [{x}, {x} * 0.5, {x} * 0.25])"),
    pair("functools.partial", "functools.partial(ops.maximum, 0.1)({x})", "functools.partial(tf.maximum, 0.1)({x})"),
    pair("copy.deepcopy", "{x} * sum(copy.deepcopy([0.5, 0.25]))", "{x} * sum(copy.deepcopy([0.5, 0.25]))"),
    pair("learning_phase", "{x} + 0.25", "{x} if not training else {x} * 0.0"),
    pair("smart_cond dropout", "{x} * (0.5 if training else 1.0)", "tf.nn.dropout({x}, rate=0.5) if training else {x}"),
]

REDUCING = [
    same("softmax", "ops.softmax({x}, axis=-1)", "tf.nn.softmax({x}, axis=-1)"),
    pair("sum expand_dims", "{x} / (ops.expand_dims(ops.sum(ops.abs({x}), axis=-1), -1) + 1.0)",
         "{x} / (tf.expand_dims(tf.reduce_sum(tf.abs({x}), axis=-1), -1) + 1.0)"),
    pair("mean", "{x} - ops.mean({x}, axis=-1, keepdims=True)", "{x} - tf.reduce_mean({x}, axis=-1, keepdims=True)"),
    pair("max", "{x} - ops.max({x}, axis=-1, keepdims=True)", "{x} - tf.reduce_max({x}, axis=-1, keepdims=True)"),
    pair("min", "{x} - ops.min({x}, axis=-1, keepdims=True)", "{x} - tf.reduce_min({x}, axis=-1, keepdims=True)"),
    pair("std", "{x} / (ops.std({x}, axis=-1, keepdims=True) + 0.5)", "{x} / (tf.math.reduce_std({x}, axis=-1, keepdims=True) + 0.5)"),
    pair("prod", "{x} + ops.prod(ops.tanh({x}), axis=-1, keepdims=True)", "{x} + tf.reduce_prod(tf.tanh({x}), axis=-1, keepdims=True)"),
    pair("moments", "{new}_mean, {new}_var = ops.moments({x}, axes=[-1], keepdims=True)\n({x} - {new}_mean) * ops.rsqrt({new}_var + 0.1)",
         "{new}_mean, {new}_var = tf.nn.moments({x}, axes=[-1], keepdims=True)\n({x} - {new}_mean) * tf.math.rsqrt({new}_var + 0.1)"),
    pair("norm", "{x} / (ops.norm({x}, axis=-1, keepdims=True) + 1.0)", "{x} / (tf.norm({x}, axis=-1, keepdims=True) + 1.0)"),
    pair("l2_normalize", "ops.normalize({x}, axis=-1)", "tf.math.l2_normalize({x}, axis=-1)"),
    pair("any", "{x} + ops.cast(ops.any({x} > 9e3, axis=-1, keepdims=True), 'float32')",
         "{x} + tf.cast(tf.reduce_any({x} > 9e3, axis=-1, keepdims=True), tf.float32)"),
    pair("all", "{x} + ops.cast(ops.all({x} > -9e3, axis=-1, keepdims=True), 'float32')",
         "{x} + tf.cast(tf.reduce_all({x} > -9e3, axis=-1, keepdims=True), tf.float32)"),
    same("cumsum", "ops.cumsum({x}, axis=-1)"),
    pair("argmax one_hot", "{x} * (1.0 + ops.one_hot(ops.argmax({x}, axis=-1), {n}))", "{x} * (1.0 + tf.one_hot(tf.argmax({x}, axis=-1), {n}))", steady=False),
    pair("argsort take_along_axis", "ops.take_along_axis({x}, ops.argsort({x}, axis=-1), axis=-1)",
         "tf.gather({x}, tf.argsort({x}, axis=-1), batch_dims=len({x}.shape) - 1)"),
    same("sort", "ops.sort({x}, axis=-1)"),
    pair("top_k", "ops.top_k({x}, k=2)[0]", "tf.math.top_k({x}, k=2).values", shape=last(lambda n: 2)),
    pair("batch_normalization", "ops.batch_normalization({x}, ops.zeros(({n},)), ops.ones(({n},)), axis=-1, epsilon=1e-3)",
         "tf.nn.batch_normalization({x}, tf.zeros([{n}]), tf.ones([{n}]), None, None, 1e-3)"),
    pair("segment_sum transpose", "ops.transpose(ops.segment_sum(ops.transpose(ops.reshape({x}, (-1, {n}))), ops.arange({n}) // 2, num_segments={h}))",
         "tf.transpose(tf.math.unsorted_segment_sum(tf.transpose({x}), tf.range({n}) // 2, num_segments={h}))", ranks=(1,),
         shape=last(lambda n: (n + 1) // 2)),
    pair("size", "{x} / float(math.prod({x}.shape[1:]))", "{x} / tf.cast(tf.size({x}[0]), tf.float32)"),
]
