"""Any number of amendments onto one base: what lands, what waits, and what is told."""

from collections import Counter
from itertools import combinations
from time import process_time

import pytest
from hypothesis import strategies as st

from drafts.base.errors import ImpossibleChange
from drafts.diff.amendments import Amendment, amend, amendment_of
from drafts.diff.edits import edits
from drafts.merge.merge import EditOutcome, FlagKind, merge
from drafts.text.blocks import BlockKind, Document, canonical
from drafts.text.tokens import words
from tests.support.laws import law
from tests.support.texts import (
    delete,
    disputes,
    filed,
    ids,
    insert,
    join,
    move,
    named,
    reword,
    split,
    text,
    texts,
)

TWO = text("Cities act now. Regions help them.", "Towns learn from both.", "Networks meet.")


def flags(merged) -> list[tuple[str, tuple[int, ...]]]:
    return [(flag.kind.value, flag.amendments) for flag in merged.flags]


def opposed(merged) -> list[tuple[int, ...]]:
    return [cluster.amendments for cluster in merged.clusters]


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (
            "Cities must respect the privacy of all.",
            "Cities shall respect the privacy of everyone.",
            "Cities must respect the privacy of everyone.",
        ),
        (
            "Cities shall, respect the privacy of all.",
            "Cities shall respect the privacy of all, always.",
            "Cities shall, respect the privacy of all, always.",
        ),
        (
            "All cities shall respect the privacy of all.",
            "Cities shall respect the privacy of all!",
            "All cities shall respect the privacy of all!",
        ),
    ],
)
def test_edits_of_different_words_both_land(one, other, expected):
    base = text("Cities shall respect the privacy of all.")
    merged = merge(base, filed(base, reword("b0", one), reword("b0", other)))
    assert (texts(merged.document), merged.clusters) == ([expected], ())


@pytest.mark.parametrize(
    ("base", "one", "other"),
    [
        ("States shall respect privacy.", "States must respect privacy.", "States should respect privacy."),
        ("Build public housing for all.", "Build social housing for all.", "Build public flats for all."),
        ("Build housing for all.", "Build social housing for all.", "Build public housing for all."),
        ("Build much better housing now.", "Build much, better housing now.", "Build housing now."),
        ("Build housing, now.", "Build housing; now.", "Build housing: now."),
        ("Build housing now.", "Build housing, now.", "Build housing; now."),
        ("Build housing.", "Build homes.", "Build housing now."),
    ],
)
def test_edits_of_the_same_words_or_of_neighbours_wait_for_people(base, one, other):
    document = text(base)
    merged = merge(document, filed(document, reword("b0", one), reword("b0", other)))
    assert texts(merged.document) == [base]
    (cluster,) = merged.clusters
    assert (cluster.base_blocks, cluster.gap, cluster.amendments, cluster.base) == ((0,), None, (0, 1), base)
    assert [(reading.amendments, reading.text) for reading in cluster.alternatives] == [((0,), one), ((1,), other)]


SPLIT = split("b0", "Cities act now.", ("s", "Regions help them."))
TABLE = {
    "split": SPLIT,
    "split elsewhere": split("b0", "Cities act", ("s", "now. Regions help them.")),
    "join": join("b0", "b1"),
    "join after": join("b1", "b2"),
    "delete": delete("b0"),
    "delete next": delete("b1"),
    "insert between": insert("i", "Seas rise.", after="b0"),
    "move": move("b0", after="b2"),
    "move elsewhere": move("b0", after="b1"),
    "words": reword("b0", "Cities act now. Regions must help them."),
    "words at the split": reword("b0", "Cities act now. Today Regions help them."),
    "words of next": reword("b1", "Towns learn much from both."),
    "first words of next": reword("b1", "All towns learn from both."),
}


@pytest.mark.parametrize(
    ("one", "other", "outcome"),
    [
        ("split", "split", "fold"),
        ("split", "split elsewhere", "clean"),
        ("split", "join", "clean"),
        ("split", "delete", "collide"),
        ("split", "delete next", "clean"),
        ("split", "move", "clean"),
        ("split", "words", "clean"),
        ("split", "words at the split", "collide"),
        ("join", "join", "fold"),
        ("join", "join after", "clean"),
        ("join", "delete", "collide"),
        ("join", "delete next", "collide"),
        ("join", "insert between", "collide"),
        ("join", "move", "collide"),
        ("join", "words", "clean"),
        ("join", "words of next", "clean"),
        ("delete", "delete", "fold"),
        ("delete", "insert between", "clean"),
        ("delete", "move", "collide"),
        ("delete", "words", "collide"),
        ("delete", "words of next", "clean"),
        ("move", "insert between", "clean"),
        ("move", "move", "fold"),
        ("move", "move elsewhere", "collide"),
        ("move", "words", "clean"),
    ],
)
@pytest.mark.parametrize("is_swapped", [False, True])
def test_structure_follows_the_table(one, other, outcome, is_swapped):
    pair = (TABLE[other], TABLE[one]) if is_swapped else (TABLE[one], TABLE[other])
    merged = merge(TWO, filed(TWO, *pair))
    outcomes = {edit.outcome for edit in merged.fate(1).edits}
    expected = {"fold": EditOutcome.FOLDED, "clean": EditOutcome.LANDED, "collide": EditOutcome.DISPUTED}[outcome]
    assert outcomes == {expected}
    assert merged.is_clean == (outcome != "collide")


def test_the_parts_of_a_split_travel_with_a_move_and_so_do_words():
    asked = SPLIT, move("b0", after="b2"), reword("b0", "Cities act now. Regions must help them.")
    merged = merge(TWO, filed(TWO, *asked))
    assert ids(merged.document) == ["b1", "b2", "b0", "s"]
    assert texts(merged.document)[2:] == ["Cities act now.", "Regions must help them."]
    assert merged.lineage.moved == ("b0",)
    assert [(branch.block, branch.others) for branch in merged.lineage.splits] == [("b0", ("s",))]


SENTENCES = text("Cities act now. Regions help. Towns learn. Networks meet.")
HALVES = split("b0", "Cities act now. Regions help.", ("s", "Towns learn. Networks meet."))


@pytest.mark.parametrize("gone", ["now. ", "Regions help. ", "Towns learn. "])
@pytest.mark.parametrize("is_swapped", [False, True])
def test_a_split_lands_whichever_words_beside_it_another_takes_away(gone, is_swapped):
    shorter = reword("b0", SENTENCES.blocks[0].text.replace(gone, ""))
    merged = merge(SENTENCES, filed(SENTENCES, *((shorter, HALVES) if is_swapped else (HALVES, shorter))))
    assert merged.is_clean
    assert texts(merged.document) == [
        f"{part} ".replace(gone, "").strip() for part in (HALVES.text, *(part.text for part in HALVES.parts))
    ]


@pytest.mark.parametrize("gone", ["Cities act now. Regions help. ", " Towns learn. Networks meet."])
def test_a_split_disputes_that_one_of_its_parts_goes(gone):
    shorter = reword("b0", SENTENCES.blocks[0].text.replace(gone, ""))
    assert opposed(merge(SENTENCES, filed(SENTENCES, HALVES, shorter))) == [(0, 1)]


def test_two_splits_dispute_that_all_between_them_goes():
    other = split("b0", "Cities act now.", ("t", "Regions help. Towns learn. Networks meet."))
    shorter = reword("b0", "Cities act now. Towns learn. Networks meet.")
    merged = merge(SENTENCES, filed(SENTENCES, other, HALVES, shorter))
    assert opposed(merged) == [(1, 2)]
    assert all(texts(merged.document))


def test_a_split_at_a_border_that_another_joins_collides():
    base = text("Cities act", "Towns learn.")
    asked = split("b0", "Cities", ("s", "do")), join("b0", "b1")
    assert opposed(merge(base, filed(base, *asked))) == [(0, 1)]


def test_words_on_either_side_of_a_paragraph_start_are_apart_unless_it_goes():
    base = text("Cities act", "Towns learn.")
    last, first = reword("b0", "Cities decide"), reword("b1", "Villages learn.")
    assert merge(base, filed(base, last, first)).is_clean
    assert opposed(merge(base, filed(base, last, first, join("b0", "b1")))) == [(0, 1)]


def test_a_join_lands_with_the_words_of_both_its_paragraphs():
    merged = merge(TWO, filed(TWO, TABLE["join"], TABLE["words"], TABLE["words of next"]))
    assert texts(merged.document)[0] == "Cities act now. Regions must help them. Towns learn much from both."
    assert [(branch.block, branch.others) for branch in merged.lineage.joins] == [("b0", ("b1",))]
    assert merged.lineage.deleted == ()
    assert merged.lineage.reworded == ("b0",)


def test_three_paragraphs_joined_by_two_amendments_become_one():
    merged = merge(TWO, filed(TWO, TABLE["join"], TABLE["join after"]))
    assert texts(merged.document) == ["Cities act now. Regions help them. Towns learn from both. Networks meet."]
    assert [(branch.block, branch.others) for branch in merged.lineage.joins] == [("b0", ("b1", "b2"))]


def test_identical_amendments_are_support_and_the_first_to_file_names_new_blocks():
    asked = insert("mine", "Seas rise.", after="b0"), insert("yours", "Seas rise.", after="b0")
    merged = merge(TWO, filed(TWO, *asked))
    assert ids(merged.document) == ["b0", "mine", "b1", "b2"]
    assert flags(merged) == [("identical", (0, 1))]
    assert [merged.fate(number).edits[0].outcome for number in (0, 1)] == [EditOutcome.LANDED, EditOutcome.FOLDED]


def test_new_paragraphs_in_one_gap_stand_in_filing_order_and_are_flagged():
    asked = [
        [insert("x1", "Seas rise fast today.", after="b0"), insert("x2", "Forests burn.", after="x1")],
        [move("b2", after="b0")],
        [insert("y", "Seas rise fast now.", after="b0")],
    ]
    merged = merge(TWO, filed(TWO, *asked))
    assert ids(merged.document) == ["b0", "x1", "x2", "b2", "y", "b1"]
    assert flags(merged) == [("same_point", (0, 1, 2))]
    near = [insert("z", "Seas rise fast today!", after="b0")]
    assert ("near_duplicate", (0, 3)) in flags(merge(TWO, filed(TWO, *asked, near)))


def test_a_new_paragraph_beside_one_that_goes_away_is_flagged():
    new = insert("n", "Seas rise.", after="b1")
    assert flags(merge(TWO, filed(TWO, delete("b1"), new))) == [("neighbour_deleted", (0, 1))]
    assert flags(merge(TWO, filed(TWO, move("b1", after=None), new))) == [("neighbour_moved", (0, 1))]


def test_a_gap_that_two_amendments_order_differently_collides():
    one = [insert("x1", "Seas rise.", after="b0"), insert("x2", "Forests burn.", after="x1")]
    other = [insert("y1", "Forests burn.", after="b0"), insert("y2", "Seas rise.", after="y1")]
    third = insert("z", "Rivers dry.", after="b0")
    merged = merge(TWO, filed(TWO, one, other, third))
    (cluster,) = merged.clusters
    assert (cluster.base_blocks, cluster.gap, cluster.amendments, cluster.base) == ((), 1, (0, 1), "")
    assert [reading.text for reading in cluster.alternatives] == [
        "Seas rise.\n\nForests burn.",
        "Forests burn.\n\nSeas rise.",
    ]
    assert ids(merged.document) == ["b0", "z", "b1", "b2"]


def test_one_author_may_insert_the_same_text_twice():
    asked = [insert("x1", "Seas rise.", after="b0"), insert("x2", "Seas rise.", after="x1")]
    merged = merge(TWO, filed(TWO, asked, insert("y", "Seas rise.", after="b0")))
    assert ids(merged.document) == ["b0", "x1", "x2", "b1", "b2"]


def test_new_blocks_with_one_id_are_told_apart():
    asked = insert("n", "Seas rise.", after="b0"), insert("n", "Forests burn.", after="b1")
    assert ids(merge(TWO, filed(TWO, *asked)).document) == ["b0", "n", "b1", "n+", "b2"]


def test_moving_one_block_to_two_places_shows_both_places():
    merged = merge(TWO, filed(TWO, TABLE["move"], TABLE["move elsewhere"]))
    (cluster,) = merged.clusters
    assert cluster.base_blocks == (0,)
    assert [(reading.amendments, reading.gaps) for reading in cluster.alternatives] == [((0,), (3,)), ((1,), (2,))]


def test_free_edits_of_a_disputed_amendment_still_land():
    asked = [
        [reword("b1", "Towns teach both."), reword("b2", "Networks meet often.")],
        reword("b1", "Towns forget both."),
    ]
    merged = merge(TWO, filed(TWO, *asked))
    assert texts(merged.document)[1:] == ["Towns learn from both.", "Networks meet often."]
    assert (merged.fate(0).is_partial, merged.fate(0).is_whole, merged.fate(0).clusters) == (True, False, (0,))


def test_an_indivisible_amendment_waits_whole_and_leaves_others_what_they_share():
    shared, own = reword("b2", "Networks meet often."), reword("b0", "Cities act. Regions help them.")
    asked = [[reword("b1", "Towns teach both."), shared, own], reword("b1", "Towns forget both."), shared]
    merged = merge(TWO, filed(TWO, *asked, indivisible=[0]))
    assert texts(merged.document) == [TWO.blocks[0].text, TWO.blocks[1].text, "Networks meet often."]
    (cluster,) = merged.clusters
    assert (cluster.base_blocks, cluster.amendments) == ((0, 1), (0, 1))
    assert {edit.outcome for edit in merged.fate(0).edits} == {EditOutcome.DISPUTED}
    assert merged.fate(2).edits[0].outcome is EditOutcome.LANDED


def test_an_alternative_reads_as_whole_blocks_with_all_that_is_undisputed():
    asked = [
        reword("b0", "Cities must act now. Regions help them."),
        reword("b0", "Cities may act now. Regions help them."),
        reword("b0", "Cities act now. Regions help them all."),
    ]
    (cluster,) = merge(TWO, filed(TWO, *asked)).clusters
    assert [reading.text for reading in cluster.alternatives] == [
        "Cities must act now. Regions help them all.",
        "Cities may act now. Regions help them all.",
    ]


def test_clusters_join_when_one_amendment_disputes_both():
    base = text("a b c d e f g.")
    asked = [reword("b0", "a x c d e f g."), reword("b0", "a y c d z f g."), reword("b0", "a b c d e w g.")]
    assert opposed(merge(base, filed(base, *asked))) == [(0, 1), (1, 2)]


def test_a_deletion_of_punctuation_never_glues_two_words():
    base = text("Cities act - now.")
    asked = reword("b0", "Cities act fast- now."), reword("b0", "Cities act now.")
    assert opposed(merge(base, filed(base, *asked))) == [(0, 1)]


def test_an_amendment_to_another_text_is_refused():
    other = text("Cities act now.", "Towns learn from both.", "Networks meet.")
    with pytest.raises(ImpossibleChange) as refusal:
        merge(TWO, filed(other, reword("b0", "Cities act today.")))
    assert refusal.value.facts == {"block": "b0", "reason": "other_base"}


def test_clusters_stand_in_the_order_of_the_text():
    late = [reword("b2", "Networks assemble."), reword("b1", "Towns teach both.")]
    merged = merge(TWO, filed(TWO, late, reword("b2", "Networks dissolve."), reword("b1", "Towns forget both.")))
    assert [cluster.base_blocks for cluster in merged.clusters] == [(1,), (2,)]


@law(disputes(), examples=150)
def test_one_amendment_alone_or_twice_gives_what_it_proposes(case):
    base, amendments = case
    for amendment in amendments:
        for together in ([amendment], [amendment, amendment], [amend(-1, base, []), amendment]):
            merged = merge(base, together)
            assert merged.is_clean
            assert merged.document == amendment.proposed


@law(disputes(), st.randoms(use_true_random=False), examples=150)
def test_filing_numbers_alone_decide(case, random):
    base, amendments = case
    merged = merge(base, amendments)
    shuffled = random.sample(amendments, len(amendments))
    again = merge(base, shuffled)
    assert (again.document, again.clusters, again.flags, again.lineage) == (
        merged.document,
        merged.clusters,
        merged.flags,
        merged.lineage,
    )


@law(disputes(), examples=150)
def test_no_words_are_lost(case):
    base, amendments = case
    merged = merge(base, amendments)
    shown = [block.text for block in merged.document]
    shown += [block.text for cluster in merged.clusters for reading in cluster.alternatives for block in reading.blocks]
    present = Counter(word for paragraph in shown for word in words(paragraph))
    for amendment in amendments:
        asked = [(number, place) for number, hunk in enumerate(amendment.hunks) for place in range(len(edits(hunk)))]
        assert [(edit.hunk, edit.edit) for edit in merged.fate(amendment.number).edits] == asked
        for hunk in amendment.hunks:
            for change in hunk.words:
                assert Counter(words(change.new)) <= present


@law(disputes(), examples=150)
def test_every_base_block_lives_on_or_its_end_is_named(case):
    base, amendments = case
    merged = merge(base, amendments)
    before, after = set(ids(base)), set(ids(merged.document))
    joined = {block for branch in merged.lineage.joins for block in branch.others}
    split_off = {block for branch in merged.lineage.splits for block in branch.others}
    assert len(ids(merged.document)) == len(after)
    assert before - after == set(merged.lineage.deleted) | joined
    assert after - before == set(merged.lineage.inserted) | split_off
    assert all(canonical(block.text) == block.text for block in merged.document)


@law(disputes(), examples=150)
def test_another_amendment_never_ends_a_dispute_between_others(case):
    base, amendments = case

    def disputing(some):
        return {pair for cluster in merge(base, some).clusters for pair in combinations(cluster.amendments, 2)}

    assert disputing(amendments[:-1]) <= disputing(amendments)


def test_a_thousand_amendments_merge_in_a_moment():
    base = named(*((f"b{index}", " ".join(f"w{index * 31 + k}" for k in range(30))) for index in range(100)))
    amendments = []
    for number in range(1000):
        block = base.blocks[number * 37 % 100]
        wording = block.text.split(" ")
        wording[number * 13 % 30] = f"new{number}"
        amendments.append(amend(number, base, [reword(block.id, " ".join(wording))]))
    started = process_time()
    merged = merge(base, amendments)
    assert process_time() - started < 5
    assert len(merged.fates) == 1000


def test_two_thousand_wordings_of_one_place_are_one_dispute_soon():
    base = text("Cities act now and for ever on water.")
    asked = [reword("b0", f"Cities act now in{number} and for ever on water.") for number in range(2000)]
    started = process_time()
    (cluster,) = merge(base, filed(base, *asked)).clusters
    assert process_time() - started < 10
    assert len(cluster.alternatives) == 2000


def test_two_thousand_new_paragraphs_that_say_nearly_the_same_are_flagged_together_soon():
    asked = [insert(f"n{number}", f"Paragraph {number} says this and that.", after="b0") for number in range(2000)]
    started = process_time()
    merged = merge(TWO, filed(TWO, *asked))
    assert process_time() - started < 20
    everybody = tuple(range(2000))
    assert flags(merged) == [("near_duplicate", everybody), ("same_point", everybody)]


def test_a_flag_is_never_raised_by_one_amendment_alone():
    asked = [insert("x1", "Seas rise.", after="b0"), insert("x2", "Seas rise!", after="x1"), delete("b1")]
    assert [flag for flag in merge(TWO, filed(TWO, asked)).flags if flag.kind is not FlagKind.IDENTICAL] == []


def test_what_only_a_reading_has_is_numbered_as_an_insertion_beside_the_numbers_of_the_base():
    base = text("Towns learn.", "Cities act now. Regions help them.", "Networks meet.", kind=BlockKind.OPERATIVE)
    merged = merge(
        base,
        filed(
            base,
            split("b1", "Cities act now.", ("n", "Regions help them.")),
            delete("b1"),
        ),
    )
    (cluster,) = merged.clusters
    assert cluster.base == "2. Cities act now. Regions help them."
    assert [reading.text for reading in cluster.alternatives] == ["2. Cities act now.\n\n2 bis. Regions help them.", ""]


GRID = (("City", "Year", "Trees"), ("Alta", "2027", "10"), ("Baja", "2028", "20"), ("Ronda", "2029", "30"))
REDRAWN = {
    "column after": lambda rows: [[*row, f"n{at}"] for at, row in enumerate(rows)],
    "column before": lambda rows: [[f"p{at}", *row] for at, row in enumerate(rows)],
    "column between": lambda rows: [[row[0], f"m{at}", *row[1:]] for at, row in enumerate(rows)],
    "another column after": lambda rows: [[*row, f"q{at}"] for at, row in enumerate(rows)],
    "first column away": lambda rows: [row[1:] for row in rows],
    "last column away": lambda rows: [row[:-1] for row in rows],
    "row between": lambda rows: [*rows[:2], ["Costa", "2030", "40"], *rows[2:]],
    "row after": lambda rows: [*rows, ["Sierra", "2031", "50"]],
    "row away": lambda rows: [*rows[:2], *rows[3:]],
    "cell": lambda rows: [rows[0], [*rows[1][:2], "11"], *rows[2:]],
}


def drawn(rows) -> Document:
    lines = [rows[0], ["---"] * len(rows[0]), *rows[1:]]
    return text("\n".join(f"| {' | '.join(cells)} |" for cells in lines), kind=BlockKind.TABLE)


def redrawn(number: int, name: str) -> Amendment:
    return amendment_of(number, drawn(GRID), drawn(REDRAWN[name](GRID)))


def is_even(table: str) -> bool:
    return len({line.count("|") for line in table.split("\n")}) == 1


@pytest.mark.parametrize(("one", "other"), list(combinations(REDRAWN, 2)))
def test_a_table_has_as_many_cells_in_each_row_whatever_becomes_of_its_columns(one, other):
    merged = merge(drawn(GRID), [redrawn(number, name) for number, name in enumerate((one, other))])
    told = [alternative.text for cluster in merged.clusters for alternative in cluster.alternatives]
    assert all(map(is_even, [*texts(merged.document), *told])), (texts(merged.document), told)
    assert not merged.clusters or texts(merged.document) == texts(drawn(GRID))


@pytest.mark.parametrize("name", ["cell", "column before"])
def test_a_cell_is_changed_beside_a_new_column_and_the_same_column_twice_is_one(name):
    merged = merge(drawn(GRID), [redrawn(0, "column before"), redrawn(1, name)])
    assert not merged.clusters
    assert is_even(merged.document.blocks[0].text)
