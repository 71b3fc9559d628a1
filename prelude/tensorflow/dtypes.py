"""`tf.dtypes`: the types themselves, which `tf` has as well, and casts."""
import tensorflow as _tf
from keras.src.tf_types import DType, as_dtype
from tensorflow._array import cast, saturate_cast
from tensorflow._math import complex


def __getattr__(name):
    found = getattr(_tf, name, None)
    if isinstance(found, DType):
        return found
    from keras.src.unused import unused
    return unused("tensorflow.dtypes", name)
