"""Preprocessing layers that compute on numbers; the random ones give their input back at inference."""
import numpy as np
from keras.layers.regularization import _TrainingOnly
from keras.src import dtypes
from keras.src.layer import Layer
from keras.src.ops import elementwise as el
from keras.src.ops import nn
from keras.src.ops import reduce as red
from keras.src.ops import shape as sh
from keras.src.settings import keep, make_weight
from keras.src.tensor import cast, dims, dtype_of, getitem, op, refuse, reshape, static_shape, to_tensor


class Rescaling(Layer):
    def __init__(self, scale, offset=0.0, data_format=None, **kwargs):
        super().__init__(**kwargs)
        from keras.src.serialization import deserialize_keras_object
        self.scale = deserialize_keras_object(scale)
        self.offset = deserialize_keras_object(offset)
        self.data_format = data_format or "channels_last"
        self.supports_masking = True

    def call(self, inputs):
        x = cast(to_tensor(inputs), self.compute_dtype)
        scale, offset = to_tensor(self.scale, self.compute_dtype), to_tensor(self.offset, self.compute_dtype)
        if self.data_format == "channels_first" and static_shape(scale):
            tail = [1] * (len(static_shape(x)) - 2)
            scale = reshape(scale, list(dims(scale)) + tail)
            if static_shape(offset):
                offset = reshape(offset, list(dims(offset)) + tail)
        return op("add", [op("mul", [x, scale]), offset])

    def compute_output_shape(self, input_shape):
        return input_shape


class Resizing(Layer):
    def __init__(self, height, width, interpolation="bilinear", crop_to_aspect_ratio=False, pad_to_aspect_ratio=False, fill_mode="constant",
                 fill_value=0.0, antialias=False, data_format=None, **kwargs):
        super().__init__(**kwargs)
        keep(self, locals(), "height width interpolation crop_to_aspect_ratio pad_to_aspect_ratio fill_mode fill_value antialias")
        self.data_format = data_format or "channels_last"

    def call(self, data):
        from keras.src.ops.image import resize
        y = resize(data, (self.height, self.width), self.interpolation, self.antialias, self.crop_to_aspect_ratio, self.pad_to_aspect_ratio,
                   self.fill_mode, self.fill_value, self.data_format)
        if dtype_of(y) == self.compute_dtype:
            return y
        if dtypes.is_int(self.compute_dtype) or self.compute_dtype == "uint8":
            return cast(el.round(y), self.compute_dtype)
        return cast(y, self.compute_dtype)


class CenterCrop(Layer):
    def __init__(self, height, width, data_format=None, **kwargs):
        super().__init__(**kwargs)
        keep(self, locals(), "height width")
        self.data_format = data_format or "channels_last"

    def call(self, inputs):
        from keras.src.ops.image import resize
        x = cast(to_tensor(inputs), self.compute_dtype)
        first = self.data_format == "channels_first"
        rank = len(static_shape(x))
        row = rank - 2 if first else rank - 3
        height, width = static_shape(x)[row], static_shape(x)[row + 1]
        if height >= self.height and width >= self.width:
            top, left = int((height - self.height) / 2), int((width - self.width) / 2)
            key = [slice(None)] * row + [slice(top, top + self.height), slice(left, left + self.width)]
            return getitem(x, tuple(key))
        return resize(x, (self.height, self.width), crop_to_aspect_ratio=True, data_format=self.data_format)


class Normalization(Layer):
    def __init__(self, axis=-1, mean=None, variance=None, invert=False, **kwargs):
        super().__init__(**kwargs)
        keep(self, locals(), "invert")
        self.axis = () if axis is None else (axis,) if isinstance(axis, int) else tuple(axis)
        self.input_mean = mean
        self.input_variance = variance
        self.supports_masking = True

    def build(self, input_shape):
        if input_shape is None:
            return
        rank = len(input_shape)
        kept = tuple(sorted(a % rank for a in self.axis))
        self._kept = kept
        shape = tuple(input_shape[a] for a in kept)
        self._broadcast = [input_shape[i] if i in kept else 1 for i in range(rank)]
        if self.input_mean is None:
            self.adapt_mean = make_weight(self, "mean", shape, "zeros", trainable=False)
            self.adapt_variance = make_weight(self, "variance", shape, "ones", trainable=False)
            self.count = make_weight(self, "count", (), "zeros", dtype="int", trainable=False)
        self.built = True

    def call(self, inputs):
        x = cast(to_tensor(inputs), self.compute_dtype)
        if self.input_mean is None:
            mean, variance = self.adapt_mean, self.adapt_variance
        else:
            mean = np.broadcast_to(np.asarray(self.input_mean, dtype="float32"), self._small(self.input_mean))
            variance = np.broadcast_to(np.asarray(self.input_variance, dtype="float32"), self._small(self.input_variance))
        mean = cast(self._spread(mean), self.compute_dtype)
        variance = cast(self._spread(variance), self.compute_dtype)
        deviation = el.maximum(el.sqrt(variance), 1e-7)
        if self.invert:
            return el.add(mean, el.multiply(x, deviation))
        return el.divide(el.subtract(x, mean), deviation)

    def _small(self, value):
        return np.asarray(value).shape

    def _spread(self, value):
        value = to_tensor(value)
        total = 1
        for d in self._broadcast:
            total *= d
        size = 1
        for d in static_shape(value):
            size *= d
        return reshape(value, self._broadcast) if size == total else value

    def save_own_variables(self, store):
        if self.input_mean is None:
            for i, v in enumerate((self.adapt_mean, self.adapt_variance, self.count)):
                store[str(i)] = v
            self.count._ignorable = True


class CategoryEncoding(Layer):
    def __init__(self, num_tokens=None, output_mode="multi_hot", sparse=False, **kwargs):
        super().__init__(**kwargs)
        keep(self, locals(), "num_tokens output_mode sparse")
        self._convert_input_args = False
        self._allow_non_tensor_positional_args = True

    def call(self, inputs, count_weights=None):
        x = to_tensor(inputs)
        return encode(x, self.output_mode, self.num_tokens, self.compute_dtype, count_weights)


def encode(x, mode, depth, dtype, weights=None):
    """int (as is), one_hot, multi_hot or count encodings of integer indices."""
    if mode == "int":
        return x
    x = cast(x, "int32") if dtype_of(x) not in ("int32", "int64") else x
    rank = len(static_shape(x))
    if mode == "one_hot":
        if rank > 0 and static_shape(x)[-1] == 1 and rank > 1:
            x = sh.squeeze(x, axis=-1)
        return nn.one_hot(x, depth, dtype=dtype)
    hot = nn.one_hot(x, depth, dtype=dtype)
    axis = rank - 1 if rank > 0 else None
    if mode == "multi_hot":
        return hot if axis is None else red.max(hot, axis=axis)
    if weights is not None:
        hot = el.multiply(hot, sh.expand_dims(cast(to_tensor(weights), dtype), -1))
    return hot if axis is None else red.sum(hot, axis=axis)


class Discretization(Layer):
    def __init__(self, bin_boundaries=None, num_bins=None, epsilon=0.01, output_mode="int", sparse=False, dtype=None, name=None, **kwargs):
        super().__init__(name=name, dtype=dtype or ("int64" if output_mode == "int" else None), **kwargs)
        keep(self, locals(), "num_bins output_mode sparse")
        self.bin_boundaries = list(bin_boundaries) if bin_boundaries is not None else None
        self.autocast = False

    def call(self, inputs):
        if self.bin_boundaries is None:
            refuse("Discretization", "its bin boundaries are not in the configuration")
        x = cast(to_tensor(inputs), "float32")
        index = red.searchsorted(to_tensor(self.bin_boundaries, "float32"), x, side="right")
        if self.output_mode == "int":
            return cast(index, "int32")
        return encode(index, self.output_mode, len(self.bin_boundaries) + 1, self.compute_dtype)


class _RandomImage(_TrainingOnly):
    """Random augmentations change images in training only; settings are kept by name."""

    def __init__(self, *args, seed=None, data_format=None, **kwargs):
        own = {key: kwargs.pop(key) for key in list(kwargs) if key not in ("name", "dtype", "trainable", "activity_regularizer", "autocast")}
        Layer.__init__(self, **kwargs)
        from keras.src.random import SeedGenerator
        keep(self, locals(), "seed")
        self.rate = 1.0
        self.generator = SeedGenerator(seed)
        self._arguments = (args, own)
        keep(self, locals(), "data_format")

    def call(self, inputs, training=False):
        if training:
            refuse(f"{type(self).__name__}(training=True)", "it draws random numbers at inference")
        if isinstance(inputs, dict):
            return {key: self._labels(value) if key == "bounding_boxes" else value for key, value in inputs.items()}
        if not hasattr(inputs, "shape"):
            return inputs
        return cast(to_tensor(inputs), self.compute_dtype)

    def _labels(self, boxes):
        """Boxes come out as floats; their class labels stay."""
        return {key: cast(to_tensor(value), self.compute_dtype) if key == "boxes" else value for key, value in boxes.items()}


def _random_image(name):
    return type(name, (_RandomImage,), {"__module__": "keras.layers.preprocessing"})


(RandomBrightness, RandomContrast, RandomColorDegeneration, RandomColorJitter, RandomElasticTransform, RandomErasing, RandomFlip,
 RandomGaussianBlur, RandomGrayscale, RandomHue, RandomInvert, RandomPerspective, RandomPosterization, RandomRotation, RandomSaturation,
 RandomSharpness, RandomShear, RandomTranslation, RandomZoom, RandomHeight, RandomWidth, MixUp, CutMix, RandAugment, AugMix, RandomCrop
 ) = [_random_image(n) for n in (
     "RandomBrightness RandomContrast RandomColorDegeneration RandomColorJitter RandomElasticTransform RandomErasing RandomFlip "
     "RandomGaussianBlur RandomGrayscale RandomHue RandomInvert RandomPerspective RandomPosterization RandomRotation RandomSaturation "
     "RandomSharpness RandomShear RandomTranslation RandomZoom RandomHeight RandomWidth MixUp CutMix RandAugment AugMix RandomCrop").split()]


class Solarization(Layer):
    """Without random amounts: values above the threshold are inverted within the range."""

    def __init__(self, addition_factor=0.0, threshold_factor=0.0, value_range=(0, 255), seed=None, data_format=None, **kwargs):
        super().__init__(**kwargs)
        keep(self, locals(), "addition_factor threshold_factor value_range seed")

    def call(self, images, training=False):
        if training:
            refuse("Solarization(training=True)", "it draws random numbers at inference")
        return cast(to_tensor(images), self.compute_dtype)


class Pipeline(Layer):
    """Layers one after another."""

    def __init__(self, layers, name=None, **kwargs):
        super().__init__(**kwargs, name=name)
        self._pipeline_layers = layers
        self._convert_input_args = False
        self._allow_non_tensor_positional_args = True

    @property
    def layers(self):
        return self._pipeline_layers

    def call(self, inputs, training=True, mask=None):
        for layer in self._pipeline_layers:
            kwargs = {}
            if layer._call_has_mask_arg:
                kwargs["mask"] = mask
            if layer._call_has_training_arg and training is not None:
                kwargs["training"] = training
            inputs = layer(inputs, **kwargs)
        return inputs

    @classmethod
    def from_config(cls, config):
        from keras.src.serialization import deserialize_keras_object
        config = dict(config)
        config["layers"] = [deserialize_keras_object(layer) for layer in config["layers"]]
        from keras.layers.wrappers import _plain
        return cls(**_plain(config))
