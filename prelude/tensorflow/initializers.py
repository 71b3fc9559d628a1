"""`tf.initializers` and the `tf.*_initializer` names."""
from keras.src import initializers as _keras

constant_initializer = constant = Constant = _keras.Constant
zeros_initializer = zeros = Zeros = _keras.Zeros
ones_initializer = ones = Ones = _keras.Ones
random_normal_initializer = random_normal = RandomNormal = _keras.RandomNormal
random_uniform_initializer = random_uniform = RandomUniform = _keras.RandomUniform


def __getattr__(name):
    return getattr(_keras, name)
