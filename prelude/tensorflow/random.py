"""`tf.random`: random values differ from call to call, so none has a meaning in a saved model; what a constant seed fixes has one."""
import numpy as np
from keras.src import dtypes
from keras.src.tensor import const_value, dim_list, op, refuse, to_tensor
from tensorflow._dtypes import together


def _refused(name):
    def function(*args, **kwargs):
        refuse(f"tf.random.{name}", "it draws random numbers, which differ from call to call")

    function.__name__ = name
    return function


normal, uniform, truncated_normal, categorical, gamma, poisson, shuffle, stateless_truncated_normal = [
    _refused(n) for n in ("normal", "uniform", "truncated_normal", "categorical", "gamma", "poisson", "shuffle", "stateless_truncated_normal")]


def set_seed(seed):
    pass


class Generator:
    @staticmethod
    def from_seed(seed, alg=None):
        return Generator()

    @staticmethod
    def from_non_deterministic_state(alg=None):
        return Generator()

    def normal(self, *args, **kwargs):
        refuse("tf.random.Generator.normal", "it draws random numbers, which differ from call to call")

    uniform = truncated_normal = normal


def get_global_generator():
    return Generator()


def set_global_generator(generator):
    pass


_WORD = np.uint64(0xFFFFFFFF)


def _philox(words, keys):
    """Ten rounds of Philox 4x32 on four arrays of 32-bit numbers (Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3")."""
    a, b, c, d = words
    first, second = keys
    for _ in range(10):
        left, right = a * np.uint64(0xD2511F53), c * np.uint64(0xCD9E8D57)
        a, b, c, d = ((right >> np.uint64(32)) ^ b ^ first, right & _WORD, (left >> np.uint64(32)) ^ d ^ second, left & _WORD)
        first, second = (first + np.uint64(0x9E3779B9)) & _WORD, (second + np.uint64(0xBB67AE85)) & _WORD
    return a, b, c, d


def _words(number):
    return [np.array([number >> shift & 0xFFFFFFFF], dtype="uint64") for shift in (0, 32)]


def _bits(name, shape, seed):
    """Numbers of 32 bits for all elements of a shape: a counter in four words, which the scrambled seed starts."""
    seed = const_value(seed)
    sizes = dim_list(shape)
    if seed is None or any(not isinstance(n, int) for n in sizes):
        refuse(f"tf.random.{name}", "the seed and the shape must be constants")
    low, high = [int(part) for part in seed]
    keys = [np.array([word], dtype="uint64") for word in (0x3EC8F720, 0x02461E29)]
    a, b, c, d = _philox(_words(low) + _words(high), keys)
    count = 1
    for n in sizes:
        count *= n
    blocks = np.arange(-(-count // 4)).astype("uint64")
    whole = np.zeros_like(blocks)
    out = _philox([blocks, whole, whole + c, whole + d], [a, b])
    return np.reshape(np.stack(out, axis=1), -1)[:count], sizes


def _unit(bits):
    """[0, 1) from the upper digits of a number's mantissa."""
    return ((bits & np.uint64(0x7FFFFF)).astype("float32") / np.float32(0x800000)).astype("float32")


def _kind(name, dtype):
    kind = dtypes.standardize_dtype(dtype)
    if kind not in ("float32", "int32"):
        refuse(f"tf.random.{name}", f"numbers of the type {kind} are not made")
    return kind


def stateless_uniform(shape, seed, minval=0, maxval=None, dtype="float32", name=None, alg="auto_select"):
    kind = _kind("stateless_uniform", dtype)
    bits, sizes = _bits("stateless_uniform", shape, seed)
    if kind == "int32":
        if maxval is None:
            raise ValueError("Must specify maxval for integer dtype int32")
        low, high = [int(const_value(v)) for v in (minval, maxval)]
        whole = (bits % np.uint64(high - low)).astype("int64") + low
        return to_tensor(np.reshape(whole, sizes).astype("int32"), "int32")
    unit = to_tensor(np.reshape(_unit(bits), sizes), "float32")
    low, high = together(unit, minval)[1], together(unit, 1 if maxval is None else maxval)[1]
    return op("add", [op("mul", [unit, op("sub", [high, low])]), low])


def stateless_normal(shape, seed, mean=0.0, stddev=1.0, dtype="float32", name=None, alg="auto_select"):
    """Pairs of uniform numbers on a circle (Box and Muller)."""
    if _kind("stateless_normal", dtype) != "float32":
        raise TypeError("tf.random.stateless_normal makes floats")
    sizes = dim_list(shape)
    count = int(np.prod(sizes))
    bits, _ = _bits("stateless_normal", [-(-count // 4) * 4], seed)
    pairs = np.reshape(_unit(bits), (-1, 2))
    size = np.sqrt(np.float32(-2.0) * np.log(np.maximum(pairs[:, 0], np.float32(1e-7))))
    turn = (2.0 * np.pi * pairs[:, 1].astype("float64")).astype("float32")
    line = np.reshape(np.stack([np.sin(turn) * size, np.cos(turn) * size], axis=1), -1)[:count]
    drawn = to_tensor(np.reshape(line, sizes).astype("float32"), "float32")
    return op("add", [op("mul", [drawn, together(drawn, stddev)[1]]), together(drawn, mean)[1]])


def __getattr__(name):
    from keras.src.unused import unused
    return unused("tensorflow.random", name)
