"""`keras.applications`: how its models want their images; the models themselves come from files, not from a layer's source."""
import numpy as np
from keras.src.ops import shape as sh
from keras.src.tensor import cast, dtype_of, static_shape, to_tensor
from keras.src.unused import placeholder

_MODES = {
    "tf": "mobilenet mobilenet_v2 inception_v3 inception_resnet_v2 resnet_v2 xception nasnet",
    "caffe": "vgg16 vgg19 resnet resnet50",
    "torch": "densenet",
    "": "efficientnet efficientnet_v2 convnext mobilenet_v3 regnet imagenet_utils",
}
MODULES = {name: mode for mode, names in _MODES.items() for name in names.split()}


def preprocessing(module):
    """`preprocess_input` of a module of `keras.applications`."""

    def preprocess_input(x, data_format=None, mode=MODULES[module] if module != "imagenet_utils" else "caffe"):
        return _preprocessed(x, data_format or "channels_last", mode)

    return preprocess_input


def _preprocessed(x, data_format, mode):
    if not mode:
        return x
    x = to_tensor(x)
    if dtype_of(x) not in ("float16", "bfloat16", "float32", "float64"):
        x = cast(x, "float32")
    if mode == "tf":
        return x / 127.5 - 1.0
    axis = -1 if data_format == "channels_last" else len(static_shape(x)) - 3
    if mode == "torch":
        x, mean, deviation = x / 255.0, [0.485, 0.456, 0.406], [0.229, 0.224, 0.225]
    else:
        x, mean, deviation = sh.flip(x, axis), [103.939, 116.779, 123.68], None
    wide = [1] * len(static_shape(x))
    wide[axis] = 3
    x = x - np.array(mean, dtype="float32").reshape(wide)
    return x if deviation is None else x / np.array(deviation, dtype="float32").reshape(wide)


def find(module, name):
    """A name of `keras.applications` or of a module in it."""
    import importlib
    last = module.rpartition(".")[2]
    if last == "applications" and name in MODULES:
        return importlib.import_module(f"keras.applications.{name}")
    if name == "preprocess_input" and last in MODULES:
        return preprocessing(last)
    return placeholder(f"{module}.{name}")
