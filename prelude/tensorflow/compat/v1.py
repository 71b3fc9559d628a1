"""`tf.compat.v1`: the names that still occur in layers."""
import tensorflow as _tf
from keras.src.tf_types import Dimension


def where(condition, x=None, y=None, name=None):
    """Version 1's: a condition of one dimension picks rows."""
    from keras.src.tensor import dims, reshape, static_shape, to_tensor
    condition = to_tensor(condition)
    if x is not None:
        extra = len(static_shape(to_tensor(x))) - len(static_shape(condition))
        if len(static_shape(condition)) == 1 and extra > 0:
            condition = reshape(condition, list(dims(condition)) + [1] * extra)
    return _tf.where(condition, x, y)


def placeholder(*args, **kwargs):
    raise NotImplementedError("tf.compat.v1.placeholder")


def get_variable(*args, **kwargs):
    raise NotImplementedError("tf.compat.v1.get_variable")


def disable_eager_execution():
    pass


disable_v2_behavior = enable_eager_execution = disable_eager_execution


def div(x, y, name=None):
    """Version 1's: whole numbers are divided down."""
    from keras.src import dtypes
    from keras.src.tensor import dtype_of
    from tensorflow._dtypes import together
    x, y = together(x, y)
    return _tf.divide(x, y) if dtypes.is_float(dtype_of(x)) else _tf.math.floordiv(x, y)


def batch_gather(params, indices, name=None):
    return _tf.gather(params, indices, axis=-1, batch_dims=-1)


# Names that version 2 has elsewhere, or under another name there.
_PLACES = ("math", "nn", "linalg", "signal", "image", "debugging", "initializers")
_RENAMED = {
    "matrix_band_part": "linalg.band_part", "matrix_determinant": "linalg.det", "matrix_diag": "linalg.diag", "matrix_diag_part": "linalg.diag_part",
    "matrix_inverse": "linalg.inv", "matrix_set_diag": "linalg.set_diag", "matrix_solve": "linalg.solve", "matrix_solve_ls": "linalg.lstsq",
    "matrix_triangular_solve": "linalg.triangular_solve", "self_adjoint_eig": "linalg.eigh", "self_adjoint_eigvals": "linalg.eigvalsh",
    "lin_space": "linspace", "reverse_v2": "reverse", "where_v2": "where", "div_no_nan": "math.divide_no_nan", "arg_max": "argmax",
    "arg_min": "argmin", "random_shuffle": "random.shuffle", "multinomial": "random.categorical", "extract_image_patches": "image.extract_patches",
    "tensor_scatter_add": "tensor_scatter_nd_add", "tensor_scatter_sub": "tensor_scatter_nd_sub", "tensor_scatter_update": "tensor_scatter_nd_update",
    "glorot_uniform_initializer": "initializers.GlorotUniform", "glorot_normal_initializer": "initializers.GlorotNormal",
    "orthogonal_initializer": "initializers.Orthogonal", "diag": "linalg.tensor_diag", "diag_part": "linalg.tensor_diag_part",
}
_CASTS = {"to_double": "float64", "to_int64": "int64", "to_bfloat16": "bfloat16", "to_complex64": "complex64", "to_complex128": "complex128"}


def _find(path):
    found = _tf
    for part in path.split("."):
        found = getattr(found, part)
    return found


def moved(name):
    """A name of version 1 by what it is called in version 2, or None."""
    if name in _CASTS:
        return lambda x, name=None, to=_CASTS[name]: _tf.cast(x, to)
    if name in _RENAMED:
        return _find(_RENAMED[name])
    return None


def __getattr__(name):
    found = moved(name)
    if found is not None:
        return found
    placeholder = None
    for place in (None, *_PLACES):
        holder = _tf if place is None else getattr(_tf, place)
        if hasattr(holder, name) and not name.startswith("_"):
            found = getattr(holder, name)
            if not getattr(found, "_path", ""):
                return found
            placeholder = placeholder or found
    from keras.src.unused import unused
    return placeholder or unused("tensorflow.compat.v1", name)
