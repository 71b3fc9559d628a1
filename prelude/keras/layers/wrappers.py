"""Wrappers of one layer: TimeDistributed, Wrapper."""
from keras.src import tree
from keras.src.layer import Layer
from keras.src.serialization import deserialize_keras_object, serialize_keras_object
from keras.src.settings import keep
from keras.src.tensor import dims, reshape, static_shape, to_tensor


def with_layer(cls, config):
    """`from_config` of a wrapper: its `layer` is a configuration itself."""
    config = dict(config)
    layer = config.pop("layer")
    layer = deserialize_keras_object(layer) if isinstance(layer, dict) else layer
    return cls(layer, **_plain(config))


def _plain(config):
    from keras.src import policy
    if isinstance(config.get("dtype"), dict):
        config["dtype"] = policy.get(config["dtype"])
    return config


class Wrapper(Layer):
    def __init__(self, layer, **kwargs):
        if not isinstance(layer, Layer):
            raise ValueError(f"Layer {layer} supplied to Wrapper isn't a supported layer type. Please ensure wrapped layer is a valid Keras layer.")
        super().__init__(**kwargs)
        keep(self, locals(), "layer")

    def build(self, input_shape=None):
        if not self.layer.built:
            self.layer.build(input_shape)
        self.built = True

    def get_config(self):
        return {**super().get_config(), "layer": serialize_keras_object(self.layer)}

    @classmethod
    def from_config(cls, config):
        return with_layer(cls, config)


class TimeDistributed(Wrapper):
    """The layer on every time step: time is folded into the batch axis."""

    def __init__(self, layer, **kwargs):
        super().__init__(layer, **kwargs)
        self.supports_masking = True

    def build(self, input_shape):
        child = tree.map_shape_structure(lambda s: (s[0],) + tuple(s[2:]), input_shape)
        if not self.layer.built:
            self.layer.build(child)
        self.built = True

    def call(self, inputs, training=None, mask=None):
        x = to_tensor(inputs)
        sizes = dims(x)
        batch, steps = sizes[0], sizes[1]
        kwargs = {}
        if self.layer._call_has_training_arg:
            kwargs["training"] = training
        flat = reshape(x, [batch * steps] + list(sizes[2:]))
        if mask is not None and self.layer._call_has_mask_arg and len(static_shape(mask)) > 2:
            kwargs["mask"] = reshape(mask, [-1] + list(dims(mask))[2:])

        def unfold(y):
            return reshape(y, [batch, steps] + list(dims(y))[1:])

        return tree.map_structure(unfold, self.layer(flat, **kwargs))

    def compute_output_shape(self, input_shape):
        child = self.layer.compute_output_shape(tuple(d for i, d in enumerate(input_shape) if i != 1))
        return (child[0], input_shape[1]) + tuple(child[1:])
