"""Who put a word into a text."""

from itertools import pairwise

from hypothesis import strategies as st

from drafts.diff.blame import BlamedRun, blame
from drafts.text.tokens import tokenize
from tests.support.laws import law
from tests.support.texts import paragraphs


def test_each_word_belongs_to_the_version_that_brought_it():
    versions = ["Cities share water.", "Cities share clean water.", "All cities share clean water every year."]
    assert blame(versions) == (
        BlamedRun("All cities", 2),
        BlamedRun(" share ", 0),
        BlamedRun("clean ", 1),
        BlamedRun("water", 0),
        BlamedRun(" every year", 2),
        BlamedRun(".", 0),
    )


def test_an_undone_change_gives_the_words_back():
    assert blame(["Cities share water.", "Cities share land.", "Cities share water."]) == (
        BlamedRun("Cities share water.", 0),
    )


def test_no_version_has_no_words():
    assert blame([]) == ()
    assert blame(["", "Cities."]) == (BlamedRun("Cities.", 1),)


@law(st.lists(paragraphs, min_size=1, max_size=5))
def test_the_runs_are_the_last_version_and_name_versions_that_say_them(versions):
    runs = blame(versions)
    assert "".join(run.text for run in runs) == versions[-1]
    assert all(token in tokenize(versions[run.version]) for run in runs for token in tokenize(run.text))
    assert all(one.version != other.version for one, other in pairwise(runs))
