"""Words that come back from Word in the Markdown of the block they went out from."""

import pytest

from drafts.formats.docx.glyphs import GlyphKind, Style, StyledPiece, styled_pieces
from drafts.formats.docx.inline_markdown import markdown_of, restore_markdown
from drafts.text.blocks import Block
from tests.drafts.formats.word_texts import K


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
    assert restore_markdown(block, styled_pieces(text), folds=False).text == text
    assert styled_pieces(markdown_of(styled_pieces(text))) == styled_pieces(text)


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
    new = [StyledPiece(GlyphKind.TEXT, found.replace("\\", ""), Style())]
    back = restore_markdown(block, new, folds=False)
    assert "".join(one.text for one in styled_pieces(back.text)) == found.replace("\\", "")
    assert back.text == wanted
