"""What a sentence orders, allows or denies; how long it is; what it says twice."""

import re
from collections import Counter
from collections.abc import Mapping
from functools import lru_cache
from operator import eq
from pathlib import Path

from drafts.base.lazy_regex import lazy_regex
from drafts.base.words import word_set
from drafts.checks.checked_text import CheckedText
from drafts.checks.values import CheckHit, Pair
from drafts.text.blocks import Language


def _table(name: str) -> tuple[tuple[str, Mapping[Language, str]], ...]:
    """The rows of a file of expressions: what each names, and what says it in English, Spanish and French."""
    lines = Path(__file__).with_name(name).read_text(encoding="utf-8").splitlines()
    rows = (line.split(" | ") for line in lines)
    return tuple((row[0], dict(zip((Language.EN, Language.ES, Language.FR), row[1:], strict=True))) for row in rows)


_MODALS = _table("modals.txt")
_MODAL = {
    language: lazy_regex("|".join(rf"(?P<{level}>(?<![\w])(?:{words[language]})(?![\w]))" for level, words in _MODALS))
    for language in Language
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
    language: frozenset(re.findall(r"(?:^|\|)([^\W\d_]+)", "|".join(words[language] for _, words in _MODALS)))
    for language in Language
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
    """An order that became advice or permission, or the reverse; a plain future or present for an order is right.

    So too the verb that an operative paragraph opens with: "urges" is "insta" and "exhorte", and no mere "invita".
    """
    if head := _head_mismatch(pair):
        return head
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
                said, places = _said(pair.target, added)
                return CheckHit(_said(pair.source, lost)[0], said, places)
    return None


_LEADS = {  # what stands before the first verb of a paragraph: who decides, and in English how strongly
    Language.EN: r"(?:we |(?:the |this |its )(?:\w+ ){1,3}?)?(?:(?:also|further|hereby|\w+ly|and|to) )*",
    Language.ES: r"(?:(?:el|la|los|las) (?:\w+ ){1,3}?)?(?:(?:también|además|asimismo|se|y|\w+mente) )*",
    Language.FR: r"(?:nous |(?:l'|(?:le|la|les) )(?:\w+ ){1,3}?)?(?:(?:en outre|également|y|et) )*",
}
_HEAD = {
    language: lazy_regex(
        rf"[\W_]*{lead}(?P<verb>"
        + "".join(rf"(?=(?P<{name}>(?:{words[language]})(?!\w))?)" for name, words in _table("operative_verbs.txt"))
        + r"[\w']+)"
    )
    for language, lead in _LEADS.items()
}


@lru_cache(maxsize=8192)
def _head(side: CheckedText) -> tuple[str, tuple[int, int], frozenset[str]]:
    """The verb that a paragraph opens with, where it stands, and what it may do: decide, urge, invite, recall."""
    text = side.body.lower().replace("’", "'")
    found = _HEAD[side.language].match(text)
    forces = {name: said for name, said in found.groupdict().items() if said and name != "verb"} if found else {}
    verb = max(forces.values(), key=len, default="")
    start = found.start("verb") if found else 0
    return verb, (start, start + len(verb)), frozenset(forces)


def _head_mismatch(pair: Pair) -> CheckHit | None:
    (verb, _, ours), (other, span, theirs) = _head(pair.source), _head(pair.target)
    return CheckHit((verb,), (other,), (span,)) if ours and theirs and ours.isdisjoint(theirs) else None


def _said(side: CheckedText, level: str) -> tuple[tuple[str, ...], tuple[tuple[int, int], ...]]:
    """The words of a level, and where they stand."""
    every = [found for found in _MODAL[side.language].finditer(side.lower) if found.lastgroup == level]
    return tuple(found[0] for found in every), tuple(found.span() for found in every)


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
        hard = next((found for found in negations(side) if not _is_quoted(found, side, counterpart)), None)
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
