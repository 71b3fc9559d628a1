"""Recurrent layers and cells.

A sequence of up to 64 static steps is written out step by step; a longer or symbolic one becomes a loop over the time axis.
"""
import _kedge
from keras.src import initializers, tree
from keras.src.layer import Layer
from keras.src.ops import creation as cr
from keras.src.ops import elementwise as el
from keras.src.ops import linalg
from keras.src.ops import shape as sh
from keras.src.serialization import deserialize_keras_object, serialize_keras_object
from keras.src.settings import expect, keep, make_weight
from keras.src.tensor import cast, dims, dtype_of, getitem, op, refuse, reshape, static_shape, to_tensor
from keras.layers.wrappers import _plain
from keras.src.tree import is_sequence

_UNROLLED_STEPS = 64


def _zeros(batch, size, dtype):
    sizes = list(size) if is_sequence(size) else [size]
    return op("broadcast_to", [to_tensor(0, dtype)], shape=[batch] + sizes)


def _step_shape(shape):
    """The shape of one step of a sequence."""
    return tuple(d for i, d in enumerate(shape) if i != 1)


class _Cell(Layer):
    """Arguments that the simple cells share; dropout acts in training only."""

    def __init__(self, units, activation="tanh", use_bias=True, kernel_initializer="glorot_uniform", recurrent_initializer="orthogonal",
                 bias_initializer="zeros", kernel_regularizer=None, recurrent_regularizer=None, bias_regularizer=None, kernel_constraint=None,
                 recurrent_constraint=None, bias_constraint=None, dropout=0.0, recurrent_dropout=0.0, seed=None, **kwargs):
        kwargs.pop("implementation", None)
        super().__init__(**kwargs)
        keep(self, locals(), "units activation use_bias kernel_initializer recurrent_initializer bias_initializer kernel_regularizer "
                             "recurrent_regularizer seed")
        self.dropout, self.recurrent_dropout = [max(0.0, min(rate, 1.0)) for rate in (dropout, recurrent_dropout)]
        from keras.src.random import SeedGenerator
        self.seed_generator = SeedGenerator(seed=seed)
        self.state_size = units
        self.output_size = units

    def _check_training(self, training):
        if training and (self.dropout > 0 or self.recurrent_dropout > 0):
            refuse(f"{type(self).__name__}(training=True)", "dropout draws random numbers at inference")

    def get_initial_state(self, batch_size=None):
        size = self.state_size if is_sequence(self.state_size) else [self.state_size]
        return [_zeros(batch_size, s, self.compute_dtype) for s in size]


class SimpleRNNCell(_Cell):
    def build(self, input_shape):
        self.kernel = make_weight(self, "kernel", (input_shape[-1], self.units))
        self.recurrent_kernel = make_weight(self, "recurrent_kernel", (self.units, self.units), self.recurrent_initializer)
        self.bias = make_weight(self, "bias", (self.units,)) if self.use_bias else None
        self.built = True

    def call(self, sequence, states, training=False):
        self._check_training(training)
        before = states[0] if is_sequence(states) else states
        h = linalg.matmul(sequence, self.kernel)
        if self.bias is not None:
            h = el.add(h, self.bias)
        output = el.add(h, linalg.matmul(before, self.recurrent_kernel))
        if self.activation is not None:
            output = self.activation(output)
        return output, ([output] if is_sequence(states) else output)


class GRUCell(_Cell):
    def __init__(self, units, activation="tanh", recurrent_activation="sigmoid", use_bias=True, kernel_initializer="glorot_uniform",
                 recurrent_initializer="orthogonal", bias_initializer="zeros", reset_after=True, **kwargs):
        super().__init__(units, activation, use_bias, kernel_initializer, recurrent_initializer, bias_initializer, **kwargs)
        keep(self, locals(), "recurrent_activation reset_after")

    def build(self, input_shape):
        wide = 3 * self.units
        self.kernel = make_weight(self, "kernel", (input_shape[-1], wide))
        self.recurrent_kernel = make_weight(self, "recurrent_kernel", (self.units, wide), self.recurrent_initializer)
        self.bias = None
        if self.use_bias:
            self.bias = make_weight(self, "bias", (2, wide) if self.reset_after else (wide,))
        self.built = True

    def call(self, inputs, states, training=False):
        self._check_training(training)
        h = states[0] if is_sequence(states) else states
        n = self.units
        x = linalg.matmul(inputs, self.kernel)
        if self.reset_after:
            if self.use_bias:
                x = el.add(x, self.bias[0])
            x_z, x_r, x_h = sh.split(x, 3, axis=-1)
            inner = linalg.matmul(h, self.recurrent_kernel)
            if self.use_bias:
                inner = el.add(inner, self.bias[1])
            z = self.recurrent_activation(el.add(x_z, inner[:, :n]))
            r = self.recurrent_activation(el.add(x_r, inner[:, n:2 * n]))
            candidate = el.multiply(r, inner[:, 2 * n:])
        else:
            if self.use_bias:
                x = el.add(x, self.bias)
            x_z, x_r, x_h = sh.split(x, 3, axis=-1)
            inner = linalg.matmul(h, self.recurrent_kernel[:, :2 * n])
            z = self.recurrent_activation(el.add(x_z, inner[:, :n]))
            r = self.recurrent_activation(el.add(x_r, inner[:, n:2 * n]))
            candidate = linalg.matmul(el.multiply(r, h), self.recurrent_kernel[:, 2 * n:])
        new = self.activation(el.add(x_h, candidate))
        h = el.add(el.multiply(z, h), el.multiply(el.subtract(1, z), new))
        return h, ([h] if is_sequence(states) else h)


class LSTMCell(_Cell):
    def __init__(self, units, activation="tanh", recurrent_activation="sigmoid", use_bias=True, kernel_initializer="glorot_uniform",
                 recurrent_initializer="orthogonal", bias_initializer="zeros", unit_forget_bias=True, **kwargs):
        super().__init__(units, activation, use_bias, kernel_initializer, recurrent_initializer, bias_initializer, **kwargs)
        keep(self, locals(), "recurrent_activation unit_forget_bias")
        self.state_size = [units, units]

    def build(self, input_shape):
        wide = 4 * self.units
        self.kernel = make_weight(self, "kernel", (input_shape[-1], wide))
        self.recurrent_kernel = make_weight(self, "recurrent_kernel", (self.units, wide), self.recurrent_initializer)
        self.bias = make_weight(self, "bias", (wide,)) if self.use_bias else None
        self.built = True

    def call(self, inputs, states, training=False):
        self._check_training(training)
        h, c = states[0], states[1]
        z = el.add(linalg.matmul(inputs, self.kernel), linalg.matmul(h, self.recurrent_kernel))
        if self.use_bias:
            z = el.add(z, self.bias)
        i, f, g, o = sh.split(z, 4, axis=1)
        c = el.add(el.multiply(self.recurrent_activation(f), c), el.multiply(self.recurrent_activation(i), self.activation(g)))
        h = el.multiply(self.recurrent_activation(o), self.activation(c))
        return h, [h, c]


class StackedRNNCells(Layer):
    def __init__(self, cells, **kwargs):
        super().__init__(**kwargs)
        for cell in cells:
            if "call" not in dir(cell) or "state_size" not in dir(cell):
                raise ValueError(f"All cells must have a `call` method and a `state_size` attribute. Received: {cell}")
        self.cells = list(cells)

    @property
    def state_size(self):
        return [cell.state_size for cell in self.cells]

    @property
    def output_size(self):
        last = self.cells[-1]
        if getattr(last, "output_size", None) is not None:
            return last.output_size
        return last.state_size[0] if is_sequence(last.state_size) else last.state_size

    def get_initial_state(self, batch_size=None):
        return [_initial(cell, batch_size) for cell in self.cells]

    def build(self, input_shape):
        for cell in self.cells:
            if not cell.built:
                cell.build(input_shape)
            size = getattr(cell, "output_size", None)
            if size is None:
                size = cell.state_size[0] if is_sequence(cell.state_size) else cell.state_size
            input_shape = (input_shape[0],) + (tuple(size) if is_sequence(size) else (size,))
        self.built = True

    def call(self, inputs, states, training=False, **kwargs):
        new_states = []
        for cell, state in zip(self.cells, states):
            state = list(state) if is_sequence(state) else [state]
            inputs, state = _step(cell, inputs, state, training)
            new_states.append(state)
        return inputs, new_states

    def get_config(self):
        return {**super().get_config(), "cells": [serialize_keras_object(cell) for cell in self.cells]}

    @classmethod
    def from_config(cls, config, custom_objects=None):
        config = dict(config)
        cells = [deserialize_keras_object(c) for c in config.pop("cells")]
        return cls(cells, **_plain(config))


def _initial(cell, batch_size):
    """The states that a cell starts from, as a list."""
    if hasattr(cell, "get_initial_state"):
        states = cell.get_initial_state(batch_size=batch_size)
    else:
        size = cell.state_size
        states = [_zeros(batch_size, s, cell.compute_dtype) for s in (size if is_sequence(size) else [size])]
    return list(states) if is_sequence(states) else [states]


def _step(cell, x, states, training):
    """One step of a cell; a state that is a single tensor is given as the cell expects it."""
    kwargs = {}
    if getattr(cell, "_call_has_training_arg", False) and training is not None:
        kwargs["training"] = training
    if isinstance(cell, _Cell):
        if not cell.built:
            cell.build(tuple(static_shape(x)))
        output, new = cell.call(x, states, **kwargs)
    else:
        output, new = cell(x, states, **kwargs)
    return output, list(new) if is_sequence(new) else [new]


class RNN(Layer):
    def __init__(self, cell, return_sequences=False, return_state=False, go_backwards=False, stateful=False, unroll=False,
                 zero_output_for_mask=False, **kwargs):
        kwargs.pop("time_major", None)
        kwargs.pop("implementation", None)
        if is_sequence(cell):
            cell = StackedRNNCells(cell)
        if "call" not in dir(cell):
            raise ValueError(f"Argument `cell` should have a `call` method. Received: cell={cell}")
        super().__init__(**kwargs)
        keep(self, locals(), "zero_output_for_mask cell return_sequences return_state go_backwards stateful unroll")
        self.supports_masking = True
        self.input_spec = None
        self.states = None
        size = getattr(cell, "state_size", None)
        if size is None:
            raise ValueError(f"state_size must be specified as property on the RNN cell. Received: cell={cell}")
        self.state_size = size
        self.single_state = isinstance(size, int)

    @property
    def units(self):
        return self.cell.units

    def build(self, sequences_shape, initial_state_shape=None):
        step_shape = _step_shape(sequences_shape)
        if isinstance(self.cell, Layer) and not self.cell.built:
            self.cell.build(step_shape)
        if self.stateful:
            self._make_states(sequences_shape[0])
        self.built = True

    def _make_states(self, batch):
        if batch is None:
            raise ValueError("When using `stateful=True` in a RNN, the batch size must be static.")
        from keras.src.variable import Variable
        sizes = tree.flatten(self.state_size)
        # The state itself is not in the file: it starts at zero.
        self.__dict__["states"] = [Variable(initializers.get("zeros"), (batch, s), self.variable_dtype, trainable=False, name="rnn_state") for s in sizes]

    def get_initial_state(self, batch_size):
        return _initial(self.cell, batch_size)

    def call(self, sequences, initial_state=None, mask=None, training=False):
        x = to_tensor(sequences)
        batch = dims(x)[0]
        if initial_state is None:
            if self.stateful:
                initial_state = [to_tensor(s) for s in self.states]
            else:
                initial_state = self.get_initial_state(batch)
        states = list(initial_state) if is_sequence(initial_state) else [initial_state]
        states = tree.map_structure(lambda s: cast(to_tensor(s), self.compute_dtype) if s is not None else s, states)
        if is_sequence(mask):
            mask = mask[0]
        steps = static_shape(x)[1]
        if steps is not None and (steps <= _UNROLLED_STEPS or self.unroll):
            last, outputs, states = self._unrolled(x, states, mask, training, steps)
        else:
            last, outputs, states = self._looped(x, states, mask, training)
        result = outputs if self.return_sequences else last
        if self.return_state:
            return tuple([result] + states) if not isinstance(result, tuple) else result
        return result

    def _masked(self, keep, new, old):
        keep = reshape(keep, list(dims(keep)) + [1] * (len(static_shape(new)) - 1))
        return op("select", [keep, new, old])

    def _advance(self, x_t, states, keep, previous, training):
        """One step with its mask: masked rows keep their state and repeat (or zero) the output."""
        output, new = _step(self.cell, x_t, states, training)
        if keep is None:
            return output, output, new
        if previous is None:
            previous = cr.zeros_like(output)
        kept = self._masked(keep, output, previous)
        shown = self._masked(keep, output, cr.zeros_like(output)) if self.zero_output_for_mask else kept
        new = tree.pack_sequence_as(new, [self._masked(keep, n, o) for n, o in zip(tree.flatten(new), tree.flatten(states))])
        return shown, kept, new

    def _unrolled(self, x, states, mask, training, steps):
        outputs = []
        previous = shown = None
        order = range(steps)[::-1] if self.go_backwards else range(steps)
        for t in order:
            keep = None if mask is None else getitem(mask, (slice(None), t))
            shown, previous, states = self._advance(getitem(x, (slice(None), t)), states, keep, previous, training)
            outputs.append(shown)
        sequence = sh.stack(outputs, axis=1) if self.return_sequences else None
        return (shown if mask is None or self.zero_output_for_mask else previous), sequence, states

    def _looped(self, x, states, mask, training):
        count = dims(x)[1]
        steps = to_tensor(count, "int32")
        flat_states = tree.flatten(states)
        probe, _ = _step(self.cell, getitem(x, (slice(None), 0)), states, training)
        batch = dims(x)[0]
        zero = op("broadcast_to", [to_tensor(0, dtype_of(probe))], shape=[batch] + list(dims(probe))[1:])
        sequence = op("broadcast_to", [to_tensor(0, dtype_of(probe))], shape=[count, batch] + list(dims(probe))[1:]) if (
            self.return_sequences) else None
        time_major = sh.swapaxes(x, 0, 1)
        time_mask = None if mask is None else sh.swapaxes(to_tensor(mask), 0, 1)

        def keep_going(i, *rest):
            return op("less", [i, steps])

        def body(i, previous, shown, *rest):
            rest = list(rest)
            held = rest.pop(0) if sequence is not None else None
            t = op("sub", [op("sub", [steps, to_tensor(1, "int32")]), i]) if self.go_backwards else i
            x_t = getitem(time_major, t)
            keep = None if time_mask is None else getitem(time_mask, t)
            shown, kept, new = self._advance(x_t, tree.pack_sequence_as(states, rest), keep, previous, training)
            written = []
            if held is not None:
                row = reshape(shown, [1] + list(dims(shown)))
                written.append(op("scatter_update", [held, reshape(i, [1, 1]), row]))
            return [op("add", [i, to_tensor(1, "int32")]), kept, shown] + written + tree.flatten(new)

        begin = [to_tensor(0, "int32"), zero, zero] + ([sequence] if sequence is not None else []) + flat_states
        final = list(_kedge.while_loop(keep_going, body, begin))
        last = final[1] if mask is not None and not self.zero_output_for_mask else final[2]
        rest = final[3:]
        whole = None
        if sequence is not None:
            whole = sh.swapaxes(rest.pop(0), 0, 1)
        return last, whole, tree.pack_sequence_as(states, rest)

    def compute_mask(self, _, mask=None):
        mask = tree.flatten(mask)[0] if mask is not None and tree.flatten(mask) else None
        output_mask = mask if self.return_sequences else None
        if self.return_state:
            return [output_mask] + [None for _ in tree.flatten(self.state_size)]
        return output_mask

    def compute_output_shape(self, sequences_shape, initial_state_shape=None):
        batch, length = sequences_shape[0], sequences_shape[1]
        output_size = getattr(self.cell, "output_size", None)
        if output_size is None:
            output_size = self.state_size[0] if is_sequence(self.state_size) else self.state_size
        tail = tuple(output_size) if is_sequence(output_size) else (output_size,)
        shape = (batch, length) + tail if self.return_sequences else (batch,) + tail
        if self.return_state:
            return (shape,) + tuple((batch, s) for s in tree.flatten(self.state_size))
        return shape

    def reset_states(self):
        pass

    reset_state = reset_states

    def get_config(self):
        config = super().get_config()
        if type(self) is RNN or "cell" in config:
            config["cell"] = serialize_keras_object(self.cell)
        return config

    @classmethod
    def from_config(cls, config, custom_objects=None):
        config = dict(config)
        if isinstance(config.get("cell"), dict):
            cell = deserialize_keras_object(config.pop("cell"))
            return cls(cell, **_plain(config))
        from keras.src.serialization import construct
        return construct(cls, config)


class _BuiltinRNN(RNN):
    """SimpleRNN, GRU, LSTM: the cell's arguments are the layer's own."""

    _cell_arguments = ("activation recurrent_activation use_bias kernel_initializer recurrent_initializer bias_initializer unit_forget_bias "
                       "kernel_regularizer recurrent_regularizer bias_regularizer kernel_constraint recurrent_constraint bias_constraint "
                       "dropout recurrent_dropout seed reset_after").split()

    def __init__(self, units, *args, **kwargs):
        names = self._order
        for name, value in zip(names, args):
            kwargs[name] = value
        settings = {name: kwargs.pop(name) for name in self._cell_arguments if name in kwargs}
        kwargs.pop("use_cudnn", None)
        kwargs.pop("implementation", None)
        shared = {key: kwargs[key] for key in ("dtype", "trainable") if key in kwargs}
        cell = self._cell_class(units, name=self._cell_name, **settings, **shared)
        self._settings = {"units": units, **settings}
        super().__init__(cell, **kwargs)
        expect(self, ndim=3)

    def __getattr__(self, name):
        # The cell's settings are readable on the layer (`lstm.units`, `gru.activation`).
        if name.startswith("_") or "cell" not in self.__dict__:
            raise AttributeError(f"'{type(self).__name__}' object has no attribute '{name}'")
        return getattr(self.__dict__["cell"], name)

    def get_config(self):
        config = Layer.get_config(self)
        config.pop("cell", None)
        for name, given in self._settings.items():
            config[name] = serialize_keras_object(getattr(self.cell, name, given))
        return config


class SimpleRNN(_BuiltinRNN):
    _cell_class = SimpleRNNCell
    _cell_name = "simple_rnn_cell"
    _order = ("activation", "use_bias", "kernel_initializer", "recurrent_initializer", "bias_initializer")


class GRU(_BuiltinRNN):
    _cell_class = GRUCell
    _cell_name = "gru_cell"
    _order = ("activation", "recurrent_activation", "use_bias", "kernel_initializer", "recurrent_initializer", "bias_initializer")


class LSTM(_BuiltinRNN):
    _cell_class = LSTMCell
    _cell_name = "lstm_cell"
    _order = ("activation", "recurrent_activation", "use_bias", "kernel_initializer", "recurrent_initializer", "bias_initializer",
              "unit_forget_bias")


CuDNNGRU, CuDNNLSTM = GRU, LSTM


class Bidirectional(Layer):
    def __init__(self, layer, merge_mode="concat", weights=None, backward_layer=None, **kwargs):
        if not isinstance(layer, Layer):
            raise ValueError(f"Please initialize `Bidirectional` layer with a `keras.layers.Layer` instance. Received: {layer}")
        if merge_mode not in ("sum", "mul", "ave", "concat", None):
            raise ValueError(f"Invalid merge mode. Received: {merge_mode}. Merge mode should be one of {{\"sum\", \"mul\", \"ave\", \"concat\", None}}")
        super().__init__(**kwargs)
        keep(self, locals(), "merge_mode")
        config = serialize_keras_object(layer)
        config["config"]["name"] = "forward_" + layer.name.removeprefix("forward_")
        self.forward_layer = deserialize_keras_object(config)
        if backward_layer is None:
            config = serialize_keras_object(layer)
            config["config"]["go_backwards"] = not config["config"]["go_backwards"]
            config["config"]["name"] = "backward_" + layer.name.removeprefix("forward_")
            self.backward_layer = deserialize_keras_object(config)
        else:
            self.backward_layer = backward_layer
        for name in ("input_spec", "return_sequences", "return_state", "stateful"):
            setattr(self, name, getattr(layer, name))
        self.supports_masking = True

    def build(self, sequences_shape, initial_state_shape=None):
        for side in (self.forward_layer, self.backward_layer):
            if not side.built:
                side.build(sequences_shape)
        self.built = True

    def call(self, sequences, initial_state=None, mask=None, training=None):
        forward_kwargs = {key: value for key, value, wanted in (("training", training, self.forward_layer._call_has_training_arg),
                                                                ("mask", mask, self.forward_layer._call_has_mask_arg)) if wanted}
        backward_kwargs = dict(forward_kwargs)
        if initial_state is not None:
            half = len(initial_state) // 2
            forward_kwargs["initial_state"] = list(initial_state[:half])
            backward_kwargs["initial_state"] = list(initial_state[half:])
        y = self.forward_layer(sequences, **forward_kwargs)
        y_rev = self.backward_layer(sequences, **backward_kwargs)
        states = ()
        if self.return_state:
            states = tuple(y[1:]) + tuple(y_rev[1:])
            y, y_rev = y[0], y_rev[0]
        if self.return_sequences:
            y_rev = sh.flip(y_rev, axis=1)
        if self.merge_mode == "concat":
            output = sh.concatenate([y, y_rev], axis=-1)
        elif self.merge_mode == "sum":
            output = el.add(y, y_rev)
        elif self.merge_mode == "ave":
            output = el.divide(el.add(y, y_rev), 2)
        elif self.merge_mode == "mul":
            output = el.multiply(y, y_rev)
        else:
            output = (y, y_rev)
        if self.return_state:
            return (output if isinstance(output, tuple) else (output,)) + states
        return output

    def compute_mask(self, _, mask=None):
        mask = mask[0] if is_sequence(mask) else mask
        output_mask = mask if self.return_sequences else None
        if self.merge_mode is None and self.return_sequences:
            output_mask = (mask, mask)
        if self.return_state:
            count = len(tree.flatten(self.forward_layer.state_size)) * 2
            return (output_mask if isinstance(output_mask, tuple) else (output_mask,)) + (None,) * count
        return output_mask

    def get_config(self):
        config = super().get_config()
        config.pop("weights", None)
        config["layer"] = serialize_keras_object(self.forward_layer)
        config["backward_layer"] = serialize_keras_object(self.backward_layer)
        return config

    @classmethod
    def from_config(cls, config, custom_objects=None):
        config = dict(config)
        config.pop("num_constants", None)
        layer = deserialize_keras_object(config.pop("layer"))
        backward = config.pop("backward_layer", None)
        if backward is not None:
            config["backward_layer"] = deserialize_keras_object(backward)
        return cls(layer, **_plain(config))
