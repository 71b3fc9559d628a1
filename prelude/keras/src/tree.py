"""`keras.tree`: structures of lists, tuples, dicts and namedtuples. Dicts are walked in sorted key order."""


def is_sequence(value):
    """A list or a tuple (of any subclass): what stands for several values in Keras' arguments."""
    return isinstance(value, (list, tuple))


def is_nested(structure):
    return isinstance(structure, (list, tuple, dict))


def _sorted_keys(mapping):
    try:
        return sorted(mapping)
    except TypeError:
        return list(mapping)


def _children(structure):
    if isinstance(structure, dict):
        return [structure[key] for key in _sorted_keys(structure)]
    return list(structure)


def _rebuild(structure, children):
    """A structure of the same type with other children (given in walking order)."""
    if isinstance(structure, dict):
        values = dict(zip(_sorted_keys(structure), children))
        ordered = {key: values[key] for key in structure}
        kind = type(structure)
        if kind is dict or getattr(kind, "_keras_tracked", False):
            return ordered
        try:
            return kind(ordered)
        except TypeError:
            return ordered
    if hasattr(structure, "_fields"):
        return type(structure)(*children)
    if isinstance(structure, tuple):
        return tuple(children)
    return list(children)


def flatten(structure):
    if not is_nested(structure):
        return [structure]
    leaves = []
    for child in _children(structure):
        leaves.extend(flatten(child))
    return leaves


def map_structure(func, *structures, none_is_leaf=True):
    first = structures[0]
    if not is_nested(first):
        return func(*structures)
    for other in structures[1:]:
        if not is_nested(other) or len(other) != len(first):
            raise ValueError(f"The structures differ: {first} and {other}")
    columns = [_children(s) for s in structures]
    return _rebuild(first, [map_structure(func, *row) for row in zip(*columns)])


def map_structure_up_to(shallow, func, *structures):
    if not is_nested(shallow):
        return func(*structures)
    columns = [_children(s) for s in structures]
    return _rebuild(shallow, [map_structure_up_to(s, func, *row) for s, *row in zip(_children(shallow), *columns)])


def is_shape(value):
    return is_sequence(value) and not any(type(d) is not int and d is not None and not isinstance(d, int) for d in value)


def map_shape_structure(func, structure):
    """Like map_structure, with shapes (tuples of int or None) as the leaves."""
    if is_shape(structure):
        return func(tuple(structure))
    if isinstance(structure, dict):
        return {key: map_shape_structure(func, value) for key, value in structure.items()}
    if isinstance(structure, (list, tuple)):
        return type(structure)(map_shape_structure(func, value) for value in structure)
    raise ValueError(f"Not a structure of shapes: {structure}")


def pack_sequence_as(structure, flat_sequence):
    items = iter(flat_sequence)
    packed = map_structure(lambda _: next(items), structure)
    if next(items, items) is not items:
        raise ValueError("There are more leaves than the structure has places.")
    return packed


def traverse(func, structure, top_down=True):
    if top_down:
        result = func(structure)
        if result is not None:
            return result
    if is_nested(structure):
        structure = _rebuild(structure, [traverse(func, child, top_down) for child in _children(structure)])
    if not top_down:
        result = func(structure)
        if result is not None:
            return result
    return structure


def assert_same_structure(a, b, check_types=None):
    if is_nested(a) != is_nested(b):
        raise ValueError(f"The structures differ: {a} and {b}")
    if is_nested(a):
        if len(a) != len(b) or (isinstance(a, dict) and sorted(a) != sorted(b)):
            raise ValueError(f"The structures differ: {a} and {b}")
        for x, y in zip(_children(a), _children(b)):
            assert_same_structure(x, y)


def lists_to_tuples(structure):
    if isinstance(structure, dict):
        return {name: lists_to_tuples(member) for name, member in structure.items()}
    if isinstance(structure, (list, tuple)):
        return tuple(lists_to_tuples(value) for value in structure)
    return structure


def flatten_with_path(structure):
    def walk(value, path):
        if not is_nested(value):
            return [(path, value)]
        keys = _sorted_keys(value) if isinstance(value, dict) else range(len(value))
        found = []
        for key in keys:
            found.extend(walk(value[key], path + (key,)))
        return found

    return walk(structure, ())
