"""Regularizers, constraints, metrics, losses, optimizers, callbacks: kept as settings, without effect at inference."""
from keras.src.naming import auto_name, to_snake_case


class Inert:
    """Keeps its constructor's arguments as attributes and gives them back as its configuration."""

    _arguments = ()

    def __init__(self, *args, **kwargs):
        settings = dict(zip(self._arguments, args))
        settings.update(kwargs)
        self._settings = settings
        for key, value in settings.items():
            setattr(self, key, value)

    def get_config(self):
        return dict(self._settings)

    @classmethod
    def from_config(cls, config):
        return cls(**config)


class Regularizer(Inert):
    def __call__(self, x):
        return 0.0


class Constraint(Inert):
    def __call__(self, w):
        return w


def family(base, spec):
    """Classes of one family from "Name argument argument; Name ..."."""
    table = {}
    for entry in spec.split(";"):
        words = entry.split()
        table[words[0]] = type(words[0], (base,), {"_arguments": tuple(words[1:])})
    return table


def named_get(table, what):
    """The `get`, `serialize` and `deserialize` functions of a family."""
    by_name = dict(table)
    for name, cls in table.items():
        by_name[to_snake_case(name)] = cls
        by_name[name.lower()] = cls

    def get(identifier):
        if identifier is None:
            return None
        if isinstance(identifier, dict):
            return deserialize(identifier)
        if isinstance(identifier, str):
            found = by_name.get(identifier)
            if found is None:
                from keras.src.serialization import registered
                found = registered(identifier)
            if found is None:
                raise ValueError(f"Could not interpret {what} identifier: {identifier}")
            return found() if isinstance(found, type) else found
        if callable(identifier):
            return identifier() if isinstance(identifier, type) else identifier
        raise ValueError(f"Could not interpret {what} identifier: {identifier}")

    def serialize(value):
        from keras.src.serialization import serialize_keras_object
        return serialize_keras_object(value)

    def deserialize(config, custom_objects=None):
        from keras.src.serialization import deserialize_named
        return deserialize_named(config, by_name, custom_objects)

    return by_name, get, serialize, deserialize


regularizer_classes = family(Regularizer, "L1 l1; L2 l2; L1L2 l1 l2; OrthogonalRegularizer factor mode")
constraint_classes = family(Constraint, "MaxNorm max_value axis; MinMaxNorm min_value max_value rate axis; NonNeg; UnitNorm axis")


class Metric:
    """A metric: its state is in the weights file (`norm_tracker/vars/0`), and inference ignores it."""

    _keras_metric = True

    def __init__(self, name=None, dtype=None, **kwargs):
        self.name = name or auto_name(type(self).__name__)
        self._variables = []
        self._make_state()

    def _make_state(self):
        pass

    def add_weight(self, shape=(), initializer=None, dtype=None, name=None):
        return self.add_variable(shape, initializer, dtype, name)

    def add_variable(self, shape, initializer, dtype=None, aggregation="sum", name=None):
        from keras.src import initializers
        from keras.src.variable import Variable
        variable = Variable(initializers.get(initializer or "zeros"), shape, dtype, trainable=False, name=name)
        variable._ignorable = True
        self._variables.append(variable)
        return variable

    @property
    def variables(self):
        return list(self._variables)

    def update_state(self, *args, **kwargs):
        from keras.src.state import state
        if state.call_contexts:
            from keras.src.tensor import refuse
            refuse("Metric.update_state", "the layer writes a metric's state at inference")

    def reset_state(self):
        pass

    def result(self):
        from keras.src.tensor import refuse
        refuse("Metric.result", "a metric has no value at inference")

    def __call__(self, *args, **kwargs):
        self.update_state(*args, **kwargs)

    def get_config(self):
        return {"name": self.name}

    @classmethod
    def from_config(cls, config):
        return cls(**config)


class Mean(Metric):
    def __init__(self, name="mean", dtype=None):
        super().__init__(name=name, dtype=dtype)

    def _make_state(self):
        self.total = self.add_variable((), "zeros", name="total")
        self.count = self.add_variable((), "zeros", name="count")


class Sum(Metric):
    def __init__(self, name="sum", dtype=None):
        super().__init__(name=name, dtype=dtype)

    def _make_state(self):
        self.total = self.add_variable((), "zeros", name="total")


class _MeanLike(Mean):
    """MeanSquaredError, Accuracy and the like: a mean over a function of labels and predictions."""

    def __init__(self, *args, name=None, dtype=None, **kwargs):
        super().__init__(name=name or to_snake_case(type(self).__name__), dtype=dtype)


metric_classes = {"Metric": Metric, "Mean": Mean, "Sum": Sum}
metric_classes.update(family(_MeanLike, (
    "MeanSquaredError; MeanAbsoluteError; RootMeanSquaredError; Accuracy; BinaryAccuracy; CategoricalAccuracy; SparseCategoricalAccuracy;"
    "TopKCategoricalAccuracy; BinaryCrossentropy; CategoricalCrossentropy; SparseCategoricalCrossentropy; KLDivergence; Hinge;"
    "CosineSimilarity; MeanMetricWrapper; Poisson; LogCoshError; MeanAbsolutePercentageError; MeanSquaredLogarithmicError; CategoricalHinge;"
    "SquaredHinge; SparseTopKCategoricalAccuracy; BinaryFocalCrossentropy; CategoricalFocalCrossentropy")))


def _counting(name, states, settings=""):
    """A metric that counts: `states` are its variables, each of the shape that a setting gives."""

    def make_state(self):
        for state in states.split():
            setattr(self, state, self.add_variable(self._shape(), "zeros", name=state))

    def __init__(self, *args, name=None, dtype=None, **kwargs):
        given = {**dict(zip(settings.split(), args)), **kwargs}
        for key, value in given.items():
            setattr(self, key, value)
        Metric.__init__(self, name=name or to_snake_case(type(self).__name__), dtype=dtype)

    return type(name, (Metric,), {"__init__": __init__, "_make_state": make_state, "_shape": _SHAPES.get(name, _one_per_threshold)})


def _one_per_threshold(self):
    thresholds = getattr(self, "thresholds", None)
    return (len(thresholds),) if isinstance(thresholds, (list, tuple)) else (1,)


def _many_thresholds(self):
    return (getattr(self, "num_thresholds", 200),)


def _per_class(self):
    return (self.num_classes, self.num_classes)


_RATES = "true_positives true_negatives false_positives false_negatives"
_AT = ("SensitivityAtSpecificity", "SpecificityAtSensitivity", "PrecisionAtRecall", "RecallAtPrecision")
_SHAPES = {"AUC": _many_thresholds, **{name: _many_thresholds for name in _AT},
           **{name: _per_class for name in ("IoU", "MeanIoU", "OneHotIoU", "OneHotMeanIoU")}, "BinaryIoU": lambda self: (2, 2)}
metric_classes.update({name: _counting(name, states, settings) for name, states, settings in (
    ("TruePositives", "accumulator", "thresholds"), ("TrueNegatives", "accumulator", "thresholds"), ("FalsePositives", "accumulator", "thresholds"),
    ("FalseNegatives", "accumulator", "thresholds"), ("Precision", "true_positives false_positives", "thresholds"),
    ("Recall", "true_positives false_negatives", "thresholds"), ("AUC", _RATES, "num_thresholds"),
    *[(name, _RATES, "value num_thresholds") for name in _AT],
    *[(name, "total_confusion_matrix", "num_classes") for name in ("IoU", "MeanIoU", "OneHotIoU", "OneHotMeanIoU")],
    ("BinaryIoU", "total_confusion_matrix", "target_class_ids"))})


class Loss(Inert):
    def __call__(self, *args, **kwargs):
        from keras.src.tensor import refuse
        refuse(f"{type(self).__name__}(...)", "losses have no part in inference")


class Optimizer(Inert):
    pass


class Callback(Inert):
    pass


loss_classes = family(Loss, (
    "MeanSquaredError; MeanAbsoluteError; MeanAbsolutePercentageError; MeanSquaredLogarithmicError; BinaryCrossentropy; CategoricalCrossentropy;"
    "SparseCategoricalCrossentropy; BinaryFocalCrossentropy; CategoricalFocalCrossentropy; KLDivergence; Huber; LogCosh; Hinge; SquaredHinge;"
    "CosineSimilarity; Poisson; Dice; Tversky; CTC; CategoricalHinge; Circle; CategoricalGeneralizedCrossEntropy"))
loss_classes["Loss"] = Loss
optimizer_classes = family(Optimizer, (
    "Adam learning_rate; AdamW learning_rate; SGD learning_rate; RMSprop learning_rate; Adagrad learning_rate; Adadelta learning_rate;"
    "Adamax learning_rate; Nadam learning_rate; Ftrl learning_rate; Lion learning_rate; Adafactor learning_rate; Muon;"
    "LossScaleOptimizer; Lamb learning_rate; ScheduleFreeAdamW learning_rate"))
optimizer_classes["Optimizer"] = Optimizer
