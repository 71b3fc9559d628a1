"""TensorFlow as layers use it, over the same tensor functions as `keras.ops` but with TensorFlow's strict dtypes. Names load at first use."""
import importlib

from keras.src.lazy import spread
from keras.src.tf_types import DType, Dimension, TensorShape, as_dtype
from _kedge import Tensor

__version__ = "2.21.0"
newaxis = None
(float16, float32, float64, bfloat16, int8, int16, int32, int64, uint8, uint16, uint32, uint64, bool, string, complex64, complex128) = [
    as_dtype(n) for n in ("float16 float32 float64 bfloat16 int8 int16 int32 int64 uint8 uint16 uint32 uint64 bool string complex64 "
                          "complex128").split()]
half, double = float16, float64

_table = {}
spread(_table, "tensorflow._array", """shape rank size cast saturate_cast to_float to_int32 constant convert_to_tensor identity stop_gradient is_tensor reshape transpose
    expand_dims squeeze concat stack unstack split tile repeat broadcast_to broadcast_static_shape reverse roll pad slice strided_slice
    gather gather_nd scatter_nd tensor_scatter_nd_update tensor_scatter_nd_add tensor_scatter_nd_sub
    tensor_scatter_nd_max tensor_scatter_nd_min reverse_sequence broadcast_dynamic_shape unravel_index identity_n shape_n dynamic_stitch boolean_mask where unique unique_with_counts
    dynamic_partition one_hot zeros ones zeros_like ones_like fill eye range linspace meshgrid sequence_mask ensure_shape searchsorted sort
    argsort matmul tensordot einsum norm bitcast histogram_fixed_width""")
spread(_table, "tensorflow._control", """cond while_loop case switch_case map_fn vectorized_map scan foldl foldr function custom_gradient recompute_grad py_function numpy_function group
    no_op get_static_value gradients GradientTape name_scope variable_scope control_dependencies device init_scope Module TensorSpec
    TensorArray Variable RaggedTensor SparseTensor IndexedSlices TypeSpec RaggedTensorSpec SparseTensorSpec VariableAggregation
    VariableSynchronization""")
_table["tuple"], _table["print"] = "tensorflow._control:tuple_", "tensorflow._control:print_"
_table["py_func"] = "tensorflow._control:py_function"
spread(_table, "tensorflow._math", """exp sqrt sin cos tan asin acos atan atan2 sinh cosh tanh asinh acosh atanh sigmoid abs negative sign square floor
    round add subtract multiply pow maximum minimum floordiv mod floormod greater greater_equal less less_equal equal not_equal logical_and
    logical_or logical_not divide truediv add_n clip_by_value clip_by_norm reduce_sum reduce_max reduce_min reduce_prod reduce_any reduce_all
    reduce_mean reduce_logsumexp argmax argmin cumsum truncatemod squared_difference rint realdiv
    truncatediv scalar_mul clip_by_global_norm""")
for _name in ("log", "log1p", "expm1", "rsqrt", "erf", "lgamma", "digamma", "ceil", "is_nan", "logical_xor", "unsorted_segment_sum", "count_nonzero",
              "complex", "grad_pass_through"):
    _table[_name] = f"tensorflow._math:{_name}"
spread(_table, "tensorflow._nn", "space_to_batch batch_to_space space_to_batch_nd batch_to_space_nd")
for _name, _place in {
        "math": "math", "nn": "nn", "image": "image", "linalg": "linalg", "random": "random", "debugging": "debugging", "compat": "compat",
        "keras": "keras", "nest": "nest", "signal": "signal", "initializers": "initializers", "autograph": "autograph", "errors": "errors",
        "dtypes": "dtypes", "bitwise": "bitwise", "quantization": "quantization", "sparse": "sparse", "ragged": "ragged", "strings": "strings", "experimental": "experimental",
        "types": "types", "saved_model": "saved_model", "train": "train", "data": "data", "summary": "summary", "config": "config",
        "raw_ops": "raw_ops", "io": "io", "lookup": "lookup", "distribute": "distribute", "version": "version",
        "logging": "logging", "layers": "layers", "estimator": "estimator", "contrib": "contrib", "python": "python"}.items():
    _table[_name] = f"tensorflow.{_place}"
for _name in ("losses", "metrics", "optimizers"):
    _table[_name] = f"keras.{_name}"
for _name in ("assert_equal", "assert_greater", "assert_less", "assert_rank", "Assert"):
    _table[_name] = f"tensorflow.debugging:{_name}"
spread(_table, "tensorflow.initializers", """constant_initializer zeros_initializer ones_initializer random_normal_initializer
    random_uniform_initializer""")
_table["truncated_normal_initializer"] = "tensorflow.initializers:TruncatedNormal"
_table["variance_scaling_initializer"] = "tensorflow.initializers:VarianceScaling"
for _name in ("random_normal", "random_uniform", "truncated_normal"):
    _table[_name] = f"tensorflow.random:{_name.replace('random_', '')}"


def __getattr__(name):
    if name == "__all__":
        from keras.src.lazy import public_names
        return public_names("tensorflow", _table)
    target = _table.get(name)
    if target is None:
        return _elsewhere(name)
    path, _, attribute = target.partition(":")
    try:
        module = importlib.import_module(path)
    except ImportError:
        return _elsewhere(name)
    return getattr(module, attribute) if attribute else module


def _elsewhere(name):
    """What sources of version 1 call by `tf` alone, and names without a meaning at inference."""
    from keras.src.unused import unused
    from tensorflow.compat.v1 import batch_gather, div, moved
    found = {"div": div, "batch_gather": batch_gather}.get(name) or moved(name)
    return unused("tensorflow", name) if found is None else found


def __dir__():
    return sorted(_table)


def executing_eagerly():
    return False


def get_logger():
    import logging
    return logging.getLogger("tensorflow")


def type_spec_from_value(value):
    from tensorflow._control import TensorSpec
    return TensorSpec(value.shape, value.dtype)


def get_default_graph():
    return None


def enable_v2_behavior():
    pass
