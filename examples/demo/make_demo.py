#!/usr/bin/env python3
"""Makes the demo's model and data with real Keras. The results are in the repository; run this only to make them anew.

    build/venv/bin/python examples/demo/make_demo.py

The task is small but honest: tell a circle, a square, a triangle and a cross apart, drawn anywhere, in any colour and size, over noise.
Writes model.keras, calib.npz (samples to calibrate on), test.npz (inputs), labels.npz, golden.npz (what Keras answers on test.npz), and
request.json with answer.json: the first test image as a predict request, and Keras' answer to it.
"""
import json
import os
import pathlib

os.environ.update(TF_CPP_MIN_LOG_LEVEL="3", CUDA_VISIBLE_DEVICES="-1")
import keras
import numpy as np
from layers import CustomConvLayer

HERE = pathlib.Path(__file__).parent
SIZE, CLASSES = 32, 4
EPOCHS, BATCH = 24, 64


def draw(rng, label):
    """One image of SIZE x SIZE x 3 in [0, 1] with the shape `label`."""
    y, x = np.mgrid[0:SIZE, 0:SIZE].astype(np.float32)
    radius = rng.uniform(5, 10)
    cy, cx = rng.uniform(radius + 1, SIZE - radius - 1, 2)
    dy, dx = (y - cy) / radius, (x - cx) / radius
    angle = rng.uniform(-0.4, 0.4)
    dy, dx = dy * np.cos(angle) - dx * np.sin(angle), dy * np.sin(angle) + dx * np.cos(angle)
    if label == 0:
        inside = dy**2 + dx**2 < 1
    elif label == 1:
        inside = np.maximum(abs(dy), abs(dx)) < 0.85
    elif label == 2:
        inside = (dy < 0.8) & (dy > 1.8 * abs(dx) - 0.9)
    else:
        inside = (np.minimum(abs(dy), abs(dx)) < 0.3) & (np.maximum(abs(dy), abs(dx)) < 1)
    background, colour = rng.uniform(0, 1, 3), rng.uniform(0, 1, 3)
    while abs(background - colour).sum() < 0.6:
        colour = rng.uniform(0, 1, 3)
    image = np.where(inside[..., None], colour, background) + rng.normal(0, 0.08, (SIZE, SIZE, 3))
    return np.clip(image, 0, 1).astype(np.float32)


def make_data(seed, count):
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, CLASSES, count)
    return np.stack([draw(rng, label) for label in labels]), labels.astype(np.int32)


def make_model():
    inputs = keras.Input((SIZE, SIZE, 3), name="image")
    x = CustomConvLayer(16, 3, strides=2, gate=False, name="stem")(inputs)
    x = CustomConvLayer(24, 3, strides=2, name="block1")(x)
    x = CustomConvLayer(32, 3, name="block2")(x)
    x = keras.layers.MaxPooling2D(2)(x)
    x = CustomConvLayer(48, 3, name="block3")(x)
    x = keras.layers.GlobalAveragePooling2D()(x)
    return keras.Model(inputs, keras.layers.Dense(CLASSES, activation="softmax", name="shape")(x), name="shapes")


def main():
    keras.utils.set_random_seed(7)
    images, labels = make_data(1, 8000)
    model = make_model()
    steps = EPOCHS * len(images) // BATCH
    rate = keras.optimizers.schedules.CosineDecay(4e-3, steps)
    model.compile(keras.optimizers.Adam(rate), "sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(images, labels, batch_size=BATCH, epochs=EPOCHS, verbose=2)
    test_images, test_labels = make_data(2, 130)
    answers = model.predict(test_images, verbose=0)
    print("accuracy on test.npz:", (answers.argmax(1) == test_labels).mean())
    keras.models.Model(model.inputs, model.outputs, name="shapes").save(HERE / "model.keras")
    # Images travel as float16: they came from 8 bits of noise, and the files stay small.
    np.savez_compressed(HERE / "calib.npz", image=make_data(3, 64)[0].astype(np.float16))
    np.savez_compressed(HERE / "test.npz", image=test_images.astype(np.float16))
    model = keras.saving.load_model(HERE / "model.keras")
    golden = model.predict(test_images.astype(np.float16).astype(np.float32), verbose=0)
    np.savez(HERE / "golden.npz", arr_0=golden)
    np.savez(HERE / "labels.npz", arr_0=test_labels)
    (HERE / "request.json").write_text(json.dumps({"instances": test_images[:1].astype(np.float16).tolist()}) + "\n")
    (HERE / "answer.json").write_text(json.dumps({"predictions": golden[:1].tolist()}) + "\n")


if __name__ == "__main__":
    main()
