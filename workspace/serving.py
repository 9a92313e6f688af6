"""Serving the workspace on this machine, and the people a reader can be there."""

import gc
import os
import signal
import time
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext, suppress
from errno import EADDRINUSE
from itertools import chain
from socket import SO_REUSEADDR, SOCK_STREAM, SOL_SOCKET, getaddrinfo, socket
from threading import Event
from urllib.parse import urlsplit

import click
import uvicorn
from msgspec import structs

from workspace.accounts.domain.joining import first_run_code
from workspace.app import create_app
from workspace.core import program_log
from workspace.core.environment import BadSetting
from workspace.core.settings import Settings
from workspace.core.storage.db import Store
from workspace.history.cli import say_first_key
from workspace.jobs import working
from workspace.live.hub import hub_of
from workspace.people.service import PeopleService, load_actor
from workspace.web.http import security
from workspace.web.http.compression import Compressed
from workspace.web.http.rate_limits import RateLimiter
from workspace.web.http.request_context import Persona
from workspace.web.http.request_log import RequestCounter
from workspace.web.http.routing import HeadRequests
from workspace.web.i18n import messages

SOON = 5.0  # seconds: one that ends sooner could not begin
YOUNG = 20_000  # objects made until it is looked for rubbish: a large table alone makes hundreds of thousands that stay


def divide(count: int) -> int | None:
    """Go on in `count` processes: returns in each with its number from 0 on, and here, with None, when all have ended.

    SIGTERM and Ctrl-C end them all. One that dies otherwise is begun again, unless it could not even begin: then all
    are ended, and `SystemExit` is raised.
    """
    group = _Group()
    were = {number: signal.signal(number, group.end) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        for number in chain(range(count), iter(group.wait, None)):
            if group.begin(number):
                return number
    finally:
        for received, handler in were.items():
            signal.signal(received, handler)
    if group.has_failed:
        raise SystemExit(1)
    return None


class _Group:
    """The processes that were forked from this one: each with its number, and when it began."""

    def __init__(self) -> None:
        self.parent = os.getpid()
        self.running: dict[int, tuple[int, float]] = {}
        self.is_ending = False
        self.has_failed = False

    def begin(self, number: int) -> bool:
        """Fork one; whether this is it."""
        process = os.fork()
        if process:
            self.running[process] = number, time.monotonic()
        return not process

    def end(self, *_: object) -> None:
        """End them all."""
        if os.getpid() != self.parent:  # one that has not begun yet
            raise SystemExit
        self.is_ending = True
        for process in self.running:
            os.kill(process, signal.SIGTERM)

    def wait(self) -> int | None:
        """The number of one that died and is to begin again; None when all have ended."""
        while self.running:
            if self.is_ending:
                self.end()  # also one that was just beginning
            process, _ = os.wait()
            number, since = self.running.pop(process, (None, 0.0))
            if number is None or self.is_ending:
                continue
            if time.monotonic() - since >= SOON:
                return number
            self.has_failed = True
            self.end()
        return None


_FIRST = 3  # the number of the first one (sd_listen_fds)


def inherited_sockets() -> list[socket]:
    """The sockets that were opened for this very process; none where it was started in another way."""
    if os.environ.get("LISTEN_PID") != str(os.getpid()):
        return []
    count = int(os.environ.get("LISTEN_FDS", "0"))
    return [socket(fileno=number) for number in range(_FIRST, _FIRST + count)]


HERE = "127.0.0.1"
EVERYWHERE = frozenset({"0.0.0.0", "::"})  # noqa: S104  (what an operator may choose, named)


def personas_of(store: Store, forum: str) -> list[Persona]:
    """Everyone who takes part in a forum, as somebody the reader can be."""
    with store.reading() as db:
        people = PeopleService(db)
        return [
            Persona(person.id, person.name, mandate.role, mandate.organisation.name if mandate.organisation else "")
            for person, mandate in people.people(people.forum(forum))
        ]


def run_server(
    store: Store,
    settings: Settings,
    *,
    port: int,
    host: str = HERE,
    personas: Sequence[Persona] | None = None,
    with_worker: bool = True,
    processes: int = 1,
) -> None:
    """Serve until somebody stops it, and send letters and do the other jobs meanwhile, unless another process does.

    On another address than loopback, `settings.url` has to say under which name the workspace is known there.
    Where systemd listens for it already, that address counts. Of several `processes`, which answer at one address and
    count requests together, the first does the jobs and shows the figures.
    """
    sockets = inherited_sockets()
    if sockets:
        host, port = sockets[0].getsockname()[:2]
    here = f"http://{HERE if host in EVERYWHERE else host}:{port}"
    is_behind_proxy = bool(settings.url)
    hosts = hosts_of(settings, host=host)
    if not sockets:
        ensure_free(host, port)
    settings = structs.replace(settings, url=settings.url or here)
    program_log.configure_logging(settings.log)
    counts, measured = _figures(store, settings)
    pace = RateLimiter() if processes == 1 else RateLimiter.shared()
    app = create_app(store, personas=personas, load_actor=load_actor, hosts=hosts, pace=pace, counts=counts)
    answering = HeadRequests(Compressed(app))
    _announce(store, settings, here=here, has_personas=bool(personas))
    say_first_key(store, settings)
    let_grow_old()
    config = uvicorn.Config(
        security.HttpsOnlyHeaders(answering) if settings.url.startswith("https://") else answering,
        host=host,
        port=port,
        log_level="warning",
        timeout_graceful_shutdown=3,
        proxy_headers=is_behind_proxy,
        forwarded_allow_ips=settings.proxies.replace(" ", ""),  # they say who asks; nobody else is believed
        server_header=False,
        ws="none",
    )
    if processes > 1:
        sockets = sockets or [config.bind_socket()]
        store.close()  # a connection is of one process
        number = divide(processes)
        if number is None:
            return
        with_worker, measured = (with_worker, measured) if number == 0 else (False, nullcontext())
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # an end like Ctrl-C, which lets the jobs finish
    listening = Event()
    works = working(store, settings, after=listening) if with_worker else nullcontext()
    with works, measured, suppress(KeyboardInterrupt):  # the signal that ended it is raised again once it has ended
        Server(config, store, listening).run(sockets=sockets or None)


def ensure_free(host: str, port: int) -> None:
    """Raise `BadSetting` where nothing can listen there, before anybody is told that something does."""
    try:
        for family, kind, protocol, _, address in getaddrinfo(host, port, type=SOCK_STREAM):
            with socket(family, kind, protocol) as probe:
                probe.setsockopt(SOL_SOCKET, SO_REUSEADDR, 1)
                probe.bind(address)
    except OSError as error:
        facts = {"host": host, "port": str(port)}
        if error.errno == EADDRINUSE:
            raise BadSetting(
                "Port %(port)s of %(host)s is taken: stop the other program, or use --port.", **facts
            ) from error
        raise BadSetting(
            "Port %(port)s of %(host)s cannot be used: %(reason)s.", **facts, reason=error.strerror or str(error)
        ) from error


def let_grow_old() -> None:
    """What was made to begin with stays to the end: looking through it for rubbish took 200 ms of every tenth page.

    Not even once is it looked through here, which would be an eighth of the start.
    """
    gc.set_threshold(YOUNG)
    gc.freeze()
    gc.enable()


def _figures(store: Store, settings: Settings) -> tuple[RequestCounter | None, AbstractContextManager[None]]:
    """What counts the requests, and shows the counts meanwhile: nothing, unless somebody asked for figures."""
    if not settings.metrics:
        return None, nullcontext()
    from workspace.running.metrics import ServerMetrics, serve_metrics  # noqa: PLC0415  (thirty files that few servers need)

    figures = ServerMetrics(store)
    return figures, serve_metrics(figures, settings.metrics)


class Server(uvicorn.Server):
    """Says when it listens, so that nothing else delays the first answer; ends the open streams first when it stops:
    each would otherwise be waited for.
    """

    def __init__(self, config: uvicorn.Config, store: Store, listening: Event) -> None:
        super().__init__(config)
        self.store = store
        self.listening = listening

    async def startup(self, sockets: list[socket] | None = None) -> None:
        await super().startup(sockets)
        self.listening.set()

    async def shutdown(self, sockets: list[socket] | None = None) -> None:
        hub_of(self.store).close()
        await super().shutdown(sockets)


def hosts_of(settings: Settings, *, host: str) -> frozenset[str]:
    """The names this server answers to. Raises `BadSetting` when it would listen to others without a name."""
    named = urlsplit(settings.url).hostname if settings.url else None
    if settings.url and named is None:
        raise BadSetting(
            "WORKSPACE_URL is “%(given)s”; write it like https://declaration.example.org.", given=settings.url
        )
    if named is None and host not in security.LOOPBACK:
        raise BadSetting("To listen beyond 127.0.0.1, set WORKSPACE_URL.")
    return security.LOOPBACK | ({named} if named else set())


def _announce(store: Store, settings: Settings, *, here: str, has_personas: bool) -> None:
    say = messages.messages(messages.of_command_line()).gettext
    click.echo(say("Serving on %(address)s (Ctrl-C stops it)", address=f"{here}/"))
    code = None if has_personas else first_run_code(store)
    if code:
        click.echo(say("No account exists yet. Begin within a day at"))
        click.echo(f"  {settings.url.rstrip('/')}/{messages.of_command_line()}/set-up?code={code}")
    if not settings.smtp and not has_personas:
        no_server = say("No mail server is set: e-mails become files in “%(folder)s”.", folder=settings.mail_dir)
        click.echo(no_server)
