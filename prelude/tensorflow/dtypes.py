"""`tf.dtypes`."""
from keras.src.tf_types import DType, as_dtype
from tensorflow._array import cast, saturate_cast
