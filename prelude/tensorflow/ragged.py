"""`tf.ragged`: ragged tensors, refused by name."""
from tensorflow._refused import refusing

__getattr__ = refusing("tf.ragged", "ragged tensors have no static layout")
