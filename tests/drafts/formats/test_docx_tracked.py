"""Open amendments and comparisons as tracked changes: accepted they are the merged text, rejected the base."""

import io
import time
from itertools import count

import docx
import pytest
from docx.table import Table

from drafts.diff.amendments import Change, ChangeOp, SplitPart, amend
from drafts.formats.docx.document_model import accepted_view, hands
from drafts.formats.docx.entries import ChangeAuthor, CommentEntry
from drafts.formats.docx.reader import read
from drafts.formats.docx.returned import FiledAmendment, read_returned
from drafts.formats.docx.tracked_changes import track_amendments, track_revisions
from drafts.formats.docx.writer import text_file
from drafts.merge.merge import merge
from drafts.text.blocks import Block, BlockKind, Document, Language
from drafts.text.markup import plain
from drafts.text.numbering import numbers
from tests.conftest import missing
from tests.drafts.formats.word_texts import BASE, SHEET, K, hand, out_tracked
from tests.support.office import office, settled
from tests.support.word import InWord, w

O = ChangeOp  # noqa: E741  (one letter, because the table below is read as a table)
EVERY_KIND = (
    [Change(O.REWORD, "o1", text="Towns must respect water and its **sources** in each quarter and village.")],
    [Change(O.INSERT, "x", text="A *new* last paragraph.", kind=K.OPERATIVE, after="o6")],
    [Change(O.DELETE, "o4")],
    [Change(O.MOVE, "o3", after="h1")],
    [
        Change(
            O.SPLIT,
            "o2",
            text="They shall not sell it.",
            parts=(SplitPart("o2b", "Nobody may own the rain that falls on a town."),),
        )
    ],
    [Change(O.JOIN, "i1", joined=("i2",), text="the wells; the springs.")],
    [Change(O.REWORD, "tb", text="| Town | Wells |\n|---|---|\n| Lyon | 13 |\n| Oslo | 2 |\n| Quito | 31 |")],
    [Change(O.REWORD, "p1", text="Recalling the Charter of **all** Workshops,")],
    [Change(O.REWORD, "n1", text="[^1]: Counted anew in 2027 by the eleven towns.")],
    [Change(O.REWORD, "h1", kind=K.HEADING, level=2)],
    [Change(O.INSERT, "y", text="at the very beginning", after=None)],
    [Change(O.DELETE, "q")],
)
ALL = [amend(number, BASE, changes) for number, changes in enumerate(EVERY_KIND, 1)]


def lines(data, accepted):
    """The paragraphs of a file as our own reader sees them once all is accepted or all rejected."""
    text = read(data)
    found = accepted_view(text, frozenset(hands(text)) if accepted else frozenset())
    return [
        [["".join(one.text for one in cell) for cell in row] for row in line.rows] if line.rows else line.text
        for line in found.lines
    ]


def wanted(document, made_from=BASE):
    """The same of a text: footnotes stand apart, and a reference is printed as the file was made to print it."""
    number = numbers(made_from)["o1"]
    found = []
    for block in document:
        if block.kind is K.TABLE:
            rows = [line.strip("|").split("|") for line in block.text.split("\n") if "---" not in line]
            found.append([[cell.strip() for cell in row] for row in rows])
        elif block.kind is not K.NOTE and block.text:
            found.append(plain(block.text.replace("[](#b-o1)", number)))
    return found


@pytest.mark.parametrize("amendment", ALL, ids=[one[0].op.value + one[0].block for one in EVERY_KIND])
def test_one_amendment_accepted_is_its_text_and_rejected_the_base(amendment):
    data = out_tracked(BASE, [amendment])
    assert lines(data, accepted=True) == wanted(merge(BASE, [amendment]).document)
    assert lines(data, accepted=False) == wanted(BASE)


def test_all_of_them_accepted_are_the_merged_text():
    data = out_tracked(BASE, ALL)
    merged = merge(BASE, ALL)
    assert merged.is_clean
    assert lines(data, accepted=True) == wanted(merged.document)
    assert lines(data, accepted=False) == wanted(BASE)


def test_each_member_has_their_own_changes_with_name_and_date():
    text = read(out_tracked(BASE, ALL))
    assert set(hands(text)) == {hand(number) for number in range(1, 13)} - {hand(10)}  # ten changed only a level


def test_a_disputed_place_stands_as_it_was():
    two = [
        amend(1, BASE, [Change(O.REWORD, "o6", text="The first word belongs to those who carry the water.")]),
        amend(2, BASE, [Change(O.REWORD, "o6", text="The only word belongs to those who carry the water.")]),
    ]
    assert not merge(BASE, two).is_clean
    data = out_tracked(BASE, two)
    assert lines(data, accepted=True) == lines(data, accepted=False) == wanted(BASE)


def test_bold_put_on_words_is_a_change_of_looks_alone():
    bold = amend(
        1, BASE, [Change(O.REWORD, "o3", text="Towns will **meet again** in 2029 to say aloud what was done.")]
    )
    data = out_tracked(BASE, [bold])
    assert lines(data, accepted=True) == lines(data, accepted=False)
    [words] = [one for paragraph in read(data).paragraphs for one in paragraph.words if one.restyled_by]
    assert (words.text, words.style.is_bold, words.restyled_by.author) == ("meet again", True, "Member 1")


def test_two_revisions_compared_lead_from_one_to_the_other():
    new = merge(BASE, ALL).document
    data = text_file(track_revisions(BASE, new, ChangeAuthor("Revision 2")), SHEET, numbers=numbers(BASE))
    assert lines(data, accepted=True) == wanted(new)
    assert lines(data, accepted=False) == wanted(BASE)


def test_comments_have_author_date_and_their_answers():
    said = CommentEntry(
        "o1", hand(3), "Why?\nReally.", replies=(CommentEntry("o1", hand(4), "Because."),), is_resolved=True
    )
    data = out_tracked(BASE, [], remarks={"o1": [said], "n1": [CommentEntry("n1", hand(5), "On the note.")]})
    first, second, third = read(data).comments
    assert (first.hand, first.text, first.is_resolved) == (hand(3), "Why?\nReally.", True)
    assert (second.text, second.parent) == ("Because.", first.id)
    assert first.about == "Towns shall respect water and its sources in every quarter."
    assert third.text == "On the note."
    assert [one.author for one in docx.Document(io.BytesIO(data)).comments] == ["Member 3", "Member 4", "Member 5"]


def in_office(data):
    """The paragraphs of a file that LibreOffice wrote."""
    found = []
    for one in docx.Document(io.BytesIO(data)).iter_inner_content():
        if isinstance(one, Table):
            found.append([[cell.text for cell in row.cells] for row in one.rows])
        elif one.text:
            found.append(one.text)
    return found


@pytest.mark.long
def test_libreoffice_accepts_and_rejects_to_the_same_texts(tmp_path):
    if not office():
        missing("LibreOffice")
    new = merge(BASE, ALL).document
    files = {
        "tracked.docx": out_tracked(BASE, ALL),
        "compared.docx": text_file(
            track_revisions(BASE, new, ChangeAuthor("Revision 2")), SHEET, numbers=numbers(BASE)
        ),
        "back.docx": text_file(track_revisions(new, BASE, ChangeAuthor("Revision 3")), SHEET, numbers=numbers(new)),
    }
    found = settled(files, tmp_path)
    for name, (before, after) in {
        "tracked.docx": (BASE, new),
        "compared.docx": (BASE, new),
        "back.docx": (new, BASE),
    }.items():
        accepted, rejected = found[name]
        assert in_office(accepted) == wanted(after, before), name
        assert in_office(rejected) == wanted(before, before), name


def big(paragraphs):
    words = plain(BASE.block("o2").text + BASE.block("o4").text).split()
    number = count()
    blocks = [
        Block(f"b{at}", BlockKind.OPERATIVE, " ".join(f"{words[next(number) % len(words)]}" for _ in range(90)))
        for at in range(paragraphs)
    ]
    return Document(tuple(blocks), Language.EN)


@pytest.mark.long
@pytest.mark.parametrize(("paragraphs", "amendments"), [(400, 500), (600, 1000)])
def test_a_thousand_amendments_go_out_and_are_known_again_in_seconds(paragraphs, amendments):
    base = big(paragraphs)
    made = []
    for number in range(1, amendments + 1):
        block = base.blocks[number % paragraphs]
        words = block.text.split()
        words[(number // paragraphs) * 30 + 5] = f"word{number}"
        made.append(amend(number, base, [Change(O.REWORD, block.id, text=" ".join(words))]))
    start = time.process_time()
    found = track_amendments(base, made, {one.number: hand(one.number) for one in made})
    data = text_file(found.entries, SHEET, numbers=numbers(base))
    assert time.process_time() - start < 10
    filed = {hand(one.number): [FiledAmendment(str(one.number), one.proposed)] for one in made}
    start = time.process_time()
    found = read_returned(read(data), base, numbers(base), filed)
    assert time.process_time() - start < 15
    assert found.proposals == ()
    assert len(found.on_record) == amendments
    plain = read(InWord(data, author="").edit(untracked).save())
    start = time.process_time()
    found = read_returned(plain, base, numbers(base), filed)
    assert time.process_time() - start < 30
    assert ([one.author for one in found.proposals], len(found.on_record)) == ([""], amendments)


def untracked(document) -> None:
    """Another word in every paragraph, by somebody who tracks nothing."""
    for paragraph in document.iter(w("p")):
        runs = [run for run in paragraph.iterchildren(w("r")) if run.findtext(w("t"))]
        if runs:
            runs[-1].find(w("t")).text += " today"
