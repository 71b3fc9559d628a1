"""`tf.image`."""
from tensorflow import _image


def __getattr__(name):
    if name == "__all__":
        from keras.src.lazy import functions_of
        return sorted(functions_of([_image]))
    if hasattr(_image, name):
        return getattr(_image, name)
    from keras.src.unused import unused
    return unused("tensorflow.image", name)
