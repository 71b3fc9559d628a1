"""`tf.sparse`: sparse tensors, refused by name."""
from tensorflow._control import SparseTensor
from tensorflow._refused import refusing

__getattr__ = refusing("tf.sparse", "sparse tensors are not supported")
