"""Character classes and template strings."""

whitespace = " \t\n\r\v\f"
ascii_lowercase = "abcdefghijklmnopqrstuvwxyz"
ascii_uppercase = ascii_lowercase.upper()
ascii_letters = ascii_lowercase + ascii_uppercase
digits = "0123456789"
hexdigits = digits + "abcdef" + "ABCDEF"
octdigits = "01234567"
punctuation = r"""!"#$%&'()*+,-./:;<=>?@[\]^_`{|}~"""
printable = digits + ascii_letters + punctuation + whitespace


def capwords(s, sep=None):
    return (sep or " ").join(word.capitalize() for word in s.split(sep))


class Template:
    delimiter = "$"

    def __init__(self, template):
        self.template = template

    def _expand(self, mapping, safe):
        import re

        def one(match):
            name = match.group("named") or match.group("braced")
            if match.group("escaped") is not None:
                return self.delimiter
            if name is None:
                if safe:
                    return match.group()
                raise ValueError("Invalid placeholder in string")
            if safe and name not in mapping:
                return match.group()
            return str(mapping[name])

        name = r"[_a-zA-Z][_a-zA-Z0-9]*"
        return re.sub(rf"\$(?:(?P<escaped>\$)|(?P<named>{name})|\{{(?P<braced>{name})\}}|(?P<invalid>))", one, self.template)

    def substitute(self, mapping={}, /, **kws):
        return self._expand({**mapping, **kws}, False)

    def safe_substitute(self, mapping={}, /, **kws):
        return self._expand({**mapping, **kws}, True)


class Formatter:
    def format(self, format_string, /, *args, **kwargs):
        return format_string.format(*args, **kwargs)

    def vformat(self, format_string, args, kwargs):
        return format_string.format(*args, **kwargs)
