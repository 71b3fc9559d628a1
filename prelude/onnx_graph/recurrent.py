"""RNN, GRU and LSTM, step by step over a static number of steps."""
from keras.src.tensor import cast, dims, dtype_of, op, reshape, static_shape, to_tensor
from onnx_graph import arithmetic
from onnx_graph.context import refuse


def _act(name, alpha, beta):
    kind = name.lower()
    simple = {"sigmoid": "sigmoid", "tanh": "tanh", "relu": "relu", "softsign": "softsign", "softplus": "softplus"}
    if kind in simple:
        return lambda x: op(simple[kind], [x])
    if kind == "affine":
        return lambda x: op("add", [op("mul", [x, arithmetic.number(alpha, x)]), arithmetic.number(beta, x)])
    if kind == "hardsigmoid":
        return lambda x: arithmetic.HardSigmoid(x, alpha=0.2 if alpha is None else alpha, beta=0.5 if beta is None else beta)
    if kind == "leakyrelu":
        return lambda x: arithmetic.LeakyRelu(x, alpha=0.01 if alpha is None else alpha)
    if kind == "elu":
        return lambda x: arithmetic.Elu(x, alpha=1.0 if alpha is None else alpha)
    if kind == "thresholdedrelu":
        return lambda x: arithmetic.ThresholdedRelu(x, alpha=1.0 if alpha is None else alpha)
    if kind == "scaledtanh":
        return lambda x: op("mul", [op("tanh", [op("mul", [x, arithmetic.number(beta, x)])]), arithmetic.number(alpha, x)])
    return refuse(name, "is an activation that kedge does not know")


def _row(x, i):
    """x[i] of a tensor."""
    sizes = dims(x)
    return reshape(op("slice", [x], begin=[i] + [0] * (len(sizes) - 1), end=[i + 1] + list(sizes[1:]), strides=[1] * len(sizes)), sizes[1:])


def _parts(x, count):
    """The last axis in equal pieces."""
    sizes = dims(x)
    step = sizes[-1] // count
    rank = len(sizes)
    return [op("slice", [x], begin=[0] * (rank - 1) + [i * step], end=list(sizes[:-1]) + [(i + 1) * step], strides=[1] * rank) for i in range(count)]


def _matmul(x, w):
    return op("matmul", [x, w], transpose_a=False, transpose_b=True)


def _run(x, w, r, b, lengths, starts, step, attributes, hidden, layout, gates):
    """All directions; the results per step [steps, directions, batch, hidden] and the last states."""
    x = to_tensor(x)
    if layout:
        x = op("transpose", [x], perm=[1, 0, 2])
        starts = [None if s is None else op("transpose", [to_tensor(s)], perm=[1, 0, 2]) for s in starts]
    steps = static_shape(x)[0]
    if steps is None:
        refuse("recurrent operator", "needs a static number of steps", "give it with --shape")
    batch = dims(x)[1]
    direction = attributes.get("direction", "forward")
    ways = {"forward": [False], "reverse": [True], "bidirectional": [False, True]}[direction]
    kind = dtype_of(x)
    limit = None if lengths is None else reshape(cast(to_tensor(lengths), "int32"), [-1, 1])
    all_steps, lasts = [], []
    for d, backward in enumerate(ways):
        wd, rd = _row(to_tensor(w), d), _row(to_tensor(r), d)
        bd = op("broadcast_to", [to_tensor(0, kind)], shape=[2 * gates * hidden]) if b is None else _row(to_tensor(b), d)
        states = [op("broadcast_to", [to_tensor(0, kind)], shape=[batch, hidden]) if s is None else _row(to_tensor(s), d) for s in starts]
        outputs = [None] * steps
        for t in (range(steps - 1, -1, -1) if backward else range(steps)):
            new = step(_row(x, t), states, wd, rd, bd, d)
            if limit is not None:
                live = op("greater", [limit, to_tensor(t)])
                out = op("select", [live, new[0], to_tensor(0, kind)])
                new = [op("select", [live, n, s]) for n, s in zip(new, states)]
            else:
                out = new[0]
            states, outputs[t] = new, out
        all_steps.append(op("concat", [reshape(o, [1, 1] + list(dims(o))) for o in outputs], axis=0) if steps > 1 else
                         reshape(outputs[0], [1, 1] + list(dims(outputs[0]))))
        lasts.append(states)
    y = all_steps[0] if len(ways) == 1 else op("concat", all_steps, axis=1)
    final = []
    for k in range(len(starts)):
        rows = [reshape(s[k], [1] + list(dims(s[k]))) for s in lasts]
        final.append(rows[0] if len(rows) == 1 else op("concat", rows, axis=0))
    if layout:
        y = op("transpose", [y], perm=[2, 0, 1, 3])
        final = [op("transpose", [f], perm=[1, 0, 2]) for f in final]
    return [y] + final


def _functions(attributes, names, ways):
    alphas, betas = list(attributes.get("activation_alpha") or []), list(attributes.get("activation_beta") or [])
    chosen = attributes.get("activations") or names * ways
    takes = {"affine": 2, "hardsigmoid": 2, "scaledtanh": 2, "leakyrelu": 1, "elu": 1, "thresholdedrelu": 1}
    result = []
    for name in chosen:
        count = takes.get(name.lower(), 0)
        result.append(_act(name, alphas.pop(0) if count and alphas else None, betas.pop(0) if count == 2 and betas else None))
    return result


def _clipped(x, limit):
    if limit is None:
        return x
    return op("min", [op("max", [x, arithmetic.number(-limit, x)]), arithmetic.number(limit, x)])


def RNN(x, w, r, b=None, lengths=None, h=None, *, hidden_size=None, layout=0, clip=None, **attributes):
    hidden = static_shape(to_tensor(r))[-1]
    ways = 2 if attributes.get("direction") == "bidirectional" else 1
    acts = _functions(attributes, ["Tanh"], ways)

    def step(xt, states, wd, rd, bd, d):
        bias = op("add", _parts(bd, 2))
        total = op("add", [op("add", [_matmul(xt, wd), _matmul(states[0], rd)]), bias])
        return [acts[d](_clipped(total, clip))]

    return _run(x, w, r, b, lengths, [h], step, attributes, hidden, layout, 1)


def GRU(x, w, r, b=None, lengths=None, h=None, *, hidden_size=None, layout=0, clip=None, linear_before_reset=0, **attributes):
    hidden = static_shape(to_tensor(r))[-1]
    ways = 2 if attributes.get("direction") == "bidirectional" else 1
    acts = _functions(attributes, ["Sigmoid", "Tanh"], ways)

    def step(xt, states, wd, rd, bd, d):
        f, g = acts[2 * d], acts[2 * d + 1]
        old = states[0]
        wb, rb = _parts(bd, 2)
        xz, xr, xh = _parts(op("add", [_matmul(xt, wd), wb]), 3)
        rows = dims(rd)[1]
        rz_r = op("slice", [rd], begin=[0, 0], end=[2 * hidden, rows], strides=[1, 1])
        rh = op("slice", [rd], begin=[2 * hidden, 0], end=[3 * hidden, rows], strides=[1, 1])
        rbz, rbr, rbh = _parts(rb, 3)
        hz, hr = _parts(_matmul(old, rz_r), 2)
        z = f(_clipped(op("add", [op("add", [xz, hz]), rbz]), clip))
        reset = f(_clipped(op("add", [op("add", [xr, hr]), rbr]), clip))
        if linear_before_reset:
            inner = op("mul", [reset, op("add", [_matmul(old, rh), rbh])])
        else:
            inner = op("add", [_matmul(op("mul", [reset, old]), rh), rbh])
        new = g(_clipped(op("add", [xh, inner]), clip))
        return [op("add", [op("mul", [op("sub", [arithmetic.number(1, z), z]), new]), op("mul", [z, old])])]

    return _run(x, w, r, b, lengths, [h], step, attributes, hidden, layout, 3)


def LSTM(x, w, r, b=None, lengths=None, h=None, c=None, p=None, *, hidden_size=None, layout=0, clip=None, input_forget=0, **attributes):
    hidden = static_shape(to_tensor(r))[-1]
    ways = 2 if attributes.get("direction") == "bidirectional" else 1
    acts = _functions(attributes, ["Sigmoid", "Tanh", "Tanh"], ways)

    def step(xt, states, wd, rd, bd, d):
        f, g, last = acts[3 * d], acts[3 * d + 1], acts[3 * d + 2]
        old, cell = states
        bias = op("add", _parts(bd, 2))
        i, o, forget, new = _parts(op("add", [op("add", [_matmul(xt, wd), _matmul(old, rd)]), bias]), 4)
        peep = [None] * 3 if p is None else _parts(_row(to_tensor(p), d), 3)

        def look(gate, k, state):
            return gate if peep[k] is None else op("add", [gate, op("mul", [peep[k], state])])

        i = f(_clipped(look(i, 0, cell), clip))
        forget = op("sub", [arithmetic.number(1, i), i]) if input_forget else f(_clipped(look(forget, 2, cell), clip))
        cell = op("add", [op("mul", [forget, cell]), op("mul", [i, g(_clipped(new, clip))])])
        o = f(_clipped(look(o, 1, cell), clip))
        return [op("mul", [o, last(cell)]), cell]

    return _run(x, w, r, b, lengths, [h, c], step, attributes, hidden, layout, 4)
