"""`keras.initializers`."""
from keras.src.initializers import *  # noqa: F403
from keras.src.initializers import __dir__, __getattr__, deserialize, get, serialize
