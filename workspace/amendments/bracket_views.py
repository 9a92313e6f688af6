"""Brackets as pages show them: each alternative in the languages that have it, with who wants it."""

from collections.abc import Iterable, Mapping, Sequence
from string import ascii_uppercase

from markupsafe import Markup
from msgspec import Struct

from drafts.blocks import Block, Language
from drafts.render import inline_html
from drafts.tokens import tokenize
from workspace.amendments.committee_models import Bracket, BracketAlternative, BracketState
from workspace.amendments.models import Disposition
from workspace.amendments.passages import Passages
from workspace.declarations.queries import BlockRow
from workspace.web.i18n import LANGUAGES, N_, Messages


class Reading(Struct, frozen=True):
    """An alternative in one language."""

    language: Language
    html: Markup


class AlternativeLine(Struct, frozen=True):
    """One alternative: its letter, its words, who wants it. No readings: the paragraph would be left out."""

    position: int
    letter: str
    readings: Sequence[Reading]
    missing: Sequence[Language]
    who: Sequence[str]
    is_as_it_stands: bool
    is_chosen: bool


class BracketLine(Struct, frozen=True):
    """One bracket. `place` is where its paragraph stands in the text; an addition is one that is contested itself."""

    number: int
    block: str
    about: str
    href: str
    place: int
    is_open: bool
    is_addition: bool
    reason: str
    alternatives: Sequence[AlternativeLine]


def bracket_line(bracket: Bracket, passages: Passages) -> BracketLine:
    block_id = str(bracket.block_id)
    row = passages.row(block_id)
    return BracketLine(
        number=bracket.number,
        block=block_id,
        about=passages.name_of(block_id),
        href=f"{passages.paragraphs}/{block_id}",
        place=passages.places.get(block_id, len(passages.rows)),
        is_open=bracket.state is BracketState.OPEN,
        is_addition=bracket.is_addition,
        reason=bracket.reason,
        alternatives=[_alternative(one, bracket, row, passages) for one in bracket.alternatives],
    )


def letter(position: int) -> str:
    """A, B … Z, then with a number."""
    turn, place = divmod(position, len(ascii_uppercase))
    return ascii_uppercase[place] + (str(turn + 1) if turn else "")


def _alternative(
    alternative: BracketAlternative, bracket: Bracket, row: BlockRow | None, passages: Passages
) -> AlternativeLine:
    texts = _with_translations(alternative, row)
    found = [
        Reading(language, _html(texts[language], language, row, passages)) for language in LANGUAGES if texts[language]
    ]
    return AlternativeLine(
        position=alternative.position,
        letter=letter(alternative.position),
        readings=found,
        missing=[language for language in LANGUAGES if found and not texts[language] and row and language in row.texts],
        who=sponsors(alternative, passages.messages),
        is_as_it_stands=alternative.is_as_it_stands,
        is_chosen=bracket.chosen == alternative.position,
    )


def sponsors(alternative: BracketAlternative, messages: Messages) -> Sequence[str]:
    """Organisations by name, amendments of persons without one by the person's; who has withdrawn is said to have.

    The words stay in the bracket all the same: they are before the committee, and somebody else may want them.
    """
    found = []
    for sponsor in alternative.sponsors:
        if sponsor.organisation:
            found.append(sponsor.organisation.name)
        elif sponsor.amendment:
            by = sponsor.amendment.organisation or sponsor.amendment.proposer
            name, number = by.name, sponsor.amendment.number
            is_gone = sponsor.amendment.disposition is Disposition.WITHDRAWN
            gone = messages.gettext("formerly %(name)s (%(number)s, withdrawn)", name=name, number=number)
            found.append(gone if is_gone else f"{name} ({number})")
    return list(dict.fromkeys(found))


def _html(text: str, language: Language, row: BlockRow | None, passages: Passages) -> Markup:
    if row is None:
        return passages.talked_about(inline_html(text, language=language, numbers=passages.numbers))
    block = Block(row.id, row.kind, text, row.level)
    return passages.in_language(language).html(block)


class Contested(Struct, frozen=True):
    """A paragraph in one language: what every reading begins and ends with, and where they part."""

    before: str
    choices: Sequence[tuple[str, str]]  # letter and words
    after: str

    @property
    def markdown(self) -> str:
        """As plain text: `Towns shall [A: share] [B: lend] water.`"""
        drawn = (f"[{name}: {words}]" if name else f"[{words}]" for name, words in self.choices)
        return self.before + " ".join(drawn) + self.after


def contested(bracket: Bracket, language: Language, row: BlockRow) -> Contested:
    """A bracketed paragraph in one language. An alternative without words there is shown in those it was written in.

    Of one that somebody would add, the wordings: that it may be left out again goes without saying.
    """
    every_one = bracket.alternatives[bracket.is_addition :]
    texts = [(letter(alternative.position), worded(alternative, language, row)) for alternative in every_one]
    if bracket.is_addition and len(texts) == 1:
        return Contested(before="", choices=[("", texts[0][1])], after="")
    if len({text for _, text in texts}) == 1:
        return Contested(before=texts[0][1], choices=(), after="")  # the dispute is about the words of other languages
    every = [tuple(token.text for token in tokenize(text)) for _, text in texts]
    start = _shared(every)
    end = _shared([tuple(reversed(tokens[start:])) for tokens in every])
    before, after = "".join(every[0][:start]), "".join(every[0][len(every[0]) - end :]) if end else ""
    choices = ["".join(tokens[start : len(tokens) - end]) for tokens in every]
    return Contested(
        before=before + " " * _needs_space(before[-1:], (one[:1] for one in choices)),
        choices=[(name, choice.strip()) for (name, _), choice in zip(texts, choices, strict=True)],
        after=" " * _needs_space(after[:1], (one[-1:] for one in choices)) + after,
    )


def _needs_space(edge: str, borders: Iterable[str]) -> bool:
    """Whether a space that stood inside an alternative has to stand outside its bracket instead."""
    return bool(edge) and not edge.isspace() and any(character.isspace() for character in borders)


def contested_html(found: Contested, language: Language, numbers: Mapping[str, str], messages: Messages) -> Markup:
    """The same as safe HTML, with the alternatives announced."""
    drawn = [
        Markup(
            '<span class="alt" data-alternative="{name}">'
            '<span class="alt-no"><span class="vh">{said} </span>{name}</span>{words}</span>'
        ).format(said=messages.gettext(N_("Alternative")), name=name, words=_inline(words, language, numbers) or "∅")
        if name
        else _inline(words, language, numbers)
        for name, words in found.choices
    ]
    if not drawn:
        return _inline(found.before, language, numbers)
    middle = Markup(" ").join(drawn)
    return Markup('{before}<span class="bracket"><b>[</b>{middle}<b>]</b></span>{after}').format(
        before=_inline(found.before, language, numbers), middle=middle, after=_inline(found.after, language, numbers)
    )


def _with_translations(alternative: BracketAlternative, row: BlockRow | None) -> Mapping[str, str]:
    """The words of an alternative; where they are those of the text, with what translators have made of them since."""
    texts = alternative.texts.to_dict()
    written = {key: text for key, text in texts.items() if text}
    if row is None or not written or any(row.content(Language(key)) != text for key, text in written.items()):
        return texts
    return {language.value: row.content(language) for language in Language}


def worded(alternative: BracketAlternative, language: Language, row: BlockRow) -> str:
    """The words of an alternative in one language; without any there, in the one that the paragraph was written in."""
    texts = _with_translations(alternative, row)
    if not any(texts.values()):
        return ""
    return texts[language] or texts[row.original_language] or alternative.texts.said_in(language)


def _shared(every: Sequence[tuple[str, ...]]) -> int:
    """How many tokens all begin with."""
    count = 0
    for together in zip(*every, strict=False):
        if len(set(together)) > 1:
            break
        count += 1
    return count


def _inline(text: str, language: Language, numbers: Mapping[str, str]) -> Markup:
    if not text.strip():
        return Markup(" ") if text else Markup()
    lead, trail = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
    html = inline_html(text.strip(), language=language, numbers=numbers)
    return Markup(lead + html + trail)  # noqa: S704  (drafts.render promises safe HTML; the rest is spaces)
