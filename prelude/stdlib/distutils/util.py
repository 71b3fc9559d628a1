"""Truth in words."""
_YES = ("y", "yes", "t", "true", "on", "1")
_NO = ("n", "no", "f", "false", "off", "0")


def strtobool(val):
    word = val.lower()
    if word in _YES:
        return 1
    if word not in _NO:
        raise ValueError(f"invalid truth value {word!r}")
    return 0
