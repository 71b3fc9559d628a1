"""`tf.raw_ops`: operations by their registered names, refused by name."""
from tensorflow._refused import refusing

__getattr__ = refusing("tf.raw_ops", "the operations below TensorFlow's interface are not read; call the public function")
