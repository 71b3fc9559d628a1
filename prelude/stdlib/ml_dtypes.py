"""The part of ml_dtypes that layers touch: the limits of floating-point types, bfloat16 among them."""
from types import SimpleNamespace

import numpy as np

bfloat16 = "bfloat16"
iinfo = np.iinfo


def finfo(dtype):
    if str(getattr(dtype, "name", dtype)) != "bfloat16":
        return np.finfo(dtype)
    largest, smallest = (2.0 - 2.0**-7) * 2.0**127, 2.0**-126
    return SimpleNamespace(dtype="bfloat16", bits=16, max=largest, min=-largest, eps=2.0**-7, epsneg=2.0**-8, tiny=smallest,
                           smallest_normal=smallest, smallest_subnormal=2.0**-133, nmant=7, nexp=8, maxexp=128, minexp=-126)
