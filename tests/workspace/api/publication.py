"""What is written around a final text, when it is published and afterwards."""

from tests.workspace.api.knocking import Knock, Place
from workspace.core.actor import Role
from workspace.core.storage.db import new_id


def letting_out(place: Place) -> list[Knock]:
    """Requests that two people make, and obstacles that are let pass."""
    path = place.table.path
    overrides = f"{place.final.path}/overrides"
    obstacle = {"obstacle": "signature", "block_id": place.final.block(), "language": "fr", "check": ""}
    return [
        Knock(Role.CHAIR, "ask_for_confirmation", f"{path}/requests", {"matter": "embargo", "wanted": True}),
        Knock(Role.SECRETARIAT, "confirm_request", f"{path}/requests/embargo/confirmation", None),
        Knock(Role.SECRETARIAT, "drop_request", f"{path}/requests/embargo/withdrawal", None),
        Knock(Role.SECRETARIAT, "decline_request", f"{path}/requests/embargo/refusal", {"reason": "Not yet."}),
        Knock(
            Role.SECRETARIAT,
            "request_publication",
            f"{place.final.path}/publication-request",
            {"adopted_on": "2026-06-12"},
        ),
        Knock(Role.SECRETARIAT, "drop_publication_request", f"{place.final.path}/publication-request/withdrawal", None),
        Knock(
            Role.CHAIR, "decline_publication", f"{place.final.path}/publication-request/refusal", {"reason": "Not yet."}
        ),
        Knock(Role.CHAIR, "publish_edition", f"{place.final.path}/publication", {"adopted_on": "2026-06-12"}),
        Knock(Role.CHAIR, "ask_for_override", overrides, {**obstacle, "reason": "The printer waits."}),
        Knock(Role.SECRETARIAT, "confirm_override", f"{overrides}/{new_id()}/confirmation", None),
        Knock(Role.CHAIR, "drop_override", f"{overrides}/{new_id()}/withdrawal", None),
        Knock(Role.SECRETARIAT, "decline_override", f"{overrides}/{new_id()}/refusal", {"reason": "Not yet."}),
    ]


def around(place: Place) -> list[Knock]:
    """Signatories, reservations, annexes."""
    path, name = place.final.path, {"es": "Uno", "en": "One", "fr": "Un"}
    signatory = {"organisation": name, "person": "A", "capacity": name, "signed_on": "2026-06-12"}
    annex = {"kind": "text", "title": name, "text": name, "version": "1", "theme_id": None}
    filed = {"position": "reservation", "organisation_id": str(new_id()), "language": "en", "text": name}
    window = {"opens_at": "2026-01-01T00:00:00Z", "closes_at": "2999-01-01T00:00:00Z"}
    return [
        Knock(Role.SECRETARIAT, "add_signatory", f"{path}/signatories", signatory),
        Knock(Role.SECRETARIAT, "add_signatory_rows", f"{path}/signatories/rows", {"rows": "Town\tAna"}),
        Knock(Role.SECRETARIAT, "change_signatory", f"{path}/signatories/{new_id()}", signatory),
        Knock(Role.SECRETARIAT, "remove_signatory", f"{path}/signatories/{new_id()}", None),
        Knock(Role.CHAIR, "set_reservation_window", f"{path}/reservation-window", window),
        Knock(Role.MEMBER, "file_reservation", f"{path}/reservations", {**filed, "block_id": place.final.block()}),
        Knock(Role.SECRETARIAT, "translate_reservation", f"{path}/reservations/1/texts/fr", {"text": "Un."}),
        Knock(Role.MEMBER, "withdraw_reservation", f"{path}/reservations/1/withdrawal", None),
        Knock(Role.SECRETARIAT, "add_annex", f"{path}/annexes", annex),
        Knock(Role.SECRETARIAT, "change_annex", f"{path}/annexes/{new_id()}", annex),
        Knock(Role.SECRETARIAT, "move_annex_up", f"{path}/annexes/{new_id()}/up", None),
        Knock(Role.SECRETARIAT, "remove_annex", f"{path}/annexes/{new_id()}", None),
    ]


def correcting(place: Place) -> list[Knock]:
    """Corrigenda, and editions that wait for their hour."""
    path, block = f"{place.final.path}/corrigenda", place.final.block()
    sealed, second = f"{place.final.path}/sealed-edition", Role.SECRETARIAT
    seal = {"adopted_on": "2026-06-12", "release": "2999-06-12T10:00", "zone": "UTC"}
    return [
        Knock(second, "correct_paragraph", f"{path}/corrections", {"block_id": block, "language": "en", "text": "A."}),
        Knock(second, "drop_correction", f"{path}/1/corrections/removal", {"block_id": block, "language": "en"}),
        Knock(second, "ask_for_corrigendum", f"{path}/1/request", {"reason": "A slip.", "closes": "", "zone": ""}),
        Knock(Role.CHAIR, "confirm_corrigendum", f"{path}/1/confirmation", None),
        Knock(Role.MEMBER, "object_to_corrigendum", f"{path}/1/objection", {"reason": "No."}),
        Knock(second, "withdraw_corrigendum", f"{path}/1/withdrawal", None),
        Knock(Role.CHAIR, "decline_corrigendum", f"{path}/1/refusal", {"reason": "Not yet."}),
        Knock(Role.CHAIR, "seal_edition", sealed, seal),
        Knock(Role.CHAIR, "ask_for_release", f"{sealed}/release", {"release": "2999-06-12T10:00", "zone": "UTC"}),
        Knock(second, "confirm_release", f"{sealed}/release/confirmation", None),
        Knock(Role.CHAIR, "drop_release", f"{sealed}/release/withdrawal", None),
        Knock(second, "decline_release", f"{sealed}/release/refusal", {"reason": "Not yet."}),
    ]
