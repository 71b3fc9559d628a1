"""`keras.config`: the fixed settings under which models were saved."""
from keras.src import dtypes
from keras.src.policy import dtype_policy, set_dtype_policy


def backend():
    return "tensorflow"


def floatx():
    return dtypes.floatx()


def epsilon():
    return 1e-7


def image_data_format():
    return "channels_last"


def set_floatx(value):
    dtypes.floatx_state["floatx"] = dtypes.standardize_dtype(value)


def set_epsilon(value):
    raise NotImplementedError("keras.config.set_epsilon")


def set_image_data_format(value):
    if value != "channels_last":
        raise NotImplementedError("keras.config.set_image_data_format('channels_first')")


def is_flash_attention_enabled():
    return False


def disable_flash_attention():
    pass


def enable_flash_attention():
    pass


def enable_interactive_logging():
    pass


disable_interactive_logging = enable_traceback_filtering = disable_traceback_filtering = enable_interactive_logging


def is_interactive_logging_enabled():
    return False


def is_traceback_filtering_enabled():
    return True


def is_nnx_enabled():
    return False


def enable_unsafe_deserialization():
    pass


def disable_traceback_filtering():
    pass


def enable_traceback_filtering():
    pass


def __getattr__(name):
    from keras.src.unused import unused
    return unused("keras.config", name)
