"""Layers that spread an image's values over their range by rules of its own values."""
import numpy as np
from keras.layers.preprocessing import _RandomImage
from keras.src.layer import Layer
from keras.src.ops import creation as cr
from keras.src.ops import elementwise as el
from keras.src.ops import nn
from keras.src.ops import reduce as red
from keras.src.ops import shape as sh
from keras.src.settings import keep
from keras.src.tensor import cast, dims, dtype_of, op, refuse, reshape, static_shape, to_tensor


def _value_range(x, source, target):
    """Values of one range moved to another."""
    (low, high), (to_low, to_high) = source, target
    return el.add(el.multiply(el.divide(el.subtract(x, low), high - low), to_high - to_low), to_low)


class AutoContrast(Layer):
    """Stretches every channel of an image to the whole range; channels of one value stay."""

    def __init__(self, value_range=(0, 255), data_format=None, **kwargs):
        super().__init__(**kwargs)
        keep(self, locals(), "data_format")
        self.value_range = sorted(value_range)

    def call(self, images, training=True):
        original = cast(to_tensor(images), self.compute_dtype)
        x = _value_range(original, self.value_range, (0, 255))
        rank = len(static_shape(x))
        axes = [rank - 3, rank - 2]
        low, high = red.min(x, axis=axes, keepdims=True), red.max(x, axis=axes, keepdims=True)
        scale = el.divide(255.0, el.subtract(high, low))
        y = el.clip(el.add(el.multiply(x, scale), el.multiply(el.negative(low), scale)), 0.0, 255.0)
        y = _value_range(y, (0, 255), self.value_range)
        return el.where(el.isnan(y), original, y)


class Equalization(_RandomImage):
    """Histograms are equalized in training only."""

    def call(self, inputs, training=False):
        if training:
            refuse("Equalization(training=True)", "it equalizes the histogram of a whole batch, which inference does not do")
        return super().call(inputs, False)


class ContrastLimitedAdaptiveHistogramEqualization(Layer):
    """Every tile's values through its own clipped cumulative histogram, blended between the four tiles around a pixel (Zuiderveld 1994)."""

    def __init__(self, value_range=(0, 255), clip_limit=4.0, tile_grid_size=(8, 8), data_format=None, **kwargs):
        super().__init__(**kwargs)
        keep(self, locals(), "value_range clip_limit tile_grid_size data_format")

    def call(self, images, training=True):
        images = to_tensor(images)
        single = len(static_shape(images)) == 3
        x, back = nn.last_channels(sh.expand_dims(images, 0) if single else images, self.data_format)
        y = self._equalized(self._moved(cast(x, "float32"), self.value_range, (0, 255)))
        y = back(cast(self._moved(y, (0, 255), self.value_range), dtype_of(images)))
        return sh.squeeze(y, axis=0) if single else y

    def _moved(self, x, source, target):
        return x if tuple(source) == tuple(target) else _value_range(x, source, target)

    def _equalized(self, x):
        batch, height, width, channels = dims(x)
        if not all(isinstance(n, int) for n in (height, width, channels)):
            refuse(type(self).__name__, "the image has no static size")
        rows, columns = self.tile_grid_size
        tile_rows, tile_columns = -(-height // rows), -(-width // columns)
        full = [(0, 0), (0, tile_rows * rows - height), (0, tile_columns * columns - width), (0, 0)]
        padded = sh.pad(x, full, mode="symmetric")
        level = el.clip(cast(padded, "int32"), 0, 255)
        tables = self._tables(level, batch, channels, (rows, tile_rows), (columns, tile_columns))
        down, right = self._neighbours(rows, tile_rows), self._neighbours(columns, tile_columns)
        line = channels * 256
        base = el.add(el.add(level, el.multiply(cr.arange(channels, dtype="int32"), 256)),
                      reshape(el.multiply(cr.arange(0, batch, dtype="int32"), line * (columns + 2) * (rows + 2)), [-1, 1, 1, 1]))

        def corner(vertical, horizontal):
            place = vertical.reshape(-1, 1, 1) * (line * (columns + 2)) + horizontal.reshape(1, -1, 1) * line
            return op("gather", [tables, el.add(base, to_tensor(place.astype("int32"), "int32"))], axis=0, batch_dims=0)

        across, along = right[2].reshape(1, 1, -1, 1), down[2].reshape(1, -1, 1, 1)
        top = el.add(el.multiply(corner(down[0], right[0]), 1.0 - across), el.multiply(corner(down[0], right[1]), across))
        bottom = el.add(el.multiply(corner(down[1], right[0]), 1.0 - across), el.multiply(corner(down[1], right[1]), across))
        y = el.add(el.multiply(top, 1.0 - along), el.multiply(bottom, along))
        return y[:, :height, :width, :]

    def _tables(self, level, batch, channels, vertical, horizontal):
        """The new value of each of 256 levels, tile by tile and flat; the tiles at the edge stand once more outside."""
        (rows, tile_rows), (columns, tile_columns) = vertical, horizontal
        tiles = sh.transpose(reshape(level, [batch, rows, tile_rows, columns, tile_columns, channels]), (0, 1, 3, 5, 2, 4))
        area = tile_rows * tile_columns
        counts = red.sum(nn.one_hot(reshape(tiles, [batch, rows, columns, channels, area]), 256), axis=-2)
        if self.clip_limit > 0:
            clipped = el.clip(counts, 0, np.float32(self.clip_limit * area / 256.0))
            counts = el.add(clipped, el.divide(red.sum(el.subtract(counts, clipped), axis=-1, keepdims=True), 256.0))
        running = red.cumsum(counts, axis=-1)
        least = red.min(running, axis=-1, keepdims=True)
        rest = el.subtract(float(area), least)
        rest = el.where(el.equal(rest, 0), 1.0, rest)
        tables = el.clip(el.divide(el.multiply(el.subtract(running, least), 255.0), rest), 0, 255)
        tables = sh.concatenate([tables[:, 0:1], tables, tables[:, -1:]], axis=1)
        tables = sh.concatenate([tables[:, :, 0:1], tables, tables[:, :, -1:]], axis=2)
        return reshape(tables, [-1])

    def _neighbours(self, count, size):
        """For every pixel of an axis: the tile before, the tile after (both counted with the edge's copy) and the share of the latter."""
        place = (np.arange(count * size).astype("float32") - np.float32(size / 2.0)) / np.float32(size) + np.float32(1.0)
        first = np.floor(place)
        low, high = np.clip(first, 0, count + 1), np.clip(first + 1, 0, count + 1)
        return low.astype("int64"), high.astype("int64"), (place - first).astype("float32")


class MaxNumBoundingBoxes(Layer):
    """As many boxes and labels as the setting says, cut or filled; images stay."""

    def __init__(self, max_number, fill_value=-1, data_format=None, **kwargs):
        super().__init__(**kwargs)
        self.max_number, self.fill_value = int(max_number), int(fill_value)

    def call(self, inputs, training=True):
        if not isinstance(inputs, dict) or "bounding_boxes" not in inputs:
            return inputs
        boxes = {**inputs["bounding_boxes"]}
        for key in ("boxes", "labels"):
            kept = to_tensor(boxes[key])[:, :self.max_number]
            more = max(0, self.max_number - dims(kept)[1])
            boxes[key] = sh.pad(kept, [(0, 0), (0, more)] + [(0, 0)] * (len(static_shape(kept)) - 2), constant_values=self.fill_value)
        return {**inputs, "bounding_boxes": boxes}
