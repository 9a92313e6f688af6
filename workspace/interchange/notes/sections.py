"""The section of every passage, and the tables of a note by their headed columns."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import groupby, zip_longest
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from workspace.interchange.notes import lines, times
from workspace.interchange.notes.layout import NotePassage, PassageKind
from workspace.interchange.notes.lines import ENUMERATION, bare_title, counted, ends_sentence, folded, unmarked
from workspace.interchange.notes.rules.table import ALL, form
from workspace.sessions.extraction import TemplateSection

LISTING = frozenset({"recommendations", "key_messages", "objectives", "questions", "participants"})
MOST_WORDS_OF_A_HEADING = 9
WHAT = re.compile(r"(?:what|points|puntos|lo que|ce qu[e'’])\b", re.IGNORECASE)
NUMBER = re.compile(r"^(?:#{1,6}\s+)?(?:\d{1,2}|[IVX]{1,4})[.)]\s")


class NoteSection(Struct, frozen=True):
    """The heading a passage stands under, and what such a section is for."""

    name: str | None = None
    role: str | None = None
    level: int = 0
    has_items: bool = False


class SectionPassage(Struct, frozen=True):
    """A passage in its section; `is_heading` where it only announces what follows."""

    passage: NotePassage
    section: NoteSection
    is_heading: bool = False


def passages_in_sections(
    passages: Sequence[NotePassage], *, titles: Collection[int] = ()
) -> tuple[SectionPassage, ...]:
    """Every passage with its section, in order; a session's title, on one of the lines `titles`, ends a section."""
    return tuple(_placed(passages, titles))


def _placed(passages: Sequence[NotePassage], titles: Collection[int]) -> Iterator[SectionPassage]:
    section = NoteSection()
    for read, following in zip_longest(passages, passages[1:]):
        passage = replace(read, kind=PassageKind.HEADING) if _announces_list(read, following) else read
        if passage.line in titles and _only_names(passage):
            section = NoteSection(level=passage.level)
            yield SectionPassage(passage, section, is_heading=True)
            continue
        if passage.kind is PassageKind.HEADING:
            opened = _opened(passage, section)
            yield SectionPassage(passage, opened or section, is_heading=opened is not None)
            section = opened or section
            continue
        if passage.kind is PassageKind.SLOT and section.role != "agenda":
            section = NoteSection()
        elif passage.kind is PassageKind.ITEM:
            section = replace(section, has_items=True)
        yield SectionPassage(passage, section)


def _announces_list(passage: NotePassage, following: NotePassage | None) -> bool:
    """Whether a line of its own over a list says that its items were agreed: "Agreed", "What it recommends"."""
    is_over = following is not None and following.kind is PassageKind.ITEM and not following.gap
    is_said = bool(WHAT.match(passage.text)) or len(passage.text.split()) == 1
    return (
        is_over
        and is_said
        and passage.kind is PassageKind.TEXT
        and bool(passage.gap)
        and announces_agreement(passage.text)
    )


def _only_names(passage: NotePassage) -> bool:
    """Whether a title is no more than that: "Recommendations of the forum" opens its section as well."""
    return (
        passage.kind not in {PassageKind.SLOT, PassageKind.FIELD}
        and lines.section_role(passage.text) != "recommendations"
    )


def _opened(heading: NotePassage, section: NoteSection) -> NoteSection | None:
    """The section a heading opens; None for a line that only looks like a heading, inside a list of such lines."""
    name = lines.heading_name(heading.text)
    role = lines.section_role(heading.text) or ("recommendations" if announces_agreement(name) else None)
    if role or lines.word_limit(heading.text):
        return NoteSection(name, role, heading.level)
    if heading.level > section.level > 0 or (section.role == "agenda" and times.written_days(heading.text)):
        return NoteSection(name, section.role, section.level)
    if not heading.level and times.day_line(heading.text):
        return None
    if section.role in LISTING:
        if not heading.level and heading.text.endswith(":"):
            return replace(section, has_items=False)
        if not heading.level and not section.has_items and not heading.text.startswith(("**", "__")):
            return None
    return NoteSection(name, None, heading.level)


def announces_agreement(heading: str) -> bool:
    """Whether a heading says that what stands under it was agreed or is asked for."""
    plain = unmarked(ENUMERATION.sub("", heading))
    if len(plain.split()) > MOST_WORDS_OF_A_HEADING or ends_sentence(plain):
        return False
    return any(form(code, "agreed").search(plain) and not form(code, "not_agreed").search(plain) for code in ALL)


def template_sections(passages: Sequence[SectionPassage]) -> tuple[TemplateSection, ...]:
    """The sections a form limits, with their numbered neighbours; empty where nothing is limited."""
    limits = [lines.word_limit(line.passage.text) for line in passages]
    if not any(limits):
        return ()
    numbers = any(limit and NUMBER.match(line.passage.text) for limit, line in zip(limits, passages, strict=True))
    found = []
    for place, (limit, line) in enumerate(zip(limits, passages, strict=True)):
        if limit or (numbers and _is_numbered_heading(line)):
            words = sum(counted(body.passage.text) for body in _body(passages[place + 1 :]))
            found.append(
                TemplateSection(name=lines.heading_name(line.passage.text), limit_words=limit, counted_words=words)
            )
    return tuple(found)


def _is_numbered_heading(line: SectionPassage) -> bool:
    return line.is_heading and bool(NUMBER.match(line.passage.text))


def _body(passages: Sequence[SectionPassage]) -> Iterator[SectionPassage]:
    for line in passages:
        if line.is_heading and (line.section.role or lines.word_limit(line.passage.text) or line.passage.level):
            return
        yield line


Column = Literal["minutes", "time", "title", "speakers", "moderators", "recommendation"]

COLUMNS: Mapping[Column, tuple[str, ...]] = {
    "minutes": (
        *("minutos", "min", "duracion", "tiempo", "duracion (min)", "tiempo (min)"),
        *("minutes", "mins", "duration", "length", "minutes allotted"),
        *("duree", "duree (min)", "temps"),
    ),
    "time": ("hora", "horario", "horas", "time", "times", "when", "heure", "heures", "horaire", "horaires"),
    "title": (
        *("contenido", "actividad", "actividades", "tema", "temas", "descripcion", "titulo", "sesion", "punto", "que"),
        *("item", "agenda item", "activity", "topic", "topics", "content", "what", "session", "title", "description"),
        *("contenu", "activite", "activites", "sujet", "theme", "point", "intitule", "seance", "sequence", "quoi"),
    ),
    "speakers": (
        *("ponente", "ponentes", "orador", "oradora", "oradores", "panelistas", "quien", "a cargo de", "responsable"),
        *("interviene", "intervienen", "participantes", "responsables", "ponente(s)", "ponentes / panelistas"),
        *("speaker", "speakers", "who", "panellists", "panelists", "presenter", "presenters", "led by", "lead"),
        *("speaker(s)", "intervenant", "intervenants", "intervenant(e)s", "orateur", "orateurs", "qui"),
        *("intervenant-e-s", "intervenant·e·s", "panelistes"),
    ),
    "recommendation": (
        *("recomendacion", "recomendaciones", "propuesta", "acuerdo", "recommendation", "recommendations", "proposal"),
        *("action", "decision", "agreed", "recommandation", "recommandations", "proposition", "accion", "mesure"),
    ),
    "moderators": ("modera", "moderador", "moderadora", "moderacion", "moderator", "chair", "moderateur", "moderation"),
}


FEWEST_HEADED = 2
NAMES: Mapping[str, Column] = {name: column for column, names in COLUMNS.items() for name in names}


def table_columns(passages: Sequence[SectionPassage]) -> Mapping[int, Column]:
    """What each cell is for, by its place among the passages; empty where no table has a head that is known."""
    found: dict[int, Column] = {}
    heads: Mapping[int, Column] = {}
    last = 0
    for line, row in table_rows(passages):
        named = {passage.column: NAMES[_name(passage)] for _, passage in row if _name(passage) in NAMES}
        if len(named) >= FEWEST_HEADED and (len(named) == len(row) or "recommendation" in named.values()):
            heads = named
        elif row[0][1].gap and line - last > FEWEST_HEADED:
            heads = {}
        else:
            found |= {place: heads[passage.column] for place, passage in row if passage.column in heads}
        last = line
    return found


def room_columns(passages: Sequence[SectionPassage]) -> Mapping[int, str]:
    """The room above each cell, by its place, in tables whose first column is for times and the others for rooms."""
    found: dict[int, str] = {}
    rooms: Mapping[int, str] = {}
    last = 0
    for line, row in table_rows(passages):
        first = row[0][1]
        if NAMES.get(_name(first)) == "time" and not any(_name(passage) in NAMES for _, passage in row[1:]):
            rooms = {passage.column: bare_title(passage.text) for _, passage in row[1:]}
        elif first.gap and line - last > FEWEST_HEADED:
            rooms = {}
        else:
            found |= {place: rooms[passage.column] for place, passage in row if passage.column in rooms}
        last = line
    return found


def table_rows(passages: Sequence[SectionPassage]) -> list[tuple[int, list[tuple[int, NotePassage]]]]:
    """The lines of tables, each with its cells and their places."""
    cells = [(place, line.passage) for place, line in enumerate(passages) if line.passage.column]
    return [(line, list(row)) for line, row in groupby(cells, key=lambda cell: cell[1].line)]


def _name(passage: NotePassage) -> str:
    return folded(bare_title(passage.text))
