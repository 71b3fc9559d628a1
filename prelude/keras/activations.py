"""`keras.activations`: public names."""
from keras.src.activations import by_name as _by_name
from keras.src.activations import deserialize, get, serialize


def __getattr__(name):
    if name in _by_name:
        return _by_name[name]
    raise AttributeError(f"module 'keras.activations' has no attribute '{name}'")
