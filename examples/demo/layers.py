import keras
from keras import layers, ops


@keras.saving.register_keras_serializable(package="demo")
class CustomConvLayer(layers.Layer):
    """A convolution that is created once the input is known, normalised, and gated by its own mean."""

    def __init__(self, filters, kernel_size=3, strides=1, gate=True, **kwargs):
        super().__init__(**kwargs)
        self.filters = filters
        self.kernel_size = kernel_size
        self.strides = strides
        self.gate = gate

    def build(self, input_shape):
        self.conv = layers.Conv2D(self.filters, self.kernel_size, strides=self.strides, padding="same", use_bias=False)
        self.norm = layers.BatchNormalization()
        if self.gate:
            self.excite = layers.Dense(self.filters, activation="sigmoid")
        super().build(input_shape)

    def call(self, inputs, training=None):
        x = ops.relu(self.norm(self.conv(inputs), training=training))
        if not self.gate:
            return x
        scale = self.excite(ops.mean(x, axis=(1, 2)))
        return x * scale[:, None, None, :]

    def get_config(self):
        config = super().get_config()
        config.update({"filters": self.filters, "kernel_size": self.kernel_size, "strides": self.strides, "gate": self.gate})
        return config
