"""`tf.experimental.numpy`: NumPy's names over tensors, as `keras.ops` has them."""
from keras import ops


def __getattr__(name):
    if name.startswith("_"):
        raise AttributeError(f"module 'tensorflow.experimental.numpy' has no attribute '{name}'")
    return getattr(ops, name)
