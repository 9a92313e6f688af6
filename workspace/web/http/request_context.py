"""What a handler works with: who asks, in which language, units of work that open when needed, and parameters.

A function may be given its unit, and what the address stands for, instead (`in_unit`).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext
from functools import cached_property, update_wrapper, wraps
from inspect import Parameter, Signature, signature
from typing import Annotated, Any, TypeAlias, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from jinja2 import Environment
from litestar import Request
from litestar.enums import RequestEncodingType
from litestar.params import BodyKwarg, PathParameter, QueryParameter
from msgspec import Struct
from sqlalchemy.exc import IntegrityError

from drafts.text.blocks import Language
from workspace.core.actor import NOBODY, Actor, Role, SignedInPerson
from workspace.core.errors import Invalid, WorkspaceError
from workspace.core.storage import request_records
from workspace.core.storage.db import Db, Store
from workspace.core.storage.log import RECORDED
from workspace.core.storage.request_records import KeyClaim
from workspace.core.validation import MOST_NUMBER, known_zone
from workspace.web.http.addresses import Addresses
from workspace.web.http.rate_limits import SAFE_METHODS, RateLimiter
from workspace.web.http.sign_ins import ReadOnlyToken, RecogniseToken, recognised
from workspace.web.i18n import messages
from workspace.web.i18n.messages import Messages

ActorLoader = Callable[[Db, UUID], Actor]
CountUnread = Callable[[Db, Actor], int]
Follows = Callable[[Db, Actor, str, UUID], bool]
Lead = Callable[[Db, Any, "Work"], Any]  # from the frame of a forum to a `pages.Place` that leads to its declaration
HelpTopic = Callable[[str], str | None]  # from the pattern of an address
T = TypeVar("T")
Handler: TypeAlias = Callable[..., Any]
Policy: TypeAlias = str | tuple[str, ...]  # what `workspace.web.http.guards` says of it
PlaceFinder = Callable[["Work"], Any]  # of a `pages.Place`, or None: the forum that the address names


class KeyInUse(WorkspaceError):
    """A request with this key is being carried out at this moment. Facts: `seconds` to wait."""

    code = "web.key_in_use"


class Persona(Struct, frozen=True):
    """Somebody whom the demo lets you be."""

    id: UUID
    name: str
    role: Role
    organisation: str = ""


class NavItem(Struct, frozen=True):
    """A place that the header leads to: a named route, and its label (a message).

    `opened_by` are the actions any one of which opens it to a reader, in the forum or in the declaration
    that the address names; without any it is open to everybody. What is needed less often is `is_aside`:
    it stands under "More".
    """

    name: str
    label: str
    opened_by: frozenset[str] = frozenset()
    is_aside: bool = False


class Site(Struct, frozen=True):
    """What all requests of one application share."""

    store: Store
    addresses: Addresses
    templates: Mapping[Language, Environment]
    navigation: Sequence[NavItem]
    personas: Sequence[Persona] | None
    load_actor: ActorLoader | None
    recognise: RecogniseToken | None = None
    limits: RateLimiter | None = None
    find_place: PlaceFinder | None = None
    lead: Lead | None = None
    count_unread: CountUnread | None = None
    follows: Follows | None = None
    help_topic: HelpTopic | None = None

    def persona(self, persona_id: str | None) -> Persona | None:
        return next((persona for persona in self.personas or () if str(persona.id) == persona_id), None)


class Work:
    """One request, as a handler sees it. Units of work open inside the handler's own thread, never before.

    A `writing()` unit has committed when its block ends, and is rolled back when anything raises;
    nothing is rendered inside it.
    """

    def __init__(self, request: Request[Any, Any, Any], site: Site) -> None:
        self.request = request
        self.site = site
        self.claim: KeyClaim | None = None  # the `Idempotency-Key` of this request, laid by its first writing unit
        self.has_claimed = False
        self.recorded: list[str] = []  # kinds of the log's entries that this request has made
        self._begun: Db | None = None  # a reading unit that the handler has not taken yet
        self._open: Db | None = None  # the one that is open: who asks is looked up in it

    @cached_property
    def language(self) -> Language:
        """The language to answer in, which most answers of the API do not depend on."""
        return reader_language(self.request)

    @property
    def messages(self) -> Messages:
        return messages.messages(self.language)

    def use_clocks(self, home: str) -> None:
        """Tell the moments of this page in the zone of the reader's account, else of the browser, else in `home`."""
        own = self.actor.timezone
        try:
            reader = known_zone(own or self.request.cookies.get("zone") or home)
        except Invalid:  # whatever a browser sent
            reader = ZoneInfo(home)
        messages.CLOCKS.set(messages.Clocks(reader, ZoneInfo(home), is_chosen=bool(own)))

    @property
    def persona(self) -> Persona | None:
        """Whom the browser has chosen to be, where the application offers personas."""
        return self.site.persona(self.request.cookies.get("persona"))

    @cached_property
    def signed_in(self) -> SignedInPerson | None:
        """The sign-in, or the program's token, that the request carries; looked up once, in units of its own.

        Raises `UnknownToken` for a program whose token is not known, and `ReadOnlyToken` where it would write.
        """
        if self.site.recognise is None:
            return None
        is_program = is_api(self.request.scope["path"])
        found = recognised(self.site.store, self.site.recognise, self.request, is_api=is_program, begun=self._open)
        if found and found.is_read_only and self.request.method not in SAFE_METHODS:
            raise ReadOnlyToken
        return found

    @cached_property
    def actor(self) -> Actor:
        """Who asks, with their mandates; loaded once, in the reading unit that is open or one of its own.

        Ask before `writing()`.

        Raises `TooMany` when somebody writes faster than a person can.
        """
        actor = self._load_actor()
        if self.site.limits and actor.person_id and self.request.method not in SAFE_METHODS:
            self.site.limits.take("person", str(actor.person_id))
        return actor

    def _load_actor(self) -> Actor:
        if self.signed_in is not None:
            return self.signed_in.actor
        if self.persona is None or self.site.load_actor is None:
            return NOBODY
        with nullcontext(self._open) if self._open else self.site.store.reading() as db:
            return self.site.load_actor(db, self.persona.id)

    @cached_property
    def unread(self) -> int | None:
        """How many notices wait for whoever asks; None for nobody in particular. One query, in a unit of its own."""
        if self.site.count_unread is None or self.actor.person_id is None:
            return None
        with self.reading() as db:
            return self.site.count_unread(db, self.actor)

    def follows(self, db: Db, kind: str, subject_id: UUID) -> bool | None:
        """Whether whoever asks follows this thing; None for nobody in particular, who follows nothing."""
        if self.site.follows is None or self.actor.person_id is None:
            return None
        return self.site.follows(db, self.actor, kind, subject_id)

    @contextmanager
    def begun(self) -> Iterator[None]:
        """The handler's first reading unit is there already when it is looked up who asks: one instead of two."""
        with self.site.store.reading() as db:
            self._begun = self._open = db
            try:
                yield
            finally:
                self._begun = self._open = None

    @contextmanager
    def reading(self) -> Iterator[Db]:
        """A reading unit of the store."""
        begun, self._begun = self._begun, None
        with closing(begun) if begun else self.site.store.reading() as db:
            self._open = db
            try:
                yield db
            finally:
                self._open = None

    @contextmanager
    def writing(self) -> Iterator[Db]:
        """A unit of work. The first one of a request that names an `Idempotency-Key` claims the key with it."""
        with self.site.store.writing() as db, self._claimed(db):
            yield db

    def briefly(self, change: Callable[[Db], T]) -> T:
        """What `change` returns, from a unit of work that locks the database only while it writes (`Store.briefly`)."""

        def claiming(db: Db) -> T:
            with self._claimed(db):
                return change(db)

        return self.site.store.briefly(claiming)

    @contextmanager
    def _claimed(self, db: Db) -> Iterator[None]:
        if self.claim and not self.has_claimed:
            _attach_work(db, self.claim)
        yield
        self.has_claimed = self.claim is not None
        self.recorded += db.info.get(RECORDED, ())

    def texts(self, *otherwise: Language) -> tuple[Language, ...]:
        """The languages of the text that `?text=es,fr` asks for; else `otherwise`; else the reader's own."""
        wanted = self.request.query_params.get("text")
        return messages.text_languages(wanted, otherwise=otherwise or (self.language,))

    def url_for(self, name: str, **values: object) -> str:
        """The address of a named route, in the reader's language unless `language=` says otherwise."""
        return self.site.addresses.url_for(name, **{"language": self.language, **values})

    def url_from_here(self, name: str, **values: object) -> str:
        """The same; what its place needs and `values` do not say is what the address of this request says."""
        here, places = self.request.path_params, self.site.addresses.places(name)
        return self.url_for(name, **{place: here[place] for place in places & here.keys()} | values)


def _attach_work(db: Db, claim: KeyClaim) -> None:
    try:
        request_records.claim_key(db, claim)
    except IntegrityError as error:  # the same request, at the same moment
        raise KeyInUse(seconds=1) from error


def provide_work(request: Request[Any, Any, Any]) -> Work:
    """The dependency `work`: the same one for guards, handler and errors of a request. Opens nothing."""
    state = request.scope["state"]
    if "work" not in state:
        state["work"] = Work(request, request.app.state.site)
    work: Work = state["work"]
    return work


def reader_language(request: Request[Any, Any, Any]) -> Language:
    """The language to answer in: the address says it; else the language chosen before; else Accept-Language."""
    path = request.scope["path"]
    if named := messages.in_path(path):
        return named
    chosen = request.cookies.get("language", "")
    if chosen in messages.LANGUAGES and not is_api(path):
        return Language(chosen)
    return messages.negotiated(request.headers.get("accept-language", ""))


def is_api(path: str) -> bool:
    """Whether this address is read by programs rather than people."""
    return path == "/api" or path.startswith("/api/")


class _Path(PathParameter):
    def __hash__(self) -> int:
        return hash(_Path)


class _Query(QueryParameter):
    def __hash__(self) -> int:
        return hash(_Query)


class _Body(BodyKwarg):
    def __hash__(self) -> int:
        return hash(self.media_type)


FromPath: TypeAlias = Annotated[T, _Path()]
PathId: TypeAlias = FromPath[UUID]
Slug: TypeAlias = FromPath[str]  # of a forum, or of a declaration in it
FromQuery: TypeAlias = Annotated[T, _Query()]
QueryNumber: TypeAlias = Annotated[int, QueryParameter(ge=0, le=MOST_NUMBER)]
Body: TypeAlias = Annotated[T, _Body(media_type=RequestEncodingType.JSON)]
MultipartBody: TypeAlias = Annotated[T, _Body(media_type=RequestEncodingType.MULTI_PART)]
FormBody: TypeAlias = Annotated[T, _Body(media_type=RequestEncodingType.URL_ENCODED)]


class Loads:
    """Marks a parameter of a route that `load` finds, in the route's unit of work, from what stands in the address.

    Its parameters after the unit are those of the address; by keyword it may ask for the `actor` or the `work`.
    """

    def __init__(self, load: Callable[..., object]) -> None:
        _, *parameters = signature(load).parameters.values()
        self.address = [given for given in parameters if given.kind is Parameter.POSITIONAL_OR_KEYWORD]
        self._load, self._wanted = load, {given.name for given in parameters} & {"actor", "work"}

    def __call__(self, db: Db, named: dict[str, Any], offered: dict[str, Any]) -> object:
        """What is loaded, from the parameters of the address in `named`."""
        address = [named[given.name] for given in self.address]
        return self._load(db, *address, **{name: offered[name] for name in self._wanted})


def _loads(parameter: Parameter) -> Loads | None:
    return next((mark for mark in getattr(parameter.annotation, "__metadata__", ()) if isinstance(mark, Loads)), None)


def in_unit(
    function: Handler,
    open_unit: Callable[[Work], AbstractContextManager[Db]],
    *,
    answer: Callable[[Work, Any], Any],
    returned: Any,
) -> Handler:
    """`function`, whose `db` is a unit of work and whose `actor` is who asks; others are left as they are.

    What it `Loads` is found in that unit. What it returns becomes an `answer` once the unit has ended; `returned` is
    what the description of the API says of it. It may ask for `work` too. A `refusal`, and the `form` that met it, no
    request brings.
    """
    shown = signature(function).replace(return_annotation=returned)
    wanted = shown.parameters
    loaded = {name: loads for name, parameter in wanted.items() if (loads := _loads(parameter))}
    if "db" not in wanted and not loaded:
        return signed(function, function, shown)
    first, *rest = wanted.values()
    parts = [loaded[given.name].address if given.name in loaded else [given] for given in rest]
    own = {given.name: given.replace(kind=Parameter.KEYWORD_ONLY) for part in parts for given in part}
    own["work"] = Parameter("work", Parameter.KEYWORD_ONLY, annotation=Work)
    ours = {"db", "actor", *({"form", "refusal"} if "refusal" in wanted else ())}
    parameters = [first, *(given for name, given in own.items() if name not in ours)]

    def handler(*given: Any, work: Work, **named: Any) -> Any:
        actor: Any = work.actor if loaded or "actor" in wanted else None
        with open_unit(work) as db:
            offered = {"db": db, "actor": actor, "work": work}
            offered |= named | {name: loads(db, named, offered) for name, loads in loaded.items()}
            made = function(*given, **{name: value for name, value in offered.items() if name in wanted})
        return answer(work, made)

    return signed(handler, function, shown.replace(parameters=parameters))


def signed(handler: Handler, function: Handler, shown: Signature) -> Handler:
    """`handler` in the place of `function`; what a request must bring is told by the signature shown."""
    update_wrapper(handler, function)
    vars(handler).pop("__wrapped__")
    vars(handler)["__signature__"] = shown
    given = {name: parameter.annotation for name, parameter in list(shown.parameters.items())[1:]}
    handler.__annotations__ = given | {"return": shown.return_annotation}
    return handler


def knowing_who_asks(function: Handler) -> Handler:
    """`function`, which first looks up the token it is shown: there, where it reads, it needs no thread of its own."""

    @wraps(function)
    def known(*given: Any, work: Work, **named: Any) -> Any:
        with work.begun():
            _ = work.signed_in
            return function(*given, work=work, **named)

    return known
