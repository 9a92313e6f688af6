"""What the checks found in one text, as its translator reads it."""

from collections.abc import Sequence

from msgspec import Struct

from drafts.checks import Severity
from workspace.translations.checking import Remark
from workspace.web.check_sentences import SEVERITIES, said
from workspace.web.i18n import N_, Messages

_KINDS = {Severity.ERROR: "bad", Severity.WARNING: "warn", Severity.INFO: ""}
_ORDER = list(Severity)
_WAIVED = N_("Let stand on %(day)s by %(name)s: %(reason)s")
_WAIVED_BY_NOBODY = N_("Let stand on %(day)s: %(reason)s")


class Shown(Struct, frozen=True):
    """One finding: how grave, what is the matter, the text mended where that is mechanical, who let it stand."""

    check: str
    severity: str
    kind: str
    message: str
    mended: str
    waived: str


def shown(remarks: Sequence[Remark], messages: Messages) -> list[Shown]:
    """The gravest first; what somebody let stand at the end."""
    ordered = sorted(remarks, key=lambda one: (one.is_waived, _ORDER.index(one.finding.severity), one.finding.check))
    return [
        Shown(
            check=one.finding.check,
            severity=messages.gettext(SEVERITIES[one.finding.severity]),
            kind=_KINDS[one.finding.severity],
            message=said(one.finding, messages),
            mended=one.finding.fix or "",
            waived=_waived(one, messages),
        )
        for one in ordered
    ]


def _waived(remark: Remark, messages: Messages) -> str:
    waiver = remark.waiver
    if waiver is None:
        return ""
    day = messages.date(waiver.waived_at.date())
    if waiver.waived_by is None:
        return messages.gettext(_WAIVED_BY_NOBODY, day=day, reason=waiver.reason)
    return messages.gettext(_WAIVED, day=day, name=waiver.waived_by.name, reason=waiver.reason)
