"""What a person decides about doubtful rows of an alignment, and what comes of it."""

import itertools

import pytest

from drafts.languages.alignment import AlignedRow, Doubt, RowDecision, align, doubtful, row_choices, settle_rows
from drafts.text.blocks import Language
from drafts.text.markup import read_blocks
from tests.drafts.test_alignment import ENGLISH, FRENCH, SPANISH

ES, EN, FR = Language


def rows_of(spanish=SPANISH, english=ENGLISH, french=FRENCH):
    ids = itertools.count()
    texts = {ES: spanish, EN: english, FR: french}
    return align({of: read_blocks(text, language=of, new_id=lambda: str(next(ids))) for of, text in texts.items()})


def words(row):
    return tuple(block.text if (block := row.block(language)) else "" for language in Language)


def test_a_paragraph_that_one_language_has_in_two_is_joined_to_the_one_above():
    rows = rows_of(french=FRENCH.replace(" et publient les résultats.", ".\n\nElles en publient les résultats."))
    alone = next(index for index, row in enumerate(rows) if row.doubt is Doubt.ALONE)
    assert RowDecision.ABOVE in row_choices(rows, alone)

    joined = settle_rows(rows, {alone: RowDecision.ABOVE})

    assert len(joined) == len(rows) - 1
    assert words(joined[alone - 1])[2] == (
        "Les villes mesurent chaque année leurs 140 sources. Elles en publient les résultats."
    )


def test_paragraphs_that_stand_alone_one_below_the_other_are_put_together():
    whole = rows_of()
    place = next(index for index, row in enumerate(whole) if row.en and "140" in row.en.text)
    blocks = whole[place].blocks
    apart = (
        *whole[:place],
        AlignedRow.of({ES: blocks[ES], EN: blocks[EN]}),
        AlignedRow.of({FR: blocks[FR]}),
        *whole[place + 1 :],
    )
    assert RowDecision.BELOW in row_choices(apart, place)

    made = settle_rows(apart, {place: RowDecision.BELOW})

    assert [words(row) for row in made] == [words(row) for row in whole]
    assert settle_rows(apart, {0: RowDecision.BELOW}) == apart, "a title is no beginning of a paragraph"


@pytest.mark.parametrize("choice", list(RowDecision))
def test_nothing_is_lost_whatever_is_chosen(choice):
    rows = rows_of(
        spanish=SPANISH.replace("Así pues,\n\n", ""),
        french=FRENCH.replace(" et publient les résultats.", ".\n\nElles en publient les résultats."),
        english=ENGLISH.replace("No one shall pay to consult those results.\n\n", ""),
    )

    made = settle_rows(rows, dict.fromkeys(doubtful(rows), choice))

    for language in Language:
        before = " ".join(row.block(language).text for row in rows if row.block(language))
        assert " ".join(row.block(language).text for row in made if row.block(language)) == before


def test_a_language_that_says_something_else_gets_a_row_of_its_own():
    rows = rows_of()
    place = next(index for index, row in enumerate(rows) if row.en and "140" in row.en.text)

    made = settle_rows(rows, {place: RowDecision.APART})

    assert len(made) == len(rows) + 1
    odd = rows[place].odd
    assert made[place].block(odd) is None
    assert made[place + 1].blocks.keys() == {odd}
