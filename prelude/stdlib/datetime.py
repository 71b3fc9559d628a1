"""Dates: spans of time can be computed with; today and now are refused."""

from _world import refuse as _refuse

MINYEAR = 1
MAXYEAR = 9999


class timedelta:
    def __init__(self, days=0, seconds=0, microseconds=0, milliseconds=0, minutes=0, hours=0, weeks=0):
        total = ((weeks * 7 + days) * 86400 + hours * 3600 + minutes * 60 + seconds) * 1000000 + milliseconds * 1000 + microseconds
        total = round(total)
        self.days, rest = divmod(total, 86400 * 1000000)
        self.seconds, self.microseconds = divmod(rest, 1000000)

    def _micro(self):
        return (self.days * 86400 + self.seconds) * 1000000 + self.microseconds

    def total_seconds(self):
        return self._micro() / 1000000

    def __add__(self, other):
        return timedelta(microseconds=self._micro() + other._micro()) if isinstance(other, timedelta) else NotImplemented

    def __sub__(self, other):
        return timedelta(microseconds=self._micro() - other._micro()) if isinstance(other, timedelta) else NotImplemented

    def __mul__(self, times):
        return timedelta(microseconds=self._micro() * times)

    __rmul__ = __mul__

    def __eq__(self, other):
        return self._micro() == other._micro() if isinstance(other, timedelta) else NotImplemented

    def __lt__(self, other):
        return self._micro() < other._micro() if isinstance(other, timedelta) else NotImplemented

    def __hash__(self):
        return hash(self._micro())

    def __repr__(self):
        parts = [f"{n}={v}" for n, v in (("days", self.days), ("seconds", self.seconds), ("microseconds", self.microseconds)) if v]
        return "datetime.timedelta(" + (", ".join(parts) or "0") + ")"


class _Moment:
    def __init__(self, *args, **kwargs):
        _refuse(f"datetime.{type(self).__name__} is not available in a kedge evaluation")

    @classmethod
    def now(cls, tz=None):
        _refuse(f"datetime.{cls.__name__}.now() has no stable meaning in an evaluation")

    today = utcnow = now


class date(_Moment):
    pass


class datetime(date):
    pass


class time(_Moment):
    pass


class tzinfo:
    pass


class timezone(tzinfo):
    utc = None
