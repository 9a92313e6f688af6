"""Requests that stand in a form: a table with old and new words, or lines like “Old text: …”, “New text: …”.

Members fill in what their own office uses. What a column or a line holds is known by its label, in three languages.
"""

import re
from collections.abc import Mapping, Sequence
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from drafts.base.lazy_regex import lazy_regex
from workspace.interchange.intake.mail_reader.masking import (
    PLACE,
    MailPlace,
    expressions,
    fold_characters,
    mask_quotations,
)
from workspace.interchange.intake.mail_reader.places import with_places
from workspace.interchange.intake.mail_reader.request import MOST, ChangeRequest, Kind


class FormLabel(StrEnum):
    """What a column or a line of a form holds."""

    PLACE = "place"
    ACTION = "action"
    OLD = "old"
    NEW = "new"
    REASON = "reason"


_TEXT = r"(?: (?:text|wording|version|language|formulation|words))?"
_TEXTO = r"(?:(?:texto|redaccion|version) )?"
_TEXTE = r"(?:(?:texte|libelle|version|redaction) )?"
_LABELS: Mapping[FormLabel, re.Pattern[str]] = {
    FormLabel(label): lazy_regex(words)
    for label, words in expressions("labels", text=_TEXT, texto=_TEXTO, texte=_TEXTE).items()
}
_DELETED = lazy_regex(
    r"[-–—/]|\(?(?:deleted?|deletion|to be deleted|removed?|suprim\w*|supresion|elimin\w*|supprim\w*|suppression)"
    r"\)?\.?"
)
_ADDED = lazy_regex(
    r"(?:add|insert|new|addition|anadir|agregar|insertar|nuevo|adicion|ajout|ajouter|inserer|nouveau)\w*"
)
_KEPT = lazy_regex(rf"(?:{expressions('forms')['kept']}).{{0,40}}")
_NOTHING = lazy_regex(r"[-–—]|n/?a|none|nuevo|new|nouveau|\(new\)|\(nuevo\)|\(nouveau\)")
_RULE = lazy_regex(r"[ |:+=-]+")
_LONGEST_HEADING = 60  # characters
_MARKS = {"«": "»", "“": "”", '"': '"', "„": "”", "‘": "’", "'": "'"}
_LINE = lazy_regex(r"[ \-•*]*(?P<label>[^:\n|\t]{2,30}?)[ \u00a0\u202f]*:[ \u00a0]*(?P<words>.*)")
_INLINE = lazy_regex(
    r"(?<=[.;:–—\"”»]) +(?=(?:old|new|current|proposed|original|texto|nuevo texto|texte|nouveau texte)\b[^:\n]{0,12}:)",
    re.IGNORECASE,
)


class FormRequests(Struct, frozen=True):
    """The requests that stand in forms, and the text without them."""

    requests: tuple[ChangeRequest, ...]
    rest: str


def form_requests(text: str) -> FormRequests:
    """Read the forms in a mail; where a row or a group of lines is none, it stays in the text."""
    lines = _INLINE.sub("\n", text).split("\n")
    found: list[ChangeRequest] = []
    rest: list[str] = []
    at = 0
    while at < len(lines):
        made, left, end = _table(lines, at)
        if end == at:
            made, left, end = _labelled(lines, at)
        if end == at:
            made, left, end = [], [lines[at]], at + 1
        most = MOST - len(found)
        found += made[:most]
        rest += [*left, *(change_request.source for change_request in made[most:])]
        at = end
    return FormRequests(tuple(found), "\n".join(rest) if found else text)


_Form = tuple[list[ChangeRequest], list[str], int]  # requests, the lines that are none, and where it ends


# Tables


def _table(lines: Sequence[str], at: int) -> _Form:
    """The rows of the table whose head is at this line; nowhere further where it is none."""
    head = [_label(cell) for cell in _cells(lines[at])]
    columns = {label: place for place, label in reversed(list(enumerate(head))) if label is not None}
    if FormLabel.PLACE not in columns or FormLabel.NEW not in columns:
        return [], [], at
    found: list[ChangeRequest] = []
    left: list[str] = [""]
    end = at + 1
    while end < len(lines) and (cells := _cells(lines[end])):
        fields = {label: cells[place].strip() for label, place in columns.items() if place < len(cells)}
        change_request = None if _RULE.fullmatch(lines[end]) else _request(fields, lines[end])
        if change_request:
            beside = (cell for place, cell in enumerate(cells) if place not in columns.values())
            source = lines[end] if found else f"{lines[at]}\n{lines[end]}"
            found.append(replace(change_request, source=source, is_doubted=any(map(str.strip, beside))))
        elif not _RULE.fullmatch(lines[end]):
            left.append(lines[end])
        end += 1
    return found, left if found else [lines[at], *left], end


def _cells(line: str) -> list[str]:
    """The cells of a row: between upright lines or tabs."""
    if "\t" in line:
        return line.split("\t")
    return line.strip().strip("|").split("|") if line.count("|") > 1 or " | " in line else []


def _label(words: str) -> FormLabel | None:
    said = " ".join(fold_characters(words.strip(" *_.:")).split())
    return next((label for label, pattern in _LABELS.items() if pattern.fullmatch(said)), None)


# Lines


def _labelled(lines: Sequence[str], at: int) -> _Form:
    """What a group of labelled lines asks for; a line with nothing but a place may lead it."""
    fields: dict[FormLabel, str] = {}
    end = at
    if not any(map(_labels, lines[at : at + 2])):
        return [], [], at
    if names_alone(lines[at]):
        fields[FormLabel.PLACE] = lines[at]
        end += 1
    last: FormLabel | None = None
    while end < len(lines) and (lines[end].strip() or last is None):
        found = _labels(lines[end])
        if found and found[0] not in fields:
            last, fields[found[0]] = found
        elif found or last is None or names_alone(lines[end]):
            break
        else:
            fields[last] = f"{fields[last]} {lines[end].strip()}".strip()
        end += 1
    change_request = _request(fields, "\n".join(lines[at:end]).strip()) if _is_form(fields) else None
    return ([change_request], [""], end) if change_request else ([], [], at)


def _labels(line: str) -> tuple[FormLabel, str] | None:
    """The label of a line and its words, if it begins with one."""
    found = _LINE.fullmatch(line)
    label = _label(found["label"]) if found else None
    return (label, found["words"].strip()) if found and label else None


def _is_form(fields: Mapping[FormLabel, str]) -> bool:
    """Whether lines say enough together: old and new words, or what to do with a paragraph; one line is a sentence."""
    if {FormLabel.OLD, FormLabel.NEW} <= fields.keys():
        return True
    return FormLabel.PLACE in fields and (
        FormLabel.ACTION in fields or {FormLabel.NEW, FormLabel.REASON} <= fields.keys()
    )


def _request(fields: Mapping[FormLabel, str], source: str) -> ChangeRequest | None:
    """What one row asks for; None where it says too little."""
    places = _places(fields.get(FormLabel.PLACE, ""))
    old, new, action = (_bare(fields.get(label, "")) for label in (FormLabel.OLD, FormLabel.NEW, FormLabel.ACTION))
    if not places and not (old and new):
        return None
    kind = _kind(old, new, action, places)
    if kind is None:
        return None
    old = old if kind in {Kind.REPLACE, Kind.DELETE} else ""
    new = "" if kind is Kind.DELETE else new
    return ChangeRequest(
        kind, " ".join(source.split()), places, old=old, new=new, reason=fields.get(FormLabel.REASON, "")
    )


def _kind(old: str, new: str, action: str, places: Sequence[MailPlace]) -> Kind | None:
    old = "" if _NOTHING.fullmatch(fold_characters(old)) else old
    is_gone = bool(
        _DELETED.fullmatch(fold_characters(new)) or (not new and (old or _DELETED.fullmatch(fold_characters(action))))
    )
    if is_gone:
        return Kind.DELETE if old else Kind.DELETE_PARAGRAPH
    if not new or _KEPT.fullmatch(fold_characters(new)):
        return None
    if old:
        return Kind.REPLACE
    if not places or " " in places[0].number:
        return Kind.NEW_AT
    return Kind.SOMEWHERE if _ADDED.fullmatch(fold_characters(action)) else Kind.WHOLE


def _bare(words: str) -> str:
    """The words of a cell, without quotation marks around all of them."""
    words = " ".join(words.split())
    if len(words) > 1 and _MARKS.get(words[0]) == words[-1] and words[0] not in words[1:-1]:
        return words[1:-1].strip()
    return words


def names_alone(line: str) -> tuple[MailPlace, ...]:
    """The paragraphs that a line names which says nothing else."""
    return () if len(line) > _LONGEST_HEADING else _places(line, is_alone=True)


def _places(words: str, *, is_alone: bool = False) -> tuple[MailPlace, ...]:
    """The paragraphs that a cell names, where a number alone is one; or a line, which names nothing else."""
    words = words.strip(" *_.:–—-•")
    if not is_alone and re.match(r"\(?\d", words):
        words = f"paragraph {words}"
    mail = with_places(mask_quotations(words))
    signs = re.findall(PLACE, mail.text)
    if not signs or (is_alone and re.search(r"\w", re.sub(PLACE, "", mail.text))):
        return ()
    return mail.named(signs[0])
