"""`keras.backend` (K): Keras 2's function names over the same tensor functions."""
import _kedge
from keras.src import dtypes
from keras.src.backend_windows import (temporal_padding, spatial_2d_padding, spatial_3d_padding, resize_images,
                                       resize_volumes, conv1d, conv2d, conv3d, in_top_k, depthwise_conv2d,
                                       separable_conv2d, conv2d_transpose, pool2d, pool3d, batch_normalization,
                                       categorical_crossentropy, sparse_categorical_crossentropy,
                                       binary_crossentropy)
from keras.src.naming import get_uid, reset_uids
from keras.src.ops import control
from keras.src.ops import creation as cr
from keras.src.ops import elementwise as el
from keras.src.ops import linalg, nn
from keras.src.ops import reduce as red
from keras.src.ops import shape as sh
from keras.src.state import StatelessScope, name_scope
from keras.src.tensor import (Tensor, const_value, dims, dtype_of, get_keras_mask, getitem, is_tensor, op, refuse, set_keras_mask, static_shape,
                              to_tensor)
from keras.src.dtypes import result_type, standardize_dtype
from keras.src.tree import is_sequence

floatx = dtypes.floatx
# This module's own `slice` is Keras'; Python's is needed for indexing.
_all = slice(None)


def backend():
    return "tensorflow"


def epsilon():
    return 1e-7


def image_data_format():
    return "channels_last"


def image_dim_ordering():
    return "tf"


def set_image_data_format(value):
    if value != "channels_last":
        raise NotImplementedError("keras.backend.set_image_data_format('channels_first')")


def set_floatx(value):
    dtypes.floatx_state["floatx"] = dtypes.standardize_dtype(value)


def set_epsilon(value):
    raise NotImplementedError("keras.backend.set_epsilon")


def learning_phase():
    return 0


def set_learning_phase(value):
    pass


def clear_session(free_memory=True):
    reset_uids()


def manual_variable_initialization(value):
    pass


def is_sparse(tensor):
    return False


def is_keras_tensor(x):
    from keras.src.keras_tensor import KerasTensor
    return isinstance(x, KerasTensor)


def is_float_dtype(dtype):
    return dtypes.is_float(dtype)


def is_int_dtype(dtype):
    return dtypes.is_int(dtype)


def cast(x, dtype):
    return sh.cast_(x, dtype)


def cast_to_floatx(x):
    import numpy as np
    return cast(x, floatx()) if isinstance(x, Tensor) else np.asarray(x, dtype=floatx())


def shape(x):
    return _kedge.shape_tensor(to_tensor(x), "int32")


def int_shape(x):
    from keras.src.keras_tensor import KerasTensor
    return x.shape if isinstance(x, KerasTensor) else tuple(static_shape(to_tensor(x)))


def ndim(x):
    return len(int_shape(x))


def dtype(x):
    return dtypes.standardize_dtype(x.dtype)


def size(x, name=None):
    return sh.size(x)


def constant(value, dtype=None, shape=None, name=None):
    result = to_tensor(value, dtype or floatx())
    return result if shape is None else op("broadcast_to", [result], shape=list(shape))


def variable(value, dtype=None, name=None, constraint=None):
    from keras.src.variable import TensorFlowVariable
    return TensorFlowVariable(value, dtype=dtype or floatx(), name=name)


def _constant(value, name):
    """Keras 2 makes these variables: one that a layer keeps when it is built is saved with it."""
    from keras.src.state import state
    return variable(_kedge.value(value), dtype=dtype_of(value), name=name) if state.keras_2 and state.building else value


def zeros(shape, dtype=None, name=None):
    return _constant(cr.zeros(shape, dtype), name)


def ones(shape, dtype=None, name=None):
    return _constant(cr.ones(shape, dtype), name)


def eye(size, dtype=None, name=None):
    return _constant(cr.eye(size, dtype=dtype), name)


def zeros_like(x, dtype=None, name=None):
    return cr.zeros_like(x, dtype)


def ones_like(x, dtype=None, name=None):
    return cr.ones_like(x, dtype)


def identity(x, name=None):
    return to_tensor(x)


def placeholder(shape=None, ndim=None, dtype=None, sparse=False, name=None, ragged=False):
    from keras.src.functional import Input
    return Input(batch_shape=shape if shape is not None else (None,) * ndim, dtype=dtype, name=name)


def eval(x):
    return sh.convert_to_numpy(x)


get_value = eval


def set_value(x, value):
    x.assign(value)


def batch_set_value(pairs):
    for x, value in pairs:
        x.assign(value)


def update(x, new_x):
    return x.assign(new_x)


def function(*args, **kwargs):
    raise NotImplementedError("keras.backend.function")


def gradients(*args, **kwargs):
    raise NotImplementedError("keras.backend.gradients")


def stop_gradient(x):
    return x if is_sequence(x) else to_tensor(x)


def dot(x, y):
    """A matrix product; for higher ranks the last axis of x with the next-to-last of y."""
    x, y = to_tensor(x), to_tensor(y)
    if len(static_shape(x)) <= 2 and len(static_shape(y)) <= 2:
        return op("matmul", [x, y])
    return linalg.tensordot(x, y, axes=[[-1], [-2 if len(static_shape(y)) > 1 else -1]])


def batch_dot(x, y, axes=None):
    from keras.layers.merging import batch_dot as apply
    return apply(x, y, axes)


def transpose(x):
    return sh.transpose(x)


def permute_dimensions(x, pattern):
    return sh.transpose(x, pattern)


def gather(reference, indices):
    return sh.take(reference, indices, axis=0)


def embedding_lookup(params, ids):
    return sh.take(params, ids, axis=0)


def reshape(x, shape):
    return sh.reshape(x, shape)


def expand_dims(x, axis=-1):
    return sh.expand_dims(x, axis)


def squeeze(x, axis):
    return sh.squeeze(x, axis)


def concatenate(tensors, axis=-1):
    return sh.concatenate(list(tensors), axis=axis)


def stack(x, axis=0):
    return sh.stack(x, axis)


def tile(x, n):
    if isinstance(n, int):
        n = [n] * ndim(x)
    return sh.tile(x, n)


def repeat(x, n):
    """[batch, width] to [batch, n, width]."""
    return op("tile", [sh.expand_dims(x, 1)], multiples=[1, n, 1])


def repeat_elements(x, rep, axis):
    return sh.repeat(x, rep, axis)


def flatten(x):
    return sh.ravel(x)


def batch_flatten(x):
    return sh.reshape(x, [-1, _flat(static_shape(to_tensor(x))[1:])])


def _flat(sizes):
    total = 1
    for s in sizes:
        if s is None:
            return -1
        total *= s
    return total


def arange(start, stop=None, step=1, dtype="int32"):
    return cr.arange(start, stop, step, dtype)


def reverse(x, axes):
    return sh.flip(x, axes)


def slice(x, start, size):
    return sh.slice_(x, start, size)


def one_hot(indices, num_classes):
    return nn.one_hot(indices, num_classes)


def sum(x, axis=None, keepdims=False):
    return red.sum(x, axis, keepdims)


def prod(x, axis=None, keepdims=False):
    return red.prod(x, axis, keepdims)


def mean(x, axis=None, keepdims=False):
    x = to_tensor(x)
    return red.mean(cast(x, floatx()) if dtype_of(x) == "bool" else x, axis, keepdims)


def var(x, axis=None, keepdims=False):
    return red.var(x, axis, keepdims)


def std(x, axis=None, keepdims=False):
    return red.std(x, axis, keepdims)


def max(x, axis=None, keepdims=False):
    return red.max(x, axis, keepdims)


def min(x, axis=None, keepdims=False):
    return red.min(x, axis, keepdims)


def any(x, axis=None, keepdims=False):
    return red.any(x, axis, keepdims)


def all(x, axis=None, keepdims=False):
    return red.all(x, axis, keepdims)


def argmax(x, axis=-1):
    return cast(red.argmax(x, axis), "int64")


def argmin(x, axis=-1):
    return cast(red.argmin(x, axis), "int64")


def logsumexp(x, axis=None, keepdims=False):
    return red.logsumexp(x, axis, keepdims)


def cumsum(x, axis=0):
    return red.cumsum(x, axis)


def cumprod(x, axis=0):
    return red.cumprod(x, axis)


def pow(x, a):
    return el.power(x, a)


def sqrt(x):
    """Negative values count as zero."""
    x = to_tensor(x)
    return op("sqrt", [op("max", [x, to_tensor(0, dtype_of(x))])])


def clip(x, min_value, max_value):
    return el.clip(x, min_value, max_value)


(abs, square, exp, log, sign, sin, cos, tanh, sigmoid, round) = (
    el.absolute, el.square, el.exp, el.log, el.sign, el.sin, el.cos, el.tanh, nn.sigmoid, el.round)
equal, not_equal, greater, greater_equal, less, less_equal = (el.equal, el.not_equal, el.greater, el.greater_equal, el.less, el.less_equal)
maximum, minimum = el.maximum, el.minimum


def softmax(x, axis=-1):
    return nn.softmax(x, axis)


def softplus(x):
    return nn.softplus(x)


def softsign(x):
    return nn.softsign(x)


def hard_sigmoid(x):
    """Keras 2's: clip(0.2 x + 0.5, 0, 1)."""
    return el.clip(el.add(el.multiply(0.2, x), 0.5), 0.0, 1.0)


def elu(x, alpha=1.0):
    return nn.elu(x, alpha)


def relu(x, alpha=0.0, max_value=None, threshold=0.0):
    from keras.src.activations import by_name
    return by_name["relu"](x, negative_slope=alpha, max_value=max_value, threshold=threshold)


def dropout(x, level, noise_shape=None, seed=None):
    refuse("keras.backend.dropout", "it draws random numbers at inference")


def l2_normalize(x, axis=None):
    x = to_tensor(x)
    power = red.sum(el.square(x), axis, keepdims=True)
    return op("mul", [x, el.rsqrt(el.maximum(power, 1e-12))])


def bias_add(x, bias, data_format=None):
    bias = to_tensor(bias)
    rank = ndim(x)
    if len(static_shape(bias)) == 1 and data_format == "channels_first":
        bias = sh.reshape(bias, [1, -1] + [1] * (rank - 2))
    elif len(static_shape(bias)) > 1:
        bias = sh.expand_dims(bias, 0)
        if data_format == "channels_first":
            bias = sh.moveaxis(bias, -1, 1)
    return el.add(x, bias)


def in_train_phase(x, alt, training=None):
    chosen = x if training in (1, True) else alt
    return chosen() if callable(chosen) else chosen


def in_test_phase(x, alt, training=None):
    return in_train_phase(alt, x, training)


def switch(condition, then_expression, else_expression):
    condition = cast(condition, "bool")
    if ndim(condition) == 0:
        return control.cond(condition, then_expression if callable(then_expression) else lambda: then_expression,
                            else_expression if callable(else_expression) else lambda: else_expression)
    then_value = then_expression() if callable(then_expression) else then_expression
    else_value = else_expression() if callable(else_expression) else else_expression
    extra = ndim(then_value) - ndim(condition)
    condition = sh.reshape(condition, list(dims(condition)) + [1] * extra)
    return el.where(condition, then_value, else_value)


def map_fn(fn, elems, name=None, dtype=None):
    return control.map(fn, elems)


def ctc_decode(*args, **kwargs):
    refuse("keras.backend.ctc_decode", "the result's size depends on the values")


def ctc_batch_cost(*args, **kwargs):
    refuse("keras.backend.ctc_batch_cost", "losses have no part in inference")


def get_session():
    raise NotImplementedError("keras.backend.get_session")


def random_normal(*args, **kwargs):
    refuse("keras.backend.random_normal", "it draws random numbers, which differ from call to call")


def random_uniform(*args, **kwargs):
    refuse("keras.backend.random_uniform", "it draws random numbers, which differ from call to call")


random_uniform_variable = random_normal_variable = truncated_normal = random_binomial = random_bernoulli = random_normal


def rnn(step_function, inputs, initial_states, go_backwards=False, mask=None, constants=None, unroll=False, input_length=None, time_major=False,
        zero_output_for_mask=False, return_all_outputs=True):
    """Steps of a static time axis one after another."""
    x = sh.swapaxes(inputs, 0, 1) if time_major else to_tensor(inputs)
    steps = static_shape(x)[1]
    if steps is None:
        refuse("keras.backend.rnn", "the time axis has no static size")
    states, outputs = list(initial_states), []
    rest = list(constants or [])
    previous = None
    for t in (range(steps)[::-1] if go_backwards else range(steps)):
        output, new = step_function(getitem(x, (_all, t)), states + rest)
        new = list(new)
        if mask is not None:
            keep = getitem(to_tensor(mask), (_all, t))
            held = cr.zeros_like(output) if previous is None or zero_output_for_mask else previous
            output = el.where(sh.reshape(keep, list(dims(keep))[:1] + [1] * (ndim(output) - 1)), output, held)
            new = [el.where(sh.reshape(keep, list(dims(keep))[:1] + [1] * (ndim(n) - 1)), n, o) for n, o in zip(new, states)]
        previous, states = output, new
        outputs.append(output)
    whole = sh.stack(outputs if return_all_outputs else outputs[-1:], axis=0 if time_major else 1)
    return outputs[-1], whole, states

