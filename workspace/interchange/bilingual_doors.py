"""Bilingual Word files brought back by translators, from the browser and as JSON."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from litestar import Controller, Response, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.enums import RequestEncodingType
from litestar.params import Body
from msgspec import Struct

from drafts.errors import DraftsError
from workspace.core.errors import BadFile
from workspace.declarations.api import opened
from workspace.declarations.frame import frame
from workspace.interchange.bilingual import take_bilingual_in
from workspace.interchange.uploads import LARGEST, uploaded
from workspace.translations import policy
from workspace.translations.exchange_pages import XliffForm, outcome_page
from workspace.translations.exchange_schemas import OutcomesOut
from workspace.translations.exchanging import Outcome
from workspace.translations.overview import Ways
from workspace.web.api import DONE, answer, writes
from workspace.web.params import FromPath, MultipartBody
from workspace.web.sentences import sentence
from workspace.web.services import Work


class BilingualIn(Struct, frozen=True, kw_only=True):
    """A bilingual file that came back."""

    file: UploadFile


class BilingualPages(Controller):
    """Translations that come back in Word."""

    path = "/{forum:str}/{declaration:str}/translation/word"

    @post(
        name="take_bilingual_in",
        sync_to_thread=True,
        policy="translation.write",
        status_code=200,
        request_max_body_size=LARGEST,
    )
    def take_in(
        self,
        work: NamedDependency[Work],
        forum: FromPath[str],
        declaration: FromPath[str],
        data: Annotated[XliffForm, Body(media_type=RequestEncodingType.MULTI_PART)],
    ) -> Response[str]:
        """Take a file back, and say of every paragraph what became of it."""
        actor, ways, sent = work.actor, Ways(work, forum, declaration), uploaded(data.file)
        outcomes: Sequence[Outcome] = ()
        refused = ""
        try:
            with work.writing() as db:
                found = frame(db, forum, declaration, work=work, may=policy.may_follow).declaration
                outcomes = take_bilingual_in(db, found, sent.content, name=sent.name, actor=actor)
        except (DraftsError, BadFile) as refusal:
            refused = sentence(refusal, work.messages)
        return outcome_page(work, ways, (forum, declaration), name=sent.name, outcomes=outcomes, refused=refused)


class BilingualApi(Controller):
    """The same for programs."""

    path = "/api/declarations/{declaration_id:uuid}/word/translations"
    tags = ("Files",)

    @writes("", policy="translation.write", status=DONE, largest=LARGEST)
    def take_bilingual_word_in(
        self, work: NamedDependency[Work], declaration_id: FromPath[UUID], data: MultipartBody[BilingualIn]
    ) -> Response[OutcomesOut]:
        """Take a bilingual Word file back: what stands as it was sent out is saved, the rest waits as suggestions."""
        actor, sent = work.actor, uploaded(data.file)
        with work.writing() as db:
            declaration = opened(db, declaration_id, actor=actor)
            made = OutcomesOut.of(take_bilingual_in(db, declaration, sent.content, name=sent.name, actor=actor))
        return answer(made)
