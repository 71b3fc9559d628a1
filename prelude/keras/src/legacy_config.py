"""Configurations of Keras 1 and 2 in the words of Keras 3.

Only Keras' own layers are translated: classes were renamed, arguments too, and some defaults changed (a GRU without `reset_after` is one that
does not reset after). A user's layer gets its configuration as it stands.
"""
import _kedge
from keras.src import legacy_layers
from keras.src.public import keras_class, operation_class

_CLASSES = {
    "Model": "Functional", "Convolution1D": "Conv1D", "Convolution2D": "Conv2D", "Convolution3D": "Conv3D", "AtrousConvolution1D": "Conv1D",
    "AtrousConvolution2D": "Conv2D", "Deconvolution2D": "Conv2DTranspose", "Deconvolution3D": "Conv3DTranspose",
    "SeparableConvolution1D": "SeparableConv1D", "SeparableConvolution2D": "SeparableConv2D", "UnifiedLSTM": "LSTM", "UnifiedGRU": "GRU",
    "LSTMV1": "LSTM", "LSTMV2": "LSTM", "GRUV1": "GRU", "GRUV2": "GRU", "BatchNormalizationV1": "BatchNormalization",
    "BatchNormalizationV2": "BatchNormalization", "SyncBatchNormalization": "BatchNormalization", "TimeDistributedDense": "Dense",
}

_MERGES = {"sum": "Add", "mul": "Multiply", "ave": "Average", "max": "Maximum", "min": "Minimum", "concat": "Concatenate", "dot": "Dot",
           "cos": "Dot"}

# Keras 1's names of arguments. `None`: no meaning for inference.
_ARGUMENTS = {
    "border_mode": "padding", "subsample": "strides", "subsample_length": "strides", "nb_filter": "filters", "filter_length": "kernel_size",
    "bias": "use_bias", "inner_activation": "recurrent_activation", "atrous_rate": "dilation_rate", "pool_length": "pool_size",
    "stride": "strides", "p": "rate", "sigma": "stddev", "input_dtype": None, "concat_axis": "axis", "dot_axes": "axes", "length": "size",
    "init": None, "inner_init": None, "forget_bias_init": None, "W_regularizer": None, "U_regularizer": None, "b_regularizer": None,
    "W_constraint": None, "U_constraint": None, "b_constraint": None, "dropout_W": None, "dropout_U": None, "consume_less": None,
    "beta_init": None, "gamma_init": None, "weights": None, "input_dim": None, "input_length": None, "mode": None,
}

# What later versions wrote and Keras 3 does not take.
_DROPPED = ("time_major", "implementation", "query_shape", "key_shape", "value_shape", "fused", "renorm", "renorm_clipping",
            "renorm_momentum", "virtual_batch_size", "batch_size", "input_length", "experimental_run_tf_function")
_DROPPED_IF_FALSE = ("causal", "softmax_robust_masking")


def current(config, keras_version):
    """The configuration of a whole model as Keras 3 would have written it."""
    first = keras_version.split(".")[0]
    return _object(config, first) if first in ("1", "2") or "module" not in config else config


def _object(item, version):
    if isinstance(item, list):
        return [_object(v, version) for v in item]
    if not isinstance(item, dict):
        return item
    if not isinstance(item.get("class_name"), str) or "config" not in item:
        return {key: _object(value, version) for key, value in item.items()}
    item = dict(item)
    _name(item)
    inner = item["config"]
    if item["class_name"] == "Sequential":
        inner = {"layers": inner} if isinstance(inner, list) else inner
        inner = {**inner, "layers": _with_input(inner.get("layers", []))}
    if not item.get("registered_name") or str(item.get("module")).startswith(("keras.", "tf_keras.")):
        inner = _own_class(item, inner, version)
    item["config"] = _object(inner, version)
    return item


def _name(item):
    """`package>Name` was written where Keras 3 has a registered name; whole models were of class `Model`."""
    name = item["class_name"]
    if ">" in name and not item.get("registered_name"):
        item["registered_name"] = name
        item["class_name"] = name.split(">", 1)[1]
    if name == "Model" and isinstance(item["config"], dict) and "input_layers" in item["config"]:
        item["class_name"] = "Functional"


def _own_class(item, inner, version):
    name = item["class_name"]
    if not isinstance(inner, dict):
        return inner
    if version not in ("1", "2"):
        # Keras 3 writes a step of `keras.ops` without its module; a layer of the same name says whether it is trainable.
        if not item.get("module") and "trainable" not in inner and operation_class(name) is not None:
            item["module"] = "keras.ops"
        return inner
    if name in legacy_layers.CLASSES:
        item["module"] = legacy_layers.__name__
        return inner
    if name == "Merge":
        return _merge(item, inner)
    renamed = _CLASSES.get(name, name)
    cls = keras_class(item.get("module"), renamed)
    if cls is None or name == "Model":
        return inner
    item["class_name"] = renamed
    return _arguments(renamed, inner, version)


def _merge(item, inner):
    mode = inner.get("mode")
    if mode not in _MERGES:
        _kedge.refuse("K0404", f"the layer `{inner.get('name')}` merges with a function that is stored as Python bytecode",
                      "write the function as a layer class in a source file, and save the model with that")
    item["class_name"] = _MERGES[mode]
    kept = {"name": inner.get("name")}
    if mode == "concat":
        kept["axis"] = inner.get("concat_axis", -1)
    if mode in ("dot", "cos"):
        kept["axes"], kept["normalize"] = inner.get("dot_axes"), mode == "cos"
    return kept


def _arguments(name, inner, version):
    kept = {}
    for key, value in inner.items():
        if key.endswith(("_initializer", "_regularizer", "_constraint")):
            continue  # how weights began and were trained: the file has their values
        if key in _DROPPED or (key == "noise_shape" and name.startswith("Spatial")) or (key in _DROPPED_IF_FALSE and not value):
            continue
        kept[key] = value
    if version == "1":
        kept = _of_keras_1(name, kept)
    if name in ("DepthwiseConv1D", "DepthwiseConv2D", "SeparableConv1D", "SeparableConv2D") and kept.get("groups") == 1:
        del kept["groups"]
    if name == "DepthwiseConv2D":
        kept.pop("filters", None)
    if name == "LeakyReLU" and "alpha" in kept:
        kept["negative_slope"] = kept.pop("alpha")
    if name == "GRU" or name == "GRUCell":
        kept.setdefault("reset_after", False)
    if name in ("LSTM", "LSTMCell", "GRU", "GRUCell"):
        kept.setdefault("recurrent_activation", "hard_sigmoid")
    if name == "BatchNormalization" and isinstance(kept.get("axis"), list) and len(kept["axis"]) == 1:
        kept["axis"] = kept["axis"][0]
    if name == "InputLayer" and "batch_input_shape" in kept:
        kept["batch_shape"] = kept.pop("batch_input_shape")
    return kept


def _of_keras_1(name, inner):
    kept = {}
    for key, value in inner.items():
        if key == "output_dim":
            kept["output_dim" if name == "Embedding" else "units"] = value
        elif key == "input_dim" and name == "Embedding":
            kept[key] = value
        elif key == "dim_ordering":
            kept["data_format"] = {"th": "channels_first", "tf": "channels_last"}.get(value, "channels_last")
        elif key == "dropout" and name == "Embedding":
            continue
        elif key in _ARGUMENTS:
            if _ARGUMENTS[key] is not None and value is not None:
                kept[_ARGUMENTS[key]] = value
        else:
            kept[key] = value
    sizes = [kept.pop(key) for key in ("kernel_dim1", "kernel_dim2", "kernel_dim3", "nb_row", "nb_col") if key in kept]
    if sizes:
        kept["kernel_size"] = sizes
    if name == "BatchNormalization" and inner.get("mode", 0) not in (0, 2):
        _kedge.refuse("K0340", f"`BatchNormalization(mode={inner['mode']})` of Keras 1 has no tensor meaning: it normalises each sample by itself",
                      "use LayerNormalization")
    if name == "Conv2DTranspose":
        kept.pop("output_shape", None)
    return kept


def _with_input(layers):
    """The input that Keras 2 takes from the first layer's `batch_input_shape`, as a layer of its own."""
    if not layers or layers[0].get("class_name") == "InputLayer" or not isinstance(layers[0].get("config"), dict):
        return layers
    first = layers[0]["config"]
    shape = first.get("batch_input_shape")
    if shape is None:
        return layers
    dtype = first.get("input_dtype") or first.get("dtype")
    given = dtype if isinstance(dtype, str) else "float32"
    inner = {key: value for key, value in first.items() if key != "batch_input_shape"}
    return [{"class_name": "InputLayer", "config": {"batch_shape": shape, "dtype": given, "name": f"{first.get('name')}_input"}},
            {**layers[0], "config": inner}] + layers[1:]
