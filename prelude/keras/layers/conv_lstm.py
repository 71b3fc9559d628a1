"""Convolutional LSTM of one, two and three spatial dimensions."""
from keras.layers.conv import conv_length
from keras.layers.rnn import RNN, _step_shape
from keras.src import initializers
from keras.src.input_spec import InputSpec
from keras.src.layer import Layer
from keras.src.ops import elementwise as el
from keras.src.ops import nn
from keras.src.ops import shape as sh
from keras.src.serialization import serialize_keras_object
from keras.src.settings import keep, make_weight
from keras.src.tensor import op, refuse, to_tensor


class ConvLSTMCell(Layer):
    def __init__(self, rank, filters, kernel_size, strides=1, padding="valid", data_format=None, dilation_rate=1, activation="tanh",
                 recurrent_activation="sigmoid", use_bias=True, kernel_initializer="glorot_uniform", recurrent_initializer="orthogonal",
                 bias_initializer="zeros", unit_forget_bias=True, dropout=0.0, recurrent_dropout=0.0, seed=None, **kwargs):
        super().__init__(**kwargs)
        keep(self, locals(), "rank filters activation recurrent_activation use_bias kernel_initializer recurrent_initializer "
                             "bias_initializer unit_forget_bias dropout recurrent_dropout seed")
        self.kernel_size = tuple(nn.spatial(kernel_size, rank))
        self.strides = tuple(nn.spatial(strides, rank))
        self.padding = padding.lower()
        self.data_format = data_format or "channels_last"
        self.dilation_rate = tuple(nn.spatial(dilation_rate, rank))
        self.state_size = -1

    def _first(self):
        return self.data_format == "channels_first"

    def build(self, inputs_shape, states_shape=None):
        channels = inputs_shape[1 if self._first() else -1]
        lengths = inputs_shape[2:] if self._first() else inputs_shape[1:-1]
        made = tuple(conv_length(n, k, s, self.padding, d) for n, k, s, d in zip(lengths, self.kernel_size, self.strides, self.dilation_rate))
        self.state_shape = ((self.filters,) + made) if self._first() else made + (self.filters,)
        self.state_size = list(self.state_shape)
        self.kernel = make_weight(self, "kernel", self.kernel_size + (channels, self.filters * 4))
        self.recurrent_kernel = make_weight(self, "recurrent_kernel", self.kernel_size + (self.filters, self.filters * 4), self.recurrent_initializer)
        self.bias = make_weight(self, "bias", (self.filters * 4,)) if self.use_bias else None
        self.built = True

    def get_initial_state(self, batch_size=None):
        zero = op("broadcast_to", [to_tensor(0, self.compute_dtype)], shape=[batch_size] + list(self.state_shape))
        return [zero, zero]

    def call(self, inputs, states, training=False):
        if training and (self.dropout > 0 or self.recurrent_dropout > 0):
            refuse("ConvLSTM(training=True)", "dropout draws random numbers at inference")
        h, c = states[0], states[1]
        x = nn.conv(inputs, self.kernel, list(self.strides), self.padding, self.data_format, list(self.dilation_rate))
        if self.use_bias:
            bias = to_tensor(self.bias)
            x = el.add(x, sh.reshape(bias, [1, -1] + [1] * self.rank) if self._first() else bias)
        z = el.add(x, nn.conv(h, self.recurrent_kernel, 1, "same", self.data_format))
        i, f, g, o = sh.split(z, 4, axis=1 if self._first() else -1)
        c = el.add(el.multiply(self.recurrent_activation(f), c), el.multiply(self.recurrent_activation(i), self.activation(g)))
        h = el.multiply(self.recurrent_activation(o), self.activation(c))
        return h, [h, c]


class ConvLSTM(RNN):
    def __init__(self, rank, filters, kernel_size, strides=1, padding="valid", data_format=None, dilation_rate=1, activation="tanh",
                 recurrent_activation="sigmoid", use_bias=True, kernel_initializer="glorot_uniform", recurrent_initializer="orthogonal",
                 bias_initializer="zeros", unit_forget_bias=True, kernel_regularizer=None, recurrent_regularizer=None, bias_regularizer=None,
                 activity_regularizer=None, kernel_constraint=None, recurrent_constraint=None, bias_constraint=None, dropout=0.0,
                 recurrent_dropout=0.0, seed=None, return_sequences=False, return_state=False, go_backwards=False, stateful=False, **kwargs):
        cell = ConvLSTMCell(rank, filters, kernel_size, strides, padding, data_format, dilation_rate, activation, recurrent_activation, use_bias,
                            kernel_initializer, recurrent_initializer, bias_initializer, unit_forget_bias, dropout, recurrent_dropout, seed,
                            name="conv_lstm_cell", dtype=kwargs.get("dtype"))
        super().__init__(cell, return_sequences=return_sequences, return_state=return_state, go_backwards=go_backwards, stateful=stateful,
                         **kwargs)
        self.input_spec = InputSpec(ndim=rank + 3)

    def build(self, sequences_shape, initial_state_shape=None):
        if not self.cell.built:
            self.cell.build(_step_shape(sequences_shape))
        if self.stateful:
            from keras.src.variable import Variable
            shape = (sequences_shape[0],) + tuple(self.cell.state_shape)
            self.__dict__["states"] = [Variable(initializers.get("zeros"), shape, self.variable_dtype, trainable=False, name="state") for _ in range(2)]
        self.built = True

    def get_config(self):
        config = Layer.get_config(self)
        config.pop("cell", None)
        for name in ("filters", "kernel_size", "strides", "padding", "data_format", "dilation_rate", "activation", "recurrent_activation",
                     "use_bias", "kernel_initializer", "recurrent_initializer", "bias_initializer", "unit_forget_bias", "dropout",
                     "recurrent_dropout", "seed"):
            config[name] = serialize_keras_object(getattr(self.cell, name))
        config.pop("rank", None)
        return config


class ConvLSTM1D(ConvLSTM):
    def __init__(self, filters, kernel_size, *args, **kwargs):
        super().__init__(1, filters, kernel_size, *args, **kwargs)


class ConvLSTM2D(ConvLSTM):
    def __init__(self, filters, kernel_size, *args, **kwargs):
        super().__init__(2, filters, kernel_size, *args, **kwargs)


class ConvLSTM3D(ConvLSTM):
    def __init__(self, filters, kernel_size, *args, **kwargs):
        super().__init__(3, filters, kernel_size, *args, **kwargs)
