"""Habits that Word files come back with: what programs and people do to a file besides the change that they make."""

from lxml import etree

from tests.drafts.formats.word_texts import out
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
