"""`@composite("softmax")`: the ops of one call become a named region of the graph, with its attributes."""
import _kedge
from _kedge import Tensor
from keras.src.tree import is_sequence


def composite(name, attributes=()):
    """Marks a tensor function; the keyword (or default) values named in `attributes` are kept on the region."""

    def mark(function):
        def entry(*args, **kwargs):
            facts = {key: kwargs[key] for key in attributes if isinstance(kwargs.get(key), (bool, int, float, str, tuple))}
            token = _kedge.region_begin("composite", name, "", facts, [a for a in args if isinstance(a, Tensor)])
            result = function(*args, **kwargs)
            outputs = result if is_sequence(result) else [result]
            _kedge.region_end(token, [t for t in outputs if isinstance(t, Tensor)])
            return result

        entry.__name__ = function.__name__
        entry.__doc__ = function.__doc__
        return entry

    return mark
