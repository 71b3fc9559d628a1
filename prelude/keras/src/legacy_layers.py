"""Layers that Keras 3 has no more. `TFOpLambda` and `SlicingOpLambda` are functions of TensorFlow as steps of a model, by their public name."""
import _kedge
from keras.src.layer import Layer
from keras.src.ops import elementwise as el
from keras.src.tensor import cast, dtype_of

_OPERATORS = {"__operators__.add": "math.add", "__operators__.sub": "math.subtract", "__operators__.mul": "math.multiply",
              "__operators__.getitem": None}


class TFOpLambda(Layer):
    def __init__(self, function, **kwargs):
        super().__init__(**kwargs)
        self.autocast = False
        self._allow_non_tensor_positional_args = True
        self._convert_input_args = False
        self.function = function

    def call(self, *args, **kwargs):
        kwargs.pop("training", None)
        kwargs.pop("mask", None)
        kwargs.pop("name", None)
        return _function(self.function)(*args, **kwargs)


class SlicingOpLambda(TFOpLambda):
    def call(self, inputs, slice_spec=None, **kwargs):
        return inputs[_key(slice_spec)]


class ThresholdedReLU(Layer):
    """`x` where it is above `theta`, 0 elsewhere."""

    def __init__(self, theta=1.0, **kwargs):
        super().__init__(**kwargs)
        self.theta = theta
        self.supports_masking = True

    def call(self, inputs):
        return el.multiply(inputs, cast(el.greater(inputs, self.theta), dtype_of(inputs)))


CLASSES = ("TFOpLambda", "SlicingOpLambda", "ThresholdedReLU")


def _key(spec):
    if isinstance(spec, dict) and spec.get("class_name") == "__ellipsis__":
        return Ellipsis
    if isinstance(spec, dict) and {"start", "stop", "step"} >= set(spec):
        return slice(spec.get("start"), spec.get("stop"), spec.get("step"))
    if isinstance(spec, (list, tuple)):
        return tuple([_key(item) for item in spec])
    return Ellipsis if spec == "Ellipsis" else spec


def _function(name):
    import tensorflow as tf
    found = tf
    for part in (_OPERATORS.get(name) or name).split("."):
        found = getattr(found, part, None)
        if found is None:
            _kedge.refuse("K0411", f"the model calls `tf.{name}`, which is not one that kedge knows",
                          "write it as a layer class in a source file, or add it to a prelude folder of your own (--prelude)")
    return found
