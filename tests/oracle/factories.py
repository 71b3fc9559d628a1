"""Functions that build models: real Keras calls them to save weights, kedge evaluates them to load those weights (test_from_factory.py)."""
import keras
import numpy as np
from keras import layers, ops


class Scale(layers.Layer):
    def build(self, shape):
        self.scale = self.add_weight(shape=(shape[-1],), initializer="random_normal", name="scale")
        self.offset = self.add_weight(shape=(shape[-1],), initializer="random_normal", trainable=False, name="offset")

    def call(self, x):
        return x * self.scale + self.offset


class Block(layers.Layer):
    def __init__(self, units, **kwargs):
        super().__init__(**kwargs)
        self.steps = [layers.Dense(units, activation="relu"), layers.BatchNormalization(), layers.Dense(units)]
        self.gates = {"left": layers.Dense(units), "right": Scale()}

    def call(self, x):
        for step in self.steps:
            x = step(x)
        return self.gates["left"](x) + self.gates["right"](x)


class Assigned(layers.Layer):
    """Sets its variables while it is built; loading overwrites them."""

    def build(self, shape):
        self.w = self.add_weight(shape=(shape[-1],), initializer="ones", name="w")
        self.v = self.add_weight(shape=(shape[-1],), initializer="ones", trainable=False, name="v")
        self.w.assign(keras.random.normal((shape[-1],)))
        self.v.assign(ops.abs(self.w) * 2.0)
        self.v.assign_add(self.w)
        self.u = keras.Variable(keras.initializers.GlorotUniform()((shape[-1], 2)), name="u")

    def call(self, x):
        return ops.matmul(x * self.w + self.v, self.u)


class Subclassed(keras.Model):
    def __init__(self, units=3):
        super().__init__()
        self.first = layers.Dense(units, activation="tanh")
        self.rest = [Block(units), Scale()]

    def call(self, x):
        x = self.first(x)
        for layer in self.rest:
            x = layer(x)
        return x


def chain(*steps, shape=(6,), dtype="float32"):
    x = inputs = keras.Input(shape, dtype=dtype, name="x")
    for step in steps:
        x = step(x)
    return keras.Model(inputs, x)


def dense():
    return chain(layers.Dense(4, activation="relu"), layers.Dense(3))


def sequential():
    return keras.Sequential([keras.Input((6,)), layers.Dense(5), layers.BatchNormalization(), layers.Dense(2, use_bias=False)])


def sequential_built():
    model = keras.Sequential([layers.Dense(5, activation="relu"), layers.Dense(2)])
    model.build((None, 6))
    return model


def convolutions():
    return chain(layers.Conv2D(4, 3, padding="same"), layers.BatchNormalization(), layers.DepthwiseConv2D(3), layers.SeparableConv2D(3, 2),
                 layers.Conv2DTranspose(2, 3), layers.GlobalAveragePooling2D(), shape=(8, 8, 3))


def convolutions_1d():
    return chain(layers.Conv1D(4, 3, dilation_rate=2, padding="causal"), layers.SeparableConv1D(3, 3), layers.Flatten(), layers.Dense(2),
                 shape=(9, 2))


def normalisations():
    return chain(layers.LayerNormalization(), layers.GroupNormalization(2), layers.UnitNormalization(), layers.BatchNormalization(scale=False),
                 layers.PReLU())


def lstm():
    return chain(layers.LSTM(4, return_sequences=True), layers.GRU(3, return_sequences=True), layers.SimpleRNN(2), shape=(5, 3))


def bidirectional():
    return chain(layers.Bidirectional(layers.LSTM(3, return_sequences=True)), layers.TimeDistributed(layers.Dense(2)), shape=(5, 3))


def stacked_cells():
    return chain(layers.RNN([layers.LSTMCell(3), layers.GRUCell(2)]), shape=(4, 3))


def attention():
    inputs = keras.Input((5, 8))
    x = layers.MultiHeadAttention(2, 4)(inputs, inputs)
    return keras.Model(inputs, layers.LayerNormalization()(x + inputs))


def embedding():
    return chain(layers.Embedding(7, 4), layers.GlobalAveragePooling1D(), layers.Dense(2), shape=(5,), dtype="int32")


def two_inputs():
    a, b = keras.Input((4,), name="a"), keras.Input((3,), name="b")
    joined = layers.Concatenate()([layers.Dense(3)(a), layers.Dense(3)(b)])
    return keras.Model([a, b], [layers.Dense(2)(joined), layers.Dense(1)(joined)])


def shared():
    layer = layers.Dense(6, activation="tanh")
    return chain(layer, layers.Dense(6), layer)


def nested():
    inner = keras.Sequential([keras.Input((6,)), layers.Dense(5), layers.BatchNormalization(), layers.Dense(6), layers.BatchNormalization()])
    return chain(layers.Dense(6), inner, layers.Dense(6), inner)


def nested_twice():
    inner = chain(layers.Dense(4), layers.BatchNormalization(), shape=(6,))
    middle = chain(inner, layers.BatchNormalization(), layers.Dense(6), shape=(6,))
    return chain(middle, layers.Dense(2))


def frozen():
    inner = keras.Sequential([keras.Input((6,)), layers.Dense(5), layers.BatchNormalization(), layers.Dense(6)])
    inner.trainable = False
    return chain(inner, layers.BatchNormalization(trainable=False), layers.Dense(2))


def partly_frozen():
    inner = keras.Sequential([keras.Input((6,)), layers.BatchNormalization(), layers.BatchNormalization(), layers.Dense(6)])
    inner.layers[0].trainable = False
    return chain(inner, layers.Dense(2))


def custom():
    return chain(Scale(), layers.Dense(4), Scale())


def custom_block():
    return chain(Block(5), Block(3), layers.Dense(2))


def assigned():
    return chain(Assigned(), layers.Dense(2))


def subclassed():
    model = Subclassed()
    model(np.zeros((1, 6), "float32"))
    return model


def many_layers():
    """More names than an HDF5 attribute holds."""
    return chain(*[layers.Dense(2, name=f"a_layer_with_quite_a_long_name_{'x' * 300}_{i}") for i in range(230)])


def preprocessing():
    return chain(layers.Rescaling(1 / 255), layers.Normalization(mean=[0.1] * 6, variance=[2.0] * 6), layers.Dense(2))


def operators():
    inputs = keras.Input((6,))
    x = layers.Dense(6)(inputs) * 2.0 + inputs
    return keras.Model(inputs, layers.Dense(2)(ops.relu(x[:, 1:])))


def mixed_precision():
    return chain(layers.Dense(4, dtype="mixed_float16"), layers.BatchNormalization(dtype="mixed_float16"), layers.Dense(2))


def with_defaults(width=4, activation="gelu"):
    return chain(layers.Dense(width, activation=activation), layers.Dense(width))


def only_dense():
    return chain(layers.Dense(3))


class AsClass(keras.Sequential):
    def __init__(self):
        super().__init__([keras.Input((6,)), layers.Dense(3), Scale()])


module_model = chain(layers.Dense(3), Scale())

FACTORIES = ("dense sequential sequential_built convolutions convolutions_1d normalisations lstm bidirectional stacked_cells attention embedding "
             "two_inputs shared nested nested_twice frozen partly_frozen custom custom_block assigned subclassed many_layers preprocessing "
             "operators mixed_precision with_defaults AsClass module_model").split()
