"""Rematerialization trades memory for time in training; an inference computes everything once."""


class RematScope:
    def __init__(self, mode="full", output_size_threshold=1024, layer_names=None):
        self.mode = mode

    def __enter__(self):
        return self

    def __exit__(self, *error):
        return False


def get_current_remat_mode():
    return None


def remat(f):
    return f
