"""How names are compared: without case, accents, or what stands between words."""

import re
import unicodedata

_BETWEEN = re.compile(r"[\W_]+")


def folded(text: str) -> str:
    """`text` in a form in which "Málaga", "MALAGA" and " málaga" are equal."""
    bare = "".join(
        character
        for character in unicodedata.normalize("NFKD", text.casefold())
        if not unicodedata.combining(character)
    )
    return _BETWEEN.sub(" ", bare).strip()
