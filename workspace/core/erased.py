"""What is written in the place of a person's name, and of words they took back, once they have been erased."""

from collections.abc import Mapping
from typing import Final

ERASED_PERSON: Final = "Erased person"  # pages say it in the reader's language
WITHDRAWN: Final[Mapping[str, str]] = {  # by the language of the comment
    "es": "Su autor retiró este comentario.",
    "en": "This comment was withdrawn by its author.",
    "fr": "Ce commentaire a été retiré par son auteur.",
}
