"""Rows that own a layer or a weight: what `__init__` or `build` makes, and how `call` uses it.

`{k}` is `keras.layers` or `tf.keras.layers`; `{name}` is the attribute.
"""
import dataclasses
import typing

from .operations import ANY


@dataclasses.dataclass(frozen=True)
class Sublayer:
    semantic: tuple
    made: str
    used: str = "self.{name}({x})"
    ranks: tuple = ANY
    shape: typing.Callable = lambda s: s


def row(semantic, made, used="self.{name}({x})", **more):
    return Sublayer(tuple(semantic.split()), made, used, **more)


def channels(n):
    return lambda s: s[:-1] + (n,)


SUBLAYERS = [
    row("L:Dense", "{k}.Dense(5, activation={act!r})", shape=channels(5)),
    row("L:Dense activations:get", "{k}.Dense(3, activation=self.activation, use_bias={flag})", shape=channels(3)),
    row("L:Dense initializers:TruncatedNormal", "{k}.Dense(4, kernel_initializer={r}initializers.TruncatedNormal(stddev=0.2, seed=1))", shape=channels(4)),
    row("L:Dense initializers:VarianceScaling regularizers:l2",
        "{k}.Dense(4, kernel_initializer={r}initializers.VarianceScaling(seed=2), kernel_regularizer={r}regularizers.l2(1e-4))", shape=channels(4)),
    row("L:Dense initializers:RandomNormal initializers:Constant",
        "{k}.Dense(3, kernel_initializer={r}initializers.RandomNormal(seed=3), bias_initializer={r}initializers.Constant(0.1))", shape=channels(3)),
    row("L:Dense initializers:RandomUniform initializers:Ones",
        "{k}.Dense(3, kernel_initializer={r}initializers.RandomUniform(-0.3, 0.3, seed=4), bias_initializer={r}initializers.Ones())", shape=channels(3)),
    row("L:Dropout", "{k}.Dropout({rate})", "self.{name}({x}, training=training)"),
    row("L:LayerNormalization", "{k}.LayerNormalization(epsilon=1e-5)"),
    row("L:BatchNormalization", "{k}.BatchNormalization(momentum=0.9)", "self.{name}({x}, training=training)"),
    row("L:GroupNormalization", "{k}.GroupNormalization(groups=1)", ranks=(2, 3)),
    row("L:Activation", "{k}.Activation({act!r})"),
    row("L:ReLU", "{k}.ReLU(max_value=3.0)"), row("L:LeakyReLU", "{k}.LeakyReLU()"), row("L:Softmax", "{k}.Softmax(axis=-1)"),
    row("L:Identity", "{k}.Identity()"),
    row("L:Embedding arange mean", "{k}.Embedding(7, 4)", "{x} + {mean}(self.{name}({arange}(3)))"),
    row("L:Add", "{k}.Add()", "self.{name}([{x}, {x}])"), row("L:Multiply", "{k}.Multiply()", "self.{name}([{x}, {x}])"),
    row("L:add", "None", "{k}.add([{x}, {x}])"), row("L:multiply", "None", "{k}.multiply([{x}, {x}])"),
    row("L:Concatenate", "{k}.Concatenate(axis=-1)", "self.{name}([{x}, {x}])", shape=lambda s: s[:-1] + (2 * s[-1],)),
    row("L:Flatten", "{k}.Flatten()", ranks=(2, 3), shape=lambda s: (s[0] * s[1] * (s[2] if len(s) > 2 else 1),)),
    row("L:Reshape", "{k}.Reshape((-1, 1))", ranks=(1,), shape=lambda s: (s[0], 1)),
    row("L:EinsumDense", "{k}.EinsumDense('abc,cd->abd', output_shape=(None, 4), bias_axes='d')", ranks=(2,), shape=channels(4)),
    row("L:MultiHeadAttention", "{k}.MultiHeadAttention(num_heads=2, key_dim=3)", "self.{name}({x}, {x})", ranks=(2,)),
    row("L:Conv1D", "{k}.Conv1D(3, 2, padding='causal')", ranks=(2,), shape=channels(3)),
    row("L:LSTM", "{k}.LSTM(3, return_sequences=True)", ranks=(2,), shape=channels(3)),
    row("L:GRU", "{k}.GRU(3)", ranks=(2,), shape=lambda s: (3,)),
    row("L:RNN", "{k}.RNN({k}.SimpleRNNCell(3))", ranks=(2,), shape=lambda s: (3,)),
    row("L:Conv2D", "{k}.Conv2D(4, 3, padding='same', strides={stride})", ranks=(3,), shape="conv"),
    row("L:Conv2DTranspose", "{k}.Conv2DTranspose(3, 2, strides=2)", ranks=(3,), shape=lambda s: (2 * s[0], 2 * s[1], 3)),
    row("L:DepthwiseConv2D", "{k}.DepthwiseConv2D(3, padding='same')", ranks=(3,)),
    row("L:SeparableConv2D", "{k}.SeparableConv2D(3, 3, padding='same')", ranks=(3,), shape=channels(3)),
    row("L:Conv3D expand_dims squeeze", "{k}.Conv3D(2, 1)", "self.{name}({x}[:, None])[:, 0]", ranks=(3,), shape=channels(2)),
    row("L:ZeroPadding2D", "{k}.ZeroPadding2D(1)", ranks=(3,), shape=lambda s: (s[0] + 2, s[1] + 2, s[2])),
    row("L:UpSampling2D", "{k}.UpSampling2D(2)", ranks=(3,), shape=lambda s: (2 * s[0], 2 * s[1], s[2])),
    row("L:MaxPool2D", "{k}.MaxPool2D(2, padding='same')", ranks=(3,), shape=lambda s: ((s[0] + 1) // 2, (s[1] + 1) // 2, s[2])),
    row("L:AveragePooling2D", "{k}.AveragePooling2D(2, padding='same')", ranks=(3,), shape=lambda s: ((s[0] + 1) // 2, (s[1] + 1) // 2, s[2])),
    row("L:GlobalAveragePooling2D", "{k}.GlobalAveragePooling2D()", ranks=(3,), shape=lambda s: (s[2],)),
    row("models:Sequential L:Dense", "{r}Sequential([{k}.Dense(4, activation='relu'), {k}.Dense(3)])", shape=channels(3)),
]

WEIGHTS = [  # made in build; `{n}` is the size of the last axis of the layer's input
    row("initializers:get", "self.add_weight(name={name!r}, shape=({n},), initializer=self.initializer)", "{x} * self.{name}"),
    row("initializers:Zeros regularizers:get constraints:get",
        "self.add_weight(shape=({n},), initializer='zeros', regularizer={r}regularizers.get(None), constraint={r}constraints.get(None), name={name!r})",
        "{x} + self.{name}"),
    row("initializers:get", "self.add_weight(name={name!r}, shape=({n}, 3), initializer='glorot_uniform', trainable=False)",
        "{x} @ {lib_tensor}(self.{name})", ranks=(1, 2), shape=channels(3)),
]
