"""`tf.experimental`: its NumPy."""
from tensorflow.experimental import numpy
