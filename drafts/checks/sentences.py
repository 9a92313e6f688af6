"""What a sentence orders, allows or denies; how long it is; what it says twice."""

import re
from collections import Counter
from functools import lru_cache
from operator import eq

from drafts.base.lazy_regex import lazy_regex
from drafts.base.words import word_set
from drafts.checks.checked_text import CheckedText
from drafts.checks.values import CheckHit, Pair
from drafts.text.blocks import Language

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
    language: lazy_regex("|".join(rf"(?P<{level}>(?<![\w])(?:{words})(?![\w]))" for level, words in levels.items()))
    for language, levels in _MODALS.items()
}
_RESTRICTING = {
    Language.EN: lazy_regex(r"\b(?:no|not|nor|neither|never|none|nobody|nothing|cannot|without|only)\b|n't\b"),
    Language.ES: lazy_regex(
        r"\b(?:no|ni|nunca|jamás|nadie|nada|ningún\w*|ninguna|ninguno|tampoco|sin|s[óo]lo|solamente|únicamente)\b"
    ),
    Language.FR: lazy_regex(
        r"\b(?:ne|nul|nulle|aucun|aucune|jamais|personne|rien|ni|sans|pas|seul\w*|uniquement)\b|\bn'"
    ),
}
_MAY = lazy_regex(r"\bMay\b(?=\s+\d)|(?<=\d )May\b|\b(?:in|of|since|until|by|from|to) May\b")


_FIRST_WORDS = {
    language: frozenset(found for words in levels.values() for found in re.findall(r"(?:^|\|)([^\W\d_]+)", words))
    for language, levels in _MODALS.items()
}
_NO_MODALS: Counter[str] = Counter()


@lru_cache(maxsize=8192)
def modals(side: CheckedText) -> Counter[str]:
    """How often a text orders, advises and permits."""
    if _FIRST_WORDS[side.language].isdisjoint(side.lower_words):
        return _NO_MODALS
    return Counter([found.lastgroup or "" for found in _MODAL[side.language].finditer(_ordering(side))])


def _ordering(side: CheckedText) -> str:
    """The prose in lower case, without the month of May."""
    if side.language is not Language.EN:
        return side.lower
    return _MAY.sub("", side.prose).lower().replace("’", "'")


def modal_words(side: CheckedText) -> tuple[str, ...]:
    """The words that order, advise or allow, as they stand."""
    return tuple(found[0] for found in _MODAL[side.language].finditer(_ordering(side))) if modals(side) else ()


def modal_mismatch(pair: Pair) -> CheckHit | None:
    """An order that became advice or permission, or the reverse; a plain future or present for an order is right."""
    ours, theirs = modals(pair.source), modals(pair.target)
    if ours == theirs or not ours or not theirs:
        return None
    has_negation = any(_RESTRICTING[side.language].search(side.lower) for side in (pair.source, pair.target))
    levels = ("strong", "medium", "weak")
    for lost in levels:
        for added in levels:
            if ours[lost] > theirs[lost] and theirs[added] > ours[added]:
                if {lost, added} == {"strong", "weak"} and has_negation:
                    continue
                return CheckHit(_said(pair.source, lost), _said(pair.target, added), _places(pair.target, added))
    return None


def _said(side: CheckedText, level: str) -> tuple[str, ...]:
    return tuple(found[0] for found in _MODAL[side.language].finditer(side.lower) if found.lastgroup == level)


def _places(side: CheckedText, level: str) -> tuple[tuple[int, int], ...]:
    return tuple(found.span() for found in _MODAL[side.language].finditer(side.lower) if found.lastgroup == level)


_HARD = {
    Language.EN: lazy_regex(
        r"\b(?:not(?! only)|no(?!\.?\s?\d| later| more| less| fewer| earlier| sooner| other)|never|cannot|neither|nor"
        r"|none|nobody|nothing)\b|n't\b"
    ),
    Language.ES: lazy_regex(
        r"\b(?:no(?! obstante| más tarde| menos| s[óo]lo| solamente)|nunca|jamás|nadie|tampoco|ningún|ninguna"
        r"|ninguno)\b"
    ),
    Language.FR: lazy_regex(r"\b(?:ne|nul|nulle|aucun|aucune|jamais|pas|non)\b|\bn'"),
}
_NEUTRAL_IN = (
    r"clu|d[ií]g|gres|tern|ter|form|nov|t[eé]gr|fra|ici|it|dust|ver|vest|st|vit|dic|diqu|quilin|habita|come|tens"
    r"|creas|creme|crois|come|vol"
    r"|port|puls|pl[ei]|puest|pôt|agen|age|presi|press|primi|pact|p[ao]rt|vent|vite|teg|tro|side|depend|d[eé]pend"
    r"|herit|jec|ocul"
)
_NEUTRAL_DIS = r"cuss|cut|trict|tribu|play|tin|pos|ciplin|co|tan|tri|curs|cours|curr|semin|s[ée]min"
_NEUTRAL_DES = (
    r"arroll|de|empeñ|ech|aloj|alojo|tin|central|crib|cans|plaz|astre|pu[eé]s|pach|ta|cri|hielo|se|tru"
    r"|ignar|ign|igna|eo"
)
_SOFT = {
    Language.EN: lazy_regex(
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
    Language.ES: lazy_regex(
        rf"\b(?:sin|ni|nada|i[nm](?!{_NEUTRAL_IN})\w{{4,}}|irr\w{{4,}}|ileg\w+|des(?!{_NEUTRAL_DES})\w{{3,}}"
        rf"|dis(?!{_NEUTRAL_DIS})\w{{3,}}"
        r"|falta\w*|carec\w*|excep\w*|salvo|rechaz\w*|neg\w+|impid\w*|imped\w*|evit\w*|prohíb\w*|prohib\w*|abst\w+"
        r"|libre\w*|exent\w*|sol[oa]\w*"
        r"|sól[oa]\w*|únic\w*|exclu\w*|hasta|antes|menos|contra|apenas|dej\w+|cese|pon\w+ fin|fin|independientemente"
        r"|pese|cualquier\w*|más que"
        r"|demasiado|sino|poc[oa]s?|aún|todavía|ajen\w+|vac\w+|por encima|más allá|jamás)\b"
    ),
    Language.FR: lazy_regex(
        rf"\b(?:sans|ni|rien|personne|non|i[nm](?!{_NEUTRAL_IN})\w{{4,}}|irr\w{{4,}}|illég\w+|dés(?!{_NEUTRAL_DES}"
        rf"|ormais|ir)\w{{3,}}"
        rf"|dis(?!{_NEUTRAL_DIS})\w{{3,}}|manqu\w*|absence|sauf|hormis|refus\w*|empêch\w*|évit\w*|interdi\w*"
        rf"|prohib\w*|abst\w+|libre\w*|exempt\w*"
        r"|seul\w*|uniquement|exclu\w*|jusqu'\w*|avant|moins|contre|échou\w*|guère|rejet\w*|mett\w+ fin|cess\w+"
        r"|indépendamment|malgré"
        r"|quel\w* que|faute|trop|plutôt|mais|encore|pourtant|toutefois|au-delà|loin|défaut|autres? qu\w*|nonobstant"
        r"|peu|rest\w+ à)\b"
    ),
}


_NOT = {
    Language.EN: word_set("not no never cannot neither nor none nobody nothing t"),
    Language.ES: word_set("no nunca jamás nadie tampoco ningún ninguna ninguno"),
    Language.FR: word_set("ne nul nulle aucun aucune jamais pas non n"),
}  # without any of them nothing is denied


def negations(side: CheckedText) -> list[re.Match[str]]:
    """Each place where a text says no."""
    denies = not _NOT[side.language].isdisjoint(side.lower_words)
    return [*_HARD[side.language].finditer(side.lower)] if denies else []


def negation(pair: Pair) -> CheckHit | None:
    """A plain negation on one side, and nothing negative of any kind on the other."""
    for side, counterpart in ((pair.source, pair.target), (pair.target, pair.source)):
        hard = next(
            (found for found in negations(side) if not _is_quoted(found, side, counterpart)),
            None,
        )
        if hard and not negations(counterpart) and not _SOFT[counterpart.language].search(counterpart.lower):
            words = (side.text[hard.start() : hard.end() + 20],)
            return CheckHit(words) if side is pair.source else CheckHit((), words, (hard.span(),))
    return None


def _is_quoted(found: re.Match[str], side: CheckedText, counterpart: CheckedText) -> bool:
    """Whether a negation belongs to words that both texts have alike: a name, a motto."""
    around = re.findall(r"\w+", side.lower[found.start() :])[:3]
    return len(around) > 1 and " ".join(around) in " ".join(re.findall(r"\w+", counterpart.lower))


_RATIO_FROM, _RATIO_LOW, _RATIO_HIGH = 40, 0.55, 1.9


def length_ratio(pair: Pair) -> CheckHit | None:
    """A translation much shorter or much longer than its source."""
    source, target = len(pair.source.text.strip()), len(pair.target.text.strip())
    if source < _RATIO_FROM or _RATIO_LOW <= target / source <= _RATIO_HIGH:
        return None
    return CheckHit((str(source),), (str(target),))


_ENDS = lazy_regex(r"[.!?…][.!?…]*[)\]»”\"’*_\ue000\u00a0\u202f]*(?=\s+[^\w\s]*(?P<next>[^\W_])|\s*$)")
_SHORT = word_set(
    "sr sra sres sras dr dra d dª m mm mme mlle me mr mrs ms prof st art arts núm no nos p pp pág ej uu ee vol cf etc "
    "vs fig ing lic av ap apdo c s i e g n nº jan feb mar apr jun jul aug sept sep oct nov dec ene abr ago dic janv "
    "févr avr juil déc gen gov hon rev op cit ibid al approx para paras par párr párrs parr págs pag núms caps cap "
    "chap arts tel tél inc incs apdos res doc docs ref réf ed éd coord dir"
)


@lru_cache(maxsize=8192)
def _sentences(side: CheckedText) -> int:
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


def _clauses(side: CheckedText) -> int:
    return _sentences(side) + len(re.findall(r"[;:—–]\s", side.prose))


_EXPECTED = {Language.EN: 1.0, Language.ES: 1.14, Language.FR: 1.2}


def sentence_count(pair: Pair) -> CheckHit | None:
    """Sentences that were added or left out. To split or join one is a translator's right."""
    ours, theirs = _sentences(pair.source), _sentences(pair.target)
    difference = abs(ours - theirs)
    if difference == 0 or not min(ours, theirs) or _clauses(pair.source) == _clauses(pair.target):
        return None
    expected = _EXPECTED[pair.target.language] / _EXPECTED[pair.source.language]
    ratio = len(pair.target.text) / max(1, len(pair.source.text)) / expected
    is_long_gone = ratio < 0.78 if theirs < ours else ratio > 1.28  # a fifth of the text
    return CheckHit((str(ours),), (str(theirs),)) if is_long_gone or difference >= 2 else None


_REPEATED = lazy_regex(r"(?<![\w'’-])([^\W\d_]+)[ \u00a0\u202f]+\1(?![\w'’-])", re.IGNORECASE)
_LEGAL = {
    Language.EN: frozenset({"had", "that", "very", "her", "many", "so", "ha"}),
    Language.ES: frozenset({"muy", "no", "casi", "ya", "tan", "luego"}),
    Language.FR: frozenset({"nous", "vous", "en", "très", "faire", "bien", "si", "tout", "non"}),
}


def repeated_word(pair: Pair) -> CheckHit | None:
    """A word twice in a row, where the language does not want it so."""
    side = pair.target
    if not any(map(eq, side.lower_words, side.lower_words[1:])):
        return None
    wrong = [found for found in _REPEATED.finditer(side.prose) if not _is_legal(found, pair)]
    if not wrong:
        return None
    text = side.text
    for found in reversed(wrong):
        text = text[: found.end(1)] + text[found.end() :]
    return CheckHit((), tuple(found[0] for found in wrong), tuple(found.span() for found in wrong), text)


def _is_legal(found: re.Match[str], pair: Pair) -> bool:
    word = found[1]
    if word.lower() in _LEGAL[pair.target.language] or found[0].lower() in pair.source.text.lower():
        return True
    is_name = all(part[0].isupper() for part in found[0].split())
    return is_name or (word.isupper() and len(word) < 3)
