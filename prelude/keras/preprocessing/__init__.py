"""`keras.preprocessing`: what of it computes; reading files has no part in inference."""
from keras.preprocessing import image, sequence


def __getattr__(name):
    from keras.src.unused import placeholder
    if name.startswith("_"):
        raise AttributeError(f"module 'keras.preprocessing' has no attribute '{name}'")
    return placeholder(f"keras.preprocessing.{name}")
