"""What agrees with what, and what has gone stale: each sentence of the rule, then a plain reading of all of it."""

from hypothesis import given
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
    is_concorded,
    state,
    states,
)
from drafts.text.blocks import Language, folded_hash

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


# The rule read word by word, without care for speed.


def same_words(a, b):
    return a.language is b.language and a.folded_hash == b.folded_hash


def naive_agree(texts, a, b):
    if a.language is b.language:
        return b.id in {version.id for version in reachable(a, lambda v: editorial_neighbours(texts, v))}
    pairs = [(x, y) for x in copies(texts, a) for y in copies(texts, b)]
    return any(joined(texts, x, y) for x, y in pairs) or shares_a_source(texts, a, b)


def reachable(start, neighbours):
    found, waiting = [], [start]
    while waiting:
        version = waiting.pop()
        if version not in found:
            found.append(version)
            waiting += neighbours(version)
    return found


def copies(texts, version):
    return [other for other in texts.versions if same_words(version, other)]


def editorial_neighbours(texts, version):
    steps = [
        other
        for other in texts.versions
        if (other.predecessor == version.id and other.change is ChangeClass.EDITORIAL)
        or (version.predecessor == other.id and version.change is ChangeClass.EDITORIAL)
    ]
    return steps + copies(texts, version)


def joined(texts, a, b):
    by_edge = any({edge.a, edge.b} == {a.id, b.id} for edge in texts.edges)
    return by_edge or any({a.id, b.id} <= {t.es, t.en, t.fr} for t in texts.triples)


def shares_a_source(texts, a, b):
    solid = [{edge.a, edge.b} for edge in texts.edges if edge.kind is not EdgeKind.CONFIRMED]

    def rests_on(version, source):
        pairs = [(x, y) for x in copies(texts, version) for y in copies(texts, source)]
        return any({x.id, y.id} in solid for x, y in pairs)

    thirds = [v for v in texts.versions if v.language not in (a.language, b.language)]
    return any(rests_on(a, third) and rests_on(b, third) for third in thirds)


def chain_neighbours(texts, version):
    successors = [v for v in texts.versions if version.id == v.predecessor or v.id == version.predecessor]
    others = [v for v in texts.versions if joined(texts, v, version)]
    return successors + others + copies(texts, version)


def naive_state(texts, language):
    version = {v.id: v for v in texts.versions}
    if language not in texts.heads:
        return State.ABSENT if language in texts.absent else State.MISSING
    head = version[texts.heads[language]]
    if head.id in texts.carried:
        return State.STALE_RESTRUCTURED
    originals = [v for v in texts.versions if v.language is texts.original]
    if not originals:
        return State.UNVERIFIED
    original = version[texts.heads[texts.original]]
    if naive_agree(texts, head, original):
        return State.CURRENT
    if not any(v in originals for v in reachable(head, lambda v: chain_neighbours(texts, v))):
        return State.UNVERIFIED
    agreeing = [v for v in originals if naive_agree(texts, head, v)]
    since = originals[originals.index(agreeing[-1]) + 1 :] if agreeing else originals
    is_editorial = bool(agreeing) and all(v.change is not ChangeClass.SUBSTANTIVE for v in since)
    return State.STALE_EDITORIAL if is_editorial else State.STALE_SUBSTANTIVE


@st.composite
def histories(draw):
    desk = Desk(original=draw(st.sampled_from(Language)))
    before = {}
    for number in range(draw(st.integers(1, 9))):
        language = draw(st.sampled_from(Language))
        words = draw(st.sampled_from(["agua", "sombra", "plaza"]))
        change = draw(st.sampled_from([ChangeClass.EDITORIAL, ChangeClass.SUBSTANTIVE]))
        change = ChangeClass.TYPOGRAPHIC if before.get(language) == words else change
        before[language] = words
        desk.save(f"{language.value}{number}", words, change)
    names = st.sampled_from([version.id for version in desk.texts.versions])
    for a, b, kind in draw(st.lists(st.tuples(names, names, st.sampled_from(EdgeKind)), max_size=6)):
        if a[:2] != b[:2]:
            desk.edge(a, b, kind)
    by_language = {v.language: v.id for v in desk.texts.versions[: draw(st.integers(0, 9))]}
    if len(by_language) == len(Language) and draw(st.booleans()):
        desk.sign(*(by_language[language] for language in Language))
    return desk.having(carried=draw(st.frozensets(names, max_size=1))).texts


@given(histories())
def test_states_are_those_of_the_rule_read_word_by_word(texts):
    for language in Language:
        assert state(texts, language) is naive_state(texts, language)


@given(histories())
def test_agreement_is_that_of_the_rule_read_word_by_word_and_has_no_direction(texts):
    for a in texts.versions:
        for b in texts.versions:
            assert agree(texts, a.id, b.id) is naive_agree(texts, a, b) is agree(texts, b.id, a.id)
