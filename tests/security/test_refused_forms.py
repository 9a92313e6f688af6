"""Every form of every page, sent without what it needs and with days that are none: each refusal names its place.

With a script the place is shown: `tests/browsers/test_refused.py`.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping

import httpx
import pytest
import sqlalchemy as sa
from lxml import html

from tests.support import factories, site
from tests.support.page import Form, Page
from tests.support.prepared import everything
from tests.support.touring import Map
from workspace.core.actor import Actor, Role
from workspace.core.storage.db import Store
from workspace.people.models import Person
from workspace.people.service import load_actor

pytestmark = pytest.mark.long
IDS = re.compile(r"[0-9a-f-]{36}|\d+")
DAYS = ("date", "datetime-local")
MOST_ALIKE = 2


def people(store: Store) -> list[Actor]:
    """One of each role."""
    with store.writing() as db:
        for role in (Role.ADMIN, Role.SECRETARIAT):
            factories.person(db, role)
    with store.reading() as db:
        known = [load_actor(db, one.id) for one in db.scalars(sa.select(Person)) if not one.erased_at]
    return list({actor.mandates[0].role: actor for actor in known if actor.mandates}.values())


def forms(plan: Map, browser: httpx.Client, seen: set[object]) -> Iterator[tuple[str, Form]]:
    """Each form that posts, once, with the page that it stands on."""
    queue, known, counted = ["/en"], set[str](), Counter[str]()
    while queue:
        path = queue.pop(0)
        answer = browser.get(path)
        if answer.status_code != httpx.codes.OK or not answer.headers["content-type"].startswith("text/html"):
            continue
        page = Page(answer)
        for form in page.forms:
            key = IDS.sub("", form.action or path), tuple(sorted(form.values))
            if form.element.get("method", "").lower() == "post" and key not in seen:
                seen.add(key)
                yield path, form
        for link in page.root.xpath("//a/@href"):
            route = plan.route_of(link) if link.startswith("/en") else None
            if route and link not in known and counted[route] < MOST_ALIKE:
                known.add(link)
                counted[route] += 1
                queue.append(link)


def fields(form: Form, *, days: bool) -> list[html.HtmlElement]:
    wanted = ".//*[@name and @required]" if not days else ".//input[@name]"
    found = form.element.xpath(wanted)
    return [one for one in found if one.get("type") in DAYS] if days else found


def names_its_place(page: Page) -> bool:
    marked = [one for one in page.root.xpath("//*[@aria-invalid='true']") if one.get("aria-describedby")]
    return bool(marked or page.root.xpath("//@data-refused-field") or page.root.xpath("//main//@data-refusal"))


def unplaced(browser: httpx.Client, path: str, form: Form, sent: Mapping[str, str]) -> str:
    """What came back, where a refusal does not say what it is about."""
    values = {**form.values, **dict(form.buttons[:1]), **sent, "csrf": site.token_of(browser)}
    answer = browser.post(form.action or path, data=values, headers={"Referer": str(browser.base_url) + path})
    if (
        answer.status_code < httpx.codes.INTERNAL_SERVER_ERROR
        and answer.status_code != httpx.codes.UNPROCESSABLE_ENTITY
    ):
        return ""
    page = Page(answer)
    is_placed = answer.status_code == httpx.codes.UNPROCESSABLE_ENTITY and names_its_place(page)
    return "" if is_placed else f"{form.action} {sorted(sent)}: {answer.status_code}"


def test_every_refusal_of_a_form_names_its_place(store):
    everything(store)
    actors = people(store)
    plan, seen, found = Map(site.site(store, *actors)), set[object](), list[str]()
    for actor in actors:
        with site.browser(store, actor) as browser:
            browser.follow_redirects = False
            for path, form in list(forms(plan, browser, seen)):
                for days in (False, True):
                    given = {one.get("name"): "nonsense" if days else "" for one in fields(form, days=days)}
                    if given and (told := unplaced(browser, path, form, given)):
                        found.append(told)
    assert len(seen) > 60, len(seen)  # so many there are at the least
    assert not found, "\n".join(found)
