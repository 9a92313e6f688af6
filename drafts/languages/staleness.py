"""What agrees with what across three languages, and what has gone stale: derived from edges, never stored.

Versions of one language with the same folded hash stand for each other: so a
typographic change makes nothing stale, and a withdrawn change heals by itself.
Only the text of the third language through which two others agree has to be
one version: its twin may have been made from something else.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from itertools import combinations

from msgspec import Struct, field

from drafts.text.blocks import Language


class ChangeClass(StrEnum):
    """What a version changes against its predecessor. Editorial only once a second person has confirmed it."""

    TYPOGRAPHIC = "typographic"
    EDITORIAL = "editorial"
    SUBSTANTIVE = "substantive"


class EdgeKind(StrEnum):
    """How a text came to rest on one of another language; the last two, how it followed the one before it."""

    TRANSLATED = "translated"
    CONFIRMED = "confirmed"  # "still valid": speaks for its own two versions only
    CO_DRAFTED = "co_drafted"
    CLAIMED = "claimed"  # one person says that nothing but the wording changed
    EDITORIAL = "editorial"  # and a second one confirms it

    @property
    def is_basis(self) -> bool:
        """Whether it joins two languages."""
        return self not in {EdgeKind.CLAIMED, EdgeKind.EDITORIAL}


class State(StrEnum):
    """How a text of one language stands towards the text of the original language."""

    MISSING = "missing"
    ABSENT = "absent"  # by decision, with a recorded reason
    CURRENT = "current"
    STALE_EDITORIAL = "stale:editorial"
    STALE_SUBSTANTIVE = "stale:substantive"
    STALE_RESTRUCTURED = "stale:restructured"
    UNVERIFIED = "unverified"

    @property
    def is_stale(self) -> bool:
        return self.value.startswith("stale")

    @property
    def stops_publication(self) -> bool:
        return self not in {State.CURRENT, State.ABSENT}


class Version(Struct, frozen=True):
    """One immutable text of a block in one language. `sequence` grows with every version of that language."""

    id: str
    language: Language
    folded_hash: str
    sequence: int
    predecessor: str | None = None
    change: ChangeClass = ChangeClass.SUBSTANTIVE


class Edge(Struct, frozen=True):
    """`a` was made from `b`, or the reverse: direction does not matter to agreement. Both are version ids."""

    a: str
    b: str
    kind: EdgeKind


class Triple(Struct, frozen=True):
    """A signed concordance: version ids, None for a language absent by decision."""

    es: str | None
    en: str | None
    fr: str | None

    def version(self, language: Language) -> str | None:
        return {Language.ES: self.es, Language.EN: self.en, Language.FR: self.fr}[language]


class BlockTexts(Struct, frozen=True):
    """All that is known of one block's texts.

    `heads` names the version in force per language. `carried` holds the versions
    that a split or join made by carrying text over; saving again makes another
    version, which is not in it. `absent` holds the languages in which a decision
    left the block without text.
    """

    original: Language
    versions: tuple[Version, ...]
    heads: Mapping[Language, str]
    edges: tuple[Edge, ...] = ()
    triples: tuple[Triple, ...] = ()
    carried: frozenset[str] = frozenset()
    absent: frozenset[Language] = frozenset()


def state(texts: BlockTexts, language: Language) -> State:
    """How the block's text in `language` stands towards its original (`docs/trilingual.md`, 1.5)."""
    return _AgreementGraph.of(texts).state(language)


def states(texts: BlockTexts) -> Mapping[Language, State]:
    """`state` of every language, for the price of one."""
    web = _AgreementGraph.of(texts)
    return {language: web.state(language) for language in Language}


def agree(texts: BlockTexts, a: str, b: str) -> bool:
    """Whether two versions say the same: rules (a), (b) and (c)."""
    return _AgreementGraph.of(texts).agree(a, b)


def concordance_holds(texts: BlockTexts, triple: Triple) -> bool:
    """Whether every text in force is still the signed one, or differs by confirmed editorial steps at most."""
    web = _AgreementGraph.of(texts)
    return all(web.is_as_signed(language, triple.version(language)) for language in Language)


_RELAYING = frozenset({EdgeKind.TRANSLATED, EdgeKind.CO_DRAFTED})
_Text = tuple[Language, str]  # a language and a folded hash: what versions of the same words share


class _Groups:
    """Disjoint sets of strings or texts, joined pair by pair."""

    def __init__(self) -> None:
        self._parent: dict[object, object] = {}

    def root(self, member: object) -> object:
        path = []
        while (parent := self._parent.get(member, member)) != member:
            path.append(member)
            member = parent
        for passed in path:
            self._parent[passed] = member
        return member

    def join(self, a: object, b: object) -> None:
        self._parent[self.root(a)] = self.root(b)

    def are_joined(self, a: object, b: object) -> bool:
        return self.root(a) == self.root(b)


class _AgreementGraph(Struct, frozen=True):
    """The versions of one block as a graph of texts, built once per question."""

    texts: BlockTexts
    version: Mapping[str, Version]
    joined: set[frozenset[_Text]] = field(default_factory=set)  # (b): by an edge of any kind or by a concordance
    relays: dict[_Text, set[str]] = field(default_factory=dict)  # (c): versions at translated and co-drafted edges
    same: _Groups = field(default_factory=_Groups)  # (a): equal words, or confirmed editorial steps
    connected: _Groups = field(default_factory=_Groups)  # any chain of edges and succession

    @classmethod
    def of(cls, texts: BlockTexts) -> "_AgreementGraph":
        web = cls(texts, {version.id: version for version in texts.versions})
        web._follow_succession()
        web._follow_edges()
        return web

    def state(self, language: Language) -> State:
        head = self.texts.heads.get(language)
        original = self.texts.heads.get(self.texts.original)
        if head is None:
            return State.ABSENT if language in self.texts.absent else State.MISSING
        if head in self.texts.carried:
            return State.STALE_RESTRUCTURED
        if original is not None and self.agree(head, original):
            return State.CURRENT
        if not self._has_chain_to_original(head):
            return State.UNVERIFIED
        return State.STALE_EDITORIAL if self._is_only_editorial_since(head) else State.STALE_SUBSTANTIVE

    def agree(self, a: str, b: str) -> bool:
        here, there = self._text(a), self._text(b)
        if here[0] is there[0]:
            return self.same.are_joined(here, there)
        if frozenset((here, there)) in self.joined:
            return True
        shared = self.relays.get(here, set()) & self.relays.get(there, set())
        return any(self.version[third].language not in (here[0], there[0]) for third in shared)

    def is_as_signed(self, language: Language, signed: str | None) -> bool:
        head = self.texts.heads.get(language)
        if head is None or signed is None:
            return head is None and signed is None
        return head not in self.texts.carried and self.agree(head, signed)

    def _text(self, version_id: str) -> _Text:
        version = self.version[version_id]
        return version.language, version.folded_hash

    def _follow_succession(self) -> None:
        for version in self.texts.versions:
            if version.predecessor is None or version.predecessor not in self.version:
                continue
            here, before = self._text(version.id), self._text(version.predecessor)
            self.connected.join(here, before)
            if version.change is ChangeClass.EDITORIAL:
                self.same.join(here, before)

    def _follow_edges(self) -> None:
        for edge in self.texts.edges:
            a, b = self._text(edge.a), self._text(edge.b)
            self._join(a, b)
            if edge.kind in _RELAYING:
                self.relays.setdefault(a, set()).add(edge.b)
                self.relays.setdefault(b, set()).add(edge.a)
        for triple in self.texts.triples:
            signed = [self._text(name) for name in (triple.es, triple.en, triple.fr) if name is not None]
            for a, b in combinations(signed, 2):
                self._join(a, b)

    def _join(self, a: _Text, b: _Text) -> None:
        self.joined.add(frozenset((a, b)))
        self.connected.join(a, b)

    def _has_chain_to_original(self, head: str) -> bool:
        own = self._text(head)
        return any(self.connected.are_joined(own, self._text(version.id)) for version in self._of_original())

    def _of_original(self) -> Iterable[Version]:
        return (version for version in self.texts.versions if version.language is self.texts.original)

    def _is_only_editorial_since(self, head: str) -> bool:
        """Whether the original has taken no substantive step since the latest version that `head` agrees with."""
        agreeing = [version for version in self._of_original() if self.agree(head, version.id)]
        if not agreeing:
            return False
        latest = max(agreeing, key=lambda version: version.sequence)
        step = self.texts.heads.get(self.texts.original)
        seen = set()
        while step is not None and step != latest.id and step not in seen:
            seen.add(step)
            version = self.version[step]
            if version.change is ChangeClass.SUBSTANTIVE:
                return False
            step = version.predecessor
        return step == latest.id
