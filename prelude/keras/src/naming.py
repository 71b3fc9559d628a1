"""Automatic names (`dense`, `dense_1`, ...) and snake case, as Keras counts and spells them."""
import re

_counts = {}


def to_snake_case(name):
    name = re.sub(r"\W+", "", name)
    name = re.sub("(.)([A-Z][a-z]+)", r"\1_\2", name)
    return re.sub("([a-z])([A-Z])", r"\1_\2", name).lower()


def uniquify(name):
    if name in _counts:
        count = _counts[name]
        _counts[name] = count + 1
        return f"{name}_{count}"
    _counts[name] = 1
    return name


def auto_name(prefix):
    return uniquify(to_snake_case(prefix))


def get_uid(prefix=""):
    _uids[prefix] = _uids.get(prefix, 0) + 1
    return _uids[prefix]


_uids = {}


def reset_uids():
    _counts.clear()
    _uids.clear()


def unique_among(name, used):
    """Names inside a container of the weights file: `dense`, `dense_1`, ..."""
    if name in used:
        used[name] += 1
        return f"{name}_{used[name]}"
    used[name] = 0
    return name
