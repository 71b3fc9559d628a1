"""`keras.Layer`: building, calling, tracking. Keras 3's order of events, without training."""
import _kedge
from keras.src import dtypes, policy, tree
from keras.src.call_spec import CallSpec, as_shape, convert_input, is_tensor_like, named_shapes, shape_of
from keras.src.input_spec import check_input_spec
from keras.src.keras_tensor import KerasTensor, Node, any_symbolic, unwrap, wrap
from keras.src.layer_variables import VariableOwner
from keras.src.naming import auto_name
from keras.src.signature import parameters_of
from keras.src.state import AutocastScope, CallContext, state
from keras.src.tensor import Tensor, get_keras_mask, set_keras_mask
from keras.src.tf_types import ShapeTuple
from keras.src.tracking import TrackedDict, TrackedList, Tracker
from keras.src.variable import Variable


def is_default(method):
    return getattr(method, "_is_default", False)


def default(method):
    """Marks a base method that a subclass has not overridden."""
    method._is_default = True
    return method


class Layer(VariableOwner):
    def __new__(cls, *args, **kwargs):
        layer = object.__new__(cls)
        build = layer.build

        def build_and_note(*args, **kwargs):
            state.building.append(layer)
            try:
                build(*args, **kwargs)
            finally:
                state.building.pop()
            layer.__dict__["_build_shapes_dict"] = parameters_of(build).bind(args, kwargs)
            layer.built = True
            layer._post_build()

        build_and_note._is_default = is_default(build)
        build_and_note.original = build
        layer.__dict__["build"] = build_and_note
        layer.__dict__["_constructor_arguments"] = (args, kwargs)
        return layer

    def __init__(self, *, activity_regularizer=None, trainable=True, dtype=None, autocast=True, name=None, **kwargs):
        from keras import regularizers
        self._initialize_tracker()
        if name is not None and not isinstance(name, str):
            raise ValueError(f"Argument `name` must be a string. Received: name={name}")
        self.name = name or auto_name(type(self).__name__)
        self._inbound_nodes = []
        self._dtype_policy = policy.get(dtype)
        self.activity_regularizer = regularizers.get(activity_regularizer)
        input_dim = kwargs.pop("input_dim", None)
        shape = kwargs.pop("input_shape", None)
        batch_shape = kwargs.pop("batch_input_shape", None)
        if input_dim is not None:
            shape = (input_dim,)
        elif shape is None and batch_shape is not None:
            shape = tuple(batch_shape)[1:]
        if shape is not None:
            self._input_shape_arg = shape
        kwargs.pop("batch_size", None)
        kwargs.pop("weights", None)
        if kwargs:
            raise ValueError(f"Unrecognized keyword arguments passed to {type(self).__name__}: {kwargs}")
        self._parent_path = self._build_shapes_dict = self._path = self._input_spec = None
        self._called = self.built = False
        self.supports_jit, self.autocast = True, autocast
        self._trainable = bool(trainable)
        self._losses = []
        self._call_has_training_arg = parameters_of(self.call).accepts("training")
        self._call_has_mask_arg = parameters_of(self.call).accepts("mask")
        self._supports_masking = not is_default(self.compute_mask)
        self._allow_non_tensor_positional_args = False
        self._convert_input_args = True

    # -- tracking ----------------------------------------------------------------------------------------------------

    def _initialize_tracker(self):
        if "_tracker" not in self.__dict__:
            self.__dict__["_tracker"] = Tracker()

    def __setattr__(self, name, value):
        object.__setattr__(self, name, self._track(value))

    def __delattr__(self, name):
        value = self.__dict__.get(name)
        if "_tracker" in self.__dict__ and isinstance(value, (Variable, Layer)):
            self._tracker.discard(value)
        object.__delattr__(self, name)

    def _track(self, value):
        """Notes layers and variables, wraps containers so that later additions are seen too."""
        if isinstance(value, (str, int, float, type(None), Tensor)):
            return value
        self._initialize_tracker()
        tracker = self._tracker
        if not tracker.enabled:
            return value
        if isinstance(value, Variable):
            if not value.is_tracked():
                return value
            tracker.add("trainable_variables" if value.trainable else "non_trainable_variables", value)
        elif isinstance(value, Layer):
            tracker.add("layers", value)
        elif getattr(value, "_keras_metric", False) and not isinstance(value, type):
            tracker.add("metrics", value)
        elif isinstance(value, tuple):
            if hasattr(value, "_fields"):
                return type(value)(*[self._track(v) for v in value])
            return tuple([self._track(v) for v in value])
        elif isinstance(value, TrackedList) or isinstance(value, TrackedDict):
            for item in (value.values() if isinstance(value, TrackedDict) else value):
                self._track(item)
        elif isinstance(value, list):
            return TrackedList(value, self)
        elif isinstance(value, dict):
            return TrackedDict(value, self)
        return value

    @property
    def _layers(self):
        return self._tracker.layers

    @_layers.setter
    def _layers(self, value):
        """Sources of Keras 2's days fill the base class's own list; what is in it belongs to the layer."""
        self._track(value)

    @property
    def _metrics(self):
        return self._tracker.metrics

    @property
    def _trainable_variables(self):
        return self._tracker.trainable_variables

    @property
    def _non_trainable_variables(self):
        return self._tracker.non_trainable_variables

    def _flatten_layers(self, include_self=True, recursive=True):
        found = []
        seen = set()
        waiting = [self] if include_self else list(self._layers)
        while waiting:
            layer = waiting.pop(0)
            if id(layer) in seen:
                continue
            seen.add(id(layer))
            found.append(layer)
            if recursive or layer is self:
                waiting[:0] = list(layer._layers)
        return found

    # -- facts -------------------------------------------------------------------------------------------------------

    @property
    def path(self):
        return self._path or self.name

    @property
    def dtype_policy(self):
        return self._dtype_policy

    @dtype_policy.setter
    def dtype_policy(self, value):
        self._dtype_policy = policy.get(value)

    @property
    def dtype(self):
        return self.variable_dtype

    @property
    def compute_dtype(self):
        return self._dtype_policy.compute_dtype

    @property
    def variable_dtype(self):
        return self._dtype_policy.variable_dtype

    @property
    def input_dtype(self):
        return self.compute_dtype

    @property
    def quantization_mode(self):
        return self._dtype_policy.quantization_mode

    @property
    def supports_masking(self):
        return self._supports_masking

    @supports_masking.setter
    def supports_masking(self, value):
        self._supports_masking = value

    @property
    def input_spec(self):
        return self._input_spec

    @input_spec.setter
    def input_spec(self, value):
        self._input_spec = value

    @property
    def losses(self):
        return []

    @property
    def metrics(self):
        return list(self._metrics)

    @property
    def metrics_variables(self):
        return []

    def add_loss(self, loss):
        pass

    def add_metric(self, *args, **kwargs):
        raise NotImplementedError("Layer `add_metric()` method is deprecated. Add your metric in `Model.compile(metrics=[...])`.")

    @property
    def input(self):
        return self._inbound_nodes[0].args[0]

    @property
    def output(self):
        return self._inbound_nodes[0].outputs

    # -- building ----------------------------------------------------------------------------------------------------

    @default
    def build(self, input_shape):
        self._check_super_called()
        if input_shape is not None and is_default(self.build) and self._has_unbuilt_layers():
            self._build_by_run(input_shape)
        self.__dict__["built"] = True

    def _post_build(self):
        pass

    def _lock_state(self):
        pass

    def _has_unbuilt_layers(self):
        return any(not layer.built for layer in self._layers)

    def _build_by_run(self, input_shape):
        """Builds the sublayers by running `call` on scratch inputs of that shape."""
        inputs = tree.map_shape_structure(
            lambda s: _kedge.placeholder(self.name, s, self.compute_dtype if dtypes.is_float(self.compute_dtype) else "float32"), input_shape)
        state.call_contexts.append(CallContext())
        try:
            self.call(inputs)
        except (TypeError, ValueError, NotImplementedError):
            pass
        finally:
            state.call_contexts.pop()

    def get_build_config(self):
        shapes = self._build_shapes_dict
        if shapes is not None:
            return {"input_shape": next(iter(shapes.values()))} if len(shapes) == 1 else {"shapes_dict": shapes}
        return None

    def build_from_config(self, config):
        if config:
            if "input_shape" in config:
                self.build(as_shape(config["input_shape"]))
            elif "shapes_dict" in config:
                self.build(**{key: as_shape(value) for key, value in config["shapes_dict"].items()})

    def _maybe_build(self, spec):
        if self.built:
            return
        shapes = spec.shapes()
        first = next(iter(shapes.values()), None)
        if first is None and parameters_of(self.call).varargs == "args" and "args" in spec.tensors:
            first = tree.map_structure(shape_of, spec.tensors["args"][0])
        if state.keras_2 and not type(self).__module__.startswith("keras."):
            first = tree.map_shape_structure(ShapeTuple, first)
        if not is_default(self.build):
            names = parameters_of(self.build.original).names
            if len(names) == 1:
                self.build(first)
            else:
                self.build(**named_shapes(names, shapes, spec, type(self).__name__))
            check_input_spec(self._input_spec, spec.first, self.name)
            return
        # Without a `build`, sublayers are built by the call itself, which comes next and sees the real inputs.
        if first is not None:
            self.__dict__["_build_shapes_dict"] = {"input_shape": first}
        self.__dict__["built"] = True

    def _check_super_called(self):
        if "_inbound_nodes" not in self.__dict__:
            raise RuntimeError(f"In layer '{type(self).__name__}', you forgot to call `super().__init__()` as the first statement "
                               "in the `__init__()` method.")

    # -- calling -----------------------------------------------------------------------------------------------------

    def call(self, *args, **kwargs):
        raise NotImplementedError(f"Layer {type(self).__name__} does not have a `call()` method implemented.")

    def __call__(self, *args, **kwargs):
        self._check_super_called()
        if any_symbolic(args, kwargs):
            outputs = wrap(self._run(unwrap(args), unwrap(kwargs)))
            Node(self, args, kwargs, outputs)
            return outputs
        return self._run(args, kwargs)

    def _run(self, args, kwargs):
        self.__dict__["_called"] = True
        if self._convert_input_args:
            def convert(x):
                return convert_input(x, self.autocast, self.input_dtype)

            args = tuple([tree.map_structure(convert, a) for a in args])
            kwargs = {key: tree.map_structure(convert, value) for key, value in kwargs.items()}
        kwargs = dict(kwargs)
        parameters = parameters_of(self.call)
        asked_training = kwargs.get("training")
        if "training" in kwargs and not parameters.accepts("training") and parameters.varkw is None:
            del kwargs["training"]
        if not self._allow_non_tensor_positional_args and not state.keras_2:
            for leaf in tree.flatten(args):
                if leaf is not None and not is_tensor_like(leaf):
                    raise ValueError("Only input tensors may be passed as positional arguments. The following argument value should be passed "
                                     f"as a keyword argument: {leaf} (of type {type(leaf)})")
        spec = CallSpec(parameters, args, kwargs)
        check_input_spec(self._input_spec, spec.first, self.name)
        self._maybe_build(spec)
        context = CallContext()
        self._resolve_training(parameters, spec, asked_training, context, kwargs)
        self._populate_masks(parameters, spec, kwargs)
        if kwargs.get("mask") is not None:
            previous_mask = kwargs["mask"]
        else:
            previous_mask = tree.map_structure(get_keras_mask, spec.first)
        inputs = [t for t in tree.flatten(list(spec.tensors.values())) if t is not None]
        token = _kedge.region_begin("layer", type(self).__name__, self.name, {}, inputs)
        state.call_contexts.append(context)
        try:
            outputs = self._call_in_scope(args, kwargs)
        finally:
            state.call_contexts.pop()
        self._pass_mask(spec, outputs, previous_mask)
        _kedge.region_end(token, [t for t in tree.flatten(outputs) if isinstance(t, Tensor)])
        if not self.built:
            self.__dict__["built"] = True
        return outputs

    def _call_in_scope(self, args, kwargs):
        scope = None
        if state.autocast_dtype is not None:
            if not self.autocast or not dtypes.is_float(self.compute_dtype):
                scope = AutocastScope(None)
            elif state.autocast_dtype != self.compute_dtype:
                scope = AutocastScope(self.compute_dtype)
        elif self.compute_dtype != self.variable_dtype and self.autocast:
            scope = AutocastScope(self.compute_dtype)
        if scope is None:
            return self._dispatch_call(args, kwargs)
        with scope:
            return self._dispatch_call(args, kwargs)

    def _dispatch_call(self, args, kwargs):
        if self.quantization_mode is not None:
            return self.quantized_call(*args, **kwargs)
        return self.call(*args, **kwargs)

    def quantized_call(self, *args, **kwargs):
        from keras.src.tensor import refuse
        refuse(f"{type(self).__name__} with the policy {self._dtype_policy.name}", "this quantized form is not supported")

    def _resolve_training(self, parameters, spec, asked, context, kwargs):
        """Explicit argument, then the caller's, then the signature's default."""
        if "training" in spec.given or asked is not None:
            value = asked if asked is not None else spec.given["training"]
        else:
            value = None
        if value is None and state.call_contexts:
            value = state.call_contexts[-1].values.get("training")
        if value is None and "training" not in spec.given:
            value = spec.arguments.get("training")
        context.values["training"] = value
        if parameters.accepts("training") and value is not None:
            if "training" in spec.given and "training" not in kwargs:
                return
            kwargs["training"] = value

    def _populate_masks(self, parameters, spec, kwargs):
        if len(spec.tensors) == 1:
            by_position = "mask" in spec.given and "mask" not in kwargs
            if parameters.accepts("mask") and spec.arguments.get("mask") is None and not by_position:
                value = next(iter(spec.tensors.values()))
                mask = tree.map_structure(get_keras_mask, value)
                if state.keras_version.startswith("3") or any([m is not None for m in tree.flatten(mask)]):
                    kwargs["mask"] = mask  # Keras 3 hands over a structure of None too; before it, no mask at all is None
        elif len(spec.tensors) > 1:
            for name, value in spec.tensors.items():
                expected = f"{name}_mask"
                if parameters.accepts(expected) and spec.arguments.get(expected) is None:
                    kwargs[expected] = tree.map_structure(get_keras_mask, value)

    def _pass_mask(self, spec, outputs, previous_mask):
        leaves = [t for t in tree.flatten(outputs) if isinstance(t, Tensor)]
        if previous_mask is not None and not any(m is not None for m in tree.flatten(previous_mask)) and not (
                spec.tensors and not is_default(self.compute_mask)):
            return
        if not self.supports_masking and is_default(self.compute_mask):
            return
        if leaves and all(get_keras_mask(t) is not None for t in leaves):
            return
        masks = self.compute_mask(spec.first, previous_mask)
        if masks is None:
            return
        for tensor, mask in zip(tree.flatten(outputs), tree.flatten(masks)):
            if isinstance(tensor, Tensor) and mask is not None and get_keras_mask(tensor) is None:
                set_keras_mask(tensor, mask)

    @default
    def compute_mask(self, inputs, previous_mask):
        return previous_mask

    def compute_output_shape(self, *args, **kwargs):
        """Without an override: by running `call` on scratch inputs of these shapes."""
        spec = self.compute_output_spec(*[tree.map_shape_structure(lambda s: KerasTensor(s, self.compute_dtype), a) for a in args])
        return tree.map_structure(lambda t: t.shape, spec)

    def compute_output_spec(self, *args, **kwargs):
        outputs = self._run(unwrap(args), unwrap(kwargs))
        return wrap(outputs)

    def symbolic_call(self, *args, **kwargs):
        return self.compute_output_spec(*args, **kwargs)

    def stateless_call(self, *args, **kwargs):
        raise NotImplementedError("Layer.stateless_call has no meaning in a saved model's graph")

    # -- configuration -----------------------------------------------------------------------------------------------

    @default
    def get_config(self):
        from keras.src.serialization import serialize_keras_object
        self._check_super_called()
        config = {"name": self.name, "trainable": self.trainable, "dtype": policy.serialize(self.dtype_policy)}
        if self.activity_regularizer is not None:
            config["activity_regularizer"] = serialize_keras_object(self.activity_regularizer)
        # A built-in layer's settings: the constructor arguments that it keeps under their own names.
        for cls in type(self).__mro__:
            if cls.__module__.startswith("keras.") and cls is not Layer and "__init__" in vars(cls):
                for name in parameters_of(cls.__init__).names[1:]:
                    if name not in config and name in self.__dict__:
                        config[name] = serialize_keras_object(self.__dict__[name])
        if is_default(type(self).get_config) and not type(self).__module__.startswith("keras."):
            config.update(self._constructor_config())
        return config

    def _constructor_config(self):
        """Keras records plain constructor arguments of layers that have no `get_config` of their own."""
        args, kwargs = self._constructor_arguments
        try:
            bound = parameters_of(type(self).__init__).bind((self,) + tuple(args), kwargs)
        except TypeError:
            return {}
        config = {}
        for key, value in list(bound.items())[1:]:
            if isinstance(value, dict) and key == "kwargs":
                config.update(value)
            elif key not in ("name", "trainable", "dtype"):
                config[key] = value
        return config

    @classmethod
    def from_config(cls, config):
        from keras.src.serialization import construct
        return construct(cls, config)

    def __repr__(self):
        return f"<{type(self).__name__} name={self.name}, built={self.built}>"

    def __hash__(self):
        return id(self)
