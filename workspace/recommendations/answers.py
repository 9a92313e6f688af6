"""Recommendations out of a spreadsheet: a list of them, or the answers to a questionnaire.

A list has a column of texts, named so in one of the three languages, and others that say more of
each. In a questionnaire every other column is a question, its heading; each cell that answers is a
recommendation under that question.
"""

from collections.abc import Iterator, Mapping, Sequence

from workspace.core.errors import BadFile
from workspace.core.search import folded
from workspace.core.spreadsheets import read_rows
from workspace.recommendations.models import LONGEST_TEXT
from workspace.recommendations.service import Said

MOST = 5_000  # recommendations of one file
_LONGEST_QUESTION = 200
_SHORTEST_ANSWER = 12  # characters; "no", "n/a" and the like recommend nothing
_LANGUAGES: Mapping[str, str] = {
    "es": "es",
    "spanish": "es",
    "espanol": "es",
    "espagnol": "es",
    "en": "en",
    "english": "en",
    "ingles": "en",
    "anglais": "en",
    "fr": "fr",
    "french": "fr",
    "frances": "fr",
    "francais": "fr",
}
_COLUMNS: Mapping[str, frozenset[str]] = {
    "text": frozenset({"recommendation", "recommendations", "text", "recomendacion", "recomendaciones", "texto"})
    | {"recommandation", "recommandations", "texte"},
    "language": frozenset({"language", "idioma", "lengua", "langue"}),
    "organisation": frozenset({"organisation", "organization", "city", "network", "organizacion", "entidad", "ciudad"})
    | {"ville", "collectivite", "organisme", "name of organisation", "nombre de la organizacion"},
    "section": frozenset({"section", "question", "topic", "seccion", "pregunta", "tema", "sujet", "theme"}),
    "passed_over": frozenset({"timestamp", "marca temporal", "horodateur", "id", "no", "number", "numero", "e mail"})
    | {"email", "email address", "name", "nombre", "nom", "correo electronico", "adresse e mail", "date", "fecha"}
    | {"from", "standing", "what became of it"},
}


def read_answers(data: bytes, *, source: str, language: str) -> list[tuple[Said, str]]:
    """Each recommendation of a file with the name of who gave it; those without a language of their own have this one.

    Raises `BadFile` for what is no spreadsheet, names neither a text nor a question, or holds too much.
    """
    lines = iter(read_rows(data, source=source, headings=_known))
    headings: Sequence[str] = next(lines, ())
    meanings = {place: _meaning(heading) for place, heading in enumerate(headings) if heading.strip()}
    asked = {place: headings[place] for place, meaning in meanings.items() if not meaning}
    is_list = "text" in meanings.values()
    if not is_list and not asked:
        raise BadFile(source=source, reason="no_questions")
    found: list[tuple[Said, str]] = []
    for number, cells in enumerate(lines, start=2):
        known = {meaning: cells[place].strip() for place, meaning in meanings.items() if meaning and place < len(cells)}
        said_in = _LANGUAGES.get(folded(known.get("language", "")).strip(), language)
        said = _listed(known) if is_list else _answered(cells, asked)
        for text, section in said:
            if len(text) > LONGEST_TEXT:
                raise BadFile(source=source, reason="row_too_long", row=number, most=LONGEST_TEXT)
            found.append((Said(text, said_in, section, line=number), known.get("organisation", "")))
        if len(found) > MOST:
            raise BadFile(source=source, reason="too_many_rows", most=MOST)
    if not found:
        raise BadFile(source=source, reason="no_answers")
    return found


def _known(headings: Sequence[str]) -> list[str]:
    return [heading for heading in headings if _meaning(heading)]


def _meaning(heading: str) -> str:
    bare = folded(heading).strip()
    return next((meaning for meaning, words in _COLUMNS.items() if bare in words), "")


def _listed(known: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    if known.get("text"):
        yield known["text"], known.get("section", "")[:_LONGEST_QUESTION]


def _answered(cells: Sequence[str], asked: Mapping[int, str]) -> Iterator[tuple[str, str]]:
    for place, question in asked.items():
        text = cells[place].strip() if place < len(cells) else ""
        if len(text) >= _SHORTEST_ANSWER:
            yield text, question.strip()[:_LONGEST_QUESTION]
