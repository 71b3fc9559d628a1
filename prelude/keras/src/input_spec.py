"""`keras.InputSpec` and its check on the first argument of a layer's call."""
from keras.src import tree


class InputSpec:
    def __init__(self, dtype=None, shape=None, ndim=None, max_ndim=None, min_ndim=None, axes=None, allow_last_axis_squeeze=False, name=None,
                 optional=False):
        self.dtype = None if dtype is None else str(dtype)
        self.shape = None if shape is None else tuple(shape)
        self.ndim = len(self.shape) if shape is not None else ndim
        self.max_ndim = max_ndim
        self.min_ndim = min_ndim
        self.axes = {int(k): axes[k] for k in axes} if axes else {}
        self.allow_last_axis_squeeze = allow_last_axis_squeeze
        self.name = name
        self.optional = optional

    def get_config(self):
        return {"dtype": self.dtype, "shape": self.shape, "ndim": self.ndim, "max_ndim": self.max_ndim, "min_ndim": self.min_ndim,
                "axes": self.axes}

    @classmethod
    def from_config(cls, config):
        return cls(**config)


def check_input_spec(spec, inputs, layer_name):
    if spec is None or inputs is None:
        return
    specs = tree.flatten(spec)
    if isinstance(inputs, dict) and any(s.name is not None for s in specs):
        tensors = [inputs.get(s.name) for s in specs]
    else:
        tensors = tree.flatten(inputs)
    if len(tensors) != len(specs):
        raise ValueError(f"Layer '{layer_name}' expected {len(specs)} input(s). Received {len(tensors)} instead.")
    for i, (tensor, wanted) in enumerate(zip(tensors, specs)):
        if wanted is None or tensor is None or not hasattr(tensor, "shape"):
            continue
        _check_one(tuple(tensor.shape), wanted, f"Input {i} of layer '{layer_name}' is incompatible with the layer")


def _check_one(shape, wanted, problem):
    rank = len(shape)
    if wanted.ndim is not None and not wanted.allow_last_axis_squeeze and rank != wanted.ndim:
        raise ValueError(f"{problem}: expected ndim={wanted.ndim}, found ndim={rank}. Full shape received: {shape}")
    if wanted.max_ndim is not None and rank > wanted.max_ndim:
        raise ValueError(f"{problem}: expected max_ndim={wanted.max_ndim}, found ndim={rank}")
    if wanted.min_ndim is not None and rank < wanted.min_ndim:
        raise ValueError(f"{problem}: expected min_ndim={wanted.min_ndim}, found ndim={rank}. Full shape received: {shape}")
    for axis, value in wanted.axes.items():
        if value is not None and axis < rank and shape[axis] not in (value, None):
            raise ValueError(f"{problem}: expected axis {axis} of input shape to have value {value}, but received input with shape {shape}")
    if wanted.shape is not None and not wanted.allow_last_axis_squeeze:
        for expected, found in zip(wanted.shape, shape):
            if expected is not None and found is not None and expected != found:
                raise ValueError(f"{problem}: expected shape={wanted.shape}, found shape={shape}")
