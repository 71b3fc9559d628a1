"""If, Loop and Scan: their bodies are functions of the values around them."""
from keras.src.ops import control as ct
from keras.src.ops.reduce import normalize_axis
from keras.src.tensor import cast, const_value, dims, op, reshape, static_shape, to_tensor
from onnx_graph.context import now, refuse


def If(condition, *, then_branch, else_branch):
    flag = to_tensor(condition)
    flag = reshape(flag, []) if static_shape(flag) != () else flag
    result = ct.cond(flag, lambda: tuple(to_tensor(v) for v in then_branch()), lambda: tuple(to_tensor(v) for v in else_branch()))
    return list(result)


def Loop(trips=None, condition=None, *carried, body):
    state = [to_tensor(v) for v in carried]
    count = None if trips is None else const_value(to_tensor(trips))
    go = None if condition is None else const_value(to_tensor(condition))
    scans = len(body.data["outputs"]) - 1 - len(state)
    if count is not None and int(count) <= 10000:  # unrolled while the condition is known
        kept, known = [[] for _ in range(scans)], True
        for i in range(int(count)):
            if go is not None and not bool(go):
                break
            results = body(to_tensor(i, "int64"), to_tensor(True), *state)
            state = [to_tensor(v) for v in results[1:1 + len(state)]]
            for column, value in zip(kept, results[1 + len(state):]):
                column.append(to_tensor(value))
            go = const_value(to_tensor(results[0]))
            if go is None:
                known = False
                break
        if known and all(kept_column for kept_column in kept):
            return state + [op("concat", [reshape(v, [1] + list(dims(v))) for v in column], axis=0) if len(column) > 1 else
                            reshape(column[0], [1] + list(dims(column[0]))) for column in kept]
        if known and not scans:
            return state
        state = [to_tensor(v) for v in carried]
    if scans:
        refuse("Loop", "collects results of a number of steps that only the values give")
    start = to_tensor(True) if condition is None else to_tensor(condition)
    limit = None if trips is None else cast(to_tensor(trips), "int64")

    def going(i, live, *values):
        return live if limit is None else op("logical_and", [live, op("less", [i, reshape(limit, [])])])

    def step(i, live, *values):
        results = body(i, live, *values)
        return (op("add", [i, to_tensor(1, "int64")]), reshape(to_tensor(results[0]), []), *[to_tensor(v) for v in results[1:]])

    return list(ct.while_loop(going, step, (to_tensor(0, "int64"), reshape(start, []), *state)))[2:]


def Scan(*operands, body, num_scan_inputs, scan_input_axes=None, scan_input_directions=None, scan_output_axes=None, scan_output_directions=None, directions=None):
    if now.opset < 9:
        refuse("Scan", "of an opset before 9 is not supported")
    operands = [to_tensor(v) for v in operands]
    state, lines = operands[:len(operands) - num_scan_inputs], operands[len(operands) - num_scan_inputs:]
    axes = [normalize_axis(a, len(static_shape(x))) for a, x in zip(scan_input_axes or [0] * len(lines), lines)]
    backward = scan_input_directions or [0] * len(lines)
    steps = static_shape(lines[0])[axes[0]]
    if steps is None:
        refuse("Scan", "needs a static number of steps", "give it with --shape")
    outputs = len(body.data["outputs"]) - len(state)
    kept = [[] for _ in range(outputs)]
    for t in range(steps):
        row = []
        for x, axis, reverse in zip(lines, axes, backward):
            begin, end = [0] * len(static_shape(x)), list(dims(x))
            begin[axis] = steps - 1 - t if reverse else t
            end[axis] = begin[axis] + 1
            piece = op("slice", [x], begin=begin, end=end, strides=[1] * len(begin))
            row.append(reshape(piece, [d for i, d in enumerate(dims(piece)) if i != axis]))
        results = body(*state, *row)
        state = [to_tensor(v) for v in results[:len(state)]]
        for column, value in zip(kept, results[len(state):]):
            column.append(to_tensor(value))
    out_axes, out_backward = scan_output_axes or [0] * outputs, scan_output_directions or [0] * outputs
    gathered = []
    for column, axis, reverse in zip(kept, out_axes, out_backward):
        axis = normalize_axis(axis, len(static_shape(column[0])) + 1)
        parts = [reshape(v, list(dims(v))[:axis] + [1] + list(dims(v))[axis:]) for v in (column[::-1] if reverse else column)]
        gathered.append(parts[0] if len(parts) == 1 else op("concat", parts, axis=axis))
    return state + gathered
