"""What is written about people: accounts, mandates, letters, what leaves for other programs."""

from tests.workspace.api.knocking import Knock, Place
from workspace.core.actor import Role
from workspace.core.storage.db import new_id


def own(place: Place) -> list[Knock]:
    """What people settle for themselves, and what a forum lets out."""
    me, forum, block, notice = "/accounts/me", place.forum, place.block, place.notice
    nowhere = str(new_id())
    return [
        Knock(
            Role.CHAIR,
            "create_webhook",
            f"{forum}/webhooks",
            {"url": "https://hooks.town.example", "kinds": ["edition"]},
        ),
        Knock(Role.CHAIR, "end_webhook", f"{forum}/webhooks/{new_id()}", None),
        Knock(Role.CHAIR, "renew_webhook_secret", f"{forum}/webhooks/{new_id()}/secret", None),
        Knock(Role.CHAIR, "test_webhook", f"{forum}/webhooks/{new_id()}/test", None),
        Knock(Role.CHAIR, "retry_delivery", f"{forum}/webhooks/{new_id()}/deliveries/{new_id()}/attempts", None),
        Knock(Role.CHAIR, "break_glass", f"{forum}/lent-rights", {"reason": "So."}),
        Knock(Role.CHAIR, "end_lent_right", f"{forum}/lent-rights/{new_id()}/end", None),
        Knock(Role.MEMBER, "make_calendar_address", f"{forum}/calendar-address", None),
        Knock(Role.MEMBER, "revoke_calendar_address", f"{forum}/calendar-address", None),
        Knock(Role.MEMBER, "follow", "/following", {"kind": "paragraph", "id": block}),
        Knock(Role.MEMBER, "unfollow", "/following/end", {"kind": "paragraph", "id": block}),
        Knock(Role.MEMBER, "read_notice", f"/notices/{notice}/reading", None),
        Knock(Role.MEMBER, "read_all_notices", "/notices/reading", None),
        Knock(Role.MEMBER, "choose_mail", "/mail-choices", {"text": "never"}),
        Knock(Role.MEMBER, "end_mail", f"/mail-choices/end/{place.ending()}", None),
        Knock(Role.MEMBER, "change_profile", me, {"name": "A. Member", "language": "fr", "timezone": "Europe/Paris"}),
        Knock(Role.MEMBER, "end_sign_in", f"{me}/sign-ins/{new_id()}", None),
        Knock(Role.MEMBER, "end_other_sign_ins", f"{me}/sign-ins", None),
        Knock(Role.MEMBER, "create_api_token", f"{me}/tokens", {"name": "Calendar", "is_read_only": True, "days": 9}),
        Knock(Role.MEMBER, "end_api_token", f"{me}/tokens/{new_id()}", None),
        Knock(
            Role.SECRETARIAT,
            "invite",
            f"{forum}/invitations",
            {"email": "luc@example.org", "role": "member", "name": "Luc", "language": "fr"},
        ),
        Knock(Role.SECRETARIAT, "withdraw_invitation", f"{forum}/invitations/{new_id()}", None),
        Knock(Role.MEMBER, "ask_for_erasure", "/erasure-requests", {"withdraws_comments": False}),
        Knock(Role.MEMBER, "cancel_erasure", f"/erasure-requests/{nowhere}", None),
        Knock(Role.MEMBER, "decline_erasure", f"/erasure-requests/{nowhere}/refusal", {"reason": "Not yet."}),
        Knock(Role.CHAIR, "confirm_erasure", f"/erasure-requests/{nowhere}/confirmation", None),
        Knock(Role.MEMBER, "write_to_me_again", "/mail-choices/address", None),
        Knock(Role.SECRETARIAT, "retry_letters", f"{forum}/letters/attempts", None),
        Knock(Role.SECRETARIAT, "retry_letter", f"{forum}/letters/{nowhere}/attempts", None),
        Knock(Role.SECRETARIAT, "write_to_address", f"{forum}/letters/unreached/{nowhere}/clearing", None),
        Knock(Role.SECRETARIAT, "report_returned_letter", "/returned-letters", {"letter": nowhere, "kind": "failed"}),
        Knock(Role.SECRETARIAT, "take_report", "/returned-letters/reports", None),
    ]


def of_people(place: Place) -> list[Knock]:
    """Organisations, mandates, guests."""
    forum, block = place.forum, place.block
    secretariat, member = place.house[Role.SECRETARIAT], place.house.people[Role.MEMBER].person_id
    body = {"name": "Villa Clara", "kind": "city", "country": "MX", "aliases": ["Clara"]}
    town = secretariat.post(f"{forum}/organisations", body).json()["id"]
    mandate = secretariat.get(f"{forum}/people/{member}").json()["mandates"][0]["id"]
    [comment] = place.house.member.get(f"{place.table.path}/threads?block_id={block}").json()["items"][0]["comments"]
    role = {"role": "member", "organisation_id": town, "starts_on": "2027-01-01", "ends_on": "2027-02-01"}
    days = {"starts_on": "2027-01-01", "ends_on": "2027-01-02"}
    said = {"text": "Who pays for it?", "language": "en"}
    switches = {"registration": "open", "guest_comments": True, "one_voice": True, "is_public_programme": False}
    guest = {"name": "G. Uest", "email": "g@home.example", "block_id": block, **said}
    return [
        Knock(
            Role.SECRETARIAT,
            "add_organisation",
            f"{forum}/organisations",
            {**body, "name": "Alta", "aliases": ["A"]},
        ),
        Knock(Role.SECRETARIAT, "change_organisation", f"{forum}/organisations/{town}", body),
        Knock(Role.SECRETARIAT, "merge_organisation", f"{forum}/organisations/{town}/merge", {"into": str(new_id())}),
        Knock(
            Role.SECRETARIAT,
            "add_person",
            f"{forum}/people",
            {"name": "Ana", "language": "es", "email": "ana@alta.example", "is_steward": True, **role},
        ),
        Knock(Role.SECRETARIAT, "rename_person", f"{forum}/people/{member}", {"name": "B.", "language": "fr"}),
        Knock(Role.SECRETARIAT, "give_first_mandate", f"{forum}/registered/{new_id()}/mandates", {"role": "member"}),
        Knock(Role.SECRETARIAT, "give_mandate", f"{forum}/people/{member}/mandates", role),
        Knock(Role.CHAIR, "confirm_role", f"{forum}/mandates/{mandate}/confirmation", None),
        Knock(Role.CHAIR, "decline_role", f"{forum}/mandates/{mandate}/refusal", {"reason": "Not yet."}),
        Knock(Role.SECRETARIAT, "end_mandate", f"{forum}/mandates/{mandate}/end", {"on": "2027-01-01"}),
        Knock(Role.CHAIR, "appoint_deputy", f"{forum}/mandates/{mandate}/deputies", {"person_id": str(member), **days}),
        Knock(Role.CHAIR, "change_settings", f"{forum}/settings", switches),
        Knock(Role.CHAIR, "describe_forum", f"{forum}/description", {"name": {"es": "Foro", "en": "", "fr": ""}}),
        Knock(Role.SECRETARIAT, "send_roster", f"{forum}/rosters", {"files": ["x"], "role": "member"}),
        Knock(
            Role.SECRETARIAT,
            "take_in_roster",
            f"{forum}/rosters/{new_id()}/taking-in",
            {"rows": "good", "invite": True},
        ),
        Knock(Role.MEMBER, "comment_as_guest", f"{place.table.path}/guest-threads", guest),
        Knock(Role.MEMBER, "edit_comment", f"/comments/{comment['id']}/words", said),
        Knock(
            Role.CHAIR,
            "moderate_comment",
            f"/comments/{comment['id']}/moderation",
            {"state": "hidden", "reason": "No."},
        ),
    ]
