"""People and organisations in lists, labelled lines and items of an agenda."""

import re
from collections.abc import Iterable, Iterator
from functools import cache

from babel import Locale

from workspace.interchange.notes import lines
from workspace.interchange.notes.lines import folded, unmarked
from workspace.interchange.notes.rules.table import ALL, word_set
from workspace.sessions.extraction import Person

LONGEST = 300
MOST_WORDS_OF_A_NAME = 6
MOST_WORDS_OF_A_BODY = 14
ASIDE = re.compile(r"\(([^()]{0,80})\)")
TITLES = re.compile(
    r"^(?:sr|sra|dr|dra|mr|mrs|ms|mme|mlle|m|prof|d|dña|don|doña|hon|cllr|councillor|ald|rev|sir|dame|lic|ing|arq|mtro|mtra|pr)"
    r"\.?\s(?=[A-ZÀ-Þ])",
    re.IGNORECASE,
)
ARTICLE = re.compile(r"^(?:un|una|une|a|an|el|la|le|the)\s(?=\w)", re.IGNORECASE)
PARTS = re.compile(r"\s*[,;]\s+|\s+[–—|]\s+|\s+-\s+")
INITIAL = re.compile(r"^[A-ZÀ-Þ][\w'’.·-]*$")
PARTICLES = word_set("de del de la las los da dos van von der den le la y i e el al bin ben ibn di du des d'")
CONFIRMED = re.compile(r"^(?:confirmad[oa]s?|confirmed|confirmée?s?)$", re.IGNORECASE)
OFFICE = re.compile(r"(?:secretar|conseje|aseso|alcald|presiden)[a-z]*ía", re.IGNORECASE)  # not "secretaria", a person
AFTER_ASIDE = re.compile(r"(?<=\))\s?,\s+(?=[A-ZÀ-Þ])")
LAST_OF_SEVERAL = re.compile(r"\s(?:y|e|and|et|&)\s[A-ZÀ-Þ]")
PORTFOLIOS = word_set(  # what a post is about, where it is no body and no place: "secretaria de Movilidad"
    "agua ambiente bienestar ciencia comercio cooperacion cultura deporte deportes desarrollo economia "
    "educacion empleo "
    "energia finanzas hacienda igualdad infraestructura infraestructuras innovacion juventud medio memoria movilidad "
    "obras participacion planeacion planificacion relaciones salud seguridad sostenibilidad territorio transporte "
    "transportes turismo urbanismo vivienda asuntos "
    "climate culture development economy education energy environment finance health housing mobility planning "
    "procurement sustainability tourism transport urban water youth "
    "climat culture developpement eau education energie finances jeunesse logement mobilite mobilites sante tourisme "
    "transition transports urbanisme"
)
BETWEEN_PEOPLE = re.compile(r"\s*;\s*|\s+/\s+")
BETWEEN_ORGANISATIONS = re.compile(r"\s*[;/]\s*|,\s+")


def person(text: str) -> Person | None:
    """One person, or the post still to be filled by one; None where the text names neither."""
    plain = unmarked(text)[:LONGEST].strip(" .;•●-")
    asides = [aside.strip() for aside in ASIDE.findall(plain)]
    is_open = any(_says_unconfirmed(aside) for aside in asides) or _says_unconfirmed(plain)
    organisation = next(
        (aside for aside in asides if not _says_unconfirmed(aside) and not CONFIRMED.match(aside)), None
    )
    parts = [part for part in PARTS.split(_without_marks(plain)) if part]
    if not parts:
        return None
    name = ARTICLE.sub("", TITLES.sub("", parts[0]))
    if _is_role(name) and (named := next((part for part in parts[1:] if _is_addressed(part)), None)):
        parts = [named, name, *(part for part in parts[1:] if part is not named)]
        name = TITLES.sub("", named)
    elif _is_role(name):
        parts, name = ["", name, *parts[1:]], ""
    elif not _is_name(name):
        return Person(organisation=", ".join(parts), confirmed="no" if is_open else "unknown")
    role, organisation = _post(parts[1:], organisation)
    return Person(
        name=name or None,
        role=role,
        organisation=organisation,
        confirmed="no" if is_open else "yes" if any(map(CONFIRMED.match, asides)) else "unknown",
    )


def _is_addressed(text: str) -> bool:
    """Whether a part is a name with its title before it: "Sra. Elvira Nates"."""
    return bool(TITLES.match(text)) and _is_name(TITLES.sub("", text))


def people(value: str) -> Iterator[Person]:
    """The people of a labelled line, parted by semicolons or strokes."""
    for part in BETWEEN_PEOPLE.split(value):
        for name in _each(part):
            if name and (found := person(name)):
                yield found


def _each(text: str) -> list[str]:
    """One person, or several parted by commas: "Mónica Rey (Cali), Iván Sosa (tbc)", "Ana Ruiz, Luis Gil y Eva Paz"."""
    plain = unmarked(text).strip(" .")
    listed = re.split(r",\s+|\s(?:y|e|and|et|&)\s(?=[A-ZÀ-Þ])", plain)
    if len(listed) > 1 and LAST_OF_SEVERAL.search(plain) and all(map(_is_bare_name, listed)):
        return listed
    parts = AFTER_ASIDE.split(plain)
    return (
        parts
        if len(parts) > 1 and all(_is_bare_name(ASIDE.sub("", part).partition(",")[0]) for part in parts)
        else [text]
    )


def _is_bare_name(text: str) -> bool:
    name = TITLES.sub("", text.strip())
    return _is_name(name) and not _is_role(name)


def is_speaker(text: str) -> bool:
    """Whether a line names a speaker plainly: a post, or a mark that someone is still to be confirmed."""
    if len(text) > LONGEST:
        return False
    found = person(text)
    if found is None:
        return False
    body = folded(found.organisation or "").split()[:1]
    has_body = found.name is not None and bool(body) and body[0] in _bodies()
    return found.role is not None or has_body or (found.confirmed == "no" and found.name is not None)


def distinct(found: Iterable[Person]) -> tuple[Person, ...]:
    """Each person once, in order."""
    seen: dict[str, Person] = {}
    for person in found:
        key = folded(person.name) if person.name else f"{folded(person.role or '')}/{folded(person.organisation or '')}"
        seen.setdefault(key, person)
    return tuple(seen.values())


def organisations(value: str) -> tuple[str, ...]:
    """The organisations of a labelled line."""
    plain = unmarked(value).strip(" .")
    parts = [part.strip(" .") for part in BETWEEN_ORGANISATIONS.split(plain)]
    parts = [body for part in parts for body in _joined_bodies(part)]
    if any(folded(part) in _countries() for part in parts[1:]):
        parts = [part.strip(" .") for part in re.split(r"\s*[;/]\s*", plain)]
    return tuple(part for part in parts if part)


def _joined_bodies(text: str) -> list[str]:
    """Two organisations joined by "and", where each begins as an organisation does."""
    halves = re.split(r"\s(?:y|e|and|et|&)\s(?:el |la |the |le |l['’])?(?=[A-ZÀ-Þ])", text)
    begun = [folded(half).split()[:1] for half in halves]
    return halves if len(halves) > 1 and all(first and first[0] in _bodies() for first in begun) else [text]


def is_country(text: str) -> bool:
    return folded(text).strip(" .") in _countries()


def _without_marks(plain: str) -> str:
    for mark in _unconfirmed():
        plain = re.sub(rf"[\s,–—-]*{re.escape(mark)}\b", "", plain, flags=re.IGNORECASE)
    return ASIDE.sub("", plain).strip(" .,;–—-")


def _says_unconfirmed(text: str) -> bool:
    return any(re.search(rf"\b{re.escape(mark)}\b", text, re.IGNORECASE) for mark in _unconfirmed())


@cache
def _unconfirmed() -> tuple[str, ...]:
    return tuple(mark for cues in ALL.values() for mark in cues.unconfirmed)


def _is_role(text: str) -> bool:
    words = folded(text).split()
    if text.split() and OFFICE.fullmatch(text.split(maxsplit=1)[0]):
        return False
    return any(" ".join(words[:length]) in _roles() for length in (1, 2))


@cache
def _roles() -> frozenset[str]:
    return frozenset(folded(role) for cues in ALL.values() for role in cues.roles)


def _is_name(text: str) -> bool:
    words = text.split()
    if folded(text).split()[:1] and folded(text).split()[0] in _bodies():
        return False
    if not 2 <= len(words) <= MOST_WORDS_OF_A_NAME:  # a first name and a surname
        return False
    return all(INITIAL.match(word) or folded(word) in PARTICLES for word in words) and not any(
        len(word) > 3 and word.isupper() and len(words) > 3  # an acronym among words
        for word in words
    )


@cache
def _bodies() -> frozenset[str]:
    return frozenset(folded(body) for cues in ALL.values() for body in cues.bodies)


def _post(parts: list[str], aside: str | None) -> tuple[str | None, str | None]:
    """The role and the organisation in what follows a name."""
    if not parts:
        return None, aside
    rest = [part for part in parts[1:] if not part[:1].islower() and len(part.split()) <= MOST_WORDS_OF_A_BODY]
    in_country = bool(rest) and is_country(rest[-1])
    rest = rest[:-1] if in_country else rest
    if rest and not in_country:
        return parts[0], ", ".join(rest)
    role, organisation = _parted(parts[0])
    return role, organisation or ", ".join(rest) or aside


def _parted(text: str) -> tuple[str | None, str | None]:
    """ "alcaldesa de Durrës" into the post and the place; a text without a post is an organisation."""
    if not _is_role(text):
        return (None, text) if text[:1].isupper() else (text, None)
    joints = sorted((joint for cues in ALL.values() for joint in cues.role_joints), key=len, reverse=True)
    form = re.compile(rf"\s(?:{'|'.join(map(re.escape, joints))})(?:\s|(?<=['’]))(?=[A-ZÀ-Þ])")
    every = [found for found in form.finditer(text) if folded(text[found.end() :]).split()[0] not in PORTFOLIOS]
    found = every[0] if every else None
    return (text[: found.start()], text[found.end() :]) if found else (text, None)


@cache
def _countries() -> frozenset[str]:
    return frozenset(folded(name) for code in ALL for name in Locale.parse(code).territories.values())


ROLES = ("moderators", "speakers")
LONGEST_ITEM_LINE = 2000
SENTENCE = re.compile(r"(?:(?<=[^\W\d_]{2}[.;)?!])|(?<=\)\.))\s+(?=[\W_]{0,3}[A-ZÀ-Þ])|\s[|●•]\s?")
OPENED = re.compile(r"^(?P<what>[^:]{3,80}?)\s?:\s(?P<who>.+)$", re.DOTALL)


def item_title(text: str) -> str:
    """What an item is called, without whoever it names after that."""
    kept: list[str] = []
    for sentence in SENTENCE.split(text[:LONGEST_ITEM_LINE]):
        if kept and _labelled(sentence):
            break
        kept.append(sentence)
    whole = " ".join(kept)
    opened = OPENED.match(unmarked(whole))
    return opened["what"] if opened and is_speaker(opened["who"]) else whole


def unlabelled(text: str) -> str:
    """The words of a table's cell before the first label: in "Ana Ruiz. Moderates: Teo Blanco" only the first name."""
    kept: list[str] = []
    for sentence in SENTENCE.split(text[:LONGEST_ITEM_LINE]):
        if _labelled(sentence):
            break
        kept.append(sentence)
    return " ".join(kept)


def people_in(text: str, role: str) -> Iterator[Person]:
    """The moderators or the speakers that an item names, after a label or what they do: "Welcome: Ana Ruiz, …"."""
    label = ""
    for sentence in SENTENCE.split(text[:LONGEST_ITEM_LINE]):
        stated = lines.labelled_value(sentence)
        opened = OPENED.match(unmarked(sentence))
        if stated and stated.role in ROLES:
            label = stated.role
            if label == role:
                yield from people(stated.value)
        elif label == role and is_speaker(sentence):
            yield from people(sentence)
        elif role == "speakers" and not label and opened and is_speaker(opened["who"]):
            yield from people(opened["who"])


def _labelled(sentence: str) -> bool:
    stated = lines.labelled_value(sentence)
    return stated is not None and stated.role in ROLES
