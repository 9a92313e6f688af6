"""What people adds to the application: permissions, reasons for refusals, kinds of log entries, letters."""

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
from workspace.web.refusals.letter_wording import NOT_YOU, ONCE, Wording
from workspace.web.refusals.slice_registry import SliceRegistry

REGISTRY = SliceRegistry(
    grants={
        "organisation.manage_people": permission_row(
            grants(ALWAYS, MEMBER, when=(Condition.STEWARD,)),
            grants(ALWAYS, SECRETARIAT, ADMIN),
        ),
        "roles.assign": permission_row(grants("SDRCV", *STAFF), grants("S", ADMIN)),
        "forum.export_all": permission_row(grants(ALWAYS, *STAFF), grants(ALWAYS, ADMIN, when=LENT)),
        "settings.manage": permission_row(grants(ALWAYS, ADMIN)),
        "breakglass.open": permission_row(grants(ALWAYS, ADMIN, when=REASON)),
        "breakglass.close": permission_row(grants(ALWAYS, ADMIN, when=OWN), grants(ALWAYS, *STAFF)),
        "breakglass.read": permission_row(grants(ALWAYS, *STAFF, AUDITOR, ADMIN)),
    },
    reasons={
        ("workspace.invalid", "is_so_already"): N_("It is so already: nothing would change."),
        ("workspace.invalid", "bad_email"): N_("This is not an e-mail address: write it like name@example.org."),
        ("workspace.invalid", "unknown_language"): N_("Choose Spanish, English or French."),
        ("workspace.invalid", "unknown_role"): N_(
            "“%(given)s” is not a role. Write one of these: observer, member, rapporteur, translator, committee, "
            "secretariat, chair, auditor, administrator."
        ),
        ("workspace.invalid", "unknown_organisation_kind"): N_(
            "“%(given)s” is not a kind of organisation. Write one of these: city, region, network, other."
        ),
        ("workspace.invalid", "not_printable"): N_("This holds characters that cannot be printed: type it anew."),
        ("workspace.invalid", "unknown_country"): N_(
            "“%(given)s” is not a country: write its usual name, or its two letters, such as MX."
        ),
        ("workspace.invalid", "speaks_for_none"): N_(
            "You speak for no organisation in this forum: ask the secretariat to note yours."
        ),
        ("workspace.invalid", "before_start"): N_("The last day lies before the first one."),
        ("workspace.invalid", "end_waits"): N_("A second person has been asked already to let this role end."),
        ("workspace.invalid", "ended_already"): N_("The role ends before that day already."),
        ("workspace.invalid", "outside_mandate"): N_(
            "A deputy stands in on days on which the chair’s own role counts."
        ),
        ("workspace.invalid", "held_already"): N_("They hold this role on some of these days already."),
        ("workspace.invalid", "not_yourself"): N_("Nobody gives a role to themselves: somebody else has to."),
        ("workspace.invalid", "itself"): N_("It cannot be the same one."),
        ("workspace.invalid", "unknown_day"): N_("“%(given)s” is not a day; write it as 2027-06-10."),
        ("workspace.invalid", "email_of_another"): N_("Row %(line)s has this address with another name."),
        ("workspace.invalid", "same_row"): N_("Row %(line)s says the same."),
        ("workspace.invalid", "not_your_organisation"): N_("You look after other organisations than “%(given)s”."),
        ("workspace.invalid", "not_yours_to_give"): N_(
            "You cannot give this role at present: leave the row out, or ask somebody of the secretariat."
        ),
        ("workspace.invalid", "rows_with_problems"): N_(
            "Rows with problems: %(count)s. Correct them, or take in the good ones only."
        ),
        ("workspace.invalid", "not_a_slug"): N_(
            "“%(given)s” cannot be part of an address: use small letters, digits and hyphens."
        ),
        ("workspace.bad_file", "no_rows"): N_("“%(source)s” has headings, and no row with a person under them."),
        ("workspace.bad_file", "extra_cells"): N_("Row %(row)s of “%(source)s” has a cell without a heading."),
        ("workspace.bad_file", "no_headings"): N_(
            "“%(source)s” has no column that is called Name in its first rows: write headings above the rows."
        ),
        ("workspace.bad_file", "not_a_spreadsheet"): N_(
            "“%(source)s” cannot be read as a spreadsheet: send it as XLSX or CSV."
        ),
    },
    log_kinds={
        "breakglass.closed": N_("Gave back the right to see the texts of the forum"),
        "breakglass.ended": N_("The right to see the texts of the forum ran out"),
        "breakglass.opened": N_("Broke the glass, to see the texts of the forum"),
        "deputy.appointed": N_("Appointed a deputy"),
        "forum.founded": N_("Founded the forum"),
        "forum.settings_changed": N_("Changed the settings of the forum"),
        "guest.came_in": N_("Came in as a guest"),
        "guest.checked": N_("Showed that a guest’s address is theirs"),
        "mandate.ended": N_("Ended a mandate"),
        "mandate.given": N_("Gave a mandate"),
        "organisation.added": N_("Added an organisation"),
        "organisation.changed": N_("Changed an organisation"),
        "organisation.merged": N_("Merged two organisations"),
        "forum.described": N_("Described the forum anew"),
        "person.added": N_("Added a person"),
        "person.changed": N_("Changed a person’s name or language"),
        "role.asked": N_("Asked a second person to confirm a change of roles"),
        "role.confirmed": N_("Confirmed a change of roles, as the second person"),
        "role.declined": N_("Declined a change of roles"),
        "role.taken_back": N_("Took back the request to change roles"),
        "roster.kept": N_("Read a list of people, for a look before it is taken in"),
        "roster.taken_in": N_("Took in a list of people"),
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
            before=((N_("Somebody, probably you, wrote a comment in “%(forum)s” and gave this address."),),),
            action=N_("Confirm the comment"),
            after=(ONCE, NOT_YOU),
            is_urgent=True,
        ),
    },
)
