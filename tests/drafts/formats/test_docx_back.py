"""Word files coming back: what each kind of change becomes, and that nothing is lost or invented."""

import io

import docx
import pytest
from docx.shared import Pt
from lxml import etree

from drafts.diff.amendments import propose
from drafts.formats import odt
from drafts.formats.docx.inline_markdown import WordingDifference
from drafts.formats.docx.returned import UNTRACKED, UnplacedReason, read_returned
from drafts.text.blocks import Block, Document, Language
from drafts.text.numbering import numbers
from tests.conftest import missing
from tests.drafts.formats.word_habits import ANA, FREE, SELL, by_another, no_break_spaces, smart, word
from tests.drafts.formats.word_texts import BASE, back, out, told
from tests.support.office import converted, office
from tests.support.word import InWord, el, w

CHANGES = [
    (lambda file: file.delete_paragraph("Every fountain"), [("delete", "o4", None)]),
    (lambda file: file.add_paragraph("Every fountain", "And every well."), [("insert", None, "And every well.")]),
    (lambda file: file.split("Nobody may own"), [("split", "o2", "They shall not sell it.")]),
    (lambda file: file.join("the wells;"), [("join", "i1", "the wells;the springs.")]),
    (lambda file: file.move("Towns will meet again", "Water"), [("move", "o3", None)]),
    (
        lambda file: file.insert("water and its", " deep"),
        [("reword", "o1", BASE.block("o1").text.replace("its", "its deep"))],
    ),
    (
        lambda file: file.replace("sources", "wells"),
        [("reword", "o1", BASE.block("o1").text.replace("sources", "wells"))],
    ),
    (lambda file: file.replace("Lyon", "Oslo"), [("reword", "tb", BASE.block("tb").text.replace("Lyon", "Oslo"))]),
    (lambda file: file.replace("A stopped clock", "No clock"), [("reword", "q", "No clock is not dead.")]),
    (lambda file: file.replace("Declaration of", "Charter of"), [("reword", "t", "Charter of Vallemar")]),
    (smart, [("reword", "o2", BASE.block("o2").text.replace("sell it", "sell a town’s “own” wells"))]),
]


@pytest.mark.parametrize(("change", "wanted"), CHANGES, ids=range(len(CHANGES)))
@pytest.mark.parametrize("has_marks", [True, False], ids=["marks", "no-marks"])
def test_each_kind_of_change_is_found_with_and_without_marks(change, wanted, has_marks):
    file = change(word())
    found = back((file if has_marks else file.without_marks()).save())
    [changes] = told(found).values()
    assert [
        (op, block if known else None, text) for (op, block, text), (_, known, _) in zip(changes, wanted, strict=True)
    ] == wanted
    [proposal] = found.proposals
    assert propose(BASE, proposal.changes) == proposal.proposed


def test_a_file_that_nobody_touched_proposes_nothing():
    found = back(out())
    assert (found.proposals, found.remarks, found.apart, found.unplaced) == ((), (), (), ())
    assert found.census.by_mark == len(BASE) - 1  # a footnote is no paragraph


def test_words_in_bold_are_set_apart_and_propose_nothing():
    for author in (ANA, ""):
        found = back(word(author=author).embolden("meet again").save())
        assert found.proposals == ()
        assert [(one.block, one.difference) for one in found.apart] == [("o3", WordingDifference.LOOKS)]


def test_typography_alone_is_set_apart_unless_somebody_tracked_it():
    def curly(file):
        return file.replace("paragraph", "paragraph\u00a0")

    assert back(no_break_spaces(word(author="")).save()).apart[0].difference is WordingDifference.TYPOGRAPHY
    assert [one.author for one in back(curly(word()).save()).proposals] == [ANA]


def test_each_author_has_a_proposal_of_their_own():
    found = told(back(by_another(word()).save()))
    assert found == {
        ANA: SELL,
        "Luc Petit": [("reword", "o2", BASE.block("o2").text.replace("on a town", "on a village"))],
    }


def test_tracked_changes_on_top_of_untracked_ones_are_told_from_them():
    file = word(author="").replace("Every fountain", "Each fountain")
    file.author = ANA
    found = told(back(file.replace("sell it", "give it away").save()))
    assert found == {UNTRACKED: [("reword", "o4", BASE.block("o4").text.replace("Every", "Each"))], ANA: SELL}


def test_dates_with_and_without_a_zone_stand_beside_each_other():
    file = word().replace("sell it", "give it away")
    file.date = "2027-05-21T08:00:00"
    file.replace("fountain", "well")
    file.date = "no date at all"
    [proposal] = back(file.replace("aloud", "softly").save()).proposals
    assert proposal.made_at.isoformat() == "2027-05-21T08:00:00+00:00"


def test_a_new_footnote_and_a_changed_one():
    file = word()
    notes = etree.fromstring(file.parts["word/footnotes.xml"])
    next(one for one in notes.iter(w("t")) if one.text.startswith("Counted")).text = "Counted anew by the eleven towns."
    notes.append(el("footnote", el("p", el("r", el("t", text=" Of every colour."))), id="7"))
    file.parts["word/footnotes.xml"] = etree.tostring(notes)
    first, _ = file._isolated("fountain")
    first.addnext(el("r", el("footnoteReference", id="7")))
    found = told(back(file.save()))[UNTRACKED]
    assert ("reword", "n1", "[^1]: Counted anew by the eleven towns.") in found
    assert ("reword", "o4", "Every fountain[^2] shall carry the name of whoever mended it.") in found
    assert ("insert", "new-note-7", "[^2]: Of every colour.") in found


def test_what_no_block_can_hold_is_told_with_its_words():
    file = word()
    box = el("txbxContent", el("p", el("r", el("t", text="A word at the side"))))
    file.paragraph("Every fountain").append(el("r", el("pict", box)))
    inner = el("tbl", el("tr", el("tc", el("p", el("r", el("t", text="deep"))))))
    next(file.document.iter(w("tc"))).append(inner)
    file.paragraph("They shall").append(el("r", el("object")))
    file.parts["word/header1.xml"] = file.parts["word/header1.xml"].replace(
        b"</w:p>", b'<w:ins w:id="1" w:author="x"><w:r><w:t>draft</w:t></w:r></w:ins></w:p>'
    )
    found = {one.reason: (one.text, one.block) for one in back(file.save()).unplaced}
    assert found[UnplacedReason.TEXT_BOX] == ("A word at the side", "o4")
    assert found[UnplacedReason.NESTED_TABLE][1] == "tb"
    assert found[UnplacedReason.EMBEDDED] == ("", "o2")
    assert found[UnplacedReason.HEADER][0] == "draft"


def test_a_paragraph_without_words_in_this_language_is_not_deleted():
    blocks = [Block(b.id, b.kind, "" if b.id == "o4" else b.text, b.level) for b in BASE]
    base = Document(tuple(blocks), Language.EN)
    assert back(out(base), base).proposals == ()


def test_a_text_written_with_another_library_is_aligned_by_its_words():
    file = docx.Document()
    file.add_heading("Declaration of Vallemar", 0)
    file.add_paragraph("Recalling the Charter of Open Workshops,")
    file.add_heading("Water", 1)
    for text in ("Towns shall respect water and its sources in every quarter.", FREE):
        run = file.add_paragraph(style="List Number").add_run(text)
        run.font.size = Pt(12)
    file.add_paragraph("the wells;", style="List Bullet")
    file.add_paragraph("A paragraph of quite another kind, which nobody has seen before today.")
    made = io.BytesIO()
    file.save(made)
    changes = told(back(made.getvalue()))[UNTRACKED]
    assert ("reword", "o2", FREE) in changes
    assert sum(op == "insert" for op, _, _ in changes) == 1
    assert not any(block in {"t", "p1", "h1", "o1"} for _, block, _ in changes)


@pytest.mark.long
@pytest.mark.parametrize("form", ["docx", "odt"])
def test_libreoffice_gives_back_what_it_was_given(tmp_path, form):
    if not office():
        missing("LibreOffice")
    file = word().replace("sell it", "give it away").delete_paragraph("Every fountain").move("Towns will meet", "Water")
    data = converted(file.save(), form, tmp_path)
    found = read_returned(odt.read(data), BASE, numbers(BASE)) if form == "odt" else back(data)
    assert {change for changes in told(found).values() for change in changes} == {
        ("delete", "o4", None),
        ("move", "o3", None),
        *SELL,
    }
    assert found.unplaced == ()


def test_an_untracked_split_before_a_paragraph_without_words_is_a_split():
    blocks = [Block(b.id, b.kind, "" if b.id == "o3" else b.text, b.level) for b in BASE]
    base = Document(tuple(blocks), Language.EN)
    for author in ("", "Ana"):
        file = InWord(out(base), author=author).split("Nobody may own").save()
        assert list(told(back(file, base)).values()) == [[("split", "o2", "They shall not sell it.")]]


def test_raised_and_lowered_digits_come_back_as_signs_and_letters_as_they_are():
    looks = {"2²": "superscript", "2₂": "subscript", "st": "superscript"}

    def raise_and_lower(document):
        for run in document.iter(w("r")):
            if place := looks.get(run.findtext(w("t"))):
                run.find(w("t")).text = run.findtext(w("t")).rstrip("²₂")
                run.insert(0, el("rPr", el("vertAlign", val=place)))

    file = InWord(out(), author="").replace("sell it", "sell m")
    for before, words in (("sell m", "2²"), ("2²", " or CO"), (" or CO", "2₂"), ("2₂", ", the 1"), (", the 1", "st")):
        file.insert(before, words)
    [(_, _, text)] = told(back(file.edit(raise_and_lower).save()))[UNTRACKED]
    assert "sell m² or CO₂, the 1st." in text
