"""Boxes of `tf.image`: regions cut out and scaled, and overlaps suppressed where the size of the result does not depend on the values."""
import numpy as np
from keras.src.ops import control
from keras.src.ops import creation as cr
from keras.src.ops import elementwise as el
from keras.src.ops import reduce as red
from keras.src.ops import shape as sh
from keras.src.tensor import cast, dims, op, refuse, reshape, static_shape, to_int, to_tensor
from tensorflow._dtypes import tensor


def _places(low, high, length, count):
    """Where `count` samples between two relative ends lie on an axis of `length` elements: [boxes, count]."""
    if count == 1:
        return el.multiply(sh.expand_dims(el.add(low, high), 1), 0.5 * (length - 1))
    step = el.divide(el.multiply(el.subtract(high, low), float(length - 1)), float(count - 1))
    line = to_tensor(np.arange(count).reshape(1, -1), "float32")
    return el.add(el.multiply(sh.expand_dims(low, 1), float(length - 1)), el.multiply(line, sh.expand_dims(step, 1)))


def crop_and_resize(image=None, boxes=None, box_indices=None, crop_size=None, method="bilinear", extrapolation_value=0.0, name=None, box_ind=None):
    """[boxes, crop height, crop width, channels], float32; boxes are [y1, x1, y2, x2] relative to the image's corner centres."""
    x, boxes = cast(tensor(image), "float32"), cast(tensor(boxes), "float32")
    which = cast(tensor(box_indices if box_ind is None else box_ind), "int32")
    rows, columns = [to_int(n, "crop_size") for n in (crop_size if isinstance(crop_size, (list, tuple)) else np.asarray(crop_size).tolist())]
    _, height, width, channels = static_shape(x)
    if height is None or width is None:
        refuse("tf.image.crop_and_resize", "the images have no static size")
    y1, x1, y2, x2 = [boxes[:, i] for i in range(4)]
    ys, xs = _places(y1, y2, height, rows), _places(x1, x2, width, columns)
    flat = reshape(x, [-1, channels])
    base = el.multiply(reshape(which, [-1, 1, 1]), height * width)

    def pick(row, column):
        inner = el.add(el.multiply(sh.expand_dims(cast(_within(row, height), "int32"), 2), width),
                       sh.expand_dims(cast(_within(column, width), "int32"), 1))
        return op("gather", [flat, el.add(base, inner)], axis=0, batch_dims=0)

    if method == "nearest":
        found = pick(el.floor(el.add(ys, 0.5)), el.floor(el.add(xs, 0.5)))
    else:
        top, left = el.floor(ys), el.floor(xs)
        down, right = reshape(el.subtract(ys, top), [-1, rows, 1, 1]), reshape(el.subtract(xs, left), [-1, 1, columns, 1])
        upper = _between(pick(top, left), pick(top, el.ceil(xs)), right)
        lower = _between(pick(el.ceil(ys), left), pick(el.ceil(ys), el.ceil(xs)), right)
        found = _between(upper, lower, down)
    inside = op("logical_and", [sh.expand_dims(_inside(ys, height), 2), sh.expand_dims(_inside(xs, width), 1)])
    return op("select", [sh.expand_dims(inside, 3), found, to_tensor(float(extrapolation_value), "float32")])


def _between(a, b, share):
    return el.add(a, el.multiply(el.subtract(b, a), share))


def _within(place, length):
    return el.minimum(el.maximum(place, 0.0), float(length - 1))


def _inside(place, length):
    return op("logical_and", [el.greater_equal(place, 0.0), el.less_equal(place, float(length - 1))])


def _overlap(box, boxes):
    """Intersection over union of one box and each of several, over any leading axes."""

    def ends(b):
        return [el.minimum(b[..., 0], b[..., 2]), el.minimum(b[..., 1], b[..., 3]), el.maximum(b[..., 0], b[..., 2]),
                el.maximum(b[..., 1], b[..., 3])]

    top, left, bottom, right = ends(box)
    tops, lefts, bottoms, rights = ends(boxes)
    size = el.multiply(el.subtract(bottom, top), el.subtract(right, left))
    sizes = el.multiply(el.subtract(bottoms, tops), el.subtract(rights, lefts))
    height = el.maximum(el.subtract(el.minimum(bottom, bottoms), el.maximum(top, tops)), 0.0)
    width = el.maximum(el.subtract(el.minimum(right, rights), el.maximum(left, lefts)), 0.0)
    shared = el.multiply(height, width)
    empty = el.logical_or(el.less_equal(size, 0.0), el.less_equal(sizes, 0.0))
    union = el.subtract(el.add(size, sizes), shared)
    return el.where(empty, 0.0, el.divide(shared, el.where(empty, 1.0, union)))


def _suppressed(boxes, scores, count, iou_threshold, score_threshold):
    """Greedy suppression over any leading axes: the indices [..., count] of the chosen boxes, best first, and whether each is one."""
    lowest = -3.4028234663852886e38
    alive = el.where(el.greater(scores, max(float(score_threshold), lowest)), scores, lowest)
    lead, n = list(dims(scores))[:-1], dims(scores)[-1]
    line = to_tensor(np.arange(count), "int32")
    start = [to_tensor(0, "int32"), alive, cr.zeros(lead + [count], "int32"), cr.zeros(lead + [count], "bool")]

    def step(i, alive, chosen, real):
        best = op("argmax", [alive], axis=len(lead), keepdims=True, to="int32")
        some = el.greater(red.max(alive, axis=-1, keepdims=True), lowest)
        box = sh.take_along_axis(boxes, sh.expand_dims(best, -1), axis=-2)
        gone = el.logical_or(el.greater(_overlap(box, boxes), float(iou_threshold)), el.equal(cr.arange(0, n, dtype="int32"), best))
        here = el.equal(line, i)
        return [el.add(i, 1), el.where(gone, lowest, alive), el.where(here, el.where(some, best, 0), chosen),
                el.logical_or(real, el.logical_and(here, some))]

    _, _, chosen, real = control.while_loop(lambda i, *rest: el.less(i, count), step, start)
    return chosen, real


def non_max_suppression(*args, **kwargs):
    refuse("tf.image.non_max_suppression", "the result's size depends on the values; tf.image.non_max_suppression_padded with "
                                           "pad_to_max_output_size=True has a size of its own")


non_max_suppression_with_scores = non_max_suppression_overlaps = non_max_suppression


def non_max_suppression_padded(boxes, scores, max_output_size, iou_threshold=0.5, score_threshold=float("-inf"), pad_to_max_output_size=False,
                               name=None, sorted_input=False, canonicalized_coordinates=False, tile_size=512):
    if not pad_to_max_output_size:
        refuse("tf.image.non_max_suppression_padded", "without pad_to_max_output_size=True the result's size depends on the values")
    boxes, scores = cast(tensor(boxes), "float32"), cast(tensor(scores), "float32")
    chosen, real = _suppressed(boxes, scores, to_int(max_output_size, "max_output_size"), iou_threshold, score_threshold)
    return chosen, red.sum(cast(real, "int32"), axis=-1)


def combined_non_max_suppression(boxes, scores, max_output_size_per_class, max_total_size, iou_threshold=0.5, score_threshold=float("-inf"),
                                 pad_per_class=False, clip_boxes=True, name=None):
    """Each class by itself, then the best of all classes: boxes [N, total, 4], scores, classes [N, total], counts [N]."""
    boxes, scores = sh.transpose(tensor(boxes), [0, 2, 1, 3]), sh.transpose(tensor(scores), [0, 2, 1])
    batch, classes, n = dims(scores)
    per_class = min(to_int(max_output_size_per_class, "max_output_size_per_class"), to_int(n, "the number of boxes"))
    total = to_int(max_total_size, "max_total_size")
    if pad_per_class:
        total = min(total, to_int(max_output_size_per_class, "max_output_size_per_class") * classes)
    boxes = op("broadcast_to", [boxes], shape=[batch, classes, n, 4])
    chosen, real = _suppressed(boxes, scores, per_class, iou_threshold, score_threshold)
    lowest = -3.4028234663852886e38
    found = el.where(real, sh.take_along_axis(scores, chosen, axis=-1), lowest)
    places = sh.take_along_axis(boxes, sh.expand_dims(chosen, -1), axis=2)
    count = classes * per_class
    found, places = reshape(found, [batch, count]), reshape(places, [batch, count, 4])
    kept = min(total, count)
    best, order = red.top_k(found, kept)
    valid = el.greater(best, lowest)
    rest = [(0, 0), (0, total - kept)]
    picked = op("gather", [places, order], axis=1, batch_dims=1)
    if clip_boxes:
        picked = el.clip(picked, 0.0, 1.0)
    kinds = cast(el.floor_divide(order, per_class), "float32")
    return (sh.pad(el.where(sh.expand_dims(valid, -1), picked, 0.0), rest + [(0, 0)]), sh.pad(el.where(valid, best, 0.0), rest),
            sh.pad(el.where(valid, kinds, 0.0), rest), red.sum(cast(valid, "int32"), axis=-1))
