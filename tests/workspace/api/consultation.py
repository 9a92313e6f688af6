"""What is written from the notes to the register: sessions, recommendations, themes, commitments."""

from tests.workspace.api.knocking import Knock, Place
from workspace.core.actor import Role
from workspace.core.storage.db import new_id


def beginning(place: Place) -> list[Knock]:
    """Notes, and the drafts that begin from them."""
    forum, path, block = place.forum, place.table.path, place.block
    name = {"es": "Uno", "en": "One", "fr": "Un"}
    nowhere = str(new_id())
    return [
        Knock(
            Role.RAPPORTEUR,
            "settle_recommendations",
            f"{forum}/recommendations/settlement",
            {"standing": "dropped", "numbers": [1], "reason": "Said twice."},
        ),
        Knock(
            Role.CHAIR,
            "draft_declaration",
            f"{forum}/declarations/from-recommendations",
            {"slug": "one", "name": name, "language": "en", "recommendations": [1]},
        ),
        Knock(Role.CHAIR, "import_notes", f"{forum}/notes", {"files": ["x"]}),
        Knock(Role.CHAIR, "give_session", f"/sessions/{new_id()}/rapporteur", {"person_id": str(new_id())}),
        Knock(
            Role.CHAIR,
            "link_recommendation",
            f"{path}/provenance",
            {"block_id": block, "recommendation_id": place.said["id"], "kind": "partly", "note": "In part."},
        ),
        Knock(
            Role.CHAIR,
            "create_declaration",
            f"{forum}/declarations/from-texts",
            {
                "slug": "two",
                "language": "en",
                "texts": {"es": "# Uno\n", "en": "# One\n", "fr": "# Un\n"},
                "accept_gaps": True,
            },
        ),
        Knock(
            Role.CHAIR,
            "put_side_by_side",
            f"{forum}/declarations/from-texts/rows",
            {"texts": {"es": "# Uno\n", "en": "# One\n", "fr": "# Un\n"}},
        ),
        Knock(Role.CHAIR, "confirm_link", f"/provenance/{nowhere}/look", None),
        Knock(Role.CHAIR, "unlink_recommendation", f"/provenance/{nowhere}", None),
    ]


def consulting(place: Place) -> list[Knock]:
    """What rapporteurs and the secretariat write; an id made up where nothing of the kind was made before."""
    forum, session, said = place.forum, place.session, place.said["id"]
    item, nowhere = f"/recommendations/{said}", str(new_id())
    chair, rapporteur = Role.CHAIR, Role.RAPPORTEUR
    name = {"es": "Uno", "en": "One", "fr": "Un"}
    return [
        Knock(chair, "make_session", f"{forum}/sessions", {"facts": {"title": "Air"}, "language": "en"}),
        Knock(chair, "remove_session", f"/sessions/{nowhere}/removal", {"reason": "So."}),
        Knock(chair, "import_programme_sheet", f"{forum}/sessions/sheet", {"file": "x", "language": "en"}),
        Knock(chair, "restore_session", f"/sessions/{nowhere}/removal/undoing", None),
        Knock(chair, "divide_session", f"/sessions/{nowhere}/division", {"parts": [{"title": "Air"}], "reason": "So."}),
        Knock(chair, "place_note", f"{forum}/notes/{nowhere}/session", {"session": session}),
        Knock(chair, "attach_session_file", f"/sessions/{session}/files", {"file": "x"}),
        Knock(chair, "remove_session_file", f"/sessions/{session}/files/{nowhere}/removal", None),
        Knock(chair, "restore_session_file", f"/sessions/{session}/files/{nowhere}/removal/undoing", None),
        Knock(chair, "join_sessions", f"/sessions/{nowhere}/joining", {"into": session, "reason": "So."}),
        Knock(chair, "correct_session", f"/sessions/{session}/facts", {"title": "Water", "room": "Two"}),
        Knock(chair, "make_form", f"{forum}/forms", {"kind": "call", "title": {"en": "Call"}, "opens": "2026-01-01"}),
        Knock(chair, "change_form", f"{forum}/forms/1", {"title": {"en": "Call"}, "opens": "2026-01-01"}),
        Knock(
            Role.MEMBER,
            "answer_form",
            f"{forum}/forms/1/answers",
            {"content": {"title": "Pumps", "objectives": "Lend."}, "language": "en"},
        ),
        Knock(Role.MEMBER, "correct_answer", f"{forum}/form-answers/{nowhere}", {"content": {"title": "Pumps"}}),
        Knock(chair, "settle_answer", f"{forum}/forms/1/answers/1", {"state": "counted", "make_session": False}),
        Knock(chair, "take_up_texts", f"{forum}/forms/1/texts", {"texts": [[1, "title"]], "organisations": {}}),
        Knock(rapporteur, "accept_document", f"/documents/{nowhere}/acceptance", None),
        Knock(rapporteur, "add_item", f"/documents/{nowhere}/items", {"session_id": session, "text": "Repair."}),
        Knock(rapporteur, "mark_text", f"/documents/{nowhere}/marks", {"kind": "objective", "text": "Repair."}),
        Knock(rapporteur, "confirm_suggestions", f"/documents/{nowhere}/confirmations", {"keys": ["1"]}),
        Knock(
            rapporteur,
            "confirm_facts",
            f"/documents/{nowhere}/facts",
            {"sessions": [{"number": 1, "digest": "a" * 64}]},
        ),
        Knock(rapporteur, "return_suggestion", f"/documents/{nowhere}/returns", {"key": "1"}),
        Knock(rapporteur, "divide_item", f"{item}/division", {"parts": ["Repair", "fountains."]}),
        Knock(rapporteur, "drop_item", f"{item}/dropping", {"reason": "Said twice."}),
        Knock(rapporteur, "join_items", f"{item}/junction", {"other_id": nowhere}),
        Knock(rapporteur, "look_at_finding", f"/sessions/{session}/findings-seen", {"digest": "a" * 64}),
        Knock(rapporteur, "reword_item", f"{item}/wording", {"text": "Repair all fountains."}),
        Knock(chair, "add_group", f"/sessions/{session}/groups", {"name": "Group one", "language": "en"}),
        Knock(chair, "enter_list", f"/sessions/{session}/entries", {"text": "- Plant trees.", "language": "en"}),
        Knock(
            chair, "add_adopted_text", f"{forum}/adopted-texts", {"texts": {"en": "# One\n\nTwo.\n"}, "symbol": "A/1"}
        ),
        Knock(chair, "settle_adopted_row", f"{forum}/adopted-texts/{nowhere}/rows", {"position": 1, "is_same": True}),
        Knock(chair, "remove_adopted_text", f"{forum}/adopted-texts/{nowhere}", None),
        Knock(
            chair,
            "add_passage",
            f"{forum}/passages",
            {"source": "Charter", "citation": "Art. 1", "language": "en", "text": "Water is shared."},
        ),
        Knock(
            Role.SECRETARIAT,
            "add_commitment",
            f"{forum}/commitments",
            {"organisation_id": nowhere, "text": "Plant.", "language": "en"},
        ),
        Knock(Role.SECRETARIAT, "set_commitment_reminder", f"{forum}/commitments/reminder", {"month": 1}),
        Knock(Role.SECRETARIAT, "tie_commitment", f"/commitments/{nowhere}/paragraph", {"block_id": nowhere}),
        Knock(Role.SECRETARIAT, "report_on_commitment", f"/commitments/{nowhere}/report", {"status": "kept"}),
        Knock(chair, "begin_circular", f"{forum}/circulars", {"kind": "report"}),
        Knock(chair, "write_circular", f"{forum}/circulars/1/text", {"subject": name, "text": name}),
        Knock(chair, "send_circular", f"{forum}/circulars/1/sending", None),
        Knock(chair, "discard_circular", f"{forum}/circulars/2", None),
        Knock(Role.MEMBER, "answer_circular", f"{forum}/circulars/1/answers", {"text": "Yes."}),
        Knock(chair, "add_parent", f"{forum}/parents", {"forum": "nowhere", "kind": "earlier"}),
        Knock(chair, "remove_parent", f"/parents/{nowhere}/removal", None),
        Knock(chair, "take_sources", f"/parents/{nowhere}/sources", {"paragraphs": [nowhere], "language": "en"}),
        Knock(chair, "add_project", f"{forum}/projects", {"title": "Wells", "language": "en"}),
        Knock(chair, "change_project", f"/projects/{nowhere}/fields", {"title": "Wells", "language": "en"}),
        Knock(chair, "take_up_projects", f"/sessions/{session}/projects", None),
        Knock(chair, "join_project", f"/projects/{nowhere}/participants", {"organisation_id": nowhere}),
        Knock(Role.MEMBER, "endorse_recommendation", f"{item}/endorsements", {"organisation_id": nowhere}),
        Knock(Role.MEMBER, "withdraw_endorsement", f"{item}/endorsement-withdrawal", {"organisation_id": nowhere}),
        Knock(
            chair,
            "submit_recommendations",
            f"{forum}/recommendations",
            {"recommendations": [{"text": "Share.", "language": "en"}]},
        ),
        Knock(chair, "merge_recommendations", f"{forum}/recommendations/merger", {"kept": 1, "numbers": [2]}),
        Knock(chair, "separate_recommendation", f"/recommendations/{nowhere}/separation", None),
        Knock(chair, "undo_settlement", f"{forum}/recommendations/settlements/{nowhere}/undoing", None),
        Knock(
            chair,
            "rule_on_recommendations",
            f"{forum}/recommendations/rulings",
            {"numbers": [1], "outcome": "declined", "reason": "No."},
        ),
        Knock(chair, "take_in_answers", f"{forum}/recommendations/answers", {"file": "x"}),
        Knock(chair, "add_taxonomy", f"{forum}/taxonomies", {"kind": "own", "name": {"en": "Own"}}),
        Knock(chair, "add_theme", f"/taxonomies/{nowhere}/themes", {"en": "Water"}),
        Knock(chair, "remove_theme", f"/themes/{nowhere}", None),
        Knock(
            chair,
            "theme_recommendations",
            f"{forum}/recommendations/themes",
            {"numbers": [1], "themes": [nowhere]},
        ),
        Knock(
            chair,
            "settle_common_pair",
            f"{forum}/recommendations/resemblances/common",
            {"one_id": nowhere, "other_id": nowhere, "is_common": True},
        ),
        Knock(
            chair,
            "dismiss_resemblance",
            f"{forum}/recommendations/resemblances/dismissal",
            {"one_id": said, "other_id": nowhere},
        ),
        Knock(chair, "save_view", f"{forum}/views", {"name": "Mine", "query": "standing=confirmed"}),
        Knock(chair, "remove_view", f"/views/{nowhere}", None),
    ]
