"""What the translation memory finds, and in which order."""

import pytest

from drafts.languages.translation_memory import MatchKind, Segment, TranslationMemory
from drafts.text.blocks import Language, folded_hash

ES, EN, FR = Language
WATER = {EN: "Towns shall share water with their neighbours.", FR: "Les villes partagent l’eau avec leurs voisines."}


def memory(*texts, **more):
    return TranslationMemory(Segment(str(place), text, **more) for place, text in enumerate(texts))


def asked(known, text, **more):
    return [(match.kind, match.segment.texts[FR]) for match in known.matches(text, source=EN, target=FR, **more)]


def test_the_same_words_are_an_exact_match_whatever_the_typography():
    assert asked(memory({EN: "The “state” – 10%.", FR: "L’État."}), "The 'state' - 10 %.") == [
        (MatchKind.EXACT, "L’État.")
    ]


def test_the_same_words_after_the_same_words_come_first():
    title = folded_hash("Water")
    known = TranslationMemory(
        [
            Segment("a", {EN: "Recalling it,", FR: "Le rappelant,"}, rank=(9,)),
            Segment("b", {EN: "Recalling it,", FR: "La rappelant,"}, before={EN: title}),
        ]
    )
    assert asked(known, "Recalling it,", before=title) == [
        (MatchKind.CONTEXT, "La rappelant,"),
        (MatchKind.EXACT, "Le rappelant,"),
    ]


def test_what_is_nearly_the_same_is_never_called_the_same():
    [match] = memory(WATER).matches("Towns shall share water with their neighbour.", source=EN, target=FR)
    assert match.kind is MatchKind.FUZZY
    assert 0.8 < match.score < 1


def test_a_change_of_one_mark_is_no_exact_match():
    [(kind, _)] = asked(memory({EN: "Towns share water.", FR: "Partage."}), "Towns share water?")
    assert kind is MatchKind.FUZZY


def test_the_more_alike_comes_first_and_what_is_unlike_not_at_all():
    known = memory(
        {EN: "Towns shall share water.", FR: "deux"},
        {EN: "Towns shall share water with their neighbours every day.", FR: "un"},
        {EN: "Every child has a name.", FR: "jamais"},
    )
    assert [text for _, text in asked(known, WATER[EN])] == ["un", "deux"]


def test_a_segment_without_the_wanted_language_is_no_match():
    assert memory(WATER).matches(WATER[EN], source=EN, target=ES) == ()


def test_the_same_translation_is_shown_once():
    assert len(asked(memory(WATER, {**WATER, ES: "Compartirán."}), WATER[EN])) == 1


def test_it_is_searched_from_any_of_its_languages():
    [match] = memory({**WATER, ES: "Las ciudades compartirán el agua."}).matches(
        "Les villes partagent l’eau avec leurs voisines.", source=FR, target=ES
    )
    assert match.segment.texts[ES] == "Las ciudades compartirán el agua."


def test_a_segment_that_is_added_again_replaces_what_it_was():
    known = memory(WATER)
    assert asked(known, WATER[EN])
    known.add(Segment("0", {EN: "Regions shall plant trees.", FR: "Des arbres."}))
    assert asked(known, WATER[EN]) == []
    assert asked(known, "Regions shall plant trees.") == [(MatchKind.EXACT, "Des arbres.")]
    assert len(known) == 1


def test_what_is_removed_is_found_no_more():
    known = memory(WATER)
    assert asked(known, WATER[EN])
    known.remove("0")
    assert asked(known, WATER[EN]) == []
    assert known.containing("water", language=EN) == ()


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("share water", True),
        ("SHARE  wat", True),
        ("water share", False),
        ("partagent l’eau", False),
        ("", False),
        ("ater", False),
        ("unheard", False),
    ],
)
def test_words_are_found_one_after_the_other_at_the_beginning_of_words(words, found):
    assert bool(memory(WATER).containing(words, language=EN)) is found


def test_words_are_found_without_their_accents():
    known = memory({ES: "La declaración de la región."})
    assert known.containing("declaracion", language=ES)
    known.add(Segment("1", {ES: "Declaración conjunta."}))
    assert len(known.containing("declaración", language=ES)) == 2


def test_among_thousands_the_one_that_was_reworded_is_found():
    some = [{EN: f"Town {number} shall plant {number * 7} trees in street {number % 90}.", FR: f"{number}"}
            for number in range(3_000)]  # fmt: skip
    found = asked(memory(*some), "Town 1234 shall soon plant 8638 trees in the street 64.")
    assert found[0] == (MatchKind.FUZZY, "1234")
