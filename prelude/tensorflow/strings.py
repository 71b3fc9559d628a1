"""`tf.strings`: strings, refused by name."""
from tensorflow._refused import refusing

__getattr__ = refusing("tf.strings", "strings are not tensors in kedge's graph")
