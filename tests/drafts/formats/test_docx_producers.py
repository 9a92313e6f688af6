"""Files as other programs and other habits make them: what a secretary would say that each of them proposes."""

import io
from copy import deepcopy

import docx
import pytest
from lxml import etree

from drafts.formats.docx.inline_markdown import WordingDifference
from drafts.formats.docx.returned import UNTRACKED, UnplacedReason
from tests.drafts.formats.word_habits import ANA, SELL, word
from tests.drafts.formats.word_texts import BASE, back, told
from tests.support.word import XML_SPACE, InWord, archive, el, said, w

MARKUP = "http://schemas.openxmlformats.org/markup-compatibility/2006"
NAMED = BASE.block("o4").text
ROWS = (("City", "Lamps"), ("Montfanal", "12"))
FORMS = {
    b"http://schemas.openxmlformats.org/wordprocessingml/2006/main": b"http://purl.oclc.org/ooxml/wordprocessingml/main",
    b"http://schemas.openxmlformats.org/officeDocument/2006/relationships": b"http://purl.oclc.org/ooxml/officeDocument/relationships",
}


def untracked():
    return word(author="")


def sold(file: InWord) -> InWord:
    return file.replace("sell it", "give it away")


def fountain(text: str) -> list[tuple[str, str, str]]:
    return [("reword", "o4", NAMED.replace("Every fountain", text))]


def strict() -> bytes:
    """“Strict Open XML Document”, which Word offers beside the usual form."""
    file = sold(word())
    file.save()
    for usual, other in FORMS.items():
        file.parts.update({name: data.replace(usual, other) for name, data in file.parts.items()})
    return archive(file.parts)


def counted_parts() -> bytes:
    """A program that counts the parts it writes."""
    file = sold(word())
    file.save()
    for name in ("_rels/.rels", "[Content_Types].xml"):
        file.parts[name] = file.parts[name].replace(b"word/document.xml", b"word/document2.xml")
    file.parts["word/document2.xml"] = file.parts.pop("word/document.xml")
    file.parts["word/_rels/document2.xml.rels"] = file.parts.pop("word/_rels/document.xml.rels")
    return archive(file.parts)


def contents_in_a_control() -> bytes:
    """Somebody puts a table of contents in front."""
    file = word()
    heading = el("p", el("pPr", el("pStyle", val="TOCHeading")), el("r", el("t", text="Contents")))
    line = el("p", el("pPr", el("pStyle", val="TOC1")), el("r", el("t", text="Water 1")))
    gallery = el("sdtPr", el("docPartObj", el("docPartGallery", val="Table of Contents")))
    file.document.find(w("body")).insert(0, el("sdt", gallery, el("sdtContent", heading, line)))
    return sold(file).save()


def letterhead() -> bytes:
    file = untracked()
    for place, words in enumerate(("City of Luz", "Amendments to the draft", "20 May 2027")):
        file.document.find(w("body")).insert(place, el("p", el("r", el("t", text=words))))
    file.author = ANA
    return sold(file).save()


def alternatives() -> bytes:
    """Words in one form for new programs and in another for old ones."""
    file = word()
    first, _ = file._isolated("Nobody")
    both = etree.Element(f"{{{MARKUP}}}AlternateContent")
    first.getparent().replace(first, both)
    etree.SubElement(both, f"{{{MARKUP}}}Choice").append(first)
    etree.SubElement(both, f"{{{MARKUP}}}Fallback").append(deepcopy(first))
    return sold(file).save()


def controls_around_suggestions() -> bytes:
    """A browser's editor: no bookmarks, a content control around each suggestion."""
    file = sold(word())
    for change in [one for tag in ("ins", "del") for one in file.document.iter(w(tag))]:
        wrapper = el("sdt", el("sdtPr", el("tag", val="goog_rdk_1")), el("sdtContent"))
        change.getparent().replace(change, wrapper)
        wrapper.find(w("sdtContent")).append(change)
    return file.without_marks().save()


def hidden() -> bytes:
    file = word()
    last, _ = file._isolated("fountain")
    last.addnext(el("r", el("rPr", el("vanish")), el("t", text=" of our enemies")))
    return sold(file).save()


def in_one_frame() -> bytes:
    """A template that lays the whole text into the one cell of a table."""
    file = word().without_marks()
    body = file.document.find(w("body"))
    for table in list(file.document.iter(w("tbl"))):
        table.getparent().remove(table)
    cell = el("tc")
    paragraphs = body.findall(w("p"))
    paragraphs[0].addprevious(el("tbl", el("tr", cell)))
    cell.extend(paragraphs)
    return sold(file).save()


@pytest.mark.parametrize(
    ("made", "set_apart"),
    [
        (strict, None),
        (counted_parts, None),
        (contents_in_a_control, UnplacedReason.CONTENTS),
        (letterhead, UnplacedReason.AROUND),
        (alternatives, None),
        (controls_around_suggestions, None),
        (hidden, UnplacedReason.HIDDEN),
    ],
)
def test_one_change_is_one_change_whatever_wrote_the_file(made, set_apart):
    found = back(made())
    assert told(found) == {ANA: SELL}
    assert [one.reason for one in found.unplaced] == ([set_apart] if set_apart else [])
    assert found.census.gone == 0


def test_a_text_in_a_frame_is_the_text():
    found = told(back(in_one_frame()))
    assert found == {UNTRACKED: [("delete", "tb", None)], ANA: SELL}


# People who do not track


def struck_by_hand() -> bytes:
    """What goes is struck through by hand, what comes is red."""
    file = untracked()
    run, _ = file._isolated("sell it")
    run.insert(0, el("rPr", el("strike")))
    run.addnext(el("r", el("rPr", el("color", val="FF0000")), el("t", text="give it away")))
    return file.save()


def bookmark_left_behind() -> bytes:
    """Cutting and pasting leaves the mark of a paragraph in its neighbour."""
    file = untracked()
    source, target = file.paragraph("Towns will meet"), file.paragraph("Every fountain")
    for mark in [one for one in source if one.tag in {w("bookmarkStart"), w("bookmarkEnd")}]:
        target.insert(1, mark)
    return sold(file).save()


def typed_and_counted_on() -> bytes:
    """Numbers are letters, and a new paragraph has moved them on."""
    file = untracked()
    starts = ["Towns shall", "They shall", "Towns will", "Every fountain", "See paragraph", "The last"]
    for number, words in enumerate(starts, 1):
        run = next(file.paragraph(words).iter(w("r")))
        run.addprevious(el("r", el("t", text=f"{number if number < 3 else number + 1}. ")))
    file.paragraph("They shall").addnext(el("p", el("r", el("t", text="3. Rivers have a right to flood."))))
    return file.without_marks().save()


def references_as_letters() -> bytes:
    """Fields and links became letters on the way."""
    file = untracked()
    for link in list(file.document.iter(w("hyperlink"))):
        for run in list(link):
            link.addprevious(run)
        link.getparent().remove(link)
    return sold(file).save()


@pytest.mark.parametrize(
    ("made", "wanted"),
    [
        (struck_by_hand, SELL),
        (bookmark_left_behind, SELL),
        (typed_and_counted_on, [("insert", None, "Rivers have a right to flood.")]),
        (references_as_letters, SELL),
    ],
)
def test_what_people_do_who_know_no_tracking_is_read_as_they_mean_it(made, wanted):
    [changes] = told(back(made())).values()
    assert [(op, block if op != "insert" else None, text) for op, block, text in changes] == wanted


def test_words_struck_through_by_hand_are_told_too():
    [one] = back(struck_by_hand()).unplaced
    assert (one.reason, one.text, one.block) == (UnplacedReason.STRUCK, "sell it", "o2")


def test_a_tracked_strike_through_is_a_deletion_of_whoever_made_it():
    file = word()
    run, _ = file._isolated(" that falls on a town")
    run.insert(0, el("rPr", el("strike"), el("rPrChange", el("rPr"), id="1", author=ANA, date=file.date)))
    assert told(back(file.save())) == {ANA: [("reword", "o2", "They shall not sell it. Nobody may own the rain.")]}


@pytest.mark.parametrize("has_marks", [True, False])
def test_a_file_with_a_part_of_the_text_takes_nothing_else_away(has_marks):
    file = untracked()
    for paragraph in file.paragraphs():
        if paragraph.getparent().tag == w("body") and not said(paragraph).startswith(("They shall", "Towns will")):
            paragraph.getparent().remove(paragraph)
    table = next(file.document.iter(w("tbl")))
    table.getparent().remove(table)
    found = back((sold(file) if has_marks else sold(file).without_marks()).save())
    assert told(found) == {UNTRACKED: SELL}
    assert found.census.is_part


def test_a_heading_made_a_paragraph_is_set_apart_where_other_headings_stayed():
    file = untracked()
    file.paragraph("Water").find(f"{w('pPr')}/{w('pStyle')}").set(w("val"), "Normal")
    found = back(file.save())
    assert found.proposals == ()
    assert [(one.block, one.difference) for one in found.apart] == [("h1", WordingDifference.LOOKS)]


def test_a_text_copied_into_a_new_file_is_aligned_by_its_words():
    made = docx.Document()
    labels = {"operative": iter("123456"), "item": iter("ab")}
    for block in BASE:
        words = block.text.replace("**", "").replace("*", "").replace("[](#b-o1)", "1")
        words = words.replace("[map](https://map.example/of-wells)[^1]", "map").replace("sell it", "give it away")
        label = f"{next(labels[block.kind.value])}) " if block.kind.value in labels else ""
        if block.kind.value not in {"table", "note"}:
            made.add_paragraph(label + words)
    data = io.BytesIO()
    made.save(data)
    changes = told(back(data.getvalue()))[UNTRACKED]
    gone = {("delete", "tb", None), ("delete", "n1", None)}
    kept = ("reword", "o5", "See paragraph [](#b-o1) and the [map](https://map.example/of-wells).")
    assert set(changes) == {*SELL, *gone, kept}


# Several people in one file


def test_who_corrects_what_another_inserts_proposes_the_corrected_whole():
    file = word()
    file.author = "Luc Petit"
    file.insert("Every fountain", " and well")
    file.author = ANA
    found = back(file.replace(" and well", " and every spring").save())
    assert told(found) == {
        "Luc Petit": fountain("Every fountain and well"),
        ANA: fountain("Every fountain and every spring"),
    }


def test_three_people_on_one_word_propose_three_texts():
    file = word()
    for author, old, new in (("Luc", "sell", "lend"), ("Eva", "lend", "rent"), (ANA, "rent", "give")):
        file.author = author
        file.replace(old, new)
    words = {author: changes[0][2].split(".")[0].split()[-2] for author, changes in told(back(file.save())).items()}
    assert words == {"Luc": "lend", "Eva": "rent", ANA: "give"}


def test_who_only_strikes_out_what_another_proposes_is_told_and_proposes_nothing():
    file = word()
    file.author = "Luc Petit"
    file.insert("Every fountain", " and well")
    file.author = ANA
    found = back(file.replace(" and well", "").save())
    assert told(found) == {"Luc Petit": fountain("Every fountain and well")}
    [one] = found.unplaced
    assert (one.reason, one.author, one.text, one.block) == (UnplacedReason.ANOTHER, ANA, " and well".strip(), "o4")


def test_who_edits_a_paragraph_that_another_inserts_proposes_that_paragraph():
    file = word()
    file.author = "Luc Petit"
    file.add_paragraph("Every fountain", "Each well shall have a keeper.")
    file.author = ANA
    found = told(back(file.replace("keeper", "guardian").save()))
    assert found["Luc Petit"][0][::2] == ("insert", "Each well shall have a keeper.")
    assert found[ANA][0][::2] == ("insert", "Each well shall have a guardian.")


def test_a_moved_paragraph_that_was_edited_on_the_way_is_both():
    file = word().move("Every fountain", "Water")
    moved = next(one for one in file.document.iter(w("moveTo")) if one.find(w("r")) is not None)
    words = next(moved.iter(w("t"), w("delText")))
    words.tag = w("t")
    words.set(XML_SPACE, "preserve")
    before, after = NAMED[: NAMED.index("carry")], NAMED[NAMED.index("carry") :]
    words.text = before
    added = el("ins", el("r", el("t", text="proudly ")), id="1", author=ANA, date=file.date)
    moved.addnext(added)
    added.addnext(el("moveTo", el("r", el("t", text=after)), id="2", author=ANA, date=file.date))
    assert told(back(file.save()))[ANA] == [("move", "o4", None), ("reword", "o4", f"{before}proudly {after}")]


def test_a_tracked_column_and_tracked_rows_of_a_table_are_the_members():
    file = word()
    for row in file.document.iter(w("tr")):
        cell = deepcopy(row.findall(w("tc"))[-1])
        cell.find(w("tcPr")).append(el("cellIns", id="1", author=ANA, date=file.date))
        next(cell.iter(w("t"))).text = "new"
        row.append(cell)
    rows = list(file.document.iter(w("tr")))
    rows[1].insert(0, el("trPr", el("del", id="2", author=ANA, date=file.date)))
    for run in list(rows[1].iter(w("r"))):
        file._deleted(run)
    assert told(back(file.save())) == {
        ANA: [("reword", "tb", "| Town | Wells | new |\n|---|---|---|\n| Quito | 31 | new |")]
    }


def test_a_new_table_whose_cells_alone_are_tracked_is_the_members_with_what_else_they_change():
    file = sold(word())

    def cell(text: str):
        hand = {"author": ANA, "date": file.date}
        mark = el("pPr", el("rPr", el("ins", id="7", **hand)))
        return el("tc", el("tcPr"), el("p", mark, el("ins", el("r", el("t", text=text)), id="8", **hand)))

    table = el("tbl", el("tblPr"), *(el("tr", el("trPr"), cell(name), cell(count)) for name, count in ROWS))
    next(p for p in file.document.iter(w("p")) if "Every fountain" in said(p)).addnext(table)
    found = back(file.save())
    assert [(proposal.author, proposal.is_mixed) for proposal in found.proposals] == [(ANA, False)]
    assert told(found)[ANA][-1][::2] == ("insert", "| City | Lamps |\n|---|---|\n| Montfanal | 12 |")


def test_comments_on_the_same_words_are_answers_where_a_program_names_none():
    file = word().comment("own the rain", "Who could?", author="Luc Petit").comment("own the rain", "Kings did.")
    [remark] = back(file.save()).remarks
    assert [(one.author, one.text) for one in remark.replies] == [(ANA, "Kings did.")]
