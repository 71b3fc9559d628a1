"""`tf.compat.v1`: the names that still occur in layers."""
import tensorflow as _tf
from keras.src.tf_types import Dimension


def where(condition, x=None, y=None, name=None):
    """Version 1's: a condition of one dimension picks rows."""
    from keras.src.tensor import dims, reshape, static_shape, to_tensor
    condition = to_tensor(condition)
    if x is not None:
        extra = len(static_shape(to_tensor(x))) - len(static_shape(condition))
        if len(static_shape(condition)) == 1 and extra > 0:
            condition = reshape(condition, list(dims(condition)) + [1] * extra)
    return _tf.where(condition, x, y)


def placeholder(*args, **kwargs):
    raise NotImplementedError("tf.compat.v1.placeholder")


def get_variable(*args, **kwargs):
    raise NotImplementedError("tf.compat.v1.get_variable")


def disable_eager_execution():
    pass


disable_v2_behavior = enable_eager_execution = disable_eager_execution


def __getattr__(name):
    return getattr(_tf, name)
