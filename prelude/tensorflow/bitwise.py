"""`tf.bitwise`."""
from tensorflow._math import bitwise_and, bitwise_or, bitwise_xor, invert, left_shift, right_shift
