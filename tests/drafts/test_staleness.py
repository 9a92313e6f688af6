"""What agrees with what, and what has gone stale: each sentence of the rule, then a plain reading of all of it."""

from hypothesis import strategies as st
from msgspec.structs import replace

from drafts.languages.staleness import (
    BlockTexts,
    ChangeClass,
    Edge,
    EdgeKind,
    State,
    Triple,
    Version,
    agree,
    concordance_holds,
    state,
    states,
)
from drafts.text.blocks import Language, folded_hash
from tests.support.laws import law

ES, EN, FR = Language.ES, Language.EN, Language.FR


class Desk:
    """Writes the history of one block in the words people use; a version is known by the name it is given."""

    def __init__(self, original=ES):
        self.texts = BlockTexts(original=original, versions=(), heads={})

    def save(self, name, text, change=ChangeClass.SUBSTANTIVE):
        """A new head of the language the name begins with ("es1")."""
        language = Language(name[:2])
        version = Version(
            id=name,
            language=language,
            folded_hash=folded_hash(text),
            sequence=len(self.texts.versions),
            predecessor=self.texts.heads.get(language),
            change=change,
        )
        heads = {**self.texts.heads, language: name}
        self.texts = replace(self.texts, versions=(*self.texts.versions, version), heads=heads)
        return self

    def edge(self, a, b, kind=EdgeKind.TRANSLATED):
        self.texts = replace(self.texts, edges=(*self.texts.edges, Edge(a, b, kind)))
        return self

    def sign(self, es, en, fr):
        self.texts = replace(self.texts, triples=(*self.texts.triples, Triple(es, en, fr)))
        return self

    def having(self, **changes):
        self.texts = replace(self.texts, **changes)
        return self

    def states(self):
        """In the order es, en, fr."""
        found = states(self.texts)
        assert all(found[language] is state(self.texts, language) for language in Language)
        return [found[language].value for language in Language]


def is_concorded(texts):
    return any(concordance_holds(texts, triple) for triple in texts.triples)


def translated():
    """Spanish, and English and French made from it."""
    desk = Desk().save("es1", "agua").save("en1", "water").save("fr1", "eau")
    return desk.edge("en1", "es1").edge("fr1", "es1")


def test_a_language_without_text_is_missing_or_absent_by_decision():
    desk = Desk().save("es1", "agua").having(absent=frozenset({FR}))

    assert desk.states() == ["current", "missing", "absent"]


def test_translations_of_the_head_are_current():
    assert translated().states() == ["current", "current", "current"]


def test_a_text_that_nothing_connects_to_the_original_is_unverified():
    assert Desk().save("es1", "agua").save("en1", "water").states() == ["current", "unverified", "missing"]


def test_a_substantive_change_of_the_original_makes_its_translations_stale():
    assert translated().save("es2", "agua y sombra").states() == ["current", "stale:substantive", "stale:substantive"]


def test_a_confirmed_editorial_change_makes_them_stale_as_editorial():
    editorial = ChangeClass.EDITORIAL
    desk = translated().save("es2", "el agua", editorial).save("es3", "las aguas", editorial)

    assert desk.states() == ["current", "stale:editorial", "stale:editorial"]
    assert desk.save("es4", "sombra").states() == ["current", "stale:substantive", "stale:substantive"]


def test_a_typographic_change_makes_nothing_stale_in_any_language():
    desk = translated().save("es2", " agua", ChangeClass.TYPOGRAPHIC).save("fr2", "eau ", ChangeClass.TYPOGRAPHIC)

    assert desk.states() == ["current", "current", "current"]


def test_a_typographic_step_among_editorial_ones_does_not_make_them_substantive():
    desk = translated().save("es2", "el agua", ChangeClass.EDITORIAL).save("es3", "el  agua", ChangeClass.TYPOGRAPHIC)

    assert desk.states() == ["current", "stale:editorial", "stale:editorial"]


def test_only_steps_since_the_latest_version_that_a_text_agrees_with_count():
    desk = translated().save("es2", "sombra").edge("fr1", "es2", EdgeKind.CONFIRMED)

    assert desk.save("es3", "la sombra", ChangeClass.EDITORIAL).states() == [
        *("current", "stale:substantive", "stale:editorial"),
    ]


def test_a_withdrawn_change_heals_by_itself():
    assert translated().save("es2", "sombra").save("es3", "agua").states() == ["current", "current", "current"]


def test_texts_that_differ_in_quotes_and_spaces_only_are_the_same_text():
    desk = Desk().save("es1", "«agua»").save("en1", "water").edge("en1", "es1").save("es2", "x").save("es3", "“agua”")

    assert desk.states()[:2] == ["current", "current"]


def test_switching_the_original_to_a_current_language_changes_nothing():
    desk = translated()

    for language in Language:
        assert desk.having(original=language).states() == ["current", "current", "current"]


def test_still_valid_for_french_leaves_english_stale():
    desk = translated().save("es2", "sombra").edge("fr1", "es2", EdgeKind.CONFIRMED)

    assert desk.states() == ["current", "stale:substantive", "current"]


def test_a_relay_through_english_is_current():
    desk = Desk().save("es1", "agua").save("en1", "water").save("fr1", "eau").edge("en1", "es1").edge("fr1", "en1")

    assert desk.states() == ["current", "current", "current"]


def test_a_relay_through_what_was_only_confirmed_is_no_relay():
    desk = Desk().save("es1", "agua").save("en1", "water").save("fr1", "eau")
    desk.edge("en1", "es1", EdgeKind.CONFIRMED).edge("fr1", "en1")

    assert desk.states() == ["current", "current", "stale:substantive"]


def test_two_translations_of_one_text_agree_with_each_other():
    assert agree(translated().texts, "en1", "fr1")


def test_a_relay_goes_through_one_version_and_not_through_another_of_the_same_words():
    desk = Desk().save("es1", "agua").save("en1", "water").save("fr1", "eau").edge("en1", "es1").edge("fr1", "en1")
    desk.save("es2", "sombra").save("en2", "shade").save("en3", "water").edge("en3", "es2")

    assert desk.states() == ["current", "current", "stale:substantive"]


def test_two_texts_confirmed_against_one_do_not_agree_with_each_other():
    desk = Desk().save("es1", "agua").save("en1", "water").save("fr1", "eau")
    desk.edge("en1", "es1", EdgeKind.CONFIRMED).edge("fr1", "es1", EdgeKind.CONFIRMED)

    assert not agree(desk.texts, "en1", "fr1")


def test_the_rows_of_an_import_agree_in_every_pair():
    desk = Desk().save("es1", "agua").save("en1", "water").save("fr1", "eau")
    desk.edge("es1", "en1", EdgeKind.CO_DRAFTED).edge("en1", "fr1", EdgeKind.CO_DRAFTED)

    assert desk.states() == ["current", "current", "current"]


def test_direction_of_an_edge_does_not_matter():
    desk = Desk().save("es1", "agua").save("en1", "water").edge("es1", "en1")

    assert desk.states()[:2] == ["current", "current"]


def test_two_versions_of_one_language_agree_across_confirmed_editorial_steps_only():
    desk = Desk().save("es1", "agua").save("es2", "el agua", ChangeClass.EDITORIAL).save("es3", "sombra")

    assert agree(desk.texts, "es1", "es2")
    assert not agree(desk.texts, "es2", "es3")


def test_a_text_carried_over_a_split_or_join_is_restructured_until_it_is_saved_again():
    desk = translated().having(carried=frozenset({"fr1"}))

    assert desk.states() == ["current", "current", "stale:restructured"]
    assert desk.save("fr2", "de l’eau").edge("fr2", "es1").states() == ["current", "current", "current"]


def test_a_signed_concordance_makes_three_texts_agree():
    desk = Desk().save("es1", "agua").save("en1", "water").save("fr1", "eau").sign("es1", "en1", "fr1")

    assert desk.states() == ["current", "current", "current"]


def test_a_substantive_edit_in_any_language_voids_the_concordance():
    for name in ("es2", "en2", "fr2"):
        desk = translated().sign("es1", "en1", "fr1")
        assert is_concorded(desk.texts)
        assert not is_concorded(desk.save(name, "other words").texts)


def test_a_typographic_or_confirmed_editorial_edit_and_a_withdrawn_one_keep_the_concordance():
    desk = translated().sign("es1", "en1", "fr1")

    assert is_concorded(desk.save("es2", "agua ", ChangeClass.TYPOGRAPHIC).texts)
    assert is_concorded(desk.save("es3", "el agua", ChangeClass.EDITORIAL).texts)
    assert is_concorded(desk.save("es4", "sombra").save("es5", "agua").texts)


def test_a_concordance_holds_for_a_language_absent_by_decision_only_while_it_is_absent():
    desk = Desk().save("es1", "agua").save("en1", "water").having(absent=frozenset({FR}))
    signed = Triple("es1", "en1", None)

    assert concordance_holds(desk.texts, signed)
    assert not concordance_holds(desk.save("fr1", "eau").texts, signed)


def test_current_and_absent_alone_let_a_text_be_published():
    assert [found for found in State if not found.stops_publication] == [State.ABSENT, State.CURRENT]
    assert [found.value for found in State if found.is_stale] == [
        *("stale:editorial", "stale:substantive", "stale:restructured"),
    ]


def test_an_original_without_text_leaves_the_others_unverified():
    assert Desk(original=FR).save("es1", "agua").states() == ["unverified", "missing", "missing"]


# The rule read word by word, sharing no step with the program and without care for speed.


def twins(texts, version):
    return [v for v in texts.versions if (v.language, v.folded_hash) == (version.language, version.folded_hash)]


def reachable(start, neighbours):
    found, waiting = [], [start]
    while waiting:
        version = waiting.pop()
        if version not in found:
            found.append(version)
            waiting += neighbours(version)
    return found


def editorial_neighbours(texts, version):
    steps = [
        other
        for other in texts.versions
        if (other.predecessor == version.id and other.change is ChangeClass.EDITORIAL)
        or (version.predecessor == other.id and version.change is ChangeClass.EDITORIAL)
    ]
    return steps + twins(texts, version)


def joined(texts, a, b, kinds=tuple(EdgeKind)):
    return any({edge.a, edge.b} == {a.id, b.id} and edge.kind in kinds for edge in texts.edges)


def signed_together(texts, a, b):
    return any({a.id, b.id} <= {triple.es, triple.en, triple.fr} for triple in texts.triples)


def rest_on(texts, version, third):
    """Whether this very `third`, and no twin of it, is what the version's words were made from, or the reverse."""
    solid = EdgeKind.TRANSLATED, EdgeKind.CO_DRAFTED
    return any(joined(texts, twin, third, solid) for twin in twins(texts, version))


def naive_agree(texts, a, b):
    if a.language is b.language:
        return b in reachable(a, lambda version: editorial_neighbours(texts, version))
    pairs = [(x, y) for x in twins(texts, a) for y in twins(texts, b)]
    if any(joined(texts, x, y) or signed_together(texts, x, y) for x, y in pairs):
        return True
    thirds = [version for version in texts.versions if version.language not in (a.language, b.language)]
    return any(rest_on(texts, a, third) and rest_on(texts, b, third) for third in thirds)


def chain_neighbours(texts, version):
    successors = [v for v in texts.versions if version.id == v.predecessor or v.id == version.predecessor]
    others = [v for v in texts.versions if joined(texts, v, version) or signed_together(texts, v, version)]
    return successors + others + twins(texts, version)


def naive_state(texts, language):
    version = {v.id: v for v in texts.versions}
    if language not in texts.heads:
        return State.ABSENT if language in texts.absent else State.MISSING
    head = version[texts.heads[language]]
    if head.id in texts.carried:
        return State.STALE_RESTRUCTURED
    originals = sorted((v for v in texts.versions if v.language is texts.original), key=lambda v: v.sequence)
    if not originals:
        return State.UNVERIFIED
    if naive_agree(texts, head, version[texts.heads[texts.original]]):
        return State.CURRENT
    if not any(v in originals for v in reachable(head, lambda v: chain_neighbours(texts, v))):
        return State.UNVERIFIED
    agreeing = [place for place, v in enumerate(originals) if naive_agree(texts, head, v)]
    later = originals[agreeing[-1] + 1 :] if agreeing else originals
    is_editorial = bool(agreeing) and all(v.change is not ChangeClass.SUBSTANTIVE for v in later)
    return State.STALE_EDITORIAL if is_editorial else State.STALE_SUBSTANTIVE


WORDS = ["agua", " agua", "«agua»", "“agua”", "sombra", "sombra ", "plaza"]  # three texts, typographic twins among them
LANGUAGES = st.sampled_from(Language)


class House:
    """What people do, recorded as the rules of saving say; `texts` is what has come of it."""

    def __init__(self, original):
        self.desk, self.content = Desk(original), {}

    @property
    def texts(self):
        return self.desk.texts

    def write(self, language, words, change=ChangeClass.SUBSTANTIVE):
        before = self.texts.heads.get(language)
        if before and folded_hash(words) == folded_hash(self.content[before]):
            change = ChangeClass.TYPOGRAPHIC
        name = f"{language.value}{len(self.texts.versions)}"
        self.content[name] = words
        self.desk.save(name, words, change)
        if change is ChangeClass.TYPOGRAPHIC:
            for edge in self.texts.edges:
                if before in (edge.a, edge.b):
                    self.desk.edge(*(name if end == before else end for end in (edge.a, edge.b)), edge.kind)
        return name, change

    def save(self, language, words, sources):
        """As a translator: the same words confirm, typography copies, anything else is made from the sources."""
        before = self.texts.heads.get(language)
        kind = EdgeKind.TRANSLATED
        if before and self.content[before] == words:
            name, kind = before, EdgeKind.CONFIRMED
        else:
            name, change = self.write(language, words)
            sources = () if change is ChangeClass.TYPOGRAPHIC else sources
        for source in sources:
            if source is not language and source in self.texts.heads:
                self.desk.edge(name, self.texts.heads[source], kind)

    def decide(self, language, words, change):
        """As a committee: its language leads, and the others wait."""
        if self.content.get(self.texts.heads.get(language)) != words:
            _, change = self.write(language, words, change if language in self.texts.heads else ChangeClass.SUBSTANTIVE)
            if change is not ChangeClass.TYPOGRAPHIC:
                self.desk.having(original=language)

    def import_row(self, words):
        names = [self.write(language, words[language])[0] for language in Language]
        for a, b in zip(names, [*names[1:], names[0]], strict=True):
            self.desk.edge(a, b, EdgeKind.CO_DRAFTED)

    def carry(self, language):
        if language in self.texts.heads and language is not self.texts.original:
            self.desk.having(carried=self.texts.carried | {self.texts.heads[language]})

    def sign(self):
        self.desk.sign(*(self.texts.heads.get(language) for language in Language))


CHANGES = st.sampled_from([ChangeClass.SUBSTANTIVE, ChangeClass.EDITORIAL])
ACTS = st.one_of(
    st.tuples(st.just("save"), LANGUAGES, st.sampled_from(WORDS), st.lists(LANGUAGES, min_size=1, max_size=2)),
    st.tuples(st.just("save"), LANGUAGES, st.sampled_from(WORDS[:3]), st.just(list(Language))),
    st.tuples(st.just("decide"), LANGUAGES, st.sampled_from(WORDS), CHANGES),
    st.tuples(st.just("import_row"), st.fixed_dictionaries({one: st.sampled_from(WORDS) for one in Language})),
    st.tuples(st.just("carry"), LANGUAGES),
    st.tuples(st.just("sign")),
)


@st.composite
def lived(draw):
    """A history as people make one."""
    house = House(draw(LANGUAGES))
    for act, *what in draw(st.lists(ACTS, min_size=1, max_size=8)):
        getattr(house, act)(*what)
    return house


@st.composite
def strewn(draw):
    """A history with edges wherever they fall."""
    house = House(draw(LANGUAGES))
    for _ in range(draw(st.integers(1, 9))):
        house.write(draw(LANGUAGES), draw(st.sampled_from(WORDS)), draw(CHANGES))
    names = st.sampled_from([version.id for version in house.texts.versions])
    for a, b, kind in draw(st.lists(st.tuples(names, names, st.sampled_from(EdgeKind)), max_size=6)):
        if a[:2] != b[:2]:
            house.desk.edge(a, b, kind)
    by_language = {v.language: v.id for v in house.texts.versions[: draw(st.integers(0, 9))]}
    if len(by_language) == len(Language) and draw(st.booleans()):
        house.desk.sign(*(by_language[language] for language in Language))
    house.desk.having(carried=draw(st.frozensets(names, max_size=1)))
    return house


HISTORIES = st.one_of(lived(), strewn()).map(lambda house: house.texts)


@law(HISTORIES)
def test_states_are_those_of_the_rule_read_word_by_word(texts):
    assert states(texts) == {language: naive_state(texts, language) for language in Language}
    assert all(state(texts, language) is found for language, found in states(texts).items())


@law(HISTORIES)
def test_agreement_is_that_of_the_rule_read_word_by_word_and_has_no_direction(texts):
    heads = [version for version in texts.versions if version.id in texts.heads.values()]
    for a in heads:
        for b in texts.versions:
            assert agree(texts, a.id, b.id) is naive_agree(texts, a, b) is agree(texts, b.id, a.id)


@law(st.one_of(lived(), strewn()), LANGUAGES, st.data())
def test_a_save_of_the_same_meaning_speaks_for_no_other_language(house, language, data):
    if language not in house.texts.heads or language is house.texts.original:
        return
    before = states(house.texts)
    same = folded_hash(house.content[house.texts.heads[language]])
    words = data.draw(st.sampled_from([words for words in WORDS if folded_hash(words) == same]))
    house.save(language, words, [house.texts.original])

    after = states(house.texts)

    for other in set(Language) - {language}:
        assert (after[other] is State.CURRENT) is (before[other] is State.CURRENT)
