"""dm-tree: the same functions as `keras.tree`, under its names."""
from keras.src.tree import (assert_same_structure, flatten, flatten_with_path, is_nested, map_structure, map_structure_up_to, traverse)
from keras.src.tree import pack_sequence_as as unflatten_as
