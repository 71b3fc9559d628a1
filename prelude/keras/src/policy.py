"""Dtype policies: which dtype a layer computes in and which its variables have."""
from keras.src import dtypes
from keras.src.state import state


class DTypePolicy:
    def __init__(self, name=None, source_name=None):
        if isinstance(name, DTypePolicy):
            name = name.name
        self._name = name or dtypes.floatx()
        if self._name.startswith("mixed_"):
            self._compute_dtype = self._name[len("mixed_"):]
            self._variable_dtype = "float32"
        else:
            self._compute_dtype = self._variable_dtype = dtypes.standardize_dtype(self._name)
        self._source_name = source_name
        self._quantization_mode = None

    @property
    def name(self):
        return self._name

    @property
    def compute_dtype(self):
        return self._compute_dtype

    @property
    def variable_dtype(self):
        return self._variable_dtype

    @property
    def quantization_mode(self):
        return self._quantization_mode

    def convert_input(self, x, autocast, dtype):
        from keras.src.call_spec import convert_input
        return convert_input(x, autocast, dtype)

    def get_config(self):
        return {"name": self.name}

    @classmethod
    def from_config(cls, config):
        return cls(**config)

    def __eq__(self, other):
        return type(self) is type(other) and self._name == other._name

    def __hash__(self):
        return hash(self._name)

    def __repr__(self):
        return f'<DTypePolicy "{self._name}">'


FloatDTypePolicy = DTypePolicy
Policy = DTypePolicy


class QuantizedDTypePolicy(DTypePolicy):
    """A layer whose weights are stored quantized (`int8_from_float32`)."""

    def __init__(self, mode, source_name=None, **kwargs):
        super().__init__(source_name)
        self._quantization_mode = mode
        self._name = f"{mode}_from_{source_name or dtypes.floatx()}"
        self._source_name = source_name

    def get_config(self):
        return {"mode": self._quantization_mode, "source_name": self._source_name}


class QuantizedFloat8DTypePolicy(QuantizedDTypePolicy):
    def __init__(self, mode, source_name=None, amax_history_length=1024):
        super().__init__(mode, source_name)
        self.amax_history_length = amax_history_length


class Int4DTypePolicy(QuantizedDTypePolicy):
    """`int4/128`: 128 rows of a kernel share a scale; `int4/-1`: all of a column do."""

    def __init__(self, mode, source_name=None):
        mode, _, size = mode.partition("/")
        super().__init__(mode, source_name)
        self.block_size = int(size)

    def get_config(self):
        return {**super().get_config(), "mode": f"{self._quantization_mode}/{self.block_size}"}


class DTypePolicyMap(DTypePolicy):
    def __init__(self, default_policy=None, policy_map=None):
        super().__init__(get(default_policy).name if default_policy is not None else None)


def global_policy():
    if state.dtype_policy is None:
        return DTypePolicy(dtypes.floatx())
    return state.dtype_policy


dtype_policy = global_policy


def set_global_policy(policy):
    state.dtype_policy = get(policy)


set_dtype_policy = set_global_policy


def get(identifier):
    if identifier is None:
        return global_policy()
    if isinstance(identifier, DTypePolicy):
        return identifier
    if isinstance(identifier, dict):
        if identifier.get("class_name") not in ("DTypePolicy", "FloatDTypePolicy", "Policy"):
            from keras.src.serialization import deserialize_keras_object
            return deserialize_keras_object(identifier)
        name = identifier["config"]["name"]
        return DTypePolicy(name if isinstance(name, str) else dtypes.standardize_dtype(name))
    if isinstance(identifier, str):
        return DTypePolicy(identifier)
    return DTypePolicy(dtypes.standardize_dtype(identifier))


def serialize(policy):
    from keras.src.serialization import serialize_keras_object
    return serialize_keras_object(policy)


deserialize = get
