"""Tracked containers: lists and dicts assigned to a layer's attributes report the layers and variables put into them."""


class TrackedList(list):
    _keras_tracked = True

    def __init__(self, values=(), owner=None):
        self._owner = owner
        super().__init__([owner._track(v) for v in values] if owner is not None else values)

    def _take(self, value):
        return self._owner._track(value) if self._owner is not None else value

    def append(self, value):
        super().append(self._take(value))

    def insert(self, index, value):
        super().insert(index, self._take(value))

    def extend(self, values):
        super().extend([self._take(v) for v in values])

    def __iadd__(self, values):
        self.extend(values)
        return self

    def __setitem__(self, index, value):
        super().__setitem__(index, self._take(value))

    def __reduce__(self):
        return (list, (list(self),))

    def __deepcopy__(self, memo):
        import copy
        return [copy.deepcopy(v, memo) for v in self]


class TrackedDict(dict):
    _keras_tracked = True

    def __init__(self, values=(), owner=None):
        self._owner = owner
        super().__init__()
        for key, value in dict(values).items():
            self[key] = value

    def __setitem__(self, key, value):
        super().__setitem__(key, self._owner._track(value) if self._owner is not None else value)

    def update(self, *args, **kwargs):
        for key, value in dict(*args, **kwargs).items():
            self[key] = value

    def setdefault(self, key, default=None):
        if key not in self:
            self[key] = default
        return self[key]

    def copy(self):
        return dict(self)

    def __deepcopy__(self, memo):
        import copy
        return {key: copy.deepcopy(value, memo) for key, value in self.items()}


class TrackedSet(set):
    _keras_tracked = True

    def __init__(self, values=(), owner=None):
        self._owner = owner
        super().__init__([owner._track(v) for v in values] if owner is not None else values)

    def add(self, value):
        super().add(self._owner._track(value) if self._owner is not None else value)


class Tracker:
    """What a layer owns: its variables, sublayers and metrics, in the order of assignment."""

    def __init__(self):
        self.trainable_variables = []
        self.non_trainable_variables = []
        self.layers = []
        self.metrics = []
        self.enabled = True
        self._seen = {}

    def add(self, kind, value):
        if id(value) not in self._seen:
            self._seen[id(value)] = value
            getattr(self, kind).append(value)

    def discard(self, value):
        if id(value) in self._seen:
            del self._seen[id(value)]
            for kind in ("trainable_variables", "non_trainable_variables", "layers", "metrics"):
                setattr(self, kind, [v for v in getattr(self, kind) if v is not value])
