"""`keras.mixed_precision`."""
from keras.optimizers import LossScaleOptimizer
from keras.src.policy import DTypePolicy, Policy, dtype_policy, global_policy, set_dtype_policy, set_global_policy
