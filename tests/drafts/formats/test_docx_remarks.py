"""Comments and amendments that come back in a Word file: what is new of them, and what is on record."""

from drafts.diff.amendments import Change, ChangeOp, amend
from drafts.formats.docx.comments import fingerprint
from drafts.formats.docx.entries import CommentEntry
from drafts.formats.docx.origin import KnownRemark, origin_of, stamp
from drafts.formats.docx.reader import read
from drafts.formats.docx.returned import FiledAmendment, read_returned
from drafts.text.numbering import numbers
from tests.drafts.formats.word_habits import ANA, SELL, word
from tests.drafts.formats.word_texts import BASE, back, hand, out, out_tracked, told
from tests.support.word import InWord


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
    remark = CommentEntry("o2", hand(3), "Who could?")
    origin = origin_of(
        BASE, declaration="d", revision=1, remarks=[KnownRemark("thread", fingerprint("Member 3", "Who could?"))]
    )
    data = out_tracked(BASE, [], remarks={"o2": [remark]}, origin=origin)
    assert back(data).remarks == ()
    [answer] = back(InWord(data, author=ANA).comment("sell it", "Kings did.", to="Who could?").save()).remarks
    assert (answer.text, answer.thread) == ("Kings did.", "thread")


def test_amendments_that_went_out_are_on_record_when_they_come_back_as_they_were_filed():
    text = "Each fountain shall carry the name of whoever mended it."
    filed = amend(4, BASE, [Change(ChangeOp.REWORD, "o4", text=text)])
    known = {hand(4): [FiledAmendment("4", filed.proposed)]}
    file = InWord(out_tracked(BASE, [filed]), author=ANA).replace("sell it", "give it away")
    found = read_returned(read(file.save()), BASE, numbers(BASE), known)
    assert told(found) == {ANA: SELL}
    assert found.on_record == ("4",)


def test_a_change_that_only_borrows_the_name_and_date_of_one_on_record_is_proposed():
    text = "Each fountain shall carry the name of whoever mended it."
    filed = amend(4, BASE, [Change(ChangeOp.REWORD, "o4", text=text)])
    known = {hand(4): [FiledAmendment("4", filed.proposed)]}
    file = InWord(out(), author=hand(4).author, date=stamp(hand(4).date)).replace("sell it", "give it away")
    found = read_returned(read(file.save()), BASE, numbers(BASE), known)
    assert told(found) == {hand(4).author: SELL}
    assert found.on_record == ()
