"""Bilingual Word files brought back by translators, from the browser and as JSON."""

from collections.abc import Sequence
from pathlib import PurePath
from typing import Annotated
from uuid import UUID

from litestar import Controller, Response, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.enums import RequestEncodingType
from litestar.params import Body, FromPath, MultipartBody
from msgspec import Struct

from drafts.errors import DraftsError
from workspace.core.errors import BadFile
from workspace.declarations.api import opened
from workspace.declarations.frame import frame
from workspace.interchange.bilingual import take_bilingual_in
from workspace.interchange.word_pages import LARGEST
from workspace.translations import policy
from workspace.translations.exchange_pages import XliffForm, outcome_page
from workspace.translations.exchange_schemas import OutcomesOut
from workspace.translations.exchanging import Outcome
from workspace.translations.overview import Ways
from workspace.web.api import DONE, answer, writes
from workspace.web.sentences import sentence
from workspace.web.services import Work

_NAME = 120  # characters of a file's name that are kept


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
        actor, ways, name = work.actor, Ways(work, forum, declaration), _name_of(data.file)
        content = data.file.file.read()
        outcomes: Sequence[Outcome] = ()
        refused = ""
        try:
            with work.writing() as db:
                found = frame(db, forum, declaration, work=work, may=policy.may_follow).declaration
                outcomes = take_bilingual_in(db, found, content, name=name, actor=actor)
        except (DraftsError, BadFile) as refusal:
            refused = sentence(refusal, work.messages)
        return outcome_page(work, ways, (forum, declaration), name=name, outcomes=outcomes, refused=refused)


class BilingualApi(Controller):
    """The same for programs."""

    path = "/api/declarations/{declaration_id:uuid}/word/translations"
    tags = ("Files",)

    @writes("", policy="translation.write", status=DONE, largest=LARGEST)
    def take_bilingual_word_in(
        self, work: NamedDependency[Work], declaration_id: FromPath[UUID], data: MultipartBody[BilingualIn]
    ) -> Response[OutcomesOut]:
        """Take a bilingual Word file back: what stands as it was sent out is saved, the rest waits as suggestions."""
        actor, content, name = work.actor, data.file.file.read(), _name_of(data.file)
        with work.writing() as db:
            declaration = opened(db, declaration_id, actor=actor)
            made = OutcomesOut.of(take_bilingual_in(db, declaration, content, name=name, actor=actor))
        return answer(made)


def _name_of(file: UploadFile) -> str:
    return PurePath(file.filename.replace("\\", "/")).name[-_NAME:]
