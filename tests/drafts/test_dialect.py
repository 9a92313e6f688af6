"""The parser of our Markdown: the same for whoever reads first, and for several at once."""

import subprocess
import sys

_TWO_AT_ONCE = """
from threading import Barrier, Thread
from drafts.text import markdown_parser as dialect
from drafts.formats import text_parts
made, ready = [], Barrier(8)
def read():
    ready.wait()
    made.append(str([(token.type, token.content) for token in dialect.inline("*One* and [two](https://a.example)[^1].")]))
for one in (many := [Thread(target=read) for _ in range(8)]):
    one.start()
for one in many:
    one.join()
parsers = (dialect._INLINE, dialect._BLOCKS, dialect._MARKS, text_parts._BLOCKS)
rulers = [ruler for one in parsers for ruler in (one.core.ruler, one.block.ruler, one.inline.ruler, one.inline.ruler2)]
print(len(set(made)), all(ruler.__cache__ is not None for ruler in rulers))
"""


def test_several_who_read_their_first_text_at_once_read_it_alike():
    told = subprocess.run([sys.executable, "-c", _TWO_AT_ONCE], capture_output=True, text=True, check=True)
    assert told.stdout.split() == ["1", "True"]
