"""Characters that deceive, made visible on every page: the last thing that happens to its HTML.

Words of people reach a page by many ways: templates, marked diffs, rendered Markdown. Here all of them pass. What
nobody sees is taken out and a chip put in its place; a letter of another script is framed and named. In a field that
somebody edits the words stay as they are, and what they hold is said beside it, with a button that takes it out.
"""

import re
from collections.abc import Iterator, Sequence

from drafts.checks.characters import DeceivingSign, deceiving_signs, mended
from workspace.web.i18n.messages import Messages

HTML = "text/html"
_WHOLE = "script|style|textarea"  # elements whose end is looked for first
_TAGS = re.compile(rf"(<!--.*?-->|<(?:{_WHOLE})\b.*?</(?:{_WHOLE})>|<[a-zA-Z/!][^>]*>)", re.DOTALL)
_WITHIN_WORDS = re.compile(r"</?(?:a|b|code|em|i|s|strong|sub|sup|u)\b")
_SEEN = re.compile(r'(?<=\s)(?:alt|aria-label|content|label|placeholder|title)="[^"]*"')
_TYPED = re.compile(r'<input\b(?![^>]*\btype="(?:hidden|radio|checkbox|submit|button)").*\bvalue="([^"]*)"', re.DOTALL)
_AREA = re.compile(r"<textarea\b[^>]*>\n?(.*)</textarea>", re.DOTALL)
_PLAIN = re.compile(r"<(?:option|title)\b")  # elements that hold no other


def with_signs_shown(page: str, messages: Messages | None = None, *, is_plain: bool = False) -> str:
    """The page with everything deceptive in it marked; the very same page where nothing is.

    Marked with signs alone where it `is_plain`: a page of another style. Fields are marked where there are `messages`.
    """
    if not deceiving_signs(page):
        return page
    pieces = _TAGS.split(page)
    marked = _marked_texts(pieces, is_plain=is_plain)
    tags = (_marked_tag(tag, messages) for tag in pieces[1::2])
    return "".join(piece for pair in zip(marked, (*tags, ""), strict=True) for piece in pair)


def _marked_texts(pieces: Sequence[str], *, is_plain: bool) -> Iterator[str]:
    """The texts between the tags. A word that is bold in its middle is one word."""
    joints = ["" if _WITHIN_WORDS.match(tag) else "\n" for tag in pieces[1::2]]
    texts = pieces[::2]
    signs = iter(deceiving_signs("".join(part for pair in zip(texts, (*joints, ""), strict=True) for part in pair)))
    sign, at = next(signs, None), 0
    for place, text in enumerate(texts):
        here: list[tuple[int, int, DeceivingSign]] = []
        while sign and sign.start < at + len(text):
            here.append((max(0, sign.start - at), min(len(text), sign.end - at), sign))
            if sign.end > at + len(text):
                break
            sign = next(signs, None)
        yield _replaced(text, here, is_plain=is_plain or (place > 0 and bool(_PLAIN.match(pieces[2 * place - 1]))))
        at += len(text) + len((*joints, "")[place])


def _replaced(text: str, signs: Sequence[tuple[int, int, DeceivingSign]], *, is_plain: bool) -> str:
    pieces, at = list[str](), 0
    for start, end, sign in signs:
        letters = text[start:end] if sign.is_letter else ""
        pieces += text[at:start], f"{letters}⟨{sign.short}⟩" if is_plain else _chip(sign, letters)
        at = end
    return "".join((*pieces, text[at:]))


def _chip(sign: DeceivingSign, letters: str) -> str:
    """What stands in the place of a sign. Its short name is drawn by the style, so that nobody copies it."""
    role = "" if letters else f' role="img" aria-label="{sign.name}"'
    return f'<span class="sign" title="{sign.name}" data-sign="{sign.short}"{role}>{letters}</span>'


def _marked_tag(tag: str, messages: Messages | None) -> str:
    if tag.startswith(("<script", "<style", "<!--")) or not deceiving_signs(tag):
        return tag
    area = _AREA.match(tag)
    field = area or _TYPED.match(tag)
    seen = tag if area else _SEEN.sub(_marked_attribute, tag)
    return seen + (_beside(field[1], messages) if field and messages else "")


def _marked_attribute(found: re.Match[str]) -> str:
    signs = [(sign.start, sign.end, sign) for sign in deceiving_signs(found[0])]
    return _replaced(found[0], signs, is_plain=True)


def _beside(words: str, messages: Messages) -> str:
    """What a field holds, said after it; `words` as they stand in the HTML."""
    known = {sign.name: sign for sign in deceiving_signs(words)}.values()
    chips = " ".join(_chip(sign, words[sign.start : sign.end] if sign.is_letter else "") for sign in known)
    says, button = messages.gettext("Deceptive characters:"), messages.gettext("Remove")
    act = f'<button type="button" class="btn" data-act="mend" data-words="{mended(words)}">{button}</button>'
    return f'<span class="signs small" role="note">{says} {chips} {act}</span>' if known else ""
