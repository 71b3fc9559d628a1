"""A layer's settings and weights by name, so that constructors and `build` methods say only what is particular."""

_FAMILIES = ("initializer", "regularizer", "constraint", "activation")


def keep(layer, values, names, prefix=""):
    """Sets `layer.<name>` from a constructor's `locals()`; names of initializers, activations, … are resolved to objects."""
    for name in names.split():
        family = name.rpartition("_")[2]
        value = values[name]
        setattr(layer, prefix + name, _resolve(family, value) if family in _FAMILIES else value)


def _resolve(family, value):
    from keras import constraints, regularizers
    from keras.src import activations, initializers
    return {"initializer": initializers, "regularizer": regularizers, "constraint": constraints, "activation": activations}[family].get(value)


def expect(layer, **facts):
    """What the layer demands of its input: an `InputSpec` of these facts."""
    from keras.src.input_spec import InputSpec
    layer.input_spec = InputSpec(**facts)


def make_weight(layer, name, shape, initializer=None, **options):
    """A weight that is filled by the layer's setting `<name>_initializer`, unless another initializer is given."""
    chosen = getattr(layer, f"{name}_initializer") if initializer is None else initializer
    return layer.add_weight(name=name, shape=shape, initializer=chosen, **options)
