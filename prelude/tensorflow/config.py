"""`tf.config`: an inference knows no devices to choose from."""


def list_physical_devices(device_type=None):
    return []


def list_logical_devices(device_type=None):
    return []


def run_functions_eagerly(run_eagerly):
    pass


def functions_run_eagerly():
    return False


class experimental:
    list_physical_devices = staticmethod(list_physical_devices)
    list_logical_devices = staticmethod(list_logical_devices)
    get_device_details = staticmethod(lambda device: {})
