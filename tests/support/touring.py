"""Finding an address for every page of the program, by following its links as people with different roles."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser

import httpx
from litestar import Litestar

from workspace.web.http.guards import policies

DECLARATION = "/{language}/{forum}/{declaration}"
MOST_ALIKE = 2


@dataclass(frozen=True)
class Sight:
    """A page: its route, an address of it, and the cookies of somebody who may see it.

    One that `is_apart` is a file that is shown in a sandbox, where nothing runs, not even what would measure it.
    """

    route: str
    path: str
    cookies: Mapping[str, str] = field(default_factory=dict)
    is_apart: bool = False

    def said_in(self, language: str) -> str:
        return re.sub(r"^/(es|en|fr)\b", f"/{language}", self.path)


class Map:
    """The routes of the pages. `route_of` answers with the one that serves a path, as the program itself would."""

    def __init__(self, app: Litestar) -> None:
        self.routes = [
            route
            for method, route, _ in policies(app.routes)
            if method == "GET" and re.match(r"/\{language\}(/|$)", route)
        ]
        by_words = sorted(self.routes, key=lambda one: -sum("{" not in part for part in one.split("/")))
        self._patterns = [(one, re.compile(re.sub(r"\{\w+\}", "[^/]+", one))) for one in by_words]

    def route_of(self, path: str) -> str | None:
        return next((route for route, pattern in self._patterns if pattern.fullmatch(path.partition("?")[0])), None)


def tour(
    plan: Map, address: str, people: Iterable[Mapping[str, str]], *, starts: Collection[str] = ("/en",)
) -> Iterator[Sight]:
    """Follow the links from `starts`, as each of `people` (their cookies), to one page of each kind.

    Of a declaration's pages two are seen, where there are two declarations: each may be in another phase.
    """
    told: dict[str, set[str]] = {}
    for cookies in people:
        with httpx.Client(base_url=address, cookies=dict(cookies), timeout=60) as browser:
            for route, path, is_apart in _followed(plan, browser, starts):
                where = _where(path) if route.startswith(DECLARATION) else ""
                known = told.setdefault(route, set())
                if where not in known and len(known) < MOST_ALIKE:
                    known.add(where)
                    yield Sight(route, path, cookies, is_apart)


def _followed(plan: Map, browser: httpx.Client, starts: Collection[str]) -> Iterator[tuple[str, str, bool]]:
    queue, known = list(starts), set[tuple[str, str]]()
    while queue:
        path = queue.pop(0)
        answer = browser.get(path)
        if answer.status_code != httpx.codes.OK or not answer.headers["content-type"].startswith("text/html"):
            continue
        if route := plan.route_of(path):
            yield route, path, "sandbox" in answer.headers.get("content-security-policy", "")
        for link in _links(answer.text):
            found = plan.route_of(link) if link.startswith("/en") else None
            if found and (kind := (found, _where(link))) not in known:
                known.add(kind)
                queue.append(link)


def _where(path: str) -> str:
    """The forum and the declaration of an address, or what stands there."""
    return "/".join(path.partition("?")[0].split("/")[2:4])


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "a" and (href := dict(attrs).get("href")):
            self.found.append(href.partition("#")[0])


def _links(page: str) -> list[str]:
    reader = _Links()
    reader.feed(page)
    return reader.found
