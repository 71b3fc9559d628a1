"""`keras.random`."""
from keras.src.random import (SeedGenerator, beta, binomial, categorical, dropout, gamma, normal, randint, shuffle, truncated_normal,
                              uniform)
