"""Attention layers. Attribute names are those of the weights file (`query_dense`, `_softmax`, ...)."""
import string

from keras.layers.core import EinsumDense, Softmax
from keras.layers.regularization import Dropout
from keras.src.layer import Layer
from keras.src.ops import elementwise as el
from keras.src.ops import linalg, nn
from keras.src.ops import reduce as red
from keras.src.ops import shape as sh
from keras.src.settings import keep, make_weight
from keras.src.tensor import cast, dims, dtype_of, get_keras_mask, op, refuse, set_keras_mask, static_shape, to_tensor


def _build_proj_equation(free, bound, outputs):
    """The einsum of a dense projection: `free` axes stay, `bound` are summed, `outputs` come out."""
    letters = string.ascii_lowercase
    kept, summed, made = letters[:free], letters[free:free + bound], letters[free + bound:free + bound + outputs]
    return f"{kept}{summed},{summed}{made}->{kept}{made}", made, free + outputs


def _build_attention_equation(rank, axes):
    """Equations of the scores and of the weighted sum, for heads in the next-to-last axis."""
    letters = string.ascii_lowercase
    target = letters[:rank]
    batch = tuple(i for i in range(rank) if i not in axes and i != rank - 1)
    used = rank
    source = ""
    for i in range(rank):
        if i in batch or i == rank - 1:
            source += target[i]
        else:
            source += letters[used]
            used += 1
    scores = "".join(target[i] for i in batch) + "".join(target[i] for i in axes) + "".join(source[i] for i in axes)
    return f"{source},{target}->{scores}", f"{scores},{source}->{target}", len(scores)


def _get_output_shape(output_rank, known_last_dims):
    return [None] * (output_rank - len(known_last_dims)) + list(known_last_dims)


class _ManyHeads(Layer):
    """What multi-head and grouped-query attention share: masks and the product itself. Private names are Keras' own: subclasses of
    packages use them."""

    def _make_helpers(self, axis, rate):
        policy = self.dtype_policy
        self._softmax, self._dropout_layer = Softmax(axis, dtype=policy), Dropout(rate, seed=self.seed, dtype=policy)

    def _get_common_kwargs_for_sublayer(self):
        return {"dtype": self.dtype_policy, "kernel_initializer": self._kernel_initializer, "bias_initializer": self._bias_initializer}

    def _compute_attention_mask(self, query, value, query_mask=None, value_mask=None, key_mask=None, attention_mask=None, use_causal_mask=False):
        auto = None
        if query_mask is not None:
            auto = sh.expand_dims(cast(to_tensor(query_mask), "bool"), -1)
        for mask in (value_mask, key_mask):
            if mask is not None:
                wide = sh.expand_dims(cast(to_tensor(mask), "bool"), -2)
                auto = wide if auto is None else el.logical_and(auto, wide)
        if use_causal_mask:
            auto = _both(auto, self._compute_causal_mask(query, value))
        window = getattr(self, "_sliding_window", None)
        if window is not None:
            auto = _both(auto, self._window_mask(query, value, window))
        if attention_mask is not None:
            attention_mask = cast(to_tensor(attention_mask), "bool")
        if auto is not None:
            attention_mask = auto if attention_mask is None else el.logical_and(attention_mask, auto)
        return attention_mask

    def _places(self, query, value):
        rows, columns = dims(query)[1], dims(query if value is None else value)[1]
        row = op("iota", [], shape=[1, rows, columns], axis=1, dtype="int32")
        return row, op("iota", [], shape=[1, rows, columns], axis=2, dtype="int32")

    def _compute_causal_mask(self, query, value=None):
        row, column = self._places(query, value)
        return op("greater_equal", [row, column])

    def _window_mask(self, query, value, window):
        row, column = self._places(query, value)
        return el.less(el.absolute(el.subtract(row, column)), window)


def _both(a, b):
    return b if a is None else el.logical_and(a, b)


class MultiHeadAttention(_ManyHeads):
    def __init__(self, num_heads, key_dim, value_dim=None, dropout=0.0, use_bias=True, output_shape=None, attention_axes=None,
                 flash_attention=None, kernel_initializer="glorot_uniform", bias_initializer="zeros", kernel_regularizer=None,
                 bias_regularizer=None, activity_regularizer=None, kernel_constraint=None, bias_constraint=None, use_gate=False,
                 sliding_window=None, seed=None, **kwargs):
        super().__init__(**kwargs, activity_regularizer=activity_regularizer)
        keep(self, locals(), "seed")
        self.supports_masking = True
        value_dim = value_dim or key_dim
        keep(self, locals(), "num_heads key_dim value_dim dropout use_bias use_gate sliding_window kernel_initializer bias_initializer "
                             "kernel_regularizer bias_regularizer activity_regularizer kernel_constraint bias_constraint", "_")
        self._output_shape = None if not output_shape else (output_shape,) if isinstance(output_shape, int) else tuple(output_shape)
        self._attention_axes = (attention_axes,) if isinstance(attention_axes, int) else attention_axes
        self._inverse_sqrt_key_dim = key_dim ** -0.5

    _built_from_signature = False

    # These names, not the private ones, come first in the walk over a weights file (grouped-query attention has none).
    @property
    def query_dense(self):
        return self._query_dense

    @property
    def key_dense(self):
        return self._key_dense

    @property
    def value_dense(self):
        return self._value_dense

    @property
    def output_dense(self):
        return self._output_dense

    num_heads = property(lambda self: self._num_heads)
    key_dim = property(lambda self: self._key_dim)
    value_dim = property(lambda self: self._value_dim)
    dropout = property(lambda self: self._dropout)
    use_bias = property(lambda self: self._use_bias)
    attention_axes = property(lambda self: self._attention_axes)

    def build(self, query_shape, value_shape, key_shape=None):
        key_shape = value_shape if key_shape is None else key_shape

        def dense(shape, width, name, **extra):
            equation, bias_axes, rank = _build_proj_equation(len(shape) - 1, 1, 2)
            layer = EinsumDense(equation, output_shape=_get_output_shape(rank - 1, [self._num_heads, width]),
                                bias_axes=bias_axes if self._use_bias else None, name=name, **extra, **self._get_common_kwargs_for_sublayer())
            layer.build(shape)
            return layer, rank

        self._query_dense, _ = dense(query_shape, self._key_dim, "query")
        self._key_dense, _ = dense(key_shape, self._key_dim, "key")
        if self._use_gate:
            self._gate_dense, _ = dense(query_shape, self._value_dim, "gate", activation="sigmoid")
        self._value_dense, rank = dense(value_shape, self._value_dim, "value")
        self._build_attention(rank)
        self._output_dense = self._make_output_dense(query_shape, self._get_common_kwargs_for_sublayer(), "attention_output")
        inner = list(self._query_dense.compute_output_shape(query_shape))
        inner[-1] = self._value_dim
        self._output_dense.build(tuple(inner))
        self.built = True

    def _make_output_dense(self, query_shape, common_kwargs, name=None):
        made = self._output_shape or (query_shape[-1],)
        equation, bias_axes, rank = _build_proj_equation(len(query_shape) - 1, 2, len(made))
        return EinsumDense(equation, output_shape=_get_output_shape(rank - 1, made), bias_axes=bias_axes if self._use_bias else None, name=name,
                           **common_kwargs)

    def _build_from_signature(self, query, value, key=None):
        """Keras 2's name for building, from tensors or their shapes."""
        shapes = [tuple(getattr(x, "shape", x)) for x in (query, value, value if key is None else key)]
        if not self._built_from_signature:
            self._built_from_signature = True
            MultiHeadAttention.build(self, *shapes)

    @classmethod
    def from_config(cls, config):
        """Keras 2 keeps the shapes that the layer was built for, and a switch for masks that rule out everything."""
        config = dict(config)
        if config.get("softmax_robust_masking") is False:
            del config["softmax_robust_masking"]
        shapes = [config.pop(f"{name}_shape", None) for name in ("query", "value", "key")]
        layer = super().from_config(config)
        if shapes[0] is not None and shapes[1] is not None:
            layer._build_from_signature(*shapes)
        return layer

    def _build_attention(self, rank):
        if self._attention_axes is None:
            self._attention_axes = tuple(range(1, rank - 2))
        else:
            self._attention_axes = tuple(a if a >= 0 else rank - 1 + a for a in self._attention_axes)
        self._dot_product_equation, self._combine_equation, scores_rank = _build_attention_equation(rank, self._attention_axes)
        self._make_helpers(tuple(range(scores_rank - len(self._attention_axes), scores_rank)), self._dropout)

    def _masked_softmax(self, attention_scores, attention_mask=None):
        if attention_mask is not None:
            attention_mask = self._widen(attention_mask, len(static_shape(attention_scores)))
        return self._softmax(attention_scores, mask=attention_mask)

    def _widen(self, mask, rank):
        while len(static_shape(mask)) < rank:
            mask = sh.expand_dims(mask, -len(self._attention_axes) * 2 - 1)
        return mask

    def _compute_attention(self, query, key, value, attention_mask=None, training=None, return_attention_scores=False, use_causal_mask=False):
        if not (self._dropout > 0.0 or return_attention_scores or len(static_shape(query)) != 4):
            if attention_mask is not None:
                attention_mask = cast(self._widen(attention_mask, 4), "bool")
            return nn.dot_product_attention(query, key, value, mask=attention_mask, scale=self._inverse_sqrt_key_dim,
                                            is_causal=use_causal_mask), None
        if use_causal_mask:
            attention_mask = _both(attention_mask, self._compute_causal_mask(query, value))
        query = el.multiply(query, self._inverse_sqrt_key_dim)
        scores = linalg.einsum(self._dot_product_equation, key, query)
        scores = self._masked_softmax(scores, attention_mask)
        weights = self._dropout_layer(scores, training=training) if self._dropout > 0.0 else scores
        return linalg.einsum(self._combine_equation, weights, value), scores

    def call(self, query, value, key=None, query_mask=None, value_mask=None, key_mask=None, attention_mask=None,
             return_attention_scores=False, training=None, use_causal_mask=False):
        key = value if key is None else key
        query_mask = get_keras_mask(query) if query_mask is None else query_mask
        attention_mask = self._compute_attention_mask(query, value, query_mask, value_mask, key_mask, attention_mask, use_causal_mask)
        gate = self._gate_dense(query) if self._use_gate else None
        q, k, v = self._query_dense(query), self._key_dense(key), self._value_dense(value)
        output, scores = self._compute_attention(q, k, v, attention_mask, training, return_attention_scores)
        if gate is not None:
            output = el.multiply(output, gate)
        output = self._output_dense(output)
        if query_mask is not None:
            set_keras_mask(output, query_mask)
        return (output, scores) if return_attention_scores else output

    def compute_mask(self, query, mask=None):
        return None

    def compute_output_shape(self, query_shape, value_shape, key_shape=None):
        return tuple(query_shape[:-1]) + (self._output_shape or (query_shape[-1],))

    def get_config(self):
        from keras.src.serialization import serialize_keras_object
        config = super().get_config()
        for name in ("num_heads", "key_dim", "value_dim", "dropout", "use_bias", "use_gate", "output_shape", "attention_axes", "sliding_window",
                     "kernel_initializer", "bias_initializer"):
            config[name] = serialize_keras_object(getattr(self, "_" + name))
        return config


class GroupedQueryAttention(_ManyHeads):
    """Several query heads share one head of keys and values."""

    def __init__(self, head_dim, num_query_heads, num_key_value_heads, dropout=0.0, use_bias=True, sliding_window=None, flash_attention=None,
                 kernel_initializer="glorot_uniform", bias_initializer="zeros", kernel_regularizer=None, bias_regularizer=None,
                 activity_regularizer=None, kernel_constraint=None, bias_constraint=None, use_gate=False, seed=None, **kwargs):
        super().__init__(**kwargs, activity_regularizer=activity_regularizer)
        keep(self, locals(), "head_dim num_query_heads num_key_value_heads dropout use_bias use_gate sliding_window seed")
        self.supports_masking = True
        if num_query_heads % num_key_value_heads:
            raise ValueError("`num_query_heads` must be divisible by `num_key_value_heads`.")
        self.num_repeats = num_query_heads // num_key_value_heads
        keep(self, locals(), "sliding_window kernel_initializer bias_initializer", "_")

    def build(self, query_shape, value_shape, key_shape=None):
        key_shape = value_shape if key_shape is None else key_shape
        self.feature_dim = query_shape[-1]

        def dense(equation, shape, heads, bias, name, **extra):
            layer = EinsumDense(equation, output_shape=(None, heads, self.head_dim), bias_axes=bias if self.use_bias else None, name=name, **extra,
                                **self._get_common_kwargs_for_sublayer())
            layer.build(shape)
            return layer

        self._query_dense = dense("bqm,muh->bquh", query_shape, self.num_query_heads, "uh", "query")
        self._key_dense = dense("bkm,mvh->bkvh", key_shape, self.num_key_value_heads, "vh", "key")
        if self.use_gate:
            self._gate_dense = dense("bqm,muh->bquh", query_shape, self.num_query_heads, "uh", "gate", activation="sigmoid")
        self._value_dense = dense("bkm,mvh->bkvh", value_shape, self.num_key_value_heads, "vh", "value")
        self._make_helpers(-1, self.dropout)
        self._output_dense = EinsumDense("bquh,uhm->bqm", output_shape=(None, self.feature_dim), bias_axes="m" if self.use_bias else None,
                                         name="attention_output", **self._get_common_kwargs_for_sublayer())
        self._output_dense.build((None, None, self.num_query_heads, self.head_dim))
        self.built = True

    def call(self, query, value, key=None, query_mask=None, value_mask=None, key_mask=None, attention_mask=None,
             return_attention_scores=False, training=None, use_causal_mask=False):
        key = value if key is None else key
        attention_mask = self._compute_attention_mask(query, value, query_mask, value_mask, key_mask, attention_mask, use_causal_mask)
        gate = self._gate_dense(query) if self.use_gate else None
        q = self._query_dense(query)
        k = sh.repeat(self._key_dense(key), self.num_repeats, axis=2)
        v = sh.repeat(self._value_dense(value), self.num_repeats, axis=2)
        scores = None
        scale = self.head_dim ** -0.5
        if attention_mask is not None and len(static_shape(attention_mask)) < 4:
            attention_mask = sh.expand_dims(attention_mask, -3)
        if self.dropout > 0.0 or return_attention_scores:
            scores = linalg.einsum("bquh,bkuh->buqk", el.multiply(q, scale), k)
            scores = self._softmax(scores, mask=attention_mask)
            weights = self._dropout_layer(scores, training=training) if self.dropout > 0.0 else scores
            output = linalg.einsum("buqk,bkuh->bquh", weights, v)
        else:
            output = nn.dot_product_attention(q, k, v, mask=attention_mask, scale=scale)
        if gate is not None:
            output = el.multiply(output, gate)
        output = self._output_dense(output)
        return (output, scores) if return_attention_scores else output

    def compute_mask(self, query, mask=None):
        return None


# The public name; files and weight paths have the class's own.
GroupQueryAttention = GroupedQueryAttention


class Attention(Layer):
    """Luong attention on [query, value, key]."""

    def __init__(self, use_scale=False, score_mode="dot", dropout=0.0, seed=None, **kwargs):
        super().__init__(**kwargs)
        keep(self, locals(), "use_scale score_mode dropout")
        if dropout > 0:
            from keras.src.random import SeedGenerator
            self.seed_generator = SeedGenerator(seed=seed)
        if score_mode not in ("dot", "concat"):
            raise ValueError(f"Invalid value for argument score_mode. Expected one of {{'dot', 'concat'}}. Received: score_mode={score_mode}")
        self.scale = None
        self.concat_score_weight = None
        self._return_attention_scores = False

    def build(self, input_shape):
        if self.use_scale:
            self.scale = make_weight(self, "scale", (), "ones")
        if self.score_mode == "concat":
            self.concat_score_weight = make_weight(self, "concat_score_weight", (), "ones")
        self.built = True

    def _calculate_scores(self, query, key):
        if self.score_mode == "dot":
            scores = linalg.matmul(query, sh.swapaxes(key, -2, -1))
            return scores if self.scale is None else el.multiply(scores, self.scale)
        total = el.add(sh.expand_dims(query, -2), sh.expand_dims(key, -3))
        if self.scale is not None:
            total = el.multiply(self.scale, total)
        return el.multiply(self.concat_score_weight, red.sum(el.tanh(total), axis=-1))

    def call(self, inputs, mask=None, training=False, return_attention_scores=False, use_causal_mask=False):
        if training and self.dropout > 0:
            refuse(f"{type(self).__name__}(training=True)", "dropout draws random numbers at inference")
        query, value = inputs[0], inputs[1]
        key = inputs[2] if len(inputs) > 2 else value
        mask = list(mask) if mask is not None else []
        q_mask = mask[0] if mask else None
        v_mask = mask[1] if len(mask) > 1 else None
        scores = self._calculate_scores(query, key)
        keep = None if v_mask is None else sh.expand_dims(cast(to_tensor(v_mask), "bool"), -2)
        if use_causal_mask:
            rows, columns = dims(scores)[-2:]
            row = op("iota", [], shape=[1, rows, columns], axis=1, dtype="int32")
            column = op("iota", [], shape=[1, rows, columns], axis=2, dtype="int32")
            keep = _both(keep, op("greater_equal", [row, column]))
        if keep is not None:
            lowered = el.subtract(scores, 65504.0 if dtype_of(scores) == "float16" else 1.0e9)
            scores = el.where(el.logical_not(keep), lowered, scores)
        weights = nn.softmax(scores, axis=-1)
        result = linalg.matmul(weights, value)
        if q_mask is not None:
            result = el.multiply(result, cast(sh.expand_dims(to_tensor(q_mask), -1), dtype_of(result)))
        return (result, weights) if return_attention_scores else result

    def compute_mask(self, inputs, mask=None):
        return None if mask is None or mask[0] is None else to_tensor(mask[0])

    def compute_output_shape(self, input_shape):
        return tuple(input_shape[0][:-1]) + (input_shape[1][-1],)


class AdditiveAttention(Attention):
    """Bahdanau attention."""

    def __init__(self, use_scale=True, dropout=0.0, **kwargs):
        super().__init__(use_scale=use_scale, dropout=dropout, **kwargs)

    def build(self, input_shape):
        if self.use_scale:
            self.scale = make_weight(self, "scale", (input_shape[0][-1],), "glorot_uniform")
        self.built = True

    def _calculate_scores(self, query, key):
        total = el.tanh(el.add(sh.expand_dims(query, -2), sh.expand_dims(key, -3)))
        return red.sum(total if self.scale is None else el.multiply(self.scale, total), axis=-1)

    def get_config(self):
        config = super().get_config()
        config.pop("score_mode", None)
        return config
