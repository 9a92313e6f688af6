"""What may be put right after publication, and what is a change of the text."""

import pytest

from drafts.checks.changes import (
    Correction,
    CorrectionJudgement,
    CorrectionRefusal,
    PublishedParagraph,
    judge_correction,
)
from drafts.text.blocks import BlockKind, Language

ES, EN, FR = Language
TEXTS = {
    EN: "Cities shall share 40 % of their drinking water with towns that have none by 2030.",
    ES: "Las ciudades compartirán el 40 % de su agua potable con los pueblos que no tienen antes de 2030.",
    FR: "Les villes partagent 40 % de leur eau potable avec les communes qui n’en ont pas avant 2030.",
}


def said(language: Language, old: str, new: str, *, published: dict[Language, tuple[str, str]] | None = None):
    """What it is to replace `old` by `new`, in a paragraph that was published with these other words in it."""
    texts = dict(TEXTS)
    for one, (right, wrong) in (published or {}).items():
        assert right in texts[one]
        texts[one] = texts[one].replace(right, wrong)
    assert old in texts[language]
    paragraph = PublishedParagraph(BlockKind.OPERATIVE, EN, texts, elsewhere={EN: ["cities", "citizens"]})
    return judge_correction(paragraph, language, texts[language].replace(old, new))


@pytest.mark.parametrize(
    ("language", "old", "new", "kind"),
    [
        (EN, "40 %", "40\u00a0%", Correction.TYPOGRAPHIC),
        (EN, "Cities", "CITIES", Correction.TYPOGRAPHIC),
        (FR, "n’en", "n'en", Correction.TYPOGRAPHIC),
        (EN, "towns that", "towns, that", Correction.TYPOGRAPHIC),
    ],
)
def test_marks_and_capitals_are_typographic(language, old, new, kind):
    assert said(language, old, new) == CorrectionJudgement(kind)


@pytest.mark.parametrize(
    ("language", "right", "wrong"),
    [
        (EN, "drinking", "drinkng"),
        (EN, "drinking", "dirnking"),
        (ES, "compartirán", "compartiran"),
        (FR, "communes", "comunes"),
    ],
)
def test_a_misspelt_word_is_put_right(language, right, wrong):
    assert said(language, wrong, right, published={language: (right, wrong)}).kind is Correction.SPELLING


def test_a_word_that_stands_elsewhere_in_the_text_is_not_misspelt():
    paragraph = PublishedParagraph(BlockKind.OPERATIVE, EN, {EN: "They share the casts."}, elsewhere={EN: ["casts"]})
    assert judge_correction(paragraph, EN, "They share the costs.").refused is CorrectionRefusal.ORIGINAL
    unknown = PublishedParagraph(BlockKind.OPERATIVE, EN, {EN: "They share the csots."})
    assert judge_correction(unknown, EN, "They share the costs.").kind is Correction.SPELLING


@pytest.mark.parametrize(
    ("language", "old", "new", "refused"),
    [
        (EN, "drinking", "drinking", CorrectionRefusal.SAME),
        (EN, TEXTS[EN], " ", CorrectionRefusal.EMPTY),
        (EN, "shall share", "should share", CorrectionRefusal.ORIGINAL),
        (EN, "drinking water", "mineral water", CorrectionRefusal.ORIGINAL),
        (EN, "2030", "2035", CorrectionRefusal.CONTRADICTS),
        (FR, "40 %", "50 %", CorrectionRefusal.CONTRADICTS),
        (FR, "les communes", "deux communes", CorrectionRefusal.MEANING),
        (ES, "los pueblos", "los segundos pueblos", CorrectionRefusal.MEANING),
        (
            FR,
            TEXTS[FR],
            "Que chacun fasse ce que bon lui semble de 40 % de ses biens avant 2030.",
            CorrectionRefusal.MEANING,
        ),
        (
            ES,
            "compartirán el 40 %",
            "venderán y alquilarán lo que quieran a quien quieran, el 40 %",
            CorrectionRefusal.TOO_MUCH,
        ),
    ],
)
def test_another_meaning_is_no_correction(language, old, new, refused):
    assert said(language, old, new).refused is refused


def test_a_number_is_put_right_where_the_two_other_languages_say_another():
    found = said(FR, "2035", "2030", published={FR: ("2030", "2035")})
    assert (found.kind, found.is_proved, found.needs_silence) == (Correction.CONCORDANCE, True, False)


def test_also_in_the_language_that_the_paragraph_was_decided_in():
    found = said(EN, "2035", "2030", published={EN: ("2030", "2035")})
    assert (found.kind, found.is_proved) == (Correction.CONCORDANCE, True)


def test_a_better_word_in_a_translation_is_for_everybody_to_see():
    found = said(ES, "los pueblos", "los municipios")
    assert (found.kind, found.is_proved, found.needs_silence) == (Correction.CONCORDANCE, False, True)


def test_what_would_part_from_the_others_names_what_is_the_matter():
    found = said(FR, "2030", "2035")
    assert {"number_mismatch", "tri_number_mismatch"} & {one.check for one in found.findings}


@pytest.mark.parametrize(
    ("published", "old", "new", "refused"),
    [
        ("by 2030", "drinking water", "mineral water", CorrectionRefusal.ORIGINAL),
        ("by 2035", "2035", "2040", CorrectionRefusal.CONTRADICTS),
    ],
)
def test_a_missing_stop_that_is_put_right_lets_nothing_else_change(published, old, new, refused):
    texts = {**TEXTS, EN: TEXTS[EN].replace("by 2030.", published)}
    paragraph = PublishedParagraph(BlockKind.OPERATIVE, EN, texts)
    assert judge_correction(paragraph, EN, f"{texts[EN].replace(old, new)}.").refused is refused
    in_spanish = {**TEXTS, ES: TEXTS[ES].removesuffix(".")}
    paragraph = PublishedParagraph(BlockKind.OPERATIVE, EN, in_spanish)
    assert judge_correction(paragraph, ES, TEXTS[ES].replace("los pueblos", "los municipios")).needs_silence
