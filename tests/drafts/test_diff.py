"""What changed between two texts, and the way there and back."""

import random
import unicodedata
from pathlib import Path
from time import process_time

import msgspec
import pytest
from hypothesis import strategies as st

from drafts.diff.amendments import propose
from drafts.diff.block_matching import match_blocks
from drafts.diff.document_diff import apply, canonical_document, diff
from drafts.diff.hunks import Hunk, HunkKind, invert
from drafts.diff.side_by_side import DiffRun, RowKind, RunOp, SignedRun, diff_rows, overlaid
from drafts.diff.word_diff import word_diff
from drafts.text.blocks import Block, BlockKind, Document, Language
from drafts.text.tokens import forget, tokenize
from tests.support.laws import law
from tests.support.texts import (
    bases,
    changes,
    ids,
    insert,
    join,
    move,
    named,
    paragraphs,
    reword,
    split,
    text,
    texts,
    wordings,
)

ROOT = Path(__file__).parents[2]
NBSP = "\u00a0"


def words_changed(old: str, new: str) -> list[tuple[str, str]]:
    return [(hunk.old, hunk.new) for hunk in word_diff(old, new)]


def shape(hunks) -> list[tuple[str, tuple[int, ...], tuple[int, ...]]]:
    return [(hunk.kind.value, hunk.old_blocks, hunk.new_blocks) for hunk in hunks]


def files(*paragraphs: str) -> Document:
    """A text that shares no id with any other."""
    return named(*((f"file{index}", paragraph) for index, paragraph in enumerate(paragraphs)))


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("States shall respect privacy.", "States must respect privacy.", [("shall", "must")]),
        ("the housing", "the social housing", [("", "social ")]),
        ("Cities act. Regions act.", "Cities act. Towns help. Regions act.", [("", "Towns help. ")]),
        ("Cities act. Regions act.", "Cities act.", [(" Regions act.", "")]),
        (
            "Cities must act. Cities must pay.",
            "Cities must act. Cities must learn. Cities must pay.",
            [("", "Cities must learn. ")],
        ),
        ("for water, energy and land", "for water, soil, energy and land", [("", "soil, ")]),
        ("public housing for all", "social flats for all", [("public housing", "social flats")]),
        ("de 1.250.000 personas", "de 1.250.001 personas", [("1.250.000", "1.250.001")]),
        ("la qualité de l’eau", "la qualité de l’air", [("eau", "air")]),
        ("see [the charter](a.md).", "see [the charter](b.md).", [("](a.md)", "](b.md)")]),
        ("10 %", f"10{NBSP}%", [(" ", NBSP)]),
        ("a", "a", []),
    ],
)
def test_words_change_whole_and_stand_at_the_best_border(old, new, expected):
    assert words_changed(old, new) == expected


def test_a_paragraph_that_keeps_few_of_its_words_is_replaced_whole():
    old = "Cities commit to protect every river and lake in their territory by law"
    new = "Regional governments will publish yearly budgets for every kind of public transport"
    assert words_changed(old, new) == [(old, new)]


def test_a_table_is_compared_row_by_row():
    old = "| Goal | Year |\n| --- | --- |\n| Water | 2030 |\n| Land | 2035 |"
    new = "| Goal | Year |\n| --- | --- |\n| Water | 2031 |\n| Land | 2035 |"
    assert words_changed(old, new) == [("2030", "2031")]


def test_a_row_that_stays_is_kept_when_all_others_are_rewritten():
    old = "| Water for all people | 2030 |\n| Land | 2035 |\n| Roads and bridges of stone | 2040 |"
    new = "| Clean air near every school | 2026 |\n| Land | 2035 |\n| Trains | 2028 |"
    assert all("Land" not in hunk.old for hunk in word_diff(old, new))


def test_an_empty_line_in_code_is_no_paragraph():
    old = Document((Block("b0", BlockKind.CODE, "```\na\n```"), Block("b1", BlockKind.PARAGRAPH, "x")), Language.EN)
    new = Document(
        (Block("b0", BlockKind.CODE, "```\na\n\nb\n```"), Block("b1", BlockKind.PARAGRAPH, "x")), Language.EN
    )
    assert shape(diff(old, new)) == [("reword", (0,), (0,))]
    assert apply(old, diff(old, new)) == new


def test_a_hunk_names_the_operation_its_blocks_and_its_gap():
    base = text("Cities act now.", "Regions help them.", "Towns learn.")
    moved = diff(base, propose(base, [move("b2", after=None)]))
    added = diff(base, propose(base, [insert("n", "Networks meet.", after="b1")]))
    assert [(hunk.kind, hunk.old_blocks, hunk.new_blocks, hunk.old_gap) for hunk in (*moved, *added)] == [
        (HunkKind.MOVE, (2,), (0,), 0),
        (HunkKind.INSERT, (), (2,), 2),
    ]


def test_a_split_is_an_inserted_start_of_a_paragraph():
    base = text("Cities act now. Regions help them.")
    (hunk,) = diff(base, propose(base, [split("b0", "Cities act now.", ("n", "Regions help them."))]))
    assert (hunk.kind, hunk.new_blocks) == (HunkKind.SPLIT, (0, 1))
    assert [(words.old, words.new) for words in hunk.words] == [(" ", "\n\n")]


def test_a_join_is_a_deleted_start_and_its_words_may_change_too():
    base = text("Cities act now.", "Regions help them.")
    (hunk,) = diff(base, propose(base, [join("b0", "b1", wording="Cities act now. Regions must help them.")]))
    assert (hunk.kind, hunk.old_blocks) == (HunkKind.JOIN, (0, 1))
    assert [(words.old, words.new) for words in hunk.words] == [("\n\n", " "), ("", "must ")]


def test_texts_without_common_ids_are_aligned_by_their_words():
    old = text("Cities act now on water.", "Regions help them with money.", "Towns learn from both.")
    new = files(
        "Cities act today on water.", "Networks meet.", "Regions help them with money.", "Towns learn from both."
    )
    assert shape(diff(old, new)) == [("reword", (0,), (0,)), ("insert", (), (1,))]
    assert ids(match_blocks(old, new)) == ["b0", "file1", "b1", "b2"]


def test_files_show_a_split_a_join_and_a_move():
    old = text(
        "Cities act now. Regions help them with money.",
        "Towns learn from both.",
        "Networks meet every year.",
        "Adopted in Puerto Claro.",
        "By all members.",
        "Water is a common good of all people.",
    )
    new = files(
        "Water is a common good of all people.",
        "Cities act now.",
        "Regions help them with money.",
        "Towns learn from both. Networks meet every year.",
        "Adopted in Puerto Claro.",
        "By all members.",
    )
    assert sorted(shape(diff(old, new))) == [
        ("join", (1, 2), (3,)),
        ("move", (5,), (0,)),
        ("split", (0,), (1, 2)),
    ]


def test_a_new_paragraph_with_an_id_of_the_old_text_keeps_apart_from_it():
    old, new = text("One.", "Two."), files("One.", "Two.", "Other words here.")
    clash = named(("x", "One."), ("y", "Two."), ("b1", "Quite other words."))
    assert ids(match_blocks(old, new)) == ["b0", "b1", "file2"]
    assert ids(match_blocks(old, clash)) == ["b0", "b1", "b1+"]


def test_words_that_come_without_their_text_are_new_where_nothing_in_them_is_alike():
    old, new = text("One.", "Two."), files("One.", "Other words here.")
    assert ids(match_blocks(old, new)) == ["b0", "b1"]
    assert ids(match_blocks(old, new, are_whole=False)) == ["b0", "file1"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("décision", unicodedata.normalize("NFD", "décision")),
        ("a  b", "a b"),
        ("a\u00adb", "ab"),
        (" a\r\nb ", "a b"),
    ],
)
def test_canonically_equal_texts_have_no_hunks(one, other):
    assert diff(text(one), text(other)) == ()


def test_a_no_break_space_survives_byte_for_byte():
    base, new = text("« Agua » y 10 % más"), text(f"«{NBSP}Agua\u202f» y 10{NBSP}% más")
    assert texts(apply(base, diff(base, new))) == [f"«{NBSP}Agua\u202f» y 10{NBSP}% más"]


@pytest.mark.parametrize("reworded", [1, 10])
def test_paragraphs_of_a_long_file_are_found_again_reworded_and_moved(reworded):
    """1,200 paragraphs of 30 words, `reworded` words of each replaced, some removed, some new, some elsewhere."""
    chance = random.Random(7)
    words = [f"w{min(int(chance.paretovariate(0.8)), 10**6)}" for _ in range(36_000)]
    base = [words[30 * number : 30 * (number + 1)] for number in range(1200)]
    old = named(*((f"b{number}", " ".join(said)) for number, said in enumerate(base)))
    found = [(number, said[:]) for number, said in enumerate(base) if number % 24]
    for _, said in found:
        for at in chance.sample(range(30), reworded):
            said[at] = f"x{at}"
    for place in range(0, 1100, 22):
        found.insert(place, (-1, [f"n{place}w{at}" for at in range(30)]))
        found.insert(chance.randrange(1100), found.pop(chance.randrange(1100)))
    new = files(*(" ".join(said) for _, said in found))
    right = [
        paragraph == f"b{number}"
        for paragraph, (number, _) in zip(ids(match_blocks(old, new)), found, strict=True)
        if number >= 0
    ]
    assert sum(right) >= (0.98 if reworded == 1 else 0.93) * len(right)


@st.composite
def two_versions(draw):
    base = draw(bases())
    proposed = base
    for step in range(draw(st.integers(0, 5))):
        change = draw(changes(proposed, f"n{step}"))
        proposed = propose(proposed, [change]) if change else proposed
    return base, proposed


@law(two_versions())
def test_hunks_lead_to_the_new_text_and_back(versions):
    old, new = versions
    hunks = diff(old, new)
    reached = apply(old, hunks)
    assert texts(reached) == texts(new)
    assert apply(reached, invert(hunks)) == old
    assert diff(new, new) == ()


@law(bases(), st.lists(paragraphs, max_size=5))
def test_hunks_between_files_lead_there_and_back(old, other):
    new = files(*other)
    hunks = diff(old, new)
    assert apply(old, hunks) == match_blocks(old, new)
    assert apply(apply(old, hunks), invert(hunks)) == old


@law(two_versions())
def test_hunks_can_be_stored_and_read_again(versions):
    hunks = diff(*versions)
    assert msgspec.json.decode(msgspec.json.encode(hunks), type=tuple[Hunk, ...]) == hunks


@law(
    st.lists(st.sampled_from(["la", "la", "lu", "li", "la,", "lo.", "1", "250", "«", "»"]), min_size=20, max_size=40),
    st.data(),
)
def test_equal_beginnings_and_ends_left_aside_change_no_hunk(words, data):
    changed = list(words)
    for _ in range(data.draw(st.integers(1, 2))):
        at = data.draw(st.integers(0, len(changed)))
        changed[at : at + data.draw(st.integers(0, 2))] = data.draw(
            st.lists(st.sampled_from(["la", "lu", "new"]), max_size=2)
        )
    old, new = " ".join(words), " ".join(changed)
    with_ends = word_diff(old, new)
    forget()
    assert word_diff(old, new) == with_ends
    tokenize(old), tokenize(new)  # what is known already is compared whole
    assert word_diff(old, new) == with_ends


@law(st.text(), st.text())
def test_any_two_texts_have_a_diff_that_applies(old, new):
    base, proposed = canonical_document(text(old)), canonical_document(text(new))
    assert apply(base, diff(base, proposed)) == proposed


def test_two_hundred_unmatched_paragraphs_on_either_side_finish_soon():
    old = text(*(" ".join(f"w{i * 7 + k}" for k in range(30)) for i in range(200)))
    new = files(*(" ".join(f"v{i * 7 + k}" for k in range(30)) for i in range(200)))
    started = process_time()
    assert len(diff(old, new)) == 200
    assert process_time() - started < 10


def test_a_page_can_show_a_diff_in_reading_order():
    base = text("Cities act now. Regions help.", "Towns learn.", "Networks meet.")
    asked = [
        split("b0", "Cities act now.", ("n0", "Regions help.")),
        move("b2", after=None),
        reword("b1", "Towns teach."),
    ]
    rows = diff_rows(base, propose(base, asked))
    assert [(row.kind, row.old_blocks, row.new_blocks) for row in rows] == [
        (RowKind.MOVED, (2,), (0,)),
        (RowKind.SPLIT, (0,), (1, 2)),
        (RowKind.REWORD, (1,), (3,)),
        (RowKind.MOVED_FROM, (2,), ()),
    ]
    assert [(run.op, run.text) for run in rows[1].runs] == [
        (RunOp.EQUAL, "Cities act now."),
        (RunOp.DELETE, " "),
        (RunOp.START_INSERTED, ""),
        (RunOp.EQUAL, "Regions help."),
    ]


def test_letters_are_marked_inside_a_word_that_is_nearly_the_same():
    (row,) = diff_rows(text("La decisión vale."), text("La decisiones vale."))
    inserted = next(run for run in row.runs if run.op is RunOp.INSERT)
    assert [(piece.text, piece.is_changed) for piece in inserted.details] == [
        ("decisi", False),
        ("o", True),
        ("n", False),
        ("es", True),
    ]


def test_letters_that_two_different_words_happen_to_share_are_not_marked():
    (row,) = diff_rows(text("States shall act."), text("States must act."))
    assert all(not run.details for run in row.runs)


@law(two_versions())
def test_the_runs_of_a_row_spell_both_texts(versions):
    for row in diff_rows(*versions):
        old = "".join(run.text for run in row.runs if run.op in (RunOp.EQUAL, RunOp.DELETE))
        new = "".join(run.text for run in row.runs if run.op in (RunOp.EQUAL, RunOp.INSERT))
        if row.old:
            assert old == "".join(block.text for block in row.old)
        if row.new:
            assert new == "".join(block.text for block in row.new)
        assert all(not run.details or "".join(piece.text for piece in run.details) == run.text for run in row.runs)


@law(st.data())
def test_every_proposal_can_be_read_out_of_the_text_that_shows_several(data):
    base = data.draw(paragraphs)
    proposals = {number: data.draw(wordings(base)) for number in range(1, data.draw(st.integers(1, 4)) + 1)}

    runs = list(overlaid(base, {number: word_diff(base, wording) for number, wording in proposals.items()}))

    assert "".join(run.text for run in runs if run.op is not RunOp.INSERT) == base
    assert {number: _read_for(number, runs) for number in proposals} == proposals


def _read_for(number: int, runs: list[DiffRun]) -> str:
    """What one of them would make of it: its answer where it has one, else the words as they are."""
    text, kept = "", ""
    for run in runs:
        own = isinstance(run, SignedRun) and number in run.numbers
        if run.op is RunOp.EQUAL:
            text, kept = text + kept + run.text, ""
        elif run.op is RunOp.DELETE:
            text, kept = text + kept, "" if own else run.text
        elif own:
            text, kept = text + run.text, ""
    return text + kept


def test_the_fuzzy_patches_of_another_engine_stay_out():
    """They edit the wrong one of two similar paragraphs without a word; its diff is used for letters only."""
    sources = {
        path: path.read_text(encoding="utf-8")
        for folder in ("drafts", "workspace")
        for path in (ROOT / folder).rglob("*.py")
    }
    assert [path.name for path, source in sources.items() if "patch_apply" in source or "patch_make" in source] == []
    users = {path.name: source for path, source in sources.items() if "import diff_match_patch" in source}
    assert list(users) == ["side_by_side.py"]
    assert "Diff_Timeout = 0" in users["side_by_side.py"]
