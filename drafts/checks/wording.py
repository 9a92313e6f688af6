"""What a sentence orders, allows or denies; how long it is; what it says twice."""

import re
from collections import Counter
from functools import lru_cache

from drafts.blocks import Language
from drafts.checks.sides import Side
from drafts.checks.values import Found, Pair

_MODALS = {
    Language.EN: {
        "strong": r"shall|must|have to|has to|had to|will have to|obliged to|required to|is to be|are to be|need to"
        r"|needs to",
        "medium": r"should|ought to|shouldn't",
        "weak": r"may|can|could|might|cannot|can't",
    },
    Language.ES: {
        "strong": r"debe|deben|debemos|deberá|deberán|deberemos|habrá de|habrán de|ha de|han de|hemos de|tiene que"
        r"|tienen que"
        r"|tendrá que|tendrán que|tenemos que|debía|debían|hay que|habrá que|debo|debes|deba|deban|tenga que"
        r"|tengan que|debiendo",
        "medium": r"debería|deberían|deberíamos|debiera|debieran|convendría|convendrían|habría que|habría de"
        r"|habrían de|tendría que"
        r"|tendrían que|conviene|sería conveniente",
        "weak": r"puede|pueden|podemos|podrá|podrán|podremos|podría|podrían|podríamos|puedo|puedes",
    },
    Language.FR: {
        "strong": r"doit|doivent|devons|devra|devront|devrons|est tenu\w*|sont tenu\w*|il faut|il faudra|devait"
        r"|devaient|dois|doive|doivent"
        r"|a à|ont à|sera tenu\w*|seront tenu\w*|devez|devrez|est obligé\w*|sont obligé\w*",
        "medium": r"devrait|devraient|devrions|il faudrait|il convient|il conviendrait|conviendrait|devriez",
        "weak": r"peut(?!-être)|peuvent|pouvons|pourra|pourront|pourrait|pourraient|pourrions|pourrons|pouvez|pourrez"
        r"|peux",
    },
}
_MODAL = {
    language: re.compile("|".join(rf"(?P<{level}>(?<![\w])(?:{words})(?![\w]))" for level, words in levels.items()))
    for language, levels in _MODALS.items()
}
_RESTRICTING = {
    Language.EN: re.compile(r"\b(?:no|not|nor|neither|never|none|nobody|nothing|cannot|without|only)\b|n't\b"),
    Language.ES: re.compile(
        r"\b(?:no|ni|nunca|jamás|nadie|nada|ningún\w*|ninguna|ninguno|tampoco|sin|s[óo]lo|solamente|únicamente)\b"
    ),
    Language.FR: re.compile(
        r"\b(?:ne|nul|nulle|aucun|aucune|jamais|personne|rien|ni|sans|pas|seul\w*|uniquement)\b|\bn'"
    ),
}
_MAY = re.compile(r"\bMay\b(?=\s+\d)|(?<=\d )May\b|\b(?:in|of|since|until|by|from|to) May\b")


_FIRST_WORDS = {
    language: frozenset(found for words in levels.values() for found in re.findall(r"(?:^|\|)([^\W\d_]+)", words))
    for language, levels in _MODALS.items()
}


@lru_cache(maxsize=8192)
def _modals(side: Side) -> Counter[str]:
    if _FIRST_WORDS[side.language].isdisjoint(side.lower_words):
        return Counter()
    text = side.lower if side.language is not Language.EN else _MAY.sub("", side.prose).lower().replace("’", "'")
    return Counter(found.lastgroup or "" for found in _MODAL[side.language].finditer(text))


def modal_mismatch(pair: Pair) -> Found | None:
    """An order that became advice or permission, or the reverse; a plain future or present for an order is right."""
    ours, theirs = _modals(pair.source), _modals(pair.target)
    if ours == theirs or not ours or not theirs:
        return None
    has_negation = any(_RESTRICTING[side.language].search(side.lower) for side in (pair.source, pair.target))
    levels = ("strong", "medium", "weak")
    for lost in levels:
        for added in levels:
            if ours[lost] > theirs[lost] and theirs[added] > ours[added]:
                if {lost, added} == {"strong", "weak"} and has_negation:
                    continue
                return Found(_said(pair.source, lost), _said(pair.target, added), _places(pair.target, added))
    return None


def _said(side: Side, level: str) -> tuple[str, ...]:
    return tuple(found[0] for found in _MODAL[side.language].finditer(side.lower) if found.lastgroup == level)


def _places(side: Side, level: str) -> tuple[tuple[int, int], ...]:
    return tuple(found.span() for found in _MODAL[side.language].finditer(side.lower) if found.lastgroup == level)


_HARD = {
    Language.EN: re.compile(
        r"\b(?:not(?! only)|no(?!\.?\s?\d| later| more| less| fewer| earlier| sooner| other)|never|cannot|neither|nor"
        r"|none|nobody|nothing)\b|n't\b"
    ),
    Language.ES: re.compile(
        r"\b(?:no(?! obstante| más tarde| menos| s[óo]lo| solamente)|nunca|jamás|nadie|tampoco|ningún|ninguna"
        r"|ninguno)\b"
    ),
    Language.FR: re.compile(r"\b(?:ne|nul|nulle|aucun|aucune|jamais|pas|non)\b|\bn'"),
}
_NEUTRAL_IN = (
    r"clu|d[ií]g|gres|tern|ter|form|nov|t[eé]gr|fra|ici|it|dust|ver|vest|st|vit|dic|diqu|quilin|habita|come|tens"
    r"|creas|creme|crois|come|vol"
    r"|port|puls|pl[ei]|puest|pôt|agen|age|presi|press|primi|pact|p[ao]rt|vent|vite|teg|tro|side|depend|d[eé]pend"
    r"|herit|jec|ocul"
)
_NEUTRAL_DIS = r"cuss|cut|trict|tribu|play|tin|pos|ciplin|co|tan|tri|curs|cours|curr|semin|s[ée]min"
_NEUTRAL_DES = r"arroll|de|empeñ|ech|aloj|alojo|tin|central|crib|cans|plaz|astre|pu[eé]s|pach|ta|cri|hielo|se|tru"
r"|ignar|ign|igna|eo"
_SOFT = {
    Language.EN: re.compile(
        rf"\b(?:without|un(?!i[tovq]|der|til)\w{{3,}}|i[nm](?!{_NEUTRAL_IN})\w{{4,}}|non"
        rf"|dis(?!{_NEUTRAL_DIS})\w{{3,}}|il(?!lustr)l\w{{4,}}|irr\w{{4,}}"
        r"|lack\w*|fail\w*|absence|except\w*|other than|refus\w*|deny|denied|prevent\w*|avoid\w*|prohibit\w*"
        r"|forbid\w*|refrain\w*|free|freed"
        r"|only|exclu\w*|until|before|less|reject\w*|against|far from|stop\w*|cease|end|hardly|few|little|rather"
        r"|instead|regardless|whatever"
        r"|irrespective|despite|too|any\w*|halt|nonetheless|nevertheless|however|yet|notwithstanding|oppos\w*"
        r"|waive\w*|void|alone|just|merely"
        r"|beyond|unless|otherwise)\b|\w+less\b"
    ),
    Language.ES: re.compile(
        rf"\b(?:sin|ni|nada|i[nm](?!{_NEUTRAL_IN})\w{{4,}}|irr\w{{4,}}|ileg\w+|des(?!{_NEUTRAL_DES})\w{{3,}}"
        rf"|dis(?!{_NEUTRAL_DIS})\w{{3,}}"
        r"|falta\w*|carec\w*|excep\w*|salvo|rechaz\w*|neg\w+|impid\w*|imped\w*|evit\w*|prohíb\w*|prohib\w*|abst\w+"
        r"|libre\w*|exent\w*|sol[oa]\w*"
        r"|sól[oa]\w*|únic\w*|exclu\w*|hasta|antes|menos|contra|apenas|dej\w+|cese|pon\w+ fin|fin|independientemente"
        r"|pese|cualquier\w*|más que"
        r"|demasiado|sino|poc[oa]s?|aún|todavía|ajen\w+|vac\w+|por encima|más allá|jamás)\b"
    ),
    Language.FR: re.compile(
        rf"\b(?:sans|ni|rien|personne|non|i[nm](?!{_NEUTRAL_IN})\w{{4,}}|irr\w{{4,}}|illég\w+|dés(?!{_NEUTRAL_DES}"
        rf"|ormais|ir)\w{{3,}}"
        rf"|dis(?!{_NEUTRAL_DIS})\w{{3,}}|manqu\w*|absence|sauf|hormis|refus\w*|empêch\w*|évit\w*|interdi\w*"
        rf"|prohib\w*|abst\w+|libre\w*|exempt\w*"
        r"|seul\w*|uniquement|exclu\w*|jusqu'\w*|avant|moins|contre|échou\w*|guère|rejet\w*|mett\w+ fin|cess\w+"
        r"|indépendamment|malgré"
        r"|quel\w* que|faute|trop|plutôt|mais|encore|pourtant|toutefois|au-delà|loin|défaut|autres? qu\w*|nonobstant"
        r"|peu)\b"
    ),
}


def negation(pair: Pair) -> Found | None:
    """A plain negation on one side, and nothing negative of any kind on the other."""
    for one, other in ((pair.source, pair.target), (pair.target, pair.source)):
        hard = _HARD[one.language].search(one.lower)
        if hard and not _HARD[other.language].search(other.lower) and not _SOFT[other.language].search(other.lower):
            words = (one.text[hard.start() : hard.end() + 20],)
            return Found(words) if one is pair.source else Found((), words, (hard.span(),))
    return None


_RATIO_FROM, _RATIO_LOW, _RATIO_HIGH = 40, 0.55, 1.9


def length_ratio(pair: Pair) -> Found | None:
    """A translation much shorter or much longer than its source."""
    source, target = len(pair.source.text.strip()), len(pair.target.text.strip())
    if source < _RATIO_FROM or _RATIO_LOW <= target / source <= _RATIO_HIGH:
        return None
    return Found((str(source),), (str(target),))


_ENDS = re.compile(r"[.!?…]+[)\]»”\"’*_\ue000\u00a0\u202f]*(?=\s+[^\w\s]*(?P<next>[^\W_])|\s*$)")
_SHORT = frozenset(
    [
        "sr",
        "sra",
        "sres",
        "sras",
        "dr",
        "dra",
        "d",
        "dª",
        "m",
        "mm",
        "mme",
        "mlle",
        "me",
        "mr",
        "mrs",
        "ms",
        "prof",
        "st",
        "art",
        "arts",
        "núm",
        "no",
        "nos",
        "p",
        "pp",
        "pág",
        "ej",
        "uu",
        "ee",
        "vol",
        "cf",
        "etc",
        "vs",
        "fig",
        "ing",
        "lic",
        "av",
        "ap",
        "apdo",
        "c",
        "s",
        "i",
        "e",
        "g",
        "n",
        "nº",
        "jan",
        "feb",
        "mar",
        "apr",
        "jun",
        "jul",
        "aug",
        "sept",
        "sep",
        "oct",
        "nov",
        "dec",
        "ene",
        "abr",
        "ago",
        "dic",
        "janv",
        "févr",
        "avr",
        "juil",
        "déc",
        "gen",
        "gov",
        "hon",
        "rev",
        "op",
        "cit",
        "ibid",
        "al",
        "approx",
        "para",
        "paras",
    ]
)


@lru_cache(maxsize=8192)
def _sentences(side: Side) -> int:
    count = 0
    for found in _ENDS.finditer(side.body):
        following = found["next"]
        is_last = following is None
        word = (
            side.body[max(0, found.start() - 24) : found.start()]
            .split(" ")[-1]
            .split(".")[-1]
            .lower()
            .lstrip("(«“\"'’\ue000*_")
        )
        if not is_last and (following.islower() or word in _SHORT or len(word) == 1 or word.isdecimal()):
            continue
        count += 1
    return count


def _clauses(side: Side) -> int:
    return _sentences(side) + len(re.findall(r"[;:—–]\s", side.prose))


_EXPECTED = {Language.EN: 1.0, Language.ES: 1.14, Language.FR: 1.2}


def sentence_count(pair: Pair) -> Found | None:
    """Sentences that were added or left out. To split or join one is a translator's right."""
    ours, theirs = _sentences(pair.source), _sentences(pair.target)
    difference = abs(ours - theirs)
    if difference == 0 or not min(ours, theirs) or _clauses(pair.source) == _clauses(pair.target):
        return None
    expected = _EXPECTED[pair.target.language] / _EXPECTED[pair.source.language]
    ratio = len(pair.target.text) / max(1, len(pair.source.text)) / expected
    is_long_gone = ratio < 0.78 if theirs < ours else ratio > 1.28  # a fifth of the text
    return Found((str(ours),), (str(theirs),)) if is_long_gone or difference >= 2 else None


_REPEATED = re.compile(r"(?<![\w'’-])([^\W\d_]+)[ \u00a0\u202f]+\1(?![\w'’-])", re.IGNORECASE)
_LEGAL = {
    Language.EN: frozenset({"had", "that", "very", "her", "many", "so", "ha"}),
    Language.ES: frozenset({"muy", "no", "casi", "ya", "tan", "luego"}),
    Language.FR: frozenset({"nous", "vous", "en", "très", "faire", "bien", "si", "tout", "non"}),
}


def repeated_word(pair: Pair) -> Found | None:
    """A word twice in a row, where the language does not want it so."""
    side = pair.target
    wrong = [found for found in _REPEATED.finditer(side.prose) if not _is_legal(found, pair)]
    if not wrong:
        return None
    text = side.text
    for found in reversed(wrong):
        text = text[: found.end(1)] + text[found.end() :]
    return Found((), tuple(found[0] for found in wrong), tuple(found.span() for found in wrong), text)


def _is_legal(found: re.Match[str], pair: Pair) -> bool:
    word = found[1]
    if word.lower() in _LEGAL[pair.target.language] or found[0].lower() in pair.source.text.lower():
        return True
    first, second = found[0].split()[0], found[0].split()[-1]
    is_name = first[0].isupper() and second[0].isupper()
    return is_name or (word.isupper() and len(word) < 3)


_CONTENT = 4


def heading_case(pair: Pair) -> Found | None:
    """English capitals in a Spanish or French heading."""
    side = pair.target
    is_heading = pair.is_heading or re.match(r"\s*#{1,6}\s", side.text)
    if side.language is Language.EN or not is_heading or side.text.isupper():
        return None
    words = re.findall(r"[^\W\d_]+", side.prose)
    small = [word for word in words[1:] if word[0].isupper() and not word.isupper() and word.lower() in _SMALL]
    content = [word for word in words[1:] if len(word) >= _CONTENT and not word.isupper()]
    capitals = [word for word in content if word[0].isupper()]
    is_titled = len(content) >= _CONTENT and len(capitals) == len(content)
    return Found((), tuple(small or capitals)) if small or is_titled else None


_SMALL = frozenset(
    [
        "de",
        "la",
        "el",
        "los",
        "las",
        "del",
        "y",
        "e",
        "o",
        "en",
        "a",
        "al",
        "con",
        "por",
        "un",
        "una",
        "le",
        "les",
        "des",
        "du",
        "et",
        "ou",
        "en",
        "au",
        "aux",
        "par",
        "un",
    ]
)
_ORDINALS = {
    Language.EN: re.compile(
        r"(?<![\w.])(?:\d*(?:(?<!1)1(?:nd|rd|th)|(?<!1)2(?:st|rd|th)|(?<!1)3(?:st|nd|th)|[4-90](?:st|nd|rd)"
        r"|1[123](?:st|nd|rd))"
        r"|\d+(?:\.?[ºª]|ers?|ère|ème|\.er)|[XVI]{2,}(?:e|ème)|\d{1,2}e)(?!\w)"
    ),
    Language.ES: re.compile(
        r"(?<![\w.,])\d+(?:[ºª](?!\s?[CFNSEO\d])|st|nd|rd|th|(?<=\d)er|ro|do|to|mo|vo|ra|da|ta|ma|va|ème|re"
        r"|°(?=\s[a-zñ]{3}))(?!\w)"
    ),
    Language.FR: re.compile(
        r"(?<![\w.,])(?:\d+|[XVI]+)(?:ème|eme|ième|ieme|ère|ière|st|nd|rd|th|\.?[ºª](?!\s?[CF])|èmes|emes)(?!\w)"
    ),
}


def ordinal_format(pair: Pair) -> Found | None:
    """Ordinals written as another language does, or wrongly: 1ème, 2th, 1º for 1.º."""
    side = pair.target
    if not any(map(str.isdigit, side.prose)) and side.language is Language.ES:
        return None
    wrong = list(_ORDINALS[side.language].finditer(side.prose))
    if not wrong:
        return None
    text = side.text
    for found in reversed(wrong):
        mended = _ordinal(found[0], side.language)
        if mended is None:
            return Found((), tuple(one[0] for one in wrong), tuple(one.span() for one in wrong))
        text = text[: found.start()] + mended + text[found.end() :]
    return Found((), tuple(one[0] for one in wrong), tuple(one.span() for one in wrong), text)


def _ordinal(text: str, language: Language) -> str | None:
    number = re.match(r"\d+|[XVI]+", text)
    if number is None or (language is Language.EN and not number[0].isdecimal()):
        return None
    value, ending = number[0], text[number.end() :]
    if language is Language.FR:
        if value in ("1", "I"):
            return value + ("re" if "re" in ending or "ª" in ending else "er")
        return value + "e" + ("s" if ending.endswith("s") and ending != "st" else "")
    if language is Language.ES:
        return value + (
            ".ª" if ending in ("ª", "ra", "da", "ta", "ma", "va", "re") else ".er" if ending == "er" else ".º"
        )
    last = "th" if value[-2:] in ("11", "12", "13") else {"1": "st", "2": "nd", "3": "rd"}.get(value[-1], "th")
    return value + last
