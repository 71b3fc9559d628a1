"""A layer's variables: how they are made, listed, counted, and walked over when a weights file is bound."""
from keras.src import dtypes
from keras.src.state import state
from keras.src.variable import Variable


_WEIGHT_ARGUMENTS = ("shape", "initializer", "dtype", "trainable", "autocast", "regularizer", "constraint", "aggregation",
                     "overwrite_with_gradient", "name")
_WEIGHT_ARGUMENTS_2 = ("name", "shape", "dtype", "initializer", "regularizer", "trainable", "constraint")


class VariableOwner:
    """What Layer knows of its variables. Tracking itself, and the layers inside, are Layer's."""

    def add_weight(self, *args, **kwargs):
        """Keras 3's order of arguments (shape, initializer, dtype, ...); Keras 2's (name, shape, dtype, ...) is understood too."""
        order = _WEIGHT_ARGUMENTS
        if args and isinstance(args[0], str):
            if state.keras_2 or len(args) > 1 and (isinstance(args[1], (tuple, list, int)) or hasattr(args[1], "as_list")):
                order = _WEIGHT_ARGUMENTS_2
            elif "shape" not in kwargs:
                raise ValueError(f"`add_weight` got the name {args[0]!r} where Keras 3 expects the shape; pass `name=` and `shape=` by keyword")
        for name, value in zip(order, args):
            if name in kwargs:
                raise TypeError(f"Layer.add_weight() got multiple values for argument '{name}'")
            kwargs[name] = value
        return self._add_weight(**kwargs)

    def _add_weight(self, shape=None, initializer=None, dtype=None, trainable=True, autocast=True, regularizer=None, constraint=None,
                    aggregation="none", overwrite_with_gradient=False, name=None, **kwargs):
        from keras.src import initializers
        kwargs.pop("synchronization", None)
        kwargs.pop("use_resource", None)
        kwargs.pop("getter", None)
        kwargs.pop("layout", None)
        if kwargs:
            raise TypeError(f"Layer.add_weight() got an unexpected keyword argument '{next(iter(kwargs))}'")
        self._check_super_called()
        if shape is None:
            shape = ()
        dtype = dtypes.standardize_dtype(dtype) if dtype is not None else self.variable_dtype
        if initializer is None:
            initializer = "glorot_uniform" if dtypes.is_float(dtype) else "zeros"
        variable = Variable(initializers.get(initializer), shape, dtype, trainable=trainable, autocast=autocast, name=name)
        variable._path = f"{self.name}/{variable.name}"
        self._track_variable(variable)
        return variable

    def add_variable(self, shape, initializer, dtype=None, trainable=True, **kwargs):
        if isinstance(shape, str):
            return self.add_weight(shape=initializer, name=shape, dtype=dtype, trainable=trainable, **kwargs)
        return self.add_weight(shape, initializer, dtype, trainable, **kwargs)

    def _track_trackable(self, trackable, name=None, overwrite=False):
        """Keras 2's: the object belongs to the layer."""
        return self._track(trackable)

    def _track_variable(self, variable):
        self._track(variable)

    def _untrack_variable(self, variable):
        self._tracker.discard(variable)

    @property
    def variables(self):
        found = []
        seen = set()
        for layer in self._flatten_layers():
            for v in layer._trainable_variables + layer._non_trainable_variables:
                if id(v) not in seen:
                    seen.add(id(v))
                    found.append(v)
        return found

    @property
    def weights(self):
        found = []
        seen = set()
        for layer in self._flatten_layers():
            for v in layer._trainable_variables:
                if id(v) not in seen:
                    seen.add(id(v))
                    found.append(v)
        for layer in self._flatten_layers():
            for v in layer._non_trainable_variables:
                if id(v) not in seen:
                    seen.add(id(v))
                    found.append(v)
        return found

    @property
    def trainable_variables(self):
        return list(filter(lambda v: self.trainable and v.trainable, self.variables))

    @property
    def non_trainable_variables(self):
        return list(filter(lambda v: not (self.trainable and v.trainable), self.variables))

    @property
    def trainable_weights(self):
        return self.trainable_variables

    @property
    def non_trainable_weights(self):
        return self.non_trainable_variables

    @property
    def trainable(self):
        return self._trainable

    @trainable.setter
    def trainable(self, value):
        self.__dict__["_trainable"] = bool(value)

    def count_params(self):
        total = 0
        for v in self.weights:
            size = 1
            for d in v._shape:
                size *= d
            total += size
        return total

    def get_weights(self):
        from keras.src.tensor import refuse
        refuse("Layer.get_weights()", "weights are bound after the graph is made")

    def set_weights(self, weights):
        for v, value in zip(self.weights, weights):
            v.assign(value)

    # The walk over a weights file: see keras.src.paths.
    def _obj_type(self):
        return "Layer"

    def _own_variables(self):
        """What `save_own_variables` of the base class writes, in order: trainable ones first."""
        return list(self._trainable_variables) + list(self._non_trainable_variables)

    def save_own_variables(self, store):
        for i, v in enumerate(self._own_variables()):
            store[str(i)] = v

    def load_own_variables(self, store):
        pass
