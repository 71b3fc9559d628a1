"""`keras.callbacks`: without effect at inference."""
from keras.src.inert import Callback

ModelCheckpoint = EarlyStopping = TensorBoard = LearningRateScheduler = LambdaCallback = ReduceLROnPlateau = History = Callback
