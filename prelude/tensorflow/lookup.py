"""`tf.lookup`: tables, refused by name."""
from tensorflow._refused import refusing

__getattr__ = refusing("tf.lookup", "tables are resources that a graph of tensors does not hold")
