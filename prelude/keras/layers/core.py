"""Dense, Embedding, EinsumDense, Masking, Identity, Lambda and the activation layers."""
from keras.src import activations, dtypes, tree
from keras.src.layer import Layer
from keras.src.ops import elementwise as el
from keras.src.ops import linalg, nn
from keras.src.ops import reduce as red
from keras.src.ops import shape as sh
from keras.src.settings import expect, keep, make_weight
from keras.src.tensor import cast, dtype_of, op, set_keras_mask, static_shape, to_tensor
from keras.src.tree import is_sequence


class Dense(Layer):
    """activation(x @ kernel + bias) over the last axis."""

    def __init__(self, units, activation=None, use_bias=True, kernel_initializer="glorot_uniform", bias_initializer="zeros",
                 kernel_regularizer=None, bias_regularizer=None, activity_regularizer=None, kernel_constraint=None, bias_constraint=None,
                 lora_rank=None, lora_alpha=None, quantization_config=None, **kwargs):
        super().__init__(**kwargs, activity_regularizer=activity_regularizer)
        keep(self, locals(), "activation use_bias kernel_initializer bias_initializer kernel_regularizer bias_regularizer kernel_constraint "
                             "bias_constraint quantization_config")
        self.units = int(units)
        expect(self, min_ndim=2)
        self.supports_masking = True

    def build(self, input_shape):
        width = input_shape[-1]
        if self.quantization_mode is not None:
            from keras.src.quantized import build_kernel
            build_kernel(self, (width, self.units), [0], (self.units,))
        else:
            self._kernel = make_weight(self, "kernel", (width, self.units))
        self.bias = make_weight(self, "bias", (self.units,)) if self.use_bias else None
        expect(self, axes={-1: width}, min_ndim=2)
        self.built = True

    @property
    def kernel(self):
        if not self.built:
            raise AttributeError("You must build the layer before accessing `kernel`.")
        return self._kernel

    @kernel.setter
    def kernel(self, value):
        self._kernel = value

    def call(self, inputs, training=None):
        y = linalg.matmul(inputs, self.kernel)
        if self.bias is not None:
            y = el.add(y, self.bias)
        return self.activation(y) if self.activation is not None else y

    def quantized_call(self, inputs, training=None):
        from keras.src.quantized import call_with_kernel
        return call_with_kernel(self, inputs, linalg.matmul, -1, lambda scale: scale)

    def compute_output_shape(self, input_shape):
        return tuple(input_shape[:-1]) + (self.units,)

    def save_own_variables(self, store):
        if not self.built:
            return
        variables = [self._kernel, self.bias]
        if self.quantization_mode is not None:
            from keras.src.quantized import stored
            variables = stored(self)
        for i, v in enumerate([v for v in variables if v is not None]):
            store[str(i)] = v


class Embedding(Layer):
    """Rows of a table by integer; with `mask_zero`, zero marks padding."""

    def __init__(self, input_dim, output_dim, embeddings_initializer="uniform", embeddings_regularizer=None, embeddings_constraint=None,
                 mask_zero=False, weights=None, lora_rank=None, lora_alpha=None, quantization_config=None, **kwargs):
        length = kwargs.pop("input_length", None)
        super().__init__(**kwargs)
        keep(self, locals(), "input_dim output_dim embeddings_initializer embeddings_regularizer embeddings_constraint mask_zero quantization_config")
        self.supports_masking = mask_zero
        self.autocast = False

    def build(self, input_shape=None):
        if self.built:
            return
        if self.quantization_mode is not None:
            from keras.src.quantized import build_table
            build_table(self)
        else:
            self._embeddings = make_weight(self, "embeddings", (self.input_dim, self.output_dim))
        self.built = True

    @property
    def embeddings(self):
        return self._embeddings

    def call(self, inputs):
        return self._rows(to_tensor(self.embeddings), inputs)

    def quantized_call(self, inputs):
        from keras.src.quantized import table
        return self._rows(table(self), inputs)

    def _rows(self, table, inputs):
        inputs = to_tensor(inputs)
        if dtype_of(inputs) not in ("int32", "int64"):
            inputs = cast(inputs, "int32")
        return cast(op("gather", [table, inputs], axis=0, batch_dims=0), self.compute_dtype)

    def compute_mask(self, inputs, mask=None):
        return el.not_equal(inputs, 0) if self.mask_zero else None

    def compute_output_shape(self, input_shape):
        return tuple(input_shape) + (self.output_dim,)

    def save_own_variables(self, store):
        variables = [self._embeddings]
        if self.quantization_mode is not None:
            from keras.src.quantized import stored_table
            variables = stored_table(self)
        for i, v in enumerate([v for v in variables if v is not None]):
            store[str(i)] = v


class ReversibleEmbedding(Embedding):
    """An embedding that also projects back to the vocabulary (`reverse=True`)."""

    def __init__(self, input_dim, output_dim, tie_weights=True, embeddings_initializer="uniform", embeddings_regularizer=None,
                 embeddings_constraint=None, mask_zero=False, reverse_dtype=None, logit_soft_cap=None, **kwargs):
        super().__init__(input_dim, output_dim, embeddings_initializer=embeddings_initializer, mask_zero=mask_zero, **kwargs)
        keep(self, locals(), "tie_weights reverse_dtype logit_soft_cap")

    def build(self, inputs_shape=None):
        from keras.src.quantized import refuse_mode
        refuse_mode(self, (None,))
        super().build(inputs_shape)
        if not self.tie_weights:
            self.reverse_embeddings = make_weight(self, "reverse_embeddings", (self.output_dim, self.input_dim), self.embeddings_initializer)

    def call(self, inputs, reverse=False):
        if not reverse:
            return super().call(inputs)
        kernel = sh.transpose(self.embeddings) if self.tie_weights else to_tensor(self.reverse_embeddings)
        if self.reverse_dtype is not None:
            inputs, kernel = cast(inputs, dtypes.standardize_dtype(self.reverse_dtype)), cast(kernel, dtypes.standardize_dtype(self.reverse_dtype))
        logits = linalg.matmul(inputs, kernel)
        if self.logit_soft_cap is not None:
            logits = el.multiply(el.tanh(el.divide(logits, self.logit_soft_cap)), self.logit_soft_cap)
        return logits

    def save_own_variables(self, store):
        store["0"] = self._embeddings
        if not self.tie_weights:
            store["1"] = self.reverse_embeddings


class EinsumDense(Layer):
    """A dense layer whose product is an einsum equation."""

    def __init__(self, equation, output_shape, activation=None, bias_axes=None, kernel_initializer="glorot_uniform", bias_initializer="zeros",
                 kernel_regularizer=None, bias_regularizer=None, kernel_constraint=None, bias_constraint=None, lora_rank=None, lora_alpha=None,
                 gptq_unpacked_column_size=None, quantization_config=None, **kwargs):
        super().__init__(**kwargs)
        keep(self, locals(), "equation bias_axes activation kernel_initializer bias_initializer kernel_regularizer bias_regularizer "
                             "quantization_config")
        self.partial_output_shape = (output_shape,) if isinstance(output_shape, int) else tuple(output_shape)

    def build(self, input_shape):
        kernel_shape, bias_shape = self._shapes(input_shape)[:2]
        if self.quantization_mode is not None:
            from keras.src.quantized import build_einsum
            build_einsum(self, kernel_shape, einsum_labels(self.equation, len(input_shape)))
        else:
            self._kernel = make_weight(self, "kernel", kernel_shape)
        self.bias = None if bias_shape is None else make_weight(self, "bias", bias_shape)
        self.built = True

    @property
    def kernel(self):
        return self._kernel

    @kernel.setter
    def kernel(self, value):
        self._kernel = value

    def call(self, inputs, training=None):
        y = linalg.einsum(self.equation, inputs, self.kernel)
        if self.bias is not None:
            y = el.add(y, self.bias)
        return self.activation(y) if self.activation is not None else y

    def quantized_call(self, inputs, training=None):
        from keras.src.quantized import call_einsum
        return call_einsum(self, inputs, einsum_labels(self.equation, len(static_shape(to_tensor(inputs)))))

    def compute_output_shape(self, input_shape):
        return self._shapes(input_shape)[-1]

    def _shapes(self, input_shape):
        return einsum_shapes(self.equation, self.bias_axes, input_shape, self.partial_output_shape)

    def get_config(self):
        return {**super().get_config(), "output_shape": self.partial_output_shape}

    def save_own_variables(self, store):
        if not self.built:
            return
        variables = [self._kernel, self.bias]
        if self.quantization_mode is not None:
            from keras.src.quantized import stored
            variables = stored(self)
        for i, v in enumerate([v for v in variables if v is not None]):
            store[str(i)] = v


def einsum_labels(equation, rank):
    """The letters of the input, the kernel and the output; an ellipsis gets letters of its own."""
    left, result = equation.replace(" ", "").split("->")
    source, kernel = left.split(",")
    if "..." in source:
        free = [letter for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ" if letter not in equation]
        middle = "".join(free[:rank - len(source) + 3])
        source, result = source.replace("...", middle), result.replace("...", middle)
    return source, kernel, result


def einsum_shapes(equation, bias_axes, input_shape, output_shape):
    """Shapes of kernel, bias and output from the equation and the known sizes."""
    left, right = equation.replace(" ", "").split("->")
    source, kernel = left.split(",")
    result = right
    input_shape, given = list(input_shape), list(output_shape)
    if "..." in source:
        if source.startswith("..."):
            extra = len(input_shape) - len(source) + 3
            middle = input_shape[:extra]
        else:
            extra = len(input_shape) - len(source) + 3
            middle = input_shape[len(input_shape) - extra:]
        head, tail = source.split("...")
        sizes = dict(zip(head, input_shape))
        sizes.update(dict(zip(tail[::-1], input_shape[::-1])))
        out_head, out_tail = result.split("...")
        letters = out_head + out_tail
    else:
        sizes = dict(zip(source, input_shape))
        middle, out_head, out_tail, letters = [], result, "", result
    # `output_shape` leaves out the batch axes in front; its sizes belong to the last letters of the output.
    wanted = {}
    for letter, size in zip(out_tail[::-1], given[::-1]):
        wanted[letter] = size
    rest = given[:len(given) - len(out_tail)] if out_tail else given
    if "..." in result and out_head and not out_tail:
        # An ellipsis at the end: the given sizes run from the letters in front into the ellipsis.
        rest = given[:len(given) - len(middle)] if len(given) >= len(out_head) else given
    for letter, size in zip(out_head[::-1], rest[::-1]):
        wanted[letter] = size
    for letter, size in wanted.items():
        if size is not None and sizes.get(letter) is None:
            sizes[letter] = size
    kernel_shape = [sizes[c] for c in kernel]
    full = [sizes.get(c) for c in out_head] + list(middle) + [sizes.get(c) for c in out_tail]
    bias_shape = None
    if bias_axes:
        places = {c: i for i, c in enumerate(letters)}
        first = min(places[c] for c in bias_axes)
        if "..." in result:
            offset = {c: (i if i < len(out_head) else i + len(middle)) for c, i in places.items()}
            start = min(offset[c] for c in bias_axes)
            bias_shape = [sizes[c] if c in bias_axes else 1 for c in letters if offset[c] >= start]
            gap = len(middle) if out_head and start < len(out_head) else 0
            if gap:
                bias_shape = bias_shape[:len(out_head) - start] + [1] * gap + bias_shape[len(out_head) - start:]
        else:
            bias_shape = [sizes[c] if c in bias_axes else 1 for c in letters[first:]]
    return kernel_shape, bias_shape, tuple(full)


class Activation(Layer):
    def __init__(self, activation, **kwargs):
        super().__init__(**kwargs)
        keep(self, locals(), "activation")
        self.supports_masking = True

    def call(self, inputs):
        return self.activation(inputs)

    def compute_output_shape(self, input_shape):
        return input_shape


class _Elementwise(Layer):
    def __init__(self, **kwargs):
        super().__init__(**kwargs)
        self.supports_masking = True

    def build(self, input_shape=None):
        self.built = True

    def compute_output_shape(self, input_shape):
        return input_shape


class ReLU(_Elementwise):
    def __init__(self, max_value=None, negative_slope=0.0, threshold=0.0, **kwargs):
        if "alpha" in kwargs:
            negative_slope = kwargs.pop("alpha")
        super().__init__(**kwargs)
        keep(self, locals(), "max_value negative_slope threshold")

    def call(self, inputs):
        return activations.by_name["relu"](inputs, negative_slope=self.negative_slope or 0.0, max_value=self.max_value,
                                           threshold=self.threshold or 0.0)


class LeakyReLU(_Elementwise):
    def __init__(self, negative_slope=0.3, **kwargs):
        if "alpha" in kwargs:
            negative_slope = kwargs.pop("alpha")
        super().__init__(**kwargs)
        keep(self, locals(), "negative_slope")

    def call(self, inputs):
        return nn.leaky_relu(inputs, self.negative_slope)


class ELU(_Elementwise):
    def __init__(self, alpha=1.0, **kwargs):
        super().__init__(**kwargs)
        keep(self, locals(), "alpha")

    def call(self, inputs):
        return nn.elu(inputs, self.alpha)


class PReLU(_Elementwise):
    def __init__(self, alpha_initializer="Zeros", alpha_regularizer=None, alpha_constraint=None, shared_axes=None, **kwargs):
        super().__init__(**kwargs)
        keep(self, locals(), "alpha_initializer")
        self.shared_axes = None if shared_axes is None else list(shared_axes) if is_sequence(shared_axes) else [shared_axes]

    def build(self, input_shape):
        shape = list(input_shape[1:])
        for axis in self.shared_axes or []:
            shape[axis - 1] = 1
        self.alpha = make_weight(self, "alpha", tuple(shape))
        self.built = True

    def call(self, inputs):
        return el.subtract(nn.relu(inputs), el.multiply(self.alpha, nn.relu(el.negative(inputs))))


class Softmax(_Elementwise):
    def __init__(self, axis=-1, **kwargs):
        super().__init__(**kwargs)
        keep(self, locals(), "axis")

    def call(self, inputs, mask=None):
        if mask is not None:
            lowest = -3e4 if dtype_of(inputs) == "float16" else -1e9
            mask = to_tensor(mask)
            mask = mask if dtype_of(mask) == "bool" else el.greater(mask, 0.5)
            inputs = el.where(mask, inputs, lowest)
            return el.where(mask, nn.softmax(inputs, self.axis), 0.0)
        return nn.softmax(inputs, self.axis)


class Identity(_Elementwise):
    def call(self, inputs):
        return inputs


class ActivityRegularization(_Elementwise):
    def __init__(self, l1=0.0, l2=0.0, **kwargs):
        super().__init__(**kwargs)
        keep(self, locals(), "l1 l2")

    def call(self, inputs):
        return inputs


class Masking(Layer):
    """Steps whose features all equal `mask_value` are masked and zeroed."""

    def __init__(self, mask_value=0.0, **kwargs):
        super().__init__(**kwargs)
        keep(self, locals(), "mask_value")
        self.supports_masking = True

    def compute_mask(self, inputs, mask=None):
        return red.any(el.not_equal(inputs, self.mask_value), axis=-1)

    def call(self, inputs):
        kept = sh.expand_dims(self.compute_mask(inputs), -1)
        outputs = el.multiply(inputs, cast(kept, dtype_of(inputs)))
        set_keras_mask(outputs, sh.squeeze(kept, axis=-1))
        return outputs

    def compute_output_shape(self, input_shape):
        return input_shape


class Lambda(Layer):
    """A Python function as a layer: one of the source's, found by name, or a lambda expression stored as bytecode."""

    def __init__(self, function, output_shape=None, mask=None, arguments=None, **kwargs):
        super().__init__(**kwargs)
        keep(self, locals(), "function mask")
        self.arguments = arguments or {}
        self.supports_masking = mask is not None
        self._output_shape = output_shape

    def call(self, inputs, mask=None, training=None):
        kwargs = dict(self.arguments)
        for name, value in (("mask", mask), ("training", training)):
            if _takes(self.function, name):
                kwargs[name] = value
        return self.function(inputs, **kwargs)

    def compute_mask(self, inputs, mask=None):
        return self.mask(inputs, mask) if callable(self.mask) else self.mask

    def compute_output_shape(self, input_shape):
        if self._output_shape is None:
            return super().compute_output_shape(input_shape)
        if callable(self._output_shape):
            return self._output_shape(input_shape)
        return (tree.flatten(input_shape)[0],) + tuple(self._output_shape)

    @classmethod
    def from_config(cls, config):
        from keras.src.serialization import deserialize_keras_object
        config = dict(config)
        for key in ("function", "output_shape", "mask"):
            kind, module = config.pop(f"{key}_type", None), config.pop("module" if key == "function" else f"{key}_module", None)
            if config.get(key) is not None:
                config[key] = _stored_function(config[key], kind, module)
        config["arguments"] = deserialize_keras_object(config.get("arguments") or {})
        return cls(**config)


def _takes(function, name):
    from keras.src.signature import parameters_of
    names = getattr(function, "argument_names", None)
    return name in names if names is not None else parameters_of(function).accepts(name)


def _stored_function(stored, kind, module):
    """A function as the file holds it: Keras 3 writes dictionaries, Keras 2 a name or a list and says the kind beside it."""
    from keras.src.bytecode import load_function
    from keras.src.serialization import deserialize_keras_object, find_function
    if kind == "lambda" or isinstance(stored, (list, tuple)) and stored and isinstance(stored[0], str):
        return load_function(stored)
    if isinstance(stored, str):
        return find_function({"config": stored, "module": module, "registered_name": stored})
    return deserialize_keras_object(stored)
