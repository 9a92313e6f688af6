"""The circular: what is open until when, how to propose a change, and what has been proposed, from a table taken."""

from drafts.blocks import BlockKind
from drafts.formats.report import Report
from drafts.numbering import printed
from workspace.amendments.snapshots import TableRow
from workspace.core import clock
from workspace.declarations.models import Deadline
from workspace.interchange.taken_tables import Taken, Writing, escaped
from workspace.letters.wordings import PHASES
from workspace.web.i18n import N_, Messages

_WAYS: tuple[tuple[str, str | None], ...] = (
    (N_("On the page of the paragraph: choose “Propose an amendment”."), ""),
    (N_("In Word: take the text with you, change it with changes tracked, and bring it back."), "/word"),
    (
        N_(
            "By mail to the secretariat, in Spanish, English or French: “Para 6: replace … by …”. "
            "You receive the number of your amendment."
        ),
        None,
    ),
)


def circular(found: Taken, messages: Messages, site: str) -> Report:
    """The circular of a table, in the language of the messages; `site` is where the workspace is read."""
    say, made = messages.gettext, Writing(messages)
    name = found.declaration.name.said_in(messages.language)
    home = f"{site}/{messages.language}/{found.declaration.forum.slug}/{found.declaration.slug}"
    number = found.snapshot.number
    made.add(BlockKind.TITLE, escaped(say(N_("Circular %(number)s: %(declaration)s"), number=number, declaration=name)))
    forum = found.declaration.forum.name.said_in(messages.language)
    made.add(BlockKind.PARAGRAPH, escaped(f"{forum}, {messages.moment(found.at)}"))
    made.add(BlockKind.HEADING, escaped(say(N_("Where the text stands"))), 1)
    made.add(BlockKind.PARAGRAPH, f"{escaped(_stands(found, messages))} <{home}>")
    made.add(BlockKind.HEADING, escaped(say(N_("What is open, and until when"))), 1)
    dates = [one for one in sorted(found.deadlines, key=_closing) if one.closes_at and not one.closed_at]
    for one in dates:
        made.add(BlockKind.BULLET, escaped(_until(one, found, messages)))
    if dates:
        today = messages.date(clock.now().astimezone(found.at.tzinfo).date())
        made.add(BlockKind.PARAGRAPH, escaped(say(N_("These dates stand as they are set on %(at)s."), at=today)))
    else:
        said = say(N_("No date has been set. The calendar of the text says when one is."))
        made.add(BlockKind.PARAGRAPH, escaped(said))
    made.add(BlockKind.HEADING, escaped(say(N_("How to propose a change"))), 1)
    for words, address in _WAYS:
        made.add(BlockKind.BULLET, f"{escaped(say(words))}{f' <{home}{address}>' if address is not None else ''}")
    made.add(BlockKind.HEADING, escaped(_count(found, messages)), 1)
    for row in found.open:
        made.add(BlockKind.BULLET, escaped(_listed(row, found, messages)))
    return made.report(found, {})


def _stands(found: Taken, messages: Messages) -> str:
    return messages.gettext(
        N_("This circular speaks of revision %(revision)s, as table %(number)s has it (SHA-256 %(sha256)s)."),
        revision=found.snapshot.revision.number,
        number=found.snapshot.number,
        sha256=found.snapshot.sha256[:16],
    )


def _closing(one: Deadline) -> str:
    return one.closes_at.isoformat() if one.closes_at else ""


def _until(one: Deadline, found: Taken, messages: Messages) -> str:
    zone = found.at.tzinfo
    at = one.closes_at.astimezone(zone) if one.closes_at else found.at
    word = one.stage.phase.value if one.stage.phase else one.stage.value
    stage = messages.gettext(PHASES[word])
    return messages.gettext(N_("%(stage)s: until %(at)s"), stage=stage, at=messages.moment(at))


def _count(found: Taken, messages: Messages) -> str:
    count = len(found.open)
    return messages.ngettext("One open amendment", "%(n)s open amendments", count)


def _listed(row: TableRow, found: Taken, messages: Messages) -> str:
    facts = {"number": row.number, "who": found.who(row)}
    paragraphs = dict.fromkeys(printed(place.number, messages.language) for place in row.places if place.number)
    if not paragraphs:
        return messages.gettext(N_("Amendment %(number)s, %(who)s"), **facts)
    return messages.ngettext(
        "Amendment %(number)s, %(who)s: paragraph %(paragraphs)s",
        "Amendment %(number)s, %(who)s: paragraphs %(paragraphs)s",
        len(paragraphs),
        paragraphs=", ".join(paragraphs),
        **facts,
    )
