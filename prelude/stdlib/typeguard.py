"""typeguard checks annotations when functions are called; a graph has types of its own, so that the decorators change nothing."""
TYPE_CHECKING = False


def typechecked(target=None, **settings):
    return (lambda item: item) if target is None else target


def typeguard_ignore(target):
    return target


def check_type(*args, **settings):
    return None
