"""Pages that show several slices at once: a forum’s home, reading the draft, its history, two revisions compared."""

from litestar import Controller, Response, get
from litestar.di import NamedDependency

from workspace.core.actor import Actor
from workspace.core.errors import NotFound
from workspace.declarations.frame import frame
from workspace.declarations.models import Declaration
from workspace.declarations.policy import may_do
from workspace.desk.compare import Asked, compare
from workspace.desk.history import history
from workspace.desk.home import home
from workspace.desk.reading import reading
from workspace.web.pages import page
from workspace.web.params import FromPath
from workspace.web.route_policies import READ_THE_TEXT
from workspace.web.services import Work


class HomePages(Controller):
    """The home of a forum."""

    @get("/{forum:str}", name="forum", sync_to_thread=True, policy="public")
    def forum(self, work: NamedDependency[Work], forum: FromPath[str]) -> Response[str]:
        """Where its declarations are, and what awaits the reader."""
        with work.reading() as db:
            context = home(db, forum, work=work)
        return page(work, "desk/home.html", context)


class DraftPages(Controller):
    """The text of a declaration, now and before."""

    path = "/{forum:str}/{declaration:str}"

    @get(name="reading", sync_to_thread=True, policy=READ_THE_TEXT)
    def reading(self, work: NamedDependency[Work], forum: FromPath[str], declaration: FromPath[str]) -> Response[str]:
        """The text in force, or with `?revision=` one revision; `?text=` names the languages shown."""
        number = _number(work.request.query_params.get("revision"))
        with work.reading() as db:
            context = reading(db, frame(db, forum, declaration, work=work), work=work, revision_number=number)
        return page(work, "desk/reading.html", context)

    @get("/history", name="history", sync_to_thread=True, policy="history.read")
    def history(self, work: NamedDependency[Work], forum: FromPath[str], declaration: FromPath[str]) -> Response[str]:
        """The revisions with the decisions behind them; with `?before=`, those before that one."""
        before = _number(work.request.query_params.get("before"))
        with work.reading() as db:
            found = frame(db, forum, declaration, work=work, may=_may_read_history)
            context = history(db, found, work=work, before=before)
        return page(work, "desk/history.html", context)

    @get("/compare", name="compare", sync_to_thread=True, policy="history.read")
    def compare(self, work: NamedDependency[Work], forum: FromPath[str], declaration: FromPath[str]) -> Response[str]:
        """What changed from revision `?from=` to `?to=`, in one language; `?view=three` sets both beside `?base=`."""
        chosen = work.request.query_params
        with work.reading() as db:
            found = frame(db, forum, declaration, work=work, may=_may_read_history)
            named = (chosen.get(name, "") for name in ("from", "to", "base", "view"))
            context = compare(db, found, work=work, asked=Asked(*named))
        return page(work, "desk/compare.html", context)


def _may_read_history(actor: Actor, declaration: Declaration) -> bool:
    return may_do(actor, "history.read", declaration)


def _number(given: str | None) -> int | None:
    """The number of a revision in an address; None where there is none."""
    if not given:
        return None
    if not given.isdecimal():
        raise NotFound(what="revision", id=given)
    return int(given)
