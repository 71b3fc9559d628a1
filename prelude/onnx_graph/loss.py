"""Losses as operators: their inference meaning is a number like any other."""
from keras.src.tensor import cast, dims, dtype_of, op, reshape, static_shape, to_tensor
from onnx_graph.context import now


def _picked(scores, target, weight, ignore_index, reduction):
    """The negated scores of the target classes (axis 1), weighted and reduced."""
    kind, count = dtype_of(scores), static_shape(scores)[1]
    hot = op("one_hot", [target], depth=count, axis=1, to=kind)
    factor = hot
    if weight is not None:
        factor = op("mul", [hot, reshape(to_tensor(weight), [-1] + [1] * (len(static_shape(scores)) - 2))])
    if ignore_index is not None:
        live = op("not_equal", [target, to_tensor(ignore_index, dtype_of(target))])
        sizes = list(dims(target))
        factor = op("mul", [factor, cast(reshape(live, [sizes[0], 1] + sizes[1:]), kind)])
    losses = op("neg", [op("reduce_sum", [op("mul", [factor, scores])], axes=[1], keepdims=False)])
    if reduction == "none":
        return losses
    axes = list(range(len(static_shape(losses))))
    total = op("reduce_sum", [losses], axes=axes, keepdims=False)
    if reduction == "sum":
        return total
    share = op("reduce_sum", [factor], axes=list(range(len(static_shape(factor)))), keepdims=False)
    return op("div", [total, share])


def NegativeLogLikelihoodLoss(x, target, weight=None, *, ignore_index=None, reduction="mean"):
    return _picked(to_tensor(x), to_tensor(target), weight, ignore_index, reduction)


def SoftmaxCrossEntropyLoss(scores, target, weight=None, *, ignore_index=None, reduction="mean"):
    logs = op("log_softmax", [to_tensor(scores)], axis=1)
    loss = _picked(logs, to_tensor(target), weight, ignore_index, reduction)
    return [loss, logs][:max(now.results, 1)]
