"""`keras.Model`: functional (from inputs and outputs) or subclassed."""
from keras.src import tree
from keras.src.call_spec import shape_of
from keras.src.functional import GraphRunner, functional_from_config
from keras.src.keras_tensor import KerasTensor
from keras.src.layer import Layer, default
from keras.src.signature import parameters_of
from keras.src.tensor import Tensor, cast, dtype_of, reshape, static_shape, dims
from keras.src import dtypes


def _functional_arguments(args, kwargs):
    given = len(args) + sum(name in kwargs for name in ("inputs", "outputs"))
    return given >= 2 and (len(args) >= 2 or "outputs" in kwargs)


class Model(Layer):
    def __new__(cls, *args, **kwargs):
        if cls is Model and _functional_arguments(args, kwargs):
            return Functional.__new__(Functional, *args, **kwargs)
        return Layer.__new__(cls)

    def __init__(self, *args, **kwargs):
        if _functional_arguments(args, kwargs):
            # A subclass that passes inputs and outputs on is functional too.
            self._init_functional(*args, **kwargs)
        else:
            Layer.__init__(self, *args, **kwargs)

    def _init_functional(self, inputs, outputs, name=None, trainable=True, **ignored):
        """Keras drops every other argument in silence, a layer's own settings among them."""
        Layer.__init__(self, name=name, trainable=trainable)
        self._tracker.enabled = False
        self._inputs_struct = tree.map_structure(lambda t: t, inputs)
        self._outputs_struct = tree.map_structure(lambda t: t, outputs)
        self._runner = GraphRunner(self._inputs_struct, self._outputs_struct)
        self._operations = self._runner.operations
        self._tracker.enabled = True
        for operation in self._operations:
            if isinstance(operation, Layer):
                self._tracker.add("layers", operation)
        self.built = True

    @property
    def operations(self):
        return list(self._operations)

    @property
    def inputs(self):
        return list(self._runner.flat_inputs)

    @property
    def outputs(self):
        return list(self._runner.flat_outputs)

    @property
    def input(self):
        return self._inputs_struct

    @property
    def output(self):
        return self._outputs_struct

    @property
    def input_shape(self):
        return tree.map_structure(lambda t: t.shape, self._inputs_struct)

    @property
    def output_shape(self):
        return tree.map_structure(lambda t: t.shape, self._outputs_struct)

    @property
    def input_names(self):
        return [t._keras_history[0].name for t in self._runner.flat_inputs]

    @property
    def output_names(self):
        return [t._keras_history[0].name for t in self._runner.flat_outputs]

    def call(self, inputs, training=None, mask=None, **kwargs):
        if not self.is_functional:
            raise NotImplementedError(f"Model {type(self).__name__} does not have a `call()` method implemented.")
        values = self._standardize(inputs)
        return self._runner.run(values, training)

    def _standardize(self, inputs):
        """The given tensors in the order of the model's inputs, cast and squeezed or expanded as Keras does."""
        struct = self._inputs_struct
        if isinstance(inputs, dict) and not isinstance(struct, dict):
            names = self.input_names
            flat = [inputs[name] if name in inputs else None for name in names]
        elif isinstance(struct, dict) and isinstance(inputs, dict):
            flat = tree.flatten({key: inputs[key] for key in struct})
        else:
            flat = tree.flatten(inputs)
        if len(flat) != len(self._runner.flat_inputs):
            raise ValueError(f"Model '{self.name}' expects {len(self._runner.flat_inputs)} input(s), got {len(flat)}.")
        return [_fit(value, wanted) for value, wanted in zip(flat, self._runner.flat_inputs)]

    @property
    def is_functional(self):
        return "_runner" in self.__dict__

    def _obj_type(self):
        return "Functional" if self.is_functional else "Model"

    @property
    def layers(self):
        if self.is_functional:
            return [operation for operation in self._operations if isinstance(operation, Layer)]
        return list(self._flatten_layers(include_self=False, recursive=False))

    @layers.setter
    def layers(self, _):
        raise AttributeError("`Model.layers` attribute is reserved and should not be used. Please use another name.")

    def get_layer(self, name=None, index=None):
        if index is not None:
            return self.layers[index]
        for layer in self.layers:
            if layer.name == name:
                return layer
        raise ValueError(f"No such layer: {name}. Existing layers are: {[layer.name for layer in self.layers]}.")

    def compile(self, *args, **kwargs):
        pass

    def build_from_config(self, config):
        pass

    def compile_from_config(self, config):
        pass

    def get_compile_config(self):
        return {}

    def summary(self, *args, **kwargs):
        pass

    def predict(self, *args, **kwargs):
        from keras.src.tensor import refuse
        refuse("Model.predict", "it runs the model eagerly; call the model instead")

    @classmethod
    def from_config(cls, config, custom_objects=None):
        if all(key in config for key in ("name", "layers", "input_layers", "output_layers")):
            target = Functional if cls is Model else cls
            return functional_from_config(target, config)
        return super().from_config(config)


class Functional(Model):
    """`keras.Model(inputs, outputs)` itself."""

    def __new__(cls, *args, **kwargs):
        return Layer.__new__(cls)


def _fit(value, wanted):
    if value is None:
        return None
    if isinstance(value, Tensor):
        have, want = len(static_shape(value)), len(wanted.shape)
        if have == want + 1 and static_shape(value)[-1] == 1:
            value = reshape(value, dims(value)[:-1])
        elif have == want - 1 and wanted.shape[-1] == 1:
            value = reshape(value, list(dims(value)) + [1])
        if dtype_of(value) != wanted.dtype:
            value = cast(value, wanted.dtype)
    return value


class Sequential(Model):
    def __new__(cls, *args, **kwargs):
        return Layer.__new__(cls)

    def __init__(self, layers=None, trainable=True, name=None, **kwargs):
        Layer.__init__(self, trainable=trainable, name=name, **kwargs)
        self._functional = None
        self._tracker.enabled = False
        self._stack = []
        self._tracker.enabled = True
        for layer in layers or []:
            self.add(layer)

    def _obj_type(self):
        return "Sequential"

    def add(self, layer, rebuild=True):
        from keras.src.functional import InputLayer
        if isinstance(layer, KerasTensor):
            layer = layer._keras_history[0]
        if not isinstance(layer, Layer):
            if not callable(layer):
                raise ValueError(f"Only instances of `keras.Layer` can be added to a Sequential model. Received: {layer} (of type {type(layer)})")
            from keras.layers import Lambda
            layer = Lambda(layer)
        first_shape = layer.__dict__.get("_input_shape_arg")
        if not self._stack and first_shape is not None:
            self._append(InputLayer(shape=tuple(first_shape)))
        self._append(layer)

    def _append(self, layer):
        self._stack.append(layer)
        self._tracker.add("layers", layer)

    def pop(self, rebuild=True):
        layer = self._stack.pop()
        self._tracker.discard(layer)
        return layer

    @property
    def layers(self):
        from keras.src.functional import InputLayer
        return [layer for layer in self._stack if not isinstance(layer, InputLayer)]

    @property
    def inputs(self):
        return [layer.output for layer in self._stack[:1] if layer._inbound_nodes]

    @property
    def input_shape(self):
        return self._stack[0].output.shape

    @property
    def output_shape(self):
        """After `build` or a call, what the last layer gives for the shape that was built with."""
        given = self._build_shapes_dict or self.__dict__.get("_called_shape")
        if given is None and not self._stack[:1]:
            raise AttributeError(f"Sequential model '{self.name}' has no defined output shape yet.")
        return self.compute_output_shape(next(iter(given.values())) if given is not None else self.input_shape)

    @property
    def outputs(self):
        return [self.output]

    @property
    def input(self):
        return self._stack[0].output

    @property
    def output(self):
        value = self._stack[0].output
        for layer in self.layers:
            value = layer(value)
        return value

    @default
    def build(self, input_shape=None):
        from keras.src.layer import Layer as Base
        if input_shape is not None and self._has_unbuilt_layers():
            self._build_by_run(input_shape)
        self.__dict__["built"] = True

    def call(self, inputs, training=None, mask=None, **kwargs):
        self.__dict__["_called_shape"] = {"inputs": tree.map_structure(shape_of, inputs)}
        value = inputs
        for layer in self.layers:
            accepted = {}
            if mask is not None and layer._call_has_mask_arg:
                accepted["mask"] = mask
            if training is not None and layer._call_has_training_arg:
                accepted["training"] = training
            value = layer(value, **accepted)
            mask = tree.map_structure(_mask_of, value)
        return value

    def compute_output_shape(self, input_shape):
        for layer in self.layers:
            input_shape = layer.compute_output_shape(input_shape)
        return input_shape

    def get_config(self):
        from keras.src.serialization import serialize_keras_object
        return {"name": self.name, "layers": [serialize_keras_object(layer) for layer in self._stack]}

    @classmethod
    def from_config(cls, config, custom_objects=None):
        import _kedge
        from keras.src.serialization import deserialize_keras_object
        if "layers" not in config:
            return super().from_config(config)
        model = cls(name=config.get("name"))
        for i, data in enumerate(config["layers"]):
            _kedge.enter_path(f'layers[{i}]  ("{data["config"].get("name", "")}")')
            model.add(deserialize_keras_object(data))
            _kedge.leave_path()
        return model


def _mask_of(x):
    from keras.src.tensor import get_keras_mask
    return get_keras_mask(x)
