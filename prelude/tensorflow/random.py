"""`tf.random`: random values differ from call to call, so none has a meaning in a saved model."""
from keras.src.tensor import refuse


def _refused(name):
    def function(*args, **kwargs):
        refuse(f"tf.random.{name}", "it draws random numbers, which differ from call to call")

    function.__name__ = name
    return function


normal, uniform, truncated_normal, categorical, gamma, poisson, shuffle, stateless_normal, stateless_uniform, stateless_truncated_normal = [
    _refused(n) for n in ("normal", "uniform", "truncated_normal", "categorical", "gamma", "poisson", "shuffle", "stateless_normal",
                          "stateless_uniform", "stateless_truncated_normal")]


def set_seed(seed):
    pass


class Generator:
    @staticmethod
    def from_seed(seed, alg=None):
        return Generator()

    @staticmethod
    def from_non_deterministic_state(alg=None):
        return Generator()

    def normal(self, *args, **kwargs):
        refuse("tf.random.Generator.normal", "it draws random numbers, which differ from call to call")

    uniform = truncated_normal = normal
