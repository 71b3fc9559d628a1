"""`keras.utils.bounding_boxes`: boxes from one form to another, their overlap, and their differences from anchors."""
import math

from keras import ops
from keras.src.tensor import static_shape, to_tensor

EPSILON = 1e-7  # of keras.config


def _sides(boxes):
    return [boxes[..., i:i + 1] for i in range(4)]


def _from_corner(a, b, c, d):
    return a, b, a + c, b + d


def _to_corner(left, top, right, bottom):
    return left, top, right - left, bottom - top


def _from_center(x, y, width, height):
    return x - width / 2.0, y - height / 2.0, x + width / 2.0, y + height / 2.0


def _to_center(left, top, right, bottom):
    width, height = right - left, bottom - top
    return left + width / 2.0, top + height / 2.0, width, height


def _turned(a, b, c, d):
    return b, a, d, c


# How each form becomes left, top, right, bottom, and how it is made of them.
_FORMS = {
    "xyxy": (lambda *b: b, lambda *b: b),
    "yxyx": (_turned, _turned),
    "xywh": (_from_corner, _to_corner),
    "center_xywh": (_from_center, _to_center),
    "center_yxhw": (lambda *b: _from_center(*_turned(*b)), lambda *b: _turned(*_to_center(*b))),
}
_KNOWN = set(_FORMS) | {f"rel_{name}" for name in ("xyxy", "yxyx", "xywh", "center_xywh")}


def convert_format(boxes, source, target, height=None, width=None, dtype="float32"):
    if isinstance(boxes, dict):
        boxes["boxes"] = convert_format(boxes["boxes"], source, target, height, width, dtype)
        return boxes
    source, target = source.lower(), target.lower()
    if source not in _KNOWN or target not in _KNOWN:
        raise ValueError(f"Invalid source or target format: {source!r}, {target!r}")
    from_share, to_share = source.startswith("rel_"), target.startswith("rel_")
    if (from_share or to_share) and (height is None or width is None):
        raise ValueError("convert_format() must receive `height` and `width` transforming between relative and absolute formats.")
    boxes = ops.cast(boxes, dtype)
    if source == target:
        return boxes
    sides = _FORMS[source.replace("rel_", "")][0](*_sides(boxes))
    if from_share != to_share:
        sizes = [ops.cast(n, dtype) for n in (width, height, width, height)]
        sides = [side / size if to_share else side * size for side, size in zip(sides, sizes)]
    return ops.concatenate(_FORMS[target.replace("rel_", "")][1](*sides), axis=-1)


def _area(boxes):
    left, top, right, bottom = _sides(boxes)
    return (right - left) * (bottom - top)


def clip_to_image_size(bounding_boxes, height=None, width=None, bounding_box_format="xyxy"):
    if bounding_box_format not in ("xyxy", "rel_xyxy"):
        raise NotImplementedError(f"clip_to_image_size with the format {bounding_box_format}")
    if bounding_box_format == "xyxy" and (height is None or width is None):
        raise ValueError("`height` and `width` must be set if `format='xyxy'`.")
    share = bounding_box_format == "rel_xyxy"
    limits = [1.0] * 4 if share else [width, height, width, height]
    boxes = to_tensor(bounding_boxes["boxes"])
    boxes = ops.concatenate([ops.clip(side, 0, limit) for side, limit in zip(_sides(boxes), limits)], axis=-1)
    result = {**bounding_boxes, "boxes": boxes}
    if bounding_boxes.get("labels") is not None:
        result["labels"] = ops.where(ops.squeeze(_area(boxes), axis=-1) > 0, bounding_boxes["labels"], -1)
    return result


def crop(boxes, top, left, height, width, bounding_box_format="xyxy"):
    if bounding_box_format != "xyxy":
        raise NotImplementedError(f"crop with the format {bounding_box_format}")
    x1, y1, x2, y2 = _sides(to_tensor(boxes))
    sides = [ops.clip(x1 - left, 0, width), ops.clip(y1 - top, 0, height), ops.clip(x2 - left, 0, width), ops.clip(y2 - top, 0, height)]
    return ops.concatenate(sides, axis=-1)


def pad(boxes, top, left, height=None, width=None, bounding_box_format="xyxy"):
    if bounding_box_format != "xyxy":
        raise NotImplementedError(f"pad with the format {bounding_box_format}")
    x1, y1, x2, y2 = _sides(to_tensor(boxes))
    return ops.concatenate([x1 + left, y1 + top, x2 + left, y2 + top], axis=-1)


def _setting(name, encoding, variance, image_shape):
    if variance is not None:
        variance = ops.convert_to_tensor(variance, "float32")
        if static_shape(variance)[-1] != 4:
            raise ValueError(f"`variance` must be length 4, got {variance}")
    if encoding not in ("center_xywh", "center_yxhw"):
        raise ValueError(f"`{name}` should be one of 'center_xywh' or 'center_yxhw', got {encoding}")
    height, width = (None, None) if image_shape is None else image_shape[:2]
    return variance, height, width


def encode_box_to_deltas(anchors, boxes, anchor_format, box_format, encoding_format="center_yxhw", variance=None, image_shape=None):
    variance, height, width = _setting("encoding_format", encoding_format, variance, image_shape)
    anchors = convert_format(anchors, anchor_format, encoding_format, height, width)
    boxes = convert_format(boxes, box_format, encoding_format, height, width)
    sizes, wanted = ops.maximum(anchors[..., 2:], EPSILON), ops.maximum(boxes[..., 2:], EPSILON)
    deltas = ops.concatenate([(boxes[..., :2] - anchors[..., :2]) / sizes, ops.log(wanted / sizes)], axis=-1)
    return deltas if variance is None else deltas / variance


def decode_deltas_to_boxes(anchors, boxes_delta, anchor_format, box_format, encoded_format="center_yxhw", variance=None, image_shape=None):
    variance, height, width = _setting("encoded_format", encoded_format, variance, image_shape)

    def decode(anchor, delta):
        anchor = convert_format(anchor, anchor_format, encoded_format, height, width)
        delta = delta if variance is None else delta * variance
        box = ops.concatenate([delta[..., :2] * anchor[..., 2:] + anchor[..., :2], ops.exp(delta[..., 2:]) * anchor[..., 2:]], axis=-1)
        return convert_format(box, encoded_format, box_format, height, width)

    if isinstance(anchors, dict) and isinstance(boxes_delta, dict):
        return {level: decode(anchor, boxes_delta[level]) for level, anchor in anchors.items()}
    return decode(anchors, boxes_delta)


def _pair(boxes1, boxes2, bounding_box_format, image_shape, wanted="xyxy"):
    if bounding_box_format.startswith("rel") and image_shape is None:
        raise ValueError("When using relative bounding box formats (e.g. `rel_yxyx`) the `image_shape` argument must be provided.")
    height, width = (None, None) if image_shape is None else image_shape[:2]
    return [convert_format(boxes, bounding_box_format, wanted, height, width) for boxes in (boxes1, boxes2)]


def compute_iou(boxes1, boxes2, bounding_box_format, use_masking=False, mask_val=-1, image_shape=None):
    """Every box of the first with every box of the second."""
    ranks = [len(static_shape(to_tensor(boxes))) for boxes in (boxes1, boxes2)]
    if any(rank not in (2, 3) for rank in ranks):
        raise ValueError(f"compute_iou() expects boxes of rank 2 or 3, got {ranks}")
    first, second = _pair(boxes1, boxes2, bounding_box_format, image_shape)
    x1, y1, x2, y2 = _sides(first)
    across = [ops.swapaxes(side, -1, -2) for side in _sides(second)]
    height = ops.maximum(0.0, ops.minimum(y2, across[3]) - ops.maximum(y1, across[1]))
    width = ops.maximum(0.0, ops.minimum(x2, across[2]) - ops.maximum(x1, across[0]))
    shared = height * width
    union = _area(first) + ops.swapaxes(_area(second), -1, -2) - shared
    found = shared / (union + EPSILON)
    if not use_masking:
        return found
    absent = [ops.less(ops.max(boxes, axis=-1, keepdims=True), 0.0) for boxes in (first, second)]
    return ops.where(ops.logical_or(absent[0], ops.swapaxes(absent[1], -1, -2)), ops.cast(mask_val, "float32"), found)


def compute_ciou(boxes1, boxes2, bounding_box_format, image_shape=None):
    """The overlap less the distance of the centres and the difference of the aspects (Zheng et al. 2020); boxes pairwise."""
    if "rel" in bounding_box_format:
        raise ValueError("When using relative bounding box formats (e.g. `rel_yxyx`) the `image_shape` argument must be provided.")
    first, second = _pair(boxes1, boxes2, bounding_box_format, image_shape)
    (left1, top1, right1, bottom1), (left2, top2, right2, bottom2) = _sides(first), _sides(second)
    width1, width2 = right1 - left1, right2 - left2
    height1, height2 = bottom1 - top1 + EPSILON, bottom2 - top2 + EPSILON
    shared = (ops.maximum(ops.minimum(right1, right2) - ops.maximum(left1, left2), 0) *
              ops.maximum(ops.minimum(bottom1, bottom2) - ops.maximum(top1, top2), 0))
    union = width1 * height1 + width2 * height2 - shared + EPSILON
    iou = shared / (union + EPSILON)
    hull = ops.square(ops.maximum(right1, right2) - ops.minimum(left1, left2)) + ops.square(
        ops.maximum(bottom1, bottom2) - ops.minimum(top1, top2)) + EPSILON
    apart = ops.square((left1 + right1) / 2 - (left2 + right2) / 2) + ops.square((top1 + bottom1) / 2 - (top2 + bottom2) / 2)
    aspect = 4 / math.pi ** 2 * ops.square(ops.arctan(width2 / height2) - ops.arctan(width1 / height1))
    share = aspect / (aspect - iou + (1 + EPSILON))
    return ops.squeeze(iou - (apart / hull + aspect * share), axis=-1)


def __getattr__(name):
    from keras.src.unused import unused
    return unused("keras.utils.bounding_boxes", name)
