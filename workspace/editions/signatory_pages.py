"""The page of those who sign: entered one by one, pasted from a spreadsheet, corrected, taken off the list."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, URLEncodedBody
from litestar.response import Redirect

from workspace.core.errors import Invalid
from workspace.declarations.frame import frame
from workspace.editions import around_policy as policy
from workspace.editions.around_views import SEE_IT, AroundPage, Tongue, day_of, in_three, tabs, three
from workspace.editions.signatories import SignatoryFields, SignatoryService
from workspace.web.pages import field_errors, page, redirect
from workspace.web.services import Work


@dataclass(frozen=True, slots=True)
class SignatoryLine:
    """One signatory, as the list shows them in the reader's language, and in every language for the form."""

    id: UUID
    organisation: str
    person: str
    capacity: str
    signed_on: date | None
    organisations: Sequence[Tongue]
    capacities: Sequence[Tongue]


@dataclass(frozen=True, slots=True, kw_only=True)
class SignatoriesPage(AroundPage):
    lines: Sequence[SignatoryLine]


@dataclass(frozen=True, slots=True)
class SignatoryForm:
    """What is said of a signatory."""

    organisation_es: str = ""
    organisation_en: str = ""
    organisation_fr: str = ""
    person: str = ""
    capacity_es: str = ""
    capacity_en: str = ""
    capacity_fr: str = ""
    signed_on: str = ""

    def fields(self) -> SignatoryFields:
        """What the form says; raises `Invalid` for what is no day."""
        return SignatoryFields(
            organisation=three(self.organisation_es, self.organisation_en, self.organisation_fr),
            person=self.person,
            capacity=three(self.capacity_es, self.capacity_en, self.capacity_fr),
            signed_on=day_of(self.signed_on, "signed_on"),
        )


@dataclass(frozen=True, slots=True)
class RowsForm:
    """Rows of a spreadsheet."""

    rows: str = ""


class SignatoryPages(Controller):
    """Who stands behind the text."""

    path = "/{forum:str}/{declaration:str}/signatories"

    @get("/", name="signatories", sync_to_thread=True, policy=SEE_IT)
    def signatories(
        self, work: NamedDependency[Work], forum: FromPath[str], declaration: FromPath[str]
    ) -> Response[str]:
        """Who signs, in alphabetical order."""
        return _page(work, forum, declaration)

    @post("/", name="add_signatory", sync_to_thread=True, policy="edition.prepare")
    def add_signatory(
        self,
        work: NamedDependency[Work],
        forum: FromPath[str],
        declaration: FromPath[str],
        data: URLEncodedBody[SignatoryForm],
    ) -> Response[str] | Redirect:
        """Enter one signatory."""
        actor = work.actor
        try:
            with work.writing() as db:
                found = frame(db, forum, declaration, work=work, may=policy.may_see).declaration
                SignatoryService(db).add(found, data.fields(), actor=actor)
        except Invalid as refusal:
            return _page(work, forum, declaration, sent=asdict(data), refusal=refusal)
        return _back(work, forum, declaration, work.messages.gettext("The signatory is in the list."))

    @post("/rows", name="paste_signatories", sync_to_thread=True, policy="edition.prepare")
    def paste_signatories(
        self,
        work: NamedDependency[Work],
        forum: FromPath[str],
        declaration: FromPath[str],
        data: URLEncodedBody[RowsForm],
    ) -> Response[str] | Redirect:
        """Enter the rows of a spreadsheet, all or none."""
        actor = work.actor
        try:
            with work.writing() as db:
                found = frame(db, forum, declaration, work=work, may=policy.may_see).declaration
                pasted = SignatoryService(db).add_rows(found, data.rows, actor=actor)
        except Invalid as refusal:
            return _page(work, forum, declaration, sent=asdict(data), refusal=refusal)
        said = work.messages.ngettext("%(n)s signatory was entered.", "%(n)s signatories were entered.", pasted.added)
        return _back(work, forum, declaration, said)

    @post("/{signatory_id:uuid}", name="change_signatory", sync_to_thread=True, policy="edition.prepare")
    def change_signatory(
        self,
        work: NamedDependency[Work],
        forum: FromPath[str],
        declaration: FromPath[str],
        signatory_id: FromPath[UUID],
        data: URLEncodedBody[SignatoryForm],
    ) -> Response[str] | Redirect:
        """Correct what is said of one."""
        actor = work.actor
        try:
            with work.writing() as db:
                found = frame(db, forum, declaration, work=work, may=policy.may_see).declaration
                SignatoryService(db).change(found, signatory_id, data.fields(), actor=actor)
        except Invalid as refusal:
            return _page(work, forum, declaration, refusal=refusal)
        return _back(work, forum, declaration, work.messages.gettext("The signatory is corrected."))

    @post("/{signatory_id:uuid}/removal", name="remove_signatory", sync_to_thread=True, policy="edition.prepare")
    def remove_signatory(
        self,
        work: NamedDependency[Work],
        forum: FromPath[str],
        declaration: FromPath[str],
        signatory_id: FromPath[UUID],
    ) -> Response[str] | Redirect:
        """Take one off the list."""
        actor = work.actor
        try:
            with work.writing() as db:
                found = frame(db, forum, declaration, work=work, may=policy.may_see).declaration
                SignatoryService(db).remove(found, signatory_id, actor=actor)
        except Invalid as refusal:
            return _page(work, forum, declaration, refusal=refusal)
        return _back(work, forum, declaration, work.messages.gettext("The signatory is off the list."))


def _back(work: Work, forum: str, declaration: str, said: str) -> Redirect:
    return redirect(work, work.url_for("signatories", forum=forum, declaration=declaration), said=said)


def _page(
    work: Work,
    forum: str,
    declaration: str,
    *,
    sent: Mapping[str, str] | None = None,
    refusal: Invalid | None = None,
) -> Response[str]:
    with work.reading() as db:
        found = frame(db, forum, declaration, work=work, may=policy.may_see)
        lines = [
            SignatoryLine(
                id=one.id,
                organisation=one.organisation.said_in(work.language),
                person=one.person,
                capacity=one.capacity.said_in(work.language),
                signed_on=one.signed_on,
                organisations=in_three(one.organisation),
                capacities=in_three(one.capacity),
            )
            for one in SignatoryService(db).listed(found.declaration, work.language)
        ]
        context = SignatoriesPage(
            place=found.place,
            name=found.declaration.name.said_in(work.language),
            reading=work.url_for("reading", forum=forum, declaration=declaration),
            tabs=tabs(work, forum, declaration, "signatories"),
            may_prepare=policy.may_prepare(work.actor, found.declaration),
            sent={**asdict(SignatoryForm()), **asdict(RowsForm()), **(sent or {})},
            errors=field_errors(work, refusal) if refusal else {},
            lines=lines,
        )
    return page(work, "editions/signatories.html", context, status=422 if refusal else 200)
