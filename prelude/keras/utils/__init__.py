"""`keras.utils`: what layers use of it."""
from keras.src.serialization import (CustomObjectScope, custom_object_scope, deserialize_keras_object, get_custom_objects, get_registered_name,
                                     get_registered_object, register_keras_serializable, serialize_keras_object)
from keras.src.tree import is_sequence


class _Legacy:
    """`keras.utils.legacy`: the Keras 2 spelling of the same functions."""

    @staticmethod
    def deserialize_keras_object(identifier, module_objects=None, custom_objects=None, printable_module_name="object"):
        return deserialize_keras_object(identifier, custom_objects=custom_objects, module_objects=module_objects)

    @staticmethod
    def serialize_keras_object(item):
        return serialize_keras_object(item)


legacy = _Legacy()


class Progbar:
    def __init__(self, *args, **kwargs):
        pass


class Sequence:
    pass


PyDataset = Sequence


def clear_session(free_memory=True):
    pass


def disable_interactive_logging():
    pass


enable_interactive_logging = disable_interactive_logging


def standardize_dtype(dtype):
    from keras.src.dtypes import standardize_dtype as standard
    return standard(dtype)


def is_keras_tensor(x):
    from keras.src.keras_tensor import KerasTensor
    return isinstance(x, KerasTensor)


def set_random_seed(seed):
    pass


def get_source_inputs(tensor):
    raise NotImplementedError("keras.utils.get_source_inputs")


def is_interactive_logging_enabled():
    return False


def normalize(x, axis=-1, order=2):
    from keras.src.ops import nn
    return nn.normalize(x, axis=axis, order=order)


def to_categorical(x, num_classes=None):
    import numpy as np
    from keras.src.tensor import Tensor
    if isinstance(x, Tensor):
        from keras.src.ops.nn import one_hot
        return one_hot(x, num_classes)
    x = np.asarray(x, dtype="int64")
    count = num_classes or int(x.max()) + 1
    flat = np.zeros((x.size, count))
    flat[np.arange(x.size), x.reshape(-1)] = 1
    return flat.reshape(tuple(x.shape) + (count,))


class conv_utils:
    """Helpers that Keras 2 layers import."""

    @staticmethod
    def normalize_tuple(value, n, name, allow_zero=False):
        if isinstance(value, int):
            return (value,) * n
        values = tuple(int(v) for v in value)
        if len(values) != n:
            raise ValueError(f"The `{name}` argument must be a tuple of {n} integers. Received: {value}")
        return values

    @staticmethod
    def normalize_data_format(value):
        return "channels_last" if value is None else value.lower()

    @staticmethod
    def normalize_padding(value):
        if is_sequence(value):
            return value
        padding = value.lower()
        if padding not in ("valid", "same", "causal"):
            raise ValueError(f"The `padding` argument must be a list/tuple or one of \"valid\", \"same\" (or \"causal\", only for `Conv1D). Received: {padding}")
        return padding

    @staticmethod
    def conv_output_length(input_length, filter_size, padding, stride, dilation=1):
        if input_length is None:
            return None
        extent = filter_size + (filter_size - 1) * (dilation - 1)
        if padding in ("same", "causal"):
            length = input_length
        elif padding == "valid":
            length = input_length - extent + 1
        else:
            length = input_length + extent - 1
        return (length + stride - 1) // stride

    @staticmethod
    def deconv_output_length(input_length, filter_size, padding, output_padding=None, stride=0, dilation=1):
        if input_length is None:
            return None
        from keras.src.ops.nn import transposed_length
        return transposed_length(input_length, filter_size, stride, padding, output_padding, dilation)


class tf_utils:
    @staticmethod
    def shape_type_conversion(function):
        return function


def normalize_data_format(value):
    return conv_utils.normalize_data_format(value)


def __getattr__(name):
    if name == "bounding_boxes":
        import importlib
        return importlib.import_module("keras.utils.bounding_boxes")
    from keras.src.unused import unused
    return unused("keras.utils", name)
