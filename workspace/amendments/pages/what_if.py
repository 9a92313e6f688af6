"""What if these amendments were adopted: the text as it would read, what conflicts and what lapses, as an address to
share. Nothing is recorded.
"""

from collections.abc import Collection, Mapping, Sequence
from functools import partial
from urllib.parse import urlencode

from litestar import Controller
from msgspec import Struct

from drafts.text.blocks import Language
from workspace.amendments.domain.models import Amendment
from workspace.amendments.labels import ParagraphLabels
from workspace.amendments.service import AmendmentService
from workspace.amendments.views.amendment import NEW_PARAGRAPH, ChangedPlace, compared, passages_in
from workspace.amendments.views.what_if import MOST_CHOSEN, TextThen, WhatIf, what_if
from workspace.core.actor import Actor
from workspace.core.errors import Invalid, Undecidable
from workspace.core.storage.db import Db
from workspace.core.validation import whole_number
from workspace.declarations.domain import queries
from workspace.declarations.domain.models import Declaration
from workspace.declarations.frame import frame
from workspace.procedure.agenda import CurrentItemService
from workspace.translations.domain.suggestions import SuggestionService
from workspace.web.http.guards import READ_THE_TEXT
from workspace.web.http.request_context import Slug, Work
from workspace.web.http.routing import get
from workspace.web.i18n.marking import N_
from workspace.web.i18n.messages import LANGUAGES
from workspace.web.pages import Page, PageOrRedirect, page, redirect
from workspace.web.refusals.sentences import sentence

MOST_LISTED = 300
BEHIND = N_("not changed yet")


class Tick(Struct, frozen=True):
    """An amendment that can be chosen: its number, whose it is, and where it begins."""

    number: int
    who: str
    about: str
    is_chosen: bool


class WhatIfPage(Page, frozen=True, kw_only=True):
    """`parts` are the places that would change, in `text`; `refusal` says why nothing is shown."""

    text: Language
    texts: Sequence[tuple[Language, str]]
    ticks: Sequence[Tick]
    is_whole_list: bool
    chosen: Sequence[int]
    parts: Sequence[ChangedPlace]
    disputes: Sequence[Sequence[int]]
    lapsing: Sequence[int]
    barred: Mapping[int, str]
    refusal: str


def numbers_of(written: Collection[str]) -> Sequence[int]:
    """The numbers in `11,14`; raises `Invalid` for what is none, and for too many."""
    names = [name.strip() for part in written for name in part.split(",") if name.strip()]
    if len(names) > MOST_CHOSEN:
        raise Invalid(field="with", reason="too_many", limit=MOST_CHOSEN)
    for name in names:
        if not whole_number(name):
            raise Invalid(field="with", reason="no_such_amendment", given=name[:40])
    return sorted({whole_number(name) or 0 for name in names})


def chosen_amendments(db: Db, declaration: Declaration, numbers: Sequence[int], *, actor: Actor) -> Sequence[Amendment]:
    """Those with these numbers; raises `Invalid` for one that `actor` may not read, or that is none."""
    found = AmendmentService(db).called(declaration, numbers, actor=actor)
    for number in numbers:
        if number not in found:
            raise Invalid(field="with", reason="no_such_amendment", given=str(number))
    return [found[number] for number in numbers]


def foreseen(db: Db, declaration: Declaration, numbers: Sequence[int], *, actor: Actor) -> WhatIf:
    """What adopting these would come to, with the translations that would come with them."""
    chosen = chosen_amendments(db, declaration, numbers, actor=actor)
    prepare = partial(SuggestionService(db).taken_with, declaration)
    return what_if(db, declaration, chosen, actor=actor, prepare=prepare)


class WhatIfPages(Controller):
    """The text with amendments that nobody has adopted yet."""

    path = "/{forum:str}/{declaration:str}/what-if"

    @get(name="what_if", policy=READ_THE_TEXT)
    def what_if(self, work: Work, forum: Slug, declaration: Slug) -> PageOrRedirect:
        """The text with the amendments that `?with=11,14` names, in the language of `?text=`."""
        given = [value for name, value in work.request.query_params.multi_items() if name == "with"]
        if len(given) > 1:
            here = work.url_for("what_if", forum=forum, declaration=declaration)
            return redirect(work, f"{here}?{urlencode({'with': ','.join(given), 'text': work.texts()[0]}, safe=',')}")
        with work.reading() as db:
            context = _context(db, work, forum, declaration, given)
        return page(work, "amendments/what_if.html", context, status=422 if context.refusal else 200)


def _context(db: Db, work: Work, forum: str, declaration: str, given: Sequence[str]) -> WhatIfPage:
    found, language = frame(db, forum, declaration, work=work), work.texts()[0]
    passages = passages_in(queries.shown_rows(db, found.declaration), language, work, found)
    seen, numbers, refusal = None, [], ""
    try:
        numbers = list(numbers_of(given))
        seen = foreseen(db, found.declaration, numbers, actor=work.actor) if numbers else None
    except Invalid as refused:
        refusal = sentence(refused, work.messages)
    order = CurrentItemService(db).order(found.declaration, actor=work.actor)
    here = work.url_for("what_if", forum=forum, declaration=declaration)
    chosen = ",".join(map(str, numbers))
    return WhatIfPage(
        place=found.place,
        here="amendments",
        text=language,
        texts=[(other, f"{here}?{urlencode({'with': chosen, 'text': other}, safe=',')}") for other in LANGUAGES],
        ticks=[
            Tick(item.number, item.who, passages.name_of(str(item.block_id or "")), item.number in numbers)
            for item in order.items(0, MOST_LISTED)
        ],
        is_whole_list=len(order) <= MOST_LISTED,
        chosen=numbers,
        parts=_parts(seen.texts[language], passages, work) if seen else (),
        disputes=seen.disputes if seen else (),
        lapsing=seen.lapsing if seen else (),
        barred=_barred(seen, work) if seen else {},
        refusal=refusal,
    )


def _barred(seen: WhatIf, work: Work) -> Mapping[int, str]:
    """Why each of those cannot be adopted now, in words."""
    refused = {number: Undecidable(number=number, reason=reason) for number, reason in seen.barred.items()}
    return {number: sentence(refusal, work.messages) for number, refusal in refused.items()}


def _parts(text: TextThen, passages: ParagraphLabels, work: Work) -> Sequence[ChangedPlace]:
    say = work.messages.gettext
    return [
        ChangedPlace(
            passages.name_of((row.old or row.new)[0].id) if row.old else say(NEW_PARAGRAPH),
            say(BEHIND) if state == "behind" else "",
            compared([row], passages),
            "behind" if state == "behind" else row.kind.value,
        )
        for row, state in text.changes()
    ]
