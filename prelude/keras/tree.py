"""`keras.tree`."""
from keras.src.tree import (assert_same_structure, flatten, flatten_with_path, is_nested, lists_to_tuples, map_shape_structure,
                            map_structure, map_structure_up_to, pack_sequence_as, traverse)


def __getattr__(name):
    from keras.src.unused import unused
    return unused("keras.tree", name)
