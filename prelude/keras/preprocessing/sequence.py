"""`keras.preprocessing.sequence`."""
import numpy as np


def pad_sequences(sequences, maxlen=None, dtype="int32", padding="pre", truncating="pre", value=0.0):
    """Lists of different lengths as one array, cut and filled on the sides that the words say."""
    longest = max([len(row) for row in sequences]) if maxlen is None else maxlen
    rows = []
    for row in sequences:
        row = list(row)
        if len(row) > longest:
            row = row[-longest:] if truncating == "pre" else row[:longest]
        fill = [value] * (longest - len(row))
        rows.append(fill + row if padding == "pre" else row + fill)
    return np.array(rows).astype(dtype)


def __getattr__(name):
    from keras.src.unused import placeholder
    if name.startswith("_"):
        raise AttributeError(f"module 'keras.preprocessing.sequence' has no attribute '{name}'")
    return placeholder(f"keras.preprocessing.sequence.{name}")
