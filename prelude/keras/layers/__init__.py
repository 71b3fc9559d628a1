"""`keras.layers`: each class is loaded from its file at first use."""
from keras.src.lazy import lazy_module, spread

_table = {}
spread(_table, "keras.layers.core", """Dense Embedding ReversibleEmbedding EinsumDense Activation ReLU LeakyReLU ELU PReLU Softmax Identity
    ActivityRegularization Masking Lambda""")
spread(_table, "keras.src.functional", "Input InputLayer")
spread(_table, "keras.src.layer", "Layer")
spread(_table, "keras.src.input_spec", "InputSpec")
spread(_table, "keras.layers.conv", """Conv1D Conv2D Conv3D Convolution1D Convolution2D Convolution3D DepthwiseConv1D DepthwiseConv2D SeparableConv1D
    SeparableConv2D SeparableConvolution1D SeparableConvolution2D Conv1DTranspose Conv2DTranspose Conv3DTranspose Convolution1DTranspose
    Convolution2DTranspose Convolution3DTranspose""")
spread(_table, "keras.layers.pooling", """MaxPooling1D MaxPooling2D MaxPooling3D AveragePooling1D AveragePooling2D AveragePooling3D MaxPool1D
    MaxPool2D MaxPool3D AvgPool1D AvgPool2D AvgPool3D GlobalAveragePooling1D GlobalAveragePooling2D GlobalAveragePooling3D GlobalMaxPooling1D
    GlobalMaxPooling2D GlobalMaxPooling3D GlobalAvgPool1D GlobalAvgPool2D GlobalAvgPool3D GlobalMaxPool1D GlobalMaxPool2D GlobalMaxPool3D
    AdaptiveAveragePooling1D AdaptiveAveragePooling2D AdaptiveAveragePooling3D AdaptiveMaxPooling1D AdaptiveMaxPooling2D AdaptiveMaxPooling3D""")
spread(_table, "keras.layers.regularization", """Dropout SpatialDropout1D SpatialDropout2D SpatialDropout3D GaussianDropout AlphaDropout
    GaussianNoise""")
spread(_table, "keras.layers.merging", """Add Subtract Multiply Average Maximum Minimum Concatenate Dot add subtract multiply average maximum
    minimum concatenate dot""")
spread(_table, "keras.layers.reshaping", """Flatten Reshape Permute RepeatVector ZeroPadding1D ZeroPadding2D ZeroPadding3D Cropping1D Cropping2D
    Cropping3D UpSampling1D UpSampling2D UpSampling3D""")
spread(_table, "keras.layers.normalization", """BatchNormalization SyncBatchNormalization LayerNormalization RMSNormalization GroupNormalization
    UnitNormalization SpectralNormalization""")
spread(_table, "keras.layers.spectrograms", "MelSpectrogram STFTSpectrogram")
spread(_table, "keras.layers.wrappers", "Wrapper TimeDistributed")
spread(_table, "keras.layers.rnn", """RNN SimpleRNN GRU LSTM SimpleRNNCell GRUCell LSTMCell StackedRNNCells Bidirectional CuDNNGRU CuDNNLSTM""")
spread(_table, "keras.layers.conv_lstm", "ConvLSTM1D ConvLSTM2D ConvLSTM3D")
spread(_table, "keras.layers.attention", "MultiHeadAttention GroupQueryAttention GroupedQueryAttention Attention AdditiveAttention")
spread(_table, "keras.layers.lookup", "IntegerLookup Hashing HashedCrossing")
spread(_table, "keras.layers.contrast", """AutoContrast Equalization ContrastLimitedAdaptiveHistogramEqualization
    MaxNumBoundingBoxes""")
spread(_table, "keras.layers.preprocessing", """Rescaling Resizing CenterCrop Normalization CategoryEncoding Discretization
    RandomBrightness RandomContrast RandomColorDegeneration RandomColorJitter RandomElasticTransform RandomErasing RandomFlip RandomGaussianBlur
    RandomGrayscale RandomHue RandomInvert RandomPerspective RandomPosterization RandomRotation RandomSaturation RandomSharpness RandomShear
    RandomTranslation RandomZoom RandomHeight RandomWidth MixUp CutMix RandAugment AugMix RandomCrop Solarization Pipeline""")
_table["experimental"] = "keras.layers"


def serialize(layer):
    from keras.src.serialization import serialize_keras_object
    return serialize_keras_object(layer)


def deserialize(config, custom_objects=None):
    from keras.src.serialization import deserialize_keras_object
    return deserialize_keras_object(config, custom_objects=custom_objects)


__getattr__, __dir__ = lazy_module("keras.layers", _table)
