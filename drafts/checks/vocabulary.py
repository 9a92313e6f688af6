"""A dictionary in Hunspell's two files, read far enough to tell a word from a misspelling.

Stems with up to two endings and one beginning each: what Spanish, English and French need. Compounds and what only
serves to propose a better word are passed over. A word is looked up by taking endings off, so that nothing is unfolded.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from hashlib import sha256

from msgspec import Struct

from drafts.base.lazy_regex import lazy_regex

_NUMBERED, _LONG = "num", "long"
_RULE = lazy_regex(r"(?P<kind>SFX|PFX)\s+(?P<flag>\S+)\s+(?P<off>\S+)\s+(?P<on>\S+)(?:\s+(?P<where>\S+))?")
_LONGEST = 12  # letters of an ending
_MOST_ASKED = 100_000  # words
_Read = Callable[[str], Sequence[str]]


class _Affix(Struct, frozen=True):
    """One ending or beginning: what is taken off a stem, which stems take it, and what the word may take in turn."""

    flag: str
    off: str
    where: re.Pattern[str] | None
    more: frozenset[str]


class Dictionary:
    """The words of one language."""

    def __init__(self, affixes: str, words: str) -> None:
        self.hash = sha256(f"{affixes}\0{words}".encode()).hexdigest()
        self._flags, self._is_numbered = _flag_reader(affixes), f"FLAG {_NUMBERED}" in affixes
        self._endings = _rules(affixes, "SFX", self._flags)
        self._beginnings = _rules(affixes, "PFX", self._flags)
        barred = {line.split()[1] for line in affixes.splitlines() if line.startswith("FORBIDDENWORD ")}
        self._used: dict[str, bool] = {}  # what was asked before: texts repeat their words
        self._stems: dict[str, str] = {}
        for line in words.splitlines()[1:]:
            stem, _, flags = line.split("\t")[0].split(" ")[0].partition("/")
            if stem and not barred.intersection(self._flags(flags)):
                self._stems[stem] = self._stems.get(stem, "") + self._joint(flags)

    def knows(self, word: str) -> bool:
        """Whether it is a word, as it stands or in small letters."""
        if word not in self._used:
            if len(self._used) >= _MOST_ASKED:
                self._used.clear()
            self._used[word] = any(self._has(form) for form in dict.fromkeys((word, word.lower())))
        return self._used[word]

    def _has(self, word: str) -> bool:
        if word in self._stems or self._ends(word, ""):
            return True
        return any(
            self._takes(rest, affix.flag) or self._ends(rest, affix.flag)
            for rest, affix in _bare(word, self._beginnings, is_end=False)
        )

    def _ends(self, word: str, beginning: str) -> bool:
        """Whether a word is a stem with an ending, or with two; its stem takes the `beginning` too, if there is one."""
        for stem, affix in _bare(word, self._endings, is_end=True):
            if self._takes(stem, affix.flag, beginning):
                return True
            inner = _bare(stem, self._endings, is_end=True)
            if any(affix.flag in other.more and self._takes(root, other.flag, beginning) for root, other in inner):
                return True
        return False

    def _takes(self, stem: str, *flags: str) -> bool:
        return stem in self._stems and {*flags} - {""} <= {*self._flags(self._stems[stem])}

    def _joint(self, flags: str) -> str:
        """Flags that can stand behind others."""
        return f"{flags}," if flags and self._is_numbered else flags


def _bare(word: str, rules: Mapping[str, list[_Affix]], *, is_end: bool) -> Iterator[tuple[str, _Affix]]:
    """What a word may be without an ending (or a beginning), and which that is."""
    for length in range(min(len(word), _LONGEST) + 1):
        cut = len(word) - length if is_end else length
        affix, rest = (word[cut:], word[:cut]) if is_end else (word[:cut], word[cut:])
        for rule in rules.get(affix, ()):
            stem = rest + rule.off if is_end else rule.off + rest
            if stem and (rule.where is None or rule.where.search(stem)):
                yield stem, rule


def _rules(affixes: str, kind: str, read: _Read) -> Mapping[str, list[_Affix]]:
    """Endings or beginnings, by what they put on."""
    found: dict[str, list[_Affix]] = defaultdict(list)
    for line in affixes.splitlines():
        rule = _RULE.match(line)
        if rule is None or rule["kind"] != kind or (rule["off"] in "YN" and rule["on"].isdecimal()):
            continue
        put_on, _, more = rule["on"].partition("/")
        where = rule["where"] or "."
        pattern = None if where == "." else re.compile(f"{where}$" if kind == "SFX" else f"^{where}")
        found["" if put_on == "0" else put_on].append(
            _Affix(rule["flag"], "" if rule["off"] == "0" else rule["off"], pattern, frozenset(read(more)))
        )
    return dict(found)


_READERS = {_NUMBERED: r"[^,]+", _LONG: r"..?"}


def _flag_reader(affixes: str) -> _Read:
    kind = re.search(r"^FLAG\s+(\S+)", affixes, re.MULTILINE)
    return re.compile(_READERS.get(kind[1] if kind else "", "."), re.DOTALL).findall
