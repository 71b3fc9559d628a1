"""Paragraphs: dedent, indent, wrap, fill, shorten."""


def _margin(line):
    return line[:len(line) - len(line.lstrip(" \t"))]


def dedent(text):
    lines = ["" if not line.strip(" \t") else line for line in text.split("\n")]
    margin = None
    for line in filter(None, lines):
        own = _margin(line)
        if margin is None:
            margin = own
        while not own.startswith(margin):
            margin = margin[:-1]
    return "\n".join(line[len(margin or ""):] for line in lines)


def indent(text, prefix, predicate=None):
    wanted = predicate or str.strip
    return "".join((prefix if wanted(line) else "") + line for line in text.splitlines(True))


def wrap(text, width=70, *, initial_indent="", subsequent_indent="", break_long_words=True, **options):
    lines, line, empty = [], initial_indent, True
    for word in text.expandtabs().split():
        while True:
            joint = "" if empty else " "
            if len(line) + len(joint) + len(word) <= width:
                line, empty = line + joint + word, False
                break
            room = width - len(line) - len(joint)
            if len(word) > width - len(subsequent_indent) and break_long_words and (empty or room > 0):
                room = max(room, 1)
                line, word = line + joint + word[:room], word[room:]
            elif empty:
                line, empty = line + word, False
                break
            lines.append(line)
            line, empty = subsequent_indent, True
    return lines if empty else lines + [line]


def fill(text, width=70, **options):
    return "\n".join(wrap(text, width, **options))


def shorten(text, width, *, placeholder=" [...]", **options):
    text = " ".join(text.split())
    if len(text) <= width:
        return text
    kept = ""
    for word in text.split(" "):
        longer = f"{kept} {word}" if kept else word
        if len(longer) + len(placeholder) > width:
            break
        kept = longer
    return kept + placeholder if kept else placeholder.lstrip()
