#!/usr/bin/env python3
"""MelSpectrogram and STFTSpectrogram against real Keras, argument by argument. (A window in STFTSpectrogram needs scipy in Keras; its kernels are stored.)"""
import os
import pathlib
import tempfile

os.environ.update(TF_CPP_MIN_LOG_LEVEL="3", CUDA_VISIBLE_DEVICES="-1", KERAS_BACKEND="tensorflow")
import keras  # noqa: E402
import numpy as np  # noqa: E402

from check import check, finish, kedge  # noqa: E402

STFT = [dict(mode=mode, frame_length=16, frame_step=8) for mode in ("log", "magnitude", "psd", "real", "imag", "angle", "stft")]
STFT += [dict(mode="magnitude", frame_length=20, fft_length=32, padding="same"), dict(mode="psd", frame_length=16, expand_dims=True)]
MEL = [dict(fft_length=64, sequence_stride=16, num_mel_bins=10, **more) for more in (
    {}, dict(power_to_db=False), dict(mag_exp=1.0, top_db=20.0), dict(sequence_length=40, window="hamming"), dict(min_freq=100.0, max_freq=3000.0, ref_power=2.0),
    dict(sampling_rate=8000, window=None))]


def compare(layer, shape, folder):
    what = f"{type(layer).__name__} {layer.get_config()}"
    inputs = keras.Input(shape)
    model = keras.Model(inputs, layer(inputs))
    x = np.random.default_rng(5).normal(size=(2, *shape)).astype("float32")
    want = np.asarray(model(x))
    model.save(folder / "model.keras")
    np.savez(folder / "in.npz", x)
    p = kedge("run", folder / "model.keras", "--input", folder / "in.npz", "-o", folder / "out.npz", "--force")
    if not check(p.returncode == 0, f"{what}: {p.stderr[:300]}"):
        return
    got = np.load(folder / "out.npz")["arr_0"]
    far = float(np.max(np.abs(got - want))) if got.shape == want.shape else None
    check(far is not None and far <= 1e-4 * max(1.0, float(np.abs(want).max())), f"{what}: {got.shape} for {want.shape}, {far} away")


def main():
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(temporary)
        for options in STFT:
            compare(keras.layers.STFTSpectrogram(window=None, **options), (100, 2), folder)
        for options in MEL:
            compare(keras.layers.MelSpectrogram(**options), (300,), folder)
    finish()


if __name__ == "__main__":
    main()
