"""Being somebody else: the demo's switch between the people of its forum."""

from litestar import post
from litestar.di import NamedDependency
from litestar.response import Redirect
from msgspec import Struct

from workspace.core.errors import NotFound
from workspace.web import security
from workspace.web.pages import redirect
from workspace.web.params import URLEncodedBody
from workspace.web.services import Work


class PersonaForm(Struct, frozen=True):
    """Who to be, and the page to come back to."""

    persona: str = ""
    back: str = ""


@post("/persona", name="choose_persona", sync_to_thread=True, policy="public")
def choose_persona(work: NamedDependency[Work], data: URLEncodedBody[PersonaForm]) -> Redirect:
    """Be one of the personas from now on; nobody in particular when none is named."""
    persona = work.site.persona(data.persona)
    if work.site.personas is None or (data.persona and persona is None):
        raise NotFound(what="persona")
    said = (
        work.messages.gettext("You are now %(name)s.", name=persona.name)
        if persona
        else work.messages.gettext("You are now a visitor.")
    )
    response = redirect(work, data.back, said=said)
    security.remember(work.request, response, "persona", str(persona.id) if persona else "")
    return response
