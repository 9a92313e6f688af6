"""Grapheme clusters: what a reader calls one character, which no hunk and no display may cut."""

import unicodedata

ZERO_WIDTH_JOINER = "\u200d"
_EMOJI_MODIFIERS = range(0x1F3FB, 0x1F400)
_TAGS = range(0xE0020, 0xE0080)
_REGIONAL = range(0x1F1E6, 0x1F200)
_FIRST_PICTOGRAPH = "\u203c"


def extends(character: str) -> bool:
    """Tell whether `character` belongs to the cluster before it: a combining mark, a joiner, a skin tone, a tag."""
    if character < "\u0300":
        return False
    point = ord(character)
    is_modifier = character == ZERO_WIDTH_JOINER or point in _EMOJI_MODIFIERS or point in _TAGS
    return is_modifier or unicodedata.category(character).startswith("M")


def graphemes(text: str) -> tuple[str, ...]:
    """Split `text` into clusters; joining them gives `text` again."""
    clusters: list[str] = []
    for character in text:
        if clusters and _continues(clusters[-1], character):
            clusters[-1] += character
        else:
            clusters.append(character)
    return tuple(clusters)


def is_joined(before: str, character: str) -> bool:
    """Tell whether a joiner at the end of `before` ties the pictograph `character` to it."""
    return before.endswith(ZERO_WIDTH_JOINER) and character >= _FIRST_PICTOGRAPH


def _continues(cluster: str, character: str) -> bool:
    if cluster == "\n":
        return False
    if extends(character) or is_joined(cluster, character):
        return True
    return len(cluster) == 1 and ord(cluster) in _REGIONAL and ord(character) in _REGIONAL
