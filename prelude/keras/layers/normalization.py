"""Normalisation layers, as they act at inference."""
from keras.src import dtypes
from keras.src.layer import Layer
from keras.src.ops import elementwise as el
from keras.src.ops import nn
from keras.src.ops import reduce as red
from keras.src.settings import expect, keep, make_weight
from keras.src.tensor import cast, dims, dtype_of, op, refuse, reshape, to_tensor
from keras.src.tree import is_sequence


class BatchNormalization(Layer):
    def __init__(self, axis=-1, momentum=0.99, epsilon=1e-3, center=True, scale=True, beta_initializer="zeros", gamma_initializer="ones",
                 moving_mean_initializer="zeros", moving_variance_initializer="ones", beta_regularizer=None, gamma_regularizer=None,
                 beta_constraint=None, gamma_constraint=None, synchronized=False, renorm=False, **kwargs):
        for legacy in ("renorm_clipping", "renorm_momentum", "fused", "virtual_batch_size", "adjustment"):
            kwargs.pop(legacy, None)
        super().__init__(**kwargs)
        keep(self, locals(), "center scale beta_initializer gamma_initializer moving_mean_initializer moving_variance_initializer "
                             "synchronized renorm")
        self.axis = int(axis[0]) if is_sequence(axis) else int(axis)
        self.momentum = float(momentum)
        self.epsilon = float(epsilon)
        self.supports_masking = True
        self.gamma = None
        self.beta = None

    def build(self, input_shape):
        shape = (input_shape[self.axis],)
        if self.scale:
            self.gamma = make_weight(self, "gamma", shape, autocast=False)
        if self.center:
            self.beta = make_weight(self, "beta", shape, autocast=False)
        self.moving_mean = make_weight(self, "moving_mean", shape, trainable=False, autocast=False)
        self.moving_variance = make_weight(self, "moving_variance", shape, trainable=False, autocast=False)
        if self.renorm:
            self.moving_stddev = make_weight(self, "moving_stddev", shape, "ones", trainable=False, autocast=False)
            self.renorm_mean = make_weight(self, "renorm_mean", shape, "zeros", trainable=False, autocast=False)
            self.renorm_stddev = make_weight(self, "renorm_stddev", shape, "ones", trainable=False, autocast=False)
        expect(self, axes={self.axis: input_shape[self.axis]}, ndim=len(input_shape))
        self.built = True

    def call(self, inputs, training=None, mask=None):
        if training and self.trainable:
            refuse(f"{type(self).__name__}(training=True)", "it would normalise with the batch's own statistics and write its state")
        x = cast(inputs, "float32") if dtype_of(inputs) in ("float16", "bfloat16") else inputs
        y = nn.batch_normalization(x, self.moving_mean, self.moving_variance, self.axis, offset=self.beta, scale=self.gamma,
                                   epsilon=self.epsilon)
        return cast(y, self.compute_dtype)

    def compute_output_shape(self, input_shape):
        return input_shape


class SyncBatchNormalization(BatchNormalization):
    pass


class LayerNormalization(Layer):
    def __init__(self, axis=-1, epsilon=1e-3, center=True, scale=True, beta_initializer="zeros", gamma_initializer="ones", beta_regularizer=None,
                 gamma_regularizer=None, beta_constraint=None, gamma_constraint=None, **kwargs):
        self.rms_scaling = bool(kwargs.pop("rms_scaling", False))
        super().__init__(**kwargs)
        keep(self, locals(), "epsilon center scale beta_initializer gamma_initializer")
        self.axis = list(axis) if is_sequence(axis) else axis
        self.supports_masking = True
        self.autocast = False

    def build(self, input_shape):
        axes = self.axis if isinstance(self.axis, list) else [self.axis]
        shape = tuple(input_shape[a] for a in axes)
        self.gamma = make_weight(self, "gamma", shape, autocast=False) if (
            self.scale or self.rms_scaling) else None
        self.beta = make_weight(self, "beta", shape, autocast=False) if (
            self.center and not self.rms_scaling) else None
        self.built = True

    def call(self, inputs):
        if self.rms_scaling:
            x = cast(inputs, "float32") if dtype_of(inputs) in ("float16", "bfloat16") else inputs
            variance = red.var(x, axis=self.axis, keepdims=True)
            return cast(el.multiply(el.multiply(x, el.rsqrt(el.add(variance, self.epsilon))), self.gamma), self.compute_dtype)
        return cast(nn.layer_normalization(inputs, self.gamma, self.beta, self.axis, self.epsilon), self.compute_dtype)

    def compute_output_shape(self, input_shape):
        return input_shape


class RMSNormalization(Layer):
    def __init__(self, axis=-1, epsilon=1e-6, **kwargs):
        super().__init__(**kwargs)
        keep(self, locals(), "axis epsilon")

    def build(self, input_shape):
        axes = self.axis if is_sequence(self.axis) else [self.axis]
        self.scale = make_weight(self, "scale", tuple((input_shape[a] for a in axes)), "ones", autocast=False)
        self.built = True

    def call(self, inputs):
        return cast(nn.rms_normalization(inputs, self.scale, self.axis, self.epsilon), self.compute_dtype)

    def compute_output_shape(self, input_shape):
        return input_shape


class GroupNormalization(Layer):
    def __init__(self, groups=32, axis=-1, epsilon=1e-3, center=True, scale=True, beta_initializer="zeros", gamma_initializer="ones",
                 beta_regularizer=None, gamma_regularizer=None, beta_constraint=None, gamma_constraint=None, **kwargs):
        super().__init__(**kwargs)
        keep(self, locals(), "groups axis epsilon center scale beta_initializer gamma_initializer")
        self.supports_masking = True
        self.autocast = False

    def build(self, input_shape):
        size = input_shape[self.axis]
        if self.groups == -1:
            self.groups = size
        if size % self.groups:
            raise ValueError(f"Number of groups ({self.groups}) must be a divisor of the number of channels ({size}).")
        self.gamma = make_weight(self, "gamma", (size,), autocast=False) if self.scale else None
        self.beta = make_weight(self, "beta", (size,), autocast=False) if self.center else None
        self.built = True

    def call(self, inputs):
        given = dtype_of(inputs)
        wide = dtypes.result_type(given, "float32")
        inputs = cast(inputs, wide)
        sizes = list(dims(inputs))
        rank = len(sizes)
        axis = self.axis % rank
        grouped = reshape(inputs, sizes[:axis] + [self.groups, sizes[axis] // self.groups] + sizes[axis + 1:])
        axes = [i for i in range(1, rank + 1) if i != axis]
        mean, variance = red.moments(grouped, axes, keepdims=True)
        factor = el.rsqrt(el.add(variance, self.epsilon))
        shape = [1] * (rank + 1)
        shape[axis], shape[axis + 1] = self.groups, sizes[axis] // self.groups
        if self.gamma is not None:
            factor = op("mul", [factor, reshape(to_tensor(self.gamma, wide), shape)])
        shift = op("neg", [op("mul", [mean, factor])])
        if self.beta is not None:
            shift = op("add", [shift, reshape(to_tensor(self.beta, wide), shape)])
        y = op("add", [op("mul", [grouped, factor]), shift])
        return cast(cast(reshape(y, sizes), given), self.compute_dtype)

    def compute_output_shape(self, input_shape):
        return input_shape


class UnitNormalization(Layer):
    def __init__(self, axis=-1, **kwargs):
        super().__init__(**kwargs)
        self.axis = list(axis) if is_sequence(axis) else axis
        self.supports_masking = True

    def call(self, inputs):
        return nn.normalize(inputs, axis=self.axis, order=2, epsilon=1e-12)

    def compute_output_shape(self, input_shape):
        return input_shape


class SpectralNormalization(Layer):
    """A wrapper that divides the kernel in training; the file holds the divided kernel."""

    def __init__(self, layer, power_iterations=1, **kwargs):
        super().__init__(**kwargs)
        keep(self, locals(), "layer power_iterations")

    def build(self, input_shape):
        if not self.layer.built:
            self.layer.build(input_shape)
        kernel = self.layer._kernel if hasattr(self.layer, "_kernel") else self.layer.embeddings
        self.kernel = kernel
        self.vector_u = make_weight(self, "vector_u", (1, kernel._shape[-1]), "random_normal", trainable=False)
        self.vector_u._ignorable = True
        self.built = True

    def call(self, inputs, training=False):
        if training:
            refuse("SpectralNormalization(training=True)", "it writes the kernel")
        return self.layer(inputs)

    def compute_output_shape(self, input_shape):
        return self.layer.compute_output_shape(input_shape)

    @classmethod
    def from_config(cls, config):
        from keras.layers.wrappers import with_layer
        return with_layer(cls, config)
