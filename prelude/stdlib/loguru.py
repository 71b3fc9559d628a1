"""loguru's logger, which writes nowhere: logging has no part in a model's numbers, so its absence should not refuse one."""


class _Logger:
    def bind(self, **extra):
        return self

    def opt(self, *args, **kwargs):
        return self

    patch = contextualize = opt

    def add(self, sink, **kwargs):
        return 0

    def remove(self, handler_id=None):
        pass

    def debug(self, message, *args, **kwargs):
        pass

    trace = info = success = warning = error = critical = exception = debug

    def log(self, level, message, *args, **kwargs):
        pass

    def catch(self, function=None, **kwargs):
        return function if callable(function) else lambda decorated: decorated

    def __enter__(self):
        return self

    def __exit__(self, kind, value, traceback):
        return False


logger = _Logger()
