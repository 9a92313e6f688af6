"""The door in the browser to saying that a change of the original was one of wording only."""

from uuid import UUID

from litestar import Controller, post
from litestar.di import NamedDependency
from litestar.response import Redirect
from msgspec import Struct

from drafts.blocks import Language
from workspace.core.errors import Invalid, NotFound, Stale
from workspace.declarations.frame import frame
from workspace.translations import policy
from workspace.translations.editorial import EditorialService
from workspace.translations.overview import Ways
from workspace.translations.service import TranslationService
from workspace.web.i18n import N_
from workspace.web.pages import redirect
from workspace.web.params import FromPath, URLEncodedBody
from workspace.web.sentences import sentence
from workspace.web.services import Work

_DONE = N_("It counts as a correction now.")
_WAITS = N_("Kept. A second person has to confirm it.")


class EditorialForm(Struct, frozen=True):
    """The original in force that the reader has seen."""

    expected: str = ""


class EditorialPages(Controller):
    """A claim by one person, and the confirmation by another."""

    path = "/{forum:str}/{declaration:str}/translation"

    @post(
        "/{block_id:uuid}/{text:str}/editorial", name="call_editorial", sync_to_thread=True, policy="translation.assign"
    )
    def call_editorial(
        self,
        *,
        work: NamedDependency[Work],
        forum: FromPath[str],
        declaration: FromPath[str],
        block_id: FromPath[UUID],
        text: FromPath[str],
        data: URLEncodedBody[EditorialForm],
    ) -> Redirect:
        """Say of what changed in the original since this text was made that it is wording only."""
        actor, ways = work.actor, Ways(work, forum, declaration)
        language = _language(text)
        try:
            with work.writing() as db:
                found = frame(db, forum, declaration, work=work, may=policy.may_follow).declaration
                translations = TranslationService(db)
                row = translations.standing(found, block_id).row
                before = translations.last_agreed(found, row, language)
                claims = EditorialService(db).claim(
                    found.id,
                    block_id,
                    row.original_language,
                    expected=_id(data.expected),
                    since=before.id if before else None,
                    actor=actor,
                )
        except (Invalid, Stale) as refusal:
            said: str = sentence(refusal, work.messages)
        else:
            said = work.messages.gettext(_WAITS if claims.steps else _DONE)
        return redirect(work, ways.translate(block_id, language), said=said)


def _language(text: str) -> Language:
    if text not in set(Language):
        raise NotFound(what="language", id=text)
    return Language(text)


def _id(value: str) -> UUID | None:
    try:
        return UUID(value)
    except ValueError:
        return None
