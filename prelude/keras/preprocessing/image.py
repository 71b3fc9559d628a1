"""`keras.preprocessing.image`."""


def smart_resize(x, size, interpolation="bilinear", data_format="channels_last", backend_module=None):
    """Resized without distortion: the middle of the image in the wanted aspect, then scaled."""
    from keras.src.ops import image as ki
    from keras.src.tensor import dims, refuse, to_tensor
    x = to_tensor(x)
    if data_format != "channels_last":
        refuse("smart_resize", "images must have their channels last")
    rows, columns = dims(x)[-3:-1]
    if not isinstance(rows, int) or not isinstance(columns, int):
        refuse("smart_resize", "the image has no static size")
    height, width = min(rows, int(columns * size[0] / size[1])), min(columns, int(rows * size[1] / size[0]))
    top, left = int((rows - height) / 2), int((columns - width) / 2)
    return ki.resize(x[..., top:top + height, left:left + width, :], size=size, interpolation=interpolation, data_format="channels_last")


def __getattr__(name):
    from keras.src.unused import placeholder
    if name.startswith("_"):
        raise AttributeError(f"module 'keras.preprocessing.image' has no attribute '{name}'")
    return placeholder(f"keras.preprocessing.image.{name}")
