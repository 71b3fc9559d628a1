"""`tf.debugging`: assertions on static facts are Python's; on values they do nothing, as they do not change the answer."""


def _nothing(*args, **kwargs):
    return None


Assert = assert_equal = assert_greater = assert_greater_equal = assert_less = assert_less_equal = assert_positive = assert_negative = _nothing
assert_non_negative = assert_non_positive = assert_none_equal = assert_near = assert_integer = assert_type = assert_shapes = _nothing
assert_all_finite = enable_check_numerics = disable_check_numerics = assert_same_float_dtype = assert_scalar = assert_proper_iterable = _nothing


def check_numerics(tensor, message="", name=None):
    return tensor


def assert_rank(x, rank, message=None, name=None):
    if len(x.shape) != rank:
        raise ValueError(f"{message or ''} Shape must have rank {rank}. Received rank {len(x.shape)}")


def assert_rank_at_least(x, rank, message=None, name=None):
    if len(x.shape) < rank:
        raise ValueError(f"{message or ''} Shape must have rank at least {rank}. Received rank {len(x.shape)}")


def assert_rank_in(x, ranks, message=None, name=None):
    if len(x.shape) not in ranks:
        raise ValueError(f"{message or ''} Shape must have rank in {ranks}. Received rank {len(x.shape)}")


def is_numeric_tensor(tensor):
    return True


def __getattr__(name):
    from keras.src.unused import unused
    return unused("tensorflow.debugging", name)
