"""The provenance edition for people and for programs: its files, made when they are asked for."""

import hashlib
from uuid import UUID

from litestar import Controller, Response, get
from litestar.di import NamedDependency

from workspace.declarations.api import opened
from workspace.declarations.frame import frame
from workspace.editions import policy
from workspace.editions.provenance import may_read_provenance, provenance_file
from workspace.editions.service import EditionService
from workspace.web.api import Number, reads
from workspace.web.params import FromPath
from workspace.web.services import Work

_BYTES = "application/octet-stream"
_PDF, _HTML = "application/pdf", "text/html"
_BOOK = "sandbox; default-src 'none'; style-src 'unsafe-inline'; font-src data:; frame-ancestors 'none'"
_AS_A_FILE = "default-src 'none'; sandbox"


class ProvenanceEditionPages(Controller):
    """Where each paragraph of an edition came from, as a book."""

    @get(
        "/{forum:str}/{declaration:str}/editions/{number:int}/provenance/{file:str}",
        name="provenance_edition",
        sync_to_thread=True,
        policy="provenance.read",
    )
    def provenance_edition(
        self,
        *,
        work: NamedDependency[Work],
        forum: FromPath[str],
        declaration: FromPath[str],
        number: FromPath[int],
        file: FromPath[str],
    ) -> Response[bytes]:
        """One language as a web page or a PDF."""
        with work.reading() as db:
            found = frame(db, forum, declaration, work=work, may=may_read_provenance)
            edition = EditionService(db).edition(found.declaration, number, actor=work.actor)
            content = provenance_file(db, edition, file)
        is_page = file.endswith(".html")
        return _answered(work, content, file, _HTML if is_page else _PDF, rules=_BOOK if is_page else "")


class ProvenanceEditionApi(Controller):
    """The same for programs."""

    path = "/api/declarations/{declaration_id:uuid}/editions"
    tags = ("Editions",)

    @reads("/{number:str}/provenance/{name:str}", media_type=_BYTES, policy="provenance.read")
    def read_provenance_edition(
        self, work: NamedDependency[Work], declaration_id: FromPath[UUID], number: Number, name: FromPath[str]
    ) -> Response[bytes]:
        """Read one file of the provenance edition, such as `provenance.en.pdf`: each paragraph with its sources.

        Amendments and decisions are named once the history of the declaration is open to everybody.
        """
        actor = work.actor
        with work.reading() as db:
            declaration = opened(db, declaration_id, actor=actor, may=policy.may_read_editions)
            edition = EditionService(db).edition(declaration, number, actor=actor)
            content = provenance_file(db, edition, name)
        return _answered(work, content, name, _HTML if name.endswith(".html") else _PDF, rules=_AS_A_FILE)


def _answered(work: Work, content: bytes, name: str, media_type: str, *, rules: str) -> Response[bytes]:
    """It changes when the history is opened, so that a cache asks whether it is the same."""
    digest = f'"{hashlib.sha256(content).hexdigest()}"'
    headers = {"Cache-Control": "public, no-cache", "ETag": digest}
    if digest in work.request.headers.get("If-None-Match", ""):
        return Response(b"", status_code=304, media_type=media_type, headers=headers)
    if rules:
        headers["Content-Security-Policy"] = rules
    headers["Content-Disposition"] = f'inline; filename="{name}"'
    return Response(content, media_type=media_type, headers=headers)
