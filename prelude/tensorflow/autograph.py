"""`tf.autograph`: tracing needs no conversion here."""


class experimental:
    @staticmethod
    def do_not_convert(func=None):
        return func if func is not None else lambda f: f

    @staticmethod
    def set_loop_options(*args, **kwargs):
        pass


def to_graph(entity, recursive=True, experimental_optional_features=None):
    return entity
