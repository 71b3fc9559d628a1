"""A layer's variables: how they are made, listed, counted, and walked over when a weights file is bound."""
from keras.src import dtypes
from keras.src.variable import Variable


class VariableOwner:
    """What Layer knows of its variables. Tracking itself, and the layers inside, are Layer's."""

    def add_weight(self, shape=None, initializer=None, dtype=None, trainable=True, autocast=True, regularizer=None, constraint=None,
                   aggregation="none", overwrite_with_gradient=False, name=None, **kwargs):
        """Keras 3's order of arguments; Keras 2's `add_weight("name", shape)` is understood too."""
        from keras.src import initializers
        if isinstance(shape, str):
            if isinstance(initializer, (tuple, list, int)) or hasattr(initializer, "as_list"):
                # Keras 2: (name, shape, dtype, initializer)
                legacy_initializer = trainable if not isinstance(trainable, bool) else kwargs.pop("init", None)
                return self.add_weight(shape=initializer, initializer=legacy_initializer, dtype=dtype,
                                       trainable=trainable if isinstance(trainable, bool) else True, name=shape)
            raise ValueError(f"`add_weight` got the name {shape!r} where Keras 3 expects the shape; pass `name=` and `shape=` by keyword")
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
