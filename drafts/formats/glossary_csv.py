"""A glossary as a table: one notion a row, its wordings in each language, and what is not to be written.

Several wordings of one language stand in one cell with " / " between them. The columns es, en and fr have the
wordings; domain and note are for people; forbidden_es, forbidden_en and forbidden_fr what is ruled out; "yes" in
keep says that the wording is a name and stays as it is. Any order, and any of them but two languages may be missing.
"""

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct, field

from drafts.base.errors import BadExchange, TooLarge
from drafts.base.words import with_formulas, without_formulas
from drafts.checks.characters import plain_words
from drafts.checks.values import Term
from drafts.text.blocks import Language, canonical

MOST_ROWS = 20_000
LONGEST = 400  # characters of a wording
SEPARATOR = " / "
_SEPARATED = re.compile(r"\s+/\s+|\s*[|\n]\s*")
_YES = frozenset({"yes", "y", "true", "1", "sí", "si", "oui", "x"})
_ASIDE = re.compile(r"\s+\(([^()]*)\)|\([^()]*\)")
_HANGING = re.compile(
    r"(?:una?|el|las?|los|de|del|dell?|d['’]|of|from|an?|the|par|un|une|du|des|les?|l['’])\b", re.IGNORECASE
)
_INFINITIVE = re.compile(r"^to\s+(?=\w)")
_NAMES = {
    "español": "es", "spanish": "es", "espagnol": "es", "inglés": "en", "english": "en", "anglais": "en",
    "francés": "fr", "french": "fr", "français": "fr",
}  # fmt: skip


class GlossaryRow(Struct, frozen=True):
    """One row: what people agreed on, as they wrote it."""

    wordings: Mapping[Language, tuple[str, ...]]
    forbidden: Mapping[Language, tuple[str, ...]] = field(default_factory=dict)
    domain: str = ""
    note: str = ""
    is_kept: bool = False

    def term(self) -> Term:
        """What the checks look for: the wordings without what stands in brackets beside them."""
        es, en, fr = (
            tuple(
                dict.fromkeys(form for wording in self.wordings.get(language, ()) for form in _forms(wording, language))
            )
            for language in (Language.ES, Language.EN, Language.FR)
        )
        return Term(es, en, fr, dict(self.forbidden))


def read(text: str) -> tuple[GlossaryRow, ...]:
    """The rows of a glossary. Raises `BadExchange` with the line that cannot be read."""
    lines = text.removeprefix("\ufeff")
    reader = csv.DictReader(io.StringIO(lines, newline=""), delimiter=_delimiter(lines), strict=True)
    try:
        return _table(reader)
    except csv.Error as error:  # a field without end
        raise BadExchange("a field is too long", reason="too_long", line=reader.line_num or 1) from error


def _table(reader: "csv.DictReader[str]") -> tuple[GlossaryRow, ...]:
    headings = [_column(name) for name in reader.fieldnames or ()]
    doubled = next((name for place, name in enumerate(headings) if name and name in headings[:place]), "")
    if doubled:
        raise BadExchange("a column stands twice", reason="doubled_column", given=doubled)
    columns = dict(zip(reader.fieldnames or (), headings, strict=True))
    if sum(column in set(Language) for column in columns.values()) < 2:  # noqa: PLR2004  (one language is no glossary)
        raise BadExchange("no columns of two languages", reason="no_languages", line=1)
    return tuple(_entries(reader, columns))


def write(entries: Sequence[GlossaryRow]) -> str:
    """The same table again, with every column; a cell that would begin a formula begins with an apostrophe."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([*Language, "domain", "note", *(f"forbidden_{language}" for language in Language), "keep"])
    for entry in entries:
        cells = (
            *(SEPARATOR.join(entry.wordings.get(language, ())) for language in Language),
            entry.domain,
            entry.note,
            *(SEPARATOR.join(entry.forbidden.get(language, ())) for language in Language),
            "yes" if entry.is_kept else "",
        )
        writer.writerow(map(without_formulas, cells))
    return out.getvalue()


def split(cell: str) -> tuple[str, ...]:
    """The wordings of one cell."""
    return tuple(dict.fromkeys(wording for part in _SEPARATED.split(cell) if (wording := canonical(part))))


def _delimiter(text: str) -> str:
    heading = text.split("\n", 1)[0]
    return max(",;\t", key=heading.count)


def _column(name: str) -> str:
    plain = (name or "").strip().lower().replace(" ", "_")
    return _NAMES.get(plain, plain)


def _entries(reader: "csv.DictReader[str]", columns: Mapping[str, str]) -> Iterator[GlossaryRow]:
    count = 0
    try:
        for row in reader:
            count += 1
            if count > MOST_ROWS:
                raise TooLarge("too many rows", what="glossary", size=count, limit=MOST_ROWS)
            if any(map(str.strip, row.pop(None, ()))):
                raise BadExchange("more cells than columns", reason="extra_cells", line=reader.line_num)
            cells = {columns[name]: with_formulas(plain_words(value or "")) for name, value in row.items()}
            if entry := _entry(cells, reader.line_num):
                yield entry
    except csv.Error as error:
        raise BadExchange("not a table", reason="not_a_table", line=reader.line_num) from error


def _entry(cells: Mapping[str, str], line: int) -> GlossaryRow | None:
    wordings = {language: found for language in Language if (found := split(cells.get(language.value, "")))}
    if any(len(wording) > LONGEST for some in wordings.values() for wording in some):
        raise BadExchange("a wording is too long", reason="too_long", line=line)
    if not wordings:
        return None
    return GlossaryRow(
        wordings=wordings,
        forbidden={
            language: found for language in Language if (found := split(cells.get(f"forbidden_{language}", "")))
        },
        domain=canonical(cells.get("domain", "")),
        note=canonical(cells.get("note", "")),
        is_kept=cells.get("keep", "").strip().lower() in _YES,
    )


def _forms(wording: str, language: Language) -> Iterator[str]:
    """A wording as it stands in a text; what its brackets hold is another one, unless it hangs on the first."""
    main = _ASIDE.sub("", wording).strip()
    yield _INFINITIVE.sub("", main) if language is Language.EN else main
    for found in _ASIDE.finditer(wording):
        aside = (found[1] or "").strip()
        if aside and not _HANGING.match(aside):
            yield aside
