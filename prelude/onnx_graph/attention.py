"""Attention and rotary embeddings of opset 23."""
import numpy as np
from keras.src.tensor import cast, dims, dtype_of, op, reshape, static_shape, to_tensor
from onnx_graph.context import dtype_name, now


def _heads(x, count):
    """[batch, length, heads * size] as [batch, heads, length, size]."""
    if len(static_shape(x)) == 4:
        return x, False
    sizes = dims(x)
    return op("transpose", [reshape(x, [sizes[0], sizes[1], count, -1])], perm=[0, 2, 1, 3]), True


def Attention(q, k, v, mask=None, past_k=None, past_v=None, nonpad=None, *, is_causal=0, kv_num_heads=None, q_num_heads=None, qk_matmul_output_mode=0,
              scale=None, softcap=0.0, softmax_precision=None):
    q, flat = _heads(to_tensor(q), q_num_heads)
    k, _ = _heads(to_tensor(k), kv_num_heads)
    v, _ = _heads(to_tensor(v), kv_num_heads)
    past = 0
    if past_k is not None:
        past = static_shape(to_tensor(past_k))[2]
        k, v = op("concat", [to_tensor(past_k), k], axis=2), op("concat", [to_tensor(past_v), v], axis=2)
    kind = dtype_of(q)
    kept_k, kept_v = k, v
    times = static_shape(q)[1] // static_shape(k)[1]
    if times > 1:
        order = to_tensor(np.repeat(np.arange(static_shape(k)[1], dtype="int32"), times))
        k, v = (op("gather", [t, order], axis=1, batch_dims=0) for t in (k, v))
    factor = (1 / np.sqrt(static_shape(q)[-1]) if scale is None else scale) ** 0.5
    half = to_tensor(float(factor), kind)
    scores = op("matmul", [op("mul", [q, half]), op("mul", [k, half])], transpose_a=False, transpose_b=True)
    stages = {0: scores}
    rows, columns = static_shape(scores)[-2:]
    bias = None
    low = to_tensor(-np.inf, kind)
    if is_causal:
        keep = np.tril(np.ones((rows, columns), "bool"), past)
        bias = op("select", [to_tensor(keep), to_tensor(0.0, kind), low])
    if mask is not None:
        mask = to_tensor(mask)
        short = static_shape(mask)[-1]
        if dtype_of(mask) == "bool":
            mask = op("select", [mask, to_tensor(0.0, kind), low])
        if short != columns:
            rank = len(static_shape(mask))
            mask = op("pad", [mask], before=[0] * rank, after=[0] * (rank - 1) + [columns - short], mode="constant", value=float("-inf"))
        bias = cast(mask, kind) if bias is None else op("add", [cast(mask, kind), bias])
    if nonpad is not None:
        line = np.arange(columns, dtype="int64").reshape(1, 1, 1, -1)
        live = op("less", [to_tensor(line), reshape(to_tensor(nonpad), [-1, 1, 1, 1])])
        limit = op("select", [live, to_tensor(0.0, kind), low])
        bias = limit if bias is None else op("add", [bias, limit])
    if softcap:
        cap = to_tensor(softcap, kind)
        scores = op("mul", [op("tanh", [op("div", [scores, cap])]), cap])
    stages[1] = scores
    if bias is not None:
        scores = op("add", [scores, bias])
    stages[2] = scores
    exact = kind if softmax_precision is None else dtype_name(softmax_precision, "Attention")
    share = cast(op("softmax", [cast(scores, exact)], axis=3), kind)
    if bias is not None:  # a query that may look nowhere gets zeros
        dead = op("equal", [op("reduce_max", [scores], axes=[3], keepdims=True), low])
        share = op("select", [dead, to_tensor(0.0, kind), share])
    stages[3] = share
    y = op("matmul", [share, v], transpose_a=False, transpose_b=False)
    if flat:
        sizes = dims(y)
        y = reshape(op("transpose", [y], perm=[0, 2, 1, 3]), [sizes[0], sizes[2], -1])
    return [y, kept_k, kept_v, stages.get(qk_matmul_output_mode, scores)][:max(now.results, 1)]


def RotaryEmbedding(x, cos, sin, positions=None, *, interleaved=0, num_heads=0, rotary_embedding_dim=0):
    x = to_tensor(x)
    flat = len(static_shape(x)) == 3
    sizes = dims(x)
    if flat:
        x = reshape(x, [sizes[0], sizes[1], num_heads, -1])
    else:
        x = op("transpose", [x], perm=[0, 2, 1, 3])
    cos, sin = to_tensor(cos), to_tensor(sin)
    if positions is not None:
        cos, sin = (op("gather", [t, to_tensor(positions)], axis=0, batch_dims=0) for t in (cos, sin))
    shape = dims(x)
    size = rotary_embedding_dim or static_shape(x)[-1]

    def part(first, end, step=1):
        return op("slice", [x], begin=[0, 0, 0, first], end=list(shape[:3]) + [end], strides=[1, 1, 1, step])

    half = size // 2
    cos, sin = (reshape(op("slice", [t], begin=[0, 0, 0], end=list(dims(t))[:2] + [half], strides=[1, 1, 1]), list(dims(t))[:2] + [1, half]) for t in (cos, sin))
    a, b = (part(0, size, 2), part(1, size, 2)) if interleaved else (part(0, half), part(half, size))
    real = op("sub", [op("mul", [cos, a]), op("mul", [sin, b])])
    imag = op("add", [op("mul", [sin, a]), op("mul", [cos, b])])
    if interleaved:
        pieces = [reshape(t, list(dims(t)) + [1]) for t in (real, imag)]
        turned = reshape(op("concat", pieces, axis=4), list(shape[:3]) + [size])
    else:
        turned = op("concat", [real, imag], axis=3)
    y = turned if size == static_shape(x)[-1] else op("concat", [turned, part(size, static_shape(x)[-1])], axis=3)
    return reshape(y, sizes) if flat else op("transpose", [y], perm=[0, 2, 1, 3])
