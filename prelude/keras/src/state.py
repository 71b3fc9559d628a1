"""What is true at the moment: the autocast dtype, the layer calls under way, scopes. One object, no globals elsewhere."""


class State:
    def __init__(self):
        self.autocast_dtype = None
        self.call_contexts = []
        self.building = []
        self.variables = []
        self.custom_objects = {}
        self.shared_objects = None
        self.keras_version = "3.15.1"
        self.dtype_policy = None
        self.listing = False  # a layer says what it saves
        self.whole_model = None  # the functional model that is being loaded: see functional.WholeModel

    @property
    def keras_2(self):
        """True for a file that Keras 1 or 2 wrote: its sources are written for that."""
        return self.keras_version[:2] in ("1.", "2.")


state = State()


class AutocastScope:
    """Variables read inside are cast to `dtype` when they are floats."""

    def __init__(self, dtype):
        self.dtype = dtype
        self.before = None

    def __enter__(self):
        self.before = state.autocast_dtype
        state.autocast_dtype = self.dtype
        return self

    def __exit__(self, *error):
        state.autocast_dtype = self.before
        return False


class CallContext:
    """Arguments that layers inherit from the layer that calls them (`training`)."""

    def __init__(self, values=None):
        self.values = dict(values or {})


class name_scope:
    def __init__(self, name, caller=None, **kwargs):
        self.name = name

    def __enter__(self):
        return self.name

    def __exit__(self, *error):
        return False


class StatelessScope:
    """Inert: variables are never written at inference."""

    def __init__(self, state_mapping=None, **kwargs):
        self.mapping = state_mapping

    def __enter__(self):
        return self

    def __exit__(self, *error):
        return False
