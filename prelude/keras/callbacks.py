"""`keras.callbacks`: without effect at inference."""
from keras.src.inert import Callback

ModelCheckpoint = EarlyStopping = TensorBoard = LearningRateScheduler = LambdaCallback = ReduceLROnPlateau = History = Callback


def __getattr__(name):
    from keras.src.unused import unused
    return unused("keras.callbacks", name)
