"""Layers that turn whole numbers into indices: through a vocabulary, or through a hash. Strings are refused by name."""
import numpy as np
from keras.layers.preprocessing import encode
from keras.src.layer import Layer
from keras.src.ops import creation as cr
from keras.src.ops import elementwise as el
from keras.src.ops import reduce as red
from keras.src.ops import shape as sh
from keras.src.settings import keep, make_weight
from keras.src.tensor import cast, dtype_of, op, refuse, static_shape, to_tensor


def salt_of(salt):
    if salt is None or isinstance(salt, int):
        return None if salt is None else [salt, salt]
    return list(salt)


def bucket(x, buckets, salt=None):
    """The hash of a number's decimal digits: FarmHash's fingerprint, with a salt SipHash."""
    return op("hash_bucket", [cast(x, "int64")], buckets=buckets, key=salt or [])


class IntegerLookup(Layer):
    """Integers to indices through a vocabulary that is in the configuration."""

    def __init__(self, max_tokens=None, num_oov_indices=1, mask_token=None, oov_token=-1, vocabulary=None, vocabulary_dtype="int64",
                 idf_weights=None, invert=False, output_mode="int", sparse=False, pad_to_max_tokens=False, name=None, **kwargs):
        kwargs.pop("vocabulary_size", None)
        self.oov_method = kwargs.pop("oov_method", "floormod")
        self.salt = salt_of(kwargs.pop("salt", None))
        dtype = kwargs.pop("dtype", None)
        super().__init__(name=name, dtype=dtype if dtype is not None else ("int64" if output_mode == "int" else None), **kwargs)
        keep(self, locals(), "max_tokens num_oov_indices mask_token oov_token invert output_mode pad_to_max_tokens idf_weights")
        self.vocabulary = None if vocabulary is None else [int(v) for v in vocabulary]
        self.autocast = False

    def build(self, input_shape=None):
        if self.output_mode == "tf_idf" and self.idf_weights is not None:
            # One weight for each index: unknown words weigh the average, what is left of the depth nothing.
            self._weights = make_weight(self, "idf_weights", (self._depth(),), "zeros")
        self.built = True

    def _depth(self):
        special, tokens = self._table()
        return self.max_tokens if self.pad_to_max_tokens else len(special) + len(tokens)

    def save_own_variables(self, store):
        if self.output_mode == "tf_idf":
            store["idf_weights"] = self._weights

    def _table(self):
        tokens = list(self.vocabulary)
        special = ([self.mask_token] if self.mask_token is not None and self.output_mode == "int" else []) + [self.oov_token] * self.num_oov_indices
        if tokens[:len(special)] == special:
            tokens = tokens[len(special):]
        return special, tokens

    def call(self, inputs):
        if self.vocabulary is None:
            refuse("IntegerLookup", "its vocabulary is not in the configuration")
        special, tokens = self._table()
        x = cast(to_tensor(inputs), "int64")
        if self.invert:
            whole = to_tensor(np.array(special + tokens, dtype="int64"), "int64")
            count = len(special) + len(tokens)
            known = el.logical_and(el.greater_equal(x, 0), el.less(x, count))
            return el.where(known, sh.take(whole, el.clip(x, 0, count - 1), axis=0), self.oov_token)
        table = to_tensor(np.array(tokens, dtype="int64"), "int64")
        hits = el.equal(sh.expand_dims(x, -1), table)
        found = red.any(hits, axis=-1)
        index = cast(el.add(red.argmax(cast(hits, "int32"), axis=-1), len(special)), "int64")
        first_oov = len(special) - self.num_oov_indices
        if self.num_oov_indices == 0:
            missing = cr.full_like(x, -1)
        elif self.num_oov_indices == 1:
            missing = cr.full_like(x, first_oov)
        elif self.oov_method == "farmhash":
            missing = el.add(bucket(x, self.num_oov_indices, self.salt), first_oov)
        else:
            missing = el.add(el.mod(x, self.num_oov_indices), first_oov)
        index = el.where(found, index, missing)
        if self.mask_token is not None and self.output_mode == "int":
            index = el.where(el.equal(x, self.mask_token), 0, index)
        if self.output_mode == "int":
            return cast(index, "int64")
        if self.output_mode == "tf_idf":
            if self.idf_weights is None:
                refuse("IntegerLookup(output_mode='tf_idf')", "the weights of its words are not in the configuration")
            return el.multiply(cast(encode(index, "count", self._depth(), "int64"), "float32"), self._weights)
        return encode(index, self.output_mode, self._depth(), "int64")


class Hashing(Layer):
    """Numbers to bins by the hash of their digits; the first bin is kept for the masked value."""

    def __init__(self, num_bins, mask_value=None, salt=None, output_mode="int", sparse=False, **kwargs):
        if kwargs.get("dtype") is None:
            kwargs["dtype"] = "int64" if output_mode == "int" else None
        super().__init__(**kwargs)
        keep(self, locals(), "num_bins mask_value output_mode sparse")
        self.salt = salt_of(salt)
        self.autocast = False

    def call(self, inputs):
        x = to_tensor(inputs)
        if self.output_mode == "one_hot" and len(static_shape(x)) > 0 and static_shape(x)[-1] == 1:
            x = sh.squeeze(x, axis=-1)
        masked = self.mask_value is not None and self.num_bins > 1
        index = bucket(x, self.num_bins - 1 if masked else self.num_bins, self.salt)
        if masked:
            index = el.where(el.equal(x, self.mask_value), 0, el.add(index, 1))
        return cast(index, self.compute_dtype) if self.output_mode == "int" else encode(index, self.output_mode, self.num_bins, self.compute_dtype)


class HashedCrossing(Layer):
    """The combination of several numbers to a bin: FarmHash's concatenation of 64-bit fingerprints, which numbers are themselves."""

    def __init__(self, num_bins, output_mode="int", sparse=False, name=None, dtype=None, **kwargs):
        super().__init__(name=name, dtype=dtype or ("int64" if output_mode == "int" else None))
        keep(self, locals(), "num_bins output_mode sparse")
        self.autocast = False

    def call(self, inputs):
        factor = to_tensor(np.array(0xC6A4A7935BD1E995, dtype="uint64"), "uint64")

        def mix(v):
            return op("bitwise_xor", [v, op("right_shift", [v, to_tensor(47, "uint64")])])

        total = to_tensor(0xDECAFCAFFE, "uint64")
        for x in inputs:
            x = to_tensor(x)
            if dtype_of(x) not in ("int32", "int64", "int8", "int16", "uint8", "uint16", "uint32"):
                refuse("HashedCrossing", "its inputs must be whole numbers")
            piece = op("mul", [mix(op("mul", [cast(cast(x, "int64"), "uint64"), factor])), factor])
            total = op("mul", [op("bitwise_xor", [op("bitwise_xor", [total, factor]), piece]), factor])
            total = mix(op("mul", [mix(total), factor]))
        index = cast(op("mod", [total, to_tensor(self.num_bins, "uint64")]), "int64")
        return cast(index, self.compute_dtype) if self.output_mode == "int" else encode(index, self.output_mode, self.num_bins, self.compute_dtype)
