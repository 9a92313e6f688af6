"""People and organisations in lists, labelled lines and items of an agenda."""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import takewhile

from babel import Locale

from workspace.interchange.notes import lines
from workspace.interchange.notes.lines import aligned, folded, unmarked
from workspace.interchange.notes.rules import ALL, form_in_any, forms, word_set
from workspace.sessions.extraction import Person

FORM = forms("people")
POSTS = frozenset(folded(role) for cues in ALL.values() for role in cues.roles)
BODIES = frozenset(folded(body) for cues in ALL.values() for body in cues.bodies)

NAME = FORM["name"].pattern
LONGEST = 300
MOST_WORDS_OF_A_NAME = 6
MOST_WORDS_OF_A_BODY = 14
PARTICLES = word_set("de del de la las los da dos van von der den le la y i e el al bin ben ibn di du des d'")
NO_NAMES = BODIES | {
    folded(word)
    for cues in ALL.values()
    for names in (cues.rooms, cues.venues, cues.networks, cues.numbers, cues.session_types, *cues.kinds.values())
    for name in names
    for word in name.split()
    if len(word) > 3 or (word in cues.numbers and word not in PARTICLES)
}
PORTFOLIOS = frozenset(word for cues in ALL.values() for word in cues.portfolios)


@cache
def moderating() -> tuple[re.Pattern[str], ...]:
    """The clauses that tell who moderates: "moderated by Ana Ruiz", "Ana Ruiz, of Cali, chairs", "Modera Ana Ruiz"."""
    before, after = (form_in_any(kind).pattern for kind in ("moderated", "moderates"))
    aside = r"(?:,\s[^.;:]{2,90}?,|,|\s\([^()]{2,60}\),?)?"
    begins = r"(?:^|[.;,(]\s|\s[–—y&-]\s|\set\s)(?:[Ll][aeo]s?\s)?"
    named = rf"{NAME}(?:\s(?:and|&|y|e|et)\s{NAME.replace('<name>', '<other>')})?"
    return (
        re.compile(rf"(?i:{before})\s?:?\s?{named}"),
        re.compile(rf"{named}(?:{aside}\s(?:(?i:who|qui|que|quien)\s)?|\s\((?:[^()]{{2,40}},\s)?)(?i:{after})\b"),
        re.compile(rf"{begins}(?:\w+\s(?:y|et|and)\s)?(?i:{after})\s?:?\s{named}"),
    )


def person(text: str) -> Person | None:
    """One person, or the post still to be filled by one; None where the text names neither."""
    plain = unmarked(text)[:LONGEST].strip(" .;•●-")
    asides = [aside.strip() for aside in FORM["aside"].findall(plain)]
    marked = FORM["unconfirmed"].sub("", plain)
    is_open = marked != plain
    organisation = next(
        (aside for aside in asides if not (FORM["unconfirmed"].search(aside) or FORM["confirmed"].match(aside))), None
    )
    parts = [part for part in FORM["parts"].split(FORM["aside"].sub("", marked).strip(" .,;–—-")) if part]
    if not parts:
        return None
    name = FORM["article"].sub("", FORM["titles"].sub("", parts[0]))
    if _is_role(name) and (named := next((part for part in parts[1:] if _is_addressed(part)), None)):
        parts = [named, name, *(part for part in parts[1:] if part is not named)]
        name = FORM["titles"].sub("", named)
    elif _is_role(name):
        parts, name = ["", name, *parts[1:]], ""
    elif not _is_name(name):
        return Person(organisation=", ".join(parts), confirmed="no" if is_open else "unknown")
    role, organisation = _post(parts[1:], organisation)
    return Person(
        name=written_out(name) or None,
        role=role,
        organisation=organisation,
        confirmed="no" if is_open else "yes" if any(map(FORM["confirmed"].match, asides)) else "unknown",
    )


def written_out(name: str) -> str:
    """A name without capitals for whole words: "Malik ESSIEN", "ROSA DE LA PAZ"."""
    plain = " ".join(word.title() if word.isupper() and "." not in word else word for word in name.split())
    return name if plain == name else FORM["small"].sub(lambda found: found[0].lower(), plain)


def _is_addressed(text: str) -> bool:
    """Whether a part is a name with its title before it: "Sra. Elvira Nates"."""
    return bool(FORM["titles"].match(text)) and _is_name(FORM["titles"].sub("", text))


def people(value: str) -> Iterator[Person]:
    """The people of a labelled line, parted by semicolons or strokes, or else by commas."""
    parts = FORM["between_people"].split(FORM["next_label"].sub("", FORM["leads_to_people"].sub("", value)))
    for part in parts:
        for name in _each(part) if len(parts) == 1 or "(" in part else [part]:
            if name and (found := person(name)):
                yield found


def _each(text: str) -> list[str]:
    """One person, or several joined by commas or "and": "Mónica Rey (Cali), Iván Sosa (tbc)", "Ana Ruiz y Eva Paz"."""
    first, *others = FORM["list_joint"].split(unmarked(text).strip(" ."))
    each, is_titled = [first], bool(FORM["titles"].match(first))  # after "Dr Ana Ruiz" a name without title is a place
    are_people = len(others) > 2 and all(map(_names_person, others[1::2]))
    for joint, piece in zip(others[::2], others[1::2], strict=True):
        is_person = _names_person(piece) and (not is_titled or are_people or bool(FORM["titles"].match(piece)))
        if is_person and (joint.strip() not in ",;" or is_bare_name(FORM["aside"].sub("", each[-1]))):
            each.append(piece)
        else:
            each[-1] += joint + piece
    return each if len(each) > 1 and _names_person(first) else [text]


def _names_person(text: str) -> bool:
    """Whether a piece of a list is a person, with an aside at most, and no town, body or country."""
    name = FORM["aside"].sub("", text).strip()
    return is_bare_name(name) and not is_country(name) and not set(folded(name).split()) & NO_NAMES


def only_people(text: str) -> list[Person]:
    """The people of a text that names them and nothing else: "Ana Ruiz (Cali) and Tom Reed"; none of any other."""
    plain = FORM["around"].sub(r"\1", unmarked(text)[: LONGEST + 1]).strip(" .,;:")
    found = list(people(plain)) if len(plain) <= LONGEST else []
    named = [person for person in found if person.name and _names_person(person.name)]
    return named if len(named) == len(found) and not lines.ends_sentence(plain) else []


def without_people(title: str) -> tuple[str, list[Person]]:
    """A title without the people named after it, and they: "Private wells. Samir Toulan", "Seeds, with Ana Ruiz"."""
    for found in FORM["before_people"].finditer(title[:LONGEST]):
        before, named = title[: found.start()].strip(), only_people(title[found.end() :])
        words = [word for word in before.split()[1:] if word.isalpha()]
        is_sure = len(named) > 1 or found[0].strip(" .–—-|·") or any(person.role for person in named)
        is_plain = (
            any(word.islower() and folded(word) not in PARTICLES for word in words) and title[found.end() :].istitle()
        )
        is_title = len(before.split()) > 2 if ":" in found[0] else bool(before)  # "Spring meeting: Pay Transparency"
        if is_title and named and (is_sure or (is_plain and title[found.end()] != "(")):
            return before, named
    return title, []


def presenting(item: str) -> list[Person]:
    """Whom an item of an agenda names after what it is about: "Rents (Ana Ruiz)", "Rents – presented by Ana Ruiz"."""
    plain = unmarked(item)[:LONGEST]
    if only_people(plain) or parted(plain)[1]:
        return []
    rests = (plain[found.end() :] for found in FORM["before_presenter"].finditer(plain))
    named = (only_people(rest.removesuffix(")") if rest.count("(") < rest.count(")") else rest) for rest in rests)
    return next(filter(None, named), [])


def is_bare_name(text: str) -> bool:
    """Whether a text is a person's name and nothing else."""
    name = FORM["titles"].sub("", text.strip())
    return _is_name(name) and not _is_role(name)


def is_speaker(text: str) -> bool:
    """Whether a line names a speaker plainly: a post, or a mark that someone is still to be confirmed."""
    if len(text) > LONGEST:
        return False
    found = person(text)
    if found is None:
        return False
    body = folded(found.organisation or "").split()[:1]
    has_body = found.name is not None and bool(body) and body[0] in BODIES
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
    parts = [part.strip(" .") for part in FORM["between_organisations"].split(plain)]
    parts = [body for part in parts for body in _joined_bodies(part)]
    if any(folded(part) in _countries() for part in parts[1:]):
        parts = [part.strip(" .") for part in re.split(r"\s*[;/]\s*", plain)]
    return tuple(part for part in parts if part)


def _joined_bodies(text: str) -> list[str]:
    """Two organisations joined by "and", where each begins as an organisation does."""
    halves = re.split(r"\s(?:y|e|and|et|&)\s(?:el |la |the |le |l['’])?(?=[A-ZÀ-Þ])", text)
    begun = [folded(half).split()[:1] for half in halves]
    return halves if len(halves) > 1 and all(first and first[0] in BODIES for first in begun) else [text]


def is_country(text: str) -> bool:
    return folded(text).strip(" .") in _countries()


def _is_role(text: str) -> bool:
    words = folded(text).split()
    if text.split() and FORM["office"].fullmatch(text.split(maxsplit=1)[0]):
        return False
    return any(" ".join(words[:length]) in POSTS for length in (1, 2))


def _is_name(text: str) -> bool:
    words = text.split()
    if folded(text).split()[:1] and folded(text).split()[0] in BODIES:
        return False
    if not 2 <= len(words) <= MOST_WORDS_OF_A_NAME or len(words[-1]) == 1 or words[0].islower():
        return False
    return all(FORM["initial"].match(word) or folded(word) in PARTICLES for word in words) and not any(
        len(word) > (3 if text.isupper() else 2) and word.isupper() and len(words) > 3  # an acronym among words
        for word in words
    )


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
OPENED = FORM["opened"]


def item_title(text: str) -> str:
    """What an item is called, without whoever it names after that."""
    title = unlabelled(text)
    opened = OPENED.match(unmarked(title))
    return opened["what"] if opened and is_speaker(opened["who"]) else without_people(title)[0]


def after_title(text: str) -> list[Person]:
    """Whom the sentences after a title in bold name, and nothing else: "**Water for all**. Ana Ruiz, Tom Reed"."""
    bold = FORM["bold"].match(text)
    sentences = FORM["sentence"].split(text[bold.end() :]) if bold else ()
    return [person for sentence in sentences if not _labelled(sentence) for person in only_people(sentence)]


@cache
def _chairs() -> re.Pattern[str]:
    """Words that lead to whoever chairs, inside a line: "; chair Ana Ruiz", ". Moderated by Ana Ruiz"."""
    labels = sorted((label for label, role in lines.LABELS.items() if role == "moderators"), key=len, reverse=True)
    plain = "|".join(re.escape(label) for label in labels if not label.startswith("president"))
    named = r"(?:\s?:\s|\s(?=(?:\w{1,4}\.?\s)?[A-ZÀ-Þ][\w'’-]+\s[A-ZÀ-Þ]))"
    return re.compile(rf"(?:^|(?<=[.;,(–—-])\s)(?:(?i:{plain}){named}|(?i:{'|'.join(map(re.escape, labels))})\s?:\s)")


def parted(text: str) -> tuple[str, str]:
    """The words before whoever chairs is named, and who that is: "Ana Ruiz; Tom Reed; chair Eva Paz"."""
    plain = unmarked(text)
    found = _chairs().search(plain)
    if found is None:
        return text, ""
    after = takewhile(lambda said: not _labelled(said), FORM["sentence"].split(plain[found.end() :]))
    return plain[: found.start()].rstrip(" .;,(–—-"), " ".join(after).rstrip(" .)")


def unlabelled(text: str) -> str:
    """The words of an item before the first label: in "Ana Ruiz. Moderates: Teo Blanco" only the first name."""
    bold = FORM["bold"].match(text)
    if bold and len(bold[1]) < len(text):
        return bold[1]
    for clause in moderating() if len(text) <= LONGEST else ():
        text = clause.sub("", text)
    kept: list[str] = []
    for sentence in FORM["sentence"].split(_split_at_label(text[:LONGEST_ITEM_LINE])[0]):
        if _labelled(sentence):
            break
        kept.append(sentence)
    return " ".join(kept)


def _split_at_label(text: str) -> tuple[str, str]:
    """The words before a label that stands inside a line, and the rest: "Water for all — chair: Ana Ruiz"."""
    for found in FORM["inner_label"].finditer(aligned(text)):
        if found["mark"].strip() or text[found.start("label")].isupper():
            return text[: found.start()], text[found.start("label") :]
    return text, ""


def people_in(text: str, role: str) -> Iterator[Person]:
    """The moderators or the speakers that an item names, after a label or what they do: "Welcome: Ana Ruiz, …"."""
    label = ""
    before, after = _split_at_label(unmarked(text[:LONGEST_ITEM_LINE]))
    for sentence in [
        *FORM["sentence"].split(before),
        *FORM["sentence"].split(after.removesuffix(")") if after.count("(") < after.count(")") else after),
    ]:
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
