"""Akoma Ntoso taken in as a first draft: our own editions as they were, other people's as far as they go."""

import itertools
import re

import pytest
from lxml import etree
from msgspec.structs import replace

from drafts.base.errors import TooLarge
from drafts.formats import akoma_ntoso, akoma_ntoso_reader
from drafts.formats.assembly import EditionWording, RevisionRow, edition_text
from drafts.text.block_roles import classify
from drafts.text.blocks import Block, BlockKind, Language
from drafts.text.markup import read_blocks
from tests.drafts.formats.around import APPARATUS
from tests.drafts.formats.conftest import IMPRINT

LINK = re.compile(r"\[([^\]]+)\]\(#b-[^)]*\)")


def first_draft(data, language):
    text = akoma_ntoso_reader.first_text(etree.fromstring(data))
    numbered = (f"n{number}" for number in itertools.count())
    return classify(read_blocks(text, language=language, new_id=lambda: next(numbered)))


def said(blocks):
    """Kinds, levels and texts; footnotes apart, since a text may hold them anywhere."""
    told = [(block.kind, block.level, LINK.sub(r"\1", block.text)) for block in blocks]
    return [one for one in told if one[0] is not BlockKind.NOTE], {one for one in told if one[0] is BlockKind.NOTE}


@pytest.mark.parametrize("language", Language)
def test_an_edition_of_ours_comes_back_with_the_same_blocks_and_words(declaration, language):
    text = replace(declaration, apparatus=APPARATUS)
    data = akoma_ntoso.expression(text, language)
    found = first_draft(data, language)
    printed = [(row, row.cells[language]) for row in declaration.rows]
    wanted = [
        Block(row.id, row.kind, cell.printed, row.level) for row, cell in printed if isinstance(cell, EditionWording)
    ]
    assert said(found) == said(wanted)


FOREIGN = """<?xml version="1.0" encoding="UTF-8"?>
<akomaNtoso xmlns="http://docs.oasis-open.org/legaldocml/ns/akn/3.0">
  <act name="act"><meta><identification source="#x"/></meta>
    <preface><longTitle><p>An <docTitle>Act on
      wells</docTitle></p></longTitle></preface>
    <body>
      <chapter eId="ch_1"><num>Chapter 1</num><heading>Water</heading>
        <article eId="art_1"><num>Article 1</num>
          <paragraph eId="p1"><num>1.</num>
            <intro><p>Every town shall:</p></intro>
            <point eId="pa"><num>(a)</num><content><p>keep its wells<authorialNote marker="*">
              <p>Old and new.</p></authorialNote>;</p></content></point>
            <point eId="pb"><num>(b)</num><content><p>share <b>them</b>.</p></content></point>
          </paragraph>
          <paragraph eId="p2"><num>2.</num><content><p>Nobody shall pay.</p></content></paragraph>
        </article>
      </chapter>
    </body>
  </act>
</akomaNtoso>"""


def test_an_act_of_somebody_else_becomes_headings_numbered_paragraphs_and_items():
    found = first_draft(FOREIGN.encode(), Language.EN)
    assert [(block.kind, block.level, block.text) for block in found] == [
        (BlockKind.TITLE, 0, "Act on wells"),
        (BlockKind.HEADING, 1, "Chapter 1 Water"),
        (BlockKind.HEADING, 2, "Article 1"),
        (BlockKind.OPERATIVE, 0, "Every town shall:"),
        (BlockKind.ITEM, 1, "keep its wells[^*];"),
        (BlockKind.ITEM, 1, "share **them**."),
        (BlockKind.OPERATIVE, 0, "Nobody shall pay."),
        (BlockKind.NOTE, 0, "[^*]: Old and new."),
    ]


def test_words_that_look_like_marks_stay_words():
    hostile = "# not *a* heading [x](javascript:1) | 1\\. <b>"
    rows = [RevisionRow(id="o1", kind=BlockKind.OPERATIVE, texts=dict.fromkeys(Language, r"\# no \*stars\* 1. `c`"))]
    data = akoma_ntoso.expression(edition_text(rows, IMPRINT), Language.EN)
    assert first_draft(data, Language.EN).blocks[1].text == r"# no \*stars\* 1. `c`"
    foreign = FOREIGN.replace("Nobody shall pay.", hostile.replace("<b>", "&lt;b>"))
    [last] = [block for block in first_draft(foreign.encode(), Language.EN) if "javascript" in block.text]
    assert last.kind is BlockKind.OPERATIVE


def test_a_file_with_no_end_of_depth_is_refused():
    deep = "<i>" * 200 + "x" + "</i>" * 200
    with pytest.raises(TooLarge):
        first_draft(FOREIGN.replace("Nobody shall pay.", deep).encode(), Language.EN)
