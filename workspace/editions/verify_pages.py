"""Verifying a bundle in the reader's own browser, and the guide for doing it with other programs."""

from collections.abc import Mapping, Sequence

from litestar import Controller, Response, get
from litestar.di import NamedDependency

from drafts.formats.bundle import BUNDLE
from workspace.editions import verdicts
from workspace.history.signing import KeyEnd, keys
from workspace.web.i18n import N_, Messages
from workspace.web.pages import Page, page
from workspace.web.services import Work

_PLACES = {
    name: f"{{{name}}}" for name in ("file", "paragraph", "language", "entry", "key", "count", "edition", "manifest")
}
_IN_BROWSER: Mapping[str, str] = {
    "reading": N_("Reading the bundle …"),
    "unreadable": N_("This is not a bundle that can be read. Take the bundle.zip of the edition as it was published."),
    "bad_key": N_("One of the lines with keys is not a key: copy it again, without changing a character."),
    "bad_checkpoint": N_("This is not a checkpoint: copy it again, without changing a character."),
    "insecure": N_("This page can only check bundles where its address begins with https://."),
    "no_signatures": N_(
        "This browser cannot check signatures. Everything else was checked; verify the signature with another "
        "browser or with the commands below."
    ),
    "not_provable": N_(
        "Nothing was found altered. It cannot be proved: put in a public key or a checkpoint that you have from "
        "elsewhere."
    ),
    "checked": N_("Edition {edition}: {count} texts of paragraphs and every file agree with the manifest."),
}


class VerifyPage(Page, frozen=True, kw_only=True):
    name: str  # of the file
    keys: Sequence[str]
    words: Mapping[str, str]  # sentences for the script, with {places}
    languages: Mapping[str, str]


class VerifyPages(Controller):
    """One page, for anyone; what is put into it stays in the browser."""

    path = "/verify"

    @get("/", name="verify", sync_to_thread=True, policy="public")
    def verify(self, work: NamedDependency[Work]) -> Response[str]:
        """Drop a bundle here; the browser checks it, and nothing is sent."""
        with work.reading() as db:
            known = [f"revoked {one.public.line}" if one.end is KeyEnd.REVOKED else one.public.line for one in keys(db)]
        context = VerifyPage(
            name=BUNDLE,
            keys=known,
            words=_words(work.messages),
            languages={language: work.messages.language_name(language) for language in ("es", "en", "fr")},
        )
        return page(work, "editions/verify.html", context, is_public=True)


def _words(messages: Messages) -> Mapping[str, str]:
    own = {name: messages.gettext(message) for name, message in _IN_BROWSER.items()}
    tables = (verdicts.SENTENCES, verdicts.TROUBLES, verdicts.VOUCHERS)
    told = {str(word): messages.gettext(message, **_PLACES) for table in tables for word, message in table.items()}
    said = {word: messages.gettext(verdicts.VERDICTS[code]) for code, word in verdicts.WORDS.items()}
    rest = {
        "unsigned": messages.gettext(verdicts.UNSIGNED),
        "unproved": messages.gettext(verdicts.UNPROVED),
        "corrects": messages.gettext(verdicts.CORRECTS, **_PLACES),
    }
    return {**said, **told, **rest, **own}
