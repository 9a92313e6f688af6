"""What only shows over a whole text, and between three languages."""

from drafts.checks import House, Pair, Triplet, check_corpus, check_triplet
from drafts.checks.triplets import collated
from drafts.text.blocks import BlockKind, Language

EN, ES, FR = Language.EN, Language.ES, Language.FR


def corpus(*pairs):
    found = check_corpus([Pair.of(one, other, languages=(EN, ES), house=House()) for one, other in pairs])
    return {index: [finding.check for finding in findings] for index, findings in found.items()}


def between(es, en, fr, **more):
    return [(one.check, one.odd) for one in check_triplet(Triplet({ES: es, EN: en, FR: fr}, **more))]


def test_one_source_translated_in_two_ways_is_noticed_where_it_differs():
    assert corpus(("Cities act.", "Las ciudades actúan."), ("Cities act.", "Las urbes actúan.")) == {
        1: ["inconsistent_translation"]
    }
    assert corpus(("Cities act.", "Las ciudades actúan."), ("Cities act.", "Las ciudades actúan.")) == {}


def test_one_translation_of_two_sources_is_noticed():
    same = "Las ciudades actúan hoy mismo."
    assert corpus(("Cities act today.", same), ("Towns shall rest.", same)) == {1: ["reused_translation"]}


def test_a_defined_term_keeps_its_translation():
    defined = ("The network (hereinafter “the Network”) acts.", "La red (en adelante, «la Red») actúa.")
    assert corpus(defined, ("The Network meets.", "La Red se reúne.")) == {}
    assert corpus(defined, ("The Network meets.", "La Malla se reúne.")) == {1: ["defined_term_drift"]}


def test_two_that_agree_name_the_odd_one_out():
    assert between("Son 12 países.", "It is 12 countries.", "Ce sont 13 pays.") == [("tri_number_mismatch", FR)]
    assert between("Son 13 países.", "It is 12 countries.", "Ce sont 12 pays.") == [("tri_number_mismatch", ES)]
    assert between("Son 12 países.", "It is 14 countries.", "Ce sont 13 pays.") == [("tri_number_mismatch", None)]
    assert between("Véase A/RES/70/1.", "See A/RES/70/1.", "Voir A/RES/71/1.") == [("tri_ref_mismatch", FR)]


def test_an_odd_one_out_that_leads_and_was_changed_last_leaves_the_others_behind():
    texts = {ES: "Son 12 países.", EN: "It is 13 countries.", FR: "Ce sont 12 pays."}
    [found] = check_triplet(Triplet(texts, changed_last=EN))
    assert (found.odd, found.behind) == (EN, (ES, FR))
    [found] = check_triplet(Triplet(texts, changed_last=FR))
    assert (found.odd, found.behind) == (EN, ())


def test_a_date_that_only_one_language_has_is_its_own_fault():
    texts = ("El 3 de mayo de 2027.", "On 3 May 2027.", "Le 5 mai 2027.")
    assert between(*texts) == [("tri_number_mismatch", FR)]


def test_one_number_in_three_ways_of_writing_is_one_number():
    assert between("100.000 millones de dólares", "$100 billion", "100 milliards de dollars") == []
    assert between("1.000,50 euros", "1,000.50 euros", "1\u202f000,50 euros") == []


def test_a_text_that_is_not_there_is_missing_unless_that_was_decided():
    assert between("Uno dos.", "One two.", None) == [("missing", FR)]
    assert between("Uno dos.", "One two.", None, absent=frozenset({FR})) == []


def test_what_is_known_of_the_paragraph_is_said():
    texts = ("Uno.", "One.", "Un.")
    shapes = {ES: (BlockKind.ITEM, 1), EN: (BlockKind.ITEM, 1), FR: (BlockKind.PARAGRAPH, 0)}
    assert between(*texts, stale=frozenset({FR})) == [("stale_source", FR)]
    assert between(*texts, structure=shapes) == [("structure_mismatch", FR)]
    assert between(*texts, must_concord=True, is_concorded=False) == [("not_concorded", None)]
    linked = ("Véase [](#b-a).", "See [](#b-a).", "Voir [](#b-b).")
    assert ("xref_dangling", FR) in between(*linked, known_references=frozenset({"a"}))


CLAUSES = (
    "Hecho en un solo original en los idiomas español, francés e inglés, siendo los tres textos igualmente auténticos.",
    "Done in a single original in the English, French and Spanish languages, the three texts being equally authentic.",
    "Fait en un seul original, en langues anglaise, espagnole et française, les trois textes faisant également foi.",
)


def test_the_clause_on_authenticity_says_the_same_everywhere():
    assert between(*CLAUSES) == []
    without_spanish = CLAUSES[1].replace("English, French and Spanish", "English and French")
    assert ("authentic_clause", EN) in between(CLAUSES[0], without_spanish, CLAUSES[2])


def test_a_list_is_sorted_again_in_each_language():
    lists = ("Firman Alemania, Brasil, Chile, Egipto y Francia.", "Signed by Germany, Brazil, Chile, Egypt and France.")
    found = between(*lists, "Signé par Allemagne, Brésil, Chili, Égypte et France.")
    assert found == [("list_order", EN)]


def test_letters_stand_where_each_language_puts_them():
    assert sorted(["oz", "ñu", "nz"], key=lambda word: collated(word, ES)) == ["nz", "ñu", "oz"]
    assert sorted(["of", "œuf", "oe"], key=lambda word: collated(word, FR)) == ["oe", "œuf", "of"]
