"""A list as somebody pastes it, taken apart into its items."""

import re

from drafts.patterns import expression

_MARK = expression(
    r"""^\s*(?:
        [-*•·◦‣–—▪●○]\s+            # a dash or a bullet
        | \(?\d{1,3}(?:[.)º°]|\s[-–—])\s+  # 1. 1) (1) 1º
        | \(?[a-z][.)]\s+             # a) (a) a.
        | \(?[ivx]{1,5}[.)]\s+        # iv)
    )""",
    re.VERBOSE | re.IGNORECASE,
)


def items_of(pasted: str) -> list[str]:
    """The items of a pasted list, in order, without their marks.

    Where lines carry marks, a line without one goes on with the item before it. Otherwise empty lines divide;
    where there are none either, every line is an item.
    """
    lines = [line.strip() for line in pasted.replace("\r\n", "\n").replace("\r", "\n").strip().split("\n")]
    if any(_MARK.match(f"{line} ") for line in lines if line):
        return _by_marks(lines)
    paragraphs = [" ".join(part.split()) for part in re.split(r"\n\s*\n", "\n".join(lines))]
    items = paragraphs if len(paragraphs) > 1 else lines
    return [" ".join(item.split()) for item in items if item.strip()]


def _by_marks(lines: list[str]) -> list[str]:
    found: list[str] = []
    is_open = False
    for line in lines:
        mark = _MARK.match(line)
        words = line[mark.end() :] if mark else line
        if mark or not is_open:
            found.append(words)
        elif words:
            found[-1] = f"{found[-1]} {words}"
        is_open = bool(line)
    return [" ".join(item.split()) for item in found if item.strip()]
