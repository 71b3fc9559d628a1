"""Layers that act in training only: at inference each gives its input back."""
from keras.src.layer import Layer
from keras.src.settings import keep
from keras.src.tensor import refuse


class _TrainingOnly(Layer):
    _argument = "rate"

    def __init__(self, rate=0.5, noise_shape=None, seed=None, **kwargs):
        super().__init__(**kwargs)
        keep(self, locals(), "rate noise_shape seed")
        self.supports_masking = True
        self._note_seed()

    def _note_seed(self):
        """Keras stores the seed generator's state for a positive rate; inference ignores it."""
        if self.rate > 0:
            from keras.src.random import SeedGenerator
            self.seed_generator = SeedGenerator(self.seed)

    def build(self, input_shape=None):
        self.built = True

    def call(self, inputs, training=False):
        if training and self.rate > 0:
            refuse(f"{type(self).__name__}(training=True)", "it draws random numbers at inference")
        return inputs

    def compute_output_shape(self, input_shape):
        return input_shape


class Dropout(_TrainingOnly):
    def __init__(self, rate, noise_shape=None, seed=None, **kwargs):
        super().__init__(rate, noise_shape, seed, **kwargs)


class SpatialDropout1D(_TrainingOnly):
    def __init__(self, rate, seed=None, name=None, dtype=None, data_format=None, **kwargs):
        super().__init__(rate, None, seed, name=name, dtype=dtype, **kwargs)


SpatialDropout2D = type("SpatialDropout2D", (SpatialDropout1D,), {"__module__": "keras.layers.regularization"})
SpatialDropout3D = type("SpatialDropout3D", (SpatialDropout1D,), {"__module__": "keras.layers.regularization"})


class GaussianDropout(_TrainingOnly):
    def __init__(self, rate, seed=None, **kwargs):
        super().__init__(rate, None, seed, **kwargs)


class AlphaDropout(_TrainingOnly):
    def __init__(self, rate, noise_shape=None, seed=None, **kwargs):
        super().__init__(rate, noise_shape, seed, **kwargs)


class GaussianNoise(_TrainingOnly):
    def __init__(self, stddev, seed=None, **kwargs):
        super().__init__(stddev, None, seed, **kwargs)
        keep(self, locals(), "stddev")
