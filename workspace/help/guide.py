"""The users' guide: its topics, a search over them, and its pages."""

import json
import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import Annotated

from litestar import Controller, Response
from litestar.params import QueryParameter
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup
from msgspec import Struct

from drafts.base.words import without_accents
from drafts.text.blocks import Language
from drafts.text.markdown_parser import ready
from workspace.core.errors import NotFound
from workspace.web.http.request_context import FromPath, Work
from workspace.web.http.routing import get
from workspace.web.i18n.marking import N_
from workspace.web.i18n.messages import LANGUAGES
from workspace.web.pages import Page, page

FOLDER = Path(__file__).parent
OPERATORS = "operators"


class TopicGroup(Struct, frozen=True):
    """Those who do these things. `name` is a message."""

    name: str
    topics: Sequence[str]


_PEOPLE: Sequence[TopicGroup] = (
    TopicGroup(
        N_("For everybody"),
        ("find-your-way", "account", "read", "notices", "your-words", "your-data", "verify", "accessibility"),
    ),
    TopicGroup(N_("For members"), ("amend", "comment", "support", "reservations")),
    TopicGroup(
        N_("For rapporteurs"), ("notes", "review", "write-down", "register", "draft-from-recommendations", "follow-up")
    ),
    TopicGroup(N_("For translators"), ("translate", "translation-review", "translation-files", "glossary")),
    TopicGroup(N_("For chairs"), ("phases", "desk", "vote", "sittings", "agreement", "publish", "correct")),
    TopicGroup(
        N_("For the secretariat"),
        (
            "people",
            "begin-declaration",
            "word",
            "mails",
            "around-the-text",
            "forms",
            "moderation",
            "letters",
            "log",
            "settings",
        ),
    ),
)
FOR_OPERATORS = N_("For operators")

_ADDRESSES: Mapping[str, Sequence[str]] = json.loads((FOLDER / "topics.json").read_text(encoding="utf-8"))
# By the pattern of an address, without its language; what stands below it follows
TOPIC_OF: Mapping[str, str] = {path: topic for topic, paths in _ADDRESSES.items() for path in paths}
_EXACTLY = frozenset({"/", "/{forum}", "/{forum}/{declaration}"})  # nothing below these follows them


@cache
def topic_groups() -> Sequence[TopicGroup]:
    """Every topic once, in the order in which they are listed; a chapter that a language lacks is not shown in any."""
    written = [{path.stem for path in (FOLDER / language).glob(f"{OPERATORS}*.md")} for language in LANGUAGES]
    chapters = sorted(set.intersection(*written))
    return (*_PEOPLE, TopicGroup(FOR_OPERATORS, tuple(chapters)))


@cache
def slugs() -> frozenset[str]:
    return frozenset(slug for group in topic_groups() for slug in group.topics)


def topic_of(pattern: str) -> str | None:
    """The topic of the page with this address, given as its pattern: `/{language}/{forum}/{declaration}/desk`."""
    path = pattern.removeprefix("/{language}") or "/"
    if not pattern:
        return None  # an address that leads nowhere
    if path in TOPIC_OF:
        return TOPIC_OF[path]
    while path.count("/") > 1:
        path = path.rpartition("/")[0]
        if path in TOPIC_OF and path not in _EXACTLY:
            return TOPIC_OF[path]
    return None


_MARKDOWN = ready(MarkdownIt("commonmark", {"html": False}).enable("table"))
_SPACES = re.compile(r"\s+")


class TopicPart(Struct, frozen=True):
    """Some paragraphs of a topic, or one picture: `picture` is its name, and `words` say what it shows."""

    html: str | Markup = ""
    picture: str = ""
    words: str = ""


class GuideTopic(Struct, frozen=True):
    """One page of the guide in one language."""

    slug: str
    title: str
    lede: str  # its first sentence or two, without marks
    parts: Sequence[TopicPart]
    labels: Sequence[str]  # the words in bold: what stands on buttons, links and headings of the program
    links: Sequence[str]  # where it leads: other topics, as `publish`, or addresses
    plain: str  # all its words, to search


@cache
def guide_topics(language: Language) -> Mapping[str, GuideTopic]:
    """Every topic in this language, in the order of the guide."""
    return {slug: _read(slug, language) for group in topic_groups() for slug in group.topics}


def guide_topic(slug: str, language: Language) -> GuideTopic:
    """Raises `NotFound` for what the guide does not tell about."""
    if slug not in slugs():
        raise NotFound(what="topic", id=slug[:40])
    return guide_topics(language)[slug]


def _read(slug: str, language: Language) -> GuideTopic:
    source = (FOLDER / language / f"{slug}.md").read_text(encoding="utf-8")
    heading, _, body = source.partition("\n")
    tokens = _MARKDOWN.parse(body)
    inline = [child for token in tokens for child in token.children or ()]
    said = [token for token in tokens if token.type == "inline"]
    return GuideTopic(
        slug=slug,
        title=heading.removeprefix("# ").strip(),
        lede=_plain(said[0]) if said else "",
        parts=tuple(_parts(tokens)),
        labels=tuple(_bold(inline)),
        links=tuple(str(token.attrs["href"]) for token in inline if token.type == "link_open"),
        plain=_SPACES.sub(" ", " ".join(_plain(token) for token in said)),
    )


def _parts(tokens: Sequence[Token]) -> Iterator[TopicPart]:
    """The text between pictures, and the pictures: each stands in a paragraph of its own."""
    held: list[Token] = []
    for token in _without_ends(tokens):
        picture = _picture(token)
        if picture is None:
            held.append(token)
            continue
        yield TopicPart(html=_html(held[:-1]))  # the paragraph that the picture stood in was opened already
        yield picture
        held = []
    yield TopicPart(html=_html(held))


def _without_ends(tokens: Sequence[Token]) -> Iterator[Token]:
    """Without the end of a picture's own paragraph."""
    after_picture = False
    for token in tokens:
        if after_picture and token.type == "paragraph_close":
            after_picture = False
            continue
        after_picture = _picture(token) is not None
        yield token


def _picture(token: Token) -> TopicPart | None:
    children = token.children or []
    if token.type != "inline" or len(children) != 1 or children[0].type != "image":
        return None
    return TopicPart(picture=str(children[0].attrs["src"]), words=children[0].content)


def _html(tokens: Sequence[Token]) -> Markup:
    # Safe: the files are the program's own, and raw HTML in them is written out as text.
    return Markup(_MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {}))  # noqa: S704


def _bold(inline: Sequence[Token]) -> Iterator[str]:
    words: list[str] | None = None
    for token in inline:
        if token.type == "strong_open":
            words = []
        elif token.type == "strong_close" and words is not None:
            yield "".join(words)
            words = None
        elif words is not None:
            words.append(token.content)


def _plain(token: Token) -> str:
    return "".join(" " if token.type == "softbreak" else token.content for token in token.children or ())


MOST_WORDS = 12
AROUND = 90  # letters of the text before and after what was found
IN_TITLE, IN_OTHER_WORDS, IN_LEDE, IN_TEXT = 10, 8, 3, 1
ENOUGH = 0.3  # of what is looked for, rare words counting for more
SHORTEST_BEGINNING, SHORTEST_MISSPELT = 3, 5  # letters
OTHER_WORDS = "other-words.txt"
_WORD = re.compile(r"\w+")
_STEMMERS = {Language.ES: "spanish", Language.EN: "english", Language.FR: "french"}
_SMALL: Mapping[Language, str] = {  # as people ask: "how do I …"
    Language.ES: (
        "a al algo como con cual cuando de del donde el ella en es esta este hace hacer hago hay la las lo los me "
        "mi mis no o para pero por porque puede puedo que quien se ser si sin son su sus tengo un una uno y ya yo"
    ),
    Language.EN: (
        "a am an and are at be by can cannot do does for from get have how i if in into is it me my no not of on "
        "or our so that the there this to us was we what when where which who why will with you your"
    ),
    Language.FR: (
        "a ai au aux avec c ce ces cet cette comment d dans de des du elle en es est et faire fait il j je l la "
        "le les leur m ma mais me mes mon n ne nos notre on ou par pas peut peux plus pour pourquoi puis qu quand "
        "que quel quelle qui quoi s sa sans se ses si son sont sur t un une vos votre vous y"
    ),
}


class SearchHit(Struct, frozen=True):
    """A topic that has what was looked for, and some of its text around the first of it."""

    slug: str
    title: str
    excerpt: str


class _IndexedTopic(Struct, frozen=True):
    topic: GuideTopic
    weights: Mapping[str, int]  # of each stem, by where it stands


def search_guide(wanted: str, language: Language) -> Sequence[SearchHit]:
    """The topics that tell about this, the best first; none where nothing of it is known."""
    terms = [known for word in _query_words(wanted, language) if (known := _known_words(word, language))]
    if not terms:
        return ()
    scored = [(_score(page, terms, language), page) for page in _index(language)]
    best = sorted((pair for pair in scored if pair[0]), key=lambda pair: -pair[0])
    stems = frozenset[str]().union(*terms)
    return tuple(
        SearchHit(page.topic.slug, page.topic.title, _excerpt(page.topic, stems, language)) for _, page in best
    )


def _query_words(wanted: str, language: Language) -> Sequence[str]:
    """The words that are looked for; the small ones only where there are no others."""
    words, small = _words(wanted), _SMALL[language].split()
    return [word for word in words if word not in small and len(word) > 1][:MOST_WORDS] or words[:MOST_WORDS]


def _known_words(word: str, language: Language) -> frozenset[str]:
    """The stems of the guide that a word may mean: its own, else those it begins, else those of words like it."""
    stem, vocabulary = _stem(word, language), _vocabulary(language)
    stems = vocabulary.values()
    if stem in stems:
        return frozenset((stem,))
    if len(stem) >= SHORTEST_BEGINNING and (
        begun := frozenset(known_stem for known_stem in stems if known_stem.startswith(stem))
    ):
        return begun
    if len(word) < SHORTEST_MISSPELT:
        return frozenset()
    return frozenset(
        known_stem
        for known, known_stem in vocabulary.items()
        if _differ_by_single_letter(word, known) or _differ_by_single_letter(stem, known_stem)
    )


def _score(page: _IndexedTopic, terms: Sequence[frozenset[str]], language: Language) -> float:
    """0 where too much of what is looked for is missing."""
    rarity = [max(_rarity(stem, language) for stem in stems) for stems in terms]
    found = [max(page.weights.get(stem, 0) for stem in stems) for stems in terms]
    share = sum(rare for rare, weight in zip(rarity, found, strict=True) if weight) / sum(rarity)
    if share < ENOUGH:
        return 0.0
    return share * share * sum(rare * weight for rare, weight in zip(rarity, found, strict=True))


def _rarity(stem: str, language: Language) -> float:
    index = _index(language)
    return 0.5 + math.log(len(index) / (1 + sum(stem in page.weights for page in index)) + 1)


@cache
def _index(language: Language) -> Sequence[_IndexedTopic]:
    others = _other_words(language)
    return tuple(
        _IndexedTopic(topic, _weights(topic, others.get(topic.slug, ""), language))
        for topic in guide_topics(language).values()
    )


def _weights(guide_topic: GuideTopic, others: str, language: Language) -> Mapping[str, int]:
    """The heaviest place of each stem."""
    found: dict[str, int] = {}
    for text, weight in (
        (guide_topic.plain, IN_TEXT),
        (guide_topic.lede, IN_LEDE),
        (others, IN_OTHER_WORDS),
        (guide_topic.title, IN_TITLE),
    ):
        found.update(dict.fromkeys([_stem(word, language) for word in _words(text)], weight))
    return found


@cache
def _vocabulary(language: Language) -> Mapping[str, str]:
    """Every word of the guide, with its stem."""
    others = " ".join(_other_words(language).values())
    texts = [others, *(f"{topic.title} {topic.plain}" for topic in guide_topics(language).values())]
    return {word: _stem(word, language) for text in texts for word in _words(text)}


@cache
def _other_words(language: Language) -> Mapping[str, str]:
    """What people call the things that a topic tells about, by topic."""
    lines = (FOLDER / language / OTHER_WORDS).read_text(encoding="utf-8").splitlines()
    return {slug: words for slug, mark, words in (line.partition(": ") for line in lines) if mark}


def _differ_by_single_letter(first: str, second: str) -> bool:
    """Whether one letter too many, too few, another one, or two that changed places is all that is between them."""
    if (
        abs(len(first) - len(second)) > 1
        or min(len(first), len(second)) < SHORTEST_MISSPELT - 1
        or first[0] != second[0]
    ):
        return False
    begin = next(
        (at for at, (a, b) in enumerate(zip(first, second, strict=False)) if a != b), min(len(first), len(second))
    )
    left, right = first[begin:], second[begin:]
    swapped = left[:2] == right[:2][::-1] and left[2:] == right[2:]
    return left[1:] == right[1:] or left[1:] == right or left == right[1:] or swapped


def _excerpt(topic: GuideTopic, stems: frozenset[str], language: Language) -> str:
    for match in _WORD.finditer(topic.plain):
        if _stem(without_accents(match[0]), language) in stems:
            begin, end = max(0, match.start() - AROUND), match.end() + AROUND
            head = "…" if begin else ""
            tail = "…" if end < len(topic.plain) else ""
            return head + topic.plain[begin:end].strip() + tail
    return topic.lede


def _words(text: str) -> list[str]:
    return _WORD.findall(without_accents(text))


@cache
def _stemmer(language: Language) -> Callable[[str], str]:
    import snowballstemmer  # noqa: PLC0415  (forty files that a server needs when somebody looks for help, not to start)

    stem: Callable[[str], str] = snowballstemmer.stemmer(_STEMMERS[language]).stemWord
    return stem


@lru_cache(maxsize=20_000)  # the words of the guide, and some of those that are looked for
def _stem(word: str, language: Language) -> str:
    return _stemmer(language)(word)


LONGEST_SEARCH = 200


class TopicLine(Struct, frozen=True):
    slug: str
    title: str
    lede: str
    is_current: bool = False


class GroupView(Struct, frozen=True):
    name: str
    topics: Sequence[TopicLine]


class ContentsPage(Page, frozen=True, kw_only=True):
    groups: Sequence[GroupView]
    wanted: str
    found: Sequence[SearchHit]


class TopicPage(Page, frozen=True, kw_only=True):
    title: str
    parts: Sequence[TopicPart]
    groups: Sequence[GroupView]
    group: str


class HelpPages(Controller):
    """The users' guide, for anybody."""

    @get("/help", name="help", policy="public")
    def contents(
        self, work: Work, wanted: Annotated[str, QueryParameter(name="words", max_length=LONGEST_SEARCH)] = ""
    ) -> Response[str]:
        """Every topic, or those that have the words one looks for."""
        context = ContentsPage(groups=_groups(work), wanted=wanted, found=search_guide(wanted, work.language))
        return page(work, "help/contents.html", context, is_public=True)

    @get("/accessibility", name="accessibility", policy="public")
    def accessibility(self, work: Work) -> Response[str]:
        """The statement of accessibility."""
        return self._topic(work, "accessibility")

    @get("/help/{slug:str}", name="help_topic", policy="public")
    def show(self, work: Work, slug: FromPath[str]) -> Response[str]:
        """One topic."""
        return self._topic(work, slug)

    def _topic(self, work: Work, slug: str) -> Response[str]:
        topic = guide_topic(slug, work.language)
        shown = _groups(work, slug)
        group = next(group.name for group in shown if any(line.is_current for line in group.topics))
        context = TopicPage(title=topic.title, parts=topic.parts, groups=shown, group=group)
        return page(work, "help/topic.html", context, is_public=True)


def _groups(work: Work, current: str = "") -> Sequence[GroupView]:
    known = guide_topics(work.language)
    return [
        GroupView(
            work.messages.gettext(group.name),
            [TopicLine(slug, known[slug].title, known[slug].lede, slug == current) for slug in group.topics],
        )
        for group in topic_groups()
    ]
