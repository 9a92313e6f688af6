"""What a Word file that came back holds that is on record already: amendments and remarks that it went out with."""

from collections.abc import Iterator, Mapping, Sequence

from drafts.blocks import Document
from drafts.formats.docx.entries import Hand
from drafts.formats.docx.origin import Known
from drafts.formats.docx.read_values import Comment, WordText
from drafts.formats.docx.remarks import fingerprint
from drafts.formats.docx.returned import Filed
from drafts.formats.docx.views import hands
from workspace.amendments.models import Amendment
from workspace.amendments.queries import every
from workspace.amendments.service import AmendmentService
from workspace.comments.conversations import Conversations
from workspace.core.actor import Actor
from workspace.core.db import Db
from workspace.declarations.models import Declaration
from workspace.interchange.word_files import hand_of, threads_said
from workspace.web.i18n import LANGUAGES, N_, messages

_NUMBER = N_("Amendment %(number)s")


def amendments_on_record(db: Db, text: WordText, base: Document, filed: Sequence[Amendment]) -> Mapping[Hand, Filed]:
    """The amendments whose hands are in the file, as they would change the text it was made from."""
    everybody, service = set(hands(text)), AmendmentService(db)
    found: dict[Hand, Filed] = {}
    for amendment in filed if everybody else ():
        if (hand := hand_of(amendment)) in everybody and amendment.language is base.language:
            carried = service.bases.carried(service.bases.asked(amendment), base).proposal
            found[hand] = Filed(str(amendment.number), carried.proposed if carried else base)
    return found


def remarks_on_record(db: Db, text: WordText, declaration: Declaration, *, actor: Actor) -> tuple[Known, ...]:
    """The comments of the file that were said before, by whatever the file itself says of them.

    A part of ours that came back names them; without it they are known by who said what, as far as `actor` reads it.
    """
    if not text.comments:
        return ()
    _, known = threads_said(Conversations(db).threads(declaration, actor=actor))
    on_record = {remark.id for remark in known} | {""}
    named = (remark for remark in (text.origin.remarks if text.origin else ()) if remark.id in on_record)
    return (*named, *known, *_told_of_amendments(text.comments, list(db.scalars(every(declaration)))))


def _told_of_amendments(comments: Sequence[Comment], filed: Sequence[Amendment]) -> Iterator[Known]:
    """The comments in which a file said what an amendment is about, whatever language it was made in."""
    names: dict[str, list[str]] = {}
    for amendment in filed:
        said = [messages(language).gettext(_NUMBER, number=amendment.number) for language in LANGUAGES]
        names.setdefault(hand_of(amendment).author, []).extend(said)
    for comment in comments:
        own = names.get(comment.hand.author, ())
        if any(comment.text == name or comment.text.startswith((f"{name}. ", f"{name}, ")) for name in own):
            yield Known("", fingerprint(comment.hand.author, comment.text))
