"""Versions in PEP 440's order: epoch, release without trailing zeros, then dev < a < b < rc < final < post."""
import functools
import re

_pattern = re.compile(
    r"v?(?:(\d+)!)?(\d+(?:\.\d+)*)(?:[-_.]?(alpha|beta|preview|pre|rc|a|b|c)[-_.]?(\d*))?"
    r"(?:-(\d+)|[-_.]?(?:post|rev|r)[-_.]?(\d*))?(?:[-_.]?(dev)[-_.]?(\d*))?(?:\+([a-z0-9._-]+))?", re.IGNORECASE)
_stages = {"alpha": "a", "beta": "b", "preview": "rc", "pre": "rc", "c": "rc"}


class InvalidVersion(ValueError):
    pass


@functools.total_ordering
class Version:
    def __init__(self, version):
        found = _pattern.fullmatch(version.strip())
        if found is None:
            raise InvalidVersion(f"Invalid version: {version!r}")
        epoch, release, stage, stage_number, post, post_number, dev, dev_number, local = found.groups()
        self._text = version.strip()
        self.epoch = int(epoch or 0)
        self.release = tuple([int(part) for part in release.split(".")])
        stage = stage and stage.lower()
        self.pre = (_stages.get(stage, stage), int(stage_number or 0)) if stage else None
        self.post = int(post or post_number or 0) if post is not None or post_number is not None else None
        self.dev = int(dev_number or 0) if dev else None
        self.local = local

    @property
    def major(self):
        return self.release[0]

    @property
    def minor(self):
        return self.release[1] if len(self.release) > 1 else 0

    @property
    def micro(self):
        return self.release[2] if len(self.release) > 2 else 0

    @property
    def base_version(self):
        return (f"{self.epoch}!" if self.epoch else "") + ".".join([str(part) for part in self.release])

    @property
    def is_prerelease(self):
        return self.pre is not None or self.dev is not None

    @property
    def is_postrelease(self):
        return self.post is not None

    def _key(self):
        release = list(self.release)
        while len(release) > 1 and release[-1] == 0:
            release.pop()
        stage = self.pre or ("z", 0)
        if self.pre is None and self.post is None and self.dev is not None:
            stage = ("", 0)  # 1.0.dev1 stands before 1.0a1
        local = [(1, int(part), "") if part.isdigit() else (0, 0, part.lower()) for part in re.split(r"[._-]", self.local or "") if part]
        return (self.epoch, release, stage, -1 if self.post is None else self.post, float("inf") if self.dev is None else self.dev, local)

    def __eq__(self, other):
        return self._key() == other._key() if isinstance(other, Version) else NotImplemented

    def __lt__(self, other):
        return self._key() < other._key() if isinstance(other, Version) else NotImplemented

    def __hash__(self):
        return hash((self.epoch, self.release, self.pre, self.post, self.dev, self.local))

    def __str__(self):
        return self._text

    def __repr__(self):
        return f"<Version({self._text!r})>"


def parse(version):
    return Version(version)
