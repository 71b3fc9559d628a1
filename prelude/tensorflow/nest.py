"""`tf.nest`."""
from keras.src import tree
from keras.src.tree import assert_same_structure, flatten, is_nested, map_structure, pack_sequence_as


def is_nested_or_composite(structure):
    return tree.is_nested(structure)


is_sequence = is_nested
