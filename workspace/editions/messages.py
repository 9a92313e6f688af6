"""What verifying a bundle found, as sentences: a table of stable words and messages."""

from collections.abc import Iterator, Mapping

from drafts.text.blocks import Language
from drafts.text.numbering import printed
from drafts.verification.bundle_report import (
    BundleFinding,
    BundleProblem,
    SignatureProblem,
    VerificationReport,
    Voucher,
)
from workspace.web.i18n.marking import N_
from workspace.web.i18n.messages import Messages

SENTENCES: Mapping[BundleProblem, str] = {
    BundleProblem.FILE_MISSING: N_("The file %(file)s is missing."),
    BundleProblem.FILE_ALTERED: N_("The file %(file)s was altered."),
    BundleProblem.FILE_UNREADABLE: N_("The file %(file)s was altered and cannot be read."),
    BundleProblem.FILE_UNKNOWN: N_("The file %(file)s was added."),
    BundleProblem.TEXT_ALTERED: N_("Paragraph %(paragraph)s, %(language)s: the text was altered (in %(file)s)."),
    BundleProblem.TEXT_DIFFERS: N_(
        "Paragraph %(paragraph)s, %(language)s: the text in %(file)s differs from declaration.json."
    ),
    BundleProblem.TEXT_NOT_DECIDED: N_("Paragraph %(paragraph)s, %(language)s: the log has another text in force."),
    BundleProblem.PARAGRAPH_DIFFERS: N_(
        "Paragraph %(paragraph)s was added, removed, moved or renumbered (in %(file)s)."
    ),
    BundleProblem.FINGERPRINT_DIFFERS: N_("The fingerprint in %(file)s is not that of the paragraphs."),
    BundleProblem.NOT_PUBLISHED: N_("The manifest was not published: entry %(entry)s of the log names another."),
    BundleProblem.LINEAGE_DIFFERS: N_(
        "The manifest does not name the edition it corrects (entry %(entry)s of the log)."
    ),
    BundleProblem.RECORD_DIFFERS: N_("The text of %(paragraph)s in %(file)s differs from record.json."),
    BundleProblem.ENTRY_ALTERED: N_("Log entry %(entry)s was altered, or is not covered."),
    BundleProblem.CHECKPOINT_DIFFERS: N_("The bundle’s checkpoint contradicts yours of %(entry)s entries."),
    BundleProblem.OTHER_LOG: N_("Your checkpoint is of another log."),
}
TROUBLES: Mapping[SignatureProblem, str] = {
    SignatureProblem.UNKNOWN: N_("%(file)s is signed by the key %(key)s, which is not yours."),
    SignatureProblem.REVOKED: N_("%(file)s is signed by the key %(key)s, which was revoked."),
    SignatureProblem.WRONG: N_("The signature in %(file)s by the key %(key)s is not valid."),
}
VOUCHERS: Mapping[Voucher, str] = {
    Voucher.SIGNATURE: N_("Signed by a key that you trust."),
    Voucher.CHECKPOINT: N_("The log with the publication is signed by a key that you trust."),
    Voucher.OUTSIDE: N_("The publication is in the log of your checkpoint."),
}
VERDICTS: Mapping[int, str] = {
    0: N_("Good: this is the edition that was published."),
    1: N_("This is not the edition that was published."),
    2: N_("Nothing was altered, but a signature is not valid."),
    3: N_("Nothing was altered. To prove it, give a key or a checkpoint from elsewhere."),
}
WORDS: Mapping[int, str] = {0: "good", 1: "altered", 2: "key_trouble", 3: "not_provable"}
CHECKED = N_("%(declaration)s (%(forum)s), edition %(edition)s: %(count)s texts and every file match the manifest.")
CORRECTS = N_("It corrects edition %(edition)s, manifest SHA-256 %(manifest)s.")
UNPROVABLE = N_("Nothing was altered. The bundle cannot prove it: download it again once it is signed.")
UNSIGNED = N_("The bundle is not signed.")
UNPROVED = N_("The bundle has no checkpoint.")
QUOTED = N_("“%(words)s”")


def report_sentences(report: VerificationReport, messages: Messages) -> Iterator[str]:
    """Everything to say of a report, one sentence for each thing; the verdict comes last."""
    if not report.findings:
        titles = (report.declaration, report.forum)
        declaration, forum = (title.get(Language(messages.language), "") for title in titles)
        count = messages.number(report.texts)
        yield messages.gettext(CHECKED, declaration=declaration, forum=forum, edition=report.edition, count=count)
    for finding in report.findings:
        yield messages.gettext(SENTENCES[finding.what], **sentence_facts(finding, messages))
    for trouble in report.troubles:
        yield messages.gettext(TROUBLES[trouble.why], file=trouble.file, key=trouble.key)
    if report.corrects:
        yield messages.gettext(CORRECTS, edition=report.corrects, manifest=report.corrected)
    if not report.is_signed:
        yield messages.gettext(UNSIGNED)
    if not report.log_size:
        yield messages.gettext(UNPROVED)
    for voucher in report.vouchers if not report.findings else ():
        yield messages.gettext(VOUCHERS[voucher])
    is_provable = WORDS[report.exit_code] != "not_provable" or report.is_signed or report.log_size
    yield messages.gettext(VERDICTS[report.exit_code] if is_provable else UNPROVABLE)


def sentence_facts(finding: BundleFinding, messages: Messages) -> dict[str, object]:
    """What a sentence names, in words of the reader's language."""
    language = messages.language_name(Language(finding.language)) if finding.language else ""
    is_numbered = finding.paragraph[:1].isdigit()
    named = printed(finding.paragraph, messages.language) if is_numbered else finding.paragraph
    paragraph = named if is_numbered else messages.gettext(QUOTED, words=named)
    return {"file": finding.file, "paragraph": paragraph, "language": language, "entry": finding.entry}


def report_as_json(report: VerificationReport) -> dict[str, object]:
    """The report for a program; its words are stable."""
    return {
        "verdict": WORDS[report.exit_code],
        "declaration": report.declaration or None,
        "forum": report.forum or None,
        "edition": report.edition,
        "corrects": report.corrects or None,
        "corrected_manifest_sha256": report.corrected or None,
        "manifest_sha256": report.manifest,
        "fingerprint": report.fingerprint,
        "key": report.key or None,
        "checkpoint_size": report.log_size or None,
        "findings": [_finding(finding) for finding in report.findings],
        "troubles": [{"why": of.why.value, "file": of.file, "key": of.key} for of in report.troubles],
        "vouchers": [voucher.value for voucher in report.vouchers],
    }


def _finding(bundle_finding: BundleFinding) -> dict[str, object]:
    given = {
        "file": bundle_finding.file,
        "paragraph": bundle_finding.paragraph,
        "language": bundle_finding.language,
        "entry": bundle_finding.entry,
    }
    return {"what": bundle_finding.what.value} | {name: value for name, value in given.items() if value}
