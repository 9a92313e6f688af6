"""Word files coming back, from whatever wrote them: what each change becomes, and that nothing is lost or invented.

The table below is the set of producers and of habits that files come with; each case is a file made in code.
"""

import io

import docx
import pytest
from docx.shared import Pt
from lxml import etree

from drafts.amendments import Change, ChangeOp, amend, propose
from drafts.blocks import Block, Document, Language
from drafts.formats.docx.entries import Remark
from drafts.formats.docx.glyphs import GlyphKind, Piece, Style, pieces
from drafts.formats.docx.origin import Known, origin_of, stamp
from drafts.formats.docx.reading import read
from drafts.formats.docx.remarks import fingerprint
from drafts.formats.docx.returned import UNTRACKED, Filed, Reason, returned
from drafts.formats.docx.writing_back import Difference, markdown_of, written_back
from drafts.numbering import numbers
from tests.conftest import missing
from tests.drafts.formats.word_texts import BASE, K, back, hand, out, out_tracked, told
from tests.support.office import converted, office
from tests.support.word import InWord, el, w

ANA = "Ana Ruiz"
FREE = "They shall not give it away. Nobody may own the rain that falls on a town."
SELL = [("reword", "o2", FREE)]


def word(author=ANA):
    return InWord(out(), author=author)


def smart(file):
    """Word puts a curly apostrophe where a straight one was typed."""
    return file.replace("sell it", "sell a town’s “own” wells")


def field(file):
    """A page number field in the middle of a paragraph: its code is no text, its result is."""
    first, _ = file._isolated("aloud")
    for kind in ("end", "separate", "begin"):
        run = el("r", el("fldChar", fldCharType=kind))
        first.addnext(run)
        if kind == "separate":
            first.addnext(el("r", el("instrText", text=' DATE \\@ "d MMMM" ')))
    return file.replace("sell it", "give it away")


def control(file):
    """A content control around a paragraph, as forms and templates have them."""
    paragraph = file.paragraph("They shall not sell it")
    wrapper = el("sdt", el("sdtPr"), el("sdtContent"))
    paragraph.getparent().replace(paragraph, wrapper)
    wrapper.find(w("sdtContent")).append(paragraph)
    return file.replace("sell it", "give it away")


def inline_control(file):
    first, _ = file._isolated("Nobody")
    wrapper = el("sdt", el("sdtContent"))
    first.getparent().replace(first, wrapper)
    wrapper.find(w("sdtContent")).append(first)
    return file.replace("sell it", "give it away")


def proofing(file):
    """Marks of the spelling checker, last rendered page breaks, an empty run."""
    paragraph = file.paragraph("Every fountain")
    paragraph.insert(1, el("proofErr", type="spellStart"))
    paragraph.append(el("r", el("lastRenderedPageBreak")))
    paragraph.append(el("r"))
    return file.replace("sell it", "give it away")


def smart_tag(file):
    first, _ = file._isolated("fountain")
    wrapper = el("smartTag")
    first.getparent().replace(first, wrapper)
    wrapper.append(first)
    return file.replace("sell it", "give it away")


def normal_styles(file):
    """An editor that knows no styles but Normal, and lists as letters."""
    for paragraph in file.paragraphs():
        style = paragraph.find(f"{w('pPr')}/{w('pStyle')}")
        if style is not None:
            style.set(w("val"), "Normal")
    return file.replace("sell it", "give it away")


def typed_numbers(file):
    """Numbers turned into text, as by some converters."""
    for number, words in enumerate(
        ["Towns shall", "They shall", "Towns will", "Every fountain", "See paragraph", "The last"], 1
    ):
        paragraph = file.paragraph(words)
        run = next(paragraph.iter(w("r")))
        run.addprevious(el("r", el("t", text=f"{number}. ")))
    return file.replace("sell it", "give it away")


def no_break_spaces(file):
    """An editor that has no no-break spaces, or makes all of them such: a difference in typography."""
    first, _ = file._isolated("Towns will meet")
    first.find(w("t")).text = "Towns\u00a0will meet"
    return file.replace("sell it", "give it away")


def by_another(file):
    file.author = "Luc Petit"
    file.replace("on a town", "on a village")
    file.author = ANA
    return file.replace("sell it", "give it away")


def own_insertion_corrected(file):
    """What somebody inserts and deletes again before sending is nothing."""
    return file.replace("sell it", "lend it").replace("lend it", "give it away")


def deleted_insertion_of_another(file):
    """One inserts, another deletes what was inserted."""
    file.author = "Luc Petit"
    file.insert("fountain", " and well")
    file.author = ANA
    return file.replace(" and well", "").replace("sell it", "give it away")


def empty_paragraphs(file):
    """Paragraphs without a word, by which people make space."""
    paragraph = file.paragraph("They shall")
    for _ in range(3):
        paragraph.addprevious(el("p"))
    return file.replace("sell it", "give it away")


def soft_hyphen(file):
    first, _ = file._isolated("fountain")
    first.find(w("t")).text = "foun\u00adtain"
    return file.replace("sell it", "give it away")


def main_part_renamed(file):
    file.replace("sell it", "give it away")
    file.parts["_rels/.rels"] = file.parts["_rels/.rels"].replace(b"word/document.xml", b"/word/document2.xml")
    file.parts["[Content_Types].xml"] = file.parts["[Content_Types].xml"].replace(
        b"/word/document.xml", b"/word/document2.xml"
    )
    file.parts["word/document2.xml"] = etree.tostring(file.document)
    file.parts["word/_rels/document2.xml.rels"] = file.parts["word/_rels/document.xml.rels"]
    return file


def nested_table(file):
    """A table inside the cell of another, beside the change: told apart, and no part of the proposal."""
    cell = next(one for one in file.document.iter(w("tc")) if "Quito" in "".join(one.itertext()))
    inside = el("tc", el("p", el("r", el("t", text="inner"))))
    cell.insert(0, el("tbl", el("tr", inside)))
    return file.replace("sell it", "give it away")


def block_control_around_a_table(file):
    table = next(file.document.iter(w("tbl")))
    wrapper = el("sdt", el("sdtPr"), el("sdtContent"))
    table.getparent().replace(table, wrapper)
    wrapper.find(w("sdtContent")).append(table)
    return file.replace("sell it", "give it away")


def simple_field(file):
    """A field in one element, as older programs write it: its words stay words."""
    first, _ = file._isolated("2029")
    wrapper = el("fldSimple", instr=" DATE ")
    first.getparent().replace(first, wrapper)
    wrapper.append(first)
    return file.replace("sell it", "give it away")


def sections(file):
    """A section that ends in the middle of the text, with headers of its own."""
    paragraph = file.paragraph("Towns will meet")
    paragraph.find(w("pPr")).append(el("sectPr", el("type", val="nextPage")))
    return file.replace("sell it", "give it away")


def bookmarks_of_others(file):
    """Marks of a table of contents and of the place where somebody stopped."""
    paragraph = file.paragraph("Every fountain")
    for number, name in enumerate(("_Toc12345", "_GoBack"), 800):
        paragraph.insert(1, el("bookmarkEnd", id=str(number)))
        paragraph.insert(1, el("bookmarkStart", id=str(number), name=name))
    return file.replace("sell it", "give it away")


def looks_changed_and_tracked(file):
    return file.embolden("fountain").replace("sell it", "give it away")


def permissions_and_tabs(file):
    """Ranges that some may edit, and a tab before the first word."""
    paragraph = file.paragraph("Every fountain")
    paragraph.insert(1, el("permStart", id="7", edGrp="everyone"))
    paragraph.append(el("permEnd", id="7"))
    return file.replace("sell it", "give it away")


def moved_twice_over(file):
    """A tracked move besides, of another member: two proposals, each with its own."""
    file.author = "Luc Petit"
    file.move("Every fountain", "Water")
    file.author = ANA
    return file.replace("sell it", "give it away")


HABITS = [
    lambda file: file.replace("sell it", "give it away"),
    lambda file: file.in_pieces().replace("sell it", "give it away"),
    lambda file: file.replace("sell it", "give it away").in_pieces(),
    lambda file: file.without_marks().replace("sell it", "give it away"),
    field,
    control,
    inline_control,
    proofing,
    smart_tag,
    normal_styles,
    typed_numbers,
    no_break_spaces,
    by_another,
    own_insertion_corrected,
    deleted_insertion_of_another,
    empty_paragraphs,
    soft_hyphen,
    main_part_renamed,
    block_control_around_a_table,
    simple_field,
    sections,
    bookmarks_of_others,
    looks_changed_and_tracked,
    permissions_and_tabs,
    moved_twice_over,
]


@pytest.mark.parametrize("habit", HABITS, ids=range(len(HABITS)))
def test_one_change_is_one_change_whatever_the_file_went_through(habit):
    found = back(habit(word()).save())
    assert told(found)[ANA] == SELL
    assert set(told(found)) <= {ANA, "Luc Petit"}
    assert found.unplaced == ()
    assert found.census.gone == 0


@pytest.mark.parametrize("habit", HABITS[:4], ids=range(4))
def test_the_same_change_made_without_tracking_is_found_by_comparing(habit):
    assert told(back(habit(word(author="")).save())) == {UNTRACKED: SELL}


@pytest.mark.parametrize("accept", [True, False])
def test_changes_accepted_or_rejected_before_sending(accept):
    file = (
        word()
        .replace("sell it", "give it away")
        .delete_paragraph("Every fountain")
        .add_paragraph("the wells", "the rivers;")
    )
    found = back(file.settled(accept=accept).save())
    if not accept:
        assert told(found) == {}
        return
    assert told(found) == {UNTRACKED: [("delete", "o4", None), ("insert", "new-5", "the rivers;"), *SELL]}


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
        assert [(one.block, one.difference) for one in found.apart] == [("o3", Difference.LOOKS)]


def test_typography_alone_is_set_apart_unless_somebody_tracked_it():
    def curly(file):
        return file.replace("paragraph", "paragraph\u00a0")

    assert back(no_break_spaces(word(author="")).save()).apart[0].difference is Difference.TYPOGRAPHY
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


def test_comments_with_answers_stand_on_their_words():
    file = word().comment("own the rain", "Who could?", author="Luc Petit")
    data = file.comment("Nobody may", "Kings did.", to="Who could?", author=ANA).save()
    [remark] = back(data).remarks
    assert (remark.author, remark.text, remark.about, remark.block) == ("Luc Petit", "Who could?", "own the rain", "o2")
    assert [(one.author, one.text) for one in remark.replies] == [(ANA, "Kings did.")]


def test_a_comment_on_a_paragraph_that_goes_or_moves_is_placed_and_one_on_a_new_paragraph_asks():
    gone = back(word().comment("Every fountain", "Why not?").delete_paragraph("Every fountain").save()).remarks
    new = back(
        word().add_paragraph("Every fountain", "And every well.").comment("every well", "Mine too?").save()
    ).remarks
    assert [one.block for one in gone] == ["o4"]
    assert [one.block for one in new] == [None]


def test_comments_that_were_there_are_not_said_twice_and_answers_to_them_are_answers():
    remark = Remark("o2", hand(3), "Who could?")
    origin = origin_of(
        BASE, declaration="d", revision=1, remarks=[Known("thread", fingerprint("Member 3", "Who could?"))]
    )
    data = out_tracked(BASE, [], remarks={"o2": [remark]}, origin=origin)
    assert back(data).remarks == ()
    [answer] = back(InWord(data, author=ANA).comment("sell it", "Kings did.", to="Who could?").save()).remarks
    assert (answer.text, answer.thread) == ("Kings did.", "thread")


def test_amendments_that_went_out_are_on_record_when_they_come_back_as_they_were_filed():
    text = "Each fountain shall carry the name of whoever mended it."
    filed = amend(4, BASE, [Change(ChangeOp.REWORD, "o4", text=text)])
    known = {hand(4): Filed("4", filed.proposed)}
    file = InWord(out_tracked(BASE, [filed]), author=ANA).replace("sell it", "give it away")
    found = returned(read(file.save()), BASE, numbers(BASE), known)
    assert told(found) == {ANA: SELL}
    assert found.on_record == ("4",)


def test_a_change_that_only_borrows_the_name_and_date_of_one_on_record_is_proposed():
    text = "Each fountain shall carry the name of whoever mended it."
    filed = amend(4, BASE, [Change(ChangeOp.REWORD, "o4", text=text)])
    known = {hand(4): Filed("4", filed.proposed)}
    file = InWord(out(), author=hand(4).author, date=stamp(hand(4).date)).replace("sell it", "give it away")
    found = returned(read(file.save()), BASE, numbers(BASE), known)
    assert told(found) == {hand(4).author: SELL}
    assert found.on_record == ()


def test_a_table_inside_a_cell_is_told_and_its_words_are_those_of_the_cell():
    found = back(nested_table(word()).save())
    assert told(found)[ANA] == SELL
    assert "inner" in told(found)[UNTRACKED][0][2]
    assert Reason.NESTED_TABLE in {one.reason for one in found.unplaced}


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
    assert found[Reason.TEXT_BOX] == ("A word at the side", "o4")
    assert found[Reason.NESTED_TABLE][1] == "tb"
    assert found[Reason.EMBEDDED] == ("", "o2")
    assert found[Reason.HEADER][0] == "draft"


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
    if form == "odt":
        data = converted(data, "docx", tmp_path, suffix="odt")
    found = back(data)
    assert {change for changes in told(found).values() for change in changes} == {
        ("delete", "o4", None),
        ("move", "o3", None),
        *SELL,
    }
    assert found.unplaced == ()


def texts():
    return [
        "plain words",
        "**bold** and *italic* and ***both***",
        "a [link](https://a.example/b_(c)) and `code` in it",
        "stars * and _ and [brackets] and \\*escaped\\*",
        "a reference [](#b-o1) and a note[^1] and a\\\nbreak",
        "l’« eau »\u00a0: 10\u202f%",
        "**a b** c **d**",
        "_under_ and __double__",
    ]


@pytest.mark.parametrize("text", texts())
def test_markdown_that_comes_back_unchanged_is_byte_for_byte_the_same(text):
    block = Block("b", K.PARAGRAPH, text)
    assert written_back(block, pieces(text), folds=False).text == text
    assert pieces(markdown_of(pieces(text))) == pieces(text)


@pytest.mark.parametrize(
    ("source", "found", "wanted"),
    [
        ("**a b** c", "a b d", "**a b** d"),
        ("**a b** c", "a x c", "**a** x c"),
        ("**a b** c", "a c", "**a** c"),
        ("see [the map](https://m.example) now", "see the maps now", "see [the ](https://m.example)maps now"),
        ("stars \\* here", "stars \\* there", "stars \\* there"),
        ("_old_ style kept", "old style lost", "_old_ style lost"),
    ],
)
def test_only_what_changed_is_written_anew(source, found, wanted):
    block = Block("b", K.PARAGRAPH, source)
    new = [Piece(GlyphKind.TEXT, found.replace("\\", ""), Style())]
    back = written_back(block, new, folds=False)
    assert "".join(one.text for one in pieces(back.text)) == found.replace("\\", "")
    assert back.text == wanted
