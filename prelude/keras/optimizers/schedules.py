"""`keras.optimizers.schedules`: kept as settings, without effect at inference."""
from keras.src.inert import Inert, family
from keras.src.lazy import named_module


class LearningRateSchedule(Inert):
    pass


_classes = family(LearningRateSchedule, (
    "ExponentialDecay initial_learning_rate decay_steps decay_rate staircase; PiecewiseConstantDecay boundaries values;"
    "PolynomialDecay initial_learning_rate decay_steps end_learning_rate power cycle; InverseTimeDecay initial_learning_rate decay_steps decay_rate;"
    "CosineDecay initial_learning_rate decay_steps alpha; CosineDecayRestarts initial_learning_rate first_decay_steps t_mul m_mul alpha"))


def serialize(schedule):
    from keras.src.serialization import serialize_keras_object
    return serialize_keras_object(schedule)


def deserialize(config, custom_objects=None):
    from keras.src.serialization import deserialize_named
    return deserialize_named(config, _classes, custom_objects)


__getattr__, __dir__ = named_module("keras.optimizers.schedules", _classes)
