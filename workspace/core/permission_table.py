"""The table itself: every action, who may do it, in which phases, on which conditions.

`grants("RC", MEMBER, when=(WINDOW_OR_LATE,))` gives a role the action in those
phases, if all the conditions hold; several grants add up. `tests/permission_matrix.csv`,
which people review, says the same in another notation. The rules of procedure
behind the cells are those of the practice of drafting committees: the chair
decides and never on their own proposal, nobody approves their own translation,
publication and embargo take two, late amendments are marked.
"""

from collections.abc import Iterable, Mapping

from msgspec import Struct

from workspace.core.actor import Role
from workspace.core.conditions import Condition

ANON, GUEST, OTHER = Role.ANON, Role.GUEST, Role.OTHER_ORG
OBSERVER, MEMBER, RAPPORTEUR = Role.OBSERVER, Role.MEMBER, Role.RAPPORTEUR
TRANSLATOR, COMMITTEE = Role.TRANSLATOR, Role.COMMITTEE
SECRETARIAT, CHAIR = Role.SECRETARIAT, Role.CHAIR
AUDITOR, ADMIN = Role.AUDITOR, Role.ADMIN

ALWAYS = "SDRCVPA"
PUBLIC = (ANON, GUEST, OTHER)
STAFF = (SECRETARIAT, CHAIR)
KNOWN = tuple(role for role in Role if role is not ANON)
VOTERS = (MEMBER, COMMITTEE, CHAIR)


class Grant(Struct, frozen=True):
    """The phases in which something is allowed, if every condition holds."""

    phases: str
    conditions: frozenset[Condition] = frozenset()


Row = dict[Role, tuple[Grant, ...]]
_Granted = tuple[tuple[Role, ...], Grant]


def grants(phases: str, *roles: Role, when: Iterable[Condition] = ()) -> _Granted:
    return roles, Grant(phases, frozenset(when))


def row(*granted: _Granted) -> Row:
    made: Row = {}
    for roles, grant in granted:
        for role in roles:
            made[role] = (*made.get(role, ()), grant)
    return made


_OWN = (Condition.OWN,)
_TASK = (Condition.TASK,)
_ASSIGNED = (Condition.ASSIGNED,)
_LENT = (Condition.BREAKGLASS,)
_TWO = (Condition.SECOND_PERSON,)
_REASON = (Condition.REASON,)
_OWN_SESSION = (Condition.OWN_SESSION,)
_OPEN = (Condition.OPEN_FORUM,)

_READING: dict[str, Row] = {
    "declaration.exists": row(
        grants("CVPA", *PUBLIC),
        grants("DRCVPA", OBSERVER, MEMBER, TRANSLATOR),
        grants(ALWAYS, RAPPORTEUR, COMMITTEE, *STAFF, AUDITOR, ADMIN),
    ),
    "consultation_text.read": row(
        grants("CV", *PUBLIC, when=(Condition.NOT_EMBARGOED,)),
        grants("CVPA", OBSERVER, MEMBER, RAPPORTEUR, TRANSLATOR, COMMITTEE, *STAFF, AUDITOR, ADMIN),
    ),
    "head.read": row(
        grants("RCV", OBSERVER, MEMBER),
        grants("DRCV", RAPPORTEUR, COMMITTEE),
        grants("DRCV", TRANSLATOR, when=_ASSIGNED),
        grants("SDRCV", *STAFF),
        grants("SDRCV", ADMIN, when=_LENT),
    ),
    "history.read": row(
        grants("PA", *PUBLIC, AUDITOR, ADMIN, when=(Condition.HISTORY_OPEN,)),
        grants("RCVPA", OBSERVER, MEMBER),
        grants("DRCVPA", RAPPORTEUR, COMMITTEE),
        grants("DRCVPA", TRANSLATOR, when=_ASSIGNED),
        grants(ALWAYS, *STAFF),
        grants(ALWAYS, ADMIN, when=_LENT),
    ),
    "edition.read_verify": row(grants("PA", *Role)),
    "provenance.read": row(
        grants("PA", *PUBLIC, AUDITOR, ADMIN),
        grants("RCVPA", OBSERVER, MEMBER),
        grants("DRCVPA", RAPPORTEUR, COMMITTEE),
        grants("DRCVPA", TRANSLATOR, when=_ASSIGNED),
        grants(ALWAYS, *STAFF),
        grants(ALWAYS, ADMIN, when=_LENT),
    ),
    "tally.read": row(
        grants("PA", *Role),
        grants("V", OBSERVER, MEMBER, RAPPORTEUR, COMMITTEE, *STAFF, AUDITOR, when=(Condition.CLOSED,)),
    ),
    "log.read": row(
        grants(ALWAYS, *KNOWN, when=_OWN),
        grants(ALWAYS, *STAFF, when=(Condition.OF_DECLARATION,)),
        grants(ALWAYS, AUDITOR, ADMIN, when=(Condition.NO_TEXT,)),
    ),
    "checkpoint.read": row(grants(ALWAYS, *Role)),
}

_SOURCES: dict[str, Row] = {
    "session.read": row(
        grants(ALWAYS, *PUBLIC, when=(Condition.PUBLIC_PROGRAMME,)),
        grants(ALWAYS, OBSERVER, MEMBER, RAPPORTEUR, TRANSLATOR, COMMITTEE, *STAFF, AUDITOR, ADMIN),
    ),
    "session.edit": row(grants("SDRC", RAPPORTEUR, when=_OWN_SESSION), grants("SDRCV", *STAFF)),
    "notes.import": row(grants("SDRC", RAPPORTEUR, when=_OWN_SESSION), grants("SDRC", *STAFF)),
    "recommendation.read": row(
        grants("CVPA", *PUBLIC, AUDITOR, ADMIN, when=(Condition.RELEASED,)),
        grants("DRCVPA", OBSERVER, MEMBER, TRANSLATOR),
        grants(ALWAYS, RAPPORTEUR, COMMITTEE, *STAFF),
        grants(ALWAYS, ADMIN, when=_LENT),
    ),
    "recommendation.submit": row(
        grants("C", GUEST, when=_OPEN),
        grants("C", OTHER),
        grants("SDRC", OBSERVER, MEMBER, RAPPORTEUR, TRANSLATOR, COMMITTEE, *STAFF),
    ),
    "recommendation.confirm_merge": row(
        grants("SDRC", RAPPORTEUR, when=_OWN_SESSION),
        grants("SDRC", *STAFF),
    ),
    "provenance.link": row(
        grants("DRC", RAPPORTEUR, when=_OWN_SESSION),
        grants("DRC", COMMITTEE, SECRETARIAT),
        grants("DRCV", CHAIR),
    ),
}

_TEXT: dict[str, Row] = {
    "block.edit": row(
        grants("DR", COMMITTEE, when=_REASON),
        grants("D", SECRETARIAT, when=_REASON),
        grants("DRV", CHAIR, when=_REASON),
    ),
    "document.import": row(grants("D", COMMITTEE), grants("SD", *STAFF)),
    "bracket.set_resolve": row(grants("DR", COMMITTEE), grants("DRCV", CHAIR)),
    "paragraph.status": row(grants("DR", COMMITTEE), grants("DRCV", CHAIR)),
    "translation.write": row(grants("DRCV", TRANSLATOR, when=_TASK)),
    "translation.approve": row(grants("DRCV", TRANSLATOR, when=(*_TASK, Condition.NOT_AUTHOR))),
    "translation.assign": row(grants("DRCV", TRANSLATOR, when=_TASK), grants("SDRCV", *STAFF)),
    "glossary.edit": row(grants("DRCV", TRANSLATOR, when=_TASK), grants("SDRCV", *STAFF)),
    "check.waive": row(
        grants("DRCV", TRANSLATOR, when=(*_TASK, *_REASON)),
        grants("DRCV", *STAFF, when=_REASON),
    ),
    "concordance.sign": row(grants("DRCV", TRANSLATOR, when=(*_TASK, Condition.NOT_AUTHOR))),
}

_AMENDMENTS: dict[str, Row] = {
    "amendment.propose": row(
        grants("RC", MEMBER, when=(Condition.WINDOW_OR_LATE,)),
        grants("DRC", COMMITTEE, CHAIR),
    ),
    "amendment.cosponsor": row(grants("RC", MEMBER), grants("DRC", COMMITTEE, CHAIR)),
    "amendment.withdraw_revise": row(grants("DRCV", *VOTERS, when=(*_OWN, Condition.UNDECIDED))),
    "amendment.read_others": row(
        grants("RCVPA", OBSERVER, MEMBER, when=(Condition.AFTER_OPENING,)),
        grants("DRCVPA", RAPPORTEUR, COMMITTEE, *STAFF),
        grants("DRCVPA", TRANSLATOR, when=_ASSIGNED),
        grants("DRCVPA", ADMIN, when=_LENT),
    ),
    "amendment.file_received": row(grants("DRC", *STAFF)),
    "amendment.opinion": row(grants("DRCV", RAPPORTEUR, COMMITTEE, CHAIR)),
    "amendment.decide_adopt_undo": row(grants("DRCV", CHAIR, when=(Condition.NOT_AUTHOR,))),
    "vote.cast": row(grants("V", *VOTERS, when=(Condition.MANDATE, Condition.ONCE))),
    "silence.object": row(grants("V", *VOTERS, when=(Condition.MANDATE,))),
    "procedure.set": row(grants("SDRCV", CHAIR)),
    "question.put": row(grants("V", CHAIR)),
    "consensus.declare": row(grants("DRCV", CHAIR)),
    "floor.give": row(grants("DRCV", *STAFF)),
    "reservation.file": row(grants("VP", MEMBER, when=(Condition.MANDATE, Condition.WINDOW))),
    "reservation.window": row(grants("SDRCVP", CHAIR)),
}

_COMMENTS: dict[str, Row] = {
    "comment.open": row(
        grants("C", GUEST, when=_OPEN),
        grants("C", OTHER),
        grants("RC", OBSERVER, MEMBER, RAPPORTEUR, TRANSLATOR),
        grants("DRC", COMMITTEE, *STAFF),
    ),
    "comment.internal": row(
        grants("DRCV", RAPPORTEUR, COMMITTEE, *STAFF),
        grants("DRCV", TRANSLATOR, when=_ASSIGNED),
    ),
    "comment.edit_own": row(
        grants("C", GUEST, when=(*_OWN, Condition.QUARTER_HOUR)),
        grants("C", OTHER, when=_OWN),
        grants("RC", OBSERVER, MEMBER, when=_OWN),
        grants("DRCV", RAPPORTEUR, TRANSLATOR, COMMITTEE, *STAFF, when=_OWN),
    ),
    "comment.moderate": row(grants("C", COMMITTEE), grants("DRC", *STAFF)),
    "commenter.identity_read": row(
        grants("C", GUEST, OTHER, when=_OWN),
        grants("RC", OBSERVER, MEMBER, RAPPORTEUR, TRANSLATOR, when=_OWN),
        grants("DRC", COMMITTEE, *STAFF, when=_OWN),
        grants("C", *STAFF, when=(Condition.DECLARED,)),
        grants(ALWAYS, ADMIN, when=_LENT),
    ),
}

_PROCESS: dict[str, Row] = {
    "phase.forward": row(grants("SDRP", CHAIR)),
    "phase.to_adoption_or_published": row(grants("CV", CHAIR, when=_TWO)),
    "phase.back": row(grants("RCV", CHAIR, when=_REASON)),
    "deadline.set": row(grants("SDRCV", CHAIR)),
    "deadline.change": row(grants("SDRCV", CHAIR, when=_REASON)),
    "embargo.change": row(grants("DRCV", CHAIR, when=_TWO)),
    "request.confirm": row(grants("DRCV", *STAFF, when=(Condition.NOT_AUTHOR,))),
    "readiness.override": row(grants("V", CHAIR, when=(*_REASON, *_TWO))),
    "edition.preview": row(
        grants("RCV", RAPPORTEUR, COMMITTEE),
        grants("DRCV", TRANSLATOR, when=_ASSIGNED),
        grants("DRCV", *STAFF),
    ),
    "edition.prepare": row(grants("DRCVP", *STAFF)),
    "edition.publish": row(grants("V", *STAFF, when=_TWO)),
    "edition.corrigendum": row(grants("P", *STAFF, when=_TWO)),
    "corrigendum.object": row(grants("P", *VOTERS, when=(Condition.MANDATE,))),
    "history.open": row(grants("PA", CHAIR, when=_REASON)),
}

_HOUSE: dict[str, Row] = {
    "organisation.manage_people": row(
        grants(ALWAYS, MEMBER, when=(Condition.STEWARD,)),
        grants(ALWAYS, SECRETARIAT, ADMIN),
    ),
    "commitment.keep": row(
        grants(ALWAYS, MEMBER, when=(Condition.STEWARD,)),
        grants(ALWAYS, *STAFF, ADMIN),
    ),
    "roles.assign": row(grants("SDRCV", *STAFF), grants("S", ADMIN)),
    "forum.export_all": row(grants(ALWAYS, *STAFF), grants(ALWAYS, ADMIN, when=_LENT)),
    "settings.manage": row(grants(ALWAYS, ADMIN)),
    "signing_key.manage": row(grants(ALWAYS, ADMIN, when=(*_TWO, Condition.CLI))),
    "breakglass.open": row(grants(ALWAYS, ADMIN, when=_REASON)),
    "breakglass.close": row(grants(ALWAYS, ADMIN, when=_OWN), grants(ALWAYS, *STAFF)),
    "breakglass.read": row(grants(ALWAYS, *STAFF, AUDITOR, ADMIN)),
    "personal_data.erase_request": row(
        grants(ALWAYS, *KNOWN, when=_OWN),
        grants(ALWAYS, ADMIN, when=_TWO),
    ),
    "backup_restore": row(grants(ALWAYS, ADMIN, when=(Condition.CLI,))),
    "api_token.create": row(
        grants(ALWAYS, *(role for role in KNOWN if role not in {GUEST, AUDITOR}), when=_OWN),
        grants(ALWAYS, AUDITOR, when=(*_OWN, Condition.READ_ONLY)),
    ),
    "webhook.create": row(grants("DRCVPA", *STAFF), grants(ALWAYS, ADMIN)),
}

TABLE: dict[str, Mapping[Role, tuple[Grant, ...]]] = {
    **_READING,
    **_SOURCES,
    **_TEXT,
    **_AMENDMENTS,
    **_COMMENTS,
    **_PROCESS,
    **_HOUSE,
}
