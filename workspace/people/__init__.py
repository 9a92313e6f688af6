"""People: the network and its forums, organisations, persons, and the mandates between them."""

from workspace.core.security.conditions import Condition
from workspace.core.security.permissions import (
    ADMIN,
    ALWAYS,
    AUDITOR,
    LENT,
    MEMBER,
    OWN,
    REASON,
    SECRETARIAT,
    STAFF,
    grants,
    permission_row,
)
from workspace.web.i18n.marking import N_
from workspace.web.refusals.slice_registry import NOT_YOU, SliceRegistry, Wording

REGISTRY = SliceRegistry(
    grants={
        "organisation.manage_people": permission_row(
            grants(ALWAYS, MEMBER, when=(Condition.STEWARD,)), grants(ALWAYS, SECRETARIAT, ADMIN)
        ),
        "roles.assign": permission_row(grants("SDRCV", *STAFF), grants("S", ADMIN)),
        "forum.export_all": permission_row(grants(ALWAYS, *STAFF), grants(ALWAYS, ADMIN, when=LENT)),
        "settings.manage": permission_row(grants(ALWAYS, ADMIN)),
        "breakglass.open": permission_row(grants(ALWAYS, ADMIN, when=REASON)),
        "breakglass.close": permission_row(grants(ALWAYS, ADMIN, when=OWN), grants(ALWAYS, *STAFF)),
        "breakglass.read": permission_row(grants(ALWAYS, *STAFF, AUDITOR, ADMIN)),
    },
    reasons={
        ("workspace.invalid", "is_so_already"): N_("Nothing would change."),
        ("workspace.invalid", "bad_email"): N_("Write an e-mail address like name@example.org."),
        ("workspace.invalid", "unconfirmed_address"): N_("Confirm the e-mails already sent to this address first."),
        ("workspace.invalid", "unknown_language"): N_("Choose Spanish, English or French."),
        ("workspace.invalid", "unknown_role"): N_(
            "“%(given)s” is not a role: observer, member, rapporteur, translator, committee, secretariat, chair, "
            "auditor or administrator."
        ),
        ("workspace.invalid", "unknown_organisation_kind"): N_(
            "“%(given)s” is not a kind of organisation: city, region, network or other."
        ),
        ("workspace.invalid", "not_printable"): N_("It has unprintable characters: type it again."),
        ("workspace.invalid", "unknown_country"): N_(
            "“%(given)s” is not a country: write its name, or two letters such as MX."
        ),
        ("workspace.invalid", "speaks_for_none"): N_("You represent no organisation here: ask the secretariat."),
        ("workspace.invalid", "before_start"): N_("The last day is before the first."),
        ("workspace.invalid", "end_waits"): N_("The end of this role already awaits second approval."),
        ("workspace.invalid", "ended_already"): N_("The role already ends before that day."),
        ("workspace.invalid", "outside_mandate"): N_("The chair’s own role must cover the deputy’s days."),
        ("workspace.invalid", "held_already"): N_("The person already has this role on some of these days."),
        ("workspace.invalid", "not_yourself"): N_("You cannot give yourself a role."),
        ("workspace.invalid", "itself"): N_("Choose two different ones."),
        ("workspace.invalid", "unknown_day"): N_("“%(given)s” is not a date; write it as 2027-06-10."),
        ("workspace.invalid", "email_of_another"): N_("Row %(line)s has this address with another name."),
        ("workspace.invalid", "same_row"): N_("Row %(line)s says the same."),
        ("workspace.invalid", "not_your_organisation"): N_("“%(given)s” is not one of your organisations."),
        ("workspace.invalid", "not_yours_to_give"): N_("You cannot give this role now: leave the row out."),
        ("workspace.invalid", "rows_with_problems"): N_(
            "Rows with problems: %(count)s. Correct them, or import the valid ones."
        ),
        ("workspace.invalid", "not_a_slug"): N_(
            "“%(given)s” cannot be in an address: use lower-case letters, digits and hyphens."
        ),
        ("workspace.bad_file", "no_rows"): N_("“%(source)s” has no row under its headings."),
        ("workspace.bad_file", "extra_cells"): N_("Row %(row)s of “%(source)s” has a cell without a heading."),
        ("workspace.bad_file", "open_quotation"): N_(
            "Row %(row)s of “%(source)s” has an unclosed quotation mark, or is too long."
        ),
        ("workspace.bad_file", "no_headings"): N_(
            "“%(source)s” has no column called Name: write headings above the rows."
        ),
        ("workspace.bad_file", "not_a_spreadsheet"): N_("“%(source)s” is not a readable spreadsheet: use XLSX or CSV."),
    },
    log_kinds={
        "breakglass.closed": N_("Emergency access ended"),
        "breakglass.ended": N_("Emergency access expired"),
        "breakglass.opened": N_("Emergency access opened"),
        "deputy.appointed": N_("Deputy appointed"),
        "forum.founded": N_("Forum created"),
        "forum.settings_changed": N_("Forum settings changed"),
        "guest.came_in": N_("Guest took part"),
        "guest.checked": N_("Guest’s address confirmed"),
        "mandate.ended": N_("Mandate ended"),
        "mandate.given": N_("Mandate given"),
        "organisation.added": N_("Organisation added"),
        "organisation.changed": N_("Organisation changed"),
        "organisation.merged": N_("Organisations merged"),
        "forum.described": N_("Forum description changed"),
        "person.added": N_("Person added"),
        "person.changed": N_("Name or language changed"),
        "request.lapsed": N_("Request for second approval lapsed"),
        "role.asked": N_("Role requested"),
        "role.confirmed": N_("Role confirmed"),
        "role.declined": N_("Role declined"),
        "role.taken_back": N_("Role request withdrawn"),
        "roster.kept": N_("List of people read"),
        "roster.taken_in": N_("List of people imported"),
    },
    log_topics={
        "comments": ("guest.",),
        "process": ("breakglass.",),
        "people": ("person.", "organisation.", "mandate.", "role.", "deputy.", "roster.", "forum."),
    },
    letters={
        "guest_check": Wording(
            name=N_("Comment of a guest"),
            subject=N_("Confirm your comment: %(forum)s"),
            before=((N_("You, or somebody else, commented in “%(forum)s”."),),),
            action=N_("Confirm comment"),
            after=(NOT_YOU,),
            is_urgent=True,
        )
    },
)
