"""The command `check` at work: read two files or a list of pairs, run the checks, write what they found."""

import os
import re
import sys
from collections.abc import Iterator, Sequence
from itertools import count
from pathlib import Path

import click
import msgspec

from drafts.base.errors import BadMarkdown, NotText, TooLarge
from drafts.checks import CATALOGUE, Acronym, Finding, House, Pair, Profile, Severity, Term, check_corpus, check_pair
from drafts.languages.alignment import align
from drafts.text.blocks import Block, BlockKind, Document, Language, canonical
from drafts.text.markup import decode, read_blocks
from workspace.core.errors import BadFile
from workspace.terms.dictionaries import installed
from workspace.web.i18n import messages as i18n
from workspace.web.i18n.command_line import harmless
from workspace.web.i18n.marking import N_
from workspace.web.refusals.check_sentences import SEVERITIES, said

_INKS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.INFO: "cyan"}
_MOST_BYTES = 64_000_000
_HEADINGS = frozenset({BlockKind.TITLE, BlockKind.HEADING, BlockKind.ANNEX})


class PairFindingOut(msgspec.Struct, frozen=True):
    """One finding. Blocks count from 0 in the source; what only the target has stands before `block`."""

    block: int
    check: str
    severity: str
    message: str
    source: str
    target: str
    fix: str | None = None


_Forms = str | tuple[str, ...]  # one wording may stand without its list


def _each(forms: _Forms) -> tuple[str, ...]:
    return (forms,) if isinstance(forms, str) else forms


class _TermIn(msgspec.Struct, frozen=True):
    es: _Forms = ()
    en: _Forms = ()
    fr: _Forms = ()
    forbidden: dict[Language, _Forms] = {}

    def value(self) -> Term:
        forbidden = {language: _each(forms) for language, forms in self.forbidden.items()}
        return Term(_each(self.es), _each(self.en), _each(self.fr), forbidden)


class _AcronymIn(msgspec.Struct, frozen=True):
    es: _Forms = ()
    en: _Forms = ()
    fr: _Forms = ()

    def value(self) -> Acronym:
        return Acronym(*map(_each, (self.es, self.en, self.fr)))


class _PairIn(msgspec.Struct, frozen=True):
    id: str | int
    source: str
    target: str
    source_language: Language = msgspec.field(name="from")
    target_language: Language = msgspec.field(name="to")


_PATH = re.compile(r"`(\$[^`]*)`$")


class _PairsIn(msgspec.Struct, frozen=True):
    pairs: tuple[_PairIn, ...]
    profile: Profile = Profile.NATIONAL
    glossary: tuple[_TermIn, ...] = ()
    acronyms: tuple[_AcronymIn, ...] = ()

    def house(self, profile: Profile, dictionaries: str) -> House:
        return House(
            profile,
            tuple(term.value() for term in self.glossary),
            tuple(acronym.value() for acronym in self.acronyms),
            dictionaries=installed(dictionaries),
        )


class PairOut(msgspec.Struct, frozen=True):
    id: str | int
    checks: tuple[str, ...]


def check_list(path: Path, *, profile: str | None, dictionaries: str = "") -> int:
    """Write which checks found something in each pair; 1 if one of them is an error, else 0."""
    pairs = _pairs(path)
    house = pairs.house(Profile(profile) if profile else pairs.profile, dictionaries)
    answers, is_bad = [], False
    for given_pair in pairs.pairs:
        pair = Pair.of(
            given_pair.source,
            given_pair.target,
            languages=(given_pair.source_language, given_pair.target_language),
            house=house,
        )
        findings = check_pair(pair)
        is_bad = is_bad or any(finding.severity is Severity.ERROR for finding in findings)
        answers.append(PairOut(given_pair.id, tuple(finding.check for finding in findings)))
    _write(_json(answers))
    return 1 if is_bad else 0


def _pairs(path: Path) -> _PairsIn:
    source = str(path)
    data = _bytes(path)
    try:
        return msgspec.json.decode(data.removeprefix(b"\xef\xbb\xbf"), type=_PairsIn)
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise BadFile(source=source, reason="encoding", line=line) from error
    except msgspec.DecodeError as error:
        place = next(iter(_PATH.findall(str(error))), "$")  # reads alike in every language; `$` is the file as a whole
        raise BadFile(source=source, reason="not_pairs", place=place) from error


def check_files(
    source: Path, target: Path, *, languages: tuple[str, str], profile: str | None, form: str, dictionaries: str = ""
) -> int:
    """Write what the checks found in the two files put side by side; 1 if one of it is an error, else 0."""
    ours, theirs = Language(languages[0]), Language(languages[1])
    house = House(Profile(profile or "national"), dictionaries=installed(dictionaries))
    raw = _text(target)
    documents = {ours: _document(_text(source), ours, str(source)), theirs: _document(raw, theirs, str(target))}
    rows = _rows(documents, ours, theirs)
    found = list(_findings(rows, ours, theirs, house, raw))
    messages = i18n.messages(i18n.of_command_line())
    out = [_out(row, finding, said(finding, messages)) for row, finding in found]
    _write(_json(out) if form == "json" else _finding_sentence(found, out, messages))
    return 1 if any(finding.severity is Severity.ERROR for _, finding in found) else 0


class _PairRow(msgspec.Struct, frozen=True):
    """Two blocks side by side; `index` is that of the source, or of the source block that comes next."""

    index: int
    source: Block | None
    target: Block | None


def _rows(documents: dict[Language, Document], ours: Language, theirs: Language) -> list[_PairRow]:
    rows, at = [], 0
    for row in align(documents):
        source, target = row.block(ours), row.block(theirs)
        rows.append(_PairRow(at, source, target))
        at += source is not None
    return rows


def _findings(
    rows: Sequence[_PairRow], ours: Language, theirs: Language, house: House, raw: str
) -> Iterator[tuple[_PairRow, Finding]]:
    """In the order of the text, and of the checks in each paragraph."""
    complete = [row for row in rows if row.source and row.target]
    pairs = [_pair(row, (ours, theirs), house) for row in complete]
    corpus = check_corpus(pairs)
    findings = {
        id(row): [*check_pair(pair), *corpus.get(at, ())]
        for at, (row, pair) in enumerate(zip(complete, pairs, strict=True))
    }
    hidden = _hidden(raw, rows, house)
    for row in rows:
        own = findings.get(id(row), [])
        known = {finding.check for finding in own}
        own += [finding for finding in hidden.get(id(row), []) if finding.check not in known]
        if row.source is None or row.target is None:
            odd = theirs if row.target is None else ours
            own = [Finding("missing", CATALOGUE["missing"].severity, odd=odd)]
        elif _shape(row.source) != _shape(row.target):
            own.append(
                Finding(
                    "structure_mismatch",
                    CATALOGUE["structure_mismatch"].severity,
                    (_shape(row.source),),
                    (_shape(row.target),),
                )
            )
        for finding in sorted(own, key=lambda finding: finding.check):
            yield row, finding


def _pair(row: _PairRow, languages: tuple[Language, Language], house: House) -> Pair:
    source, target = row.source, row.target
    is_heading = source is not None and source.kind in _HEADINGS
    return Pair.of(
        source.text if source else "",
        target.text if target else "",
        languages=languages,
        house=house,
        is_heading=is_heading,
    )


def _shape(block: Block) -> str:
    return f"{block.kind.value} {block.level}" if block.level else block.kind.value


_HIDDEN = ("double_space", "invisible_char", "not_nfc")
_STRANGE = re.compile(r"[^\S\n]{2}|[^\x00-\x7f]")
_LIST_MARK = re.compile(r"^(?:#{1,6}|[-+*>]|\(?\w{1,3}[.)])\s+")


def _hidden(raw: str, rows: Sequence[_PairRow], house: House) -> dict[int, list[Finding]]:
    """What reading a file mends by itself (characters nobody sees, two spaces), said of the paragraph it stands in."""
    found: dict[int, list[Finding]] = {}
    for line in raw.removeprefix("\ufeff").splitlines():
        if not _STRANGE.search(line) or line.startswith((" ", "\t", "|", "`")):
            continue
        bare = _LIST_MARK.sub("", canonical(line))
        row = next((row for row in rows if row.target and row.target.text and bare[:60] in row.target.text), None)
        if row is None or row.target is None:
            continue
        pair = Pair.of(line, line.strip(), languages=(Language.EN, Language.EN), house=house)
        for name in _HIDDEN:
            run = CATALOGUE[name].run
            what = run(pair) if run else None
            if what is not None:
                found.setdefault(id(row), []).append(Finding.of(name, what, house))
    return found


def _out(row: _PairRow, finding: Finding, message: str) -> PairFindingOut:
    source, target = (
        _excerpt(words, block) for words, block in ((finding.source, row.source), (finding.target, row.target))
    )
    return PairFindingOut(row.index, finding.check, finding.severity.value, message, source, target, finding.fix)


def _excerpt(words: tuple[str, ...], block: Block | None) -> str:
    return ", ".join(words) if words else block.text if block else ""


_SHOWN = 100


def _finding_sentence(
    found: Sequence[tuple[_PairRow, Finding]], out: Sequence[PairFindingOut], messages: i18n.Messages
) -> str:
    """One paragraph of the text after the other: where, what is the matter, the words, the mended text."""
    say = messages.gettext
    colour = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
    lines = []
    before = None
    for (row, finding), answer in zip(found, out, strict=True):
        if id(row) != before:
            shown = row.source or row.target
            place = say(N_("Paragraph %(number)s"), number=row.index + 1)
            text = _short(shown.text) if shown else ""
            lines.append(f"{click.style(place, bold=True) if colour else place}  {text}")
            before = id(row)
        level = say(SEVERITIES[finding.severity])
        level = click.style(level, fg=_INKS[finding.severity]) if colour else level
        lines.append(f"  {level}: {harmless(answer.message)} [{finding.check}]")
        if finding.fix is not None:
            lines.append("    " + say(N_("Corrected: %(text)s"), text=harmless(finding.fix)))
    return "\n".join([*lines, "", _summary(found, messages)]) + "\n" if lines else _summary(found, messages) + "\n"


def _short(text: str) -> str:
    text = harmless(text.replace("\n", " "))
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


def _summary(found: Sequence[tuple[_PairRow, Finding]], messages: i18n.Messages) -> str:
    if not found:
        return messages.gettext(N_("Nothing was found."))
    counts = {level: sum(finding.severity is level for _, finding in found) for level in Severity}
    return ", ".join(
        (
            messages.ngettext("%(n)s error", "%(n)s errors", counts[Severity.ERROR]),
            messages.ngettext("%(n)s warning", "%(n)s warnings", counts[Severity.WARNING]),
            messages.ngettext("%(n)s hint", "%(n)s hints", counts[Severity.INFO]),
        )
    )


def _bytes(path: Path) -> bytes:
    try:
        data = sys.stdin.buffer.read(_MOST_BYTES + 1) if str(path) == "-" else path.read_bytes()
    except OSError as error:
        raise BadFile(source=str(path), reason="not_readable") from error
    if len(data) > _MOST_BYTES:
        raise BadFile(source=str(path), reason="too_large", bytes=len(data), most=_MOST_BYTES)
    return data


def _text(path: Path) -> str:
    source = str(path)
    try:
        return decode(_bytes(path), source)
    except TooLarge as error:
        size, limit = error.facts["size"], error.facts["limit"]
        raise BadFile(source=source, reason="too_large", bytes=size, most=limit) from error
    except NotText as error:
        raise BadFile(source=source, reason="encoding", line=1) from error


def _document(text: str, language: Language, source: str) -> Document:
    numbers = count()
    try:
        return read_blocks(text, language=language, new_id=lambda: f"{language.value}{next(numbers)}")
    except BadMarkdown as error:
        raise BadFile("", source=source, **error.facts) from error
    except TooLarge as error:
        reason, limit = f"too_many_{error.facts['what']}", error.facts["limit"]
        raise BadFile(source=source, reason=reason, size=error.facts["size"], most=limit) from error


def _json(answer: object) -> str:
    return msgspec.json.format(msgspec.json.encode(answer), indent=2).decode() + "\n"


def _write(answer: str) -> None:
    sys.stdout.buffer.write(answer.encode())
    sys.stdout.flush()
