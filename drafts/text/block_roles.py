"""Which part of a declaration each paragraph is: told from its first words and its place.

A declaration runs title, place and date, chapeau, preamble, operative part,
closing, annexes. The words below are those that open each part in the texts of
international and local-government bodies; what they do not speak for stays a paragraph.
"""

import re
from collections.abc import Iterable, Iterator, Mapping

from msgspec.structs import replace

from drafts.base.words import without_accents
from drafts.text.blocks import Block, BlockKind, Document, Language
from drafts.text.markup import plain

CHAPEAU: Mapping[Language, tuple[str, ...]] = {
    Language.ES: ("nosotras", "nosotros", "los representantes", "las representantes", "la asamblea", "el consejo"),
    Language.EN: ("we", "the representatives", "the general assembly", "the assembly", "the council"),
    Language.FR: ("nous", "les representants", "les representantes", "l'assemblee", "le conseil"),
}
"""How the authors name themselves. The words may be followed by a comma, and must come before any other part."""

PARTICIPLES: Mapping[Language, tuple[str, ...]] = {
    Language.ES: (
        *("considerando", "recordando", "reafirmando", "reconociendo", "teniendo", "tomando nota", "acogiendo"),
        *("destacando", "subrayando", "observando", "conscientes", "consciente", "convencidos", "convencidas"),
        *("convencido", "convencida", "preocupados", "preocupadas", "profundamente", "expresando", "visto", "vista"),
        *("vistos", "vistas", "guiados", "guiadas", "inspirados", "inspiradas", "resueltos", "resueltas"),
        *("habiendo", "celebrando", "encomiando", "lamentando", "decididos", "decididas", "alarmados", "alarmadas"),
        *("notando", "acordes", "afirmando", "aspirando", "animados", "animadas", "agradeciendo", "constatando"),
    ),
    Language.EN: (
        *("whereas", "considering", "recalling", "reaffirming", "recognizing", "recognising", "noting", "taking note"),
        *("bearing in mind", "mindful", "aware", "conscious", "convinced", "concerned", "deeply", "emphasizing"),
        *("emphasising", "stressing", "underlining", "welcoming", "acknowledging", "guided", "inspired", "having"),
        *("expressing", "affirming", "determined", "desiring", "alarmed", "observing", "commending", "deploring"),
        *("regretting", "taking into account", "in view of", "seeking", "resolved", "believing", "gravely", "thanking"),
    ),
    Language.FR: (
        *("considerant", "rappelant", "reaffirmant", "reconnaissant", "notant", "prenant", "ayant", "soulignant"),
        *("conscients", "conscientes", "conscient", "consciente", "convaincus", "convaincues", "convaincu"),
        *("convaincue", "preoccupes", "preoccupees", "profondement", "exprimant", "vu", "constatant", "gardant"),
        *("se felicitant", "saluant", "affirmant", "guides", "guidees", "inspires", "inspirees", "resolus", "resolues"),
        *("attendu", "insistant", "observant", "deplorant", "regrettant", "alarmes", "alarmees", "tenant compte"),
        *("desireux", "desireuses", "remerciant", "estimant", "jugeant", "accueillant"),
    ),
}
"""How a preambular paragraph opens. One may stand before it: "Also recalling", "Recordando también"."""

BEFORE_PARTICIPLE: Mapping[Language, tuple[str, ...]] = {
    Language.ES: ("asimismo", "tambien", "ademas", "igualmente"),
    Language.EN: ("also", "further", "again"),
    Language.FR: ("en outre", "egalement", "aussi"),
}

PREAMBLE_HEADINGS: Mapping[Language, tuple[str, ...]] = {
    Language.ES: ("preambulo", "considerandos", "parte preambular"),
    Language.EN: ("preamble", "recitals", "preambular part"),
    Language.FR: ("preambule", "considerants", "partie preambulaire"),
}

CLOSING: Mapping[Language, tuple[str, ...]] = {
    Language.ES: (
        "hecho en",
        "hecha en",
        "dado en",
        "dada en",
        "adoptada en",
        "adoptado en",
        "aprobada en",
        "firmado en",
    ),
    Language.EN: ("done at", "done in", "adopted at", "adopted in", "adopted by", "signed at", "signed in"),
    Language.FR: ("fait a", "fait au", "faite a", "adoptee a", "adoptee au", "adopte a", "signe a", "signee a"),
}

ANNEX: Mapping[Language, tuple[str, ...]] = {
    Language.ES: ("anexo", "anexos", "apendice"),
    Language.EN: ("annex", "annexes", "appendix"),
    Language.FR: ("annexe", "annexes", "appendice"),
}

_MONTHS: Mapping[Language, str] = {
    Language.ES: "enero|febrero|marzo|abril|mayo|junio|julio|agosto|se(?:p)?tiembre|octubre|noviembre|diciembre",
    Language.EN: "january|february|march|april|may|june|july|august|september|october|november|december",
    Language.FR: "janvier|fevrier|mars|avril|mai|juin|juillet|aout|septembre|octobre|novembre|decembre",
}
_PLACE_DATE_WORDS = 16


def classify(document: Document) -> Document:
    """Give paragraphs at the margin their part: place and date, chapeau, preamble, operative, closing; headings: annex.

    Ids, texts and levels stay, and so does every block that has a part already.
    Paragraphs outside the preamble become operative only where the text numbers
    none itself. What no rule speaks for stays a paragraph.
    """
    parts = tuple(_parts_in_order(document))
    if any(block.kind is BlockKind.OPERATIVE for block in parts):
        return Document(parts, document.language)
    return Document(tuple(_operative(parts)), document.language)


def _parts_in_order(document: Document) -> Iterator[Block]:
    """The blocks in order, each with the part that its first words and its place give it."""
    teller = _PartClassifier(document.language, has_closing_from=_last_quarter(document))
    for index, block in enumerate(document.blocks):
        yield replace(block, kind=teller.kind(block, index))


def _last_quarter(document: Document) -> int:
    annexes = (i for i, block in enumerate(document.blocks) if _is_annex(block, document.language))
    return 3 * next(annexes, len(document.blocks)) // 4


class _PartClassifier:
    """Reads a text from the top and knows which part it has reached."""

    def __init__(self, language: Language, *, has_closing_from: int) -> None:
        self._language = language
        self._closing_from = has_closing_from
        self._is_opening = True  # before the preamble and the operative part
        self._is_preamble = False  # under a heading that says so
        self._has_preamble = self._has_operative = False
        self._is_annex = False
        self._is_closed = False

    def kind(self, block: Block, index: int) -> BlockKind:
        if block.kind in (BlockKind.HEADING, BlockKind.ANNEX):
            return self._heading(block)
        if block.kind is BlockKind.OPERATIVE:
            self._has_operative = True
            self._is_opening = self._is_preamble = False
        if block.kind is not BlockKind.PARAGRAPH or block.level or self._is_annex:
            return block.kind
        return self._paragraph(_folded(plain(block.text)), index)

    def _heading(self, block: Block) -> BlockKind:
        is_annex = _is_annex(block, self._language)
        self._is_annex = self._is_annex or is_annex
        self._is_preamble = _opens(_folded(plain(block.text)), PREAMBLE_HEADINGS[self._language])
        self._is_opening = self._is_opening and self._is_preamble
        return BlockKind.ANNEX if is_annex else block.kind

    def _paragraph(self, words: str, index: int) -> BlockKind:
        if self._is_closed or (index >= self._closing_from and _opens(words, CLOSING[self._language])):
            self._is_closed = True
            return BlockKind.CLOSING
        if self._is_opening and not self._has_preamble and _is_place_date(words, self._language):
            return BlockKind.PLACE_DATE
        if not self._has_operative and _is_recital(words, self._language):
            self._has_preamble = True
            return BlockKind.PREAMBLE
        if self._is_opening and _opens(words, CHAPEAU[self._language]) and not self._is_past_chapeau(words):
            return BlockKind.CHAPEAU
        self._is_opening = self._is_opening and self._is_preamble
        return BlockKind.PREAMBLE if self._is_preamble else BlockKind.PARAGRAPH

    def _is_past_chapeau(self, words: str) -> bool:
        """A chapeau names its authors between commas or leaves its sentence open; "We commit to …." is a commitment."""
        names_authors = words.split(" ", 1)[0].endswith(",")
        return self._is_preamble or (words.endswith((".", ";")) and not names_authors)


def _operative(blocks: Iterable[Block]) -> Iterator[Block]:
    """Paragraphs of the body as operative ones, for a text that numbers none itself; an annex keeps its own."""
    is_body = True
    for block in blocks:
        is_body = is_body and block.kind is not BlockKind.ANNEX
        is_operative = is_body and block.kind is BlockKind.PARAGRAPH and block.level == 0
        yield replace(block, kind=BlockKind.OPERATIVE) if is_operative else block


def _is_annex(block: Block, language: Language) -> bool:
    is_heading = block.kind in (BlockKind.HEADING, BlockKind.ANNEX)
    return is_heading and _opens(_folded(plain(block.text)), ANNEX[language])


def _is_recital(words: str, language: Language) -> bool:
    before = "|".join(map(re.escape, BEFORE_PARTICIPLE[language]))
    return _opens(re.sub(rf"^(?:{before}),? ", "", words), PARTICIPLES[language])


def _is_place_date(words: str, language: Language) -> bool:
    if len(words.split()) > _PLACE_DATE_WORDS or not re.search(r"\b\d{4}\b", words):
        return False
    return re.search(rf"\b(?:{_MONTHS[language]})\b", words) is not None


def _opens(words: str, openings: Iterable[str]) -> bool:
    return any(re.match(rf"{re.escape(opening)}(?![^\W_])", words) for opening in openings)


def _folded(text: str) -> str:
    """Lower case, no accents, straight apostrophes, no mark or number in front: how the lexicon is written."""
    return re.sub(r"^[\W\d_]+", "", " ".join(without_accents(text).replace("’", "'").split()))
