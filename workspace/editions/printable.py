"""What may be printed around a text: no letter that cannot be seen, none that turns the others round."""

import unicodedata

from workspace.core.db import Trilingual
from workspace.core.errors import Invalid

_LINES = frozenset("\n\r\t")
_JOINERS = frozenset("\u200c\u200d\u00ad")  # inside words and emoji; a soft hyphen is dropped in print
_UNSEEN = frozenset({"Cc", "Cf", "Co", "Cs", "Cn"})


def ensure_printable(field: str, words: Trilingual) -> None:
    """Raise `Invalid` for control signs and invisible or bidirectional ones in any language."""
    for sign in "".join(words.to_dict().values()):
        if sign not in _LINES and sign not in _JOINERS and unicodedata.category(sign) in _UNSEEN:
            raise Invalid(field=field, reason="not_printable")
