"""What is written about the text itself: amendments, comments, decisions, votes."""

from tests.workspace.api.knocking import Knock, Place
from workspace.core.actor import Role
from workspace.core.storage.db import new_id


def writing(place: Place) -> list[Knock]:
    """Phases, proposals and conversations."""
    path, block, amendment = place.table.path, place.block, place.amendment
    thread, forum, said = place.thread, place.forum, place.said
    changes = place.table.proposal("Towns share cold water.")["changes"]
    parts = [{"id": "p", "text": "B."}]
    split = {"op": "split", "block": place.table.block(1), "text": "A.", "parts": parts, "joined": ["p"], "level": 0}
    every = [*changes, split]
    edit = {"language": "en", "changes": every, "reason": "So decided."}
    reasoned = {"changes": every, "reason": "It is clearer."}
    rulings = [{"amendment_id": amendment, "verdict": "adopt_modified", "reason": "Better.", "changes": changes}]
    person = str(place.house.people[Role.MEMBER].person_id)
    remark = {"text": "Why?", "language": "en"}
    return [
        Knock(
            Role.MEMBER,
            "propose_amendment",
            f"{path}/amendments",
            {"base_revision": 1, "is_indivisible": True, **edit},
        ),
        Knock(
            Role.CHAIR,
            "record_oral_amendment",
            f"{path}/oral-amendments",
            {"base_revision": 1, "is_indivisible": True, "mover": person, "seconders": [person], **edit},
        ),
        Knock(
            Role.CHAIR,
            "draft_compromise",
            f"{path}/compromises",
            {"base_revision": 1, "is_indivisible": True, "replaces": [1, 2], **edit},
        ),
        Knock(
            Role.CHAIR, "rule_on_leave", f"/amendments/{amendment}/leave", {"is_given": False, "reason": "Too late."}
        ),
        Knock(
            Role.MEMBER,
            "certify_amendment",
            f"/amendments/{amendment}/certification",
            {"is_correct": False, "reason": "I said free."},
        ),
        Knock(Role.CHAIR, "decide_amendments", f"{path}/decisions", {"language": "en", "rulings": rulings}),
        Knock(Role.CHAIR, "edit_text", f"{path}/edits", {**edit, "mover": person}),
        Knock(
            Role.MEMBER,
            "amend_amendment",
            f"/amendments/{amendment}/amendments",
            {**reasoned, "is_indivisible": True},
        ),
        Knock(Role.MEMBER, "revise_amendment", f"/amendments/{amendment}/versions", reasoned),
        Knock(Role.MEMBER, "withdraw_amendment", f"/amendments/{amendment}/withdrawal", None),
        Knock(Role.MEMBER, "reinstate_amendment", f"/amendments/{amendment}/withdrawal/undoing", None),
        Knock(
            Role.MEMBER,
            "open_thread",
            f"{path}/threads",
            {"block_id": block, "text": "And who pays?", "language": "en"},
        ),
        Knock(Role.MEMBER, "reply_to_thread", f"/threads/{thread}/comments", {"text": "We do.", "language": "en"}),
        Knock(Role.MEMBER, "resolve_thread", f"/threads/{thread}/resolution", None),
        Knock(Role.MEMBER, "reopen_thread", f"/threads/{thread}/reopening", None),
        Knock(Role.MEMBER, "open_amendment_thread", f"/amendments/{amendment}/threads", remark),
        Knock(Role.CHAIR, "recommend_comment", f"/comments/{new_id()}/recommendation", None),
        Knock(
            Role.MEMBER, "link_comment_to_amendment", f"/comments/{new_id()}/amendment", {"amendment_id": str(new_id())}
        ),
        Knock(Role.MEMBER, "open_recommendation_thread", f"{forum}/recommendations/{said['number']}/threads", remark),
        Knock(Role.CHAIR, "move_phase", f"{path}/phase", {"phase": "drafting", "reason": "Once more."}),
        Knock(Role.CHAIR, "set_dates", f"{path}/calendar/amendments", {"closes": "2999-01-01T00:00", "reason": "So."}),
        Knock(Role.CHAIR, "open_history", f"{path}/history-opening", {"is_open": True, "reason": "So."}),
    ]


def amending(place: Place) -> list[Knock]:
    """Those who propose together, and what is not yet proposed."""
    amendment, block = place.amendment, place.block
    chair, path = str(place.house.people[Role.CHAIR].person_id), f"/amendments/{amendment}"
    entry = {"block": block, "op": "split", "wording": "A.\n\nB.", "addition": "C.", "after": "start"}
    draft = {
        "language": "en",
        "base_revision": 1,
        "head": block,
        "amends": 0,
        "revises": 0,
        "entries": [{**entry, "before": "yes", "shown": block}],
        "place": 0,
        "reason": "It is clearer.",
        "is_indivisible": True,
        "cosponsors": [chair],
    }
    drafts = f"{place.table.path}/amendment-drafts"
    kept = place.house.member.post(drafts, draft).json()["id"]
    return [
        Knock(Role.MEMBER, "invite_cosponsors", f"{path}/cosponsors", {"people": [chair]}),
        Knock(Role.MEMBER, "take_back_invitation", f"{path}/cosponsors/{chair}", None),
        Knock(Role.CHAIR, "answer_invitation", f"{path}/cosponsorship", {"confirms": True}),
        Knock(Role.CHAIR, "support_amendment", f"{path}/support", None),
        Knock(Role.CHAIR, "withdraw_support", f"{path}/support", None),
        Knock(Role.MEMBER, "begin_amendment_draft", drafts, draft),
        Knock(Role.MEMBER, "keep_amendment_draft", f"/amendment-drafts/{kept}", draft),
        Knock(Role.MEMBER, "discard_amendment_draft", f"/amendment-drafts/{new_id()}", None),
    ]


def in_committee(place: Place) -> list[Knock]:
    """Rulings, opinions and brackets."""
    amendment, block = place.amendment, place.block
    path, reason = place.table.path, "It is clearer."
    changes = place.table.proposal("Towns share hot water.")["changes"]
    wanted = {"texts": {"es": "Agua.", "en": "Water.", "fr": "Eau."}, "organisations": []}
    bracket = {"block_id": block, "language": "en", "alternatives": [wanted], "reason": reason}
    falls = {"amendment_id": amendment, "verdict": "fall", "because_of": str(new_id()), "reason": reason}
    part = {**falls, "verdict": "adopt_partly", "pieces": [0], "keeps_rest_open": True, "changes": []}
    return [
        *(
            Knock(Role.CHAIR, name, f"{path}/{to}", {"rulings": [falls, part], "leading": {block: "es"}})
            for name, to in (("decide_amendments", "decisions"), ("foresee_decisions", "decisions/preview"))
        ),
        Knock(
            Role.CHAIR,
            "give_opinion",
            f"/amendments/{amendment}/opinions",
            {"stance": "modify", "reason": reason, "changes": changes},
        ),
        Knock(Role.MEMBER, "answer_modified", f"/amendments/{amendment}/answers", {"reply": "accept", "word": "Yes."}),
        Knock(Role.CHAIR, "undo_decisions", f"{path}/undoings", {"round": 1, "reason": reason}),
        Knock(Role.CHAIR, "undo_decision", f"{path}/decisions/1/undoing", {"reason": reason}),
        Knock(Role.CHAIR, "set_bracket", f"{path}/brackets", bracket),
        Knock(
            Role.CHAIR,
            "resolve_bracket",
            f"{path}/brackets/1/resolution",
            {"alternative": 1, "language": "en", "reason": reason},
        ),
        Knock(
            Role.CHAIR,
            "set_status",
            f"{path}/paragraphs/{block}/status",
            {"status": "provisional", "reason": reason},
        ),
        Knock(
            Role.CHAIR, "agree_paragraphs", f"{path}/paragraphs/statuses", {"paragraphs": [block], "status": "closed"}
        ),
        Knock(Role.CHAIR, "undo_agreed", f"{path}/paragraphs/statuses/undoing", {"first": 1, "last": 1}),
        Knock(Role.CHAIR, "take_table", f"{path}/amendment-tables", None),
    ]


def put_to_the_room(place: Place) -> list[Knock]:
    """Questions, the table of the plenary, and claims on paragraphs."""
    block = place.block
    path, claim = place.final.path, f"{place.table.path}/blocks/{block}/claim"
    about = {"subject": "paragraph", "amendment": 1, "block_id": block, "language": "en", "part": "Towns"}
    rules = {"means": "vote", "majority": "two_thirds", "quorum": 50, "is_roll_call": False, "one_voice": True}
    one, reason = f"{path}/questions/1", {"reason": "So."}
    return [
        Knock(Role.CHAIR, "set_procedure", f"{path}/procedure", {**rules, "abstentions_count": True}),
        Knock(Role.CHAIR, "set_weights", f"{path}/procedure/weights", {"items": [{"mandate_id": block, "weight": 2}]}),
        Knock(Role.CHAIR, "put_vote", f"{path}/votes", {"about": about, "record_date": "2026-01-01", "rules": rules}),
        Knock(Role.CHAIR, "put_silence", f"{path}/silences", {"closes": "2999-01-01T00:00", "zone": "UTC"}),
        Knock(Role.CHAIR, "note_consensus", f"{path}/consensus", {"about": {"subject": "text"}}),
        Knock(Role.MEMBER, "request_ballot", f"{path}/ballot-requests", {"kind": "separate", "about": about}),
        Knock(Role.MEMBER, "withdraw_ballot_request", f"{path}/ballot-requests/{new_id()}/withdrawal", None),
        Knock(Role.MEMBER, "give_proxy", f"{path}/proxies", {"holder": str(new_id()), "ends_on": "2999-01-01"}),
        Knock(Role.MEMBER, "revoke_proxy", f"{path}/proxies/{new_id()}/revocation", None),
        Knock(Role.MEMBER, "cast_vote", f"{one}/votes", {"choice": "yes", "proxy": str(new_id())}),
        Knock(Role.MEMBER, "confirm_receipt", f"{one}/receipt", None),
        Knock(Role.MEMBER, "object_to_silence", f"{one}/objection", {**reason, "block_id": block}),
        Knock(Role.CHAIR, "retake_vote", f"{one}/retaking", reason),
        Knock(Role.CHAIR, "close_vote", f"{one}/closing", None),
        Knock(Role.SECRETARIAT, "confirm_consensus", f"{one}/confirmation", None),
        Knock(Role.SECRETARIAT, "decline_consensus", f"{one}/refusal", reason),
        Knock(Role.CHAIR, "take_back_consensus", f"{one}/reversal", reason),
        Knock(Role.CHAIR, "withdraw_question", f"{one}/withdrawal", reason),
        Knock(Role.CHAIR, "carry_out_question", f"{one}/decision", reason),
        Knock(Role.CHAIR, "give_floor", f"{path}/floor", {"amendment": 1, "block_id": block}),
        Knock(Role.CHAIR, "arrange_sitting", f"{path}/sittings", {"place": "Here", "at": "2026-11-23T10:00"}),
        Knock(Role.CHAIR, "act_at_sitting", f"{path}/sittings/1/acts", {"act": "open_list", "minutes": 2}),
        Knock(Role.CHAIR, "set_speaker_groups", f"{path}/sittings/groups", {"groups": {}}),
        Knock(
            Role.CHAIR,
            "change_order",
            f"{path}/floor/order/changes",
            {"amendment": 1, "act": "before", "anchor": 2, "group": "A", "reason": "So."},
        ),
        Knock(
            Role.MEMBER, "ask_separate_vote", f"{path}/floor/order/separate-votes", {"amendment": 1, "is_wanted": True}
        ),
        Knock(Role.SECRETARIAT, "send_voting_list", f"{path}/sitting/letters", None),
        Knock(Role.CHAIR, "step_floor", f"{path}/floor/step", {"to": "next"}),
        Knock(Role.CHAIR, "set_screen", f"{path}/floor/screen", {"is_public": True, "minutes": 5}),
        Knock(Role.MEMBER, "claim_block", claim, None),
        Knock(Role.MEMBER, "release_block", claim, None),
    ]
