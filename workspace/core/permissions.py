"""Who may do what, in one table; the policies of the slices add the conditions a table cannot hold.

Phases are written with their letters: S setup, D drafting, R review, C
consultation, V adoption, P published, A archived. What is not listed is denied.
The rules of procedure behind the cells are those of `conventions.md`, 1 and 3.
"""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from uuid import UUID

from workspace.core.actor import Actor, Role
from workspace.core.errors import NotAllowed


class Phase(StrEnum):
    """Where a declaration is on its way. The values are the letters of the table."""

    SETUP = "S"
    DRAFTING = "D"
    REVIEW = "R"
    CONSULTATION = "C"
    ADOPTION = "V"
    PUBLISHED = "P"
    ARCHIVED = "A"


ALWAYS = "SDRCVPA"
_STAFF = {Role.SECRETARIAT: ALWAYS, Role.CHAIR: ALWAYS}

TABLE: Mapping[str, Mapping[Role, str]] = {
    "declaration.exists": {
        **dict.fromkeys((Role.ANON, Role.GUEST, Role.OTHER_ORG), "CVPA"),
        **dict.fromkeys((Role.OBSERVER, Role.MEMBER, Role.TRANSLATOR), "DRCVPA"),
        **dict.fromkeys((Role.RAPPORTEUR, Role.COMMITTEE, Role.AUDITOR, Role.ADMIN), ALWAYS),
        **_STAFF,
    },
    "consultation_text.read": {
        **dict.fromkeys((Role.ANON, Role.GUEST, Role.OTHER_ORG), "CV"),
        **dict.fromkeys(
            (
                Role.OBSERVER,
                Role.MEMBER,
                Role.RAPPORTEUR,
                Role.TRANSLATOR,
                Role.COMMITTEE,
                Role.SECRETARIAT,
                Role.CHAIR,
                Role.AUDITOR,
                Role.ADMIN,
            ),
            "CVPA",
        ),
    },
    "head.read": {
        **dict.fromkeys((Role.OBSERVER, Role.MEMBER), "RCV"),
        **dict.fromkeys((Role.RAPPORTEUR, Role.TRANSLATOR, Role.COMMITTEE), "DRCV"),
        **dict.fromkeys((Role.SECRETARIAT, Role.CHAIR), "SDRCV"),
    },
    "history.read": {
        **dict.fromkeys((Role.OBSERVER, Role.MEMBER), "RCVPA"),
        **dict.fromkeys((Role.RAPPORTEUR, Role.TRANSLATOR, Role.COMMITTEE), "DRCVPA"),
        **_STAFF,
    },
    "edition.read_verify": dict.fromkeys(Role, "PA"),
    "notes.import": dict.fromkeys((Role.RAPPORTEUR, Role.SECRETARIAT, Role.CHAIR), "SDRC"),
    "recommendation.read": {
        **dict.fromkeys((Role.ANON, Role.GUEST, Role.OTHER_ORG), "CVPA"),
        **dict.fromkeys((Role.OBSERVER, Role.MEMBER, Role.TRANSLATOR), "DRCVPA"),
        **dict.fromkeys((Role.RAPPORTEUR, Role.COMMITTEE), ALWAYS),
        **_STAFF,
    },
    "recommendation.confirm_merge": dict.fromkeys((Role.RAPPORTEUR, Role.SECRETARIAT, Role.CHAIR), "SDRC"),
    "provenance.link": {
        **dict.fromkeys((Role.RAPPORTEUR, Role.COMMITTEE, Role.SECRETARIAT), "DRC"),
        Role.CHAIR: "DRCV",
    },
    "provenance.read": {
        **dict.fromkeys((Role.ANON, Role.GUEST, Role.OTHER_ORG), "PA"),
        **dict.fromkeys((Role.OBSERVER, Role.MEMBER), "RCVPA"),
        **dict.fromkeys((Role.RAPPORTEUR, Role.TRANSLATOR, Role.COMMITTEE), "DRCVPA"),
        **_STAFF,
    },
    "block.edit": {Role.COMMITTEE: "DR", Role.SECRETARIAT: "D", Role.CHAIR: "DRV"},
    "document.import": {Role.COMMITTEE: "D", Role.SECRETARIAT: "SD", Role.CHAIR: "SD"},
    "amendment.propose": {Role.MEMBER: "RC", Role.COMMITTEE: "DRC", Role.CHAIR: "DRC"},
    "amendment.withdraw_revise": dict.fromkeys((Role.MEMBER, Role.COMMITTEE, Role.CHAIR), "DRCV"),
    "amendment.read_others": {
        **dict.fromkeys((Role.OBSERVER, Role.MEMBER), "RCV"),
        **dict.fromkeys((Role.RAPPORTEUR, Role.TRANSLATOR, Role.COMMITTEE, Role.SECRETARIAT, Role.CHAIR), "DRCV"),
    },
    "amendment.decide_adopt_undo": {Role.CHAIR: "DRCV"},
    "comment.open": {
        Role.OTHER_ORG: "C",
        **dict.fromkeys((Role.OBSERVER, Role.MEMBER, Role.RAPPORTEUR, Role.TRANSLATOR), "RC"),
        **dict.fromkeys((Role.COMMITTEE, Role.SECRETARIAT, Role.CHAIR), "DRC"),
    },
    "translation.write": {Role.TRANSLATOR: "DRCV"},
    "phase.forward": {Role.CHAIR: "SDRC"},
    "phase.to_adoption_or_published": {Role.CHAIR: "RCV"},
    "phase.back": {Role.CHAIR: "RCV"},
    "edition.preview": {
        **dict.fromkeys((Role.RAPPORTEUR, Role.COMMITTEE), "RV"),
        **dict.fromkeys((Role.TRANSLATOR, Role.SECRETARIAT, Role.CHAIR), "DRCV"),
    },
    "edition.publish": dict.fromkeys((Role.SECRETARIAT, Role.CHAIR), "V"),
    "forum.export_all": _STAFF,
    "organisation.manage_people": dict.fromkeys((Role.SECRETARIAT, Role.ADMIN), ALWAYS),
}


def may(actor: Actor, action: str, *, forum_id: UUID, phase: Phase, day: date) -> bool:
    """Whether the table lets `actor` do `action` in this forum, in this phase, on this day; an operator may all."""
    row = TABLE[action]
    return actor.is_operator or any(phase in row.get(role, "") for role in actor.roles_in(forum_id, day))


def allowed(actor: Actor, *, forum_id: UUID, phase: Phase, day: date) -> frozenset[str]:
    """Every action that the table lets `actor` do in this forum, in this phase, on this day."""
    return frozenset(action for action in TABLE if may(actor, action, forum_id=forum_id, phase=phase, day=day))


def ensure(actor: Actor, action: str, *, forum_id: UUID, phase: Phase, day: date) -> None:
    """Raise `NotAllowed` unless the table lets them."""
    if not may(actor, action, forum_id=forum_id, phase=phase, day=day):
        raise NotAllowed(action=action)
