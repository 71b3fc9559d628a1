"""`keras.mixed_precision`."""
from keras.src.policy import DTypePolicy, Policy, dtype_policy, global_policy, set_dtype_policy, set_global_policy
